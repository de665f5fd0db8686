//! A walk through the screens on the booted image, by the PC's own keyboard, read off the picture on the PC's own
//! screen: once in Japanese, once in English.
//!
//! Every character of every screen must be readable: what the font does not have, or the terminal does not draw, is a
//! box to people and no character to the reader.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use lab::drives::{Definition, Model};
use lab::{Desk, Key, LabError, Machine, Picture, Places, Seen, pc, sha256};
use massho_tests::{Bench, logs};
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

/// From power on to the first screen, on a busy host.
const START: Duration = Duration::from_secs(240);
const SOON: Duration = Duration::from_secs(90);
const ERASING: Duration = Duration::from_secs(300);
/// How long a stick takes that is opened without a key, once it is found.
const OPENING: Duration = Duration::from_secs(8);
/// How long a screen is looked at until it stands still: progress never does for long.
const STILL: Duration = Duration::from_secs(3);

/// One language's texts, as the program has them.
struct Catalogue(toml::Table);

impl Catalogue {
    fn of(language: &str) -> Self {
        let file = Places::find().root().join(format!("crates/wizard/src/texts/{language}.toml"));
        Self(fs::read_to_string(file).unwrap().parse().unwrap())
    }

    /// A text by its section and its name.
    fn text(&self, key: &str) -> &str {
        let mut parts = key.split('.');
        let section = self.0.get(parts.next().unwrap()).unwrap();
        let found = parts.try_fold(section, |section, name| section.get(name));
        found.and_then(toml::Value::as_str).unwrap_or_else(|| panic!("no text {key}"))
    }
}

/// A person who goes through the screens.
struct Walk<'a> {
    desk: Desk<'a>,
    texts: Catalogue,
    /// The titles that were seen.
    titles: BTreeSet<String>,
    /// What could not be read, and on which screen.
    unreadable: Vec<String>,
    pictures: usize,
    /// What the QR codes on the screen say.
    codes: Vec<String>,
}

impl<'a> Walk<'a> {
    fn begin(machine: &'a mut Machine, language: &str) -> Result<Self, LabError> {
        let image = &machine.spec().image;
        let font = image.with_file_name("font").join("MasshoGothic-Regular.ttf");
        Ok(Self {
            desk: Desk::at(machine, &font)?,
            texts: Catalogue::of(language),
            titles: BTreeSet::new(),
            unreadable: Vec::new(),
            pictures: 0,
            codes: Vec::new(),
        })
    }

    /// Waits for the screen with this title, until it stands still, and looks whether all of it can be read.
    fn at(&mut self, title: &str) -> Result<Seen, LabError> {
        self.screen(title, SOON)
    }

    fn screen(&mut self, title: &str, within: Duration) -> Result<Seen, LabError> {
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
    fn says(&mut self, text: &str) -> Result<Seen, LabError> {
        let words = self.texts.text(text).to_owned();
        self.desk.wait_for(&words, SOON)
    }

    fn press(&mut self, keys: &[Key]) -> Result<(), LabError> {
        keys.iter().try_for_each(|key| self.desk.press(*key))
    }

    /// A screen that is opened by one key and left by another, or by Escape.
    fn visit(&mut self, key: Key, title: &str, back: &str) -> Result<(), LabError> {
        self.press(&[key])?;
        self.at(title)?;
        self.press(&[Key::Escape])?;
        self.at(back).map(drop)
    }

    /// The first screen: its language, and its help.
    fn language(&mut self, digit: char) -> Result<(), LabError> {
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
        self.press(&[Key::Escape])?;
        self.at("language.title").map(drop)
    }

    fn stick(&mut self) -> Result<(), LabError> {
        self.press(&[Key::Enter])?;
        self.at("sticks.title")?;
        self.desk.wait_for("LAB-RESULTS", SOON)?;
        // The only stick there is is opened without a key.
        let opened = self.texts.text("sticks.opened").to_owned();
        if self.desk.wait_for(&opened, OPENING).is_err() {
            self.press(&[Key::Enter])?;
        }
        self.says("sticks.opened")?;
        self.at("sticks.title").map(drop)
    }

    /// From the fields for the people to the classes: an operator, staff, no more than must be, the clock.
    fn people(&mut self, operator: Option<&str>, asset: Option<&str>) -> Result<(), LabError> {
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
    fn go_to(&mut self, text: &str) -> Result<(), LabError> {
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

    /// Moves the cursor down to the drive with this serial number, which stands in its line or in the one below.
    fn down_to(&mut self, serial: &str) -> Result<(), LabError> {
        for _ in 0..10 {
            let seen = self.desk.look()?;
            let seen = self.desk.still(seen, STILL)?;
            let mut lines = seen.text.lines().skip_while(|line| !is_cursor(line)).take(2);
            if lines.any(|line| line.contains(serial)) {
                return Ok(());
            }
            self.press(&[Key::Down])?;
        }
        self.desk.wait_for(&format!("the cursor on {serial}"), Duration::ZERO).map(drop)
    }

    /// Fills in what was done by hand to a disc, and records it.
    fn disc(&mut self) -> Result<(), LabError> {
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
    fn hear_the_bell(&mut self) -> Result<(), LabError> {
        let end = Instant::now() + SOON;
        while !self.has_sounded() {
            if Instant::now() > end {
                self.desk.wait_for("the bell", Duration::ZERO)?;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    fn has_sounded(&mut self) -> bool {
        let sound = fs::read(self.desk.machine().spec().speaker()).unwrap_or_default();
        sound.iter().skip(44).any(|sample| *sample != 0)
    }

    /// From the end of a session to the power being off.
    fn finish(&mut self) -> Result<(), LabError> {
        self.says("finish.closed")?;
        self.at("finish.title")?;
        self.press(&[Key::Char('q')])?;
        let code = self.desk.wait_until("a QR code", SOON, |_, seen| qr_code(&seen.picture).is_some())?;
        self.codes.extend(qr_code(&code.picture));
        self.press(&[Key::Escape])?;
        self.at("finish.title")?;
        self.press(&[Key::Char('p')])?;
        self.desk.machine().wait_off(SOON)
    }

    /// Types the six digits that the screen asks for.
    fn confirm(&mut self) -> Result<(), LabError> {
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

/// A first session, in which only something done by hand is recorded.
fn by_hand(walk: &mut Walk<'_>, digit: char) -> Result<(), LabError> {
    walk.language(digit)?;
    walk.press(&[Key::Char('m')])?;
    walk.stick()?;
    walk.people(Some("yamadahanako"), None)?;
    walk.press(&[Key::Char('2'), Key::Enter])?;
    walk.at("hand.title")?;
    walk.press(&[Key::Enter])?;
    walk.disc()?;
    walk.press(&[Key::Escape])?;
    walk.at("hand.title")?;
    walk.press(&[Key::Char('c')])?;
    walk.finish()
}

/// A second one, in which a hard disk of class (1) is cleared before it goes to the contractor.
fn handover(walk: &mut Walk<'_>, digit: char) -> Result<(), LabError> {
    walk.language(digit)?;
    walk.press(&[Key::Char('b')])?;
    walk.says("language.bench")?;
    walk.press(&[Key::Char('b')])?;
    walk.at("language.title")?;
    walk.stick()?;
    walk.press(&[Key::Char('l')])?;
    walk.at("past.title")?;
    walk.press(&[Key::Enter])?;
    walk.at("past.detail_title")?;
    walk.press(&[Key::Escape])?;
    walk.at("past.title")?;
    walk.press(&[Key::Escape])?;
    walk.at("sticks.title")?;
    walk.people(None, Some("PC-0042"))?;
    walk.desk.press_power_button()?;
    walk.says("power.button.what")?;
    walk.visit(Key::Char('q'), "abandon.title", "class.title")?;
    walk.press(&[Key::Char('1'), Key::Enter])?;
    walk.at("drives.title")?;
    walk.desk.wait_for("LAB-HDD", SOON)?;
    walk.down_to("LAB-HDD")?;
    walk.visit(Key::Char('i'), "detail.title", "drives.title")?;
    walk.press(&[Key::Enter])?;
    walk.at("plan.title")?;
    walk.down_to("LAB-HDD")?;
    walk.visit(Key::Char('d'), "plan.detail_title", "plan.title")?;
    walk.press(&[Key::Enter])?;
    walk.at("confirm.title")?;
    assert!(!walk.has_sounded(), "the speaker sounds before anything was done");
    walk.confirm()?;
    walk.at("progress.title")?;
    walk.visit(Key::Char('s'), "stop.title", "progress.title")?;
    walk.screen("results.title", ERASING)?;
    walk.hear_the_bell()?;
    walk.visit(Key::Char('m'), "hand.title", "results.title")?;
    without_stick(walk)?;
    walk.press(&[Key::Char('c')])?;
    walk.at("unwitnessed.title")?;
    walk.press(&[Key::Escape])?;
    walk.at("results.title")?;
    walk.press(&[Key::Char('w')])?;
    walk.at("witness.title")?;
    walk.go_to("witness.name")?;
    walk.desk.type_text("satouhanako")?;
    walk.go_to("witness.statement")?;
    walk.press(&[Key::Space, Key::Enter])?;
    walk.says("witness.recorded")?;
    walk.at("results.title")?;
    walk.press(&[Key::Char('c')])?;
    walk.finish()
}

/// The results stick is pulled, and something is to be written.
fn without_stick(walk: &mut Walk<'_>) -> Result<(), LabError> {
    walk.desk.machine().pull(pc::RESULTS)?;
    walk.says("rescue.banner_key")?;
    walk.press(&[Key::Char('u')])?;
    walk.at("rescue.title")?;
    walk.desk.machine().plug(pc::RESULTS)?;
    walk.says("rescue.solved")?;
    walk.press(&[Key::Escape])?;
    walk.at("results.title").map(drop)
}

/// The hash of a log's last line, in hexadecimal.
fn head(log: &[u8]) -> String {
    let lines = log.strip_suffix(b"\n").unwrap_or(log);
    let last = lines.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    sha256(last).to_uppercase()
}

fn walk(language: &str, digit: char) -> Result<(), LabError> {
    let bench = Bench::new(&format!("walk-{language}"));
    let hdd = Definition::new("HDD", Model::AtaHdd).sized(48).with("erase_seconds = 15\n").unwrap();
    let bay = bench.bay(vec![hdd])?;
    let spec = bench.pc_with(&bay);
    let mut rig = spec.clone().power_on()?;
    let mut walk = Walk::begin(&mut rig.machine, language)?;
    by_hand(&mut walk, digit)?;
    let Walk { mut titles, mut unreadable, mut codes, .. } = walk;
    drop(rig);

    rig = spec.power_on()?;
    let mut walk = Walk::begin(&mut rig.machine, language)?;
    walk.pictures = 40;
    handover(&mut walk, digit)?;
    titles.append(&mut walk.titles);
    unreadable.append(&mut walk.unreadable);
    codes.append(&mut walk.codes);
    println!("{} screens in {language}: {titles:?}", titles.len());
    assert_eq!(unreadable, Vec::<String>::new());
    // MASSHO1/SESSION/HEAD/ENTRIES, and the head is the hash of the log's last line (FORMAT.md).
    let heads: Vec<String> = logs(&rig)?.iter().map(|(file, _)| head(&file.bytes)).collect();
    assert!(heads.len() == 2 && codes.len() == 2, "{heads:?} {codes:?}");
    assert!(codes.iter().zip(&heads).all(|(code, head)| code.split('/').nth(2) == Some(head)), "{codes:?}");
    Ok(())
}

#[test]
fn every_screen_can_be_read_in_japanese() -> Result<(), LabError> {
    walk("ja", '1')
}

#[test]
fn every_screen_can_be_read_in_english() -> Result<(), LabError> {
    walk("en", '2')
}
