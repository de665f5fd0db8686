//! Get Log Page (NVMe Base 2.0, 5.16).

use super::Status;
use super::command::{Bits, Command, Completion, admin, io};
use super::controller::{Controller, ERRORS};
use crate::Fault;
use crate::bytes::{index, low, put, put_le};
use std::time::Duration;

/// Dword 10: which page.
const LID: Bits = Bits::new(7, 0);

/// Log page identifiers (Figure 202).
mod lid {
    pub(super) const ERRORS: u8 = 0x01;
    pub(super) const HEALTH: u8 = 0x02;
    pub(super) const FIRMWARE: u8 = 0x03;
    pub(super) const EFFECTS: u8 = 0x05;
    pub(super) const SELF_TEST: u8 = 0x06;
    pub(super) const SANITIZE: u8 = 0x81;
}

/// Bytes of an error entry.
const ERROR_ENTRY: usize = 64;
/// Bytes of SMART, firmware and sanitize pages.
const PAGE: usize = 512;
/// What the drive's temperature always is, in kelvins.
const TEMPERATURE: u64 = 313;
/// Bytes of data units in the SMART log.
const DATA_UNIT: u64 = 512_000;

/// Command effects (Figure 210): supported; blocks change; namespace capabilities change; must be alone.
const SUPPORTED: u32 = 1;
const CHANGES_BLOCKS: u32 = 1 << 1;
const CHANGES_NAMESPACES: u32 = 1 << 2;
const ALONE: u32 = 0b010 << 16;

fn identifier(command: &Command) -> u8 {
    low(LID.of(command.dword(10)).into())
}

/// Pages that can be read while the drive sanitizes (Figure 490).
pub(super) fn allowed_while_sanitizing(command: &Command) -> bool {
    matches!(identifier(command), lid::ERRORS | lid::HEALTH | lid::SANITIZE)
}

pub(super) fn page(drive: &Controller, command: &Command, now: Duration) -> Result<Completion, Status> {
    let page = match identifier(command) {
        lid::ERRORS => errors(drive),
        lid::HEALTH => health(drive, now),
        lid::FIRMWARE => firmware(drive),
        lid::EFFECTS => effects(),
        lid::SELF_TEST => self_test(),
        lid::SANITIZE => sanitize(drive)?,
        _ => return Err(Status::INVALID_LOG_PAGE),
    };
    let offset = u64::from(command.dword(12)) | u64::from(command.dword(13)) << 32;
    // Dwords only; what lies beyond a page is zeros, an offset beyond it is an error.
    let rest = page.get(index(offset)..).filter(|_| offset % 4 == 0).ok_or(Status::INVALID_FIELD)?;
    let mut data = rest.to_vec();
    data.resize(command.log_bytes().min(super::function::MAX_TRANSFER), 0);
    Ok(Completion::with_data(data))
}

fn sanitize(drive: &Controller) -> Result<Vec<u8>, Status> {
    if drive.faults.has(&Fault::StatusFails) {
        return Err(Status::INTERNAL_ERROR);
    }
    if drive.faults.has(&Fault::StatusZeros) {
        return Ok(vec![0; super::sanitize::LOG_SIZE]);
    }
    Ok(drive.sanitize.log(&drive.definition.sanitize, &drive.faults))
}

/// Error Information (Figure 205).
fn errors(drive: &Controller) -> Vec<u8> {
    let mut page = vec![0; ERRORS * ERROR_ENTRY];
    for (entry, bytes) in drive.errors.iter().zip(page.chunks_mut(ERROR_ENTRY)) {
        put_le(bytes, 0, 8, entry.count);
        put_le(bytes, 12, 2, u64::from(entry.status.0) << 1);
        put_le(bytes, 16, 8, entry.lba);
        put_le(bytes, 24, 4, entry.nsid.into());
    }
    page
}

/// SMART / Health Information (Figure 207).
fn health(drive: &Controller, now: Duration) -> Vec<u8> {
    let counters = &drive.counters;
    let mut page = vec![0; PAGE];
    put_le(&mut page, 1, 2, TEMPERATURE);
    put_le(&mut page, 3, 1, 100); // available spare, per cent
    put_le(&mut page, 4, 1, 10); // its threshold
    put_le(&mut page, 5, 1, 1); // percentage used
    put_le(&mut page, 32, 8, counters.bytes_read.div_ceil(DATA_UNIT));
    put_le(&mut page, 48, 8, counters.bytes_written.div_ceil(DATA_UNIT));
    put_le(&mut page, 64, 8, counters.reads);
    put_le(&mut page, 80, 8, counters.writes);
    put_le(&mut page, 112, 8, counters.power_cycles);
    put_le(&mut page, 128, 8, now.as_secs() / 3600);
    put_le(&mut page, 144, 8, counters.unsafe_shutdowns);
    put_le(&mut page, 176, 8, counters.errors);
    page
}

/// Firmware Slot Information (Figure 208): slot 1 is active.
fn firmware(drive: &Controller) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    put_le(&mut page, 0, 1, 1);
    put(&mut page, 8, &[b' '; 8]);
    let revision = drive.definition.firmware.as_bytes();
    put(&mut page, 8, revision.get(..8).unwrap_or(revision));
    page
}

/// Commands Supported and Effects (Figure 209): a dword for each admin command, then for each I/O command.
fn effects() -> Vec<u8> {
    let admin = [
        (admin::DELETE_SQ, 0),
        (admin::CREATE_SQ, 0),
        (admin::GET_LOG_PAGE, 0),
        (admin::DELETE_CQ, 0),
        (admin::CREATE_CQ, 0),
        (admin::IDENTIFY, 0),
        (admin::ABORT, 0),
        (admin::SET_FEATURES, 0),
        (admin::GET_FEATURES, 0),
        (admin::ASYNC_EVENT, 0),
        (admin::FORMAT, CHANGES_BLOCKS | CHANGES_NAMESPACES | ALONE),
        (admin::SANITIZE, CHANGES_BLOCKS | ALONE),
    ];
    let io = [
        (io::FLUSH, 0),
        (io::WRITE, CHANGES_BLOCKS),
        (io::READ, 0),
        (io::WRITE_ZEROES, CHANGES_BLOCKS),
        (io::DATASET_MANAGEMENT, CHANGES_BLOCKS),
    ];
    let mut page = vec![0; 4096];
    let mut put_all = |base: usize, commands: &[(u8, u32)]| {
        for (opcode, effects) in commands {
            put_le(&mut page, base + usize::from(*opcode) * 4, 4, (SUPPORTED | effects).into());
        }
    };
    put_all(0, &admin);
    put_all(1024, &io);
    page
}

/// Device Self-test (Figure 211): none ever ran.
fn self_test() -> Vec<u8> {
    let mut page = vec![0; 564];
    // Twenty results of 28 bytes, each "not used" (Fh).
    (4..564).step_by(28).for_each(|at| put_le(&mut page, at, 1, 0xf));
    page
}
