//! Text that comes from a device, or from outside at large.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Text read from a drive, harmless on any terminal, page or table, and lossless.
///
/// Printable ASCII stays; every other byte, and the backslash itself, becomes `\xNN`. Leading and trailing
/// blanks and NULs, with which drives pad their fields, are dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceText(String);

impl DeviceText {
    /// Takes the bytes of a fixed-width field as the drive returned them.
    #[must_use]
    pub fn from_bytes(field: &[u8]) -> Self {
        let padding = |b: &u8| *b == b' ' || *b == 0;
        let start = field.iter().position(|b| !padding(b)).unwrap_or(field.len());
        let end = field.iter().rposition(|b| !padding(b)).map_or(start, |last| last + 1);
        let mut text = String::with_capacity(end - start);
        for &byte in field.get(start..end).unwrap_or_default() {
            if (byte.is_ascii_graphic() && byte != b'\\') || byte == b' ' {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("\\x{byte:02x}"));
            }
        }
        Self(text)
    }

    /// The escaped text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the drive reported nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for DeviceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for DeviceText {
    fn from(text: &str) -> Self {
        Self::from_bytes(text.as_bytes())
    }
}

impl From<DeviceText> for String {
    fn from(text: DeviceText) -> String {
        text.0
    }
}

impl TryFrom<String> for DeviceText {
    type Error = String;
    /// Reads back what [`DeviceText::from_bytes`] wrote; anything else is refused.
    fn try_from(text: String) -> Result<Self, String> {
        let harmless = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if harmless && text.trim_matches(' ').len() == text.len() {
            Ok(Self(text))
        } else {
            Err(format!("{text:?} is no escaped device text"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn padding_is_dropped_and_the_rest_is_escaped() {
        assert_eq!(DeviceText::from_bytes(b"  WD-WX11\0\0  ").as_str(), "WD-WX11");
        assert_eq!(DeviceText::from_bytes(b"a\x1b[2Jb").as_str(), "a\\x1b[2Jb");
        assert_eq!(DeviceText::from_bytes(b"a\\b").as_str(), "a\\x5cb");
        assert_eq!(DeviceText::from_bytes("\u{202e}x".as_bytes()).as_str(), "\\xe2\\x80\\xaex");
        assert!(DeviceText::from_bytes(b"\0\0 ").is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_become_printable_ascii_that_reads_back(field in prop::collection::vec(any::<u8>(), 0..64)) {
            let text = DeviceText::from_bytes(&field);
            prop_assert!(text.as_str().bytes().all(|b| b.is_ascii_graphic() || b == b' '));
            prop_assert_eq!(DeviceText::try_from(text.as_str().to_owned()), Ok(text));
        }
    }
}
