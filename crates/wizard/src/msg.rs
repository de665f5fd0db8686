//! Everything that reaches the screens from outside, in one order.

use crate::{
    FollowEnd, JobNews, Key, ProbeProblem, SleepOutcome, Stall, StickCandidate, StickInfo, StickProblem,
    UnlockProblem, UnsealProblem,
};
use model::{Aside, ByteLen, Drive, DriveNo, DriveResult};
use policy::{Table, TableOrigin};
use serde::{Deserialize, Serialize};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Msg {
    /// A key was pressed on this console.
    Key(Key),
    /// The terminal's size in cells. To be sent first: until then the size counts as 80 × 24.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Every drive that is there now, eligible or not. A drive that is missing has gone.
    Drives(Vec<Drive>),
    /// What is said beside each of them, and stands in no record. May come before or after [`Msg::Drives`].
    Asides(Vec<(DriveNo, Aside)>),
    /// Whether drives are still being looked for.
    Scan(ScanState),
    /// Controllers that may hide drives (RAID, RST, VMD), as text for people; empty when there are none.
    HiddenControllers(Vec<String>),
    /// Every stick that is there now and could or cannot be the results stick, the one in use included: a stick
    /// that is missing has been pulled.
    Sticks(Vec<StickCandidate>),
    /// What the office put on the boot stick is in memory, as all the rest is: the boot stick may be pulled.
    BootStickRead,
    /// The choice that [`crate::Effect::UseKeyboard`] asked for could not be left for the next start: nothing changes.
    KeyboardKept,
    /// The answer to [`crate::Effect::OpenStick`].
    StickOpened(Result<StickInfo, StickProblem>),
    /// The answer to [`crate::Effect::Unseal`].
    Unsealed(Result<(), UnsealProblem>),
    /// What the job list on the stick says of this PC.
    Jobs(JobNews),
    /// How the log on the results stick stands.
    Journal(Journal),
    /// How far one drive's job has come. May be sent as often as once a second.
    Job(DriveNo, JobView),
    /// A drive's job has ended. A drive that is not erased needs none. Class (1)'s waiting for a witness is
    /// applied here: send the result as it came.
    JobFinished(DriveNo, DriveResult),
    /// A job makes no progress, or makes it again.
    Stalled(DriveNo, Stall),
    /// The PC slept and is awake; [`Msg::Slept`] follows once its stick and its drives were looked for.
    Awake,
    /// The answer to [`crate::Effect::Sleep`].
    Slept(SleepOutcome),
    /// Whose driver the screen has, whenever that has changed. Until this comes it has its own.
    Display(Display),
    /// The PC slept, its screen may have stayed dark, and nobody has gone on for long, as
    /// [`Model::is_in_the_dark`](crate::Model::is_in_the_dark) told.
    InTheDark,
    /// The locked drives whose password an interrupted session left on the results stick: all of them.
    PasswordsFound(Vec<DriveNo>),
    /// The answer to [`crate::Effect::Unlock`].
    Unlocked(DriveNo, Result<(), UnlockProblem>),
    /// How far a drive is that was found erasing itself. Its phase is [`Phase::DriveErases`] or [`Phase::Stalled`].
    Following(DriveNo, JobView),
    /// The erase that a drive was found in the middle of has ended. [`Msg::Drives`] follows, with what it is now.
    Followed(DriveNo, FollowEnd),
    /// The answer to [`crate::Effect::Probe`]: the name of the file.
    Probed(Result<String, ProbeProblem>),
    /// The witness's confirmation is in the log.
    Witnessed,
    /// The answer to [`crate::Effect::CloseSession`].
    Closed(Result<CloseInfo, StickProblem>),
    /// The PC's clock, once a second or minute.
    Clock {
        /// Date and time for people: `2026-04-01 10:15`.
        wall: String,
        /// Whether that can be right.
        state: ClockState,
    },
    /// An organisation's rule table is used from now on. Heeded before the confirmation only. The one message that is not
    /// written down: a table is read from a file, never from a recording.
    #[serde(skip)]
    Policy {
        /// The table.
        table: Table,
        /// Whose it is.
        origin: TableOrigin,
    },
    /// An organisation's rule table cannot be used. Heeded before the confirmation only.
    PolicyProblem {
        /// What is wrong, in one line.
        message: String,
        /// The line of the file, from 1; 0 if unknown.
        line: usize,
    },
    /// Another console is the one in use.
    SeatTaken,
    /// The PC's power button was pressed.
    PowerButton,
    /// Whether the PC lives on its battery, when that has changed.
    OnBattery(bool),
    /// The program stopped by a fault of its own, under this code, and was started again.
    Restarted {
        /// What the operator writes down.
        code: String,
    },
    /// The recording of that fault is on a results stick.
    FaultKept,
    /// All has ended and nobody has been at the keys for long, as [`Model::is_left_alone`](crate::Model::is_left_alone) told.
    LeftAlone,
    /// Time passes: once a second. It moves what shows that the program is alive, and counts seconds.
    Tick,
}

/// What draws on the PC's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Display {
    /// A driver of its own, which sets it up anew after a sleep of the PC.
    #[default]
    Driven,
    /// Whatever the firmware set up at the start, and nobody sets up again: after a sleep it may stay dark.
    Firmware,
}

/// Whether drives are still being looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ScanState {
    /// Yes; more may come.
    #[default]
    Settling,
    /// Yes, and one of them has not answered for long.
    Slow,
    /// No; later ones were plugged in.
    Done,
}

/// How the log on the results stick stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Journal {
    /// No session has begun.
    #[default]
    NotBegun,
    /// Entries are being written.
    Saving,
    /// Every entry so far has been written, read back from the stick, and verified.
    Saved,
    /// Entries wait to be written.
    Unsaved {
        /// How many.
        count: u32,
        /// Why.
        problem: StickProblem,
    },
}

impl Journal {
    /// Whether the log is on the stick as it was written, and contradicts itself.
    pub(crate) fn is_garbled(&self) -> bool {
        matches!(self, Self::Unsaved { problem: StickProblem::NotVerified(_), .. })
    }
}

/// How far one drive's job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// What is being done.
    pub phase: Phase,
    /// How much of this phase is done, in the same unit as `of`.
    pub done: u64,
    /// How much this phase is; 0 when that is not known.
    pub of: u64,
    /// Whose number `done` is.
    pub basis: Basis,
    /// Bytes per second, where that can be told.
    pub rate: Option<ByteLen>,
    /// Seconds left for the whole job, where that can be told.
    pub remaining: Option<u64>,
}

/// What is being done to a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It waits for its turn, or for its intent to be saved.
    Waiting,
    /// Canaries are being planted, its identity read again.
    Preparing,
    /// One pass of an overwrite.
    Overwriting {
        /// Which, from 1.
        pass: u8,
        /// Of how many.
        passes: u8,
    },
    /// The drive erases itself; this program cannot stop it.
    DriveErases,
    /// What it holds now is read back.
    ReadingBack,
    /// No progress for longer than expected; it goes on.
    Stalled,
    /// The operator asked to stop it.
    Stopping,
}

/// Whose number a progress is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basis {
    /// Counted by this program.
    Measured,
    /// The drive's own number.
    Reported,
    /// Guessed from the time that such a drive takes: shown as 推定.
    Estimated,
}

/// A session that was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseInfo {
    /// The twelve characters of the log's head that the witness copies into the 作業記録.
    pub head12: String,
    /// The log's file name.
    pub file: String,
    /// The text of the QR code that says which log it is.
    pub summary: Option<String>,
}

/// Whether the PC's clock can be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ClockState {
    /// Nothing speaks against it.
    Plausible,
    /// It cannot be right: before this program was built, for one.
    Implausible,
    /// That cannot be told.
    #[default]
    Unknown,
}
