//! Drives that an interrupted session left locked.

use super::*;
use crate::care::Unlocking;
use model::{Condition, Eligibility, Ineligible};
use stick::LeftPassword;
use wizard::UnlockProblem;

fn left(model: &str, serial: &str) -> LeftPassword {
    LeftPassword { model: model.into(), serial: serial.into(), password: "massho".into() }
}

/// The first drive is locked.
fn locked_desk() -> Desk {
    let mut desk = Desk::new(usize::MAX);
    let mut sight = desk::sight(&[stick_facts(2, "9")]);
    let drive = &mut sight.found[0].drive;
    drive.conditions.0.insert(Condition::Locked);
    drive.eligibility = Eligibility::Ineligible(vec![Ineligible::Locked]);
    desk.until(|app| app.sights > 0);
    *desk.drives.sight.lock().unwrap() = Some(sight);
    desk.app.handle(Event::Hotplug);
    desk.until(|app| app.sights > 1);
    desk.begin();
    desk
}

fn found_for(desk: &Desk) -> Vec<DriveNo> {
    let found = |msg: &Msg| match msg {
        Msg::PasswordsFound(drives) => Some(drives.clone()),
        _ => None,
    };
    desk.app.told.iter().rev().find_map(found).unwrap_or_default()
}

fn answer(desk: &mut Desk) -> Result<(), UnlockProblem> {
    desk.until(|app| !app.passwords.is_any());
    let answer = |msg: &Msg| match msg {
        Msg::Unlocked(DriveNo(1), answer) => Some(answer.clone()),
        _ => None,
    };
    desk.app.told.iter().rev().find_map(answer).unwrap()
}

#[test]
fn a_password_is_found_by_serial_number_and_model_for_a_drive_that_is_locked() {
    let mut desk = locked_desk();
    for other in [left("MODEL", "S2"), left("OTHER", "S1")] {
        desk.app.take_passwords(vec![other]);
        assert_eq!(found_for(&desk), []);
        desk.app.carry_out(Effect::Unlock(DriveNo(1)));
        assert!(answer(&mut desk).is_err());
    }
    assert!(desk.care.given.lock().unwrap().is_empty());
    desk.app.take_passwords(vec![left("OTHER", "S1"), left("MODEL", "S1")]);
    assert_eq!(found_for(&desk), [DriveNo(1)]);
    // One that is not locked needs none.
    desk.see(&[stick_facts(2, "9")]);
    assert_eq!(found_for(&desk), []);
}

#[test]
fn a_drive_is_unlocked_with_the_password_of_its_log_and_looked_at_anew() {
    let mut desk = locked_desk();
    desk.app.take_passwords(vec![left("MODEL", "S1")]);
    *desk.drives.sight.lock().unwrap() = Some(desk::sight(&[stick_facts(2, "9")]));
    desk.app.carry_out(Effect::Unlock(DriveNo(1)));
    assert_eq!(answer(&mut desk), Ok(()));
    assert_eq!(*desk.care.given.lock().unwrap(), [(DriveNo(1), "massho".to_owned())]);
    desk.until(|app| !app.scanner.is_busy());
    assert!(desk.app.sight.get(DriveNo(1)).unwrap().drive.eligibility.is_eligible());
    desk.until(Desk::saved);
    assert!(desk.stick.text().contains("\"unlocked\""), "{}", desk.stick.text());
    assert_eq!(found_for(&desk), []);
}

#[test]
fn a_drive_that_refused_its_password_is_not_given_it_again() {
    let mut desk = locked_desk();
    desk.app.take_passwords(vec![left("MODEL", "S1")]);
    // What never reached the drive does not count.
    *desk.care.unlocks.lock().unwrap() = Unlocking::NotTried(UnlockProblem::AttemptsUsedUp);
    desk.app.carry_out(Effect::Unlock(DriveNo(1)));
    assert_eq!(answer(&mut desk), Err(UnlockProblem::AttemptsUsedUp));
    assert_eq!(found_for(&desk), [DriveNo(1)]);
    *desk.care.unlocks.lock().unwrap() = Unlocking::Refused(UnlockProblem::Refused);
    desk.app.carry_out(Effect::Unlock(DriveNo(1)));
    assert_eq!(answer(&mut desk), Err(UnlockProblem::Refused));
    assert_eq!(found_for(&desk), []);
    desk.app.carry_out(Effect::Unlock(DriveNo(1)));
    assert_eq!(answer(&mut desk), Err(UnlockProblem::Refused));
    assert_eq!(desk.care.given.lock().unwrap().len(), 2, "tried again");
}

#[test]
fn keys_are_answered_while_a_drive_does_not_answer_to_its_password() {
    let mut desk = locked_desk();
    desk.app.take_passwords(vec![left("MODEL", "S1")]);
    desk.care.door.let_in(0);
    desk.app.carry_out(Effect::Unlock(DriveNo(1)));
    desk.app.handle(Event::Key(Key::Char('2')));
    desk.app.tick(later(600));
    assert!(matches!(desk.app.told.last(), Some(Msg::Unlocked(DriveNo(1), Err(UnlockProblem::Io(_))))));
    // It may still be at it.
    desk.app.carry_out(Effect::Unlock(DriveNo(1)));
    desk.care.door.let_in(1);
    desk.until(|app| !app.passwords.is_any());
    assert_eq!(desk.care.given.lock().unwrap().len(), 1);
    let answers = desk.app.told.iter().filter(|msg| matches!(msg, Msg::Unlocked(..))).count();
    assert_eq!(answers, 1, "answered twice");
}
