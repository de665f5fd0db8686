//! The office's ledger: one SQLite file that keeps the original bytes of everything that came in.
//!
//! What the ledger concluded stands beside the bytes and is computed anew when its rules change, or when the office's
//! documents say more. Everything that people at the office said is kept as they said it, with the time and the name they
//! gave.

mod clock;
mod copy;
mod documents;
mod error;
mod handing;
mod intake;
mod judged;
mod known;
mod part;
mod read;
mod sayings;
mod schema;
mod session;
mod vouching;
mod words;

pub(crate) use clock::{day_in_japan, now};
pub use copy::TextTable;
pub use documents::{Document, DocumentFile, News, Signature, TableRow};
pub use error::StoreError;
pub use handing::{AttachmentKind, AttachmentRow, Handover, HandoverRow, Item, ItemRow, Photos, Place};
pub use intake::{Intake, Taken};
pub use part::Part;
pub use read::{
    Collected, DriveRow, FileHead, FileRow, Head, LogRole, LoggedException, RecordKey, RefusedLog,
};
pub use sayings::{Entered, Exception, ExceptionRow};
pub use session::{KeyTrust, PcRow, SessionRow, WitnessState};
pub use vouching::{Voucher, Vouching};
pub use words::{Bearing, Clock};

use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file's name where none is given.
pub const DEFAULT_NAME: &str = "massho-ledger.sqlite";

/// How long another program may hold the file.
const PATIENCE: Duration = Duration::from_secs(10);

/// The ledger.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens a ledger that is there.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] and what else can be wrong with it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::NotThere(path.to_owned()));
        }
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a ledger, and begins one where there is none.
    ///
    /// # Errors
    /// What can be wrong with it.
    pub fn open_or_create(path: &Path) -> Result<Self, StoreError> {
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn with(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // An entry that was acknowledged survives a power cut, the file's name included.
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.set_prepared_statement_cache_capacity(64);
        let mut store = Self { connection, path: path.to_owned() };
        schema::migrate(&mut store.connection)?;
        store.judge_anew_if_rules_changed()?;
        Ok(store)
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
