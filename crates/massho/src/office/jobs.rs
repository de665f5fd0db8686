//! The office's job list on a results stick: kept as it was read, and asked once the stick's key is open.

use super::{Authority, OfficeStick};
use policy::NoOrder;
use record::{Day, JobsEvidence, JobsRefusal, Organisation, PaperFault, Revocations, Signed, ValidJobs};
use wizard::JobRefusal;

/// The list's file, and by whose word it is to be checked.
#[derive(Debug)]
pub(crate) struct JobsFile {
    bytes: Vec<u8>,
    organisation: Option<Signed<Organisation>>,
    revocations: Option<Signed<Revocations>>,
}

impl JobsFile {
    pub(super) fn new(bytes: Vec<u8>, authority: &Authority) -> Self {
        let Authority { organisation, revocations, .. } = authority.clone();
        Self { bytes, organisation, revocations }
    }
}

impl OfficeStick {
    /// The job list, if there is one, and if everything holds that has to.
    pub(crate) fn valid_jobs(&self, today: &Day) -> Option<Result<ValidJobs, JobRefusal>> {
        let file = self.jobs.as_ref()?;
        // Without the organisation's key on the boot stick nobody can tell whose list it is.
        let (Some(organisation), Some(certificate)) = (&file.organisation, self.certificate()) else {
            return Some(Err(JobRefusal::NoKey));
        };
        let Some(key) = &self.key else { return Some(Err(JobRefusal::WithoutPassphrase)) };
        let revocations = file.revocations.as_ref();
        let evidence = JobsEvidence { organisation, revocations, certificate, key, file: &file.bytes, today };
        Some(ValidJobs::of(&evidence).map_err(|refusal| told(&refusal)))
    }
}

/// A refusal of the list as the screens know it.
fn told(refusal: &JobsRefusal) -> JobRefusal {
    match refusal {
        JobsRefusal::StickNotToday(
            PaperFault::NotYetValid { from: day } | PaperFault::Expired { until: day },
        )
        | JobsRefusal::NotYet(day)
        | JobsRefusal::Over(day) => JobRefusal::NotToday(day.to_string()),
        other => JobRefusal::Document(other.to_string()),
    }
}

/// Why the list says nothing of this PC, as the screens know it.
pub(crate) fn no_order(none: NoOrder) -> JobRefusal {
    match none {
        NoOrder::PcUnnamed => JobRefusal::PcUnnamed,
        NoOrder::PcNotListed => JobRefusal::PcNotListed,
        NoOrder::PcContradicts => JobRefusal::PcContradicts,
        NoOrder::NoDrive => JobRefusal::NoDrive,
    }
}
