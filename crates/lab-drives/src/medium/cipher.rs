//! The media keys of a self-encrypting medium.

use super::{Encryption, MediumError};
use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bytes of a media key (ChaCha20, RFC 8439 clause 2.3).
const KEY: usize = 32;

/// Which key holds for which logical blocks: each from its first block on, until the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Keys(Vec<KeyFrom>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeyFrom {
    from: u64,
    key: [u8; KEY],
}

impl Keys {
    /// One key for all of the medium, or none.
    pub(super) fn new(encryption: Encryption) -> Result<Self, MediumError> {
        match encryption {
            Encryption::Plain => Ok(Self(Vec::new())),
            Encryption::SelfEncrypting => Ok(Self(vec![KeyFrom { from: 0, key: random_key()? }])),
        }
    }

    /// Whether there is anything to encrypt with.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Replaces the key of some blocks: a crypto erase.
    pub(super) fn change(&mut self, from: u64, count: u64) -> Result<(), MediumError> {
        if self.is_empty() {
            return Ok(());
        }
        let end = from.saturating_add(count);
        let mut keys: BTreeMap<u64, [u8; KEY]> = self.0.iter().map(|entry| (entry.from, entry.key)).collect();
        let after = keys.range(..=end).next_back().map(|(_, key)| *key);
        keys.retain(|start, _| !(from..end).contains(start));
        keys.insert(from, random_key()?);
        if let Some(key) = after {
            keys.insert(end, key);
        }
        self.0 = keys.into_iter().map(|(from, key)| KeyFrom { from, key }).collect();
        Ok(())
    }

    /// Encrypts, or decrypts, consecutive blocks in place.
    pub(super) fn apply(&self, lba: u64, block_size: usize, data: &mut [u8]) {
        for (lba, block) in (lba..).zip(data.chunks_mut(block_size)) {
            if let Some(entry) = self.0.iter().rev().find(|entry| entry.from <= lba) {
                let nonce = lba.to_le_bytes();
                ChaCha20Legacy::new(&entry.key.into(), &nonce.into()).apply_keystream(block);
            }
        }
    }
}

fn random_key() -> Result<[u8; KEY], MediumError> {
    let mut key = [0; KEY];
    getrandom::fill(&mut key).map_err(|error| MediumError::Key(error.to_string()))?;
    Ok(key)
}
