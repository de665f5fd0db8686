//! Batteries and the power button.

use super::fixtures::*;
use super::screens::snap;
use crate::{Effect, Journal, Key, Language, Model, Msg, Screen};

fn told(model: &Model) -> &str {
    model.notice.as_ref().map_or("", |notice| notice.what.as_str())
}

#[test]
fn the_power_button_switches_nothing_off_and_says_how_to() {
    let mut closed = finished(Language::En, '3');
    press(&mut closed, Key::Char('c'));
    send(&mut closed, Msg::Journal(Journal::Saved));
    send(&mut closed, Msg::Closed(Ok(close_info())));
    assert_eq!(closed.screen, Screen::Finish);
    for (mut model, says) in [
        (with_stick(Language::En), "does not switch this PC off"),
        (with_plan(Language::En, '3'), "does not switch this PC off"),
        (confirmed(Language::En, '3'), "Drives are being erased"),
        (finished(Language::En, '3'), "not closed yet"),
        (closed, "The record is saved"),
    ] {
        let screen = model.screen;
        let effects: Vec<Effect> = crate::update(&mut model, Msg::PowerButton);
        assert!(effects.is_empty() && model.screen == screen, "{effects:?}");
        assert!(told(&model).contains(says), "{screen:?}: {}", told(&model));
    }
}

#[test]
fn nobody_is_told_on_a_console_that_is_not_theirs() {
    let mut free = booted(Language::En);
    free.seat = crate::parts::Seat::Free;
    send(&mut free, Msg::PowerButton);
    assert_eq!(free.notice, None);
}

#[test]
fn a_battery_is_told_of_when_it_takes_over_and_before_the_confirmation() {
    let mut model = with_plan(Language::En, '3');
    send(&mut model, Msg::OnBattery(false));
    assert_eq!(model.notice, None);
    send(&mut model, Msg::OnBattery(true));
    assert!(told(&model).contains("battery"));
    press(&mut model, Key::Down);
    send(&mut model, Msg::OnBattery(true));
    assert_eq!(model.notice, None, "once is enough");
    press(&mut model, Key::Enter);
    assert_eq!(model.screen, Screen::Confirm);
    assert!(told(&model).contains("battery"));
    send(&mut model, Msg::OnBattery(false));
    assert!(told(&model).contains("power adapter now"));
}

#[test]
fn how_it_looks() {
    snap("29a_battery", |language| {
        let mut model = with_plan(language, '3');
        send(&mut model, Msg::OnBattery(true));
        press(&mut model, Key::Enter);
        model
    });
    snap("29b_power_button", |language| {
        let mut model = confirmed(language, '3');
        send(&mut model, Msg::PowerButton);
        model
    });
}
