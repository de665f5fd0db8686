//! The two files of one log: which of them counts when they are not the same.

use crate::{Report, Standing, verify};
use model::{COPY_SUFFIX, LOG_SUFFIX};

/// One of the two files that a log is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Twin {
    /// The log itself, which is written first.
    Log,
    /// Its copy.
    Copy,
}

impl Twin {
    /// In the order in which they are written.
    pub const BOTH: [Self; 2] = [Self::Log, Self::Copy];
}

/// The file name of a log's copy; `None` for what is not called like a log.
#[must_use]
pub fn copy_name(log: &str) -> Option<String> {
    Some(format!("{}{COPY_SUFFIX}", strip(log, LOG_SUFFIX)?))
}

/// The file name of the log that this is a copy of; `None` for what is not called like a copy.
#[must_use]
pub fn log_name(copy: &str) -> Option<String> {
    Some(format!("{}{LOG_SUFFIX}", strip(copy, COPY_SUFFIX)?))
}

/// A name without its suffix. FAT tools may shout.
fn strip<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let (stem, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(stem)
}

/// How a log's two files stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twins {
    /// Nothing is to be said: they are the same, or one ends where writing was interrupted, or there never was a copy.
    Agree,
    /// Only the copy is there.
    OnlyCopy,
    /// One is damaged; the other one, which counts, proves everything that it proves.
    Damaged(Twin),
    /// Each proves something that the other one denies: not damage, but two logs under one name.
    Conflict,
}

/// What a log's two files come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The one that counts.
    pub counts: Twin,
    /// How they stand to each other.
    pub twins: Twins,
}

/// Which of a log's two files counts, the one that proves more, and what is to be said of it. Either is enough.
#[must_use]
pub fn settle(log: Option<&[u8]>, copy: Option<&[u8]>) -> Settled {
    let settled = |counts, twins| Settled { counts, twins };
    match (log, copy) {
        (_, None) => settled(Twin::Log, Twins::Agree),
        (None, Some(_)) => settled(Twin::Copy, Twins::OnlyCopy),
        (Some(log), Some(copy)) if log == copy => settled(Twin::Log, Twins::Agree),
        (Some(log), Some(copy)) => compare(log, copy),
    }
}

fn compare(log: &[u8], copy: &[u8]) -> Settled {
    let (one, other) = (verify(log), verify(copy));
    let counts = if worth(&other) > worth(&one) { Twin::Copy } else { Twin::Log };
    let (better, worse, proven) = match counts {
        Twin::Log => (log, copy, &other),
        Twin::Copy => (copy, log, &one),
    };
    let twins = if better.starts_with(worse) || worse.starts_with(better) {
        Twins::Agree
    } else if better.starts_with(first_lines(worse, proven.entries)) {
        match counts {
            Twin::Log => Twins::Damaged(Twin::Copy),
            Twin::Copy => Twins::Damaged(Twin::Log),
        }
    } else {
        Twins::Conflict
    };
    Settled { counts, twins }
}

/// By what a log counts more than its twin: its standing, then how much it proves.
fn worth(report: &Report) -> (u8, u32) {
    let standing = match report.standing() {
        Standing::Refused => 0,
        Standing::Unclosed => 1,
        Standing::Verified => 2,
    };
    (standing, report.entries)
}

/// The first so many lines.
fn first_lines(log: &[u8], lines: u32) -> &[u8] {
    let lines = usize::try_from(lines).unwrap_or(usize::MAX);
    let len = log.split_inclusive(|byte| *byte == b'\n').take(lines).map(<[u8]>::len).sum();
    log.get(..len).unwrap_or(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_called_like_its_log() {
        assert_eq!(
            copy_name("20261123-014500-abababab-2.jsonl").as_deref(),
            Some("20261123-014500-abababab-2.copy")
        );
        assert_eq!(log_name("A.COPY").as_deref(), Some("A.jsonl"));
        assert_eq!((copy_name("jsonl"), log_name("a.jsonl"), copy_name("抹消")), (None, None, None));
    }
}
