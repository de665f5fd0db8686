//! `collect`: from sticks into the ledger.

use super::desk::{Desk, Trouble, shown};
use super::gaps::Gaps;
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::print;
use crate::problems::{self, tell};
use crate::source::{FoundLog, Source, find};
use crate::store::{Intake, LogRole, RefusedLog, Store, Taken};
use crate::texts::fill;
use record::Twins;
use std::path::{Path, PathBuf};

pub(super) fn collect(desk: &Desk, sources: &[PathBuf]) -> Result<Conclusion, Trouble> {
    let mut store = Store::open_or_create(&desk.ledger)?;
    let apart_before: Vec<i64> = store.refused()?.into_iter().map(|log| log.file.id).collect();
    let mut text = String::new();
    let mut bad = false;
    for path in sources {
        match find(path) {
            Ok(found) => bad |= take(desk, &mut store, path, found, &mut text)?,
            Err(error) => {
                text.push_str(&print::told(&problems::source(desk.texts, path, &error)));
                bad = true;
            }
        }
    }
    for log in store.refused()?.iter().filter(|log| !apart_before.contains(&log.file.id)) {
        text.push_str(&apart(desk, log));
        bad = true;
    }
    text.push_str(&contradictory(desk, &store)?);
    let gaps = Gaps::find(&store, &store.sessions()?)?;
    text.push_str(&missing(desk, &gaps));
    bad |= !gaps.is_empty();
    Ok(if bad { Conclusion::Bad(text) } else { Conclusion::Good(text) })
}

/// Takes one source in. `true` if something of it is not right.
fn take(
    desk: &Desk,
    store: &mut Store,
    path: &Path,
    found: Source,
    text: &mut String,
) -> Result<bool, Trouble> {
    let logs = match found {
        Source::One(log) => vec![log],
        Source::Stick(logs) => logs,
    };
    let mut bad = false;
    let mut files = Vec::new();
    for FoundLog { name, bytes, twins } in logs {
        // Either file of a log is enough, but two that tell different stories are a question for somebody.
        if let Some(problem) = problems::twins(desk.texts, &name, twins) {
            text.push_str(&format!("{}: {}", for_terminal(&name), print::told(&problem).trim_start()));
            bad |= twins == Twins::Conflict;
        }
        match bytes {
            Ok(bytes) => files.push(Intake { name, bytes }),
            Err(error) => {
                let problem = tell(desk.texts.unreadable, &[("detail", &error.to_string())]);
                text.push_str(&format!("{}: {}", for_terminal(&name), print::told(&problem).trim_start()));
                bad = true;
            }
        }
    }
    let taken = store.take(&path.to_string_lossy(), files, &desk.now)?;
    text.push_str(&format!("{}: {}\n", shown(path), summary(desk, &taken)));
    Ok(bad || taken.unclosed > 0)
}

fn summary(desk: &Desk, taken: &Taken) -> String {
    let words = desk.words;
    let parts = [
        (words.taken_verified, taken.verified),
        (words.taken_completed, taken.completed),
        (words.taken_unclosed, taken.unclosed),
        (words.taken_beginnings, taken.beginnings),
        (words.taken_refused, taken.refused),
        (words.taken_rivals, taken.rivals),
        (words.taken_known, taken.known),
    ];
    let counted: Vec<String> = parts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(text, count)| fill(text, &[("count", &count.to_string())]))
        .collect();
    if counted.is_empty() { words.taken_nothing.to_owned() } else { counted.join(words.separator) }
}

/// A file that is kept apart, with the reason.
pub(super) fn apart(desk: &Desk, log: &RefusedLog) -> String {
    let name = for_terminal(&log.file.name);
    let told = match (&log.report.fault, log.file.role) {
        (Some(fault), LogRole::Refused) => problems::fault(desk.texts, fault),
        _ => tell(desk.words.rival, &[]),
    };
    format!("{name} ({}): {}", desk.words.kept_apart, print::told(&told).trim_start())
}

/// The drives of which the office comes to another conclusion than the appliance.
fn contradictory(desk: &Desk, store: &Store) -> Result<String, Trouble> {
    let mut text = String::new();
    for record in store.disagreements()? {
        let Some(disagreement) = record.disagreement else { continue };
        let why = desk.words.disagreement(disagreement);
        let told = tell(desk.words.contradictory_drive, &[("serial", &record.serial), ("why", why)]);
        text.push_str(&print::told(&told));
    }
    Ok(text)
}

/// The sessions that are not there.
pub(super) fn missing(desk: &Desk, gaps: &Gaps) -> String {
    let mut text = String::new();
    for missing in &gaps.missing {
        text.push_str(&print::told(&problems::session_missing(desk.texts, missing)));
    }
    for link in &gaps.broken {
        let values = [("stick", link.stick.as_str()), ("file", &link.file), ("session", &link.session)];
        text.push_str(&print::told(&tell(desk.words.broken_link, &values)));
    }
    text
}
