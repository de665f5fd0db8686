//! Recordings: what is kept, and that it shows the same screen again.

use super::replay::{last_screen, picture};
use super::*;
use model::DriveNo;
use wizard::{Basis, ClockState, JobView, Phase};

fn job(done: u64) -> Msg {
    let phase = Phase::ReadingBack;
    let view = JobView { phase, done, of: 100, basis: Basis::Measured, rate: None, remaining: None };
    Msg::Job(DriveNo(1), view)
}

fn recorder(folder: &Path) -> Recorder {
    Recorder::new(Console::Full, "5CG1", folder.join("fault-serial.json"))
}

#[test]
fn of_progress_the_last_word_is_kept_and_of_a_passphrase_its_length() {
    let mut recording = Recording::new(Console::Full, "");
    let clock = |wall: &str| Msg::Clock { wall: wall.into(), state: ClockState::Plausible };
    for msg in [clock("1"), job(1), Msg::Tick, job(2), clock("2"), Msg::Key(Key::Up), job(3), job(4)] {
        recording.keep(&msg, Screen::Progress);
    }
    assert_eq!(recording.messages, [job(2), clock("2"), Msg::Key(Key::Up), job(4)]);
    for c in "secret".chars() {
        recording.keep(&Msg::Key(Key::Char(c)), Screen::Passphrase);
        recording.keep(&Msg::Key(Key::Char(c)), Screen::Sticks);
    }
    let text = String::from_utf8(recording.bytes().unwrap()).unwrap();
    assert_eq!(recording.messages.len(), 16);
    assert!(!text.contains("\"s\"") && !text.contains("\"c\""), "{text}");
    let table = policy::Table::builtin().unwrap();
    recording.keep(&Msg::Policy { table, origin: policy::TableOrigin::Custom }, Screen::Sticks);
    assert_eq!((recording.messages.len(), recording.left_out), (16, 1));
}

#[test]
fn a_fault_is_written_found_by_the_next_program_and_shown_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = recorder(folder.path());
    assert_eq!(first.left(), None);
    let mut model = last_screen(&first.recording()).unwrap().0;
    let resized = Msg::Resized { width: 100, height: 30 };
    for msg in [resized, Msg::Key(Key::Char('2')), Msg::Key(Key::Enter), Msg::Sticks(Vec::new())] {
        first.keep(&msg, &model);
        let _ = wizard::update(&mut model, msg);
    }
    let told = first.write("src/view.rs:1:2", "panicked at src/view.rs:1:2:\nindex out of bounds");
    let left = recorder(folder.path()).left().unwrap();
    assert!(told.contains(&left.code) && left.code.starts_with("M-"), "{told}");
    assert_eq!(left.file.folder, "MASSHO-FAULT");
    let again: Recording = serde_json::from_slice(&left.file.bytes).unwrap();
    let (shown, size) = last_screen(&again).unwrap();
    assert_eq!(picture(&shown, size), picture(&model, (100, 30)));
    assert!(picture(&shown, size).contains("looking for the results stick"), "{}", picture(&shown, size));
    first.forget_left();
    assert_eq!(first.left(), None);
}

#[test]
fn what_is_no_recording_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = recorder(folder.path());
    for bytes in ["", "{}", "{\"format\":\"massho-recording/1\"}", "[1]"] {
        fs::write(&recorder.file, bytes).unwrap();
        assert_eq!(recorder.left(), None, "{bytes}");
    }
}

#[test]
fn the_code_names_the_place() {
    assert_eq!(code("a.rs:1:1"), code("a.rs:1:1"));
    assert_ne!(code("a.rs:1:1"), code("a.rs:1:2"));
    assert_eq!(code("").len(), 6);
}
