//! What the office put on a results stick, and whether it is as it was put there.

use super::{Authority, JobsFile};
use lists::{ASSETS_FILE, AssetList, NAMES_FILE, Names};
use policy::{Table, TableError};
use record::{
    Credential, Day, EntryHash, JOBS_FILE, KeyOrigin, LONGEST_PAPER, OFFICE_FOLDER, Open, POLICY_FILE,
    PaperFault, PublicKey, STICK_FILE, STICK_KEY_FILE, SealedKey, Signed, StickCertificate, StickKey,
    TableOrigin, hash_file,
};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use wizard::{Refusal, Voucher, VoucherCheck};

/// An organisation's own rule table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnTable {
    pub(crate) table: Table,
    pub(crate) origin: TableOrigin,
    pub(crate) sha256: EntryHash,
}

/// What the office put on a results stick.
#[derive(Debug)]
pub(crate) struct OfficeStick {
    /// What the screen says of it.
    pub(crate) voucher: Voucher,
    /// The key that the boot stick gave.
    pub(crate) organisation_key: Option<PublicKey>,
    /// The certificate; there is one with [`Voucher::Prepared`] only.
    certificate: Option<Signed<StickCertificate>>,
    /// The key under its passphrase, likewise.
    pub(crate) sealed: Option<SealedKey>,
    /// The key, once it is open.
    pub(crate) key: Option<StickKey>,
    /// The names to choose from.
    pub(crate) names: Option<Names>,
    /// The asset list.
    pub(crate) assets: Option<AssetList>,
    /// The office's rule table, if it is no looser than the built-in one.
    pub(crate) table: Option<Result<OwnTable, TableError>>,
    /// The office's rule table, if it is looser: it counts once the session is certified, so that a verifier can see
    /// who signed it.
    pub(crate) looser: Option<OwnTable>,
    /// The office's job list, of which nothing but its hash has been checked.
    pub(crate) jobs: Option<JobsFile>,
    /// What the log will say.
    notices: Vec<String>,
}

impl OfficeStick {
    /// Looks at a mounted stick. Everything on it may be forged, or be gone in the middle.
    pub(crate) fn look(root: &Path, authority: &Authority, today: &Day) -> Self {
        let folder = root.join(OFFICE_FOLDER);
        let mut found = Self::blank(authority);
        match read(&folder.join(STICK_FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => found.refuse(Refusal::File(STICK_FILE.into()), &error.to_string()),
            Ok(bytes) => {
                if let Err((refusal, why)) = found.prepared(&folder, &bytes, authority, today) {
                    found.refuse(refusal, &why);
                }
            }
        }
        found
    }

    pub(crate) fn blank(authority: &Authority) -> Self {
        Self {
            voucher: Voucher::Blank,
            organisation_key: authority.organisation.as_ref().map(|organisation| organisation.public_key),
            certificate: None,
            sealed: None,
            key: None,
            names: None,
            assets: None,
            table: None,
            looser: None,
            jobs: None,
            notices: authority.faults.clone(),
        }
    }

    fn refuse(&mut self, refusal: Refusal, why: &str) {
        (self.certificate, self.sealed, self.table, self.looser) = (None, None, None, None);
        (self.names, self.assets, self.jobs) = (None, None, None);
        self.notices.push(format!("the stick was prepared by an office, and its key is not used: {why}"));
        self.voucher = Voucher::Refused(refusal);
    }

    fn prepared(
        &mut self,
        folder: &Path,
        bytes: &[u8],
        authority: &Authority,
        today: &Day,
    ) -> Result<(), (Refusal, String)> {
        let (certificate, organisation, check) = check(bytes, authority, today)?;
        if authority.revocations.as_ref().is_some_and(|list| list.of(&certificate.stick).is_some()) {
            return Err((Refusal::Revoked, format!("stick {} was revoked", certificate.stick)));
        }
        check_files(folder, &certificate)?;
        self.sealed = Some(sealed_key(folder, &certificate)?);
        self.take_table(folder, &certificate, &check)?;
        self.names = self.list(folder, &certificate, NAMES_FILE, |bytes| {
            let text = str::from_utf8(bytes).map_err(|error| error.to_string())?;
            Names::read(text).map_err(|error| error.to_string())
        });
        self.assets = self.list(folder, &certificate, ASSETS_FILE, |bytes| {
            lists::read(bytes, &[]).map_err(|error| error.to_string())
        });
        if certificate.hash_of(JOBS_FILE).is_some() {
            let bytes = read(&folder.join(JOBS_FILE))
                .map_err(|error| (Refusal::File(JOBS_FILE.into()), error.to_string()))?;
            self.jobs = Some(JobsFile::new(bytes, authority));
        }
        match &check {
            VoucherCheck::Checked => {}
            VoucherCheck::NoKey => self.notices.push(
                "the boot stick has no organisation's key: the stick's certificate was not checked here"
                    .into(),
            ),
            VoucherCheck::NotToday(day) => {
                self.notices
                    .push(format!("by the PC's clock the stick's certificate does not count today ({day})"));
            }
        }
        self.certificate = Some(certificate);
        self.voucher = Voucher::Prepared { organisation, check };
        Ok(())
    }

    /// The office's rule table. One that nobody's key vouches for here may be stricter only.
    fn take_table(
        &mut self,
        folder: &Path,
        certificate: &StickCertificate,
        check: &VoucherCheck,
    ) -> Result<(), (Refusal, String)> {
        let Some(sha256) = certificate.hash_of(POLICY_FILE) else { return Ok(()) };
        let bytes = read(&folder.join(POLICY_FILE))
            .map_err(|error| (Refusal::File(POLICY_FILE.into()), error.to_string()))?;
        let text = String::from_utf8_lossy(&bytes);
        let own = |table, origin| OwnTable { table, origin, sha256 };
        if *check != VoucherCheck::NoKey && Table::is_looser(&text) {
            match Table::signed(&text) {
                Ok(table) => self.looser = Some(own(table, TableOrigin::Signed)),
                Err(error) => self.table = Some(Err(error)),
            }
        } else {
            self.table = Some(Table::custom(&text).map(|table| own(table, TableOrigin::Custom)));
        }
        Ok(())
    }

    /// One of the office's lists. Without it everything can be typed, so what is wrong with it is only said.
    fn list<T>(
        &mut self,
        folder: &Path,
        certificate: &StickCertificate,
        name: &str,
        parse: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Option<T> {
        certificate.hash_of(name)?;
        let bytes = read(&folder.join(name)).map_err(|error| error.to_string());
        match bytes.and_then(|bytes| parse(&bytes)) {
            Ok(list) => Some(list),
            Err(why) => {
                self.notices.push(format!("{name} cannot be used: {why}"));
                None
            }
        }
    }

    /// The certificate, where there is one.
    pub(super) fn certificate(&self) -> Option<&Signed<StickCertificate>> {
        self.certificate.as_ref()
    }

    /// Certifies a session, if the stick's key is open.
    pub(crate) fn certify(&self, open: &mut Open) {
        open.organisation_key = self.organisation_key;
        if let (Some(key), Some(certificate)) = (&self.key, &self.certificate) {
            let credential: Credential = key.certify(certificate, open);
            (open.key_origin, open.credential) = (KeyOrigin::Stick, Some(credential));
        }
    }

    /// What the log will say.
    pub(crate) fn notices(&self) -> Vec<String> {
        let without = matches!(self.voucher, Voucher::Prepared { .. }) && self.key.is_none();
        let without = without.then_some("the operator went on without the stick's passphrase");
        let strict = (self.looser.is_some() && self.key.is_none())
            .then_some("the organisation's rule table is looser than the built-in one, which is used without the stick's key");
        self.notices
            .iter()
            .cloned()
            .chain([without, strict].into_iter().flatten().map(str::to_owned))
            .collect()
    }
}

/// The certificate, the organisation's name, and how far that was checked.
fn check(
    bytes: &[u8],
    authority: &Authority,
    today: &Day,
) -> Result<(Signed<StickCertificate>, String, VoucherCheck), (Refusal, String)> {
    let refused = |fault: PaperFault| match &fault {
        PaperFault::Foreign { organisation, .. } => {
            (Refusal::Foreign(organisation.clone()), fault.to_string())
        }
        _ => (Refusal::Altered, format!("its certificate: {fault}")),
    };
    let Some(organisation) = &authority.organisation else {
        let certificate = Signed::<StickCertificate>::by_named_key(bytes).map_err(refused)?;
        let name = certificate.organisation.clone();
        return Ok((certificate, name, VoucherCheck::NoKey));
    };
    let certificate = organisation.signed::<StickCertificate>(bytes).map_err(refused)?;
    let check = match certificate.holds_on(today, organisation) {
        Ok(()) => VoucherCheck::Checked,
        // An old PC's battery is dead more often than a stick is out of date: the office decides.
        Err(PaperFault::NotYetValid { from }) => VoucherCheck::NotToday(from.to_string()),
        Err(PaperFault::Expired { until }) => VoucherCheck::NotToday(until.to_string()),
        Err(fault) => return Err(refused(fault)),
    };
    Ok((certificate, organisation.name.clone(), check))
}

/// Whether every file of the list is as it was put there.
fn check_files(folder: &Path, certificate: &StickCertificate) -> Result<(), (Refusal, String)> {
    for file in &certificate.files {
        let refused = |why: String| (Refusal::File(file.name.clone()), format!("{}: {why}", file.name));
        if file.name.contains(['/', '\\', '\0']) || file.name.starts_with('.') {
            return Err(refused("no name of a file".into()));
        }
        let bytes = read(&folder.join(&file.name)).map_err(|error| refused(error.to_string()))?;
        if hash_file(&bytes) != file.sha256 {
            return Err(refused("it was altered".into()));
        }
    }
    Ok(())
}

fn sealed_key(folder: &Path, certificate: &StickCertificate) -> Result<SealedKey, (Refusal, String)> {
    let refused = |why: String| (Refusal::Key(why.clone()), why);
    let bytes = read(&folder.join(STICK_KEY_FILE)).map_err(|error| refused(error.to_string()))?;
    let sealed = SealedKey::read(&bytes).map_err(|error| refused(error.to_string()))?;
    if sealed.public() == certificate.public_key {
        Ok(sealed)
    } else {
        Err(refused("it is not the key that the certificate names".into()))
    }
}

/// Reads a file that is no longer than any of the office's.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = LONGEST_PAPER as u64;
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}
