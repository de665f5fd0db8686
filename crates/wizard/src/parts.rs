//! The pieces of the model, one per matter.

use crate::field::Field;
use crate::secret::Secret;
use crate::voucher::Lock;
use crate::{
    ClassAnswer, ClockState, CloseInfo, DrivesFrom, ScanState, StickCandidate, StickInfo, StickNo,
    StickProblem, StickState,
};
use model::{Aside, ByHandNo, Drive, DriveNo, InformationClass};
use policy::{SessionPlan, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gravity {
    Info,
    Problem,
}

/// One sentence what happened, one what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) gravity: Gravity,
    pub(crate) what: String,
    pub(crate) todo: String,
}

/// Whose console this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    Free,
    Mine,
}

/// Whether the boot stick is still needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BootStick {
    #[default]
    Needed,
    MayGo,
}

/// What has been done about a results stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StickUse {
    None,
    Opening(StickNo),
    Open(Box<StickInfo>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sticks {
    pub(crate) candidates: Vec<StickCandidate>,
    pub(crate) boot: BootStick,
    pub(crate) cursor: Option<StickNo>,
    /// The sticks that turned out to be unusable when they were opened, as long as they stay plugged in.
    pub(crate) refused: BTreeMap<StickNo, StickState>,
    pub(crate) used: StickUse,
    /// How far the key of the stick in use is.
    pub(crate) lock: Lock,
    /// What was typed to open it.
    pub(crate) passphrase: Secret,
    /// Whether it can be read.
    pub(crate) shown: Shown,
}

/// How a passphrase stands on the screen while it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Shown {
    #[default]
    Stars,
    /// As it was typed: symbols lie elsewhere on another keyboard.
    Plain,
}

impl Sticks {
    /// Forgets the stick in use, and what was typed for it.
    pub(crate) fn let_go(&mut self) {
        self.used = StickUse::None;
        self.lock = Lock::None;
        self.passphrase = Secret::default();
        self.shown = Shown::Stars;
    }
}

/// One line of the class screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClassChoice {
    pub(crate) class: InformationClass,
    pub(crate) answer: ClassAnswer,
}

impl ClassChoice {
    /// In the order of the screen.
    pub(crate) const ALL: [Self; 4] = [
        Self { class: InformationClass::One, answer: ClassAnswer::Known },
        Self { class: InformationClass::Two, answer: ClassAnswer::Known },
        Self { class: InformationClass::Three, answer: ClassAnswer::Known },
        Self { class: InformationClass::One, answer: ClassAnswer::Unknown },
    ];
}

/// Whether a drive that was seen is still there. Its line stays, so that nothing moves under the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Here,
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DriveRow {
    pub(crate) drive: Drive,
    pub(crate) presence: Presence,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Drives {
    /// Where they sit.
    pub(crate) from: DrivesFrom,
    pub(crate) rows: Vec<DriveRow>,
    pub(crate) cursor: Option<DriveNo>,
    pub(crate) selected: BTreeSet<DriveNo>,
    /// Drives for which 引渡前の消去 is the other way round than the session's purpose says.
    pub(crate) turned: BTreeSet<DriveNo>,
    pub(crate) scan: ScanState,
    pub(crate) hidden: Vec<String>,
    /// What is said beside each drive, of those that have gone too.
    pub(crate) asides: BTreeMap<DriveNo, Aside>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Clock {
    pub(crate) wall: String,
    pub(crate) state: ClockState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyTrouble {
    pub(crate) message: String,
    pub(crate) line: usize,
    /// The table in the program, which the operator may take instead.
    pub(crate) builtin: Option<Arc<Table>>,
}

/// What is to be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum StopTarget {
    #[default]
    All,
    One(DriveNo),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StopForm {
    pub(crate) target: StopTarget,
    pub(crate) typed: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum WitnessFocus {
    #[default]
    Name,
    Statement,
}

/// How far a witness's confirmation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum WitnessState {
    #[default]
    Missing,
    Asked,
    Recorded,
}

/// Whether the statement bears the witness's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tick {
    #[default]
    Empty,
    Ticked,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct WitnessForm {
    pub(crate) focus: WitnessFocus,
    pub(crate) name: Field,
    pub(crate) tick: Tick,
    pub(crate) state: WitnessState,
    /// What the confirmation that was asked for last is of.
    pub(crate) asked: Vec<ByHandNo>,
    /// Whether a witness has confirmed the drives.
    pub(crate) drives: Confirmed,
}

/// Whether a witness has confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Confirmed {
    #[default]
    No,
    Yes,
}

/// How far the end of the session has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Closing {
    #[default]
    NotAsked,
    /// No session had begun: there is nothing to close.
    Needless,
    Asked,
    Failed(StickProblem),
    Closed(CloseInfo),
}

/// A plan that does not hold any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StalePlan {
    pub(crate) plan: SessionPlan,
    /// What was so when the first of these changes came.
    pub(crate) before: BeforeChange,
    /// The drives that came since, some of which had gone.
    pub(crate) came: BTreeSet<DriveNo>,
    /// The drives that went or changed since.
    pub(crate) changed: BTreeSet<DriveNo>,
}

/// What was so before drives changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct BeforeChange {
    /// The drives that were to be erased.
    pub(crate) selected: BTreeSet<DriveNo>,
    /// The drives for which a sleep was offered.
    pub(crate) thawable: BTreeSet<DriveNo>,
}

/// What became of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum PlanState {
    #[default]
    None,
    /// On the screen.
    Shown(SessionPlan),
    /// Still on the screen, but made before drives came, went or changed: nothing can follow from it but a new one.
    Stale(StalePlan),
    /// Confirmed, or recorded: it does not change any more.
    Fixed(SessionPlan),
}
