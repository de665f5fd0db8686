//! The session's results stick: which one it is, and which one comes next.

use super::Session;
use crate::journal::Turn;
use crate::keeper::{Kept, Place};
use inventory::StickFacts;
use record::NoticeCode;
use wizard::StickProblem;

/// A stick that a keeper has gone for.
pub(super) struct Attempt {
    stick: StickFacts,
    /// What the log will say of it; `None` where the session was on it before and has not lost it.
    code: Option<NoticeCode>,
}

/// Whether the operator asked to try the stick once more, so that it is mounted anew if that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    NotAsked,
    Asked,
}

/// Where the session's stick is, as far as a look at the drives can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// Where it was.
    Here,
    /// It was pulled and put back.
    Back,
    /// Nowhere.
    Gone,
}

impl Session {
    /// The session's stick among those that are there.
    pub(crate) fn find_stick(&self, sticks: &[StickFacts]) -> Option<StickFacts> {
        sticks.iter().find(|stick| self.is_on(stick)).cloned()
    }

    /// Whether that is the session's stick.
    pub(crate) fn is_on(&self, stick: &StickFacts) -> bool {
        stick.identity.fingerprint() == self.stick.fingerprint() && stick.filesystem.uuid == self.volume_id
    }

    /// Where the session's stick is.
    pub(crate) fn whereabouts(&self, stick: Option<&StickFacts>) -> Whereabouts {
        match stick {
            None => Whereabouts::Gone,
            Some(stick) if stick.sequence == self.sequence => Whereabouts::Here,
            Some(_) => Whereabouts::Back,
        }
    }

    /// Whether a keeper has gone for another stick and is not back.
    pub(crate) fn is_changing_sticks(&self) -> bool {
        self.attempt.is_some()
    }

    /// Takes note that the stick was pulled.
    pub(crate) fn stick_lost(&mut self, detail: &str) {
        self.attempt = None;
        self.log.lose(StickProblem::Removed);
        self.log.notice(NoticeCode::StickLost, None, detail);
    }

    /// Goes for a stick to go on on.
    pub(crate) fn resume(&mut self, stick: StickFacts, code: NoticeCode, place: Place) {
        self.go_for(stick, Some(code), place);
    }

    /// Goes for the stick that was let go of to be found again.
    pub(crate) fn take_up(&mut self, stick: StickFacts, place: Place) {
        self.go_for(stick, None, place);
    }

    fn go_for(&mut self, stick: StickFacts, code: Option<NoticeCode>, place: Place) {
        self.attempt = Some(Attempt { stick, code });
        self.retry = Retry::NotAsked;
        self.log.resume_on(place);
        if !self.log.has_keeper() {
            self.attempt = None;
        }
    }

    /// Takes what the keeper says. The second is the stick that the session goes on on from now on.
    pub(crate) fn take(&mut self, kept: Kept) -> (Turn, Option<StickFacts>) {
        let turn = self.log.take(kept);
        let mut new = None;
        match turn {
            Turn::Ready => new = self.adopt(),
            Turn::NotReady => self.attempt = None,
            _ => {}
        }
        self.answer_waiting();
        (turn, new)
    }

    fn adopt(&mut self) -> Option<StickFacts> {
        let Attempt { stick, code } = self.attempt.take()?;
        self.stick = stick.identity.clone();
        self.volume_id = stick.filesystem.uuid.clone();
        self.sequence = stick.sequence.clone();
        // Said before it is saved, so that no copy of the log is without it.
        if let Some(code) = code {
            self.log.notice(code, None, stick.identity.serial.as_str());
        }
        self.log.hand_over();
        Some(stick)
    }
}
