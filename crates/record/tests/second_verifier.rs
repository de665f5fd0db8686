//! FORMAT.md was enough for a verifier in another language: `verify.py` finds in the bytes of every published log what
//! this crate finds, and by the organisation's key what it finds of the credential.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::office::{foreign_organisation, organisation};
use record::{Doubt, Head12, Office, Reason, Report, Trust, verify};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A Python that has the library `cryptography`: the host's first one may be another.
fn python() -> &'static str {
    let has = |python: &&str| {
        let import = Command::new(python).args(["-c", "import cryptography"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    let found = ["python3", "/usr/bin/python3"].into_iter().find(has);
    found.unwrap_or_else(|| panic!("no Python with cryptography: install python3-cryptography"))
}

/// The head that it prints, or what it says is wrong.
fn second(python: &str, log: &Path, key: Option<&str>) -> Result<String, String> {
    let output = Command::new(python).arg(tests().join("verify.py")).arg(log).args(key).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    assert!(output.status.success() || output.status.code() == Some(1), "{log:?}");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn logs(folder: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(tests().join(folder)).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// It proves bytes, chain and signatures; what the entries mean is this crate's alone.
fn is_of_the_meaning(report: &Report) -> bool {
    let reason = report.fault.as_ref().map(|fault| &fault.reason);
    matches!(reason, Some(Reason::Contradictory(_) | Reason::NotUnderstood(_)))
}

#[test]
fn it_says_of_every_log_what_the_crate_says() {
    let (python, mut good) = (python(), 0);
    for log in ["vectors", "vectors-2", "trust"].into_iter().flat_map(logs) {
        let report = verify(&fs::read(&log).unwrap());
        let found = second(python, &log, None);
        let same = match &found {
            Ok(head) => {
                report.fault.is_none() && *head == report.head.to_string() || is_of_the_meaning(&report)
            }
            Err(_) => report.fault.is_some(),
        };
        assert!(same, "{}: {found:?}, but {:?}", log.display(), report.fault);
        good += usize::from(found.is_ok());
    }
    assert!(good > 80, "{good} were accepted");
}

/// It is given one key, and looks at no days.
#[test]
fn it_says_of_every_credential_what_the_crate_says() {
    let python = python();
    for organisation in [organisation(), foreign_organisation()] {
        let key = hex::encode(organisation.public_key.bytes());
        for log in logs("trust") {
            let open = verify(&fs::read(&log).unwrap()).open.unwrap();
            let office = Office { organisations: &[organisation.clone()], revocations: &[] };
            let trust = Trust::of(&open, None, &office);
            let holds = matches!(
                trust,
                Trust::Certified(_) | Trust::Doubtful(Doubt::Expired { .. } | Doubt::NotYetValid { .. })
            );
            let found = second(python, &log, Some(&key));
            assert_eq!(found.is_ok(), holds, "{}: {found:?}, but {trust:?}", log.display());
        }
    }
}

#[test]
fn the_published_example_is_a_line_of_the_published_log() {
    let page = fs::read_to_string(tests().join("../FORMAT.md")).unwrap();
    let log = fs::read(tests().join("vectors-2/good.jsonl")).unwrap();
    let line = std::str::from_utf8(&log).unwrap().lines().nth(4).unwrap();
    let report = verify(&log);
    for text in [line, &report.head.to_string(), &Head12::of(&report.head).to_string()] {
        assert!(page.contains(text), "FORMAT.md lacks {text}");
    }
}
