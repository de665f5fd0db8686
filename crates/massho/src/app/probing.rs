//! What a drive says of itself, as a file on the results stick.

use super::App;
use crate::care::probe_in_background;
use crate::convert;
use crate::keeper::Epoch;
use crate::opening::{PutOnOpened, close_unused, put_in_background};
use crate::probe::file;
use inventory::Found;
use inventory::probe::Probed;
use model::DriveNo;
use std::time::{Duration, Instant};
use wizard::{Cause, Msg, ProbeProblem, StickProblem};

/// How long a drive may take for all questions: each has 15 s.
const ASKING: Duration = Duration::from_secs(900);

/// How long the stick may take for the file.
const PUTTING: Duration = Duration::from_secs(60);

/// A probe that has no answer yet.
pub(super) struct Probing {
    /// As it was seen when it was asked for.
    found: Box<Found>,
    stage: Stage,
    since: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The drive is asked.
    Asking,
    /// This keeper puts the file on the stick.
    Keeping(Epoch),
    /// It is put on a stick on which no session has begun.
    OnOpened,
}

impl App {
    /// Answers with [`Msg::Probed`].
    pub(super) fn probe(&mut self, no: DriveNo) {
        let Some(found) = self.sight.get(no).filter(|_| self.probing.is_none()).cloned() else {
            return self.not_probed(ProbeProblem::Drive(Cause::Gone.to_string()));
        };
        if self.session.as_ref().is_some_and(|session| session.is_at_work_on(no)) {
            return self.not_probed(ProbeProblem::Drive(Cause::BeingErased.to_string()));
        }
        match probe_in_background(self.care.clone(), found.clone(), self.events.clone()) {
            Ok(()) => {
                let (found, since) = (Box::new(found), Instant::now());
                self.probing = Some(Probing { found, stage: Stage::Asking, since });
            }
            Err(error) => self.not_probed(ProbeProblem::Drive(error.to_string())),
        }
    }

    fn not_probed(&mut self, why: ProbeProblem) {
        self.tell(Msg::Probed(Err(why)));
    }

    /// Takes the answers. Those of a probe that was given up are dropped.
    pub(super) fn probed(&mut self, no: DriveNo, probed: Result<Probed, String>) {
        let is_its = |it: &mut Probing| it.found.drive.no == no && it.stage == Stage::Asking;
        let Some(Probing { found, .. }) = self.probing.take_if(is_its) else { return };
        let file = match probed.and_then(|probed| file(&found, &probed)) {
            Ok(file) => file,
            Err(why) => return self.not_probed(ProbeProblem::Drive(why)),
        };
        let stage = match (&mut self.session, self.opened.take()) {
            (Some(session), _) => session.log.put(file).map(Stage::Keeping),
            (None, Some(stick)) => put_in_background(Box::new(stick), file, self.events.clone())
                .map(|()| Stage::OnOpened)
                .map_err(|error| StickProblem::Io(error.to_string())),
            (None, None) => Err(StickProblem::Removed),
        };
        match stage {
            Ok(stage) => self.probing = Some(Probing { found, stage, since: Instant::now() }),
            Err(problem) => self.not_probed(ProbeProblem::Stick(problem)),
        }
    }

    /// The keeper has put the file on the stick, or not.
    pub(super) fn put_ended(&mut self, put: Result<String, StickProblem>) {
        if self.probing.take_if(|it| matches!(it.stage, Stage::Keeping(_))).is_some() {
            self.tell(Msg::Probed(put.map_err(ProbeProblem::Stick)));
        }
    }

    /// Whether a file is being put on a stick on which no session has begun: nobody else can have it meanwhile.
    pub(super) fn is_putting_on_opened(&self) -> bool {
        self.probing.as_ref().is_some_and(|it| it.stage == Stage::OnOpened)
    }

    /// Takes a stick back on which no session has begun.
    pub(super) fn put_on_opened(&mut self, ended: PutOnOpened) {
        if self.is_putting_fault() {
            return self.fault_put_on_opened(ended);
        }
        let PutOnOpened { stick, put } = ended;
        if self.probing.take_if(|it| it.stage == Stage::OnOpened).is_none() {
            close_unused(*stick);
            return;
        }
        self.opened = Some(*stick);
        let put = put.map_err(|error| ProbeProblem::Stick(convert::stick_problem(&error)));
        self.tell(Msg::Probed(put));
        self.catch_up();
    }

    /// Gives up a drive or a stick that does not answer, and a stick that is not the same any more.
    pub(super) fn watch_probing(&mut self, now: Instant) {
        let Some(Probing { stage, since, .. }) = &self.probing else { return };
        let waited = now.saturating_duration_since(*since);
        let epoch = self.session.as_ref().and_then(|session| session.log.epoch());
        let why = match *stage {
            Stage::Asking if waited > ASKING => ProbeProblem::Drive(Cause::NoAnswer.to_string()),
            Stage::Keeping(keeper) if epoch != Some(keeper) => ProbeProblem::Stick(StickProblem::Removed),
            Stage::Keeping(_) | Stage::OnOpened if waited > PUTTING => {
                ProbeProblem::Stick(StickProblem::NoAnswer)
            }
            _ => return,
        };
        self.probing = None;
        self.not_probed(why);
        self.catch_up();
    }
}
