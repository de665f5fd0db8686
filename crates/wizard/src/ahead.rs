//! What stands in the way of a plan, and what people said about it.

use crate::exceptions::ExceptionForm;
use crate::field::Field;
use crate::{Attestation, Exception, FollowEnd, JobView, SleepOutcome, Statement, UnlockProblem};
use crate::{DARK_SECONDS, Display, Journal, Model, Screen};
use model::DriveNo;
use std::collections::{BTreeMap, BTreeSet};

/// How far thawing drives by a sleep of the PC has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Sleep {
    /// Nobody was asked yet.
    #[default]
    NotAsked,
    /// It was offered; the operator decides, or declined.
    Offered,
    /// The PC is going to sleep for the sake of these drives. Nothing else may begin.
    Asked(Vec<DriveNo>),
    /// It slept and woke; the results stick and the drives are looked for.
    Waking(Vec<DriveNo>),
    /// It is awake again, or never slept.
    Answered { asked: Vec<DriveNo>, outcome: SleepOutcome },
}

/// How far unlocking one drive has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unlock {
    Declined,
    Asked,
    Done,
    Failed(UnlockProblem),
}

/// A drive that was found erasing itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Follow {
    Running(JobView),
    Ended(FollowEnd),
}

/// Where typing goes on the attestation's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttestFocus {
    Statement(Statement),
    Cipher,
    Name,
}

impl AttestFocus {
    /// In the order of the screen.
    pub(crate) const ALL: [Self; 5] = [
        Self::Statement(Statement::EncryptedFromTheStart),
        Self::Statement(Statement::ListedAlgorithm),
        Self::Statement(Statement::NoKeyLeft),
        Self::Cipher,
        Self::Name,
    ];
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttestForm {
    pub(crate) focus: AttestFocus,
    pub(crate) ticked: BTreeSet<Statement>,
    pub(crate) cipher: Field,
    pub(crate) name: Field,
}

impl Default for AttestForm {
    fn default() -> Self {
        Self {
            focus: AttestFocus::Statement(Statement::EncryptedFromTheStart),
            ticked: BTreeSet::new(),
            cipher: Field::default(),
            name: Field::default(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ahead {
    pub(crate) sleep: Sleep,
    /// What drew on the screen when the sleep was asked for, which is what was said of it then.
    pub(crate) slept_by: Display,
    /// At which second the PC had slept without anything that sets up its screen again.
    pub(crate) woken: Option<u64>,
    /// Whether the PC is to be switched off once the log is closed, with nobody who sees it.
    pub(crate) switches_off: bool,
    /// Locked drives whose password an interrupted session left on the results stick.
    pub(crate) ours: BTreeSet<DriveNo>,
    pub(crate) unlocks: BTreeMap<DriveNo, Unlock>,
    pub(crate) followed: BTreeMap<DriveNo, Follow>,
    pub(crate) stalled: BTreeSet<DriveNo>,
    /// The drive whose answers are being saved.
    pub(crate) probing: Option<DriveNo>,
    pub(crate) restore_dco: BTreeSet<DriveNo>,
    pub(crate) attestations: BTreeMap<DriveNo, Attestation>,
    pub(crate) form: AttestForm,
    pub(crate) exceptions: BTreeMap<DriveNo, Exception>,
    pub(crate) exception: ExceptionForm,
    /// The drive that the screen in view is about.
    pub(crate) shown: Option<DriveNo>,
    /// The line chosen where one of two has to be, from 0.
    pub(crate) pick: Option<usize>,
}

impl Ahead {
    /// Forgets what was said of a drive that turned out to be another one.
    pub(crate) fn forget(&mut self, no: DriveNo) {
        self.ours.remove(&no);
        self.unlocks.remove(&no);
        self.followed.remove(&no);
        self.restore_dco.remove(&no);
        self.attestations.remove(&no);
        self.exceptions.remove(&no);
    }

    /// Whether the PC is going to sleep, or comes back from it.
    pub(crate) fn is_going_to_sleep(&self) -> bool {
        matches!(self.sleep, Sleep::Asked(_) | Sleep::Waking(_))
    }

    /// The drives that are erasing themselves, as followed.
    pub(crate) fn following(&self) -> impl Iterator<Item = (DriveNo, &JobView)> {
        self.followed.iter().filter_map(|(no, follow)| match follow {
            Follow::Running(view) => Some((*no, view)),
            Follow::Ended(_) => None,
        })
    }
}

impl Model {
    /// Whether the PC slept, its screen may have stayed dark, nobody has gone on since, and nothing would be lost if it were
    /// switched off.
    pub(crate) fn may_be_in_the_dark(&self) -> bool {
        let answered = matches!(self.ahead.sleep, Sleep::Answered { .. }) && self.screen == Screen::Sleep;
        let saved = self.begun.is_none() || self.journal == Journal::Saved;
        self.ahead.woken.is_some()
            && answered
            && saved
            && self.fault.is_none()
            && self.busy().is_empty()
            && !self.is_fixed()
    }

    /// How many seconds are left until the PC is switched off for that.
    pub(crate) fn dark_seconds_left(&self) -> Option<u64> {
        let woken = self.ahead.woken.filter(|_| self.may_be_in_the_dark())?;
        Some(u64::from(DARK_SECONDS).saturating_sub(self.ticks.saturating_sub(woken)))
    }

    /// Whether nobody has gone on for long after a sleep that may have left the screen dark:
    /// [`Msg::InTheDark`](crate::Msg::InTheDark) is due.
    #[must_use]
    pub fn is_in_the_dark(&self) -> bool {
        self.dark_seconds_left() == Some(0)
    }
}
