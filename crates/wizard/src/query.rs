//! Questions about a model that both its keys and its pictures ask.

use crate::parts::{ClassChoice, Closing, Confirmed, DriveRow, PlanState, Presence, StickUse, WitnessState};
use crate::people::PeopleFocus;
use crate::{
    AssetCheck, ClockAnswer, Console, DrivesFrom, JobView, Journal, Model, Phase, Purpose, Screen,
    SessionAnswers, StickProblem,
};
use model::{Drive, DriveNo, DriveResult, InformationClass, Medium, NotCovered};
use policy::{Action, Choice, Choices, DrivePlan, Rejected, SessionPlan, Wishes};
use std::collections::BTreeSet;

/// Rows of the confirmation screen that are no drives: banner, PC, code, entry.
const CONFIRM_FIXED_ROWS: usize = 10;
/// Rows of one drive on the confirmation screen; on a bench, and with the number of its PC.
const CONFIRM_ROWS_PER_DRIVE: usize = 2;
const CONFIRM_ROWS_ON_BENCH: usize = 3;

/// What may be in this PC and was not seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Unseen {
    /// Controllers that may hide drives, as text for people.
    pub(crate) controllers: Vec<String>,
    /// The serial numbers of listed media that are nowhere.
    pub(crate) media: Vec<String>,
}

impl Unseen {
    pub(crate) fn is_empty(&self) -> bool {
        self.controllers.is_empty() && self.media.is_empty()
    }
}

impl Model {
    /// The drives that the operator wants erased and that can be.
    pub(crate) fn selection(&self) -> Vec<DriveNo> {
        self.drives
            .rows
            .iter()
            .filter(|row| self.is_offered(row) && self.drives.selected.contains(&row.drive.no))
            .filter(|row| !self.wants_word(&row.drive))
            .map(|row| row.drive.no)
            .collect()
    }

    /// Whether a row of the drive list can be selected. A drive without a serial number is named by its label first.
    pub(crate) fn is_offered(&self, row: &DriveRow) -> bool {
        let named = !row.drive.identity.serial.is_empty() || self.labels.serials.contains_key(&row.drive.no);
        row.presence == Presence::Here && row.drive.eligibility.is_eligible() && named
    }

    /// The plan that follows from what was chosen so far.
    pub(crate) fn make_plan(&self, class: InformationClass) -> SessionPlan {
        self.plan_of(class, &self.present())
    }

    /// The plan that follows for these drives.
    pub(crate) fn plan_of(&self, class: InformationClass, drives: &[Drive]) -> SessionPlan {
        let asked: BTreeSet<DriveNo> = self.ahead.exceptions.keys().copied().collect();
        let excepted = match asked.is_empty() {
            true => asked,
            false => self.needs_exception(class, drives, &asked),
        };
        self.plan_under(class, drives, &excepted)
    }

    /// The plan with a lesser method for these of the drives.
    pub(crate) fn plan_under(
        &self,
        class: InformationClass,
        drives: &[Drive],
        excepted: &BTreeSet<DriveNo>,
    ) -> SessionPlan {
        let choice = |no| match (self.purpose, self.drives.turned.contains(&no)) {
            (Purpose::Handover, false) | (Purpose::Erase | Purpose::ByHand, true) => {
                Choice::ClearBeforeHandover
            }
            _ if excepted.contains(&no) => Choice::EraseUnderException,
            (Purpose::Handover, true) | (Purpose::Erase | Purpose::ByHand, false) => Choice::Erase,
        };
        let choices: Choices = self.selection().into_iter().map(|no| (no, choice(no))).collect();
        let wishes = Wishes { excepted: excepted.clone(), ..self.wishes() };
        let mut plan = policy::plan_with(&self.table, self.origin, class, drives, &choices, &wishes);
        // A drive that cannot be handled here may be the workbench's own: nobody destroys it for that.
        let nobodys =
            |no: DriveNo| drives.iter().any(|drive| drive.no == no && !drive.eligibility.is_eligible());
        for line in plan.drives.iter_mut().filter(|line| self.is_bench() && nobodys(line.drive)) {
            line.action = Action::Leave(NotCovered::Ineligible);
        }
        plan
    }

    /// Whether the plan on the screen does not hold any more.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.plan, PlanState::Stale(_))
    }

    /// Whether a drive is not as the plan on the screen takes it.
    pub(crate) fn is_outdated(&self, no: DriveNo) -> bool {
        matches!(&self.plan, PlanState::Stale(stale) if stale.changed.contains(&no) || stale.came.contains(&no))
    }

    /// The drives of the plan on the screen that a sleep may thaw, or might have.
    pub(crate) fn thawable_by_plan(&self) -> BTreeSet<DriveNo> {
        match &self.plan {
            PlanState::Stale(stale) => stale.before.thawable.clone(),
            _ => self.thawable().into_iter().collect(),
        }
    }

    /// What was entered and chosen, once it is complete.
    pub(crate) fn answers(&self) -> Option<SessionAnswers> {
        let ClassChoice { class, answer } = self.class?;
        Some(SessionAnswers {
            operator: self.people.operator().to_owned(),
            drives_from: if self.is_bench() { DrivesFrom::Bench } else { DrivesFrom::ThisPc },
            asset_number: if self.is_bench() { String::new() } else { self.people.asset().to_owned() },
            witness: self.people.given(PeopleFocus::Witness),
            class,
            class_answer: answer,
            clock: self.people.clock.unwrap_or(ClockAnswer::Wrong),
            language: self.language,
            purpose: self.purpose,
            declared: self.people.declared(self.purpose),
            asset_check: if self.is_bench() { AssetCheck::NotChecked } else { self.listed.check.clone() },
            missing_media: self.missing_media(),
            labels: self.labelled(),
            exceptions: self.exceptions(),
            attestations: self.ahead.attestations.values().cloned().collect(),
        })
    }

    /// The media that should be in this PC by the office's asset list, and are not.
    pub(crate) fn missing_media(&self) -> Vec<String> {
        if self.is_bench() { Vec::new() } else { self.listed.missing(&self.present(), []) }
    }

    /// What may be in this PC and was not seen. A workbench's own controllers are nobody's business.
    pub(crate) fn unseen(&self) -> Unseen {
        if self.is_bench() {
            return Unseen::default();
        }
        // What was planned for was seen, whatever became of it since, and what people destroyed they had in their hands.
        let planned = self.plan().map(|plan| plan.drives.as_slice()).unwrap_or_default();
        let planned = planned.iter().map(|line| line.identity.serial.as_str());
        let by_hand = self.hand.done.iter().filter_map(|said| said.medium.as_ref());
        let seen = self.labels.serials.values().map(String::as_str);
        let seen = seen.chain(planned).chain(by_hand.map(|medium| medium.serial.as_str()));
        let media = self.listed.missing(&self.present(), seen);
        Unseen { controllers: self.drives.hidden.clone(), media }
    }

    /// The drives of the fixed plan whose jobs have not ended.
    pub(crate) fn running(&self) -> Vec<DriveNo> {
        self.to_erase().into_iter().filter(|no| !self.results.contains_key(no)).collect()
    }

    /// The drives to which the plan writes.
    pub(crate) fn to_erase(&self) -> Vec<DriveNo> {
        let drives = self.plan().map(|plan| plan.drives.as_slice()).unwrap_or_default();
        drives.iter().filter(|line| line.action.erase().is_some()).map(|line| line.drive).collect()
    }

    /// The drives to which something was done: those of which a witness can say anything.
    pub(crate) fn erased(&self) -> Vec<DriveNo> {
        let fixed = matches!(self.plan, PlanState::Fixed(_));
        if fixed { self.to_erase() } else { Vec::new() }
    }

    /// The PC's own drives that hold data and came after the plan was fixed: nobody decided anything about them.
    pub(crate) fn late(&self) -> Vec<DrivePlan> {
        let PlanState::Fixed(plan) = &self.plan else { return Vec::new() };
        // One that has gone counts as well, unless it is the same drive come back under another number.
        let rows = || self.drives.rows.iter();
        let is_back = |drive: &Drive| {
            let here = rows().filter(|row| row.presence == Presence::Here).map(|row| &row.drive);
            let planned = plan.drives.iter().map(|line| &line.identity);
            here.map(|other| &other.identity).chain(planned).any(|identity| *identity == drive.identity)
        };
        let open =
            rows().filter(|row| row.presence == Presence::Here || !is_back(&row.drive)).map(|row| &row.drive);
        open.filter(|drive| plan.drive(drive.no).is_none())
            .filter(|drive| drive.is_internal() && drive.keeps_data())
            .map(|drive| DrivePlan {
                drive: drive.no,
                identity: drive.identity.clone(),
                medium: drive.medium,
                action: Action::Leave(NotCovered::NotInPlan),
                rejected: Vec::new(),
            })
            .collect()
    }

    /// The lines of the results: the plan's, then the drives that came too late for it.
    pub(crate) fn result_lines(&self) -> Vec<DrivePlan> {
        let mut lines = self.plan().map(|plan| plan.drives.clone()).unwrap_or_default();
        // People look for the PC's own drives, for what was erased, and for what could not be and keeps its data. Sticks
        // and discs that were left alone come last.
        let is_looked_for = |line: &DrivePlan| {
            let row = self.drives.rows.iter().find(|row| row.drive.no == line.drive);
            let kept = line.action == Action::Leave(NotCovered::Ineligible);
            let wanted = row.is_some_and(|row| row.drive.is_internal() || (kept && row.drive.keeps_data()));
            !matches!(line.action, Action::Leave(_)) || (wanted && line.medium != Medium::Optical)
        };
        lines.sort_by_key(|line| !is_looked_for(line));
        lines.extend(self.late());
        lines
    }

    /// The lines of the progress: the drives that are erased, then those that came too late for it.
    pub(crate) fn progress_lines(&self) -> Vec<DrivePlan> {
        let erased = |line: &DrivePlan| line.action.erase().is_some();
        let planned = self.plan().map(|plan| plan.drives.clone()).unwrap_or_default();
        planned.into_iter().filter(erased).chain(self.late()).collect()
    }

    /// The drives of the plan that were found erasing themselves and still are.
    pub(crate) fn followed_lines(&self) -> Vec<DrivePlan> {
        let lines = self.plan().map(|plan| plan.drives.as_slice()).unwrap_or_default();
        let running = |line: &&DrivePlan| self.ahead.following().any(|(no, _)| no == line.drive);
        lines.iter().filter(|line| line.action.erase().is_none()).filter(running).cloned().collect()
    }

    /// Whether a drive is erasing itself, which this program cannot stop.
    pub(crate) fn erases_itself(&self, no: DriveNo) -> bool {
        let erasing = |job: &JobView| matches!(job.phase, Phase::DriveErases | Phase::Stalled);
        !self.results.contains_key(&no) && self.jobs.get(&no).is_some_and(erasing)
    }

    /// Whether there is a drive that this program can stop.
    pub(crate) fn may_stop(&self) -> bool {
        self.running().iter().any(|no| !self.erases_itself(*no))
    }

    /// How it ended for one line; a drive that is not erased has its result from the line.
    pub(crate) fn result(&self, line: &DrivePlan) -> Option<DriveResult> {
        let untouched = || match line.action {
            Action::Destruct { .. } => Some(DriveResult::awaiting_destruction()),
            Action::Leave(why) => Some(DriveResult::not_covered(why)),
            Action::Erase(_) | Action::EraseUnderException(_) | Action::ClearThenDestruct(_) => None,
        };
        let by_hand = self.handled(line.drive).map(|said| self.hand_result(said));
        by_hand.or_else(|| self.results.get(&line.drive).cloned()).or_else(untouched)
    }

    /// Whether a witness has confirmed anything.
    pub(crate) fn has_witness(&self) -> bool {
        self.witness.drives == Confirmed::Yes || !self.hand.witnessed.is_empty()
    }

    /// Whether class (1) still waits for its witness.
    pub(crate) fn lacks_witness(&self) -> bool {
        let class = self.plan().map(|plan| plan.class).or(self.class.map(|choice| choice.class));
        let erased = self.witness.drives == Confirmed::No && !self.erased().is_empty();
        class.is_some_and(InformationClass::needs_witness) && (erased || !self.unwitnessed().is_empty())
    }

    /// Whether a witness could confirm anything that nobody has.
    pub(crate) fn may_be_witnessed(&self) -> bool {
        let open = self.closing == Closing::NotAsked && self.witness.state == WitnessState::Missing;
        open && !(self.erased().is_empty() && self.unwitnessed().is_empty())
    }

    /// Whether the keyboard can be changed: the program begins anew, so nothing may have been begun.
    pub(crate) fn may_change_keyboard(&self) -> bool {
        self.keyboard.is_some() && self.sticks.used == StickUse::None && self.begun.is_none()
    }

    /// Whether nothing would be lost by switching off now.
    pub(crate) fn may_power_off(&self) -> bool {
        let quiet = !matches!(self.journal, Journal::Unsaved { .. } | Journal::Saving);
        match &self.closing {
            Closing::Closed(_) => quiet,
            // The bytes were read back as they were written, and trying again would not mend what they say.
            Closing::Failed(StickProblem::NotVerified(_)) => {
                self.journal == Journal::Saved || self.journal.is_garbled()
            }
            Closing::Needless => true,
            Closing::NotAsked | Closing::Asked | Closing::Failed(_) => false,
        }
    }

    /// The text of the closed log's QR code, where it can be drawn.
    pub(crate) fn code_text(&self) -> Option<&str> {
        match &self.closing {
            Closing::Closed(info) if self.console == Console::Full => info.summary.as_deref(),
            _ => None,
        }
    }

    /// Whether entries wait for a results stick. No stick helps a log that contradicts itself.
    pub(crate) fn needs_rescue(&self) -> bool {
        match (&self.journal, &self.closing) {
            (Journal::Unsaved { .. }, _) => !self.journal.is_garbled(),
            (_, Closing::Failed(problem)) => !matches!(problem, StickProblem::NotVerified(_)),
            _ => false,
        }
    }

    /// Whether the log was found to contradict itself.
    pub(crate) fn is_garbled(&self) -> bool {
        self.journal.is_garbled() || matches!(self.closing, Closing::Failed(StickProblem::NotVerified(_)))
    }

    /// How many lines the list of this screen has.
    pub(crate) fn list_len(&self) -> usize {
        let planned = self.plan().map_or(0, |plan| plan.drives.len());
        match self.screen {
            Screen::Plan => planned,
            Screen::Past => self.past().len(),
            Screen::PastDetail => self.past().get(self.past_shown).map_or(0, |past| past.drives.len()),
            Screen::Results => {
                let others = self.hand.done.iter().filter(|said| said.drive.is_none()).count();
                planned + self.late().len() + others
            }
            Screen::Progress => self.to_erase().len() + self.late().len() + self.followed_lines().len(),
            Screen::DriveDetail => crate::words::about(self).len(),
            Screen::PlanDetail => self.detail().map_or(0, |line| not_used(line).len()),
            Screen::Confirm => (self.to_erase().len() + 1).saturating_sub(self.confirm_page()),
            Screen::Witness => self.erased().len() + self.unwitnessed().len(),
            Screen::Finish => crate::view::finish_len(self),
            Screen::ByHand => self.destructible().len() + 1 + self.hand.done.len(),
            _ => 0,
        }
    }

    /// Whether the list of this screen can be moved.
    pub(crate) fn scrolls(&self) -> bool {
        self.list_len() > 1
    }

    /// The plan's line whose rejected techniques are shown.
    pub(crate) fn detail(&self) -> Option<&policy::DrivePlan> {
        let no = self.detail_of?;
        self.plan()?.drive(no)
    }

    /// Whether a witness is to be called before the work begins: what they confirm afterwards they have to have seen (図表43).
    pub(crate) fn calls_witness(&self) -> bool {
        self.plan().is_some_and(|plan| plan.class == InformationClass::One)
    }

    /// How many drives the confirmation screen shows at once.
    pub(crate) fn confirm_page(&self) -> usize {
        let witness = usize::from(self.calls_witness());
        let rows = crate::view::content_rows(self).saturating_sub(CONFIRM_FIXED_ROWS + witness);
        let each = if self.is_bench() { CONFIRM_ROWS_ON_BENCH } else { CONFIRM_ROWS_PER_DRIVE };
        (rows / each).max(1)
    }

    /// Whether every drive that will be erased has been on the confirmation screen.
    pub(crate) fn has_seen_all(&self) -> bool {
        self.seen >= self.to_erase().len()
    }
}

/// What is not done with a drive, and why. What clears a drive that is destroyed afterwards is none of the methods that its
/// class asks for, and is used all the same.
pub(crate) fn not_used(line: &DrivePlan) -> Vec<&Rejected> {
    let used = line.action.erase().map(|erase| erase.technique);
    line.rejected.iter().filter(|rejected| Some(rejected.technique) != used).collect()
}
