//! The town's own office: its key, its document, the sticks that it prepared, and those that it revoked.

use super::Stick;
use record::{
    Day, Hex, ORGANISATION_FILE, Organisation, POLICY_FILE, REVOCATIONS_FILE, Revocation, RevocationReason,
    Revocations, RootKey, Signed, StickCertificate, StickFile, StickId, StickKey, Validity, hash_file,
    sign_organisation,
};
use std::fs;
use std::path::{Path, PathBuf};

/// Every day on which the town's sessions are, and more.
pub const ALL_YEAR: (&str, &str) = ("2026-04-01", "2027-03-31");

pub struct Hall {
    root: RootKey,
    document: Signed<Organisation>,
}

/// What makes a stick one of the town's.
#[derive(Debug)]
pub struct Prepared {
    pub certificate: Signed<StickCertificate>,
    pub key: StickKey,
    /// The rule table that the town signed.
    pub table: Option<String>,
}

fn days((from, until): (&str, &str)) -> Validity {
    let day = |text: &str| Day::try_from(text.to_owned()).unwrap();
    Validity { from: day(from), until: day(until) }
}

impl Hall {
    pub fn new(name: &str, seed: u8) -> Self {
        let root = RootKey::from_seed(&[seed; 32]);
        let about = Organisation {
            name: name.into(),
            fiscal_year: 2026,
            public_key: root.public(),
            valid: days(("2026-04-01", "2027-04-30")),
            previous: None,
        };
        Self { document: sign_organisation(about, &root, None).unwrap(), root }
    }

    /// The fingerprint of its key.
    pub fn fingerprint(&self) -> String {
        self.root.fingerprint().to_string()
    }

    /// A stick that is valid on these days and carries this rule table.
    pub fn prepare(&self, serial: &str, valid: (&str, &str), table: Option<String>) -> Stick {
        let mut id = [0x51; 16];
        id.iter_mut().zip(serial.bytes()).for_each(|(to, from)| *to = from);
        let key = StickKey::from_seed(&[id[0] ^ id[7]; 32]);
        let file =
            |table: &String| StickFile { name: POLICY_FILE.into(), sha256: hash_file(table.as_bytes()) };
        let certificate = StickCertificate {
            stick: Hex(id),
            public_key: key.public(),
            organisation_key: self.root.public(),
            organisation: self.document.name.clone(),
            issued: days(ALL_YEAR).from,
            valid: days(valid),
            files: table.iter().map(file).collect(),
        };
        let certificate = Signed::sign(certificate, &self.root).unwrap();
        Stick { prepared: Some(Prepared { certificate, key, table }), ..Stick::new(serial) }
    }

    /// The town's document as a file in that folder.
    pub fn document(&self, folder: &Path) -> PathBuf {
        let path = folder.join(ORGANISATION_FILE);
        fs::write(&path, self.document.bytes()).unwrap();
        path
    }

    /// A list that says that the stick is lost since that day.
    pub fn revoke(&self, folder: &Path, stick: &Stick, since: &str) -> PathBuf {
        let stick: StickId = stick.prepared.as_ref().unwrap().certificate.stick;
        let since = Day::try_from(since.to_owned()).unwrap();
        let list = Revocations {
            organisation_key: self.root.public(),
            organisation: self.document.name.clone(),
            number: 1,
            issued: since.clone(),
            sticks: vec![Revocation { stick, since, reason: RevocationReason::Lost }],
        };
        let path = folder.join(REVOCATIONS_FILE);
        fs::write(&path, Signed::sign(list, &self.root).unwrap().bytes()).unwrap();
        path
    }
}

/// A rule table that lets an overwrite of a hard disk count for class (2), which the guideline's does not.
pub fn looser_table() -> String {
    let builtin = include_str!("../../../policy/src/builtin.toml");
    let cell = "class = 2\nmedium = \"hdd\"\nallow = [\n";
    assert!(builtin.contains(cell));
    let line =
        "  { method = \"clear\", technique = \"random-overwrite\", passes = 1, source = \"ruling\" },\n";
    let looser = builtin.replace(cell, &format!("{cell}{line}"));
    looser.replace("version = \"R8.3改定案 2026-03-16\"", "version = \"架空市の規則表 1\"")
}
