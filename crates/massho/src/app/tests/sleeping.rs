//! A sleep of the PC, and the stick before and after it.

use super::*;
use model::{Condition, Support, Technique};
use wizard::SleepOutcome;

fn freeze(desk: &Desk) {
    let mut sight = desk::sight(&[stick_facts(2, "9")]);
    let drive = &mut sight.found[0].drive;
    drive.conditions.0.insert(Condition::SecurityFrozen);
    drive.capabilities.0.insert(Technique::AtaSecurityEraseEnhanced, Support::Frozen);
    *desk.drives.sight.lock().unwrap() = Some(sight);
}

fn thaw(desk: &Desk) {
    *desk.drives.sight.lock().unwrap() = Some(desk::sight(&[stick_facts(2, "9")]));
}

/// A session on a PC whose first drive is frozen.
fn frozen_desk() -> Desk {
    let mut desk = Desk::new(usize::MAX);
    freeze(&desk);
    *desk.sleeper.stick.lock().unwrap() = Some(desk.stick.clone());
    desk.app.handle(Event::Hotplug);
    desk.until(|app| app.sights > 1);
    desk.begin();
    desk
}

/// Until the sleep has been answered; the answer.
fn answer(desk: &mut Desk) -> SleepOutcome {
    desk.until(|app| app.sleeping.is_none());
    let answer = |msg: &Msg| match msg {
        Msg::Slept(outcome) => Some(outcome.clone()),
        _ => None,
    };
    desk.app.told.iter().rev().find_map(answer).unwrap()
}

#[test]
fn the_stick_is_let_go_of_before_the_pc_sleeps_and_its_log_goes_on_after() {
    let mut desk = frozen_desk();
    let before = desk.stick.text();
    desk.app.carry_out(Effect::Sleep);
    thaw(&desk);
    let SleepOutcome::Woke(thaw) = answer(&mut desk) else { panic!("did not wake") };
    assert_eq!((thaw.thawed, thaw.frozen), (vec![DriveNo(1)], vec![]));
    let asleep = desk.sleeper.asleep.lock().unwrap().clone();
    assert_eq!(asleep, [(Duration::from_secs(wizard::SLEEP_SECONDS.into()), 1)], "not unmounted");
    assert_eq!(*desk.rung.lock().unwrap(), 1);
    let told = |test: fn(&Msg) -> bool| desk.app.told.iter().position(test);
    let awake = told(|msg| matches!(msg, Msg::Awake)).unwrap();
    assert!(awake < told(|msg| matches!(msg, Msg::Slept(_))).unwrap(), "it is said before the stick is back");
    assert_eq!(desk.session().log.standing(), Journal::Saved);
    let text = desk.stick.text();
    assert!(text.starts_with(&before) && text.contains("\"slept\""), "{text}");
    assert!(!text.contains("stick-lost") && !text.contains("stick-returned"), "{text}");
    // What the drive can do now is in the log.
    assert_eq!(text.matches("\"type\":\"inventory\"").count(), 2, "{text}");
    assert_eq!(*desk.ports.mounts.lock().unwrap(), 2);
}

#[test]
fn a_drive_that_stays_frozen_is_told_as_such() {
    let mut desk = frozen_desk();
    desk.app.carry_out(Effect::Sleep);
    let SleepOutcome::Woke(thaw) = answer(&mut desk) else { panic!("did not wake") };
    assert_eq!((thaw.thawed, thaw.frozen), (vec![], vec![DriveNo(1)]));
}

#[test]
fn a_pc_without_deep_sleep_is_told_so_before_anything_is_unmounted() {
    let mut desk = frozen_desk();
    *desk.sleeper.deep.lock().unwrap() = false;
    desk.app.carry_out(Effect::Sleep);
    assert_eq!(answer(&mut desk), SleepOutcome::NotSupported);
    assert!(desk.session().log.has_keeper() && desk.stick.released() == 0);
}

#[test]
fn after_a_confirmation_the_pc_is_not_put_to_sleep() {
    let mut desk = frozen_desk();
    desk.arming.let_in(0);
    desk.confirm();
    desk.app.carry_out(Effect::Sleep);
    assert!(matches!(answer(&mut desk), SleepOutcome::Failed(_)));
    desk.arming.let_in(1);
    desk.until(|app| !app.session.as_ref().unwrap().is_working());
    desk.app.carry_out(Effect::Sleep);
    assert!(matches!(answer(&mut desk), SleepOutcome::Failed(_)), "a job has ended");
    assert!(desk.sleeper.asleep.lock().unwrap().is_empty());
}

#[test]
fn a_stick_that_is_not_let_go_of_keeps_the_pc_awake() {
    let mut desk = frozen_desk();
    desk.stick.set(Mood::Clings);
    desk.app.carry_out(Effect::Sleep);
    desk.until(|app| app.sleeping.is_none() || !app.scanner.is_busy() && app.sights > 4);
    desk.stick.set(Mood::Works);
    assert!(matches!(answer(&mut desk), SleepOutcome::Failed(why) if why.contains("answer")));
    assert!(desk.sleeper.asleep.lock().unwrap().is_empty());
    desk.until(Desk::saved);
}

#[test]
fn a_sleep_that_is_refused_leaves_the_log_on_its_stick() {
    let mut desk = frozen_desk();
    *desk.sleeper.refuses.lock().unwrap() = true;
    desk.app.carry_out(Effect::Sleep);
    assert!(matches!(answer(&mut desk), SleepOutcome::Failed(why) if why.contains("busy")));
    assert_eq!(desk.session().log.standing(), Journal::Saved);
    assert_eq!(*desk.rung.lock().unwrap(), 0);
    assert!(!desk.stick.text().contains("\"slept\""));
}

#[test]
fn a_stick_that_is_not_back_is_told_and_gone_on_on_when_it_is() {
    let mut desk = frozen_desk();
    desk.sleeper.door.let_in(0);
    desk.app.carry_out(Effect::Sleep);
    let mut sight = desk::sight(&[]);
    sight.found.remove(1);
    *desk.drives.sight.lock().unwrap() = Some(sight);
    desk.sleeper.door.let_in(1);
    let sights = desk.app.sights;
    desk.until(|app| app.sights > sights);
    assert!(desk.app.sleeping.is_some(), "given up at once");
    desk.app.tick(later(120));
    assert!(matches!(answer(&mut desk), SleepOutcome::StickMissing(_)));
    assert!(matches!(desk.session().log.standing(), Journal::Unsaved { .. }));
    desk.see(&[stick_facts(2, "31")]);
    desk.until(Desk::saved);
    let text = desk.stick.text();
    assert!(text.find("\"slept\"") < text.find("stick-lost"), "{text}");
    assert!(text.find("stick-lost") < text.find("stick-returned"), "{text}");
}

#[test]
fn a_stick_that_comes_back_as_another_disk_is_the_same_stick() {
    let mut desk = frozen_desk();
    desk.app.carry_out(Effect::Sleep);
    *desk.drives.sight.lock().unwrap() = Some(desk::sight(&[stick_facts(2, "40")]));
    assert!(matches!(answer(&mut desk), SleepOutcome::Woke(_)));
    assert_eq!(desk.session().sequence.as_str(), "40");
    desk.app.tick(Instant::now());
    assert!(!desk.stick.text().contains("stick-lost"), "taken for one that was pulled");
}

#[test]
fn while_the_pc_goes_to_sleep_nothing_else_begins() {
    let mut desk = frozen_desk();
    desk.sleeper.door.let_in(0);
    desk.app.carry_out(Effect::Sleep);
    let sights = desk.app.sights;
    desk.app.handle(Event::Hotplug);
    desk.app.carry_out(Effect::CloseSession(CloseReason::Abandoned));
    assert_eq!(desk.session().closing, Closing::NotAsked);
    assert!(!desk.app.scanner.is_looking() && desk.app.sights == sights);
    assert!(desk.app.must_go_on());
    desk.sleeper.door.let_in(1);
    answer(&mut desk);
    desk.until(|app| app.session.as_ref().unwrap().closing == Closing::Done);
}

#[test]
fn what_is_not_saved_yet_is_saved_before_the_pc_sleeps() {
    let mut desk = frozen_desk();
    desk.stick.set(Mood::Hangs);
    desk.app.with_session(|session| session.log.notice(record::NoticeCode::Other, None, "queued"));
    desk.stick.wait_until_it_hangs();
    desk.app.carry_out(Effect::Sleep);
    desk.app.tick(later(30));
    assert!(desk.sleeper.asleep.lock().unwrap().is_empty() && desk.app.sleeping.is_some());
    desk.stick.set(Mood::Works);
    assert!(matches!(answer(&mut desk), SleepOutcome::Woke(_)));
    let text = desk.stick.text();
    assert!(text.find("queued") < text.find("\"slept\""), "{text}");
    desk.stick.set(Mood::Hangs);
    desk.app.with_session(|session| session.log.notice(record::NoticeCode::Other, None, "again"));
    desk.app.carry_out(Effect::Sleep);
    desk.app.tick(later(90));
    assert!(matches!(answer(&mut desk), SleepOutcome::Failed(_)));
    desk.stick.set(Mood::Works);
}

#[test]
fn a_stick_without_a_session_is_let_go_of_and_opened_again_with_its_key() {
    let mut desk = Desk::new(usize::MAX);
    desk.until(|app| app.sights > 0);
    *desk.sleeper.stick.lock().unwrap() = Some(desk.stick.clone());
    desk.app.open_stick(StickNo(1));
    desk.until(|app| app.opened.is_some());
    let key = desk.app.opened.as_ref().unwrap().key.public();
    desk.app.carry_out(Effect::Sleep);
    assert!(matches!(answer(&mut desk), SleepOutcome::Woke(_)));
    assert_eq!(desk.sleeper.asleep.lock().unwrap()[0].1, 1, "not unmounted");
    assert_eq!(desk.app.opened.as_ref().unwrap().key.public(), key);
    desk.app.begin_session(&answers(InformationClass::Three));
    desk.until(Desk::saved);
    assert!(desk.stick.text().contains("\"slept\""));
}

#[test]
fn the_screens_are_told_what_draws_on_them_once_and_when_that_changes() {
    let mut desk = Desk::new(usize::MAX);
    let told = |desk: &Desk| -> Vec<wizard::Display> {
        let displays = desk.app.told.iter().filter_map(|msg| match msg {
            Msg::Display(display) => Some(*display),
            _ => None,
        });
        displays.collect()
    };
    desk.app.tick(Instant::now());
    assert_eq!(told(&desk), [], "it is taken for one of its own");
    *desk.display.lock().unwrap() = wizard::Display::Firmware;
    desk.app.tick(Instant::now());
    desk.app.tick(Instant::now());
    *desk.display.lock().unwrap() = wizard::Display::Driven;
    desk.app.tick(Instant::now());
    assert_eq!(told(&desk), [wizard::Display::Firmware, wizard::Display::Driven]);
}
