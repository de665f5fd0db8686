//! `export` and `backup`: the ledger for others, and for the day it is lost.

use super::certify;
use super::desk::{Desk, Trouble, shown};
use crate::certificate::batch::Batch;
use crate::command::Conclusion;
use crate::export::{self, ExportError};
use crate::texts::fill;
use std::io;
use std::path::Path;

pub(super) fn export(desk: &Desk, folder: &Path) -> Result<Conclusion, Trouble> {
    let store = desk.open()?;
    let path = folder.to_string_lossy();
    let (batch, gathered) = (Batch::of_pages(desk.language), certify::all(desk, &store)?);
    let documents = batch.documents(&gathered);
    let certificates = batch.files(&gathered, &documents);
    let certificates = certificates.map(|file| file.map_err(|told| io::Error::other(told.what)));
    let files = export::export(&store, folder, certificates).map_err(|error| match error {
        ExportError::Exists => desk.problem(desk.words.exists, &[("path", &path)]),
        ExportError::Store(error) => Trouble::Store(error),
        ExportError::Differs(file) => desk.problem(desk.words.written_otherwise, &[("path", &file)]),
        ExportError::Io(error) => {
            desk.problem(desk.words.not_written, &[("path", &path), ("detail", &error.to_string())])
        }
    })?;
    let values = [("path", shown(folder)), ("count", files.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(Conclusion::Good(fill(desk.words.exported, &values) + "\n"))
}

pub(super) fn backup(desk: &Desk, file: &Path) -> Result<Conclusion, Trouble> {
    let files = desk.open()?.backup(file)?;
    let values = [("path", shown(file)), ("count", files.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(Conclusion::Good(fill(desk.words.backed_up, &values) + "\n"))
}
