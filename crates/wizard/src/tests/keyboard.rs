//! The keyboard: changed on the first screen, and shown where symbols matter.

use super::fixtures::*;
use super::screens::snap;
use crate::{Console, Effect, Key, Keyboard, Language, Msg, Screen, VoucherCheck};

fn us(mut model: crate::Model) -> crate::Model {
    model.keyboard = Some(Keyboard::Us);
    model
}

#[test]
fn the_first_screen_changes_the_keyboard_and_says_which_it_is() {
    let mut model = booted(Language::Ja);
    assert!(screen(&model).contains("日本語（106/109）"), "{}", screen(&model));
    assert_eq!(press(&mut model, Key::F(4)), [Effect::UseKeyboard(Keyboard::Us)]);
    let mut model = us(booted(Language::Ja));
    assert!(screen(&model).contains("英語（US）"));
    assert_eq!(press(&mut model, Key::F(4)), [Effect::UseKeyboard(Keyboard::Jp)]);
}

#[test]
fn it_is_not_offered_where_another_terminal_reads_the_keys_nor_once_a_stick_is_open() {
    for console in [Console::Full, Console::AsciiOnly] {
        let mut model = model(console);
        model.keyboard = None;
        press(&mut model, Key::Up);
        assert_eq!(press(&mut model, Key::F(4)), []);
        assert!(!screen(&model).contains("F4"));
    }
    let mut model = with_stick(Language::Ja);
    for _ in 0..3 {
        press(&mut model, Key::Esc);
    }
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(stick_info())));
    assert_eq!(press(&mut model, Key::F(4)), []);
}

#[test]
fn a_keyboard_that_cannot_be_changed_is_told() {
    let mut model = booted(Language::Ja);
    press(&mut model, Key::F(4));
    send(&mut model, Msg::KeyboardKept);
    let picture = screen(&model);
    assert!(picture.contains("変えられませんでした") && picture.contains("日本語（106/109）"), "{picture}");
}

#[test]
fn a_passphrase_can_be_seen_and_is_hidden_again_when_it_is_tried_or_left() {
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    type_text(&mut model, "a_b@c");
    assert!(!screen(&model).contains("a_b@c"));
    press(&mut model, Key::F(2));
    assert!(screen(&model).contains("a_b@c"), "{}", screen(&model));
    assert!(!format!("{model:?}").contains("a_b@c"), "nothing else shows it");
    press(&mut model, Key::F(2));
    assert!(!screen(&model).contains("a_b@c"));
    press(&mut model, Key::F(2));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Unsealed(Err(crate::UnsealProblem::WrongPassphrase)));
    type_text(&mut model, "another");
    assert!(!screen(&model).contains("another"));
    press(&mut model, Key::F(2));
    press(&mut model, Key::Esc);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(prepared(VoucherCheck::Checked))));
    assert_eq!(model.screen(), Screen::Passphrase);
    type_text(&mut model, "third");
    assert!(!screen(&model).contains("third"));
}

#[test]
fn the_way_back_from_the_passphrase_leads_to_the_key() {
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Esc);
    assert_eq!(model.screen(), Screen::Language);
    assert_eq!(press(&mut model, Key::F(4)), [Effect::UseKeyboard(Keyboard::Us)]);
}

#[test]
fn pictures() {
    snap("01b_language_us", |language| us(booted(language)));
    snap("02e2_passphrase_seen", |language| {
        let mut model = us(at_passphrase(language, VoucherCheck::NotToday("2027-03-31".into())));
        type_text(&mut model, "correct_horse@2026");
        press(&mut model, Key::F(2));
        model
    });
}
