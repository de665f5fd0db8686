//! Any single change of any session is found.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{HDD, all_done, good_lines, lines, middle};
use model::{InformationClass, Outcome, Verdict};
use proptest::prelude::*;
use record::{
    Anchors, Entry, Fingerprint, Head12, Notice, NoticeCode, Reason, SessionKey, Standing, verify,
    verify_with,
};

#[test]
fn every_byte_of_a_log_counts() {
    let notice = Notice { code: NoticeCode::Other, drive: None, detail: "停電".into() };
    let short = lines(vec![notice.into()], vec![]).concat();
    // All of a short log; of a long one, which takes longer to verify, places all over it.
    for (good, step) in [(short, 1), (good_lines().concat(), 11)] {
        assert_eq!(verify(&good).fault, None);
        for place in (0..good.len()).step_by(step) {
            let mut log = good.clone();
            log[place] ^= 1 << (place % 8);
            assert_ne!(verify(&log).standing(), Standing::Verified, "byte {place}");
        }
    }
}

#[test]
fn a_log_cut_anywhere_says_that_its_end_is_missing_and_keeps_what_stands_before() {
    let good = good_lines().concat();
    for length in (0..good.len()).step_by(37) {
        let log = &good[..length];
        let report = verify(log);
        let whole = log.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(report.entries as usize, whole, "{length} bytes");
        let reason = report.fault.unwrap().reason;
        assert!(
            reason.is_open_end() || (length == 0 && reason == Reason::Empty),
            "{length} bytes: {reason:?}"
        );
    }
}

#[test]
fn a_drive_with_an_intent_and_no_result_is_not_done_and_must_not_leave() {
    let lines = good_lines();
    let report = verify(&lines[..lines.len() - 4].concat());
    let hdd = &report.drives[0];
    assert_eq!((hdd.outcome, hdd.verdict), (Some(Outcome::Incomplete), Some(Verdict::MustNotLeave)));
    let nvme = &report.drives[1];
    assert_eq!((nvme.outcome, nvme.verdict), (Some(Outcome::Done), Some(Verdict::MayBeReused)));
}

/// Whoever finds a drive locked by an interrupted erase has to find its password.
#[test]
fn the_password_of_an_unfinished_erase_is_found_until_the_drive_is_proven_erased() {
    let log = |upto: usize| {
        let mut middle = middle(InformationClass::Three);
        for entry in &mut middle {
            match entry {
                // The first intent of the disk announces it, the ones after do not repeat it.
                Entry::Intent(intent) if intent.drive == HDD && intent.password.is_none() => {
                    intent.password = Some("m".repeat(32));
                    break;
                }
                _ => {}
            }
        }
        let lines = lines(middle, all_done());
        verify(&lines[..upto].concat()).drives.first().and_then(|drive| drive.unfinished.clone())
    };
    let all = good_lines().len();
    let held: Vec<bool> = (0..=all).map(|upto| log(upto).is_some_and(|it| it.password.is_some())).collect();
    let (first, last) = (held.iter().position(|it| *it).unwrap(), held.iter().rposition(|it| *it).unwrap());
    assert!(held[first..=last].iter().all(|it| *it) && last < all && last > first + 2, "{held:?}");
}

#[test]
fn a_class_one_drive_without_a_witness_is_not_done_even_when_its_result_says_so() {
    let log = lines(middle(InformationClass::One), all_done());
    let report = verify(&log[..log.len() - 1].concat());
    assert!(report.drives.iter().all(|drive| drive.outcome != Some(Outcome::Done)));
}

#[test]
fn another_session_is_found_by_the_key_and_by_the_head() {
    let log = good_lines().concat();
    let report = verify(&log);
    let key = report.fingerprint().unwrap();
    let head = Head12::of(&report.head);
    assert_eq!(verify_with(&log, &Anchors { key: Some(key), head: Some(head) }).fault, None);

    let other = SessionKey::from_seed(&[8; 32]).public().fingerprint();
    let fault = verify_with(&log, &Anchors { key: Some(other), head: None }).fault.unwrap();
    assert_eq!((fault.line, fault.reason), (1, Reason::WrongKey { expected: other, found: key }));

    let other = Head12::parse("0000-0000-0000").unwrap();
    let fault = verify_with(&log, &Anchors { key: None, head: Some(other) }).fault.unwrap();
    assert_eq!(fault.reason, Reason::HeadDiffers { expected: other, found: head });
    assert_eq!(Fingerprint::parse(&key.to_string()), Ok(key));
}

/// A session with some notices of any text in it.
fn session() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec((0..14usize, any::<String>()), 0..5).prop_map(|notices| {
        let mut middle = middle(InformationClass::Three);
        for (place, detail) in notices {
            let notice = Notice { code: NoticeCode::Other, drive: None, detail };
            middle.insert(place, Entry::from(notice));
        }
        lines(middle, all_done())
    })
}

#[derive(Debug, Clone)]
enum Tampering {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Drop(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, u8),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    use Tampering::{Cut, Drop, Flip, Insert, Repeat, Swap};
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), 1..=255u8).prop_map(|(place, mask)| Flip(place, mask)),
        index().prop_map(Cut),
        index().prop_map(Drop),
        (index(), index()).prop_map(|(a, b)| Swap(a, b)),
        (index(), index()).prop_map(|(a, b)| Repeat(a, b)),
        (index(), any::<u8>()).prop_map(|(place, byte)| Insert(place, byte)),
    ]
}

fn tampered(mut lines: Vec<Vec<u8>>, tampering: &Tampering) -> Vec<u8> {
    let mut log = lines.concat();
    match tampering {
        Tampering::Flip(place, mask) => *place.get_mut(&mut log) ^= mask,
        Tampering::Cut(place) => log.truncate(place.index(log.len())),
        Tampering::Insert(place, byte) => log.insert(place.index(log.len() + 1), *byte),
        Tampering::Drop(which) => {
            lines.remove(which.index(lines.len()));
            log = lines.concat();
        }
        Tampering::Swap(a, b) => {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
            log = lines.concat();
        }
        Tampering::Repeat(which, place) => {
            let line = which.get(&lines).clone();
            lines.insert(place.index(lines.len()), line);
            log = lines.concat();
        }
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_session_verifies_and_any_change_of_it_does_not(lines in session(), tampering in tampering()) {
        let good = lines.concat();
        prop_assert_eq!(verify(&good).fault, None);
        let log = tampered(lines, &tampering);
        if log != good {
            let report = verify(&log);
            prop_assert_ne!(report.standing(), Standing::Verified);
        }
    }

    #[test]
    fn no_bytes_make_the_verifier_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_ne!(verify(&bytes).standing(), Standing::Verified);
    }
}
