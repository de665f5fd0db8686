//! One drive's job: a thread that ends with exactly one result, whatever happens in it.

use crate::arm::ArmedDrive;
use crate::event::{DriveEvent, JobEvent, Phase, Progress};
use crate::gate::{Intent, IntentGate, NotPermitted};
use crate::progress::Meter;
use crate::result::{failure, success, without_proof};
use crate::stop::StopFlag;
use crate::stream::Generator;
use crate::{nvme_format, overwrite};
use crossbeam_channel::Sender;
use model::StepKind;
use model::{DriveNo, DriveResult, Evidence, FailureReason, RawStatus, Technique};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;
use transport::IoFailure;

/// While so many events wait for their reader, progress is not added to them.
const CROWDED: usize = 256;

/// A running job.
#[derive(Debug)]
pub struct JobHandle {
    no: DriveNo,
    stop: StopFlag,
    thread: Option<JoinHandle<DriveResult>>,
}

impl JobHandle {
    /// The drive.
    #[must_use]
    pub fn drive(&self) -> DriveNo {
        self.no
    }

    /// Asks an overwrite or a read-back to end at its next chunk, as 未完了. A drive that erases itself cannot be stopped.
    pub fn stop(&self) {
        self.stop.set();
    }

    /// Whether the job is over.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for the end of the job: the same result as its [`JobEvent::Finished`].
    #[must_use]
    pub fn join(self) -> DriveResult {
        let lost =
            |what: &str| without_proof(None, FailureReason::Internal(what.to_owned()), Evidence::default());
        match self.thread.map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) => lost("the job's thread ended without a result"),
            None => lost("the job's thread could not be started"),
        }
    }
}

/// Starts the job of an armed drive. Its events end with one [`JobEvent::Finished`].
#[must_use]
pub fn start(armed: ArmedDrive, gate: Arc<dyn IntentGate>, events: Sender<DriveEvent>) -> JobHandle {
    start_with(armed, gate, events, Generator::for_this_cpu())
}

/// The same with a chosen generator, for measuring.
#[must_use]
pub fn start_with(
    armed: ArmedDrive,
    gate: Arc<dyn IntentGate>,
    events: Sender<DriveEvent>,
    generator: Generator,
) -> JobHandle {
    let (no, stop) = (armed.no(), StopFlag::default());
    let reporter = Reporter { drive: no, events: events.clone() };
    let job_stop = stop.clone();
    let job = move || {
        let result = run(&armed, gate.as_ref(), &reporter, &job_stop, generator);
        // The drive is closed before anyone hears that it is over.
        drop(armed);
        reporter.send(JobEvent::Finished(result.clone()));
        result
    };
    match thread::Builder::new().name(format!("drive-{no}")).spawn(job) {
        Ok(thread) => JobHandle { no, stop, thread: Some(thread) },
        Err(error) => {
            let reason = FailureReason::Internal(format!("no thread: {error}"));
            let result = without_proof(None, reason, Evidence::default());
            Reporter { drive: no, events }.send(JobEvent::Finished(result));
            JobHandle { no, stop, thread: None }
        }
    }
}

fn run(
    armed: &ArmedDrive,
    gate: &dyn IntentGate,
    reporter: &Reporter,
    stop: &StopFlag,
    generator: Generator,
) -> DriveResult {
    let context = Context { armed, gate, reporter, stop, generator };
    let mut evidence = Evidence::default();
    // What the evidence says so far stays true when the rest panics.
    let ended = catch_unwind(AssertUnwindSafe(|| carry_out(&context, &mut evidence)));
    let ended = ended.unwrap_or_else(|panic| Err(FailureReason::Internal(panic_text(panic.as_ref()))));
    match ended {
        Ok(()) => success(armed, evidence),
        Err(reason) => failure(armed, reason, evidence),
    }
}

fn carry_out(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    let technique = context.armed.erase().technique;
    context.reporter.send(JobEvent::Started(technique));
    let ended = match technique {
        Technique::RandomOverwrite => overwrite::run(context, evidence),
        Technique::NvmeFormatUserData => nvme_format::run(context, evidence),
        other => Err(FailureReason::Internal(format!("{other} cannot be carried out"))),
    };
    if ended == Err(FailureReason::Stopped) {
        context.step(StepKind::StopAsked, &[])?;
    }
    ended
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a job panicked").to_owned()
}

/// What every technique needs.
pub(crate) struct Context<'a> {
    pub(crate) armed: &'a ArmedDrive,
    gate: &'a dyn IntentGate,
    reporter: &'a Reporter,
    pub(crate) stop: &'a StopFlag,
    pub(crate) generator: Generator,
}

impl<'a> Context<'a> {
    /// Asks for the next irreversible step.
    ///
    /// # Errors
    /// It must not be taken.
    pub(crate) fn permit(
        &self,
        command: String,
        pass: Option<u8>,
        canary_seed: Option<String>,
    ) -> Result<(), FailureReason> {
        let not_stopped = |stop: &StopFlag| if stop.is_set() { Err(FailureReason::Stopped) } else { Ok(()) };
        not_stopped(self.stop)?;
        let identity = self.armed.identity();
        let intent = Intent {
            drive: self.armed.no(),
            identity_fingerprint: identity.fingerprint(),
            serial: identity.serial.clone(),
            technique: self.armed.erase().technique,
            command,
            pass,
            canary_seed,
        };
        match self.gate.permit(&intent) {
            // The gate may have blocked for long.
            Ok(()) => not_stopped(self.stop),
            Err(NotPermitted::NotSaved(why)) => {
                tracing::warn!(drive = %intent.drive, why, "an intent was not saved");
                Err(FailureReason::IntentNotSaved)
            }
            Err(NotPermitted::Stopped) => Err(FailureReason::Stopped),
        }
    }

    /// Tells what was seen.
    ///
    /// # Errors
    /// Nobody listens any more, so nothing could be recorded.
    pub(crate) fn step(&self, what: StepKind, raw: &[RawStatus]) -> Result<(), FailureReason> {
        match self.reporter.send(JobEvent::Step { what, raw: raw.to_vec() }) {
            Delivery::Delivered => Ok(()),
            Delivery::NobodyListens => Err(FailureReason::Internal("nobody records this job".to_owned())),
        }
    }

    /// Tells how far it is.
    pub(crate) fn progress(&self, progress: Progress) {
        self.reporter.progress(progress);
    }

    /// Flushes the drive's cache. A flush that fails leaves every write since the last one uncertain.
    ///
    /// # Errors
    /// The failure.
    pub(crate) fn flush(&self) -> Result<(), FailureReason> {
        self.armed.device().flush().map_err(|failure| match failure {
            IoFailure::Gone => FailureReason::Vanished,
            IoFailure::Medium(text) | IoFailure::Other(text) => FailureReason::Io(format!("flush: {text}")),
        })
    }

    /// A meter for a walk over the whole medium, after which so many walks are still to come.
    pub(crate) fn meter(&self, phase: Phase, walks_later: u64) -> WalkMeter<'a> {
        let len = self.armed.device().geometry().len.0;
        let meter = Meter::new(phase, len, len.saturating_mul(walks_later), Instant::now());
        WalkMeter { meter, reporter: self.reporter }
    }
}

/// Reports the progress of one walk.
pub(crate) struct WalkMeter<'a> {
    meter: Meter,
    reporter: &'a Reporter,
}

impl WalkMeter<'_> {
    /// Takes the number of bytes done by now.
    pub(crate) fn tick(&mut self, done: u64) {
        self.reporter.progress(self.meter.sample(Instant::now(), done));
    }
}

/// Whether an event has a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Delivered,
    NobodyListens,
}

/// Sends one drive's events.
struct Reporter {
    drive: DriveNo,
    events: Sender<DriveEvent>,
}

impl Reporter {
    /// Blocks until there is room.
    fn send(&self, event: JobEvent) -> Delivery {
        match self.events.send(DriveEvent { drive: self.drive, event }) {
            Ok(()) => Delivery::Delivered,
            Err(_) => Delivery::NobodyListens,
        }
    }

    /// Drops it where there is none: the next one says more.
    fn progress(&self, progress: Progress) {
        if self.events.len() < CROWDED {
            // Full or without a reader: the next step event finds out.
            let _ =
                self.events.try_send(DriveEvent { drive: self.drive, event: JobEvent::Progress(progress) });
        }
    }
}
