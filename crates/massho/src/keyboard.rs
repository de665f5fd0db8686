//! The keyboard of the PC's own screen: which layout kmscon was started with, and the choice of another.
//!
//! kmscon takes its layout when it starts. The program leaves the choice in a file and ends by a status of its own; the
//! script that started both starts kmscon anew, and the program's first screen comes back (initramfs/libexec/screen).

use std::fs;
use std::io;
use std::path::Path;
use wizard::Keyboard;

/// Where the choice is left, in RAM: the next start of the PC begins with the Japanese keyboard again.
pub(crate) const CHOSEN: &str = "/run/massho/keyboard";

/// The status by which the program ends so that the screen is started anew.
pub(crate) const EXIT: u8 = 10;

/// The layout that kmscon has, as the start script says; `None` where another terminal reads the keys.
pub(crate) fn in_use() -> Option<Keyboard> {
    named(&std::env::var("MASSHO_KEYBOARD").ok()?)
}

fn named(layout: &str) -> Option<Keyboard> {
    match layout {
        "jp" => Some(Keyboard::Jp),
        "us" => Some(Keyboard::Us),
        _ => None,
    }
}

/// Leaves a choice.
pub(crate) fn choose(file: &Path, keyboard: Keyboard) -> io::Result<()> {
    fs::write(file, name(keyboard))
}

/// What xkb calls it.
fn name(keyboard: Keyboard) -> &'static str {
    match keyboard {
        Keyboard::Jp => "jp",
        Keyboard::Us => "us",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_the_next_start_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keyboard");
        for keyboard in [Keyboard::Jp, Keyboard::Us] {
            choose(&file, keyboard).unwrap();
            assert_eq!(named(&fs::read_to_string(&file).unwrap()), Some(keyboard));
        }
        assert_eq!(named("de"), None);
        assert!(choose(&folder.path().join("none/keyboard"), Keyboard::Us).is_err());
    }
}
