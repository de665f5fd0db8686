//! The office's job list, as the screens hear of it: what it says of this PC, or why it says nothing.
//!
//! Nothing here permits anything. The program holds the list, and asks it again before a drive is touched.

use crate::Purpose;
use model::{DriveNo, InformationClass};
use policy::WhyLeft;
use serde::{Deserialize, Serialize};

/// What the program says of the job list on the stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobNews {
    /// There is one. Whether it counts is known once the passphrase was typed and the drives were seen.
    Awaited,
    /// It names this PC and a drive in it.
    Offer(Box<JobOffer>),
    /// It does not count here.
    Refused(JobRefusal),
    /// The answer to [`crate::Effect::Ordered`]: the list was asked again, and the work begins.
    Begun,
}

/// What a job list says of this PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOffer {
    /// 実施者, as declared.
    pub operator: String,
    /// 立会職員, as declared.
    pub witness: Option<String>,
    /// 許可した情報セキュリティ管理者, as declared.
    pub approver: Option<String>,
    /// 資産管理番号
    pub asset_number: String,
    /// 所属
    pub section: Option<String>,
    /// 実施場所
    pub place: Option<String>,
    /// The class.
    pub class: InformationClass,
    /// What for.
    pub purpose: Purpose,
    /// The drives that may be erased.
    pub drives: Vec<DriveNo>,
    /// The drives that are there and are not erased.
    pub left: Vec<(DriveNo, WhyLeft)>,
    /// The drives that the list names and that are not there: model and serial number.
    pub missing: Vec<(String, String)>,
}

/// Why a job list does not count here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobRefusal {
    /// The boot stick has no organisation's key.
    NoKey,
    /// The operator went on without the stick's passphrase.
    WithoutPassphrase,
    /// By the PC's clock the list or the stick does not count today; the text is the first or the last day on which it
    /// does.
    NotToday(String),
    /// It is none, or not as the office signed it; the text is why.
    Document(String),
    /// The PC's DMI tables do not tell it from others.
    PcUnnamed,
    /// The PC does not stand in it.
    PcNotListed,
    /// The PC's serial number and UUID are not those of one entry.
    PcContradicts,
    /// None of the drives that it names can be erased here.
    NoDrive,
    /// The drives or the plan are not those of a moment ago.
    Changed,
}
