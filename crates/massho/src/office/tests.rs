//! Sticks as an office prepares them, and as somebody else alters them.
#![allow(unreachable_pub, reason = "shared between the tests of this program")]

use super::*;
use record::{
    Day, Hex, OFFICE_FOLDER, POLICY_FILE, Revocation, RevocationReason, RootKey, STICK_FILE, STICK_KEY_FILE,
    SealedKey, StickCertificate, StickFile, StickKey, TableOrigin, Validity, hash_file, sign_organisation,
};
use std::fs;
use std::path::Path;
use wizard::{Refusal, Voucher, VoucherCheck};

pub(crate) const PASSPHRASE: &str = "correct horse battery";
const ROOT: [u8; 32] = [0x21; 32];

fn day(text: &str) -> Day {
    Day::try_from(text.to_owned()).unwrap()
}

fn long() -> Validity {
    Validity { from: day("2020-01-01"), until: day("2099-12-31") }
}

fn organisation(name: &str, seed: [u8; 32]) -> Signed<Organisation> {
    let root = RootKey::from_seed(&seed);
    let about = Organisation {
        name: name.into(),
        fiscal_year: 2026,
        public_key: root.public(),
        valid: long(),
        previous: None,
    };
    sign_organisation(about, &root, None).unwrap()
}

/// The boot stick of the office whose sticks [`prepare`] makes.
pub(crate) fn boot() -> BootDocuments {
    BootDocuments { organisation: Some(organisation("架空市", ROOT).bytes()), ..BootDocuments::default() }
}

/// Prepares a stick mounted there, with these files.
pub(crate) fn prepare(root: &Path, files: &[(&str, &[u8])], valid: Validity) {
    let folder = root.join(OFFICE_FOLDER);
    fs::create_dir_all(&folder).unwrap();
    let (office, key) = (RootKey::from_seed(&ROOT), StickKey::from_seed(&[0x41; 32]));
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let certificate = StickCertificate {
        stick: Hex([0x51; 16]),
        public_key: key.public(),
        organisation_key: office.public(),
        organisation: "架空市".into(),
        issued: day("2026-04-01"),
        valid,
        files: files
            .iter()
            .map(|(name, bytes)| StickFile { name: (*name).into(), sha256: hash_file(bytes) })
            .collect(),
    };
    fs::write(folder.join(STICK_FILE), Signed::sign(certificate, &office).unwrap().bytes()).unwrap();
    fs::write(folder.join(STICK_KEY_FILE), SealedKey::seal_stick(&key, PASSPHRASE).unwrap().bytes()).unwrap();
}

/// The same, for as long as any test runs.
pub(crate) fn prepare_for_long(root: &Path, files: &[(&str, &[u8])]) {
    prepare(root, files, long());
}

fn look(root: &Path, documents: &BootDocuments) -> OfficeStick {
    OfficeStick::look(root, &Authority::of(documents), &day("2026-11-28"))
}

fn checked(stick: &OfficeStick) -> &VoucherCheck {
    match &stick.voucher {
        Voucher::Prepared { check, organisation } if organisation == "架空市" => check,
        other => panic!("{other:?}"),
    }
}

fn refused(stick: &OfficeStick) -> &Refusal {
    match &stick.voucher {
        Voucher::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_prepared_stick_is_checked_by_the_boot_sticks_key_alone() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(look(root.path(), &boot()).voucher, Voucher::Blank);
    prepare_for_long(root.path(), &[("assets.csv", b"PC-1")]);
    let stick = look(root.path(), &boot());
    assert_eq!(checked(&stick), &VoucherCheck::Checked);
    assert!(stick.sealed.is_some() && stick.organisation_key.is_some());
    // Without a key it works all the same, and the log says so.
    let stick = look(root.path(), &BootDocuments::default());
    assert_eq!(checked(&stick), &VoucherCheck::NoKey);
    assert!(
        stick.notices().iter().any(|said| said.contains("no organisation's key")),
        "{:?}",
        stick.notices()
    );
    let foreign = BootDocuments {
        organisation: Some(organisation("別の町", [1; 32]).bytes()),
        ..BootDocuments::default()
    };
    assert_eq!(refused(&look(root.path(), &foreign)), &Refusal::Foreign("架空市".into()));
}

#[test]
fn an_organisations_document_that_is_none_is_said_in_the_log_and_counts_for_nothing() {
    let root = tempfile::tempdir().unwrap();
    prepare_for_long(root.path(), &[]);
    let garbled =
        BootDocuments { organisation: Some(b"{}\n".to_vec()), revocations: Some(b"x".to_vec()), fault: None };
    let stick = look(root.path(), &garbled);
    assert_eq!(checked(&stick), &VoucherCheck::NoKey);
    assert!(stick.organisation_key.is_none() && stick.notices().len() >= 3, "{:?}", stick.notices());
}

#[test]
fn an_altered_certificate_file_or_key_is_refused_and_named() {
    let prepared = || {
        let root = tempfile::tempdir().unwrap();
        prepare_for_long(root.path(), &[("assets.csv", b"PC-1"), ("office.toml", b"")]);
        root
    };
    let changed = |name: &str, change: &dyn Fn(&Path)| {
        let root = prepared();
        change(&root.path().join(OFFICE_FOLDER).join(name));
        let stick = look(root.path(), &boot());
        assert!(stick.sealed.is_none() && stick.table.is_none() && stick.looser.is_none(), "{name}");
        refused(&stick).clone()
    };
    let longer = |path: &Path| {
        let text = fs::read_to_string(path).unwrap().replace("2099", "2199");
        fs::write(path, text).unwrap();
    };
    assert_eq!(changed(STICK_FILE, &longer), Refusal::Altered);
    assert_eq!(changed(STICK_FILE, &|path| fs::write(path, b"").unwrap()), Refusal::Altered);
    assert_eq!(
        changed("assets.csv", &|path| fs::write(path, b"PC-2").unwrap()),
        Refusal::File("assets.csv".into())
    );
    assert_eq!(
        changed("office.toml", &|path| fs::remove_file(path).unwrap()),
        Refusal::File("office.toml".into())
    );
    assert!(matches!(changed(STICK_KEY_FILE, &|path| fs::write(path, b"{}").unwrap()), Refusal::Key(_)));
    let another = SealedKey::seal_stick(&StickKey::from_seed(&[9; 32]), PASSPHRASE).unwrap().bytes();
    assert!(matches!(changed(STICK_KEY_FILE, &|path| fs::write(path, &another).unwrap()), Refusal::Key(_)));
}

#[test]
fn the_offices_lists_are_offered_and_one_that_is_none_is_only_said() {
    let root = tempfile::tempdir().unwrap();
    let assets = "資産管理番号,PCシリアル番号\nPC-1,5CG1\n".as_bytes();
    prepare_for_long(
        root.path(),
        &[("office.toml", "staff = [\"山田 太郎\"]".as_bytes()), ("assets.csv", assets)],
    );
    let stick = look(root.path(), &boot());
    assert_eq!(stick.names.as_ref().unwrap().staff, ["山田 太郎"]);
    assert_eq!(stick.assets.as_ref().unwrap().rows.len(), 1);
    prepare_for_long(root.path(), &[("office.toml", b"stuff = []"), ("assets.csv", b"1,2\n")]);
    let stick = look(root.path(), &boot());
    assert_eq!(checked(&stick), &VoucherCheck::Checked);
    assert!(stick.names.is_none() && stick.assets.is_none());
    for file in ["office.toml", "assets.csv"] {
        let said = format!("{file} cannot be used");
        assert!(stick.notices().iter().any(|notice| notice.starts_with(&said)), "{:?}", stick.notices());
    }
    // Files that the certificate does not list are nobody's.
    let loose = tempfile::tempdir().unwrap();
    prepare_for_long(loose.path(), &[]);
    fs::write(loose.path().join(OFFICE_FOLDER).join("office.toml"), "staff = [\"誰か\"]").unwrap();
    assert!(look(loose.path(), &boot()).names.is_none());
}

#[test]
fn a_revoked_stick_is_refused_and_one_out_of_date_is_not() {
    let root = tempfile::tempdir().unwrap();
    prepare(root.path(), &[], Validity { from: day("2026-04-01"), until: day("2026-11-27") });
    assert_eq!(checked(&look(root.path(), &boot())), &VoucherCheck::NotToday("2026-11-27".into()));
    let office = RootKey::from_seed(&ROOT);
    let list = Revocations {
        organisation_key: office.public(),
        organisation: "架空市".into(),
        number: 1,
        issued: day("2026-11-01"),
        sticks: vec![Revocation {
            stick: Hex([0x51; 16]),
            since: day("2026-11-01"),
            reason: RevocationReason::Lost,
        }],
    };
    let revocations = Some(Signed::sign(list, &office).unwrap().bytes());
    let stick = look(root.path(), &BootDocuments { revocations, ..boot() });
    assert_eq!(refused(&stick), &Refusal::Revoked);
}

#[test]
fn a_looser_table_waits_for_the_key_and_a_stricter_one_does_not() {
    let builtin = include_str!("../../../policy/src/builtin.toml");
    let stricter = builtin.replace("hdd = \"sampled\"", "hdd = \"full\"");
    let looser = builtin.replace("definition = false", "definition = true");
    let of = |table: &str, documents: &BootDocuments| {
        let root = tempfile::tempdir().unwrap();
        prepare_for_long(root.path(), &[(POLICY_FILE, table.as_bytes())]);
        look(root.path(), documents)
    };
    let stick = of(&stricter, &boot());
    assert!(
        matches!(&stick.table, Some(Ok(own)) if own.origin == TableOrigin::Custom) && stick.looser.is_none()
    );
    let stick = of(&looser, &boot());
    assert!(matches!(&stick.looser, Some(own) if own.origin == TableOrigin::Signed) && stick.table.is_none());
    // Whose it is cannot be told here: it is refused, as on any other stick.
    let stick = of(&looser, &BootDocuments::default());
    assert!(matches!(stick.table, Some(Err(policy::TableError::Looser { .. }))) && stick.looser.is_none());
}

#[test]
fn a_release_counts_by_the_boot_sticks_key_and_for_the_logs_it_lists_alone() {
    let log = |bytes: &[u8]| LogFile { file: "a.jsonl".into(), sha256: hash_file(bytes).0 };
    let signed = |seed: [u8; 32]| {
        let root = RootKey::from_seed(&seed);
        let logs = vec![record::ReleasedLog::of("a.jsonl", b"one")];
        let (organisation_key, organisation, issued) = (root.public(), "架空市".into(), day("2026-11-28"));
        Signed::sign(Release { organisation_key, organisation, issued, logs }, &root).unwrap().bytes()
    };
    let authority = Authority::of(&boot());
    assert!(authority.releases(&signed(ROOT), &[log(b"one")]));
    assert!(!authority.releases(&signed(ROOT), &[log(b"one"), log(b"two")]));
    assert!(!authority.releases(&signed(ROOT), &[]));
    assert!(!authority.releases(&signed([1; 32]), &[log(b"one")]), "anybody can make a key");
    assert!(!authority.releases(b"{}\n", &[log(b"one")]));
    assert!(!Authority::default().releases(&signed(ROOT), &[log(b"one")]), "no key, no release");
}

/// A job list by that office.
pub(crate) fn sign_jobs(list: &record::JobList) -> Vec<u8> {
    Signed::sign(list.clone(), &RootKey::from_seed(&ROOT)).unwrap().bytes()
}
