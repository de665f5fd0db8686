//! An office to test with: its keys, its documents, a stick.

use super::{SEED, open};
use ed25519_dalek::Signer;
use model::InformationClass;
use record::{
    Credential, Day, Hex, JobDrive, JobList, JobPc, JobPurpose, Open, Organisation, Release, ReleasedLog,
    Revocation, RevocationReason, Revocations, RootKey, SessionKey, Signed, StickCertificate, StickFile,
    StickKey, Validity, hash_file, sign_organisation,
};

pub const ROOT: [u8; 32] = [0x21; 32];
pub const NEXT_ROOT: [u8; 32] = [0x22; 32];
pub const FOREIGN_ROOT: [u8; 32] = [0x31; 32];
pub const STICK: [u8; 32] = [0x41; 32];
pub const OTHER_STICK: [u8; 32] = [0x42; 32];
/// The rule table that the stick carries.
pub const TABLE: &[u8] = b"version = \"a test's table\"\n";

pub fn day(text: &str) -> Day {
    Day::try_from(text.to_owned()).unwrap()
}

pub fn days(from: &str, until: &str) -> Validity {
    Validity { from: day(from), until: day(until) }
}

fn about(name: &str, year: u32, root: &RootKey) -> Organisation {
    let valid = days(&format!("{year}-04-01"), &format!("{}-04-30", year + 1));
    Organisation { name: name.into(), fiscal_year: year, public_key: root.public(), valid, previous: None }
}

pub fn organisation() -> Signed<Organisation> {
    let root = RootKey::from_seed(&ROOT);
    sign_organisation(about("架空市", 2026, &root), &root, None).unwrap()
}

/// The same one, a year later.
pub fn next_organisation() -> Signed<Organisation> {
    let (root, before) = (RootKey::from_seed(&NEXT_ROOT), RootKey::from_seed(&ROOT));
    sign_organisation(about("架空市", 2027, &root), &root, Some(&before)).unwrap()
}

pub fn foreign_organisation() -> Signed<Organisation> {
    let root = RootKey::from_seed(&FOREIGN_ROOT);
    sign_organisation(about("別の町", 2026, &root), &root, None).unwrap()
}

pub fn certificate() -> StickCertificate {
    StickCertificate {
        stick: Hex([0x51; 16]),
        public_key: StickKey::from_seed(&STICK).public(),
        organisation_key: RootKey::from_seed(&ROOT).public(),
        organisation: "架空市".into(),
        issued: day("2026-11-01"),
        valid: days("2026-11-01", "2027-03-31"),
        files: vec![StickFile { name: "massho-policy.toml".into(), sha256: hash_file(TABLE) }],
    }
}

pub fn signed(certificate: StickCertificate) -> Signed<StickCertificate> {
    Signed::sign(certificate, &RootKey::from_seed(&ROOT)).unwrap()
}

pub fn revocations() -> Signed<Revocations> {
    let stick =
        Revocation { stick: certificate().stick, since: day("2026-12-01"), reason: RevocationReason::Lost };
    let root = RootKey::from_seed(&ROOT);
    let (organisation_key, organisation) = (root.public(), "架空市".into());
    let (number, issued, sticks) = (1, day("2026-12-02"), vec![stick]);
    Signed::sign(Revocations { organisation_key, organisation, number, issued, sticks }, &root).unwrap()
}

pub fn release(logs: &[(&str, &[u8])]) -> Signed<Release> {
    let root = RootKey::from_seed(&ROOT);
    let logs = logs.iter().map(|(file, bytes)| ReleasedLog::of(file, bytes)).collect();
    let (organisation_key, organisation, issued) = (root.public(), "架空市".into(), day("2026-12-02"));
    Signed::sign(Release { organisation_key, organisation, issued, logs }, &root).unwrap()
}

/// The good session's first entry, certified by the stick of that certificate.
pub fn certified(certificate: &Signed<StickCertificate>, stick: &[u8; 32]) -> Open {
    let open = open(&SessionKey::from_seed(&SEED));
    let credential = StickKey::from_seed(stick).certify(certificate, &open);
    with(open, credential)
}

pub fn with(open: Open, credential: Credential) -> Open {
    let organisation_key = Some(RootKey::from_seed(&ROOT).public());
    Open { key_origin: record::KeyOrigin::Stick, credential: Some(credential), organisation_key, ..open }
}

/// Seals a document by FORMAT.md rather than by the crate: `text` is the line up to the signature.
pub fn seal_paper(seed: [u8; 32], domain: &str, text: &str) -> Vec<u8> {
    let message = [domain.as_bytes(), b"\0", text.as_bytes()].concat();
    let signature = ed25519_dalek::SigningKey::from_bytes(&seed).sign(&message).to_bytes();
    sealed_with(text, &signature)
}

/// A line with that signature.
pub fn sealed_with(text: &str, signature: &[u8; 64]) -> Vec<u8> {
    format!("{text},\"sig\":\"{}\"}}\n", hex::encode(signature)).into_bytes()
}

/// The same signature with S + L in the place of S, which a lax verifier takes for the same.
pub fn with_large_s(signature: &[u8; 64]) -> [u8; 64] {
    /// The order of the base point (RFC 8032 5.1), least significant byte first.
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut large = *signature;
    let mut carry = 0u16;
    for (byte, order) in large[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    large
}

/// The signature of a line.
pub fn signature(line: &[u8]) -> [u8; 64] {
    let text = std::str::from_utf8(line).unwrap().trim_end();
    hex::decode(&text[text.len() - 130..text.len() - 2]).unwrap().try_into().unwrap()
}

/// The key and the signature of small order that satisfy the lax equation for every message.
pub fn of_small_order() -> ([u8; 32], [u8; 64]) {
    let (mut key, mut signature) = ([0; 32], [0; 64]);
    (key[0], signature[0]) = (1, 1);
    (key, signature)
}

/// Two PCs that may be erased unattended.
pub fn jobs() -> JobList {
    JobList {
        organisation_key: RootKey::from_seed(&ROOT).public(),
        organisation: "架空市".into(),
        issued: day("2026-11-20"),
        valid: days("2026-11-23", "2026-12-11"),
        operator: "山田 太郎".into(),
        witness: Some("鈴木 花子".into()),
        approver: None,
        pcs: vec![
            JobPc {
                serial: Some("5CG1234ABC".into()),
                uuid: Some("4c4c4544-0042-3510-8052-b4c04f4d3332".into()),
                asset_number: "R8-00001".into(),
                class: InformationClass::Two,
                purpose: JobPurpose::Erase,
                section: Some("市民課".into()),
                place: None,
                drives: vec![
                    JobDrive { model: "WDC WD5000BPKX-00HPJT0".into(), serial: "WD-WX11A23B4567".into() },
                    JobDrive { model: "KXG60ZNV512G TOSHIBA".into(), serial: "Y9KS11A2TY5Z".into() },
                ],
            },
            JobPc {
                serial: None,
                uuid: Some("7d1c8a52-0f7e-4a31-9a60-3c2f10a4b7e9".into()),
                asset_number: "R8-00002".into(),
                class: InformationClass::One,
                purpose: JobPurpose::Handover,
                section: None,
                place: Some("本庁舎3階倉庫".into()),
                drives: vec![JobDrive {
                    model: "Samsung SSD 860 EVO 250GB".into(),
                    serial: "S3YJNX0K512345F".into(),
                }],
            },
        ],
    }
}

pub fn signed_jobs(list: JobList) -> Signed<JobList> {
    Signed::sign(list, &RootKey::from_seed(&ROOT)).unwrap()
}
