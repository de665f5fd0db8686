//! Releasing a stick: the office's word that every log on it was collected.

use super::files::{self, Readers};
use super::folder::OpenOrganisation;
use super::problem::KeyProblem;
use crate::store::Store;
use crate::texts::{Texts, fill};
use record::{
    COPY_FOLDER, COPY_SUFFIX, Day, EntryHash, LOG_FOLDER, LOG_SUFFIX, RELEASE_FILE, Release, ReleasedLog,
    Signed, hash_file,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// A log that is longer is none.
const LONGEST_LOG: usize = 256 << 20;

/// Who knows which logs the office has.
pub trait Collected {
    /// Whether the ledger holds a log of exactly these bytes, by their SHA-256.
    fn is_collected(&self, sha256: &EntryHash) -> bool;
}

impl Collected for Store {
    /// A ledger that cannot be read has nothing, so no stick is released.
    fn is_collected(&self, sha256: &EntryHash) -> bool {
        Self::is_collected(self, &sha256.0).unwrap_or_default()
    }
}

/// The files of one log on a stick: itself, its copy, or both.
pub(super) type Twins = BTreeMap<String, Vec<Vec<u8>>>;

/// The logs on a mounted stick, by their names.
pub(super) fn logs(stick: &Path) -> Result<Twins, KeyProblem> {
    let folder = stick.join(LOG_FOLDER);
    let mut logs = Twins::new();
    add(&mut logs, &folder, LOG_SUFFIX)?;
    add(&mut logs, &folder.join(COPY_FOLDER), COPY_SUFFIX)?;
    if logs.is_empty() { Err(KeyProblem::NoStick(stick.to_owned())) } else { Ok(logs) }
}

/// Adds the files of a folder whose names end so; a folder that is not there has none.
fn add(logs: &mut Twins, folder: &Path, suffix: &str) -> Result<(), KeyProblem> {
    let unreadable = |error: io::Error| KeyProblem::Unreadable(folder.to_owned(), error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(unreadable)?,
    };
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let name =
            path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        if let Some(stem) = name.strip_suffix(suffix) {
            let bytes = files::read(&path, LONGEST_LOG)?;
            logs.entry(format!("{stem}{LOG_SUFFIX}")).or_default().push(bytes);
        }
    }
    Ok(())
}

/// The files for which the office can sign: every one that it has, and the beginning of one that it has. All of them
/// have to be.
pub(super) fn check_collected(
    logs: &Twins,
    collected: &dyn Collected,
) -> Result<Vec<ReleasedLog>, KeyProblem> {
    let has = |bytes: &Vec<u8>| collected.is_collected(&hash_file(bytes));
    let covered = |twins: &Vec<Vec<u8>>| {
        twins
            .iter()
            .all(|bytes| has(bytes) || twins.iter().any(|whole| has(whole) && whole.starts_with(bytes)))
    };
    let missing: Vec<String> =
        logs.iter().filter(|(_, twins)| !covered(twins)).map(|(name, _)| name.clone()).collect();
    if !missing.is_empty() {
        return Err(KeyProblem::NotCollected(missing));
    }
    let files =
        logs.iter().flat_map(|(name, twins)| twins.iter().map(move |bytes| ReleasedLog::of(name, bytes)));
    let mut files: Vec<ReleasedLog> = files.collect();
    files.dedup();
    Ok(files)
}

/// Signs for logs that were collected.
pub(super) fn release(
    texts: &Texts,
    organisation: &OpenOrganisation,
    stick: &Path,
    logs: Vec<ReleasedLog>,
    today: &Day,
) -> Result<String, KeyProblem> {
    let names: BTreeSet<&str> = logs.iter().map(|log| log.file.as_str()).collect();
    let count = names.len().to_string();
    let release = Release {
        organisation_key: organisation.root.public(),
        organisation: organisation.document.name.clone(),
        issued: today.clone(),
        logs,
    };
    let release = Signed::sign(release, &organisation.root)?;
    files::replace(&stick.join(LOG_FOLDER).join(RELEASE_FILE), &release.bytes(), Readers::All)?;
    Ok(fill(texts.keys.released, &[("logs", &count)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::folder::OpenOrganisation;
    use crate::texts::Language;
    use record::{Organisation, RootKey, Validity, sign_organisation};

    struct Has(Vec<EntryHash>);

    impl Collected for Has {
        fn is_collected(&self, sha256: &EntryHash) -> bool {
            self.0.contains(sha256)
        }
    }

    fn day(text: &str) -> Day {
        Day::try_from(text.to_owned()).unwrap()
    }

    fn office() -> OpenOrganisation {
        let root = RootKey::from_seed(&[7; 32]);
        let valid = Validity { from: day("2026-04-01"), until: day("2027-04-30") };
        let about = Organisation {
            name: "架空市".into(),
            fiscal_year: 2026,
            public_key: root.public(),
            valid,
            previous: None,
        };
        OpenOrganisation { document: sign_organisation(about, &root, None).unwrap(), root }
    }

    fn stick(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(LOG_FOLDER).join(COPY_FOLDER)).unwrap();
        for (name, bytes) in files {
            fs::write(root.path().join(LOG_FOLDER).join(name), bytes).unwrap();
        }
        root
    }

    fn missing(files: &[(&str, &[u8])], has: &[&[u8]]) -> Vec<String> {
        let collected = Has(has.iter().map(|bytes| hash_file(bytes)).collect());
        match check_collected(&logs(stick(files).path()).unwrap(), &collected) {
            Ok(_) => Vec::new(),
            Err(KeyProblem::NotCollected(names)) => names,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_what_was_collected_byte_for_byte_is_released() {
        let [one, two]: [(&str, &[u8]); 2] = [("a.jsonl", b"one\n"), ("b.jsonl", b"two\n")];
        assert!(missing(&[one, two], &[b"one\n", b"two\n"]).is_empty());
        assert_eq!(missing(&[one, two], &[b"one\n"]), ["b.jsonl"]);
        assert_eq!(missing(&[one, two], &[]), ["a.jsonl", "b.jsonl"]);
        let torn: (&str, &[u8]) = ("COPY/a.copy", b"on");
        assert!(missing(&[one, torn], &[b"one\n"]).is_empty(), "the beginning of what was collected");
        let more: (&str, &[u8]) = ("COPY/a.copy", b"one\nmore");
        assert_eq!(missing(&[one, more], &[b"one\n"]), ["a.jsonl"], "its copy says more");
        assert!(missing(&[one, more], &[b"one\nmore"]).is_empty());
        assert_eq!(missing(&[("COPY/c.copy", b"three")], &[]), ["c.jsonl"], "a copy alone is a log");
    }

    #[test]
    fn a_release_is_signed_and_covers_the_stick_it_was_made_of() {
        let files: [(&str, &[u8]); 2] = [("a.jsonl", b"one\n"), ("COPY/a.copy", b"one\n")];
        let (root, office) = (stick(&files), office());
        let collected = Has(vec![hash_file(b"one\n")]);
        let found = check_collected(&logs(root.path()).unwrap(), &collected).unwrap();
        let said = release(Language::En.texts(), &office, root.path(), found, &day("2026-11-28")).unwrap();
        assert!(said.contains("All 1 logs"), "{said}");
        let bytes = fs::read(root.path().join(LOG_FOLDER).join(RELEASE_FILE)).unwrap();
        let release = office.document.signed::<Release>(&bytes).unwrap();
        assert!(release.covers([("a.jsonl", b"one\n" as &[u8])]));
        assert!(!release.covers([("a.jsonl", b"one\nmore" as &[u8])]));
    }
}
