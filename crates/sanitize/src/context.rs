//! What every technique needs: the armed drive, the gate, somebody to tell, the time.

use crate::arm::ArmedDrive;
use crate::clock::Clock;
use crate::event::{DriveEvent, JobEvent, Phase, Progress, ProgressSource};
use crate::gate::{Intent, IntentGate, NotPermitted};
use crate::progress::Meter;
use crate::stop::StopFlag;
use crate::stream::Generator;
use crossbeam_channel::Sender;
use model::{ByteLen, DriveNo, FailureReason, RawStatus, StepKind};
use std::time::Duration;
use transport::{Device, IoFailure};

/// While so many events wait for their reader, progress is not added to them.
const CROWDED: usize = 256;

/// Hears what happens to a drive.
pub(crate) trait Tell {
    /// Tells what was seen.
    ///
    /// # Errors
    /// Nobody listens any more, so nothing could be recorded.
    fn step(&self, what: StepKind, raw: &[RawStatus]) -> Result<(), FailureReason>;

    /// Tells how far it is.
    fn progress(&self, progress: Progress);
}

/// An irreversible step that is about to be taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// The exact command and its parameters.
    pub(crate) command: String,
    /// Which pass of an overwrite.
    pub(crate) pass: Option<u8>,
    /// The seed of the canaries, where some are planted.
    pub(crate) canary_seed: Option<String>,
    /// The ATA password that the step sets.
    pub(crate) password: Option<String>,
}

impl Wanted {
    /// A command of the drive's.
    pub(crate) fn command(command: String) -> Self {
        Self { command, ..Self::default() }
    }
}

/// What every technique needs.
pub(crate) struct Context<'a> {
    pub(crate) armed: &'a ArmedDrive,
    pub(crate) gate: &'a dyn IntentGate,
    pub(crate) reporter: &'a Reporter,
    pub(crate) stop: &'a StopFlag,
    pub(crate) generator: Generator,
    pub(crate) clock: &'a dyn Clock,
}

impl<'a> Context<'a> {
    /// The drive.
    pub(crate) fn device(&self) -> &'a dyn Device {
        self.armed.device()
    }

    /// Asks for the next irreversible step.
    ///
    /// # Errors
    /// It must not be taken.
    pub(crate) fn permit(&self, wanted: Wanted) -> Result<(), FailureReason> {
        let not_stopped = |stop: &StopFlag| if stop.is_set() { Err(FailureReason::Stopped) } else { Ok(()) };
        not_stopped(self.stop)?;
        let identity = self.armed.identity();
        let intent = Intent {
            drive: self.armed.no(),
            identity_fingerprint: identity.fingerprint(),
            serial: identity.serial.clone(),
            technique: self.armed.erase().technique,
            command: wanted.command,
            pass: wanted.pass,
            canary_seed: wanted.canary_seed,
            password: wanted.password,
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

    /// Flushes the drive's cache. A flush that fails leaves every write since the last one uncertain.
    ///
    /// # Errors
    /// The failure.
    pub(crate) fn flush(&self) -> Result<(), FailureReason> {
        self.device().flush().map_err(|failure| match failure {
            IoFailure::Gone => FailureReason::Vanished,
            IoFailure::Medium(text) | IoFailure::Other(text) => FailureReason::Io(format!("flush: {text}")),
        })
    }

    /// A meter for a walk over the whole medium, after which so many walks are still to come.
    pub(crate) fn meter(&self, phase: Phase, walks_later: u64) -> WalkMeter<'a> {
        let len = self.device().geometry().len.0;
        self.meter_of(phase, len, len.saturating_mul(walks_later))
    }

    /// A meter for `of` bytes, after which the job has `later` bytes to go.
    pub(crate) fn meter_of(&self, phase: Phase, of: u64, later: u64) -> WalkMeter<'a> {
        let meter = Meter::new(phase, of, later, self.clock.now());
        WalkMeter { meter, reporter: self.reporter, clock: self.clock }
    }

    /// Tells of a phase in which there is nothing to count, which the drive says takes so long.
    pub(crate) fn silent(&self, phase: Phase, remaining: Option<Duration>) {
        let of = self.device().geometry().len;
        let source = ProgressSource::Silent;
        self.progress(Progress { phase, done: ByteLen(0), of, rate: 0, remaining, source });
    }
}

impl Tell for Context<'_> {
    fn step(&self, what: StepKind, raw: &[RawStatus]) -> Result<(), FailureReason> {
        match self.reporter.send(JobEvent::Step { what, raw: raw.to_vec() }) {
            Delivery::Delivered => Ok(()),
            Delivery::NobodyListens => Err(FailureReason::Internal("nobody records this job".to_owned())),
        }
    }

    fn progress(&self, progress: Progress) {
        self.reporter.progress(progress);
    }
}

/// Reports the progress of one walk.
pub(crate) struct WalkMeter<'a> {
    meter: Meter,
    reporter: &'a Reporter,
    clock: &'a dyn Clock,
}

impl WalkMeter<'_> {
    /// Takes the number of bytes done by now.
    pub(crate) fn tick(&mut self, done: u64) {
        self.reporter.progress(self.meter.sample(self.clock.now(), done));
    }
}

/// Whether an event has a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Delivered,
    NobodyListens,
}

/// Sends one drive's events.
pub(crate) struct Reporter {
    pub(crate) drive: DriveNo,
    pub(crate) events: Sender<DriveEvent>,
}

impl Reporter {
    /// Blocks until there is room.
    pub(crate) fn send(&self, event: JobEvent) -> Delivery {
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
