//! What people at the office said: characters of the paper record, fingerprints, exceptions.

use super::intake::settle;
use super::known::Known;
use super::read::part;
use super::{Item, RecordKey, Store, StoreError};
use record::{Fingerprint, Head12};
use rusqlite::{Row, TransactionBehavior, params};

/// When something was entered, and by whom, as they gave their name.
#[derive(Debug, Clone, Copy)]
pub struct Entered<'a> {
    /// The time.
    pub at: &'a str,
    /// The name.
    pub by: &'a str,
}

/// 例外措置 (7.4) as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The medium.
    pub item: Item,
    /// 課
    pub section: String,
    /// Why the method that the class asks is not possible.
    pub reason: String,
    /// The substitute measure.
    pub measure: String,
    /// Until when it holds.
    pub deadline: String,
    /// When it was asked for.
    pub requested: String,
    /// By whom.
    pub requested_by: String,
}

/// An exception, with what has come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    /// Its number.
    pub id: i64,
    /// What was asked for.
    pub exception: Exception,
    /// Who approved it, and when.
    pub approved: Option<(String, String)>,
    /// When it ended, and how.
    pub ended: Option<(String, String)>,
}

impl Store {
    /// Keeps the twelve characters of a session's 作業記録. The last ones count.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn witness(&mut self, session: &str, head: Head12, entered: Entered<'_>) -> Result<(), StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO witness_line (session, head12, entered, entered_by) VALUES (?1, ?2, ?3, ?4)",
            params![session, head.to_string(), entered.at, entered.by],
        )?;
        let logs: i64 =
            transaction
                .query_row("SELECT count(*) FROM log WHERE session = ?1", [session], |row| row.get(0))?;
        // Of logs that contradict each other the characters tell which one counts.
        if logs > 1 {
            settle(&transaction, session, &Known::read(&transaction, entered.at)?)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Keeps that somebody compared a key's fingerprint with the screen's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn confirm_key(&mut self, key: Fingerprint, entered: Entered<'_>) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO confirmed_key (fingerprint, entered, entered_by) VALUES (?1, ?2, ?3)
             ON CONFLICT (fingerprint) DO NOTHING",
            params![key.to_string(), entered.at, entered.by],
        )?;
        Ok(())
    }

    /// Keeps that an exception was asked for; its number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn request_exception(&mut self, asked: &Exception, entered: Entered<'_>) -> Result<i64, StoreError> {
        self.connection.execute(
            "INSERT INTO exception (session, drive, model, serial, section, reason, measure, deadline, requested,
             requested_by, entered, entered_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                asked.item.key.session,
                asked.item.key.part.number(),
                asked.item.model,
                asked.item.serial,
                asked.section,
                asked.reason,
                asked.measure,
                asked.deadline,
                asked.requested,
                asked.requested_by,
                entered.at,
                entered.by
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Keeps that an exception was approved.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn countersign(&mut self, id: i64, approver: &str, on: &str) -> Result<(), StoreError> {
        let update = "UPDATE exception SET approved = ?2, approver = ?3 WHERE id = ?1 AND approved IS NULL";
        self.connection.execute(update, params![id, on, approver])?;
        Ok(())
    }

    /// Keeps that an exception ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn end_exception(&mut self, id: i64, how: &str, on: &str) -> Result<(), StoreError> {
        let update = "UPDATE exception SET ended = ?2, ended_how = ?3 WHERE id = ?1 AND ended IS NULL";
        self.connection.execute(update, params![id, on, how])?;
        Ok(())
    }

    /// Every exception.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn exceptions(&self) -> Result<Vec<ExceptionRow>, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT id, session, drive, model, serial, section, reason, measure, deadline, requested, requested_by,
             approver, approved, ended, ended_how FROM exception ORDER BY id",
        )?;
        let rows = select.query_map([], |row| {
            let exception = Exception {
                item: item(row, 1)?,
                section: row.get(5)?,
                reason: row.get(6)?,
                measure: row.get(7)?,
                deadline: row.get(8)?,
                requested: row.get(9)?,
                requested_by: row.get(10)?,
            };
            let (approved, ended) = (both(row, 11)?, both(row, 13)?);
            Ok(ExceptionRow { id: row.get(0)?, exception, approved, ended })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A medium out of four columns.
pub(super) fn item(row: &Row<'_>, column: usize) -> rusqlite::Result<Item> {
    let key = RecordKey { session: row.get(column)?, part: part(row, column + 1)? };
    Ok(Item { key, model: row.get(column + 2)?, serial: row.get(column + 3)? })
}

fn both(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<(String, String)>> {
    let first: Option<String> = row.get(column)?;
    let second: Option<String> = row.get(column + 1)?;
    Ok(first.zip(second))
}
