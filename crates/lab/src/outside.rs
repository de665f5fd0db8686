//! Checks from outside, after the PC was switched off: what the backing files hold against what the log says.

use crate::drives::LabDrive;
use crate::{Drive, DriveRecord, LOG_FOLDER, LabError, Ledger, Log, Report, Scan, Stick, TextFile, tamper};
use std::collections::BTreeMap;
use std::path::Path;

/// The drives' contents before the PC was switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before(BTreeMap<String, String>);

impl Before {
    /// Reads every drive.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn of(drives: &[Drive]) -> Result<Self, LabError> {
        let digests = drives.iter().map(|drive| Ok((drive.name.clone(), drive.digest()?)));
        digests.collect::<Result<_, LabError>>().map(Self)
    }

    /// Whether a drive holds now what it held then.
    fn is_same(&self, drive: &Drive) -> Result<(), String> {
        let now = drive.digest().map_err(|error| error.to_string())?;
        if self.0.get(&drive.name) == Some(&now) {
            Ok(())
        } else {
            Err("its contents have changed".to_owned())
        }
    }
}

/// What the log is expected to say of a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The drive's name in the lab.
    pub drive: &'static str,
    /// The outcome.
    pub outcome: &'static str,
    /// The method achieved.
    pub achieved: Option<&'static str>,
    /// The technique carried out.
    pub technique: Option<&'static str>,
    /// Why it failed.
    pub failure: Option<&'static str>,
}

impl Expected {
    /// 完了 by this method and technique.
    #[must_use]
    pub const fn done(drive: &'static str, method: &'static str, technique: &'static str) -> Self {
        let (achieved, technique) = (Some(method), Some(technique));
        Self { drive, outcome: "done", achieved, technique, failure: None }
    }

    /// 破壊待ち, nothing written.
    #[must_use]
    pub const fn untouched(drive: &'static str) -> Self {
        Self { drive, outcome: "awaiting-destruction", achieved: None, technique: None, failure: None }
    }
}

/// The one log on a stick.
///
/// # Errors
/// A sentence, when there is not exactly one or it is not a log.
pub fn only_log(stick: &Path) -> Result<(TextFile, Log), String> {
    let stick = Stick::open(stick).map_err(|error| error.to_string())?;
    let mut logs = stick.logs().map_err(|error| error.to_string())?;
    match (logs.pop(), logs.len()) {
        (Some(file), 0) => {
            let log = Log::parse(&file.bytes).map_err(|error| error.to_string())?;
            Ok((file, log))
        }
        (None, _) => Err("the stick holds no log".to_owned()),
        (Some(_), others) => Err(format!("the stick holds {} logs instead of one", others + 1)),
    }
}

/// Compares the log with what was expected, and every drive's backing file with what the log says.
pub fn check_drives(
    report: &mut Report,
    log: &Log,
    drives: &[Drive],
    before: &Before,
    expected: &[Expected],
) {
    let records = log.drives();
    for drive in drives {
        let Some(record) = recorded(report, &records, &drive.name, &drive.serial, expected) else { continue };
        check_contents(report, drive, record, before);
    }
}

/// What the log says of a drive, held against what was expected of it.
fn recorded<'a>(
    report: &mut Report,
    records: &'a BTreeMap<String, DriveRecord>,
    name: &str,
    serial: &str,
    expected: &[Expected],
) -> Option<&'a DriveRecord> {
    let Some(record) = records.get(serial) else {
        report.check(format!("{name} is in the log"), Err("it is not"));
        return None;
    };
    if let Some(expected) = expected.iter().find(|expected| expected.drive == name) {
        check_record(report, record, expected);
    }
    Some(record)
}

/// The same of drives with processes of their own, whose backing files hold the whole medium: what a 除去 leaves is
/// nothing, and what a 消去 may leave lies where no host can reach.
pub fn check_media(report: &mut Report, log: &Log, drives: &[LabDrive], expected: &[Expected]) {
    let records = log.drives();
    for drive in drives {
        let Some(record) = recorded(report, &records, &drive.name, &drive.serial, expected) else { continue };
        let left = drive.scan().map_err(LabError::from).map(|scan| left_on_medium(record, scan));
        match left {
            Ok((what, holds)) => report.check(format!("{}: {what}", drive.name), holds),
            Err(error) => report.check(format!("{}: its medium is read", drive.name), Err(error)),
        }
    }
}

/// What is said of a medium, and whether the record agrees with it.
fn left_on_medium(record: &DriveRecord, scan: Scan) -> (String, Result<(), String>) {
    let Scan { sectors, carrying, .. } = scan;
    let reachable = record.capacity / 512;
    let spare = sectors.saturating_sub(reachable);
    match record.achieved.as_deref() {
        Some("clear") => (
            format!(
                "消去: {carrying} sectors of its medium hold old data; its spare area, where no PC reaches, has {spare}"
            ),
            if carrying <= spare { Ok(()) } else { Err(format!("{carrying} are left")) },
        ),
        Some(_) => (
            format!("除去: {carrying} of all {sectors} sectors of its medium hold old data"),
            if carrying == 0 { Ok(()) } else { Err("some are left".to_owned()) },
        ),
        None => (
            format!("nothing was achieved, and {carrying} of {sectors} sectors hold old data"),
            if carrying > reachable / 2 { Ok(()) } else { Err("the record denies it".to_owned()) },
        ),
    }
}

fn check_record(report: &mut Report, record: &DriveRecord, expected: &Expected) {
    let found = (
        record.outcome.as_deref(),
        record.achieved.as_deref(),
        record.technique.as_deref(),
        record.failure.as_deref(),
    );
    let wanted = (Some(expected.outcome), expected.achieved, expected.technique, expected.failure);
    let achieved = expected.achieved.unwrap_or("nothing achieved");
    report.same(
        format!("{}: the log says {}, {achieved}", expected.drive, expected.outcome),
        &found,
        &wanted,
    );
}

/// Whatever was expected: a record may not say what the backing file denies.
fn check_contents(report: &mut Report, drive: &Drive, record: &DriveRecord, before: &Before) {
    if record.says_erased() {
        let gone = drive.scan().map_err(|error| error.to_string()).and_then(is_gone);
        report
            .check(format!("{}: recorded as erased, and nothing of the old data is left", drive.name), gone);
    } else if record.says_untouched() {
        let same = before.is_same(drive);
        report.check(format!("{}: recorded as untouched, and it is, byte for byte", drive.name), same);
    }
}

fn is_gone(scan: Scan) -> Result<(), String> {
    match scan.first_carrying {
        None if scan.is_gone() => Ok(()),
        None => Err("the backing file is empty".to_owned()),
        Some(first) => {
            Err(format!("{} of {} sectors still hold it, the first is {first}", scan.carrying, scan.sectors))
        }
    }
}

/// Lets the office's program verify the stick itself, and then altered copies of its log. Returns the table that it
/// printed for the stick.
///
/// # Errors
/// [`LabError`], when a copy cannot be made or the program not started.
pub fn check_ledger(
    report: &mut Report,
    ledger: &Ledger,
    stick: &Path,
    log: &TextFile,
    folder: &Path,
    flips: usize,
) -> Result<String, LabError> {
    let said = ledger.verify(stick)?;
    let sound =
        if said.is_sound() { Ok(()) } else { Err(format!("{:?}: {}{}", said.code, said.out, said.err)) };
    report.check("the ledger verifies the stick", sound);
    let copy = Copy { root: folder.join("copy"), path: log.path.clone() };
    copy.write(&log.bytes)?;
    let again = ledger.verify(&copy.root)?;
    report.same("the ledger verifies a copy of the stick's folder", &again.code, &Some(0));
    let all = tamper(&log.bytes, flips);
    let mut missed = Vec::new();
    for tampered in &all {
        copy.write(&tampered.bytes)?;
        let said = ledger.verify(&copy.root)?;
        if !said.is_refusal() {
            missed.push(format!("{} ({:?})", tampered.what, said.code));
        }
    }
    let refused = if missed.is_empty() { Ok(()) } else { Err(missed.join(", ")) };
    report.check(format!("the ledger refuses each of {} altered copies and says why", all.len()), refused);
    Ok(said.out)
}

/// A copy of a stick's folder.
struct Copy {
    root: std::path::PathBuf,
    path: String,
}

impl Copy {
    fn write(&self, bytes: &[u8]) -> Result<(), LabError> {
        let (target, folder) = (self.root.join(&self.path), self.root.join(LOG_FOLDER));
        std::fs::create_dir_all(&folder).map_err(LabError::file("create", &folder))?;
        std::fs::write(&target, bytes).map_err(LabError::file("write", &target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Contents, Kind};

    fn one_drive(folder: &Path) -> (Vec<Drive>, Before) {
        let drive = Drive::create(folder, "r", "hdd", Kind::Hdd, 1, &Contents::Pattern).unwrap();
        let before = Before::of(std::slice::from_ref(&drive)).unwrap();
        (vec![drive], before)
    }

    fn says(outcome: &str, achieved: Option<&str>) -> DriveRecord {
        DriveRecord {
            outcome: Some(outcome.to_owned()),
            achieved: achieved.map(str::to_owned),
            ..DriveRecord::default()
        }
    }

    fn judge(drive: &Drive, record: &DriveRecord, before: &Before) -> Report {
        let mut report = Report::default();
        check_contents(&mut report, drive, record, before);
        report
    }

    #[test]
    fn a_record_that_says_erased_of_a_drive_with_one_old_sector_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let (drives, before) = one_drive(folder.path());
        let mut bytes = vec![0; 1 << 20];
        bytes[512 * 77..512 * 78].copy_from_slice(&drives[0].pattern.sector(77));
        std::fs::write(&drives[0].path, &bytes).unwrap();
        let record = says("done", Some("clear"));
        assert!(!judge(&drives[0], &record, &before).is_good());
        std::fs::write(&drives[0].path, vec![0; 1 << 20]).unwrap();
        assert!(judge(&drives[0], &record, &before).is_good());
    }

    #[test]
    fn a_record_that_says_untouched_of_a_drive_with_one_new_byte_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let (drives, before) = one_drive(folder.path());
        let record = says("awaiting-destruction", None);
        assert!(judge(&drives[0], &record, &before).is_good());
        let mut bytes = std::fs::read(&drives[0].path).unwrap();
        bytes[999_999] ^= 1;
        std::fs::write(&drives[0].path, &bytes).unwrap();
        assert!(!judge(&drives[0], &record, &before).is_good());
    }
}
