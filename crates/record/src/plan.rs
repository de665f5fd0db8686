//! What was planned for each drive, and its confirmation.

use model::{DriveNo, Lift, Method, NotCovered, Technique, VerificationKind};
use serde::{Deserialize, Serialize};

/// What was planned for each drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// SHA-256 of the plan as the program holds it, in hexadecimal; the confirmation repeats it.
    pub digest: String,
    /// Every drive of the inventory.
    pub drives: Vec<PlannedDrive>,
}

/// What was planned for one drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedDrive {
    /// The drive.
    pub drive: DriveNo,
    /// `model::Identity::fingerprint` of the inventory's entry.
    pub identity_fingerprint: String,
    /// What will be done.
    pub action: PlannedAction,
    /// The techniques that were not taken, each with the reason.
    pub rejected: Vec<Rejected>,
}

/// What will be done to one drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do", deny_unknown_fields)]
pub enum PlannedAction {
    /// It is erased here.
    Erase {
        /// How.
        how: PlannedErase,
    },
    /// It has to be destroyed.
    Destruct {
        /// The 引渡前の消去 to be done here first, where one is.
        clear_first: Option<PlannedErase>,
    },
    /// It is left alone.
    Leave {
        /// Why.
        reason: NotCovered,
    },
}

impl PlannedAction {
    /// What would be written to the drive, if anything.
    #[must_use]
    pub fn erase(&self) -> Option<PlannedErase> {
        match self {
            Self::Erase { how } => Some(*how),
            Self::Destruct { clear_first } => *clear_first,
            Self::Leave { .. } => None,
        }
    }

    /// The method asked of the drive; `None` where nothing is.
    #[must_use]
    pub fn asked(&self) -> Option<Method> {
        match self {
            Self::Erase { how } => Some(how.method),
            Self::Destruct { .. } => Some(Method::Destruct),
            Self::Leave { .. } => None,
        }
    }
}

/// One technique with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedErase {
    /// The method it reaches when it succeeds.
    pub method: Method,
    /// The technique.
    pub technique: Technique,
    /// Passes of an overwrite; 0 for firmware commands.
    pub passes: u8,
    /// What is read back afterwards.
    pub verification: VerificationKind,
    /// What is done about hidden areas before.
    #[serde(default, skip_serializing_if = "Lift::is_nothing")]
    pub lift: Lift,
}

/// A technique that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    /// The technique.
    pub technique: Technique,
    /// Why, as the planner's code (`not-allowed`, `frozen` …).
    pub why: String,
}

/// The operator's typed confirmation of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The digest of the plan confirmed.
    pub digest: String,
    /// What they typed.
    pub typed: String,
}
