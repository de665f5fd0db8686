//! Questions about a model that both its keys and its pictures ask.

use crate::parts::{ClassChoice, Closing, DriveRow, PlanState, Presence};
use crate::{ClockAnswer, Journal, Model, Screen, SessionAnswers};
use model::{DriveNo, DriveResult, InformationClass, NotCovered, Outcome};
use policy::{Action, Choice, Choices, SessionPlan};

/// Rows of the confirmation screen that are no drives: banner, PC, code, entry.
const CONFIRM_FIXED_ROWS: u16 = 10;
/// Rows around every screen's content: title, rules, notice, help.
pub(crate) const FRAME_ROWS: u16 = 7;
/// Rows of one drive on the confirmation screen.
pub(crate) const CONFIRM_ROWS_PER_DRIVE: u16 = 2;

impl Model {
    /// The drives that the operator wants erased and that can be.
    pub(crate) fn selection(&self) -> Vec<DriveNo> {
        self.drives
            .rows
            .iter()
            .filter(|row| is_offered(row) && self.drives.selected.contains(&row.drive.no))
            .map(|row| row.drive.no)
            .collect()
    }

    /// The plan that follows from what was chosen so far.
    pub(crate) fn make_plan(&self, class: InformationClass) -> SessionPlan {
        let choice = |no| match self.drives.handover.contains(&no) {
            true => Choice::ClearBeforeHandover,
            false => Choice::Erase,
        };
        let choices: Choices = self.selection().into_iter().map(|no| (no, choice(no))).collect();
        policy::plan(&self.table, self.origin, class, &self.present(), &choices)
    }

    /// What was entered and chosen, once it is complete.
    pub(crate) fn answers(&self) -> Option<SessionAnswers> {
        let ClassChoice { class, answer } = self.class?;
        let witness = self.people.witness.value();
        Some(SessionAnswers {
            operator: self.people.operator.value().to_owned(),
            asset_number: self.people.asset.value().to_owned(),
            witness: (!witness.is_empty()).then(|| witness.to_owned()),
            class,
            class_answer: answer,
            clock: self.people.clock.unwrap_or(ClockAnswer::Wrong),
            language: self.language,
        })
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

    /// How it ended for one drive of the plan; a drive that is not erased has its result from the plan.
    pub(crate) fn result(&self, no: DriveNo) -> Option<DriveResult> {
        let untouched = || match self.plan()?.drive(no)?.action {
            Action::Destruct { .. } => Some(DriveResult::awaiting_destruction()),
            Action::Leave(why) => Some(DriveResult::not_covered(why)),
            Action::Erase(_) | Action::ClearThenDestruct(_) => None,
        };
        self.results.get(&no).cloned().or_else(untouched)
    }

    /// Whether class (1) still waits for its witness.
    pub(crate) fn lacks_witness(&self) -> bool {
        let class = self.plan().map(|plan| plan.class);
        class.is_some_and(InformationClass::needs_witness)
            && self.witness.state != crate::parts::WitnessState::Recorded
            && !self.erased().is_empty()
    }

    /// Whether nothing would be lost by switching off now.
    pub(crate) fn may_power_off(&self) -> bool {
        let quiet = !matches!(self.journal, Journal::Unsaved { .. } | Journal::Saving);
        match self.closing {
            Closing::Closed(_) => quiet,
            Closing::Needless => true,
            Closing::NotAsked | Closing::Asked | Closing::Failed(_) => false,
        }
    }

    /// Whether entries wait for a results stick.
    pub(crate) fn needs_rescue(&self) -> bool {
        matches!(self.journal, Journal::Unsaved { .. }) || matches!(self.closing, Closing::Failed(_))
    }

    /// How many lines the list of this screen has.
    pub(crate) fn list_len(&self) -> usize {
        let planned = self.plan().map_or(0, |plan| plan.drives.len());
        match self.screen {
            Screen::Plan | Screen::Results => planned,
            Screen::Progress => self.to_erase().len(),
            Screen::PlanDetail => self.detail().map_or(0, |line| line.rejected.len()),
            Screen::Confirm => (self.to_erase().len() + 1).saturating_sub(self.confirm_page()),
            Screen::Witness => self.erased().len(),
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

    /// How many drives the confirmation screen shows at once.
    pub(crate) fn confirm_page(&self) -> usize {
        let rows = self.size.1.saturating_sub(FRAME_ROWS + CONFIRM_FIXED_ROWS);
        usize::from((rows / CONFIRM_ROWS_PER_DRIVE).max(1))
    }

    /// Whether every drive that will be erased has been on the confirmation screen.
    pub(crate) fn has_seen_all(&self) -> bool {
        self.seen >= self.to_erase().len()
    }
}

/// Whether a row of the drive list can be selected.
pub(crate) fn is_offered(row: &DriveRow) -> bool {
    row.presence == Presence::Here && row.drive.eligibility.is_eligible()
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
    Witness,
    NothingErased,
    Other,
}

/// What all results come to. Anything that does not prove itself is not 完了.
pub(crate) fn sign(model: &Model) -> Sign {
    let Some(plan) = model.plan() else { return Sign::Attention(Attention::NothingErased) };
    let results: Vec<(&policy::DrivePlan, Option<DriveResult>)> =
        plan.drives.iter().map(|line| (line, model.result(line.drive))).collect();
    let any = |test: fn(&DriveResult) -> bool| results.iter().any(|(_, r)| r.as_ref().is_some_and(test));
    if results.iter().any(|(_, result)| result.is_none()) || any(is_failure) {
        return Sign::Failed;
    }
    let closing = matches!(model.closing, Closing::Asked | Closing::Failed(_));
    if model.journal != Journal::Saved || closing {
        return Sign::Attention(Attention::Unsaved);
    }
    if model.lacks_witness() {
        return Sign::Attention(Attention::Witness);
    }
    if !any(|result| result.outcome == Outcome::Done) && !any(|result| result.achieved.is_some()) {
        return Sign::Attention(Attention::NothingErased);
    }
    let open = results.iter().any(|(line, result)| {
        result.as_ref().is_some_and(|result| match result.outcome {
            Outcome::Done => false,
            Outcome::NotCovered => data_stays(model, line, result.not_covered),
            Outcome::AwaitingDestruction | Outcome::Incomplete | Outcome::Failed => true,
        })
    });
    if open { Sign::Attention(Attention::Other) } else { Sign::Done }
}

fn is_failure(result: &DriveResult) -> bool {
    match result.outcome {
        Outcome::Failed => true,
        Outcome::Incomplete | Outcome::AwaitingDestruction => {
            !matches!(result.failure, None | Some(model::FailureReason::AwaitingWitness))
        }
        Outcome::Done | Outcome::NotCovered => false,
    }
}

/// Whether a drive that was left alone belongs to the PC and keeps its data. A USB stick that was left out by
/// choice, our own sticks, and empty or optical drives do not.
fn data_stays(model: &Model, line: &policy::DrivePlan, why: Option<NotCovered>) -> bool {
    use model::{Bus, Eligibility, Ineligible, Medium};
    if why == Some(NotCovered::ByChoice) {
        return line.medium != Medium::UsbStick && line.identity.bus != Bus::Usb;
    }
    let row = model.drives.rows.iter().find(|row| row.drive.no == line.drive);
    match row.map(|row| &row.drive.eligibility) {
        Some(Eligibility::Ineligible(reasons)) => !reasons.iter().any(|reason| {
            matches!(
                reason,
                Ineligible::BootStick
                    | Ineligible::ResultsStick
                    | Ineligible::HoldsLogs
                    | Ineligible::NoMedium
                    | Ineligible::Optical
            )
        }),
        Some(Eligibility::Eligible) | None => true,
    }
}
