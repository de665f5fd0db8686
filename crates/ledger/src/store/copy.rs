//! Copies of the ledger, and its tables of people's words for an auditor.

use super::{Store, StoreError};
use rusqlite::backup::Backup;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Pages copied at a time; nobody waits between them.
const PAGES: i32 = 4_096;

/// The tables of what people at the office said, without the bytes of files.
const SAID: [(&str, &str); 11] = [
    ("witness_line", "SELECT * FROM witness_line ORDER BY id"),
    ("confirmed_key", "SELECT * FROM confirmed_key ORDER BY fingerprint"),
    ("handover", "SELECT * FROM handover ORDER BY id"),
    ("handover_item", "SELECT * FROM handover_item ORDER BY handover, session, drive"),
    ("attachment", "SELECT id, sha256, name, entered, entered_by FROM attachment ORDER BY id"),
    ("attachment_item", "SELECT * FROM attachment_item ORDER BY attachment, handover, session, drive, kind"),
    ("exception", "SELECT * FROM exception ORDER BY id"),
    ("file", "SELECT id, sha256, name, source, collected FROM file ORDER BY id"),
    (
        "document",
        "SELECT sha256, kind, entered, entered_by, withdrawn, why, withdrawn_at, withdrawn_by FROM document
         ORDER BY entered, sha256",
    ),
    ("rule_table", "SELECT sha256, source, entered, entered_by FROM rule_table ORDER BY entered, sha256"),
    ("vouching", "SELECT * FROM vouching ORDER BY id"),
];

/// A table as text: its name, and its rows, the first being the headings.
pub type TextTable = (&'static str, Vec<Vec<String>>);

impl Store {
    /// Copies the ledger into a file that is not there yet, and checks the copy: its pages, and the hash of every file
    /// in it. How many files there are.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] if the copy is not what the ledger is.
    pub fn backup(&self, to: &Path) -> Result<usize, StoreError> {
        File::create_new(to).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => StoreError::Exists(to.to_owned()),
            _ => StoreError::Io(error),
        })?;
        let mut copy = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        copy.pragma_update(None, "synchronous", "EXTRA")?;
        Backup::new(&self.connection, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        drop(copy);
        // Opened anew: what is checked is what lies on the disk.
        let copy = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        check(&copy)?;
        let (here, there) = (files(&self.connection)?, files(&copy)?);
        if here == there { Ok(there) } else { Err(StoreError::Damaged(format!("{there} of {here} files"))) }
    }

    /// What people at the office said, as text.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn tables(&self) -> Result<Vec<TextTable>, StoreError> {
        SAID.iter().map(|(name, select)| Ok((*name, table(&self.connection, select)?))).collect()
    }
}

fn files(connection: &Connection) -> Result<usize, StoreError> {
    let select = "SELECT (SELECT count(*) FROM file) + (SELECT count(*) FROM attachment)";
    let count: i64 = connection.query_row(select, [], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

fn check(connection: &Connection) -> Result<(), StoreError> {
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(StoreError::Damaged(sound));
    }
    for (what, select) in [
        ("file", "SELECT sha256, bytes, name FROM file"),
        ("attachment", "SELECT sha256, bytes, name FROM attachment"),
        ("document", "SELECT sha256, bytes, kind FROM document"),
        ("rule table", "SELECT sha256, bytes, source FROM rule_table"),
    ] {
        let mut select = connection.prepare(select)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (sha256, bytes): ([u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?);
            let there: [u8; 32] = Sha256::digest(&bytes).into();
            if there != sha256 {
                let name: String = row.get(2)?;
                return Err(StoreError::Damaged(format!("{what} {name}")));
            }
        }
    }
    Ok(())
}

fn table(connection: &Connection, select: &str) -> Result<Vec<Vec<String>>, StoreError> {
    let mut select = connection.prepare(select)?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let count = names.len();
    let mut table = vec![names];
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let cells = (0..count).map(|column| Ok(text(row.get_ref(column)?)));
        table.push(cells.collect::<rusqlite::Result<_>>()?);
    }
    Ok(table)
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
