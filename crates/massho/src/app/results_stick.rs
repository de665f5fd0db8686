//! The results stick: opened, lost, found again, replaced; and the rule table that may lie on it.

use super::jobs::Jobs;
use super::{App, PolicyUse, builtin_table};
use crate::convert;
use crate::journal::Turn;
use crate::keeper::Kept;
use crate::office::OwnTable;
use crate::opening::{self, OpenStickError, Opened, OpenedStick, close_unused, open_in_background};
use crate::session::{Closing, Retry, Session, Whereabouts, WitnessEntry};
use inventory::StickFacts;
use policy::TableOrigin;
use record::NoticeCode;
use std::time::{Duration, Instant};
use wizard::{Msg, StickNo, StickProblem};

/// How long opening a stick may take: every log on it is verified, on a slow PC.
const OPENING_PATIENCE: Duration = Duration::from_secs(60);

/// How long after a stick that was seen could not be mounted it is tried again without being asked.
const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// A stick that is being opened.
pub(super) struct Opening {
    number: u64,
    since: Instant,
}

impl App {
    pub(super) fn open_stick(&mut self, no: StickNo) {
        // What was chosen about another stick's rule file says nothing about this one's.
        self.policy_use = PolicyUse::AsFound;
        self.jobs_list = Jobs::None;
        let before = self.opened.take().map(close_unused);
        self.openings += 1;
        let number = self.openings;
        let facts = self.numbers.find(no, &self.sight.sticks).ok_or(OpenStickError::Gone);
        let (port, boot, events) = (self.ports.clone(), self.boot.clone(), self.events.clone());
        let begun =
            facts.and_then(|facts| open_in_background(port, (number, no), facts, boot, before, events));
        match begun {
            Ok(()) => self.opening = Some(Opening { number, since: Instant::now() }),
            Err(error) => self.not_opened(&error),
        }
    }

    pub(super) fn stick_opened(&mut self, Opened { number, stick }: Opened) {
        if self.reopened(number) {
            return self.take_up_unused(stick);
        }
        if self.opening.take_if(|opening| opening.number == number).is_none() {
            // Another one was chosen meanwhile, or this one was given up.
            if let Ok(stick) = stick {
                close_unused(*stick);
            }
            return;
        }
        match stick {
            Ok(stick) => self.use_stick(*stick),
            Err(error) => self.not_opened(&error),
        }
    }

    fn use_stick(&mut self, stick: OpenedStick) {
        self.scanner.use_as_results_stick(&stick.identity);
        let (info, policy) = (stick.info.clone(), stick.policy.clone());
        let passwords = stick.history.passwords.clone();
        self.opened = Some(stick);
        self.tell(Msg::StickOpened(Ok(info)));
        self.take_passwords(passwords);
        self.take_policy(policy);
        self.expect_jobs();
        // No plan is made before the drives were seen with this one in use.
        self.settle_drives();
        self.put_fault_on_opened();
    }

    fn not_opened(&mut self, error: &OpenStickError) {
        tracing::warn!(%error, "the stick was not opened");
        self.opening = None;
        let problem = match error {
            OpenStickError::Gone => StickProblem::Removed,
            OpenStickError::Stick(error) => convert::stick_problem(error),
            OpenStickError::Key(error) => StickProblem::Io(error.to_string()),
            OpenStickError::Thread(error) => StickProblem::Io(error.to_string()),
        };
        self.tell(Msg::StickOpened(Err(problem)));
    }

    pub(super) fn take_policy(&mut self, policy: Option<Result<OwnTable, policy::TableError>>) {
        // The table of a stick that was tried before is not this one's.
        self.table = builtin_table();
        if let Ok(table) = policy::Table::builtin() {
            self.tell(Msg::Policy { table, origin: TableOrigin::Builtin });
        }
        match policy {
            _ if self.policy_use == PolicyUse::BuiltinOnly => {}
            None => {}
            Some(Ok(OwnTable { table, origin, sha256 })) => {
                let told = match origin {
                    record::TableOrigin::Signed => TableOrigin::Signed,
                    record::TableOrigin::Custom | record::TableOrigin::Builtin => TableOrigin::Custom,
                };
                self.table =
                    record::PolicyTable { version: table.version.clone(), origin, sha256: Some(sha256) };
                self.tell(Msg::Policy { table, origin: told });
            }
            Some(Err(policy::TableError::Syntax { message, line })) => {
                self.tell(Msg::PolicyProblem { message, line });
            }
            Some(Err(error)) => self.tell(Msg::PolicyProblem { message: error.to_string(), line: 0 }),
        }
    }

    /// Notices a stick that was pulled even if nothing is being written, and one that was put back.
    pub(super) fn check_stick(&mut self) {
        let Some(session) = &mut self.session else { return };
        // No other stick mends a log that contradicts itself.
        if session.closing == Closing::Done || session.is_changing_sticks() || session.log.is_garbled() {
            return;
        }
        let stick = session.find_stick(&self.sight.sticks);
        let lacks_stick = session.log.is_without_stick();
        match (session.whereabouts(stick.as_ref()), stick, session.log.has_keeper()) {
            // Pulled and put back between two looks: what is mounted is not there any more.
            (Whereabouts::Back, Some(stick), true) => {
                session.stick_lost("the results stick was removed for a moment");
                self.resume(stick, NoticeCode::StickReturned);
            }
            (Whereabouts::Gone, _, true) => {
                session.stick_lost("the results stick was removed");
                self.tell_journal();
            }
            (_, Some(stick), _) if lacks_stick && self.may_resume() => {
                self.resume(stick, NoticeCode::StickReturned);
            }
            _ => {}
        }
    }

    /// Whether the stick is to be tried without being asked: once whenever it was seen, and now and then.
    fn may_resume(&mut self) -> bool {
        let (now, seen) = (Instant::now(), self.sights);
        let again = self.tried.is_none_or(|(sight, when)| sight != seen || now - when > RETRY_PAUSE);
        if again {
            self.tried = Some((seen, now));
        }
        again
    }

    fn resume(&mut self, stick: StickFacts, code: NoticeCode) {
        let Some(session) = &mut self.session else { return };
        let place = opening::place(self.ports.clone(), stick.clone());
        session.resume(stick, code, place);
        self.tell_journal();
    }

    pub(super) fn continue_on(&mut self, no: StickNo) {
        let Some(stick) = self.numbers.find(no, &self.sight.sticks) else { return self.tell_journal() };
        let same = self.session.as_ref().is_some_and(|session| session.is_on(&stick));
        let code = if same { NoticeCode::StickReturned } else { NoticeCode::StickReplaced };
        self.resume(stick, code);
        self.look_again();
    }

    pub(super) fn try_stick_again(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.log.has_keeper() {
            session.retry = Retry::Asked;
            session.log.try_again();
            return self.tell_journal();
        }
        self.mount_again();
    }

    /// Mounts the session's stick anew, if it is there.
    fn mount_again(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.retry = Retry::NotAsked;
        match session.find_stick(&self.sight.sticks) {
            Some(stick) => self.resume(stick, NoticeCode::StickReturned),
            None => self.tell_journal(),
        }
    }

    /// Takes what the keeper of the log says.
    pub(super) fn kept(&mut self, kept: Kept) {
        let Some(session) = &mut self.session else { return };
        let (turn, new_stick) = session.take(kept);
        if let Some(stick) = new_stick {
            self.scanner.use_as_results_stick(&stick.identity);
            self.look_again();
        }
        match turn {
            Turn::Stale => {}
            Turn::Put(put) => {
                self.tell_journal();
                if !self.took_fault(&put) {
                    self.put_ended(put);
                }
            }
            Turn::Closed(info) => {
                self.with_session(|session| session.closing = Closing::Done);
                self.tell(Msg::Closed(Ok(info)));
            }
            Turn::NotClosed(problem) => {
                self.tell_journal();
                self.tell(Msg::Closed(Err(problem)));
            }
            Turn::Stands | Turn::Ready | Turn::NotReady => self.stands(),
        }
        self.go_on_with_sleep(None, Instant::now());
    }

    fn stands(&mut self) {
        let Some(session) = &mut self.session else { return };
        let (saved, retry) = (session.log.is_saved(), session.retry);
        if saved {
            session.retry = Retry::NotAsked;
        }
        let settles = saved && session.closing == Closing::Asked;
        let fails = !session.log.is_waiting() && !saved;
        if fails && retry == Retry::Asked && !session.log.is_garbled() {
            return self.mount_again();
        }
        self.tell_journal();
        if settles {
            self.settle();
        }
    }

    /// Tells how the log stands, and lets go on whatever waited for it.
    pub(super) fn tell_journal(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.answer_waiting();
        let witnessed = session.log.is_saved() && session.witness == WitnessEntry::Waiting;
        if witnessed {
            session.witness = WitnessEntry::Told;
        }
        let standing = session.log.standing();
        self.tell(Msg::Journal(standing));
        if witnessed {
            self.tell(Msg::Witnessed);
        }
    }

    /// Says so when a stick does not answer; gives up one that is only being opened.
    pub(super) fn watch_stick(&mut self, now: Instant) {
        if self.session.as_mut().is_some_and(|session| session.log.watch(now)) {
            self.tell_journal();
        }
        let overdue = |opening: &mut Opening| now.saturating_duration_since(opening.since) > OPENING_PATIENCE;
        if self.opening.take_if(overdue).is_some() {
            tracing::warn!("the stick could not be opened in time");
            self.tell(Msg::StickOpened(Err(StickProblem::NoAnswer)));
        }
    }

    pub(super) fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        if let Some(session) = &mut self.session {
            change(session);
            self.tell_journal();
        }
    }
}
