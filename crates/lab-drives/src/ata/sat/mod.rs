//! SCSI/ATA translation (SAT-3): an ATA drive as a SCSI host sees it.

mod block;
mod inquiry;
mod mode;
mod pass_through;
mod report;
mod sense;

use super::AtaDrive;
use crate::bytes::{be, byte, index};
use crate::{Fault, ScsiCompletion, Turn};
use block::Extent;
use mode::Header;
use pass_through::PassThrough;
use sense::{Format, Sense, busy, good};
use std::time::Duration;

const TEST_UNIT_READY: u8 = 0x00;
const REQUEST_SENSE: u8 = 0x03;
const READ_6: u8 = 0x08;
const WRITE_6: u8 = 0x0a;
const INQUIRY: u8 = 0x12;
const MODE_SELECT_6: u8 = 0x15;
const MODE_SENSE_6: u8 = 0x1a;
const START_STOP_UNIT: u8 = 0x1b;
const SEND_DIAGNOSTIC: u8 = 0x1d;
const READ_CAPACITY_10: u8 = 0x25;
const READ_10: u8 = 0x28;
const WRITE_10: u8 = 0x2a;
const VERIFY_10: u8 = 0x2f;
const SYNCHRONIZE_CACHE_10: u8 = 0x35;
const UNMAP: u8 = 0x42;
const LOG_SENSE: u8 = 0x4d;
const MODE_SELECT_10: u8 = 0x55;
const MODE_SENSE_10: u8 = 0x5a;
const ATA_PASS_THROUGH_16: u8 = 0x85;
const READ_16: u8 = 0x88;
const WRITE_16: u8 = 0x8a;
const VERIFY_16: u8 = 0x8f;
const SYNCHRONIZE_CACHE_16: u8 = 0x91;
const SERVICE_ACTION_IN_16: u8 = 0x9e;
const REPORT_LUNS: u8 = 0xa0;
const ATA_PASS_THROUGH_12: u8 = 0xa1;
const MAINTENANCE_IN: u8 = 0xa3;
const READ_12: u8 = 0xa8;
const WRITE_12: u8 = 0xaa;
const VERIFY_12: u8 = 0xaf;
/// Service action of SERVICE ACTION IN (16).
const READ_CAPACITY_16: u16 = 0x10;
/// Service action of MAINTENANCE IN.
const REPORT_OPCODES: u16 = 0x0c;

/// A command whose answer is not due yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pending {
    /// It is carried out, and the answer waits.
    Until(Duration, ScsiCompletion),
    /// A SECURITY ERASE UNIT.
    Erase(PassThrough),
}

impl AtaDrive {
    pub(super) fn serve(&mut self, cdb: &[u8], data_out: &[u8], data_in_len: usize) -> Turn<ScsiCompletion> {
        self.catch_up();
        if self.live.gone {
            return Turn::Gone;
        }
        if self.pending.is_some() {
            return Turn::Done(busy());
        }
        let turn = match byte(cdb, 0) {
            ATA_PASS_THROUGH_12 | ATA_PASS_THROUGH_16 => self.pass_through(cdb, data_out, data_in_len),
            code if self.live.erasing.is_some() && !is_about_the_unit(code) => Turn::Done(busy()),
            _ => Turn::Done(match self.translated(cdb, data_out) {
                Err(sense) => sense.check(self.sense_format()),
                Ok(mut data) => {
                    data.truncate(allocation_length(cdb).min(data_in_len));
                    good(data)
                }
            }),
        };
        self.slowed(turn, data_out.len())
    }

    /// The commands that a translation layer serves.
    fn translated(&mut self, cdb: &[u8], data_out: &[u8]) -> Result<Vec<u8>, Sense> {
        let action = u16::from(byte(cdb, 1) & 0x1f);
        match byte(cdb, 0) {
            TEST_UNIT_READY => self.test_unit_ready(),
            REQUEST_SENSE => self.request_sense(cdb),
            INQUIRY => self.inquiry(cdb),
            READ_6 | READ_10 | READ_12 | READ_16 => self.read(Extent::decode(cdb)),
            WRITE_6 | WRITE_10 | WRITE_12 | WRITE_16 => self.write(Extent::decode(cdb), data_out),
            VERIFY_10 | VERIFY_12 | VERIFY_16 => self.verify(Extent::decode(cdb)),
            SYNCHRONIZE_CACHE_10 | SYNCHRONIZE_CACHE_16 => self.synchronize(),
            UNMAP => self.unmap(data_out),
            START_STOP_UNIT => self.start_stop(cdb),
            READ_CAPACITY_10 => Ok(self.read_capacity_10()),
            SERVICE_ACTION_IN_16 if action == READ_CAPACITY_16 => Ok(self.read_capacity_16()),
            MODE_SENSE_6 => self.mode_sense(Header::Short, cdb),
            MODE_SENSE_10 => self.mode_sense(Header::Long, cdb),
            MODE_SELECT_6 => self.mode_select(Header::Short, data_out),
            MODE_SELECT_10 => self.mode_select(Header::Long, data_out),
            REPORT_LUNS => Ok(report::logical_units()),
            LOG_SENSE => report::log_sense(cdb),
            SEND_DIAGNOSTIC => Ok(Vec::new()),
            MAINTENANCE_IN if action == REPORT_OPCODES => self.operation_codes(cdb),
            SERVICE_ACTION_IN_16 | MAINTENANCE_IN => Err(Sense::INVALID_FIELD),
            _ => Err(Sense::INVALID_OPCODE),
        }
    }

    /// Holds the answer back for as long as a slow drive would have moved the data ([`Fault::Slow`]).
    fn slowed(&mut self, turn: Turn<ScsiCompletion>, written: usize) -> Turn<ScsiCompletion> {
        let slow = self.faults.iter().find_map(|fault| match fault {
            Fault::Slow { bytes_per_second } => Some(*bytes_per_second),
            _ => None,
        });
        match (turn, slow) {
            (Turn::Done(completion), Some(rate)) if rate > 0 && written.max(completion.data.len()) > 512 => {
                let bytes = written.max(completion.data.len()) as u64;
                let takes = Duration::from_micros(bytes.saturating_mul(1_000_000) / rate);
                self.pending = Some(Pending::Until(self.clock.now() + takes, completion));
                Turn::Busy(takes)
            }
            (turn, _) => turn,
        }
    }

    pub(super) fn poll_pending(&mut self) -> Turn<ScsiCompletion> {
        self.catch_up();
        if self.live.gone {
            return Turn::Gone;
        }
        match self.pending.take() {
            None => Turn::Silent,
            Some(Pending::Until(due, completion)) if due <= self.clock.now() => Turn::Done(completion),
            Some(Pending::Until(due, completion)) => {
                self.pending = Some(Pending::Until(due, completion));
                Turn::Busy(due.saturating_sub(self.clock.now()))
            }
            Some(Pending::Erase(request)) => match self.live.finished.take() {
                Some(result) => Turn::Done(self.translate(&request, result)),
                None => {
                    self.pending = Some(Pending::Erase(request));
                    Turn::Busy(self.until_next_look())
                }
            },
        }
    }

    /// The format of sense data outside ATA PASS-THROUGH.
    fn sense_format(&self) -> Format {
        let descriptor = self.live.descriptor_sense && !self.faults.has(&Fault::FixedSense);
        if descriptor { Format::Descriptor } else { Format::Fixed }
    }
}

/// What a translation layer knows without asking the drive.
fn is_about_the_unit(code: u8) -> bool {
    matches!(code, INQUIRY | REPORT_LUNS | MAINTENANCE_IN)
}

/// How much data the command itself asks for, where it says that in bytes.
fn allocation_length(cdb: &[u8]) -> usize {
    index(match byte(cdb, 0) {
        REQUEST_SENSE | MODE_SENSE_6 => be(cdb, 4, 1),
        INQUIRY => be(cdb, 3, 2),
        MODE_SENSE_10 | LOG_SENSE => be(cdb, 7, 2),
        SERVICE_ACTION_IN_16 => be(cdb, 10, 4),
        REPORT_LUNS | MAINTENANCE_IN => be(cdb, 6, 4),
        _ => u64::MAX,
    })
}
