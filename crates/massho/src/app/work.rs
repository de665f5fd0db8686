//! The session and its jobs, from the opening entry to the close entry.

use super::{App, PolicyUse};
use crate::clock;
use crate::convert;
use crate::drives;
use crate::gate::{ChannelGate, PermitRequest};
use crate::session::{Closing, Session, not_started};
use model::DriveNo;
use policy::{Confirmation, SessionPlan};
use record::NoticeCode;
use sanitize::{DriveEvent, JobEvent};
use std::sync::Arc;
use wizard::{CloseReason, Journal, Msg, SessionAnswers, StickProblem};

/// What every reader of a log should know of this version.
const NOT_EXAMINED: &str = "hidden areas (HPA, DCO, AMAX) were not examined by this version";

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
        let drives: Vec<model::Drive> =
            self.inventory.found().iter().map(|found| found.drive.clone()).collect();
        match Session::begin(stick, &drives, &inventory::hidden_controllers(), answers, table) {
            Ok(mut session) => {
                if self.policy_use == PolicyUse::BuiltinOnly {
                    session.log.notice(NoticeCode::Other, None, RULES_REFUSED);
                }
                self.session = Some(session);
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
        if session.record_plan(plan).is_err() || session.log.append(confirm).is_err() {
            // A plan that cannot be recorded is not carried out, and the screen says so.
            return self.refuse_jobs(plan, "the plan could not be recorded");
        }
        session.record_untouched(plan);
        session.log.notice(NoticeCode::Other, None, NOT_EXAMINED);
        let contradiction = session.log.contradiction();
        self.tell_journal();
        // A last look: what has changed since the plan was shown is found now, not by name but by identity.
        self.look_again();
        if let Some(contradiction) = contradiction {
            tracing::error!(contradiction, "the log contradicts itself: nothing is begun");
            return self.refuse_jobs(plan, &contradiction);
        }
        for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
            self.begin_job(plan, confirmation, line);
        }
    }

    /// Ends every drive of a plan as failed, before anything was written.
    pub(super) fn refuse_jobs(&mut self, plan: &SessionPlan, why: &str) {
        for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
            let reason = model::FailureReason::Internal(why.to_owned());
            let result = not_started(reason, drives::asked(&line.action));
            let recorded = result.clone();
            self.with_session(|session| session.record_result(line.drive, recorded, None));
            self.tell(Msg::JobFinished(line.drive, result));
        }
    }

    pub(super) fn begin_job(
        &mut self,
        plan: &SessionPlan,
        confirmation: &Confirmation,
        line: &policy::DrivePlan,
    ) {
        let armed = drives::arm(plan, confirmation, line, self.inventory.get(line.drive));
        let Some(session) = &mut self.session else { return };
        match armed {
            Ok(armed) => {
                self.inventory.spare(line.drive);
                let (technique, began) = (armed.erase().technique, clock::now());
                let gate = Arc::new(ChannelGate(self.events.clone()));
                session.add_job(sanitize::start(armed, gate, self.jobs.clone()), technique, began);
                self.tell(Msg::Job(line.drive, convert::waiting()));
            }
            Err(result) => {
                session.record_result(line.drive, (*result).clone(), None);
                self.tell_journal();
                self.tell(Msg::JobFinished(line.drive, *result));
            }
        }
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
                self.with_session(|session| session.record_step(drive, what, raw))
            }
            JobEvent::Progress(progress) => self.tell(Msg::Job(drive, convert::progress(&progress))),
            JobEvent::Finished(result) => {
                let recorded = result.clone();
                self.with_session(|session| session.finish_job(drive, recorded));
                self.inventory.release(drive);
                self.tell(Msg::JobFinished(drive, result));
                // What came under its name meanwhile, or happened to it, is seen now.
                self.look_again();
            }
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

    /// Verifies the closed log on the stick; tried again whenever the stick is.
    pub(super) fn settle(&mut self) {
        let Some(session) = &mut self.session else { return };
        let settled = session.log.settle();
        if settled.is_ok() {
            session.closing = Closing::Done;
        }
        let standing = session.log.standing();
        self.tell(Msg::Journal(standing));
        self.tell(Msg::Closed(settled));
    }
}
