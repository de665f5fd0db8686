//! Keys as a terminal sends them.

/// A key of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// The space bar.
    Space,
    /// Backspace.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// A function key, from 1 to 12.
    F(u8),
    /// A control combination with a letter.
    Ctrl(char),
    /// A character.
    Char(char),
}

impl Key {
    /// The bytes that xterm sends for the key.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::Enter => b"\r".to_vec(),
            Self::Escape => b"\x1b".to_vec(),
            Self::Tab => b"\t".to_vec(),
            Self::BackTab => b"\x1b[Z".to_vec(),
            Self::Space => b" ".to_vec(),
            Self::Backspace => b"\x7f".to_vec(),
            Self::Up => b"\x1b[A".to_vec(),
            Self::Down => b"\x1b[B".to_vec(),
            Self::Right => b"\x1b[C".to_vec(),
            Self::Left => b"\x1b[D".to_vec(),
            Self::PageUp => b"\x1b[5~".to_vec(),
            Self::PageDown => b"\x1b[6~".to_vec(),
            Self::Home => b"\x1b[H".to_vec(),
            Self::End => b"\x1b[F".to_vec(),
            Self::F(number) => function(number),
            Self::Ctrl(letter) => letter.to_string().bytes().map(|byte| byte & 0x1f).collect(),
            Self::Char(character) => character.to_string().into_bytes(),
        }
    }

    /// The keys of a keyboard that make it, by the names that QEMU has for them, to be held down together. `None` for a
    /// character that does not lie at the same place on Japanese and on US keyboards.
    #[must_use]
    pub fn chord(self) -> Option<Vec<String>> {
        let one = |code: &str| Some(vec![code.to_owned()]);
        match self {
            Self::Enter => one("ret"),
            Self::Escape => one("esc"),
            Self::Tab => one("tab"),
            Self::BackTab => Some(["shift", "tab"].map(str::to_owned).to_vec()),
            Self::Space | Self::Char(' ') => one("spc"),
            Self::Backspace => one("backspace"),
            Self::Up => one("up"),
            Self::Down => one("down"),
            Self::Left => one("left"),
            Self::Right => one("right"),
            Self::PageUp => one("pgup"),
            Self::PageDown => one("pgdn"),
            Self::Home => one("home"),
            Self::End => one("end"),
            Self::F(number) => one(&format!("f{number}")),
            Self::Ctrl(letter) => Some(vec!["ctrl".to_owned(), letter.to_string()]),
            Self::Char('-') => one("minus"),
            Self::Char('/') => one("slash"),
            Self::Char('.') => one("dot"),
            Self::Char(',') => one("comma"),
            Self::Char('?') => Some(["shift", "slash"].map(str::to_owned).to_vec()),
            Self::Char(plain @ ('a'..='z' | '0'..='9')) => one(&plain.to_string()),
            Self::Char(shifted @ 'A'..='Z') => {
                Some(vec!["shift".to_owned(), shifted.to_ascii_lowercase().to_string()])
            }
            Self::Char(_) => None,
        }
    }
}

/// F1 to F4 and the others have two different ancestors.
fn function(number: u8) -> Vec<u8> {
    let code = match number {
        1..=4 => return vec![0x1b, b'O', b'O' + number],
        5 => 15,
        6..=10 => 11 + number,
        _ => 12 + number,
    };
    format!("\x1b[{code}~").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_a_keyboard() {
        assert_eq!(Key::Char('A').chord().unwrap(), ["shift", "a"]);
        assert_eq!(Key::Char('7').chord().unwrap(), ["7"]);
        assert_eq!(Key::F(4).chord().unwrap(), ["f4"]);
        assert_eq!(Key::Char('@').chord(), None, "beside P on one keyboard, over 2 on the other");
    }

    #[test]
    fn keys_are_xterms() {
        assert_eq!(Key::F(1).bytes(), b"\x1bOP");
        assert_eq!(Key::F(4).bytes(), b"\x1bOS");
        assert_eq!(Key::F(5).bytes(), b"\x1b[15~");
        assert_eq!(Key::F(6).bytes(), b"\x1b[17~");
        assert_eq!(Key::F(10).bytes(), b"\x1b[21~");
        assert_eq!(Key::F(12).bytes(), b"\x1b[24~");
        assert_eq!(Key::Ctrl('c').bytes(), [3]);
        assert_eq!(Key::Char('あ').bytes(), "あ".as_bytes());
    }
}
