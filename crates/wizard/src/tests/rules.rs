//! What holds on every screen: the help line tells the truth, and a small terminal does nothing.

use super::fixtures::*;
use super::obstacles::*;
use crate::keymap::bindings;
use crate::{Journal, Key, Language, Model, Msg, Screen, StickProblem, update};
use std::collections::{BTreeMap, BTreeSet};

macro_rules! screens {
    ($($name:ident),+ $(,)?) => {
        /// Every screen that there is.
        pub(super) const SCREENS: &[Screen] = &[$(Screen::$name),+];
        /// Does not compile while one is missing.
        const fn _all(screen: Screen) {
            match screen { $(Screen::$name => ()),+ }
        }
    };
}

screens!(
    Language,
    Sticks,
    Passphrase,
    Unattended,
    Past,
    PastDetail,
    People,
    Names,
    Class,
    Drives,
    DriveDetail,
    Label,
    Own,
    Assets,
    Exception,
    Attest,
    Unlock,
    Sleep,
    Plan,
    PlanDetail,
    Confirm,
    RecordOnly,
    Progress,
    Stop,
    Results,
    ByHand,
    HandForm,
    Witness,
    Unwitnessed,
    Finish,
    Code,
    Rescue,
    Abandon,
    PolicyProblem,
    Taken,
);

/// One model per screen and per state in which its keys differ.
pub(super) fn everywhere(language: Language) -> Vec<Model> {
    let after = |mut model: Model, keys: &[Key]| {
        for key in keys {
            press(&mut model, *key);
        }
        model
    };
    let unsaved = || Msg::Journal(Journal::Unsaved { count: 2, problem: StickProblem::Removed });
    let on_drives = after(with_people(language), &[Key::Char('2'), Key::Enter]);
    let mut policy = booted(language);
    send(&mut policy, Msg::PolicyProblem { message: "x".into(), line: 1 });
    let mut taken = model(crate::Console::Full);
    taken.language = language;
    send(&mut taken, Msg::SeatTaken);
    let mut lost = confirmed(language, '3');
    send(&mut lost, unsaved());
    let rescue = after(lost.clone(), &[Key::Char('u')]);
    let rescue_on = after(rescue.clone(), &[Key::Down]);
    let mut no_stick = after(booted(language), &[Key::Enter]);
    send(&mut no_stick, Msg::Sticks(Vec::new()));
    let shut = at_passphrase(language, crate::VoucherCheck::Checked);
    let trying = after(shut.clone(), &[Key::Char('x'), Key::Enter]);
    let finishing = after(finished(language, '3'), &[Key::Char('c')]);
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
    let mut nothing_unsaved = nothing_selected.clone();
    send(&mut nothing_unsaved, unsaved());
    // All that a plan's line can offer, all at once.
    let mut full_plan = after(declined(language, without_busy()), &[Key::Down]);
    send(&mut full_plan, unsaved());
    let mut listed_witness = super::witnessing::many(language);
    if let crate::parts::StickUse::Open(info) = &mut listed_witness.sticks.used {
        info.lists = Some(super::people::names());
    }
    let named_witness =
        after(listed_witness.clone(), &[Key::Right, Key::Char('2'), Key::Enter, Key::Enter, Key::Char('1')]);
    let mut unsaved_results = finished(language, '1');
    send(&mut unsaved_results, unsaved());
    let only_destroy = after(on_drives.clone(), &[Key::Down, Key::Char(' '), Key::Enter]);
    let mut garbled = finishing.clone();
    send(&mut garbled, Msg::Closed(Err(not_verified())));
    let mut late = finished(language, '3');
    send(&mut late, Msg::Drives(drives_and(late_drive())));
    let stale = super::stale::without_second(language);
    let asked = asked_first(language, without_busy(), &[]);
    let going = after(asked.clone(), &[Key::Char('1'), Key::Enter]);
    let mut woken = going.clone();
    send(&mut woken, Msg::Slept(crate::SleepOutcome::NotSupported));
    let locked = asked_first(language, without_busy(), &[LOCKED]);
    let unlocking = after(locked.clone(), &[Key::Char('1'), Key::Enter]);
    let mut unlocked = unlocking.clone();
    send(&mut unlocked, Msg::Unlocked(LOCKED, Ok(())));
    let listed = super::people::with_lists(language);
    let typed = after(listed.clone(), &[Key::Char('x')]);
    let by = after(listed.clone(), &[Key::Tab; 5]);
    let destination = after(listed.clone(), &[Key::Tab; 6]);
    let names = after(listed.clone(), &[Key::F(2), Key::Down]);
    let many = after(listed.clone(), &[Key::Tab, Key::Tab, Key::Tab, Key::F(2), Key::Down]);
    let attesting = after(on_detail(language, SEALED), &[Key::Char('e')]);
    let mut attested = on_detail(language, SEALED);
    attest(&mut attested);
    let past = after(super::past::opened_after(language, super::past::HERE), &[Key::Char('l'), Key::Down]);
    vec![
        after(stale.clone(), &[Key::Down]),
        stale,
        super::bench::first(language),
        super::bench::on_list(language),
        super::bench::word(language),
        after(super::bench::word(language), &[Key::Char('x')]),
        super::bench::on_assets(language),
        super::hand::alone(language),
        super::hand::on_form(language),
        after(super::hand::on_form(language), &[Key::Tab]),
        after(super::hand::on_form(language), &[Key::Tab; 6]),
        after(super::hand::on_form(language), &[Key::BackTab]),
        super::hand::recorded(language, '1'),
        after(super::hand::recorded(language, '1'), &[Key::Char('w')]),
        after(super::hand::recorded(language, '1'), &[Key::Char('c')]),
        super::hand::from_results(language),
        after(super::hand::from_results(language), &[Key::Enter]),
        super::hand::destroyed_here(language),
        super::exceptions::on_detail(language),
        super::exceptions::on_form(language),
        after(super::exceptions::on_form(language), &[Key::BackTab]),
        super::exceptions::given(language),
        super::exceptions::planned(language),
        super::labels::on_list(language),
        super::labels::asked(language),
        after(super::labels::asked(language), &[Key::Char('x'), Key::Enter]),
        super::labels::on_detail(language),
        super::past::opened_after(language, super::past::HERE),
        after(past.clone(), &[Key::Down, Key::Enter]),
        past,
        super::handover::at_class(language),
        super::handover::with_plan_for(language, '2').0,
        super::handover::cleared(language),
        super::witnessing::many(language),
        after(super::witnessing::many(language), &[Key::PageDown, Key::Tab]),
        after(confirmed(language, '3'), &[Key::F(1)]),
        listed,
        typed,
        by,
        destination,
        names,
        many,
        super::people::with_memory(language),
        shut,
        trying,
        asked,
        going,
        woken,
        locked.clone(),
        unlocking,
        unlocked,
        after(locked, &[Key::Esc, Key::Down, Key::Down, Key::Char('i')]),
        on_list(language, troubled_drives(), &[]),
        declined(language, troubled_drives()),
        after(declined(language, without_busy()), &[Key::Down]),
        on_detail(language, HIDING),
        on_detail(language, LOCKED),
        attesting.clone(),
        after(attesting, &[Key::BackTab, Key::BackTab]),
        after(attested.clone(), &[Key::Char('e')]),
        attested,
        booted(language),
        model(crate::Console::AsciiOnly),
        no_stick,
        after(booted(language), &[Key::Enter]),
        after(booted(language), &[Key::Enter, Key::Enter]),
        after(with_stick(language), &[Key::Esc]),
        with_stick(language),
        after(with_people(language), &[Key::Esc]),
        with_people(language),
        on_drives,
        wrong_pick,
        nothing_selected,
        nothing_unsaved,
        full_plan,
        after(listed_witness.clone(), &[Key::Char('x')]),
        after(named_witness.clone(), &[Key::Tab]),
        named_witness,
        listed_witness,
        unsaved_results,
        with_plan(language, '2'),
        after(with_plan(language, '2'), &[Key::Char('d')]),
        after(with_plan(language, '2'), &[Key::Char('q')]),
        after(with_plan(language, '3'), &[Key::Enter]),
        after(only_destroy, &[Key::Enter]),
        confirmed(language, '3'),
        lost,
        after(confirmed(language, '3'), &[Key::Char('s')]),
        rescue,
        rescue_on,
        finished(language, '3'),
        finished(language, '1'),
        after(finished(language, '1'), &[Key::Char('w')]),
        after(finished(language, '1'), &[Key::Char('w'), Key::Tab]),
        after(finished(language, '1'), &[Key::Char('c')]),
        finishing,
        after(closed.clone(), &[Key::Char('q')]),
        closed,
        not_closed,
        garbled,
        late,
        finished_with_a_held_disk(language),
        policy,
        taken,
        super::unattended::counting(language),
    ]
}

/// The keys that a caption of the help line names.
///
/// Three things go without saying: capital letters, Backspace where something is typed, and Shift with Tab for the way back.
fn named(model: &Model, caption: &str) -> BTreeSet<Key> {
    let texts = &model.texts().keys;
    let char = |c: char| vec![Key::Char(c.to_ascii_lowercase()), Key::Char(c.to_ascii_uppercase())];
    let one = |name: &str| match name {
        "↑↓" => vec![Key::Up, Key::Down],
        "←→" => vec![Key::Left, Key::Right],
        "→" | "Right" => vec![Key::Right],
        "Left" => vec![Key::Left],
        "Up" => vec![Key::Up],
        "Down" => vec![Key::Down],
        "Enter" => vec![Key::Enter],
        "Esc" => vec![Key::Esc],
        "Tab" => vec![Key::Tab, Key::BackTab],
        "PgUp" => vec![Key::PageUp],
        "PgDn" => vec![Key::PageDown],
        "F1" => vec![Key::F(1)],
        "F2" => vec![Key::F(2)],
        "F3" => vec![Key::F(3)],
        "F4" => vec![Key::F(4)],
        "0-9" => ('0'..='9').map(Key::Char).chain([Key::Backspace]).collect(),
        text if text == texts.space => vec![Key::Char(' ')],
        text if text == texts.letters => (' '..='~').map(Key::Char).chain([Key::Backspace]).collect(),
        text if text == texts.any => every_key(),
        text => match text.chars().collect::<Vec<_>>().as_slice() {
            ['1', '-', last] => ('1'..=*last).map(Key::Char).collect(),
            [c] if c.is_ascii_alphanumeric() => char(*c),
            _ => panic!("no key is called {text}"),
        },
    };
    caption.split('/').flat_map(one).collect()
}

fn every_key() -> Vec<Key> {
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
    ];
    (' '..='~').map(Key::Char).chain(others).chain((1..=12).map(Key::F)).collect()
}

/// The help line as it stands on the screen: its rows are the last ones.
fn help_line(model: &Model) -> String {
    let picture = screen(model);
    let rows: Vec<&str> = picture.lines().collect();
    rows.iter().rev().take(4).copied().collect::<Vec<_>>().join("\n")
}

fn works(model: &Model, key: Key) -> bool {
    let mut after = model.clone();
    let effects = update(&mut after, Msg::Key(key));
    !effects.is_empty() || after != *model
}

/// Every state in both languages; the first key claims the seat, whatever it is.
fn all() -> Vec<Model> {
    let mut all: Vec<Model> = [Language::Ja, Language::En].into_iter().flat_map(everywhere).collect();
    all.iter_mut().for_each(|model| model.seat = crate::parts::Seat::Mine);
    all
}

#[test]
fn every_screen_is_among_those_that_are_tried() {
    for language in [Language::Ja, Language::En] {
        let seen: BTreeSet<Screen> = everywhere(language).iter().map(Model::screen).collect();
        assert_eq!(seen, SCREENS.iter().copied().collect());
        assert!(
            everywhere(language)
                .iter()
                .all(|model| model.language == language || model.console == crate::Console::AsciiOnly)
        );
    }
}

#[test]
fn every_key_of_the_help_line_is_on_the_screen_and_does_something() {
    // By screen, what it is for, and the key: not each works in each state.
    let mut tried: BTreeMap<(Screen, String, Key), bool> = BTreeMap::new();
    for model in all() {
        for binding in bindings(&model) {
            let (caption, label) = crate::view::help_entry(&model, &binding);
            let shown = help_line(&model);
            assert!(
                shown.contains(&format!("{caption} {label}")),
                "{caption} {label} is cut off\n{}",
                screen(&model)
            );
            let keys = named(&model, &caption);
            // Only what moves has a way back.
            for key in keys.iter().filter(|key| **key != Key::BackTab) {
                // What goes up from the first line does nothing until something went down.
                let worked = works(&model, *key)
                    || keys.iter().filter(|other| *other != key).take(4).any(|other| {
                        let mut moved = model.clone();
                        let _ = update(&mut moved, Msg::Key(*other));
                        moved.screen() == model.screen() && works(&moved, *key)
                    });
                *tried.entry((model.screen(), label.clone(), *key)).or_default() |= worked;
            }
        }
    }
    let idle: Vec<_> = tried.iter().filter(|(_, worked)| !**worked).map(|(what, _)| what).collect();
    assert!(idle.is_empty(), "these do nothing: {idle:?}");
}

#[test]
fn no_key_works_that_the_help_line_does_not_show() {
    for model in all() {
        let entries = bindings(&model).into_iter().map(|binding| crate::view::help_entry(&model, &binding));
        let shown: BTreeSet<Key> = entries.flat_map(|(caption, _)| named(&model, &caption)).collect();
        for key in every_key() {
            assert!(
                shown.contains(&key) || !works(&model, key),
                "{:?}: {key:?} works in secret",
                model.screen()
            );
        }
    }
}

#[test]
fn a_small_terminal_shows_one_thing_and_takes_no_key() {
    // Any key stops what would begin by itself, seen or not.
    for mut model in all().into_iter().filter(|model| !model.is_unattended()) {
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
        for mut model in everywhere(language) {
            model.language = language;
            model.help = None;
            headings.insert(crate::view::heading(&model));
            screens.insert(model.screen());
        }
        assert_eq!(headings.len(), screens.len(), "{headings:?}");
    }
}
