//! What people did to a medium without the program, by their word alone: 破壊, 消磁, or keeping it for destruction.

use crate::Day;
use model::{
    ByHandNo, DriveNo, DriveResult, Handling, InformationClass, MediumKind, Outcome, Verdict, Witnessed,
};
use serde::{Deserialize, Serialize};

/// What a person did to one medium. *Attested* only: nobody but people saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// Its number in this session.
    pub no: ByHandNo,
    /// The drive of the inventory that it is; `null` for a medium that this PC does not see.
    pub drive: Option<DriveNo>,
    /// What medium it is; `null` where the inventory says so.
    pub medium: Option<HandMedium>,
    /// 資産管理番号 of the PC that it came from, as declared; may be empty.
    pub asset_number: String,
    /// What was done.
    pub handling: Handling,
    /// With what (シュレッダー, 穴あけ機, 消磁機 and its model …), as declared.
    pub how: String,
    /// Who did it, as declared.
    pub by: String,
    /// The day on which it was done.
    pub on: Day,
    /// Whether photos of it are to be kept with the record.
    pub photo_expected: bool,
    /// 備考: anything else.
    pub remarks: String,
}

/// A medium as a person has it in hand: all of it declared, read off its label where it has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandMedium {
    /// What it is.
    pub kind: MediumKind,
    /// The maker; may be empty.
    pub maker: String,
    /// The model; may be empty.
    pub model: String,
    /// 製造番号; may be empty where there is none, as on a disc.
    pub serial: String,
}

impl ByHand {
    /// What it comes to, for a medium of that kind: the kind declared counts only where the PC does not see the medium.
    #[must_use]
    pub fn result(&self, kind: MediumKind, class: InformationClass, witnessed: Witnessed) -> DriveResult {
        DriveResult::by_hand(self.handling, kind).under_class(class, witnessed)
    }
}

/// What something done by hand comes to, as `close` lists it, witness considered. Of a drive of the inventory it says
/// what `close` says of that drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOutcome {
    /// Its number.
    pub no: ByHandNo,
    /// The outcome.
    pub outcome: Outcome,
    /// What may happen to the medium now; `null` for what was destroyed.
    pub verdict: Option<Verdict>,
}
