//! Which keyboard the screen takes its keys for.

use serde::{Deserialize, Serialize};

/// A layout of the keyboard at the PC's own screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Keyboard {
    /// Japanese, 106 or 109 keys.
    Jp,
    /// English (US), 101 or 104 keys.
    Us,
}

impl Keyboard {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Jp => Self::Us,
            Self::Us => Self::Jp,
        }
    }
}
