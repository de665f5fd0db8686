//! What a log can say: the entries, in the order in which a session writes them.

use crate::At;
use crate::hand::{ByHand, HandOutcome};
use crate::plan::{Confirm, Plan};
use crate::session::{Choices, Open};
use model::{
    ByHandNo, DeviceText, Drive, DriveNo, DriveResult, Outcome, RawStatus, StepKind, Technique, Verdict,
};
use serde::{Deserialize, Serialize};

macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// One entry of a log.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        #[expect(clippy::large_enum_variant, reason = "the large one comes once a session")]
        pub enum Entry {
            $($(#[$doc])* #[serde(rename = $code)] $name($name)),*
        }

        impl Entry {
            /// The value of `type`.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name(_) => $code),* }
            }

            /// The members after `at`, as one JSON object.
            pub(crate) fn body(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$name(body) => serde_json::to_string(body)),* }
            }
        }

        $(impl From<$name> for Entry {
            fn from(body: $name) -> Self {
                Self::$name(body)
            }
        })*
    };
}

entries! {
    /// The first entry: the session, its key, the tool, the PC, the stick.
    Open = "open",
    /// The drives of the PC. A later one adds drives that came since, or says anew whether one may be offered; who a
    /// drive is never changes.
    Inventory = "inventory",
    /// What the operator entered and chose.
    Choices = "choices",
    /// What was planned for each drive.
    Plan = "plan",
    /// The operator's typed confirmation of that plan.
    Confirm = "confirm",
    /// Something irreversible is about to be done to a drive.
    Intent = "intent",
    /// Something was seen while it was being done.
    Step = "step",
    /// How it ended for one drive.
    Finding = "result",
    /// What a person did to a medium without the program.
    ByHand = "by-hand",
    /// Somebody else than the operator confirmed drives.
    Witness = "witness",
    /// Something else that a reader should know.
    Notice = "notice",
    /// The last entry.
    Close = "close",
}

/// The drives of the PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// Every drive, eligible or not.
    pub drives: Vec<Drive>,
    /// Controllers behind which drives may sit that this tool cannot reach, as text for people.
    pub unreachable: Vec<DeviceText>,
}

/// Something irreversible is about to be done to a drive. Durable before the first byte is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// The drive.
    pub drive: DriveNo,
    /// `model::Identity::fingerprint` of the identity re-read from the drive just now.
    pub identity_fingerprint: String,
    /// Its serial number, so that a person finds the drive.
    pub serial: DeviceText,
    /// The technique.
    pub technique: Technique,
    /// The exact command and its parameters.
    pub command: String,
    /// The seed of the canaries' places, in hexadecimal, where canaries are planted.
    pub canary_seed: Option<String>,
    /// The ATA password that is about to be set for the erase: whoever finds the drive locked unlocks it with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// Something was seen while a drive was being erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The drive.
    pub drive: DriveNo,
    /// The technique under way.
    pub technique: Technique,
    /// What was seen.
    pub what: StepKind,
    /// Status words that came with it, unchanged.
    pub raw_status: Vec<RawStatus>,
}

/// How it ended for one drive. The last one of a drive counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The drive.
    pub drive: DriveNo,
    /// When work on it began and ended; `null` where none was begun.
    pub period: Option<Period>,
    /// How it ended, with the evidence.
    pub result: DriveResult,
}

/// From when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The beginning.
    pub began: At,
    /// The end.
    pub ended: At,
}

/// Somebody who is not the operator confirmed that the method named was carried out on these drives (図表43).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// The name they declared.
    pub name: String,
    /// What they stated.
    pub statement: WitnessStatement,
    /// The drives they stated it of.
    pub drives: Vec<DriveNo>,
    /// What was done by hand that they stated it of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHandNo>,
}

/// What a witness states. Staff confirm that a method was carried out, not that data cannot be recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WitnessStatement {
    /// 指定した方法で実施したことを目視で確認
    SawMethodCarriedOut,
}

/// Something else that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// What happened.
    pub code: NoticeCode,
    /// The drive concerned, if one is.
    pub drive: Option<DriveNo>,
    /// More of it, for people.
    pub detail: String,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeCode {
    /// The results stick went away or stopped taking entries.
    StickLost,
    /// The same results stick is back.
    StickReturned,
    /// The session goes on on another results stick.
    StickReplaced,
    /// A drive came after the inventory.
    DriveAppeared,
    /// A drive of the inventory went away.
    DriveVanished,
    /// The wall clock jumped against the monotonic one.
    ClockJumped,
    /// A person confirmed or corrected the date after the session was opened.
    ClockConfirmed,
    /// The PC slept and woke, to thaw drives that its firmware had frozen.
    Slept,
    /// A drive that was locked by an earlier session's password was unlocked with it.
    Unlocked,
    /// A drive was found in the middle of an erase that was begun before, or after one that failed.
    FoundErasing,
    /// An erase that was begun before this session was followed to its end; the detail says how it ended.
    FollowedToEnd,
    /// The operator asked to stop everything.
    StopAsked,
    /// A fault of the program that it survived.
    InternalFault,
    /// Something else, in the detail.
    Other,
}

/// The last entry: what all the others come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Why the session ends.
    pub reason: CloseReason,
    /// Every drive of the inventory, in the order of their numbers.
    pub drives: Vec<FinalOutcome>,
    /// Everything that was done by hand, in the order of its numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<HandOutcome>,
    /// How many entries the log has, this one counted.
    pub entries: u32,
}

/// Why a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseReason {
    /// Everything planned was carried out, whether or not it succeeded.
    Finished,
    /// The operator ended it before.
    AbortedByOperator,
    /// Nobody went on with it, so the program ended it before anything was confirmed.
    NobodyWentOn,
    /// A fault of the program ended it.
    InternalFault,
}

/// How it ended for one drive, witness considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinalOutcome {
    /// The drive.
    pub drive: DriveNo,
    /// The outcome.
    pub outcome: Outcome,
    /// What may happen to the medium now; `null` for 対象外.
    pub verdict: Option<Verdict>,
}
