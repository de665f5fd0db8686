//! The commands about keys and sticks.

use super::folder::Folder;
use super::passphrase::{Passphrases, Wanted};
use super::problem::KeyProblem;
use super::{release, root, stick, today};
use crate::command::Conclusion;
use crate::texts::{Language, Texts};
use crate::{office, print};
use clap::{Args, Subcommand, ValueEnum};
use record::{Day, RevocationReason};
use std::path::PathBuf;

/// Where the office's keys are.
#[derive(Debug, Args)]
pub struct Where {
    /// The folder with the organisation's files; by default the current one.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) keys: PathBuf,
    /// A file whose first line is the root key's passphrase; by default it is asked for.
    #[arg(long, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,
}

/// What to do with the root key.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Makes an organisation's root key, and prints its backup for a safe.
    New {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// The organisation's name, as certificates and screens show it.
        #[arg(long)]
        name: String,
        /// The fiscal year, from April; by default the present one.
        #[arg(long)]
        fiscal_year: Option<u32>,
    },
    /// Makes the next fiscal year's key, for which the present one vouches. Not after the present one has got into other
    /// hands: begin anew then, in another folder, with `key new`.
    Rotate {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// The fiscal year; by default the one after the present key's.
        #[arg(long)]
        fiscal_year: Option<u32>,
        /// A file whose first line is the new key's passphrase; by default it is asked for.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Makes the root key's file again from its backup on paper.
    Restore {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// A file with the four lines; by default they are asked for.
        #[arg(long, value_name = "FILE")]
        backup: Option<PathBuf>,
    },
    /// Says whose key it is.
    Show {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
    },
}

/// What to do with a results stick.
#[derive(Debug, Subcommand)]
pub enum StickCommand {
    /// Makes the mounted stick one of the organisation's: its own key, the office's lists, a certificate over them.
    Prepare {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// The mounted stick's top folder.
        stick: PathBuf,
        /// Sections, places, staff and contractors.
        #[arg(long, value_name = "FILE")]
        office: Option<PathBuf>,
        /// The asset list.
        #[arg(long, value_name = "FILE")]
        assets: Option<PathBuf>,
        /// The organisation's own rule table. One looser than the built-in table works on a prepared stick only, and
        /// every record under it says so.
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        /// The list of PCs that may be erased unattended, as `jobs sign` makes it.
        #[arg(long, value_name = "FILE")]
        jobs: Option<PathBuf>,
        /// The last day on which the stick counts; by default that of the organisation's key.
        #[arg(long, value_parser = day)]
        until: Option<Day>,
        /// A file whose first line is the stick's passphrase; by default it is asked for.
        #[arg(long, value_name = "FILE")]
        stick_passphrase_file: Option<PathBuf>,
    },
    /// Says that a stick is not to be trusted any more, whatever it brings.
    Revoke {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// The stick's name, 32 digits, as `stick prepare` and `verify` print it.
        stick: String,
        /// Why.
        #[arg(long, value_enum)]
        reason: Reason,
        /// Since when; by default today.
        #[arg(long, value_parser = day)]
        since: Option<Day>,
    },
    /// Signs that every log on the mounted stick was collected, so that an appliance may offer the stick for erasure.
    Release {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// The mounted stick's top folder.
        stick: PathBuf,
    },
}

/// Why a stick is not to be trusted any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// Nobody knows where it is.
    Lost,
    /// Others may know its passphrase.
    PassphraseKnown,
    /// It is broken, or was prepared anew.
    Retired,
}

impl From<Reason> for RevocationReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Lost => Self::Lost,
            Reason::PassphraseKnown => Self::PassphraseKnown,
            Reason::Retired => Self::Retired,
        }
    }
}

pub(super) fn day(text: &str) -> Result<Day, record::DayError> {
    Day::try_from(text.to_owned())
}

/// Carries out a command about the root key.
pub(crate) fn run_key(language: Language, command: &KeyCommand) -> Conclusion {
    let texts = language.texts();
    let ask = |at: &Where, wanted| Passphrases::new(texts, at.passphrase_file.as_deref()).get(wanted);
    conclude(texts, || match command {
        KeyCommand::New { at, name, fiscal_year } => {
            root::new(texts, &Folder::at(&at.keys), name, *fiscal_year, &today(), || ask(at, Wanted::NewRoot))
        }
        KeyCommand::Rotate { at, fiscal_year, new_passphrase_file } => {
            let fresh = || Passphrases::new(texts, new_passphrase_file.as_deref()).get(Wanted::NewRoot);
            root::rotate(texts, &Folder::at(&at.keys), *fiscal_year, || ask(at, Wanted::Root), fresh)
        }
        KeyCommand::Restore { at, backup } => {
            root::restore(texts, &Folder::at(&at.keys), backup.as_deref(), || ask(at, Wanted::NewRoot))
        }
        KeyCommand::Show { at } => root::show(texts, &Folder::at(&at.keys)),
    })
}

/// Carries out a command about a stick.
pub(crate) fn run_stick(language: Language, desk: &office::Options, command: &StickCommand) -> Conclusion {
    let texts = language.texts();
    let open = |at: &Where| {
        let folder = Folder::at(&at.keys);
        let passphrase = Passphrases::new(texts, at.passphrase_file.as_deref()).get(Wanted::Root)?;
        folder.open(&passphrase)
    };
    conclude(texts, || match command {
        StickCommand::Prepare { at, stick, office, assets, policy, jobs, until, stick_passphrase_file } => {
            let files = stick::Files {
                office: office.as_deref(),
                assets: assets.as_deref(),
                policy: policy.as_deref(),
                jobs: jobs.as_deref(),
            };
            // Everything that can be wrong is, before anybody is asked for a passphrase.
            let files = files.read()?;
            stick::check_jobs(&files, &Folder::at(&at.keys).organisation()?, &today())?;
            stick::check_empty(stick)?;
            let organisation = open(at)?;
            let passphrase =
                Passphrases::new(texts, stick_passphrase_file.as_deref()).get(Wanted::NewStick)?;
            stick::prepare(
                texts,
                &organisation,
                stick,
                files,
                &stick::Days { today: today(), until: until.clone() },
                &passphrase,
            )
        }
        StickCommand::Revoke { at, stick, reason, since } => {
            let since = since.clone().unwrap_or_else(today);
            stick::revoke(
                texts,
                &open(at)?,
                &Folder::at(&at.keys),
                stick,
                ((*reason).into(), since),
                &today(),
            )
        }
        StickCommand::Release { at, stick } => {
            let logs = release::logs(stick)?;
            let ledger = office::open_ledger(language, desk).map_err(KeyProblem::Ledger)?;
            let logs = release::check_collected(&logs, &ledger)?;
            release::release(texts, &open(at)?, stick, logs, &today())
        }
    })
}

pub(super) fn conclude(texts: &Texts, work: impl FnOnce() -> Result<String, KeyProblem>) -> Conclusion {
    match work() {
        Ok(text) => Conclusion::Good(text),
        Err(problem) => {
            let text: String = problem.tell(texts).iter().map(print::told).collect();
            Conclusion::Impossible(text)
        }
    }
}
