//! What people do to media without the program: destroyed, degaussed, set aside.

use crate::field::Field;
use crate::parts::PlanState;
use crate::{DrivesFrom, Model, Purpose};
use model::{
    ByHandNo, DriveNo, DriveResult, FailureReason, Handling, InformationClass, MediumKind, NotCovered,
    Outcome, Witnessed,
};
use policy::DrivePlan;
use std::collections::BTreeSet;

/// What a person did to one medium, by their word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// Its number in this session.
    pub no: ByHandNo,
    /// The drive of this PC's list that it is; otherwise `medium` says what it is.
    pub drive: Option<DriveNo>,
    /// What medium it is, where this PC does not see it.
    pub medium: Option<HandMedium>,
    /// 資産管理番号 of the PC that it came from.
    pub asset_number: String,
    /// What was done.
    pub handling: Handling,
    /// With what.
    pub how: String,
    /// Who did it.
    pub by: String,
    /// When: a day like `2026-12-31`.
    pub on: String,
    /// Whether photos of it are to be kept with the record.
    pub photo_expected: bool,
    /// 備考
    pub remarks: String,
}

/// A medium that this PC does not see, as its label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandMedium {
    /// What it is.
    pub kind: MediumKind,
    /// The maker; may be empty.
    pub maker: String,
    /// The model; may be empty.
    pub model: String,
    /// 製造番号; empty where there is none.
    pub serial: String,
}

/// Where typing goes on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum HandFocus {
    Kind,
    Maker,
    Model,
    Serial,
    Asset,
    #[default]
    Handling,
    How,
    By,
    On,
    Photo,
    Remarks,
}

/// Whether photos are to be kept with the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Photo {
    #[default]
    Expected,
    NotExpected,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct HandForm {
    pub(crate) focus: HandFocus,
    pub(crate) drive: Option<DriveNo>,
    pub(crate) kind: Option<MediumKind>,
    pub(crate) handling: Option<Handling>,
    pub(crate) photo: Photo,
    pub(crate) maker: Field,
    pub(crate) model: Field,
    pub(crate) serial: Field,
    pub(crate) asset: Field,
    pub(crate) how: Field,
    pub(crate) by: Field,
    pub(crate) on: Field,
    pub(crate) remarks: Field,
}

impl HandForm {
    /// The fields in the order of the form.
    pub(crate) fn order(&self) -> Vec<HandFocus> {
        use HandFocus::{Asset, By, Handling, How, Kind, Maker, Model, On, Photo, Remarks, Serial};
        let own: &[HandFocus] = if self.drive.is_none() { &[Kind, Maker, Model, Serial, Asset] } else { &[] };
        own.iter().copied().chain([Handling, How, By, On, Photo, Remarks]).collect()
    }

    /// A field that takes text.
    pub(crate) fn text(&mut self, focus: HandFocus) -> Option<&mut Field> {
        Some(match focus {
            HandFocus::Maker => &mut self.maker,
            HandFocus::Model => &mut self.model,
            HandFocus::Serial => &mut self.serial,
            HandFocus::Asset => &mut self.asset,
            HandFocus::How => &mut self.how,
            HandFocus::By => &mut self.by,
            HandFocus::On => &mut self.on,
            HandFocus::Remarks => &mut self.remarks,
            HandFocus::Kind | HandFocus::Handling | HandFocus::Photo => return None,
        })
    }

    /// What it holds, as typed.
    pub(crate) fn typed(&self, focus: HandFocus) -> &str {
        match focus {
            HandFocus::Maker => self.maker.typed(),
            HandFocus::Model => self.model.typed(),
            HandFocus::Serial => self.serial.typed(),
            HandFocus::Asset => self.asset.typed(),
            HandFocus::How => self.how.typed(),
            HandFocus::By => self.by.typed(),
            HandFocus::On => self.on.typed(),
            HandFocus::Remarks => self.remarks.typed(),
            HandFocus::Kind | HandFocus::Handling | HandFocus::Photo => "",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Hand {
    /// What was recorded so far.
    pub(crate) done: Vec<ByHand>,
    /// What a witness has confirmed of it.
    pub(crate) witnessed: BTreeSet<ByHandNo>,
    pub(crate) form: HandForm,
}

impl Model {
    /// What may be said to have been done to the medium of the form: degaussing does nothing to flash or to a disc.
    pub(crate) fn handlings(&self) -> Vec<Handling> {
        let kind = self.hand_kind(self.hand.form.drive, self.hand.form.kind);
        let does = |handling: &Handling| *handling != Handling::Degaussed || kind == Some(MediumKind::Hdd);
        Handling::ALL.into_iter().filter(does).collect()
    }

    /// The answers of the row that has the focus on the form, in the order of their numbers.
    pub(crate) fn hand_answers(&self) -> Vec<&str> {
        let texts = self.texts();
        match self.hand.form.focus {
            HandFocus::Kind => MediumKind::ALL.map(|kind| crate::words::medium_kind(texts, kind)).to_vec(),
            HandFocus::Handling => {
                self.handlings().into_iter().map(|handling| crate::words::handling(texts, handling)).collect()
            }
            HandFocus::Photo => vec![&texts.hand.photo_yes],
            _ => Vec::new(),
        }
    }

    /// The next number of something done by hand.
    pub(crate) fn next_hand(&self) -> ByHandNo {
        ByHandNo(u16::try_from(self.hand.done.len() + 1).unwrap_or(u16::MAX))
    }

    /// The kind of medium that something was done to: of a drive, what the drive itself said.
    pub(crate) fn hand_kind(
        &self,
        drive: Option<DriveNo>,
        declared: Option<MediumKind>,
    ) -> Option<MediumKind> {
        match drive {
            Some(no) => {
                let row = self.drives.rows.iter().find(|row| row.drive.no == no);
                row.map(|row| MediumKind::from(row.drive.medium))
            }
            None => declared,
        }
    }

    /// What something done by hand comes to, by the class and the witness.
    pub(crate) fn hand_result(&self, said: &ByHand) -> DriveResult {
        let kind = self.hand_kind(said.drive, said.medium.as_ref().map(|medium| medium.kind));
        let class = self.class.map_or(InformationClass::One, |choice| choice.class);
        let result = DriveResult::by_hand(said.handling, kind.unwrap_or(MediumKind::Other));
        let result = result.under_class(class, Witnessed::No);
        if self.hand.witnessed.contains(&said.no) { result.after_witness() } else { result }
    }

    /// What was done by hand to a drive: the last of it counts.
    pub(crate) fn handled(&self, no: DriveNo) -> Option<&ByHand> {
        self.hand.done.iter().rev().find(|said| said.drive == Some(no))
    }

    /// What a witness can say something of and has not.
    pub(crate) fn unwitnessed(&self) -> Vec<ByHandNo> {
        let seen =
            |said: &&ByHand| said.handling != Handling::SetAside && !self.hand.witnessed.contains(&said.no);
        self.hand.done.iter().filter(seen).map(|said| said.no).collect()
    }

    /// The drives whose data are still there, or may be, and that a person may have destroyed.
    pub(crate) fn destructible(&self) -> Vec<DriveNo> {
        if !matches!(self.plan, PlanState::Fixed(_)) || !self.running().is_empty() {
            return Vec::new();
        }
        let busy = self.busy();
        let open = |line: &DrivePlan| {
            let Some(result) = self.result(line) else { return false };
            let proven = result.achieved.is_some() && result.failure == Some(FailureReason::AwaitingWitness);
            let row = self.drives.rows.iter().find(|row| row.drive.no == line.drive);
            let own = row.is_none_or(|row| row.drive.is_internal());
            !busy.contains(&line.drive)
                && match result.outcome {
                    Outcome::AwaitingDestruction | Outcome::AwaitingApproval | Outcome::Failed => true,
                    Outcome::Incomplete => !proven,
                    Outcome::NotCovered => {
                        own && !self.is_bench() && result.not_covered != Some(NotCovered::Ineligible)
                    }
                    Outcome::Done => false,
                }
        };
        self.result_lines().iter().filter(|line| open(line)).map(|line| line.drive).collect()
    }

    /// Whether this PC is no more than where the record is made, or where removed drives are attached.
    pub(crate) fn is_bench(&self) -> bool {
        self.drives.from == DrivesFrom::Bench || self.purpose == Purpose::ByHand
    }

    /// Whether anything was recorded that was done by hand.
    pub(crate) fn has_hand(&self) -> bool {
        !self.hand.done.is_empty()
    }
}
