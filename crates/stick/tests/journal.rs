//! A journal on sticks that fail: no line is lost, and nothing is called saved that is not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{Contents, Fate, FaultyStick, Refusal, SESSION, at, bytes, key, session, session_of};
use proptest::prelude::*;
use record::{Hex, Reason, Twin};
use std::fs;
use stick::{Backend, History, Journal, LOG_FOLDER, LogFolder, StickError, StickErrorKind};

const FILE: &str = "20261123-014500-abababab.jsonl";

fn journal() -> Journal {
    Journal::new(&SESSION, &at().wall)
}

/// Both files of a log hold these bytes, and nothing else is on the stick.
fn holds(contents: &Contents, log: &str, bytes: &[u8]) {
    let expected = Twin::BOTH.map(|twin| (key(twin, log), bytes.to_vec()));
    assert_eq!(*contents.lock().unwrap(), expected.into());
}

fn kind<T: std::fmt::Debug>(result: Result<T, StickError>) -> StickErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn a_session_ends_up_whole_in_a_folder_and_verifies() {
    let root = tempfile::tempdir().unwrap();
    let (lines, mut journal) = (session(3), journal());
    journal.resume_on(Box::new(LogFolder::open(root.path()).unwrap())).unwrap();
    for (number, line) in lines.iter().enumerate() {
        let saved = journal.append(line).unwrap();
        assert_eq!((saved.lines(), saved.file()), (number + 1, FILE));
        assert_eq!(journal.unsaved(), 0);
    }
    let closed = journal.close().unwrap();
    assert_eq!(closed.report().entries, 5);
    for twin in Twin::BOTH {
        let file = root.path().join(LOG_FOLDER).join(match twin {
            Twin::Log => key(twin, FILE),
            Twin::Copy => format!("COPY/{}", key(twin, FILE)),
        });
        assert_eq!(fs::read(file).unwrap(), bytes(&lines));
    }
    journal.release().unwrap();
}

#[test]
fn two_sessions_on_one_stick_name_each_other() {
    let root = tempfile::tempdir().unwrap();
    let mut history = History::of(&[], "");
    for counter in 1..=2 {
        let mut folder = LogFolder::open(root.path()).unwrap();
        history = History::of(&folder.logs().unwrap(), "");
        assert_eq!(history.next_counter, counter);
        let id = Hex([u8::try_from(counter).unwrap(); 16]);
        let mut journal = Journal::new(&id, &at().wall);
        journal.resume_on(Box::new(folder)).unwrap();
        for line in session_of(id, 1, &history) {
            journal.append(&line).unwrap();
        }
        journal.close().unwrap();
    }
    assert_eq!(history.previous.unwrap().file, "20261123-014500-01010101.jsonl");
}

#[test]
fn without_a_stick_lines_are_kept() {
    let (lines, mut journal) = (session(2), journal());
    for line in &lines {
        assert_eq!(kind(journal.append(line)), StickErrorKind::NoStick);
    }
    assert_eq!(journal.unsaved(), 4);
    let contents = Contents::default();
    assert_eq!(journal.resume_on(FaultyStick::new(&contents, [])).unwrap().lines(), 4);
    holds(&contents, FILE, &bytes(&lines));
}

#[test]
fn a_full_stick_is_replaced_and_the_session_goes_on_unbroken() {
    let (lines, mut journal) = (session(2), journal());
    let (first, second) = (Contents::default(), Contents::default());
    let fates = [Fate::Works, Fate::Works, Fate::Refused(Refusal::Full)];
    journal.resume_on(FaultyStick::new(&first, fates)).unwrap();
    journal.append(&lines[0]).unwrap();
    assert_eq!(kind(journal.append(&lines[1])), StickErrorKind::Full);
    assert_eq!(journal.unsaved(), 1);
    journal.resume_on(FaultyStick::new(&second, [])).unwrap();
    journal.append(&lines[2]).unwrap();
    journal.append(&lines[3]).unwrap();
    journal.close().unwrap();
    holds(&second, FILE, &bytes(&lines));
    // What the first stick has stays there.
    holds(&first, FILE, lines[0].bytes());
}

/// Room for the log and none for its copy: it is not saved, and nothing is lost.
#[test]
fn a_line_that_is_in_one_file_only_is_not_saved() {
    let (lines, mut journal) = (session(2), journal());
    let (first, second) = (Contents::default(), Contents::default());
    let fates = [Fate::Works, Fate::Works, Fate::Works, Fate::Refused(Refusal::Full)];
    journal.resume_on(FaultyStick::new(&first, fates)).unwrap();
    journal.append(&lines[0]).unwrap();
    assert_eq!(kind(journal.append(&lines[1])), StickErrorKind::Full);
    assert_eq!(journal.unsaved(), 1);
    assert_eq!(first.lock().unwrap()[FILE], bytes(&lines[..2]));
    assert_eq!(first.lock().unwrap()[&key(Twin::Copy, FILE)], lines[0].bytes());
    journal.resume_on(FaultyStick::new(&second, [])).unwrap();
    journal.append(&lines[2]).unwrap();
    journal.append(&lines[3]).unwrap();
    journal.close().unwrap();
    holds(&second, FILE, &bytes(&lines));
}

/// The copy is not touched before the log is on the medium, so that at no moment both are being written.
#[test]
fn a_file_is_not_written_while_the_other_one_is_not_safe() {
    let (lines, mut journal) = (session(1), journal());
    let contents = Contents::default();
    journal.resume_on(FaultyStick::new(&contents, [Fate::Works, Fate::Works, Fate::Torn(9)])).unwrap();
    journal.append(&lines[0]).unwrap();
    assert_eq!(kind(journal.append(&lines[1])), StickErrorKind::Io);
    assert_eq!(contents.lock().unwrap()[&key(Twin::Copy, FILE)], lines[0].bytes());
}

#[test]
fn a_returned_stick_goes_on_in_the_same_file() {
    let (lines, mut journal) = (session(1), journal());
    let contents = Contents::default();
    let fates = [Fate::Works, Fate::Works, Fate::Torn(40), Fate::Vanishes];
    journal.resume_on(FaultyStick::new(&contents, fates)).unwrap();
    journal.append(&lines[0]).unwrap();
    assert_eq!(kind(journal.append(&lines[1])), StickErrorKind::Io);
    assert_eq!(kind(journal.append(&lines[2])), StickErrorKind::Removed);
    journal.resume_on(FaultyStick::new(&contents, [])).unwrap();
    journal.close().unwrap();
    holds(&contents, FILE, &bytes(&lines));
}

#[test]
fn a_file_that_is_not_the_beginning_of_the_session_is_left_as_it_is() {
    let (lines, mut journal) = (session(0), journal());
    let contents = Contents::default();
    contents.lock().unwrap().insert(FILE.into(), b"another's\n".to_vec());
    journal.resume_on(FaultyStick::new(&contents, [])).unwrap();
    journal.append(&lines[0]).unwrap();
    let saved = journal.append(&lines[1]).unwrap();
    assert_eq!(saved.file(), "20261123-014500-abababab-2.jsonl");
    assert_eq!(contents.lock().unwrap()[FILE], b"another's\n");
    assert_eq!(contents.lock().unwrap()[saved.file()], bytes(&lines));
}

#[test]
fn a_copy_that_is_not_the_beginning_of_the_session_is_left_as_it_is() {
    let (lines, mut journal) = (session(0), journal());
    let contents = Contents::default();
    contents.lock().unwrap().insert(key(Twin::Copy, FILE), b"another's\n".to_vec());
    journal.resume_on(FaultyStick::new(&contents, [])).unwrap();
    journal.append(&lines[0]).unwrap();
    let saved = journal.append(&lines[1]).unwrap();
    assert_eq!(saved.file(), "20261123-014500-abababab-2.jsonl");
    assert_eq!(contents.lock().unwrap()[&key(Twin::Copy, FILE)], b"another's\n");
    assert_eq!(contents.lock().unwrap()[&key(Twin::Copy, saved.file())], bytes(&lines));
}

#[test]
fn a_session_without_its_end_is_not_closed() {
    let (lines, mut journal) = (session(1), journal());
    journal.resume_on(FaultyStick::new(&Contents::default(), [])).unwrap();
    journal.append(&lines[0]).unwrap();
    match journal.close() {
        Err(StickError::NotVerified(fault)) => assert_eq!(fault.reason, Reason::NotClosed),
        other => panic!("{other:?}"),
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        2 => Just(Fate::Works),
        1 => prop_oneof![Just(Refusal::Full), Just(Refusal::ReadOnly), Just(Refusal::Io)].prop_map(Fate::Refused),
        1 => any::<usize>().prop_map(Fate::Torn),
        1 => any::<usize>().prop_map(Fate::ShortButOk),
        1 => any::<usize>().prop_map(Fate::Corrupt),
        1 => Just(Fate::Vanishes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a stick does, `Saved` means that every line so far stands on it, and after it all a sound stick
    /// gets the whole session.
    #[test]
    fn saved_is_never_said_of_what_is_not_there_and_no_line_is_lost(
        fates in prop::collection::vec(fate(), 0..20),
        new_sticks in prop::collection::vec(0..3usize, 12),
    ) {
        let lines = session(10);
        let mut journal = journal();
        let sticks = [Contents::default(), Contents::default()];
        let mut present = sticks[0].clone();
        let _ = journal.resume_on(FaultyStick::new(&present, fates.clone()));
        for (number, (line, stick)) in lines.iter().zip(new_sticks).enumerate() {
            let mut saved = journal.append(line);
            if saved.is_err() && stick > 0 {
                present = sticks[stick - 1].clone();
                saved = journal.resume_on(FaultyStick::new(&present, fates.iter().copied().skip(number)));
            }
            if let Ok(saved) = saved {
                prop_assert_eq!(saved.lines(), number + 1);
                for twin in Twin::BOTH {
                    let file = key(twin, saved.file());
                    prop_assert_eq!(&present.lock().unwrap()[&file], &bytes(&lines[..=number]));
                }
                prop_assert_eq!(journal.unsaved(), 0);
            } else {
                prop_assert!(journal.unsaved() > 0);
            }
        }
        let sound = Contents::default();
        journal.resume_on(FaultyStick::new(&sound, [])).unwrap();
        journal.close().unwrap();
        holds(&sound, FILE, &bytes(&lines));
    }
}
