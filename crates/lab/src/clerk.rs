//! A clerk at the screen: reads what it says, in English, and answers it.
//!
//! Nothing is typed that was not asked for: every step waits for its screen, and looks afterwards whether the key did
//! what it should have.

use crate::{Key, LabError, Terminal};
use std::time::{Duration, Instant};

/// How long a screen may take to come, on a slow emulated PC.
const SOON: Duration = Duration::from_secs(180);
/// How long one key may take to show its effect.
const KEY: Duration = Duration::from_secs(15);
/// A cursor that has not moved after so long is at the end of its list.
const MOVE: Duration = Duration::from_millis(1500);
/// A screen that has not changed for so long is whole.
const QUIET: Duration = Duration::from_millis(300);

/// The name that the clerk enters.
pub const OPERATOR: &str = "Yamada Hanako";
/// The asset number that the clerk enters.
pub const ASSET: &str = "PC-0042";

/// The class of information that the clerk chooses, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// (1)
    One,
    /// (2)
    Two,
    /// (3)
    Three,
}

impl Class {
    fn digit(self) -> char {
        match self {
            Self::One => '1',
            Self::Two => '2',
            Self::Three => '3',
        }
    }

    /// As the screens name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "class (1)",
            Self::Two => "class (2)",
            Self::Three => "class (3)",
        }
    }
}

/// A clerk.
#[expect(missing_debug_implementations, reason = "a terminal may be anything")]
pub struct Clerk<'a> {
    screen: &'a dyn Terminal,
}

impl<'a> Clerk<'a> {
    /// A clerk who sits down at this screen.
    #[must_use]
    pub fn new(screen: &'a dyn Terminal) -> Self {
        Self { screen }
    }

    /// Whether this is the first screen, in whatever language it is.
    #[must_use]
    pub fn is_first_screen(text: &str) -> bool {
        ["Choose a language and press Enter.", "言語を選んで"].iter().any(|ask| text.contains(ask))
    }

    /// Waits for the first screen.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn wait_first_screen(&self, timeout: Duration) -> Result<(), LabError> {
        self.screen.wait_until("the first screen", timeout, &mut Self::is_first_screen).map(drop)
    }

    /// From the first screen to the beginning of the work: this stick for the results, this class, these drives, and
    /// 引渡前の消去 for those of them. Everything is named by serial number.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn answer_everything(
        &self,
        results: &str,
        class: Class,
        drives: &[String],
        clear_before_handover: &[String],
    ) -> Result<(), LabError> {
        self.choose_english()?;
        self.choose_stick(results)?;
        self.enter_people()?;
        self.choose_class(class)?;
        self.select_drives(drives)?;
        self.accept_plan(clear_before_handover)?;
        self.confirm()
    }

    /// Chooses English and goes on to the sticks.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn choose_english(&self) -> Result<(), LabError> {
        self.press_until(Key::Char('2'), "Choose a language and press Enter.")?;
        self.press_until(Key::Enter, " 2/10 ")
    }

    /// Chooses the stick with this serial number, and goes on once it is ready.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn choose_stick(&self, serial: &str) -> Result<(), LabError> {
        self.pick_stick(serial)?;
        self.screen.wait_for("The results stick is ready.", SOON)?;
        let in_use =
            |text: &str| text.lines().any(|line| line.contains("Stick in use") && line.contains(serial));
        self.screen.wait_until("the chosen stick in use", KEY, &mut |text| in_use(text))?;
        self.press_until(Key::Enter, " 3/10 ")
    }

    /// Chooses the stick with this serial number once it is offered, whatever comes of it.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn pick_stick(&self, serial: &str) -> Result<(), LabError> {
        self.screen.wait_until(&format!("{serial} offered"), SOON, &mut |text| is_offered(text, serial))?;
        self.move_to(serial)?;
        self.screen.press(Key::Enter)
    }

    /// Enters names and numbers and says that the clock is right. What an earlier session left on the stick stands in
    /// the fields already.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn enter_people(&self) -> Result<(), LabError> {
        self.screen.wait_for(" 3/10 ", SOON)?;
        if !self.tab_to("Name of the operator")?.contains(OPERATOR) {
            self.screen.type_text(OPERATOR)?;
            self.screen.wait_for(OPERATOR, KEY)?;
        }
        const STAFF: &str = "■1 our own staff";
        if !self.tab_to("Carried out by")?.contains(STAFF) {
            self.screen.press(Key::Space)?;
            self.screen.wait_for(STAFF, KEY)?;
        }
        if !self.tab_to("Asset number of this PC")?.contains(ASSET) {
            self.screen.type_text(ASSET)?;
            self.screen.wait_for(ASSET, KEY)?;
        }
        self.tab_to("Date and time right?")?;
        self.screen.press(Key::Space)?;
        self.screen.wait_for("■ right", KEY)?;
        self.press_until(Key::Enter, " 4/10 ")
    }

    /// Goes by Tab to the field with this caption, and returns its line.
    fn tab_to(&self, caption: &str) -> Result<String, LabError> {
        let end = Instant::now() + SOON;
        loop {
            let text = self.screen.settled(QUIET, KEY)?;
            match cursor_line(&text).filter(|line| line.contains(caption)) {
                Some(line) => return Ok(line.to_owned()),
                None if Instant::now() > end => return Err(unexpected(caption, text)),
                None => self.screen.press(Key::Tab)?,
            }
        }
    }

    /// Chooses a class.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn choose_class(&self, class: Class) -> Result<(), LabError> {
        self.screen.wait_for(" 4/10 ", SOON)?;
        self.screen.press(Key::Char(class.digit()))?;
        let chosen = |text: &str| cursor_line(text).is_some_and(|line| line.contains(&class.name()[6..]));
        self.screen.wait_until("the cursor on the class", KEY, &mut |text| chosen(text))?;
        self.press_until(Key::Enter, " 5/10 ")
    }

    /// Selects these drives and goes on to the plan.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn select_drives(&self, serials: &[String]) -> Result<(), LabError> {
        self.mark_drives(serials)?;
        self.press_until(Key::Enter, " 6/10 ")
    }

    /// Waits until the drives with these serial numbers are listed and selected, selecting those that are not.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn mark_drives(&self, serials: &[String]) -> Result<(), LabError> {
        self.screen.wait_until("all drives", SOON, &mut |text| !text.contains("Looking for drives"))?;
        for serial in serials {
            self.move_to(serial)?;
            let selected = |text: &str| cursor_line(text).is_some_and(|line| line.contains('■'));
            if !selected(&self.screen.text()?) {
                self.screen.press(Key::Space)?;
                self.screen.wait_until(&format!("{serial} selected"), KEY, &mut |text| selected(text))?;
            }
        }
        Ok(())
    }

    /// Goes from the plan to the confirmation, having chosen 引渡前の消去 for these drives.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn accept_plan(&self, clear_before_handover: &[String]) -> Result<(), LabError> {
        self.screen.wait_for(" 6/10 ", SOON)?;
        for serial in clear_before_handover {
            self.move_to(serial)?;
            self.screen.press(Key::Space)?;
            self.screen.wait_for("then handed to the contractor", KEY)?;
        }
        self.press_until(Key::Enter, " 7/10 ")
    }

    /// On the plan, asks for the DCO of these drives to be reset.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn restore_dco(&self, serials: &[String]) -> Result<(), LabError> {
        self.screen.wait_for(" 6/10 ", SOON)?;
        for serial in serials {
            self.move_to(serial)?;
            self.press_until(Key::Char('i'), "Change it with O.")?;
            self.press_until(Key::Char('o'), "It is reset to the factory's settings")?;
            self.press_until(Key::Escape, " 6/10 ")?;
        }
        Ok(())
    }

    /// Reads the list to its end, and types the number that then appears.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn confirm(&self) -> Result<(), LabError> {
        self.screen.wait_for("Log: saved", SOON)?;
        let end = Instant::now() + KEY;
        let code = loop {
            let text = self.screen.settled(QUIET, KEY)?;
            match confirmation_number(&text) {
                Some(code) => break code,
                None if Instant::now() > end => return Err(unexpected("the confirmation number", text)),
                None => self.screen.press(Key::Down)?,
            }
        };
        self.screen.type_text(&code)?;
        self.screen
            .wait_until("the number typed", KEY, &mut |text| typed_number(text) == Some(code.clone()))?;
        self.screen.press(Key::Enter)?;
        self.screen.wait_until("the beginning", SOON, &mut |text| !text.contains(" 7/10 ")).map(drop)
    }

    /// Waits until every drive has ended, and returns the screen of the results.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn wait_results(&self, timeout: Duration) -> Result<String, LabError> {
        self.screen.wait_for(" 9/10 ", timeout)?;
        self.screen.settled(QUIET, KEY)
    }

    /// Closes the log, waits until it is saved and verified, and returns the twelve characters to be copied, as they are
    /// shown.
    ///
    /// # Errors
    /// [`LabError`]; the screen is in it.
    pub fn close_log(&self) -> Result<String, LabError> {
        self.press_until(Key::Char('c'), "The record is saved, read back and verified.")?;
        let text = self.screen.settled(QUIET, KEY)?;
        head_characters(&text).ok_or_else(|| unexpected("the twelve characters", text))
    }

    /// Switches the PC off.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn power_off(&self) -> Result<(), LabError> {
        self.screen.press(Key::Char('p'))
    }

    /// Presses a key once, and waits for what it should bring.
    fn press_until(&self, key: Key, text: &str) -> Result<(), LabError> {
        // What is drawn after this belongs to the key.
        let _ = self.screen.settled(QUIET, KEY)?;
        self.screen.press(key)?;
        self.screen.wait_for(text, SOON).map(drop)
    }

    /// Moves the cursor to the item in whose lines this text is.
    fn move_to(&self, item: &str) -> Result<(), LabError> {
        let end = Instant::now() + SOON;
        let mut key = Key::Up;
        loop {
            let text = self.screen.settled(QUIET, KEY)?;
            if is_under_cursor(&text, item) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(unexpected(item, text));
            }
            self.screen.press(key)?;
            let moved = |now: &str| cursor_line(now) != cursor_line(&text);
            if self.screen.wait_until("a move", MOVE, &mut |text| moved(text)).is_err() {
                // The end of the list: the other way.
                key = if key == Key::Up { Key::Down } else { Key::Up };
            }
        }
    }
}

fn unexpected(what: &str, screen: String) -> LabError {
    LabError::Timeout { what: what.to_owned(), after: KEY, screen }
}

/// The line on which the cursor's sign is.
fn cursor_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| line.starts_with("> "))
}

/// Whether the stick with this serial number is said to be usable: two lines below its name.
fn is_offered(text: &str, serial: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| !line.contains(serial));
    lines.nth(2).is_some_and(|line| line.trim().starts_with("can be used"))
}

/// Whether this text is in the line with the cursor's sign or in the one below it: a drive's serial number stands
/// under its name.
fn is_under_cursor(text: &str, item: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with("> "));
    at.is_some_and(|at| lines.iter().skip(at).take(2).any(|line| line.contains(item)))
}

/// The six digits after "Confirmation number:".
fn confirmation_number(text: &str) -> Option<String> {
    digits_after(text, "Confirmation number:")
}

/// What has been typed after "Typed:".
fn typed_number(text: &str) -> Option<String> {
    digits_after(text, "Typed:")
}

fn digits_after(text: &str, label: &str) -> Option<String> {
    let (_, after) = text.split_once(label)?;
    let digits: String = after.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (digits.len() == 6).then_some(digits)
}

/// What stands below the line that asks to copy it.
fn head_characters(text: &str) -> Option<String> {
    let (_, below) = text.split_once("Copy this into the work record:")?;
    let shown = below.trim_start().lines().next()?.trim();
    let count = shown.chars().filter(char::is_ascii_alphanumeric).count();
    (count == 12).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_to_type_is_read_off_the_screen() {
        let text = " Confirmation number: 042917\n > Typed: 04_";
        assert_eq!(confirmation_number(text).as_deref(), Some("042917"));
        assert_eq!(typed_number(text), None);
        assert_eq!(typed_number(" > Typed: 042917_").as_deref(), Some("042917"));
        assert_eq!(confirmation_number("Confirmation number: (read the list)"), None);
    }

    #[test]
    fn the_characters_to_copy_are_read_off_the_screen() {
        let asks = " Copy this into the work record:\n";
        let read = |shown: &str| head_characters(&format!("{asks}     {shown}\n\n Press P"));
        assert_eq!(read("A1B2 C3D4 00ZZ").as_deref(), Some("A1B2 C3D4 00ZZ"));
        assert_eq!(read("A1B2 C3D4 00Z"), None);
        assert_eq!(head_characters(asks), None);
    }

    #[test]
    fn a_stick_is_offered_when_its_own_lines_say_so() {
        let text = " > 1  S/N LAB-A\n  size 1 MB\n  cannot be used: not FAT\n   2  S/N LAB-B\n  size 2 MB\n  can be used";
        assert!(is_offered(text, "LAB-B") && !is_offered(text, "LAB-A") && !is_offered(text, "LAB-C"));
    }

    #[test]
    fn the_cursor_is_on_the_item_whose_serial_number_is_beside_or_under_it() {
        let text = "   □ 1 Hard disk\n     S/N LAB-A\n > □ 2 SSD\n     S/N LAB-B\n   □ 3 SSD\n     S/N LAB-C";
        assert!(is_under_cursor(text, "LAB-B"));
        assert!(!is_under_cursor(text, "LAB-A") && !is_under_cursor(text, "LAB-C"));
        assert_eq!(cursor_line(text), Some("> □ 2 SSD"));
    }
}
