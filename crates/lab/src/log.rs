//! Reads a log that the appliance left, by code of the lab's own: the lines, their chain, and what they say of each
//! drive. Signatures are the ledger's business.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Why a file is not a log as its format's description has it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LogError {
    /// It is not text.
    #[error("the log is not UTF-8")]
    NotText,
    /// A line is no JSON object.
    #[error("line {0} is not a JSON object")]
    NotJson(usize),
    /// A line is not numbered as it should be.
    #[error("line {0} has another number")]
    Number(usize),
    /// A line is not chained to the one before.
    #[error("line {0} does not carry the hash of the line before")]
    Chain(usize),
    /// The last line does not end.
    #[error("the last line has no end")]
    NoEnd,
}

/// A log.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    entries: Vec<Value>,
    head: [u8; 32],
}

/// What a log says of one drive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DriveRecord {
    /// Its number in the session.
    pub number: u64,
    /// Its serial number.
    pub serial: String,
    /// Its capacity in bytes.
    pub capacity: u64,
    /// The kind of medium.
    pub medium: String,
    /// Whether it was eligible, as the inventory has it: `eligible`, or every reason.
    pub eligibility: String,
    /// The technique carried out last, if any.
    pub technique: Option<String>,
    /// Passes completed of it.
    pub passes: u64,
    /// How it ended; `None` without a result.
    pub outcome: Option<String>,
    /// The method achieved.
    pub achieved: Option<String>,
    /// Why it failed.
    pub failure: Option<String>,
    /// The outcome in the close entry.
    pub closed_as: Option<String>,
    /// What may happen to it, by the close entry.
    pub verdict: Option<String>,
}

impl DriveRecord {
    /// Whether the record says that what was on the drive is gone.
    #[must_use]
    pub fn says_erased(&self) -> bool {
        self.achieved.is_some()
    }

    /// Whether the record says that nothing was written to the drive.
    #[must_use]
    pub fn says_untouched(&self) -> bool {
        self.technique.is_none() && self.achieved.is_none()
    }
}

impl Log {
    /// Reads a log's bytes, and checks numbers and chain.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, LogError> {
        let text = std::str::from_utf8(bytes).map_err(|_| LogError::NotText)?;
        let body = text.strip_suffix('\n').ok_or(LogError::NoEnd)?;
        let mut head = [0; 32];
        let mut entries = Vec::new();
        for (index, line) in body.split('\n').enumerate() {
            let entry: Value = serde_json::from_str(line).map_err(|_| LogError::NotJson(index + 1))?;
            if entry["seq"].as_u64() != Some(index as u64) {
                return Err(LogError::Number(index + 1));
            }
            if entry["prev"].as_str() != Some(&hexadecimal(&head)) {
                return Err(LogError::Chain(index + 1));
            }
            head = Sha256::digest(line.as_bytes()).into();
            entries.push(entry);
        }
        Ok(Self { entries, head })
    }

    /// The twelve characters that a witness copies: the first 60 bits of the last line's hash, five at a time.
    #[must_use]
    pub fn head12(&self) -> String {
        let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bits: Vec<u8> =
            self.head.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
        let digits =
            bits.chunks(5).map(|five| five.iter().fold(0, |value, bit| value * 2 + usize::from(*bit)));
        let characters: Vec<char> = digits.take(12).map(|digit| char::from(alphabet[digit])).collect();
        characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
    }

    /// The entries, in their order.
    #[must_use]
    pub fn entries(&self) -> &[Value] {
        &self.entries
    }

    /// The entries of one type.
    pub fn of_type<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Value> {
        self.entries.iter().filter(move |entry| entry["type"] == code)
    }

    /// The notices' codes, in their order.
    #[must_use]
    pub fn notices(&self) -> Vec<&str> {
        self.of_type("notice").filter_map(|entry| entry["code"].as_str()).collect()
    }

    /// Whether the last entry closes the session.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.entries.last().is_some_and(|entry| entry["type"] == "close")
    }

    /// What the log says of every drive, by serial number.
    #[must_use]
    pub fn drives(&self) -> BTreeMap<String, DriveRecord> {
        let mut by_number: BTreeMap<u64, DriveRecord> = BTreeMap::new();
        for drive in self.of_type("inventory").flat_map(|entry| list(&entry["drives"])) {
            let record = DriveRecord {
                number: drive["no"].as_u64().unwrap_or_default(),
                serial: text(&drive["identity"]["serial"]).unwrap_or_default(),
                capacity: drive["identity"]["capacity"]
                    .as_str()
                    .and_then(|len| len.parse().ok())
                    .unwrap_or_default(),
                medium: text(&drive["medium"]).unwrap_or_default(),
                eligibility: eligibility(&drive["eligibility"]),
                ..DriveRecord::default()
            };
            by_number.entry(record.number).or_insert(record);
        }
        for entry in self.of_type("result") {
            if let Some(record) = entry["drive"].as_u64().and_then(|no| by_number.get_mut(&no)) {
                add_result(record, &entry["result"]);
            }
        }
        for ended in self.of_type("close").flat_map(|entry| list(&entry["drives"])) {
            if let Some(record) = ended["drive"].as_u64().and_then(|no| by_number.get_mut(&no)) {
                record.closed_as = text(&ended["outcome"]);
                record.verdict = text(&ended["verdict"]);
            }
        }
        by_number.into_values().map(|record| (record.serial.clone(), record)).collect()
    }
}

fn add_result(record: &mut DriveRecord, result: &Value) {
    record.outcome = text(&result["outcome"]);
    record.achieved = text(&result["achieved"]);
    record.failure = text(&result["failure"]["reason"]);
    let attempts = list(&result["evidence"]["attempts"]);
    let last = attempts.last();
    record.technique = last.and_then(|attempt| text(&attempt["technique"]));
    record.passes = last.and_then(|attempt| attempt["passes"].as_u64()).unwrap_or_default();
}

fn eligibility(value: &Value) -> String {
    if value["verdict"] == "eligible" {
        return "eligible".to_owned();
    }
    let reasons = list(&value["reasons"]);
    reasons.iter().filter_map(|reason| reason["reason"].as_str()).collect::<Vec<_>>().join(" ")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The SHA-256 of some bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn chained(bodies: &[Value]) -> Vec<u8> {
        let mut before = "0".repeat(64);
        let mut text = String::new();
        for (seq, body) in bodies.iter().enumerate() {
            let mut entry = json!({ "seq": seq, "prev": before });
            crate::drive::merge(&mut entry, body.clone());
            let line = entry.to_string();
            before = hexadecimal(&Sha256::digest(line.as_bytes()));
            text += &format!("{line}\n");
        }
        text.into_bytes()
    }

    fn sample() -> Vec<u8> {
        chained(&[
            json!({ "type": "open" }),
            json!({ "type": "inventory", "drives": [
                { "no": 1, "identity": { "serial": "A" }, "medium": "hdd", "eligibility": { "verdict": "eligible" } },
                { "no": 2, "identity": { "serial": "B" }, "medium": "usb-stick",
                  "eligibility": { "verdict": "ineligible", "reasons": [{ "reason": "results-stick" }] } },
            ] }),
            json!({ "type": "result", "drive": 1, "result": {
                "outcome": "failed", "achieved": null, "failure": { "reason": "vanished" },
                "evidence": { "attempts": [{ "technique": "random-overwrite", "passes": 1 }] } } }),
            json!({ "type": "notice", "code": "stick-lost" }),
            json!({ "type": "close", "drives": [
                { "drive": 1, "outcome": "failed", "verdict": "must-not-leave" },
                { "drive": 2, "outcome": "not-covered", "verdict": null } ] }),
        ])
    }

    #[test]
    fn a_log_says_what_became_of_each_drive() {
        let log = Log::parse(&sample()).unwrap();
        assert!(log.is_closed());
        assert_eq!(log.notices(), ["stick-lost"]);
        let drives = log.drives();
        let drive = &drives["A"];
        assert_eq!(drive.failure.as_deref(), Some("vanished"));
        assert_eq!(drive.verdict.as_deref(), Some("must-not-leave"));
        assert_eq!(drive.passes, 1);
        assert!(!drive.says_erased() && !drive.says_untouched());
        assert_eq!(drives["B"].eligibility, "results-stick");
        assert_eq!(drives["B"].closed_as.as_deref(), Some("not-covered"));
    }

    #[test]
    fn the_head_is_copied_as_twelve_characters() {
        let mut log = Log { entries: Vec::new(), head: [0; 32] };
        log.head[..8].copy_from_slice(&[0x08, 0x86, 0x42, 0x98, 0xe8, 0x4a, 0x97, 0xff]);
        assert_eq!(log.head12(), "1234-5678-9ABZ");
    }

    #[test]
    fn a_changed_line_breaks_the_chain_after_it() {
        let text = String::from_utf8(sample()).unwrap().replace("vanished", "vanishee");
        assert_eq!(Log::parse(text.as_bytes()), Err(LogError::Chain(4)));
    }

    #[test]
    fn a_log_without_its_last_newline_or_with_other_bytes_is_none() {
        let bytes = sample();
        assert_eq!(Log::parse(&bytes[..bytes.len() - 1]), Err(LogError::NoEnd));
        assert_eq!(Log::parse(b"[1\n"), Err(LogError::NotJson(1)));
        assert_eq!(Log::parse(b"{}\n"), Err(LogError::Number(1)));
        assert_eq!(Log::parse(b"\xff\n"), Err(LogError::NotText));
    }
}
