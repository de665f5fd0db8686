//! A job list that counts here and now: the one thing by which a drive may be erased though nobody typed a number.

use crate::paper::{
    JOBS_FILE, JobList, JobListFault, Organisation, PaperFault, Revocations, Signed, StickCertificate,
    hash_file,
};
use crate::{ByOrganisation, Day, EntryHash, StickKey};

/// Everything that has to be there before a job list counts.
#[derive(Debug, Clone, Copy)]
pub struct JobsEvidence<'a> {
    /// The organisation, by the boot stick's document and by no other.
    pub organisation: &'a Signed<Organisation>,
    /// The sticks that it revoked.
    pub revocations: Option<&'a Signed<Revocations>>,
    /// The results stick's certificate.
    pub certificate: &'a Signed<StickCertificate>,
    /// The stick's key: a person typed its passphrase, and the session is certified by it.
    pub key: &'a StickKey,
    /// The bytes of the list as the stick has them.
    pub file: &'a [u8],
    /// The day by the PC's clock.
    pub today: &'a Day,
}

/// Why a job list does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobsRefusal {
    /// The stick's certificate is another organisation's.
    #[error("the stick is another organisation's")]
    ForeignStick,
    /// The stick was revoked.
    #[error("the stick was revoked")]
    Revoked,
    /// By the PC's clock the stick does not count today.
    #[error("the stick does not count today: {0}")]
    StickNotToday(PaperFault),
    /// The key is not the one that the certificate names.
    #[error("the key is not the stick's")]
    NotTheSticksKey,
    /// The certificate does not list the file, or lists another one.
    #[error("the stick's certificate does not list this file")]
    NotListed,
    /// It is not a document of its kind that the organisation signed.
    #[error("the list: {0}")]
    Document(PaperFault),
    /// It could be taken for something else than was meant.
    #[error("the list: {0}")]
    List(JobListFault),
    /// By the PC's clock it counts from a later day on.
    #[error("the list counts from {0} on")]
    NotYet(Day),
    /// By the PC's clock it counted until an earlier day.
    #[error("the list counted until {0}")]
    Over(Day),
}

/// A job list that counts on this PC today. Made by [`ValidJobs::of`] alone:
///
/// ```compile_fail
/// fn by_hand(list: record::Signed<record::JobList>) -> record::ValidJobs {
///     record::ValidJobs { list, sha256: record::Hex([0; 32]) }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidJobs {
    list: Signed<JobList>,
    sha256: EntryHash,
}

impl ValidJobs {
    /// Checks everything about a list but whether this PC stands in it.
    ///
    /// # Errors
    /// [`JobsRefusal`]: the first condition that does not hold.
    pub fn of(evidence: &JobsEvidence<'_>) -> Result<Self, JobsRefusal> {
        let JobsEvidence { organisation, certificate, today, .. } = *evidence;
        if !organisation.has_key(&certificate.organisation_key()) {
            return Err(JobsRefusal::ForeignStick);
        }
        if evidence.revocations.is_some_and(|list| list.of(&certificate.stick).is_some()) {
            return Err(JobsRefusal::Revoked);
        }
        certificate.holds_on(today, organisation).map_err(JobsRefusal::StickNotToday)?;
        if evidence.key.public() != certificate.public_key {
            return Err(JobsRefusal::NotTheSticksKey);
        }
        let sha256 = hash_file(evidence.file);
        if certificate.hash_of(JOBS_FILE) != Some(sha256) {
            return Err(JobsRefusal::NotListed);
        }
        let list = organisation.signed::<JobList>(evidence.file).map_err(JobsRefusal::Document)?;
        list.check().map_err(JobsRefusal::List)?;
        if *today < list.valid.from {
            return Err(JobsRefusal::NotYet(list.valid.from.clone()));
        }
        if *today > list.valid.until {
            return Err(JobsRefusal::Over(list.valid.until.clone()));
        }
        Ok(Self { list, sha256 })
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &JobList {
        &self.list
    }

    /// What a confirmation by it says in the place of what a person would have typed.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("massho-jobs/1 {}", self.sha256)
    }
}
