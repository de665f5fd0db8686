//! The head of a log: the hash of its last line, and the twelve characters of it that a witness copies.

use crate::EntryHash;
use sha2::{Digest, Sha256};
use std::fmt;

/// Crockford's base 32: no I, L, O or U, so that what is copied by hand is read again.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS: usize = 12;

/// The SHA-256 of one line without its newline.
#[must_use]
pub fn hash_line(line: &[u8]) -> EntryHash {
    crate::Hex(Sha256::digest(line).into())
}

/// The first 60 bits of a head as twelve characters, `XXXX-XXXX-XXXX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head12([u8; CHARACTERS]);

/// Text that is no head.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the characters that the witness copied are twelve: XXXX-XXXX-XXXX")]
pub struct Head12Error;

impl Head12 {
    /// The characters of a head.
    #[must_use]
    pub fn of(head: &EntryHash) -> Self {
        let bits = head.0.iter().take(8).fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let mut characters = [b'0'; CHARACTERS];
        for (place, character) in characters.iter_mut().enumerate() {
            let digit = (bits >> (59 - 5 * place)) & 31;
            *character =
                ALPHABET.iter().copied().zip(0..).find(|(_, value)| *value == digit).map_or(b'0', |(c, _)| c);
        }
        Self(characters)
    }

    /// Reads what a person typed: case, blanks and hyphens do not matter; O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`Head12Error`] unless twelve characters of the alphabet remain.
    pub fn parse(typed: &str) -> Result<Self, Head12Error> {
        let kept = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '　'));
        let read = kept.map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let bytes: Option<Vec<u8>> =
            read.map(|c| u8::try_from(c).ok().filter(|byte| ALPHABET.contains(byte))).collect();
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(Head12Error)
    }
}

impl fmt::Display for Head12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.0.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*character))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Head12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hex;

    #[test]
    fn the_first_sixty_bits_become_twelve_characters() {
        let mut bytes = [0; 32];
        assert_eq!(Head12::of(&Hex(bytes)).to_string(), "0000-0000-0000");
        // 00001 00010 00011 00100 00101 00110 00111 01000 01001 01010 01011 11111
        bytes[..8].copy_from_slice(&[0x08, 0x86, 0x42, 0x98, 0xe8, 0x4a, 0x97, 0xff]);
        assert_eq!(Head12::of(&Hex(bytes)).to_string(), "1234-5678-9ABZ");
        assert_eq!(Head12::of(&Hex([0xff; 32])).to_string(), "ZZZZ-ZZZZ-ZZZZ");
    }

    #[test]
    fn what_a_person_typed_is_read() {
        let head = Head12::of(&Hex([0x08; 32]));
        let shown = head.to_string();
        assert_eq!(Head12::parse(&shown), Ok(head));
        assert_eq!(Head12::parse(&shown.to_lowercase().replace('-', " ")), Ok(head));
        assert_eq!(Head12::parse("oil0-0000-0000"), Head12::parse("0110-0000-0000"));
        for bad in ["", "1234", "1234-5678-9ABU", "1234-5678-9ABCD", "1234-5678-9AB漢"] {
            assert_eq!(Head12::parse(bad), Err(Head12Error), "{bad}");
        }
    }
}
