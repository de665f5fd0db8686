//! What a terminal answers when it is asked something.

/// Collects the answers to the questions in what a terminal is sent.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    pending: Vec<u8>,
}

impl Answers {
    /// The answers since the last call, to be sent back.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pending)
    }

    fn add(&mut self, answer: &str) {
        self.pending.extend_from_slice(answer.as_bytes());
    }
}

/// The first parameter, 0 when there is none.
fn first(params: &[&[u16]]) -> u16 {
    params.first().and_then(|part| part.first()).copied().unwrap_or(0)
}

impl vt100::Callbacks for Answers {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        mark: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        end: char,
    ) {
        let (rows, cols) = screen.size();
        match (mark, end, first(params)) {
            // Device status: "I am well".
            (None, 'n', 5) => self.add("\x1b[0n"),
            // Cursor position, plain and in DEC's form. It counts from 1; a cursor past the last column is on it.
            (None | Some(b'?'), 'n', 6) => {
                let (row, col) = screen.cursor_position();
                let mark = if mark.is_some() { "?" } else { "" };
                self.add(&format!("\x1b[{mark}{};{}R", row + 1, (col + 1).min(cols.get())));
            }
            // Who are you: a VT220; and which version of it.
            (None, 'c', 0) => self.add("\x1b[?62;22c"),
            (Some(b'>'), 'c', 0) => self.add("\x1b[>1;10;0c"),
            // The size of the text area in characters.
            (None, 't', 18) => self.add(&format!("\x1b[8;{rows};{cols}t")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU16;

    fn answer(to: &str) -> String {
        let size = |value| NonZeroU16::new(value).unwrap();
        let mut parser = vt100::Parser::new_with_callbacks(size(24), size(80), 0, Answers::default());
        parser.process(to.as_bytes());
        String::from_utf8(parser.callbacks_mut().take()).unwrap()
    }

    #[test]
    fn the_cursor_is_told() {
        assert_eq!(answer("\x1b[6n"), "\x1b[1;1R");
        assert_eq!(answer("\x1b7\x1b[999;999H\x1b[6n\x1b8"), "\x1b[24;80R");
        assert_eq!(answer("日本\x1b[6n"), "\x1b[1;5R");
        assert_eq!(answer(&format!("{}\x1b[?6n", "x".repeat(80))), "\x1b[?1;80R");
    }

    #[test]
    fn the_size_and_the_kind_are_told() {
        assert_eq!(answer("\x1b[18t"), "\x1b[8;24;80t");
        assert_eq!(answer("\x1b[c"), "\x1b[?62;22c");
        assert_eq!(answer("\x1b[5n"), "\x1b[0n");
    }

    #[test]
    fn what_is_no_question_is_not_answered() {
        assert_eq!(answer("plain \x1b[1mbold\x1b[0m \x1b[7n \x1b[2J"), "");
    }
}
