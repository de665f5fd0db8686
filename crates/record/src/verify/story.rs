//! What the entries of a log come to, and whether they fit together.

use super::DriveReport;
use super::fault::Contradiction::{self, *};
use super::proof::Claim;
use crate::{
    Choices, Close, Confirm, Entry, Finding, Intent, Inventory, KeyOrigin, Notice, Open, Plan, PlannedDrive,
    Step, Witness,
};
use model::{
    Drive, DriveNo, DriveResult, FailureReason, InformationClass, Method, Outcome, StepKind, Support,
    Technique, Verdict, Witnessed,
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the entries read so far say.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) open: Option<Open>,
    pub(super) choices: Option<Choices>,
    plan: Option<Planned>,
    drives: BTreeMap<DriveNo, DriveStory>,
    pub(super) witnesses: Vec<Witness>,
    pub(super) notices: Vec<Notice>,
    pub(super) close: Option<Close>,
}

#[derive(Debug)]
struct Planned {
    plan: Plan,
    confirmation: Confirmation,
}

#[derive(Debug, PartialEq, Eq)]
enum Confirmation {
    Given,
    Awaited,
}

#[derive(Debug)]
struct DriveStory {
    drive: Drive,
    planned: Option<PlannedDrive>,
    work: Work,
    ended: Option<Ended>,
    /// Who has confirmed the result.
    witnesses: Vec<String>,
    /// The last intent, with the password of that or an earlier one: what was begun, and how to get at the drive.
    intent: Option<Intent>,
    /// What was seen since the last result.
    steps: Vec<StepKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    NotBegun,
    Begun,
}

#[derive(Debug)]
struct Ended {
    finding: Finding,
    class: Option<InformationClass>,
}

impl Story {
    /// Takes the next entry.
    pub(super) fn take(&mut self, entry: Entry, number: u32) -> Result<(), Contradiction> {
        match entry {
            Entry::Open(_) if self.open.is_some() => Err(OpenedTwice),
            Entry::Open(open) if (open.key_origin == KeyOrigin::Stick) != open.credential.is_some() => {
                Err(KeyOriginDiffers)
            }
            Entry::Open(open) => {
                self.open = Some(open);
                Ok(())
            }
            Entry::Inventory(inventory) => self.inventory(inventory),
            Entry::Choices(choices) => {
                // Another class asks for another plan.
                self.plan = None;
                self.choices = Some(choices);
                Ok(())
            }
            Entry::Plan(plan) => self.planned(plan),
            Entry::Confirm(confirm) => self.confirmed(&confirm),
            Entry::Intent(intent) => self.intent(&intent),
            Entry::Step(step) => self.step(&step),
            Entry::Finding(finding) => self.finding(finding),
            Entry::Witness(witness) => self.witness(witness),
            Entry::Notice(notice) => {
                // A drive that has just appeared is not in any inventory yet.
                self.notices.push(notice);
                Ok(())
            }
            Entry::Close(close) => self.closed(close, number),
        }
    }

    fn drive(&mut self, no: DriveNo) -> Result<&mut DriveStory, Contradiction> {
        self.drives.get_mut(&no).ok_or(UnknownDrive(no))
    }

    fn inventory(&mut self, inventory: Inventory) -> Result<(), Contradiction> {
        for drive in inventory.drives {
            match self.drives.get_mut(&drive.no) {
                Some(known)
                    if known.drive.identity != drive.identity || known.drive.medium != drive.medium =>
                {
                    return Err(DriveChanged(drive.no));
                }
                // Who it is stays; whether it may be offered, and where it sits, can change.
                Some(known) => known.drive = drive,
                None => {
                    self.drives.insert(drive.no, DriveStory::new(drive));
                }
            }
        }
        Ok(())
    }

    fn planned(&mut self, plan: Plan) -> Result<(), Contradiction> {
        let Some(choices) = &self.choices else { return Err(PlanWithoutChoices) };
        let attested: Vec<DriveNo> =
            choices.attestations.iter().map(|attestation| attestation.drive).collect();
        for line in &plan.drives {
            line.check(&self.drive(line.drive)?.drive)?;
            if line.erases_a_key() && !attested.contains(&line.drive) {
                return Err(PlanNotAttested(line.drive));
            }
        }
        for (no, story) in &mut self.drives {
            let mut lines = plan.drives.iter().filter(|line| line.drive == *no);
            let (Some(line), None) = (lines.next(), lines.next()) else { return Err(PlanIncomplete(*no)) };
            story.planned = Some(line.clone());
        }
        self.plan = Some(Planned { plan, confirmation: Confirmation::Awaited });
        Ok(())
    }

    fn confirmed(&mut self, confirm: &Confirm) -> Result<(), Contradiction> {
        let planned = self.plan.as_mut().filter(|planned| planned.plan.digest == confirm.digest);
        planned.ok_or(ConfirmsAnotherPlan)?.confirmation = Confirmation::Given;
        Ok(())
    }

    fn intent(&mut self, intent: &Intent) -> Result<(), Contradiction> {
        let confirmed = self.plan.as_ref().is_some_and(|plan| plan.confirmation == Confirmation::Given);
        let story = self.drive(intent.drive)?;
        let planned = story.planned.as_ref().and_then(|planned| planned.action.erase());
        if !confirmed || planned.is_none_or(|erase| erase.technique != intent.technique) {
            return Err(IntentNotConfirmed(intent.drive));
        }
        if intent.identity_fingerprint != story.drive.identity.fingerprint() {
            return Err(IntentOnAnother(intent.drive));
        }
        let password = intent.password.clone().or(story.intent.take().and_then(|before| before.password));
        story.intent = Some(Intent { password, ..intent.clone() });
        story.work = Work::Begun;
        // What was proven before does not hold for a drive that is being worked on again.
        story.ended = None;
        story.witnesses.clear();
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Contradiction> {
        use model::StepKind::{Accepted, CanariesPlanted, Ended, PassDone};
        let written = matches!(step.what, CanariesPlanted { .. } | Accepted | PassDone { .. } | Ended);
        // What was only read, or failed, needs no intent before it.
        let story = self.drive(step.drive)?;
        if story.work == Work::NotBegun && written {
            Err(NotBegun(step.drive))
        } else {
            story.steps.push(step.what.clone());
            Ok(())
        }
    }

    fn finding(&mut self, finding: Finding) -> Result<(), Contradiction> {
        let class = self.choices.as_ref().map(|choices| choices.class);
        let no = finding.drive;
        let story = self.drive(no)?;
        let worked = finding.result.achieved.is_some() || !finding.result.evidence.attempts.is_empty();
        if worked && story.work == Work::NotBegun {
            return Err(NotBegun(no));
        }
        story.check(&finding)?;
        story.work = Work::NotBegun;
        story.steps.clear();
        story.witnesses.clear();
        if finding.result.achieved.is_some() {
            story.intent = None;
        }
        story.ended = Some(Ended { finding, class });
        Ok(())
    }

    fn witness(&mut self, witness: Witness) -> Result<(), Contradiction> {
        let operator = self.choices.as_ref().map(|choices| comparable(&choices.operator));
        let name = comparable(&witness.name);
        if name.is_empty() || operator.as_ref() == Some(&name) {
            return Err(WitnessIsOperator);
        }
        for no in &witness.drives {
            let story = self.drive(*no)?;
            if story.ended.is_none() {
                return Err(NotBegun(*no));
            }
            if !story.witnesses.contains(&witness.name) {
                story.witnesses.push(witness.name.clone());
            }
        }
        self.witnesses.push(witness);
        Ok(())
    }

    fn closed(&mut self, close: Close, number: u32) -> Result<(), Contradiction> {
        let there = number.saturating_add(1);
        if close.entries != there {
            return Err(CloseCount { said: close.entries, there });
        }
        if let Some(line) = close.drives.iter().find(|line| !self.drives.contains_key(&line.drive)) {
            return Err(UnknownDrive(line.drive));
        }
        for (no, story) in &self.drives {
            let result = story.result().ok_or(ResultMissing(*no))?;
            let mut lines = close.drives.iter().filter(|line| line.drive == *no);
            let agrees = |line: &crate::FinalOutcome| {
                line.outcome == result.outcome && line.verdict == result.verdict()
            };
            if !lines.next().is_some_and(agrees) || lines.next().is_some() {
                return Err(CloseDiffers(*no));
            }
        }
        match self.drives.values().find(|story| !self.is_erased_as_a_whole(story)) {
            Some(story) => Err(OtherNamespace(story.drive.no)),
            None => {
                self.close = Some(close);
                Ok(())
            }
        }
    }

    /// A medium is erased when every namespace on it is; one that was not begun or failed leaves the others unproven.
    fn is_erased_as_a_whole(&self, story: &DriveStory) -> bool {
        let Some(technique) = story.reached() else { return true };
        let Support::EachNamespace { count } = story.drive.capabilities.support(technique) else {
            return true;
        };
        let name =
            |drive: &Drive| (drive.identity.bus, drive.identity.model.clone(), drive.identity.serial.clone());
        // As thoroughly as this one, and each namespace once, whatever its number in the session.
        let of_it = |other: &&DriveStory| {
            name(&other.drive) == name(&story.drive)
                && other.reached().is_some()
                && other.achieved() >= story.achieved()
        };
        let all = self.drives.values().filter(of_it).map(|other| other.drive.identity.namespace);
        all.collect::<BTreeSet<_>>().len() >= usize::from(count)
    }

    /// What is known of every drive.
    pub(super) fn drives(&self) -> Vec<DriveReport> {
        self.drives.values().map(DriveStory::report).collect()
    }
}

/// Names are compared without blanks, so that 山田 太郎 does not witness 山田太郎.
fn comparable(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl PlannedDrive {
    fn erases_a_key(&self) -> bool {
        self.action.erase().is_some_and(|erase| erase.technique.is_crypto_erase())
    }

    fn check(&self, drive: &Drive) -> Result<(), Contradiction> {
        if self.identity_fingerprint != drive.identity.fingerprint() {
            return Err(PlanForAnother(self.drive));
        }
        let Some(erase) = self.action.erase() else { return Ok(()) };
        if !drive.eligibility.is_eligible() {
            return Err(PlanErasesIneligible(self.drive));
        }
        let reach = model::reach(erase.technique, drive.medium, drive.identity.bus);
        if reach < Some(erase.method) { Err(PlanOutOfReach(self.drive)) } else { Ok(()) }
    }
}

impl DriveStory {
    fn new(drive: Drive) -> Self {
        Self {
            drive,
            planned: None,
            work: Work::NotBegun,
            ended: None,
            witnesses: Vec::new(),
            intent: None,
            steps: Vec::new(),
        }
    }

    fn check(&self, finding: &Finding) -> Result<(), Contradiction> {
        let (no, result) = (finding.drive, &finding.result);
        if !is_consistent(result) {
            return Err(ResultInconsistent(no));
        }
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

    /// The technique by which the drive reached what was asked of it, if it did.
    fn reached(&self) -> Option<Technique> {
        let result = &self.ended.as_ref()?.finding.result;
        let attempt = result.evidence.attempts.last()?;
        (result.achieved.is_some() && result.outcome != Outcome::Failed).then_some(attempt.technique)
    }

    fn achieved(&self) -> Option<Method> {
        self.ended.as_ref()?.finding.result.achieved
    }

    /// The result, class and witness considered.
    fn result(&self) -> Option<DriveResult> {
        let Ended { finding, class } = self.ended.as_ref()?;
        let result = finding.result.clone();
        let witnessed = if self.witnesses.is_empty() { Witnessed::No } else { Witnessed::Yes };
        Some(match (class, witnessed) {
            (_, Witnessed::Yes) => result.after_witness(),
            (Some(class), Witnessed::No) => result.under_class(*class, Witnessed::No),
            (None, Witnessed::No) => result,
        })
    }

    fn report(&self) -> DriveReport {
        let result = self.result();
        let unproven = (self.work == Work::Begun).then_some(Outcome::Incomplete);
        let outcome = result.as_ref().map_or(unproven, |result| Some(result.outcome));
        let at_stake = self.drive.eligibility.is_eligible() || self.work == Work::Begun;
        let unknown = at_stake.then_some(Verdict::MustNotLeave);
        DriveReport {
            drive: self.drive.clone(),
            unfinished: self.intent.clone(),
            planned: self.planned.as_ref().map(|planned| planned.action),
            period: self.ended.as_ref().and_then(|ended| ended.finding.period.clone()),
            outcome,
            verdict: result.as_ref().map_or(unknown, DriveResult::verdict),
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
        Outcome::NotCovered => {
            result.not_covered.is_some() && result.achieved.is_none() && result.evidence.attempts.is_empty()
        }
    }
}
