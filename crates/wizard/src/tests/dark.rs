//! A screen that may stay dark after a sleep: whoever sees nothing is carried through by a start of the PC.

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

/// So many seconds pass; whether the program would say that nobody sees anything.
fn wait(model: &mut Model, seconds: u16) -> bool {
    (0..seconds).for_each(|_| send(model, Msg::Tick));
    model.is_in_the_dark()
}

#[test]
fn whoever_sees_nothing_waits_and_the_log_is_closed_before_the_pc_starts_anew() {
    let mut model = slept(Display::Firmware, woke());
    assert!(!wait(&mut model, DARK_SECONDS - 1));
    // Keys that are pressed in the dark and mean nothing change nothing.
    press(&mut model, Key::Char('x'));
    assert!(wait(&mut model, 1));
    assert_eq!(crate::update(&mut model, Msg::InTheDark), [Effect::CloseSession(CloseReason::Abandoned)]);
    assert!(!model.is_in_the_dark(), "said once");
    assert_eq!(crate::update(&mut model, Msg::Closed(Ok(close_info()))), [Effect::Restart]);
}

#[test]
fn a_log_that_is_not_closed_keeps_the_pc_on() {
    let mut model = slept(Display::Firmware, woke());
    wait(&mut model, DARK_SECONDS);
    assert_ne!(crate::update(&mut model, Msg::InTheDark), []);
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
    for key in [Key::Enter, Key::Esc] {
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
    assert!(!screen(&model).contains("起動し直します"), "{}", screen(&model));
    send(&mut model, Msg::Journal(Journal::Saved));
    assert!(model.is_in_the_dark());
}

#[test]
fn the_power_button_asks_nothing_of_whoever_sees_nothing() {
    let mut model = slept(Display::Firmware, woke());
    let closes = [Effect::CloseSession(CloseReason::Abandoned)];
    assert_eq!(crate::update(&mut model, Msg::PowerButton), closes);
    let mut driven = slept(Display::Driven, woke());
    assert_eq!(crate::update(&mut driven, Msg::PowerButton), []);
    assert_eq!(driven.screen(), Screen::Sleep, "it says how to end instead");
}
