//! A session's credential: the stick's word for the session's key.

use crate::key::Domain;
use crate::{EntryHash, Hex, Open, PublicKey};
use serde::{Deserialize, Serialize};

/// The stick's word for a session, with the office's word for the stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The line of the stick's certificate, without its line end.
    pub certificate: String,
    /// The signature of the stick's key over [`Open`]'s claim.
    pub signature: Hex<64>,
}

impl Open {
    /// What the stick's key signs: four lines, each ended by LF. The session's name; its key; its number on the stick;
    /// the head of the session before, zeros without one.
    pub(crate) fn claim(&self) -> String {
        let head = self.stick.previous.as_ref().map_or(EntryHash::ZERO, |previous| previous.head);
        let (session, counter) = (self.session, self.stick.session_counter);
        format!("{session}\n{}\n{counter}\n{head}\n", Hex(self.public_key.bytes()))
    }

    /// Whether the stick of that key certified this session.
    pub(crate) fn is_certified_by(&self, stick: &PublicKey, credential: &Credential) -> bool {
        stick.signed(Domain::Session, self.claim().as_bytes(), &credential.signature)
    }
}
