//! The program itself on files, folders and images.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
#[path = "../../exfat/tests/common/mod.rs"]
mod exfat_volume;

use common::{Log, ledger, session, three, verify};
use fatfs::{FatType, FileSystem, FormatVolumeOptions, FsOptions, format_volume};
use record::{LOG_FOLDER, NoticeCode};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../record/tests/vectors").join(name)
}

fn stick(logs: &[Log]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join(LOG_FOLDER)).unwrap();
    for (name, bytes) in logs {
        fs::write(root.path().join(LOG_FOLDER).join(name), bytes).unwrap();
    }
    root
}

fn fat(megabytes: usize, fat_type: FatType, logs: &[Log]) -> Vec<u8> {
    let mut disk = Cursor::new(vec![0; megabytes << 20]);
    format_volume(&mut disk, FormatVolumeOptions::new().fat_type(fat_type)).unwrap();
    {
        let filesystem = FileSystem::new(&mut disk, FsOptions::new()).unwrap();
        let folder = filesystem.root_dir().create_dir(LOG_FOLDER).unwrap();
        for (name, bytes) in logs {
            folder.create_file(name).unwrap().write_all(bytes).unwrap();
        }
        folder.create_file("memo.txt").unwrap().write_all(b"not a log").unwrap();
    }
    disk.into_inner()
}

fn with_mbr(filesystem: &[u8]) -> Vec<u8> {
    let mut disk = vec![0; 2048 * 512];
    disk[446..450].copy_from_slice(&[0x80, 0, 0, 0]);
    disk[450..454].copy_from_slice(&[0x0c, 0, 0, 0]);
    disk[454..458].copy_from_slice(&2048u32.to_le_bytes());
    disk[458..462].copy_from_slice(&u32::try_from(filesystem.len() / 512).unwrap().to_le_bytes());
    disk[510..512].copy_from_slice(&[0x55, 0xaa]);
    disk.extend_from_slice(filesystem);
    disk
}

fn image(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stick.img");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Every published vector by itself: the good ones and only they are right, and each bad one is called by its name.
#[test]
fn every_vector_is_judged_and_named() {
    let named = [
        ("one_byte_flipped", "was altered"),
        ("serial_altered", "was altered"),
        ("entry_of_another_log", "was altered"),
        ("entry_dropped", "Entries 6 to 6 are missing"),
        ("first_entry_dropped", "Entries 0 to 0 are missing"),
        ("entries_swapped", "out of order"),
        ("entry_repeated", "repeats entry 3"),
        ("wrong_key", "signed by another key"),
        ("cut_before_close", "未完結"),
        ("torn_tail", "ends within line 16"),
        ("after_close", "added after the close entry"),
        ("unknown_format", "does not know the log format \"massho-log/9\""),
        ("not_utf8", "is not the line of a massho log"),
        ("empty", "is empty"),
        ("signature_not_canonical", "was altered"),
        ("signature_of_another_kind", "was altered"),
        ("key_of_small_order", "was altered"),
        ("credential_missing", "has no credential"),
        ("done_without_read_back", "does not prove the method achieved on drive 1"),
        ("result_missing", "drive 1 has no result"),
        ("other_namespace_missing", "another namespace of the same drive does not"),
        ("class_one_without_witness", "the close entry says something else of drive 1"),
    ];
    let mut seen = 0;
    let folders = [vector(""), vector("../vectors-2")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (printed, good) = verify(&path);
        let whole =
            ["good", "certified", "class_one_with_witness", "its_only_namespace"].contains(&name.as_str());
        assert_eq!(good, whole, "{name}: {printed}");
        let says = named.iter().find(|(vector, _)| *vector == name).map_or("", |(_, says)| says);
        assert!(printed.contains(says), "{name}: {printed}");
        seen += 1;
    }
    assert!(seen > 120, "{seen} vectors");
}

#[test]
fn the_table_lists_the_drives_in_both_languages() {
    let (english, _) = verify(&vector("good.jsonl"));
    for text in [
        "WD-WX11A1234567",
        "消去 Clear",
        "完了 Done",
        "may be reused",
        "対象外 Not covered",
        "2B3S-3W18-1FS7",
    ] {
        assert!(english.contains(text), "{text} in {english}");
    }
    let japanese = ledger(&["--lang", "ja", "verify"], &vector("good.jsonl"));
    let japanese = String::from_utf8(japanese.stdout).unwrap();
    assert!(japanese.contains("再利用・返却できます") && japanese.contains("検証済み"), "{japanese}");
}

#[test]
fn a_log_that_does_not_verify_calls_no_drive_done() {
    for name in [
        "one_byte_flipped",
        "serial_altered",
        "after_close",
        "done_without_read_back",
        "close_says_otherwise",
    ] {
        let (printed, _) = verify(&vector(&format!("{name}.jsonl")));
        assert!(!printed.contains("完了 Done") && !printed.contains("may be reused"), "{name}: {printed}");
    }
}

#[test]
fn the_notes_of_screen_and_witness_are_compared() {
    let path = vector("good.jsonl");
    let fingerprint = "fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906";
    let run = |arguments: &[&str]| {
        let output = ledger(&[&["verify"], arguments].concat(), &path);
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    assert!(run(&["--key", fingerprint, "--head", "2b3s 3w18 1fs7"]).0);
    let (good, printed) = run(&["--key", &fingerprint.replace('f', "0")]);
    assert!(!good && printed.contains("Wrong key"), "{printed}");
    let (good, printed) = run(&["--head", "CWM2-X1AP-3CTE"]);
    assert!(!good && printed.contains("The head differs"), "{printed}");
    let (good, printed) = run(&["--head", "CWM2"]);
    assert!(!good && printed.contains("twelve characters"), "{printed}");
}

#[test]
fn a_stick_with_all_its_sessions_is_right_as_folder_and_as_image() {
    let logs = three();
    let root = stick(&logs);
    assert!(verify(root.path()).1);
    assert!(verify(&root.path().join(LOG_FOLDER)).1);
    let small = fat(2, FatType::Fat12, &logs);
    let large = fat(40, FatType::Fat32, &logs);
    for bytes in
        [small.clone(), with_mbr(&small), fat(16, FatType::Fat16, &logs), large.clone(), with_mbr(&large)]
    {
        let (_folder, path) = image(&bytes);
        let (printed, good) = verify(&path);
        assert!(good && printed.contains("All 3 verified"), "{printed}");
        assert!(fs::read(&path).unwrap() == bytes, "the image was written to");
    }
}

#[test]
fn one_flipped_byte_in_an_image_is_found() {
    let logs = three();
    let mut bytes = with_mbr(&fat(2, FatType::Fat12, &logs));
    let place = bytes.windows(9).position(|window| window == b"4C530001\"").unwrap();
    bytes[place] = b'5';
    let (_folder, path) = image(&bytes);
    let (printed, good) = verify(&path);
    assert!(!good && printed.contains("Line 1 was altered"), "{printed}");
}

#[test]
fn a_missing_session_is_named() {
    let logs = three();
    let (printed, good) = verify(stick(&[logs[0].clone(), logs[2].clone()]).path());
    assert!(!good && printed.contains("Session 2 of stick 4C530001 is missing"), "{printed}");
    assert!(printed.contains(&format!("{}, is not there", logs[1].0)), "{printed}");
}

#[test]
fn a_session_that_was_cut_after_the_next_began_is_named() {
    let mut logs = three();
    let cut = logs[1].1.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').unwrap();
    logs[1].1.truncate(cut + 1);
    let (printed, good) = verify(stick(&logs).path());
    assert!(!good && printed.contains("is not what it was when this session was opened"), "{printed}");
    assert!(printed.contains("未完結"), "{printed}");
}

#[test]
fn the_beginning_of_a_session_beside_its_whole_is_no_fault() {
    let one = session(1, None, NoticeCode::Other);
    let whole = (one.0.replace(".jsonl", "-2.jsonl"), one.1.clone());
    let beginning = (one.0.clone(), one.1[..one.1.len() - 30].to_vec());
    let (printed, good) = verify(stick(&[beginning.clone(), whole]).path());
    assert!(good && printed.contains("a copy of the beginning of"), "{printed}");
    assert!(!verify(stick(&[beginning]).path()).1);
}

#[test]
fn a_session_that_moved_here_from_another_stick_leaves_no_gap() {
    let moved = session(7, Some(&session(6, None, NoticeCode::Other)), NoticeCode::StickReplaced);
    assert!(verify(stick(&[moved]).path()).1);
    let stayed = session(7, None, NoticeCode::Other);
    assert!(!verify(stick(&[stayed]).path()).1);
}

#[test]
fn names_and_texts_steer_no_terminal() {
    let (_, bytes) = session(1, None, NoticeCode::Other);
    let root = stick(&[("20261123-\u{1b}[2J\u{202e}.jsonl".into(), bytes)]);
    let (printed, _) = verify(root.path());
    assert!(
        !printed.contains('\u{1b}') && !printed.contains('\u{202e}') && !printed.contains('\u{7}'),
        "{printed:?}"
    );
}

#[test]
fn what_an_unsigned_line_says_of_its_format_steers_no_terminal() {
    let at = r#"{"wall":"2026-11-23T01:45:00","monotonic_ms":"1"}"#;
    let zeros = "0".repeat(64);
    let begin = format!(r#"{{"seq":0,"prev":"{zeros}","type":"open","at":{at},"format":"\u001b[2J\u202e""#);
    let line = format!("{begin},\"sig\":\"{}\"}}\n", "0".repeat(128));
    let (printed, good) = verify(stick(&[("a.jsonl".into(), line.into_bytes())]).path());
    assert!(!good && printed.contains("does not know the log format"), "{printed}");
    assert!(!printed.contains('\u{1b}') && !printed.contains('\u{202e}'), "{printed:?}");
}

#[test]
fn what_is_no_stick_is_one_sentence_of_what_and_one_of_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let mut boots = vec![0; 4096];
    boots[510..512].copy_from_slice(&[0x55, 0xaa]);
    let (_folder, no_fat) = image(&boots);
    for (path, says) in [
        (empty.path(), "There are no massho logs"),
        (Path::new("/nonexistent/stick"), "There is no /nonexistent/stick"),
        (no_fat.as_path(), "There is neither a FAT nor an exFAT filesystem"),
    ] {
        let (printed, good) = verify(path);
        assert!(!good && printed.contains(says), "{printed}");
        assert_eq!(printed.lines().count(), 2, "{printed}");
    }
}

/// A stick with three sessions, each in two files, as a folder.
fn twins() -> TempDir {
    let root = stick(&three());
    let copies = root.path().join(LOG_FOLDER).join("COPY");
    fs::create_dir(&copies).unwrap();
    for (name, bytes) in three() {
        fs::write(copies.join(name.replace(".jsonl", ".copy")), bytes).unwrap();
    }
    root
}

/// Either whole file of a log is enough, and what is wrong with the other one is said.
#[test]
fn a_log_in_two_files_is_one_log_and_either_is_enough() {
    let (printed, good) = verify(twins().path());
    assert!(good && printed.contains("All 3 verified.") && !printed.contains(" ! "), "{printed}");
    let name = three()[1].0.clone();
    let copy = format!("COPY/{}", name.replace(".jsonl", ".copy"));
    for (bad, twin) in [(&name, &copy), (&copy, &name)] {
        let root = twins();
        let folder = root.path().join(LOG_FOLDER);
        // A byte altered.
        let mut bytes = fs::read(folder.join(bad)).unwrap();
        bytes[700] ^= 1;
        fs::write(folder.join(bad), &bytes).unwrap();
        let (printed, good) = verify(root.path());
        let says = format!("MASSHO-LOG/{bad} is damaged; its twin MASSHO-LOG/{twin} proves more");
        assert!(good && printed.contains(&says), "{printed}");
        // The end cut off: writing was interrupted there.
        fs::write(folder.join(bad), &bytes[..690]).unwrap();
        let (printed, good) = verify(root.path());
        assert!(good && !printed.contains(" ! "), "{printed}");
        // Both damaged: then nothing is enough.
        bytes[800] ^= 1;
        fs::write(folder.join(bad), &bytes).unwrap();
        fs::write(folder.join(twin), &bytes).unwrap();
        let (printed, good) = verify(root.path());
        assert!(!good && printed.contains("does not verify"), "{printed}");
    }
}

#[test]
fn a_log_of_which_only_the_copy_is_there_is_judged_by_it() {
    let root = twins();
    fs::remove_file(root.path().join(LOG_FOLDER).join(&three()[0].0)).unwrap();
    let (printed, good) = verify(root.path());
    assert!(good && printed.contains("is not there; its copy MASSHO-LOG/COPY/"), "{printed}");
    // A folder of copies by itself is a stick's logs, too.
    let (printed, good) = verify(&root.path().join(LOG_FOLDER).join("COPY"));
    assert!(good && printed.contains("All 3 verified."), "{printed}");
}

#[test]
fn two_logs_under_one_name_are_not_right_though_each_verifies() {
    let root = twins();
    let other = session(2, Some(&three()[0]), NoticeCode::Slept);
    let copy = root.path().join(LOG_FOLDER).join("COPY").join(other.0.replace(".jsonl", ".copy"));
    fs::write(copy, other.1).unwrap();
    let (printed, good) = verify(root.path());
    assert!(!good && printed.contains("they are two logs under one name"), "{printed}");
}

#[test]
fn copies_on_an_image_are_found() {
    let mut disk = Cursor::new(fat(16, FatType::Fat16, &three()[1..]));
    {
        let filesystem = FileSystem::new(&mut disk, FsOptions::new()).unwrap();
        let copies = filesystem.root_dir().create_dir("MASSHO-LOG/COPY").unwrap();
        for (name, bytes) in &three()[..2] {
            copies.create_file(&name.replace(".jsonl", ".copy")).unwrap().write_all(bytes).unwrap();
        }
    }
    let (_folder, path) = image(&disk.into_inner());
    let (printed, good) = verify(&path);
    assert!(
        good && printed.contains("All 3 verified.") && printed.contains("is not there; its copy"),
        "{printed}"
    );
}

/// Sticks over 32 GB come with exFAT.
#[test]
fn the_logs_of_an_exfat_stick_are_read_from_its_image() {
    let copies = |logs: &[Log]| -> Vec<Log> {
        logs.iter().map(|(name, bytes)| (name.replace(".jsonl", ".copy"), bytes.clone())).collect()
    };
    let folders = [(LOG_FOLDER, three()[1..].to_vec()), ("COPY", copies(&three()[..2]))];
    let volume = exfat_volume::with_files(&folders);
    for bytes in [volume.clone(), with_mbr(&volume)] {
        let (_folder, path) = image(&bytes);
        let (printed, good) = verify(&path);
        assert!(
            good && printed.contains("All 3 verified.") && printed.contains("is not there; its copy"),
            "{printed}"
        );
    }
}
