//! Why a command about keys did nothing, in two sentences each.

use crate::problems::{Told, tell};
use crate::texts::Texts;
use record::{BackupError, KeyError, PaperError, PaperFault, SealError};
use std::io;
use std::path::{Path, PathBuf};

/// Why a command about keys or sticks did nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyProblem {
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("{0} cannot be written")]
    Unwritable(PathBuf, #[source] io::Error),
    #[error("{0} is there already")]
    AlreadyThere(PathBuf),
    #[error("there is no organisation in {0}")]
    NoOrganisation(PathBuf),
    #[error("{0} is not the document it should be")]
    Document(PathBuf, #[source] PaperFault),
    #[error("the document could not be signed")]
    NotSigned(#[from] PaperError),
    #[error("no passphrase was given")]
    NoTerminal(#[source] io::Error),
    #[error("the passphrase is too short")]
    TooShort,
    #[error("the passphrase cannot be typed on an appliance")]
    NotTypable,
    #[error("the two passphrases differ")]
    TwoPassphrases,
    #[error("the key was not opened or sealed")]
    Seal(#[source] SealError),
    #[error(transparent)]
    Random(#[from] KeyError),
    #[error("the backup is mistyped")]
    Backup(#[from] BackupError),
    #[error("the backup is another key's")]
    OtherKey,
    #[error("the organisation's name is empty")]
    NoName,
    #[error("the fiscal year cannot be used")]
    FiscalYear(u32),
    #[error("{0} is no mounted stick's folder")]
    NoStick(PathBuf),
    #[error("the stick is prepared already")]
    Prepared(PathBuf),
    #[error("{file} is not in order: {detail}")]
    OfficeFile { file: PathBuf, detail: String },
    #[error("the stick would count on no day")]
    NoDay,
    #[error("that is no stick's name")]
    NoStickName,
    #[error("the stick was revoked already")]
    Revoked,
    #[error("logs on the stick were not collected")]
    NotCollected(Vec<String>),
    #[error("the list of PCs cannot be signed")]
    Jobs(Vec<Told>),
    #[error("the ledger cannot be opened")]
    Ledger(Told),
}

impl From<SealError> for KeyProblem {
    fn from(error: SealError) -> Self {
        match error {
            SealError::TooShort => Self::TooShort,
            other => Self::Seal(other),
        }
    }
}

impl KeyProblem {
    /// Both sentences, in a language; one pair for each log that was not collected.
    pub(crate) fn tell(&self, texts: &Texts) -> Vec<Told> {
        let keys = texts.keys;
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let named = |problem, file: &Path| tell(problem, &[("path", &path(file))]);
        let with = |problem, file: &Path, detail: &dyn std::fmt::Display| {
            tell(problem, &[("path", &path(file)), ("detail", &detail.to_string())])
        };
        let one = match self {
            Self::Unreadable(file, error) => with(texts.path_unreadable, file, error),
            Self::Unwritable(file, error) => with(keys.unwritable, file, error),
            Self::AlreadyThere(file) => named(keys.already_there, file),
            Self::NoOrganisation(folder) => named(keys.no_organisation, folder),
            Self::Document(file, fault) => with(keys.document, file, fault),
            Self::NotSigned(error) => tell(keys.not_signed, &[("detail", &error.to_string())]),
            Self::NoTerminal(error) => tell(keys.no_terminal, &[("detail", &error.to_string())]),
            Self::TooShort => tell(keys.too_short, &[]),
            Self::NotTypable => tell(keys.not_typable, &[]),
            Self::TwoPassphrases => tell(keys.two_passphrases, &[]),
            Self::Seal(SealError::WrongPassphrase) => tell(keys.wrong_passphrase, &[]),
            Self::Seal(SealError::Memory) => tell(keys.memory, &[]),
            Self::Seal(error) => tell(keys.sealed, &[("detail", &error.to_string())]),
            Self::Random(error) => tell(keys.not_signed, &[("detail", &error.to_string())]),
            Self::Backup(BackupError::Lines) => tell(keys.backup_lines, &[]),
            Self::Backup(BackupError::Characters(line) | BackupError::Check(line)) => {
                tell(keys.backup_line, &[("line", &line.to_string())])
            }
            Self::OtherKey => tell(keys.other_key, &[]),
            Self::NoName => tell(keys.no_name, &[]),
            Self::FiscalYear(year) => tell(keys.fiscal_year, &[("year", &year.to_string())]),
            Self::NoStick(folder) => named(keys.no_stick, folder),
            Self::Prepared(folder) => named(keys.prepared_already, folder),
            Self::OfficeFile { file, detail } => with(keys.office_file, file, detail),
            Self::NoDay => tell(keys.no_day, &[]),
            Self::NoStickName => tell(keys.no_stick_name, &[]),
            Self::Revoked => tell(keys.revoked_already, &[]),
            Self::Jobs(told) => return told.clone(),
            Self::Ledger(told) => told.clone(),
            Self::NotCollected(files) => {
                return files.iter().map(|file| tell(keys.not_collected, &[("file", file)])).collect();
            }
        };
        vec![one]
    }
}
