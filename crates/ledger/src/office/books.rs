//! What the ledger knows of every medium: all its sessions together, and what people said of it.

use super::lives::Lives;
use super::standing::{Sighting, Spoken};
use super::status::{Remark, Status};
use crate::recompute::Disagreement;
use crate::store::{Bearing, DriveRow, ExceptionRow, HandoverRow, RecordKey, SessionRow, Store, StoreError};
use jiff::civil::Date;
use lists::loose;
use model::{Method, Outcome};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the appliance asks people to type for a medium without an asset number.
pub(super) const NO_NUMBER: &str = "NONE";

/// The ledger's rows, read once.
#[derive(Debug)]
pub struct Books {
    /// Every session.
    pub sessions: Vec<SessionRow>,
    /// Every drive of every session.
    pub records: Vec<DriveRow>,
    handovers: Vec<HandoverRow>,
    exceptions: Vec<ExceptionRow>,
    lives: Lives,
    today: Date,
}

/// A medium, with all that is known of it.
#[derive(Debug, Clone)]
pub struct MediumFile<'a> {
    /// The record that counts: of the last session that worked on it.
    pub record: &'a DriveRow,
    /// The session of that record.
    pub session: &'a SessionRow,
    /// Every session in which it was seen, the one that counts included.
    pub sessions: Vec<&'a SessionRow>,
    /// The asset numbers under which it was recorded, each once, in sessions that can be relied on.
    pub assets: BTreeSet<String>,
    /// The method proven of all of it, by the office's reckoning.
    pub achieved: Option<Method>,
    /// The method asked.
    pub asked: Option<Method>,
    /// How it stands.
    pub status: Status,
    /// How it stands by itself, whichever PCs it was recorded in.
    pub by_itself: Status,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
    /// Its records in the session that counts: several are the namespaces of one drive.
    pub parts: Vec<&'a DriveRow>,
    /// The handover in which it was given to be destroyed.
    pub handover: Option<&'a HandoverRow>,
    /// The exception that was asked for it and has not ended.
    pub exception: Option<&'a ExceptionRow>,
}

impl Books {
    /// Reads everything.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn read(store: &Store, today: Date) -> Result<Self, StoreError> {
        let sessions = store.sessions()?;
        Ok(Self {
            lives: Lives::of(&sessions, &store.heads()?),
            sessions,
            records: store.records()?,
            handovers: store.handovers()?,
            exceptions: store.exceptions()?,
            today,
        })
    }

    /// The date by which deadlines are judged.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// Every medium that concerns a PC: what was inside one, and what was worked on from outside.
    #[must_use]
    pub fn media(&self) -> Vec<MediumFile<'_>> {
        let sessions: HashMap<&str, &SessionRow> =
            self.sessions.iter().map(|session| (session.id.as_str(), session)).collect();
        let spoken = Spoken::of(&self.handovers, &self.exceptions);
        let mut media: BTreeMap<(String, &str, Option<&RecordKey>), Vec<Sighting<'_>>> = BTreeMap::new();
        for record in self.records.iter().filter(|record| concerns_a_pc(record)) {
            let Some(session) = sessions.get(record.key.session.as_str()) else { continue };
            let serial = loose(&record.serial);
            // A drive that does not say who it is, is another one each time.
            let nameless = serial.is_empty().then_some(&record.key);
            media.entry((serial, &record.model, nameless)).or_default().push(Sighting {
                record,
                session,
                life: self.lives.life(&session.id),
            });
        }
        media.into_values().filter_map(|sightings| spoken.file(sightings, self.today)).collect()
    }
}

/// What a session's own sticks are, and what was plugged in and left alone, is nobody's business.
fn concerns_a_pc(record: &DriveRow) -> bool {
    match record.bearing {
        Bearing::Pc => true,
        Bearing::Plugged => !matches!(record.outcome, None | Some(Outcome::NotCovered)),
        Bearing::Own => false,
    }
}

impl MediumFile<'_> {
    /// One medium in two PCs: it was moved, or one of the asset numbers is wrong.
    pub(super) fn compare_sessions(&mut self) {
        if self.assets.len() > 1 {
            self.remarks.push(Remark::TwoAssets(self.assets.iter().cloned().collect()));
            self.status = self.status.max(Status::Duplicate);
        }
    }

    /// Whether the medium may leave the building to be destroyed: its log says so, is closed, and nothing is against it.
    #[must_use]
    pub fn may_leave(&self) -> bool {
        let cleared = self.achieved.is_some() && self.record.disagreement.is_none();
        let settled =
            matches!(self.status, Status::AwaitingDestruction | Status::Done | Status::DoneWithException);
        let verdict = self.record.verdict;
        settled && cleared && verdict.is_some_and(|verdict| verdict != model::Verdict::MustNotLeave)
    }

    /// 資産管理番号 of the PC that it belongs to; empty where nobody gave one.
    #[must_use]
    pub fn asset_number(&self) -> &str {
        self.record.asset_number.as_deref().filter(|number| loose(number) != NO_NUMBER).unwrap_or_default()
    }

    /// Whether it belongs to another PC than the one its session was of: it was taken out of that one, or people had it
    /// in hand only.
    #[must_use]
    pub fn is_from_elsewhere(&self) -> bool {
        let own = self.session.asset_number.as_deref().unwrap_or_default();
        !self.asset_number().is_empty() && loose(self.asset_number()) != loose(own)
    }

    /// The disagreement of the record that counts.
    #[must_use]
    pub fn disagreement(&self) -> Option<Disagreement> {
        self.record.disagreement
    }
}
