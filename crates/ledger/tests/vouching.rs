//! Who vouches for what was collected: by the office's own documents, entered once, and again when it says more.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desk;
#[path = "../../exfat/tests/common/mod.rs"]
mod exfat_volume;
mod town;

use desk::Office;
use exfat_volume::{CLUSTER, File, ROOT, place_of};
use fatfs::{FileSystem, FormatVolumeOptions, FsOptions, format_volume};
use ledger::office::{Books, Remark, Status};
use ledger::recompute::Disagreement;
use ledger::store::{SessionRow, Store, Vouching};
use model::{InformationClass, Method};
use record::{LOG_FOLDER, OFFICE_FOLDER, POLICY_FILE};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use town::hall::{ALL_YEAR, Hall, looser_table};
use town::{DONE, Disk, End, Fate, Pc, Run, Stick};

/// An overwrite in class (2): only a looser table lets it count.
const LOOSER: Run = Run { class: InformationClass::Two, fate: Fate::NotAllowed, end: End::Closed };

fn pc(number: u32) -> Pc {
    let disks = vec![Disk::hdd(format!("WX11A{number:07}"))];
    Pc { asset: format!("R8-{number:05}"), serial: format!("PF0{number:05}"), disks }
}

fn hall() -> Hall {
    Hall::new("架空市", 0x21)
}

fn stick(hall: &Hall, valid: (&str, &str), run: Run) -> Stick {
    let mut stick = hall.prepare("4C530001", valid, None);
    stick.run(&pc(1), run);
    stick
}

fn session(office: &Office) -> SessionRow {
    Store::open(&office.ledger()).unwrap().sessions().unwrap().remove(0)
}

/// How the first PC's drive stands, and what else is said of it.
fn standing(office: &Office) -> (Status, Vec<Remark>) {
    let store = Store::open(&office.ledger()).unwrap();
    let books = Books::read(&store, "2026-12-01".parse().unwrap()).unwrap();
    let media = books.media();
    let medium = media.iter().find(|medium| medium.record.serial == "WX11A0000001").unwrap();
    (medium.status, medium.remarks.clone())
}

/// What the office computed of it.
fn computed(office: &Office) -> (Option<Method>, Option<Disagreement>) {
    let record = Store::open(&office.ledger()).unwrap().records().unwrap().remove(0);
    (record.achieved, record.disagreement)
}

fn says(office: &Office, arguments: &[&str], path: &Path, what: &str) {
    let (printed, good) = office.run(arguments, &[path]);
    assert!(good && printed.contains(what), "{arguments:?}: {printed}");
}

fn refuses(office: &Office, arguments: &[&str], path: &Path, what: &str) {
    let (printed, good) = office.run(arguments, &[path]);
    assert!(!good && printed.contains(what), "{arguments:?}: {printed}");
}

#[test]
fn the_organisation_s_document_is_entered_once_and_judges_what_was_there_before() {
    let (office, hall) = (Office::new(), hall());
    let folder = stick(&hall, ALL_YEAR, DONE).write(office.path());
    says(&office, &["collect"], &folder, "1 sessions are by prepared sticks, and the ledger has nothing");
    let before = session(&office);
    assert_eq!((before.voucher.vouching, before.vouched_before), (Vouching::Unchecked, None));
    assert_eq!(before.voucher.organisation.as_deref(), Some("架空市"), "by the stick's own account");
    let document = hall.document(office.path());
    says(&office, &["documents", "add"], &document, "the document of 架空市, fiscal year 2026");
    let after = session(&office);
    assert_eq!(after.voucher.vouching, Vouching::Certified);
    assert_eq!(after.vouched_before.unwrap().vouching, Vouching::Unchecked);
    assert!(after.voucher.stick.unwrap().starts_with("34433533"), "the stick's name");
    assert_eq!(standing(&office).0, Status::Done);
    assert!(!standing(&office).1.iter().any(|remark| matches!(remark, Remark::KeyUnregistered)));
    says(&office, &["documents", "add"], &document, "Known already");
    let (printed, good) = office.run(&["documents"], &[]);
    assert!(good && printed.contains("架空市 2026") && printed.contains("2026-04-01"), "{printed}");
}

#[test]
fn collect_takes_the_documents_and_needs_them_no_second_time() {
    let (office, hall) = (Office::new(), hall());
    let document = hall.document(office.path());
    let mut stick = stick(&hall, ALL_YEAR, DONE);
    let folder = stick.write(office.path());
    let with = ["collect", "--organisation", document.to_str().unwrap()];
    says(&office, &with, &folder, "1 verified");
    assert_eq!(
        (session(&office).voucher.vouching, session(&office).vouched_before),
        (Vouching::Certified, None)
    );
    stick.run(&pc(2), DONE);
    says(&office, &["collect"], &stick.write(office.path()), "1 verified, 1 known already");
    let sessions = Store::open(&office.ledger()).unwrap().sessions().unwrap();
    assert!(sessions.iter().all(|session| session.voucher.vouching == Vouching::Certified));
}

#[test]
fn a_stick_that_was_lost_after_its_logs_had_been_collected_says_so_and_takes_nothing_back() {
    let (office, hall) = (Office::new(), hall());
    let stick = stick(&hall, ALL_YEAR, DONE);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    office.run(&["collect"], &[&stick.write(office.path())]);
    let list = hall.revoke(office.path(), &stick, "9999-01-01");
    says(&office, &["documents", "add"], &list, "revoked sticks: 1");
    let session = session(&office);
    assert_eq!(session.voucher.vouching, Vouching::RevokedLater);
    assert_eq!(session.voucher.day.as_deref(), Some("9999-01-01"));
    assert_eq!(session.vouched_before.unwrap().vouching, Vouching::Certified, "at collection");
    let (status, remarks) = standing(&office);
    assert_eq!(status, Status::Done);
    assert!(
        remarks.iter().any(|it| matches!(it, Remark::Vouched(by) if by.vouching == Vouching::RevokedLater))
    );
}

#[test]
fn nobody_vouches_for_what_a_lost_stick_brings_afterwards() {
    let (office, hall) = (Office::new(), hall());
    let cleared = Run { class: InformationClass::One, fate: Fate::Cleared, end: End::Closed };
    let stick = stick(&hall, ALL_YEAR, cleared);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    let folder = stick.write(office.path());
    says(&office, &["collect"], &folder, "1 verified");
    let list = hall.revoke(office.path(), &stick, "2000-01-01");
    refuses(&office, &["documents", "add"], &list, "its stick is revoked since 2000-01-01");
    assert_eq!(session(&office).voucher.vouching, Vouching::Revoked);
    assert_eq!(standing(&office).0, Status::Doubtful);
    assert!(
        standing(&office)
            .1
            .iter()
            .any(|it| matches!(it, Remark::VouchedBefore(by) if by.vouching == Vouching::Certified))
    );
    refuses(&office, &["collect"], &folder, "is in doubt");
    // What is in doubt leaves the building for nobody, and paper does not help: it is the stick that is not trusted.
    let hand = ["handover", "WX11A0000001", "--to", "千葉破砕", "--deadline", "2026-12-31"];
    let (printed, good) = office.run(&hand, &[]);
    assert!(!good && printed.contains("must not leave the building"), "{printed}");
    office.run(&["witness", "R8-00001", &stick.logs[0].head.to_string()], &[]);
    assert_eq!(standing(&office).0, Status::Doubtful);
}

#[test]
fn a_dead_clock_is_settled_by_the_paper_record() {
    let (office, hall) = (Office::new(), hall());
    let stick = stick(&hall, ("2026-12-01", "2027-03-31"), DONE);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    let folder = stick.write(office.path());
    refuses(&office, &["collect"], &folder, "by the PC's date before the stick's first day (2026-12-01)");
    assert_eq!(standing(&office).0, Status::Doubtful);
    office.run(&["witness", "R8-00001", &stick.logs[0].head.to_string()], &[]);
    let (status, remarks) = standing(&office);
    assert!(status == Status::Done && remarks.contains(&Remark::DateTold), "{remarks:?}");
}

#[test]
fn another_organisation_s_stick_and_list_are_called_so() {
    let (office, own, other) = (Office::new(), hall(), Hall::new("別の町", 0x31));
    office.run(&["documents", "add"], &[&own.document(office.path())]);
    let stick = stick(&other, ALL_YEAR, DONE);
    let folder = stick.write(office.path());
    refuses(&office, &["collect"], &folder, "on a stick of another organisation: 別の町");
    assert_eq!(standing(&office).0, Status::Doubtful);
    let list = other.revoke(office.path(), &stick, "2026-12-01");
    refuses(&office, &["documents", "add"], &list, "is a list of 別の町, whose document the ledger has not");
    assert_eq!(session(&office).voucher.vouching, Vouching::Foreign);
}

#[test]
fn what_is_no_document_is_named_and_not_kept() {
    let (office, hall) = (Office::new(), hall());
    let path = office.path().join("file");
    let document = fs::read(hall.document(office.path())).unwrap();
    let altered = String::from_utf8(document).unwrap().replace("架空市", "架空町");
    let fewer = looser_table().replace("passes = 2", "passes = 1");
    for bytes in ["a letter to the mayor", altered.as_str(), "{}\n", "", &fewer] {
        fs::write(&path, bytes).unwrap();
        refuses(&office, &["documents", "add"], &path, "is no document of an organisation");
    }
    assert!(Store::open(&office.ledger()).unwrap().documents().unwrap().is_empty());
}

#[test]
fn a_looser_table_that_the_organisation_signed_is_taken_off_the_stick_and_counts() {
    let kinds: [fn(&Stick, &Path) -> PathBuf; 3] = [|stick, under| stick.write(under), as_fat, as_exfat];
    for kind in kinds {
        let (office, hall) = (Office::new(), hall());
        let mut stick = hall.prepare("4C530001", ALL_YEAR, Some(looser_table()));
        stick.run(&pc(1), LOOSER);
        let path = kind(&stick, office.path());
        let document = hall.document(office.path());
        let with = ["collect", "--organisation", document.to_str().unwrap()];
        says(&office, &with, &path, "Kept: the rule table 架空市の規則表 1");
        assert_eq!(computed(&office), (Some(Method::Clear), None), "{}", path.display());
        assert_eq!(standing(&office).0, Status::Done);
        let (printed, _) = office.run(&["documents"], &[]);
        assert!(printed.contains("signed, cited by 1 sessions"), "{printed}");
        let before = fs::read(office.ledger()).unwrap();
        says(&office, &with, &path, "1 known already");
        assert!(fs::read(office.ledger()).unwrap() == before, "doing it twice changes nothing");
    }
}

#[test]
fn a_table_that_no_known_organisation_signed_does_not_count() {
    let (office, own, other) = (Office::new(), hall(), Hall::new("別の町", 0x31));
    let mut stick = other.prepare("4C530001", ALL_YEAR, Some(looser_table()));
    stick.run(&pc(1), LOOSER);
    let folder = stick.write(office.path());
    office.run(&["collect"], &[&folder]);
    assert_eq!(computed(&office), (None, Some(Disagreement::TableNotSigned)), "no organisation is known");
    office.run(&["documents", "add"], &[&own.document(office.path())]);
    assert_eq!(computed(&office), (None, Some(Disagreement::TableNotSigned)), "another one signed it");
    assert_eq!(standing(&office).0, Status::Contradictory);
    let (printed, _) = office.run(&["documents"], &[]);
    assert!(printed.contains("signed by nobody whom the ledger knows"), "{printed}");
    office.run(&["documents", "add"], &[&other.document(office.path())]);
    assert_eq!(computed(&office), (Some(Method::Clear), None), "it becomes known");
}

#[test]
fn a_signed_table_that_the_stick_has_lost_is_entered_from_the_office_s_own_file() {
    let (office, hall) = (Office::new(), hall());
    let mut stick = hall.prepare("4C530001", ALL_YEAR, Some(looser_table()));
    stick.run(&pc(1), LOOSER);
    let folder = stick.write(office.path());
    fs::remove_dir_all(folder.join(OFFICE_FOLDER)).unwrap();
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    refuses(&office, &["collect"], &folder, "its signed rule table is not in the ledger");
    assert_eq!(computed(&office), (None, Some(Disagreement::TableNotThere)));
    let path = office.path().join("other.toml");
    fs::write(&path, looser_table().replace("架空市の規則表 1", "架空市の規則表 2")).unwrap();
    says(&office, &["documents", "add"], &path, "cited by 0 sessions");
    assert_eq!(computed(&office).1, Some(Disagreement::TableNotThere), "another table");
    fs::write(&path, looser_table()).unwrap();
    says(&office, &["documents", "add"], &path, "cited by 1 sessions");
    assert_eq!(computed(&office), (Some(Method::Clear), None));
}

#[test]
fn a_looser_table_that_its_stick_does_not_list_makes_nothing_count() {
    let (office, hall) = (Office::new(), hall());
    // The session cites a table as signed, and the certificate lists another one.
    let mut stick = hall.prepare("4C530001", ALL_YEAR, Some("version = \"x\"\n".into()));
    stick.prepared.as_mut().unwrap().table = Some(looser_table());
    stick.run(&pc(1), LOOSER);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    let folder = stick.write(office.path());
    refuses(&office, &["collect"], &folder, "its rule table is not one that the organisation signed");
    assert_eq!(computed(&office), (None, Some(Disagreement::TableNotSigned)));
}

#[test]
fn an_organisation_whose_key_is_in_other_hands_vouches_for_nothing_from_then_on() {
    for (since, vouching) in [("9999-01-01", Vouching::Certified), ("2000-01-01", Vouching::Foreign)] {
        let (office, hall) = (Office::new(), hall());
        office.run(&["documents", "add"], &[&hall.document(office.path())]);
        let mut stick = hall.prepare("4C530001", ALL_YEAR, Some(looser_table()));
        stick.run(&pc(1), LOOSER);
        office.run(&["collect"], &[&stick.write(office.path())]);
        assert_eq!(computed(&office), (Some(Method::Clear), None));
        let key = hall.fingerprint();
        let withdraw = ["documents", "withdraw", &key, "--since", since, "--why", "盗難"];
        let (printed, good) = office.run(&withdraw, &[]);
        assert!(printed.contains("Withdrawn: 1 documents"), "{printed}");
        assert_eq!((good, session(&office).voucher.vouching), (vouching == Vouching::Certified, vouching));
        let counts = vouching == Vouching::Certified;
        assert_eq!(computed(&office).0.is_some(), counts, "its table too: {since}");
        assert_eq!(standing(&office).0, if counts { Status::Done } else { Status::Contradictory });
        let (printed, _) = office.run(&["documents"], &[]);
        assert!(printed.contains(&format!("withdrawn since {since}")), "{printed}");
        let (printed, good) = office.run(&withdraw, &[]);
        assert!(!good && printed.contains("No document in the ledger that counts has the key"), "{printed}");
    }
}

/// The stick as a FAT image.
fn as_fat(stick: &Stick, under: &Path) -> PathBuf {
    let mut disk = Cursor::new(vec![0; 16 << 20]);
    format_volume(&mut disk, FormatVolumeOptions::new()).unwrap();
    {
        let filesystem = FileSystem::new(&mut disk, FsOptions::new()).unwrap();
        let root = filesystem.root_dir();
        let logs = root.create_dir(LOG_FOLDER).unwrap();
        for log in &stick.logs {
            logs.create_file(&log.name).unwrap().write_all(&log.bytes).unwrap();
        }
        let office = root.create_dir(OFFICE_FOLDER).unwrap();
        office.create_file(POLICY_FILE).unwrap().write_all(table(stick)).unwrap();
    }
    let path = under.join("fat.img");
    fs::write(&path, disk.into_inner()).unwrap();
    path
}

fn table(stick: &Stick) -> &[u8] {
    stick.prepared.as_ref().unwrap().table.as_ref().unwrap().as_bytes()
}

/// The stick as an exFAT image: the second folder beside the first, in clusters that the logs do not reach.
fn as_exfat(stick: &Stick, under: &Path) -> PathBuf {
    const FOLDER: usize = 300;
    let logs = stick.logs.iter().map(|log| (log.name.clone(), log.bytes.clone())).collect();
    let mut volume = exfat_volume::with_files(&[(LOG_FOLDER, logs)]);
    let entry = |name, attributes, first: usize, len: usize| File {
        name,
        attributes,
        flags: 3,
        first: u32::try_from(first).unwrap(),
        len: len as u64,
        valid: len as u64,
    };
    // Three entries of the fixture, and the three of the log folder's set.
    let free = place_of(ROOT) + 6 * 32;
    entry(OFFICE_FOLDER, 0x10, FOLDER, CLUSTER).put(&mut volume, free);
    let bytes = table(stick);
    entry(POLICY_FILE, 0x20, FOLDER + 1, bytes.len()).put(&mut volume, place_of(FOLDER));
    let place = place_of(FOLDER + 1);
    volume[place..place + bytes.len()].copy_from_slice(bytes);
    let path = under.join("exfat.img");
    fs::write(&path, volume).unwrap();
    path
}

#[test]
fn a_log_that_anybody_can_have_signed_or_nobody_may_rely_on_does_not_undo_what_is_vouched_for() {
    let failed = Run { class: InformationClass::Two, fate: Fate::Failed, end: End::Closed };
    let hall = hall();
    let office = Office::new();
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    office.run(&["collect"], &[&stick(&hall, ALL_YEAR, failed).write(office.path())]);
    // Later by its own clock, and done by its own word.
    let mut forged = Stick { life: 1, ..Stick::new("FORGED") };
    forged.run(&pc(1), DONE);
    office.run(&["collect"], &[&forged.write(office.path())]);
    assert_eq!(standing(&office).0, Status::Failed);
    let sessions = Store::open(&office.ledger()).unwrap().sessions().unwrap();
    let unknown = sessions.iter().find(|session| session.voucher.vouching == Vouching::Unregistered).unwrap();
    office.run(&["confirm-key", &unknown.fingerprint.to_string()], &[]);
    assert_eq!(standing(&office).0, Status::Done, "somebody at the office has compared the fingerprint");

    // A stick that somebody found writes of a drive that was done.
    let office = Office::new();
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    office.run(&["collect"], &[&stick(&hall, ALL_YEAR, DONE).write(office.path())]);
    let mut found = Stick { life: 1, ..hall.prepare("4C530002", ALL_YEAR, None) };
    found.run(&pc(1), failed);
    office.run(&["documents", "add"], &[&hall.revoke(office.path(), &found, "2000-01-01")]);
    office.run(&["collect"], &[&found.write(office.path())]);
    assert_eq!(standing(&office).0, Status::Done);
}
