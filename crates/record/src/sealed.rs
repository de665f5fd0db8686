//! A secret key at rest: Argon2id over a passphrase, XChaCha20-Poly1305 over the key.

use crate::keys::{RootKey, StickKey};
use crate::{Hex, KeyError, PublicKey, json};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// The value of `format`.
const FORMAT: &str = "massho-sealed-key/1";

/// The fewest characters of a passphrase. Whoever finds a stick can try as many as they have time for.
pub const SHORTEST_PASSPHRASE: usize = 8;

/// The longest file that is read as one.
const LONGEST: usize = 4096;

/// What it costs to try one passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// How often it is gone through.
    pub passes: u32,
    /// Lanes, which an attacker can work on at once.
    pub lanes: u32,
}

impl Cost {
    /// For a stick's key, opened on retired PCs. 64 MiB and 3 passes are RFC 9106's second recommendation, for where
    /// memory is short: a PC of 512 MB, whose system lives in memory, still has them, and takes a few seconds. One
    /// lane: old PCs have one core, and this program uses one.
    pub const STICK: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

    /// For the root key, opened a few times a year on an office PC: four times the memory and a pass more, so that
    /// whoever copies the file pays for it. RFC 9106's first recommendation of 2 GiB would not fit every office PC of 4 GB
    /// in use.
    pub const OFFICE: Self = Self { memory_kib: 256 * 1024, passes: 4, lanes: 1 };

    /// The most that opening a stick's key may take on a retired PC. A stick is found, not trusted: a file that asks for
    /// more is refused instead of bringing the PC to its knees.
    const MOST_STICK: Self = Self { memory_kib: 128 * 1024, passes: 10, lanes: 4 };
    /// The same for a key at the office.
    const MOST_OFFICE: Self = Self { memory_kib: 4 * 1024 * 1024, passes: 50, lanes: 16 };

    fn within(&self, most: &Self) -> bool {
        self.memory_kib <= most.memory_kib && self.passes <= most.passes && self.lanes <= most.lanes
    }
}

/// Whose secret it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Root,
    Stick,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    purpose: Purpose,
    public_key: PublicKey,
    argon2id: Cost,
    salt: Hex<16>,
    nonce: Hex<24>,
    sealed: Hex<48>,
}

/// A sealed key: what its file says without the passphrase. Nothing of it is believed before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKey(File);

/// Why there is no sealed key, or it was not opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The passphrase has too few characters.
    #[error("a passphrase has at least {SHORTEST_PASSPHRASE} characters")]
    TooShort,
    /// The system has no random numbers.
    #[error(transparent)]
    Random(#[from] KeyError),
    /// The file is none of a sealed key.
    #[error("this is no sealed key: {0}")]
    NotSealed(String),
    /// The file asks for more memory or time than is ever used.
    #[error("the file asks for more memory or time than is ever used")]
    TooCostly,
    /// This PC has too little memory.
    #[error("too little memory")]
    Memory,
    /// The passphrase is another one, or the file was altered: that cannot be told apart.
    #[error("the passphrase is another one, or the file was altered")]
    WrongPassphrase,
}

impl SealedKey {
    /// Seals a root key.
    ///
    /// # Errors
    /// [`SealError::TooShort`], [`SealError::Random`], [`SealError::Memory`].
    pub fn seal_root(key: &RootKey, passphrase: &str) -> Result<Self, SealError> {
        Self::seal(Purpose::Root, key.public(), &key.seed(), passphrase, Cost::OFFICE)
    }

    /// Seals a stick's key.
    ///
    /// # Errors
    /// As [`SealedKey::seal_root`].
    pub fn seal_stick(key: &StickKey, passphrase: &str) -> Result<Self, SealError> {
        Self::seal(Purpose::Stick, key.public(), &key.seed(), passphrase, Cost::STICK)
    }

    fn seal(
        purpose: Purpose,
        public_key: PublicKey,
        seed: &[u8; 32],
        passphrase: &str,
        argon2id: Cost,
    ) -> Result<Self, SealError> {
        if passphrase.chars().count() < SHORTEST_PASSPHRASE {
            return Err(SealError::TooShort);
        }
        let (salt, nonce) = (crate::key::random()?, crate::key::random()?);
        let format = FORMAT.to_owned();
        let mut file = File { format, purpose, public_key, argon2id, salt, nonce, sealed: Hex::ZERO };
        let key = stretch(passphrase, &file)?;
        let head = file.head();
        let payload = Payload { msg: seed, aad: head.as_bytes() };
        let sealed = cipher(&key).encrypt(&XNonce::from(file.nonce.0), payload);
        let sealed = sealed.ok().and_then(|bytes| bytes.try_into().ok());
        file.sealed = Hex(sealed.ok_or_else(|| SealError::NotSealed("the cipher refused".into()))?);
        Ok(Self(file))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`SealError::NotSealed`].
    pub fn read(bytes: &[u8]) -> Result<Self, SealError> {
        let refused = |why: String| SealError::NotSealed(why);
        if bytes.len() > LONGEST {
            return Err(refused("it is too long".into()));
        }
        let text = str::from_utf8(bytes).map_err(|error| refused(error.to_string()))?;
        let value = json::parse(text.trim_end_matches('\n')).map_err(|error| refused(error.to_string()))?;
        let file: File = serde_json::from_value(value).map_err(|error| refused(error.to_string()))?;
        if file.format == FORMAT { Ok(Self(file)) } else { Err(refused(format!("format {:?}", file.format))) }
    }

    /// The bytes of its file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        format!("{},\"sealed\":\"{}\"}}\n", self.0.head(), self.0.sealed).into_bytes()
    }

    /// The public half, as the file says.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.0.public_key
    }

    /// Opens a root key. Takes a second or more, and much memory.
    ///
    /// # Errors
    /// Any [`SealError`] but [`SealError::TooShort`] and [`SealError::Random`].
    pub fn open_root(&self, passphrase: &str) -> Result<RootKey, SealError> {
        let seed = self.open(Purpose::Root, passphrase, &Cost::MOST_OFFICE)?;
        self.the_one(RootKey::from_seed(&seed), RootKey::public)
    }

    /// Opens a stick's key. Takes seconds on an old PC: not for a thread that draws screens.
    ///
    /// # Errors
    /// As [`SealedKey::open_root`].
    pub fn open_stick(&self, passphrase: &str) -> Result<StickKey, SealError> {
        let seed = self.open(Purpose::Stick, passphrase, &Cost::MOST_STICK)?;
        self.the_one(StickKey::from_seed(&seed), StickKey::public)
    }

    fn the_one<K>(&self, key: K, public: impl Fn(&K) -> PublicKey) -> Result<K, SealError> {
        if public(&key) == self.0.public_key { Ok(key) } else { Err(SealError::WrongPassphrase) }
    }

    fn open(
        &self,
        purpose: Purpose,
        passphrase: &str,
        most: &Cost,
    ) -> Result<Zeroizing<[u8; 32]>, SealError> {
        if self.0.purpose != purpose {
            return Err(SealError::NotSealed("it is another kind of key".into()));
        }
        if !self.0.argon2id.within(most) {
            return Err(SealError::TooCostly);
        }
        let key = stretch(passphrase, &self.0)?;
        let head = self.0.head();
        let payload = Payload { msg: &self.0.sealed.0, aad: head.as_bytes() };
        let opened = cipher(&key).decrypt(&XNonce::from(self.0.nonce.0), payload);
        let opened = Zeroizing::new(opened.map_err(|_| SealError::WrongPassphrase)?);
        let mut seed = Zeroizing::new([0; 32]);
        if opened.len() != seed.len() {
            return Err(SealError::WrongPassphrase);
        }
        seed.copy_from_slice(&opened);
        Ok(seed)
    }
}

impl File {
    /// Everything before the sealed bytes: the cipher vouches for it as well.
    fn head(&self) -> String {
        let Self { format, purpose, public_key, argon2id, salt, nonce, .. } = self;
        let purpose = match purpose {
            Purpose::Root => "root",
            Purpose::Stick => "stick",
        };
        let Cost { memory_kib, passes, lanes } = argon2id;
        format!(
            "{{\"format\":\"{format}\",\"purpose\":\"{purpose}\",\"public_key\":\"{}\",\"argon2id\":{{\
             \"memory_kib\":{memory_kib},\"passes\":{passes},\"lanes\":{lanes}}},\"salt\":\"{salt}\",\
             \"nonce\":\"{nonce}\"",
            Hex(public_key.bytes()),
        )
    }
}

fn cipher(key: &Zeroizing<[u8; 32]>) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(**key))
}

/// The memory of one stretching; overwritten afterwards.
struct Memory(Vec<Block>);

impl AsMut<[Block]> for Memory {
    fn as_mut(&mut self) -> &mut [Block] {
        &mut self.0
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}

/// The key of a passphrase.
fn stretch(passphrase: &str, file: &File) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let Cost { memory_kib, passes, lanes } = file.argon2id;
    let mut key = Zeroizing::new([0; 32]);
    let params = Params::new(memory_kib, passes, lanes, Some(key.len()))
        .map_err(|error| SealError::NotSealed(error.to_string()))?;
    let mut memory = Memory(Vec::new());
    memory.0.try_reserve_exact(params.block_count()).map_err(|_| SealError::Memory)?;
    memory.0.resize(params.block_count(), Block::new());
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(passphrase.as_bytes(), &file.salt.0, key.as_mut(), &mut memory)
        .map_err(|error| SealError::NotSealed(error.to_string()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn sealed() -> SealedKey {
        let key = StickKey::from_seed(&[9; 32]);
        SealedKey::seal(Purpose::Stick, key.public(), &key.seed(), "correct horse", CHEAP).unwrap()
    }

    #[test]
    fn what_is_sealed_is_opened_by_its_passphrase_alone() {
        let again = SealedKey::read(&sealed().bytes()).unwrap();
        assert_eq!(again.open_stick("correct horse").unwrap().public(), again.public());
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            assert!(matches!(again.open_stick(wrong), Err(SealError::WrongPassphrase)), "{wrong:?}");
        }
        assert!(!String::from_utf8(again.bytes()).unwrap().contains(&hex::encode([9; 32])));
    }

    #[test]
    fn any_altered_byte_is_noticed() {
        let good = sealed().bytes();
        for place in 0..good.len() - 1 {
            let mut bytes = good.clone();
            bytes[place] ^= 1;
            let opened = SealedKey::read(&bytes).and_then(|sealed| sealed.open_stick("correct horse"));
            assert!(opened.is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_file_that_asks_for_too_much_is_refused_before_it_takes_it() {
        let text = String::from_utf8(sealed().bytes()).unwrap();
        for (from, to) in [
            ("\"memory_kib\":64,", "\"memory_kib\":4000000,"),
            ("\"passes\":1,", "\"passes\":1000000,"),
            ("\"lanes\":1}", "\"lanes\":5}"),
        ] {
            let hostile = SealedKey::read(text.replace(from, to).as_bytes()).unwrap();
            assert!(matches!(hostile.open_stick("correct horse"), Err(SealError::TooCostly)), "{to}");
        }
        let none = SealedKey::read(text.replace("\"passes\":1,", "\"passes\":0,").as_bytes()).unwrap();
        assert!(matches!(none.open_stick("correct horse"), Err(SealError::NotSealed(_))));
    }

    #[test]
    fn a_root_key_is_none_of_a_stick_and_a_short_passphrase_none() {
        assert!(matches!(sealed().open_root("correct horse"), Err(SealError::NotSealed(_))));
        let key = StickKey::from_seed(&[9; 32]);
        assert!(matches!(SealedKey::seal_stick(&key, "seven77"), Err(SealError::TooShort)));
    }

    #[test]
    fn a_real_one_costs_what_it_should() {
        let key = StickKey::from_seed(&[9; 32]);
        let sealed = SealedKey::seal_stick(&key, "12345678").unwrap();
        assert_eq!(sealed.0.argon2id, Cost::STICK);
        assert!(Cost::STICK.within(&Cost::MOST_STICK) && Cost::OFFICE.within(&Cost::MOST_OFFICE));
        assert_eq!(sealed.open_stick("12345678").unwrap().public(), key.public());
    }
}
