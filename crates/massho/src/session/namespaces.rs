//! NVMe drives whose namespaces are erased one by one: the medium is erased only if every one of them is.

use super::Session;
use model::{Bus, DeviceText, Drive, DriveNo, DriveResult, Evidence, FailureReason, Outcome, Support};
use std::collections::BTreeMap;

/// A physical drive: every namespace of it is listed as a drive.
type Name = (String, String);

fn name(drive: &Drive) -> Name {
    let text = |text: &DeviceText| text.as_str().to_owned();
    (text(&drive.identity.model), text(&drive.identity.serial))
}

impl Session {
    /// Takes back what was reached on namespaces of a drive of which another one was not erased. Returns the results
    /// that hold from now on. To be called once the results so far are recorded, before anybody witnesses them.
    pub(crate) fn settle_namespaces(&mut self) -> Vec<(DriveNo, DriveResult)> {
        if self.log.is_closed() {
            return Vec::new();
        }
        let mut groups: BTreeMap<Name, Vec<DriveNo>> = BTreeMap::new();
        for drive in self.recorded.values().filter(|drive| drive.identity.bus == Bus::Nvme) {
            groups.entry(name(drive)).or_default().push(drive.no);
        }
        let lone: Vec<DriveNo> = groups.values().flat_map(|group| self.not_as_a_whole(group)).collect();
        lone.into_iter().filter_map(|drive| self.take_back(drive)).collect()
    }

    /// The namespaces of one drive that were erased in vain, once nothing of it is being erased any more.
    fn not_as_a_whole(&self, group: &[DriveNo]) -> Vec<DriveNo> {
        if group.iter().any(|no| self.jobs.contains_key(no) || self.arming.contains_key(no)) {
            return Vec::new();
        }
        let reached: Vec<(DriveNo, u16)> =
            group.iter().filter_map(|no| Some((*no, self.shares_with(*no)?))).collect();
        let all = group.iter().filter(|no| self.has_reached(**no)).count();
        reached.into_iter().filter(|(_, count)| all < usize::from(*count)).map(|(no, _)| no).collect()
    }

    fn has_reached(&self, no: DriveNo) -> bool {
        self.results.get(&no).is_some_and(|it| it.achieved.is_some() && it.outcome != Outcome::Failed)
    }

    /// How many namespaces have to be erased for what was reached on this one to hold.
    fn shares_with(&self, no: DriveNo) -> Option<u16> {
        let technique = self.results.get(&no)?.evidence.attempts.last()?.technique;
        match self.recorded.get(&no)?.capabilities.support(technique) {
            Support::EachNamespace { count } if self.has_reached(no) => Some(count),
            _ => None,
        }
    }

    fn take_back(&mut self, no: DriveNo) -> Option<(DriveNo, DriveResult)> {
        let before = self.results.get(&no)?;
        // The result before stands in the log, with its evidence; an attempt is recorded once.
        let result = DriveResult {
            outcome: Outcome::Incomplete,
            asked: before.asked,
            achieved: None,
            failure: Some(FailureReason::OtherNamespace),
            not_covered: None,
            evidence: Evidence::default(),
        };
        let period = self.periods.get(&no).cloned();
        self.record_result(no, result.clone(), period);
        Some((no, result))
    }
}
