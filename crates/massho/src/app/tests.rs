//! The whole program on drives and sticks that hang at will: it goes on, and keeps its order.

mod desk;
mod following;
mod jobs;
mod probing;
mod sleeping;
mod unlocking;
mod unsealing;
mod walking;

use super::*;
use crate::drives;
use crate::event::Event;
use crate::office::BootDocuments;
use crate::opening::MountedStick;
use crate::scanner::{DriveSource, LookError, LookOrder};
use crate::session::not_started;
use crate::sleep::SleepError;
use crate::testing::{Carer, Door, FakeStick, Mood, answers, drives, found, plan, stick_facts};
use crossbeam_channel::Receiver;
use desk::{Desk, SOON};
use inventory::StickFacts;
use model::{DriveNo, FailureReason, InformationClass};
use policy::Confirmation;
use std::sync::Mutex;
use std::time::Duration;
use stick::StickError;
use wizard::{CloseReason, Journal, Key, Language, StickNo};

fn later(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

#[test]
fn what_the_inventory_says_of_a_drive_is_told_in_the_language_of_the_screen() {
    assert_eq!(wizard::Cause::RaidVolume.as_str(), inventory::BEHIND_RAID);
    assert_eq!(wizard::Cause::ReportsNoSerial.as_str(), inventory::NAMELESS);
}

#[test]
fn keys_are_answered_while_a_look_at_the_drives_hangs_and_the_screen_says_so() {
    let mut desk = Desk::new(0);
    desk.app.handle(Event::Key(Key::Char('2')));
    assert_eq!(desk.app.model().language(), Language::En);
    desk.app.tick(Instant::now());
    assert_eq!(desk.app.scan_shown, ScanState::Settling);
    desk.app.tick(later(60));
    assert_eq!(desk.app.scan_shown, ScanState::Slow);
    desk.drives.door.let_in(1);
    desk.until(|app| app.sights == 1);
    assert_eq!(desk.app.scan_shown, ScanState::Done);
}

#[test]
fn keys_are_answered_while_a_stick_is_being_opened_and_one_that_never_answers_is_given_up() {
    let mut desk = Desk::new(usize::MAX);
    desk.until(|app| app.sights > 0);
    desk.ports.door.let_in(0);
    desk.app.open_stick(StickNo(1));
    desk.app.handle(Event::Key(Key::Char('2')));
    assert_eq!(desk.app.model().language(), Language::En);
    desk.app.tick(later(30));
    assert!(desk.app.opening.is_some());
    desk.app.tick(later(90));
    assert!(desk.app.opening.is_none());
    // Its late answer is not taken, and the stick let go of.
    desk.ports.door.let_in(1);
    desk.next();
    desk.stick.wait_until_released(1);
    assert!(desk.app.opened.is_none());
}

#[test]
fn only_who_takes_the_seat_takes_down_what_was_left_mounted_and_the_drives_are_looked_for_again() {
    let mut desk = Desk::new(usize::MAX);
    while *desk.ports.cleared.lock().unwrap() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(*desk.ports.cleared.lock().unwrap(), 1);
    // Another program on another console.
    desk.app.seat = None;
    let held = Seat::claim_at(&desk.app.seat_lock);
    assert!(matches!(held, Ok(Claim::Taken(_))));
    desk.app.claim_seat();
    assert!(desk.app.elsewhere);
    assert_eq!(*desk.ports.cleared.lock().unwrap(), 1);
    drop(held);
    *desk.ports.left.lock().unwrap() = 1;
    desk.until(|app| !app.scanner.is_busy());
    let sights = desk.app.sights;
    desk.app.claim_seat();
    // One look because of the seat, one because of what was taken down.
    desk.until(|app| app.sights > sights + 1);
    assert_eq!(*desk.ports.cleared.lock().unwrap(), 2);
}

#[test]
fn no_plan_is_made_before_the_drives_were_seen_with_the_stick_in_use() {
    let mut desk = Desk::new(1);
    desk.until(|app| app.sights > 0);
    desk.app.open_stick(StickNo(1));
    desk.until(|app| app.opened.is_some());
    assert_eq!(desk.app.scan_shown, ScanState::Settling);
    desk.drives.door.let_in(1);
    desk.until(|app| app.sights > 1);
    assert_eq!(desk.app.scan_shown, ScanState::Done);
    assert_eq!(desk.drives.orders.lock().unwrap()[1].results_sticks.len(), 1);
}

#[test]
fn the_boot_stick_may_go_once_it_was_read_and_is_not_said_to_before() {
    let told = |desk: &Desk| desk.app.told.iter().filter(|msg| **msg == Msg::BootStickRead).count();
    let mut desk = Desk::new(usize::MAX);
    desk.see(&[]);
    assert_eq!(told(&desk), 0);
    let read = Sight { boot_stick: Need::Over, ..desk::sight(&[]) };
    for _ in 0..2 {
        *desk.drives.sight.lock().unwrap() = Some(read.clone());
        let sights = desk.app.sights;
        desk.app.handle(Event::Hotplug);
        desk.until(|app| app.sights > sights);
        assert_eq!(told(&desk), 1);
    }
}

#[test]
fn a_drive_that_was_named_is_offered_by_the_next_look_and_one_that_was_not_is_never_armed() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.app.carry_out(Effect::Labelled(DriveNo(7)));
    assert_eq!(desk.app.scan_shown, ScanState::Settling);
    desk.until(|app| app.scan_shown == ScanState::Done && !app.scanner.is_busy());
    assert_eq!(desk.drives.orders.lock().unwrap().last().unwrap().named, [DriveNo(7)].into());
    let mut plan = plan(InformationClass::Three);
    plan.drives[0].identity.serial = "".into();
    let confirmation = Confirmation::new(&plan, &plan.digest().code()).unwrap();
    desk.app.begin_jobs(&plan, &confirmation);
    assert!(desk.app.start.is_none() && desk.armed().is_empty());
    desk.until(Desk::saved);
    assert!(desk.stick.text().contains("nobody read one off its label"), "{}", desk.stick.text());
}

#[test]
fn nothing_is_armed_before_a_look_that_began_after_the_confirmation() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.drives.door.let_in(0);
    let before = desk.app.sights;
    desk.app.handle(Event::Hotplug);
    desk.confirm();
    // The look that was under way ends: it is not the last one.
    desk.drives.door.let_in(1);
    desk.until(|app| app.sights > before);
    desk.app.handle(Event::Tick);
    assert!(desk.app.start.is_some() && desk.armed().is_empty());
    assert!(desk.app.must_go_on());
    desk.arming.let_in(0);
    desk.drives.door.let_in(1);
    desk.until(|app| app.sights > before + 1);
    // From here on the drive is nobody else's.
    desk.drives.door.let_in(1);
    desk.app.handle(Event::Hotplug);
    desk.until(|app| app.sights > before + 2);
    assert_eq!(desk.drives.orders.lock().unwrap().last().unwrap().spared, [DriveNo(1)].into());
    desk.drives.door.let_in(usize::MAX);
    desk.arming.let_in(1);
    desk.until(|app| !app.session.as_ref().unwrap().is_working());
    assert_eq!(desk.armed(), [DriveNo(1)]);
    desk.until(|app| !app.scanner.is_busy());
    assert_eq!(desk.drives.orders.lock().unwrap().last().unwrap().spared, [].into());
    desk.until(Desk::saved);
    assert!(desk.stick.text().contains("\"type\":\"result\""), "{}", desk.stick.text());
}

#[test]
fn a_drive_that_does_not_answer_while_it_is_armed_is_given_up_once() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.arming.let_in(0);
    desk.confirm();
    let sights = desk.app.sights;
    desk.until(|app| app.sights > sights);
    desk.app.tick(later(100));
    assert!(desk.session().is_working());
    desk.app.tick(later(200));
    assert!(!desk.session().is_working());
    desk.arming.let_in(1);
    let armed = loop {
        match desk.inbox.recv_timeout(SOON).unwrap() {
            Event::Armed(armed) => break armed,
            other => desk.app.handle(other),
        };
    };
    desk.until(Desk::saved);
    let entries = desk.session().log.len();
    desk.app.handle(Event::Armed(armed));
    assert_eq!(desk.session().log.len(), entries, "a second result");
}

#[test]
fn without_a_last_look_nothing_is_begun() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    *desk.drives.sight.lock().unwrap() = None;
    desk.confirm();
    for _ in 0..20 {
        desk.until(|app| !app.scanner.is_busy());
        desk.app.handle(Event::Tick);
        desk.app.scan = ScanState::Settling;
    }
    assert!(desk.app.start.is_none() && !desk.session().is_working());
    assert_eq!(desk.armed(), []);
    desk.until(Desk::saved);
    assert!(desk.stick.text().contains("could not be looked at"));
}

#[test]
fn a_stick_that_is_pulled_and_put_back_is_gone_on_on_by_itself() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.stick.set(Mood::Hangs);
    desk.app.with_session(|session| session.log.notice(record::NoticeCode::Other, None, "queued"));
    desk.stick.wait_until_it_hangs();
    desk.stick.set(Mood::Gone);
    desk.see(&[]);
    assert!(matches!(desk.session().log.standing(), Journal::Unsaved { .. }));
    desk.stick.set(Mood::Works);
    desk.see(&[stick_facts(2, "12")]);
    desk.until(Desk::saved);
    let text = desk.stick.text();
    assert!(text.find("queued") < text.find("stick-lost"), "{text}");
    assert!(text.find("stick-lost") < text.find("stick-returned"), "{text}");
    // Put back between two looks: what was mounted is another disk to the kernel.
    desk.see(&[stick_facts(2, "13")]);
    desk.until(Desk::saved);
    assert_eq!(*desk.ports.mounts.lock().unwrap(), 3);
    assert!(desk.stick.text().contains("removed for a moment"));
}

#[test]
fn a_stick_that_hangs_is_replaced_by_another_while_keys_are_answered() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    let other = FakeStick::new(Mood::Works);
    desk.ports.sticks.lock().unwrap().insert("S3".to_owned(), other.clone());
    desk.stick.set(Mood::Hangs);
    desk.app.with_session(|session| session.log.notice(record::NoticeCode::Other, None, "queued"));
    desk.stick.wait_until_it_hangs();
    desk.app.tick(later(60));
    desk.app.handle(Event::Key(Key::Char('2')));
    assert_eq!(desk.app.model().language(), Language::En);
    desk.see(&[stick_facts(2, "9"), stick_facts(3, "20")]);
    desk.app.continue_on(StickNo(2));
    desk.until(Desk::saved);
    assert!(other.text().contains("queued") && other.text().contains("stick-replaced"));
    assert!(!desk.stick.text().contains("queued"));
    desk.stick.set(Mood::Works);
}

#[test]
fn a_stick_that_fails_again_when_it_is_tried_again_is_mounted_anew() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.stick.set(Mood::Full);
    desk.app.with_session(|session| session.log.notice(record::NoticeCode::Other, None, "queued"));
    desk.until(|app| !app.session.as_ref().unwrap().log.is_waiting());
    desk.app.try_stick_again();
    desk.until(|app| app.session.as_ref().unwrap().is_changing_sticks());
    desk.stick.set(Mood::Works);
    desk.until(Desk::saved);
    assert_eq!(*desk.ports.mounts.lock().unwrap(), 2);
}

#[test]
fn the_pc_is_not_switched_off_before_the_log_is_closed_on_a_stick() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.stick.set(Mood::Hangs);
    desk.app.close(CloseReason::Abandoned);
    desk.stick.wait_until_it_hangs();
    desk.app.carry_out(Effect::PowerOff);
    assert_eq!(desk.app.flow, Flow::Continue);
    desk.stick.set(Mood::Full);
    desk.until(|app| !app.session.as_ref().unwrap().log.is_waiting());
    desk.app.carry_out(Effect::PowerOff);
    assert_eq!(desk.app.flow, Flow::Continue);
    desk.stick.set(Mood::Works);
    desk.app.try_stick_again();
    desk.until(|app| app.session.as_ref().unwrap().closing == Closing::Done);
    assert_eq!(record::verify(&desk.stick.log()).standing(), record::Standing::Verified);
    desk.app.carry_out(Effect::PowerOff);
    assert_eq!(desk.app.flow, Flow::Exit);
}
