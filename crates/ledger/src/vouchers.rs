//! Who may vouch for a log: the office's own documents, from its own files.

use crate::judge::Voucher;
use crate::problems::{Told, tell};
use crate::texts::Texts;
use clap::Args;
use record::{
    Anchors, Day, Doubt, EntryHash, LONGEST_PAPER, Office, Organisation, PaperFault, Report, Revocations,
    Signed, StickId, Trust,
};
use std::borrow::Cow;
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

/// Who vouches for a log that the office holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who vouches for it.
    pub trust: Trust,
    /// Since when its stick is revoked, where the office held the log before that day.
    pub revoked_later: Option<Day>,
}

/// What the office has to check credentials by.
#[derive(Debug, Clone, Default)]
pub struct Vouchers {
    organisations: Vec<Signed<Organisation>>,
    revocations: Vec<Signed<Revocations>>,
    /// Organisations whose key is in other hands since a day.
    withdrawn: Vec<(Signed<Organisation>, Day)>,
}

impl Vouchers {
    /// Takes documents that were checked already.
    #[must_use]
    pub fn new(organisations: Vec<Signed<Organisation>>, revocations: Vec<Signed<Revocations>>) -> Self {
        Self { organisations, revocations, withdrawn: Vec::new() }
    }

    /// The same, with documents that vouch only for what the office held before a day.
    #[must_use]
    pub fn with_withdrawn(self, withdrawn: Vec<(Signed<Organisation>, Day)>) -> Self {
        Self { withdrawn, ..self }
    }

    /// The documents that were withdrawn, each with its day.
    pub(crate) fn withdrawn(&self) -> &[(Signed<Organisation>, Day)] {
        &self.withdrawn
    }

    /// Who vouches for what was collected on that day.
    fn of_day(&self, collected: &Day) -> Cow<'_, Self> {
        if self.withdrawn.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        let held = own.withdrawn.drain(..).filter(|(_, since)| collected < since);
        own.organisations.extend(held.map(|(document, _)| document));
        Cow::Owned(own)
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

    /// Whether a list is one of these organisations'.
    ///
    /// # Errors
    /// [`PaperFault::Foreign`]
    pub(crate) fn is_own(&self, list: &Signed<Revocations>) -> Result<(), PaperFault> {
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

    /// The organisations.
    pub(crate) fn organisations(&self) -> &[Signed<Organisation>] {
        &self.organisations
    }

    /// The lists of revoked sticks.
    pub(crate) fn revocations(&self) -> &[Signed<Revocations>] {
        &self.revocations
    }

    fn office(&self) -> Office<'_> {
        Office { organisations: &self.organisations, revocations: &self.revocations }
    }

    /// Who vouches for a log.
    #[must_use]
    pub fn trust(&self, report: &Report) -> Option<Trust> {
        report.open.as_ref().map(|open| Trust::of(open, report.choices.as_ref(), &self.office()))
    }

    /// Who vouches for a log that the office has held since that day. Whoever finds a lost stick can write logs of any
    /// date, but none into the office's ledger of an earlier day: what lay there before the stick was lost stays.
    #[must_use]
    pub fn held(&self, report: &Report, collected: &Day) -> Option<Held> {
        let open = report.open.as_ref()?;
        let office = self.of_day(collected);
        let trust = office.trust(report)?;
        let since = match &trust {
            // What nothing is left to check by is no better than what another organisation signed.
            Trust::Unchecked(by) if !self.withdrawn.is_empty() => {
                let organisation = by.organisation.clone();
                let doubt = Doubt::ForeignOrganisation { organisation, key: by.organisation_key };
                return Some(Held { trust: Trust::Doubtful(doubt), revoked_later: None });
            }
            Trust::Doubtful(Doubt::Revoked { stick, .. }) => office.revoked_since(stick),
            _ => None,
        };
        let Some(since) = since.filter(|since| collected < *since) else {
            return Some(Held { trust, revoked_later: None });
        };
        let before = Office { revocations: &[], ..office.office() };
        let trust = Trust::of(open, report.choices.as_ref(), &before);
        Some(Held { trust, revoked_later: Some(since.clone()) })
    }

    fn revoked_since(&self, stick: &StickId) -> Option<&Day> {
        self.revocations.iter().filter_map(|list| list.of(stick)).map(|revocation| &revocation.since).min()
    }

    /// The hash of the rule table that a log follows, where one of the organisations signed it that vouch for what was
    /// collected on that day.
    #[must_use]
    pub(crate) fn signed_table(&self, report: &Report, collected: &Day) -> Option<EntryHash> {
        let office = self.of_day(collected);
        office.office().signed_table(report.open.as_ref()?, report.choices.as_ref()?)
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

/// The bytes of a document's file.
pub(crate) fn bytes(texts: &Texts, path: &Path) -> Result<Vec<u8>, Told> {
    let path_text = path.to_string_lossy();
    let told = |detail: &str| tell(texts.path_unreadable, &[("path", &path_text), ("detail", detail)]);
    let length = fs::metadata(path).map_err(|error| told(&error.to_string()))?.len();
    if length > LONGEST_PAPER as u64 {
        return Err(told(&PaperFault::TooLong.to_string()));
    }
    fs::read(path).map_err(|error| told(&error.to_string()))
}

/// Tells that a file is no document that counts.
pub(crate) fn no_document(texts: &Texts, path: &Path, fault: &PaperFault) -> Told {
    let values = [("path", path.to_string_lossy().into_owned()), ("detail", fault.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    tell(texts.keys.document, &values)
}
