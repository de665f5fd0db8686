//! Judging the logs of a source: each by itself, and all of a stick together.

use crate::source::{FoundLog, Source};
use crate::vouchers::Vouchers;
use record::{Anchors, EntryHash, NoticeCode, Open, Report, Standing, Trust, Twins, hash_line, verify_with};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What a source comes to.
#[derive(Debug)]
pub struct Judgement {
    /// Every log, in the order of the source.
    pub logs: Vec<JudgedLog>,
    /// Sessions that the counters say were there and are not.
    pub missing: Vec<MissingSession>,
}

/// One log.
#[derive(Debug)]
pub struct JudgedLog {
    /// Its file's name.
    pub name: String,
    /// What is to be said of the two files that it was found in.
    pub twins: Twins,
    /// What was found.
    pub finding: LogFinding,
}

/// What was found in a file.
#[derive(Debug)]
pub enum LogFinding {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It holds the beginning of a session whose whole is in another file: the stick failed in between.
    BeginningOf(String),
    /// It was judged.
    Judged {
        /// By itself.
        report: Box<Report>,
        /// By the sessions before it on its stick.
        before: Option<BeforeFault>,
        /// Who vouches for it; `None` where not even its first entry is proven.
        trust: Option<Trust>,
        /// Whether that is as it should be.
        voucher: Voucher,
    },
}

/// Whether it is as it should be who vouches for a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voucher {
    /// It is, or nobody asked.
    InOrder,
    /// It is not.
    Missing,
}

/// What is wrong with the session that a log names as the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeforeFault {
    /// Its file is not there.
    Gone(String),
    /// Its file ends otherwise than it did then: cut, continued or replaced.
    Changed(String),
}

/// A session of a stick that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingSession {
    /// The stick's serial number.
    pub stick: String,
    /// The session's number on it.
    pub counter: u32,
}

impl JudgedLog {
    /// Whether everything about it is right and it was closed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        match &self.finding {
            _ if self.twins == Twins::Conflict => false,
            LogFinding::Unreadable(_) => false,
            LogFinding::BeginningOf(_) => true,
            LogFinding::Judged { report, before, voucher, .. } => {
                report.standing() == Standing::Verified && before.is_none() && *voucher == Voucher::InOrder
            }
        }
    }
}

impl Judgement {
    /// Whether every log is good and no session is missing.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.missing.is_empty() && self.logs.iter().all(JudgedLog::is_good)
    }
}

/// Judges everything that was found.
#[must_use]
pub fn judge(source: Source, anchors: &Anchors, vouchers: &Vouchers) -> Judgement {
    match source {
        Source::One(log) => Judgement { logs: vec![by_itself(log, anchors, vouchers)], missing: Vec::new() },
        Source::Stick(stick) => of_stick(stick.logs, anchors, vouchers),
    }
}

fn by_itself(log: FoundLog, anchors: &Anchors, vouchers: &Vouchers) -> JudgedLog {
    let finding = match log.bytes {
        Ok(bytes) => {
            let report = Box::new(verify_with(&bytes, anchors));
            let trust = vouchers.trust(&report);
            let voucher = vouchers.judge(trust.as_ref(), anchors);
            LogFinding::Judged { report, before: None, trust, voucher }
        }
        Err(error) => LogFinding::Unreadable(error),
    };
    JudgedLog { name: log.name, twins: log.twins, finding }
}

fn of_stick(found: Vec<FoundLog>, anchors: &Anchors, vouchers: &Vouchers) -> Judgement {
    let wholes = beginnings(&found);
    let heads: BTreeMap<String, EntryHash> = found.iter().filter_map(head_of).collect();
    let judged = |log: FoundLog| match wholes.get(&log.name) {
        Some(whole) => {
            let finding = LogFinding::BeginningOf(whole.clone());
            JudgedLog { finding, name: log.name, twins: log.twins }
        }
        None => by_itself(log, anchors, vouchers),
    };
    let mut logs: Vec<JudgedLog> = found.into_iter().map(judged).collect();
    for log in &mut logs {
        if let LogFinding::Judged { report, before, .. } = &mut log.finding {
            *before = check_before(report, &heads);
        }
    }
    let missing = missing(&logs);
    Judgement { logs, missing }
}

/// Which file is the beginning of which other one.
fn beginnings(found: &[FoundLog]) -> BTreeMap<String, String> {
    let mut wholes = BTreeMap::new();
    let read: Vec<(&String, &Vec<u8>)> =
        found.iter().filter_map(|log| log.bytes.as_ref().ok().map(|bytes| (&log.name, bytes))).collect();
    for (name, bytes) in &read {
        let longer =
            |(_, other): &&(&String, &Vec<u8>)| other.len() > bytes.len() && other.starts_with(bytes);
        // Files of one session share the name up to the number of the copy.
        let related = |(other, _): &&(&String, &Vec<u8>)| same_session(name, other);
        if let Some((whole, _)) = read.iter().filter(longer).find(related) {
            wholes.insert((*name).clone(), (*whole).clone());
        }
    }
    wholes
}

fn same_session(a: &str, b: &str) -> bool {
    /// `20261123-014500-abababab` of a file's name.
    const STEM: usize = 24;
    matches!((a.get(..STEM), b.get(..STEM)), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

fn head_of(log: &FoundLog) -> Option<(String, EntryHash)> {
    let bytes = log.bytes.as_ref().ok()?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    let whole = end.and_then(|end| bytes.get(..end)).unwrap_or_default();
    let last = whole.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    Some((log.name.to_ascii_lowercase(), hash_line(last)))
}

/// Whether the session went over to another stick: then its counter and its predecessor are the first one's.
fn moved(report: &Report) -> bool {
    report.notices.iter().any(|notice| notice.code == NoticeCode::StickReplaced)
}

fn check_before(report: &Report, heads: &BTreeMap<String, EntryHash>) -> Option<BeforeFault> {
    let before = report.open.as_ref()?.stick.previous.as_ref().filter(|_| !moved(report))?;
    match heads.get(&before.file.to_ascii_lowercase()) {
        None => Some(BeforeFault::Gone(before.file.clone())),
        Some(head) if *head != before.head => Some(BeforeFault::Changed(before.file.clone())),
        Some(_) => None,
    }
}

/// The numbers that are missing, stick by stick.
fn missing(logs: &[JudgedLog]) -> Vec<MissingSession> {
    let mut sticks: BTreeMap<&str, (String, BTreeSet<u32>)> = BTreeMap::new();
    let opened = logs.iter().filter_map(|log| match &log.finding {
        LogFinding::Judged { report, .. } if !moved(report) => report.open.as_ref(),
        _ => None,
    });
    for Open { stick, .. } in opened {
        let entry = sticks.entry(&stick.identity_fingerprint);
        entry.or_insert_with(|| (stick.serial.to_string(), BTreeSet::new())).1.insert(stick.session_counter);
    }
    let gaps = |(stick, counters): &(String, BTreeSet<u32>)| {
        gaps(counters)
            .into_iter()
            .map(|counter| MissingSession { stick: stick.clone(), counter })
            .collect::<Vec<_>>()
    };
    sticks.values().flat_map(gaps).collect()
}

/// The numbers from 1 that are missing; not more than can be read.
fn gaps(counters: &BTreeSet<u32>) -> Vec<u32> {
    const MOST: usize = 100;
    let last = counters.last().copied().unwrap_or(0);
    (1..last).filter(|counter| !counters.contains(counter)).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_counted_from_one() {
        assert_eq!(gaps(&[1, 2, 3].into()), [0u32; 0]);
        assert_eq!(gaps(&[2, 5].into()), [1, 3, 4]);
        assert_eq!(gaps(&[u32::MAX].into()).len(), 100);
    }
}
