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

/// What it says of each log: the head, or what is wrong with it. One process for all: starting it takes longest.
fn second(logs: &[PathBuf], key: Option<&str>) -> Vec<Result<String, String>> {
    let output = Command::new(python()).arg(tests().join("verify.py")).args(logs).args(key).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = |(log, line): (&PathBuf, &str)| {
        let said = line.strip_prefix(log.to_str().unwrap()).unwrap().trim();
        said.strip_prefix("- ").map_or(Ok(said.to_owned()), |fault| Err(fault.to_owned()))
    };
    assert_eq!(printed.lines().count(), logs.len(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let said: Vec<_> = logs.iter().zip(printed.lines()).map(said).collect();
    assert_eq!(output.status.success(), said.iter().all(Result::is_ok), "its exit status");
    said
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
    let logs: Vec<PathBuf> =
        ["vectors", "vectors-2", "vectors-3", "trust"].into_iter().flat_map(logs).collect();
    let mut good = 0;
    for (log, found) in logs.iter().zip(second(&logs, None)) {
        let report = verify(&fs::read(log).unwrap());
        let same = match &found {
            Ok(head) => {
                report.fault.is_none() && *head == report.head.to_string() || is_of_the_meaning(&report)
            }
            Err(_) => report.fault.is_some(),
        };
        assert!(same, "{}: {found:?}, but {:?}", log.display(), report.fault);
        good += usize::from(found.is_ok());
    }
    assert!(good > 120, "{good} were accepted");
}

/// It is given one key, and looks at no days.
#[test]
fn it_says_of_every_credential_what_the_crate_says() {
    for organisation in [organisation(), foreign_organisation()] {
        let key = hex::encode(organisation.public_key.bytes());
        let logs = logs("trust");
        for (log, found) in logs.iter().zip(second(&logs, Some(&key))) {
            let open = verify(&fs::read(log).unwrap()).open.unwrap();
            let office = Office { organisations: std::slice::from_ref(&organisation), revocations: &[] };
            let trust = Trust::of(&open, None, &office);
            let holds = matches!(
                trust,
                Trust::Certified(_) | Trust::Doubtful(Doubt::Expired { .. } | Doubt::NotYetValid { .. })
            );
            assert_eq!(found.is_ok(), holds, "{}: {found:?}, but {trust:?}", log.display());
        }
    }
}

#[test]
fn the_published_example_is_a_line_of_the_published_log() {
    let page = fs::read_to_string(tests().join("../FORMAT.md")).unwrap();
    let log = fs::read(tests().join("vectors-3/good.jsonl")).unwrap();
    let line = std::str::from_utf8(&log).unwrap().lines().nth(4).unwrap();
    let report = verify(&log);
    for text in [line, &report.head.to_string(), &Head12::of(&report.head).to_string()] {
        assert!(page.contains(text), "FORMAT.md lacks {text}");
    }
}
