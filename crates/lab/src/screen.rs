//! The other end of the guest's serial line: a terminal that can be read, and typed on.

use crate::{Answers, Key, LabError, Terminal, terminal};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenSize {
    /// Rows.
    pub rows: NonZeroU16,
    /// Columns.
    pub columns: NonZeroU16,
}

impl Default for ScreenSize {
    /// 24 rows, 80 columns.
    fn default() -> Self {
        Self { rows: vt100::Parser::DEFAULT_ROWS, columns: vt100::Parser::DEFAULT_COLS }
    }
}

/// A person types slower, and programs tell a pasted key sequence from typed keys by time.
const BETWEEN_KEYS: Duration = Duration::from_millis(30);

/// A terminal on a byte stream.
#[derive(Debug)]
pub struct Screen {
    shared: Arc<Shared>,
    writer: Mutex<UnixStream>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser<Answers>,
    last_change: Instant,
    line: Line,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Open,
    Closed,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what came in; returns the terminal's answers to it.
    fn take(&self, bytes: &[u8]) -> Vec<u8> {
        let mut state = self.lock();
        state.parser.process(bytes);
        state.last_change = Instant::now();
        let answers = state.parser.callbacks_mut().take();
        self.changed.notify_all();
        answers
    }

    fn close(&self) {
        self.lock().line = Line::Closed;
        self.changed.notify_all();
    }
}

impl Screen {
    /// Puts a terminal at the end of a stream. A thread reads it until the stream ends.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn new(stream: UnixStream, size: ScreenSize) -> Result<Self, LabError> {
        let socket = |source| LabError::Socket { what: "serial line", source };
        let parser = vt100::Parser::new_with_callbacks(size.rows, size.columns, 0, Answers::default());
        let state = State { parser, last_change: Instant::now(), line: Line::Open };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let (reader, answering) = (stream.try_clone().map_err(socket)?, stream.try_clone().map_err(socket)?);
        let theirs = Arc::clone(&shared);
        std::thread::spawn(move || follow(reader, answering, &theirs));
        Ok(Self { shared, writer: Mutex::new(stream) })
    }

    /// The text on the screen, a line per row, without blanks at the ends.
    #[must_use]
    pub fn text(&self) -> String {
        text_of(&self.shared.lock())
    }

    /// The rows on which something is shown in reverse, from 0: where a cursor bar is.
    #[must_use]
    pub fn reversed_rows(&self) -> Vec<usize> {
        let state = self.shared.lock();
        let screen = state.parser.screen();
        let (rows, columns) = screen.size();
        let is_reversed = |row: u16| {
            (0..columns.get()).any(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse))
        };
        (0..rows.get()).filter(|row| is_reversed(*row)).map(usize::from).collect()
    }

    /// Waits until the predicate is true of the screen's text, and returns that text.
    ///
    /// # Errors
    /// [`LabError::Timeout`], [`LabError::GuestEnded`]; both carry the screen.
    pub fn wait_until(
        &self,
        what: &str,
        timeout: Duration,
        mut is_there: impl FnMut(&str) -> bool,
    ) -> Result<String, LabError> {
        let end = Instant::now() + timeout;
        let mut state = self.shared.lock();
        loop {
            let text = text_of(&state);
            if is_there(&text) {
                return Ok(text);
            }
            if state.line == Line::Closed {
                return Err(LabError::GuestEnded { what: what.to_owned(), screen: text });
            }
            let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else {
                return Err(LabError::Timeout { what: what.to_owned(), after: timeout, screen: text });
            };
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for text anywhere on the screen; also where the screen breaks its line between two words.
    ///
    /// # Errors
    /// As [`Screen::wait_until`].
    pub fn wait_for(&self, text: &str, timeout: Duration) -> Result<String, LabError> {
        self.wait_until(&format!("“{text}”"), timeout, |screen| {
            screen.contains(text) || terminal::words(screen).contains(text)
        })
    }

    /// Waits until nothing has come for `quiet`, at most for `timeout`, and returns the text. A screen is drawn in
    /// many pieces; this is for reading a whole one.
    #[must_use]
    pub fn settled(&self, quiet: Duration, timeout: Duration) -> String {
        let end = Instant::now() + timeout;
        let mut state = self.shared.lock();
        loop {
            let since = state.last_change.elapsed();
            if since >= quiet || Instant::now() >= end || state.line == Line::Closed {
                return text_of(&state);
            }
            let waited = self.shared.changed.wait_timeout(state, quiet - since);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Presses a key.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn press(&self, key: Key) -> Result<(), LabError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writer.write_all(&key.bytes());
        drop(writer);
        std::thread::sleep(BETWEEN_KEYS);
        written.map_err(|source| LabError::Socket { what: "serial line", source })
    }

    /// Types a text, character by character.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn type_text(&self, text: &str) -> Result<(), LabError> {
        text.chars().try_for_each(|character| self.press(Key::Char(character)))
    }
}

impl Terminal for Screen {
    fn text(&self) -> Result<String, LabError> {
        Ok(Self::text(self))
    }

    fn wait_until(
        &self,
        what: &str,
        timeout: Duration,
        is_there: &mut dyn FnMut(&str) -> bool,
    ) -> Result<String, LabError> {
        Self::wait_until(self, what, timeout, is_there)
    }

    fn settled(&self, quiet: Duration, timeout: Duration) -> Result<String, LabError> {
        Ok(Self::settled(self, quiet, timeout))
    }

    fn press(&self, key: Key) -> Result<(), LabError> {
        Self::press(self, key)
    }
}

/// Reads until the stream ends.
fn follow(mut reader: UnixStream, mut answering: UnixStream, shared: &Shared) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = reader.read(&mut buffer) {
        let answers = shared.take(&buffer[..length]);
        // A guest that is gone needs no answer; the next read says so.
        let _ = answering.write_all(&answers);
    }
    shared.close();
}

fn text_of(state: &State) -> String {
    let screen = state.parser.screen();
    let (_, columns) = screen.size();
    let rows = screen.rows(0, columns.get()).map(|row| row.trim_end().to_owned());
    let mut text: Vec<String> = rows.collect();
    while text.last().is_some_and(String::is_empty) {
        text.pop();
    }
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    fn screen() -> (Screen, UnixStream) {
        let (ours, guests) = UnixStream::pair().unwrap();
        (Screen::new(ours, ScreenSize::default()).unwrap(), guests)
    }

    #[test]
    fn text_is_found_where_the_cursor_put_it() {
        let (screen, mut guest) = screen();
        guest.write_all("\x1b[2J\x1b[3;10H消去します\x1b[5;1Hok".as_bytes()).unwrap();
        let text = screen.wait_for("ok", SOON).unwrap();
        assert_eq!(text, "\n\n         消去します\n\nok");
    }

    #[test]
    fn text_is_found_across_a_line_break() {
        let (screen, mut guest) = screen();
        guest.write_all(b"  plug in another\r\n     stick").unwrap();
        screen.wait_for("another stick", SOON).unwrap();
    }

    #[test]
    fn text_that_was_overwritten_is_not_there() {
        let (screen, mut guest) = screen();
        guest.write_all(b"old\rnew").unwrap();
        screen.wait_for("new", SOON).unwrap();
        let error = screen.wait_for("old", Duration::from_millis(50)).unwrap_err();
        assert!(matches!(error, LabError::Timeout { screen, .. } if screen == "new"));
    }

    #[test]
    fn a_cursor_bar_is_seen() {
        let (screen, mut guest) = screen();
        guest.write_all(b"one\r\n\x1b[7mtwo\x1b[0m\r\nthree").unwrap();
        screen.wait_for("three", SOON).unwrap();
        assert_eq!(screen.reversed_rows(), [1]);
    }

    #[test]
    fn questions_are_answered() {
        let (_screen, mut guest) = screen();
        guest.write_all(b"\x1b[999;999H\x1b[6n").unwrap();
        let mut answer = [0; 8];
        guest.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"\x1b[24;80R");
    }

    #[test]
    fn keys_arrive() {
        let (screen, mut guest) = screen();
        screen.type_text("あa").unwrap();
        screen.press(Key::Enter).unwrap();
        let mut typed = [0; 5];
        guest.read_exact(&mut typed).unwrap();
        assert_eq!(&typed, "あa\r".as_bytes());
    }

    #[test]
    fn the_end_of_the_guest_ends_the_wait() {
        let (screen, mut guest) = screen();
        guest.write_all(b"bye").unwrap();
        drop(guest);
        let error = screen.wait_for("more", Duration::from_secs(60)).unwrap_err();
        assert!(matches!(error, LabError::GuestEnded { screen, .. } if screen == "bye"));
    }

    #[test]
    fn a_screen_settles() {
        let (screen, mut guest) = screen();
        guest.write_all(b"whole").unwrap();
        screen.wait_for("whole", SOON).unwrap();
        assert_eq!(screen.settled(Duration::from_millis(20), SOON), "whole");
    }
}
