//! What holds on every screen: the help line tells the truth, and a small terminal does nothing.

use super::fixtures::*;
use super::obstacles::*;
use crate::keymap::{Accepts, Binding, bindings};
use crate::{Journal, Key, Language, Model, Msg, Screen, StickProblem, update};
use std::collections::BTreeSet;

/// One model per screen and per state in which its keys differ.
pub(super) fn everywhere() -> Vec<Model> {
    let en = Language::En;
    let after = |mut model: Model, keys: &[Key]| {
        for key in keys {
            press(&mut model, *key);
        }
        model
    };
    let on_drives = after(with_people(en), &[Key::Char('2'), Key::Enter]);
    let mut policy = booted(en);
    send(&mut policy, Msg::PolicyProblem { message: "x".into(), line: 1 });
    let mut taken = model(crate::Console::Full);
    send(&mut taken, Msg::SeatTaken);
    let mut lost = confirmed(en, '3');
    send(&mut lost, Msg::Journal(Journal::Unsaved { count: 2, problem: StickProblem::Removed }));
    let rescue = after(lost.clone(), &[Key::Char('u')]);
    let rescue_on = after(rescue.clone(), &[Key::Down]);
    let mut no_stick = after(booted(en), &[Key::Enter]);
    send(&mut no_stick, Msg::Sticks(Vec::new()));
    let shut = at_passphrase(en, crate::VoucherCheck::Checked);
    let trying = after(shut.clone(), &[Key::Char('x'), Key::Enter]);
    let finishing = after(finished(en, '3'), &[Key::Char('c')]);
    let mut closed = finishing.clone();
    send(&mut closed, Msg::Closed(Ok(close_info())));
    let mut not_closed = finishing.clone();
    send(&mut not_closed, Msg::Closed(Err(StickProblem::Full)));
    let mut wrong_pick = on_drives.clone();
    for _ in 0..4 {
        press(&mut wrong_pick, Key::Down);
    }
    let nothing_selected =
        after(on_drives.clone(), &[Key::Char(' '), Key::Down, Key::Char(' '), Key::Down, Key::Char(' ')]);
    let only_destroy = after(on_drives.clone(), &[Key::Down, Key::Char(' '), Key::Enter]);
    let mut garbled = finishing.clone();
    send(&mut garbled, Msg::Closed(Err(not_verified())));
    let mut late = finished(en, '3');
    send(&mut late, Msg::Drives(drives_and(late_drive())));
    let asked = asked_first(en, without_busy(), &[]);
    let going = after(asked.clone(), &[Key::Char('1'), Key::Enter]);
    let mut woken = going.clone();
    send(&mut woken, Msg::Slept(crate::SleepOutcome::NotSupported));
    let locked = asked_first(en, without_busy(), &[LOCKED]);
    let unlocking = after(locked.clone(), &[Key::Char('1'), Key::Enter]);
    let mut unlocked = unlocking.clone();
    send(&mut unlocked, Msg::Unlocked(LOCKED, Ok(())));
    let listed = super::people::with_lists(en);
    let typed = after(listed.clone(), &[Key::Char('x')]);
    let by = after(listed.clone(), &[Key::Tab; 5]);
    let destination = after(listed.clone(), &[Key::Tab; 6]);
    let names = after(listed.clone(), &[Key::F(2), Key::Down]);
    let many = after(listed.clone(), &[Key::Tab, Key::Tab, Key::Tab, Key::F(2), Key::Down]);
    let attesting = after(on_detail(en, SEALED), &[Key::Char('e')]);
    let mut attested = on_detail(en, SEALED);
    attest(&mut attested);
    let past = after(super::past::opened_after(en, super::past::HERE), &[Key::Char('l'), Key::Down]);
    vec![
        super::bench::first(en),
        super::bench::on_list(en),
        super::bench::word(en),
        after(super::bench::word(en), &[Key::Char('x')]),
        super::bench::on_assets(en),
        super::hand::alone(en),
        super::hand::on_form(en),
        after(super::hand::on_form(en), &[Key::Tab]),
        after(super::hand::on_form(en), &[Key::Tab; 6]),
        after(super::hand::on_form(en), &[Key::BackTab]),
        super::hand::recorded(en, '1'),
        after(super::hand::recorded(en, '1'), &[Key::Char('w')]),
        after(super::hand::recorded(en, '1'), &[Key::Char('c')]),
        super::hand::from_results(en),
        after(super::hand::from_results(en), &[Key::Enter]),
        super::hand::destroyed_here(en),
        super::exceptions::on_detail(en),
        super::exceptions::on_form(en),
        after(super::exceptions::on_form(en), &[Key::BackTab]),
        super::exceptions::given(en),
        super::exceptions::planned(en),
        super::labels::on_list(en),
        super::labels::asked(en),
        after(super::labels::asked(en), &[Key::Char('x'), Key::Enter]),
        super::labels::on_detail(en),
        super::past::opened_after(en, super::past::HERE),
        after(past.clone(), &[Key::Down, Key::Enter]),
        past,
        super::handover::at_class(en),
        super::handover::with_plan_for(en, '2').0,
        super::handover::cleared(en),
        super::witnessing::many(en),
        after(super::witnessing::many(en), &[Key::PageDown, Key::Tab]),
        after(confirmed(en, '3'), &[Key::F(1)]),
        listed,
        typed,
        by,
        destination,
        names,
        many,
        super::people::with_memory(en),
        super::people::with_memory(Language::Ja),
        shut,
        trying,
        asked,
        going,
        woken,
        locked.clone(),
        unlocking,
        unlocked,
        after(locked, &[Key::Esc, Key::Down, Key::Down, Key::Char('i')]),
        on_list(en, troubled_drives(), &[]),
        declined(en, troubled_drives()),
        after(declined(en, without_busy()), &[Key::Down]),
        on_detail(en, HIDING),
        on_detail(en, LOCKED),
        attesting.clone(),
        after(attesting, &[Key::BackTab, Key::BackTab]),
        after(attested.clone(), &[Key::Char('e')]),
        attested,
        booted(en),
        model(crate::Console::AsciiOnly),
        no_stick,
        after(booted(en), &[Key::Enter]),
        after(booted(en), &[Key::Enter, Key::Enter]),
        after(with_stick(en), &[Key::Esc]),
        with_stick(en),
        after(with_people(en), &[Key::Esc]),
        with_people(en),
        on_drives,
        wrong_pick,
        nothing_selected,
        with_plan(en, '2'),
        after(with_plan(en, '2'), &[Key::Char('d')]),
        after(with_plan(en, '2'), &[Key::Char('q')]),
        after(with_plan(en, '3'), &[Key::Enter]),
        after(only_destroy, &[Key::Enter]),
        confirmed(en, '3'),
        lost,
        after(confirmed(en, '3'), &[Key::Char('s')]),
        rescue,
        rescue_on,
        finished(en, '3'),
        finished(en, '1'),
        after(finished(en, '1'), &[Key::Char('w')]),
        after(finished(en, '1'), &[Key::Char('w'), Key::Tab]),
        after(finished(en, '1'), &[Key::Char('c')]),
        finishing,
        after(closed.clone(), &[Key::Char('q')]),
        closed,
        not_closed,
        garbled,
        late,
        finished_with_a_held_disk(en),
        policy,
        taken,
        super::unattended::counting(en),
    ]
}

fn keys(binding: &Binding) -> Vec<Key> {
    match binding.accepts {
        Accepts::Keys(pairs) => pairs.iter().map(|(key, _)| *key).collect(),
        Accepts::Numbers(last) => (1..=last).map(|n| Key::Char(char::from(b'0' + n))).collect(),
        Accepts::Text => vec![Key::Char('a')],
        Accepts::Digits => vec![Key::Char('7')],
        Accepts::Any => vec![Key::Char('a'), Key::F(1)],
    }
}

#[test]
fn every_screen_is_among_those_that_are_tried() {
    let seen: BTreeSet<Screen> = everywhere().iter().map(Model::screen).collect();
    assert_eq!(seen.len(), 35, "{seen:?}");
}

#[test]
fn every_key_of_the_help_line_does_something() {
    for mut model in everywhere() {
        // The first key claims the seat, whatever it is.
        model.seat = crate::parts::Seat::Mine;
        for binding in bindings(&model) {
            let works = keys(&binding).into_iter().any(|key| {
                let mut after = model.clone();
                let effects = update(&mut after, Msg::Key(key));
                !effects.is_empty() || after != model
            });
            let (key, label) = crate::view::help_entry(&model, &binding);
            assert!(works, "{:?}: {key} {label} does nothing", model.screen());
            let picture = screen(&model);
            assert!(picture.contains(&format!("{key} {label}")), "{key} {label} is cut off\n{picture}");
        }
    }
}

#[test]
fn no_key_works_that_the_help_line_does_not_show() {
    let letters = ('!'..='~').map(Key::Char);
    let others = [
        Key::Enter,
        Key::Esc,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::PageUp,
        Key::PageDown,
        Key::Home,
        Key::End,
        Key::Backspace,
        Key::Delete,
        Key::Tab,
        Key::BackTab,
        Key::F(1),
        Key::F(2),
        Key::F(3),
        Key::F(4),
        Key::Char(' '),
    ];
    let all: Vec<Key> = letters.chain(others).collect();
    for mut model in everywhere() {
        model.seat = crate::parts::Seat::Mine;
        let shown = bindings(&model);
        for key in &all {
            let mut after = model.clone();
            let effects = update(&mut after, Msg::Key(*key));
            if effects.is_empty() && after == model {
                continue;
            }
            let small = match key {
                Key::Char(c) => Key::Char(c.to_ascii_lowercase()),
                other => *other,
            };
            let known = shown.iter().any(|binding| match binding.accepts {
                Accepts::Text => matches!(key, Key::Char(_) | Key::Backspace),
                Accepts::Digits => {
                    matches!(key, Key::Backspace) || matches!(key, Key::Char(c) if c.is_ascii_digit())
                }
                Accepts::Any => true,
                Accepts::Keys(_) | Accepts::Numbers(_) => keys(binding).contains(&small),
            });
            assert!(known, "{:?}: {key:?} works in secret", model.screen());
        }
    }
}

#[test]
fn a_small_terminal_shows_one_thing_and_takes_no_key() {
    // Any key stops what would begin by itself, seen or not.
    for mut model in everywhere().into_iter().filter(|model| !model.is_unattended()) {
        let _ = update(&mut model, Msg::Resized { width: 79, height: 24 });
        let picture = screen(&model);
        assert!(picture.contains("80"), "{picture}");
        for key in [Key::Enter, Key::Esc, Key::Char('y'), Key::Char('p'), Key::Char('1')] {
            let mut after = model.clone();
            assert_eq!(update(&mut after, Msg::Key(key)), []);
            assert_eq!(after, model);
        }
    }
}

#[test]
fn every_screen_has_a_heading_of_its_own() {
    for language in [Language::Ja, Language::En] {
        let mut headings = BTreeSet::new();
        let mut screens = BTreeSet::new();
        for mut model in everywhere() {
            model.language = language;
            model.help = None;
            headings.insert(crate::view::heading(&model));
            screens.insert(model.screen());
        }
        assert_eq!(headings.len(), screens.len(), "{headings:?}");
    }
}
