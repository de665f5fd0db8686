//! What the office puts on a boot stick: its public key, and the sticks that are not to be trusted any more.

use super::problem::BootProblem;
use crate::keys::today;
use record::{LONGEST_PAPER, ORGANISATION_FILE, Organisation, REVOCATIONS_FILE, Revocations, Signed};
use std::fs;
use std::path::Path;

/// The office's documents, checked.
pub(super) struct Documents {
    pub(super) organisation: Signed<Organisation>,
    pub(super) revocations: Option<Signed<Revocations>>,
}

impl Documents {
    /// Reads `massho-organisation.json`, and the list of revoked sticks where one lies beside it.
    pub(super) fn read(path: &Path) -> Result<Self, BootProblem> {
        let organisation = Signed::<Organisation>::read(&bytes(path)?)
            .map_err(|fault| BootProblem::Document(path.to_owned(), fault))?;
        let beside = path.with_file_name(REVOCATIONS_FILE);
        let revocations = match beside.exists() {
            true => {
                let list = organisation.signed::<Revocations>(&bytes(&beside)?);
                Some(list.map_err(|fault| BootProblem::Document(beside, fault))?)
            }
            false => None,
        };
        Ok(Self { organisation, revocations })
    }

    /// Whether the key counts today: an appliance goes by it whatever its clock says, but a stick made now for last
    /// year's key is a mistake.
    pub(super) fn check_day(&self) -> Result<(), BootProblem> {
        let valid = &self.organisation.valid;
        let today = today();
        if today < valid.from || today > valid.until {
            return Err(BootProblem::NotToday { from: valid.from.clone(), until: valid.until.clone() });
        }
        Ok(())
    }

    /// The files that a boot stick holds then, by name; `None` is a file that must not be there.
    pub(super) fn files(&self) -> [(&'static str, Option<Vec<u8>>); 2] {
        let revocations = self.revocations.as_ref().map(Signed::bytes);
        [(ORGANISATION_FILE, Some(self.organisation.bytes())), (REVOCATIONS_FILE, revocations)]
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, BootProblem> {
    let unreadable = |error| BootProblem::Unreadable(path.to_owned(), error);
    let len = fs::metadata(path).map_err(unreadable)?.len();
    if len > LONGEST_PAPER as u64 {
        return Err(BootProblem::Document(path.to_owned(), record::PaperFault::TooLong));
    }
    fs::read(path).map_err(unreadable)
}
