//! As much of SMART (ACS-3 clause 7.47) as tools want to see of a healthy drive.

use super::AtaDrive;
use super::taskfile::{Refusal, Reply, Taskfile};
use crate::bytes::{put, put_le};

/// FEATURE: SMART READ DATA.
pub(super) const READ_DATA: u16 = 0xd0;
/// FEATURE: SMART READ ATTRIBUTE THRESHOLDS.
pub(super) const READ_THRESHOLDS: u16 = 0xd1;
/// FEATURE: SMART ENABLE/DISABLE ATTRIBUTE AUTOSAVE.
const AUTOSAVE: u16 = 0xd2;
/// FEATURE: SMART READ LOG.
pub(super) const READ_LOG: u16 = 0xd5;
/// FEATURE: SMART ENABLE OPERATIONS.
const ENABLE: u16 = 0xd8;
/// FEATURE: SMART RETURN STATUS.
const RETURN_STATUS: u16 = 0xda;
/// LBA 23:8 of every SMART command, and of the status of a healthy drive.
const SIGNATURE: u64 = 0xc24f;

/// An attribute: identifier, flags, worst value and raw value. The thresholds are all 0.
const ATTRIBUTES: [(u8, u16, u64); 4] = [
    // Reallocated sectors, power-on hours, power cycles, temperature.
    (5, 0x0033, 0),
    (9, 0x0032, 4711),
    (12, 0x0032, 99),
    (194, 0x0022, 31),
];

impl AtaDrive {
    pub(super) fn smart(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        if command.lba >> 8 & 0xffff != SIGNATURE {
            return Err(Refusal::Abort);
        }
        match command.feature & 0xff {
            READ_DATA => Ok(Reply::data(self.smart_data())),
            READ_THRESHOLDS => Ok(Reply::data(thresholds())),
            READ_LOG => self.smart_log(command),
            AUTOSAVE | ENABLE => Ok(Reply::default()),
            RETURN_STATUS => Ok(Reply::registers(0, SIGNATURE << 8)),
            _ => Err(Refusal::Abort),
        }
    }

    fn smart_data(&self) -> Vec<u8> {
        let mut data = vec![0; 512];
        put_le(&mut data, 0, 2, 0x0010);
        for (entry, (identifier, flags, raw)) in data[2..].chunks_mut(12).zip(ATTRIBUTES) {
            let raw = if identifier == 5 { self.definition.reallocated.len() as u64 } else { raw };
            put_le(entry, 0, 1, u64::from(identifier));
            put_le(entry, 1, 2, u64::from(flags));
            put(entry, 3, &[100, 100]);
            put_le(entry, 5, 6, raw);
        }
        with_checksum(data)
    }

    /// The directory and the logs without entries: nothing was ever wrong.
    fn smart_log(&self, command: &Taskfile) -> Result<Reply, Refusal> {
        let count = crate::bytes::index(u64::from(command.count & 0xff));
        match command.lba & 0xff {
            0 => {
                let mut data = vec![0; 512 * count];
                put_le(&mut data, 0, 2, 1);
                Ok(Reply::data(data))
            }
            _ => Err(Refusal::Abort),
        }
    }
}

fn thresholds() -> Vec<u8> {
    let mut data = vec![0; 512];
    put_le(&mut data, 0, 2, 0x0010);
    for (entry, (identifier, ..)) in data[2..].chunks_mut(12).zip(ATTRIBUTES) {
        put_le(entry, 0, 1, u64::from(identifier));
    }
    with_checksum(data)
}

/// Byte 511 makes the sum of all bytes 0.
fn with_checksum(mut data: Vec<u8>) -> Vec<u8> {
    let sum = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    put(&mut data, 511, &[sum.wrapping_neg()]);
    data
}
