//! What the results stick holds of earlier sessions, for people to look at.

use crate::Model;
use crate::parts::{Presence, StickUse};
use model::{DeviceText, InformationClass, Method, Outcome, Verdict};
use serde::{Deserialize, Serialize};

/// One earlier session: one PC. As its log says; nothing depends on it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastSession {
    /// 資産管理番号, as declared; empty when the session ended before it was entered.
    pub asset_number: String,
    /// The PC's clock when it began, for people.
    pub wall: String,
    /// The class.
    pub class: Option<InformationClass>,
    /// How it ended.
    pub end: PastEnd,
    /// Its drives, but for those that were nobody's business: our own sticks and what was left out.
    pub drives: Vec<PastDrive>,
    /// How many of the PC's own drives that hold data were left as they were.
    #[serde(default)]
    pub untouched: usize,
}

/// How an earlier session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PastEnd {
    /// Its log was closed.
    Closed,
    /// It was ended before anything was confirmed.
    Abandoned,
    /// 未完結: the PC went off in the middle.
    Open,
    /// Its log does not verify.
    Refused,
}

/// A drive of an earlier session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastDrive {
    /// Its model.
    pub model: DeviceText,
    /// Its serial number.
    pub serial: DeviceText,
    /// How it ended, witness considered; `None` when nothing was begun.
    pub outcome: Option<Outcome>,
    /// The method that was reached.
    pub achieved: Option<Method>,
    /// What may happen to it.
    pub verdict: Option<Verdict>,
}

/// How a PC of an earlier session stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PastSign {
    Done,
    Attention,
    Nothing,
    /// The PC had no drive.
    Empty,
    Open,
    Refused,
}

fn is_done(drive: &PastDrive) -> bool {
    drive.outcome == Some(Outcome::Done)
}

impl PastSession {
    pub(crate) fn sign(&self) -> PastSign {
        match self.end {
            PastEnd::Refused => PastSign::Refused,
            PastEnd::Open => PastSign::Open,
            PastEnd::Abandoned => PastSign::Nothing,
            PastEnd::Closed => match (self.drives.is_empty(), self.untouched) {
                (true, 0) => PastSign::Empty,
                (true, _) => PastSign::Nothing,
                (false, 0) if self.drives.iter().all(is_done) => PastSign::Done,
                (false, _) => PastSign::Attention,
            },
        }
    }
}

impl Model {
    /// The earlier sessions on the stick in use, the newest first.
    pub(crate) fn past(&self) -> &[PastSession] {
        match &self.sticks.used {
            StickUse::Open(info) => &info.past,
            StickUse::None | StickUse::Opening(_) => &[],
        }
    }

    /// The same, also by the number that was entered: the drive that was under way may not be seen now.
    pub(crate) fn interrupted(&self) -> Option<&PastSession> {
        let number = lists::loose(self.people.asset());
        let by_number = || {
            let named = self.past().iter().find(|past| lists::loose(&past.asset_number) == number);
            let tells = !matches!(number.as_str(), "" | "NONE");
            named.filter(|past| tells && past.end == PastEnd::Open)
        };
        self.cut_off().or_else(by_number)
    }

    /// The last session of this PC, if it was cut off: the newest with one of the drives that are there now.
    pub(crate) fn cut_off(&self) -> Option<&PastSession> {
        let here = |serial: &DeviceText| {
            let rows = self.drives.rows.iter().filter(|row| row.presence == Presence::Here);
            !serial.is_empty() && rows.into_iter().any(|row| row.drive.identity.serial == *serial)
        };
        let of_this_pc = |past: &&PastSession| past.drives.iter().any(|drive| here(&drive.serial));
        self.past().iter().find(of_this_pc).filter(|past| past.end == PastEnd::Open)
    }
}
