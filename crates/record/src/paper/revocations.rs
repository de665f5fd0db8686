//! Sticks that nobody may trust any more.

use super::organisation::ByOrganisation;
use super::{Kind, Paper, StickId};
use crate::key::Domain;
use crate::{Day, PublicKey};
use serde::{Deserialize, Serialize};

/// Every stick of an organisation that was revoked. A later list holds all of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocations {
    /// The organisation's key, which signed this.
    pub organisation_key: PublicKey,
    /// The organisation's name.
    pub organisation: String,
    /// The number of this list, from 1: the larger one counts.
    pub number: u32,
    /// When it was made.
    pub issued: Day,
    /// The sticks.
    pub sticks: Vec<Revocation>,
}

/// One stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Its name.
    pub stick: StickId,
    /// Since when it is known that it may be in other hands.
    pub since: Day,
    /// Why.
    pub reason: RevocationReason,
}

/// Why a stick was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationReason {
    /// Nobody knows where it is.
    Lost,
    /// Its passphrase may be known to others.
    PassphraseKnown,
    /// It is broken, or was prepared anew.
    Retired,
}

impl Paper for Revocations {
    const FORMAT: &'static str = "massho-revocations/1";
    const KIND: Kind = Kind(Domain::Revocations);
}

impl ByOrganisation for Revocations {
    fn organisation_key(&self) -> PublicKey {
        self.organisation_key
    }
    fn organisation(&self) -> &str {
        &self.organisation
    }
}

impl Revocations {
    /// The revocation of that stick, if it was revoked.
    #[must_use]
    pub fn of(&self, stick: &StickId) -> Option<&Revocation> {
        self.sticks.iter().find(|revocation| revocation.stick == *stick)
    }
}
