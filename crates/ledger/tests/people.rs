//! What massho-log/3 added, in the ledger: media that people handled, drives out of other PCs, exceptions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desk;
#[path = "../../record/tests/common/mod.rs"]
mod logs;

use desk::Office;
use ledger::office::{Books, Status, reconcile};
use ledger::recompute::Disagreement;
use ledger::store::{DriveRow, Part, Store};
use logs::HDD;
use logs::hand::{NO_1, awaiting, disk, excepted, exception, hands_only, label, on_a_bench, saw};
use model::{
    ByHandNo, DriveResult, Handling, InformationClass, MediumKind, Method, NotCovered, Outcome, Verdict,
};
use record::{HandOutcome, Hex, Inventory, LOG_FOLDER, Label, PlannedAction, SessionKey, WallTime};
use std::fs;
use std::path::Path;

const DISK: &str = "WD-WX11A1234567";

/// A ledger that collected this one log.
fn collected(log: &[u8]) -> Office {
    let office = Office::new();
    let folder = office.path().join("stick").join(LOG_FOLDER);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("20261123-014500-61207465.jsonl"), log).unwrap();
    office.run(&["collect"], &[&office.path().join("stick")]);
    office
}

fn vector(name: &str) -> Vec<u8> {
    let path = format!("../record/tests/vectors-3/{name}.jsonl");
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn rows(office: &Office) -> Vec<DriveRow> {
    Store::open(&office.ledger()).unwrap().records().unwrap()
}

fn statuses(office: &Office, serial: &str, day: &str) -> Vec<Status> {
    let store = Store::open(&office.ledger()).unwrap();
    let books = Books::read(&store, day.parse().unwrap()).unwrap();
    let media = books.media();
    media.iter().filter(|medium| medium.record.serial == serial).map(|medium| medium.status).collect()
}

#[test]
fn a_drive_destroyed_on_the_spot_is_done_by_a_persons_word() {
    let office = collected(&vector("destroyed_on_the_spot"));
    let row = rows(&office).into_iter().find(|row| row.key.part == Part::Drive(HDD)).unwrap();
    assert_eq!((row.outcome, row.verdict, row.disagreement), (Some(Outcome::Done), None, None));
    assert_eq!((row.achieved, row.handling), (Some(Method::Destruct), Some(Handling::Destroyed)));
    assert_eq!(statuses(&office, DISK, "2026-12-01"), [Status::Done]);
    let kept = collected(&vector("set_aside"));
    assert_eq!(statuses(&kept, DISK, "2026-12-01"), [Status::AwaitingDestruction]);
    let (text, good) = office.run(&["verify"], &[&office.path().join("stick")]);
    assert!(good && text.contains("destroyed") && text.contains("完了 Done"), "{text}");
}

#[test]
fn media_that_no_pc_saw_are_media_of_their_own() {
    let office = collected(&vector("by_hand_degaussed"));
    let rows = rows(&office);
    let parts: Vec<Part> = rows.iter().map(|row| row.key.part).collect();
    assert_eq!(parts, [Part::ByHand(ByHandNo(2)), Part::ByHand(NO_1)]);
    let of = |no: u16| rows.iter().find(|row| row.key.part == Part::ByHand(ByHandNo(no))).unwrap();
    assert_eq!(
        (of(1).achieved, of(1).medium, of(1).serial_declared),
        (Some(Method::Purge), MediumKind::Hdd, true)
    );
    assert_eq!((of(2).achieved, of(2).medium), (None, MediumKind::Optical));
    assert_eq!(statuses(&office, "78A1T", "2026-12-01"), [Status::Done]);
    assert_eq!(statuses(&office, "", "2026-12-01"), [Status::AwaitingDestruction]);
}

#[test]
fn a_medium_without_an_asset_number_is_of_no_pc_called_none() {
    let done = HandOutcome { no: NO_1, outcome: Outcome::Done, verdict: Some(Verdict::MayBeReused) };
    for typed in ["NONE", "none"] {
        let nobodys = record::ByHand { asset_number: typed.into(), ..disk(NO_1, Handling::Degaussed) };
        let office = collected(&hands_only(InformationClass::Two, vec![nobodys], vec![done]));
        let store = Store::open(&office.ledger()).unwrap();
        let books = Books::read(&store, "2026-12-01".parse().unwrap()).unwrap();
        let media = books.media();
        let medium = media.iter().find(|medium| medium.record.serial == "78A1T").unwrap();
        assert_eq!((medium.asset_number(), medium.is_from_elsewhere()), ("", false), "{typed}");
    }
}

#[test]
fn the_list_finds_them_by_asset_number_and_not_by_the_workbench() {
    let reconciled = |log: &[u8], list: &str| {
        let office = collected(log);
        let store = Store::open(&office.ledger()).unwrap();
        let books = Books::read(&store, "2026-12-01".parse().unwrap()).unwrap();
        let lines = reconcile(&books, &lists::read(list.as_bytes(), &[]).unwrap());
        lines.into_iter().map(|line| (line.asset, line.serial, line.status)).collect::<Vec<_>>()
    };
    let head = "資産管理番号,端末製造番号,媒体製造番号\n";
    let done = HandOutcome { no: NO_1, outcome: Outcome::Done, verdict: Some(Verdict::MayBeReused) };
    let degaussed = hands_only(InformationClass::Two, vec![disk(NO_1, Handling::Degaussed)], vec![done]);
    let found = reconciled(&degaussed, &format!("{head}R8-00124,PF0ABCDX,78A1T\n"));
    assert_eq!(found, [("R8-00124".to_owned(), "78A1T".to_owned(), Status::Done)]);
    // The workbench's own number leads to nothing, although its session is there.
    let other = reconciled(&degaussed, &format!("{head}R8-00900,PF0ABCDE,\n"));
    assert!(other.contains(&("R8-00900".to_owned(), String::new(), Status::Missing)), "{other:?}");
    let bench = on_a_bench(vec![label(HDD), Label { asset_number: None, ..label(logs::NVME) }]);
    let found = reconciled(&bench, &format!("{head}R8-00777,PF0ABCDX,{DISK}\n"));
    assert!(found.contains(&("R8-00777".to_owned(), DISK.to_owned(), Status::Done)), "{found:?}");
    let unlisted = found.iter().filter(|(.., status)| *status == Status::Unknown);
    assert!(unlisted.clone().all(|(asset, ..)| asset.is_empty()) && unlisted.count() == 1, "{found:?}");
}

/// A session on another stick a month later, in which nothing could be done to the disk.
fn later() -> Vec<u8> {
    let mut open = logs::open(&SessionKey::from_seed(&logs::SEED));
    open.session = Hex(*b"b later session!");
    open.clock.wall = WallTime::try_from("2026-12-23T01:45:00".to_owned()).unwrap();
    open.stick.identity_fingerprint = "another stick".into();
    let mut plan = logs::plan();
    plan.drives[0].action = PlannedAction::Destruct { clear_first: None };
    plan.drives[1].action = PlannedAction::Leave { reason: NotCovered::ByChoice };
    let middle = vec![
        Inventory { drives: logs::drives(), unreachable: vec![] }.into(),
        logs::choices(InformationClass::Two).into(),
        plan.into(),
        logs::finding(HDD, DriveResult::awaiting_destruction()).into(),
        logs::finding(logs::NVME, DriveResult::not_covered(NotCovered::ByChoice)).into(),
        logs::finding(logs::STICK, logs::left()).into(),
    ];
    let finals = vec![
        logs::last(HDD, Outcome::AwaitingDestruction, Some(Verdict::MustNotLeave)),
        logs::last(logs::NVME, Outcome::NotCovered, None),
        logs::last(logs::STICK, Outcome::NotCovered, None),
    ];
    logs::lines_after(open, middle, finals).concat()
}

#[test]
fn an_exception_of_the_log_is_asked_for_by_its_section_and_countersigned() {
    let office = collected(&vector("awaiting_approval"));
    assert_eq!(statuses(&office, DISK, "2026-12-01"), [Status::AwaitingApproval]);
    assert_eq!(statuses(&office, DISK, "2027-04-01"), [Status::Overdue], "nobody approved it in time");
    let (listed, _) = office.run(&["exceptions"], &[]);
    assert!(
        listed.contains("2027-03-31") && listed.contains(DISK) && listed.contains("施錠した部屋"),
        "{listed}"
    );
    let (asked, good) = office.run(&["exceptions", "request", DISK, "--section", "総務課"], &[]);
    assert!(good, "{asked}");
    let row = Store::open(&office.ledger()).unwrap().exceptions().unwrap().remove(0).exception;
    assert_eq!((row.measure.as_str(), row.deadline.as_str()), ("施錠した部屋で保管", "2027-03-31"));
    let (again, good) = office.run(&["exceptions", "request", DISK, "--section", "総務課"], &[]);
    assert!(!good && again.contains("has an exception already"), "{again}");
    let (signed, good) = office.run(&["exceptions", "countersign", "1", "--approver", "鈴木 一郎"], &[]);
    assert!(good, "{signed}");
    assert_eq!(statuses(&office, DISK, "2026-12-01"), [Status::DoneWithException]);
    assert_eq!(statuses(&office, DISK, "2027-04-01"), [Status::Overdue]);
    // The disk was used again, and what was done to it then counts by itself.
    let folder = office.path().join("later").join(LOG_FOLDER);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("20261223-014500-62206c61.jsonl"), later()).unwrap();
    let (text, _) = office.run(&["collect"], &[&office.path().join("later")]);
    assert_eq!(statuses(&office, DISK, "2027-01-10"), [Status::AwaitingDestruction], "{text}");
}

#[test]
fn a_lesser_method_without_an_exception_or_a_witness_is_none() {
    let class = InformationClass::Two;
    let done = excepted(class, vec![], logs::hdd_result(), None, Outcome::Done);
    let office = collected(&done);
    let row = rows(&office).into_iter().find(|row| row.key.part == Part::Drive(HDD)).unwrap();
    assert_eq!(row.disagreement, Some(Disagreement::NotAllowed));
    assert_eq!(statuses(&office, DISK, "2026-12-01"), [Status::Contradictory]);
    // Class (1): nobody approves what nobody has seen.
    let one = InformationClass::One;
    let failure = || Some(model::FailureReason::AwaitingWitness);
    let waiting = Outcome::AwaitingApproval;
    let unseen = excepted(one, vec![exception(HDD)], awaiting(failure()), None, waiting);
    assert_eq!(statuses(&collected(&unseen), DISK, "2026-12-01"), [Status::Incomplete]);
    let seen = Some(saw("佐藤 花子", vec![HDD], vec![]));
    let seen = excepted(one, vec![exception(HDD)], awaiting(failure()), seen, waiting);
    assert_eq!(statuses(&collected(&seen), DISK, "2026-12-01"), [Status::AwaitingApproval]);
}

#[test]
fn certificates_say_whose_word_it_is_and_name_no_workbench_as_the_mediums_pc() {
    for (log, record, told) in [
        ("by_hand_degaussed", "-H1", "Attested: 山田 太郎"),
        ("destroyed_on_the_spot", "-1", "Was destroyed (by the word of the person below)"),
        ("drives_on_a_bench", "-1", "Workbench PC"),
        ("awaiting_approval", "-1", "施錠した部屋で保管"),
    ] {
        let office = collected(&vector(log));
        let out = office.path().join("out");
        let arguments = ["certify", "--all", "--format", "html,csv", "--out", out.to_str().unwrap()];
        let (printed, _) = office.run(&arguments, &[]);
        let csv =
            fs::read_to_string(out.join("massho-list.csv")).unwrap_or_else(|_| panic!("{log}: {printed}"));
        let pages: String = fs::read_dir(&out)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "html"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        assert!(pages.contains(told), "{log}: {told} is not there");
        assert!(csv.contains(&format!("{record}\"")), "{log}: {csv}");
        assert!(!pages.contains("第三者証明"), "{log}");
    }
}
