//! Who vouches for what came in: concluded anew when the office says more, and kept as it was concluded before.

use super::StoreError;
use super::words::Word;
use crate::vouchers::Held;
use record::{Doubt, Trust, Vouched};
use rusqlite::{Transaction, params};

/// Who vouches for the key that signed a session, by the documents in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouching {
    /// Nobody: the appliance made the key for itself.
    Unregistered,
    /// An organisation, as the stick says; the ledger has no organisation's document to check it by.
    Unchecked,
    /// The organisation.
    Certified,
    /// The organisation, by a stick that was revoked after the log had been collected.
    RevokedLater,
    /// Nobody: the stick's certificate was altered.
    CertificateAltered,
    /// Another organisation.
    Foreign,
    /// Nobody: the credential is another session's.
    NotSignedByStick,
    /// Nobody: the stick had been revoked.
    Revoked,
    /// By the PC's clock the stick was not valid yet.
    NotYetValid,
    /// By the PC's clock the stick was valid no more.
    Expired,
    /// The rule table that the log cites is not the one that the organisation signed.
    TableNotSigned,
}

impl Vouching {
    /// Every one, in the order of the catalogues.
    pub const ALL: [Self; 11] = [
        Self::Unregistered,
        Self::Unchecked,
        Self::Certified,
        Self::RevokedLater,
        Self::CertificateAltered,
        Self::Foreign,
        Self::NotSignedByStick,
        Self::Revoked,
        Self::NotYetValid,
        Self::Expired,
        Self::TableNotSigned,
    ];

    /// Whether somebody has to look into it before anybody relies on the log.
    #[must_use]
    pub fn is_doubtful(self) -> bool {
        !matches!(self, Self::Unregistered | Self::Unchecked | Self::Certified | Self::RevokedLater)
    }

    /// Whether the doubt is about the PC's date alone, which is often wrong and of which people can tell.
    #[must_use]
    pub fn is_of_the_clock(self) -> bool {
        matches!(self, Self::NotYetValid | Self::Expired)
    }
}

/// Who vouches for a session, as the ledger concluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Who, or why nobody.
    pub vouching: Vouching,
    /// The day that this is about: of the revocation, or the first or last one of the certificate.
    pub day: Option<String>,
    /// The prepared stick's name.
    pub stick: Option<String>,
    /// The organisation's name.
    pub organisation: Option<String>,
}

impl Voucher {
    /// The conclusion of a log that was judged.
    pub(super) fn of(held: &Held) -> Self {
        let (vouching, day) = verdict(held);
        let (stick, organisation) = match &held.trust {
            Trust::Certified(by) | Trust::Unchecked(by) => named(by),
            Trust::Doubtful(Doubt::Revoked { stick, .. }) => (Some(stick.to_string()), None),
            Trust::Doubtful(Doubt::ForeignOrganisation { organisation, .. }) => {
                (None, Some(organisation.clone()))
            }
            Trust::Doubtful(_) | Trust::Unregistered(_) => (None, None),
        };
        Self { vouching, day, stick, organisation }
    }

    /// Keeps the conclusion about a file, if it is another one than before.
    pub(super) fn keep(&self, transaction: &Transaction<'_>, file: i64, now: &str) -> Result<(), StoreError> {
        if self.vouching == Vouching::Unregistered {
            return Ok(());
        }
        let mut insert = transaction.prepare_cached(
            "INSERT INTO vouching (file, judged, verdict, day, stick_id, organisation)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?3 IS NOT
             (SELECT verdict FROM vouching WHERE file = ?1 ORDER BY id DESC LIMIT 1)",
        )?;
        insert.execute(params![file, now, self.vouching.code(), self.day, self.stick, self.organisation])?;
        Ok(())
    }
}

fn verdict(held: &Held) -> (Vouching, Option<String>) {
    let doubt = match &held.trust {
        Trust::Unregistered(_) => return (Vouching::Unregistered, None),
        Trust::Unchecked(_) | Trust::Certified(_) if held.revoked_later.is_some() => {
            return (Vouching::RevokedLater, held.revoked_later.as_ref().map(ToString::to_string));
        }
        Trust::Unchecked(_) => return (Vouching::Unchecked, None),
        Trust::Certified(_) => return (Vouching::Certified, None),
        Trust::Doubtful(doubt) => doubt,
    };
    match doubt {
        Doubt::CertificateAltered(_) => (Vouching::CertificateAltered, None),
        Doubt::ForeignOrganisation { .. } => (Vouching::Foreign, None),
        Doubt::NotSignedByStick => (Vouching::NotSignedByStick, None),
        Doubt::Revoked { since, .. } => (Vouching::Revoked, Some(since.to_string())),
        Doubt::NotYetValid { from, .. } => (Vouching::NotYetValid, Some(from.to_string())),
        Doubt::Expired { until, .. } => (Vouching::Expired, Some(until.to_string())),
        Doubt::TableNotSigned => (Vouching::TableNotSigned, None),
    }
}

fn named(by: &Vouched) -> (Option<String>, Option<String>) {
    (Some(by.stick.to_string()), Some(by.organisation.clone()))
}
