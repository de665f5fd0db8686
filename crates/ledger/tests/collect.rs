//! Taking sticks in: everything is kept, nothing counts that is not proven, and doing it twice changes nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desk;
mod town;

use desk::Office;
use ledger::recompute::Disagreement;
use ledger::store::{LogRole, Store};
use model::{InformationClass, Method, Outcome};
use record::Standing;
use sha2::{Digest, Sha256};
use std::fs;
use town::{DONE, Disk, End, Fate, Pc, Run, Stick};

fn pc(number: u32) -> Pc {
    let disks = vec![Disk::hdd(format!("WX11A{number:07}"))];
    Pc { asset: format!("R8-{number:05}"), serial: format!("PF0{number:05}"), disks }
}

fn stick(name: &str, runs: &[Run]) -> Stick {
    let mut stick = Stick::new(name);
    for (number, run) in (1..).zip(runs) {
        stick.run(&pc(number), *run);
    }
    stick
}

#[test]
fn collecting_twice_changes_not_a_byte() {
    let office = Office::new();
    let folder = stick("4C530001", &[DONE, DONE, DONE]).write(office.path());
    let (printed, good) = office.run(&["collect"], &[&folder]);
    assert!(good && printed.contains("3 verified"), "{printed}");
    let before = fs::read(office.ledger()).unwrap();
    let (printed, good) = office.run(&["collect"], &[&folder, &folder]);
    assert!(good && printed.contains("3 known already"), "{printed}");
    assert!(fs::read(office.ledger()).unwrap() == before, "the ledger's file changed");
}

#[test]
fn the_original_bytes_are_kept_and_known_by_their_hash() {
    let office = Office::new();
    let stick = stick("4C530001", &[DONE, DONE]);
    office.run(&["collect"], &[&stick.write(office.path())]);
    let store = Store::open(&office.ledger()).unwrap();
    let files = store.files().unwrap();
    assert_eq!(files.len(), 2);
    for log in &stick.logs {
        let sha256 = Sha256::digest(&log.bytes).into();
        assert!(store.is_collected(&sha256).unwrap());
        let file = files.iter().find(|file| file.sha256 == sha256).unwrap();
        assert_eq!((&file.name, &store.bytes(file).unwrap()), (&log.name, &log.bytes));
    }
    let cut = &stick.logs[0].bytes[..100];
    assert!(!store.is_collected(&Sha256::digest(cut).into()).unwrap());
}

#[test]
fn an_open_session_is_kept_as_such_until_the_whole_log_arrives() {
    let office = Office::new();
    let whole = stick("4C530001", &[DONE]);
    let cut = whole.logs[0].bytes.len() - 700;
    let beginning = Stick {
        serial: "copy".into(),
        logs: vec![town::Log { bytes: whole.logs[0].bytes[..cut].to_vec(), ..whole.logs[0].clone() }],
        ..Stick::default()
    };
    let (printed, good) = office.run(&["collect"], &[&beginning.write(office.path())]);
    assert!(!good && printed.contains("1 未完結"), "{printed}");
    let store = || Store::open(&office.ledger()).unwrap();
    assert_eq!(store().sessions().unwrap()[0].standing, Standing::Unclosed);
    let (printed, good) = office.run(&["collect"], &[&whole.write(office.path())]);
    assert!(good && printed.contains("1 completed after 未完結"), "{printed}");
    let sessions = store().sessions().unwrap();
    assert_eq!((sessions.len(), sessions[0].standing, sessions[0].rivals), (1, Standing::Verified, 0));
    let roles: Vec<LogRole> = store().files().unwrap().iter().map(|file| file.role).collect();
    assert_eq!(roles, [LogRole::Beginning, LogRole::Counts]);
    // The other way round it is a copy of the beginning, and no news.
    let other = Office::new();
    other.run(&["collect"], &[&whole.write(other.path())]);
    let (printed, good) = other.run(&["collect"], &[&beginning.write(other.path())]);
    assert!(good && printed.contains("1 copies of a session's beginning"), "{printed}");
}

#[test]
fn what_does_not_verify_is_kept_apart_with_the_reason() {
    let office = Office::new();
    let mut stick = stick("4C530001", &[DONE, DONE]);
    let place = stick.logs[1].bytes.windows(5).position(|window| window == b"WX11A").unwrap();
    stick.logs[1].bytes[place] = b'Z';
    let folder = stick.write(office.path());
    fs::write(folder.join("MASSHO-LOG/noise.jsonl"), b"no log at all\n").unwrap();
    let (printed, good) = office.run(&["collect"], &[&folder]);
    assert!(!good && printed.contains("1 verified, 2 refused"), "{printed}");
    assert!(printed.contains("Line 2 was altered"), "{printed}");
    assert!(printed.contains("noise.jsonl (kept apart)"), "{printed}");
    let store = Store::open(&office.ledger()).unwrap();
    assert_eq!(store.refused().unwrap().len(), 2);
    let standing: Vec<Standing> = store.sessions().unwrap().iter().map(|session| session.standing).collect();
    assert_eq!(standing, [Standing::Verified, Standing::Refused]);
}

#[test]
fn a_good_copy_counts_beside_an_altered_one() {
    let office = Office::new();
    let good = stick("4C530001", &[DONE]);
    let mut altered = good.logs[0].clone();
    let last = altered.bytes.len() - 10;
    altered.bytes[last] ^= 1;
    let altered = Stick { serial: "altered".into(), logs: vec![altered], ..Stick::default() };
    office.run(&["collect"], &[&altered.write(office.path()), &good.write(office.path())]);
    let store = Store::open(&office.ledger()).unwrap();
    assert_eq!(store.sessions().unwrap()[0].standing, Standing::Verified);
    assert_eq!(store.refused().unwrap().len(), 1);
}

#[test]
fn a_session_that_no_collected_stick_has_is_named_whichever_way_they_came_in() {
    let office = Office::new();
    let stick = stick("4C530001", &[DONE, DONE, DONE, DONE]);
    let part = |name: &str, logs: &[usize]| {
        let logs = logs.iter().map(|log| stick.logs[*log].clone()).collect();
        Stick { serial: name.into(), logs, ..Stick::default() }.write(office.path())
    };
    let (printed, good) = office.run(&["collect"], &[&part("a", &[0])]);
    assert!(good, "{printed}");
    let (printed, good) = office.run(&["collect"], &[&part("b", &[3])]);
    assert!(!good && printed.contains("Session 2 of stick 4C530001 is missing"), "{printed}");
    let (printed, good) = office.run(&["collect"], &[&part("c", &[1])]);
    assert!(!good && !printed.contains("Session 2 of") && printed.contains("Session 3 of"), "{printed}");
    let (printed, good) = office.run(&["collect"], &[&part("d", &[2])]);
    assert!(good, "{printed}");
}

#[test]
fn a_stick_that_was_emptied_counts_from_one_again_and_no_session_hides_behind_an_older_one() {
    let office = Office::new();
    let old = stick("4C530001", &[DONE, DONE, DONE]);
    // Other keys, as of another day: a stick's name and its logs' number make them in this test.
    let mut new = stick("4C530001", &[]);
    new.life = 2;
    for number in 4..=6 {
        new.run(&pc(number), DONE);
    }
    let part = |name: &str, stick: &Stick, logs: &[usize]| {
        let logs = logs.iter().map(|log| stick.logs[*log].clone()).collect();
        Stick { serial: name.into(), logs, ..Stick::default() }.write(office.path())
    };
    let (printed, good) = office.run(&["collect"], &[&part("old", &old, &[0, 1, 2])]);
    assert!(good, "{printed}");
    let (printed, good) = office.run(&["collect"], &[&part("a", &new, &[0, 2])]);
    assert!(!good && printed.contains("Session 2 of stick 4C530001 is missing"), "{printed}");
    let (printed, good) = office.run(&["collect"], &[&part("b", &new, &[1])]);
    assert!(good, "{printed}");
    // Its first session missing, the others follow nothing that is there.
    let other = Office::new();
    let folder = Stick { serial: "c".into(), logs: new.logs[1..].to_vec(), ..Stick::default() };
    let both = [old.write(other.path()), folder.write(other.path())];
    let (printed, good) = other.run(&["collect"], &[&both[0], &both[1]]);
    assert!(!good && printed.contains("Session 1 of stick 4C530001 is missing"), "{printed}");
}

#[test]
fn a_log_that_was_cut_after_the_next_session_began_is_named() {
    let office = Office::new();
    let mut stick = stick("4C530001", &[DONE, DONE]);
    let cut = stick.logs[0].bytes.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').unwrap();
    stick.logs[0].bytes.truncate(cut + 1);
    let (printed, good) = office.run(&["collect"], &[&stick.write(office.path())]);
    assert!(!good && printed.contains("which is not there as it was then"), "{printed}");
}

#[test]
fn the_method_is_computed_anew_and_a_claim_beyond_it_is_named() {
    let office = Office::new();
    let overwritten = Run { class: InformationClass::Two, fate: Fate::NotAllowed, end: End::Closed };
    let folder = stick("4C530001", &[DONE, overwritten]).write(office.path());
    let (printed, _) = office.run(&["collect"], &[&folder]);
    assert!(printed.contains("the rule table does not allow that technique"), "{printed}");
    let store = Store::open(&office.ledger()).unwrap();
    let of = |serial: &str| {
        let records = store.records().unwrap();
        records.into_iter().find(|record| record.serial == serial).unwrap()
    };
    let (good, claimed) = (of("WX11A0000001"), of("WX11A0000002"));
    assert_eq!((good.achieved, good.disagreement), (Some(Method::Clear), None));
    // The log by itself verifies: only the rule table tells.
    assert_eq!((claimed.outcome, claimed.claimed), (Some(Outcome::Done), Some(Method::Clear)));
    assert_eq!((claimed.achieved, claimed.disagreement), (None, Some(Disagreement::NotAllowed)));
}

#[test]
fn a_session_can_be_read_with_all_its_evidence() {
    let office = Office::new();
    let run = Run { class: InformationClass::One, fate: Fate::Cleared, end: End::Closed };
    office.run(&["collect"], &[&stick("4C530001", &[run]).write(office.path())]);
    let store = Store::open(&office.ledger()).unwrap();
    let session = store.sessions().unwrap().remove(0);
    let collected = store.collected(&session.id).unwrap().unwrap();
    assert_eq!(collected.report.choices.unwrap().asset_number, "R8-00001");
    assert_eq!(collected.drives[0].achieved, Some(Method::Clear));
    assert!(collected.report.drives[0].result.as_ref().unwrap().evidence.verification.is_some());
    assert!(store.collected("none").unwrap().is_none());
}

#[test]
fn what_is_no_ledger_is_left_alone() {
    let office = Office::new();
    let folder = stick("4C530001", &[DONE]).write(office.path());
    fs::write(office.ledger(), b"a letter to the mayor").unwrap();
    let (printed, good) = office.run(&["collect"], &[&folder]);
    assert!(!good && printed.contains("another kind of file than a ledger"), "{printed}");
    assert_eq!(fs::read(office.ledger()).unwrap(), b"a letter to the mayor");
}

#[test]
fn two_sessions_after_the_same_one_are_named() {
    let office = Office::new();
    let one = stick("4C530001", &[DONE, DONE]);
    // Somebody else's second session, after the same first one.
    let mut forged = Stick { serial: "4C53000X".into(), logs: vec![one.logs[0].clone()], ..Stick::default() };
    forged.run(&pc(9), DONE);
    let (printed, good) = office.run(&["collect"], &[&one.write(office.path())]);
    assert!(good, "{printed}");
    let (printed, good) = office.run(&["collect"], &[&forged.write(office.path())]);
    assert!(!good && printed.contains("both say that they are the one after the same session"), "{printed}");
}
