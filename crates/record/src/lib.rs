//! The signed log: schema, exact bytes, hash chain, signatures.
//!
//! One log is one session: one PC, one boot. Its bytes are JSON Lines; every line is chained to the one before
//! by hash and signed over its exact bytes. `FORMAT.md` beside this crate is the published description.
//!
//! [`LogWriter`] makes the lines, [`verify`] judges the bytes that come back. Nothing here touches a device, a
//! file or a clock; [`SessionKey::generate`] asks the system for random numbers.

mod clock;
mod entry;
mod head;
mod hexadecimal;
mod json;
mod key;
mod line;
mod plan;
mod session;
mod verify;
mod writer;

pub use clock::{At, WallTime, WallTimeError};
pub use entry::{
    Close, CloseReason, Entry, FinalOutcome, Finding, Intent, Inventory, Notice, NoticeCode, Period, Step,
    Witness, WitnessStatement,
};
pub use head::{Head12, Head12Error, hash_line};
pub use hexadecimal::{EntryHash, Hex, HexError, SessionId};
pub use json::JsonError;
pub use key::{Fingerprint, FingerprintError, KeyError, PublicKey, SessionKey, new_session_id};
pub use line::SUFFIX_LEN;
pub use plan::{Confirm, Plan, PlannedAction, PlannedDrive, PlannedErase, Rejected};
pub use session::{
    Attestation, Choices, Clock, ClockConfirmation, FORMAT, Format, Image, KeyOrigin, Language, Open, Pc,
    PolicyTable, PreviousSession, StickState, TableOrigin, Tool,
};
pub use verify::{
    Anchors, Contradiction, DriveReport, Fault, Flaw, Reason, Report, Standing, verify, verify_with,
};
pub use writer::{AppendError, Line, LogWriter};

/// The folder on a stick that holds the logs. A stick that has it is never offered for erasure.
pub const LOG_FOLDER: &str = "MASSHO-LOG";

/// The end of every log's file name.
pub const LOG_SUFFIX: &str = ".jsonl";
