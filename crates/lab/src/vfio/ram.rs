//! The guest's memory, reached through the files that QEMU has it in.

use lab_drives::nvme::{BadAddress, HostMemory};
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// A range of guest-physical addresses.
#[derive(Debug)]
struct Mapping {
    size: u64,
    /// Where it begins in the file.
    offset: u64,
    /// `None` for memory that QEMU keeps to itself, as flash and ROMs: no drive has business there.
    file: Option<File>,
}

/// All memory that QEMU has shown, by first address.
#[derive(Debug, Default)]
pub(crate) struct GuestRam(BTreeMap<u64, Mapping>);

impl GuestRam {
    pub(crate) fn map(&mut self, address: u64, size: u64, offset: u64, file: Option<File>) {
        self.0.insert(address, Mapping { size, offset, file });
    }

    pub(crate) fn unmap(&mut self, address: u64, size: u64) {
        self.0.retain(|&first, mapping| {
            let inside = first >= address && first - address < size;
            !(inside && mapping.size <= size)
        });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The file, the offset in it, and how many bytes of `len` lie there in one piece.
    fn find(&self, address: u64, len: usize) -> Result<(&File, u64, usize), BadAddress> {
        let bad = BadAddress(address);
        let (first, mapping) = self.0.range(..=address).next_back().ok_or(bad)?;
        let within = address - first;
        let left = mapping.size.checked_sub(within).filter(|&left| left > 0).ok_or(bad)?;
        let file = mapping.file.as_ref().ok_or(bad)?;
        let piece = usize::try_from(left).unwrap_or(usize::MAX).min(len);
        Ok((file, mapping.offset.checked_add(within).ok_or(bad)?, piece))
    }
}

impl HostMemory for GuestRam {
    fn read(&self, address: u64, data: &mut [u8]) -> Result<(), BadAddress> {
        let (mut at, mut rest) = (address, data);
        while !rest.is_empty() {
            let (file, offset, piece) = self.find(at, rest.len())?;
            let (head, tail) = rest.split_at_mut(piece);
            file.read_exact_at(head, offset).map_err(|_| BadAddress(at))?;
            at = at.saturating_add(piece as u64);
            rest = tail;
        }
        Ok(())
    }

    fn write(&mut self, address: u64, data: &[u8]) -> Result<(), BadAddress> {
        let (mut at, mut rest) = (address, data);
        while !rest.is_empty() {
            let (file, offset, piece) = self.find(at, rest.len())?;
            let (head, tail) = rest.split_at(piece);
            file.write_all_at(head, offset).map_err(|_| BadAddress(at))?;
            at = at.saturating_add(piece as u64);
            rest = tail;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_pages() -> GuestRam {
        let file = tempfile::tempfile().unwrap();
        file.set_len(0x3000).unwrap();
        let mut ram = GuestRam::default();
        // Neighbours for the guest, not in the file.
        ram.map(0x1000, 0x1000, 0x2000, Some(file.try_clone().unwrap()));
        ram.map(0x2000, 0x1000, 0, Some(file));
        ram
    }

    #[test]
    fn a_transfer_crosses_from_one_mapping_to_the_next() {
        let mut ram = two_pages();
        ram.write(0x1ffe, &[1, 2, 3, 4]).unwrap();
        let mut data = [0; 4];
        ram.read(0x1ffe, &mut data).unwrap();
        assert_eq!(data, [1, 2, 3, 4]);
        let mut second = [0; 2];
        ram.read(0x2000, &mut second).unwrap();
        assert_eq!(second, [3, 4]);
    }

    #[test]
    fn addresses_without_memory_are_refused() {
        let mut ram = two_pages();
        assert_eq!(ram.write(0x2fff, &[0, 0]), Err(BadAddress(0x3000)));
        assert_eq!(ram.read(0xfff, &mut [0]), Err(BadAddress(0xfff)));
        ram.map(0x8000, 0x1000, 0, None);
        assert_eq!(ram.read(0x8000, &mut [0]), Err(BadAddress(0x8000)));
        assert_eq!(ram.read(u64::MAX, &mut [0, 0]), Err(BadAddress(u64::MAX)));
    }

    #[test]
    fn what_is_unmapped_is_gone() {
        let mut ram = two_pages();
        ram.unmap(0x1000, 0x1000);
        assert!(ram.read(0x1000, &mut [0]).is_err());
        assert!(ram.read(0x2000, &mut [0]).is_ok());
        ram.clear();
        assert!(ram.read(0x2000, &mut [0]).is_err());
    }
}
