//! A job's state from its events. Pure: any order of events leaves a legal state.

use crate::event::{JobEvent, Progress};
use model::StepKind;
use model::{ByteLen, DriveResult, RawStatus};

/// The state of one drive's job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum JobState {
    /// Nothing was heard of it yet.
    #[default]
    Waiting,
    /// It runs.
    Running {
        /// Every step so far, with its status words.
        steps: Vec<(StepKind, Vec<RawStatus>)>,
        /// The last progress, if any.
        progress: Option<Progress>,
    },
    /// It is over. Nothing that comes later changes that.
    Finished(Box<DriveResult>),
}

/// The state after one more event.
#[must_use]
pub fn reduce(state: JobState, event: JobEvent) -> JobState {
    let (mut steps, mut progress) = match state {
        JobState::Finished(_) => return state,
        JobState::Waiting => (Vec::new(), None),
        JobState::Running { steps, progress } => (steps, progress),
    };
    match event {
        JobEvent::Started(_) => {}
        JobEvent::Step { what, raw } => steps.push((what, raw)),
        JobEvent::Progress(new) => progress = Some(later(progress, new)),
        JobEvent::Finished(result) => return JobState::Finished(Box::new(result)),
    }
    JobState::Running { steps, progress }
}

/// The one that is further, never beyond its end: what is on the screen does not run backwards.
fn later(old: Option<Progress>, new: Progress) -> Progress {
    let new = Progress { done: ByteLen(new.done.0.min(new.of.0)), ..new };
    match old {
        Some(old) if (old.phase, old.done) > (new.phase, new.done) => old,
        _ => new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Phase, ProgressSource};
    use model::{Evidence, FailureReason, Method, NotCovered, Outcome, Technique};
    use proptest::prelude::*;

    fn any_progress() -> impl Strategy<Value = Progress> {
        let phase = prop_oneof![
            Just(Phase::Planting),
            Just(Phase::Formatting),
            (1..3u8).prop_map(|number| Phase::Pass { number, of: 2 }),
            Just(Phase::Verifying),
        ];
        (phase, 0..2_000u64, 1..1_000u64).prop_map(|(phase, done, of)| Progress {
            phase,
            done: ByteLen(done),
            of: ByteLen(of),
            rate: 0,
            remaining: None,
            source: ProgressSource::Counted,
        })
    }

    fn any_result() -> impl Strategy<Value = DriveResult> {
        prop_oneof![
            Just(DriveResult::not_covered(NotCovered::ByChoice)),
            Just(DriveResult {
                outcome: Outcome::Done,
                asked: Some(Method::Clear),
                achieved: Some(Method::Clear),
                failure: None,
                not_covered: None,
                evidence: Evidence::default(),
            }),
            Just(DriveResult {
                outcome: Outcome::Failed,
                failure: Some(FailureReason::Vanished),
                ..DriveResult::awaiting_destruction()
            }),
        ]
    }

    fn any_event() -> impl Strategy<Value = JobEvent> {
        prop_oneof![
            Just(JobEvent::Started(Technique::RandomOverwrite)),
            Just(JobEvent::Step { what: StepKind::Accepted, raw: Vec::new() }),
            (1..3u8).prop_map(|pass| JobEvent::Step { what: StepKind::PassDone { pass }, raw: Vec::new() }),
            any_progress().prop_map(JobEvent::Progress),
            any_result().prop_map(JobEvent::Finished),
        ]
    }

    proptest! {
        #[test]
        fn any_order_of_events_leaves_a_legal_state(events in prop::collection::vec(any_event(), 0..24)) {
            let first_result = events.iter().find_map(|event| match event {
                JobEvent::Finished(result) => Some(result.clone()),
                _ => None,
            });
            let mut state = JobState::default();
            let (mut steps_seen, mut furthest) = (0, None);
            for event in events {
                steps_seen += usize::from(matches!(event, JobEvent::Step { .. }));
                let before = state.clone();
                state = reduce(state, event);
                match (&before, &state) {
                    (JobState::Finished(old), JobState::Finished(new)) => prop_assert_eq!(old, new),
                    (JobState::Finished(_), _) => prop_assert!(false, "a finished job came back to life"),
                    (_, JobState::Waiting) => prop_assert!(false, "an event was forgotten"),
                    (_, JobState::Running { steps, progress }) => {
                        prop_assert_eq!(steps.len(), steps_seen);
                        if let Some(progress) = progress {
                            prop_assert!(progress.done <= progress.of);
                            let here = Some((progress.phase, progress.done));
                            prop_assert!(here >= furthest);
                            furthest = here;
                        }
                    }
                    (_, JobState::Finished(_)) => {}
                }
            }
            match (state, first_result) {
                (JobState::Finished(result), Some(first)) => prop_assert_eq!(*result, first),
                (JobState::Finished(_), None) => prop_assert!(false, "finished without a result"),
                (_, first) => prop_assert_eq!(first, None),
            }
        }
    }
}
