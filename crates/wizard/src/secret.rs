//! A passphrase: typed, shown as stars, overwritten when it is not needed any more.

use std::fmt;
use unicode_width::UnicodeWidthChar;
use zeroize::Zeroizing;

/// The most characters that a passphrase may have.
pub(crate) const LONGEST: usize = 64;

/// A passphrase. It is never shown, and nothing prints it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// What was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.0
    }

    /// Appends one character; what takes no column, and what is too much, is dropped.
    pub(crate) fn push(&mut self, typed: char) {
        let visible = !typed.is_control() && typed.width().unwrap_or(0) > 0;
        if visible && self.0.chars().count() < LONGEST {
            // Grown by hand: a string that moves leaves its old bytes behind.
            let mut longer = Zeroizing::new(String::with_capacity(LONGEST * 4));
            longer.push_str(&self.0);
            longer.push(typed);
            self.0 = longer;
        }
    }

    /// Drops the last character.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A star for each character.
    pub(crate) fn stars(&self) -> String {
        "*".repeat(self.0.chars().count())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        let mut secret = Self::default();
        text.chars().for_each(|c| secret.push(c));
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_shown_as_stars_and_printed_by_nothing() {
        let mut secret = Secret::from("a\u{1b}\u{202e}b c");
        assert_eq!((secret.typed(), secret.stars().as_str()), ("ab c", "****"));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        (0..100).for_each(|_| secret.push('x'));
        assert_eq!(secret.stars().len(), LONGEST);
        secret.pop();
        assert_eq!(secret.stars().len(), LONGEST - 1);
    }
}
