//! Small state that outlives a drive's process, as TOML files next to its backing file.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use std::path::{Path, PathBuf};

/// Why kept state cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Reading the file.
    #[error("cannot be read")]
    Read(#[source] io::Error),
    /// Its text means nothing here.
    #[error("{0}")]
    Parse(String),
}

/// The name of a file next to another: `drive.raw` and `ata` make `drive.raw.ata`.
#[must_use]
pub fn beside(backing: &Path, extension: &str) -> PathBuf {
    let mut name = backing.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Keeps a value. Whoever is killed meanwhile leaves the old value or the new one.
///
/// # Errors
/// What the file system says; a value that TOML cannot express is one too.
pub fn keep(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let text = toml::to_string(value).map_err(io::Error::other)?;
    let new = beside(path, "new");
    std::fs::write(&new, text)?;
    std::fs::rename(&new, path)
}

/// Loads a value that was kept.
///
/// # Errors
/// [`LoadError`].
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<T, LoadError> {
    let text = std::fs::read_to_string(path).map_err(LoadError::Read)?;
    toml::from_str(&text).map_err(|error| LoadError::Parse(error.to_string()))
}
