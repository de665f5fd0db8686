//! What people read off the drives themselves.

use crate::field::Field;
use crate::parts::Presence;
use crate::{AssetCheck, Model, Screen};
use model::{Bus, Drive, DriveNo, Eligibility, Ineligible};
use std::collections::{BTreeMap, BTreeSet};

/// What a person read off one drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The drive.
    pub drive: DriveNo,
    /// 製造番号, typed twice, of a drive that reports none.
    pub serial: Option<String>,
    /// 資産管理番号 of the PC from which a drive on a bench was taken.
    pub asset_number: Option<String>,
    /// What the office's asset list says of that number.
    pub asset_check: AssetCheck,
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
    /// On a bench: the numbers of the PCs from which the drives were taken, and what the office's list says of them.
    pub(crate) assets: BTreeMap<DriveNo, Field>,
    pub(crate) checks: BTreeMap<DriveNo, AssetCheck>,
    /// The numbers of which it was said that the list does not have them.
    pub(crate) doubted: BTreeSet<String>,
    /// The drive whose number is being entered.
    pub(crate) at: Option<DriveNo>,
    /// On a bench: drives inside this PC of which a person gave the word that they are meant.
    pub(crate) vouched: BTreeSet<DriveNo>,
    pub(crate) word: Field,
}

impl Labels {
    /// Forgets what was read off a drive that turned out to be another one.
    pub(crate) fn forget(&mut self, no: DriveNo) {
        self.serials.remove(&no);
        self.declined.remove(&no);
        self.assets.remove(&no);
        self.checks.remove(&no);
        self.vouched.remove(&no);
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

    /// Whether a drive may be the workbench's own, and nobody gave the word for it.
    pub(crate) fn wants_word(&self, drive: &Drive) -> bool {
        self.is_bench() && drive.is_internal() && !self.labels.vouched.contains(&drive.no)
    }

    /// Whether the end of this drive's serial number is still to be read off its label, on the screens that lead there.
    pub(crate) fn asks_for_label(&self, no: DriveNo) -> bool {
        let choosing = matches!(self.screen, Screen::Drives | Screen::DriveDetail | Screen::Own);
        let row = self.drives.rows.iter().find(|row| row.drive.no == no);
        choosing && row.is_some_and(|row| self.wants_word(&row.drive))
    }

    /// The number of the PC from which a drive on the bench was taken; empty where it was not entered.
    pub(crate) fn bench_asset(&self, no: DriveNo) -> &str {
        self.labels.assets.get(&no).filter(|_| self.is_bench()).map(Field::value).unwrap_or_default()
    }

    /// The serial number by which a drive is called: its own, else the one on its label; may be empty.
    pub(crate) fn serial_of(&self, no: DriveNo) -> String {
        let row = self.drives.rows.iter().find(|row| row.drive.no == no);
        let own = row.map(|row| row.drive.identity.serial.to_string()).filter(|serial| !serial.is_empty());
        own.or_else(|| self.labels.serials.get(&no).cloned()).unwrap_or_default()
    }

    /// The first of the PC's own drives without a serial number for which nobody was asked. On a bench they are nobody's
    /// business.
    pub(crate) fn next_nameless(&self) -> Option<DriveNo> {
        if self.is_bench() {
            return None;
        }
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
        let selected = self.selection();
        let here = self.drives.rows.iter().filter(|row| row.presence == Presence::Here);
        let label = |no: DriveNo| {
            let number = Some(self.bench_asset(no)).filter(|_| selected.contains(&no));
            let asset_number = number.filter(|number| !number.is_empty()).map(str::to_owned);
            let check = self.labels.checks.get(&no).filter(|_| asset_number.is_some());
            let (serial, asset_check) = (self.labels.serials.get(&no), check.cloned().unwrap_or_default());
            let said = serial.is_some() || asset_number.is_some();
            said.then(|| Label { drive: no, serial: serial.cloned(), asset_number, asset_check })
        };
        here.filter_map(|row| label(row.drive.no)).collect()
    }
}

/// Whether two serial numbers are the same, but for blanks, signs and the height of letters.
pub(crate) fn same_serial(one: &str, other: &str) -> bool {
    let plain = lists::loose(one);
    !plain.is_empty() && plain == lists::loose(other)
}

/// How many characters at the end of a serial number are enough to mean its drive.
pub(crate) const WORD: usize = 4;

/// Whether that is a serial number, or its last four characters, as they are read off a label.
pub(crate) fn is_on_label(typed: &str, serial: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    };
    let (typed, serial) = (plain(typed), plain(serial));
    !typed.is_empty() && (typed == serial || (typed.len() >= WORD && serial.ends_with(&typed)))
}
