//! How the log stands, for the screen and for whoever waits for it.

use super::{Log, Phase, Settling, Silence, Stage};
use std::time::{Duration, Instant};
use wizard::{Journal as Standing, StickProblem};

/// How long a stick may leave an order unanswered before the screen says so: slower than any sound stick's flush.
const PATIENCE: Duration = Duration::from_secs(10);

impl Log {
    /// Whether something is asked of the keeper that it has not answered.
    pub(crate) fn is_waiting(&self) -> bool {
        self.silent_since.is_some()
    }

    /// Notices a stick that has not answered for long. Whether the log stands otherwise now.
    pub(crate) fn watch(&mut self, now: Instant) -> bool {
        let overdue = self.silent_since.is_some_and(|since| now.saturating_duration_since(since) > PATIENCE);
        let changed = overdue && self.silence == Silence::Fair;
        if changed {
            tracing::warn!("the results stick does not answer");
            self.silence = Silence::Overdue;
        }
        changed
    }

    /// How it stands, for the screen.
    pub(crate) fn standing(&self) -> Standing {
        let problem = match (&self.problem, self.silence) {
            (Some(problem), _) => problem.clone(),
            (None, Silence::Overdue) => StickProblem::NoAnswer,
            (None, Silence::Fair) if self.is_saved() && self.settling != Settling::Asked => {
                return Standing::Saved;
            }
            (None, Silence::Fair) if self.stage == Stage::Aside && self.saved == self.lines.len() => {
                return Standing::Saved;
            }
            (None, Silence::Fair) => return Standing::Saving,
        };
        Standing::Unsaved { count: self.unsaved(&problem), problem }
    }

    fn unsaved(&self, problem: &StickProblem) -> u32 {
        let count = u32::try_from(self.lines.len().saturating_sub(self.saved)).unwrap_or(u32::MAX);
        match problem {
            StickProblem::NotVerified(_) => count,
            // With every entry there, it is the proof of the last one that is missing.
            _ => count.max(1),
        }
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether the first so many entries were read back from the present stick.
    pub(crate) fn holds(&self, entries: usize) -> bool {
        let there = self.keeper.is_some() || self.settling == Settling::Done;
        there && self.saved >= entries
    }

    /// Whether every entry so far was read back from the stick.
    pub(crate) fn is_saved(&self) -> bool {
        self.problem.is_none() && self.holds(self.lines.len())
    }

    /// Whether a keeper is there, working or not.
    pub(crate) fn has_keeper(&self) -> bool {
        self.keeper.is_some()
    }

    /// Whether it waits for a stick that was pulled, and nobody has gone for it.
    pub(crate) fn is_without_stick(&self) -> bool {
        self.problem == Some(StickProblem::Removed)
    }

    /// Whether the log is on the stick and contradicts itself: no other stick would mend it.
    pub(crate) fn is_garbled(&self) -> bool {
        matches!(self.problem, Some(StickProblem::NotVerified(_)))
    }

    /// Whether the close entry has been made.
    pub(crate) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }
}
