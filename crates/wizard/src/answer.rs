//! The program's answers about drives that are not ready: frozen, locked, erasing themselves; and about a probe.

use crate::StickProblem;
use model::DriveNo;
use serde::{Deserialize, Serialize};

/// How long the PC sleeps, in seconds: what the screen says, and what the wake-up alarm is to be set to.
pub const SLEEP_SECONDS: u16 = 20;

/// How long nobody goes on after a sleep that may have left the screen dark, before the PC is switched off.
pub const DARK_SECONDS: u16 = 180;

/// How a sleep of the PC ended; the answer to [`crate::Effect::Sleep`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SleepOutcome {
    /// It slept and woke, and the results stick was found and verified again. Send [`crate::Msg::Drives`] as well.
    Woke(Thaw),
    /// It slept and woke, and the results stick is not back or not as it was. [`crate::Msg::Journal`] says how the log
    /// stands.
    StickMissing(Thaw),
    /// This PC has no deep sleep (`deep` in `/sys/power/mem_sleep`), so nothing was done.
    NotSupported,
    /// It could not be put to sleep; the text is the system's error.
    Failed(String),
}

/// What a sleep did to the drives for which it was tried, each identified anew. One that stands in neither list was
/// not found again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Thaw {
    /// They take their commands now.
    pub thawed: Vec<DriveNo>,
    /// They still do not.
    pub frozen: Vec<DriveNo>,
}

/// Why a drive that an interrupted session left locked was not unlocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnlockProblem {
    /// The drive refused the password.
    Refused,
    /// The drive takes no more passwords until a power cycle (ACS-3 IDENTIFY word 128 bit 4).
    AttemptsUsedUp,
    /// The drive is not there any more.
    Vanished,
    /// It could not be asked, or its answer was lost; the text is the failure.
    Io(String),
}

/// How an erase that a drive was found in the middle of ended. None of these is proof of anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FollowEnd {
    /// The drive says that it ended. It is erased once more, with proof.
    Ended,
    /// The drive says that it failed; the text is its status.
    Failed(String),
    /// It is not there any more.
    Vanished,
    /// Its answer was lost; the text is the failure.
    Indeterminate(String),
}

/// Why a drive's answers were not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProbeProblem {
    /// They could not be written to the results stick.
    Stick(StickProblem),
    /// The drive could not be asked; the text is the failure.
    Drive(String),
}

/// Whether a job makes progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stall {
    /// None for longer than the drive's own estimate allows. It may still be working.
    Stalled,
    /// Again, after a stall.
    Recovered,
}

/// One of the conditions of a 暗号化消去 (図表44) that no program can see and a person has to attest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statement {
    /// It was encrypted before any data was stored on it.
    EncryptedFromTheStart,
    /// By an algorithm that stands in the CRYPTREC list.
    ListedAlgorithm,
    /// No copy of the key is left anywhere: recovery keys in a directory, on paper, on sticks.
    NoKeyLeft,
}

impl Statement {
    /// Each, in the order of the screen. An [`Attestation`] is of all three.
    pub const ALL: [Self; 3] = [Self::EncryptedFromTheStart, Self::ListedAlgorithm, Self::NoKeyLeft];

    /// The code in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::EncryptedFromTheStart => "encrypted-from-the-start",
            Self::ListedAlgorithm => "listed-algorithm",
            Self::NoKeyLeft => "no-key-left",
        }
    }
}

/// That a person attested every [`Statement`] for one drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The drive.
    pub drive: DriveNo,
    /// Who attested it, as declared.
    pub by: String,
    /// 暗号方法: the encryption software and its version, or the drive's own encryption, as declared (図表44).
    pub cipher: String,
}
