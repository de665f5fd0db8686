//! Which console this is, as the start script says.

/// The kinds of console that a PC has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Console {
    /// A serial line, with somebody's terminal program at its other end.
    Serial,
    /// The screen, drawn by kmscon, which has a Japanese font.
    Kmscon,
    /// The kernel's own console, which has not.
    Kernel,
}

impl Console {
    /// Reads `MASSHO_CONSOLE` and `MASSHO_TEXT`; without them, any terminal in UTF-8 is taken for one.
    pub(crate) fn from_environment() -> Self {
        let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
        if is("MASSHO_TEXT", "ascii") || is("MASSHO_CONSOLE", "vt") {
            Self::Kernel
        } else if is("MASSHO_CONSOLE", "kmscon") {
            Self::Kmscon
        } else {
            Self::Serial
        }
    }

    /// As the start script calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Kmscon => "kmscon",
            Self::Kernel => "vt",
        }
    }

    /// What the screens may draw on it.
    pub(crate) fn drawing(self) -> wizard::Console {
        match self {
            Self::Serial | Self::Kmscon => wizard::Console::Full,
            Self::Kernel => wizard::Console::AsciiOnly,
        }
    }
}
