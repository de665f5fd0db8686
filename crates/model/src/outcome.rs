//! How it ended, for the record and for people.

use crate::{Evidence, Handling, InformationClass, MediumKind, Method};
use serde::{Deserialize, Serialize};

/// One per drive: the guideline README's outcomes that an appliance can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 完了: the method asked, proven.
    Done,
    /// 未完了: started, not proven.
    Incomplete,
    /// 失敗
    Failed,
    /// 破壊待ち: no allowed method here, or to be destroyed all the same.
    AwaitingDestruction,
    /// 承認待ち: a lesser method than the class asks, proven, under an exception (例外措置, 7.4) that the office has yet to
    /// countersign. Never 完了.
    AwaitingApproval,
    /// 対象外: not eligible, or chosen not to.
    NotCovered,
}

/// Why a drive did not reach the method asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "detail")]
pub enum FailureReason {
    /// The drive is not there any more.
    Vanished,
    /// The drive that answers is not the one that was confirmed; nothing was written to it.
    IdentityChanged,
    /// The kernel refused exclusive access.
    NotExclusive(String),
    /// The drive rejected the command; the detail is its status.
    CommandRejected(String),
    /// The command was not answered in its time, or its answer was lost.
    Indeterminate(String),
    /// The drive reports that its own erase failed; the detail is its status.
    DriveFailed(String),
    /// No progress for longer than the drive's own estimate allows. It may still be working: it must keep its power.
    Stalled(String),
    /// An ATA password was set for the erase, and the drive is still locked by it. The intent holds the password.
    LeftLocked(String),
    /// A hidden area could not be opened to the host, so not everything could be erased or read back.
    AreaHidden(String),
    /// Another namespace of the same NVMe drive was not erased, so the medium as a whole was not.
    OtherNamespace,
    /// Some blocks could not be written, read, or read back differently.
    BlocksNotErased,
    /// The drive reported success and the canaries, or the data from before, are still there.
    MediumUnchanged,
    /// What was read back is neither the stream nor a constant.
    ReadBackDiffers,
    /// Reading or writing failed altogether; the detail is the system's error.
    Io(String),
    /// The intent could not be made durable, so nothing was started.
    IntentNotSaved,
    /// Class (1): everything was proven, no witness has confirmed it yet.
    AwaitingWitness,
    /// The operator stopped it.
    Stopped,
    /// A fault of this program; the detail names it.
    Internal(String),
}

/// Why a drive is 対象外.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotCovered {
    /// Not eligible; the inventory entry says why.
    Ineligible,
    /// The operator left it out.
    ByChoice,
    /// It was not there when the plan was made, or had gone by then: nobody chose anything for it.
    NotInPlan,
}

/// What a drive's `result` entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriveResult {
    /// How it ended.
    pub outcome: Outcome,
    /// The method asked of it; `None` for 対象外.
    pub asked: Option<Method>,
    /// The method achieved and proven; `None` where nothing was.
    pub achieved: Option<Method>,
    /// Why it is not 完了.
    pub failure: Option<FailureReason>,
    /// Why it is 対象外.
    pub not_covered: Option<NotCovered>,
    /// How it is known.
    pub evidence: Evidence,
}

/// Whether someone else than the operator has confirmed that the method named was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witnessed {
    /// A witness who is not the operator has.
    Yes,
    /// Nobody has.
    No,
}

impl DriveResult {
    /// A drive that was not touched because no method is allowed for it here.
    #[must_use]
    pub fn awaiting_destruction() -> Self {
        Self::untouched(Outcome::AwaitingDestruction, Some(Method::Destruct), None)
    }

    /// A drive that was not touched because it is not part of this.
    #[must_use]
    pub fn not_covered(why: NotCovered) -> Self {
        Self::untouched(Outcome::NotCovered, None, Some(why))
    }

    /// What a person did to a medium, by their word alone: there is no evidence of it here.
    #[must_use]
    pub fn by_hand(handling: Handling, kind: MediumKind) -> Self {
        match handling.reach(kind) {
            Some(method) => {
                Self { achieved: Some(method), ..Self::untouched(Outcome::Done, Some(method), None) }
            }
            None => Self::awaiting_destruction(),
        }
    }

    /// Under an exception (例外措置, 7.4) a method lesser than the class asks is never 完了, however well it is proven: it
    /// waits for the office's countersignature.
    #[must_use]
    pub fn under_exception(mut self) -> Self {
        if self.outcome == Outcome::Done {
            self.outcome = Outcome::AwaitingApproval;
        }
        self
    }

    fn untouched(outcome: Outcome, asked: Option<Method>, not_covered: Option<NotCovered>) -> Self {
        Self { outcome, asked, achieved: None, failure: None, not_covered, evidence: Evidence::default() }
    }

    /// Class (1) is never 完了 without a witness, nor does a medium leave the building after a 引渡前の消去 that nobody
    /// saw (図表43), nor is an exception approved: a proven result waits for one. After [`Self::under_exception`].
    #[must_use]
    pub fn under_class(mut self, class: InformationClass, witnessed: Witnessed) -> Self {
        let proven = match self.outcome {
            Outcome::Done => true,
            Outcome::AwaitingDestruction | Outcome::AwaitingApproval => {
                self.achieved.is_some() && self.failure.is_none()
            }
            Outcome::Incomplete | Outcome::Failed | Outcome::NotCovered => false,
        };
        if class.needs_witness() && witnessed == Witnessed::No && proven {
            if self.outcome == Outcome::Done {
                self.outcome = Outcome::Incomplete;
            }
            self.failure = Some(FailureReason::AwaitingWitness);
        }
        self
    }

    /// What a witness's confirmation makes of this result.
    #[must_use]
    pub fn after_witness(mut self) -> Self {
        if self.failure == Some(FailureReason::AwaitingWitness) {
            self.failure = None;
            if self.outcome == Outcome::Incomplete {
                self.outcome = Outcome::Done;
            }
        }
        self
    }

    /// What may happen to the medium now. `None` for 対象外, and for what was destroyed: there is nothing to say about it.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match (self.outcome, self.achieved) {
            (Outcome::Done, Some(Method::Destruct)) | (Outcome::NotCovered, _) => None,
            (Outcome::Done, _) => Some(Verdict::MayBeReused),
            (Outcome::AwaitingDestruction, Some(Method::Clear | Method::Purge)) if self.failure.is_none() => {
                Some(Verdict::MayGoToContractor)
            }
            (Outcome::AwaitingDestruction | Outcome::AwaitingApproval, _)
            | (Outcome::Incomplete | Outcome::Failed, _) => Some(Verdict::MustNotLeave),
        }
    }
}

/// What people do with the medium afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 再利用・返却できます
    MayBeReused,
    /// 破壊業者へ引き渡せます
    MayGoToContractor,
    /// 庁舎から持ち出せません（庁舎内で破壊）
    MustNotLeave,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done() -> DriveResult {
        DriveResult {
            outcome: Outcome::Done,
            asked: Some(Method::Purge),
            achieved: Some(Method::Purge),
            ..DriveResult::awaiting_destruction()
        }
    }

    #[test]
    fn class_one_is_not_done_without_a_witness() {
        let waiting = done().under_class(InformationClass::One, Witnessed::No);
        assert_eq!(waiting.outcome, Outcome::Incomplete);
        assert_eq!(waiting.verdict(), Some(Verdict::MustNotLeave));
        assert_eq!(waiting.after_witness(), done());
        assert_eq!(done().under_class(InformationClass::One, Witnessed::Yes), done());
        assert_eq!(done().under_class(InformationClass::Two, Witnessed::No), done());
    }

    #[test]
    fn class_one_does_not_leave_for_the_contractor_before_somebody_saw_the_clear() {
        let cleared = DriveResult { achieved: Some(Method::Clear), ..DriveResult::awaiting_destruction() };
        let waiting = cleared.clone().under_class(InformationClass::One, Witnessed::No);
        assert_eq!(waiting.verdict(), Some(Verdict::MustNotLeave));
        assert_eq!(waiting.after_witness(), cleared);
        assert_eq!(cleared.clone().under_class(InformationClass::Two, Witnessed::No), cleared);
        let untouched = DriveResult::awaiting_destruction();
        assert_eq!(untouched.clone().under_class(InformationClass::One, Witnessed::No), untouched);
    }

    #[test]
    fn a_lesser_method_waits_for_approval_and_for_a_witness_where_the_class_asks_one() {
        let cleared = DriveResult { asked: Some(Method::Clear), achieved: Some(Method::Clear), ..done() };
        let waiting = cleared.under_exception();
        assert_eq!(waiting.outcome, Outcome::AwaitingApproval);
        assert_eq!(waiting.verdict(), Some(Verdict::MustNotLeave));
        let unseen = waiting.clone().under_class(InformationClass::One, Witnessed::No);
        assert_eq!(unseen.failure, Some(FailureReason::AwaitingWitness));
        assert_eq!(unseen.verdict(), Some(Verdict::MustNotLeave));
        assert_eq!(unseen.after_witness(), waiting, "a witness approves nothing");
        assert_eq!(waiting.clone().under_class(InformationClass::Two, Witnessed::No), waiting);
        let failed = DriveResult { outcome: Outcome::Failed, ..done() };
        assert_eq!(failed.clone().under_exception(), failed);
    }

    #[test]
    fn what_was_done_by_hand_needs_a_witness_in_class_one_and_counts_where_it_reaches() {
        let destroyed = DriveResult::by_hand(Handling::Destroyed, MediumKind::Optical);
        assert_eq!((destroyed.outcome, destroyed.achieved), (Outcome::Done, Some(Method::Destruct)));
        assert_eq!(destroyed.verdict(), None, "there is nothing left of it");
        let unseen = destroyed.clone().under_class(InformationClass::One, Witnessed::No);
        assert_eq!((unseen.outcome, unseen.verdict()), (Outcome::Incomplete, Some(Verdict::MustNotLeave)));
        assert_eq!(unseen.after_witness(), destroyed);
        let degaussed = DriveResult::by_hand(Handling::Degaussed, MediumKind::Hdd);
        assert_eq!((degaussed.outcome, degaussed.achieved), (Outcome::Done, Some(Method::Purge)));
        for kept in [
            DriveResult::by_hand(Handling::Degaussed, MediumKind::Ssd),
            DriveResult::by_hand(Handling::SetAside, MediumKind::Hdd),
        ] {
            assert_eq!(kept.outcome, Outcome::AwaitingDestruction);
            assert_eq!(kept.verdict(), Some(Verdict::MustNotLeave));
        }
    }

    #[test]
    fn a_witness_does_not_mend_a_failure() {
        let failed = DriveResult {
            outcome: Outcome::Incomplete,
            failure: Some(FailureReason::BlocksNotErased),
            ..done()
        };
        assert_eq!(failed.clone().after_witness(), failed);
    }

    #[test]
    fn a_medium_for_destruction_leaves_the_building_only_after_a_clear() {
        let untouched = DriveResult::awaiting_destruction();
        assert_eq!(untouched.verdict(), Some(Verdict::MustNotLeave));
        let cleared = DriveResult { achieved: Some(Method::Clear), ..untouched };
        assert_eq!(cleared.verdict(), Some(Verdict::MayGoToContractor));
        assert_eq!(DriveResult::not_covered(NotCovered::ByChoice).verdict(), None);
    }
}
