//! What can be wrong with the ledger's file.

use std::path::PathBuf;

/// Why the store did not do what was asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no ledger of that name yet.
    #[error("there is no ledger {}", .0.display())]
    NotThere(PathBuf),
    /// There is something of that name already.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// It is no ledger.
    #[error("the file is no ledger")]
    NotALedger,
    /// A later version of the program wrote it.
    #[error("a later version wrote it ({found}; this one knows {known})")]
    Newer {
        /// Its version.
        found: u32,
        /// The last one known.
        known: u32,
    },
    /// Another program is writing to it.
    #[error("somebody else is writing to the ledger")]
    Busy,
    /// Its content is damaged.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    /// A file beside it cannot be read or written.
    #[error("a file cannot be read or written")]
    Io(#[from] std::io::Error),
    /// Anything else that SQLite says.
    #[error("SQLite: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        if matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..)
        ) {
            return Self::Damaged(error.to_string());
        }
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::NotADatabase) => Self::NotALedger,
            Some(Code::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}
