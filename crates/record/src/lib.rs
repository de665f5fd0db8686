//! The signed log: schema, exact bytes, hash chain, signatures.
//!
//! One log is one session: one PC, one boot. Its bytes are JSON Lines; every line is chained to the one before
//! by hash and signed over its exact bytes. `FORMAT.md` beside this crate is the published description.
//!
//! [`LogWriter`] makes the lines, [`verify`] judges the bytes that come back, [`Trust`] says who vouches for them.
//! Beside the log stand the office's [`Signed`] documents and [`SealedKey`]s. Nothing here touches a device, a file or
//! a clock; keys ask the system for random numbers.

mod backup;
mod clock;
mod credential;
mod day;
mod entry;
mod format;
mod hand;
mod head;
mod hexadecimal;
mod jobs;
mod json;
mod key;
mod keys;
mod label;
mod line;
mod paper;
mod plan;
mod sealed;
mod session;
mod summary;
mod trust;
mod twins;
mod verify;
mod writer;

pub use backup::{BACKUP_LINES, BackupError, backup_lines, from_backup};
pub use clock::{At, WallTime, WallTimeError};
pub use credential::Credential;
pub use day::{Day, DayError, Validity};
pub use entry::{
    Close, CloseReason, Entry, FinalOutcome, Finding, Intent, Inventory, Notice, NoticeCode, Period, Step,
    Witness, WitnessStatement,
};
pub use format::{FORMAT, Format};
pub use hand::{ByHand, HandMedium, HandOutcome};
pub use head::{Head12, Head12Error, hash_line};
pub use hexadecimal::{EntryHash, Hex, HexError, SessionId};
pub use jobs::{JobsEvidence, JobsRefusal, ValidJobs};
pub use json::JsonError;
pub use key::{Fingerprint, FingerprintError, KeyError, PublicKey, new_session_id};
pub use keys::{RootKey, SessionKey, StickKey};
pub use label::{DrivesFrom, Exception, Label, Serial};
pub use line::SUFFIX_LEN;
pub use model::{COPY_FOLDER, COPY_SUFFIX, LOG_FOLDER, LOG_SUFFIX};
pub use paper::{
    ByOrganisation, JOBS_FILE, JobDrive, JobList, JobListFault, JobPc, JobPurpose, JobText, LONGEST_JOB_TEXT,
    LONGEST_PAPER, OFFICE_FOLDER, ORGANISATION_FILE, Organisation, Paper, PaperError, PaperFault, Previous,
    RELEASE_FILE, REVOCATIONS_FILE, Release, ReleasedLog, Revocation, RevocationReason, Revocations,
    STICK_FILE, STICK_KEY_FILE, Signed, StickCertificate, StickFile, StickId, hash_file, is_telling_serial,
    is_telling_uuid, new_stick_id, sign_organisation,
};
pub use plan::{Confirm, Plan, PlannedAction, PlannedDrive, PlannedErase, Rejected};
pub use sealed::{Cost, SHORTEST_PASSPHRASE, SealError, SealedKey};
pub use session::{
    Attestation, CarriedOutBy, Choices, Clock, ClockConfirmation, Declared, Destination, Image, KeyOrigin,
    Language, Open, Ownership, Pc, PolicyTable, PreviousSession, StickState, TableOrigin, Tool,
};
pub use summary::{SessionSummary, SessionSummaryError};
pub use trust::{Doubt, Office, POLICY_FILE, Trust, Vouched};
pub use twins::{Settled, Twin, Twins, copy_name, log_name, settle};
pub use verify::{
    Anchors, Contradiction, DriveReport, Fault, Flaw, HandReport, Reason, Report, Standing, verify,
    verify_with,
};
pub use writer::{AppendError, Line, LogWriter};
