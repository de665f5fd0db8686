//! Drives that were found erasing themselves.

use super::*;
use crate::testing::Follows;
use model::{ByteLen, Condition, Eligibility, Ineligible, StepKind};
use sanitize::{FollowEnd, JobEvent, Progress, ProgressSource};
use wizard::{JobView, Phase};

/// The first drive erases itself.
fn busy(desk: &Desk) {
    let mut sight = desk::sight(&[stick_facts(2, "9")]);
    let drive = &mut sight.found[0].drive;
    drive.conditions.0.insert(Condition::Sanitizing);
    drive.eligibility = Eligibility::Ineligible(vec![Ineligible::ErasingItself]);
    *desk.drives.sight.lock().unwrap() = Some(sight);
}

fn idle(desk: &Desk) {
    *desk.drives.sight.lock().unwrap() = Some(desk::sight(&[stick_facts(2, "9")]));
}

fn busy_desk() -> Desk {
    let mut desk = Desk::new(usize::MAX);
    desk.until(|app| app.sights > 0);
    busy(&desk);
    desk.app.handle(Event::Hotplug);
    desk.until(|app| app.following.is_any());
    desk
}

fn views(desk: &Desk) -> Vec<JobView> {
    let view = |msg: &Msg| match msg {
        Msg::Following(DriveNo(1), view) => Some(*view),
        _ => None,
    };
    desk.app.told.iter().filter_map(view).collect()
}

fn progress(done: u64) -> Follows {
    let progress = Progress {
        phase: sanitize::Phase::Formatting,
        done: ByteLen(done),
        of: ByteLen(100),
        rate: 0,
        remaining: None,
        source: ProgressSource::Drive,
    };
    Follows::Tells(Box::new(JobEvent::Progress(progress)))
}

fn step(what: StepKind) -> Follows {
    Follows::Tells(Box::new(JobEvent::Step { what, raw: Vec::new() }))
}

#[test]
fn a_drive_that_erases_itself_is_followed_once_and_offered_when_it_has_ended() {
    let mut desk = busy_desk();
    for event in [progress(5), step(StepKind::Stalled), progress(5), step(StepKind::Recovered), progress(60)]
    {
        desk.care.follow.send(event).unwrap();
    }
    while views(&desk).len() < 6 {
        desk.next();
    }
    let seen: Vec<(Phase, u64)> = views(&desk).iter().map(|view| (view.phase, view.done)).collect();
    use Phase::{DriveErases, Stalled};
    let expected =
        [(DriveErases, 0), (DriveErases, 5), (Stalled, 5), (Stalled, 5), (DriveErases, 5), (DriveErases, 60)];
    assert_eq!(seen, expected);
    // It is left alone meanwhile, and not followed twice.
    desk.until(|app| !app.scanner.is_busy());
    desk.app.handle(Event::Hotplug);
    desk.until(|app| !app.scanner.is_busy());
    assert_eq!(desk.drives.orders.lock().unwrap().last().unwrap().spared, [DriveNo(1)].into());
    idle(&desk);
    desk.care.follow.send(Follows::Ends(FollowEnd::Ended)).unwrap();
    desk.until(|app| !app.following.is_any());
    assert!(desk.app.told.contains(&Msg::Followed(DriveNo(1), wizard::FollowEnd::Ended)));
    desk.until(|app| !app.scanner.is_busy());
    assert!(desk.drives.orders.lock().unwrap().last().unwrap().spared.is_empty());
    assert!(desk.app.sight.get(DriveNo(1)).unwrap().drive.eligibility.is_eligible());
    // What was seen before there was a log is in it.
    desk.begin();
    let text = desk.stick.text();
    assert!(text.find("found-erasing") < text.find("followed-to-end"), "{text}");
    assert!(text.contains("the drive says that its erase ended"), "{text}");
}

#[test]
fn a_session_that_closes_while_a_drive_is_followed_says_that_it_must_not_leave() {
    let mut desk = busy_desk();
    desk.begin();
    desk.app.close(CloseReason::Abandoned);
    desk.until(|app| app.session.as_ref().unwrap().closing == Closing::Done);
    let report = record::verify(&desk.stick.log());
    assert_eq!(report.standing(), record::Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.drives[0].verdict, Some(model::Verdict::MustNotLeave));
    assert!(desk.stick.text().contains("found-erasing"));
}

#[test]
fn the_pc_does_not_sleep_while_a_drive_erases_itself() {
    let mut desk = busy_desk();
    desk.begin();
    desk.app.carry_out(Effect::Sleep);
    assert!(matches!(desk.app.told.last(), Some(Msg::Slept(wizard::SleepOutcome::Failed(_)))));
    // Nor while one is found doing so on the way to the sleep.
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    busy(&desk);
    desk.drives.door.let_in(0);
    desk.app.handle(Event::Hotplug);
    desk.app.carry_out(Effect::Sleep);
    desk.drives.door.let_in(usize::MAX);
    desk.until(|app| app.sleeping.is_none());
    let failed = |msg: &Msg| matches!(msg, Msg::Slept(wizard::SleepOutcome::Failed(_)));
    assert!(desk.app.told.iter().any(failed) && desk.sleeper.asleep.lock().unwrap().is_empty());
}

#[test]
fn what_a_job_of_this_session_left_behind_is_not_somebody_elses() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    let now = crate::clock::now();
    let period = record::Period { began: now.clone(), ended: now };
    let stalled = not_started(FailureReason::Stalled("655".into()), Some(model::Method::Purge));
    desk.session().record_result(DriveNo(1), stalled, Some(period));
    busy(&desk);
    let sights = desk.app.sights;
    desk.app.handle(Event::Hotplug);
    desk.until(|app| app.sights > sights);
    desk.until(Desk::saved);
    assert!(!desk.app.following.is_any() && !desk.stick.text().contains("found-erasing"));
}

#[test]
fn an_end_that_cannot_be_told_is_no_end() {
    let mut desk = busy_desk();
    desk.care.follow.send(Follows::Ends(FollowEnd::Stalled("655".into()))).unwrap();
    desk.until(|app| !app.following.is_any());
    let unclear = Msg::Followed(DriveNo(1), wizard::FollowEnd::Indeterminate("655".into()));
    assert!(desk.app.told.contains(&unclear));
    // Still at it as far as a look can tell: followed once all the same.
    desk.until(|app| !app.scanner.is_busy());
    assert!(!desk.app.following.is_any());
}
