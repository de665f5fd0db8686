//! What a keeper says, and what it means for the log.

use super::{Log, Settling, Silence, Stage, Turn};
use crate::convert::stick_problem;
use crate::keeper::{Kept, News};
use record::SessionSummary;
use std::time::Instant;
use wizard::{CloseInfo, StickProblem};

impl Log {
    /// Takes what a keeper says.
    pub(crate) fn take(&mut self, kept: Kept) -> Turn {
        let Some(keeper) = self.keeper.as_ref().filter(|keeper| keeper.epoch() == kept.epoch) else {
            return Turn::Stale;
        };
        self.done = kept.done;
        let waiting = self.done < keeper.asked();
        self.silent_since = waiting.then(Instant::now);
        self.silence = Silence::Fair;
        match kept.news {
            News::Ready if self.stage == Stage::Opening => Turn::Ready,
            News::Ready => Turn::Stands,
            News::Saved(saved) => {
                (self.saved, self.problem) = (saved.lines(), None);
                Turn::Stands
            }
            News::Closed(closed) => self.closed(&closed),
            News::Put(put) => Turn::Put(put.map_err(|error| stick_problem(&error))),
            News::Failed(error) => {
                let settled = self.settling == Settling::Asked && !self.is_waiting();
                let problem = self.fail(&error);
                if settled { self.not_closed(problem) } else { Turn::Stands }
            }
            News::Ended(error) => {
                let (stage, settling) = (self.stage, self.settling);
                self.leave();
                let problem = self.fail(&error);
                match (stage, settling) {
                    (Stage::Opening, _) => Turn::NotReady,
                    (_, Settling::Asked) => self.not_closed(problem),
                    _ => Turn::Stands,
                }
            }
        }
    }

    fn closed(&mut self, closed: &stick::Closed) -> Turn {
        self.leave();
        (self.saved, self.problem, self.settling) = (closed.saved().lines(), None, Settling::Done);
        let head12 = self.writer.head12().to_string();
        let summary = SessionSummary::of(closed.report()).map(|summary| summary.to_string());
        Turn::Closed(CloseInfo { head12, file: closed.saved().file().to_owned(), summary })
    }

    fn fail(&mut self, error: &stick::StickError) -> StickProblem {
        tracing::warn!(error = error as &dyn std::error::Error, "not saved");
        let problem = stick_problem(error);
        self.problem = Some(problem.clone());
        problem
    }

    fn not_closed(&mut self, problem: StickProblem) -> Turn {
        self.settling = Settling::No;
        Turn::NotClosed(problem)
    }
}
