//! What people declare of single drives: where a removed one came from, what its label says, and why a lesser method.

use crate::{Choices, Day};
use model::{DeviceText, Drive, DriveNo};
use serde::{Deserialize, Serialize};

/// Where the drives of a session were when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrivesFrom {
    /// In this PC, or on its USB: they are this PC's.
    ThisPc,
    /// 取り外したドライブ: taken out of other PCs. This PC is the workbench and nothing else.
    Bench,
}

/// What a person read off the label of one drive, or knows of where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The drive.
    pub drive: DriveNo,
    /// 資産管理番号 of the PC that it was taken out of, as declared.
    pub asset_number: Option<String>,
    /// 製造番号 as it stands on the label, typed twice: for a drive that reported none.
    pub serial: Option<String>,
}

/// 例外措置 (7.4): why one drive gets a lesser method than its class asks, and until when that holds. It is worth nothing
/// before the office has countersigned it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The drive.
    pub drive: DriveNo,
    /// Why the method that the class asks is not possible.
    pub reason: String,
    /// 代替措置: what is done instead against the risk.
    pub measure: String,
    /// Who is to approve it, as declared (CISO).
    pub approver: String,
    /// Until when it holds.
    pub deadline: Day,
}

/// The serial number by which people find a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serial<'a> {
    /// The drive reported it.
    Reported(&'a DeviceText),
    /// The drive reported none; a person read it off the label.
    Label(&'a str),
    /// Nobody knows it.
    Unknown,
}

impl<'a> Serial<'a> {
    /// The text; empty when nobody knows it.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Reported(text) => text.as_str(),
            Self::Label(text) => text,
            Self::Unknown => "",
        }
    }

    /// Whether it rests on a person's word.
    #[must_use]
    pub fn is_declared(self) -> bool {
        matches!(self, Self::Label(_))
    }
}

impl Choices {
    /// What was declared of a drive's label.
    #[must_use]
    pub fn label(&self, drive: DriveNo) -> Option<&Label> {
        self.labels.iter().find(|label| label.drive == drive)
    }

    /// The exception under which a drive gets a lesser method.
    #[must_use]
    pub fn exception(&self, drive: DriveNo) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.drive == drive)
    }

    /// 資産管理番号 of the PC that a drive belongs to; `None` where nobody gave one. On a bench never this PC's.
    #[must_use]
    pub fn asset_number_of(&self, drive: DriveNo) -> Option<&str> {
        let own = || (self.drives_from == DrivesFrom::ThisPc).then_some(self.asset_number.as_str());
        let label = self.label(drive).and_then(|label| label.asset_number.as_deref());
        label.or_else(own).filter(|number| !number.is_empty())
    }

    /// The serial number of a drive: the one that it reported, else the one on its label.
    #[must_use]
    pub fn serial_of<'a>(&'a self, drive: &'a Drive) -> Serial<'a> {
        Serial::of(drive, Some(self))
    }
}

impl<'a> Serial<'a> {
    /// The serial number of a drive by what was chosen, if anything was.
    #[must_use]
    pub fn of(drive: &'a Drive, choices: Option<&'a Choices>) -> Self {
        let serial = &drive.identity.serial;
        let label = || choices?.label(drive.no)?.serial.as_deref().filter(|text| !text.is_empty());
        match () {
            () if !serial.is_empty() => Self::Reported(serial),
            () => label().map_or(Self::Unknown, Self::Label),
        }
    }
}
