//! Keys and sticks by the program itself, from the first key to a log that the organisation vouches for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{program, session};
use record::{
    LOG_FOLDER, NoticeCode, OFFICE_FOLDER, Organisation, RELEASE_FILE, Release, Revocations, STICK_FILE,
    STICK_KEY_FILE, SealedKey, Signed, StickCertificate, hash_file,
};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ROOT: &str = "root key's passphrase";
const STICK: &str = "stick passphrase";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("root.txt", ROOT), ("stick.txt", STICK), ("short.txt", "seven77"), ("wrong.txt", "another one")]
        {
            fs::write(folder.path().join(name), format!("{text}\r\n")).unwrap();
        }
        fs::create_dir(folder.path().join("stick")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command in the folder; every `@name` is the file of that name there.
    fn run(&self, command: &str) -> (bool, String) {
        let arguments: Vec<String> = command
            .split_whitespace()
            .map(|word| {
                word.strip_prefix('@').map_or(word.to_owned(), |name| self.path(name).display().to_string())
            })
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = program(&arguments, self.folder.path());
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    fn good(&self, command: &str) -> String {
        let (good, printed) = self.run(command);
        assert!(good, "{command}: {printed}");
        printed
    }

    /// A command that must do nothing, in two sentences of which one says this.
    fn refuses(&self, command: &str, says: &str) {
        let (good, printed) = self.run(command);
        assert!(!good && printed.contains(says), "{command}: {printed}");
        assert_eq!(printed.lines().count(), 2, "{printed}");
    }

    fn with_key() -> (Self, String) {
        let desk = Self::new();
        let printed = desk.good("key new --name 架空市 --fiscal-year 2026 --passphrase-file @root.txt");
        (desk, printed)
    }

    fn organisation(&self) -> Signed<Organisation> {
        Signed::<Organisation>::read(&fs::read(self.path("massho-organisation.json")).unwrap()).unwrap()
    }
}

/// The four lines of a printed backup.
fn backup(printed: &str) -> String {
    let lines = printed.lines().map(str::trim).filter(|line| line.get(1..2) == Some(":"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_key_is_made_sealed_shown_on_paper_once_and_restored_from_it() {
    let (desk, printed) = Desk::with_key();
    let (document, sealed) = (desk.organisation(), fs::read(desk.path("massho-root.key")).unwrap());
    assert!(printed.contains(&document.public_key.fingerprint().to_string()), "{printed}");
    assert_eq!((document.name.as_str(), document.fiscal_year), ("架空市", 2026));
    assert_eq!(SealedKey::read(&sealed).unwrap().open_root(ROOT).unwrap().public(), document.public_key);
    desk.refuses("key new --name 架空市 --passphrase-file @root.txt", "is there already");
    desk.refuses("key restore --backup @root.txt --passphrase-file @root.txt", "is there already");
    fs::remove_file(desk.path("massho-root.key")).unwrap();
    fs::write(desk.path("paper.txt"), backup(&printed).to_lowercase().replace('-', " ")).unwrap();
    desk.good("key restore --backup @paper.txt --passphrase-file @root.txt");
    let again = SealedKey::read(&fs::read(desk.path("massho-root.key")).unwrap()).unwrap();
    assert_eq!(again.open_root(ROOT).unwrap().public(), document.public_key);
}

#[test]
fn a_mistyped_or_foreign_backup_is_named() {
    let (desk, printed) = Desk::with_key();
    fs::remove_file(desk.path("massho-root.key")).unwrap();
    let mut lines: Vec<String> = backup(&printed).lines().map(str::to_owned).collect();
    lines.swap(1, 2);
    fs::write(desk.path("paper.txt"), lines.join("\n")).unwrap();
    desk.refuses("key restore --backup @paper.txt --passphrase-file @root.txt", "of the backup is mistyped");
    fs::write(desk.path("paper.txt"), lines[..3].join("\n")).unwrap();
    desk.refuses("key restore --backup @paper.txt --passphrase-file @root.txt", "has four lines");
    let (_other, printed) = Desk::with_key();
    fs::write(desk.path("paper.txt"), backup(&printed)).unwrap();
    desk.refuses("key restore --backup @paper.txt --passphrase-file @root.txt", "another key");
    assert!(!desk.path("massho-root.key").exists());
}

#[test]
fn the_next_years_key_is_vouched_for_and_the_years_before_are_kept() {
    let (desk, _) = Desk::with_key();
    let before = desk.organisation();
    desk.refuses(
        "key rotate --fiscal-year 2026 --passphrase-file @root.txt --new-passphrase-file @stick.txt",
        "cannot be",
    );
    desk.refuses(
        "key rotate --passphrase-file @wrong.txt --new-passphrase-file @stick.txt",
        "passphrase is another one",
    );
    desk.good("key rotate --passphrase-file @root.txt --new-passphrase-file @stick.txt");
    let after = desk.organisation();
    assert_eq!(after.fiscal_year, 2027);
    assert!(after.has_key(&before.public_key) && after.public_key != before.public_key);
    assert_eq!(fs::read(desk.path("massho-organisation-2026.json")).unwrap(), before.bytes());
    assert!(desk.path("massho-root-2026.key").exists());
    assert!(desk.good("key show").contains("2027"));
}

#[test]
fn a_stick_is_prepared_with_its_files_and_only_once() {
    let (desk, _) = Desk::with_key();
    fs::write(desk.path("office.toml"), "sections = [\"市民課\"]\nstaff = [\"山田 太郎\"]\n").unwrap();
    fs::write(desk.path("assets.csv"), "資産管理番号\r\nPC-1\r\n").unwrap();
    let command = "stick prepare @stick --office @office.toml --assets @assets.csv --until 2027-03-31 \
        --passphrase-file @root.txt --stick-passphrase-file @stick.txt";
    let printed = desk.good(command);
    let folder = desk.path("stick").join(OFFICE_FOLDER);
    let bytes = fs::read(folder.join(STICK_FILE)).unwrap();
    let certificate = desk.organisation().signed::<StickCertificate>(&bytes).unwrap();
    assert!(printed.contains(&certificate.stick.to_string()), "{printed}");
    assert_eq!(certificate.valid.until.as_str(), "2027-03-31");
    for file in &certificate.files {
        assert_eq!(record::hash_file(&fs::read(folder.join(&file.name)).unwrap()), file.sha256);
    }
    assert_eq!(certificate.files.len(), 2);
    let sealed = SealedKey::read(&fs::read(folder.join(STICK_KEY_FILE)).unwrap()).unwrap();
    assert_eq!(sealed.open_stick(STICK).unwrap().public(), certificate.public_key);
    desk.refuses(command, "prepared already");
}

#[test]
fn what_a_stick_cannot_be_prepared_with_is_named_before_anything_is_written() {
    let (desk, _) = Desk::with_key();
    fs::write(desk.path("bad.toml"), "sections = \"市民課\"\n").unwrap();
    fs::write(desk.path("steers.toml"), "staff = [\"\\u001b[2J\"]\n").unwrap();
    let table = include_str!("../../policy/src/builtin.toml").replace("passes = 2", "passes = 1");
    fs::write(desk.path("table.toml"), table).unwrap();
    let prepare = |more: &str| {
        format!("stick prepare @stick {more} --passphrase-file @root.txt --stick-passphrase-file @stick.txt")
    };
    desk.refuses(&prepare("--office @bad.toml"), "cannot be put on the stick");
    desk.refuses(&prepare("--office @steers.toml"), "cannot be put on the stick");
    desk.refuses(&prepare("--policy @table.toml"), "cannot be put on the stick");
    desk.refuses(&prepare("--until 2026-01-01"), "would not count on any day");
    desk.refuses(
        "stick prepare @stick --passphrase-file @root.txt --stick-passphrase-file @short.txt",
        "fewer than 8",
    );
    desk.refuses(
        "stick prepare @stick --passphrase-file @wrong.txt --stick-passphrase-file @stick.txt",
        "is another one",
    );
    desk.refuses(
        "stick prepare @nothing --passphrase-file @root.txt --stick-passphrase-file @stick.txt",
        "no mounted stick",
    );
    fs::write(desk.path("kanji.txt"), "漢字のパスフレーズ").unwrap();
    desk.refuses(
        "stick prepare @stick --passphrase-file @root.txt --stick-passphrase-file @kanji.txt",
        "cannot type",
    );
    assert_eq!(fs::read_dir(desk.path("stick")).unwrap().count(), 0);
}

#[test]
fn a_revoked_stick_is_on_the_list_that_the_key_signed() {
    let (desk, _) = Desk::with_key();
    let one = "0123456789abcdef0123456789abcdef";
    desk.refuses("stick revoke 0123 --reason lost --passphrase-file @root.txt", "no stick's name");
    desk.good(&format!(
        "stick revoke {} --reason lost --since 2026-11-28 --passphrase-file @root.txt",
        one.to_uppercase()
    ));
    desk.refuses(&format!("stick revoke {one} --reason lost --passphrase-file @root.txt"), "revoked already");
    desk.good("stick revoke 00000000000000000000000000000000 --reason retired --passphrase-file @root.txt");
    let list = fs::read(desk.path("massho-revocations.json")).unwrap();
    let list = desk.organisation().signed::<Revocations>(&list).unwrap();
    assert_eq!((list.number, list.sticks.len()), (2, 2));
    assert_eq!(list.sticks[0].since.as_str(), "2026-11-28");
}

#[test]
fn a_stick_is_not_released_before_its_logs_are_collected() {
    let (desk, _) = Desk::with_key();
    desk.refuses("stick release @stick --passphrase-file @root.txt", "no mounted stick");
    let folder = desk.path("stick").join(LOG_FOLDER);
    fs::create_dir(&folder).unwrap();
    let first = session(1, None, NoticeCode::Other);
    fs::write(folder.join(&first.0), &first.1).unwrap();
    let release = "stick release @stick --passphrase-file @root.txt --ledger @ledger";
    desk.refuses(release, "There is no ledger");
    desk.good("collect @stick --ledger @ledger");
    let (second, more) = session(2, Some(&first), NoticeCode::Other);
    fs::write(folder.join(&second), more).unwrap();
    desk.refuses(release, "was not collected");
    assert!(!folder.join(RELEASE_FILE).exists());
    fs::remove_file(folder.join(&second)).unwrap();
    desk.good(release);
    let released = fs::read(folder.join(RELEASE_FILE)).unwrap();
    let released = desk.organisation().signed::<Release>(&released).unwrap();
    assert_eq!(released.logs.iter().map(|log| log.sha256).collect::<Vec<_>>(), [hash_file(&first.1)]);
}

/// The published logs by who vouches for them.
#[test]
fn every_log_is_told_by_who_vouches_for_it() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../record/tests");
    let (own, other) =
        (tests.join("papers/organisation.json"), tests.join("papers/organisation_foreign.json"));
    let revocations = tests.join("papers/revocations.json");
    let verify = |log: &str, more: &[&str]| {
        let log = tests.join("trust").join(format!("{log}.jsonl")).display().to_string();
        let output = program(&[&["verify", &log], more].concat(), &tests);
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let own = own.to_str().unwrap();
    for (log, says, good) in [
        ("certified", "架空市, stick 5151", true),
        ("table_signed", "signed; it may be looser", true),
        ("unregistered", "Nobody vouches for this log", false),
        ("foreign_organisation", "prepared by another organisation: \"別の町\"", false),
        ("certificate_altered", "The certificate of the stick was altered", false),
        ("certificate_expired", "counted until 2026-11-22 only", false),
        ("certificate_not_yet_valid", "counts from 2026-11-24 only", false),
        ("signed_by_another_stick", "not signed by the stick", false),
        ("credential_replayed", "not signed by the stick", false),
        ("session_counter_altered", "not signed by the stick", false),
        ("previous_head_altered", "not signed by the stick", false),
        ("table_not_the_signed_one", "your organisation did not sign", false),
        ("table_signed_by_nobody", "your organisation did not sign", false),
    ] {
        let (verified, printed) = verify(log, &["--organisation", own]);
        assert!(verified == good && printed.contains(says), "{log}: {printed}");
        let (_, japanese) = verify(log, &["--organisation", own, "--lang", "ja"]);
        assert_eq!(japanese.contains("  ! "), !good, "{log}: {japanese}");
    }
    let (good, printed) =
        verify("certified", &["--organisation", own, "--revocations", revocations.to_str().unwrap()]);
    assert!(!good && printed.contains("is revoked since 2026-12-01"), "{printed}");
    let (good, printed) = verify("certified", &["--organisation", other.to_str().unwrap()]);
    assert!(!good && printed.contains("another organisation"), "{printed}");
    let (good, printed) = verify("certified", &[]);
    assert!(good && printed.contains("not checked"), "{printed}");
    let (good, printed) = verify("certified", &["--organisation", revocations.to_str().unwrap()]);
    assert!(!good && printed.contains("is not the document it should be"), "{printed}");
    // A note on paper vouches for a log that nobody else does.
    let open = record::verify(&fs::read(tests.join("trust/unregistered.jsonl")).unwrap());
    let noted = open.fingerprint().unwrap().to_string();
    assert!(verify("unregistered", &["--organisation", own, "--key", &noted]).0);
}
