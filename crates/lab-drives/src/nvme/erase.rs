//! Format and Sanitize under way.

use super::Status;
use super::command::{Command, Completion};
use super::controller::{BROADCAST, Controller};
use super::definition::Action;
use super::definition::{NoDeallocate, milliseconds};
use super::format::{self, Answer, Secure, fna};
use super::kept::{Presence, Woke};
use super::namespace::broken;
use super::sanitize::{self, Ask, Last, Phase, passes_done};
use crate::medium::{Erase, Extent, Reach, Technique, WHOLE};
use crate::work::Work;
use crate::{Fault, Turn};
use std::time::Duration;

/// Asynchronous event: I/O command set specific status 6h, sanitize operation completed 01h, log page 81h (NVMe Base
/// 2.0, Figures 143 and 147).
const EVENT_SANITIZED: u32 = 0x81_0106;
/// The same, completed with unexpected deallocation 02h.
const EVENT_UNEXPECTED: u32 = 0x81_0206;
/// How soon to ask again where nothing says when.
const LATER: Duration = Duration::from_secs(1);

impl Controller {
    /// Faults that answer an erase command before it is looked at.
    fn refuse_erase(&self) -> Option<Status> {
        self.faults.iter().find_map(|fault| match fault {
            Fault::CommandAborted => Some(Status::INVALID_OPCODE),
            Fault::RejectedUntilSleep { status } if self.woke == Woke::FromOff => Some(Status(*status)),
            _ => None,
        })
    }

    fn has(&self, fault: &Fault) -> bool {
        self.faults.has(fault)
    }

    fn work(&self, technique: Technique, takes: Duration) -> Work {
        let whole = Erase::whole(technique, Extent::Everything);
        // Whatever made it fail did so half way.
        let reach = if self.has(&Fault::EraseFails) { Reach::FirstHalf } else { Reach::Whole };
        Work::begin(Erase { reach, ..whole }, takes, self.now(), &self.faults)
    }

    pub(super) fn begin_format(&mut self, command: &Command) -> Turn<Completion> {
        if let Some(status) = self.refuse_erase() {
            return Turn::Done(status.into());
        }
        if self.format.is_some() {
            return Turn::Done(Status::FORMAT_IN_PROGRESS.into());
        }
        let attributes = self.definition.format.attributes;
        let checked = format::Request::parse(command, attributes)
            .and_then(|request| Ok((request, self.formatted_namespaces(&request, command.nsid())?)));
        let (request, positions) = match checked {
            Ok(checked) => checked,
            Err(status) => return Turn::Done(status.into()),
        };
        if self.has(&Fault::FallsSilent) {
            return Turn::Silent;
        }
        let takes = milliseconds(self.definition.format.takes_ms);
        let works = positions.into_iter().map(|at| (at, self.work(request.technique(), takes))).collect();
        let silent = self.has(&Fault::TimesOut);
        let answer = if silent { Answer::Forgotten } else { Answer::Wanted };
        self.format = Some(format::Run { request, works, answer });
        self.formatted = None;
        if silent { Turn::Silent } else { Turn::Busy(takes) }
    }

    /// Which namespaces a format concerns.
    fn formatted_namespaces(&self, request: &format::Request, nsid: u32) -> Result<Vec<usize>, Status> {
        let attributes = self.definition.format.attributes;
        let all = || (0..self.namespaces.len()).collect();
        if nsid == BROADCAST {
            let refused = attributes & fna::NO_BROADCAST != 0;
            return if refused { Err(Status::INVALID_FIELD) } else { Ok(all()) };
        }
        let one = self.attached(nsid)?;
        Ok(if request.concerns_all(attributes) { all() } else { vec![one] })
    }

    /// Lets the time that has passed do its work.
    pub(super) fn catch_up(&mut self) {
        if self.presence != Presence::There {
            return;
        }
        let now = self.now();
        self.go_on_formatting(now);
        self.go_on_sanitizing(now);
    }

    fn go_on_formatting(&mut self, now: Duration) {
        let Some(mut run) = self.format.take() else { return };
        let mut reached = WHOLE;
        let mut failure = None;
        for (position, work) in &mut run.works {
            let Some(namespace) = self.namespaces.get_mut(*position) else { continue };
            match work.advance(&mut namespace.medium, now) {
                Ok(share) => reached = reached.min(share),
                Err(error) => failure = Some(broken(error)),
            }
        }
        if self.vanishes(reached, false) {
            // Whatever a drive does about a format without power, the host has to begin anew.
            self.presence = Presence::Gone;
            return;
        }
        let stuck = self.is_stuck();
        if failure.is_none() && (reached < WHOLE || stuck) {
            self.format = Some(run);
            return;
        }
        let failure = failure.or(self.has(&Fault::EraseFails).then_some(Status::INTERNAL_ERROR));
        let end = failure.map_or_else(|| self.finish_format(&run), Err);
        let completion = end.err().map_or_else(Completion::default, Completion::failed);
        self.formatted = (run.answer == Answer::Wanted).then_some(completion);
        self.keep();
    }

    fn finish_format(&mut self, run: &format::Run) -> Result<(), Status> {
        for (position, _) in &run.works {
            if run.request.secure == Secure::Crypto && !self.has(&Fault::NoiseAfterCryptoErase) {
                self.deallocate(*position)?;
            }
            let Some(namespace) = self.namespaces.get_mut(*position) else { continue };
            let before = namespace.format();
            namespace.shape.format = run.request.format;
            namespace.shape.protection = run.request.protection;
            namespace.shape.position = run.request.position;
            let after = namespace.format();
            if (before.data, before.metadata) != (after.data, after.metadata) {
                namespace.medium.recut(after.data, after.metadata).map_err(broken)?;
            }
        }
        Ok(())
    }

    pub(super) fn begin_sanitize(&mut self, command: &Command) -> Turn<Completion> {
        if let Some(status) = self.refuse_erase() {
            return Turn::Done(status.into());
        }
        if self.format.is_some() {
            return Turn::Done(Status::FORMAT_IN_PROGRESS.into());
        }
        let request = match Ask::parse(command) {
            Ok(Ask::ExitFailure) => return Turn::Done(self.exit_failure()),
            Ok(Ask::Begin(request)) => request,
            Err(status) => return Turn::Done(status.into()),
        };
        let takes = match self.check_sanitize(&request) {
            Ok(takes) => takes,
            Err(status) => return Turn::Done(status.into()),
        };
        if self.has(&Fault::FallsSilent) {
            return Turn::Silent;
        }
        let works = self.namespaces.iter().map(|_| self.work(request.technique(), takes)).collect();
        self.sanitize.dword10 = request.raw;
        self.sanitize.passes = 0;
        self.sanitize.phase = Phase::Running(sanitize::Run { request, disappeared: false, works });
        self.keep();
        if self.has(&Fault::TimesOut) { Turn::Silent } else { Turn::Done(Completion::default()) }
    }

    fn check_sanitize(&self, request: &sanitize::Request) -> Result<Duration, Status> {
        let takes = request.takes(&self.definition.sanitize).ok_or(Status::INVALID_FIELD)?;
        let inhibited = self.definition.sanitize.no_deallocate == NoDeallocate::Inhibited;
        if inhibited && request.keep_allocated && !self.features.no_deallocate_is_warning() {
            return Err(Status::INVALID_FIELD);
        }
        // A failure in restricted mode is left by an operation in restricted mode only.
        let restricted = self.sanitize.phase == Phase::Failed(sanitize::Completion::Restricted);
        if restricted && request.completion == sanitize::Completion::Unrestricted {
            return Err(Status::SANITIZE_FAILED);
        }
        Ok(takes)
    }

    fn exit_failure(&mut self) -> Completion {
        if self.sanitize.phase == Phase::Failed(sanitize::Completion::Restricted) {
            return Status::SANITIZE_FAILED.into();
        }
        self.sanitize.phase = Phase::Idle;
        self.keep();
        Completion::default()
    }

    fn go_on_sanitizing(&mut self, now: Duration) {
        let Phase::Running(run) = &mut self.sanitize.phase else { return };
        let mut failed = false;
        for (namespace, work) in self.namespaces.iter_mut().zip(&mut run.works) {
            failed |= work.advance(&mut namespace.medium, now).is_err();
        }
        let (reached, disappeared) = (run.reached(), run.disappeared);
        if self.vanishes(reached, disappeared) {
            if let Phase::Running(run) = &mut self.sanitize.phase {
                run.disappeared = true;
            }
            self.presence = Presence::Gone;
            self.keep();
            return;
        }
        if failed || reached >= WHOLE && !self.is_stuck() {
            self.finish_sanitize(failed);
        }
    }

    fn finish_sanitize(&mut self, failed: bool) {
        let Phase::Running(run) = std::mem::take(&mut self.sanitize.phase) else { return };
        self.sanitize.passes = passes_done(&run);
        let failed = failed || self.has(&Fault::EraseFails) || self.tidy_up(&run.request).is_err();
        if failed {
            self.sanitize.last = Last::Failed;
            self.sanitize.phase = Phase::Failed(run.request.completion);
            self.events.push_back(EVENT_SANITIZED);
        } else {
            let inhibited = self.definition.sanitize.no_deallocate == NoDeallocate::Inhibited;
            let unexpected = run.request.keep_allocated && inhibited;
            self.sanitize.last = if unexpected { Last::UnexpectedDeallocation } else { Last::Done };
            self.sanitize.written = false;
            self.events.push_back(if unexpected { EVENT_UNEXPECTED } else { EVENT_SANITIZED });
        }
        self.keep();
    }

    /// What follows the erase itself: deallocation, unless the host asked for the contrary and may.
    fn tidy_up(&mut self, request: &sanitize::Request) -> Result<(), Status> {
        let inhibited = self.definition.sanitize.no_deallocate == NoDeallocate::Inhibited;
        let noise = request.action == Action::Crypto && self.has(&Fault::NoiseAfterCryptoErase);
        if noise || request.keep_allocated && !inhibited {
            return Ok(());
        }
        (0..self.namespaces.len()).try_for_each(|position| self.deallocate(position))
    }

    fn vanishes(&self, reached: u32, disappeared: bool) -> bool {
        !disappeared && self.faults.disappears_at().is_some_and(|at| reached >= at)
    }

    fn is_stuck(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, Fault::StuckProgress { .. }))
    }

    /// The power came back: an interrupted sanitize goes on from where it was.
    pub(super) fn resume(&mut self) {
        let now = self.now();
        if let Phase::Running(run) = &mut self.sanitize.phase {
            run.works.iter_mut().for_each(|work| work.resume(now));
        }
    }

    /// When something happens by itself; `None` where nothing is under way.
    #[must_use]
    pub fn busy_for(&self) -> Option<Duration> {
        let now = self.now();
        let format = self.format.iter().flat_map(|run| run.works.iter().map(|(_, work)| work));
        let works: Vec<&Work> = match &self.sanitize.phase {
            Phase::Running(run) => format.chain(&run.works).collect(),
            Phase::Idle | Phase::Failed(_) => format.collect(),
        };
        works
            .iter()
            .map(|work| work.remaining(now))
            .max()
            .map(|left| left.clamp(Duration::from_millis(1), LATER))
    }

    /// How much of a format is left, in per cent (FPI, NVM Command Set 1.0, Figure 97).
    pub(super) fn format_left(&self, position: usize) -> Option<u8> {
        let run = self.format.as_ref()?;
        let (_, work) = run.works.iter().find(|(at, _)| *at == position)?;
        let left = u64::from(WHOLE - work.reached()) * 100 / u64::from(WHOLE);
        u8::try_from(left).ok()
    }
}
