//! The host's memory, and the lists of pages by which commands name parts of it.

use super::Status;
use crate::bytes::index;

/// An address at which the host has no memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no memory at {0:#x}")]
pub struct BadAddress(pub u64);

/// Memory of the host that the drive reads and writes by itself.
pub trait HostMemory {
    /// Reads.
    ///
    /// # Errors
    /// [`BadAddress`].
    fn read(&self, address: u64, data: &mut [u8]) -> Result<(), BadAddress>;

    /// Writes, in the order of the bytes.
    ///
    /// # Errors
    /// [`BadAddress`].
    fn write(&mut self, address: u64, data: &[u8]) -> Result<(), BadAddress>;
}

impl From<BadAddress> for Status {
    fn from(_: BadAddress) -> Self {
        Self::DATA_TRANSFER_ERROR
    }
}

/// Pages of lists that a command needs at the very most.
const MOST_LISTS: usize = 16;

/// Pieces of memory in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pieces(Vec<(u64, usize)>);

impl Pieces {
    /// Memory in one piece, as separate metadata is.
    pub(super) fn contiguous(address: u64, length: usize) -> Self {
        Self(if length == 0 { Vec::new() } else { vec![(address, length)] })
    }

    /// What two PRP entries name (NVMe Base 2.0, 4.1.1): the first may begin inside a page of `page` bytes; the second
    /// is a page, or a list of pages where two do not suffice.
    pub(super) fn from_prps(
        memory: &dyn HostMemory,
        prp1: u64,
        prp2: u64,
        length: usize,
        page: u64,
    ) -> Result<Self, Status> {
        let mut pieces = Self::default();
        let first = index(page - prp1 % page).min(length);
        pieces.push(prp1, first);
        let rest = length - first;
        if rest == 0 {
            return Ok(pieces);
        }
        if rest <= index(page) {
            check_offset(prp2, page)?;
            pieces.push(prp2, rest);
            return Ok(pieces);
        }
        pieces.add_list(memory, prp2, rest, page)?;
        Ok(pieces)
    }

    fn add_list(
        &mut self,
        memory: &dyn HostMemory,
        list: u64,
        length: usize,
        page: u64,
    ) -> Result<(), Status> {
        let (mut at, mut rest) = (list, length);
        // A list of lists that leads nowhere must end somewhere.
        let mut entries = 0..2 * length / index(page) + MOST_LISTS;
        while rest > 0 {
            entries.next().ok_or(Status::INVALID_FIELD)?;
            let entry = read_entry(memory, at)?;
            // The last entry of a list's page is the next list where there is more than one page to come.
            let is_last = at.wrapping_add(8) % page == 0;
            check_offset(entry, if is_last && rest > index(page) { 8 } else { page })?;
            if is_last && rest > index(page) {
                at = entry;
                continue;
            }
            let part = rest.min(index(page));
            self.push(entry, part);
            rest -= part;
            at = at.wrapping_add(8);
        }
        Ok(())
    }

    fn push(&mut self, address: u64, length: usize) {
        if length > 0 {
            self.0.push((address, length));
        }
    }

    /// Fetches what lies there.
    pub(super) fn fetch(&self, memory: &dyn HostMemory) -> Result<Vec<u8>, Status> {
        let mut data = vec![0; self.0.iter().map(|(_, length)| length).sum()];
        let mut rest = data.as_mut_slice();
        for (address, length) in &self.0 {
            let (part, tail) = rest.split_at_mut(*length);
            memory.read(*address, part)?;
            rest = tail;
        }
        Ok(data)
    }

    /// Puts data there, as far as it goes.
    pub(super) fn store(&self, memory: &mut dyn HostMemory, data: &[u8]) -> Result<(), Status> {
        let mut rest = data;
        for (address, length) in &self.0 {
            let (part, tail) = rest.split_at((*length).min(rest.len()));
            memory.write(*address, part)?;
            rest = tail;
        }
        Ok(())
    }
}

fn check_offset(address: u64, unit: u64) -> Result<(), Status> {
    if address.is_multiple_of(unit) { Ok(()) } else { Err(Status::INVALID_PRP_OFFSET) }
}

fn read_entry(memory: &dyn HostMemory, address: u64) -> Result<u64, Status> {
    let mut bytes = [0; 8];
    check_offset(address, 8)?;
    memory.read(address, &mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Memory from address 0 on.
    pub(in crate::nvme) struct Ram(pub(in crate::nvme) Vec<u8>);

    impl HostMemory for Ram {
        fn read(&self, address: u64, data: &mut [u8]) -> Result<(), BadAddress> {
            let from = self.0.get(index(address)..).and_then(|rest| rest.get(..data.len()));
            data.copy_from_slice(from.ok_or(BadAddress(address))?);
            Ok(())
        }

        fn write(&mut self, address: u64, data: &[u8]) -> Result<(), BadAddress> {
            let to = self.0.get_mut(index(address)..).and_then(|rest| rest.get_mut(..data.len()));
            to.ok_or(BadAddress(address))?.copy_from_slice(data);
            Ok(())
        }
    }

    fn ram_with_list(at: usize, entries: &[u64]) -> Ram {
        let mut ram = Ram(vec![0; 0x20000]);
        for (entry, bytes) in entries.iter().zip(ram.0[at..].chunks_mut(8)) {
            bytes.copy_from_slice(&entry.to_le_bytes());
        }
        ram
    }

    fn pieces(ram: &Ram, prp1: u64, prp2: u64, length: usize) -> Result<Vec<(u64, usize)>, Status> {
        Pieces::from_prps(ram, prp1, prp2, length, 4096).map(|pieces| pieces.0)
    }

    #[test]
    fn one_page_two_pages_and_a_list() {
        let ram = ram_with_list(0x10100, &[0x4000, 0x6000]);
        assert_eq!(pieces(&ram, 0x1e00, 0, 512), Ok(vec![(0x1e00, 512)]));
        assert_eq!(pieces(&ram, 0x1e00, 0x3000, 1024), Ok(vec![(0x1e00, 512), (0x3000, 512)]));
        assert_eq!(
            pieces(&ram, 0x1000, 0x10100, 0x2800),
            Ok(vec![(0x1000, 0x1000), (0x4000, 0x1000), (0x6000, 0x800)])
        );
    }

    #[test]
    fn the_last_entry_of_a_lists_page_is_the_next_list() {
        let mut ram = ram_with_list(0x10ff0, &[0x4000, 0x12000]);
        ram.0[0x12000..0x12008].copy_from_slice(&0x6000_u64.to_le_bytes());
        ram.0[0x12008..0x12010].copy_from_slice(&0x7000_u64.to_le_bytes());
        let found = pieces(&ram, 0x1000, 0x10ff0, 0x4000).unwrap();
        assert_eq!(found, [(0x1000, 0x1000), (0x4000, 0x1000), (0x6000, 0x1000), (0x7000, 0x1000)]);
        // With one page left the last entry is that page.
        let found = pieces(&ram, 0x1000, 0x10ff0, 0x3000).unwrap();
        assert_eq!(found[2], (0x12000, 0x1000));
    }

    #[test]
    fn entries_that_begin_inside_a_page() {
        let ram = ram_with_list(0x10000, &[0x4200, 0x5000]);
        assert_eq!(pieces(&ram, 0x1000, 0x3004, 0x2000), Err(Status::INVALID_PRP_OFFSET));
        assert_eq!(pieces(&ram, 0x1000, 0x10000, 0x3000), Err(Status::INVALID_PRP_OFFSET));
    }

    #[test]
    fn a_list_that_leads_to_itself_ends() {
        let ram = ram_with_list(0x10ff8, &[0x10ff8]);
        assert_eq!(pieces(&ram, 0x1000, 0x10ff8, 0x10000), Err(Status::INVALID_FIELD));
    }

    #[test]
    fn lists_outside_of_memory() {
        let ram = Ram(vec![0; 0x1000]);
        assert_eq!(pieces(&ram, 0x1000, 0x9_0000_0000, 0x4000), Err(Status::DATA_TRANSFER_ERROR));
        assert_eq!(pieces(&ram, 0x1000, u64::MAX - 7, 0x4000), Err(Status::DATA_TRANSFER_ERROR));
    }
}
