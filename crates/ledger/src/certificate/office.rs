//! The office's own documents, by which it is told who vouches for a log: named on the command line, never taken from
//! a stick.

use super::command::told;
use crate::problems::Told;
use crate::texts::Language;
use clap::Args;
use record::{Choices, Open, Organisation, Revocations, Signed, Trust};
use std::fs;
use std::path::{Path, PathBuf};

/// Which files they are.
#[derive(Debug, Args)]
pub struct OfficeArguments {
    /// The organisation's document (massho-organisation.json). May be given for each fiscal year.
    #[arg(long, value_name = "FILE")]
    organisation: Vec<PathBuf>,
    /// The organisation's list of revoked sticks (massho-revocations.json).
    #[arg(long, value_name = "FILE")]
    revocations: Vec<PathBuf>,
}

/// What stands in them.
#[derive(Debug, Default)]
pub(crate) struct OfficeDocuments {
    organisations: Vec<Signed<Organisation>>,
    revocations: Vec<Signed<Revocations>>,
}

impl OfficeDocuments {
    /// Reads them and checks their signatures.
    pub(crate) fn read(language: Language, arguments: &OfficeArguments) -> Result<Self, Told> {
        let mut office = Self::default();
        for path in &arguments.organisation {
            let read = Signed::<Organisation>::read(&bytes(language, path)?);
            office.organisations.push(read.map_err(|fault| wrong(language, path, &fault.to_string()))?);
        }
        for path in &arguments.revocations {
            let bytes = bytes(language, path)?;
            let read = office.organisations.iter().map(|it| it.signed::<Revocations>(&bytes));
            let found = read.reduce(Result::or);
            let found = found.ok_or_else(|| told(language, "revocations-of-nobody", &[]))?;
            office.revocations.push(found.map_err(|fault| wrong(language, path, &fault.to_string()))?);
        }
        Ok(office)
    }

    /// Who vouches for a log with this first entry and these last choices.
    pub(crate) fn trust(&self, open: &Open, choices: Option<&Choices>) -> Trust {
        let office = record::Office { organisations: &self.organisations, revocations: &self.revocations };
        Trust::of(open, choices, &office)
    }

    /// The lines of the documents, without their line ends: organisations, revocations.
    pub(crate) fn lines(&self) -> [Vec<&str>; 2] {
        let organisations = self.organisations.iter().map(Signed::line).collect();
        [organisations, self.revocations.iter().map(Signed::line).collect()]
    }
}

fn bytes(language: Language, path: &Path) -> Result<Vec<u8>, Told> {
    fs::read(path).map_err(|error| wrong(language, path, &error.to_string()))
}

fn wrong(language: Language, path: &Path, detail: &str) -> Told {
    let values = [("path", path.to_string_lossy().into_owned()), ("detail", detail.to_owned())];
    told(language, "office-document", &values)
}
