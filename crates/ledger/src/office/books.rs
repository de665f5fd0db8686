//! What the ledger knows of every medium: all its sessions together, and what people said of it.

use super::assets::loose;
use super::status::{Remark, Status};
use crate::recompute::Disagreement;
use crate::store::{
    AttachmentKind, Bearing, DriveRow, ExceptionRow, HandoverRow, KeyTrust, Place, RecordKey, SessionRow,
    Store, StoreError, WitnessState,
};
use jiff::civil::Date;
use model::{Method, Outcome};
use record::{ClockConfirmation, Standing};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The ledger's rows, read once.
#[derive(Debug)]
pub struct Books {
    /// Every session.
    pub sessions: Vec<SessionRow>,
    /// Every drive of every session.
    pub records: Vec<DriveRow>,
    handovers: Vec<HandoverRow>,
    exceptions: Vec<ExceptionRow>,
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
    /// The method proven of all of it, by the office's reckoning.
    pub achieved: Option<Method>,
    /// The method asked.
    pub asked: Option<Method>,
    /// How it stands.
    pub status: Status,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
}

impl Books {
    /// Reads everything.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn read(store: &Store, today: Date) -> Result<Self, StoreError> {
        Ok(Self {
            sessions: store.sessions()?,
            records: store.records()?,
            handovers: store.handovers()?,
            exceptions: store.exceptions()?,
            today,
        })
    }

    /// Every medium that concerns a PC: what was inside one, and what was worked on from outside.
    #[must_use]
    pub fn media(&self) -> Vec<MediumFile<'_>> {
        let sessions: HashMap<&str, &SessionRow> =
            self.sessions.iter().map(|session| (session.id.as_str(), session)).collect();
        let spoken = self.spoken();
        let mut media: BTreeMap<(String, &str, Option<&RecordKey>), Vec<Sighting<'_>>> = BTreeMap::new();
        for record in self.records.iter().filter(|record| concerns_a_pc(record)) {
            let Some(session) = sessions.get(record.key.session.as_str()) else { continue };
            let serial = loose(&record.serial);
            // A drive that does not say who it is, is another one each time.
            let nameless = serial.is_empty().then_some(&record.key);
            media.entry((serial, &record.model, nameless)).or_default().push(Sighting { record, session });
        }
        media.into_values().filter_map(|sightings| spoken.file(sightings, self.today)).collect()
    }

    fn spoken(&self) -> Spoken<'_> {
        let items = self.handovers.iter().flat_map(|row| row.items.iter().map(move |item| (row, item)));
        // A later handover or exception stands in the place of an earlier one.
        let items = items.map(|(row, item)| (&item.item.key, (row, row.lacks(item)))).collect();
        let exceptions = self.exceptions.iter().filter(|row| row.ended.is_none());
        Spoken { items, exceptions: exceptions.map(|row| (&row.exception.item.key, row)).collect() }
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

#[derive(Debug, Clone, Copy)]
struct Sighting<'a> {
    record: &'a DriveRow,
    session: &'a SessionRow,
}

impl Sighting<'_> {
    /// How much a session says of the medium: one that does not verify proves nothing, one that did nothing to it does
    /// not undo what was proven before.
    fn weight(&self) -> u8 {
        match (self.session.standing, self.record.outcome) {
            (Standing::Refused, _) => 0,
            (_, None | Some(Outcome::NotCovered)) => 1,
            _ => 2,
        }
    }

    /// Whether this one counts rather than the other: on one stick its number tells, else the PC's clock.
    fn counts_before(&self, other: &Self) -> bool {
        let (a, b) = (self.session, other.session);
        let same_stick = !a.stick.is_empty() && a.stick == b.stick;
        match self.weight().cmp(&other.weight()) {
            std::cmp::Ordering::Equal if same_stick && a.counter != b.counter => a.counter > b.counter,
            std::cmp::Ordering::Equal => (&a.opened, &a.id) > (&b.opened, &b.id),
            weight => weight.is_gt(),
        }
    }
}

/// What people said of records.
struct Spoken<'a> {
    items: HashMap<&'a RecordKey, (&'a HandoverRow, Vec<AttachmentKind>)>,
    exceptions: HashMap<&'a RecordKey, &'a ExceptionRow>,
}

impl Spoken<'_> {
    fn file<'a>(&self, sightings: Vec<Sighting<'a>>, today: Date) -> Option<MediumFile<'a>> {
        let mut all = sightings.iter().copied();
        let first = all.next()?;
        let best = all.fold(first, |best, next| if next.counts_before(&best) { next } else { best });
        // The namespaces of one drive are one medium: it is no better than the worst of them.
        let parts: Vec<Sighting<'a>> =
            sightings.iter().copied().filter(|part| part.session.id == best.session.id).collect();
        let sessions: BTreeMap<&str, &'a SessionRow> =
            sightings.iter().map(|sighting| (sighting.session.id.as_str(), sighting.session)).collect();
        let judged: Vec<(Status, Vec<Remark>, Sighting<'a>)> = parts
            .iter()
            .map(|part| {
                let (status, remarks) = self.status(*part, &sightings, today);
                (status, remarks, *part)
            })
            .collect();
        let achieved = parts.iter().map(|part| part.record.achieved).min().flatten();
        let (status, remarks, worst) = judged.into_iter().max_by_key(|(status, ..)| *status)?;
        let mut file = MediumFile {
            record: worst.record,
            session: worst.session,
            sessions: sessions.into_values().collect(),
            achieved,
            asked: worst.record.asked,
            status,
            remarks,
        };
        file.compare_sessions();
        Some(file)
    }

    fn status(&self, part: Sighting<'_>, all: &[Sighting<'_>], today: Date) -> (Status, Vec<Remark>) {
        let mut remarks = of_session(part.session);
        // People speak of a medium, whichever of its sessions they named.
        let keys = || all.iter().map(|sighting| &sighting.record.key);
        let handed = keys().find_map(|key| self.items.get(key));
        let exception = keys().find_map(|key| self.exceptions.get(key));
        if let Some((row, lacks)) = handed {
            remarks.extend(of_handover(row, lacks));
        }
        let contradiction = contradiction(part, &mut remarks);
        let status = match (handed, contradiction, exception) {
            (Some((_, lacks)), ..) if lacks.is_empty() => Status::DestructionConfirmed,
            (_, Some(status), _) => status,
            (Some((row, _)), ..) => of_deadline(row, today),
            (None, None, Some(row)) => {
                remarks.push(Remark::Exception(row.id, row.exception.deadline.clone()));
                of_exception(row, today)
            }
            (None, None, None) => of_outcome(part),
        };
        (status, remarks)
    }
}

/// What makes a record none that anybody could act on.
fn contradiction(part: Sighting<'_>, remarks: &mut Vec<Remark>) -> Option<Status> {
    let (record, session) = (part.record, part.session);
    if session.standing == Standing::Refused {
        remarks.push(Remark::Refused);
        return Some(Status::Refused);
    }
    let mut contradictory = false;
    if session.rivals > 0 {
        remarks.push(Remark::Rivals);
        contradictory = true;
    }
    if let WitnessState::Differs { given } = session.witness {
        remarks.push(Remark::WitnessDiffers(given.to_string()));
        contradictory = true;
    }
    if let Some(disagreement) = record.disagreement {
        remarks.push(Remark::Disagreement(disagreement));
        contradictory = true;
    }
    if contradictory {
        return Some(Status::Contradictory);
    }
    if session.standing == Standing::Unclosed {
        remarks.extend(record.outcome.map(Remark::UnclosedWith));
        return Some(Status::Unclosed);
    }
    None
}

fn of_session(session: &SessionRow) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if session.witness == WitnessState::NotGiven && session.standing == Standing::Verified {
        remarks.push(Remark::NoWitnessLine);
    }
    if session.trust == KeyTrust::Unregistered {
        remarks.push(Remark::KeyUnregistered);
    }
    if session.clock == ClockConfirmation::NotConfirmed {
        remarks.push(Remark::ClockNotConfirmed);
    }
    remarks
}

fn of_handover(row: &HandoverRow, lacks: &[AttachmentKind]) -> Vec<Remark> {
    let agreed = Remark::Handed {
        number: row.id,
        contractor: row.handover.contractor.clone(),
        deadline: row.handover.deadline.clone(),
    };
    std::iter::once(agreed).chain(lacks.iter().map(|kind| Remark::Lacks(*kind))).collect()
}

fn of_deadline(row: &HandoverRow, today: Date) -> Status {
    match (row.handover.deadline.parse::<Date>(), row.handover.place) {
        (Ok(deadline), _) if deadline < today => Status::Overdue,
        (_, Place::Contractor) => Status::HandedOver,
        (_, Place::Building) => Status::AwaitingDestruction,
    }
}

fn of_exception(row: &ExceptionRow, today: Date) -> Status {
    match row.exception.deadline.parse::<Date>() {
        Ok(deadline) if deadline < today => Status::Overdue,
        _ if row.approved.is_some() => Status::DoneWithException,
        _ => Status::AwaitingApproval,
    }
}

fn of_outcome(part: Sighting<'_>) -> Status {
    match part.record.outcome {
        // A log that claims it and an office that comes to it too: nothing less is 完了.
        Some(Outcome::Done) if part.record.achieved.is_some() => Status::Done,
        Some(Outcome::Done) => Status::Contradictory,
        Some(Outcome::AwaitingDestruction) => Status::AwaitingDestruction,
        Some(Outcome::Failed) => Status::Failed,
        Some(Outcome::NotCovered) => Status::NotCovered,
        Some(Outcome::Incomplete) | None => Status::Incomplete,
    }
}

impl MediumFile<'_> {
    /// One medium in two PCs: it was moved, or one of the asset numbers is wrong.
    fn compare_sessions(&mut self) {
        let sound = self.sessions.iter().filter(|session| session.standing != Standing::Refused);
        let assets: BTreeSet<String> = sound
            .filter_map(|session| session.asset_number.as_deref())
            .map(loose)
            .filter(|asset| !asset.is_empty())
            .collect();
        if assets.len() > 1 {
            self.remarks.push(Remark::TwoAssets(assets.into_iter().collect()));
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

    /// The disagreement of the record that counts.
    #[must_use]
    pub fn disagreement(&self) -> Option<Disagreement> {
        self.record.disagreement
    }
}
