//! Certificates from the ledger: what the office knows beside the log, and what it never says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desk;
mod town;

use desk::Office;
use model::InformationClass;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use town::hall::{ALL_YEAR, Hall, looser_table};
use town::{DONE, Disk, End, Fate, Pc, Run, Stick};

const CLEARED: Run = Run { class: InformationClass::One, fate: Fate::Cleared, end: End::Closed };
const UNTOUCHED: Run = Run { class: InformationClass::Two, fate: Fate::Untouched, end: End::Closed };
const LOOSER: Run = Run { class: InformationClass::Two, fate: Fate::NotAllowed, end: End::Closed };

fn pc(number: u32) -> Pc {
    let disks = vec![Disk::hdd(format!("WX11A{number:07}"))];
    Pc { asset: format!("R8-{number:05}"), serial: format!("PF0{number:05}"), disks }
}

/// An office that collected one stick with a session of each of these, PC by PC.
fn office(stick: Stick, runs: &[Run]) -> (Office, Stick) {
    let (office, mut stick) = (Office::new(), stick);
    for (number, run) in (1..).zip(runs) {
        stick.run(&pc(number), *run);
    }
    office.run(&["collect"], &[&stick.write(office.path())]);
    (office, stick)
}

fn blank(runs: &[Run]) -> (Office, Stick) {
    office(Stick::new("4C530001"), runs)
}

/// What was certified of one medium, as page, as line of the table and as the PDF's text.
struct Certified {
    good: bool,
    printed: String,
    page: String,
    table: String,
    pdf: String,
    list: String,
}

impl Certified {
    /// All three say this.
    #[track_caller]
    fn says(&self, what: &str) {
        for (kind, text) in [("page", &self.page), ("table", &self.table), ("PDF", &self.pdf)] {
            // A PDF's text is broken into lines wherever a cell ends.
            let text: String = text.split_whitespace().collect();
            let what: String = what.split_whitespace().collect();
            assert!(text.contains(&what), "{what} is not in the {kind}: {text}");
        }
    }

    /// The page and the PDF say this, which has no column in the table.
    #[track_caller]
    fn notes(&self, what: &str) {
        let what: String = what.split_whitespace().collect();
        for text in [&self.page, &self.pdf] {
            let text: String = text.split_whitespace().collect();
            assert!(text.contains(&what), "{what} is not in {text}");
        }
    }

    /// None of them says this.
    #[track_caller]
    fn never_says(&self, what: &str) {
        for text in [&self.page, &self.table, &self.pdf] {
            let text: String = text.split_whitespace().collect();
            assert!(!text.contains(what), "{what} is in {text}");
        }
    }
}

fn certify_on(office: &Office, arguments: &[&str], day: &str, language: &str) -> Certified {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("out");
    let all =
        [&["--today", day, "--lang", language, "certify", "--out", folder.to_str().unwrap()], arguments]
            .concat();
    // The day of the office itself is the first one given: it is left out here.
    let mut command = Command::new(env!("CARGO_BIN_EXE_massho-ledger"));
    command.env_clear().env("USER", "tanaka").arg("--ledger").arg(office.ledger()).args(all);
    let output = command.output().unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let files = || fs::read_dir(&folder).into_iter().flatten().map(|file| file.unwrap().path());
    let found = |suffix: &str, list: bool| -> Option<PathBuf> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        files().find(|path| name(path).ends_with(suffix) && name(path).starts_with("massho-list") == list)
    };
    let text = |path: Option<PathBuf>| path.map(|path| fs::read_to_string(path).unwrap()).unwrap_or_default();
    let pdf = found(".pdf", false).map(|path| {
        let text = Command::new("pdftotext").arg("-raw").arg(path).arg("-").output().unwrap();
        String::from_utf8(text.stdout).unwrap()
    });
    Certified {
        good: output.status.success(),
        printed,
        page: text(found(".html", false)),
        table: text(found(".csv", true)),
        pdf: pdf.unwrap_or_default(),
        list: text(found(".html", true)),
    }
}

fn certify(office: &Office, arguments: &[&str]) -> Certified {
    certify_on(office, arguments, "2026-12-01", "ja")
}

fn file(office: &Office, name: &str) -> (String, String) {
    let path = office.path().join(name);
    fs::write(&path, name.as_bytes()).unwrap();
    let sha256: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    (path.to_str().unwrap().to_owned(), sha256)
}

#[test]
fn a_medium_that_is_done_has_its_certificate_with_what_was_computed_anew() {
    let (office, stick) = blank(&[DONE, DONE]);
    let one = certify(&office, &["--serial", "wx11a0000001"]);
    assert!(one.good, "{}", one.printed);
    for says in ["抹消証明書", "完了", "再利用・返却できます", "消去（Clear）（記録と一致）", "未登録"]
    {
        if says == "抹消証明書" { one.notes(says) } else { one.says(says) }
    }
    one.says("（控えと比べていない）");
    one.never_says("規則表に照らした計算し直しはしていません");
    one.never_says("除去");
    one.never_says("WX11A0000002");
    office.run(&["witness", "R8-00001", &stick.logs[0].head.to_string()], &[]);
    let witnessed = certify(&office, &["--pc", "r8-00001"]);
    witnessed.says(&format!("{}（控えと一致）", stick.logs[0].head));
    assert!(!witnessed.page.contains("照合文字を作業記録と比べていません"), "{}", witnessed.page);
    let english = certify_on(&office, &["--pc", "PF000001"], "2026-12-01", "en");
    english.says("消去 Clear (agrees with the record)");
    english.notes("Certificate of media sanitization");
    let all = certify(&office, &["--all"]);
    assert!(all.good && all.printed.contains("証明書 2 件"), "{}", all.printed);
    assert!(all.table.contains("WX11A0000001") && all.table.contains("WX11A0000002"), "{}", all.table);
}

#[test]
fn an_exception_is_drawn_as_it_stands_and_an_open_one_is_not_approved() {
    let (office, _) = blank(&[CLEARED]);
    let why = [
        "--section",
        "総務課",
        "--reason",
        "除去の手段がない",
        "--measure",
        "鍵付き保管庫",
        "--deadline",
        "2027-03-31",
    ];
    office.run(&[["exceptions", "request", "WX11A0000001"].as_slice(), &why].concat(), &[]);
    let open = certify(&office, &["--pc", "R8-00001"]);
    for says in
        ["承認待ち", "総務課", "除去の手段がない", "鍵付き保管庫", "tanaka（2026-12-01）", "2027-03-31"]
    {
        open.says(says);
    }
    open.notes("承認されていません");
    open.notes("抹消の完了を証明する書面ではありません。");
    // As `handover` refuses it.
    open.says("例外措置が決まるまで庁舎内に留めてください");
    for never in ["例外付き完了", "抹消証明書", "承認された例外措置", "佐藤一郎", "引き渡せます"]
    {
        open.never_says(never);
    }
    office.run(&["exceptions", "countersign", "1", "--approver", "佐藤 一郎"], &[]);
    let approved = certify(&office, &["--pc", "R8-00001"]);
    approved.says("例外付き完了");
    approved.says("佐藤 一郎（2026-12-01）");
    approved.notes("抹消証明書");
    approved.notes("承認された例外措置（期限 2027-03-31）");
    approved.never_says("承認待ち");
    // It held until a day, and after that the log alone counts.
    let lapsed = certify_on(&office, &["--pc", "R8-00001"], "2027-04-01", "ja");
    lapsed.says("破壊待ち");
    lapsed.says("2027-03-31（期限超過）");
    lapsed.notes("もう有効ではありません");
    for never in ["例外付き完了", "抹消証明書", "引き渡せます"] {
        lapsed.never_says(never);
    }
    let english = certify_on(&office, &["--pc", "R8-00001"], "2026-12-01", "en");
    english.says("例外付き完了 Done with exception");
    english.notes("7.4, until 2027-03-31");
    office.run(&["exceptions", "end", "1", "--how", "破壊する"], &[]);
    certify(&office, &["--pc", "R8-00001"]).never_says("総務課");
}

#[test]
fn an_exception_that_a_later_erase_made_needless_decides_nothing() {
    let (office, mut stick) = blank(&[CLEARED]);
    let why = ["--section", "総務課", "--reason", "故障", "--measure", "保管", "--deadline", "2026-12-31"];
    office.run(&[["exceptions", "request", "WX11A0000001"].as_slice(), &why].concat(), &[]);
    stick.run(&pc(1), DONE);
    office.run(&["collect"], &[&stick.write(office.path())]);
    let done = certify_on(&office, &["--pc", "R8-00001"], "2027-01-01", "ja");
    done.notes("抹消証明書");
    done.never_says("承認待ち");
    done.never_says("総務課");
}

#[test]
fn a_medium_is_destroyed_only_when_everything_that_was_agreed_is_there() {
    let (office, _) = blank(&[CLEARED]);
    let hand = ["handover", "--all", "--to", "千葉破砕", "--deadline", "2026-12-31"];
    office.run(&hand, &[]);
    let certificate = |day: &str| certify_on(&office, &["--serial", "WX11A0000001"], day, "ja");
    let handed = certificate("2026-12-01");
    for says in ["引渡済", "千葉破砕", "2026-12-01", "2026-12-31", "完了証明書, 破壊前の写真, 破壊後の写真"]
    {
        handed.says(says);
    }
    handed.says("引渡済です（完了証明書を待っています）");
    handed.notes("破壊は確認されていません");
    for never in ["破壊確認済", "破壊されました", "破壊日", "抹消証明書"] {
        handed.never_says(never);
    }
    let overdue = certificate("2027-01-01");
    overdue.says("2026-12-31（期限超過）");
    overdue.notes("管理者に報告してください");
    overdue.never_says("破壊確認済");
    // The contractor's certificate alone is not what was agreed: photos are still to come.
    let (path, sha256) = file(&office, "certificate.pdf");
    office.run(&["attach", &path, "--kind", "certificate", "--serial", "WX11A0000001"], &[]);
    let partly = certificate("2026-12-01");
    partly.says(&format!("certificate.pdf、SHA-256 {sha256}"));
    partly.says("破壊前の写真, 破壊後の写真");
    partly.never_says("破壊確認済");
    let (before, before_hash) = file(&office, "before.jpg");
    let (after, after_hash) = file(&office, "after.jpg");
    office.run(&["attach", &before, "--kind", "photo-before", "--serial", "WX11A0000001"], &[]);
    office.run(&["attach", &after, "--kind", "photo-after", "--serial", "WX11A0000001"], &[]);
    let destroyed = certificate("2027-01-01");
    for says in ["破壊確認済", &sha256, &before_hash, &after_hash, "before.jpg", "after.jpg"] {
        destroyed.says(says);
    }
    destroyed.says("破壊されました（下記の完了証明書による）");
    destroyed.notes("massho は破壊を見ていません");
    for never in ["期限超過", "未提出:", "破壊は確認されていません"] {
        destroyed.never_says(never);
    }
}

#[test]
fn every_state_is_drawn_in_english_too() {
    let (office, stick) = blank(&[CLEARED, CLEARED, DONE]);
    let english = |pc: &str| certify_on(&office, &["--pc", pc], "2026-12-01", "en");
    let why = ["--section", "General Affairs", "--reason", "no purge", "--measure", "locked room"];
    let request = ["exceptions", "request", "WX11A0000001", "--deadline", "2027-03-31"];
    office.run(&[request.as_slice(), &why].concat(), &[]);
    let open = english("R8-00001");
    for says in ["承認待ち Awaiting approval", "General Affairs", "no purge", "locked room"] {
        open.says(says);
    }
    open.notes("is not approved (承認待ち)");
    open.says("keep it in the building until the exception is decided");
    open.never_says("approvedexception");
    office
        .run(&["handover", "WX11A0000002", "--to", "Chiba", "--deadline", "2026-12-31", "--no-photos"], &[]);
    let handed = english("R8-00002");
    handed.says("引渡済 Handed over");
    handed.says("given to be destroyed; its certificate is awaited");
    handed.notes("it is not confirmed");
    handed.never_says("Destructionconfirmed");
    let (path, sha256) = file(&office, "certificate.pdf");
    office.run(&["attach", &path, "--kind", "certificate", "--serial", "WX11A0000002"], &[]);
    let destroyed = english("R8-00002");
    destroyed.says("破壊確認済 Destruction confirmed");
    destroyed.says(&format!("certificate.pdf, SHA-256 {sha256}"));
    destroyed.says("destroyed, by the certificate below");
    office.run(&["witness", "R8-00003", &stick.logs[2].head.to_string()], &[]);
    english("R8-00003").says("(agrees with the note)");
    office.run(&["witness", "R8-00003", &stick.logs[0].head.to_string()], &[]);
    let none = english("R8-00003");
    assert!(
        none.page.is_empty() && none.printed.contains("WX11A0000003 has no certificate"),
        "{}",
        none.printed
    );
}

#[test]
fn what_is_destroyed_in_the_building_is_never_called_handed_over_to_a_contractor() {
    let (office, _) = blank(&[UNTOUCHED]);
    let hand = ["handover", "WX11A0000001", "--in-building", "--no-photos", "--deadline", "2026-12-20"];
    office.run(&hand, &[]);
    let waits = certify(&office, &["--pc", "R8-00001"]);
    waits.says("破壊待ち");
    waits.says("庁舎内で破壊");
    waits.says("庁舎から持ち出せません（庁舎内で破壊）");
    waits.never_says("引渡済です");
    let (record, sha256) = file(&office, "work-record.pdf");
    office.run(&["attach", &record, "--kind", "certificate", "--serial", "WX11A0000001"], &[]);
    let destroyed = certify(&office, &["--pc", "R8-00001"]);
    destroyed.says("破壊確認済");
    destroyed.says(&sha256);
}

#[test]
fn a_contradictory_record_has_no_certificate_and_it_is_said_why() {
    let (office, stick) = blank(&[DONE, LOOSER, DONE]);
    // The paper of the third PC has the first one's characters.
    office.run(&["witness", "R8-00003", &stick.logs[0].head.to_string()], &[]);
    for (asset, why) in [("R8-00002", "規則表で認められていません"), ("R8-00003", "と合わない")]
    {
        let none = certify(&office, &["--pc", asset]);
        assert!(!none.good && none.printed.contains("の証明書はありません"), "{}", none.printed);
        assert!(none.printed.contains(why), "{}", none.printed);
        assert!(none.page.is_empty() && none.pdf.is_empty() && none.table.is_empty(), "{}", none.page);
    }
    let all = certify(&office, &["--all"]);
    assert!(!all.good && all.table.contains("WX11A0000001"), "{}", all.printed);
    assert!(!all.table.contains("WX11A0000002") && !all.table.contains("WX11A0000003"), "{}", all.table);
    assert!(all.list.contains("WX11A0000002 の証明書はありません"), "{}", all.list);
    // Destroyed or not: what the log claims of it is not certified.
    let hand = ["handover", "WX11A0000002", "--in-building", "--no-photos", "--deadline", "2026-12-20"];
    office.run(&hand, &[]);
    let (record, _) = file(&office, "work-record.pdf");
    office.run(&["attach", &record, "--kind", "certificate", "--serial", "WX11A0000002"], &[]);
    let none = certify(&office, &["--pc", "R8-00002"]);
    assert!(none.page.is_empty() && none.printed.contains("破壊確認済"), "{}", none.printed);
}

#[test]
fn a_log_that_does_not_verify_or_was_not_closed_is_certified_as_what_it_is() {
    let office = Office::new();
    let mut stick = Stick::new("4C530001");
    stick.run(&pc(1), DONE);
    stick.run(&pc(2), Run { end: End::Cut, ..DONE });
    let place = stick.logs[0].bytes.windows(5).rposition(|window| window == b"WX11A").unwrap();
    stick.logs[0].bytes[place] = b'Z';
    office.run(&["collect"], &[&stick.write(office.path())]);
    let refused = certify(&office, &["--pc", "R8-00001"]);
    assert!(!refused.good && refused.page.is_empty(), "{}", refused.printed);
    let cut = certify(&office, &["--pc", "R8-00002"]);
    cut.notes("未完結");
    cut.never_says("抹消証明書");
}

#[test]
fn who_vouches_is_said_and_a_looser_table_and_a_stick_lost_later_too() {
    let hall = Hall::new("架空市", 0x21);
    let (office, stick) = office(hall.prepare("4C530001", ALL_YEAR, Some(looser_table())), &[LOOSER]);
    let unknown = certify(&office, &["--pc", "R8-00001"]);
    assert!(
        unknown.page.is_empty() && unknown.printed.contains("団体の署名がありません"),
        "{}",
        unknown.printed
    );
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    let own = certify(&office, &["--pc", "R8-00001"]);
    assert!(own.good, "{}", own.printed);
    own.says("架空市 が認めたスティック 34433533303030315151515151515151 が保証");
    own.says("架空市");
    assert!(own.page.contains("団体・部署</dt><dd><div>架空市</div>"), "{}", own.page);
    own.says("架空市の規則表 1（団体の鍵で署名された独自の表）");
    own.notes("組み込みの規則表より緩いことがあります");
    own.never_says("失効");
    office.run(&["documents", "add"], &[&hall.revoke(office.path(), &stick, "9999-01-01")]);
    let later = certify(&office, &["--pc", "R8-00001"]);
    assert!(later.good, "{}", later.printed);
    later.says("9999-01-01 に失効。記録は");
    later.notes("スティックは 9999-01-01 に失効しています。この記録は");
    later.notes("抹消証明書");
}

#[test]
fn what_nobody_vouches_for_is_no_certificate_of_completion() {
    let hall = Hall::new("架空市", 0x21);
    let (office, stick) = office(hall.prepare("4C530001", ALL_YEAR, None), &[DONE]);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    office.run(&["documents", "add"], &[&hall.revoke(office.path(), &stick, "2000-01-01")]);
    let lost = certify(&office, &["--pc", "R8-00001"]);
    assert!(!lost.good, "{}", lost.printed);
    lost.says("鍵の保証に疑いがあるため判断できません");
    lost.never_says("抹消証明書");
    lost.never_says("再利用・返却できます");
}

#[test]
fn a_dead_clock_leaves_the_certificate_to_the_paper_record() {
    let hall = Hall::new("架空市", 0x21);
    let (office, stick) = office(hall.prepare("4C530001", ("2026-12-01", "2027-03-31"), None), &[DONE]);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    certify(&office, &["--pc", "R8-00001"]).never_says("抹消証明書");
    office.run(&["witness", "R8-00001", &stick.logs[0].head.to_string()], &[]);
    let told = certify(&office, &["--pc", "R8-00001"]);
    assert!(told.good, "{}", told.printed);
    told.notes("抹消証明書");
    told.notes("パソコンの日付は誤っています");
    told.says("再利用・返却できます");
}

#[test]
fn a_medium_in_two_pcs_is_certified_with_both_named() {
    let (office, mut stick) = blank(&[DONE]);
    stick.run(&Pc { disks: pc(1).disks, ..pc(2) }, DONE);
    office.run(&["collect"], &[&stick.write(office.path())]);
    certify(&office, &["--serial", "WX11A0000001"]).notes("複数の資産管理番号で記録されています");
}

#[test]
fn what_cannot_be_certified_is_told_before_anything_is_written() {
    let (office, _) = blank(&[DONE]);
    for (arguments, says) in [
        (["--pc", "R8-00009"].as_slice(), "R8-00009 の媒体は集められていません。"),
        (&["--serial", "WX"], "シリアル番号 WX の記録がありません。"),
        (&["--pc", ""], "の媒体は集められていません。"),
    ] {
        let none = certify(&office, arguments);
        assert!(!none.good && none.printed.contains(says), "{}", none.printed);
        assert_eq!(none.printed.lines().count(), 2, "{}", none.printed);
    }
    let empty = Office::new();
    assert!(certify(&empty, &["--all"]).printed.contains("がありません"));
}

#[test]
fn an_auditor_gets_the_certificates_the_documents_and_who_vouched_when() {
    let hall = Hall::new("架空市", 0x21);
    let (office, _) = office(hall.prepare("4C530001", ALL_YEAR, Some(looser_table())), &[LOOSER]);
    office.run(&["documents", "add"], &[&hall.document(office.path())]);
    let folder = office.path().join("audit");
    let (printed, good) = office.run(&["export", folder.to_str().unwrap()], &[]);
    assert!(good, "{printed}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(read("certificates/massho-list.html").contains("WX11A0000001"));
    assert!(read("certificates/massho-list.csv").contains("WX11A0000001"));
    assert_eq!(read("documents/massho-policy.toml"), looser_table());
    assert!(read("documents/massho-organisation.json").contains("架空市"));
    let vouched = read("said/vouching.csv");
    assert!(vouched.contains("unchecked") && vouched.contains("certified"), "{vouched}");
    let pages = fs::read_dir(folder.join("certificates")).unwrap().count();
    assert_eq!(pages, 3, "a page, the list, the table");
    let mut sums = Command::new("sha256sum");
    let sums = sums.args(["--check", "--quiet", "MANIFEST.sha256"]).current_dir(&folder).output().unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
}
