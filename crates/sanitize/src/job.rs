//! One drive's job: a thread that ends with exactly one result, whatever happens in it.

use crate::arm::ArmedDrive;
use crate::clock::{Clock, SystemClock};
use crate::context::{Context, Reporter, Tell};
use crate::event::{DriveEvent, JobEvent};
use crate::gate::IntentGate;
use crate::result::{failure, success, without_proof};
use crate::stop::StopFlag;
use crate::stream::Generator;
use crate::{firmware, lift, overwrite};
use crossbeam_channel::Sender;
use model::{DriveNo, DriveResult, Evidence, FailureReason, StepKind, Technique};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

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
    start_with(armed, gate, events, Means::default())
}

/// What a job works with, apart from the drive.
#[derive(Clone)]
pub struct Means {
    /// Makes the random streams.
    pub generator: Generator,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Default for Means {
    fn default() -> Self {
        Self { generator: Generator::for_this_cpu(), clock: Arc::new(SystemClock::default()) }
    }
}

/// The same with a chosen generator and clock, for measuring and for tests.
#[must_use]
pub fn start_with(
    armed: ArmedDrive,
    gate: Arc<dyn IntentGate>,
    events: Sender<DriveEvent>,
    means: Means,
) -> JobHandle {
    let (no, stop) = (armed.no(), StopFlag::default());
    let reporter = Reporter { drive: no, events: events.clone() };
    let job_stop = stop.clone();
    let job = move || {
        let result = run(&armed, gate.as_ref(), &reporter, &job_stop, &means);
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
    means: &Means,
) -> DriveResult {
    let (generator, clock) = (means.generator, means.clock.as_ref());
    let context = Context { armed, gate, reporter, stop, generator, clock };
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
        Technique::RandomOverwrite => {
            lift::run(context, evidence).and_then(|()| overwrite::run(context, evidence))
        }
        _ => firmware::run(context, evidence),
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
