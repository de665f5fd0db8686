//! The Device Configuration Overlay feature set (ATA8-ACS 4.6, 7.9; taken out of ACS-3): a drive made to look smaller
//! and simpler than it is.

use super::command::{Command, Protocol, SECTOR, Width};
use crate::bytes::{le_u16, le_u64};

const DEVICE_CONFIGURATION: u8 = 0xB1;
/// FEATURE of RESTORE (7.9.2).
const RESTORE: u16 = 0xC0;
/// FEATURE of IDENTIFY (7.9.4).
const IDENTIFY: u16 = 0xC2;
/// The low byte of word 255 where there is a checksum.
const SIGNATURE: u8 = 0xA5;

/// DEVICE CONFIGURATION IDENTIFY, B1h/C2h: one block, read by [`Configuration::parse`].
#[must_use]
pub fn identify() -> Command {
    Command { feature: IDENTIFY, ..Command::new(DEVICE_CONFIGURATION, Width::Bits28, Protocol::PioIn) }
}

/// DEVICE CONFIGURATION RESTORE, B1h/C0h: all that the overlay changed, capacity and features, goes back to the
/// factory's. The drive aborts it while an HPA is set.
#[must_use]
pub fn restore() -> Command {
    Command { feature: RESTORE, ..Command::new(DEVICE_CONFIGURATION, Width::Bits28, Protocol::NonData) }
}

/// Why a DEVICE CONFIGURATION block was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// Not 512 bytes.
    #[error("the DEVICE CONFIGURATION block is {0} bytes, not 512")]
    Length(usize),
    /// Nothing but zeros.
    #[error("the DEVICE CONFIGURATION block is empty")]
    Empty,
    /// Word 255 does not make the bytes add up, or is not there, which this block must have.
    #[error("the DEVICE CONFIGURATION block does not add up")]
    Checksum,
}

/// What the drive could be made to be (ATA8-ACS table 20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Configuration {
    /// Word 0: revision of the structure.
    pub revision: u16,
    /// Words 3 to 6: the last address of the drive as it was made.
    pub last_address: u64,
}

impl Configuration {
    /// Reads the block.
    ///
    /// # Errors
    /// [`ConfigurationError`], one variant per thing that can be wrong with it.
    pub fn parse(block: &[u8]) -> Result<Self, ConfigurationError> {
        if block.len() != SECTOR {
            return Err(ConfigurationError::Length(block.len()));
        }
        if block.iter().all(|byte| *byte == 0) {
            return Err(ConfigurationError::Empty);
        }
        let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        if block.get(510) != Some(&SIGNATURE) || sum != 0 {
            return Err(ConfigurationError::Checksum);
        }
        let number = |at| le_u64(block, at).unwrap_or(0);
        Ok(Self { revision: le_u16(block, 0).unwrap_or(0), last_address: number(6) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(last: u64) -> Vec<u8> {
        let mut block = vec![0u8; 512];
        block[0] = 2;
        block[6..14].copy_from_slice(&last.to_le_bytes());
        block[510] = SIGNATURE;
        let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        block[511] = sum.wrapping_neg();
        block
    }

    #[test]
    fn identify_and_restore_are_features_c2h_and_c0h_of_b1h() {
        let identify = identify();
        assert_eq!(identify.describe(), "ATA B1h FEATURE=00C2h COUNT=0001h LBA=000000000000h DEVICE=00h");
        assert_eq!(identify.protocol, Protocol::PioIn);
        let restore = restore();
        assert_eq!(restore.describe(), "ATA B1h FEATURE=00C0h COUNT=0000h LBA=000000000000h DEVICE=00h");
        assert_eq!(restore.protocol, Protocol::NonData);
    }

    #[test]
    fn the_factorys_last_address_is_in_words_3_to_6() {
        let read = Configuration::parse(&block(0x0001_3A38_602F)).unwrap();
        assert_eq!(read, Configuration { revision: 2, last_address: 0x0001_3A38_602F });
    }

    #[test]
    fn blocks_that_are_short_empty_or_do_not_add_up_are_refused() {
        assert_eq!(Configuration::parse(&[0; 512]), Err(ConfigurationError::Empty));
        assert_eq!(Configuration::parse(&block(1)[..511]), Err(ConfigurationError::Length(511)));
        let mut damaged = block(1);
        damaged[7] ^= 1;
        assert_eq!(Configuration::parse(&damaged), Err(ConfigurationError::Checksum));
        let mut unsigned = block(1);
        unsigned[510] = 0;
        unsigned[511] = unsigned[511].wrapping_add(SIGNATURE);
        assert_eq!(Configuration::parse(&unsigned), Err(ConfigurationError::Checksum));
    }

    proptest! {
        #[test]
        fn any_block_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = Configuration::parse(&bytes);
        }
    }
}
