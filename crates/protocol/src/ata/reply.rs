//! How an ATA command ended, as far as it came through.

use super::registers::Registers;
use super::sat;
use crate::scsi::{Sense, SenseKey};

/// SAM-5 5.3.1: GOOD.
const GOOD: u8 = 0x00;
/// SAM-5 5.3.1: CHECK CONDITION.
const CHECK_CONDITION: u8 = 0x02;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The drive completed it without an error.
    Completed,
    /// The drive ended it with an error: its STATUS says so, or the translation layer in its stead.
    Aborted,
    /// The translation layer or the adapter does not know it: the drive never saw it.
    NotPassed,
    /// Neither is certain.
    Unknown,
}

/// The answer to an ATA command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// How it ended.
    pub verdict: Verdict,
    /// The registers, as far as they came.
    pub registers: Registers,
    /// The sense data, for the record; `None` if there were none.
    pub sense: Option<Sense>,
    /// SAM status byte.
    pub sam_status: u8,
    /// Bytes transferred.
    pub transferred: usize,
}

impl Reply {
    /// Reads the answer to an ATA PASS-THROUGH command.
    #[must_use]
    pub fn read(sam_status: u8, sense: &[u8], transferred: usize) -> Self {
        let registers = sat::registers(sense);
        let parsed = Sense::parse(sense);
        let verdict = verdict(sam_status, parsed, &registers);
        Self { verdict, registers, sense: parsed, sam_status, transferred }
    }

    /// Whether the drive completed it without an error.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.verdict == Verdict::Completed
    }

    /// The answer as a record keeps it.
    #[must_use]
    pub fn describe(&self) -> String {
        match (&self.registers, self.sense) {
            (Registers::Missing, Some(sense)) => format!("sense {sense}"),
            (Registers::Missing, None) => format!("SAM status {:02X}h", self.sam_status),
            (registers, _) => registers.describe(),
        }
    }
}

fn verdict(sam_status: u8, sense: Option<Sense>, registers: &Registers) -> Verdict {
    match (registers.status(), sense) {
        // The drive's own word, whatever else is said.
        (Some(status), _) if status.busy() => Verdict::Unknown,
        (Some(status), _) if status.error() || status.device_fault() => Verdict::Aborted,
        (Some(status), Some(sense)) if status.ready() && sense.carries_ata_registers() => Verdict::Completed,
        (None, _) if sam_status == GOOD => Verdict::Completed,
        (_, Some(sense)) if sam_status == CHECK_CONDITION && !sense.deferred => of_sense(sense),
        _ => Verdict::Unknown,
    }
}

fn of_sense(sense: Sense) -> Verdict {
    match (sense.sense_key(), sense.asc, sense.ascq) {
        // INVALID COMMAND OPERATION CODE, INVALID FIELD IN CDB.
        (SenseKey::IllegalRequest, 0x20 | 0x24, _) => Verdict::NotPassed,
        // What libata and others make of ERR in STATUS: 21/04 is theirs for ABRT.
        (SenseKey::AbortedCommand, ..) | (SenseKey::IllegalRequest, 0x21, _) => Verdict::Aborted,
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
