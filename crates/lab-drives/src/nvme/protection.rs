//! End-to-end protection information (NVM Command Set 1.0, 5.2.1): guard, application tag and reference tag of eight
//! bytes per block, big-endian.

use super::Status;
use crate::bytes::{be, index, put_be};

/// Bytes per block.
pub(super) const SIZE: usize = 8;
/// The polynomial of the T10 CRC-16.
const POLYNOMIAL: u16 = 0x8bb7;
/// An application tag of these bits switches all checks of its block off.
const UNCHECKED: u64 = 0xffff;

/// The guard: CRC-16 of the block's data.
pub(super) fn guard(block: &[u8]) -> u16 {
    block.iter().fold(0, |crc: u16, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ POLYNOMIAL }
        })
    })
}

/// The information that the controller makes: guard, no application tag, the low half of the block's number.
pub(super) fn make(slba: u64, data: &[u8], block_size: usize) -> Vec<u8> {
    let mut all = vec![0; data.len() / block_size * SIZE];
    for ((lba, block), info) in (slba..).zip(data.chunks(block_size)).zip(all.chunks_mut(SIZE)) {
        put_be(info, 0, 2, guard(block).into());
        put_be(info, 4, 4, lba & u64::from(u32::MAX));
    }
    all
}

/// Checks the guards of all blocks that want it.
pub(super) fn check(data: &[u8], metadata: &[u8], block_size: usize) -> Result<(), Status> {
    let good = |(block, info): (&[u8], &[u8])| {
        be(info, 2, 2) == UNCHECKED || be(info, 0, 2) == u64::from(guard(block))
    };
    let complete = metadata.len() >= data.len() / block_size.max(1) * index(SIZE as u64);
    let all_good = data.chunks(block_size).zip(metadata.chunks(SIZE)).all(good);
    if complete && all_good { Ok(()) } else { Err(Status::GUARD_CHECK) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_t10_crc() {
        // The catalogued check value: the CRC of the ASCII digits 1 to 9.
        assert_eq!(guard(b"123456789"), 0xd0db);
        assert_eq!(guard(&[0; 512]), 0);
    }

    #[test]
    fn made_information_passes_and_other_data_does_not() {
        let mut data = vec![0x5a; 8192];
        let info = make(7, &data, 4096);
        assert_eq!(info.len(), 16);
        assert_eq!(be(&info, 12, 4), 8);
        assert_eq!(check(&data, &info, 4096), Ok(()));
        data[5000] = 0;
        assert_eq!(check(&data, &info, 4096), Err(Status::GUARD_CHECK));
        assert_eq!(check(&data, &info[..8], 4096), Err(Status::GUARD_CHECK));
    }

    #[test]
    fn unwritten_blocks_are_not_checked() {
        assert_eq!(check(&[0; 512], &[0xff; 8], 512), Ok(()));
    }
}
