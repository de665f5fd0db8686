//! The one sign for the whole PC.

use crate::parts::Closing;
use crate::{Journal, Model};
use model::{Drive, DriveResult, Eligibility, Ineligible, NotCovered, Outcome, Verdict};
use policy::DrivePlan;

/// How the whole PC ended, for whoever is too far away to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// 完了
    Done,
    /// 要対応
    Attention,
    /// 失敗
    Failed,
}

impl Model {
    /// How the PC stands now that its drives' jobs have ended; `None` while one goes on, and where there were none:
    /// then somebody stands before the screen.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        let ended = !self.erased().is_empty() && self.running().is_empty();
        ended.then(|| match sign(self) {
            Sign::Done => End::Done,
            Sign::Attention(_) => End::Attention,
            Sign::Failed => End::Failed,
        })
    }
}

/// The one sign for the whole PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// 完了
    Done,
    /// 要対応
    Attention(Attention),
    /// 失敗
    Failed,
}

/// What there is left to do, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attention {
    Unsaved,
    Garbled,
    Witness,
    NothingErased,
    Other,
    /// All that was seen is seen to, and there may be a drive that was not.
    Unseen,
    /// 引渡前の消去 is done, and nothing else is open.
    Handover,
}

/// What all results come to. Anything that does not prove itself is not 完了.
pub(crate) fn sign(model: &Model) -> Sign {
    if model.plan().is_none() && !model.has_hand() {
        return Sign::Attention(Attention::NothingErased);
    }
    let lines = model.result_lines();
    let results: Vec<(&DrivePlan, Option<DriveResult>)> =
        lines.iter().map(|line| (line, model.result(line))).collect();
    let others = model.hand.done.iter().filter(|said| said.drive.is_none());
    let others: Vec<DriveResult> = others.map(|said| model.hand_result(said)).collect();
    let any = |test: fn(&DriveResult) -> bool| {
        others.iter().any(test) || results.iter().any(|(_, r)| r.as_ref().is_some_and(test))
    };
    if results.iter().any(|(_, result)| result.is_none()) || any(is_failure) {
        return Sign::Failed;
    }
    let closing = matches!(model.closing, Closing::Asked | Closing::Failed(_));
    if model.is_garbled() && !model.needs_rescue() {
        return Sign::Attention(Attention::Garbled);
    }
    if model.journal != Journal::Saved || closing {
        return Sign::Attention(Attention::Unsaved);
    }
    if model.lacks_witness() {
        return Sign::Attention(Attention::Witness);
    }
    if !any(|result| result.outcome == Outcome::Done) && !any(|result| result.achieved.is_some()) {
        return Sign::Attention(Attention::NothingErased);
    }
    let goes_out = |result: &DriveResult| result.verdict() == Some(Verdict::MayGoToContractor);
    let open = others.iter().any(|result| result.outcome != Outcome::Done)
        || results.iter().any(|(line, result)| {
            result.as_ref().is_some_and(|result| match result.outcome {
                Outcome::Done => false,
                Outcome::NotCovered => data_stays(model, line, result.not_covered),
                Outcome::AwaitingDestruction => !goes_out(result),
                Outcome::Incomplete | Outcome::Failed | Outcome::AwaitingApproval => true,
            })
        });
    match open {
        true => Sign::Attention(Attention::Other),
        false if !model.unseen().is_empty() => Sign::Attention(Attention::Unseen),
        false if any(goes_out) => Sign::Attention(Attention::Handover),
        false => Sign::Done,
    }
}

fn is_failure(result: &DriveResult) -> bool {
    match result.outcome {
        Outcome::Failed => true,
        Outcome::Incomplete | Outcome::AwaitingDestruction | Outcome::AwaitingApproval => {
            !matches!(result.failure, None | Some(model::FailureReason::AwaitingWitness))
        }
        Outcome::Done | Outcome::NotCovered => false,
    }
}

/// Only what is in use is plainly the workbench's own: a drive that was taken out hangs on the same ports as its disk.
fn is_the_workbenchs(drive: &Drive) -> bool {
    let in_use =
        matches!(&drive.eligibility, Eligibility::Ineligible(why) if why.contains(&Ineligible::InUse));
    drive.is_internal() && in_use
}

/// Whether a drive that was left alone belongs to the PC and keeps its data. A USB stick that was left out by
/// choice, our own sticks, and empty or optical drives do not.
fn data_stays(model: &Model, line: &DrivePlan, why: Option<NotCovered>) -> bool {
    let row = model.drives.rows.iter().find(|row| row.drive.no == line.drive);
    row.is_none_or(|row| match why {
        // The workbench's own are nobody's business, nor is what was plugged in and not chosen.
        Some(NotCovered::ByChoice) if model.is_bench() => false,
        Some(NotCovered::Ineligible) | None if model.is_bench() => {
            row.drive.keeps_data() && !is_the_workbenchs(&row.drive)
        }
        Some(NotCovered::ByChoice | NotCovered::NotInPlan) => row.drive.is_internal(),
        Some(NotCovered::Ineligible) | None => row.drive.keeps_data(),
    })
}
