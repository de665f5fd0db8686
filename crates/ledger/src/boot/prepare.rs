//! Putting the office's documents on a boot stick.

use super::device;
use super::documents::Documents;
use super::medium::Medium;
use super::problem::BootProblem;
use crate::escape::for_terminal;
use crate::texts::{Texts, fill};
use std::fs::{self, File};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// Prepares what is at the path: a stick, an image's file, or a mounted stick's folder.
pub(super) fn prepare(texts: &Texts, target: &Path, documents: &Documents) -> Result<String, BootProblem> {
    documents.check_day()?;
    let about = fs::metadata(target).map_err(|error| BootProblem::Unreadable(target.to_owned(), error))?;
    let medium = if about.is_dir() {
        Medium::in_folder(target)?
    } else if about.file_type().is_block_device() {
        Medium::on_disk(device::open_alone(target)?, target)?
    } else {
        let file = File::options().read(true).write(true).open(target);
        Medium::on_disk(file.map_err(|error| BootProblem::Unwritable(target.to_owned(), error))?, target)?
    };
    put(texts, &medium, documents)
}

/// Puts the documents there, and says whose.
pub(super) fn put(texts: &Texts, medium: &Medium, documents: &Documents) -> Result<String, BootProblem> {
    for (name, bytes) in documents.files() {
        medium.put(name, bytes.as_deref())?;
    }
    let organisation = &documents.organisation;
    let revoked = documents.revocations.as_ref().map_or(0, |list| list.sticks.len());
    let values = [
        ("name", for_terminal(&organisation.name)),
        ("year", organisation.fiscal_year.to_string()),
        ("fingerprint", organisation.public_key.fingerprint().to_string()),
        ("revoked", revoked.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(fill(texts.boot.prepared, &values))
}
