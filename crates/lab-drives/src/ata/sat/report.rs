//! What a translation layer says of itself: operation codes, logical units, logs, and sense data on request.

use super::sense::{Format, Sense};
use crate::Fault;
use crate::ata::AtaDrive;
use crate::bytes::{be, byte, low, put_be};

/// Byte 1 bit 0 of REQUEST SENSE: descriptor format.
const DESC: u8 = 1;
/// Byte 2 of REPORT SUPPORTED OPERATION CODES: REPORTING OPTIONS and RCTD.
const OPTIONS: u8 = 0x07;
const RCTD: u8 = 0x80;
/// SUPPORT: not supported, and supported as a standard says.
const NOT_SUPPORTED: u8 = 1;
const SUPPORTED: u8 = 3;
/// CTDP: a command timeouts descriptor follows; SERVACTV: the service action is valid.
const CTDP: u8 = 1 << 1;
const SERVACTV: u8 = 1;
/// A command timeouts descriptor without times.
const TIMEOUTS: [u8; 12] = [0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Operation codes and, where the code alone does not say it, service actions.
const COMMANDS: [(u8, Option<u16>); 30] = [
    (super::TEST_UNIT_READY, None),
    (super::REQUEST_SENSE, None),
    (super::READ_6, None),
    (super::WRITE_6, None),
    (super::INQUIRY, None),
    (super::MODE_SELECT_6, None),
    (super::MODE_SENSE_6, None),
    (super::START_STOP_UNIT, None),
    (super::READ_CAPACITY_10, None),
    (super::READ_10, None),
    (super::WRITE_10, None),
    (super::VERIFY_10, None),
    (super::SYNCHRONIZE_CACHE_10, None),
    (super::UNMAP, None),
    (super::LOG_SENSE, None),
    (super::MODE_SELECT_10, None),
    (super::MODE_SENSE_10, None),
    (super::ATA_PASS_THROUGH_16, None),
    (super::READ_16, None),
    (super::WRITE_16, None),
    (super::VERIFY_16, None),
    (super::SYNCHRONIZE_CACHE_16, None),
    (super::SERVICE_ACTION_IN_16, Some(super::READ_CAPACITY_16)),
    (super::REPORT_LUNS, None),
    (super::ATA_PASS_THROUGH_12, None),
    (super::MAINTENANCE_IN, Some(super::REPORT_OPCODES)),
    (super::READ_12, None),
    (super::WRITE_12, None),
    (super::VERIFY_12, None),
    (super::SEND_DIAGNOSTIC, None),
];

impl AtaDrive {
    /// REQUEST SENSE: how a sanitize stands, or that all is well.
    pub(super) fn request_sense(&self, cdb: &[u8]) -> Result<Vec<u8>, Sense> {
        if self.faults.has(&Fault::StatusFails) {
            return Err(Sense::INVALID_OPCODE);
        }
        let format = if byte(cdb, 1) & DESC == 0 { Format::Fixed } else { Format::Descriptor };
        let silent = self.faults.has(&Fault::StatusZeros);
        let sense = self.readiness().filter(|_| !silent).unwrap_or_default();
        Ok(sense.encode(format))
    }

    pub(super) fn test_unit_ready(&self) -> Result<Vec<u8>, Sense> {
        self.readiness().map_or(Ok(Vec::new()), Err)
    }

    /// Why the unit is not ready, if it is not.
    fn readiness(&self) -> Option<Sense> {
        let failed = self.sanitize_failed().then_some(Sense::SANITIZE_FAILED);
        self.sanitize_progress().map(Sense::sanitizing).or(failed)
    }

    pub(super) fn operation_codes(&self, cdb: &[u8]) -> Result<Vec<u8>, Sense> {
        let timeouts = byte(cdb, 2) & RCTD != 0;
        let (code, action) = (byte(cdb, 3), crate::bytes::low16(be(cdb, 4, 2)));
        match byte(cdb, 2) & OPTIONS {
            0 => Ok(self.all_operation_codes(timeouts)),
            1 => Ok(self.one_operation_code(timeouts, |entry| *entry == (code, None))),
            2 => Ok(self.one_operation_code(timeouts, |entry| *entry == (code, Some(action)))),
            3 => Ok(self.one_operation_code(timeouts, |(one, its)| {
                *one == code && its.is_none_or(|its| its == action)
            })),
            _ => Err(Sense::INVALID_FIELD),
        }
    }

    fn commands(&self) -> impl Iterator<Item = (u8, Option<u16>)> {
        let trim = self.has_trim();
        COMMANDS.into_iter().filter(move |(code, _)| *code != super::UNMAP || trim)
    }

    fn all_operation_codes(&self, timeouts: bool) -> Vec<u8> {
        let mut list = Vec::new();
        for (code, action) in self.commands() {
            let [high, low_half] = action.unwrap_or_default().to_be_bytes();
            let flags = (u8::from(action.is_some()) * SERVACTV) | (u8::from(timeouts) * CTDP);
            list.extend([code, 0, high, low_half, 0, flags, 0, low(cdb_length(code) as u64)]);
            list.extend(TIMEOUTS.iter().filter(|_| timeouts));
        }
        let mut data = vec![0; 4];
        put_be(&mut data, 0, 4, list.len() as u64);
        data.extend(list);
        data
    }

    fn one_operation_code(&self, timeouts: bool, is: impl Fn(&(u8, Option<u16>)) -> bool) -> Vec<u8> {
        let Some((code, action)) = self.commands().find(is) else { return vec![0, NOT_SUPPORTED, 0, 0] };
        let length = cdb_length(code);
        let mut usage = vec![0xff; length];
        crate::bytes::put(&mut usage, 0, &[code]);
        if let Some(action) = action {
            crate::bytes::put(&mut usage, 1, &[low(u64::from(action))]);
        }
        let mut data = vec![0, SUPPORTED | u8::from(timeouts) << 7, 0, low(length as u64)];
        data.extend(usage);
        data.extend(TIMEOUTS.iter().filter(|_| timeouts));
        data
    }
}

/// REPORT LUNS: logical unit 0 alone.
pub(super) fn logical_units() -> Vec<u8> {
    let mut data = vec![0; 16];
    put_be(&mut data, 0, 4, 8);
    data
}

/// LOG SENSE: there is no page but the list of pages.
pub(super) fn log_sense(cdb: &[u8]) -> Result<Vec<u8>, Sense> {
    match (byte(cdb, 2) & 0x3f, byte(cdb, 3)) {
        (0, 0) => Ok(vec![0, 0, 0, 1, 0]),
        _ => Err(Sense::INVALID_FIELD),
    }
}

/// The length of a command is in its code's group (SPC-4 clause 4.3.5).
fn cdb_length(code: u8) -> usize {
    match code >> 5 {
        0 => 6,
        1 | 2 => 10,
        5 => 12,
        _ => 16,
    }
}
