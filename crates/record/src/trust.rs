//! Who vouches for a log: nobody, or an organisation by way of a stick that it prepared.
//!
//! Whether a log is whole, [`crate::verify`] says; that is a question of its own.

use crate::paper::{
    ByOrganisation, Organisation, PaperFault, Revocations, Signed, StickCertificate, StickId,
};
use crate::{Choices, Credential, Day, EntryHash, Fingerprint, Open, PublicKey, TableOrigin};

/// The name of an organisation's own rule table on a stick.
pub const POLICY_FILE: &str = "massho-policy.toml";

/// What the office knows, from its own files and never from a stick.
#[derive(Debug, Clone, Copy, Default)]
pub struct Office<'a> {
    /// The organisation's documents, one a fiscal year.
    pub organisations: &'a [Signed<Organisation>],
    /// Its lists of revoked sticks: what stands in any of them counts.
    pub revocations: &'a [Signed<Revocations>],
}

impl Office<'_> {
    /// The hash of the rule table that these choices follow, where one of the organisations signed it: where the stick's
    /// certificate, signed by its key, lists it. Whether the session is the stick's, and whether the stick was lost, are
    /// questions about the log and not about the table.
    #[must_use]
    pub fn signed_table(&self, open: &Open, choices: &Choices) -> Option<EntryHash> {
        let cited = choices.policy.sha256.filter(|_| choices.policy.origin == TableOrigin::Signed)?;
        let (certificate, organisation) = certificate(&line(open.credential.as_ref()?), self).ok()?;
        organisation?;
        certificate.hash_of(POLICY_FILE).filter(|listed| *listed == cited)
    }
}

/// Who vouches for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Nobody: the appliance made the key. Somebody has to compare the fingerprint with the one that its screen showed.
    Unregistered(Fingerprint),
    /// Whoever the credential names, if it is genuine: no organisation's document was given to check it by.
    Unchecked(Vouched),
    /// The organisation.
    Certified(Vouched),
    /// There is a credential, and it does not hold.
    Doubtful(Doubt),
}

/// The stick that vouches, and its organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The organisation's name, as its own document gives it; as the certificate does, where that was not checked.
    pub organisation: String,
    /// The organisation's key that certified the stick.
    pub organisation_key: PublicKey,
    /// The stick's name.
    pub stick: StickId,
    /// How long the stick was certified for.
    pub until: Day,
}

/// Why a credential does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The stick's certificate is no certificate, or was altered.
    CertificateAltered(PaperFault),
    /// The certificate is another organisation's.
    ForeignOrganisation {
        /// What it calls itself.
        organisation: String,
        /// Its key.
        key: PublicKey,
    },
    /// The session is not signed by the stick's key: the credential belongs to another session.
    NotSignedByStick,
    /// The stick was revoked.
    Revoked {
        /// Its name.
        stick: StickId,
        /// Since when.
        since: Day,
    },
    /// The session was before the certificate's first day, by the PC's clock.
    NotYetValid {
        /// The first day.
        from: Day,
        /// The session's day.
        on: Day,
    },
    /// The session was after the certificate's last day, by the PC's clock.
    Expired {
        /// The last day.
        until: Day,
        /// The session's day.
        on: Day,
    },
    /// The plan says that it follows a rule table that the organisation signed, and the certificate does not list it.
    TableNotSigned,
}

impl Trust {
    /// Who vouches for the log with this first entry and these last choices. The order of the checks is FORMAT.md's.
    #[must_use]
    pub fn of(open: &Open, choices: Option<&Choices>, office: &Office) -> Self {
        let checked = match &open.credential {
            None => Ok(Self::Unregistered(open.public_key.fingerprint())),
            Some(credential) => of_credential(open, credential, office),
        };
        checked.and_then(|trust| table(open, choices).map(|()| trust)).unwrap_or_else(Self::Doubtful)
    }

    /// Whether somebody has to look into it before anybody relies on the log.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        matches!(self, Self::Doubtful(_))
    }
}

fn of_credential(open: &Open, credential: &Credential, office: &Office) -> Result<Trust, Doubt> {
    let (certificate, organisation) = certificate(&line(credential), office)?;
    if !open.is_certified_by(&certificate.public_key, credential) {
        return Err(Doubt::NotSignedByStick);
    }
    let revocation = office.revocations.iter().find_map(|list| list.of(&certificate.stick));
    if let Some(revocation) = revocation {
        return Err(Doubt::Revoked { stick: certificate.stick, since: revocation.since.clone() });
    }
    let vouched = |name: &str| Vouched {
        organisation: name.to_owned(),
        organisation_key: certificate.organisation_key,
        stick: certificate.stick,
        until: certificate.valid.until.clone(),
    };
    let Some(organisation) = organisation else {
        return Ok(Trust::Unchecked(vouched(&certificate.organisation)));
    };
    let on = Day::of(&open.clock.wall);
    match certificate.holds_on(&on, organisation) {
        Ok(()) => Ok(Trust::Certified(vouched(&organisation.name))),
        Err(PaperFault::NotYetValid { from }) => Err(Doubt::NotYetValid { from, on }),
        Err(PaperFault::Expired { until }) => Err(Doubt::Expired { until, on }),
        Err(other) => Err(Doubt::CertificateAltered(other)),
    }
}

/// The file of a credential's certificate.
fn line(credential: &Credential) -> Vec<u8> {
    [credential.certificate.as_bytes(), b"\n"].concat()
}

/// The certificate, and the organisation whose key signed it; none where the office gave none to choose from.
fn certificate<'a>(
    line: &[u8],
    office: &Office<'a>,
) -> Result<(Signed<StickCertificate>, Option<&'a Signed<Organisation>>), Doubt> {
    let certificate = Signed::<StickCertificate>::by_named_key(line).map_err(Doubt::CertificateAltered)?;
    let key = certificate.organisation_key();
    let organisations = office.organisations;
    // The document of the key itself rather than that of its successor, which vouches for it.
    let own = organisations.iter().find(|organisation| organisation.public_key == key);
    match own.or_else(|| organisations.iter().find(|organisation| organisation.has_key(&key))) {
        None if organisations.is_empty() => Ok((certificate, None)),
        None => {
            let organisation = certificate.organisation.clone();
            Err(Doubt::ForeignOrganisation { organisation, key })
        }
        found => Ok((certificate, found)),
    }
}

fn table(open: &Open, choices: Option<&Choices>) -> Result<(), Doubt> {
    let Some(policy) =
        choices.map(|choices| &choices.policy).filter(|table| table.origin == TableOrigin::Signed)
    else {
        return Ok(());
    };
    let line = open.credential.as_ref().map(line);
    let certificate = line.and_then(|line| Signed::<StickCertificate>::by_named_key(&line).ok());
    let listed = certificate.and_then(|certificate| certificate.hash_of(POLICY_FILE));
    if listed.is_some() && listed == policy.sha256 { Ok(()) } else { Err(Doubt::TableNotSigned) }
}
