//! A screen that may stay dark after a sleep: whoever sees nothing is carried through by a PC that switches off.

use super::fixtures::*;
use super::obstacles::*;
use crate::{
    CloseReason, DARK_SECONDS, Display, Effect, Journal, Key, Language, Model, Msg, Screen, SleepOutcome,
    StickProblem, Thaw,
};

/// The PC has slept, and is drawn on by this.
fn slept(display: Display, outcome: SleepOutcome) -> Model {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    send(&mut model, Msg::Display(display));
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Awake);
    send(&mut model, Msg::Slept(outcome));
    model
}

fn woke() -> SleepOutcome {
    SleepOutcome::Woke(Thaw { thawed: vec![FROZEN], frozen: vec![] })
}

/// Nobody went on, and the log is being closed.
fn closing() -> Model {
    let mut model = slept(Display::Firmware, woke());
    assert!(wait(&mut model, DARK_SECONDS));
    assert_eq!(crate::update(&mut model, Msg::InTheDark), [Effect::CloseSession(CloseReason::InTheDark)]);
    model
}

/// So many seconds pass; whether the program would say that nobody sees anything.
fn wait(model: &mut Model, seconds: u16) -> bool {
    (0..seconds).for_each(|_| send(model, Msg::Tick));
    model.is_in_the_dark()
}

#[test]
fn whoever_sees_nothing_waits_and_the_log_is_closed_before_the_pc_switches_off() {
    let mut model = slept(Display::Firmware, woke());
    assert!(!wait(&mut model, DARK_SECONDS - 1));
    // Keys that are pressed in the dark and mean nothing change nothing.
    press(&mut model, Key::Char('x'));
    assert!(wait(&mut model, 1));
    assert_eq!(crate::update(&mut model, Msg::InTheDark), [Effect::CloseSession(CloseReason::InTheDark)]);
    assert!(!model.is_in_the_dark(), "said once");
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), [Effect::PowerOff]);
}

#[test]
fn a_log_that_is_not_closed_keeps_the_pc_on() {
    let mut model = closing();
    assert_eq!(crate::update(&mut model, Msg::Closed(Err(StickProblem::Full))), []);
    // Whoever mends that is there, and ends it as usual.
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), []);
}

#[test]
fn an_ordinary_end_starts_nothing() {
    let mut model = finished(Language::Ja, '3');
    press(&mut model, Key::Char('c'));
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), []);
}

#[test]
fn whoever_goes_on_is_not_disturbed() {
    for key in [Key::Enter, Key::Esc, Key::F(1)] {
        let mut model = slept(Display::Firmware, woke());
        wait(&mut model, 10);
        press(&mut model, key);
        assert!(!wait(&mut model, 2 * DARK_SECONDS), "{key:?}");
        assert_eq!(crate::update(&mut model, Msg::InTheDark), [], "{key:?}");
        assert_ne!(model.screen(), Screen::Finish);
    }
}

#[test]
fn where_the_screen_comes_back_or_the_pc_never_slept_nobody_is_waited_for() {
    let mut driven = slept(Display::Driven, woke());
    assert!(!wait(&mut driven, 2 * DARK_SECONDS));
    for outcome in [SleepOutcome::NotSupported, SleepOutcome::Failed("x".into())] {
        assert!(!wait(&mut slept(Display::Firmware, outcome), 2 * DARK_SECONDS));
    }
    let mut offered = asked_first(Language::Ja, without_busy(), &[]);
    send(&mut offered, Msg::Display(Display::Firmware));
    assert!(!wait(&mut offered, 2 * DARK_SECONDS));
}

#[test]
fn while_the_record_is_not_saved_the_pc_stays_on() {
    let thaw = Thaw { thawed: vec![], frozen: vec![FROZEN] };
    let mut model = slept(Display::Firmware, SleepOutcome::StickMissing(thaw));
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
    assert!(!wait(&mut model, 2 * DARK_SECONDS));
    assert!(!screen(&model).contains("電源を切ります"), "{}", screen(&model));
    assert_eq!(crate::update(&mut model, Msg::InTheDark), []);
    send(&mut model, Msg::Journal(Journal::Saved));
    assert!(!wait(&mut model, DARK_SECONDS - 1), "the time begins when somebody could have been told");
    assert!(wait(&mut model, 1));
}

#[test]
fn the_power_button_asks_nothing_of_whoever_sees_nothing() {
    let mut model = slept(Display::Firmware, woke());
    let closes = [Effect::CloseSession(CloseReason::Abandoned)];
    assert_eq!(crate::update(&mut model, Msg::PowerButton), closes, "somebody did decide");
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), [Effect::PowerOff]);
    let mut driven = slept(Display::Driven, woke());
    assert_eq!(crate::update(&mut driven, Msg::PowerButton), []);
    assert_eq!(driven.screen(), Screen::Sleep, "it says how to end instead");
}

#[test]
fn what_was_said_before_the_sleep_holds_after_it() {
    let mut model = slept(Display::Driven, woke());
    // The monitor was switched off meanwhile.
    send(&mut model, Msg::Display(Display::Firmware));
    assert!(!wait(&mut model, 2 * DARK_SECONDS));
    let mut model = slept(Display::Firmware, woke());
    send(&mut model, Msg::Display(Display::Driven));
    assert!(wait(&mut model, DARK_SECONDS));
}

#[test]
fn a_drive_that_must_not_lose_its_power_keeps_the_pc_on() {
    let mut model = slept(Display::Firmware, woke());
    wait(&mut model, DARK_SECONDS - 1);
    send(&mut model, Msg::Following(HIDING, own_number(1)));
    assert!(!wait(&mut model, DARK_SECONDS));
    assert_eq!(crate::update(&mut model, Msg::InTheDark), []);
    let mut model = closing();
    send(&mut model, Msg::Following(HIDING, own_number(1)));
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), []);
}

#[test]
fn a_log_that_contradicts_itself_is_told_to_somebody() {
    let mut model = closing();
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 0, problem: not_verified() }));
    assert_eq!(crate::update(&mut model, Msg::Closed(Err(not_verified()))), []);
}

#[test]
fn whoever_mends_the_stick_meanwhile_ends_it_as_usual() {
    let mut model = closing();
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::NoAnswer }));
    press(&mut model, Key::Char('u'));
    assert_eq!(model.screen(), Screen::Rescue);
    send(&mut model, Msg::Journal(Journal::Saved));
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), []);
}

#[test]
fn a_recording_of_a_fault_that_is_on_no_stick_keeps_the_pc_on() {
    let mut model = slept(Display::Firmware, woke());
    send(&mut model, Msg::Restarted { code: "M-1".into() });
    assert!(!wait(&mut model, 2 * DARK_SECONDS));
}
