//! What an erased medium is expected to read as, and what it does read as.

use crate::pattern::{is_all, is_constant};
use model::Content;

/// What an erased block reads as (ACS-3 7.36.3, 7.39; NVM Command Set 1.0 DLFEAT, figure 97).
const ERASED: [u8; 2] = [0x00, 0xFF];

/// What a technique leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// Blocks of zeros or of ones.
    Erased,
    /// Blocks of this byte.
    Byte(u8),
    /// The same, or of zeros or ones where the drive may have deallocated them afterwards.
    ByteOrErased(u8),
    /// Blocks of zeros or ones, or errors: the drive said that reads fail until a block is written.
    ErasedOrUnreadable,
    /// Whatever is not the old data, and errors: without its key, what is read fails its own checks on some drives.
    Noise,
    /// A pattern of the maker's: whatever is not the old data. The drive has written every block, so each can be read.
    Pattern,
}

impl Expect {
    /// Whether a block may read so.
    pub(crate) fn allows(self, block: &[u8]) -> bool {
        let erased = || ERASED.iter().any(|value| is_all(block, *value));
        match self {
            Self::Erased | Self::ErasedOrUnreadable => erased(),
            Self::Byte(byte) => is_all(block, byte),
            Self::ByteOrErased(byte) => is_all(block, byte) || erased(),
            Self::Noise | Self::Pattern => true,
        }
    }

    /// Whether a block that cannot be read is no fault. It is no proof either.
    pub(crate) fn allows_unreadable(self) -> bool {
        matches!(self, Self::ErasedOrUnreadable | Self::Noise)
    }
}

/// What was read so far, taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Seen {
    #[default]
    Nothing,
    Byte(u8),
    Bytes,
    Other,
}

impl Seen {
    /// Takes some blocks.
    pub(crate) fn note(&mut self, bytes: &[u8], block: usize) {
        match (bytes.first(), *self) {
            (None, _) | (_, Self::Other) => {}
            (Some(first), Self::Nothing) if is_constant(bytes) => *self = Self::Byte(*first),
            (Some(_), Self::Byte(byte)) if is_all(bytes, byte) => {}
            _ if bytes.chunks(block).all(is_constant) => *self = Self::Bytes,
            _ => *self = Self::Other,
        }
    }

    /// As records say it.
    pub(crate) fn content(self) -> Content {
        match self {
            Self::Nothing => Content::Unreadable,
            Self::Byte(byte) => Content::Constant { byte },
            Self::Bytes => Content::Constants,
            Self::Other => Content::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_never_said_to_be_more_even_than_it_was() {
        let seen = |pieces: &[Vec<u8>]| {
            let mut seen = Seen::default();
            pieces.iter().for_each(|piece| seen.note(piece, 512));
            seen.content()
        };
        let (zeros, ones) = (vec![0; 1024], vec![0xFF; 512]);
        let mut noise = vec![0; 512];
        noise[511] = 1;
        assert_eq!(seen(&[]), Content::Unreadable);
        assert_eq!(seen(&[zeros.clone(), zeros.clone()]), Content::Constant { byte: 0 });
        assert_eq!(seen(&[zeros.clone(), ones.clone()]), Content::Constants);
        assert_eq!(seen(&[[zeros.clone(), ones.clone()].concat()]), Content::Constants);
        assert_eq!(seen(&[zeros.clone(), noise.clone(), zeros.clone()]), Content::Other);
        assert_eq!(seen(&[noise]), Content::Other);
    }

    #[test]
    fn an_overwrite_that_reads_as_zeros_is_not_the_overwrite_that_was_asked() {
        let (zeros, ours, other) = (vec![0; 512], vec![0xA7; 512], vec![0xA8; 512]);
        assert!(Expect::Byte(0xA7).allows(&ours) && !Expect::Byte(0xA7).allows(&zeros));
        assert!(Expect::ByteOrErased(0xA7).allows(&zeros) && !Expect::ByteOrErased(0xA7).allows(&other));
        assert!(Expect::Erased.allows(&zeros) && !Expect::Erased.allows(&ours));
    }

    #[test]
    fn blocks_may_be_unreadable_after_a_crypto_erase_and_not_after_a_pattern() {
        assert!(!Expect::Erased.allows_unreadable() && Expect::Noise.allows_unreadable());
        assert!(!Expect::Pattern.allows_unreadable() && Expect::Pattern.allows(&[7; 512]));
    }
}
