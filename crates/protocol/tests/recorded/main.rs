//! Recorded real drives: what the decoders read is what their `expect.toml` says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod ata;
mod nvme;
mod scsi;

use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// One recording: what the drive said, if it is there as bytes, and what that means.
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) expected: Table,
}

impl Recording {
    pub(crate) fn text(&self, key: &str) -> &str {
        self.expected.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{}: {key}", self.name))
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.expected.get(key).and_then(Value::as_bool).unwrap_or_else(|| panic!("{}: {key}", self.name))
    }

    pub(crate) fn number(&self, key: &str) -> u64 {
        match self.expected.get(key) {
            Some(Value::Integer(number)) => u64::try_from(*number).unwrap(),
            Some(Value::String(text)) => number(text),
            other => panic!("{}: {key} is {other:?}", self.name),
        }
    }
}

/// As tools print numbers: hexadecimal with 0x, else decimal.
fn number(text: &str) -> u64 {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).unwrap(),
        None => text.parse().unwrap(),
    }
}

/// Every recording of a kind that is there as bytes; at least so many, so that an empty folder is no success.
pub(crate) fn recordings(kind: &str, at_least: usize) -> Vec<Recording> {
    let whole = every(kind, at_least).into_iter().filter(|it| !it.bytes.is_empty()).collect::<Vec<_>>();
    assert!(whole.len() >= at_least, "{kind}: {}", whole.len());
    whole
}

/// Every recording of a kind, also those of which only a tool's words are there.
pub(crate) fn every(kind: &str, at_least: usize) -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/drives").join(kind);
    let mut found: Vec<Recording> =
        fs::read_dir(folder).unwrap().map(|entry| read(&entry.unwrap().path())).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() >= at_least, "{kind}: {}", found.len());
    found
}

fn read(folder: &Path) -> Recording {
    let hex: Option<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|suffix| suffix == "hex"));
    let text = hex.map(|hex| fs::read_to_string(hex).unwrap()).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let bytes = words
        .iter()
        .flat_map(|word| match word.len() {
            // Words of 16 bits are printed as numbers: the low byte comes first on the wire.
            4 => u16::from_str_radix(word, 16).unwrap().to_le_bytes().to_vec(),
            _ => vec![u8::from_str_radix(word, 16).unwrap()],
        })
        .collect();
    Recording {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        folder: folder.to_owned(),
        bytes,
        expected: fs::read_to_string(folder.join("expect.toml")).unwrap().parse().unwrap(),
    }
}
