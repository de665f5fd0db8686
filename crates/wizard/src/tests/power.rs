//! Batteries and the power button.

use super::fixtures::*;
use super::screens::snap;
use crate::{Effect, Key, Language, Model, Msg, Screen};

fn told(model: &Model) -> &str {
    model.notice.as_ref().map_or("", |notice| notice.what.as_str())
}

/// What the button makes of a model.
fn pushed(model: &mut Model) -> Vec<Effect> {
    crate::update(model, Msg::PowerButton)
}

#[test]
fn the_power_button_says_why_it_does_not_switch_off_while_something_is_open() {
    let mut opening = booted(Language::En);
    press(&mut opening, Key::Enter);
    send(&mut opening, Msg::Sticks(sticks()));
    press(&mut opening, Key::Enter);
    let mut awaited = booted(Language::En);
    press(&mut awaited, Key::Enter);
    send(&mut awaited, Msg::Jobs(crate::JobNews::Awaited));
    let mut faulty = booted(Language::En);
    send(&mut faulty, Msg::Restarted { code: "M-1234".into() });
    let by_hand = super::hand::recorded(Language::En, '2');
    for (mut model, says) in [
        (opening, "cannot end it on this screen"),
        (with_stick(Language::En), "cannot end it on this screen"),
        (awaited, "being looked at"),
        (faulty, "a fault is not saved"),
        (at_passphrase(Language::En, crate::VoucherCheck::Checked), "cannot end it on this screen"),
        (confirmed(Language::En, '3'), "Drives are being erased"),
        (finished(Language::En, '3'), "not closed yet"),
        (by_hand, "not closed yet"),
    ] {
        let screen = model.screen;
        let effects = pushed(&mut model);
        assert!(effects.is_empty() && model.screen == screen, "{effects:?}");
        assert!(told(&model).contains(says), "{screen:?}: {}", told(&model));
    }
}

#[test]
fn the_power_button_asks_before_anything_was_confirmed_and_leads_back() {
    let mut at_sticks = booted(Language::En);
    press(&mut at_sticks, Key::Enter);
    let mut policy = booted(Language::En);
    send(&mut policy, Msg::PolicyProblem { message: "x".into(), line: 1 });
    let mut past = at_sticks.clone();
    past.go(Screen::Past);
    let mut detail = with_plan(Language::En, '3');
    press(&mut detail, Key::Char('d'));
    let mut confirm = with_plan(Language::En, '3');
    press(&mut confirm, Key::Enter);
    type_text(&mut confirm, "123");
    let mut record_only = with_plan(Language::En, '3');
    record_only.go(Screen::RecordOnly);
    for (mut model, back) in [
        (booted(Language::En), Screen::Language),
        (at_sticks, Screen::Sticks),
        (with_people(Language::En), Screen::Class),
        (super::hand::alone(Language::En), Screen::ByHand),
        (policy, Screen::PolicyProblem),
        (past, Screen::Past),
        (with_plan(Language::En, '3'), Screen::Drives),
        (detail, Screen::Drives),
        (confirm, Screen::Drives),
        (record_only, Screen::Drives),
    ] {
        let from = model.screen;
        assert!(pushed(&mut model).is_empty());
        assert_eq!(model.screen, Screen::Abandon, "from {from:?}");
        assert!(pushed(&mut model).is_empty(), "leaning on it answers nothing");
        assert_eq!(model.screen, Screen::Abandon);
        assert!(
            press(&mut model, Key::Enter).is_empty() && model.screen == Screen::Abandon,
            "nor does Enter"
        );
        press(&mut model, Key::Esc);
        assert_eq!(model.screen, back, "from {from:?}");
        assert_eq!((model.off_from, model.plan(), model.typed.as_str()), (None, None, ""));
    }
}

#[test]
fn the_power_button_switches_off_where_nothing_was_begun_or_all_is_saved() {
    let mut fresh = booted(Language::En);
    press(&mut fresh, Key::Enter);
    let _ = pushed(&mut fresh);
    assert!(screen(&fresh).contains("No record has been begun"), "{}", screen(&fresh));
    assert_eq!(press(&mut fresh, Key::Char('y')), [Effect::PowerOff]);

    let mut begun = with_plan(Language::En, '3');
    let _ = pushed(&mut begun);
    let asked = press(&mut begun, Key::Char('y'));
    assert!(matches!(asked[..], [Effect::CloseSession { .. }]), "the log first: {asked:?}");
    assert_eq!(pushed(&mut begun), [], "it is not closed yet");
    send(&mut begun, Msg::Closed(Ok(close_info())));
    assert_eq!(pushed(&mut begun), [], "what is to be copied has only just come");
    assert!(told(&begun).contains("The record is saved"));
    press(&mut begun, Key::Char('q'));
    press(&mut begun, Key::Esc);
    assert_eq!(pushed(&mut begun), [], "in between somebody read on");
    assert_eq!(pushed(&mut begun), [Effect::PowerOff]);

    let mut closed = finished(Language::En, '3');
    press(&mut closed, Key::Char('c'));
    send(&mut closed, Msg::Closed(Ok(close_info())));
    press(&mut closed, Key::Char('q'));
    assert_eq!(closed.screen, Screen::Code);
    assert_eq!(pushed(&mut closed), []);
    assert!(screen(&closed).contains("pressed once more, switches off"), "seen: {}", screen(&closed));
    assert_eq!(pushed(&mut closed), [Effect::PowerOff]);

    let mut garbled = finished(Language::En, '3');
    press(&mut garbled, Key::Char('c'));
    send(&mut garbled, Msg::Closed(Err(not_verified())));
    assert_eq!(pushed(&mut garbled), []);
    assert!(told(&garbled).contains("contradicts itself"), "not that it is saved: {}", told(&garbled));

    let mut ended = with_people(Language::En);
    for key in [Key::Char('q'), Key::Char('y')] {
        press(&mut ended, key);
    }
    assert_eq!(ended.screen, Screen::Finish);
    assert_eq!(pushed(&mut ended), [Effect::PowerOff], "there is nothing to copy");
}

#[test]
fn the_power_button_does_nothing_that_nobody_sees() {
    let mut closed = finished(Language::En, '3');
    press(&mut closed, Key::Char('c'));
    send(&mut closed, Msg::Closed(Ok(close_info())));
    for mut model in [closed, with_plan(Language::En, '3')] {
        send(&mut model, Msg::Resized { width: 20, height: 5 });
        let screen = model.screen;
        assert!(pushed(&mut model).is_empty() && pushed(&mut model).is_empty());
        assert_eq!((model.screen, model.off_from), (screen, None));
    }
}

/// With it, what the other screens show of the stick would be of one that is gone.
#[test]
fn a_stick_that_is_pulled_during_the_question_is_asked_for_again() {
    let mut model = with_people(Language::En);
    let _ = pushed(&mut model);
    send(&mut model, Msg::Sticks(Vec::new()));
    assert_eq!((model.screen, model.off_from), (Screen::Sticks, None));
    assert!(!told(&model).is_empty());
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
    snap("29c_power_button_asks", |language| {
        let mut model = booted(language);
        send(&mut model, Msg::PowerButton);
        model
    });
    snap("29b_power_button", |language| {
        let mut model = confirmed(language, '3');
        send(&mut model, Msg::PowerButton);
        model
    });
}
