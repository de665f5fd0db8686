//! The drive: what it is made of, what it remembers, which command goes where.

use super::command::{Command, Completion, admin};
use super::definition::Definition;
use super::error::NvmeError;
use super::features::Features;
use super::kept::{Counters, ErrorEntry, Kept, Presence, Woke};
use super::namespace::{Namespace, backing_of, broken};
use super::sanitize::{Phase, Sanitize};
use super::{Status, format, identify, log};
use crate::store;
use crate::{Clock, Fault, Faults, Turn};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Every namespace.
pub(super) const BROADCAST: u32 = 0xffff_ffff;
/// What the drive's own time begins with: work that was begun before a restart began before the clock did.
const EPOCH: Duration = Duration::from_secs(365 * 24 * 3600);
/// Error log entries that are kept.
pub(super) const ERRORS: usize = 16;

/// The highest number of a namespace.
const MAX_NAMESPACE: u32 = 1024;

/// An NVMe drive: one subsystem with one controller.
pub struct Controller {
    pub(super) definition: Definition,
    pub(super) clock: Arc<dyn Clock>,
    path: PathBuf,
    pub(super) faults: Faults,
    pub(super) namespaces: Vec<Namespace>,
    pub(super) sanitize: Sanitize,
    pub(super) counters: Counters,
    pub(super) errors: VecDeque<ErrorEntry>,
    pub(super) format: Option<format::Run>,
    /// A format that has ended and whose answer has not been fetched.
    pub(super) formatted: Option<Completion>,
    pub(super) io: Option<(Duration, Completion)>,
    pub(super) features: Features,
    pub(super) events: VecDeque<u32>,
    pub(super) presence: Presence,
    pub(super) woke: Woke,
}

impl std::fmt::Debug for Controller {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Controller").field("serial", &self.definition.serial).finish_non_exhaustive()
    }
}

impl Controller {
    /// Makes a new drive with backing files of its own: `backing` for the first namespace, files next to it for others.
    ///
    /// # Errors
    /// [`NvmeError`].
    pub fn create(definition: Definition, backing: &Path, clock: Arc<dyn Clock>) -> Result<Self, NvmeError> {
        check_numbers(&definition)?;
        let mut namespaces = Vec::new();
        for (position, wanted) in definition.namespaces.iter().enumerate() {
            let path = backing_of(backing, wanted.number, position);
            let namespace = Namespace::create(wanted, &path)
                .map_err(|source| NvmeError::Medium { number: wanted.number, source })?;
            namespaces.push(namespace);
        }
        let drive = Self::assemble(definition, backing, clock, namespaces, Kept::default());
        drive.try_keep()?;
        Ok(drive)
    }

    /// Opens a drive as it was left; of the definition, only what is not on the media counts.
    ///
    /// # Errors
    /// [`NvmeError`].
    pub fn open(definition: Definition, backing: &Path, clock: Arc<dyn Clock>) -> Result<Self, NvmeError> {
        let path = store::beside(backing, "nvme");
        let kept: Kept = store::load(&path).map_err(|source| NvmeError::Load { path, source })?;
        let mut namespaces = Vec::new();
        for (position, shape) in kept.namespaces.iter().cloned().enumerate() {
            let number = shape.number;
            let path = backing_of(backing, number, position);
            let namespace =
                Namespace::open(shape, &path).map_err(|source| NvmeError::Medium { number, source })?;
            namespaces.push(namespace);
        }
        let mut drive = Self::assemble(definition, backing, clock, namespaces, kept);
        drive.resume();
        Ok(drive)
    }

    fn assemble(
        definition: Definition,
        backing: &Path,
        clock: Arc<dyn Clock>,
        namespaces: Vec<Namespace>,
        kept: Kept,
    ) -> Self {
        Self {
            faults: definition.faults.clone(),
            features: Features::new(definition.queues),
            definition,
            clock,
            path: store::beside(backing, "nvme"),
            namespaces,
            sanitize: kept.sanitize,
            counters: kept.counters,
            errors: VecDeque::new(),
            format: None,
            formatted: None,
            io: None,
            events: VecDeque::new(),
            presence: Presence::There,
            woke: Woke::FromOff,
        }
    }

    /// What it was made from.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The medium of a namespace, to fill it and to look at it from outside.
    pub fn medium(&mut self, number: u32) -> Option<&mut crate::medium::Medium> {
        self.namespaces.iter_mut().find(|ns| ns.shape.number == number).map(|ns| &mut ns.medium)
    }

    /// Fills a namespace as a long life would have ([`crate::medium::Medium::fill`]).
    ///
    /// # Errors
    /// [`NvmeError::Medium`], [`NvmeError::Numbers`] where there is no such namespace.
    pub fn fill(&mut self, number: u32, pattern: impl FnMut(u64, &mut [u8])) -> Result<(), NvmeError> {
        self.sanitize.written = true;
        let medium = self.medium(number).ok_or(NvmeError::Numbers)?;
        medium.fill(pattern).map_err(|source| NvmeError::Medium { number, source })?;
        self.try_keep()
    }

    pub(super) fn now(&self) -> Duration {
        EPOCH + self.clock.now()
    }

    pub(super) fn try_keep(&self) -> Result<(), NvmeError> {
        let kept = Kept {
            sanitize: self.sanitize.clone(),
            counters: self.counters,
            namespaces: self.namespaces.iter().map(|ns| ns.shape.clone()).collect(),
        };
        store::keep(&self.path, &kept).map_err(|source| NvmeError::Keep { path: self.path.clone(), source })
    }

    /// Keeps what is to be remembered. A full disk of the host's costs the memory of it, not the drive.
    pub(super) fn keep(&self) {
        let _ = self.try_keep();
    }

    /// The position of an attached namespace.
    pub(super) fn attached(&self, nsid: u32) -> Result<usize, Status> {
        self.namespaces
            .iter()
            .position(|ns| ns.shape.number == nsid && ns.is_attached())
            .ok_or(Status::INVALID_NAMESPACE)
    }

    /// Bytes that a command brings along or takes away.
    #[must_use]
    pub fn transfer(&self, command: &Command) -> usize {
        match command.opcode() {
            admin::IDENTIFY => identify::SIZE,
            admin::GET_LOG_PAGE => command.log_bytes(),
            admin::SET_FEATURES | admin::GET_FEATURES => Features::transfer(command),
            _ => 0,
        }
    }

    /// An admin command, queues and events apart.
    pub(super) fn dispatch(&mut self, command: &Command, data: &[u8], length: usize) -> Turn<Completion> {
        if let Some(status) = self.barred(command) {
            return Turn::Done(status.into());
        }
        let now = self.now();
        let answer = match command.opcode() {
            admin::IDENTIFY => identify::identify(self, command),
            admin::GET_LOG_PAGE => log::page(self, command, now),
            admin::GET_FEATURES => self.features.get(command, now),
            admin::SET_FEATURES => self.features.set(command, data, now),
            admin::FORMAT => return self.begin_format(command),
            admin::SANITIZE => return self.begin_sanitize(command),
            // Bit 0: the command to be aborted was not.
            admin::ABORT => Ok(Completion::with_result(1)),
            // Held until there is something to tell.
            admin::ASYNC_EVENT => return self.take_event().map_or(Turn::Silent, Turn::Done),
            _ => Err(Status::INVALID_OPCODE),
        };
        let mut completion = answer.unwrap_or_else(Completion::failed);
        completion.data.truncate(length);
        Turn::Done(completion)
    }

    /// An event that was waiting to be told.
    pub(super) fn take_event(&mut self) -> Option<Completion> {
        self.events.pop_front().map(Completion::with_result)
    }

    /// What a sanitize, or a failed one, does not let through (NVMe Base 2.0, 8.21.1, Figure 490).
    fn barred(&self, command: &Command) -> Option<Status> {
        let status = self.sanitize_status()?;
        let allowed = match command.opcode() {
            admin::IDENTIFY
            | admin::GET_FEATURES
            | admin::SET_FEATURES
            | admin::ABORT
            | admin::ASYNC_EVENT => true,
            admin::GET_LOG_PAGE => log::allowed_while_sanitizing(command),
            admin::SANITIZE => !matches!(self.sanitize.phase, Phase::Running(_)),
            _ => false,
        };
        (!allowed).then_some(status)
    }

    /// With what commands are refused that a sanitize, or a failed one, does not let through.
    pub(super) fn sanitize_status(&self) -> Option<Status> {
        match &self.sanitize.phase {
            Phase::Running(_) => Some(Status::SANITIZE_IN_PROGRESS),
            Phase::Failed(super::sanitize::Completion::Restricted) => Some(Status::SANITIZE_FAILED),
            Phase::Idle | Phase::Failed(_) => None,
        }
    }

    /// Remembers a failed command.
    pub(super) fn note_error(&mut self, completion: &Completion, command: &Command) {
        if completion.status.is_success() {
            return;
        }
        self.counters.errors += 1;
        let (count, status) = (self.counters.errors, completion.status);
        self.errors.push_front(ErrorEntry { count, status, lba: command.slba(), nsid: command.nsid() });
        self.errors.truncate(ERRORS);
    }

    /// Blocks lose their places, as far as the faults let them.
    pub(super) fn deallocate(&mut self, position: usize) -> Result<(), Status> {
        let Some(namespace) = self.namespaces.get_mut(position) else { return Ok(()) };
        let blocks = namespace.blocks();
        let count = match () {
            () if self.faults.has(&Fault::ErasesNothing) || self.faults.has(&Fault::FallsSilent) => 0,
            () if self.faults.has(&Fault::ErasesHalf) => blocks / 2,
            () => blocks,
        };
        namespace.medium.unmap(0, count).map_err(broken)
    }
}

fn check_numbers(definition: &Definition) -> Result<(), NvmeError> {
    let mut numbers: Vec<_> = definition.namespaces.iter().map(|ns| ns.number).collect();
    numbers.sort_unstable();
    let repeated = numbers.windows(2).any(|pair| pair.first() == pair.last());
    let bad = numbers.iter().any(|number| !(1..=MAX_NAMESPACE).contains(number));
    if numbers.is_empty() || repeated || bad { Err(NvmeError::Numbers) } else { Ok(()) }
}
