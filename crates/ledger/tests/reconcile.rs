//! The asset list against the ledger: exactly what is wrong is named, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desk;
mod town;

use desk::Office;
use encoding_rs::SHIFT_JIS;
use ledger::office::{Books, Line, Status, reconcile};
use ledger::store::Store;
use model::InformationClass;
use std::fs;
use std::path::PathBuf;
use town::{DONE, Disk, End, Fate, Pc, Run, Stick};

fn pc(number: u32) -> Pc {
    let disks = vec![Disk::hdd(format!("WX11A{number:07}"))];
    Pc { asset: format!("R8-{number:05}"), serial: format!("PF0{number:05}"), disks }
}

/// What the office reads off the table for Excel, line by line: asset number, serial number, status.
fn lines(office: &Office, list: &[u8]) -> Vec<Line> {
    let store = Store::open(&office.ledger()).unwrap();
    let books = Books::read(&store, "2026-12-01".parse().unwrap()).unwrap();
    reconcile(&books, &lists::read(list, &[]).unwrap())
}

fn problems(lines: &[Line]) -> Vec<(&str, &str, Status)> {
    let problem = lines.iter().filter(|line| line.status.is_problem());
    let mut all: Vec<_> =
        problem.map(|line| (line.asset.as_str(), line.serial.as_str(), line.status)).collect();
    all.sort();
    all
}

struct Town {
    office: Office,
    list: Vec<u8>,
}

/// 300 PCs, one stick for each hundred, and a list in Shift_JIS with a title. Ten things are wrong; many others only look
/// like it.
fn town() -> Town {
    let office = Office::new();
    let mut sticks = [Stick::new("4C530001"), Stick::new("4C530002"), Stick::new("4C530003")];
    let mut rows = Vec::new();
    for number in 1..=300u32 {
        let mut pc = pc(number);
        let mut run = DONE;
        let mut listed: Vec<String> = pc.disks.iter().map(|disk| disk.serial.clone()).collect();
        let mut class = "3";
        match number {
            20 => listed.push("WX99A0000020".into()),
            30 => pc.disks.push(Disk::ssd("99NS10FAT5ZK")),
            40 => pc.serial = "PF999999".into(),
            50 => run.fate = Fate::Failed,
            60 => run.end = End::Cut,
            70 => run = Run { class: InformationClass::Two, fate: Fate::NotAllowed, ..run },
            80 => class = "（1）",
            // What follows is in order, whatever Excel and people did to it.
            110 => listed = vec![listed[0].to_lowercase()],
            111 => listed = vec!["ＷＸ１１Ａ　０００　０１１１".into()],
            112 => pc.disks[0].serial = "0000112112".into(),
            113 => pc.disks[0].serial = "1234567890123113".into(),
            114 => pc.asset = "r8-00114".into(),
            115 => pc.disks.push(Disk::ssd("99NS10FAT5ZL")),
            116 => run = Run { class: InformationClass::One, fate: Fate::Cleared, ..run },
            117 => run = Run { class: InformationClass::Two, fate: Fate::Untouched, ..run },
            118 => pc.serial = "To be filled by O.E.M.".into(),
            _ => {}
        }
        match number {
            112 => listed = vec!["112112".into()],
            113 => listed = vec!["1.23457E+15".into()],
            115 => listed.push("99NS10FAT5ZL".into()),
            116 => class = "1",
            117 => class = "2",
            _ => {}
        }
        if number != 10 {
            sticks[usize::try_from((number - 1) / 100).unwrap()].run(&pc, run);
        }
        let asset = format!("R8-{number:05}");
        for serial in listed {
            rows.push(format!("{asset},PF0{number:05},{serial},{class},髙齢福祉課\r\n"));
        }
    }
    // 40 is another PC than the list says; 90 stands twice; 301 is in no list.
    rows.push(rows[rows.iter().position(|row| row.starts_with("R8-00090")).unwrap()].clone());
    sticks[2].run(&pc(301), DONE);
    let folders: Vec<PathBuf> = sticks.iter().map(|stick| stick.write(office.path())).collect();
    let folders: Vec<_> = folders.iter().map(PathBuf::as_path).collect();
    office.run(&["collect"], &folders);
    let head = "令和8年度　廃棄端末一覧（情報政策課）,,,,\r\n,,,,\r\n資産管理番号,PCシリアル番号,HDD/SSDシリアル番号,分類,所属課\r\n";
    let text = format!("{head}{}", rows.concat());
    Town { office, list: SHIFT_JIS.encode(&text).0.into_owned() }
}

#[test]
fn three_hundred_pcs_and_exactly_the_ten_planted_problems() {
    let Town { office, list } = town();
    let lines = lines(&office, &list);
    let expected = [
        ("R8-00010", "WX11A0000010", Status::Missing),
        ("R8-00020", "WX99A0000020", Status::Missing),
        ("R8-00030", "99NS10FAT5ZK", Status::Unknown),
        ("R8-00040", "WX11A0000040", Status::Contradictory),
        ("R8-00050", "WX11A0000050", Status::Failed),
        ("R8-00060", "WX11A0000060", Status::Unclosed),
        ("R8-00070", "WX11A0000070", Status::Contradictory),
        ("R8-00080", "WX11A0000080", Status::Contradictory),
        ("R8-00090", "WX11A0000090", Status::Duplicate),
        ("R8-00301", "WX11A0000301", Status::Unknown),
    ];
    assert_eq!(problems(&lines), expected);
    // The program says the same, and every medium has its line.
    let path = office.path().join("assets.csv");
    fs::write(&path, &list).unwrap();
    let (printed, good) = office.run(&["reconcile"], &[&path]);
    assert!(!good && printed.contains("\n10 to look into."), "{printed}");
    for (asset, serial, _) in expected {
        assert!(printed.contains(asset) && printed.contains(serial), "{asset} {serial}: {printed}");
    }
    assert!(!printed.contains("R8-00113"), "{printed}");
}

/// An office that collected one stick with these sessions.
fn collected(sessions: &[(Pc, Run)]) -> Office {
    let office = Office::new();
    let mut stick = Stick::new("4C530001");
    for (pc, run) in sessions {
        stick.run(pc, *run);
    }
    office.run(&["collect"], &[&stick.write(office.path())]);
    office
}

#[test]
fn what_had_to_be_tolerated_is_said() {
    let Town { office, list } = town();
    let path = office.path().join("assets.csv");
    fs::write(&path, &list).unwrap();
    let (printed, _) = office.run(&["reconcile", "--all"], &[&path]);
    for says in [
        "Excel made 1.23457E+15 of the serial number in the list, taken for 1234567890123113",
        "serial number WX11A0000110 stands in the list as wx11a0000110",
        "serial number 0000112112 stands in the list as 112112",
        "no characters of the paper record",
    ] {
        assert!(printed.contains(says), "{says}: {printed}");
    }
}

#[test]
fn a_drive_that_failed_and_was_done_afterwards_is_done() {
    let failed = Run { fate: Fate::Failed, ..DONE };
    let left = Run { fate: Fate::Left, ..DONE };
    let list = "資産管理番号\nR8-00001\n".as_bytes();
    for (runs, status) in [
        ([failed, DONE].as_slice(), Status::Done),
        (&[DONE, failed], Status::Failed),
        (&[DONE, left], Status::Done),
        (&[left], Status::NotCovered),
        (&[DONE, Run { end: End::Cut, ..DONE }], Status::Unclosed),
    ] {
        let sessions: Vec<(Pc, Run)> = runs.iter().map(|run| (pc(1), *run)).collect();
        let lines = lines(&collected(&sessions), list);
        assert_eq!(lines.iter().map(|line| line.status).collect::<Vec<_>>(), [status], "{runs:?}");
    }
}

#[test]
fn what_was_done_after_the_stick_had_been_emptied_counts_though_its_number_is_smaller() {
    let failed = Run { fate: Fate::Failed, ..DONE };
    let office = collected(&[(pc(2), DONE), (pc(3), DONE), (pc(1), failed)]);
    let list = "資産管理番号\nR8-00001\n".as_bytes();
    assert_eq!(lines(&office, list)[0].status, Status::Failed);
    let mut emptied = Stick { life: 2, ..Stick::new("4C530001") };
    emptied.run(&pc(1), DONE);
    emptied.serial = "emptied".into();
    office.run(&["collect"], &[&emptied.write(office.path())]);
    assert_eq!(lines(&office, list)[0].status, Status::Done);
}

#[test]
fn the_pc_is_known_by_its_own_serial_number_before_the_asset_number_that_somebody_typed() {
    let mistyped = Pc { asset: "R8-00002".into(), ..pc(1) };
    let office = collected(&[(mistyped, DONE), (pc(2), DONE)]);
    let list = "資産管理番号,製造番号\nR8-00001,PF000001\nR8-00002,PF000002\n";
    let lines = lines(&office, list.as_bytes());
    assert_eq!(problems(&lines), []);
    assert_eq!((lines[0].serial.as_str(), lines[1].serial.as_str()), ("WX11A0000001", "WX11A0000002"));
}

#[test]
fn two_pcs_under_one_asset_number_and_a_pc_of_another_serial_number_are_named() {
    let second = Pc { asset: "R8-00001".into(), ..pc(2) };
    let office = collected(&[(pc(1), DONE), (second, DONE)]);
    let by_asset = lines(&office, "資産管理番号\nR8-00001\n".as_bytes());
    assert!(
        by_asset.iter().all(|line| line.status == Status::Duplicate) && by_asset.len() == 2,
        "{by_asset:?}"
    );
    let other = lines(&office, "資産管理番号,製造番号\nR8-00001,PF099999\n".as_bytes());
    assert!(other.iter().all(|line| line.status == Status::Contradictory), "{other:?}");
}

#[test]
fn a_medium_that_was_seen_in_another_pc_is_contradictory() {
    let office = collected(&[(pc(1), DONE), (pc(2), DONE)]);
    let list = "資産管理番号,HDDシリアル番号\nR8-00001,WX11A0000002\nR8-00002,WX11A0000001\n";
    let lines = lines(&office, list.as_bytes());
    assert_eq!(lines.iter().map(|line| line.status).collect::<Vec<_>>(), [Status::Contradictory; 2]);
}

#[test]
fn a_medium_that_two_pcs_had_is_named_in_both() {
    let second = Pc { disks: pc(1).disks, ..pc(2) };
    let office = collected(&[(pc(1), DONE), (second, DONE)]);
    for list in [
        "資産管理番号,製造番号\nR8-00001,PF000001\nR8-00002,PF000002\n",
        "資産管理番号,HDDシリアル番号\nR8-00001,WX11A0000001\nR8-00002,WX11A0000001\n",
    ] {
        let lines = lines(&office, list.as_bytes());
        assert_eq!(lines[0].status, Status::Duplicate, "{lines:?}");
        assert!(lines[1].status.is_problem(), "{lines:?}");
    }
}

#[test]
fn a_list_of_media_alone_is_enough_and_of_several_that_excel_made_alike_none_is_taken() {
    let with = |serial: &str, number| Pc { disks: vec![Disk::hdd(serial)], ..pc(number) };
    let office = collected(&[(with("1234000000000001", 1), DONE), (with("1234000000000002", 2), DONE)]);
    let one = lines(&office, "S/N\n1234000000000002\n'1234000000000001\n".as_bytes());
    assert_eq!(problems(&one), []);
    let alike = lines(&office, "S/N\n1.234E+15\n1234000000000001\n".as_bytes());
    let expected = [("", "1.234E+15", Status::Missing), ("R8-00002", "1234000000000002", Status::Unknown)];
    assert_eq!(problems(&alike), expected);
    // With the PC's name beside it, it is that PC's.
    let named = lines(&office, "管理番号,S/N\nR8-00002,1.234E+15\nR8-00001,1.234E+15\n".as_bytes());
    assert_eq!(problems(&named), []);
}

#[test]
fn text_from_outside_is_text_in_the_table_and_on_the_terminal() {
    let evil = "=cmd|' /C calc'!A0<script>\u{202e}\u{1b}[2J";
    let office = collected(&[(Pc { asset: evil.into(), ..pc(1) }, DONE)]);
    let list = office.path().join("list.csv");
    let row = format!("\"{evil}\",＋1,@SUM(A1),\u{1b}]0;x\u{7}課\n");
    fs::write(&list, format!("\u{feff}資産管理番号,製造番号,HDDシリアル番号,所属\n{row}")).unwrap();
    let table = office.path().join("table.csv");
    let (printed, _) = office.run(&["reconcile", "--all", "--csv", table.to_str().unwrap()], &[&list]);
    let table = fs::read_to_string(&table).unwrap();
    for text in [&printed, &table] {
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\u{7}']), "{text:?}");
    }
    let cells =
        || table.trim_start_matches('\u{feff}').split(['\n', ',']).map(|cell| cell.trim_start_matches('"'));
    assert!(cells().any(|cell| cell.starts_with("'=cmd")), "{table}");
    assert!(!cells().any(|cell| cell.starts_with(['=', '+', '-', '@', '＋'])), "{table}");
    assert!(table.contains("Status of the PC"), "{table}");
    let (again, good) = office.run(&["reconcile", "--csv", list.to_str().unwrap()], &[&list]);
    assert!(!good && again.contains("is there already"), "{again}");
}

#[test]
fn what_is_no_list_is_one_sentence_of_what_and_one_of_what_to_do() {
    let office = collected(&[(pc(1), DONE)]);
    let list = office.path().join("list.csv");
    for (bytes, columns, says) in [
        (b"PK\x03\x04\0\0".as_slice(), "asset=x", "neither UTF-8 nor Shift_JIS"),
        ("甲,乙\n1,2\n".as_bytes(), "asset=丙", "No heading"),
        ("機種,所属\nA,B\n".as_bytes(), "model=機種", "No heading"),
        ("資産番号\nA\n".as_bytes(), "serial=S番", "has no heading S番"),
        ("資産番号\nA\n".as_bytes(), "colour=赤", "--column colour=赤 cannot be read"),
    ] {
        fs::write(&list, bytes).unwrap();
        let (printed, good) = office.run(&["reconcile", "--column", columns], &[&list]);
        assert!(!good && printed.contains(says) && printed.lines().count() == 2, "{printed}");
    }
    let (printed, _) = office.run(&["reconcile", "/nonexistent/list.csv"], &[]);
    assert!(printed.contains("There is no /nonexistent/list.csv"), "{printed}");
}

#[test]
fn a_missing_session_is_named_beside_the_media() {
    let office = Office::new();
    let mut stick = Stick::new("4C530001");
    for number in 1..=3 {
        stick.run(&pc(number), DONE);
    }
    stick.logs.remove(1);
    office.run(&["collect"], &[&stick.write(office.path())]);
    let list = office.path().join("list.csv");
    fs::write(&list, "資産番号\nR8-00001\nR8-00003\n").unwrap();
    let (printed, good) = office.run(&["reconcile"], &[&list]);
    assert!(!good && printed.contains("Session 2 of stick 4C530001 is missing"), "{printed}");
    assert!(printed.contains("Nothing to look into."), "{printed}");
}
