//! Where a command works: the ledger, the language, the date, and who is there.

use super::Options;
use super::texts::{Words, words};
use crate::Language;
use crate::escape::for_terminal;
use crate::problems::{Told, tell};
use crate::store::{self, Entered, Store, StoreError};
use crate::texts::{Problem, Texts};
use jiff::Zoned;
use jiff::civil::Date;
use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where a command works.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) language: Language,
    pub(super) texts: &'static Texts,
    pub(super) words: &'static Words,
    pub(super) ledger: PathBuf,
    /// Who enters this.
    pub(super) by: String,
    /// The date by which deadlines are judged.
    pub(super) today: Date,
    /// The present time, for the ledger: `2026-11-28T10:15:00Z`.
    pub(super) now: String,
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The ledger's file.
    Store(StoreError),
    /// Something that the command itself tells.
    Told(Told),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Told> for Trouble {
    fn from(told: Told) -> Self {
        Self::Told(told)
    }
}

impl Desk {
    /// # Errors
    /// The date given is none.
    pub(super) fn new(language: Language, options: &Options) -> Result<Self, Told> {
        let words = words(language);
        let today = match &options.today {
            Some(given) => date(given).ok_or_else(|| tell(words.bad_date, &[("date", given)]))?,
            None => Zoned::now().date(),
        };
        let login = || env::var("USER").or_else(|_| env::var("USERNAME")).unwrap_or_default();
        Ok(Self {
            language,
            texts: language.texts(),
            words,
            ledger: options.ledger.clone(),
            by: options.by.clone().unwrap_or_else(login),
            today,
            now: store::now(),
        })
    }

    /// The ledger, which must be there.
    pub(super) fn open(&self) -> Result<Store, Trouble> {
        Ok(Store::open(&self.ledger)?)
    }

    /// A date that somebody gave.
    pub(super) fn date(&self, given: &str) -> Result<Date, Trouble> {
        date(given).ok_or_else(|| self.problem(self.words.bad_date, &[("date", given)]))
    }

    /// When and by whom something is entered.
    pub(super) fn entered(&self) -> Entered<'_> {
        Entered { at: &self.now, by: &self.by }
    }

    /// A problem of this command.
    pub(super) fn problem(&self, problem: Problem, values: &[(&str, &str)]) -> Trouble {
        Trouble::Told(tell(problem, values))
    }

    /// Both sentences.
    pub(super) fn tell(&self, trouble: &Trouble) -> Told {
        match trouble {
            Trouble::Told(told) => told.clone(),
            Trouble::Store(error) => self.store(error),
        }
    }

    fn store(&self, error: &StoreError) -> Told {
        let words = self.words;
        let path = self.ledger.to_string_lossy();
        let path = ("path", &*path);
        match error {
            StoreError::NotThere(_) => tell(words.no_ledger, &[path]),
            StoreError::Exists(there) => tell(words.exists, &[("path", &there.to_string_lossy())]),
            StoreError::NotALedger => tell(words.not_a_ledger, &[path]),
            StoreError::Newer { .. } => tell(words.newer_ledger, &[path]),
            StoreError::Busy => tell(words.busy, &[path]),
            StoreError::Damaged(detail) => tell(words.damaged, &[path, ("detail", detail)]),
            StoreError::Io(error) => tell(words.ledger_fails, &[path, ("detail", &error.to_string())]),
            StoreError::Sqlite(error) => tell(words.ledger_fails, &[path, ("detail", &error.to_string())]),
        }
    }
}

/// `2027-03-31`, also with slashes and without leading zeros, as Excel writes it.
pub(super) fn date(given: &str) -> Option<Date> {
    let mut parts = given.trim().split(['-', '/']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A path, harmless on a terminal.
pub(super) fn shown(path: &Path) -> String {
    for_terminal(&path.to_string_lossy())
}

/// The bytes of a file that somebody named.
///
/// # Errors
/// It cannot be read.
pub(super) fn read_file(desk: &Desk, path: &Path) -> Result<Vec<u8>, Trouble> {
    fs::read(path).map_err(|error| {
        let path = path.to_string_lossy();
        match error.kind() {
            io::ErrorKind::NotFound => desk.problem(desk.words.file_not_there, &[("path", &path)]),
            _ => desk.problem(desk.texts.path_unreadable, &[("path", &path), ("detail", &error.to_string())]),
        }
    })
}

/// Writes a file that must not be there yet, down to the disk.
///
/// # Errors
/// It is there, or cannot be written.
pub(super) fn write_new(desk: &Desk, path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| {
        let path = path.to_string_lossy();
        match error.kind() {
            io::ErrorKind::AlreadyExists => desk.problem(desk.words.exists, &[("path", &path)]),
            _ => desk.problem(desk.words.not_written, &[("path", &path), ("detail", &error.to_string())]),
        }
    })
}
