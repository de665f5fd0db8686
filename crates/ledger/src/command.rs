//! The command line, and what its commands do.

use crate::certificate::batch::not_written;
use crate::certificate::command::{CertifyArguments, certify};
use crate::escape::for_terminal;
use crate::problems::{Told, source, tell};
use crate::source::{Source, find};
use crate::texts::{Language, Texts};
use crate::vouchers::{OfficeArguments, Vouchers};
use crate::{boot, judge, keys, office, print, viewer};
use clap::{Parser, Subcommand};
use record::{Anchors, Fingerprint, Head12};
use std::fs;
use std::path::{Path, PathBuf};

/// Verifies what the results sticks of massho bring back to the office.
#[derive(Debug, Parser)]
#[command(name = "massho-ledger", version)]
pub struct CommandLine {
    /// Language of the output; by default that of the environment.
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
    /// The ledger, and who works with it.
    #[command(flatten)]
    pub desk: office::Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks every log of a stick, or one log, and lists the drives. Exit status 0 only if all is right.
    Verify {
        /// A log file, a stick's folder, or a stick's image or device.
        path: PathBuf,
        /// The key's fingerprint, as the screen showed it.
        #[arg(long, value_name = "FINGERPRINT")]
        key: Option<String>,
        /// The twelve characters that the witness copied.
        #[arg(long, value_name = "XXXX-XXXX-XXXX")]
        head: Option<String>,
        /// Whose word counts.
        #[command(flatten)]
        office: OfficeArguments,
    },
    /// The organisation's root key.
    #[command(subcommand)]
    Key(keys::KeyCommand),
    /// Results sticks.
    #[command(subcommand)]
    Stick(keys::StickCommand),
    /// Lists of PCs that may be erased unattended.
    #[command(subcommand)]
    Jobs(keys::JobsCommand),
    /// Boot sticks.
    #[command(subcommand)]
    Boot(boot::BootCommand),
    /// Compares a boot stick with the manifest of the release. Exit status 0 only if it is as released.
    CheckBoot(boot::CheckArguments),
    /// What the office does with the ledger.
    #[command(flatten)]
    Office(office::Command),
    /// Writes a certificate for each drive of a stick, a log or the ledger, and a list of all. Exit status 0 only if all is
    /// right.
    Certify(CertifyArguments),
    /// Writes the viewer: one page that verifies logs in a browser, without this program and without a network.
    Viewer {
        /// The file that is written.
        #[arg(long, value_name = "FILE", default_value = "massho-viewer.html")]
        out: PathBuf,
        /// The office's documents that are built into it.
        #[command(flatten)]
        office: OfficeArguments,
    },
}

/// What a command comes to.
#[derive(Debug)]
pub enum Conclusion {
    /// All is right.
    Good(String),
    /// Something is wrong with what was looked at; the text says what.
    Bad(String),
    /// Nothing could be looked at.
    Impossible(String),
}

/// Carries a command out.
#[must_use]
pub fn run(line: &CommandLine) -> Conclusion {
    let language = line.lang.unwrap_or_else(Language::of_environment);
    match &line.command {
        Command::Verify { path, key, head, office } => {
            let vouchers = Vouchers::read(language.texts(), office);
            verify(language.texts(), path, (key.as_deref(), head.as_deref()), vouchers)
        }
        Command::Key(command) => keys::run_key(language, command),
        Command::Stick(command) => keys::run_stick(language, &line.desk, command),
        Command::Jobs(command) => keys::run_jobs(language, command),
        Command::Boot(command) => boot::run(language, command),
        Command::CheckBoot(arguments) => boot::run_check(language, arguments),
        Command::Office(command) => office::run(language, &line.desk, command),
        Command::Certify(arguments) => match &arguments.path {
            Some(path) => certify(language, path, arguments),
            None => office::certify(language, &line.desk, arguments),
        },
        Command::Viewer { out, office } => write_viewer(language, out, office),
    }
}

fn write_viewer(language: Language, out: &Path, office: &OfficeArguments) -> Conclusion {
    let office = match Vouchers::read(language.texts(), office) {
        Ok(office) => office,
        Err(problem) => return Conclusion::Impossible(print::told(&problem)),
    };
    match fs::write(out, viewer::page(language, &office)) {
        Ok(()) => Conclusion::Good(format!("{}\n", for_terminal(&out.to_string_lossy()))),
        Err(error) => Conclusion::Impossible(print::told(&not_written(language, out, &error))),
    }
}

fn verify(
    texts: &Texts,
    path: &Path,
    (key, head): (Option<&str>, Option<&str>),
    vouchers: Result<Vouchers, Told>,
) -> Conclusion {
    let prepared =
        vouchers.and_then(|vouchers| prepare(texts, path, key, head).map(|found| (found, vouchers)));
    match prepared {
        Ok(((source, anchors), vouchers)) => {
            let judgement = judge::judge(source, &anchors, &vouchers);
            let text = print::judgement(texts, &judgement);
            if judgement.is_good() { Conclusion::Good(text) } else { Conclusion::Bad(text) }
        }
        Err(problem) => Conclusion::Impossible(print::told(&problem)),
    }
}

fn prepare(
    texts: &Texts,
    path: &Path,
    key: Option<&str>,
    head: Option<&str>,
) -> Result<(Source, Anchors), Told> {
    let key = key.map(Fingerprint::parse).transpose().map_err(|_| tell(texts.bad_key, &[]))?;
    let head = head.map(Head12::parse).transpose().map_err(|_| tell(texts.bad_head, &[]))?;
    let found = find(path).map_err(|error| source(texts, path, &error))?;
    let several = matches!(&found, Source::Stick(stick) if stick.logs.len() > 1);
    if several && (key.is_some() || head.is_some()) {
        return Err(tell(texts.anchor_of_many, &[("path", &path.to_string_lossy())]));
    }
    Ok((found, Anchors { key, head }))
}
