//! READ CAPACITY (16), 9Eh/10h (SBC-4 5.20).

use super::format::Protection;
use crate::bytes::{be_u32, be_u64};

/// The bytes of the answer.
pub const CAPACITY_LEN: usize = 32;

/// READ CAPACITY (16).
#[must_use]
pub fn read_capacity_16() -> [u8; 16] {
    [0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0]
}

/// Why the answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CapacityError {
    /// Shorter than the fields that are needed.
    #[error("the capacity data are {0} bytes, too short")]
    Short(usize),
    /// Protection information of a kind that no standard names.
    #[error("protection type {0} does not exist")]
    Protection(u8),
}

/// How large the unit is, and what its blocks carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Bytes 7:0: the last address.
    pub last_address: u64,
    /// Bytes 11:8: logical block length in bytes.
    pub block: u32,
    /// Byte 12: protection information.
    pub protection: Protection,
    /// Byte 14 bit 7, LBPME: blocks can be unmapped.
    pub unmaps: bool,
}

impl Capacity {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`CapacityError`]
    pub fn parse(data: &[u8]) -> Result<Self, CapacityError> {
        let short = CapacityError::Short(data.len());
        let (protection, provisioning) = match data {
            [_, _, _, _, _, _, _, _, _, _, _, _, protection, _, provisioning, ..] => {
                (*protection, *provisioning)
            }
            _ => return Err(short),
        };
        Ok(Self {
            last_address: be_u64(data, 0).ok_or(short)?,
            block: be_u32(data, 8).ok_or(short)?,
            // Bit 0 PROT_EN, bits 3:1 P_TYPE.
            protection: match (protection & 1, protection >> 1 & 0b111) {
                (0, _) => Protection::None,
                (_, 0) => Protection::Type1,
                (_, 1) => Protection::Type2,
                (_, 2) => Protection::Type3,
                (_, other) => return Err(CapacityError::Protection(other)),
            },
            unmaps: provisioning & 1 << 7 != 0,
        })
    }

    /// The size in bytes; `None` where it does not fit, as of the address FFFF_FFFF_FFFF_FFFFh.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.last_address.checked_add(1)?.checked_mul(self.block.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn data(protection: u8, provisioning: u8) -> Vec<u8> {
        let mut data = vec![0; CAPACITY_LEN];
        data[..12].copy_from_slice(&[0, 0, 0, 0, 0x3A, 0x38, 0x60, 0x2F, 0, 0, 2, 0]);
        (data[12], data[14]) = (protection, provisioning);
        data
    }

    #[test]
    fn read_capacity_16_is_9e_10_with_32_bytes() {
        assert_eq!(read_capacity_16(), *b"\x9e\x10\0\0\0\0\0\0\0\0\0\0\0\x20\0\0");
    }

    #[test]
    fn size_protection_and_provisioning_have_their_places() {
        let read = Capacity::parse(&data(0b0000, 0x80)).unwrap();
        assert_eq!((read.last_address, read.block, read.unmaps), (976_773_167, 512, true));
        assert_eq!((read.protection, read.bytes()), (Protection::None, Some(500_107_862_016)));
        let of = |byte| Capacity::parse(&data(byte, 0)).map(|read| read.protection);
        assert_eq!(of(0b0001), Ok(Protection::Type1));
        assert_eq!(of(0b0011), Ok(Protection::Type2));
        assert_eq!(of(0b0101), Ok(Protection::Type3));
        assert_eq!(of(0b0110), Ok(Protection::None));
        assert_eq!(of(0b0111), Err(CapacityError::Protection(3)));
    }

    #[test]
    fn short_and_endless_are_not_taken() {
        assert_eq!(Capacity::parse(&[0; 14]), Err(CapacityError::Short(14)));
        let endless = [&[0xFF; 8][..], &[0, 0, 2, 0, 0, 0, 0, 0]].concat();
        assert_eq!(Capacity::parse(&endless).unwrap().bytes(), None);
    }

    proptest! {
        #[test]
        fn decoder_never_panics(data in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = Capacity::parse(&data).map(|read| read.bytes());
        }
    }
}
