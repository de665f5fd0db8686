//! The vocabulary of massho: what a drive is, what may be done to it, what was done, and how that is known.
//!
//! Nothing here touches a device, a clock or a screen. Every other crate speaks in these words; they are the
//! field's own: *method* and *technique* as in IEEE 2883 and NIST SP 800-88 (Clear 消去, Purge 除去, Destruct
//! 破壊), classes and media as in the guideline's figure 42 (図表42).

mod aside;
mod condition;
mod drive;
mod eligibility;
mod evidence;
mod guideline;
mod hand;
mod hidden;
mod outcome;
mod reach;
mod step;
mod text;
mod units;

pub use aside::{Aside, Place};
pub use condition::{Condition, Conditions};
pub use drive::{Bus, Capabilities, Drive, DriveNo, Identity, Medium, MediumSource, Support};
pub use eligibility::{Eligibility, Ineligible};
pub use evidence::{
    Attempt, BlockErrors, Canaries, Content, Evidence, Knowledge, RawStatus, Verification, VerificationKind,
};
pub use guideline::{InformationClass, Method, Technique};
pub use hand::{ByHandNo, Handling, MediumKind};
pub use hidden::{HiddenArea, HiddenAreas, HiddenChange, Lift};
pub use outcome::{DriveResult, FailureReason, NotCovered, Outcome, Verdict, Witnessed};
pub use reach::reach;
pub use step::StepKind;
pub use text::DeviceText;
pub use units::{BlockSize, ByteLen, Count, Lba, UnitError};

/// The folder on a results stick that holds the logs; a volume with such a folder is never offered for erasure.
pub const LOG_FOLDER: &str = "MASSHO-LOG";

/// The end of every log's file name.
pub const LOG_SUFFIX: &str = ".jsonl";

/// The folder within the log folder that holds the copies: a folder of its own, so that no sector is shared by what the
/// directory says of a log and of its copy.
pub const COPY_FOLDER: &str = "COPY";

/// The end of every copy's file name.
pub const COPY_SUFFIX: &str = ".copy";

/// The file in the log folder by which an office says that it has every log, so that the stick may be erased after all.
pub const RELEASE_FILE: &str = "release.json";
