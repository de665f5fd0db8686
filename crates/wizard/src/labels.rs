//! What people read off the drives themselves.

use crate::Model;
use crate::field::Field;
use crate::parts::Presence;
use model::{Bus, Drive, DriveNo, Eligibility, Ineligible};
use std::collections::{BTreeMap, BTreeSet};

/// What a person read off one drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The drive.
    pub drive: DriveNo,
    /// 製造番号, typed twice, of a drive that reports none.
    pub serial: Option<String>,
}

/// Where typing goes while a serial number is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum LabelFocus {
    #[default]
    Once,
    Again,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LabelForm {
    pub(crate) focus: LabelFocus,
    pub(crate) once: Field,
    pub(crate) again: Field,
}

impl LabelForm {
    /// The field that has the focus.
    pub(crate) fn field(&mut self) -> &mut Field {
        match self.focus {
            LabelFocus::Once => &mut self.once,
            LabelFocus::Again => &mut self.again,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Labels {
    /// Serial numbers read off labels.
    pub(crate) serials: BTreeMap<DriveNo, String>,
    /// Drives of which somebody was asked for it, and did not give it.
    pub(crate) declined: BTreeSet<DriveNo>,
    pub(crate) form: LabelForm,
}

impl Labels {
    /// Forgets what was read off a drive that turned out to be another one.
    pub(crate) fn forget(&mut self, no: DriveNo) {
        self.serials.remove(&no);
        self.declined.remove(&no);
    }
}

impl Model {
    /// Whether a drive said who it is but for its serial number, and nothing else speaks against it: then the one on its
    /// label is wanted. An NVMe drive always has one (NVMe 2.0, 5.17.2.1); without it is broken.
    pub(crate) fn wants_label(&self, drive: &Drive) -> bool {
        let identity = &drive.identity;
        let only_nameless = match &drive.eligibility {
            Eligibility::Eligible => true,
            Eligibility::Ineligible(reasons) => {
                reasons.iter().all(|reason| matches!(reason, Ineligible::Unidentified(_)))
            }
        };
        only_nameless && identity.serial.is_empty() && !identity.model.is_empty() && identity.bus != Bus::Nvme
    }

    /// The first of the PC's own drives without a serial number for which nobody was asked.
    pub(crate) fn next_nameless(&self) -> Option<DriveNo> {
        let here = self.drives.rows.iter().filter(|row| row.presence == Presence::Here);
        here.map(|row| &row.drive)
            .filter(|drive| drive.is_internal() && self.wants_label(drive))
            .map(|drive| drive.no)
            .find(|no| !self.labels.serials.contains_key(no) && !self.labels.declined.contains(no))
    }

    /// The drive that has this serial number already, by its own word or by its label.
    pub(crate) fn has_serial(&self, serial: &str, but: DriveNo) -> Option<DriveNo> {
        let own = self.drives.rows.iter().map(|row| (row.drive.no, row.drive.identity.serial.as_str()));
        let read = self.labels.serials.iter().map(|(no, serial)| (*no, serial.as_str()));
        own.chain(read).find(|(no, other)| *no != but && same_serial(other, serial)).map(|(no, _)| no)
    }

    /// What was read off the drives that are there, for the log.
    pub(crate) fn labelled(&self) -> Vec<Label> {
        let serials = self.labels.serials.iter().filter(|(no, _)| self.here(**no).is_some());
        serials.map(|(drive, serial)| Label { drive: *drive, serial: Some(serial.clone()) }).collect()
    }
}

/// Whether two serial numbers are the same, but for blanks, signs and the height of letters.
pub(crate) fn same_serial(one: &str, other: &str) -> bool {
    let plain = lists::loose(one);
    !plain.is_empty() && plain == lists::loose(other)
}
