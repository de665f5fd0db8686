//! What a certificate is about: a drive of the PC, one taken out of another, or a medium that people had in hand.

use super::model::Certificate;
use crate::store::Part;
use model::{
    BlockSize, Bus, ByteLen, Capabilities, Conditions, Drive, DriveNo, Eligibility, HiddenAreas, Identity,
    Medium, MediumKind, MediumSource,
};
use record::{DriveReport, DrivesFrom, HandMedium, HandReport, Serial};

impl Certificate {
    /// Which medium of its session.
    #[must_use]
    pub fn part(&self) -> Part {
        match &self.hand {
            Some(hand) if hand.entry.drive.is_none() => Part::ByHand(hand.entry.no),
            _ => Part::Drive(self.drive.drive.no),
        }
    }

    /// The medium as a person declared it, where no PC saw it.
    #[must_use]
    pub fn unseen(&self) -> Option<&HandMedium> {
        self.hand.as_ref()?.entry.medium.as_ref()
    }

    /// The kind of medium.
    #[must_use]
    pub fn kind(&self) -> MediumKind {
        self.unseen().map_or_else(|| self.drive.drive.medium.into(), |medium| medium.kind)
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &str {
        self.unseen().map_or(self.drive.drive.identity.model.as_str(), |medium| &medium.model)
    }

    /// The serial number: reported, else read off a label by a person; empty where nobody knows it.
    #[must_use]
    pub fn serial(&self) -> &str {
        let of_drive = || Serial::of(&self.drive.drive, self.choices.as_ref()).as_str();
        self.unseen().map_or_else(of_drive, |medium| &medium.serial)
    }

    /// Whether the serial number rests on a person's word.
    #[must_use]
    pub fn serial_is_declared(&self) -> bool {
        let of_drive = || Serial::of(&self.drive.drive, self.choices.as_ref()).is_declared();
        self.unseen().map_or_else(of_drive, |medium| !medium.serial.is_empty())
    }

    /// 資産管理番号 of the PC that the medium belongs to; empty where nobody gave one.
    #[must_use]
    pub fn asset_number(&self) -> &str {
        let by_hand = self.hand.as_ref().map(|hand| hand.entry.asset_number.as_str());
        let by_hand = by_hand.filter(|asset| !asset.is_empty());
        let choices = self.choices.as_ref();
        let own = || match (self.unseen(), choices) {
            (Some(_), Some(choices)) if choices.drives_from == DrivesFrom::ThisPc => {
                choices.asset_number.as_str()
            }
            (None, Some(choices)) => choices.asset_number_of(self.drive.drive.no).unwrap_or_default(),
            _ => "",
        };
        by_hand.unwrap_or_else(own)
    }

    /// Whether the PC of the session is only where the work was done: nothing may say that the medium was that PC's.
    #[must_use]
    pub fn is_from_elsewhere(&self) -> bool {
        self.choices.as_ref().is_some_and(|choices| {
            choices.drives_from == DrivesFrom::Bench || choices.asset_number != self.asset_number()
        })
    }
}

/// A drive's report with what was done to it by hand in the place of what the program came to.
pub(super) fn handled(report: &DriveReport, hand: Option<&HandReport>) -> DriveReport {
    let mut report = report.clone();
    if let Some(hand) = hand {
        (report.result, report.witnesses) = (Some(hand.result.clone()), hand.witnesses.clone());
        report.period = None;
    }
    report
}

/// What a certificate has in the place of a drive for a medium that no PC saw: nothing that anybody reported.
pub(super) fn nothing_reported(hand: &HandReport) -> DriveReport {
    let identity = Identity {
        bus: Bus::Other,
        maker: "".into(),
        model: "".into(),
        serial: "".into(),
        firmware: "".into(),
        wwn: "".into(),
        namespace: 0,
        capacity: ByteLen(0),
        block: BlockSize::B512,
    };
    let drive = Drive {
        no: DriveNo(0),
        identity,
        medium: Medium::Ssd,
        medium_source: MediumSource::Person,
        capabilities: Capabilities::default(),
        eligibility: Eligibility::Eligible,
        conditions: Conditions::default(),
        hidden: HiddenAreas::default(),
        position: "".into(),
    };
    DriveReport {
        drive,
        unfinished: None,
        planned: None,
        exception: None,
        period: None,
        result: Some(hand.result.clone()),
        by_hand: Some(hand.entry.no),
        witnesses: hand.witnesses.clone(),
        outcome: Some(hand.result.outcome),
        verdict: hand.result.verdict(),
    }
}
