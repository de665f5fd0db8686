//! What a stick held before this session.

use crate::StoredLog;
use model::DeviceText;
use record::{Choices, PreviousSession, Report, hash_line, verify};
use std::collections::{BTreeMap, BTreeSet};

/// What a new session's `open` entry says of the stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The number of the new session on this stick, from 1.
    pub next_counter: u32,
    /// The session before.
    pub previous: Option<PreviousSession>,
    /// What each log on it proves, the last session last; those that began on another stick first.
    pub sessions: Vec<Report>,
    /// The passwords that interrupted sessions left on drives, as far as their logs prove it.
    pub passwords: Vec<LeftPassword>,
}

/// The ATA password that an interrupted session announced for a drive, without a proven end of that work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftPassword {
    /// The drive's model.
    pub model: DeviceText,
    /// The drive's serial number.
    pub serial: DeviceText,
    /// The password.
    pub password: String,
}

impl History {
    /// Reads it from the logs on a stick with this identity. A session that began on another stick and was only
    /// continued here is that stick's; a log whose first line cannot be read is taken for one of this stick.
    #[must_use]
    pub fn of(logs: &[StoredLog], identity_fingerprint: &str) -> Self {
        let mut sessions = BTreeSet::new();
        let (mut nameless, mut highest) = (0, 0);
        let mut last: Option<&StoredLog> = None;
        let mut reports = Vec::new();
        for log in logs {
            let report = verify(&log.bytes);
            let open = report.open.clone();
            // One that was continued here is in no order with the others.
            reports.push((open.as_ref().map_or(0, |open| open.stick.session_counter), report));
            let counter = match open {
                None => {
                    nameless += 1;
                    0
                }
                Some(open) if open.stick.identity_fingerprint != identity_fingerprint => continue,
                Some(open) => {
                    // One session may have two files, when the first was damaged.
                    sessions.insert(open.session);
                    open.stick.session_counter
                }
            };
            if counter >= highest {
                highest = counter;
                last = Some(log);
            }
        }
        reports.sort_by_key(|(counter, _)| *counter);
        let proven: Vec<Report> = reports.into_iter().map(|(_, report)| report).collect();
        let there = u32::try_from(sessions.len() + nameless).unwrap_or(u32::MAX);
        Self {
            next_counter: highest.max(there).saturating_add(1),
            previous: last.map(|log| PreviousSession { file: log.name.clone(), head: last_line(&log.bytes) }),
            passwords: passwords(&proven),
            sessions: proven,
        }
    }

    /// What the operator of the last session entered, of those that are proven as far as that.
    #[must_use]
    pub fn choices(&self) -> Option<&Choices> {
        self.sessions.iter().rev().find_map(|session| session.choices.as_ref())
    }
}

/// The last word about each drive counts: a password without an end, or an erase that was proven. What a log does not
/// prove is not in its report.
fn passwords(sessions: &[Report]) -> Vec<LeftPassword> {
    let mut left: BTreeMap<(String, String), LeftPassword> = BTreeMap::new();
    for drive in sessions.iter().flat_map(|report| &report.drives) {
        let (model, serial) = (drive.drive.identity.model.clone(), drive.drive.identity.serial.clone());
        let key = (model.as_str().to_owned(), serial.as_str().to_owned());
        match drive.unfinished.as_ref().and_then(|intent| intent.password.clone()) {
            Some(password) => drop(left.insert(key, LeftPassword { model, serial, password })),
            None if drive.result.as_ref().is_some_and(|result| result.achieved.is_some()) => {
                drop(left.remove(&key))
            }
            None => {}
        }
    }
    left.into_values().collect()
}

/// The hash of the last whole line; that of nothing when there is none.
fn last_line(log: &[u8]) -> record::EntryHash {
    let whole =
        log.iter().rposition(|byte| *byte == b'\n').and_then(|end| log.get(..end)).unwrap_or_default();
    hash_line(whole.rsplit(|byte| *byte == b'\n').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_stick_begins_with_one() {
        let empty = History { next_counter: 1, previous: None, sessions: Vec::new(), passwords: Vec::new() };
        assert_eq!(History::of(&[], ""), empty);
    }

    #[test]
    fn a_torn_log_counts_and_its_head_is_its_last_whole_line() {
        let log = StoredLog { name: "a.jsonl".into(), bytes: b"one\ntwo\nthr".to_vec() };
        let history = History::of(&[log], "");
        assert_eq!(history.next_counter, 2);
        let previous = history.previous.unwrap();
        assert_eq!((previous.file.as_str(), previous.head), ("a.jsonl", hash_line(b"two")));
        let empty = StoredLog { name: "a.jsonl".into(), bytes: b"thr".to_vec() };
        assert_eq!(History::of(&[empty], "").previous.unwrap().head, hash_line(b""));
    }
}
