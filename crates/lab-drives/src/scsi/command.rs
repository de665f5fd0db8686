//! The commands that the drive knows: one table for taking them and for REPORT SUPPORTED OPERATION CODES.

use super::sense::{Cdb, Outcome, Sense};
use super::{Operation, ScsiConfig};
use crate::bytes::put_be;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    TestUnitReady,
    RequestSense,
    FormatUnit,
    Read,
    Write,
    Inquiry,
    ModeSelect,
    ModeSense,
    StartStopUnit,
    SendDiagnostic,
    ReadCapacity10,
    ReadCapacity16,
    Verify,
    SynchronizeCache,
    WriteSame,
    Unmap,
    Sanitize,
    LogSense,
    ReportLuns,
    ReportSupportedOperationCodes,
}

/// SANITIZE's service actions (SBC-4 table 112).
pub(super) mod sanitize {
    pub(crate) const OVERWRITE: u8 = 0x01;
    pub(crate) const BLOCK_ERASE: u8 = 0x02;
    pub(crate) const CRYPTOGRAPHIC_ERASE: u8 = 0x03;
    pub(crate) const EXIT_FAILURE_MODE: u8 = 0x1F;
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) command: Command,
    operation: u8,
    service_action: Option<u8>,
    /// Which bits of the command descriptor block mean something; the service action itself (SPC-4 6.36.3).
    usage: &'static [u8],
}

const fn plain(command: Command, usage: &'static [u8]) -> Known {
    Known { command, operation: first(usage), service_action: None, usage }
}

const fn action(command: Command, service_action: u8, usage: &'static [u8]) -> Known {
    Known { command, operation: first(usage), service_action: Some(service_action), usage }
}

/// A usage map begins with the operation code itself.
const fn first(usage: &[u8]) -> u8 {
    match usage {
        [first, ..] => *first,
        [] => 0,
    }
}

const LONG: u8 = 0xFF;
/// REPORT SUPPORTED OPERATION CODES asks for all commands, or one of them (SPC-4 table 246).
const ALL: u8 = 0;
const ONE_WITHOUT_ACTION: u8 = 1;
const ONE_WITH_ACTION: u8 = 2;
const ONE_EITHER_WAY: u8 = 3;
/// SUPPORT field: not supported, or as a standard says.
const UNSUPPORTED: u8 = 1;
const SUPPORTED: u8 = 3;
/// SERVACTV, CTDP, RCTD.
const HAS_ACTION: u64 = 0x01;
const HAS_TIMEOUTS: u64 = 0x02;
const TIMEOUTS: u8 = 0x80;
/// Bytes of a command timeouts descriptor, its own length field not counted.
const TIMEOUTS_LENGTH: u64 = 0x0A;

#[rustfmt::skip]
const TABLE: &[Known] = &[
    plain(Command::TestUnitReady, &[0x00, 0, 0, 0, 0, 0]),
    plain(Command::RequestSense, &[0x03, 0x01, 0, 0, LONG, 0]),
    plain(Command::FormatUnit, &[0x04, 0x38, 0, 0, 0x03, 0]),
    plain(Command::Read, &[0x08, 0x1F, LONG, LONG, LONG, 0]),
    plain(Command::Write, &[0x0A, 0x1F, LONG, LONG, LONG, 0]),
    plain(Command::Inquiry, &[0x12, 0x01, LONG, LONG, LONG, 0]),
    plain(Command::ModeSelect, &[0x15, 0x11, 0, 0, LONG, 0]),
    plain(Command::ModeSense, &[0x1A, 0x08, LONG, LONG, LONG, 0]),
    plain(Command::StartStopUnit, &[0x1B, 0x01, 0, 0, 0x01, 0]),
    plain(Command::SendDiagnostic, &[0x1D, 0x04, 0, 0, 0, 0]),
    plain(Command::ReadCapacity10, &[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    plain(Command::Read, &[0x28, 0x18, LONG, LONG, LONG, LONG, 0, LONG, LONG, 0]),
    plain(Command::Write, &[0x2A, 0x18, LONG, LONG, LONG, LONG, 0, LONG, LONG, 0]),
    plain(Command::Verify, &[0x2F, 0x06, LONG, LONG, LONG, LONG, 0, LONG, LONG, 0]),
    plain(Command::SynchronizeCache, &[0x35, 0x02, LONG, LONG, LONG, LONG, 0, LONG, LONG, 0]),
    plain(Command::WriteSame, &[0x41, 0x08, LONG, LONG, LONG, LONG, 0, LONG, LONG, 0]),
    plain(Command::Unmap, &[0x42, 0, 0, 0, 0, 0, 0, LONG, LONG, 0]),
    action(Command::Sanitize, sanitize::OVERWRITE, &[0x48, 0xE1, 0, 0, 0, 0, 0, LONG, LONG, 0]),
    action(Command::Sanitize, sanitize::BLOCK_ERASE, &[0x48, 0xE2, 0, 0, 0, 0, 0, 0, 0, 0]),
    action(Command::Sanitize, sanitize::CRYPTOGRAPHIC_ERASE, &[0x48, 0xE3, 0, 0, 0, 0, 0, 0, 0, 0]),
    action(Command::Sanitize, sanitize::EXIT_FAILURE_MODE, &[0x48, 0x1F, 0, 0, 0, 0, 0, 0, 0, 0]),
    plain(Command::LogSense, &[0x4D, 0, LONG, LONG, 0, LONG, LONG, LONG, LONG, 0]),
    plain(Command::ModeSelect, &[0x55, 0x11, 0, 0, 0, 0, 0, LONG, LONG, 0]),
    plain(Command::ModeSense, &[0x5A, 0x18, LONG, LONG, 0, 0, 0, LONG, LONG, 0]),
    plain(Command::Read, &[0x88, 0x18, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::Write, &[0x8A, 0x18, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::Verify, &[0x8F, 0x06, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::SynchronizeCache,
        &[0x91, 0x02, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::WriteSame,
        &[0x93, 0x09, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    action(Command::ReadCapacity16, 0x10, &[0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::ReportLuns, &[0xA0, 0, 0xFF, 0, 0, 0, LONG, LONG, LONG, LONG, 0, 0]),
    action(Command::ReportSupportedOperationCodes, 0x0C,
        &[0xA3, 0x0C, 0x87, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::Read, &[0xA8, 0x18, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
    plain(Command::Write, &[0xAA, 0x18, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 0, 0]),
];

impl Command {
    /// Whether it is answered while the drive formats or sanitizes, and while a sanitize has failed (SBC-4 4.11.2).
    pub(super) fn always_answers(self) -> bool {
        matches!(self, Self::Inquiry | Self::RequestSense | Self::ReportLuns)
    }

    /// Whether it reads or writes the medium, which then must be formatted and spinning.
    pub(super) fn needs_medium(self) -> bool {
        use Command::{Read, SynchronizeCache, TestUnitReady, Unmap, Verify, Write, WriteSame};
        matches!(self, Read | Write | Verify | WriteSame | Unmap | SynchronizeCache | TestUnitReady)
    }
}

impl Known {
    fn is_offered(&self, config: &ScsiConfig) -> bool {
        let has = |operation| config.sanitize.takes(operation).is_some();
        match (self.command, self.service_action) {
            (Command::Unmap, _) => config.is_flash(),
            (Command::Sanitize, Some(sanitize::OVERWRITE)) => has(Operation::Overwrite),
            (Command::Sanitize, Some(sanitize::BLOCK_ERASE)) => has(Operation::BlockErase),
            (Command::Sanitize, Some(sanitize::CRYPTOGRAPHIC_ERASE)) => has(Operation::CryptographicErase),
            (Command::Sanitize, _) => !config.sanitize.operations.is_empty(),
            _ => true,
        }
    }
}

fn offered(config: &ScsiConfig) -> impl Iterator<Item = &'static Known> {
    TABLE.iter().filter(|known| known.is_offered(config))
}

/// Finds the command of a descriptor block.
pub(super) fn find(cdb: Cdb<'_>, config: &ScsiConfig) -> Result<Command, Sense> {
    let mut same = offered(config).filter(|known| known.operation == cdb.operation()).peekable();
    if same.peek().is_none() {
        return Err(Sense::INVALID_OPERATION);
    }
    same.find(|known| known.service_action.is_none_or(|action| action == cdb.service_action()))
        .map(|known| known.command)
        .ok_or(Sense::INVALID_FIELD)
}

/// REPORT SUPPORTED OPERATION CODES (SPC-4 6.36).
pub(super) fn report(cdb: Cdb<'_>, config: &ScsiConfig) -> Outcome {
    let (operation, action) = (cdb.byte(3), cdb.number(4, 2));
    let mut same = offered(config).filter(|known| known.operation == operation);
    let has_actions =
        TABLE.iter().any(|known| known.operation == operation && known.service_action.is_some());
    match (cdb.byte(2) & 0x07, has_actions) {
        (ALL, _) => return Ok(report_all(cdb, config)),
        (ONE_WITHOUT_ACTION, false) | (ONE_WITH_ACTION, true) | (ONE_EITHER_WAY, _) => {}
        _ => return Err(Sense::INVALID_FIELD),
    }
    let known = same.find(|known| known.service_action.is_none_or(|known| u64::from(known) == action));
    Ok(report_one(known, cdb))
}

fn report_all(cdb: Cdb<'_>, config: &ScsiConfig) -> Vec<u8> {
    let timeouts = cdb.has(2, TIMEOUTS);
    let mut data = vec![0; 4];
    for known in offered(config) {
        let mut entry = [0; 8];
        let flags = if known.service_action.is_some() { HAS_ACTION } else { 0 };
        put_be(&mut entry, 0, 1, u64::from(known.operation));
        put_be(&mut entry, 2, 2, known.service_action.map_or(0, u64::from));
        put_be(&mut entry, 5, 1, if timeouts { flags | HAS_TIMEOUTS } else { flags });
        put_be(&mut entry, 6, 2, known.usage.len() as u64);
        data.extend(entry);
        if timeouts {
            data.extend(no_timeouts());
        }
    }
    let length = data.len() - 4;
    put_be(&mut data, 0, 4, length as u64);
    data
}

fn report_one(known: Option<&Known>, cdb: Cdb<'_>) -> Vec<u8> {
    let Some(known) = known else { return vec![0, UNSUPPORTED, 0, 0] };
    let timeouts = cdb.has(2, TIMEOUTS);
    let mut data = vec![0, if timeouts { TIMEOUTS | SUPPORTED } else { SUPPORTED }, 0, 0];
    put_be(&mut data, 2, 2, known.usage.len() as u64);
    data.extend_from_slice(known.usage);
    if timeouts {
        data.extend(no_timeouts());
    }
    data
}

/// A command timeouts descriptor that specifies none (SPC-4 6.36.4).
fn no_timeouts() -> [u8; 12] {
    let mut descriptor = [0; 12];
    put_be(&mut descriptor, 0, 2, TIMEOUTS_LENGTH);
    descriptor
}
