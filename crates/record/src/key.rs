//! Keys: what signs a log, and what checks it.

use crate::Hex;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What a signature is for. It stands before every message that is signed, so that no kind of signature can pass for
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// An entry of a log.
    Entry,
    /// That a session's key was certified by its stick's.
    Session,
    /// An organisation's own document.
    Organisation,
    /// That the key before vouches for an organisation's next one.
    Rotation,
    /// A stick's certificate.
    Stick,
    /// The list of revoked sticks.
    Revocations,
    /// The list of collected logs.
    Release,
    /// The list of PCs that may be erased unattended.
    Jobs,
}

impl Domain {
    fn tag(self) -> &'static [u8] {
        match self {
            Self::Entry => b"massho-log-entry-v1\0",
            Self::Session => b"massho-session-v1\0",
            Self::Organisation => b"massho-organisation-v1\0",
            Self::Rotation => b"massho-rotation-v1\0",
            Self::Stick => b"massho-stick-v1\0",
            Self::Revocations => b"massho-revocations-v1\0",
            Self::Release => b"massho-release-v1\0",
            Self::Jobs => b"massho-jobs-v1\0",
        }
    }
}

/// The half of a key that signs. Overwritten in memory when it is dropped.
pub(crate) struct Secret(SigningKey);

impl Secret {
    pub(crate) fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(KeyError::Random)?;
        Ok(Self::from_seed(&seed))
    }

    pub(crate) fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub(crate) fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey(Hex(self.0.verifying_key().to_bytes()))
    }

    pub(crate) fn sign(&self, domain: Domain, message: &[u8]) -> Hex<64> {
        Hex(self.0.sign(&[domain.tag(), message].concat()).to_bytes())
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system's random number generator failed.
    #[error("the system gave no random numbers")]
    Random(#[source] getrandom::Error),
}

/// The random name of a new session.
///
/// # Errors
/// [`KeyError::Random`] when the system has no random numbers.
pub fn new_session_id() -> Result<crate::SessionId, KeyError> {
    random()
}

/// Bytes from the system's random numbers.
pub(crate) fn random<const N: usize>() -> Result<Hex<N>, KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(KeyError::Random)?;
    Ok(Hex(bytes))
}

/// An ed25519 public key as `open` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(Hex<32>);

impl PublicKey {
    /// What people compare: SHA-256 of the 32 key bytes, its first 32 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let digest = Sha256::digest(self.0.0);
        let mut head = [0; 16];
        head.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Fingerprint(Hex(head))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        self.0.0
    }

    /// Takes 32 bytes, whether or not they are a point of the curve: a bad one verifies nothing.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Hex(bytes))
    }

    /// Whether this key signed these bytes for that purpose, by the strict rules: canonical encodings only, and no
    /// point of small order, neither as key nor in the signature (`verify_strict`).
    #[must_use]
    pub(crate) fn signed(&self, domain: Domain, message: &[u8], signature: &Hex<64>) -> bool {
        let message = [domain.tag(), message].concat();
        VerifyingKey::from_bytes(&self.0.0)
            .is_ok_and(|key| key.verify_strict(&message, &Signature::from_bytes(&signature.0)).is_ok())
    }

    /// Whether this key signed these bytes of an entry.
    #[must_use]
    pub(crate) fn signed_entry(&self, message: &[u8], signature: &Hex<64>) -> bool {
        self.signed(Domain::Entry, message, signature)
    }
}

/// A public key's fingerprint: 32 hexadecimal digits, shown in groups of four.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(Hex<16>);

/// Text that is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 32 hexadecimal digits, in groups of four or not")]
pub struct FingerprintError;

impl Fingerprint {
    /// Reads what a person typed: case, blanks, hyphens and colons do not matter.
    ///
    /// # Errors
    /// [`FingerprintError`] unless 32 hexadecimal digits remain.
    pub fn parse(typed: &str) -> Result<Self, FingerprintError> {
        let digits = typed.chars().filter(|c| !matches!(c, ' ' | '-' | ':' | '　'));
        let digits: String = digits.map(|c| c.to_ascii_lowercase()).collect();
        Hex::parse(&digits).map(Self).map_err(|_| FingerprintError)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SessionKey;

    /// RFC 8032 7.1, TEST 1: the public key of this seed.
    #[test]
    fn the_key_of_a_known_seed() {
        let seed =
            Hex::<32>::parse("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(SessionKey::from_seed(&seed.0).public().0.to_string(), public);
    }

    #[test]
    fn a_signature_without_the_domain_tag_is_refused() {
        let key = Secret::from_seed(&[7; 32]);
        let bare = Hex(key.0.sign(b"entry").to_bytes());
        assert!(key.public().signed_entry(b"entry", &key.sign(Domain::Entry, b"entry")));
        assert!(!key.public().signed_entry(b"entry", &bare));
    }

    #[test]
    fn a_signature_of_one_kind_is_none_of_another() {
        use Domain::{Entry, Jobs, Organisation, Release, Revocations, Rotation, Session, Stick};
        let key = Secret::from_seed(&[7; 32]);
        let all = [Entry, Session, Organisation, Rotation, Stick, Revocations, Release, Jobs];
        for made in all {
            let signature = key.sign(made, b"text");
            for asked in all {
                assert_eq!(
                    key.public().signed(asked, b"text", &signature),
                    made == asked,
                    "{made:?} {asked:?}"
                );
            }
        }
    }

    #[test]
    fn a_key_of_small_order_verifies_nothing() {
        // The identity as key, the identity as R and 0 as s satisfy the lax equation for every message.
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!PublicKey::from_bytes(identity).signed_entry(b"anything", &Hex(signature)));
    }

    #[test]
    fn a_fingerprint_is_read_as_people_type_it() {
        let fingerprint = SessionKey::from_seed(&[7; 32]).public().fingerprint();
        let shown = fingerprint.to_string();
        assert_eq!(shown.len(), 39);
        assert_eq!(Fingerprint::parse(&shown), Ok(fingerprint));
        assert_eq!(Fingerprint::parse(&shown.to_uppercase().replace(' ', "")), Ok(fingerprint));
        assert_eq!(Fingerprint::parse(&shown[1..]), Err(FingerprintError));
    }

    #[test]
    fn a_generated_key_is_another_each_time() {
        assert_ne!(SessionKey::generate().unwrap().public(), SessionKey::generate().unwrap().public());
        assert_ne!(new_session_id().unwrap(), new_session_id().unwrap());
    }
}
