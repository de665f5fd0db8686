//! ATA drives: the state machines of ACS-3 (SECURITY, SANITIZE DEVICE, HPA, DCO, AMAX) behind a SCSI/ATA translation.
//!
//! A host sends SCSI commands ([`crate::VirtualDrive::scsi`]); the layer in `sat` serves the ordinary ones as a
//! translation layer does and takes ATA commands out of ATA PASS-THROUGH. A drive answers most commands at once. SECURITY
//! ERASE UNIT and slow transfers are [`crate::Turn::Busy`]: until `poll` has handed out the answer, every other command
//! gets status BUSY (08h).

mod capacity;
mod check;
mod definition;
mod gate;
mod identify;
mod logs;
mod opcode;
mod sanitize;
mod sat;
mod security;
mod smart;
mod state;
mod taskfile;
#[cfg(test)]
mod tests;
mod transfer;

pub use check::DefinitionError;
pub use definition::{
    Definition, EnhancedErase, Generation, Hidden, IdleStatus, Level, Limit, NormalErase, Operation,
    Sanitize, Security, Supported,
};

use crate::medium::{Medium, MediumError};
use crate::{Clock, Fault, Faults, Power, ScsiCompletion, Turn, VirtualDrive, store};
#[allow(clippy::wildcard_imports, reason = "the command codes are this module's vocabulary")]
use opcode::*;
use sat::Pending;
use state::{Kept, KeptSanitize, Listener, Live, Previous};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use taskfile::{Outcome, Refusal, Reply, Taskfile};

/// CHECK POWER MODE: active or idle, and standby.
const ACTIVE: u16 = 0xff;
const STANDBY_MODE: u16 = 0x00;
/// FEATURE of SET FEATURES: transfer mode, write cache, look-ahead.
const TRANSFER_MODE: u16 = 0x03;
const ENABLE_WRITE_CACHE: u16 = 0x02;
const DISABLE_WRITE_CACHE: u16 = 0x82;
const ENABLE_LOOK_AHEAD: u16 = 0xaa;
const DISABLE_LOOK_AHEAD: u16 = 0x55;

/// Why an ATA drive cannot be made or found.
#[derive(Debug, thiserror::Error)]
pub enum AtaError {
    /// There cannot be such a drive.
    #[error("no such ATA drive")]
    Definition(#[from] DefinitionError),
    /// Its medium cannot be created or opened.
    #[error("no medium")]
    Medium(#[from] MediumError),
    /// Its state cannot be kept.
    #[error("cannot keep a drive's state in {1}")]
    Keep(#[source] std::io::Error, PathBuf),
    /// Its state cannot be loaded.
    #[error("cannot load a drive's state from {1}")]
    Load(#[source] store::LoadError, PathBuf),
}

/// An ATA drive with power on.
pub struct AtaDrive {
    definition: Definition,
    clock: Arc<dyn Clock>,
    medium: Medium,
    faults: Faults,
    kept: Kept,
    live: Live,
    place: PathBuf,
    pending: Option<Pending>,
}

impl AtaDrive {
    /// A new drive with its backing file, empty until [`Medium::fill`] is called on [`AtaDrive::medium`]. Its state is
    /// kept in `FILE.ata`.
    ///
    /// # Errors
    /// [`AtaError`].
    pub fn create(path: &Path, definition: Definition, clock: Arc<dyn Clock>) -> Result<Self, AtaError> {
        definition.check()?;
        let medium = Medium::create(path, definition.layout())?;
        let kept = Kept::new(&definition);
        let place = store::beside(path, "ata");
        store::keep(&place, &kept).map_err(|error| AtaError::Keep(error, place.clone()))?;
        Ok(Self::with(definition, clock, medium, kept, place))
    }

    /// A drive that was created before, its power just switched on.
    ///
    /// # Errors
    /// [`AtaError`].
    pub fn open(path: &Path, definition: Definition, clock: Arc<dyn Clock>) -> Result<Self, AtaError> {
        definition.check()?;
        let place = store::beside(path, "ata");
        let kept = store::load(&place).map_err(|error| AtaError::Load(error, place.clone()))?;
        Ok(Self::with(definition, clock, Medium::open(path)?, kept, place))
    }

    fn with(
        definition: Definition,
        clock: Arc<dyn Clock>,
        medium: Medium,
        kept: Kept,
        place: PathBuf,
    ) -> Self {
        let (faults, live) = (definition.faults.clone(), Live::power_on(&kept));
        let mut drive = Self { definition, clock, medium, faults, kept, live, place, pending: None };
        drive.power_on(Power::Cycle);
        drive
    }

    /// What is physically there.
    pub fn medium(&mut self) -> &mut Medium {
        &mut self.medium
    }

    fn power_on(&mut self, what: Power) {
        let faults = &self.faults;
        let firmware = what == Power::Cycle;
        let mut live = Live::power_on(&self.kept);
        live.slept = what == Power::Sleep;
        let freezes = firmware && faults.has(&Fault::Frozen) || faults.has(&Fault::FrozenForGood);
        // A locked drive aborts FREEZE LOCK.
        live.security_frozen = freezes && !live.locked && self.definition.security.supported.is_yes();
        live.sanitize_frozen = firmware && faults.has(&Fault::SanitizeFrozen);
        let forgetful = faults.has(&Fault::SuccessForgotten);
        live.last_sanitize = if forgetful { IdleStatus::Nothing } else { self.definition.sanitize.idle };
        self.live = live;
        self.pending = None;
        if let KeptSanitize::Running { work, .. } = &mut self.kept.sanitize {
            work.resume(self.clock.now());
        }
    }

    /// Lets work that goes on by itself catch up with the clock.
    fn catch_up(&mut self) {
        if !self.live.gone {
            self.catch_up_security();
            self.catch_up_sanitize();
        }
    }

    /// Carries a command out, or begins to.
    fn execute(&mut self, command: &Taskfile, data: &[u8]) -> Outcome {
        self.catch_up();
        if self.live.gone {
            return Outcome::Gone;
        }
        if self.live.erasing.is_some() {
            return Outcome::Occupied;
        }
        let previous = std::mem::replace(&mut self.live.previous, Previous::Other);
        match self.admit(command) {
            Err(refusal) => Outcome::Done(Err(refusal)),
            Ok(()) => self.dispatch(previous, command, data),
        }
    }

    fn dispatch(&mut self, previous: Previous, command: &Taskfile, data: &[u8]) -> Outcome {
        Outcome::Done(match command.command {
            SECURITY_ERASE_UNIT => return self.security_erase_unit(previous, data),
            SANITIZE_DEVICE => return self.sanitize_device(command),
            SECURITY_SET_PASSWORD => self.security_set_password(data),
            SECURITY_UNLOCK => self.security_unlock(data),
            SECURITY_ERASE_PREPARE => self.security_erase_prepare(),
            SECURITY_FREEZE_LOCK => self.security_freeze_lock(),
            SECURITY_DISABLE_PASSWORD => self.security_disable_password(data),
            READ_NATIVE_MAX | READ_NATIVE_MAX_EXT => self.read_native_max(command),
            SET_MAX | SET_MAX_EXT => self.set_max(previous, command),
            ACCESSIBLE_MAX => self.accessible_max(command),
            DEVICE_CONFIGURATION => self.device_configuration(command, data),
            READ_LOG_EXT | READ_LOG_DMA_EXT => self.read_log(command),
            IDENTIFY_DEVICE => Ok(Reply::data(self.identify())),
            SMART => self.smart(command),
            _ => self.transfer_or_power(command, data),
        })
    }

    fn transfer_or_power(&mut self, command: &Taskfile, data: &[u8]) -> Result<Reply, Refusal> {
        match command.command {
            READ_SECTORS | READ_SECTORS_EXT | READ_DMA | READ_DMA_EXT | READ_MULTIPLE | READ_MULTIPLE_EXT => {
                self.read_sectors(command)
            }
            WRITE_SECTORS | WRITE_SECTORS_EXT | WRITE_DMA | WRITE_DMA_EXT | WRITE_DMA_FUA_EXT
            | WRITE_MULTIPLE | WRITE_MULTIPLE_EXT => self.write_sectors(command, data),
            READ_VERIFY | READ_VERIFY_EXT => self.verify_sectors(command),
            DATA_SET_MANAGEMENT => self.data_set_management(command, data),
            FLUSH_CACHE | FLUSH_CACHE_EXT => self.flush(),
            SET_FEATURES => self.set_features(command),
            SET_MULTIPLE => Ok(Reply::default()),
            CHECK_POWER_MODE => {
                Ok(Reply::registers(if self.live.standby { STANDBY_MODE } else { ACTIVE }, 0))
            }
            STANDBY | STANDBY_IMMEDIATE | SLEEP => {
                self.live.standby = true;
                self.flush()
            }
            IDLE | IDLE_IMMEDIATE => {
                self.live.standby = false;
                Ok(Reply::default())
            }
            _ => Err(Refusal::Abort),
        }
    }

    fn set_features(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        match command.feature & 0xff {
            TRANSFER_MODE => {}
            ENABLE_WRITE_CACHE => self.live.write_cache = true,
            DISABLE_WRITE_CACHE => self.live.write_cache = false,
            ENABLE_LOOK_AHEAD => self.live.look_ahead = true,
            DISABLE_LOOK_AHEAD => self.live.look_ahead = false,
            _ => return Err(Refusal::Abort),
        }
        Ok(Reply::default())
    }

    fn flush(&mut self) -> Result<Reply, Refusal> {
        self.medium.settle()?;
        Ok(Reply::default())
    }

    /// Keeps what survives a power cycle.
    fn keep(&self) -> Result<Reply, Refusal> {
        store::keep(&self.place, &self.kept).map_err(|_| Refusal::Fault)?;
        Ok(Reply::default())
    }
}

impl VirtualDrive for AtaDrive {
    fn power(&mut self, what: Power) {
        self.catch_up();
        match what {
            Power::Cycle | Power::Sleep => self.power_on(what),
            Power::Reset => {
                self.pending = None;
                self.live.finished = None;
                if let Some(erasing) = &mut self.live.erasing {
                    erasing.listener = Listener::Nobody;
                }
            }
        }
    }

    fn faults(&mut self) -> &mut Faults {
        &mut self.faults
    }

    fn scsi(&mut self, cdb: &[u8], data_out: &[u8], data_in_len: usize) -> Turn<ScsiCompletion> {
        self.serve(cdb, data_out, data_in_len)
    }

    fn poll(&mut self) -> Turn<ScsiCompletion> {
        self.poll_pending()
    }

    fn settle(&mut self) {
        // Nobody is left to be told; a drive whose map was not kept is found so when it is opened.
        let _: Result<(), MediumError> = self.medium.settle();
    }
}
