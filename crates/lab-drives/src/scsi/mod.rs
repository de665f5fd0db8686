//! A SAS disk or SSD by SPC-4 and SBC-4 (with SBC-4's SANITIZE).
//!
//! [`ScsiDrive`] takes commands as they come off the wire. Sanitizing and formatting go on by themselves as the clock
//! does; a sanitize outlives a power cut, a format does not. During either, commands that always answer do so while the
//! one that began it may still wait for its end.

mod command;
mod config;
mod erase;
mod inquiry;
mod io;
mod mode;
mod sense;
mod state;
#[cfg(test)]
mod tests;

pub use config::{Operation, ReadsAfterErase, Sanitizes, ScsiConfig};

use crate::medium::{Medium, MediumError};
use crate::store::{self, LoadError};
use crate::{Clock, Fault, Faults, Power, ScsiCompletion, Turn, VirtualDrive};
use command::Command;
use erase::Answer;
use mode::{Blocks, Settings};
use sense::{Cdb, Format, Outcome, Sense, check, good};
use state::{Kept, Phase};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often a host asks at most whether a long command has ended.
const LOOK: Duration = Duration::from_millis(20);

/// A SAS drive.
pub struct ScsiDrive {
    config: ScsiConfig,
    medium: Medium,
    clock: Arc<dyn Clock>,
    faults: Faults,
    kept: Kept,
    places: PathBuf,
    /// What the host is to be told first.
    attention: Option<Sense>,
    /// START STOP UNIT has stopped it.
    stopped: bool,
    /// The PC has slept since it was switched on.
    slept: bool,
    /// It has disappeared.
    gone: bool,
    /// The command that is under way.
    pending: Option<Pending>,
}

/// A command that waits.
#[derive(Debug, PartialEq, Eq)]
enum Pending {
    /// For its time.
    Until { due: Duration, outcome: Outcome, wanted: usize },
    /// For the end of the erase that it began.
    Erase,
}

/// Why there is no drive.
#[derive(Debug, thiserror::Error)]
pub enum ScsiError {
    /// Its medium.
    #[error("the medium of a SAS drive")]
    Medium(#[source] MediumError),
    /// What it remembered.
    #[error("what a SAS drive remembered, in {1}")]
    Load(#[source] LoadError, PathBuf),
}

impl ScsiDrive {
    /// Switches a drive on over a medium: a new one, or one that has been on before.
    ///
    /// # Errors
    /// [`ScsiError::Load`].
    pub fn new(
        config: ScsiConfig,
        medium: Medium,
        path: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ScsiError> {
        let places = store::beside(path, "scsi");
        let kept = if places.exists() {
            store::load(&places).map_err(|error| ScsiError::Load(error, places.clone()))?
        } else {
            Kept::new(medium.layout().native_blocks)
        };
        let mut drive = Self {
            faults: config.faults.clone(),
            config,
            medium,
            clock,
            kept,
            places,
            attention: Some(Sense::POWERED_ON),
            stopped: false,
            slept: false,
            gone: false,
            pending: None,
        };
        drive.interrupt();
        Ok(drive)
    }

    /// Makes a new medium at a path, over whatever was there, and switches a drive on over it.
    ///
    /// # Errors
    /// [`ScsiError`].
    pub fn create(config: ScsiConfig, path: &Path, clock: Arc<dyn Clock>) -> Result<Self, ScsiError> {
        let medium = Medium::create(path, config.layout.clone()).map_err(ScsiError::Medium)?;
        // A file of a former drive; that there is none is as good.
        let _ = std::fs::remove_file(store::beside(path, "scsi"));
        Self::new(config, medium, path, clock)
    }

    /// Its medium, for whoever looks at it from outside.
    pub fn medium(&mut self) -> &mut Medium {
        &mut self.medium
    }

    fn keep(&mut self) {
        // A file system that does not keep it shows when the drive is switched on again.
        let _ = store::keep(&self.places, &self.kept);
    }

    fn format_of_sense(&self) -> Format {
        let descriptor = self.kept.settings.descriptor_sense && !self.faults.has(&Fault::FixedSense);
        if descriptor { Format::Descriptor } else { Format::Fixed }
    }

    fn take(&mut self, cdb: Cdb<'_>, data: &[u8], wanted: usize) -> Turn<ScsiCompletion> {
        let command = match command::find(cdb, &self.config) {
            Ok(command) => command,
            Err(sense) => return check(sense, self.format_of_sense()),
        };
        if let Some(sense) = self.refuses(command) {
            return check(sense, self.format_of_sense());
        }
        match command {
            Command::Sanitize => self.erases(|drive| drive.sanitize(cdb, data)),
            Command::FormatUnit => self.erases(|drive| drive.format(cdb, data)),
            Command::Read | Command::Write | Command::Verify | Command::WriteSame => {
                let outcome = self.carry_out(command, cdb, data);
                let bytes = outcome.as_ref().map_or(0, Vec::len).max(data.len());
                self.slowly(outcome, bytes, wanted)
            }
            _ => {
                let outcome = self.carry_out(command, cdb, data);
                self.done(outcome, wanted)
            }
        }
    }

    /// What every command meets first, in the order of SPC-4 5.9 and SBC-4 4.11.2.
    fn refuses(&mut self, command: Command) -> Option<Sense> {
        if command.always_answers() {
            return None;
        }
        if let Some(attention) = self.attention.take() {
            return Some(attention);
        }
        let begins = matches!(command, Command::Sanitize | Command::FormatUnit);
        match &self.kept.phase {
            Phase::Ready if self.stopped && (command.needs_medium() || begins) => Some(Sense::NOT_STARTED),
            Phase::Ready => None,
            // The way out of either is another erase of the same kind.
            Phase::SanitizeFailed { .. } if command == Command::Sanitize => None,
            Phase::FormatCorrupt if begins || !command.needs_medium() => None,
            _ => self.obstacle(),
        }
    }

    fn erases(&mut self, begin: impl FnOnce(&mut Self) -> Result<Answer, Sense>) -> Turn<ScsiCompletion> {
        match begin(self) {
            Err(sense) => check(sense, self.format_of_sense()),
            Ok(Answer::Now) => good(Vec::new(), 0),
            Ok(Answer::Never) => Turn::Silent,
            Ok(Answer::AtTheEnd) => {
                self.pending = Some(Pending::Erase);
                Turn::Busy(LOOK)
            }
        }
    }

    fn carry_out(&mut self, command: Command, cdb: Cdb<'_>, data: &[u8]) -> Outcome {
        match command {
            Command::RequestSense => self.request_sense(cdb),
            Command::Read => self.read(cdb),
            Command::Write => self.write(cdb, data),
            Command::Verify => self.verify(cdb, data),
            Command::WriteSame => self.write_same(cdb, data),
            Command::Unmap => self.unmap(data),
            Command::Inquiry => inquiry::inquiry(cdb, &self.config, &self.faults),
            Command::ModeSense => mode::sense(cdb, self.kept.settings, self.blocks()),
            Command::ModeSelect => self.mode_select(cdb, data),
            Command::StartStopUnit => {
                self.stopped = !cdb.has(4, 0x01);
                Ok(Vec::new())
            }
            Command::ReadCapacity10 => Ok(inquiry::capacity_10(self.stated_blocks(), self.blocks().size)),
            Command::ReadCapacity16 => {
                Ok(inquiry::capacity_16(self.stated_blocks(), self.blocks().size, &self.config))
            }
            Command::LogSense => inquiry::log_sense(cdb),
            Command::ReportLuns => inquiry::report_luns(cdb),
            Command::ReportSupportedOperationCodes => command::report(cdb, &self.config),
            Command::TestUnitReady | Command::SendDiagnostic | Command::SynchronizeCache => Ok(Vec::new()),
            // These two are answered by themselves.
            Command::FormatUnit | Command::Sanitize => Err(Sense::INVALID_OPERATION),
        }
    }

    /// REQUEST SENSE (SPC-4 6.39): what a TEST UNIT READY would meet, as data with good status.
    fn request_sense(&mut self, cdb: Cdb<'_>) -> Outcome {
        const DESCRIPTOR: u8 = 0x01;
        if self.faults.has(&Fault::StatusFails) {
            return Err(Sense::INTERNAL_FAILURE);
        }
        if self.faults.has(&Fault::StatusZeros) {
            return Ok(vec![0; 18]);
        }
        let fixed = self.faults.has(&Fault::FixedSense) || !cdb.has(1, DESCRIPTOR);
        let stopped = self.stopped.then_some(Sense::NOT_STARTED);
        let sense = self.attention.take().or_else(|| self.obstacle()).or(stopped).unwrap_or(Sense::NONE);
        Ok(sense.bytes(if fixed { Format::Fixed } else { Format::Descriptor }))
    }

    fn mode_select(&mut self, cdb: Cdb<'_>, data: &[u8]) -> Outcome {
        let selected = mode::select(cdb, data, self.kept.settings)?;
        if let Some(blocks) = selected.blocks {
            self.select_blocks(blocks)?;
        }
        self.kept.settings = selected.settings;
        self.keep();
        Ok(Vec::new())
    }

    /// Another number of blocks holds at once, another size from the next format on (SBC-4 6.5.2).
    fn select_blocks(&mut self, blocks: Blocks) -> Result<(), Sense> {
        let native = self.medium.layout().native_blocks;
        if ![512, 4096].contains(&blocks.size) {
            return Err(Sense::INVALID_PARAMETER);
        }
        if blocks.size != self.medium.layout().block_size {
            self.kept.selected_size = Some(blocks.size);
            return Ok(());
        }
        self.kept.selected_size = None;
        let visible = match blocks.count {
            0 => self.kept.visible,
            u64::MAX => native,
            count if count <= native => count,
            _ => return Err(Sense::INVALID_PARAMETER),
        };
        if visible != self.kept.visible {
            self.kept.visible = visible;
            self.attention = Some(Sense::CAPACITY_CHANGED);
        }
        Ok(())
    }

    fn blocks(&self) -> Blocks {
        Blocks { count: self.kept.visible, size: self.medium.layout().block_size }
    }

    fn stated_blocks(&self) -> u64 {
        let wrong = self.faults.iter().find_map(|fault| match fault {
            Fault::WrongCapacity { blocks } => Some(*blocks),
            _ => None,
        });
        wrong.unwrap_or(self.kept.visible)
    }

    fn slowly(&mut self, outcome: Outcome, bytes: usize, wanted: usize) -> Turn<ScsiCompletion> {
        let takes = self.faults.iter().find_map(|fault| match fault {
            Fault::Slow { bytes_per_second } => {
                let nanoseconds = (bytes as u64).saturating_mul(1_000_000_000);
                Some(Duration::from_nanos(nanoseconds / (*bytes_per_second).max(1)))
            }
            _ => None,
        });
        match takes {
            None => self.done(outcome, wanted),
            Some(takes) => {
                self.pending = Some(Pending::Until { due: self.clock.now() + takes, outcome, wanted });
                Turn::Busy(takes)
            }
        }
    }

    fn done(&self, outcome: Outcome, wanted: usize) -> Turn<ScsiCompletion> {
        match outcome {
            Ok(data) => good(data, wanted),
            Err(sense) => check(sense, self.format_of_sense()),
        }
    }
}

impl Kept {
    fn new(visible: u64) -> Self {
        let (settings, phase) = (Settings::default(), Phase::Ready);
        Self { visible, selected_size: None, fails_until_written: false, settings, phase }
    }
}

impl VirtualDrive for ScsiDrive {
    fn power(&mut self, what: Power) {
        self.catch_up();
        self.pending = None;
        if what == Power::Reset {
            self.attention = Some(Sense::RESET);
            return;
        }
        self.attention = Some(Sense::POWERED_ON);
        (self.stopped, self.gone) = (false, false);
        self.slept = what == Power::Sleep;
        self.interrupt();
    }

    fn faults(&mut self) -> &mut Faults {
        &mut self.faults
    }

    fn scsi(&mut self, cdb: &[u8], data_out: &[u8], data_in_len: usize) -> Turn<ScsiCompletion> {
        self.catch_up();
        if self.gone {
            return Turn::Gone;
        }
        self.take(Cdb(cdb), data_out, data_in_len)
    }

    fn overlaps(&self, cdb: &[u8]) -> bool {
        // Anything is answered, if only by NOT READY, while an erase goes on.
        let waits = self.pending == Some(Pending::Erase);
        waits && !matches!(command::find(Cdb(cdb), &self.config), Ok(Command::Sanitize | Command::FormatUnit))
    }

    fn poll(&mut self) -> Turn<ScsiCompletion> {
        self.catch_up();
        if self.gone {
            return Turn::Gone;
        }
        match self.pending.take() {
            None => Turn::Silent,
            Some(Pending::Until { due, outcome, wanted }) => {
                let now = self.clock.now();
                if now < due {
                    self.pending = Some(Pending::Until { due, outcome, wanted });
                    return Turn::Busy(due - now);
                }
                self.done(outcome, wanted)
            }
            Some(Pending::Erase) => match self.ended() {
                Some(outcome) => self.done(outcome, 0),
                None => {
                    self.pending = Some(Pending::Erase);
                    Turn::Busy(LOOK)
                }
            },
        }
    }

    fn settle(&mut self) {
        self.catch_up();
        // What cannot be kept shows when the drive is switched on again.
        let _ = self.medium.settle();
        self.keep();
    }
}
