//! What a journal needs of a stick.

use crate::StickError;

/// A log that is on a stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLog {
    /// The file's name, without its folder.
    pub name: String,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// A stick's log folder. One file at a time is open for writing.
pub trait Backend: Send {
    /// Every log in the folder, in the order of their names.
    ///
    /// # Errors
    /// Any [`StickError`] of reading.
    fn logs(&mut self) -> Result<Vec<StoredLog>, StickError>;

    /// Opens the file of this name for writing; `None` when there is none.
    ///
    /// # Errors
    /// Any [`StickError`] of opening.
    fn reopen(&mut self, name: &str) -> Result<Option<()>, StickError>;

    /// Makes the file of this name, and opens it for writing. Never touches one that is there.
    ///
    /// # Errors
    /// [`StickError::NamesTaken`] when the name is taken; any other [`StickError`] of making a file.
    fn create(&mut self, name: &str) -> Result<(), StickError>;

    /// Writes all these bytes at this offset of the open file, and returns when they, the file's length and its
    /// place in the folder are on the medium as far as the medium tells.
    ///
    /// # Errors
    /// Any [`StickError`] of writing; what the file holds from the offset on is unknown then.
    fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<(), StickError>;

    /// All bytes of the open file, read from the medium rather than from memory.
    ///
    /// # Errors
    /// Any [`StickError`] of reading.
    fn read_back(&mut self) -> Result<Vec<u8>, StickError>;

    /// Lets go of the stick, so that it can be pulled.
    ///
    /// # Errors
    /// Any [`StickError`] of unmounting.
    fn release(&mut self) -> Result<(), StickError>;
}
