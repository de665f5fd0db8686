//! What can go wrong with a drive's files.

use crate::medium::MediumError;
use crate::store::LoadError;
use std::io;
use std::path::PathBuf;

/// Why a drive cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum NvmeError {
    /// A namespace's medium.
    #[error("namespace {number}")]
    Medium {
        /// Which.
        number: u32,
        /// Why.
        source: MediumError,
    },
    /// Namespaces are numbered twice, or 0, or there are none.
    #[error("namespaces need numbers from 1 to 1024, each its own")]
    Numbers,
    /// What the drive remembers cannot be written.
    #[error("cannot write {path}")]
    Keep {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// What the drive remembers cannot be read.
    #[error("cannot read {path}")]
    Load {
        /// The file.
        path: PathBuf,
        /// Why.
        source: LoadError,
    },
}
