//! The keys that sign: an organisation's root key and a stick's, which stay, and a session's.

use crate::key::{Domain, Secret};
use crate::paper::{Signed, StickCertificate};
use crate::{Credential, Fingerprint, Hex, KeyError, Open, PublicKey};
use std::fmt;
use zeroize::Zeroizing;

/// An organisation's key of one fiscal year. It stays at the office, and signs what the office says.
pub struct RootKey(Secret);

/// The key of one session. It lives in memory only and is overwritten there when it is dropped.
pub struct SessionKey(Secret);

/// A stick's key. It rests sealed on its stick, and certifies the keys of sessions.
pub struct StickKey(Secret);

macro_rules! keys {
    ($($name:ident),*) => {$(
        impl $name {
            /// Makes a key from the system's random numbers.
            ///
            /// # Errors
            /// [`KeyError::Random`] when the system has none.
            pub fn generate() -> Result<Self, KeyError> {
                Secret::generate().map(Self)
            }

            /// The key of a known 32-byte seed (RFC 8032 5.1.5).
            #[must_use]
            pub fn from_seed(seed: &[u8; 32]) -> Self {
                Self(Secret::from_seed(seed))
            }

            /// The half that everyone may know.
            #[must_use]
            pub fn public(&self) -> PublicKey {
                self.0.public()
            }

            /// What people compare.
            #[must_use]
            pub fn fingerprint(&self) -> Fingerprint {
                self.public().fingerprint()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.fingerprint())
            }
        }
    )*};
}

keys!(RootKey, StickKey, SessionKey);

impl RootKey {
    pub(crate) fn seed(&self) -> Zeroizing<[u8; 32]> {
        self.0.seed()
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

impl SessionKey {
    /// Signs the bytes of an entry.
    pub(crate) fn sign_entry(&self, message: &[u8]) -> Hex<64> {
        self.0.sign(Domain::Entry, message)
    }
}

impl StickKey {
    pub(crate) fn seed(&self) -> Zeroizing<[u8; 32]> {
        self.0.seed()
    }

    /// Certifies a session: its name, its key, its number on the stick and the head of the session before.
    #[must_use]
    pub fn certify(&self, certificate: &Signed<StickCertificate>, open: &Open) -> Credential {
        let signature = self.0.sign(Domain::Session, open.claim().as_bytes());
        Credential { certificate: certificate.line().to_owned(), signature }
    }
}
