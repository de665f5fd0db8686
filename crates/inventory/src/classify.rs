//! May this drive be offered? Pure, and every reason is named.

use crate::facts::{Claim, DiskFacts, Link, Probe, Removable, WriteState};
use crate::marks::Marks;
use model::{ByteLen, DeviceText, Eligibility, Ineligible};

/// What this session uses the drive for, as the caller knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    None,
    /// The results stick of this session.
    ResultsStick,
}

/// Decides from facts alone. `identified` is the failure to identify it, if it failed; an optical drive is one.
#[must_use]
pub fn classify(facts: &DiskFacts, role: Role, unidentified: Option<&str>, optical: bool) -> Eligibility {
    let mut reasons = Vec::new();
    if role == Role::ResultsStick {
        reasons.push(Ineligible::ResultsStick);
    }
    if optical {
        reasons.push(Ineligible::Optical);
    }
    let pluggable =
        facts.removable == Removable::Yes || matches!(facts.link, Link::Usb { .. } | Link::Mmc { .. });
    if facts.whole.len == ByteLen(0) && (pluggable || optical) {
        reasons.push(Ineligible::NoMedium);
    } else if facts.whole.len == ByteLen(0) {
        // Nothing can be taken out of it: a drive that has lost its own tables says this, and holds its data.
        reasons.push(Ineligible::Unidentified("it reports a capacity of zero".into()));
    } else if let Some(failure) = unidentified {
        reasons.push(Ineligible::Unidentified(failure.into()));
    }
    // Its own marks are the session's own: saying so again would only confuse.
    if role == Role::None && !optical && facts.whole.len != ByteLen(0) {
        reasons.extend(mark_reasons(facts));
    }
    for volume in facts.volumes() {
        if role == Role::None {
            reasons.extend(volume.mounted_at.iter().cloned().map(Ineligible::Mounted));
        }
        reasons.extend(volume.holders.iter().cloned().map(Ineligible::HeldBy));
    }
    if facts.write == WriteState::ReadOnly && !optical {
        reasons.push(Ineligible::ReadOnly);
    }
    if facts.probe == Probe::Unfinished {
        reasons.push(Ineligible::Unchecked("udev did not finish with it".into()));
    }
    // Asked last: where the user is known, naming it is better than "in use".
    match &facts.claim {
        Claim::Refused if reasons.is_empty() => reasons.push(Ineligible::InUse),
        Claim::Failed(failure) if reasons.is_empty() => reasons.push(Ineligible::Unchecked(failure.clone())),
        _ => {}
    }
    if reasons.is_empty() { Eligibility::Eligible } else { Eligibility::Ineligible(reasons) }
}

fn mark_reasons(facts: &DiskFacts) -> Vec<Ineligible> {
    let mut reasons = Vec::new();
    for volume in facts.volumes() {
        let reason = match &volume.marks {
            Ok(Marks::None) => continue,
            Ok(Marks::BootImage) => Ineligible::BootStick,
            Ok(Marks::Logs { .. }) => Ineligible::HoldsLogs,
            Err(error) => Ineligible::Unchecked(DeviceText::from(error.to_string().as_str())),
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Adapter, Filesystem, VolumeFacts};
    use crate::marks::MarkError;

    fn volume(name: &str) -> VolumeFacts {
        VolumeFacts {
            node: format!("/dev/{name}").into(),
            name: name.into(),
            number: (8, 0),
            len: ByteLen(1 << 30),
            filesystem: Filesystem::default(),
            mounted_at: Vec::new(),
            holders: Vec::new(),
            marks: Ok(Marks::None),
        }
    }

    fn disk() -> DiskFacts {
        DiskFacts {
            whole: volume("sda"),
            partitions: vec![volume("sda1"), volume("sda2")],
            sequence: "7".into(),
            link: Link::Scsi,
            adapter: Adapter::Other,
            probe: Probe::Finished,
            removable: Removable::No,
            write: WriteState::Writable,
            claim: Claim::Given,
        }
    }

    fn with(change: impl FnOnce(&mut DiskFacts)) -> Eligibility {
        let mut facts = disk();
        change(&mut facts);
        classify(&facts, Role::None, None, false)
    }

    fn only(reason: Ineligible) -> Eligibility {
        Eligibility::Ineligible(vec![reason])
    }

    #[test]
    fn a_free_drive_with_nothing_of_ours_is_eligible() {
        assert_eq!(with(|_| {}), Eligibility::Eligible);
    }

    #[test]
    fn boot_sticks_and_log_sticks_are_never_offered_wherever_the_mark_is() {
        for at in 0..2usize {
            assert_eq!(
                with(|f| f.partitions[at].marks = Ok(Marks::Logs { sessions: 1 })),
                only(Ineligible::HoldsLogs)
            );
            assert_eq!(with(|f| f.partitions[at].marks = Ok(Marks::BootImage)), only(Ineligible::BootStick));
        }
        assert_eq!(with(|f| f.whole.marks = Ok(Marks::BootImage)), only(Ineligible::BootStick));
    }

    #[test]
    fn a_drive_that_could_not_be_checked_is_not_offered() {
        let verdict = with(|f| f.partitions[0].marks = Err(MarkError::Unreadable("EIO".into())));
        assert!(
            matches!(verdict, Eligibility::Ineligible(reasons) if matches!(reasons[..], [Ineligible::Unchecked(_)]))
        );
        assert!(!with(|f| f.claim = Claim::Failed("EACCES".into())).is_eligible());
    }

    #[test]
    fn a_mounted_partition_and_a_holder_protect_the_whole_drive() {
        let mounted = with(|f| {
            f.partitions[1].mounted_at.push("/mnt".into());
            f.claim = Claim::Refused;
        });
        assert_eq!(mounted, only(Ineligible::Mounted("/mnt".into())));
        assert_eq!(
            with(|f| f.partitions[0].holders.push("dm-0".into())),
            only(Ineligible::HeldBy("dm-0".into()))
        );
    }

    #[test]
    fn refused_exclusive_access_is_refusal_even_if_no_user_is_found() {
        assert_eq!(with(|f| f.claim = Claim::Refused), only(Ineligible::InUse));
    }

    #[test]
    fn read_only_empty_and_unidentified_drives_are_not_offered() {
        assert_eq!(with(|f| f.write = WriteState::ReadOnly), only(Ineligible::ReadOnly));
        let empty = with(|f| (f.whole.len, f.removable) = (ByteLen(0), Removable::Yes));
        assert_eq!(empty, only(Ineligible::NoMedium));
        let dead = with(|f| f.whole.len = ByteLen(0));
        assert!(
            matches!(dead, Eligibility::Ineligible(reasons) if matches!(reasons[..], [Ineligible::Unidentified(_)]))
        );
        let unidentified = classify(&disk(), Role::None, Some("no answer"), false);
        assert_eq!(unidentified, only(Ineligible::Unidentified("no answer".into())));
        assert_eq!(classify(&disk(), Role::None, None, true), only(Ineligible::Optical));
    }

    #[test]
    fn the_results_stick_of_this_session_is_named_as_such() {
        let mut facts = disk();
        facts.partitions[0].marks = Ok(Marks::Logs { sessions: 1 });
        facts.partitions[0].mounted_at.push("/run/massho/stick".into());
        facts.claim = Claim::Refused;
        assert_eq!(classify(&facts, Role::ResultsStick, None, false), only(Ineligible::ResultsStick));
    }
}
