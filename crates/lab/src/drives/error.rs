//! What can go wrong with the lab's drives.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a drive of the lab's own failed.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// A file could not be used.
    #[error("cannot {doing} {path}: {source}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A definition is wrong.
    #[error("{0}")]
    Definition(String),
    /// A drive could not be made or opened.
    #[error("drive {name}: {why}")]
    Open {
        /// Its name.
        name: String,
        /// Why, with all causes.
        why: String,
    },
    /// A drive's process does not answer.
    #[error("drive {name} does not answer: {source}")]
    Control {
        /// Its name.
        name: String,
        /// The system's answer.
        source: io::Error,
    },
    /// A drive's process refused.
    #[error("drive {name}: {why}")]
    Refused {
        /// Its name.
        name: String,
        /// What it said.
        why: String,
    },
    /// A drive's process did not come up.
    #[error("drive {name} did not come up within {after:?}: {said}")]
    NotUp {
        /// Its name.
        name: String,
        /// How long was waited.
        after: Duration,
        /// What it said.
        said: String,
    },
    /// No drive of that name is there.
    #[error("there is no drive named {0}")]
    NoSuchDrive(String),
}

impl DriveError {
    /// For `map_err` on calls that concern one file.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }

    /// For `map_err` on making a drive.
    pub(crate) fn open<E: std::error::Error>(name: &str) -> impl FnOnce(E) -> Self {
        move |error| Self::Open { name: name.to_owned(), why: causes(&error) }
    }
}

/// An error with everything behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
