//! The folder with an organisation's files.

use super::files::{self, Readers};
use super::problem::KeyProblem;
use record::{
    LONGEST_PAPER, ORGANISATION_FILE, Organisation, REVOCATIONS_FILE, Revocations, RootKey, SealedKey, Signed,
};
use std::path::{Path, PathBuf};

/// The sealed root key's file.
const ROOT_FILE: &str = "massho-root.key";
/// A sealed key is no longer.
const LONGEST_KEY: usize = 4096;

/// The folder.
pub(super) struct Folder(PathBuf);

/// An organisation whose key is open.
pub(super) struct OpenOrganisation {
    pub(super) document: Signed<Organisation>,
    pub(super) root: RootKey,
}

/// Keeps a file under another name, where an attempt that was interrupted may have kept it already.
fn keep(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), KeyProblem> {
    match files::create(path, bytes, readers) {
        Err(KeyProblem::AlreadyThere(_)) if files::read(path, LONGEST_PAPER)? == bytes => Ok(()),
        other => other,
    }
}

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// `massho-root-2026.key`: where a year's file stays when the next year's takes its place.
    fn of_year(&self, name: &str, year: u32) -> PathBuf {
        let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
        self.file(&format!("{stem}-{year}.{suffix}"))
    }

    /// Whether there is nothing of an organisation yet.
    pub(super) fn check_free(&self) -> Result<(), KeyProblem> {
        let taken =
            [ROOT_FILE, ORGANISATION_FILE].into_iter().map(|name| self.file(name)).find(|path| path.exists());
        taken.map_or(Ok(()), |path| Err(KeyProblem::AlreadyThere(path)))
    }

    /// Whether the root key's file is missing.
    pub(super) fn check_no_key(&self) -> Result<(), KeyProblem> {
        let path = self.file(ROOT_FILE);
        if path.exists() { Err(KeyProblem::AlreadyThere(path)) } else { Ok(()) }
    }

    /// The organisation's document.
    pub(super) fn organisation(&self) -> Result<Signed<Organisation>, KeyProblem> {
        let path = self.file(ORGANISATION_FILE);
        if !path.exists() {
            return Err(KeyProblem::NoOrganisation(self.0.clone()));
        }
        let bytes = files::read(&path, LONGEST_PAPER)?;
        Signed::<Organisation>::read(&bytes).map_err(|fault| KeyProblem::Document(path, fault))
    }

    /// The organisation with its key.
    pub(super) fn open(&self, passphrase: &str) -> Result<OpenOrganisation, KeyProblem> {
        let document = self.organisation()?;
        let sealed = SealedKey::read(&files::read(&self.file(ROOT_FILE), LONGEST_KEY)?)?;
        let root = sealed.open_root(passphrase)?;
        if root.public() == document.public_key {
            Ok(OpenOrganisation { document, root })
        } else {
            Err(KeyProblem::OtherKey)
        }
    }

    /// Puts a new organisation there.
    pub(super) fn begin(&self, document: &Signed<Organisation>, key: &SealedKey) -> Result<(), KeyProblem> {
        self.put_key(key)?;
        files::create(&self.file(ORGANISATION_FILE), &document.bytes(), Readers::All)
    }

    /// Puts a root key there.
    pub(super) fn put_key(&self, key: &SealedKey) -> Result<(), KeyProblem> {
        files::create(&self.file(ROOT_FILE), &key.bytes(), Readers::Owner)
    }

    /// Keeps the present year's files under its name, then puts the next year's in their place.
    pub(super) fn rotate(
        &self,
        present: &Signed<Organisation>,
        document: &Signed<Organisation>,
        key: &SealedKey,
    ) -> Result<(), KeyProblem> {
        let sealed = files::read(&self.file(ROOT_FILE), LONGEST_KEY)?;
        keep(&self.of_year(ROOT_FILE, present.fiscal_year), &sealed, Readers::Owner)?;
        keep(&self.of_year(ORGANISATION_FILE, present.fiscal_year), &present.bytes(), Readers::All)?;
        files::replace(&self.file(ROOT_FILE), &key.bytes(), Readers::Owner)?;
        files::replace(&self.file(ORGANISATION_FILE), &document.bytes(), Readers::All)
    }

    /// The list of revoked sticks, if there is one.
    pub(super) fn revocations(
        &self,
        organisation: &Signed<Organisation>,
    ) -> Result<Option<Signed<Revocations>>, KeyProblem> {
        let path = self.file(REVOCATIONS_FILE);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = files::read(&path, LONGEST_PAPER)?;
        organisation.signed(&bytes).map(Some).map_err(|fault| KeyProblem::Document(path, fault))
    }

    /// Puts a longer list of revoked sticks there.
    pub(super) fn put_revocations(&self, list: &Signed<Revocations>) -> Result<PathBuf, KeyProblem> {
        let path = self.file(REVOCATIONS_FILE);
        files::replace(&path, &list.bytes(), Readers::All)?;
        Ok(path)
    }
}
