//! The tables, and how older files come to have them.
//!
//! Two kinds of tables. What came in from outside, and what people at the office said, is never deleted: `file`,
//! `witness_line`, `confirmed_key`, `handover`, `handover_item`, `attachment`, `attachment_item`, `exception`, `document`,
//! `rule_table`; nor is `vouching`, because it says what was concluded when. What the ledger concludes now is derived from
//! `file.bytes` and may be thrown away and computed anew: `log`, `session`, `record`.
//!
//! The journal is SQLite's rollback journal, not WAL: a ledger lies where offices keep files, on a share, where WAL does
//! not work, and is copied as one file, where a forgotten `-wal` beside it would be lost entries. One writer at a time
//! is all an office needs.

use super::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// `mssh`: what `file` and SQLite tell of a ledger.
pub(super) const APPLICATION_ID: i32 = 0x6D73_7368;

/// One step a version. A step that was released is never changed.
const STEPS: &[&str] =
    &[include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// The version that this program writes.
pub(super) fn version() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Brings a file to the present version.
///
/// # Errors
/// [`StoreError::Newer`] if a later program wrote it, [`StoreError::NotALedger`] if it is another program's.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found = found(connection)?;
    if found == version() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Somebody else may have done it in between.
    let found = read(&transaction)?;
    for (step, number) in STEPS.iter().zip(1u32..).filter(|(_, number)| *number > found) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

fn found(connection: &Connection) -> Result<u32, StoreError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(StoreError::NotALedger);
    }
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > version() { Err(StoreError::Newer { found, known: version() }) } else { Ok(found) }
}

fn read(transaction: &Transaction<'_>) -> Result<u32, StoreError> {
    Ok(transaction.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
