//! Bytes that the log writes in lower-case hexadecimal.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `N` bytes, written as `2 N` lower-case hexadecimal digits. Upper case is refused: one value, one spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hex<const N: usize>(pub [u8; N]);

/// The SHA-256 of one whole line, without its newline.
pub type EntryHash = Hex<32>;

/// The random name of a session.
pub type SessionId = Hex<16>;

/// Text that is not the hexadecimal expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} lower-case hexadecimal digits are expected")]
pub struct HexError(usize);

impl<const N: usize> Hex<N> {
    /// All bits zero: the `prev` of the first entry.
    pub const ZERO: Self = Self([0; N]);

    /// Reads exactly `2 N` lower-case digits.
    ///
    /// # Errors
    /// [`HexError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, HexError> {
        let lower = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0; N];
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) if lower => Ok(Self(bytes)),
            _ => Err(HexError(2 * N)),
        }
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> From<Hex<N>> for String {
    fn from(value: Hex<N>) -> String {
        value.to_string()
    }
}

impl<const N: usize> TryFrom<String> for Hex<N> {
    type Error = HexError;
    fn try_from(text: String) -> Result<Self, HexError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_number_of_lower_case_digits_is_read() {
        assert_eq!(Hex::<2>::parse("00ff"), Ok(Hex([0, 255])));
        for bad in ["", "00f", "00FF", "00ff0", "0x0f", "00fg", "00f "] {
            assert_eq!(Hex::<2>::parse(bad), Err(HexError(4)), "{bad}");
        }
    }
}
