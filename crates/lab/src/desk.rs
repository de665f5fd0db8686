//! A person before the PC's own keyboard and screen.

use crate::{Key, LabError, Machine, Picture, Reader};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the guest needs to notice a key at the least; the keyboard's own buffer holds sixteen.
const BETWEEN_KEYS: Duration = Duration::from_millis(120);
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(400);

/// What is on the screen, and where from it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The picture.
    pub picture: Picture,
    /// The text in it.
    pub text: String,
}

/// The keyboard and the screen of a PC.
#[derive(Debug)]
pub struct Desk<'a> {
    machine: &'a mut Machine,
    reader: Reader,
}

impl<'a> Desk<'a> {
    /// Sits down before a PC whose screen uses this font.
    ///
    /// # Errors
    /// [`LabError::Font`].
    pub fn at(machine: &'a mut Machine, font: &Path) -> Result<Self, LabError> {
        Ok(Self { machine, reader: Reader::new(font)? })
    }

    /// The PC.
    pub fn machine(&mut self) -> &mut Machine {
        self.machine
    }

    /// Looks at the screen.
    ///
    /// # Errors
    /// [`LabError::Qmp`], [`LabError::Socket`], [`LabError::File`].
    pub fn look(&mut self) -> Result<Seen, LabError> {
        let file = self.machine.spec().folder.join("screen.ppm");
        self.machine.qmp().execute("screendump", json!({ "filename": file }))?;
        let bytes = std::fs::read(&file).map_err(LabError::file("read", &file))?;
        let picture = Picture::from_ppm(&bytes).ok_or(LabError::NoPicture(file))?;
        let text = self.reader.read(&picture);
        Ok(Seen { picture, text })
    }

    /// Waits until something is so of what is on the screen, and returns that.
    ///
    /// # Errors
    /// [`LabError::Timeout`] with what is there instead; as [`Desk::look`].
    pub fn wait_until(
        &mut self,
        what: &str,
        within: Duration,
        is_so: impl Fn(&Self, &Seen) -> bool,
    ) -> Result<Seen, LabError> {
        let end = Instant::now() + within;
        loop {
            let seen = self.look()?;
            if is_so(self, &seen) {
                return Ok(seen);
            }
            if Instant::now() > end {
                let what = format!("{what} (on the PC's own screen)");
                return Err(LabError::Timeout { what, after: within, screen: seen.text });
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Waits until a text is on the screen, also where a line breaks within it.
    ///
    /// # Errors
    /// As [`Desk::wait_until`].
    pub fn wait_for(&mut self, text: &str, within: Duration) -> Result<Seen, LabError> {
        self.wait_until(&format!("“{text}”"), within, |desk, seen| desk.holds(&seen.text, text))
    }

    /// Looks until the screen is the same twice, but no longer than this.
    ///
    /// # Errors
    /// As [`Desk::look`].
    pub fn still(&mut self, mut seen: Seen, within: Duration) -> Result<Seen, LabError> {
        let end = Instant::now() + within;
        loop {
            std::thread::sleep(LOOK);
            let now = self.look()?;
            if now == seen || Instant::now() > end {
                return Ok(now);
            }
            seen = now;
        }
    }

    /// Whether a text is in one that was read, blanks and line breaks apart.
    #[must_use]
    pub fn holds(&self, read: &str, text: &str) -> bool {
        joined(read).contains(&joined(&self.reader.plain(text)))
    }

    /// Presses a key.
    ///
    /// # Errors
    /// [`LabError::NoSuchKey`], [`LabError::Qmp`], [`LabError::Socket`].
    pub fn press(&mut self, key: Key) -> Result<(), LabError> {
        let chord = key.chord().ok_or(LabError::NoSuchKey(key))?;
        self.press_together(&chord.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Presses keys of the keyboard together, by the names that QEMU has for them.
    ///
    /// # Errors
    /// [`LabError::Qmp`], [`LabError::Socket`].
    pub fn press_together(&mut self, keys: &[&str]) -> Result<(), LabError> {
        let keys: Vec<_> = keys.iter().map(|code| json!({ "type": "qcode", "data": code })).collect();
        self.machine.qmp().execute("send-key", json!({ "keys": keys }))?;
        std::thread::sleep(BETWEEN_KEYS);
        Ok(())
    }

    /// Types a text.
    ///
    /// # Errors
    /// As [`Desk::press`].
    pub fn type_text(&mut self, text: &str) -> Result<(), LabError> {
        text.chars().try_for_each(|character| self.press(Key::Char(character)))
    }

    /// Presses the power button for a moment.
    ///
    /// # Errors
    /// [`LabError::Qmp`], [`LabError::Socket`].
    pub fn press_power_button(&mut self) -> Result<(), LabError> {
        self.machine.qmp().execute("system_powerdown", json!({})).map(drop)
    }
}

/// The text without blanks: Japanese has none, and where a line breaks the screen has some.
fn joined(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
