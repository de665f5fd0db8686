//! The job list: which drives of which PCs may be erased without anybody who types the plan's number.

use super::organisation::ByOrganisation;
use super::telling::{is_telling_serial, is_telling_uuid};
use super::{Kind, Paper};
use crate::key::Domain;
use crate::{Day, PublicKey, Validity};
use model::{DeviceText, InformationClass};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file of [`JobList`], in [`super::OFFICE_FOLDER`].
pub const JOBS_FILE: &str = "jobs.json";

/// The most characters of a name, a number or a place.
pub const LONGEST_JOB_TEXT: usize = 40;

/// The PCs that may be erased unattended, and what the office declares for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobList {
    /// The organisation's key, which signed this.
    pub organisation_key: PublicKey,
    /// The organisation's name.
    pub organisation: String,
    /// When it was signed.
    pub issued: Day,
    /// On which days it may be carried out.
    pub valid: Validity,
    /// 実施者, as declared.
    pub operator: String,
    /// 立会職員, as declared, where one was named beforehand.
    pub witness: Option<String>,
    /// 許可した情報セキュリティ管理者, as declared.
    pub approver: Option<String>,
    /// The PCs.
    pub pcs: Vec<JobPc>,
}

/// One PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobPc {
    /// Its serial number by its DMI tables, letter by letter. This or `uuid` is given; a PC has to have all that is.
    pub serial: Option<DeviceText>,
    /// Its UUID by its DMI tables, in lower case.
    pub uuid: Option<DeviceText>,
    /// 資産管理番号
    pub asset_number: String,
    /// The class of the information that it held.
    pub class: InformationClass,
    /// What its drives are erased for.
    pub purpose: JobPurpose,
    /// 所属
    pub section: Option<String>,
    /// 実施場所
    pub place: Option<String>,
    /// The drives, each letter by letter as it says who it is.
    pub drives: Vec<JobDrive>,
}

/// What drives are erased for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobPurpose {
    /// 抹消
    Erase,
    /// 引渡前の消去
    Handover,
}

/// One drive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobDrive {
    /// Its model.
    pub model: DeviceText,
    /// Its serial number.
    pub serial: DeviceText,
}

/// Which text of a list has no value that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobText {
    /// 実施者
    Operator,
    /// 立会職員
    Witness,
    /// 情報セキュリティ管理者
    Approver,
    /// 資産管理番号
    AssetNumber,
    /// 所属
    Section,
    /// 実施場所
    Place,
}

/// Why a list counts for nothing. PCs and drives are named by their places in it, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JobListFault {
    /// It counts on no day.
    #[error("it is valid on no day")]
    NoDay,
    /// It has no PC.
    #[error("it has no PC")]
    Empty,
    /// A text is empty, too long, or begins or ends with a blank.
    #[error("the {text:?} of the list, or of PC {pc:?}, cannot be used")]
    Text {
        /// The PC, where it is a PC's.
        pc: Option<usize>,
        /// Which.
        text: JobText,
    },
    /// The witness is the operator.
    #[error("the witness is the operator")]
    WitnessIsOperator,
    /// A PC has neither a serial number nor a UUID.
    #[error("PC {0} has neither a serial number nor a UUID")]
    PcUnnamed(usize),
    /// A PC's serial number is a placeholder, which other PCs have too.
    #[error("the serial number of PC {0} is one that many PCs have")]
    PcSerial(usize),
    /// A PC's UUID is none, a placeholder, or not in lower case.
    #[error("the UUID of PC {0} is none, or one that many PCs have")]
    PcUuid(usize),
    /// Two PCs have the same serial number, UUID or asset number.
    #[error("PC {pc} is PC {before} again")]
    PcTwice {
        /// The first.
        before: usize,
        /// The second.
        pc: usize,
    },
    /// A PC has no drive.
    #[error("PC {0} has no drive")]
    NoDrive(usize),
    /// A drive has no model, or its serial number is a placeholder.
    #[error("drive {drive} of PC {pc} cannot be told from others")]
    DriveUnnamed {
        /// The PC.
        pc: usize,
        /// The drive.
        drive: usize,
    },
    /// A drive stands in the list twice.
    #[error("drive {drive} of PC {pc} is listed twice")]
    DriveTwice {
        /// The PC where it stands for the second time.
        pc: usize,
        /// The drive there.
        drive: usize,
    },
}

impl Paper for JobList {
    const FORMAT: &'static str = "massho-jobs/1";
    const KIND: Kind = Kind(Domain::Jobs);
}

impl ByOrganisation for JobList {
    fn organisation_key(&self) -> PublicKey {
        self.organisation_key
    }
    fn organisation(&self) -> &str {
        &self.organisation
    }
}

impl JobList {
    /// Whether the list names everything so that nothing can be taken for something else. One that does not is no list.
    ///
    /// # Errors
    /// [`JobListFault`]: the first thing that is wrong with it.
    pub fn check(&self) -> Result<(), JobListFault> {
        if !self.valid.is_possible() {
            return Err(JobListFault::NoDay);
        }
        if self.pcs.is_empty() {
            return Err(JobListFault::Empty);
        }
        let text = |text, value: Option<&String>| check_text(None, text, value);
        text(JobText::Operator, Some(&self.operator))?;
        text(JobText::Witness, self.witness.as_ref())?;
        text(JobText::Approver, self.approver.as_ref())?;
        if self.witness.as_ref().is_some_and(|witness| folded(witness) == folded(&self.operator)) {
            return Err(JobListFault::WitnessIsOperator);
        }
        self.pcs.iter().enumerate().try_for_each(|(place, pc)| pc.check(place))?;
        self.check_pcs_once()?;
        self.check_drives_once()
    }

    fn check_pcs_once(&self) -> Result<(), JobListFault> {
        let mut seen: BTreeMap<(u8, String), usize> = BTreeMap::new();
        for (pc, entry) in self.pcs.iter().enumerate() {
            // Names that differ by case alone are too easily taken for one another.
            let names = [
                entry.serial.as_ref().map(|serial| (0, serial.as_str().to_ascii_uppercase())),
                entry.uuid.as_ref().map(|uuid| (1, uuid.as_str().to_owned())),
                Some((2, folded(&entry.asset_number))),
            ];
            for name in names.into_iter().flatten() {
                if let Some(before) = seen.insert(name, pc) {
                    return Err(JobListFault::PcTwice { before, pc });
                }
            }
        }
        Ok(())
    }

    /// A serial number stands once, of whatever model: two drives that share one are told apart by nobody.
    fn check_drives_once(&self) -> Result<(), JobListFault> {
        let mut seen = BTreeMap::new();
        for (pc, entry) in self.pcs.iter().enumerate() {
            for (drive, named) in entry.drives.iter().enumerate() {
                if seen.insert(named.serial.as_str().to_ascii_uppercase(), ()).is_some() {
                    return Err(JobListFault::DriveTwice { pc, drive });
                }
            }
        }
        Ok(())
    }
}

impl JobPc {
    fn check(&self, pc: usize) -> Result<(), JobListFault> {
        check_text(Some(pc), JobText::AssetNumber, Some(&self.asset_number))?;
        check_text(Some(pc), JobText::Section, self.section.as_ref())?;
        check_text(Some(pc), JobText::Place, self.place.as_ref())?;
        if self.serial.is_none() && self.uuid.is_none() {
            return Err(JobListFault::PcUnnamed(pc));
        }
        if self.serial.as_ref().is_some_and(|serial| !is_telling_serial(serial.as_str())) {
            return Err(JobListFault::PcSerial(pc));
        }
        let lower = |uuid: &DeviceText| uuid.as_str().bytes().all(|byte| !byte.is_ascii_uppercase());
        if self.uuid.as_ref().is_some_and(|uuid| !lower(uuid) || !is_telling_uuid(uuid.as_str())) {
            return Err(JobListFault::PcUuid(pc));
        }
        if self.drives.is_empty() {
            return Err(JobListFault::NoDrive(pc));
        }
        let unnamed = |drive: &JobDrive| drive.model.is_empty() || !is_telling_serial(drive.serial.as_str());
        match self.drives.iter().position(unnamed) {
            Some(drive) => Err(JobListFault::DriveUnnamed { pc, drive }),
            None => Ok(()),
        }
    }
}

fn check_text(pc: Option<usize>, text: JobText, value: Option<&String>) -> Result<(), JobListFault> {
    let good = |value: &String| {
        !value.is_empty() && value.trim() == value && value.chars().count() <= LONGEST_JOB_TEXT
    };
    if value.is_none_or(good) { Ok(()) } else { Err(JobListFault::Text { pc, text }) }
}

/// Names are compared as a log compares them: without blanks, and whatever their case.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
