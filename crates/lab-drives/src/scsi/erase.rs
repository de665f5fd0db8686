//! SANITIZE (SBC-4 4.11, 5.30) and FORMAT UNIT (5.3): begun, carried on, ended, and broken off.

use super::ScsiDrive;
use super::command::sanitize;
use super::mode::Blocks;
use super::sense::{Cdb, Detail, Outcome, Sense};
use super::state::{Activity, Phase};
use super::{Operation, ReadsAfterErase, ScsiConfig};
use crate::Fault;
use crate::bytes::{be, byte, index};
use crate::medium::{Encryption, Erase, Extent, Technique};
use crate::work::Work;
use std::time::Duration;

/// IMMED and AUSE of SANITIZE.
const IMMEDIATE: u8 = 0x80;
const UNRESTRICTED_EXIT: u8 = 0x20;
/// The overwrite parameter list (SBC-4 table 113).
const INVERT: u8 = 0x80;
const TEST: u8 = 0x60;
const COUNT: u8 = 0x1F;
const LIST_HEADER: usize = 4;
/// FORMAT UNIT: FMTPINFO, LONGLIST, FMTDATA, CMPLST and DEFECT LIST FORMAT of byte 1, FFMT of byte 4.
const PROTECTION: u8 = 0xC0;
const LONG_LIST: u8 = 0x20;
const FORMAT_DATA: u8 = 0x10;
const FAST: u8 = 0x03;
/// Byte 1 of its parameter list header (SBC-4 table 37): IP, and IMMED.
const PATTERN: u8 = 0x08;
const FORMAT_IMMEDIATE: u8 = 0x02;

/// How a command that erases is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// At once.
    Now,
    /// When the erase has ended.
    AtTheEnd,
    /// Never.
    Never,
}

/// What to erase and how long it takes.
struct Task {
    erase: Erase,
    takes: Duration,
}

impl ScsiDrive {
    /// Takes a SANITIZE.
    pub(super) fn sanitize(&mut self, cdb: Cdb<'_>, data: &[u8]) -> Result<Answer, Sense> {
        let action = cdb.service_action();
        if action != sanitize::OVERWRITE && cdb.number(7, 2) != 0 {
            return Err(Sense::INVALID_FIELD);
        }
        if action == sanitize::EXIT_FAILURE_MODE {
            return self.exit_failure().map(|()| Answer::Now);
        }
        let exit = cdb.has(1, UNRESTRICTED_EXIT);
        // Once restricted, always restricted (SBC-4 4.11.1).
        if exit && self.kept.phase == (Phase::SanitizeFailed { unrestricted_exit: false }) {
            return Err(Sense::INVALID_FIELD);
        }
        let task = task_of(action, data, self.block(), &self.config)?;
        let at_once = cdb.has(1, IMMEDIATE);
        self.begin(task, Activity::Sanitize { action, unrestricted_exit: exit }, at_once)
    }

    fn exit_failure(&mut self) -> Result<(), Sense> {
        match self.kept.phase {
            Phase::SanitizeFailed { unrestricted_exit: false } => Err(Sense::INVALID_FIELD),
            Phase::SanitizeFailed { unrestricted_exit: true } => {
                self.kept.phase = Phase::Ready;
                self.keep();
                Ok(())
            }
            // Without a failure there is nothing to leave (5.30.5).
            _ => Ok(()),
        }
    }

    /// Takes a FORMAT UNIT.
    pub(super) fn format(&mut self, cdb: Cdb<'_>, data: &[u8]) -> Result<Answer, Sense> {
        if cdb.has(1, PROTECTION) || cdb.has(4, FAST) {
            return Err(Sense::INVALID_FIELD);
        }
        let list = if cdb.has(1, FORMAT_DATA) {
            FormatList::of(data, cdb.has(1, LONG_LIST))?
        } else {
            FormatList::default()
        };
        let blocks = self.formatted();
        let erase = Erase::whole(
            Technique::Overwrite { passes: vec![list.pattern] },
            Extent::Blocks { from: 0, count: blocks.count },
        );
        self.begin(
            Task { erase, takes: Duration::from_millis(self.config.format_ms) },
            Activity::Format,
            list.at_once,
        )
    }

    /// The blocks that a format makes: those selected before, or the ones that are there.
    fn formatted(&self) -> Blocks {
        let layout = self.medium.layout();
        Blocks { count: layout.native_blocks, size: self.kept.selected_size.unwrap_or(layout.block_size) }
    }

    fn begin(&mut self, task: Task, activity: Activity, at_once: bool) -> Result<Answer, Sense> {
        let rejects = self.faults.iter().any(|fault| match fault {
            Fault::CommandAborted => true,
            Fault::RejectedUntilSleep { .. } => !self.slept,
            _ => false,
        });
        if rejects {
            return Err(Sense::INVALID_OPERATION);
        }
        if self.faults.has(&Fault::FallsSilent) {
            return Ok(Answer::Never);
        }
        let work = Work::begin(task.erase, task.takes, self.clock.now(), &self.faults);
        self.kept.phase = Phase::Working { activity, work };
        self.keep();
        Ok(match at_once {
            _ if self.faults.has(&Fault::TimesOut) => Answer::Never,
            true => Answer::Now,
            false => Answer::AtTheEnd,
        })
    }

    /// Lets an erase catch up with the clock.
    pub(super) fn catch_up(&mut self) {
        let now = self.clock.now();
        let Phase::Working { activity, work } = &mut self.kept.phase else { return };
        if self.gone {
            return;
        }
        let before = work.reached();
        let worked = work.advance(&mut self.medium, now);
        let reached = work.reached();
        let vanishes = |share| before < share && reached >= share;
        if self.faults.disappears_at().is_some_and(vanishes) {
            self.gone = true;
        } else if work.is_over(&self.faults) {
            let activity = *activity;
            self.end(activity, worked.is_err() || self.faults.has(&Fault::EraseFails));
        }
        if reached != before {
            self.keep();
        }
    }

    fn end(&mut self, activity: Activity, failed: bool) {
        self.kept.phase = match (activity, failed) {
            (Activity::Format, true) => Phase::FormatCorrupt,
            (Activity::Sanitize { unrestricted_exit, .. }, true) => {
                Phase::SanitizeFailed { unrestricted_exit }
            }
            (_, false) => Phase::Ready,
        };
        if !failed {
            self.after_success(activity);
        }
        self.keep();
    }

    fn after_success(&mut self, activity: Activity) {
        match activity {
            Activity::Format => self.recut(),
            Activity::Sanitize { action, .. } => {
                let reads = match action {
                    sanitize::BLOCK_ERASE => self.config.after_block_erase,
                    sanitize::CRYPTOGRAPHIC_ERASE => self.config.after_cryptographic_erase,
                    _ => ReadsAfterErase::NotReported,
                };
                let fault = self.faults.has(&Fault::ReadsFailUntilWritten) && action != sanitize::OVERWRITE;
                self.kept.fails_until_written = fault || reads == ReadsAfterErase::FailUntilWritten;
                if action == sanitize::CRYPTOGRAPHIC_ERASE {
                    self.forget_places();
                }
            }
        }
    }

    /// After a change of key the drive takes all blocks for unmapped, unless it shows what the new key makes of them.
    fn forget_places(&mut self) {
        let lies = [Fault::ErasesNothing, Fault::ErasesHalf, Fault::NoiseAfterCryptoErase];
        if !lies.iter().any(|fault| self.faults.has(fault)) {
            let blocks = self.medium.layout().native_blocks;
            // A backing file that fails shows at the next read.
            let _ = self.medium.unmap(0, blocks);
        }
    }

    fn recut(&mut self) {
        let size = self.formatted().size;
        let layout = self.medium.layout();
        if size != layout.block_size {
            let metadata = layout.metadata_size;
            if self.medium.recut(size, metadata).is_err() {
                self.kept.phase = Phase::FormatCorrupt;
                return;
            }
            self.kept.visible = self.medium.layout().native_blocks;
        }
        self.kept.fails_until_written = false;
        self.kept.selected_size = None;
    }

    /// What a power cut does to an erase: a sanitize goes on, a format is corrupt.
    pub(super) fn interrupt(&mut self) {
        let now = self.clock.now();
        match &mut self.kept.phase {
            Phase::Working { activity: Activity::Format, .. } => self.kept.phase = Phase::FormatCorrupt,
            Phase::Working { work, .. } => work.resume(now),
            _ => {}
        }
        self.keep();
    }

    /// What stands in the way of a command, as sense data.
    pub(super) fn obstacle(&self) -> Option<Sense> {
        match &self.kept.phase {
            Phase::Ready => None,
            Phase::Working { activity, work } => {
                let progress = Detail::Progress(work.stated(&self.faults));
                Some(match activity {
                    Activity::Format => Sense::FORMATTING.with(progress),
                    Activity::Sanitize { .. } => Sense::SANITIZING.with(progress),
                })
            }
            Phase::SanitizeFailed { .. } => Some(Sense::SANITIZE_FAILED),
            Phase::FormatCorrupt => Some(Sense::FORMAT_CORRUPTED),
        }
    }

    /// How a command that waited for its erase ends; `None` while it goes on.
    pub(super) fn ended(&self) -> Option<Outcome> {
        match self.kept.phase {
            Phase::Working { .. } => None,
            Phase::Ready => Some(Ok(Vec::new())),
            Phase::SanitizeFailed { .. } => Some(Err(Sense::SANITIZE_FAILED)),
            Phase::FormatCorrupt => Some(Err(Sense::FORMAT_FAILED)),
        }
    }
}

fn task_of(action: u8, data: &[u8], block: usize, config: &ScsiConfig) -> Result<Task, Sense> {
    let all = |technique| Erase::whole(technique, Extent::Everything);
    let (erase, takes) = match action {
        sanitize::OVERWRITE => {
            let passes = overwrite_passes(data, block)?;
            let takes = config
                .sanitize
                .takes(Operation::Overwrite)
                .map(|pass| pass * u32::try_from(passes.len()).unwrap_or(u32::MAX));
            (all(Technique::Overwrite { passes }), takes)
        }
        sanitize::BLOCK_ERASE => (all(Technique::BlockErase), config.sanitize.takes(Operation::BlockErase)),
        _ if config.layout.encryption == Encryption::SelfEncrypting => {
            (all(Technique::ChangeKey), config.sanitize.takes(Operation::CryptographicErase))
        }
        _ => return Err(Sense::INVALID_FIELD),
    };
    Ok(Task { erase, takes: takes.ok_or(Sense::INVALID_FIELD)? })
}

/// The passes of an OVERWRITE parameter list. The pattern may have any length that divides four bytes.
fn overwrite_passes(data: &[u8], block: usize) -> Result<Vec<[u8; 4]>, Sense> {
    let (flags, length) = (byte(data, 0), index(be(data, 2, 2)));
    let count = usize::from(flags & COUNT);
    if data.len() <= LIST_HEADER || data.len() != LIST_HEADER + length {
        return Err(Sense::INVALID_FIELD);
    }
    if count == 0 || flags & TEST != 0 || length > block {
        return Err(Sense::INVALID_PARAMETER);
    }
    let pattern = four_bytes(data.get(LIST_HEADER..).unwrap_or_default())?;
    let inverted = pattern.map(|byte| !byte);
    // The last pass is the pattern itself, whatever the count (SBC-4 5.30.2).
    let invert = flags & INVERT != 0;
    Ok((0..count).map(|pass| if invert && (count - pass) % 2 == 0 { inverted } else { pattern }).collect())
}

/// A pattern repeated to four bytes, the unit that the medium knows.
fn four_bytes(pattern: &[u8]) -> Result<[u8; 4], Sense> {
    match pattern {
        [a] => Ok([*a; 4]),
        [a, b] => Ok([*a, *b, *a, *b]),
        long if long.len() % 4 == 0 && long.chunks(4).all(|four| Some(four) == long.get(..4)) => {
            long.first_chunk().copied().ok_or(Sense::INVALID_PARAMETER)
        }
        _ => Err(Sense::INVALID_PARAMETER),
    }
}

/// What a FORMAT UNIT parameter list asks for. Defect lists must be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct FormatList {
    at_once: bool,
    pattern: [u8; 4],
}

impl FormatList {
    fn of(data: &[u8], long: bool) -> Result<Self, Sense> {
        let (header, defects) = if long { (8, be(data, 4, 4)) } else { (4, be(data, 2, 2)) };
        if data.len() < header {
            return Err(Sense::PARAMETER_LENGTH);
        }
        if defects != 0 {
            return Err(Sense::INVALID_PARAMETER);
        }
        let flags = byte(data, 1);
        let pattern = if flags & PATTERN == 0 {
            [0; 4]
        } else {
            initialization(data.get(header..).unwrap_or_default())?
        };
        Ok(Self { at_once: flags & FORMAT_IMMEDIATE != 0, pattern })
    }
}

/// An initialization pattern descriptor (SBC-4 5.3.2.3): type 0 is the drive's own, 1 the one given.
fn initialization(descriptor: &[u8]) -> Result<[u8; 4], Sense> {
    let length = index(be(descriptor, 2, 2));
    match (byte(descriptor, 1), descriptor.get(4..4 + length)) {
        (0, Some([])) => Ok([0; 4]),
        (1, Some(pattern)) => four_bytes(pattern),
        _ => Err(Sense::INVALID_PARAMETER),
    }
}
