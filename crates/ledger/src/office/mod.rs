//! What the office does with the ledger, command by command.

mod attach;
mod audit;
mod books;
mod certify;
mod collect;
mod desk;
mod documents;
mod exceptions;
mod gaps;
mod handover;
mod lives;
mod reconcile;
mod standing;
mod status;
mod texts;
mod witness;

pub use books::{Books, MediumFile};
pub use gaps::{BrokenLink, Gaps, SameTurn};
pub use reconcile::{Line, reconcile};
pub use status::{Remark, Status};

use crate::Language;
use crate::certificate::command::CertifyArguments;
use crate::command::Conclusion;
use crate::print;
use crate::problems::Told;
use crate::store::Store;
use clap::{Args, Subcommand};
use desk::{Desk, Trouble};
use std::path::PathBuf;

/// What every command at the office may be told.
#[derive(Debug, Args)]
pub struct Options {
    /// The ledger's file.
    #[arg(long, global = true, value_name = "FILE", default_value = crate::store::DEFAULT_NAME)]
    pub ledger: PathBuf,
    /// Who enters this, as the ledger will say; by default the login name.
    #[arg(long, global = true, value_name = "NAME")]
    pub by: Option<String>,
    /// The date by which deadlines are judged (YYYY-MM-DD); by default this PC's.
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Takes sticks into the ledger: folders, images, devices or single logs. Exit status 0 only if all is right.
    Collect(collect::CollectArgs),
    /// What the office says in its own documents, by which the ledger tells who vouches for a log: lists them.
    Documents {
        /// What to do; by default the list.
        #[command(subcommand)]
        action: Option<documents::Action>,
    },
    /// Enters the twelve characters that the witness copied into the 作業記録.
    Witness(witness::WitnessArgs),
    /// Enters that a key's fingerprint is the one that the appliance's screen showed.
    ConfirmKey {
        /// The fingerprint.
        fingerprint: String,
    },
    /// Holds the asset list against the ledger. Exit status 0 only if nobody has to look into anything.
    Reconcile(reconcile::ReconcileArgs),
    /// Gives media to be destroyed: makes the contractor's list, with the date by which the certificate is due.
    Handover(handover::HandoverArgs),
    /// Keeps the contractor's 完了証明書 and photos, and closes the media that they name.
    Attach(attach::AttachArgs),
    /// 例外措置 (7.4): lists them, the overdue first, with counts by section and month.
    Exceptions {
        /// What to do; by default the list.
        #[command(subcommand)]
        action: Option<exceptions::Action>,
    },
    /// Writes everything that an auditor needs into a new folder: original bytes, certificates, format, verifier, manifest.
    Export {
        /// The folder; it must not be there yet.
        folder: PathBuf,
    },
    /// Writes a copy of the ledger, and checks the copy.
    Backup {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
}

/// Carries a command out.
#[must_use]
pub fn run(language: Language, options: &Options, command: &Command) -> Conclusion {
    let desk = match Desk::new(language, options) {
        Ok(desk) => desk,
        Err(told) => return Conclusion::Impossible(print::told(&told)),
    };
    let done = match command {
        Command::Collect(args) => collect::collect(&desk, args),
        Command::Documents { action } => documents::documents(&desk, action.as_ref()),
        Command::Witness(args) => witness::witness(&desk, args),
        Command::ConfirmKey { fingerprint } => witness::confirm_key(&desk, fingerprint),
        Command::Reconcile(args) => reconcile::run(&desk, args),
        Command::Handover(args) => handover::handover(&desk, args),
        Command::Attach(args) => attach::attach(&desk, args),
        Command::Exceptions { action } => exceptions::exceptions(&desk, action.as_ref()),
        Command::Export { folder } => audit::export(&desk, folder),
        Command::Backup { file } => audit::backup(&desk, file),
    };
    done.unwrap_or_else(|trouble| Conclusion::Impossible(print::told(&desk.tell(&trouble))))
}

/// Writes certificates from the ledger.
#[must_use]
pub(crate) fn certify(language: Language, options: &Options, arguments: &CertifyArguments) -> Conclusion {
    let desk = match Desk::new(language, options) {
        Ok(desk) => desk,
        Err(told) => return Conclusion::Impossible(print::told(&told)),
    };
    certify::certify(&desk, arguments)
        .unwrap_or_else(|trouble| Conclusion::Impossible(print::told(&desk.tell(&trouble))))
}

/// The ledger that the options name.
///
/// # Errors
/// Why it cannot be opened, told.
pub(crate) fn open_ledger(language: Language, options: &Options) -> Result<Store, Told> {
    let desk = Desk::new(language, options)?;
    Store::open(&desk.ledger).map_err(|error| desk.tell(&Trouble::Store(error)))
}
