//! Taking logs in: bytes are kept, judged, and settled with what is known of their session.

use super::judged::{Judged, whole_lines};
use super::known::Known;
use super::words::Word;
use super::{LogRole, Store, StoreError, clock};
use crate::recompute::RULES;
use record::{Day, Head12};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::thread;

/// A file that is to be taken in.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Its name on the stick.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What taking in came to. All of it is in the ledger, or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Files that had been there before, byte by byte.
    pub known: usize,
    /// New files that were verified and closed.
    pub verified: usize,
    /// New files that are 未完結.
    pub unclosed: usize,
    /// New files that only repeat the beginning of a session.
    pub beginnings: usize,
    /// New files that complete a session of which only the beginning had been there.
    pub completed: usize,
    /// New files that are kept apart, with why.
    pub refused: usize,
    /// Sessions of which files contradict each other.
    pub rivals: usize,
}

/// Files that are judged at a time: what is held in memory.
const BATCH: usize = 256;

impl Store {
    /// Takes files in, all of them or none. What is there already changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]; the ledger is unchanged then.
    pub fn take(&mut self, source: &str, files: Vec<Intake>, now: &str) -> Result<Taken, StoreError> {
        let mut fresh: BTreeMap<[u8; 32], Intake> = BTreeMap::new();
        let mut taken = Taken::default();
        for file in files {
            let sha256 = Sha256::digest(&file.bytes).into();
            if self.is_collected(&sha256)? || fresh.insert(sha256, file).is_some() {
                taken.known += 1;
            }
        }
        if fresh.is_empty() {
            return Ok(taken);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Somebody else may have taken them in while this one waited.
        for sha256 in fresh.keys().copied().collect::<Vec<_>>() {
            if is_collected(&transaction, &sha256)? {
                fresh.remove(&sha256);
                taken.known += 1;
            }
        }
        let before = sessions(&transaction)?;
        let (known, collected) = (Known::read(&transaction, now)?, clock::day_in_japan(now));
        let mut touched = BTreeSet::new();
        let mut added = Vec::new();
        let fresh: Vec<([u8; 32], Intake)> = fresh.into_iter().collect();
        for batch in fresh.chunks(BATCH) {
            let files = batch.iter().map(|(_, file)| (file.bytes.as_slice(), &collected)).collect();
            for ((sha256, file), judged) in batch.iter().zip(judge_all(files, &known)) {
                let id = insert_file(&transaction, sha256, file, source, now)?;
                added.push(id);
                write(&transaction, id, &judged, &known, &mut touched)?;
            }
        }
        settle_all(&transaction, &touched, &known)?;
        count(&transaction, &added, &before, &mut taken)?;
        transaction.commit()?;
        Ok(taken)
    }

    /// Whether a whole file of these bytes is in the ledger: a stick whose every log is may be used anew.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn is_collected(&self, sha256: &[u8; 32]) -> Result<bool, StoreError> {
        is_collected(&self.connection, sha256)
    }

    /// Judges every file anew when another version of the rules judged it before.
    pub(super) fn judge_anew_if_rules_changed(&mut self) -> Result<(), StoreError> {
        let rules = RULES.to_string();
        if meta(&self.connection, "rules")?.as_deref() == Some(rules.as_str()) {
            return Ok(());
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch("DELETE FROM record; DELETE FROM session; DELETE FROM log;")?;
        let ids: Vec<i64> = column(&transaction, "SELECT id FROM file ORDER BY id")?;
        let known = Known::read(&transaction, &clock::now())?;
        let mut touched = BTreeSet::new();
        for batch in ids.chunks(BATCH) {
            let files = batch.iter().map(|id| file_of(&transaction, *id)).collect::<Result<Vec<_>, _>>()?;
            let judged =
                judge_all(files.iter().map(|(bytes, day)| (bytes.as_slice(), day)).collect(), &known);
            for (id, judged) in batch.iter().zip(judged) {
                write(&transaction, *id, &judged, &known, &mut touched)?;
            }
        }
        settle_all(&transaction, &touched, &known)?;
        let set = "INSERT INTO meta (name, value) VALUES ('rules', ?1)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        transaction.execute(set, [&rules])?;
        transaction.commit()?;
        Ok(())
    }
}

fn is_collected(connection: &Connection, sha256: &[u8; 32]) -> Result<bool, StoreError> {
    let mut select = connection.prepare_cached("SELECT 1 FROM file WHERE sha256 = ?1")?;
    Ok(select.exists([sha256])?)
}

fn meta(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut select = connection.prepare("SELECT value FROM meta WHERE name = ?1")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

fn column(transaction: &Transaction<'_>, select: &str) -> Result<Vec<i64>, StoreError> {
    let mut select = transaction.prepare(select)?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn bytes_of(connection: &Connection, file: i64) -> Result<Vec<u8>, StoreError> {
    let mut select = connection.prepare_cached("SELECT bytes FROM file WHERE id = ?1")?;
    Ok(select.query_row([file], |row| row.get(0))?)
}

/// The bytes of a file, and the day on which it was collected.
fn file_of(connection: &Connection, file: i64) -> Result<(Vec<u8>, Day), StoreError> {
    let mut select = connection.prepare_cached("SELECT collected FROM file WHERE id = ?1")?;
    let collected: String = select.query_row([file], |row| row.get(0))?;
    Ok((bytes_of(connection, file)?, clock::day_in_japan(&collected)))
}

/// Judges files, each with the day on which it was collected, by as many threads as there are cores: signatures are most
/// of the work.
fn judge_all(files: Vec<(&[u8], &Day)>, known: &Known) -> Vec<Judged> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let judge = |part: &[(&[u8], &Day)]| {
            part.iter().map(|(bytes, collected)| Judged::of(bytes, collected, known)).collect::<Vec<_>>()
        };
        let shares: Vec<_> = files.chunks(share).map(|part| scope.spawn(move || judge(part))).collect();
        let parts = shares.into_iter().zip(files.chunks(share));
        // What one thread could not do is done here.
        parts.flat_map(|(thread, part)| thread.join().unwrap_or_else(|_| judge(part))).collect()
    })
}

fn insert_file(
    transaction: &Transaction<'_>,
    sha256: &[u8; 32],
    file: &Intake,
    source: &str,
    now: &str,
) -> Result<i64, StoreError> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO file (sha256, name, source, collected, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    Ok(insert.insert(params![sha256, file.name, source, now, file.bytes])?)
}

/// Writes a file's rows, as if it were the only one of its session.
fn write(
    transaction: &Transaction<'_>,
    id: i64,
    judged: &Judged,
    known: &Known,
    touched: &mut BTreeSet<String>,
) -> Result<(), StoreError> {
    judged.write_log(transaction, id)?;
    let Some(session) = judged.session() else { return Ok(()) };
    let mut select = transaction.prepare_cached("SELECT 1 FROM session WHERE id = ?1")?;
    if select.exists([&session])? {
        touched.insert(session);
        Ok(())
    } else {
        judged.write_session(transaction, id, 0, known)
    }
}

/// A file of a session of which there are several.
struct Candidate {
    id: i64,
    bytes: Vec<u8>,
    judged: Judged,
}

fn settle_all(
    transaction: &Transaction<'_>,
    sessions: &BTreeSet<String>,
    known: &Known,
) -> Result<(), StoreError> {
    sessions.iter().try_for_each(|session| settle(transaction, session, known))
}

/// Decides which file speaks for a session of which there are several: the whole one rather than its beginning. Where
/// two go different ways, each signed, the session is contradictory, unless the witness's characters tell which one is
/// the one that was written in that room.
pub(super) fn settle(transaction: &Transaction<'_>, session: &str, known: &Known) -> Result<(), StoreError> {
    let mut select = transaction.prepare_cached("SELECT file FROM log WHERE session = ?1 ORDER BY file")?;
    let ids = select.query_map([session], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut all = Vec::new();
    for id in ids {
        let (bytes, collected) = file_of(transaction, id)?;
        all.push(Candidate { id, judged: Judged::of(&bytes, &collected, known), bytes });
    }
    let (refused, sound): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|candidate| candidate.judged.is_refused());
    let Some(best) = best(&sound, witnessed(transaction, session)?) else {
        let longest = refused.iter().max_by_key(|candidate| candidate.judged.report.entries);
        return longest.map_or(Ok(()), |it| it.judged.write_session(transaction, it.id, 0, known));
    };
    let mut rivals = 0;
    for candidate in &sound {
        let role = match () {
            () if candidate.id == best.candidate.id => LogRole::Counts,
            () if best.candidate.bytes.starts_with(whole_lines(&candidate.bytes)) => LogRole::Beginning,
            () => LogRole::Rival,
        };
        rivals += usize::from(role == LogRole::Rival);
        let mut update = transaction.prepare_cached("UPDATE log SET role = ?2 WHERE file = ?1")?;
        update.execute(params![candidate.id, role.code()])?;
    }
    let undecided = if best.by_witness { 0 } else { rivals };
    best.candidate.judged.write_session(transaction, best.candidate.id, undecided, known)
}

struct Best<'a> {
    candidate: &'a Candidate,
    by_witness: bool,
}

fn best(sound: &[Candidate], witnessed: Option<Head12>) -> Option<Best<'_>> {
    let told = |candidate: &&Candidate| {
        let report = &candidate.judged.report;
        report.fault.is_none() && Some(Head12::of(&report.head)) == witnessed
    };
    if let Some(candidate) = sound.iter().find(told) {
        return Some(Best { candidate, by_witness: true });
    }
    // A closed one before an open one, then the longer, then the one that came first.
    let rank = |candidate: &&Candidate| {
        let report = &candidate.judged.report;
        (report.fault.is_none(), report.entries, std::cmp::Reverse(candidate.id))
    };
    sound.iter().max_by_key(rank).map(|candidate| Best { candidate, by_witness: false })
}

/// The characters that the witness copied last.
fn witnessed(transaction: &Transaction<'_>, session: &str) -> Result<Option<Head12>, StoreError> {
    let select = "SELECT head12 FROM witness_line WHERE session = ?1 ORDER BY id DESC LIMIT 1";
    let mut select = transaction.prepare_cached(select)?;
    let head: Option<String> = select.query_row([session], |row| row.get(0)).optional()?;
    Ok(head.and_then(|head| Head12::parse(&head).ok()))
}

/// The file that speaks for each session, and whether it is closed.
fn sessions(transaction: &Transaction<'_>) -> Result<BTreeMap<String, String>, StoreError> {
    let mut select = transaction.prepare("SELECT id, standing FROM session WHERE standing = 'unclosed'")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn count(
    transaction: &Transaction<'_>,
    added: &[i64],
    unclosed_before: &BTreeMap<String, String>,
    taken: &mut Taken,
) -> Result<(), StoreError> {
    let mut select = transaction.prepare("SELECT session, standing, role FROM log WHERE file = ?1")?;
    for id in added {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let (session, standing, role): (Option<String>, String, String) = select.query_row([id], row)?;
        let was_open = session.as_ref().is_some_and(|session| unclosed_before.contains_key(session));
        match (LogRole::of(&role), standing.as_str()) {
            (Some(LogRole::Refused), _) | (None, _) => taken.refused += 1,
            (Some(LogRole::Rival), _) => taken.rivals += 1,
            (Some(LogRole::Beginning), _) => taken.beginnings += 1,
            (Some(LogRole::Counts), "verified") if was_open => taken.completed += 1,
            (Some(LogRole::Counts), "verified") => taken.verified += 1,
            (Some(LogRole::Counts), _) => taken.unclosed += 1,
        }
    }
    Ok(())
}
