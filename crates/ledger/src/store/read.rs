//! What the ledger knows, to be read: for lists the derived rows, for a certificate the original bytes, verified again.

use super::intake::bytes_of;
use super::session::{SESSION, SessionRow, session_row};
use super::words::{Bearing, optional, unknown, word};
use super::{Part, Store, StoreError, day_in_japan};
use crate::recompute::Disagreement;
use crate::vouchers::Held;
use model::{Handling, MediumKind, Method, Outcome, Technique, Verdict};
use record::{EntryHash, Hex, Report, verify};
use rusqlite::{OptionalExtension, Row};

/// What a file is to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogRole {
    /// It speaks for it.
    Counts,
    /// A longer file of the same session is there.
    Beginning,
    /// Another file speaks for it, and they contradict each other.
    Rival,
    /// It does not verify, and is kept apart.
    Refused,
}

/// A file as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its number in the ledger.
    pub id: i64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its name on the stick.
    pub name: String,
    /// Where it was collected from.
    pub source: String,
    /// When it was collected.
    pub collected: String,
    /// What it is to its session.
    pub role: LogRole,
    /// Its session, if its first line is proven.
    pub session: Option<String>,
}

/// A file that is kept apart.
#[derive(Debug)]
pub struct RefusedLog {
    /// The file.
    pub file: FileRow,
    /// What the verifier says of it now.
    pub report: Report,
}

/// How a file ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHead {
    /// The hash of its last whole line.
    pub head: EntryHash,
    /// Its session, if its first line is proven.
    pub session: Option<String>,
}

/// The hash of the last whole line of a file, and the name by which a later session calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The file's name.
    pub name: String,
    /// The hash.
    pub head: EntryHash,
}

/// The name of a medium's record: session, and which one in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The session.
    pub session: String,
    /// Which of its media.
    pub part: Part,
}

/// 例外措置 as the log has it: what the clerk declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedException {
    /// Why the method that the class asks is not possible.
    pub reason: String,
    /// The substitute measure.
    pub measure: String,
    /// Who is to approve it.
    pub approver: String,
    /// Until when it holds.
    pub deadline: String,
}

/// A medium in a session: a drive, or one that only people had in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveRow {
    /// Which.
    pub key: RecordKey,
    /// Where it belonged.
    pub bearing: Bearing,
    /// Maker, where the drive names one.
    pub maker: String,
    /// Model.
    pub model: String,
    /// Serial number: the one that the drive reported, else the one on its label.
    pub serial: String,
    /// Whether it was read off a label, by a person's word.
    pub serial_declared: bool,
    /// 資産管理番号 of the PC that it belongs to, as declared.
    pub asset_number: Option<String>,
    /// NVMe namespace, else 0.
    pub namespace: u32,
    /// Capacity in bytes.
    pub capacity: u64,
    /// The kind of medium.
    pub medium: MediumKind,
    /// How it ended; `None` when nothing was begun.
    pub outcome: Option<Outcome>,
    /// What may happen to it, by the log.
    pub verdict: Option<Verdict>,
    /// The method asked.
    pub asked: Option<Method>,
    /// The method that the log claims.
    pub claimed: Option<Method>,
    /// The method that the office computed.
    pub achieved: Option<Method>,
    /// By which technique.
    pub technique: Option<Technique>,
    /// What was done to it by hand: then outcome and method are by a person's word.
    pub handling: Option<Handling>,
    /// The exception under which it got a lesser method.
    pub exception: Option<LoggedException>,
    /// Why the two differ.
    pub disagreement: Option<Disagreement>,
}

/// Everything about one session, for a certificate: the log verified again from the bytes that are kept.
#[derive(Debug)]
pub struct Collected {
    /// The session.
    pub session: SessionRow,
    /// The file that speaks for it.
    pub file: FileRow,
    /// What the file proves: choices, drives, evidence, witnesses.
    pub report: Report,
    /// What the office computed of each drive.
    pub drives: Vec<DriveRow>,
    /// Who vouches for it; `None` where not even its first entry is proven.
    pub held: Option<Held>,
}

const RECORD: &str =
    "SELECT session, drive, bearing, maker, model, serial, namespace, capacity, medium, outcome, verdict,
    asked, claimed, achieved, technique, disagreement, serial_declared, asset_number, handling, exception_reason,
    exception_measure, exception_approver, exception_deadline FROM record";

const FILE: &str = "SELECT f.id, f.sha256, f.name, f.source, f.collected, l.role, l.session
    FROM file f JOIN log l ON l.file = f.id";

impl Store {
    /// Every session, in the order in which the PCs' clocks say that they were opened.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        let mut select = self.connection.prepare(&format!("{SESSION} ORDER BY s.opened, s.id"))?;
        let rows = select.query_map([], session_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every drive of every session, session by session.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn records(&self) -> Result<Vec<DriveRow>, StoreError> {
        let mut select = self.connection.prepare(&format!("{RECORD} ORDER BY session, drive"))?;
        let rows = select.query_map([], drive_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The drives of which the office comes to another conclusion than the appliance.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn disagreements(&self) -> Result<Vec<DriveRow>, StoreError> {
        let select = format!("{RECORD} WHERE disagreement IS NOT NULL ORDER BY session, drive");
        let mut select = self.connection.prepare(&select)?;
        let rows = select.query_map([], drive_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Everything about one session. The bytes that are kept are verified again.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn collected(&self, session: &str) -> Result<Option<Collected>, StoreError> {
        let mut select = self.connection.prepare(&format!("{SESSION} WHERE s.id = ?1"))?;
        let Some(session) = select.query_row([session], session_row).optional()? else { return Ok(None) };
        let mut select = self.connection.prepare(&format!("{RECORD} WHERE session = ?1 ORDER BY drive"))?;
        let drives = select.query_map([&session.id], drive_row)?.collect::<Result<_, _>>()?;
        let mut select = self.connection.prepare(&format!("{FILE} WHERE f.id = ?1"))?;
        let file = select.query_row([session.file], file_row)?;
        let report = verify(&bytes_of(&self.connection, session.file)?);
        let held = self.vouchers()?.held(&report, &day_in_japan(&file.collected));
        Ok(Some(Collected { session, file, report, drives, held }))
    }

    /// Every file, in the order in which they came in.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn files(&self) -> Result<Vec<FileRow>, StoreError> {
        let mut select = self.connection.prepare(&format!("{FILE} ORDER BY f.id"))?;
        let rows = select.query_map([], file_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn bytes(&self, file: &FileRow) -> Result<Vec<u8>, StoreError> {
        bytes_of(&self.connection, file.id)
    }

    /// The files that are kept apart, with what is wrong with each.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn refused(&self) -> Result<Vec<RefusedLog>, StoreError> {
        let select = format!("{FILE} WHERE l.role IN ('refused', 'rival') ORDER BY f.id");
        let mut select = self.connection.prepare(&select)?;
        let rows = select.query_map([], file_row)?.collect::<Result<Vec<_>, _>>()?;
        let judge = |file: FileRow| {
            let report = verify(&self.bytes(&file)?);
            Ok(RefusedLog { file, report })
        };
        rows.into_iter().map(judge).collect()
    }

    /// How every file ends: a later session on the same stick names it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn heads(&self) -> Result<Vec<FileHead>, StoreError> {
        let mut select = self.connection.prepare("SELECT head, session FROM log ORDER BY file")?;
        let rows =
            select.query_map([], |row| Ok(FileHead { head: Hex(row.get(0)?), session: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn drive_row(row: &Row<'_>) -> rusqlite::Result<DriveRow> {
    let capacity: String = row.get(7)?;
    Ok(DriveRow {
        key: RecordKey { session: row.get(0)?, part: part(row, 1)? },
        bearing: word(row, 2)?,
        maker: row.get(3)?,
        model: row.get(4)?,
        serial: row.get(5)?,
        serial_declared: row.get(16)?,
        asset_number: row.get(17)?,
        namespace: row.get(6)?,
        capacity: capacity.parse().unwrap_or_default(),
        medium: word(row, 8)?,
        outcome: optional(row, 9)?,
        verdict: optional(row, 10)?,
        asked: optional(row, 11)?,
        claimed: optional(row, 12)?,
        achieved: optional(row, 13)?,
        technique: optional(row, 14)?,
        handling: optional(row, 18)?,
        exception: logged_exception(row, 19)?,
        disagreement: optional(row, 15)?,
    })
}

fn file_row(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    Ok(FileRow {
        id: row.get(0)?,
        sha256: row.get(1)?,
        name: row.get(2)?,
        source: row.get(3)?,
        collected: row.get(4)?,
        role: word(row, 5)?,
        session: row.get(6)?,
    })
}

/// The exception of four columns, which are there together or not at all.
fn logged_exception(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<LoggedException>> {
    let Some(reason) = row.get(column)? else { return Ok(None) };
    let (measure, approver) = (row.get(column + 1)?, row.get(column + 2)?);
    Ok(Some(LoggedException { reason, measure, approver, deadline: row.get(column + 3)? }))
}

/// A number of a medium; any other number is damage.
pub(super) fn part(row: &Row<'_>, column: usize) -> rusqlite::Result<Part> {
    Part::of(row.get(column)?).ok_or_else(|| unknown(column, "a medium's number"))
}
