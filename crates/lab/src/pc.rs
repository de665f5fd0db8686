//! The PC of the demo, and smaller ones for tests.

use crate::drives::{Bay, Definition, Definitions, Model};
use crate::{Contents, Drive, Kind, LabError, TextFile};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The name of the results stick.
pub const RESULTS: &str = "results";
/// The name of the hard disk.
pub const HDD: &str = "hdd";
/// The name of the NVMe SSD.
pub const NVME: &str = "nvme";
/// The name of the SATA SSD.
pub const SSD: &str = "ssd";
/// The name of the USB stick with old files on it.
pub const USB: &str = "usb";

/// Capacities in mebibytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Of the hard disk.
    pub hdd: u64,
    /// Of the two SSDs.
    pub ssd: u64,
    /// Of the two sticks.
    pub stick: u64,
}

impl Sizes {
    /// The demo's.
    pub const DEMO: Self = Self { hdd: 512, ssd: 128, stick: 64 };
    /// As small as still tells something.
    pub const SMALL: Self = Self { hdd: 64, ssd: 48, stick: 48 };
}

/// Marks the pattern of one run, so that nothing left from another is taken for it.
#[must_use]
pub fn run_marker() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", since.as_secs(), std::process::id())
}

/// Makes the drives of a used office PC, every sector filled with the pattern: a hard disk, an NVMe and a SATA SSD,
/// and a USB stick with somebody's files on it. All are QEMU's own.
///
/// # Errors
/// [`LabError::File`].
pub fn used_drives(folder: &Path, sizes: Sizes) -> Result<Vec<Drive>, LabError> {
    let run = run_marker();
    let old_files = Contents::Fat(old_files(&run));
    [
        (HDD, Kind::Hdd, sizes.hdd, &Contents::Pattern),
        (SSD, Kind::SataSsd, sizes.ssd, &Contents::Pattern),
        (NVME, Kind::Nvme, sizes.ssd, &Contents::Pattern),
        (USB, Kind::UsbStick, sizes.stick, &old_files),
    ]
    .into_iter()
    .map(|(name, kind, size, contents)| Drive::create(folder, &run, name, kind, size, contents))
    .collect()
}

/// The same PC for people to look into: its SSDs have processes of their own and all of a medium, the spare area among
/// it. The SATA SSD is an old one that has no erase command; the NVMe SSD has Sanitize. The rest are QEMU's own, the
/// results stick among them.
///
/// # Errors
/// [`LabError::File`], [`LabError::LabDrive`].
pub fn demo_drives(folder: &Path, sizes: Sizes, program: &Path) -> Result<(Vec<Drive>, Bay), LabError> {
    let run = run_marker();
    let old_files = Contents::Fat(old_files(&run));
    let plain = vec![
        Drive::create(folder, &run, HDD, Kind::Hdd, sizes.hdd, &Contents::Pattern)?,
        Drive::create(folder, &run, USB, Kind::UsbStick, sizes.stick, &old_files)?,
        results_stick(folder, sizes)?,
    ];
    let old_ssd =
        "encryption = \"plain\"\nsanitize = { operations = [] }\nsecurity = { supported = \"no\" }\n";
    let own = vec![
        Definition::new(SSD, Model::AtaSsd).sized(sizes.ssd).with(old_ssd)?,
        Definition::new(NVME, Model::Nvme).sized(sizes.ssd),
    ];
    Ok((plain, Bay::start(&Definitions { drive: own }, folder, program)?))
}

/// Makes an empty results stick.
///
/// # Errors
/// [`LabError::File`].
pub fn results_stick(folder: &Path, sizes: Sizes) -> Result<Drive, LabError> {
    let contents = Contents::Fat(Vec::new());
    Drive::create(folder, &run_marker(), RESULTS, Kind::UsbStick, sizes.stick, &contents)
}

/// What nobody should find again.
fn old_files(run: &str) -> Vec<TextFile> {
    let text = |path: &str, line: &str| TextFile {
        path: path.to_owned(),
        bytes: format!("MASSHO-LAB/{run}/ {line}\n").repeat(400).into_bytes(),
    };
    vec![
        text("住民一覧.csv", "松法 太郎,架空市架空町1-2-3"),
        text("給与/2025年度.txt", "架空の給与明細"),
        text("README.TXT", "an old stick"),
    ]
}
