//! Results sticks: prepared, revoked.

use super::files::{self, Readers};
use super::folder::{Folder, OpenOrganisation};
use super::problem::KeyProblem;
use crate::escape::for_terminal;
use crate::texts::{Texts, fill};
use lists::{ASSETS_FILE, Column, NAMES_FILE, Names};
use record::{
    Day, Hex, JOBS_FILE, JobList, LOG_FOLDER, OFFICE_FOLDER, Organisation, POLICY_FILE, Revocation,
    RevocationReason, Revocations, STICK_FILE, STICK_KEY_FILE, SealedKey, Signed, StickCertificate,
    StickFile, StickKey, Validity, hash_file, new_stick_id,
};
use std::fs;
use std::io;
use std::path::Path;

/// A list of the office's is no longer: it is read on a PC of 512 MB.
const LONGEST: usize = 16 << 20;

/// What the office puts on a stick, by where it is now.
pub(super) struct Files<'a> {
    pub(super) office: Option<&'a Path>,
    pub(super) assets: Option<&'a Path>,
    pub(super) policy: Option<&'a Path>,
    pub(super) jobs: Option<&'a Path>,
}

/// The same, by what it will be called there.
pub(super) type Contents = Vec<(&'static str, Vec<u8>)>;

/// The days of a certificate.
pub(super) struct Days {
    pub(super) today: Day,
    /// The last one, where it is not the organisation's.
    pub(super) until: Option<Day>,
}

impl Files<'_> {
    /// Reads and checks each.
    pub(super) fn read(&self) -> Result<Contents, KeyProblem> {
        let mut contents = Vec::new();
        let known = [
            (NAMES_FILE, self.office),
            (ASSETS_FILE, self.assets),
            (POLICY_FILE, self.policy),
            (JOBS_FILE, self.jobs),
        ];
        for (name, path) in known {
            let Some(path) = path else { continue };
            let bytes = files::read(path, LONGEST)?;
            check(name, &bytes).map_err(|detail| KeyProblem::OfficeFile { file: path.to_owned(), detail })?;
            contents.push((name, bytes));
        }
        Ok(contents)
    }
}

/// Whether an appliance could use that file. A rule table is refused here rather than there.
fn check(name: &str, bytes: &[u8]) -> Result<(), String> {
    let text = || str::from_utf8(bytes).map_err(|error| error.to_string());
    match name {
        NAMES_FILE => Names::read(text()?).map(drop).map_err(|error| for_terminal(&error.to_string())),
        ASSETS_FILE => {
            let list = lists::read(bytes, &[]).map_err(|error| error.to_string())?;
            let numbered = list.columns.contains_key(&Column::Asset);
            numbered.then_some(()).ok_or_else(|| "it has no column of asset numbers (資産管理番号)".into())
        }
        POLICY_FILE => policy::Table::signed(text()?).map(drop).map_err(|error| error.to_string()),
        _ => Ok(()),
    }
}

/// Whether an appliance with the organisation's key would take the job list.
pub(super) fn check_jobs(
    contents: &Contents,
    organisation: &Signed<Organisation>,
    today: &Day,
) -> Result<(), KeyProblem> {
    let Some((_, bytes)) = contents.iter().find(|(name, _)| *name == JOBS_FILE) else { return Ok(()) };
    let refused = |detail: String| KeyProblem::OfficeFile { file: JOBS_FILE.into(), detail };
    let list = organisation.signed::<JobList>(bytes).map_err(|fault| refused(fault.to_string()))?;
    list.check().map_err(|fault| refused(fault.to_string()))?;
    if *today > list.valid.until {
        return Err(refused(format!("it was valid until {}", list.valid.until)));
    }
    Ok(())
}

/// Whether the stick is mounted there, and is nobody's yet.
pub(super) fn check_empty(stick: &Path) -> Result<(), KeyProblem> {
    if !stick.is_dir() {
        return Err(KeyProblem::NoStick(stick.to_owned()));
    }
    let folder = stick.join(OFFICE_FOLDER);
    if folder.join(STICK_FILE).exists() { Err(KeyProblem::Prepared(folder)) } else { Ok(()) }
}

/// Makes a stick the organisation's. The certificate comes last: a stick without it is a blank one.
pub(super) fn prepare(
    texts: &Texts,
    organisation: &OpenOrganisation,
    stick: &Path,
    contents: Contents,
    days: &Days,
    passphrase: &str,
) -> Result<String, KeyProblem> {
    let document = &organisation.document;
    let valid = Validity {
        from: days.today.clone().max(document.valid.from.clone()),
        until: days.until.clone().unwrap_or_else(|| document.valid.until.clone()),
    };
    if !valid.is_possible() || !document.valid.encloses(&valid) {
        return Err(KeyProblem::NoDay);
    }
    let key = StickKey::generate()?;
    let listed =
        |(name, bytes): &(&str, Vec<u8>)| StickFile { name: (*name).to_owned(), sha256: hash_file(bytes) };
    let certificate = StickCertificate {
        stick: new_stick_id()?,
        public_key: key.public(),
        organisation_key: organisation.root.public(),
        organisation: document.name.clone(),
        issued: days.today.clone(),
        valid,
        files: contents.iter().map(listed).collect(),
    };
    let certificate = Signed::sign(certificate, &organisation.root)?;
    let sealed = SealedKey::seal_stick(&key, passphrase)?;
    let folder = stick.join(OFFICE_FOLDER);
    make_folder(&folder)?;
    for (name, bytes) in &contents {
        files::replace(&folder.join(name), bytes, Readers::All)?;
    }
    files::replace(&folder.join(STICK_KEY_FILE), &sealed.bytes(), Readers::Owner)?;
    files::replace(&folder.join(STICK_FILE), &certificate.bytes(), Readers::All)?;
    Ok(about(texts, stick, &certificate))
}

fn make_folder(folder: &Path) -> Result<(), KeyProblem> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(KeyProblem::Unwritable(folder.to_owned(), error))
        }
        _ => Ok(()),
    }
}

fn about(texts: &Texts, stick: &Path, certificate: &StickCertificate) -> String {
    let mut files: Vec<&str> = certificate.files.iter().map(|file| file.name.as_str()).collect();
    files.push(STICK_KEY_FILE);
    // What was on it before stays: sessions of a blank stick count on under its own name.
    let logs = if stick.join(LOG_FOLDER).is_dir() { texts.keys.prepared_logs } else { "" };
    let fields = [
        ("stick", certificate.stick.to_string()),
        ("from", certificate.valid.from.to_string()),
        ("until", certificate.valid.until.to_string()),
        ("files", files.join(", ")),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(texts.keys.prepared, &fields) + logs
}

/// Puts a stick on the list of revoked ones.
pub(super) fn revoke(
    texts: &Texts,
    organisation: &OpenOrganisation,
    folder: &Folder,
    stick: &str,
    (reason, since): (RevocationReason, Day),
    today: &Day,
) -> Result<String, KeyProblem> {
    let stick = Hex::parse(&stick.trim().to_ascii_lowercase()).map_err(|_| KeyProblem::NoStickName)?;
    let before = folder.revocations(&organisation.document)?;
    let (number, mut sticks) = before.map_or((0, Vec::new()), |list| (list.number, list.sticks.clone()));
    if sticks.iter().any(|revocation| revocation.stick == stick) {
        return Err(KeyProblem::Revoked);
    }
    sticks.push(Revocation { stick, since, reason });
    let list = Revocations {
        organisation_key: organisation.root.public(),
        organisation: organisation.document.name.clone(),
        number: number.saturating_add(1),
        issued: today.clone(),
        sticks,
    };
    let path = folder.put_revocations(&Signed::sign(list, &organisation.root)?)?;
    let fields = [("stick", stick.to_string()), ("path", for_terminal(&path.to_string_lossy()))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(fill(texts.keys.revoked, &fields))
}
