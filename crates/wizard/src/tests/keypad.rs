//! A numeric keypad and a barcode reader: what both can type is enough for an ordinary PC.

use super::fixtures::*;
use super::people::{names, on_form};
use crate::hand::HandFocus;
use crate::{Destination, Effect, Key, Language, Model, Msg, Screen, StickInfo};
use model::{DriveNo, Handling, MediumKind, Method};

/// A key that a numeric keypad has.
fn tap(model: &mut Model, key: Key) -> Vec<Effect> {
    let digit = matches!(key, Key::Char(c) if c.is_ascii_digit());
    let arrow = matches!(key, Key::Up | Key::Down | Key::Left | Key::Right);
    assert!(digit || arrow || key == Key::Enter, "no keypad has {key:?}");
    press(model, key)
}

fn digit(model: &mut Model, digit: char) {
    assert_eq!(tap(model, Key::Char(digit)), []);
}

fn enter(model: &mut Model) {
    assert_eq!(tap(model, Key::Enter), []);
}

/// As a barcode reader types: the digits, and Enter.
fn scan(model: &mut Model, number: &str) {
    number.chars().for_each(|c| digit(model, c));
    enter(model);
}

#[test]
fn from_the_first_screen_to_the_switch_by_digits_enter_and_arrows() {
    let mut model = booted(Language::Ja);
    digit(&mut model, '1');
    enter(&mut model);
    assert!(matches!(tap(&mut model, Key::Enter).as_slice(), [Effect::OpenStick(_)]));
    send(&mut model, Msg::StickOpened(Ok(StickInfo { lists: Some(names()), ..stick_info() })));
    enter(&mut model);
    assert_eq!(model.screen(), Screen::People);
    // The operator is taken from the list of the staff, which moves on to the next field.
    assert_eq!(tap(&mut model, Key::Right), []);
    assert_eq!(model.screen(), Screen::Names);
    digit(&mut model, '1');
    enter(&mut model);
    assert_eq!(model.people.operator(), "山田太郎");
    // Witness, section, place, approver.
    (0..4).for_each(|_| enter(&mut model));
    // By the staff, to be given back.
    digit(&mut model, '1');
    enter(&mut model);
    digit(&mut model, '2');
    enter(&mut model);
    scan(&mut model, "20190421");
    // The clock is right: no digit says so, because the label may be read once more.
    scan(&mut model, "20190421");
    assert_eq!((model.screen(), model.people.clock), (Screen::People, None));
    assert_eq!(tap(&mut model, Key::Right), []);
    enter(&mut model);
    assert_eq!(model.screen(), Screen::Class, "{}", screen(&model));
    digit(&mut model, '3');
    enter(&mut model);
    assert_eq!(model.selection(), [DriveNo(1), DriveNo(2), DriveNo(3)]);
    let begun = tap(&mut model, Key::Enter);
    let [Effect::BeginSession(answers)] = begun.as_slice() else { panic!("{begun:?}") };
    assert_eq!((answers.operator.as_str(), answers.asset_number.as_str()), ("山田太郎", "20190421"));
    assert_eq!(answers.declared.destination, Some(Destination::Return));
    send(&mut model, Msg::Journal(crate::Journal::Saved));
    enter(&mut model);
    while !model.has_seen_all() {
        assert_eq!(tap(&mut model, Key::Down), []);
    }
    let code = model.plan().unwrap().digest().code();
    code.chars().for_each(|c| digit(&mut model, c));
    assert!(matches!(tap(&mut model, Key::Enter).as_slice(), [Effect::Confirmed { .. }]));
    for no in [DriveNo(1), DriveNo(2), DriveNo(3)] {
        send(&mut model, Msg::JobFinished(no, done(Method::Purge)));
    }
    assert_eq!(model.screen(), Screen::Results);
    assert!(screen(&model).contains("C/3 記録を閉じる"), "{}", screen(&model));
    assert!(matches!(tap(&mut model, Key::Char('3')).as_slice(), [Effect::CloseSession(_)]));
    send(&mut model, Msg::Closed(Ok(close_info())));
    assert_eq!(tap(&mut model, Key::Char('9')), [Effect::PowerOff]);
}

#[test]
fn what_a_witness_saw_is_said_by_the_space_bar_and_by_no_bar_code() {
    let mut model = finished(Language::Ja, '1');
    if let crate::parts::StickUse::Open(info) = &mut model.sticks.used {
        info.lists = Some(names());
    }
    digit(&mut model, '1');
    assert_eq!(model.screen(), Screen::Witness);
    assert_eq!(tap(&mut model, Key::Right), []);
    // The operator is no witness: the list begins with the next.
    digit(&mut model, '1');
    enter(&mut model);
    enter(&mut model);
    for number in ["1", "11", "10042", "0123456789"] {
        scan(&mut model, number);
    }
    assert_eq!(model.screen(), Screen::Witness);
    press(&mut model, Key::Char(' '));
    assert!(matches!(tap(&mut model, Key::Enter).as_slice(), [Effect::WitnessConfirmed { .. }]));
}

#[test]
fn nobody_who_leans_on_one_key_gets_past_the_confirmation_or_off_the_last_screen() {
    for key in [Key::Enter].into_iter().chain(('0'..='9').map(Key::Char)) {
        let mut model = with_people(Language::Ja);
        let all: Vec<Effect> = (0..200).flat_map(|_| press(&mut model, key)).collect();
        assert!(!all.iter().any(|effect| matches!(effect, Effect::Confirmed { .. })), "{key:?}");
        let mut model = finished(Language::Ja, '3');
        for _ in 0..5 {
            assert!(!press(&mut model, key).contains(&Effect::PowerOff), "{key:?}");
            if model.closing == crate::parts::Closing::Asked {
                send(&mut model, Msg::Closed(Ok(close_info())));
            }
        }
    }
}

#[test]
fn the_number_of_a_drive_goes_to_it_and_selects_nothing() {
    let mut model = with_people(Language::Ja);
    scan(&mut model, "2");
    let before = model.selection();
    digit(&mut model, '4');
    assert_eq!(model.drives.cursor, Some(DriveNo(4)));
    digit(&mut model, '9');
    assert_eq!((model.drives.cursor, model.selection()), (Some(DriveNo(4)), before));
    press(&mut model, Key::Char(' '));
    assert!(model.selection().contains(&DriveNo(4)));
}

#[test]
fn answers_are_taken_by_their_numbers_and_a_number_without_one_changes_nothing() {
    let mut model = super::hand::on_form(Language::Ja);
    assert_eq!(model.hand.form.focus, HandFocus::Kind);
    digit(&mut model, '5');
    assert_eq!(model.hand.form.kind, Some(MediumKind::Other));
    digit(&mut model, '6');
    assert_eq!(model.hand.form.kind, Some(MediumKind::Other));
    digit(&mut model, '1');
    assert_eq!(model.hand.form.kind, Some(MediumKind::Hdd));
    while model.hand.form.focus != HandFocus::Handling {
        assert_eq!(tap(&mut model, Key::Down), []);
    }
    digit(&mut model, '2');
    assert_eq!(model.hand.form.handling, Some(Handling::Degaussed));
    let mut model = on_form(Language::Ja, None, None);
    while model.people.focus != crate::people::PeopleFocus::Destination {
        assert_eq!(tap(&mut model, Key::Down), []);
    }
    digit(&mut model, '3');
    assert_eq!(model.people.destination, Some(Destination::Disposal));
    digit(&mut model, '4');
    assert_eq!(model.people.destination, Some(Destination::Disposal));
}
