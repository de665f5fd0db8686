//! What a job list says of this PC: which of its drives may be erased though nobody types the plan's number.

use model::{Bus, Drive, DriveNo, Identity, InformationClass};
use record::{JobDrive, JobPc, JobPurpose, Pc, ValidJobs, is_telling_serial, is_telling_uuid};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The drives of this PC that a job list which counts here names. Made by [`JobOrder::find`] alone:
///
/// ```compile_fail
/// fn by_hand(orders: policy::JobOrder) -> policy::JobOrder {
///     policy::JobOrder { drives: Default::default(), ..orders }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobOrder {
    reference: String,
    entry: JobPc,
    /// The fingerprints of the drives that may be erased, by their numbers.
    drives: BTreeMap<DriveNo, String>,
    left: BTreeMap<DriveNo, WhyLeft>,
    missing: Vec<JobDrive>,
}

/// Why a drive that is there is not erased by a job list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyLeft {
    /// The PC's entry does not name it.
    NotListed,
    /// It is named, and something speaks against it: it is in use, locked, or holds logs.
    NotEligible,
    /// It is named, and hangs on USB, where a bridge may say the same of whatever is behind it.
    BehindUsb,
    /// Another drive in this PC says the same serial number.
    NotAlone,
}

/// Why a job list says nothing of this PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoOrder {
    /// The PC has neither a serial number nor a UUID that tells it from others.
    #[error("the PC's DMI tables do not tell it from others")]
    PcUnnamed,
    /// It does not stand in the list.
    #[error("the PC does not stand in the list")]
    PcNotListed,
    /// One of its names stands in an entry, and another one there is not its.
    #[error("the PC's serial number and UUID are not those of one entry")]
    PcContradicts,
    /// It stands in the list, and none of the drives that may be erased there is in it.
    #[error("none of the drives of the PC's entry can be erased here")]
    NoDrive,
}

impl JobOrder {
    /// Holds this PC and its drives against a list.
    ///
    /// # Errors
    /// [`NoOrder`]: nothing may be erased by it.
    pub fn find(jobs: &ValidJobs, pc: &Pc, drives: &[Drive]) -> Result<Self, NoOrder> {
        let entry = entry(&jobs.list().pcs, pc)?.clone();
        let mut order = Self {
            reference: jobs.reference(),
            drives: BTreeMap::new(),
            left: BTreeMap::new(),
            missing: entry
                .drives
                .iter()
                .filter(|named| !drives.iter().any(|d| is(d, named)))
                .cloned()
                .collect(),
            entry,
        };
        for drive in drives {
            match order.why_left(drive, drives) {
                Some(why) => order.left.insert(drive.no, why).map(drop),
                None => order.drives.insert(drive.no, drive.identity.fingerprint()).map(drop),
            };
        }
        if order.drives.is_empty() { Err(NoOrder::NoDrive) } else { Ok(order) }
    }

    fn why_left(&self, drive: &Drive, all: &[Drive]) -> Option<WhyLeft> {
        let listed = is_telling_serial(drive.identity.serial.as_str())
            && self.entry.drives.iter().any(|named| is(drive, named));
        if !listed {
            Some(WhyLeft::NotListed)
        } else if !is_alone(drive, all) {
            Some(WhyLeft::NotAlone)
        } else if !drive.is_internal() {
            Some(WhyLeft::BehindUsb)
        } else if !drive.eligibility.is_eligible() {
            Some(WhyLeft::NotEligible)
        } else {
            None
        }
    }

    /// What the list says of the PC.
    #[must_use]
    pub fn entry(&self) -> &JobPc {
        &self.entry
    }

    /// The class.
    #[must_use]
    pub fn class(&self) -> InformationClass {
        self.entry.class
    }

    /// What for.
    #[must_use]
    pub fn purpose(&self) -> JobPurpose {
        self.entry.purpose
    }

    /// The drives that may be erased.
    #[must_use]
    pub fn drives(&self) -> BTreeSet<DriveNo> {
        self.drives.keys().copied().collect()
    }

    /// The drives that are there and are not erased.
    #[must_use]
    pub fn left(&self) -> &BTreeMap<DriveNo, WhyLeft> {
        &self.left
    }

    /// The drives that the entry names and that are not there.
    #[must_use]
    pub fn missing(&self) -> &[JobDrive] {
        &self.missing
    }

    /// What the confirmation says in the place of what a person would have typed.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Whether this drive may be erased, as it is now.
    #[must_use]
    pub fn names(&self, no: DriveNo, identity: &Identity) -> bool {
        self.drives.get(&no).is_some_and(|fingerprint| *fingerprint == identity.fingerprint())
    }
}

/// The one entry that is about this PC. A name that the PC lacks or that tells nothing is never the same as an entry's.
fn entry<'a>(pcs: &'a [JobPc], pc: &Pc) -> Result<&'a JobPc, NoOrder> {
    let serial = Some(pc.serial.as_str()).filter(|serial| is_telling_serial(serial));
    let uuid = pc.uuid.as_str().to_ascii_lowercase();
    let uuid = Some(uuid.as_str()).filter(|uuid| is_telling_uuid(uuid));
    if serial.is_none() && uuid.is_none() {
        return Err(NoOrder::PcUnnamed);
    }
    let touches = |entry: &&JobPc| {
        let by_serial = entry.serial.as_ref().is_some_and(|named| Some(named.as_str()) == serial);
        let by_uuid = entry.uuid.as_ref().is_some_and(|named| Some(named.as_str()) == uuid);
        by_serial || by_uuid
    };
    let mut touched = pcs.iter().filter(touches);
    let Some(entry) = touched.next() else { return Err(NoOrder::PcNotListed) };
    let whole = entry.serial.as_ref().is_none_or(|named| Some(named.as_str()) == serial)
        && entry.uuid.as_ref().is_none_or(|named| Some(named.as_str()) == uuid);
    if whole && touched.next().is_none() { Ok(entry) } else { Err(NoOrder::PcContradicts) }
}

/// Letter by letter.
fn is(drive: &Drive, named: &JobDrive) -> bool {
    drive.identity.model == named.model && drive.identity.serial == named.serial
}

/// Whether no other drive says the same serial number. The namespaces of one NVMe drive are one drive.
fn is_alone(drive: &Drive, all: &[Drive]) -> bool {
    let same_serial = |other: &&Drive| {
        other.no != drive.no
            && other.identity.serial.as_str().eq_ignore_ascii_case(drive.identity.serial.as_str())
    };
    let another_namespace = |other: &Drive| {
        (drive.identity.bus, other.identity.bus) == (Bus::Nvme, Bus::Nvme)
            && other.identity.model == drive.identity.model
            && other.identity.namespace != drive.identity.namespace
    };
    all.iter().filter(same_serial).all(another_namespace)
}
