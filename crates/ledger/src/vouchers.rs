//! Who may vouch for a log: the office's own documents, from its own files.

use crate::judge::Voucher;
use crate::problems::{Told, tell};
use crate::texts::Texts;
use clap::Args;
use record::{Anchors, LONGEST_PAPER, Office, Organisation, PaperFault, Report, Revocations, Signed, Trust};
use std::fs;
use std::path::{Path, PathBuf};

/// Which files those are.
#[derive(Debug, Args)]
pub struct OfficeArguments {
    /// Your organisation's document, massho-organisation.json; may be given once for each fiscal year.
    #[arg(long, value_name = "FILE")]
    organisation: Vec<PathBuf>,
    /// Your organisation's list of revoked sticks, massho-revocations.json.
    #[arg(long, value_name = "FILE", requires = "organisation")]
    revocations: Vec<PathBuf>,
}

/// What the office has to check credentials by.
#[derive(Debug, Clone, Default)]
pub struct Vouchers {
    organisations: Vec<Signed<Organisation>>,
    revocations: Vec<Signed<Revocations>>,
}

impl Vouchers {
    /// Takes documents that were checked already.
    #[must_use]
    pub fn new(organisations: Vec<Signed<Organisation>>, revocations: Vec<Signed<Revocations>>) -> Self {
        Self { organisations, revocations }
    }

    /// Reads the organisation's documents and its lists of revoked sticks.
    pub(crate) fn read(texts: &Texts, files: &OfficeArguments) -> Result<Self, Told> {
        let mut found = Self::default();
        for path in &files.organisation {
            let bytes = bytes(texts, path)?;
            let read = Signed::<Organisation>::read(&bytes);
            found.organisations.push(read.map_err(|fault| no_document(texts, path, &fault))?);
        }
        for path in &files.revocations {
            let bytes = bytes(texts, path)?;
            let read = Signed::<Revocations>::by_named_key(&bytes)
                .and_then(|list| found.is_own(&list).map(|()| list));
            found.revocations.push(read.map_err(|fault| no_document(texts, path, &fault))?);
        }
        Ok(found)
    }

    fn is_own(&self, list: &Signed<Revocations>) -> Result<(), PaperFault> {
        let key = list.organisation_key;
        if self.organisations.iter().any(|organisation| organisation.has_key(&key)) {
            return Ok(());
        }
        Err(PaperFault::Foreign { organisation: list.organisation.clone(), key })
    }

    /// The lines of the documents, without their line ends: organisations, revocations.
    pub(crate) fn lines(&self) -> [Vec<&str>; 2] {
        let organisations = self.organisations.iter().map(Signed::line).collect();
        [organisations, self.revocations.iter().map(Signed::line).collect()]
    }

    /// Who vouches for a log.
    #[must_use]
    pub fn trust(&self, report: &Report) -> Option<Trust> {
        let office = Office { organisations: &self.organisations, revocations: &self.revocations };
        report.open.as_ref().map(|open| Trust::of(open, report.choices.as_ref(), &office))
    }

    /// Whether that is as it should be. Without documents nobody asked for a voucher; a fingerprint or a head that was
    /// noted on paper is one too, but not against a credential that does not hold.
    #[must_use]
    pub fn judge(&self, trust: Option<&Trust>, anchors: &Anchors) -> Voucher {
        let noted = anchors.key.is_some() || anchors.head.is_some();
        match trust {
            Some(Trust::Doubtful(_)) => Voucher::Missing,
            Some(Trust::Unregistered(_)) if !self.organisations.is_empty() && !noted => Voucher::Missing,
            _ => Voucher::InOrder,
        }
    }
}

fn bytes(texts: &Texts, path: &Path) -> Result<Vec<u8>, Told> {
    let path_text = path.to_string_lossy();
    let told = |detail: &str| tell(texts.path_unreadable, &[("path", &path_text), ("detail", detail)]);
    let length = fs::metadata(path).map_err(|error| told(&error.to_string()))?.len();
    if length > LONGEST_PAPER as u64 {
        return Err(told(&PaperFault::TooLong.to_string()));
    }
    fs::read(path).map_err(|error| told(&error.to_string()))
}

fn no_document(texts: &Texts, path: &Path, fault: &PaperFault) -> Told {
    let values = [("path", path.to_string_lossy().into_owned()), ("detail", fault.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    tell(texts.keys.document, &values)
}
