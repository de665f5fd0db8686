//! The session and its jobs, from the opening entry to the close entry.

use super::{App, PolicyUse};
use crate::convert;
use crate::gate::PermitRequest;
use crate::session::{Closing, Session};
use model::DriveNo;
use policy::{Confirmation, SessionPlan};
use record::NoticeCode;
use sanitize::{DriveEvent, JobEvent};
use wizard::{Cause, CloseReason, Journal, Msg, SessionAnswers, StickProblem};

/// What the operator was told would be recorded.
const RULES_REFUSED: &str =
    "the organisation's rule file could not be used; the operator chose the built-in rule table";

impl App {
    pub(super) fn begin_session(&mut self, answers: &SessionAnswers) {
        let table = self.table.clone();
        if self.session.is_some() {
            return self.with_session(|session| {
                // An entry that cannot be made leaves a notice in its place.
                let _ = session.choose(answers, table);
            });
        }
        let Some(stick) = self.opened.take() else {
            return self.tell(Msg::Journal(Journal::Unsaved { count: 0, problem: StickProblem::Removed }));
        };
        let (drives, events) = (self.sight.drives(), self.events.clone());
        match Session::begin(stick, &drives, &self.sight.hidden, answers, table, events) {
            Ok(mut session) => {
                if self.policy_use == PolicyUse::BuiltinOnly {
                    session.log.notice(NoticeCode::Other, None, RULES_REFUSED);
                }
                for record::Notice { code, drive, detail } in self.early.drain(..) {
                    session.log.notice(code, drive, &detail);
                }
                self.session = Some(session);
                self.keep_fault();
                self.tell_journal();
            }
            Err(error) => {
                tracing::error!(%error, "no session");
                let problem = StickProblem::Io(error.to_string());
                self.tell(Msg::Journal(Journal::Unsaved { count: 0, problem }));
            }
        }
    }

    pub(super) fn begin_jobs(&mut self, plan: &SessionPlan, confirmation: &Confirmation) {
        let Some(session) = &mut self.session else { return };
        let confirm = record::Confirm {
            digest: confirmation.digest().to_string(),
            typed: confirmation.typed().to_owned(),
        };
        if session.has_nameless(plan) {
            return self.refuse_jobs(plan, Cause::NoSerial.as_str());
        }
        if session.has_unexcepted(plan) {
            return self.refuse_jobs(plan, Cause::NoException.as_str());
        }
        if session.record_plan(plan).is_err() || session.log.append(confirm).is_err() {
            // A plan that cannot be recorded is not carried out, and the screen says so.
            return self.refuse_jobs(plan, Cause::PlanNotRecorded.as_str());
        }
        session.record_untouched(plan);
        let contradiction = session.log.contradiction();
        self.tell_journal();
        if let Some(contradiction) = contradiction {
            tracing::error!(contradiction, "the log contradicts itself: nothing is begun");
            return self.refuse_jobs(plan, &format!("{}: {contradiction}", Cause::LogContradicts));
        }
        self.want_last_look(plan, confirmation);
    }

    pub(super) fn record_only(&mut self, plan: &SessionPlan) {
        self.with_session(|session| {
            if session.record_plan(plan).is_ok() {
                session.record_untouched(plan);
            }
        });
    }

    pub(super) fn stop_job(&mut self, drive: DriveNo) {
        self.with_session(|session| session.stop_job(drive));
        if self.session.as_ref().is_some_and(|session| session.can_stop(drive)) {
            let view = wizard::JobView { phase: wizard::Phase::Stopping, ..convert::waiting() };
            self.tell(Msg::Job(drive, view));
        }
    }

    pub(super) fn permit(&mut self, request: PermitRequest) {
        // Without a session the request is dropped, and that is a refusal.
        self.with_session(|session| session.ask(request));
    }

    pub(super) fn job(&mut self, DriveEvent { drive, event }: DriveEvent) {
        match event {
            JobEvent::Started(_) => {
                let view = wizard::JobView { phase: wizard::Phase::Preparing, ..convert::waiting() };
                self.tell(Msg::Job(drive, view));
            }
            JobEvent::Step { what, raw } => {
                let stall = match what {
                    model::StepKind::Stalled => Some(wizard::Stall::Stalled),
                    model::StepKind::Recovered => Some(wizard::Stall::Recovered),
                    _ => None,
                };
                self.with_session(|session| session.record_step(drive, what, raw));
                if let Some(stall) = stall {
                    self.tell(Msg::Stalled(drive, stall));
                }
            }
            JobEvent::Progress(progress) => self.tell(Msg::Job(drive, convert::progress(&progress))),
            JobEvent::Finished(result) => {
                let recorded = result.clone();
                self.with_session(|session| session.finish_job(drive, recorded));
                self.scanner.release(drive);
                self.tell(Msg::JobFinished(drive, result));
                self.settle_namespaces();
                // What came under its name meanwhile, or happened to it, is seen now.
                self.look_again();
            }
        }
    }

    /// Tells of results that do not hold any more, because another namespace of the same drive was not erased.
    pub(super) fn settle_namespaces(&mut self) {
        let Some(session) = &mut self.session else { return };
        let taken_back = session.settle_namespaces();
        if !taken_back.is_empty() {
            self.tell_journal();
        }
        for (drive, result) in taken_back {
            self.tell(Msg::JobFinished(drive, result));
        }
    }

    pub(super) fn close(&mut self, reason: CloseReason) {
        let Some(session) = &mut self.session else {
            return self.tell(Msg::Closed(Err(StickProblem::Removed)));
        };
        if let Err(error) = session.close(reason) {
            return self.tell(Msg::Closed(Err(StickProblem::Io(error.to_string()))));
        }
        session.closing = Closing::Asked;
        self.settle();
    }

    /// Has the closed log verified on the stick; tried again whenever the stick is. [`Msg::Closed`] follows.
    pub(super) fn settle(&mut self) {
        let Some(session) = &mut self.session else { return };
        let refused = session.log.settle().err();
        let standing = session.log.standing();
        self.tell(Msg::Journal(standing));
        if let Some(problem) = refused {
            self.tell(Msg::Closed(Err(problem)));
        }
    }
}
