//! Certificates by the program itself: what they say, and what they never say.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
#[path = "../../record/tests/common/mod.rs"]
mod logs;

use common::{ledger, three};
use model::InformationClass;
use record::{Choices, Entry, LOG_FOLDER, Notice, NoticeCode};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../record/tests/vectors-2/{name}.jsonl"))
}

struct Certified {
    good: bool,
    printed: String,
    out: TempDir,
}

impl Certified {
    /// Every file that was written, name and text, in the order of the names.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let Ok(folder) = fs::read_dir(self.out.path().join("out")) else { return Vec::new() };
        let mut files: Vec<(String, Vec<u8>)> = folder
            .map(|file| file.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }

    fn text(&self, begins: &str, ends: &str) -> String {
        let files = self.files();
        let file = files.iter().find(|(name, _)| name.starts_with(begins) && name.ends_with(ends));
        let names = || files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        String::from_utf8(file.unwrap_or_else(|| panic!("{begins}…{ends} in {:?}", names())).1.clone())
            .unwrap()
    }
}

fn certify(path: &Path, arguments: &[&str]) -> Certified {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("out");
    let all = [&["certify", "--out", folder.to_str().unwrap()], arguments].concat();
    let output = ledger(&all, path);
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    Certified { good: output.status.success(), printed, out }
}

const QUICK: [&str; 2] = ["--format", "html,csv"];

fn in_language<'a>(language: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--lang", language], more].concat()
}

#[test]
fn a_good_log_becomes_a_certificate_for_each_drive_and_a_list() {
    let certified = certify(&vector("good"), &in_language("ja", &[]));
    assert!(certified.good, "{}", certified.printed);
    let names: Vec<String> = certified.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "good-1-WD-WX11A1234567.html",
            "good-1-WD-WX11A1234567.pdf",
            "good-2-S425NX0M123456.html",
            "good-2-S425NX0M123456.pdf",
            "good-3-4C530001.html",
            "good-3-4C530001.pdf",
            "massho-list.csv",
            "massho-list.html",
            "massho-list.pdf",
        ]
    );
    let disk = certified.text("good-1", ".html");
    for text in [
        "抹消証明書",
        "<span class=\"outcome\">完了</span>",
        "再利用・返却できます",
        "WD-WX11A1234567",
        "ChaCha20 stream, 1 pass, 512000000 bytes",
        "山田 太郎",
        "実施者（申告）",
        "R8.3改定案 2026-03-16（組み込み）",
        "512,000,000 バイト（512.0 MB）",
        "F27Y-1F6N-NE2N（控えと比べていない）",
        "fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906",
        "未登録",
        "規則表に照らした計算し直しはしていません",
        "massho-summary/1",
        "<svg",
    ] {
        assert!(disk.contains(text), "{text} is not in {disk}");
    }
    // Design rule: 消去 is never called 除去.
    assert!(!disk.contains("除去") && !disk.contains("Purge"), "{disk}");
    let nvme = certified.text("good-2", ".html");
    for text in
        ["除去（Purge）", "NVMe 80h CDW10=00000200h NSID=1", "nvme-status=0000", "データの場所を忘れただけで"]
    {
        assert!(nvme.contains(text), "{text} is not in {nvme}");
    }
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    let certified = certify(&vector("good"), &QUICK);
    for (name, bytes) in certified.files().into_iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = String::from_utf8(bytes).unwrap();
        assert!(page.contains("default-src 'none'"), "{name}");
        for fetches in ["<script", " src=", "href=", "url(", "@import", "http:", "https:"] {
            assert!(!page.contains(fetches), "{name} has {fetches}");
        }
    }
}

#[test]
fn a_log_that_does_not_verify_has_no_certificate() {
    for name in [
        "serial_altered",
        "after_close",
        "done_without_read_back",
        "close_says_otherwise",
        "wrong_key",
        "empty",
    ] {
        let certified = certify(&vector(name), &in_language("ja", &QUICK));
        assert!(!certified.good && certified.files().is_empty(), "{name}: {}", certified.printed);
        assert!(!certified.printed.contains("完了"), "{name}: {}", certified.printed);
        assert!(
            certified.printed.contains("証明書にできる記録がありません。"),
            "{name}: {}",
            certified.printed
        );
    }
}

#[test]
fn a_session_that_was_not_closed_is_no_certificate_of_completion() {
    let certified = certify(&vector("cut_before_close"), &in_language("ja", &QUICK));
    assert!(!certified.good);
    let disk = certified.text("cut_before_close-1", ".html");
    assert!(disk.contains("抹消作業記録") && !disk.contains("抹消証明書"), "{disk}");
    assert!(disk.contains("抹消の完了を証明する書面ではありません。") && disk.contains("未完結"), "{disk}");
}

#[test]
fn one_log_of_a_stick_that_does_not_verify_is_on_the_list_and_counts_for_nothing() {
    let stick = tempfile::tempdir().unwrap();
    let folder = stick.path().join(LOG_FOLDER);
    fs::create_dir(&folder).unwrap();
    for name in ["good", "serial_altered"] {
        fs::copy(vector(name), folder.join(format!("{name}.jsonl"))).unwrap();
    }
    let certified = certify(stick.path(), &QUICK);
    assert!(!certified.good);
    assert!(certified.files().iter().all(|(name, _)| !name.starts_with("serial_altered")));
    let list = certified.text("massho-list", ".html");
    assert!(list.contains("serial_altered.jsonl: Line 2 was altered"), "{list}");
    assert!(list.contains("3 media, 1 logs that do not verify"), "{list}");
}

#[test]
fn a_missing_session_is_on_the_list() {
    let stick = tempfile::tempdir().unwrap();
    let folder = stick.path().join(LOG_FOLDER);
    fs::create_dir(&folder).unwrap();
    let [one, _, three] = three().try_into().unwrap();
    let with_drives = fs::read(vector("good")).unwrap();
    for (name, bytes) in [one, three, ("good.jsonl".to_owned(), with_drives)] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let certified = certify(stick.path(), &QUICK);
    assert!(!certified.good);
    assert!(certified.text("massho-list", ".html").contains("Session 2 of stick 4C530001 is missing"));
}

#[test]
fn the_notes_of_people_are_compared_and_the_certificate_says_so() {
    let note = ["--head", "f27y 1f6n ne2n", "--key", "fe812c12f3ab4ce6ac5db69ac352f906"];
    let certified = certify(&vector("good"), &[&QUICK[..], &note].concat());
    assert!(certified.good, "{}", certified.printed);
    let disk = certified.text("good-1", ".html");
    assert!(disk.contains("F27Y-1F6N-NE2N (agrees with the note)"), "{disk}");
    assert!(disk.contains("f906 (agrees with the note)"), "{disk}");
    assert!(!disk.contains("were not compared with the paper record"), "{disk}");
    let other = certify(&vector("good"), &[&QUICK[..], &["--head", "CWM2-X1AP-3CTE"]].concat());
    assert!(
        !other.good && other.files().is_empty() && other.printed.contains("The head differs"),
        "{}",
        other.printed
    );
}

#[test]
fn what_the_vectors_say_is_never_certified_on_another_s_behalf() {
    let mut pages = 0;
    for file in fs::read_dir(vector("good").parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        for language in ["ja", "en"] {
            let certified = certify(&path, &in_language(language, &QUICK));
            for (name, bytes) in certified.files() {
                let text = String::from_utf8(bytes).unwrap();
                for never in ["第三者証明", "ADEC", "NIST certified", "NIST"] {
                    assert!(!text.contains(never), "{never} in {name} of {}", path.display());
                }
                pages += 1;
            }
        }
    }
    assert!(pages > 20, "{pages}");
}

/// A log whose every free text tries to be something else.
fn hostile() -> Vec<u8> {
    const TEXT: &str = "=cmd|' /C calc'!A0 <script>alert(1)</script>\u{1b}[2J\u{202e}";
    let mut middle = logs::middle(InformationClass::Three);
    let choices = Choices {
        operator: TEXT.into(),
        asset_number: TEXT.into(),
        ..logs::choices(InformationClass::Three)
    };
    middle[1] = choices.into();
    middle.push(logs::witness(&format!("x{TEXT}")).into());
    let notice = Notice { code: NoticeCode::Other, drive: None, detail: TEXT.into() };
    middle.push(Entry::from(notice));
    logs::lines(middle, logs::all_done()).concat()
}

#[test]
fn texts_from_outside_are_no_markup_no_formula_and_steer_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("hostile.jsonl");
    fs::write(&log, hostile()).unwrap();
    let certified = certify(&log, &[]);
    assert!(certified.good, "{}", certified.printed);
    for (name, bytes) in certified.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(name.ends_with(".pdf") || !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{name}");
        assert!(!name.ends_with(".html") || !text.contains("<script"), "{name}: {text}");
    }
    let page = certified.text("hostile-1", ".html");
    assert!(page.contains("&lt;script&gt;") && page.contains("\\u{202e}"), "{page}");
    let table = certified.text("massho-list", ".csv");
    assert!(table.starts_with('\u{feff}') && table.contains("\"'=cmd|"), "{table}");
    for line in table.lines() {
        assert!(
            line.split("\",\"").all(|cell| !cell.trim_start_matches(['\u{feff}', '"']).starts_with('=')),
            "{line}"
        );
    }
}

#[test]
fn a_pdf_has_its_font_with_it_and_can_be_read_again() {
    let certified = certify(&vector("class_one_with_witness"), &in_language("ja", &["--format", "pdf"]));
    assert!(certified.good, "{}", certified.printed);
    let file = certified.out.path().join("out/class_one_with_witness-1-WD-WX11A1234567.pdf");
    let output = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).arg(&file).arg("-").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = output("pdftotext", &["-layout"]);
    for says in
        ["抹消証明書", "完了", "再利用・返却できます", "WD-WX11A1234567", "佐藤 花子", "massho-summary/1"]
    {
        assert!(text.contains(says), "{says} is not in {text}");
    }
    let fonts = String::from_utf8(Command::new("pdffonts").arg(&file).output().unwrap().stdout).unwrap();
    let rows: Vec<Vec<&str>> = fonts.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    // Columns from the end: object ID, uni, sub, emb.
    let embedded = |row: &Vec<&str>| row[row.len() - 5..row.len() - 2] == ["yes", "yes", "yes"];
    assert!(!rows.is_empty() && rows.iter().all(embedded), "{fonts}");
    assert!(fs::metadata(&file).unwrap().len() < 200_000, "the font is a subset");
}

#[test]
fn a_font_that_cannot_be_used_is_told_in_two_sentences_and_nothing_is_written() {
    let no_font = vector("good");
    for (font, says) in [
        ("/nonexistent/font.ttf", "The font /nonexistent/font.ttf cannot be read"),
        (no_font.to_str().unwrap(), "is no font with Japanese in it"),
    ] {
        let certified = certify(&vector("good"), &["--font", font]);
        assert!(!certified.good && certified.printed.contains(says), "{}", certified.printed);
        assert_eq!(certified.printed.lines().count(), 2, "{}", certified.printed);
        assert!(certified.files().is_empty());
    }
}
