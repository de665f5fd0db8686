//! Holding a boot stick against the manifest of a release, and against the office's key.

use super::documents::Documents;
use super::manifest::Manifest;
use super::medium::Medium;
use super::problem::BootProblem;
use crate::escape::for_terminal;
use crate::problems::{Told, tell};
use crate::texts::{Texts, fill};
use record::{ORGANISATION_FILE, Organisation, REVOCATIONS_FILE, Signed};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Where the disk's signature lies in the MBR.
const SIGNATURE: std::ops::Range<usize> = 440..444;
const CHUNK: usize = 1 << 20;
/// Folders of a stick to which the files were copied in which nothing else may lie: the firmware or the boot loader might
/// take it for its own.
const BOOT_FOLDERS: [&str; 2] = ["EFI", "boot"];

/// What a check came to.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is as it should be, or worth knowing.
    said: Vec<String>,
    /// What is not.
    wrong: Vec<Told>,
}

impl Findings {
    pub(super) fn is_good(&self) -> bool {
        self.wrong.is_empty()
    }

    /// All of it as text.
    pub(super) fn text(&self) -> String {
        let wrong = self.wrong.iter().map(crate::print::told);
        wrong.chain(self.said.iter().map(|said| format!("{said}\n"))).collect()
    }
}

/// Checks a stick, an image's file, or the folder of a stick to which the files were copied.
pub(super) fn check(
    texts: &Texts,
    target: &Path,
    manifest: &Manifest,
    documents: Option<&Documents>,
) -> Result<Findings, BootProblem> {
    let unreadable = |error| BootProblem::Unreadable(target.to_owned(), error);
    let mut findings = Findings::default();
    let medium = if fs::metadata(target).map_err(unreadable)?.is_dir() {
        let medium = Medium::in_folder(target)?;
        check_files(texts, target, manifest, &mut findings).map_err(unreadable)?;
        medium
    } else {
        let mut disk = File::open(target).map_err(unreadable)?;
        let medium = Medium::on_disk(disk.try_clone().map_err(unreadable)?, target)?;
        check_bytes(texts, &mut disk, manifest, &mut findings).map_err(unreadable)?;
        medium
    };
    let image = medium.image()?;
    if image != manifest.image {
        findings
            .wrong
            .push(tell(texts.boot.other_image, &[("found", &image), ("expected", &manifest.image)]));
    }
    if manifest.packages != "locked" {
        findings.said.push(texts.boot.unlocked.to_owned());
    }
    check_documents(texts, &medium, documents, &mut findings)?;
    // The firmware may start what lies on any FAT partition.
    let strangers = medium.strangers(&[ORGANISATION_FILE, REVOCATIONS_FILE])?;
    findings.wrong.extend(strangers.iter().map(|file| tell(texts.boot.stranger, &[("file", file)])));
    findings.said.push(texts.boot.not_proven.to_owned());
    Ok(findings)
}

/// All bytes before the organisation's partition.
fn check_bytes(
    texts: &Texts,
    disk: &mut File,
    manifest: &Manifest,
    findings: &mut Findings,
) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    disk.seek(SeekFrom::Start(0))?;
    let (mut as_is, mut signed_anew) = (Sha256::new(), Sha256::new());
    let mut left = manifest.fixed.len;
    let mut first = true;
    while left > 0 {
        let mut bytes = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
        match disk.read_exact(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                findings.wrong.push(tell(texts.boot.too_short, &[("len", &manifest.fixed.len.to_string())]));
                return Ok(());
            }
            other => other?,
        }
        as_is.update(&bytes);
        if first && let Some(signature) = bytes.get_mut(SIGNATURE) {
            signature.copy_from_slice(&manifest.fixed.disk_signature);
        }
        signed_anew.update(&bytes);
        left -= bytes.len() as u64;
        first = false;
    }
    let values = [
        ("version", manifest.version.as_str()),
        ("commit", manifest.commit.as_str()),
        ("len", &manifest.fixed.len.to_string()),
        ("sha256", manifest.fixed.sha256.as_str()),
    ];
    if hexadecimal(as_is) == manifest.fixed.sha256 {
        findings.said.push(fill(texts.boot.as_released, &values));
    } else if hexadecimal(signed_anew) == manifest.fixed.sha256 {
        findings.said.push(fill(texts.boot.as_released_signature, &values));
    } else {
        findings.wrong.push(tell(texts.boot.altered, &values));
    }
    Ok(())
}

/// Every file of the release, and what else lies where the firmware or the boot loader looks.
fn check_files(texts: &Texts, root: &Path, manifest: &Manifest, findings: &mut Findings) -> io::Result<()> {
    let mut differing = 0;
    for file in &manifest.files {
        let problem = match fs::read(root.join(&file.path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => texts.boot.file_missing,
            Err(error) => return Err(error),
            Ok(bytes) if hexadecimal(Sha256::new_with_prefix(&bytes)) == file.sha256 => continue,
            Ok(_) => texts.boot.file_altered,
        };
        differing += 1;
        findings.wrong.push(tell(problem, &[("file", &file.path)]));
    }
    for folder in BOOT_FOLDERS {
        for found in walk(&root.join(folder))? {
            let found = found.strip_prefix(root).unwrap_or(&found).to_string_lossy().into_owned();
            if !manifest.files.iter().any(|file| file.path.eq_ignore_ascii_case(&found)) {
                findings.wrong.push(tell(texts.boot.file_foreign, &[("file", &found)]));
            }
        }
    }
    if differing == 0 {
        let count = manifest.files.len().to_string();
        let values =
            [("version", manifest.version.as_str()), ("commit", manifest.commit.as_str()), ("count", &count)];
        findings.said.push(fill(texts.boot.files_as_released, &values));
    }
    Ok(())
}

fn walk(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        // A link is a file here: it is not followed in circles.
        if entry.file_type()?.is_dir() {
            found.extend(walk(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Whose key is on it, and whether that is the office's.
fn check_documents(
    texts: &Texts,
    medium: &Medium,
    documents: Option<&Documents>,
    findings: &mut Findings,
) -> Result<(), BootProblem> {
    let Some(bytes) = medium.read(ORGANISATION_FILE)? else {
        match documents {
            Some(_) => findings.wrong.push(tell(texts.boot.key_missing, &[])),
            None => findings.said.push(texts.boot.keyless.to_owned()),
        }
        return Ok(());
    };
    let organisation = match Signed::<Organisation>::read(&bytes) {
        Ok(organisation) => organisation,
        Err(fault) => {
            findings.wrong.push(tell(texts.boot.key_unusable, &[("detail", &fault.to_string())]));
            return Ok(());
        }
    };
    let fingerprint = organisation.public_key.fingerprint().to_string();
    let name = for_terminal(&organisation.name);
    let values = [("name", name.as_str()), ("fingerprint", fingerprint.as_str())];
    let Some(documents) = documents else {
        findings.said.push(fill(texts.boot.key_there, &values));
        return Ok(());
    };
    if organisation.bytes() != documents.organisation.bytes() {
        findings.wrong.push(tell(texts.boot.key_other, &values));
        return Ok(());
    }
    let revocations = documents.revocations.as_ref().map(Signed::bytes);
    if medium.read(REVOCATIONS_FILE)? != revocations {
        findings.wrong.push(tell(texts.boot.revocations_other, &[]));
    }
    findings.said.push(fill(texts.boot.key_yours, &values));
    Ok(())
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
