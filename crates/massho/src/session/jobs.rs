//! The jobs of a session's drives: armed, running, waiting for their intents to be saved.

use super::Session;
use crate::clock;
use crate::convert;
use crate::gate::PermitRequest;
use model::{DriveNo, DriveResult, Technique};
use policy::Erase;
use record::{At, NoticeCode, Period};
use sanitize::{JobHandle, NotPermitted};
use std::time::{Duration, Instant};

/// How long arming may take: a drive is asked several things, each with 15 s to answer.
const ARMING_PATIENCE: Duration = Duration::from_secs(120);

/// A job that runs.
pub(super) struct Job {
    handle: JobHandle,
    began: At,
    technique: Technique,
}

/// How far a drive is on its way to its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arming {
    /// It waits for the last look.
    Wanted,
    /// It is being armed since then.
    Since(Instant),
}

/// A job that waits until its intent is on the stick.
pub(super) struct Waiting {
    request: PermitRequest,
    /// How many entries the log had with its intent.
    entries: usize,
}

impl Session {
    /// Takes a drive that is to be armed after the last look.
    pub(crate) fn want_arming(&mut self, drive: DriveNo) {
        self.arming.insert(drive, Arming::Wanted);
    }

    /// Takes a drive that is being armed.
    pub(crate) fn begin_arming(&mut self, drive: DriveNo) {
        self.arming.insert(drive, Arming::Since(Instant::now()));
    }

    /// Whether a drive is to be armed, or being armed.
    pub(crate) fn is_arming(&self, drive: DriveNo) -> bool {
        self.arming.contains_key(&drive)
    }

    /// The drives that do not answer while they are being armed.
    pub(crate) fn overdue(&self, now: Instant) -> Vec<DriveNo> {
        let late = |arming: &Arming| match arming {
            Arming::Wanted => false,
            Arming::Since(since) => now.saturating_duration_since(*since) > ARMING_PATIENCE,
        };
        self.arming.iter().filter(|(_, arming)| late(arming)).map(|(drive, _)| *drive).collect()
    }

    /// Takes a drive that could not be armed.
    pub(crate) fn end_arming(&mut self, drive: DriveNo) {
        self.arming.remove(&drive);
        self.stops.remove(&drive);
    }

    /// Takes a job that was started. One that was to be stopped meanwhile stops before its first step, for which it
    /// has to ask here.
    pub(crate) fn add_job(&mut self, handle: JobHandle, erase: Erase, began: At) {
        let drive = handle.drive();
        self.arming.remove(&drive);
        if self.stops.remove(&drive) {
            handle.stop();
        }
        if !erase.lift.is_nothing() {
            self.lifted.insert(drive);
        }
        self.jobs.insert(drive, Job { handle, began, technique: erase.technique });
    }

    /// Records a step of a job.
    pub(crate) fn record_step(&mut self, drive: DriveNo, what: model::StepKind, raw: Vec<model::RawStatus>) {
        let Some(job) = self.jobs.get(&drive) else { return };
        let step = record::Step { drive, technique: job.technique, what, raw_status: raw };
        let _ = self.log.append(step);
    }

    /// Records the end of a job.
    pub(crate) fn finish_job(&mut self, drive: DriveNo, result: DriveResult) {
        let period = self.jobs.remove(&drive).map(|job| {
            // The thread has said its last word; its own result is the same.
            let _ = job.handle.join();
            Period { began: job.began, ended: clock::now() }
        });
        self.record_result(drive, result, period);
    }

    /// Whether a drive can be stopped: its own command cannot.
    pub(crate) fn can_stop(&self, drive: DriveNo) -> bool {
        self.is_arming(drive)
            || self.jobs.get(&drive).is_some_and(|job| job.technique == Technique::RandomOverwrite)
    }

    /// Whether any drive is being erased, or about to be.
    pub(crate) fn is_working(&self) -> bool {
        !self.jobs.is_empty() || !self.arming.is_empty()
    }

    /// Whether a job of this session has this drive.
    pub(crate) fn is_at_work_on(&self, drive: DriveNo) -> bool {
        self.is_arming(drive) || self.jobs.contains_key(&drive)
    }

    /// Whether a job of this session has this drive, or had it.
    pub(crate) fn has_worked_on(&self, drive: DriveNo) -> bool {
        self.is_at_work_on(drive) || self.periods.contains_key(&drive)
    }

    /// Whether a plan was recorded, or anything was begun by one.
    pub(crate) fn has_begun(&self) -> bool {
        self.planned || self.is_working()
    }

    /// Asks a job to stop, also one that waits for its intent to be saved.
    pub(crate) fn stop_job(&mut self, drive: DriveNo) {
        self.log.notice(NoticeCode::StopAsked, Some(drive), "the operator asked to stop this drive");
        if self.is_arming(drive) {
            self.stops.insert(drive);
        }
        if let Some(job) = self.jobs.get(&drive) {
            job.handle.stop();
        }
        let is_its = |waiting: &Waiting| waiting.request.intent.drive == drive;
        let (stopped, waiting) = self.waiting.drain(..).partition(is_its);
        self.waiting = waiting;
        let stopped: Vec<Waiting> = stopped;
        for waiting in stopped {
            let _ = waiting.request.answer.send(Err(NotPermitted::Stopped));
        }
    }

    /// Records an intent and lets the job wait until it is on the stick.
    pub(crate) fn ask(&mut self, request: PermitRequest) {
        match self.log.append(convert::intent(&request.intent)) {
            Ok(()) => self.waiting.push(Waiting { request, entries: self.log.len() }),
            Err(error) => {
                let _ = request.answer.send(Err(NotPermitted::NotSaved(error.to_string())));
            }
        }
        self.answer_waiting();
    }

    /// Lets go on whoever waits for an entry that is on the stick.
    pub(crate) fn answer_waiting(&mut self) {
        let log = &self.log;
        let (saved, waiting) = self.waiting.drain(..).partition(|waiting| log.holds(waiting.entries));
        self.waiting = waiting;
        let saved: Vec<Waiting> = saved;
        for waiting in saved {
            // A job that is gone needs no answer.
            let _ = waiting.request.answer.send(Ok(()));
        }
    }
}
