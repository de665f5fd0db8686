//! What can go wrong with a backing file.

use std::io;
use std::path::PathBuf;

/// Why a medium did not do as told.
#[derive(Debug, thiserror::Error)]
pub enum MediumError {
    /// The layout asked for cannot be.
    #[error("no such medium: {0}")]
    Layout(&'static str),
    /// The backing file or a file next to it cannot be created.
    #[error("cannot create {1}")]
    Create(#[source] io::Error, PathBuf),
    /// The backing file or a file next to it cannot be opened or read at the beginning.
    #[error("cannot open {1}")]
    Open(#[source] io::Error, PathBuf),
    /// The state next to the backing file is not a medium's.
    #[error("cannot make sense of {1}: {0}")]
    State(String, PathBuf),
    /// Reading the backing file.
    #[error("cannot read the backing file")]
    Read(#[source] io::Error),
    /// Writing the backing file.
    #[error("cannot write the backing file")]
    Write(#[source] io::Error),
    /// Keeping the map or the keys.
    #[error("cannot keep the medium's state in {1}")]
    Keep(#[source] io::Error, PathBuf),
    /// Blocks that the medium does not have, or part of a block.
    #[error("blocks from {lba} on: beyond the end of the medium or not whole")]
    Range {
        /// First block asked for.
        lba: u64,
    },
    /// The operating system gives no random bytes for a media key.
    #[error("no random bytes for a media key: {0}")]
    Key(String),
}
