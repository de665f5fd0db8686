//! The two files of a log, joined: either is enough.

use crate::source::FoundLog;
use record::{COPY_SUFFIX, LOG_SUFFIX, Twin, Twins, copy_name, log_name, settle};
use std::collections::BTreeMap;
use std::io;

/// A file of a log folder, or of the folder of copies in it.
#[derive(Debug)]
pub(crate) struct FoundFile {
    pub(crate) name: String,
    pub(crate) bytes: io::Result<Vec<u8>>,
}

/// Whether a file of this name belongs to a log.
pub(crate) fn is_of_a_log(name: &str) -> bool {
    copy_name(name).is_some() || log_name(name).is_some()
}

/// Every log of which a file was found, in the order of their names, by the one of its files that counts.
pub(crate) fn join(files: Vec<FoundFile>) -> Vec<FoundLog> {
    let mut logs: BTreeMap<String, Pair> = BTreeMap::new();
    for file in files {
        // FAT knows no case.
        let key = file.name.to_ascii_lowercase();
        if let Some(copy) = log_name(&file.name) {
            let key = stem(&key, COPY_SUFFIX);
            logs.entry(key).or_insert_with(|| Pair::called(copy)).copy = Some(file.bytes);
        } else {
            let key = stem(&key, LOG_SUFFIX);
            let pair = logs.entry(key).or_insert_with(|| Pair::called(String::new()));
            (pair.name, pair.log) = (file.name, Some(file.bytes));
        }
    }
    logs.into_values().map(Pair::settle).collect()
}

fn stem(name: &str, suffix: &str) -> String {
    name.strip_suffix(suffix).unwrap_or(name).to_owned()
}

/// What was found of one log.
struct Pair {
    name: String,
    log: Option<io::Result<Vec<u8>>>,
    copy: Option<io::Result<Vec<u8>>>,
}

impl Pair {
    fn called(name: String) -> Self {
        Self { name, log: None, copy: None }
    }

    fn settle(self) -> FoundLog {
        let Self { name, log, copy } = self;
        let found = |bytes, twins| FoundLog { name, bytes, twins };
        match (log, copy) {
            (Some(Ok(log)), Some(Ok(copy))) => {
                let settled = settle(Some(&log), Some(&copy));
                let bytes = match settled.counts {
                    Twin::Log => log,
                    Twin::Copy => copy,
                };
                found(Ok(bytes), settled.twins)
            }
            // A stick that fails in one place.
            (Some(Ok(log)), Some(Err(_))) => found(Ok(log), Twins::Damaged(Twin::Copy)),
            (Some(Err(_)), Some(Ok(copy))) => found(Ok(copy), Twins::Damaged(Twin::Log)),
            (None, Some(copy)) => found(copy, Twins::OnlyCopy),
            (Some(log), _) => found(log, Twins::Agree),
            (None, None) => found(Err(io::ErrorKind::NotFound.into()), Twins::Agree),
        }
    }
}
