//! From the confirmation to the running job: a last look at the drives, then each is armed, then each is started.

use super::App;
use crate::clock;
use crate::convert;
use crate::drives::{self, Armed, arm_in_background};
use crate::gate::ChannelGate;
use crate::scanner::Ticket;
use crate::session::not_started;
use model::{DriveNo, DriveResult, FailureReason};
use policy::{Confirmation, SessionPlan};
use std::sync::Arc;
use std::time::Instant;
use wizard::{Cause, Msg};

/// How often the last look may fail before nothing is begun.
const LAST_LOOKS: u32 = 5;

/// A confirmed plan whose drives wait for the last look.
pub(super) struct Start {
    plan: Arc<SessionPlan>,
    confirmation: Confirmation,
    /// The first look that began after the confirmation.
    look: Ticket,
    failed: u32,
}

impl App {
    /// Wants the last look: what has changed since the plan was shown is found then, not by name but by identity.
    pub(super) fn want_last_look(&mut self, plan: &SessionPlan, confirmation: &Confirmation) {
        let look = self.look_again();
        if let Some(session) = &mut self.session {
            to_erase(plan).for_each(|line| session.want_arming(line.drive));
        }
        let (plan, confirmation) = (Arc::new(plan.clone()), confirmation.clone());
        self.start = Some(Start { plan, confirmation, look, failed: 0 });
    }

    /// Goes on if that was the last look. Called while no look is under way, so that none disturbs the arming.
    pub(super) fn go_on_with_start(&mut self, ticket: Ticket, seen: bool) {
        let Some(mut start) = self.start.take_if(|start| start.look <= ticket) else { return };
        if seen {
            return self.arm_all(&start);
        }
        start.failed += 1;
        if start.failed >= LAST_LOOKS {
            return self.refuse_jobs(&start.plan, Cause::NotLookedAt.as_str());
        }
        self.start = Some(start);
    }

    fn arm_all(&mut self, start: &Start) {
        self.armed_plan = Some(start.plan.clone());
        for line in to_erase(&start.plan) {
            let found = self.sight.get(line.drive).cloned();
            self.scanner.spare(line.drive);
            if let Some(session) = &mut self.session {
                session.begin_arming(line.drive);
            }
            let confirmed = (start.plan.clone(), start.confirmation.clone());
            let begun =
                arm_in_background(self.arm.clone(), confirmed, line.clone(), found, self.events.clone());
            if let Err(result) = begun {
                self.not_armed(line.drive, *result);
            }
        }
    }

    pub(super) fn armed(&mut self, Armed { drive, armed }: Armed) {
        // One that was given up has its result; the drive is closed again.
        let Some(session) = self.session.as_mut().filter(|session| session.is_arming(drive)) else { return };
        let armed = match armed {
            Ok(armed) => armed,
            Err(result) => return self.not_armed(drive, *result),
        };
        let (erase, began) = (armed.erase(), clock::now());
        let gate = Arc::new(ChannelGate(self.events.clone()));
        // However far the opening of a hidden area gets, it stays the same drive.
        if !erase.lift.is_nothing() {
            self.scanner.expect_growth(drive);
        }
        session.add_job(sanitize::start(armed, gate, self.jobs.clone()), erase, began);
        self.tell(Msg::Job(drive, convert::waiting()));
    }

    fn not_armed(&mut self, drive: DriveNo, result: DriveResult) {
        self.scanner.release(drive);
        let recorded = result.clone();
        self.with_session(|session| {
            session.end_arming(drive);
            session.record_result(drive, recorded, None);
        });
        self.tell(Msg::JobFinished(drive, result));
        self.settle_namespaces();
        self.look_again();
    }

    /// Gives up drives that do not answer while they are being armed: nothing was written to them.
    pub(super) fn watch_arming(&mut self, now: Instant) {
        let late = self.session.as_ref().map(|session| session.overdue(now)).unwrap_or_default();
        for drive in late {
            let reason = FailureReason::Io(Cause::NoAnswer.to_string());
            self.not_armed(drive, not_started(reason, self.asked_of(drive)));
        }
    }

    fn asked_of(&self, drive: DriveNo) -> Option<model::Method> {
        let plan = self.armed_plan.as_ref()?;
        plan.drive(drive).and_then(|line| drives::asked(&line.action))
    }

    /// Ends every drive of a plan as failed, before anything was written.
    pub(super) fn refuse_jobs(&mut self, plan: &SessionPlan, why: &str) {
        for line in to_erase(plan) {
            let reason = FailureReason::Internal(why.to_owned());
            let result = not_started(reason, drives::asked(&line.action));
            let recorded = result.clone();
            self.with_session(|session| {
                session.end_arming(line.drive);
                session.record_result(line.drive, recorded, None);
            });
            self.tell(Msg::JobFinished(line.drive, result));
        }
    }
}

fn to_erase(plan: &SessionPlan) -> impl Iterator<Item = &policy::DrivePlan> {
    plan.drives.iter().filter(|line| line.action.erase().is_some())
}
