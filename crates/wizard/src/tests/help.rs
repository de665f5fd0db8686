//! Help: on every screen that takes a key, and nothing else happens while it is open.

use super::fixtures::*;
use super::rules::everywhere;
use crate::keymap::bindings;
use crate::{Console, Effect, Key, Language, Model, Msg, Screen, update};
use model::{DriveNo, Method};
use std::collections::BTreeMap;

fn one_of_each(language: Language) -> BTreeMap<Screen, Model> {
    let screens = everywhere(language).into_iter().map(|mut model| {
        model.seat = crate::parts::Seat::Mine;
        (model.screen(), model)
    });
    // While an answer is waited for no key is taken, for help neither.
    // Nor is it where any key stops something.
    screens
        .filter(|(_, model)| !bindings(model).is_empty() && !model.shows_help() && !model.is_unattended())
        .collect()
}

#[test]
fn every_screen_has_its_help_which_fits_and_leads_back() {
    assert_eq!(one_of_each(Language::Ja).len(), 33, "all but the two that take no key for it");
    for language in [Language::Ja, Language::En] {
        for (name, mut model) in one_of_each(language) {
            model.notice = None;
            let before = model.clone();
            press(&mut model, Key::F(1));
            assert!(model.shows_help(), "{name:?}");
            let picture = screen(&model);
            assert_eq!(crate::view::overflow(&model), None, "{name:?} is cut off:\n{picture}");
            assert_ne!(picture, screen(&before));
            let code = if language == Language::Ja { "ja" } else { "en" };
            let mut sized = model.clone();
            for (width, height) in [(128, 40), (80, 25)] {
                let _ = update(&mut sized, Msg::Resized { width, height });
                assert_eq!(crate::view::overflow(&sized), None, "{}", screen(&sized));
            }
            super::screens::keep(&format!("help_{name:?}_{code}"), &sized);
            for key in [Key::Char('1'), Key::Char('y'), Key::Char(' '), Key::Up, Key::Tab] {
                assert_eq!(update(&mut model, Msg::Key(key)), [], "{name:?}");
            }
            press(&mut model, Key::Esc);
            assert_eq!(model, before, "{name:?}");
        }
    }
}

#[test]
fn no_key_confirms_behind_the_help() {
    let mut model = with_plan(Language::Ja, '3');
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    press(&mut model, Key::F(1));
    for c in code.chars() {
        assert_eq!(press(&mut model, Key::Char(c)), []);
    }
    assert_eq!(press(&mut model, Key::Enter), [], "it closes the help");
    assert!(!model.shows_help() && model.screen() == Screen::Confirm && model.typed.is_empty());
    type_text(&mut model, &code);
    press(&mut model, Key::F(1));
    press(&mut model, Key::F(1));
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::Confirmed { .. }]));
}

#[test]
fn help_closes_when_another_screen_comes() {
    let mut model = confirmed(Language::Ja, '3');
    press(&mut model, Key::F(1));
    for no in [1, 2, 3] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert!(model.screen() == Screen::Results && screen(&model).contains("完了"));
    press(&mut model, Key::Down);
    press(&mut model, Key::Char('c'));
    assert_eq!(model.screen(), Screen::Finish);
}

#[test]
fn the_kernel_console_has_help_in_ascii() {
    let mut model = model(Console::AsciiOnly);
    press(&mut model, Key::Up);
    press(&mut model, Key::F(1));
    assert!(model.shows_help() && screen(&model).is_ascii());
}
