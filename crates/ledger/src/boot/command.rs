//! The commands about boot sticks.

use super::documents::Documents;
use super::manifest::Manifest;
use super::problem::BootProblem;
use super::write::Consent;
use super::{check, prepare, write};
use crate::command::Conclusion;
use crate::print;
use crate::texts::{Language, Texts};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Whose key it is.
#[derive(Debug, Args)]
pub struct KeyArguments {
    /// Your organisation's document, massho-organisation.json. The list of revoked sticks is taken along if it lies
    /// beside it.
    #[arg(long, value_name = "FILE")]
    org_key: Option<PathBuf>,
}

/// What to do with a boot stick.
#[derive(Debug, Subcommand)]
pub enum BootCommand {
    /// Writes an image to a stick and reads it back. Everything on the stick is lost. Refuses whatever cannot be pulled,
    /// is in use, or holds records.
    Write {
        /// The image, massho.iso.
        image: PathBuf,
        /// The whole stick, /dev/DISK.
        device: PathBuf,
        /// Whose key is put on it.
        #[command(flatten)]
        key: KeyArguments,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Puts the organisation's public key on a boot stick: /dev/DISK, an image before it is written or burnt, or the folder
    /// where the stick's partition is mounted.
    Prepare {
        /// The stick.
        target: PathBuf,
        /// The key.
        #[arg(long, value_name = "FILE", default_value = record::ORGANISATION_FILE)]
        org_key: PathBuf,
    },
}

/// What a boot stick is held against.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The stick, /dev/DISK; an image; or the folder of a mounted stick to which the files were copied.
    target: PathBuf,
    /// The manifest of the release, massho.manifest.json.
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Whose key must be on it.
    #[command(flatten)]
    key: KeyArguments,
}

impl KeyArguments {
    fn read(&self) -> Result<Option<Documents>, BootProblem> {
        self.org_key.as_deref().map(Documents::read).transpose()
    }
}

/// Carries out a command about a boot stick.
pub(crate) fn run(language: Language, command: &BootCommand) -> Conclusion {
    let texts = language.texts();
    let done = match command {
        BootCommand::Write { image, device, key, yes } => key.read().and_then(|documents| {
            let consent = if *yes { Consent::Given } else { Consent::Ask };
            write::write(texts, (image, device), documents.as_ref(), consent)
        }),
        BootCommand::Prepare { target, org_key } => {
            Documents::read(org_key).and_then(|documents| prepare::prepare(texts, target, &documents))
        }
    };
    done.map_or_else(|problem| impossible(texts, &problem), Conclusion::Good)
}

/// Holds a boot stick against a manifest.
pub(crate) fn run_check(language: Language, arguments: &CheckArguments) -> Conclusion {
    let texts = language.texts();
    let checked = || {
        let manifest = Manifest::read(&arguments.manifest)?;
        let documents = arguments.key.read()?;
        check::check(texts, &arguments.target, &manifest, documents.as_ref())
    };
    match checked() {
        Ok(findings) if findings.is_good() => Conclusion::Good(findings.text()),
        Ok(findings) => Conclusion::Bad(findings.text()),
        Err(problem) => impossible(texts, &problem),
    }
}

fn impossible(texts: &Texts, problem: &BootProblem) -> Conclusion {
    Conclusion::Impossible(print::told(&problem.tell(texts)))
}
