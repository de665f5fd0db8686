//! A stick's certificate: the office's word for a results stick and for the files that it put there.

use super::organisation::{ByOrganisation, Organisation};
use super::{Kind, Paper, PaperFault, Signed};
use crate::key::{Domain, random};
use crate::{Day, EntryHash, Hex, KeyError, PublicKey, Validity};
use serde::{Deserialize, Serialize};

/// The random name of a prepared stick.
pub type StickId = Hex<16>;

/// The name of a new stick.
///
/// # Errors
/// [`KeyError::Random`] when the system has no random numbers.
pub fn new_stick_id() -> Result<StickId, KeyError> {
    random()
}

/// The office's word for a results stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StickCertificate {
    /// The stick's name.
    pub stick: StickId,
    /// The stick's key, whose sealed half is in `stick.key`.
    pub public_key: PublicKey,
    /// The organisation's key, which signed this.
    pub organisation_key: PublicKey,
    /// The organisation's name.
    pub organisation: String,
    /// When the stick was prepared.
    pub issued: Day,
    /// On which days sessions may be certified by it.
    pub valid: Validity,
    /// The other files of the folder.
    pub files: Vec<StickFile>,
}

/// A file that the office put on a stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StickFile {
    /// Its name in [`super::OFFICE_FOLDER`].
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: EntryHash,
}

impl Paper for StickCertificate {
    const FORMAT: &'static str = "massho-stick/1";
    const KIND: Kind = Kind(Domain::Stick);
}

impl ByOrganisation for StickCertificate {
    fn organisation_key(&self) -> PublicKey {
        self.organisation_key
    }
    fn organisation(&self) -> &str {
        &self.organisation
    }
}

impl StickCertificate {
    /// What the certificate says that file is.
    #[must_use]
    pub fn hash_of(&self, name: &str) -> Option<EntryHash> {
        self.files.iter().find(|file| file.name == name).map(|file| file.sha256)
    }
}

impl Signed<StickCertificate> {
    /// Whether sessions may be certified by the stick on that day: the certificate's days, within the organisation's.
    /// A certificate of the key before is held against its own days only.
    ///
    /// # Errors
    /// [`PaperFault::NotYetValid`], [`PaperFault::Expired`].
    pub fn holds_on(&self, day: &Day, organisation: &Organisation) -> Result<(), PaperFault> {
        let present = organisation.public_key == self.organisation_key;
        let own = present.then_some(&organisation.valid);
        for valid in [Some(&self.valid), own].into_iter().flatten() {
            if *day < valid.from {
                return Err(PaperFault::NotYetValid { from: valid.from.clone() });
            }
            if *day > valid.until {
                return Err(PaperFault::Expired { until: valid.until.clone() });
            }
        }
        Ok(())
    }
}
