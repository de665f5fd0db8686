//! Units as types, so that a block number is never taken for a byte offset.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A logical block address, counted in the drive's own logical blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lba(pub u64);

/// A length in bytes. Written as a decimal string, because JSON numbers lose precision beyond 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ByteLen(pub u64);

/// A number of things. Written as a decimal string, for the same reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Count(pub u64);

/// The size of a logical block in bytes: a power of two from 512 to 65536.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct BlockSize(u32);

/// A number that cannot be the unit it is given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// Not a power of two from 512 to 65536.
    #[error("{0} is no logical block size: a power of two from 512 to 65536 is expected")]
    BlockSize(u32),
}

impl BlockSize {
    /// 512 bytes, the size of nearly every drive that retires today.
    pub const B512: Self = Self(512);

    /// Takes a size in bytes.
    ///
    /// # Errors
    /// [`UnitError::BlockSize`] for anything but a power of two from 512 to 65536.
    pub fn new(bytes: u32) -> Result<Self, UnitError> {
        if bytes.is_power_of_two() && (512..=65536).contains(&bytes) {
            Ok(Self(bytes))
        } else {
            Err(UnitError::BlockSize(bytes))
        }
    }

    /// The size in bytes.
    #[must_use]
    pub fn bytes(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for BlockSize {
    type Error = UnitError;
    fn try_from(bytes: u32) -> Result<Self, UnitError> {
        Self::new(bytes)
    }
}

impl From<BlockSize> for u32 {
    fn from(size: BlockSize) -> u32 {
        size.0
    }
}

impl Lba {
    /// The byte offset at which this block begins; `None` beyond 2^64.
    #[must_use]
    pub fn offset(self, block: BlockSize) -> Option<u64> {
        self.0.checked_mul(u64::from(block.bytes()))
    }
}

impl ByteLen {
    /// How many whole blocks fit.
    #[must_use]
    pub fn blocks(self, block: BlockSize) -> u64 {
        self.0 / u64::from(block.bytes())
    }
}

impl fmt::Display for ByteLen {
    /// Decimal units, as drives are sold: 512.1 GB.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] =
            [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
        for (size, name) in UNITS {
            if self.0 >= size {
                let tenths = u128::from(self.0) * 10 / u128::from(size);
                return write!(f, "{}.{} {name}", tenths / 10, tenths % 10);
            }
        }
        write!(f, "{} B", self.0)
    }
}

macro_rules! decimal_string {
    ($($unit:ident),*) => {$(
        impl Serialize for $unit {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $unit {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let canonical = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
                match text.parse() {
                    Ok(value) if canonical => Ok(Self(value)),
                    _ => Err(serde::de::Error::custom(format!("{text:?} is no decimal number"))),
                }
            }
        }
    )*};
}
decimal_string!(Lba, ByteLen, Count);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_size_takes_only_powers_of_two_from_512() {
        for good in [512, 1024, 4096, 65536] {
            assert_eq!(BlockSize::new(good).unwrap().bytes(), good);
        }
        for bad in [0, 1, 256, 520, 4224, 131_072] {
            assert_eq!(BlockSize::new(bad), Err(UnitError::BlockSize(bad)));
        }
    }

    #[test]
    fn lba_offset_does_not_wrap() {
        assert_eq!(Lba(3).offset(BlockSize::B512), Some(1536));
        assert_eq!(Lba(u64::MAX).offset(BlockSize::B512), None);
    }

    #[test]
    fn lengths_read_as_drives_are_sold() {
        assert_eq!(ByteLen(512_110_190_592).to_string(), "512.1 GB");
        assert_eq!(ByteLen(u64::MAX).to_string(), "18446744.0 TB");
        assert_eq!(ByteLen(999).to_string(), "999 B");
    }

    #[test]
    fn lengths_are_strings_in_json_and_only_canonical_ones_are_read() {
        assert_eq!(serde_json::to_string(&ByteLen(u64::MAX)).unwrap(), "\"18446744073709551615\"");
        for bad in ["\"01\"", "\"+1\"", "\"-1\"", "\"\"", "1", "\"18446744073709551616\""] {
            assert!(serde_json::from_str::<ByteLen>(bad).is_err(), "{bad}");
        }
    }
}
