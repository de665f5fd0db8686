//! Block commands (SBC-3 clause 5, translated by SAT-3 clause 9).

use super::inquiry::MOST_BLOCKS;
use super::sense::Sense;
use crate::ata::AtaDrive;
use crate::ata::opcode::{FLUSH_CACHE, READ_DMA, STANDBY_IMMEDIATE, WRITE_DMA};
use crate::ata::state::Previous;
use crate::ata::taskfile::{Outcome, Refusal, Taskfile};
use crate::bytes::{be, byte, index, put, put_be};

/// Byte 4 of START STOP UNIT: START.
const START: u8 = 1;
/// READ CAPACITY (16) byte 14: logical block provisioning with zeros for what is unmapped.
const LBPME_LBPRZ: u8 = 0xc0;

/// Where and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    lba: u64,
    count: u64,
}

impl Extent {
    /// By the command's length: 6, 10, 12 or 16 bytes.
    pub(super) fn decode(cdb: &[u8]) -> Self {
        match byte(cdb, 0) >> 5 {
            0 => {
                let count = be(cdb, 4, 1);
                Self { lba: be(cdb, 1, 3) & 0x1f_ffff, count: if count == 0 { 256 } else { count } }
            }
            5 => Self { lba: be(cdb, 2, 4), count: be(cdb, 6, 4) },
            4 => Self { lba: be(cdb, 2, 8), count: be(cdb, 10, 4) },
            _ => Self { lba: be(cdb, 2, 4), count: be(cdb, 7, 2) },
        }
    }

    fn checked(self) -> Result<Self, Sense> {
        if self.count > MOST_BLOCKS { Err(Sense::INVALID_FIELD) } else { Ok(self) }
    }
}

impl AtaDrive {
    pub(super) fn read(&mut self, extent: Extent) -> Result<Vec<u8>, Sense> {
        self.media_access(READ_DMA)?;
        let Extent { lba, count } = extent.checked()?;
        Ok(self.read_blocks(lba, count)?)
    }

    pub(super) fn verify(&mut self, extent: Extent) -> Result<Vec<u8>, Sense> {
        self.media_access(READ_DMA)?;
        let Extent { lba, count } = extent.checked()?;
        self.readable(lba, count)?;
        Ok(Vec::new())
    }

    pub(super) fn write(&mut self, extent: Extent, data: &[u8]) -> Result<Vec<u8>, Sense> {
        self.media_access(WRITE_DMA)?;
        let Extent { lba, count } = extent.checked()?;
        let length = index(count * u64::from(self.definition.block_size));
        self.write_blocks(lba, data.get(..length).ok_or(Sense::INVALID_FIELD)?)?;
        Ok(Vec::new())
    }

    /// What the drive would say to the command that this one becomes.
    fn media_access(&mut self, command: u8) -> Result<(), Refusal> {
        self.live.previous = Previous::Other;
        self.admit(&Taskfile::of(command))
    }

    /// UNMAP (SBC-3 clause 5.28): a list of addresses and counts.
    pub(super) fn unmap(&mut self, data: &[u8]) -> Result<Vec<u8>, Sense> {
        if !self.has_trim() {
            return Err(Sense::INVALID_OPCODE);
        }
        self.media_access(WRITE_DMA)?;
        let descriptors = data.get(8..).unwrap_or_default();
        let length = index(be(data, 2, 2)).min(descriptors.len());
        for descriptor in descriptors.get(..length).unwrap_or_default().chunks_exact(16) {
            self.unmap_blocks(be(descriptor, 0, 8), be(descriptor, 8, 4))?;
        }
        Ok(Vec::new())
    }

    pub(super) fn synchronize(&mut self) -> Result<Vec<u8>, Sense> {
        self.simple(FLUSH_CACHE)
    }

    pub(super) fn start_stop(&mut self, cdb: &[u8]) -> Result<Vec<u8>, Sense> {
        if byte(cdb, 4) & START != 0 {
            self.live.standby = false;
            return Ok(Vec::new());
        }
        self.simple(STANDBY_IMMEDIATE)
    }

    fn simple(&mut self, command: u8) -> Result<Vec<u8>, Sense> {
        match self.execute(&Taskfile::of(command), &[]) {
            Outcome::Done(Ok(_)) => Ok(Vec::new()),
            Outcome::Done(Err(refusal)) => Err(refusal.into()),
            _ => Err(Refusal::Abort.into()),
        }
    }

    pub(super) fn read_capacity_10(&self) -> Vec<u8> {
        let mut data = vec![0; 8];
        let last = self.stated_blocks().saturating_sub(1);
        put_be(&mut data, 0, 4, last.min(u64::from(u32::MAX)));
        put_be(&mut data, 4, 4, u64::from(self.definition.block_size));
        data
    }

    pub(super) fn read_capacity_16(&self) -> Vec<u8> {
        let definition = &self.definition;
        let mut data = vec![0; 32];
        let exponent = definition.physical_block_size.checked_div(definition.block_size).unwrap_or(1);
        put_be(&mut data, 0, 8, self.stated_blocks().saturating_sub(1));
        put_be(&mut data, 8, 4, u64::from(definition.block_size));
        put_be(&mut data, 13, 1, u64::from(exponent.max(1).ilog2() & 0x0f));
        if self.has_trim() {
            put(&mut data, 14, &[LBPME_LBPRZ]);
        }
        data
    }
}
