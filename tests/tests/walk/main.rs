//! A walk through the screens on the booted image, by the PC's own keyboard, read off the picture on the PC's own
//! screen: once in Japanese, once in English.
//!
//! Every character of every screen must be readable: what the font does not have, or the terminal does not draw, is a
//! box to people and no character to the reader.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod removed;
mod walker;

use lab::drives::{Definition, Model};
use lab::{BootFrom, Contents, Drive, Firmware, Key, Kind, LabError, RigSpec, TextFile, pc, sha256};
use massho_tests::{Bench, Catalogue, Office, folder_files, image_font, logs_on};
use std::collections::BTreeSet;
use std::path::PathBuf;
use walker::{ERASING, PASSPHRASE, Walk};

/// The hard disk that the job list names; a serial number without digits would not be taken.
const LISTED: &str = "WX11A23B4567";
const JOBS: &str = "資産管理番号,PC製造番号,UUID,ドライブ型番,ドライブ製造番号,区分,目的,所属,実施場所\r\n\
    PC-0042,LAB-PC-1,6d617373-686f-4c61-8000-000000000001,MASSHO LAB HDD,WX11A23B4567,3,抹消,総務課,倉庫\r\n";
/// Seen elsewhere, or by nobody: `boots` reads the one off a PC that is operated by its serial line, and the other is what
/// a console says on which nothing can be drawn any more.
const NOT_HERE: [&str; 2] = ["taken.title", "crashed.title"];

/// A first session, in which only something done by hand is recorded.
fn by_hand(walk: &mut Walk<'_>, digit: char) -> Result<(), LabError> {
    walk.language(digit)?;
    walk.press(&[Key::Char('m')])?;
    walk.stick()?;
    walk.opened()?;
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

/// A second one, in which the hard disk would be erased by the job list, but somebody comes and takes it for class (1): it
/// is cleared before it goes to the contractor.
fn handover(walk: &mut Walk<'_>, digit: char) -> Result<(), LabError> {
    walk.language(digit)?;
    walk.press(&[Key::Char('b')])?;
    walk.says("language.bench")?;
    walk.press(&[Key::Char('b')])?;
    walk.at("language.title")?;
    walk.stick()?;
    walk.at("unattended.title")?;
    walk.press(&[Key::Space])?;
    walk.says("unattended.stopped.what")?;
    walk.at("sticks.title")?;
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
    walk.at("abandon.title")?;
    walk.press(&[Key::Escape])?;
    walk.at("class.title")?;
    walk.visit(Key::Char('q'), "abandon.title", "class.title")?;
    walk.press(&[Key::Char('1'), Key::Enter])?;
    walk.at("drives.title")?;
    walk.go_to_drive(LISTED)?;
    walk.visit(Key::Char('i'), "detail.title", "drives.title")?;
    walk.press(&[Key::Enter])?;
    walk.at("plan.title")?;
    walk.go_to_drive(LISTED)?;
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

/// A PC whose boot stick has the office's key, with a results stick that the office prepared: a job list is on it, and a rule
/// file that does not read.
fn prepared(bench: &Bench) -> Result<RigSpec, LabError> {
    let (office, image) = Office::with_job_list(bench, JOBS, PASSPHRASE)?;
    let mut spec = bench.office_pc();
    (spec.image, spec.firmware, spec.boot) = (image, Firmware::Bios, BootFrom::Usb);
    let mut files = folder_files(&office.folder.join("stick"), "")?;
    files.push(TextFile { path: "massho-policy.toml".to_owned(), bytes: b"no_such_key = 1\n".to_vec() });
    let results = Drive::create(&bench.folder, "", pc::RESULTS, Kind::UsbStick, 48, &Contents::Fat(files))?;
    spec.drives = vec![results];
    Ok(spec)
}

/// What was seen in all sessions of a language.
#[derive(Default)]
struct Found {
    font: PathBuf,
    titles: BTreeSet<String>,
    unreadable: Vec<String>,
    codes: Vec<String>,
    pictures: usize,
}

type Session = fn(&mut Walk<'_>, char) -> Result<(), LabError>;

impl Found {
    /// Switches the PC on and goes through one session.
    fn walk(&mut self, spec: &RigSpec, language: &str, session: Session) -> Result<(), LabError> {
        let mut rig = spec.clone().power_on()?;
        let mut walk = Walk::begin(&mut rig.machine, &self.font, language)?;
        walk.pictures = self.pictures;
        session(&mut walk, if language == "ja" { '1' } else { '2' })?;
        // A session of a hundred pictures would be a long one.
        self.pictures = walk.pictures.next_multiple_of(100);
        self.titles.append(&mut walk.titles);
        self.unreadable.append(&mut walk.unreadable);
        self.codes.append(&mut walk.codes);
        Ok(())
    }
}

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sessions {
    /// What was done by hand.
    First,
    /// Every screen.
    All,
}

fn walk(language: &str, sessions: Sessions) -> Result<(), LabError> {
    let bench = Bench::new(&format!("walk-{language}"));
    let mut spec = prepared(&bench)?;
    let hdd = Definition {
        serial: Some(LISTED.to_owned()),
        ..Definition::new("HDD", Model::AtaHdd).sized(48).with("erase_seconds = 15\n").unwrap()
    };
    let bay = bench.bay(vec![hdd])?;
    spec.lab_drives = bay.drives().to_vec();
    let mut found = Found { font: image_font(&bench), ..Found::default() };
    found.walk(&spec, language, by_hand)?;
    if sessions == Sessions::All {
        found.walk(&spec, language, handover)?;
        let removed = Bench::bay_in(&bench.folder.join("removed"), removed::drives())?;
        spec.lab_drives = removed.drives().to_vec();
        found.walk(&spec, language, removed::cut_off)?;
        found.walk(&spec, language, removed::taken_up_again)?;
        let all = Catalogue::of(language).titles();
        let unseen = all.difference(&found.titles).filter(|title| !NOT_HERE.contains(&title.as_str()));
        assert_eq!(unseen.collect::<Vec<_>>(), Vec::<&String>::new(), "screens that nobody went to");
    }

    println!("{} screens in {language}: {:?}", found.titles.len(), found.titles);
    assert_eq!(found.unreadable, Vec::<String>::new());
    // MASSHO1/SESSION/HEAD/ENTRIES, and the head is the hash of the log's last line (FORMAT.md).
    let stick = spec.drives.iter().find(|drive| drive.name == pc::RESULTS).map(|drive| &drive.path);
    let logs = logs_on(stick.unwrap())?;
    let heads: Vec<String> =
        logs.iter().filter(|(_, log)| log.is_closed()).map(|(file, _)| head(&file.bytes)).collect();
    let codes = &found.codes;
    // The one that the power cut off has neither an end nor a code.
    let (begun, ended) = if sessions == Sessions::All { (4, 3) } else { (1, 1) };
    assert_eq!((logs.len(), heads.len(), codes.len()), (begun, ended, ended), "{heads:?} {codes:?}");
    assert!(codes.iter().zip(&heads).all(|(code, head)| code.split('/').nth(2) == Some(head)), "{codes:?}");
    Ok(())
}

#[test]
fn every_screen_can_be_read_in_japanese() -> Result<(), LabError> {
    walk("ja", Sessions::All)
}

#[test]
fn the_first_screens_can_be_read_in_english() -> Result<(), LabError> {
    walk("en", Sessions::First)
}

#[test]
#[ignore = "takes six minutes; just test-long runs it"]
fn every_screen_can_be_read_in_english() -> Result<(), LabError> {
    walk("en", Sessions::All)
}
