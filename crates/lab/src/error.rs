//! What can go wrong in the lab.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why something in the lab failed.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A file of the host could not be used.
    #[error("cannot {doing} {path}: {source}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// QEMU could not be started.
    #[error("cannot start {program}: {source}. Install it (Debian: apt-get install qemu-system-x86 ovmf)")]
    Start {
        /// The program's name.
        program: String,
        /// The system's answer.
        source: io::Error,
    },
    /// QEMU ended before it had connected its sockets.
    #[error(
        "QEMU ended at once ({status}): {stderr}. If it is missing: apt-get install qemu-system-x86 ovmf"
    )]
    EndedAtOnce {
        /// Its exit status.
        status: String,
        /// What it said.
        stderr: String,
    },
    /// QEMU did not connect its sockets.
    #[error("QEMU did not connect within {0:?}")]
    NotConnected(Duration),
    /// A font cannot be read.
    #[error("the font {path} cannot be read: {source}")]
    Font {
        /// Which.
        path: PathBuf,
        /// FreeType's answer.
        source: freetype::Error,
    },
    /// What QEMU wrote of the screen is no picture.
    #[error("{0} is not a picture of a screen")]
    NoPicture(PathBuf),
    /// A key that not every keyboard has at the same place.
    #[error("no key for {0:?} lies at the same place on every keyboard")]
    NoSuchKey(crate::Key),
    /// A socket to QEMU failed.
    #[error("the connection to QEMU's {what} failed: {source}")]
    Socket {
        /// Which.
        what: &'static str,
        /// The system's answer.
        source: io::Error,
    },
    /// QMP answered with an error or with something unexpected.
    #[error("QMP {command}: {answer}")]
    Qmp {
        /// The command.
        command: String,
        /// The answer.
        answer: String,
    },
    /// What was waited for did not come.
    #[error("waited {after:?} for {what}; the screen shows\n{screen}")]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        after: Duration,
        /// The text of the screen at the end.
        screen: String,
    },
    /// The guest ended while something was waited for.
    #[error("the guest ended while waiting for {what}; the last screen was\n{screen}")]
    GuestEnded {
        /// What was waited for.
        what: String,
        /// The text of the screen at the end.
        screen: String,
    },
    /// The guest did not switch itself off.
    #[error("the guest did not switch itself off within {0:?}")]
    StillRunning(Duration),
    /// A drive that has a process of its own failed.
    #[error(transparent)]
    LabDrive(#[from] crate::drives::DriveError),
    /// No drive of that name is part of the machine.
    #[error("the machine has no drive named {0}")]
    NoSuchDrive(String),
    /// A file is no recording of a drive's writes, or has something in it that nobody reads.
    #[error("{path} is not a recording of writes: {why}")]
    NotARecording {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: &'static str,
    },
    /// A disk image is not as the lab makes them.
    #[error("{path} is not a stick as the lab makes them: {why}")]
    NotAStick {
        /// The image.
        path: PathBuf,
        /// What is wrong.
        why: &'static str,
    },
}

impl LabError {
    /// For `map_err` on calls that concern one file.
    pub fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }
}
