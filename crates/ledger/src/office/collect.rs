//! `collect`: from sticks into the ledger.

use super::desk::{Desk, Trouble, shown};
use super::documents;
use super::gaps::Gaps;
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::print;
use crate::problems::{self, tell};
use crate::source::{FoundLog, Source, find};
use crate::store::{Intake, LogRole, RefusedLog, Store, Taken};
use crate::texts::fill;
use clap::Args;
use record::Twins;
use std::path::{Path, PathBuf};

/// What is collected, and by what it is judged.
#[derive(Debug, Args)]
pub struct CollectArgs {
    /// Where the logs are.
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// Your organisation's document, massho-organisation.json; the ledger keeps it, so once is enough.
    #[arg(long, value_name = "FILE")]
    organisation: Vec<PathBuf>,
    /// Your organisation's list of revoked sticks, massho-revocations.json, each time that it has grown.
    #[arg(long, value_name = "FILE")]
    revocations: Vec<PathBuf>,
}

pub(super) fn collect(desk: &Desk, args: &CollectArgs) -> Result<Conclusion, Trouble> {
    let mut store = Store::open_or_create(&desk.ledger)?;
    let documents = args.organisation.iter().chain(&args.revocations);
    let mut text = documents::enter(desk, &mut store, documents)?;
    let apart_before: Vec<i64> = store.refused()?.into_iter().map(|log| log.file.id).collect();
    let mut bad = false;
    for path in &args.sources {
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
    let sessions = store.sessions()?;
    let gaps = Gaps::find(&store, &sessions)?;
    for wrong in [contradictory(desk, &store)?, documents::doubts(desk, &sessions), missing(desk, &gaps)] {
        bad |= !wrong.is_empty();
        text.push_str(&wrong);
    }
    text.push_str(&documents::unchecked(desk, &sessions));
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
    let (logs, tables) = match found {
        Source::One(log) => (vec![log], Vec::new()),
        Source::Stick(stick) => (stick.logs, stick.tables),
    };
    // Before the logs, which are judged by them.
    for table in tables {
        text.push_str(&documents::off_stick(desk, store, path, &table)?);
    }
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
    for pair in &gaps.twice {
        let values = [("one", pair.one.as_str()), ("other", &pair.other), ("stick", &pair.stick)];
        text.push_str(&print::told(&tell(desk.words.number_twice, &values)));
    }
    text
}
