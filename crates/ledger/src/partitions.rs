//! Where on a disk filesystems may begin: the disk itself, and its MBR or GPT partitions.

use std::io::{self, Read, Seek, SeekFrom};

/// A stretch of a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its first byte.
    pub(crate) begin: u64,
    /// Its length.
    pub(crate) len: u64,
}

/// Sector sizes in use; the tables do not say which theirs is.
const SECTORS: [u64; 2] = [512, 4096];
const MBR_TABLE: usize = 446;
const MBR_ENTRY: usize = 16;
const GPT_PROTECTIVE: u8 = 0xee;
/// More entries than any disk has, so that a forged table does not keep us.
const GPT_ENTRIES: u32 = 256;

/// Every stretch where a filesystem may be, the whole disk first.
///
/// # Errors
/// When the disk cannot be read.
pub(crate) fn stretches<D: Read + Seek>(disk: &mut D) -> io::Result<Vec<Stretch>> {
    let len = disk.seek(SeekFrom::End(0))?;
    let mut found = vec![Stretch { begin: 0, len }];
    let Some(boot) = read_at::<512, _>(disk, 0)? else { return Ok(found) };
    if boot[510..] != [0x55, 0xaa] {
        return Ok(found);
    }
    let entries = boot.get(MBR_TABLE..510).unwrap_or_default().chunks_exact(MBR_ENTRY);
    for entry in entries {
        match entry.get(4) {
            None | Some(0) => {}
            Some(&GPT_PROTECTIVE) => found.extend(gpt(disk)?),
            Some(_) => found.push(Stretch { begin: u32_at(entry, 8) * 512, len: u32_at(entry, 12) * 512 }),
        }
    }
    found.retain(|stretch| {
        stretch.len > 0 && stretch.begin.checked_add(stretch.len).is_some_and(|end| end <= len)
    });
    Ok(found)
}

/// The partitions of a GPT (UEFI 2.10, 5.3.2 and 5.3.3). Checksums are not looked at: nothing is trusted here but
/// what the signatures in the logs prove.
fn gpt<D: Read + Seek>(disk: &mut D) -> io::Result<Vec<Stretch>> {
    let mut found = Vec::new();
    for sector in SECTORS {
        let Some(header) = read_at::<92, _>(disk, sector)? else { continue };
        if !header.starts_with(b"EFI PART") {
            continue;
        }
        let (table, count, size) = (u64_at(&header, 72), u32_at(&header, 80), u32_at(&header, 84));
        for number in 0..count.min(u64::from(GPT_ENTRIES)) {
            let place = table.saturating_mul(sector).saturating_add(number * size);
            let Some(entry) = read_at::<128, _>(disk, place)? else { break };
            let used = entry[..16] != [0; 16];
            let (first, last) = (u64_at(&entry, 32), u64_at(&entry, 40));
            if used && last >= first {
                let len = (last - first).saturating_add(1).saturating_mul(sector);
                found.push(Stretch { begin: first.saturating_mul(sector), len });
            }
        }
    }
    Ok(found)
}

fn read_at<const N: usize, D: Read + Seek>(disk: &mut D, place: u64) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    disk.seek(SeekFrom::Start(place))?;
    match disk.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| (value << 8) | u64::from(*byte))
}

fn u32_at(bytes: &[u8], place: usize) -> u64 {
    little_endian(bytes.get(place..place + 4).unwrap_or_default())
}

fn u64_at(bytes: &[u8], place: usize) -> u64 {
    little_endian(bytes.get(place..place + 8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn disk() -> Vec<u8> {
        let mut disk = vec![0; 1 << 20];
        disk[510..512].copy_from_slice(&[0x55, 0xaa]);
        disk
    }

    #[test]
    fn the_primary_partitions_of_an_mbr() {
        let mut disk = disk();
        // Status 00h, type 0Ch, first sector 63, 100 sectors.
        disk[446..462].copy_from_slice(&[0, 0, 0, 0, 0x0c, 0, 0, 0, 63, 0, 0, 0, 100, 0, 0, 0]);
        let found = stretches(&mut Cursor::new(disk)).unwrap();
        let whole = Stretch { begin: 0, len: 1 << 20 };
        assert_eq!(found, [whole, Stretch { begin: 63 * 512, len: 100 * 512 }]);
    }

    #[test]
    fn the_partitions_of_a_gpt() {
        let mut disk = disk();
        disk[450] = GPT_PROTECTIVE;
        disk[458..466].copy_from_slice(&[1, 0, 0, 0, 255, 7, 0, 0]);
        disk[512..520].copy_from_slice(b"EFI PART");
        disk[512 + 72] = 2;
        disk[512 + 80] = 4;
        disk[512 + 84] = 128;
        disk[1024] = 0xa2;
        disk[1024 + 32] = 40;
        disk[1024 + 40] = 49;
        let found = stretches(&mut Cursor::new(disk)).unwrap();
        assert!(found.contains(&Stretch { begin: 40 * 512, len: 10 * 512 }), "{found:?}");
    }

    #[test]
    fn a_partition_beyond_the_end_is_left_out() {
        let mut disk = disk();
        disk[446..462].copy_from_slice(&[0, 0, 0, 0, 0x0c, 0, 0, 0, 63, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(stretches(&mut Cursor::new(disk)).unwrap().len(), 1);
    }

    #[test]
    fn no_bytes_lead_astray() {
        assert_eq!(stretches(&mut Cursor::new(vec![])).unwrap().len(), 1);
        let mut forged = vec![0xff; 40_000];
        forged[510..512].copy_from_slice(&[0x55, 0xaa]);
        forged[450] = GPT_PROTECTIVE;
        forged[512..520].copy_from_slice(b"EFI PART");
        assert_eq!(stretches(&mut Cursor::new(forged)).unwrap().len(), 1);
    }
}
