//! One session: one PC, one log, the jobs of its drives.

mod jobs;
mod keeping;
mod namespaces;
mod noting;

use jobs::{Arming, Job, Waiting};
use keeping::Attempt;
pub(crate) use keeping::{Retry, Whereabouts};

use crate::clock;
use crate::convert;
use crate::event::Event;
use crate::journal::Log;
use crate::opening::OpenedStick;
use crate::pc;
use crossbeam_channel::Sender;
use model::{
    ByHandNo, Drive, DriveNo, DriveResult, Eligibility, Identity, Ineligible, InformationClass, NotCovered,
    Outcome, Witnessed,
};
use record::{
    Choices, Close, FinalOutcome, Finding, HandOutcome, Inventory, LogWriter, NoticeCode, Open, Period,
    Witness,
};
use std::collections::{BTreeMap, BTreeSet};
use wizard::{ClassAnswer, ClockAnswer, CloseReason, DrivesFrom, SessionAnswers};

/// A session from its opening entry on.
pub(crate) struct Session {
    pub(crate) log: Log,
    pub(crate) stick: Identity,
    class: InformationClass,
    clock: ClockAnswer,
    /// The volume on it, by the filesystem's own name.
    pub(crate) volume_id: model::DeviceText,
    /// The kernel's number of the disk that is mounted.
    pub(crate) sequence: model::DeviceText,
    drives_from: DrivesFrom,
    /// What was read off the drives' labels.
    labels: Vec<wizard::Label>,
    /// The exceptions that the log has.
    exceptions: Vec<record::Exception>,
    /// What the log says already of the office's asset list.
    noted: BTreeSet<String>,
    /// What people did by hand, and what a witness has confirmed of it.
    hand: Vec<record::ByHand>,
    hand_witnessed: BTreeSet<ByHandNo>,
    /// Whether a plan has been recorded: a drive without a line in it was not there.
    planned: bool,
    recorded: BTreeMap<DriveNo, Drive>,
    results: BTreeMap<DriveNo, DriveResult>,
    periods: BTreeMap<DriveNo, Period>,
    /// Drives whose job opens a hidden area, or tries to: their capacity may be another one since.
    lifted: BTreeSet<DriveNo>,
    jobs: BTreeMap<DriveNo, Job>,
    /// Drives that are to be armed, or are being armed.
    arming: BTreeMap<DriveNo, Arming>,
    /// Those of them that are to stop before their first step.
    stops: BTreeSet<DriveNo>,
    waiting: Vec<Waiting>,
    /// The stick that the session is about to go on on.
    attempt: Option<Attempt>,
    pub(crate) retry: Retry,
    pub(crate) witness: WitnessEntry,
    pub(crate) closing: Closing,
}

/// Whether a witness's confirmation still has to be told to the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WitnessEntry {
    None,
    Waiting,
    Told,
}

/// How far the end of the session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    NotAsked,
    Asked,
    Done,
}

/// Why no session was begun.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BeginError {
    /// The system has no random numbers for its name.
    #[error(transparent)]
    Name(#[from] record::KeyError),
    /// The opening entry could not be made.
    #[error(transparent)]
    Entry(#[from] record::AppendError),
}

impl Session {
    /// Opens the log on the stick: opening, inventory, choices.
    pub(crate) fn begin(
        stick: OpenedStick,
        drives: &[Drive],
        unreachable: &[String],
        answers: &SessionAnswers,
        table: record::PolicyTable,
        events: Sender<Event>,
    ) -> Result<Self, BeginError> {
        let state = stick.state();
        let name = record::new_session_id()?;
        let wall = clock::wall();
        let mut open = Open {
            format: record::Format::V3,
            session: name,
            public_key: stick.key.public(),
            key_origin: record::KeyOrigin::Unregistered,
            tool: pc::tool(),
            clock: record::Clock {
                wall: wall.clone(),
                rtc_plausible: clock::is_plausible(),
                confirmed_by_person: confirmation(answers.clock),
            },
            pc: pc::identity(),
            stick: state,
            credential: None,
            organisation_key: None,
        };
        let OpenedStick { key, folder, identity, volume_id, sequence, office, .. } = stick;
        office.certify(&mut open);
        let mut session = Self {
            log: Log::new(LogWriter::new(key), (name, wall), events),
            stick: identity,
            class: answers.class,
            clock: answers.clock,
            volume_id,
            sequence,
            drives_from: answers.drives_from,
            labels: Vec::new(),
            exceptions: Vec::new(),
            noted: BTreeSet::new(),
            hand: Vec::new(),
            hand_witnessed: BTreeSet::new(),
            planned: false,
            recorded: BTreeMap::new(),
            results: BTreeMap::new(),
            periods: BTreeMap::new(),
            lifted: BTreeSet::new(),
            jobs: BTreeMap::new(),
            arming: BTreeMap::new(),
            stops: BTreeSet::new(),
            waiting: Vec::new(),
            attempt: None,
            retry: Retry::NotAsked,
            witness: WitnessEntry::None,
            closing: Closing::NotAsked,
        };
        session.log.resume_on(Box::new(move || Ok(folder)));
        session.log.hand_over();
        session.log.append(open)?;
        for said in office.notices() {
            session.log.notice(NoticeCode::Other, None, &said);
        }
        session.add_drives(drives, unreachable);
        session.choose(answers, table)?;
        Ok(session)
    }

    /// Records what the operator entered; the last time counts.
    pub(crate) fn choose(
        &mut self,
        answers: &SessionAnswers,
        policy: record::PolicyTable,
    ) -> Result<(), record::AppendError> {
        self.class = answers.class;
        self.drives_from = answers.drives_from;
        // Of a drive that the log does not know nothing can be said.
        let known = |no: &DriveNo| self.recorded.contains_key(no);
        let labels = answers.labels.iter().filter(|label| known(&label.drive)).cloned().collect();
        let exceptions = answers.exceptions.iter().filter(|said| known(&said.drive));
        let exceptions = exceptions.filter_map(convert::exception).collect();
        (self.labels, self.exceptions) = (labels, exceptions);
        if self.clock != answers.clock {
            self.clock = answers.clock;
            let said = match answers.clock {
                ClockAnswer::Right => "the operator now says that the date and time shown are right",
                ClockAnswer::Wrong => "the operator now says that the date and time shown are wrong",
            };
            self.log.notice(NoticeCode::ClockConfirmed, None, said);
        }
        self.log.append(Choices {
            operator: answers.operator.clone(),
            drives_from: match answers.drives_from {
                DrivesFrom::ThisPc => record::DrivesFrom::ThisPc,
                DrivesFrom::Bench => record::DrivesFrom::Bench,
            },
            asset_number: answers.asset_number.clone(),
            witness: answers.witness.clone(),
            class: answers.class,
            policy,
            language: match answers.language {
                wizard::Language::Ja => record::Language::Ja,
                wizard::Language::En => record::Language::En,
            },
            attestations: answers.attestations.iter().map(convert::attestation).collect(),
            labels: self.labels.iter().map(convert::label).collect(),
            exceptions: self.exceptions.clone(),
            declared: convert::declared(answers),
        })?;
        self.note_assets(answers);
        if answers.class_answer == ClassAnswer::Unknown {
            self.log.notice(NoticeCode::Other, None, "the class was not known: the strictest was taken");
        }
        Ok(())
    }

    /// Records drives that are not yet in the log, or of which it says something else than now. Every one of them will
    /// have a result.
    pub(crate) fn add_drives(&mut self, drives: &[Drive], unreachable: &[String]) {
        if self.log.is_closed() {
            return;
        }
        let is_known = |drive: &&Drive| {
            let recorded = self.recorded.get(&drive.no);
            recorded == Some(*drive) || recorded.is_some_and(|recorded| self.has_grown(recorded, drive))
        };
        let new: Vec<Drive> = drives.iter().filter(|drive| !is_known(drive)).cloned().collect();
        if new.is_empty() && !self.recorded.is_empty() {
            return;
        }
        let unreachable = unreachable.iter().map(|text| text.as_str().into()).collect();
        if self.log.append(Inventory { drives: new.clone(), unreachable }).is_ok() {
            self.recorded.extend(new.into_iter().map(|drive| (drive.no, drive)));
        }
    }

    /// Whether that is the same drive after its job has opened a hidden area. In the log it stays who it was when the
    /// plan was confirmed; the result says what was opened.
    fn has_grown(&self, recorded: &Drive, now: &Drive) -> bool {
        let grown = Identity { capacity: now.identity.capacity, ..recorded.identity.clone() };
        self.lifted.contains(&now.no) && recorded.identity != now.identity && grown == now.identity
    }

    /// Whether a plan erases a drive that nothing names: none is ever offered, and this makes sure.
    pub(crate) fn has_nameless(&self, plan: &policy::SessionPlan) -> bool {
        let named = |no| self.labels.iter().any(|label| label.drive == no && label.serial.is_some());
        let erased = plan.drives.iter().filter(|line| line.action.erase().is_some());
        erased.into_iter().any(|line| line.identity.serial.is_empty() && !named(line.drive))
    }

    /// Whether a plan erases a drive by a lesser method, and the log has no exception for it: its record would be refused.
    pub(crate) fn has_unexcepted(&self, plan: &policy::SessionPlan) -> bool {
        let excepted = |no| self.exceptions.iter().any(|said| said.drive == no);
        let lesser =
            |line: &&policy::DrivePlan| matches!(line.action, policy::Action::EraseUnderException(_));
        plan.drives.iter().filter(lesser).any(|line| !excepted(line.drive))
    }

    /// Records a plan.
    pub(crate) fn record_plan(&mut self, plan: &policy::SessionPlan) -> Result<(), record::AppendError> {
        self.log.append(convert::plan(plan, &self.recorded))
    }

    /// Records a result at once for every drive that a plan does not erase.
    pub(crate) fn record_untouched(&mut self, plan: &policy::SessionPlan) {
        self.planned = true;
        for line in &plan.drives {
            let result = match line.action {
                policy::Action::Destruct { .. } => DriveResult::awaiting_destruction(),
                policy::Action::Leave(why) => DriveResult::not_covered(why),
                policy::Action::Erase(_)
                | policy::Action::EraseUnderException(_)
                | policy::Action::ClearThenDestruct(_) => continue,
            };
            self.record_result(line.drive, result, None);
        }
    }

    /// Records how it ended for one drive.
    pub(crate) fn record_result(&mut self, drive: DriveNo, result: DriveResult, period: Option<Period>) {
        let result = result.under_class(self.class, Witnessed::No);
        self.results.insert(drive, result.clone());
        if let Some(period) = &period {
            self.periods.insert(drive, period.clone());
        }
        // A result that cannot be written is a drive without one: the log then does not verify, which is right.
        let _ = self.log.append(Finding { drive, period, result });
    }

    /// Records what a person did to a medium.
    pub(crate) fn by_hand(&mut self, said: &wizard::ByHand) {
        let Some(entry) = convert::by_hand(said) else {
            return self.log.notice(NoticeCode::InternalFault, said.drive, "by-hand: a day that is none");
        };
        if self.log.append(entry.clone()).is_ok() {
            self.hand.push(entry);
        }
    }

    /// What something done by hand comes to; nothing of a drive that the log does not know.
    fn hand_result(&self, entry: &record::ByHand) -> Option<DriveResult> {
        let kind = match (entry.drive, &entry.medium) {
            (Some(no), _) => self.recorded.get(&no)?.medium.into(),
            (None, Some(medium)) => medium.kind,
            (None, None) => return None,
        };
        let witnessed = if self.hand_witnessed.contains(&entry.no) { Witnessed::Yes } else { Witnessed::No };
        Some(entry.result(kind, self.class, witnessed))
    }

    /// How it ended for a drive: what was done to it by hand counts last.
    fn final_result(&self, no: DriveNo) -> Option<DriveResult> {
        let by_hand = self.hand.iter().rev().find(|entry| entry.drive == Some(no));
        by_hand.and_then(|entry| self.hand_result(entry)).or_else(|| self.results.get(&no).cloned())
    }

    /// Records a witness's confirmation.
    pub(crate) fn witness(&mut self, name: String, drives: Vec<DriveNo>, by_hand: Vec<ByHandNo>) {
        self.settle_namespaces();
        let statement = record::WitnessStatement::SawMethodCarriedOut;
        let entry = Witness { name, statement, drives: drives.clone(), by_hand: by_hand.clone() };
        if self.log.append(entry).is_err() {
            return;
        }
        for drive in drives {
            if let Some(result) = self.results.remove(&drive) {
                self.results.insert(drive, result.after_witness());
            }
        }
        self.hand_witnessed.extend(by_hand);
        self.witness = WitnessEntry::Waiting;
    }

    /// Makes the close entry, with a result for every drive that has none yet.
    pub(crate) fn close(&mut self, reason: CloseReason) -> Result<(), record::AppendError> {
        if self.log.is_closed() {
            return Ok(());
        }
        self.settle_namespaces();
        let missing: Vec<Drive> =
            self.recorded.values().filter(|drive| !self.results.contains_key(&drive.no)).cloned().collect();
        for drive in missing {
            // On a bench it may be the workbench's own, which nobody destroys.
            let dead = drive.must_be_destroyed() && self.drives_from == DrivesFrom::ThisPc;
            let result = match (self.planned, dead) {
                (true, true) => DriveResult::awaiting_destruction(),
                (true, false) => DriveResult::not_covered(NotCovered::NotInPlan),
                // Somebody began it, and nobody saw its end.
                (false, _) if erases_itself(&drive) => DriveResult::awaiting_destruction(),
                (false, _) if drive.eligibility.is_eligible() => {
                    DriveResult::not_covered(NotCovered::ByChoice)
                }
                (false, _) => DriveResult::not_covered(NotCovered::Ineligible),
            };
            self.record_result(drive.no, result, None);
        }
        let outcome = |drive: &DriveNo| {
            let result = self.final_result(*drive)?;
            Some(FinalOutcome { drive: *drive, outcome: result.outcome, verdict: result.verdict() })
        };
        let drives: Vec<FinalOutcome> = self.results.keys().filter_map(outcome).collect();
        let by_hand = self.hand.iter().filter_map(|entry| {
            let result = entry.drive.map_or_else(|| self.hand_result(entry), |no| self.final_result(no))?;
            Some(HandOutcome { no: entry.no, outcome: result.outcome, verdict: result.verdict() })
        });
        let by_hand = by_hand.collect();
        if reason == CloseReason::InTheDark {
            let detail = "nobody went on after the PC's sleep, and the screen may have stayed dark";
            self.log.notice(NoticeCode::Other, None, detail);
        }
        let reason = match reason {
            CloseReason::InTheDark => record::CloseReason::NobodyWentOn,
            CloseReason::Finished => record::CloseReason::Finished,
            CloseReason::Abandoned => record::CloseReason::AbortedByOperator,
        };
        self.log.close(Close { reason, drives, by_hand, entries: self.log.entries_with_next() })
    }
}

fn erases_itself(drive: &Drive) -> bool {
    let Eligibility::Ineligible(reasons) = &drive.eligibility else { return false };
    reasons.contains(&Ineligible::ErasingItself)
}

fn confirmation(answer: ClockAnswer) -> record::ClockConfirmation {
    match answer {
        ClockAnswer::Right => record::ClockConfirmation::Confirmed,
        ClockAnswer::Wrong => record::ClockConfirmation::NotConfirmed,
    }
}

/// A drive that could not be armed: nothing was written to it.
pub(crate) fn not_started(reason: model::FailureReason, asked: Option<model::Method>) -> DriveResult {
    DriveResult {
        outcome: Outcome::Failed,
        asked,
        achieved: None,
        failure: Some(reason),
        not_covered: None,
        evidence: model::Evidence::default(),
    }
}

#[cfg(test)]
mod tests;
