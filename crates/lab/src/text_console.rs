//! A person before a PC whose screen is in VGA text mode: the kernel's own console, where nothing else can be drawn.

use crate::{Key, LabError, Machine, Terminal};
use serde_json::json;
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Where a VGA card in text mode has its characters, and how many: 80 columns and 25 rows, a byte for the character and
/// one for its colours.
const TEXT_AT: u64 = 0xb8000;
const COLUMNS: usize = 80;
const ROWS: usize = 25;
const CELL: usize = 2;
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(300);
/// As [`crate::Desk`]: the keyboard's own buffer holds sixteen keys.
const BETWEEN_KEYS: Duration = Duration::from_millis(120);

/// The keyboard and the screen of a PC in VGA text mode.
#[derive(Debug)]
pub struct TextConsole<'a>(RefCell<&'a mut Machine>);

impl<'a> TextConsole<'a> {
    /// Sits down before a PC.
    #[must_use]
    pub fn at(machine: &'a mut Machine) -> Self {
        Self(RefCell::new(machine))
    }
}

/// The characters of a text screen. Those that are not ASCII come as `?`, the box that is ticked as the clerk knows it.
fn decoded(memory: &[u8]) -> String {
    let character = |cell: &[u8]| match cell.first() {
        Some(byte @ 0x20..=0x7e) => char::from(*byte),
        Some(0) | None => ' ',
        Some(_) => '?',
    };
    let row = |bytes: &[u8]| bytes.chunks(CELL).map(character).collect::<String>().trim_end().to_owned();
    let rows: Vec<String> = memory.chunks(COLUMNS * CELL).take(ROWS).map(row).collect();
    rows.join("\n").trim_end().replace("[x]", "■").replace("[ ]", "□")
}

impl Terminal for TextConsole<'_> {
    fn text(&self) -> Result<String, LabError> {
        let mut machine = self.0.borrow_mut();
        let file = machine.spec().folder.join("text-screen.bin");
        let arguments = json!({ "val": TEXT_AT, "size": COLUMNS * ROWS * CELL, "filename": file });
        machine.qmp().execute("pmemsave", arguments)?;
        let bytes = std::fs::read(&file).map_err(LabError::file("read", &file))?;
        Ok(decoded(&bytes))
    }

    fn wait_until(
        &self,
        what: &str,
        timeout: Duration,
        is_there: &mut dyn FnMut(&str) -> bool,
    ) -> Result<String, LabError> {
        let end = Instant::now() + timeout;
        loop {
            let text = self.text()?;
            if is_there(&text) {
                return Ok(text);
            }
            if Instant::now() > end {
                let what = format!("{what} (on the PC's own screen)");
                return Err(LabError::Timeout { what, after: timeout, screen: text });
            }
            std::thread::sleep(LOOK);
        }
    }

    fn settled(&self, quiet: Duration, timeout: Duration) -> Result<String, LabError> {
        let end = Instant::now() + timeout;
        let mut text = self.text()?;
        loop {
            std::thread::sleep(quiet.max(LOOK));
            let now = self.text()?;
            if now == text || Instant::now() > end {
                return Ok(now);
            }
            text = now;
        }
    }

    fn press(&self, key: Key) -> Result<(), LabError> {
        let chord = key.chord().ok_or(LabError::NoSuchKey(key))?;
        let keys: Vec<_> = chord.iter().map(|code| json!({ "type": "qcode", "data": code })).collect();
        self.0.borrow_mut().qmp().execute("send-key", json!({ "keys": keys }))?;
        std::thread::sleep(BETWEEN_KEYS);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_screen_is_read_by_its_characters() {
        let mut memory = vec![0; COLUMNS * ROWS * CELL];
        for (place, byte) in
            [(0, b'>'), (2, b'['), (3, b'x'), (4, b']'), (COLUMNS, b'o'), (COLUMNS + 1, 0xdb)]
        {
            memory[place * CELL] = byte;
            memory[place * CELL + 1] = 0x07;
        }
        assert_eq!(decoded(&memory), "> ■\no?");
    }
}
