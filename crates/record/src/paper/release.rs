//! Logs that were collected, so that their stick may be erased.

use super::organisation::ByOrganisation;
use super::{Kind, Paper};
use crate::key::Domain;
use crate::{Day, EntryHash, PublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The office's word that it has these logs of a stick, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The organisation's key, which signed this.
    pub organisation_key: PublicKey,
    /// The organisation's name.
    pub organisation: String,
    /// When it was signed.
    pub issued: Day,
    /// The logs.
    pub logs: Vec<ReleasedLog>,
}

/// One collected log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedLog {
    /// The name of its file.
    pub file: String,
    /// The SHA-256 of the whole file.
    pub sha256: EntryHash,
}

impl Paper for Release {
    const FORMAT: &'static str = "massho-release/1";
    const KIND: Kind = Kind(Domain::Release);
}

impl ByOrganisation for Release {
    fn organisation_key(&self) -> PublicKey {
        self.organisation_key
    }
    fn organisation(&self) -> &str {
        &self.organisation
    }
}

impl ReleasedLog {
    /// The log in a file of that name.
    #[must_use]
    pub fn of(file: &str, bytes: &[u8]) -> Self {
        Self { file: file.to_owned(), sha256: hash_file(bytes) }
    }
}

impl Release {
    /// Whether every one of these logs was collected as it is. `false` when there are none: nothing was released then.
    #[must_use]
    pub fn covers<'a>(&self, logs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> bool {
        self.covers_hashed(logs.into_iter().map(|(file, bytes)| (file, hash_file(bytes))))
    }

    /// The same, of logs whose files' hashes are known.
    #[must_use]
    pub fn covers_hashed<'a>(&self, logs: impl IntoIterator<Item = (&'a str, EntryHash)>) -> bool {
        let mut any = false;
        let known = |(file, sha256): (&str, EntryHash)| {
            self.logs.iter().any(|log| log.file.eq_ignore_ascii_case(file) && log.sha256 == sha256)
        };
        logs.into_iter().all(|log| {
            any = true;
            known(log)
        }) && any
    }
}

/// The SHA-256 of a whole file.
#[must_use]
pub fn hash_file(bytes: &[u8]) -> EntryHash {
    crate::Hex(Sha256::digest(bytes).into())
}
