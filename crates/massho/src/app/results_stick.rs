//! The results stick: opened, lost, found again, replaced; and the rule table that may lie on it.

use super::{App, PolicyUse, builtin_table};
use crate::convert;
use crate::session::{Closing, Session, WitnessEntry};
use crate::sticks::{self, OpenStickError, OpenedStick};
use inventory::StickFacts;
use policy::TableOrigin;
use record::NoticeCode;
use wizard::{Journal, Msg, StickNo, StickProblem};

impl App {
    pub(super) fn open_stick(&mut self, no: StickNo) {
        // What was chosen about another stick's rule file says nothing about this one's.
        self.policy_use = PolicyUse::AsFound;
        if let Some(mut before) = self.opened.take() {
            let _ = before.folder.release();
        }
        let sticks = self.inventory.sticks();
        let facts = self.numbers.find(no, &sticks).ok_or(OpenStickError::Gone);
        match facts.and_then(|facts| OpenedStick::open(no, &facts)) {
            Ok(opened) => {
                self.inventory.use_as_results_stick(&opened.identity);
                let info = opened.info.clone();
                let policy = opened.policy.clone();
                self.opened = Some(opened);
                self.tell(Msg::StickOpened(Ok(info)));
                self.take_policy(policy);
                self.look_again();
            }
            Err(error) => {
                tracing::warn!(%error, "the stick was not opened");
                let problem = match error {
                    OpenStickError::Gone => StickProblem::Removed,
                    OpenStickError::Stick(error) => convert::stick_problem(&error),
                    OpenStickError::Key(error) => StickProblem::Io(error.to_string()),
                };
                self.tell(Msg::StickOpened(Err(problem)));
            }
        }
    }

    pub(super) fn take_policy(&mut self, policy: Option<Result<policy::Table, policy::TableError>>) {
        // The table of a stick that was tried before is not this one's.
        self.table = builtin_table();
        if let Ok(table) = policy::Table::builtin() {
            self.tell(Msg::Policy { table, origin: TableOrigin::Builtin });
        }
        match policy {
            _ if self.policy_use == PolicyUse::BuiltinOnly => {}
            None => {}
            Some(Ok(table)) => {
                let origin = record::TableOrigin::Custom;
                self.table = record::PolicyTable { version: table.version.clone(), origin };
                self.tell(Msg::Policy { table, origin: TableOrigin::Custom });
            }
            Some(Err(policy::TableError::Syntax { message, line })) => {
                self.tell(Msg::PolicyProblem { message, line });
            }
            Some(Err(error)) => self.tell(Msg::PolicyProblem { message: error.to_string(), line: 0 }),
        }
    }

    /// Notices a stick that was pulled even if nothing is being written, and one that was put back.
    pub(super) fn check_stick(&mut self, sticks: &[StickFacts]) {
        let Some(session) = &mut self.session else { return };
        if session.closing == Closing::Done {
            return;
        }
        let name = session.stick.fingerprint();
        let same = |stick: &&StickFacts| {
            stick.identity.fingerprint() == name && stick.filesystem.uuid == session.volume_id
        };
        let there = sticks.iter().find(same).cloned();
        let mounted = session.sequence.clone();
        match (there, session.log.standing()) {
            // Pulled and put back between two looks: what is mounted is not there any more.
            (Some(stick), Journal::Saved | Journal::Saving) if stick.sequence != mounted => {
                session.log.lose(StickProblem::Removed);
                session.log.notice(NoticeCode::StickLost, None, "the results stick was removed for a moment");
                self.resume(&stick, NoticeCode::StickReturned);
            }
            (None, Journal::Saved | Journal::Saving) => {
                session.log.lose(StickProblem::Removed);
                session.log.notice(NoticeCode::StickLost, None, "the results stick was removed");
                self.tell_journal();
            }
            (Some(stick), Journal::Unsaved { problem: StickProblem::Removed, .. }) => {
                self.resume(&stick, NoticeCode::StickReturned);
            }
            _ => {}
        }
    }

    pub(super) fn resume(&mut self, stick: &StickFacts, code: NoticeCode) {
        let Some(session) = &mut self.session else { return };
        session.log.lose(StickProblem::Removed);
        match sticks::mount(stick) {
            Ok(folder) => {
                self.inventory.use_as_results_stick(&stick.identity);
                session.stick = stick.identity.clone();
                session.volume_id = stick.filesystem.uuid.clone();
                session.sequence = stick.sequence.clone();
                // Said before it is saved, so that no copy of the log is without it.
                session.log.notice(code, None, stick.identity.serial.as_str());
                session.log.resume_on(Box::new(folder));
            }
            Err(error) => {
                tracing::warn!(%error, "the stick was not taken");
                session.log.lose(convert::stick_problem(&error));
            }
        }
        self.tell_journal();
    }

    pub(super) fn continue_on(&mut self, no: StickNo) {
        let sticks = self.inventory.sticks();
        let Some(stick) = self.numbers.find(no, &sticks) else { return self.tell_journal() };
        let same = self.session.as_ref().is_some_and(|session| {
            session.stick == stick.identity && session.volume_id == stick.filesystem.uuid
        });
        let code = if same { NoticeCode::StickReturned } else { NoticeCode::StickReplaced };
        self.resume(&stick, code);
        self.look_again();
    }

    pub(super) fn try_stick_again(&mut self) {
        let sticks = self.inventory.sticks();
        let Some(session) = &mut self.session else { return };
        session.log.try_again();
        if !session.log.is_saved() {
            let (name, volume) = (session.stick.fingerprint(), session.volume_id.clone());
            let same =
                |stick: &&StickFacts| stick.identity.fingerprint() == name && stick.filesystem.uuid == volume;
            if let Some(stick) = sticks.iter().find(same).cloned() {
                return self.resume(&stick, NoticeCode::StickReturned);
            }
        }
        self.tell_journal();
    }

    /// Tells how the log stands, and lets go on whatever waited for it.
    pub(super) fn tell_journal(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.answer_waiting();
        let saved = session.log.is_saved();
        let witnessed = saved && session.witness == WitnessEntry::Waiting;
        if witnessed {
            session.witness = WitnessEntry::Told;
        }
        let (standing, closing) = (session.log.standing(), session.closing);
        self.tell(Msg::Journal(standing));
        if witnessed {
            self.tell(Msg::Witnessed);
        }
        if closing == Closing::Asked {
            self.settle();
        }
    }

    pub(super) fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        if let Some(session) = &mut self.session {
            change(session);
            self.tell_journal();
        }
    }
}
