//! What a person can do at a terminal: read it, and press keys.

use crate::{Key, LabError};
use std::time::Duration;

/// A terminal on which a [`crate::Clerk`] can work.
pub trait Terminal {
    /// Waits until the predicate is true of the screen's text, and returns that text.
    ///
    /// # Errors
    /// [`LabError::Timeout`], and whatever keeps the screen from being read.
    fn wait_until(
        &self,
        what: &str,
        timeout: Duration,
        is_there: &mut dyn FnMut(&str) -> bool,
    ) -> Result<String, LabError>;

    /// The text on the screen, a line per row, without blanks at the ends.
    ///
    /// # Errors
    /// Whatever keeps the screen from being read.
    fn text(&self) -> Result<String, LabError>;

    /// Waits until the screen has not changed for `quiet`, at most for `timeout`, and returns the text.
    ///
    /// # Errors
    /// As [`Terminal::text`].
    fn settled(&self, quiet: Duration, timeout: Duration) -> Result<String, LabError>;

    /// Presses a key.
    ///
    /// # Errors
    /// [`LabError::Socket`], [`LabError::Qmp`], [`LabError::NoSuchKey`].
    fn press(&self, key: Key) -> Result<(), LabError>;

    /// Waits for text anywhere on the screen; also where the screen breaks its line between two words.
    ///
    /// # Errors
    /// As [`Terminal::wait_until`].
    fn wait_for(&self, text: &str, timeout: Duration) -> Result<String, LabError> {
        self.wait_until(&format!("“{text}”"), timeout, &mut |screen| {
            screen.contains(text) || words(screen).contains(text)
        })
    }

    /// Types a text, character by character.
    ///
    /// # Errors
    /// As [`Terminal::press`].
    fn type_text(&self, text: &str) -> Result<(), LabError> {
        text.chars().try_for_each(|character| self.press(Key::Char(character)))
    }
}

/// The words, one blank between each two.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
