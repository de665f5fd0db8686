//! How a medium stands: by the session that counts, by what is against it, and by what people said of it.

use super::books::{MediumFile, NO_NUMBER};
use super::status::{Remark, Status};
use crate::store::{
    AttachmentKind, DriveRow, ExceptionRow, HandoverRow, KeyTrust, Place, RecordKey, SessionRow, Vouching,
    WitnessState,
};
use jiff::civil::Date;
use lists::loose;
use model::Outcome;
use record::{ClockConfirmation, Standing};
use std::collections::{BTreeMap, HashMap};

/// A medium in one of its sessions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sighting<'a> {
    pub(super) record: &'a DriveRow,
    pub(super) session: &'a SessionRow,
    /// The life of the stick in which that session is.
    pub(super) life: usize,
}

impl Sighting<'_> {
    /// How much a session says of the medium: one that does not verify, or that nobody may rely on, proves nothing; one
    /// that did nothing to it does not undo what was proven before; and one that anybody can have signed does not undo
    /// what the organisation or the office vouches for.
    fn weight(&self) -> u8 {
        let unknown = self.session.voucher.vouching == Vouching::Unregistered
            && self.session.trust != KeyTrust::Confirmed;
        match (self.session.standing, self.record.outcome) {
            (Standing::Refused, _) => 0,
            _ if self.session.doubt().is_some() => 0,
            (_, None | Some(Outcome::NotCovered)) => 1,
            _ if unknown => 2,
            _ => 3,
        }
    }

    /// Whether this one counts rather than the other: in one life of a stick its number tells, else the PC's clock.
    fn counts_before(&self, other: &Self) -> bool {
        let (a, b) = (self.session, other.session);
        match self.weight().cmp(&other.weight()) {
            std::cmp::Ordering::Equal if self.life == other.life && a.counter != b.counter => {
                a.counter > b.counter
            }
            std::cmp::Ordering::Equal => (&a.opened, &a.id) > (&b.opened, &b.id),
            weight => weight.is_gt(),
        }
    }
}

/// What people said of records.
pub(super) struct Spoken<'a> {
    items: HashMap<&'a RecordKey, (&'a HandoverRow, Vec<AttachmentKind>)>,
    exceptions: HashMap<&'a RecordKey, &'a ExceptionRow>,
}

/// What people said of one medium.
#[derive(Debug, Clone, Copy)]
struct Said<'s, 'a> {
    handed: Option<&'s (&'a HandoverRow, Vec<AttachmentKind>)>,
    exception: Option<&'a ExceptionRow>,
}

impl<'a> Spoken<'a> {
    /// By the records that they are about.
    pub(super) fn of(handovers: &'a [HandoverRow], exceptions: &'a [ExceptionRow]) -> Self {
        let items = handovers.iter().flat_map(|row| row.items.iter().map(move |item| (row, item)));
        // A later handover or exception stands in the place of an earlier one.
        let items = items.map(|(row, item)| (&item.item.key, (row, row.lacks(item)))).collect();
        let exceptions = exceptions.iter().filter(|row| row.ended.is_none());
        Self { items, exceptions: exceptions.map(|row| (&row.exception.item.key, row)).collect() }
    }

    /// People speak of a medium, whichever of its sessions they named.
    fn said<'s>(&'s self, sightings: &[Sighting<'a>]) -> Said<'s, 'a> {
        let keys = || sightings.iter().map(|sighting| &sighting.record.key);
        Said {
            handed: keys().find_map(|key| self.items.get(key)),
            exception: keys().find_map(|key| self.exceptions.get(key)).copied(),
        }
    }

    /// The medium that was sighted there; `None` of no sighting.
    pub(super) fn file(&self, sightings: Vec<Sighting<'a>>, today: Date) -> Option<MediumFile<'a>> {
        let mut all = sightings.iter().copied();
        let first = all.next()?;
        let best = all.fold(first, |best, next| if next.counts_before(&best) { next } else { best });
        // The namespaces of one drive are one medium: it is no better than the worst of them.
        let parts: Vec<Sighting<'a>> =
            sightings.iter().copied().filter(|part| part.session.id == best.session.id).collect();
        let sessions: BTreeMap<&str, &'a SessionRow> =
            sightings.iter().map(|sighting| (sighting.session.id.as_str(), sighting.session)).collect();
        let sound = sightings.iter().filter(|sighting| sighting.session.standing != Standing::Refused);
        let assets = sound.filter_map(|sighting| sighting.record.asset_number.as_deref());
        let assets = assets.map(loose).filter(|asset| !asset.is_empty() && asset != NO_NUMBER).collect();
        let said = self.said(&sightings);
        let judged: Vec<(Status, Vec<Remark>, Sighting<'a>)> = parts
            .iter()
            .map(|part| {
                let (status, remarks) = said.status(*part, today);
                (status, remarks, *part)
            })
            .collect();
        let achieved = parts.iter().map(|part| part.record.achieved).min().flatten();
        let (status, remarks, worst) = judged.into_iter().max_by_key(|(status, ..)| *status)?;
        let mut file = MediumFile {
            record: worst.record,
            session: worst.session,
            sessions: sessions.into_values().collect(),
            assets,
            achieved,
            asked: worst.record.asked,
            status,
            by_itself: status,
            remarks,
            parts: parts.iter().map(|part| part.record).collect(),
            handover: said.handed.map(|(row, _)| *row),
            exception: said.exception,
        };
        file.compare_sessions();
        Some(file)
    }
}

impl Said<'_, '_> {
    fn status(self, part: Sighting<'_>, today: Date) -> (Status, Vec<Remark>) {
        let mut remarks = of_session(part.session);
        if let Some((row, lacks)) = self.handed {
            remarks.extend(of_handover(row, lacks));
        }
        let contradiction = contradiction(part, &mut remarks);
        let by_log = of_outcome(part);
        let status = match (self.handed, contradiction, self.exception) {
            (Some((_, lacks)), ..) if lacks.is_empty() => Status::DestructionConfirmed,
            (_, Some(status), _) => status,
            (Some((row, _)), ..) => of_deadline(row, today),
            (None, None, Some(row)) => {
                remarks.push(Remark::Exception(row.id, row.exception.deadline.clone()));
                // It was asked for what that session came to, and excuses nothing that came after; what was done properly
                // after all needs none, though nobody has ended it.
                let its = row.exception.item.key.session == part.session.id;
                match by_log {
                    Status::Done => by_log,
                    _ if its => of_exception(row, today),
                    _ => of_log(part, by_log, today),
                }
            }
            (None, None, None) => of_log(part, by_log, today),
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
    if session.doubt().is_some() {
        return Some(Status::Doubtful);
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
    remarks.extend(of_voucher(session));
    if session.clock == ClockConfirmation::NotConfirmed {
        remarks.push(Remark::ClockNotConfirmed);
    }
    remarks
}

fn of_voucher(session: &SessionRow) -> Vec<Remark> {
    let voucher = &session.voucher;
    let own = match voucher.vouching {
        Vouching::Certified => None,
        Vouching::Unregistered if session.trust == KeyTrust::Confirmed => None,
        Vouching::Unregistered => Some(Remark::KeyUnregistered),
        _ => Some(Remark::Vouched(voucher.clone())),
    };
    let told = voucher.vouching.is_doubtful() && session.doubt().is_none();
    let before = session.vouched_before.clone().map(Remark::VouchedBefore);
    own.into_iter().chain(told.then_some(Remark::DateTold)).chain(before).collect()
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

/// What nobody has countersigned by the deadline that the log gives is overdue.
fn of_log(part: Sighting<'_>, by_log: Status, today: Date) -> Status {
    let deadline = part.record.exception.as_ref().and_then(|it| it.deadline.parse::<Date>().ok());
    match (by_log, deadline) {
        (Status::AwaitingApproval, Some(deadline)) if deadline < today => Status::Overdue,
        _ => by_log,
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
        Some(Outcome::AwaitingApproval) => Status::AwaitingApproval,
        Some(Outcome::Failed) => Status::Failed,
        Some(Outcome::NotCovered) => Status::NotCovered,
        Some(Outcome::Incomplete) | None => Status::Incomplete,
    }
}
