//! Facts in, verdict out.

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
        place: None,
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
    classify(&facts, Role::None, &said(&[]).as_said())
}

/// What a drive says that is identified, and in these states.
struct Words(Conditions);

impl Words {
    fn as_said(&self) -> Said<'_> {
        Said { failure: None, medium: Medium::Ssd, conditions: &self.0 }
    }
}

fn said(conditions: &[Condition]) -> Words {
    Words(Conditions(conditions.iter().copied().collect()))
}

/// A drive in a state, of which nothing can be read.
fn closed(condition: Condition, change: impl FnOnce(&mut DiskFacts)) -> Eligibility {
    let mut facts = disk();
    for volume in std::iter::once(&mut facts.whole).chain(&mut facts.partitions) {
        volume.marks = Err(MarkError::Unreadable("EIO".into()));
    }
    facts.probe = Probe::Unfinished;
    change(&mut facts);
    classify(&facts, Role::None, &said(&[condition]).as_said())
}

fn only(reason: Ineligible) -> Eligibility {
    Eligibility::Ineligible(vec![reason])
}

#[test]
fn a_free_drive_with_nothing_of_ours_is_eligible() {
    assert_eq!(with(|_| {}), Eligibility::Eligible);
}

#[test]
fn a_stick_whose_logs_were_all_collected_is_offered() {
    assert_eq!(with(|f| f.partitions[0].marks = Ok(Marks::Collected { sessions: 3 })), Eligibility::Eligible);
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
    let words = said(&[]);
    let silent = Said { failure: Some("no answer"), ..words.as_said() };
    let unidentified = classify(&disk(), Role::None, &silent);
    assert_eq!(unidentified, only(Ineligible::Unidentified("no answer".into())));
    assert_eq!(
        classify(&disk(), Role::None, &Said { medium: Medium::Optical, ..words.as_said() }),
        only(Ineligible::Optical)
    );
}

#[test]
fn the_results_stick_of_this_session_is_named_as_such() {
    let mut facts = disk();
    facts.partitions[0].marks = Ok(Marks::Logs { sessions: 1 });
    facts.partitions[0].mounted_at.push("/run/massho/stick".into());
    facts.claim = Claim::Refused;
    assert_eq!(classify(&facts, Role::ResultsStick, &said(&[]).as_said()), only(Ineligible::ResultsStick));
}

#[test]
fn a_drive_that_erases_itself_is_named_so_and_not_unidentified() {
    for condition in [Condition::Sanitizing, Condition::Formatting] {
        assert_eq!(closed(condition, |_| {}), only(Ineligible::ErasingItself));
        let empty = closed(condition, |f| f.whole.len = ByteLen(0));
        assert_eq!(empty, only(Ineligible::ErasingItself), "its capacity may be gone for the host");
    }
}

#[test]
fn a_locked_drive_is_named_so() {
    assert_eq!(closed(Condition::Locked, |_| {}), only(Ineligible::Locked));
}

#[test]
fn a_drive_that_only_another_erase_can_recover_is_offered_though_nothing_can_be_read() {
    assert_eq!(closed(Condition::SanitizeFailed, |_| {}), Eligibility::Eligible);
    assert_eq!(closed(Condition::FormatCorrupt, |_| {}), Eligibility::Eligible);
    let dead = closed(Condition::FormatCorrupt, |f| f.whole.len = ByteLen(0));
    assert!(!dead.is_eligible(), "without a capacity nothing can be verified");
}

#[test]
fn no_state_makes_a_marked_mounted_or_held_drive_eligible() {
    for condition in [Condition::SanitizeFailed, Condition::Sanitizing, Condition::Locked] {
        let marked = closed(condition, |f| f.partitions[0].marks = Ok(Marks::Logs { sessions: 1 }));
        let held = closed(condition, |f| f.whole.holders.push("md0".into()));
        let mounted = closed(condition, |f| f.partitions[0].mounted_at.push("/mnt".into()));
        for (verdict, reason) in [
            (marked, Ineligible::HoldsLogs),
            (held, Ineligible::HeldBy("md0".into())),
            (mounted, Ineligible::Mounted("/mnt".into())),
        ] {
            assert!(matches!(&verdict, Eligibility::Ineligible(reasons) if reasons.contains(&reason)));
        }
    }
}

#[test]
fn a_frozen_drive_is_read_like_any_other() {
    let frozen = [Condition::SecurityFrozen, Condition::SanitizeFrozen, Condition::PasswordSet];
    let mut facts = disk();
    assert_eq!(classify(&facts, Role::None, &said(&frozen).as_said()), Eligibility::Eligible);
    facts.whole.marks = Err(MarkError::Unreadable("EIO".into()));
    assert!(!classify(&facts, Role::None, &said(&frozen).as_said()).is_eligible());
}
