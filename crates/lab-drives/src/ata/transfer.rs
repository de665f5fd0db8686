//! Reading, writing and trimming sectors, with the faults that concern single ones.

use super::AtaDrive;
use super::taskfile::{Refusal, Reply, Taskfile};
use crate::Fault;
use crate::bytes::{index, le};
use crate::medium::Kind;

/// FEATURE of DATA SET MANAGEMENT: TRIM.
const TRIM: u16 = 1;
/// Bytes of a range of DATA SET MANAGEMENT: 48 bits of address, 16 of count.
const RANGE: usize = 8;

impl AtaDrive {
    pub(super) fn has_trim(&self) -> bool {
        self.definition.medium == Kind::Flash
    }

    pub(super) fn read_sectors(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        self.read_blocks(command.address(), command.sectors()).map(Reply::data)
    }

    pub(super) fn verify_sectors(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        self.readable(command.address(), command.sectors()).map(|()| Reply::default())
    }

    pub(super) fn write_sectors(&mut self, command: &Taskfile, data: &[u8]) -> Result<Reply, Refusal> {
        let length = index(command.sectors() * u64::from(self.definition.block_size));
        self.write_blocks(command.address(), data.get(..length).ok_or(Refusal::Abort)?)?;
        Ok(Reply::default())
    }

    pub(super) fn data_set_management(&mut self, command: &Taskfile, data: &[u8]) -> Result<Reply, Refusal> {
        if command.feature & TRIM == 0 {
            return Err(Refusal::Abort);
        }
        for range in data.chunks(RANGE) {
            // A range without sectors is padding.
            let (lba, count) = (le(range, 0, 6), le(range, 6, 2));
            if count > 0 {
                self.unmap_blocks(lba, count)?;
            }
        }
        Ok(Reply::default())
    }

    /// Takes the places of accessible sectors away.
    pub(super) fn unmap_blocks(&mut self, lba: u64, count: u64) -> Result<(), Refusal> {
        self.within(lba, count)?;
        Ok(self.medium.unmap(lba, count)?)
    }

    /// Reads accessible sectors.
    pub(super) fn read_blocks(&mut self, lba: u64, count: u64) -> Result<Vec<u8>, Refusal> {
        self.readable(lba, count)?;
        self.live.standby = false;
        let mut data = vec![0; index(count * u64::from(self.definition.block_size))];
        self.medium.read(lba, &mut data)?;
        Ok(data)
    }

    /// Writes accessible sectors.
    pub(super) fn write_blocks(&mut self, lba: u64, data: &[u8]) -> Result<(), Refusal> {
        let count = data.len() as u64 / u64::from(self.definition.block_size);
        self.within(lba, count)?;
        self.live.standby = false;
        if let Some(bad) = self.first_bad(lba, count, |fault| match fault {
            Fault::Unwritable { from, count } => Some((*from, *count)),
            _ => None,
        }) {
            return Err(Refusal::Unwritable(bad));
        }
        Ok(self.medium.write(lba, data)?)
    }

    /// Whether sectors can be read.
    pub(super) fn readable(&self, lba: u64, count: u64) -> Result<(), Refusal> {
        self.within(lba, count)?;
        let bad = self.first_bad(lba, count, |fault| match fault {
            Fault::Unreadable { from, count } => Some((*from, *count)),
            _ => None,
        });
        let unwritten = self.faults.has(&Fault::ReadsFailUntilWritten);
        let unwritten = unwritten.then(|| self.medium.first_unmapped(lba, count)).flatten();
        match bad.into_iter().chain(unwritten).min() {
            Some(bad) => Err(Refusal::Unreadable(bad)),
            None => Ok(()),
        }
    }

    fn within(&self, lba: u64, count: u64) -> Result<(), Refusal> {
        match lba.checked_add(count) {
            Some(end) if end <= self.live.accessible => Ok(()),
            _ => Err(Refusal::NotFound),
        }
    }

    fn first_bad(&self, lba: u64, count: u64, range: impl Fn(&Fault) -> Option<(u64, u64)>) -> Option<u64> {
        let bad = self.faults.iter().filter_map(range);
        let bad = bad.map(|(from, length)| (from.max(lba), from.saturating_add(length).min(lba + count)));
        bad.filter(|(from, end)| from < end).map(|(from, _)| from).min()
    }
}
