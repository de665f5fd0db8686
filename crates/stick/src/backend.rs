//! What a journal needs of a stick.

use crate::StickError;
use record::Twin;

/// A log that is on a stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLog {
    /// The file's name, without its folder.
    pub name: String,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// A file that is no log: what a drive said of itself, for whoever looks into it later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraFile {
    /// The folder, in the stick's top folder; one name.
    pub folder: String,
    /// The file's name without its suffix; a number is added where it is taken.
    pub stem: String,
    /// What comes after, with its dot.
    pub suffix: String,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// A stick's log folder. One log at a time is open for writing; it lies there in two files, which are written one after the
/// other, so that a stick that fails in between leaves one of them whole.
pub trait Backend: Send {
    /// Every log in the folder, in the order of their names, each by the one of its two files that counts.
    ///
    /// # Errors
    /// Any [`StickError`] of reading.
    fn logs(&mut self) -> Result<Vec<StoredLog>, StickError>;

    /// Opens that file of the log of this name for writing; `None` when there is none.
    ///
    /// # Errors
    /// Any [`StickError`] of opening.
    fn reopen(&mut self, twin: Twin, log: &str) -> Result<Option<()>, StickError>;

    /// Makes that file of the log of this name, and opens it for writing. Never touches one that is there.
    ///
    /// # Errors
    /// [`StickError::NamesTaken`] when the name is taken; any other [`StickError`] of making a file.
    fn create(&mut self, twin: Twin, log: &str) -> Result<(), StickError>;

    /// Writes all these bytes at this offset of that open file, and returns when they, the file's length and its place in
    /// the folder are on the medium, and not in a memory of the system's or of the stick's.
    ///
    /// # Errors
    /// Any [`StickError`] of writing; what the file holds from the offset on is unknown then.
    fn write(&mut self, twin: Twin, offset: u64, bytes: &[u8]) -> Result<(), StickError>;

    /// All bytes of that open file, read from the medium rather than from memory.
    ///
    /// # Errors
    /// Any [`StickError`] of reading.
    fn read_back(&mut self, twin: Twin) -> Result<Vec<u8>, StickError>;

    /// Puts a whole file beside the log folder, and reads it back. Never touches a file that is there, nor the room that
    /// logs need. Returns its folder and name.
    ///
    /// # Errors
    /// [`StickError::Full`] where too little room would be left, [`StickError::NamesTaken`], or any other failure; no
    /// part of the file is left then, as far as the stick can still be written.
    fn put(&mut self, file: &ExtraFile) -> Result<String, StickError>;

    /// Lets go of the stick, so that it can be pulled.
    ///
    /// # Errors
    /// Any [`StickError`] of unmounting.
    fn release(&mut self) -> Result<(), StickError>;
}
