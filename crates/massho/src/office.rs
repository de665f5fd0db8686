//! What the office says: on the boot stick, whose key counts; on a results stick, which is held against it.
//!
//! A results stick is never trusted about itself. Its certificate is checked by the organisation's key of the boot
//! stick, its files by the certificate's hashes, and its key is sealed until somebody types the passphrase.

mod boot;
mod jobs;
mod seal;
mod stick;

pub(crate) use boot::{BootStick, Need, News};
pub(crate) use jobs::{JobsFile, no_order};
pub(crate) use seal::{Unsealed, unseal_in_background};
pub(crate) use stick::{OfficeStick, OwnTable};

use inventory::LogFile;
use record::{Hex, Organisation, PaperFault, Release, Revocations, Signed};

/// The office's documents as the boot stick has them: nothing about them has been checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BootDocuments {
    /// `massho-organisation.json`
    pub(crate) organisation: Option<Vec<u8>>,
    /// `massho-revocations.json`
    pub(crate) revocations: Option<Vec<u8>>,
    /// Why there is none of them though there is a boot stick; what the log will say.
    pub(crate) fault: Option<String>,
}

/// Where they come from. Called on threads of their own only.
pub(crate) type AskBoot = dyn Fn() -> BootDocuments + Send + Sync;

/// Who may vouch for a results stick on this PC.
#[derive(Debug, Clone, Default)]
pub(crate) struct Authority {
    pub(crate) organisation: Option<Signed<Organisation>>,
    pub(crate) revocations: Option<Signed<Revocations>>,
    /// What the log will say of documents that cannot be used.
    pub(crate) faults: Vec<String>,
}

impl Authority {
    /// Checks the documents of the boot stick.
    pub(crate) fn of(documents: &BootDocuments) -> Self {
        let mut authority = Self { faults: documents.fault.iter().cloned().collect(), ..Self::default() };
        if let Some(bytes) = &documents.organisation {
            match Signed::<Organisation>::read(bytes) {
                Ok(organisation) => authority.organisation = Some(organisation),
                Err(fault) => authority.fail("organisation", &fault),
            }
        }
        match (&documents.revocations, &authority.organisation) {
            (Some(bytes), Some(organisation)) => match organisation.signed::<Revocations>(bytes) {
                Ok(list) => authority.revocations = Some(list),
                // Which sticks are revoked is not known then, so none is checked.
                Err(fault) => {
                    authority.organisation = None;
                    authority.fail("list of revoked sticks", &fault);
                }
            },
            (Some(_), None) => {
                authority
                    .faults
                    .push("the boot stick's list of revoked sticks cannot be checked without a key".into());
            }
            (None, _) => {}
        }
        authority
    }

    /// Whether the organisation signed that it has each of these logs. Without its key nobody can have.
    pub(crate) fn releases(&self, release: &[u8], logs: &[LogFile]) -> bool {
        let Some(organisation) = &self.organisation else { return false };
        let hashed = || logs.iter().map(|log| (log.file.as_str(), Hex(log.sha256)));
        organisation.signed::<Release>(release).is_ok_and(|release| release.covers_hashed(hashed()))
    }

    fn fail(&mut self, what: &str, fault: &PaperFault) {
        self.faults.push(format!("the boot stick's {what} cannot be used: {fault}"));
    }
}

#[cfg(test)]
pub(crate) mod tests;
