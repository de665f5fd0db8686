//! Every single change of a log of twenty entries is found where it is, and named for what it is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{at, close, open};
use record::{Entry, LogWriter, Notice, NoticeCode, Reason, SessionKey, Standing, verify};

const ENTRIES: usize = 20;

/// A closed session of twenty entries that lists no drive.
fn twenty(seed: u8, detail: &str) -> Vec<Vec<u8>> {
    let open = open(&SessionKey::from_seed(&[seed; 32]));
    let mut writer = LogWriter::new(SessionKey::from_seed(&[seed; 32]));
    let mut lines = Vec::new();
    let mut append =
        |second, entry: Entry| lines.push(writer.append(entry, at(second)).unwrap().bytes().to_vec());
    append(0, open.into());
    for number in 1..ENTRIES - 1 {
        let detail = format!("{detail}{number}");
        append(number as u64, Notice { code: NoticeCode::Other, drive: None, detail }.into());
    }
    append(ENTRIES as u64, close(ENTRIES, vec![]).into());
    assert_eq!(verify(&lines.concat()).standing(), Standing::Verified);
    lines
}

/// The line of the first fault, from 1, and its name; everything before it is proven.
fn fault(log: &[u8]) -> (usize, Reason) {
    let report = verify(log);
    let fault = report.fault.unwrap();
    assert_eq!(report.entries as usize, fault.line - 1, "{fault:?}");
    (fault.line, fault.reason)
}

/// Flips each of these bits of each byte that `chosen` takes.
fn flip_bits(chosen: impl Fn(usize) -> bool) -> usize {
    let lines = twenty(7, "停電");
    let mut log = lines.concat();
    let (mut start, mut flips) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        for place in start..start + line.len() {
            for bit in (0..8).filter(|bit| chosen(place * 8 + bit)) {
                log[place] ^= 1 << bit;
                check_flip(&log, index, place - start, line.len());
                log[place] ^= 1 << bit;
                flips += 1;
            }
        }
        start += line.len();
    }
    flips
}

fn check_flip(log: &[u8], index: usize, within: usize, len: usize) {
    let (line, reason) = fault(log);
    assert_eq!(line, index + 1, "byte {within} of {len}: {reason:?}");
    let named = match &reason {
        Reason::Altered | Reason::NotUtf8 | Reason::NoSignature | Reason::NotJson(_) | Reason::NoFrame => {
            true
        }
        // The first line is read for its format and key before its signature can be.
        Reason::UnknownFormat(_) | Reason::NotUnderstood(_) | Reason::FirstNotOpen => index == 0,
        // Without its last byte the last line is not whole.
        Reason::TornTail => index == ENTRIES - 1 && within == len - 1,
        _ => false,
    };
    assert!(named, "byte {within} of line {line}: {reason:?}");
}

#[test]
fn a_flipped_bit_is_found_in_its_line() {
    // One in 23: every line, every bit of a byte, every part of a line.
    assert!(flip_bits(|bit| bit % 23 == 0) > 2_000);
}

#[test]
#[ignore = "takes a minute"]
fn every_flipped_bit_is_found_in_its_line() {
    println!("{} single-bit flips found and named", flip_bits(|_| true));
}

#[test]
fn every_deletion_is_found_and_says_which_entries_are_missing() {
    let lines = twenty(7, "n");
    for from in 0..ENTRIES {
        for to in from..ENTRIES {
            let log = [&lines[..from], &lines[to + 1..]].concat().concat();
            let number = |index: usize| u32::try_from(index).unwrap();
            let expected = match (from, to) {
                (0, to) if to == ENTRIES - 1 => Reason::Empty,
                (_, to) if to == ENTRIES - 1 => Reason::NotClosed,
                _ => Reason::Missing { from: number(from), to: number(to) },
            };
            assert_eq!(fault(&log), (from + 1, expected), "{from} to {to}");
        }
    }
}

#[test]
fn every_swap_is_found_and_says_what_is_out_of_order() {
    let lines = twenty(7, "n");
    for one in 0..ENTRIES {
        for other in one + 1..ENTRIES {
            let mut swapped = lines.clone();
            swapped.swap(one, other);
            let number = |index: usize| u32::try_from(index).unwrap();
            let expected = Reason::Reordered { expected: number(one), found: number(other) };
            assert_eq!(fault(&swapped.concat()), (one + 1, expected), "{one} and {other}");
        }
    }
}

#[test]
fn every_repetition_is_found_and_says_what_is_repeated() {
    let lines = twenty(7, "n");
    for (which, line) in lines.iter().enumerate() {
        for place in which + 1..=ENTRIES {
            let mut repeated = lines.clone();
            repeated.insert(place, line.clone());
            let expected = match place {
                ENTRIES => Reason::AfterClose,
                _ => Reason::Repeated(u32::try_from(which).unwrap()),
            };
            assert_eq!(fault(&repeated.concat()), (place + 1, expected), "{which} at {place}");
        }
    }
}

/// The end of one session behind the beginning of another: another key signed it. With one key for both, which no
/// appliance uses twice, it is the chain that breaks.
#[test]
fn every_splice_of_two_logs_is_found_where_they_meet() {
    let (mine, others, same_key) = (twenty(7, "n"), twenty(8, "n"), twenty(7, "m"));
    for place in 1..ENTRIES {
        let spliced = |end: &[Vec<u8>]| [&mine[..place], &end[place..]].concat().concat();
        assert_eq!(fault(&spliced(&others)), (place + 1, Reason::Altered), "at {place}");
        // The first lines of both are the same, so the second one still fits.
        if place > 1 {
            assert_eq!(fault(&spliced(&same_key)), (place + 1, Reason::ChainBroken), "at {place}");
        }
        let mut inserted = mine.clone();
        inserted[place] = others[place].clone();
        assert_eq!(fault(&inserted.concat()), (place + 1, Reason::Altered), "one at {place}");
    }
}
