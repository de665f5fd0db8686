//! What the entries say of one drive, and whether they fit together.

use super::fault::Contradiction::{self, *};
use super::proof::Claim;
use super::{DriveReport, HandReport};
use crate::{Exception, Finding, Intent, PlannedAction, PlannedDrive};
use model::{
    ByHandNo, Drive, DriveNo, DriveResult, FailureReason, InformationClass, Method, Outcome, StepKind,
    Technique, Verdict, Witnessed,
};

#[derive(Debug)]
pub(super) struct DriveStory {
    pub(super) drive: Drive,
    pub(super) planned: Option<PlannedDrive>,
    /// The exception that the plan rests on.
    pub(super) exception: Option<Exception>,
    pub(super) work: Work,
    pub(super) ended: Option<Ended>,
    /// What was done to it by hand afterwards; the last of it counts.
    pub(super) by_hand: Option<ByHandNo>,
    /// Who has confirmed the result.
    pub(super) witnesses: Vec<String>,
    /// The last intent, with the password of that or an earlier one: what was begun, and how to get at the drive.
    pub(super) intent: Option<Intent>,
    /// What was seen since the last result.
    pub(super) steps: Vec<StepKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    NotBegun,
    Begun,
}

#[derive(Debug)]
pub(super) struct Ended {
    pub(super) finding: Finding,
    pub(super) class: Option<InformationClass>,
}

impl DriveStory {
    pub(super) fn new(drive: Drive) -> Self {
        Self {
            drive,
            planned: None,
            exception: None,
            by_hand: None,
            work: Work::NotBegun,
            ended: None,
            witnesses: Vec::new(),
            intent: None,
            steps: Vec::new(),
        }
    }

    pub(super) fn check(&self, finding: &Finding) -> Result<(), Contradiction> {
        let (no, result) = (finding.drive, &finding.result);
        if !is_consistent(result) {
            return Err(ResultInconsistent(no));
        }
        self.check_exception(no, result)?;
        let Some(achieved) = result.achieved else { return Ok(()) };
        let asked = self.planned.as_ref().and_then(|planned| planned.action.asked());
        if asked.is_none() || asked != result.asked {
            return Err(AskedOtherwise(no));
        }
        let planned = self.planned.as_ref().and_then(|planned| planned.action.erase());
        let claim =
            Claim { drive: &self.drive, planned: planned.ok_or(AskedOtherwise(no))?, steps: &self.steps };
        claim.proves(result, achieved).map_err(|flaw| NotProven(no, flaw))
    }

    /// What was planned under an exception is never 完了, and nothing else awaits an approval.
    fn check_exception(&self, no: DriveNo, result: &DriveResult) -> Result<(), Contradiction> {
        let erase = self.planned.as_ref().map(|planned| planned.action);
        let excepted = self.exception.is_some() && matches!(erase, Some(PlannedAction::Erase { .. }));
        let awaiting_witness = result.failure == Some(FailureReason::AwaitingWitness);
        match result.outcome {
            Outcome::Done if excepted => Err(ExceptionCalledDone(no)),
            Outcome::Incomplete if excepted && awaiting_witness => Err(ExceptionCalledDone(no)),
            Outcome::AwaitingApproval if !excepted => Err(NotExcepted(no)),
            _ => Ok(()),
        }
    }

    /// The technique by which the drive reached what was asked of it, if it did.
    pub(super) fn reached(&self) -> Option<Technique> {
        let result = &self.ended.as_ref()?.finding.result;
        let attempt = result.evidence.attempts.last()?;
        (result.achieved.is_some() && result.outcome != Outcome::Failed).then_some(attempt.technique)
    }

    pub(super) fn achieved(&self) -> Option<Method> {
        self.ended.as_ref()?.finding.result.achieved
    }

    /// What the program came to, class and witness considered; what was done by hand is not.
    pub(super) fn result(&self) -> Option<DriveResult> {
        let Ended { finding, class } = self.ended.as_ref()?;
        let result = finding.result.clone();
        let witnessed = if self.witnesses.is_empty() { Witnessed::No } else { Witnessed::Yes };
        Some(match (class, witnessed) {
            (_, Witnessed::Yes) => result.after_witness(),
            (Some(class), Witnessed::No) => result.under_class(*class, Witnessed::No),
            (None, Witnessed::No) => result,
        })
    }

    pub(super) fn report(&self, by_hand: Option<&HandReport>) -> DriveReport {
        let result = self.result();
        let unproven = (self.work == Work::Begun).then_some(Outcome::Incomplete);
        let outcome = result.as_ref().map_or(unproven, |result| Some(result.outcome));
        let at_stake = self.drive.eligibility.is_eligible() || self.work == Work::Begun;
        let unknown = at_stake.then_some(Verdict::MustNotLeave);
        let verdict = result.as_ref().map_or(unknown, DriveResult::verdict);
        DriveReport {
            drive: self.drive.clone(),
            unfinished: self.intent.clone(),
            planned: self.planned.as_ref().map(|planned| planned.action),
            period: self.ended.as_ref().and_then(|ended| ended.finding.period.clone()),
            exception: self.exception.clone(),
            outcome: by_hand.map_or(outcome, |hand| Some(hand.result.outcome)),
            verdict: by_hand.map_or(verdict, |hand| hand.result.verdict()),
            by_hand: by_hand.map(|hand| hand.entry.no),
            witnesses: self.witnesses.clone(),
            result,
        }
    }
}

/// Whether the parts of a result fit its outcome.
fn is_consistent(result: &DriveResult) -> bool {
    let reached = result.achieved.is_some() && result.achieved >= result.asked && result.asked.is_some();
    let awaiting = result.failure == Some(FailureReason::AwaitingWitness);
    match result.outcome {
        Outcome::Done => reached && result.failure.is_none() && result.not_covered.is_none(),
        Outcome::Incomplete if awaiting => reached && result.not_covered.is_none(),
        Outcome::Incomplete | Outcome::Failed => {
            result.failure.is_some() && !awaiting && result.not_covered.is_none()
        }
        Outcome::AwaitingDestruction => result.not_covered.is_none(),
        Outcome::AwaitingApproval => {
            reached && (result.failure.is_none() || awaiting) && result.not_covered.is_none()
        }
        Outcome::NotCovered => {
            result.not_covered.is_some() && result.achieved.is_none() && result.evidence.attempts.is_empty()
        }
    }
}
