//! The sign that fills the screen where nobody is at the keys.

use super::fixtures::*;
use super::screens::snap;
use crate::state::QUIET_SECONDS;
use crate::{Console, Journal, Key, Language, Model, Msg, Screen, StickProblem};
use model::{DriveNo, FailureReason, Method};

/// So many seconds pass, as the program tells of them.
fn wait(model: &mut Model, seconds: u64) {
    for _ in 0..seconds {
        send(model, Msg::Tick);
        if model.is_left_alone() {
            send(model, Msg::LeftAlone);
        }
    }
}

fn left_alone(mut model: Model) -> Model {
    wait(&mut model, QUIET_SECONDS);
    assert!(model.shows_door());
    model
}

fn with_a_failure(language: Language) -> Model {
    let mut model = confirmed(language, '3');
    for no in model.to_erase() {
        let result = if no == DriveNo(2) {
            failed(FailureReason::CommandRejected("2006h".into()))
        } else {
            done(Method::Clear)
        };
        send(&mut model, Msg::JobFinished(no, result));
    }
    model
}

#[test]
fn the_sign_fills_the_screen_where_nobody_is_at_the_keys_and_any_key_only_takes_it_away() {
    for key in [Key::Char('c'), Key::Char('3'), Key::Enter, Key::Esc, Key::Char('~'), Key::F(1)] {
        let mut model = finished(Language::En, '3');
        wait(&mut model, QUIET_SECONDS - 1);
        assert!(!model.shows_door());
        wait(&mut model, 1);
        assert!(model.shows_door());
        assert!(crate::keymap::bindings(&model).is_empty(), "no key has a meaning of its own");
        assert!(press(&mut model, key).is_empty(), "{key:?}");
        assert!(!model.shows_door() && model.screen == Screen::Results && !model.shows_help(), "{key:?}");
        wait(&mut model, QUIET_SECONDS - 1);
        assert!(!model.shows_door(), "counted from the key");
    }
    let mut model = left_alone(finished(Language::En, '3'));
    press(&mut model, Key::Char('c'));
    assert!(!press(&mut model, Key::Char('c')).is_empty(), "the next one counts");
}

#[test]
fn it_waits_for_the_last_drive_and_leaves_the_screens_alone_that_are_copied_from() {
    let mut running = confirmed(Language::En, '3');
    wait(&mut running, 3 * QUIET_SECONDS);
    assert!(!running.shows_door());
    send(&mut running, Msg::LeftAlone);
    assert!(!running.shows_door(), "not even when told");
    let mut unsaved = finished(Language::En, '3');
    send(&mut unsaved, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
    wait(&mut unsaved, 3 * QUIET_SECONDS);
    assert!(!unsaved.shows_door(), "what to do about the stick stays in sight");

    let mut witness = finished(Language::En, '1');
    press(&mut witness, Key::Char('w'));
    let mut closed = finished(Language::En, '3');
    press(&mut closed, Key::Char('c'));
    send(&mut closed, Msg::Closed(Ok(close_info())));
    for mut model in [witness, closed, with_plan(Language::En, '3'), booted(Language::En)] {
        wait(&mut model, 3 * QUIET_SECONDS);
        assert!(!model.shows_door(), "{:?}", model.screen);
    }
}

#[test]
fn what_has_to_be_read_takes_it_away() {
    for msg in [
        Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }),
        Msg::PowerButton,
        Msg::OnBattery(true),
        Msg::Resized { width: 20, height: 5 },
    ] {
        let mut model = left_alone(finished(Language::En, '3'));
        send(&mut model, msg.clone());
        assert!(!model.shows_door() && !model.left_alone, "{msg:?}");
    }
    let mut model = left_alone(finished(Language::En, '3'));
    send(&mut model, Msg::Clock { wall: "2026-04-01 12:00".into(), state: crate::ClockState::Plausible });
    assert!(model.shows_door(), "the minutes go on behind it");
}

/// A drive may turn up behind the sign that must not lose its power.
#[test]
fn a_drive_that_still_erases_itself_is_not_hidden() {
    let mut model = left_alone(finished(Language::En, '3'));
    send(&mut model, Msg::Drives(super::obstacles::troubled_drives()));
    assert!(!model.busy().is_empty() && !model.shows_door(), "{}", screen(&model));
}

#[test]
fn how_it_looks() {
    snap("28a_door_done", |language| left_alone(finished(language, '3')));
    snap("28b_door_attention", |language| left_alone(finished(language, '1')));
    snap("28c_door_failed", |language| left_alone(with_a_failure(language)));
}

#[test]
fn a_console_without_block_characters_shows_it_too() {
    for make in
        [|| finished(Language::En, '3'), || finished(Language::En, '1'), || with_a_failure(Language::En)]
    {
        let mut model = left_alone(make());
        model.console = Console::AsciiOnly;
        let shown = screen(&model);
        assert!(shown.is_ascii() && !shown.contains('?'), "{shown}");
        let drawn = shown.chars().filter(|c| *c == '#').count();
        assert!(drawn > 80, "{drawn}:\n{shown}");
    }
}
