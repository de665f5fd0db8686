//! What an auditor gets: the original bytes, what people said, the format, a verifier that is not this program, and a
//! manifest that `sha256sum -c` reads.

use crate::sheet;
use crate::store::{Store, StoreError};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const FORMAT: &str = include_str!("../../record/FORMAT.md");
const VERIFIER: &str = include_str!("../../record/tests/verify.py");
const README: &str = include_str!("export.md");

/// Why nothing whole was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder is there already.
    #[error("the folder is there already")]
    Exists,
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file does not read back as it was written.
    #[error("{0} does not read back as it was written")]
    Differs(String),
    /// A file cannot be written.
    #[error("a file cannot be written")]
    Io(#[from] io::Error),
}

/// A file to be written: its name, and its bytes.
pub type Named = io::Result<(String, Vec<u8>)>;

/// Writes the folder, these certificates among the rest; how many files. The manifest comes last, so that a folder without one is an unfinished one.
///
/// # Errors
/// [`ExportError`]
pub fn export(
    store: &Store,
    folder: &Path,
    certificates: impl Iterator<Item = Named>,
) -> Result<usize, ExportError> {
    fs::create_dir(folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ExportError::Exists,
        _ => ExportError::Io(error),
    })?;
    let mut out = Out { folder: folder.to_owned(), names: BTreeSet::new(), sums: Vec::new() };
    for file in store.files()? {
        let bytes = store.bytes(&file)?;
        let name = out.free("logs", &file.name, &file.sha256);
        out.write(&name, &bytes)?;
    }
    for attachment in store.attachments()? {
        let bytes = store.attachment_bytes(&attachment)?;
        let name = out.free("attachments", &attachment.name, &attachment.sha256);
        out.write(&name, &bytes)?;
    }
    for document in store.documents()? {
        let name = out.free("documents", &document.name, &document.sha256);
        out.write(&name, &document.bytes)?;
    }
    for file in certificates {
        let (name, bytes) = file?;
        out.write(&format!("certificates/{name}"), &bytes)?;
    }
    for (table, rows) in store.tables()? {
        out.write(&format!("said/{table}.csv"), &sheet::bytes(&rows)?)?;
    }
    out.write("FORMAT.md", FORMAT.as_bytes())?;
    out.write("verify.py", VERIFIER.as_bytes())?;
    out.write("README.md", README.as_bytes())?;
    out.finish()
}

struct Out {
    folder: PathBuf,
    names: BTreeSet<String>,
    sums: Vec<(String, [u8; 32])>,
}

impl Out {
    /// The name that a file has in the folder: its own, made harmless, and its hash where that is taken.
    fn free(&mut self, under: &str, name: &str, sha256: &[u8; 32]) -> String {
        let safe: String = name.chars().map(|c| if is_harmless(c) { c } else { '_' }).collect();
        let safe = safe.trim_start_matches('.');
        let plain = format!("{under}/{safe}");
        let taken = safe.is_empty() || self.names.contains(&plain.to_lowercase());
        let hash: String = sha256.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let chosen = match safe.rsplit_once('.') {
            _ if !taken => plain,
            Some((stem, suffix)) => format!("{under}/{stem}~{hash}.{suffix}"),
            None => format!("{under}/{safe}~{hash}"),
        };
        self.names.insert(chosen.to_lowercase());
        chosen
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = File::create_new(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.sums.push((name.to_owned(), Sha256::digest(bytes).into()));
        Ok(())
    }

    fn finish(mut self) -> Result<usize, ExportError> {
        for (name, sum) in &self.sums {
            let there: [u8; 32] = Sha256::digest(fs::read(self.folder.join(name))?).into();
            if there != *sum {
                return Err(ExportError::Differs(name.clone()));
            }
        }
        let line = |(name, sum): &(String, [u8; 32])| {
            let digits: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{digits}  {name}\n")
        };
        let manifest: String = self.sums.iter().map(line).collect();
        self.write("MANIFEST.sha256", manifest.as_bytes())?;
        Ok(self.sums.len())
    }
}

fn is_harmless(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '~')
}
