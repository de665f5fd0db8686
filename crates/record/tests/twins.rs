//! A log in two files: either is enough, and what they do not share is named.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{all_done, good_lines, lines, middle};
use model::InformationClass;
use record::{Entry, Notice, NoticeCode, Settled, Twin, Twins, settle};

fn says(log: Option<&[u8]>, copy: Option<&[u8]>, counts: Twin, twins: Twins) {
    assert_eq!(settle(log, copy), Settled { counts, twins });
}

fn flipped(log: &[u8], place: usize) -> Vec<u8> {
    let mut log = log.to_vec();
    log[place] ^= 1;
    log
}

#[test]
fn the_same_twice_is_one_log_and_so_is_one_by_itself() {
    let good = good_lines().concat();
    says(Some(&good), Some(&good), Twin::Log, Twins::Agree);
    says(Some(&good), None, Twin::Log, Twins::Agree);
    says(None, Some(&good), Twin::Copy, Twins::OnlyCopy);
}

#[test]
fn of_two_that_were_interrupted_the_longer_one_counts() {
    let good = good_lines().concat();
    for short in [0, 1, good.len() / 2, good.len() - 1] {
        says(Some(&good), Some(&good[..short]), Twin::Log, Twins::Agree);
        says(Some(&good[..short]), Some(&good), Twin::Copy, Twins::Agree);
    }
    // As long as it proves nothing more, the log is the log.
    let torn = [good_lines()[..4].concat(), b"{\"seq\":4".to_vec()].concat();
    says(Some(&good_lines()[..4].concat()), Some(&torn), Twin::Log, Twins::Agree);
}

/// A stick that lost power wrote the new length and not the bytes.
#[test]
fn of_two_of_which_one_ends_in_rubbish_the_other_one_counts() {
    let sound = good_lines()[..4].concat();
    let rubbish = [sound.clone(), b"\0\0\n\0\0\n".to_vec()].concat();
    says(Some(&rubbish), Some(&sound), Twin::Copy, Twins::Agree);
    says(Some(&sound), Some(&rubbish), Twin::Log, Twins::Agree);
}

#[test]
fn a_damaged_one_is_named_and_the_sound_one_counts() {
    let good = good_lines().concat();
    for place in [0, good.len() / 3, good.len() - 1] {
        let bad = flipped(&good, place);
        says(Some(&bad), Some(&good), Twin::Copy, Twins::Damaged(Twin::Log));
        says(Some(&good), Some(&bad), Twin::Log, Twins::Damaged(Twin::Copy));
    }
    // Each damaged elsewhere: the one that proves more counts, and nothing that it proves is denied.
    let (early, late) = (flipped(&good, 10), flipped(&good, good.len() - 10));
    says(Some(&early), Some(&late), Twin::Copy, Twins::Damaged(Twin::Log));
}

#[test]
fn two_logs_under_one_name_are_no_damage() {
    let notice =
        |detail: &str| Entry::from(Notice { code: NoticeCode::Other, drive: None, detail: detail.into() });
    let with = |detail| {
        let mut middle = middle(InformationClass::Three);
        middle.insert(0, notice(detail));
        lines(middle, all_done()).concat()
    };
    says(Some(&with("one")), Some(&with("other")), Twin::Log, Twins::Conflict);
}
