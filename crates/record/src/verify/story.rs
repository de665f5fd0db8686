//! What the entries of a log come to, and whether they fit together.

use super::drive::{DriveStory, Ended, Work};
use super::fault::Contradiction::{self, *};
use super::hand::{self, Hands};
use super::{DriveReport, HandReport};
use crate::{
    ByHand, Choices, Close, Confirm, Entry, Finding, Intent, Inventory, KeyOrigin, Notice, Open, Plan,
    PlannedDrive, Step, Witness,
};
use model::{DeviceText, Drive, DriveNo, Support};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the entries read so far say.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) open: Option<Open>,
    pub(super) choices: Option<Choices>,
    plan: Option<Planned>,
    drives: BTreeMap<DriveNo, DriveStory>,
    hands: Hands,
    pub(super) unreachable: BTreeSet<DeviceText>,
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
            Entry::Choices(choices) => self.chosen(choices),
            Entry::Plan(plan) => self.planned(plan),
            Entry::Confirm(confirm) => self.confirmed(&confirm),
            Entry::Intent(intent) => self.intent(&intent),
            Entry::Step(step) => self.step(&step),
            Entry::Finding(finding) => self.finding(finding),
            Entry::ByHand(by_hand) => self.done_by_hand(by_hand),
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

    fn known(&self, no: DriveNo) -> Result<&DriveStory, Contradiction> {
        self.drives.get(&no).ok_or(UnknownDrive(no))
    }

    fn inventory(&mut self, inventory: Inventory) -> Result<(), Contradiction> {
        self.unreachable.extend(inventory.unreachable);
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

    fn chosen(&mut self, choices: Choices) -> Result<(), Contradiction> {
        let (labels, exceptions) = (choices.labels.iter(), choices.exceptions.iter());
        let lists: [Vec<DriveNo>; 2] =
            [labels.map(|label| label.drive).collect(), exceptions.map(|it| it.drive).collect()];
        for list in lists {
            let mut seen = BTreeSet::new();
            for no in list {
                self.known(no)?;
                if !seen.insert(no) {
                    return Err(DeclaredTwice(no));
                }
            }
        }
        // Another class asks for another plan.
        self.plan = None;
        self.choices = Some(choices);
        Ok(())
    }

    fn planned(&mut self, plan: Plan) -> Result<(), Contradiction> {
        let Some(choices) = &self.choices else { return Err(PlanWithoutChoices) };
        let attested: Vec<DriveNo> =
            choices.attestations.iter().map(|attestation| attestation.drive).collect();
        for line in &plan.drives {
            line.check(&self.known(line.drive)?.drive)?;
            if line.erases_a_key() && !attested.contains(&line.drive) {
                return Err(PlanNotAttested(line.drive));
            }
        }
        for (no, story) in &mut self.drives {
            let mut lines = plan.drives.iter().filter(|line| line.drive == *no);
            let (Some(line), None) = (lines.next(), lines.next()) else { return Err(PlanIncomplete(*no)) };
            story.planned = Some(line.clone());
            story.exception = choices.exception(*no).cloned();
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
        let story = self.drives.get_mut(&intent.drive).ok_or(UnknownDrive(intent.drive))?;
        let planned = story.planned.as_ref().and_then(|planned| planned.action.erase());
        if !confirmed || planned.is_none_or(|erase| erase.technique != intent.technique) {
            return Err(IntentNotConfirmed(intent.drive));
        }
        if intent.identity_fingerprint != story.drive.identity.fingerprint() {
            return Err(IntentOnAnother(intent.drive));
        }
        if story.by_hand.is_some_and(|no| self.hands.is_final(no)) {
            return Err(WorkAfterByHand(intent.drive));
        }
        story.by_hand = None;
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

    fn done_by_hand(&mut self, by_hand: ByHand) -> Result<(), Contradiction> {
        let class = self.choices.as_ref().ok_or(ByHandWithoutChoices)?.class;
        let story = match by_hand.drive {
            Some(no) => Some(self.drives.get_mut(&no).ok_or(UnknownDrive(no))?),
            None => None,
        };
        if let Some(begun) = story.as_ref().filter(|story| story.work == Work::Begun) {
            return Err(ByHandWhileBegun(begun.drive.no));
        }
        let medium = story.as_ref().map(|story| story.drive.medium);
        let no = by_hand.no;
        self.hands.take(by_hand, medium, class)?;
        if let Some(story) = story {
            story.by_hand = Some(no);
        }
        Ok(())
    }

    fn witness(&mut self, witness: Witness) -> Result<(), Contradiction> {
        let operator = self.choices.as_ref().map(|choices| hand::comparable(&choices.operator));
        let name = hand::comparable(&witness.name);
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
        self.hands.witnessed(&witness)?;
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
            let own = story.result().ok_or(ResultMissing(*no))?;
            let result = self.hands.of(story).map_or(own, |hand| hand.result);
            let mut lines = close.drives.iter().filter(|line| line.drive == *no);
            let agrees = |line: &crate::FinalOutcome| {
                line.outcome == result.outcome && line.verdict == result.verdict()
            };
            if !lines.next().is_some_and(agrees) || lines.next().is_some() {
                return Err(CloseDiffers(*no));
            }
        }
        self.hands_agree(&close)?;
        match self.drives.values().find(|story| !self.is_erased_as_a_whole(story)) {
            Some(story) => Err(OtherNamespace(story.drive.no)),
            None => {
                self.close = Some(close);
                Ok(())
            }
        }
    }

    fn hands_agree(&self, close: &Close) -> Result<(), Contradiction> {
        let told = self.by_hand();
        let mut said = close.by_hand.iter();
        for hand in &told {
            let (no, result) = (hand.entry.no, &hand.result);
            let agrees = |line: &&crate::HandOutcome| {
                line.no == no && line.outcome == result.outcome && line.verdict == result.verdict()
            };
            said.next().filter(agrees).ok_or(CloseDiffersByHand(no))?;
        }
        said.next().map_or(Ok(()), |more| Err(UnknownByHand(more.no)))
    }

    /// A medium is erased when every namespace on it is; one that was not begun or failed leaves the others unproven.
    fn is_erased_as_a_whole(&self, story: &DriveStory) -> bool {
        // What was done by hand says it of the whole medium.
        let reached = story.reached().filter(|_| story.by_hand.is_none());
        let Some(technique) = reached else { return true };
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
        self.drives.values().map(|story| story.report(self.hands.of(story).as_ref())).collect()
    }

    /// What is known of everything done by hand. Of a drive of the inventory it comes to what the drive comes to.
    pub(super) fn by_hand(&self) -> Vec<HandReport> {
        let of_drive = |hand: &HandReport| {
            let story = self.drives.get(&hand.entry.drive?)?;
            self.hands.of(story).map(|last| last.result).or_else(|| story.result())
        };
        let reports = self.hands.reports();
        reports
            .map(|hand| HandReport { result: of_drive(&hand).unwrap_or_else(|| hand.result.clone()), ..hand })
            .collect()
    }
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
