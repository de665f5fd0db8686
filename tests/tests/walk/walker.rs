//! A person who goes through the screens by the PC's own keyboard, and reads its own screen.

use lab::{Desk, Key, LabError, Machine, Picture, Seen};
use massho_tests::Catalogue;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// From power on to the first screen, on a busy host.
const START: Duration = Duration::from_secs(240);
pub(crate) const SOON: Duration = Duration::from_secs(90);
pub(crate) const ERASING: Duration = Duration::from_secs(300);
/// How long a stick takes that is opened without a key, once it is found.
const OPENING: Duration = Duration::from_secs(8);
/// The prepared stick's.
pub(crate) const PASSPHRASE: &str = "the stick in the cupboard";
/// How long a screen is looked at until it stands still: progress never does for long.
const STILL: Duration = Duration::from_secs(3);

/// A person who goes through the screens.
pub(crate) struct Walk<'a> {
    pub(crate) desk: Desk<'a>,
    pub(crate) texts: Catalogue,
    /// The titles that were seen.
    pub(crate) titles: BTreeSet<String>,
    /// What could not be read, and on which screen.
    pub(crate) unreadable: Vec<String>,
    pub(crate) pictures: usize,
    /// What the QR codes on the screen say.
    pub(crate) codes: Vec<String>,
}

impl<'a> Walk<'a> {
    pub(crate) fn begin(machine: &'a mut Machine, font: &Path, language: &str) -> Result<Self, LabError> {
        Ok(Self {
            desk: Desk::at(machine, font)?,
            texts: Catalogue::of(language),
            titles: BTreeSet::new(),
            unreadable: Vec::new(),
            pictures: 0,
            codes: Vec::new(),
        })
    }

    /// Waits for the screen with this title, until it stands still, and looks whether all of it can be read.
    pub(crate) fn at(&mut self, title: &str) -> Result<Seen, LabError> {
        self.screen(title, SOON)
    }

    pub(crate) fn screen(&mut self, title: &str, within: Duration) -> Result<Seen, LabError> {
        let words = self.texts.text(title).to_owned();
        let seen = self.desk.wait_until(&format!("the screen {title}: {words}"), within, |desk, seen| {
            let first = seen.text.lines().next().unwrap_or_default();
            desk.holds(first, &words)
        })?;
        let seen = self.desk.still(seen, STILL)?;
        self.look_over(title, &seen)?;
        self.titles.insert(title.to_owned());
        Ok(seen)
    }

    /// Goes on by Enter to the screen with this title, past a list of drives that has changed meanwhile.
    pub(crate) fn go_on_to(&mut self, title: &str) -> Result<Seen, LabError> {
        let words = self.texts.text(title).to_owned();
        let end = Instant::now() + SOON;
        loop {
            let there = self.desk.wait_until(&words, OPENING, |desk, seen| {
                desk.holds(seen.text.lines().next().unwrap_or_default(), &words)
            });
            if there.is_ok() || Instant::now() > end {
                return self.at(title);
            }
            let seen = self.desk.look()?;
            self.look_over(&format!("before-{title}"), &seen)?;
            self.press(&[Key::Enter])?;
        }
    }

    /// Keeps the picture for whoever looks into a failure.
    fn look_over(&mut self, title: &str, seen: &Seen) -> Result<(), LabError> {
        self.pictures += 1;
        let folder = self.desk.machine().spec().folder.clone();
        self.desk.machine().screenshot(&folder.join(format!("{:02}-{title}.png", self.pictures)))?;
        let bad = seen.text.lines().filter(|line| line.contains(char::REPLACEMENT_CHARACTER));
        self.unreadable.extend(bad.map(|line| format!("{title}: {line}")));
        Ok(())
    }

    /// Waits for a text anywhere on the screen.
    pub(crate) fn says(&mut self, text: &str) -> Result<Seen, LabError> {
        let words = self.texts.text(text).to_owned();
        self.desk.wait_for(&words, SOON)
    }

    pub(crate) fn press(&mut self, keys: &[Key]) -> Result<(), LabError> {
        keys.iter().try_for_each(|key| self.desk.press(*key))
    }

    /// A screen that is opened by one key and left by another, or by Escape.
    pub(crate) fn visit(&mut self, key: Key, title: &str, back: &str) -> Result<(), LabError> {
        self.press(&[key])?;
        self.at(title)?;
        self.press(&[Key::Escape])?;
        self.at(back).map(drop)
    }

    /// The first screen: its language, and its help.
    pub(crate) fn language(&mut self, digit: char) -> Result<(), LabError> {
        // Both languages stand on it.
        self.desk.wait_for("Choose a language and press Enter.", START)?;
        // The first key takes this seat among the PC's consoles, and the keyboard may be found a little later than the
        // screen.
        for _ in 0..5 {
            self.press(&[Key::Char('2')])?;
            if self.desk.wait_for("> 2  English", OPENING).is_ok() {
                break;
            }
        }
        self.press(&[Key::Char(digit)])?;
        self.at("language.title")?;
        self.press(&[Key::F(1)])?;
        let words = self.texts.text("help.title").replace("{heading}", "");
        let help = self.desk.wait_for(&words, SOON)?;
        let help = self.desk.still(help, STILL)?;
        self.look_over("help", &help)?;
        self.titles.insert("help.title".to_owned());
        self.press(&[Key::Escape])?;
        self.at("language.title").map(drop)
    }

    /// From the first screen to an open results stick: one that the office prepared, whose rule file has a mistake.
    pub(crate) fn stick(&mut self) -> Result<(), LabError> {
        self.press(&[Key::Enter])?;
        self.desk.wait_for("LAB-RESULTS", SOON)?;
        // The only stick there is is opened without a key.
        let words = self.texts.text("policy_problem.title").to_owned();
        if self.desk.wait_for(&words, OPENING).is_err() {
            self.press(&[Key::Enter])?;
        }
        self.at("policy_problem.title")?;
        self.press(&[Key::Char('b')])?;
        self.says("policy_problem.chosen")?;
        self.at("sticks.title")?;
        self.press(&[Key::Enter])?;
        self.at("passphrase.title")?;
        self.desk.type_text(PASSPHRASE)?;
        self.press(&[Key::Enter])
    }

    /// The stick is open, and nothing else is in the way.
    pub(crate) fn opened(&mut self) -> Result<(), LabError> {
        self.says("passphrase.open")?;
        self.at("sticks.title").map(drop)
    }

    /// From the fields for the people to the classes: an operator, staff, no more than must be, the clock.
    pub(crate) fn people(&mut self, operator: Option<&str>, asset: Option<&str>) -> Result<(), LabError> {
        self.press(&[Key::Enter])?;
        self.at("people.title")?;
        if let Some(operator) = operator {
            self.go_to("people.operator")?;
            self.desk.type_text(operator)?;
            self.go_to("people.by")?;
            self.press(&[Key::Space])?;
        }
        if let Some(asset) = asset {
            self.go_to("people.asset")?;
            self.desk.type_text(asset)?;
        }
        self.go_to("people.clock_question")?;
        self.press(&[Key::Space, Key::Enter])?;
        self.at("class.title").map(drop)
    }

    /// Goes by Tab to the line with this text.
    pub(crate) fn go_to(&mut self, text: &str) -> Result<(), LabError> {
        let words = self.texts.text(text).to_owned();
        for _ in 0..20 {
            let seen = self.desk.look()?;
            let seen = self.desk.still(seen, STILL)?;
            if under_cursor(&seen).is_some_and(|line| self.desk.holds(line, &words)) {
                return Ok(());
            }
            self.press(&[Key::Tab])?;
        }
        self.desk.wait_for(&format!("> {words}"), Duration::ZERO).map(drop)
    }

    /// Moves the cursor to the drive with this serial number, which stands in its line or in the one below: down to the end
    /// of the list, then up.
    pub(crate) fn go_to_drive(&mut self, serial: &str) -> Result<(), LabError> {
        let (mut key, mut last) = (Key::Down, None);
        for _ in 0..30 {
            let seen = self.desk.look()?;
            let seen = self.desk.still(seen, STILL)?;
            let cursor: Vec<_> = seen.text.lines().skip_while(|line| !is_cursor(line)).take(2).collect();
            if cursor.iter().any(|line| line.contains(serial)) {
                return Ok(());
            }
            let at = Some(cursor.join("\n"));
            if at == last {
                key = Key::Up;
            }
            last = at;
            self.press(&[key])?;
        }
        self.desk.wait_for(&format!("the cursor on {serial}"), Duration::ZERO).map(drop)
    }

    /// Fills in what was done by hand to a disc, and records it.
    pub(crate) fn disc(&mut self) -> Result<(), LabError> {
        self.at("hand.form_title")?;
        self.press(&[Key::Space; 4])?;
        self.go_to("hand.model")?;
        self.desk.type_text("DVD-R 2019")?;
        self.go_to("hand.serial")?;
        self.desk.type_text("NONE")?;
        self.go_to("hand.asset")?;
        self.desk.type_text("PC-0007")?;
        self.go_to("hand.handling")?;
        self.press(&[Key::Space])?;
        self.go_to("hand.how")?;
        self.press(&[Key::F(2)])?;
        self.at("people.names_title")?;
        self.press(&[Key::Enter])?;
        self.go_to("hand.remarks")?;
        self.at("hand.form_title")?;
        self.press(&[Key::Enter])?;
        self.says("hand.recorded").map(drop)
    }

    /// The end of the work is rung on the PC's speaker.
    pub(crate) fn hear_the_bell(&mut self) -> Result<(), LabError> {
        let end = Instant::now() + SOON;
        while !self.has_sounded() {
            if Instant::now() > end {
                self.desk.wait_for("the bell", Duration::ZERO)?;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    pub(crate) fn has_sounded(&mut self) -> bool {
        let sound = fs::read(self.desk.machine().spec().speaker()).unwrap_or_default();
        sound.iter().skip(44).any(|sample| *sample != 0)
    }

    /// From the end of a session to the power being off.
    pub(crate) fn finish(&mut self) -> Result<(), LabError> {
        self.says("finish.closed")?;
        self.at("finish.title")?;
        self.press(&[Key::Char('q')])?;
        let code = self.desk.wait_until("a QR code", SOON, |_, seen| qr_code(&seen.picture).is_some())?;
        self.codes.extend(qr_code(&code.picture));
        self.titles.insert("finish.code_title".to_owned());
        self.press(&[Key::Escape])?;
        self.at("finish.title")?;
        self.press(&[Key::Char('p')])?;
        self.desk.machine().wait_off(SOON)
    }

    /// Types the six digits that the screen asks for.
    pub(crate) fn confirm(&mut self) -> Result<(), LabError> {
        let label = self.texts.text("confirm.code").replace("{code}", "");
        let seen =
            self.desk.wait_until("the number", SOON, |desk, seen| digits(desk, seen, &label).is_some())?;
        let code = digits(&self.desk, &seen, &label).unwrap();
        self.desk.type_text(&code)?;
        self.press(&[Key::Enter])
    }
}

/// What the only QR code of a picture says, as a telephone would read it.
fn qr_code(picture: &Picture) -> Option<String> {
    let brightness = |x, y| picture.line(x, y, 1).map_or(0, |pixel| pixel[0][1]);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width(), picture.height(), brightness);
    match &image.detect_grids()[..] {
        [code] => code.decode().ok().map(|(_, text)| text),
        _ => None,
    }
}

/// The line with the cursor's sign.
fn under_cursor(seen: &Seen) -> Option<&str> {
    seen.text.lines().find(|line| is_cursor(line))
}

fn is_cursor(line: &str) -> bool {
    line.trim_start().starts_with("> ")
}

fn digits(desk: &Desk<'_>, seen: &Seen, label: &str) -> Option<String> {
    let line = seen.text.lines().find(|line| desk.holds(line, label))?;
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 6).then_some(digits)
}
