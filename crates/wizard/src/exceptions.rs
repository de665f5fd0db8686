//! 例外措置 (7.4): a lesser method than the class asks, on somebody's word and for a time.

use crate::field::Field;
use crate::{ClockAnswer, Model};
use model::{Drive, DriveNo, InformationClass};
use policy::{Action, SessionPlan};
use std::collections::BTreeSet;

/// What a person said for one drive, so that a lesser method may be planned for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The drive.
    pub drive: DriveNo,
    /// Why the method that the class asks cannot be used.
    pub reason: String,
    /// 代替措置: what is done instead against the risk.
    pub measure: String,
    /// Who is to approve it, as declared.
    pub approver: String,
    /// Until when it holds: a day like `2026-12-31`.
    pub deadline: String,
}

/// Where typing goes on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum ExceptionFocus {
    #[default]
    Reason,
    Measure,
    Approver,
    Deadline,
}

impl ExceptionFocus {
    /// In the order of the screen.
    pub(crate) const ALL: [Self; 4] = [Self::Reason, Self::Measure, Self::Approver, Self::Deadline];
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExceptionForm {
    pub(crate) focus: ExceptionFocus,
    pub(crate) reason: Field,
    pub(crate) measure: Field,
    pub(crate) approver: Field,
    pub(crate) deadline: Field,
}

impl Default for ExceptionForm {
    fn default() -> Self {
        Self {
            focus: ExceptionFocus::default(),
            reason: Field::long(),
            measure: Field::long(),
            approver: Field::default(),
            deadline: Field::default(),
        }
    }
}

impl ExceptionForm {
    /// A field.
    pub(crate) fn of(&self, focus: ExceptionFocus) -> &Field {
        match focus {
            ExceptionFocus::Reason => &self.reason,
            ExceptionFocus::Measure => &self.measure,
            ExceptionFocus::Approver => &self.approver,
            ExceptionFocus::Deadline => &self.deadline,
        }
    }

    /// The same, to be changed.
    pub(crate) fn field(&mut self, focus: ExceptionFocus) -> &mut Field {
        match focus {
            ExceptionFocus::Reason => &mut self.reason,
            ExceptionFocus::Measure => &mut self.measure,
            ExceptionFocus::Approver => &mut self.approver,
            ExceptionFocus::Deadline => &mut self.deadline,
        }
    }
}

impl Model {
    /// Whether an exception may be asked for: the class asks more than 消去, the drive is to be erased, nothing that the
    /// class counts can be done with it here, and a lesser method can.
    pub(crate) fn may_except(&self, no: DriveNo) -> bool {
        let Some(class) = self.class.map(|choice| choice.class) else { return false };
        if class == InformationClass::Three || !self.selection().contains(&no) {
            return false;
        }
        let drives = self.present();
        self.needs_exception(class, &drives, &[no].into()).contains(&no)
    }

    /// Those of these drives for which nothing that counts can be done, and something lesser can.
    pub(crate) fn needs_exception(
        &self,
        class: InformationClass,
        drives: &[Drive],
        asked: &BTreeSet<DriveNo>,
    ) -> BTreeSet<DriveNo> {
        let action = |plan: &SessionPlan, no| plan.drive(no).map(|line| line.action);
        let (without, with) =
            (self.plan_under(class, drives, &BTreeSet::new()), self.plan_under(class, drives, asked));
        let stuck = |no: &DriveNo| matches!(action(&without, *no), Some(Action::Destruct { .. }));
        let lesser = |no: &DriveNo| matches!(action(&with, *no), Some(Action::EraseUnderException(_)));
        asked.iter().copied().filter(stuck).filter(lesser).collect()
    }

    /// The exceptions by which the plan on the screen stands: no others are recorded.
    pub(crate) fn exceptions(&self) -> Vec<Exception> {
        let Some(class) = self.class else { return Vec::new() };
        let asked = self.ahead.exceptions.keys().copied().collect();
        let needed = self.needs_exception(class.class, &self.present(), &asked);
        self.ahead.exceptions.values().filter(|said| needed.contains(&said.drive)).cloned().collect()
    }

    /// Today by the PC's clock, where a person said that it is right.
    pub(crate) fn today(&self) -> Option<&str> {
        let day = self.clock.wall.get(..10).filter(|day| crate::day::read(day).as_deref() == Some(*day));
        day.filter(|_| self.people.clock == Some(ClockAnswer::Right))
    }
}
