//! The viewer in a real Chromium, opened as a file, beside `massho-ledger verify` and `certify` on the same logs.
//!
//! `cargo test -p ledger --test viewer -- --ignored --nocapture` prints how many were compared.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(unreachable_pub, reason = "modules of a test program")]

mod browser;
#[path = "../common/mod.rs"]
mod common;
mod forge;

use browser::Browser;
use common::{Log, ledger, session, three, verify};
use forge::Named;
use record::{LOG_FOLDER, NoticeCode};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Lets a browser be one that knows no Ed25519.
const WITHOUT_ED25519: &str = "const known = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
      return algorithm === 'Ed25519' ? Promise.reject(new Error('unknown')) : known.call(this, format, key, algorithm, ...rest);
    };";
/// What the page says of each source, line by line as `verify` prints it.
const SAID: &str = "[...document.querySelectorAll('.source')].map((source) => {
      const cells = (row) => [...row.children].map((cell) => cell.textContent).join(' ');
      const of = (parent) => [...parent.children].flatMap((part) => part.matches('table')
        ? [...part.querySelectorAll('tr')].map(cells)
        : part.matches('.problem') ? [...part.children].map((line) => line.textContent)
        : part.matches('h3, .until, .password') ? [part.textContent] : []);
      return [...[...source.querySelectorAll('.log')].flatMap(of), ...of(source),
        ...[...source.querySelectorAll('.sum')].map((sum) => sum.textContent)];
    })";
/// The texts of every certificate on a page, in their order.
const CERTIFICATES: &str = "[...document.querySelectorAll('.certificate')].filter((one) => one.querySelector('.banner'))
      .map((one) => [...one.querySelectorAll('h1, h2, .number, .banner, li, dt, dd, .whose, .name, .seal, .day, .summary, footer p')]
        .map((part) => `${part.className} ${part.textContent.replace(/\\s+/g, ' ').trim()}`))";

struct Page {
    browser: Browser,
    folder: TempDir,
}

impl Page {
    fn open(before: &str, office: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("viewer.html");
        assert!(ledger(&[&["--lang", "en", "viewer"], office, &["--out"]].concat(), &file).status.success());
        let mut browser = Browser::start();
        browser.open(&file, before);
        browser.wait_for("document.body.dataset.state === 'waiting'");
        Self { browser, folder }
    }

    fn after(&mut self, act: impl FnOnce(&mut Browser)) -> Vec<Vec<String>> {
        self.browser.evaluate("document.body.dataset.state = 'told'");
        act(&mut self.browser);
        self.browser.wait_for("document.body.dataset.state === 'ready'");
        let said = self.browser.evaluate(SAID);
        serde_json::from_value::<Vec<Vec<String>>>(said).unwrap().iter().map(|lines| normal(lines)).collect()
    }

    /// Puts logs into folders, chooses them, and compares what page and program say of each log. Returns how many
    /// there were.
    fn compare_many(&mut self, set: &str, logs: &[Named]) -> usize {
        for (number, part) in logs.chunks(200).enumerate() {
            let folder = self.folder.path().join(format!("{}-{number}", set.replace(' ', "-")));
            fs::create_dir_all(&folder).unwrap();
            for (name, bytes) in part {
                fs::write(folder.join(format!("{name}.jsonl")), bytes).unwrap();
            }
            let said = self.after(|browser| browser.choose("#folder", &[&folder]));
            alike(&said, &verified(&folder));
        }
        logs.len()
    }

    /// Chooses a folder and drops it, and compares both with the program.
    fn compare_folder(&mut self, folder: &Path) {
        let expected = verified(folder);
        alike(&self.after(|browser| browser.choose("#folder", &[folder])), &expected);
        alike(&self.after(|browser| browser.drop_on_page(&[folder])), &expected);
    }
}

/// Fails at the first line that differs, with what stands before it.
fn alike(said: &[Vec<String>], expected: &[String]) {
    assert_eq!(said.len(), 1, "one source");
    let said = said.concat();
    let lines = said.iter().zip(expected);
    let place = lines.take_while(|(said, expected)| said == expected).count();
    let before = place.saturating_sub(12);
    let of = |lines: &[String]| lines[before..lines.len().min(place + 3)].join("\n");
    assert!(place == said.len().max(expected.len()), "viewer:\n{}\n\nprogram:\n{}", of(&said), of(expected));
}

/// Lines as both can be held against each other: the reader's own words about JSON and documents are each one's own.
fn normal(lines: &[String]) -> Vec<String> {
    const OWN_WORDS: [&str; 2] = ["is signed, but cannot be understood", "was altered, or is none"];
    let one = |line: &String| {
        let words = line.split_whitespace().filter(|word| *word != "!").collect::<Vec<_>>().join(" ");
        let own = OWN_WORDS.iter().find_map(|own| words.find(own).map(|place| place + own.len()));
        own.map_or(words.clone(), |end| words[..end].to_owned())
    };
    lines.iter().map(one).filter(|line| !line.is_empty()).collect()
}

/// What the program says; of a path it gives only the name here, which is all that a browser knows.
fn verified(path: &Path) -> Vec<String> {
    let above = format!("{}/", path.parent().unwrap().display());
    normal(&verify(path).0.lines().map(|line| line.replace(&above, "")).collect::<Vec<_>>())
}

/// The folders of published logs.
const VECTORS: [&str; 4] = ["vectors", "vectors-2", "vectors-3", "trust"];

fn published(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../record/tests").join(name)
}

fn vectors() -> Vec<Named> {
    let of = |folder: &str| {
        let mut files: Vec<PathBuf> =
            fs::read_dir(published(folder)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let name = |path: &PathBuf| format!("{folder}-{}", path.file_stem().unwrap().to_str().unwrap());
        files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect::<Vec<_>>()
    };
    VECTORS.iter().flat_map(|folder| of(folder)).collect()
}

fn vector(name: &str) -> Vec<u8> {
    fs::read(published(&format!("{name}.jsonl"))).unwrap()
}

/// Sticks whole, with sessions missing, cut, doubled, moved, and with files that are no logs.
fn sticks() -> Vec<(&'static str, Vec<Log>)> {
    let logs = three();
    let [one, two, three] = [0, 1, 2].map(|place| logs[place].clone());
    let cut = |(name, bytes): &Log| {
        let end = bytes.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').unwrap();
        (name.clone(), bytes[..=end].to_vec())
    };
    let copy = |(name, bytes): &Log| (name.replace(".jsonl", "-2.jsonl"), bytes.clone());
    let torn = |(name, bytes): &Log| (name.clone(), bytes[..bytes.len() - 30].to_vec());
    let moved = session(7, Some(&session(6, None, NoticeCode::Other)), NoticeCode::StickReplaced);
    vec![
        ("whole", logs.clone()),
        ("middle-missing", vec![one.clone(), three.clone()]),
        ("first-missing", vec![two.clone(), three.clone()]),
        ("one-cut", vec![one.clone(), cut(&two), three.clone()]),
        ("last-cut", vec![one.clone(), two.clone(), cut(&three)]),
        ("head-replaced", vec![session(1, None, NoticeCode::Slept), two, three]),
        ("beginning-and-whole", vec![torn(&one), copy(&one)]),
        ("beginning-alone", vec![torn(&one)]),
        ("moved-here", vec![moved]),
        ("counter-seven-alone", vec![session(7, None, NoticeCode::Other)]),
        ("name-that-steers", vec![("=1+1&lt;b&gt;.jsonl".into(), one.1.clone())]),
        ("good-and-bad", vec![one, ("x.jsonl".into(), vector("vectors-2/serial_altered"))]),
        ("no-logs", vec![("memo.txt".into(), b"not a log".to_vec())]),
        ("vectors", vectors().into_iter().map(|(name, bytes)| (format!("{name}.jsonl"), bytes)).collect()),
    ]
}

/// Logs of every kind, each by itself, by what was done to them.
fn sets() -> [(&'static str, Vec<Named>); 3] {
    let good = vector("vectors-3/good");
    [
        ("vectors", vectors()),
        ("tampered with", forge::tampered(&good)),
        ("odd signatures", forge::odd_signatures(&good)),
    ]
}

#[test]
#[ignore = "needs Chromium; `just test` installs it and runs this"]
fn the_viewer_says_of_every_log_what_the_program_says() {
    let told = [
        "vectors-2/class_one_with_witness",
        "vectors-2/certified",
        "vectors-3/awaiting_approval_class_one",
        "vectors-3/by_hand_class_one_with_witness",
        "vectors-3/set_aside_then_destroyed",
    ];
    let told = told.map(|name| forge::told_otherwise(&vector(name))).concat();
    // Every seventh: enough for each change to be made somewhere.
    let told: Vec<Named> = told.into_iter().step_by(7).collect();
    let mut page = Page::open("", &[]);
    for (name, logs) in sets().iter().chain([&("told otherwise and signed again", told)]) {
        println!("{name}: {} logs judged alike", page.compare_many(name, logs));
    }
}

#[test]
#[ignore = "needs Chromium; `just test` installs it and runs this"]
fn a_browser_without_ed25519_says_the_same() {
    let mut older = Page::open(WITHOUT_ED25519, &[]);
    for (name, logs) in sets() {
        println!(
            "{name}: {} logs judged alike without the browser's Ed25519",
            older.compare_many(name, &logs)
        );
    }
}

#[test]
#[ignore = "needs Chromium; `just test` installs it and runs this"]
fn whole_sticks_are_judged_as_the_program_does_chosen_and_dropped() {
    let mut page = Page::open("", &[]);
    let sticks = sticks();
    for (name, logs) in &sticks {
        let stick = page.folder.path().join(name);
        fs::create_dir_all(stick.join(LOG_FOLDER)).unwrap();
        for (file, bytes) in logs {
            fs::write(stick.join(LOG_FOLDER).join(file), bytes).unwrap();
        }
        page.compare_folder(&stick);
        page.compare_folder(&stick.join(LOG_FOLDER));
    }
    println!("{} sticks judged alike, chosen and dropped", sticks.len());
}

#[test]
#[ignore = "needs Chromium; `just test` installs it and runs this"]
fn certificates_and_tables_of_the_viewer_are_the_program_s() {
    let organisation = published("papers/organisation.json");
    let office = ["--organisation", organisation.to_str().unwrap()];
    let mut page = Page::open("", &office);
    let mut other = Browser::start();
    let mut compared = 0;
    let logs = vectors().into_iter().filter(|(name, _)| name.starts_with("trust-"));
    let more = [
        "good",
        "class_one_with_witness",
        "its_only_namespace",
        "cut_before_close",
        "torn_tail",
        "serial_altered",
    ];
    let more = more.map(|name| (name.to_owned(), vector(&format!("vectors/{name}"))));
    let by_people = ["by_hand_degaussed", "destroyed_on_the_spot", "drives_on_a_bench", "awaiting_approval"];
    let by_people = by_people.map(|name| (name.to_owned(), vector(&format!("vectors-3/{name}"))));
    for (name, bytes) in logs.chain(more).chain(by_people) {
        let folder = page.folder.path().join(&name);
        fs::create_dir_all(&folder).unwrap();
        let log = folder.join("20261123-014500-61207465.jsonl");
        fs::write(&log, bytes).unwrap();
        for language in ["ja", "en"] {
            let out = folder.join(language);
            let arguments =
                ["--lang", language, "certify", "--format", "html,csv", "--out", out.to_str().unwrap()];
            let printed = ledger(&[&arguments[..], &office].concat(), &log);
            page.after(|browser| browser.choose("#files", &[&log]));
            page.browser.evaluate(&format!("document.querySelector('[data-language={language}]').click()"));
            let buttons = page.browser.evaluate("document.querySelectorAll('.source > .buttons').length");
            if name == "serial_altered" {
                assert_eq!((buttons, out.exists(), printed.status.success()), (0.into(), false, false));
                continue;
            }
            let (paper, table) = of_the_viewer(&mut page.browser);
            let expected = fs::read(out.join("massho-list.csv")).unwrap();
            assert_eq!(
                String::from_utf8(table).unwrap(),
                String::from_utf8(expected).unwrap(),
                "{name}, {language}"
            );
            other.open(&out.join("massho-list.html"), "");
            assert_eq!(paper, other.evaluate(CERTIFICATES), "{name}, {language}");
            compared += paper.as_array().unwrap().len();
        }
    }
    println!("{compared} certificates word for word alike");
    assert!(compared > 20, "{compared}");
}

/// The certificates that the page shows, and the table that it saves.
fn of_the_viewer(browser: &mut Browser) -> (Value, Vec<u8>) {
    browser.evaluate("document.querySelector('.source > .buttons [data-do=view]').click()");
    let paper = browser.evaluate(CERTIFICATES);
    let saved = "(async () => {
        const make = URL.createObjectURL;
        let saved;
        URL.createObjectURL = (blob) => make.call(URL, saved = blob);
        document.querySelector('.source > .buttons [data-do=csv]').click();
        URL.createObjectURL = make;
        return [...new Uint8Array(await saved.arrayBuffer())];
      })()";
    let bytes: Vec<u8> = serde_json::from_value(browser.evaluate(saved)).unwrap();
    (paper, bytes)
}
