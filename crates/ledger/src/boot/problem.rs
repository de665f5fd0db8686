//! Why nothing was done with a boot stick, in two sentences each.

use crate::problems::{Told, tell};
use crate::texts::Texts;
use record::{Day, PaperFault};
use std::io;
use std::path::{Path, PathBuf};

/// Why nothing was done with a boot stick.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BootProblem {
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("{0} cannot be written")]
    Unwritable(PathBuf, #[source] io::Error),
    #[error("{0} gives back other bytes than were written")]
    ReadBack(PathBuf),
    #[error("{0} is no manifest: {1}")]
    NoManifest(PathBuf, String),
    #[error("{0} is no boot stick")]
    NoBootStick(PathBuf),
    #[error("{0} is not the document it should be")]
    Document(PathBuf, #[source] PaperFault),
    #[error("the key does not count today")]
    NotToday { from: Day, until: Day },
    #[error("{0} is no device")]
    NoDevice(PathBuf),
    #[error("{0} is a partition")]
    Partition(PathBuf),
    #[error("{0} is not removable")]
    NotRemovable(PathBuf),
    #[error("{0} is write-protected")]
    ReadOnly(PathBuf),
    #[error("{0} is in use")]
    InUse(PathBuf),
    #[error("{0} holds {1} records")]
    HoldsRecords(PathBuf, usize),
    #[error("{0} has a filesystem that cannot be read")]
    Unchecked(PathBuf),
    #[error("{path} has {len} bytes, {needed} are needed")]
    TooSmall { path: PathBuf, len: u64, needed: u64 },
    #[error("it was not confirmed")]
    NotConfirmed,
}

impl BootProblem {
    /// Both sentences, in a language.
    pub(crate) fn tell(&self, texts: &Texts) -> Told {
        let boot = texts.boot;
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let named = |problem, file: &Path| tell(problem, &[("path", &path(file))]);
        let with = |problem, file: &Path, detail: &dyn std::fmt::Display| {
            tell(problem, &[("path", &path(file)), ("detail", &detail.to_string())])
        };
        match self {
            Self::Unreadable(file, error) => with(texts.path_unreadable, file, error),
            Self::Unwritable(file, error) => with(texts.keys.unwritable, file, error),
            Self::ReadBack(file) => named(boot.read_back, file),
            Self::NoManifest(file, detail) => with(boot.no_manifest, file, detail),
            Self::NoBootStick(file) => named(boot.no_boot_stick, file),
            Self::Document(file, fault) => with(texts.keys.document, file, fault),
            Self::NotToday { from, until } => {
                tell(boot.not_today, &[("from", &from.to_string()), ("until", &until.to_string())])
            }
            Self::NoDevice(file) => named(boot.no_device, file),
            Self::Partition(file) => named(boot.partition, file),
            Self::NotRemovable(file) => named(boot.not_removable, file),
            Self::ReadOnly(file) => named(boot.read_only, file),
            Self::InUse(file) => named(boot.in_use, file),
            Self::HoldsRecords(file, count) => with(boot.holds_records, file, count),
            Self::Unchecked(file) => named(boot.unchecked, file),
            Self::TooSmall { path: file, len, needed } => tell(
                boot.too_small,
                &[("path", &path(file)), ("len", &len.to_string()), ("needed", &needed.to_string())],
            ),
            Self::NotConfirmed => tell(boot.not_confirmed, &[]),
        }
    }
}
