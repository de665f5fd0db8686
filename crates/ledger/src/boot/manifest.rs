//! The manifest of a release: what a boot stick of it must be.

use super::problem::BootProblem;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// The version of the manifest that is read.
const FORMAT: &str = "massho-image/1";
/// A longer file is none.
const LONGEST: u64 = 1 << 20;

/// The manifest of a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Manifest {
    format: String,
    /// The version of massho.
    pub(super) version: String,
    /// The commit of its source.
    pub(super) commit: String,
    /// `locked`, if every Debian package was the one that the source names; else `unlocked`.
    pub(super) packages: String,
    /// The name of the image: a hash over all that runs, as it stands in every log.
    pub(super) image: String,
    /// The whole file as it was released.
    pub(super) file: Whole,
    /// All of it that never changes.
    pub(super) fixed: Fixed,
    /// The files, for a stick to which they were copied.
    pub(super) files: Vec<Listed>,
}

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Whole {
    /// Bytes.
    pub(super) len: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

/// What lies before the organisation's partition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Fixed {
    /// Bytes.
    pub(super) len: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
    /// Bytes 440 to 443, the disk's signature: the only ones that Windows may write.
    #[serde(deserialize_with = "four_bytes")]
    pub(super) disk_signature: [u8; 4],
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Listed {
    /// From the medium's top folder, with slashes.
    pub(super) path: String,
    /// In hexadecimal.
    pub(super) sha256: String,
}

impl Manifest {
    /// Reads a manifest.
    pub(super) fn read(path: &Path) -> Result<Self, BootProblem> {
        let unreadable = |error| BootProblem::Unreadable(path.to_owned(), error);
        if fs::metadata(path).map_err(unreadable)?.len() > LONGEST {
            return Err(BootProblem::NoManifest(path.to_owned(), "too long".into()));
        }
        let bytes = fs::read(path).map_err(unreadable)?;
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| BootProblem::NoManifest(path.to_owned(), error.to_string()))?;
        // A file from outside: its words go to a terminal.
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._+~-".contains(c));
        let words = [&manifest.version, &manifest.commit, &manifest.packages, &manifest.image];
        let hashes = manifest.files.iter().map(|file| &file.sha256).chain([&manifest.fixed.sha256]);
        if words.into_iter().chain(hashes).any(|text| !plain(text)) {
            return Err(BootProblem::NoManifest(path.to_owned(), "its words are none of massho's".into()));
        }
        match manifest.format.as_str() {
            FORMAT => Ok(manifest),
            other => Err(BootProblem::NoManifest(path.to_owned(), format!("format {other}"))),
        }
    }
}

fn four_bytes<'de, D: serde::Deserializer<'de>>(source: D) -> Result<[u8; 4], D::Error> {
    let text = String::deserialize(source)?;
    let number = (text.len() == 8).then(|| u32::from_str_radix(&text, 16).ok()).flatten();
    number.map(u32::to_be_bytes).ok_or_else(|| serde::de::Error::custom("not four bytes in hexadecimal"))
}
