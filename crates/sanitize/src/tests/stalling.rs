//! Drives that stand still, run to and fro, were found at work, or were found broken.

use crate::event::{JobEvent, ProgressSource};
use crate::fake::rig::{Advance, Doing, Found, Leaves, Rig, Rules};
use crate::fake::rigged::{bus, erase, run, techniques};
use crate::{FollowEnd, follow};
use model::{Bus, FailureReason, Outcome, StepKind, Technique};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn sanitizes() -> impl Iterator<Item = Technique> {
    techniques().filter(|technique| technique.name().contains("sanitize"))
}

#[test]
fn a_drive_that_sits_at_655_for_hours_is_stalled_and_done_when_it_goes_on() {
    for technique in sanitizes() {
        let rig = Rig::new(Rules { advance: Advance::StuckFor(HOUR * 12), ..Rules::default() });
        let ran = run(&rig, erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}: {:?}", ran.result.failure);
        let steps = ran.steps();
        let count = |kind: StepKind| steps.iter().filter(|step| **step == kind).count();
        assert_eq!((count(StepKind::Stalled), count(StepKind::Recovered)), (1, 1), "{technique}");
    }
}

#[test]
fn a_drive_that_sits_at_655_for_a_month_is_stalled_and_never_done() {
    for technique in sanitizes() {
        let rig = Rig::new(Rules { advance: Advance::StuckFor(HOUR * 24 * 30), ..Rules::default() });
        let ran = run(&rig, erase(technique));
        assert!(matches!(ran.result.failure, Some(FailureReason::Stalled(_))), "{technique}");
        assert_eq!((ran.result.outcome, ran.result.achieved), (Outcome::Incomplete, None));
        assert!(matches!(rig.inside().doing, Doing::Working { .. }), "it is left at work");
    }
}

#[test]
fn progress_that_goes_back_confuses_nobody() {
    for technique in sanitizes() {
        let rules = Rules { advance: Advance::ToAndFro, takes: HOUR * 30, ..Rules::default() };
        let ran = run(&Rig::new(rules), erase(technique));
        assert!(matches!(ran.result.failure, Some(FailureReason::Stalled(_))), "{technique}");
        let rules = Rules { advance: Advance::ToAndFro, takes: HOUR, ..Rules::default() };
        assert_eq!(run(&Rig::new(rules), erase(technique)).result.outcome, Outcome::Done);
    }
}

#[test]
fn progress_is_the_drives_own_number_or_says_that_there_is_none() {
    for technique in techniques() {
        let ran = run(&Rig::new(Rules::default()), erase(technique));
        let of_drive = ran.events.iter().filter_map(|event| match event {
            JobEvent::Progress(it) if it.phase == crate::Phase::Formatting => Some(it.source),
            _ => None,
        });
        let told: Vec<ProgressSource> = of_drive.collect();
        let blocks = technique.name().contains("security") || technique.name().starts_with("nvme-format");
        let expected = if blocks { ProgressSource::Silent } else { ProgressSource::Drive };
        assert!(!told.is_empty() && told.iter().all(|source| *source == expected), "{technique}: {told:?}");
    }
}

#[test]
fn a_drive_found_at_work_is_not_sent_anything() {
    for technique in sanitizes() {
        let rig = Rig::new(Rules { found: Found::AtWork(HOUR), ..Rules::default() });
        let ran = run(&rig, erase(technique));
        assert!(matches!(ran.result.failure, Some(FailureReason::CommandRejected(_))), "{technique}");
        assert_eq!((rig.sent().len(), rig.inside().writes), (0, 0));
    }
}

#[test]
fn a_drive_found_failed_is_erased_twice_so_that_it_is_proven() {
    for technique in sanitizes().chain([Technique::ScsiFormatUnit]) {
        let rig = Rig::new(Rules { found: Found::Failed, ..Rules::default() });
        let ran = run(&rig, erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}: {:?}", ran.result.failure);
        assert_eq!(ran.result.evidence.attempts.len(), 2);
        assert!(ran.result.evidence.canaries.unwrap().planted > 0);
        let rig = Rig::new(Rules { found: Found::Failed, leaves: Leaves::Everything, ..Rules::default() });
        assert_eq!(run(&rig, erase(technique)).result.failure, Some(FailureReason::MediumUnchanged));
    }
}

fn followed(rules: Rules, bus: Bus) -> (FollowEnd, Vec<JobEvent>) {
    let rig = Rig::new(rules);
    let mut events = Vec::new();
    let followed = follow(&rig, bus, &rig.clock, &mut |event| events.push(event));
    assert_eq!((rig.sent().len(), rig.inside().writes), (0, 0), "following changes nothing");
    (followed.end, events)
}

#[test]
fn an_erase_that_was_begun_before_is_followed_to_its_end() {
    let buses: std::collections::BTreeSet<String> =
        techniques().map(|technique| format!("{:?}", bus(technique))).collect();
    assert_eq!(buses.len(), 3);
    for bus in [Bus::Ata, Bus::Scsi, Bus::Nvme] {
        let at_work = Rules { found: Found::AtWork(HOUR * 2), ..Rules::default() };
        let (end, events) = followed(at_work.clone(), bus);
        assert_eq!(end, FollowEnd::Ended, "{bus:?}");
        assert!(matches!(&events[0], JobEvent::Step { what: StepKind::Following, .. }));
        assert!(events.iter().any(|event| matches!(event, JobEvent::Progress(_))));

        let (end, _) = followed(Rules { ends_in_failure: true, ..at_work.clone() }, bus);
        assert!(matches!(end, FollowEnd::Failed(_)), "{bus:?}");
        let (end, _) = followed(Rules { gone_at: Some(HOUR), ..at_work.clone() }, bus);
        assert_eq!(end, FollowEnd::Vanished, "{bus:?}");
        let stuck = Rules { advance: Advance::StuckFor(HOUR * 24 * 30), ..at_work };
        assert!(matches!(followed(stuck, bus).0, FollowEnd::Stalled(_)), "{bus:?}");
        assert_eq!(followed(Rules::default(), bus).0, FollowEnd::Idle, "{bus:?}");
        let (end, _) = followed(Rules { found: Found::Failed, ..Rules::default() }, bus);
        assert!(matches!(end, FollowEnd::Failed(_)), "{bus:?}");
    }
}

#[test]
fn a_drive_on_a_bus_without_such_questions_is_not_asked() {
    for bus in [Bus::Usb, Bus::Mmc, Bus::Other] {
        let at_work = Rules { found: Found::AtWork(HOUR), ..Rules::default() };
        assert!(matches!(followed(at_work, bus).0, FollowEnd::Unclear(_)));
    }
}
