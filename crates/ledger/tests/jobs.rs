//! Job lists by the program itself: from the office's table to a stick that carries one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::program;
use record::{
    JOBS_FILE, JobList, JobPurpose, OFFICE_FOLDER, Organisation, STICK_FILE, Signed, StickCertificate,
    hash_file,
};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const HEADINGS: &str =
    "資産管理番号,PC製造番号,UUID,ドライブ型番,ドライブ製造番号,区分,目的,所属,実施場所\r\n";
const ROWS: &str = "R8-1,5CG1234ABC,4C4C4544-0042-3510-8052-B4C04F4D3332,WDC WD5000BPKX,WD-WX11A23B4567,2,抹消,市民課,\r\n\
    R8-2,,7d1c8a52-0f7e-4a31-9a60-3c2f10a4b7e9,Samsung SSD 860,S3YJNX0K512345F,（１）,引渡前の消去,,倉庫\r\n\
    R8-1,5CG1234ABC,4C4C4544-0042-3510-8052-B4C04F4D3332,KXG60ZNV512G,Y9KS11A2TY5Z,2,抹消,市民課,\r\n";
const SIGN: &str = "jobs sign @list.csv --operator 山田太郎 --from 2026-12-01 --until 2027-03-31 --passphrase-file @root.txt --out @jobs.json";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        for (name, text) in [("root.txt", "root key's passphrase"), ("stick.txt", "stick passphrase")] {
            fs::write(desk.path(name), text).unwrap();
        }
        fs::create_dir(desk.path("stick")).unwrap();
        desk.good("key new --name 架空市 --fiscal-year 2026 --passphrase-file @root.txt");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, command: &str) -> (bool, String) {
        let path = |word: &str| word.strip_prefix('@').map(|name| self.path(name).display().to_string());
        let arguments: Vec<String> =
            command.split_whitespace().map(|word| path(word).unwrap_or(word.to_owned())).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = program(&arguments, self.folder.path());
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    fn good(&self, command: &str) -> String {
        let (good, printed) = self.run(command);
        assert!(good, "{command}: {printed}");
        printed
    }

    fn list(&self, text: &str) {
        fs::write(self.path("list.csv"), text).unwrap();
    }

    fn organisation(&self) -> Signed<Organisation> {
        Signed::<Organisation>::read(&fs::read(self.path("massho-organisation.json")).unwrap()).unwrap()
    }
}

#[test]
fn a_table_becomes_a_signed_list_and_a_stick_carries_it() {
    let desk = Desk::new();
    desk.list(&[HEADINGS, ROWS].concat());
    let printed = desk.good(SIGN);
    assert!(printed.contains("2 PCs, 3 drives") && printed.contains("R8-2"), "{printed}");
    let file = fs::read(desk.path(JOBS_FILE)).unwrap();
    let list = desk.organisation().signed::<JobList>(&file).unwrap();
    assert_eq!(list.check(), Ok(()));
    let first = &list.pcs[0];
    assert_eq!(first.serial.as_ref().unwrap().as_str(), "5CG1234ABC");
    assert_eq!(
        first.uuid.as_ref().unwrap().as_str(),
        "4c4c4544-0042-3510-8052-b4c04f4d3332",
        "in lower case"
    );
    assert_eq!((first.drives.len(), first.class.number()), (2, 2));
    let second = &list.pcs[1];
    assert_eq!(
        (second.serial.is_none(), second.class.number(), second.purpose),
        (true, 1, JobPurpose::Handover)
    );
    assert_eq!(second.place.as_deref(), Some("倉庫"));
    let printed = desk.good(
        "stick prepare @stick --jobs @jobs.json --passphrase-file @root.txt --stick-passphrase-file @stick.txt",
    );
    assert!(printed.contains(JOBS_FILE), "{printed}");
    let folder = desk.path("stick").join(OFFICE_FOLDER);
    assert_eq!(fs::read(folder.join(JOBS_FILE)).unwrap(), file);
    let certificate = fs::read(folder.join(STICK_FILE)).unwrap();
    let certificate = desk.organisation().signed::<StickCertificate>(&certificate).unwrap();
    assert_eq!(certificate.hash_of(JOBS_FILE), Some(hash_file(&file)));
}

#[test]
fn every_row_that_cannot_be_meant_is_named_by_its_line() {
    let desk = Desk::new();
    let row = |cells: &str| format!("{HEADINGS}{ROWS}{cells}\r\n");
    for (cells, says) in [
        (",X1234567,,M,S12345678,2,抹消,,", "Line 5: there is no asset number"),
        ("R8-3,X1234567,,M,S12345678,4,抹消,,", "Line 5: the class \"4\""),
        ("R8-3,X1234567,,M,S12345678,2,売却,,", "Line 5: the purpose"),
        ("R8-3,,,M,S12345678,2,抹消,,", "Line 5: there is neither"),
        ("R8-3,To Be Filled By O.E.M.,,M,S12345678,2,抹消,,", "Line 5: the PC's serial number"),
        ("R8-3,00000000,,M,S12345678,2,抹消,,", "Line 5: the PC's serial number"),
        ("R8-3,,00000000-0000-0000-0000-000000000000,M,S12345678,2,抹消,,", "Line 5: \"00000000-0000"),
        ("R8-3,,not a uuid,M,S12345678,2,抹消,,", "is no UUID"),
        (
            "R8-3,5CG1234ABC,,M,S12345678,2,抹消,,",
            "Line 5: the serial number, UUID or asset number is that of the PC in line 2",
        ),
        ("R8-3,X1234567,,,S12345678,2,抹消,,", "Line 5: there is no model"),
        ("R8-3,X1234567,,M,,2,抹消,,", "Line 5: the drive's serial number"),
        ("R8-3,X1234567,,M,1.23457E+15,2,抹消,,", "what Excel made of a long number"),
        ("R8-3,X1234567,,M,Ｓ12345678,2,抹消,,", "full-width"),
        (
            "R8-3,X1234567,,M,Y9KS11A2TY5Z,2,抹消,,",
            "Line 5: the drive's serial number \"Y9KS11A2TY5Z\" stands",
        ),
        (
            "R8-1,5CG1234ABC,4C4C4544-0042-3510-8052-B4C04F4D3332,M,S12345678,3,抹消,市民課,",
            "Line 5: \"区分\" of R8-1",
        ),
    ] {
        desk.list(&row(cells));
        let (good, printed) = desk.run(SIGN);
        assert!(!good && printed.contains(says), "{cells}\n{printed}");
        assert!(!desk.path(JOBS_FILE).exists(), "{cells}");
    }
    let (good, printed) = {
        desk.list(&row(",,,,,,,,備考"));
        desk.run(&format!("--lang ja {SIGN}"))
    };
    assert!(
        !good && printed.contains("5 行目") && printed.lines().count() > 6,
        "everything at once: {printed}"
    );
}

#[test]
fn a_table_without_a_column_and_days_outside_the_keys_are_refused() {
    let desk = Desk::new();
    desk.list(&[HEADINGS, ROWS].concat().replace("区分", "備考"));
    let (good, printed) = desk.run(&format!("--lang ja {SIGN}"));
    assert!(!good && printed.contains("「区分」の列がありません"), "{printed}");
    desk.list(HEADINGS);
    assert!(desk.run(SIGN).1.contains("has no rows"));
    desk.list(&[HEADINGS, ROWS].concat());
    let (good, printed) = desk.run(&SIGN.replace("2027-03-31", "2027-05-01"));
    assert!(!good && printed.contains("not those of the organisation's key"), "{printed}");
    let (good, printed) = desk.run(&SIGN.replace("2027-03-31", "2026-11-30"));
    assert!(!good && printed.contains("There is no day"), "{printed}");
    let (good, printed) = desk.run(&format!("{SIGN} --witness 山田太郎"));
    assert!(!good && printed.contains("The witness is the operator"), "{printed}");
}

#[test]
fn a_stick_takes_no_list_that_its_office_did_not_sign() {
    let (desk, other) = (Desk::new(), Desk::new());
    other.list(&[HEADINGS, ROWS].concat());
    other.good(SIGN);
    let prepare = "stick prepare @stick --jobs @jobs.json --passphrase-file @root.txt --stick-passphrase-file @stick.txt";
    let whole = fs::read(other.path(JOBS_FILE)).unwrap();
    for bytes in [whole.clone(), b"{}\n".to_vec(), [&whole[..], b"\n"].concat()] {
        fs::write(desk.path(JOBS_FILE), bytes).unwrap();
        let (good, printed) = desk.run(prepare);
        assert!(!good && printed.contains("jobs.json"), "{printed}");
        assert!(!desk.path("stick").join(OFFICE_FOLDER).exists());
    }
}
