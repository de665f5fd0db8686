//! `certify` from the ledger: of every medium what its log proves, and what the office knows beside it.
//!
//! A medium whose record is contradictory, or whose log does not verify, has no certificate, and it is said why.

use super::books::{Books, MediumFile};
use super::collect::{apart, missing};
use super::desk::{Desk, Trouble};
use super::gaps::Gaps;
use super::status::{Remark, Status};
use crate::certificate::batch::{Batch, Gathered};
use crate::certificate::command::CertifyArguments;
use crate::certificate::facts::{Deadline, Exception, Handover, KeptFile, OfficeFacts, RevokedLater, Signed};
use crate::certificate::model::{Certificate, CertifiedOutcome, Compared, Day, Notes};
use crate::command::Conclusion;
use crate::judge::BeforeFault;
use crate::print;
use crate::problems::{Told, tell};
use crate::store::{
    AttachmentKind, Collected, DriveRow, ExceptionRow, HandoverRow, KeyTrust, Place, SessionRow, Store,
    WitnessState, day_in_japan,
};
use jiff::civil::Date;
use lists::{Likeness, SerialIndex, loose};
use record::Trust;

pub(super) fn certify(desk: &Desk, arguments: &CertifyArguments) -> Result<Conclusion, Trouble> {
    let batch = Batch::new(desk.language, arguments)?;
    let store = desk.open()?;
    let books = Books::read(&store, desk.today)?;
    let media = books.media();
    let chosen = if arguments.all { Ok(media.iter().collect()) } else { named(desk, &media, arguments) };
    let chosen: Vec<&MediumFile<'_>> = match chosen {
        Ok(chosen) => chosen,
        Err(faults) => return Ok(Conclusion::Impossible(faults.iter().map(print::told).collect())),
    };
    let mut work = Work { desk, store: &store, gaps: Gaps::find(&store, &books.sessions)?, told: Vec::new() };
    let mut gathered = work.gather(chosen, books.today())?;
    let mut text: String = work.told.iter().map(print::told).collect();
    if arguments.all {
        let refused = store.refused()?;
        gathered.refused = refused.len();
        let wrong: String = refused.iter().map(|log| apart(desk, log)).collect();
        text.push_str(&wrong);
        text.push_str(&missing(desk, &work.gaps));
    }
    let before = if text.is_empty() { Conclusion::Good(text) } else { Conclusion::Bad(text) };
    Ok(batch.conclude(&arguments.out, &gathered, before))
}

/// A certificate of every medium in the ledger, for an auditor.
pub(super) fn all(desk: &Desk, store: &Store) -> Result<Gathered, Trouble> {
    let books = Books::read(store, desk.today)?;
    let media = books.media();
    let mut work = Work { desk, store, gaps: Gaps::find(store, &books.sessions)?, told: Vec::new() };
    let refused = store.refused()?.len();
    Ok(Gathered { refused, ..work.gather(media.iter().collect(), books.today())? })
}

/// The media of the PCs and with the serial numbers that somebody named, or what is wrong with a name.
fn named<'a, 'b>(
    desk: &Desk,
    media: &'b [MediumFile<'a>],
    arguments: &CertifyArguments,
) -> Result<Vec<&'b MediumFile<'a>>, Vec<Told>> {
    let (mut chosen, mut faults): (Vec<&MediumFile<'_>>, Vec<Told>) = (Vec::new(), Vec::new());
    for pc in &arguments.pc {
        let before = chosen.len();
        chosen.extend(media.iter().filter(|medium| is_of(medium, pc)));
        if chosen.len() == before {
            faults.push(tell(desk.words.nothing_of_pc, &[("pc", pc)]));
        }
    }
    let mut index = SerialIndex::new(media.iter().map(|medium| medium.record.serial.clone()).collect());
    for serial in &arguments.serial {
        match index.find(serial).as_slice() {
            [(place, Likeness::Exact | Likeness::Loose)] => chosen.extend(media.get(*place)),
            [] | [_] => faults.push(tell(desk.words.no_medium, &[("serial", serial)])),
            _ => faults.push(tell(desk.words.several_media, &[("serial", serial)])),
        }
    }
    if faults.is_empty() { Ok(chosen) } else { Err(faults) }
}

/// By the asset number of the PC that it belongs to, or by the serial number of a PC that it was found in.
fn is_of(medium: &MediumFile<'_>, pc: &str) -> bool {
    let name = loose(pc);
    let found = |session: &&SessionRow| loose(&session.pc.serial) == name;
    !name.is_empty() && (medium.assets.contains(&name) || medium.sessions.iter().any(found))
}

struct Work<'a> {
    desk: &'a Desk,
    store: &'a Store,
    gaps: Gaps,
    /// Why media were left out.
    told: Vec<Told>,
}

impl Work<'_> {
    fn gather(&mut self, mut media: Vec<&MediumFile<'_>>, today: Date) -> Result<Gathered, Trouble> {
        media.sort_by_key(|medium| {
            (medium.asset_number().to_owned(), medium.record.serial.clone(), medium.record.key.clone())
        });
        media.dedup_by_key(|medium| &medium.record.key);
        let mut certificates = Vec::new();
        for medium in media {
            let made = match self.against(medium) {
                Some(_) => Vec::new(),
                None => self.of_medium(medium, today)?,
            };
            if made.is_empty() {
                self.leave_out(medium);
            }
            certificates.extend(made);
        }
        let said = self.told.iter().map(|told| told.what.clone());
        let gaps = missing(self.desk, &self.gaps);
        let gaps = gaps.lines().filter_map(|line| line.strip_prefix("  ! ").map(str::to_owned));
        Ok(Gathered { certificates, problems: said.chain(gaps).collect(), refused: 0 })
    }

    /// What makes a record one that nobody could act on, whatever people said of the medium since.
    fn against(&self, medium: &MediumFile<'_>) -> Option<String> {
        let against = |remark: &&Remark| {
            matches!(
                remark,
                Remark::Refused | Remark::Rivals | Remark::WitnessDiffers(_) | Remark::Disagreement(_)
            )
        };
        let said: Vec<String> =
            medium.remarks.iter().filter(against).map(|remark| remark.text(self.desk.words)).collect();
        let status = matches!(medium.by_itself, Status::Contradictory | Status::Refused);
        let why = said.join(self.desk.words.separator);
        (status || !said.is_empty()).then_some(why)
    }

    fn leave_out(&mut self, medium: &MediumFile<'_>) {
        let words = self.desk.words;
        let why = self.against(medium).filter(|why| !why.is_empty());
        let why = why.unwrap_or_else(|| words.status(medium.by_itself).to_owned());
        // Of what is destroyed the contractor's certificate is there all the same.
        let destroyed = medium.by_itself == Status::DestructionConfirmed;
        let why = if destroyed { format!("{why} ({})", words.status(medium.by_itself)) } else { why };
        let serial = medium.record.serial.as_str();
        self.told.push(tell(
            words.no_certificate,
            &[("serial", serial), ("why", why.trim_end_matches(['.', '。']))],
        ));
    }

    /// The certificates of a medium: one, or one for each namespace of the drive.
    fn of_medium(&self, medium: &MediumFile<'_>, today: Date) -> Result<Vec<Certificate>, Trouble> {
        let Some(collected) = self.store.collected(&medium.session.id)? else { return Ok(Vec::new()) };
        let mut made = self.of_log(&collected);
        made.retain(|it| medium.parts.iter().any(|part| part.key.part == it.part()));
        for certificate in &mut made {
            let part = medium.parts.iter().find(|part| part.key.part == certificate.part());
            certificate.outcome = outcome(medium).unwrap_or(certificate.outcome);
            certificate.log.day = day(&collected.session);
            certificate.office = self.facts(medium, &collected, part.copied(), today)?;
        }
        Ok(made)
    }

    fn of_log(&self, collected: &Collected) -> Vec<Certificate> {
        let (session, Some(held)) = (&collected.session, &collected.held) else { return Vec::new() };
        let agrees = |it: bool| if it { Compared::Agrees } else { Compared::Not };
        let notes = Notes {
            key: agrees(session.trust == KeyTrust::Confirmed),
            witness: agrees(session.witness == WitnessState::Agrees),
        };
        let before = self.gaps.broken.iter().find(|link| link.session == session.id);
        let before = before.map(|link| BeforeFault::Changed(link.file.clone()));
        Certificate::of_log(&collected.file.name, &collected.report, before.as_ref(), &held.trust, notes)
    }

    fn facts(
        &self,
        medium: &MediumFile<'_>,
        collected: &Collected,
        part: Option<&DriveRow>,
        today: Date,
    ) -> Result<OfficeFacts, Trouble> {
        let assets = medium.remarks.iter().find_map(|remark| match remark {
            Remark::TwoAssets(assets) => Some(assets.clone()),
            _ => None,
        });
        let revoked = collected.held.as_ref().and_then(|held| held.revoked_later.as_ref());
        let handover = medium.handover.map(|row| self.handover(medium, row, today)).transpose()?;
        // Where it was done properly or given to be destroyed since, an exception decides nothing any more.
        let excepted = matches!(
            medium.by_itself,
            Status::AwaitingApproval | Status::DoneWithException | Status::Overdue
        );
        let exception = medium.exception.filter(|_| excepted && medium.handover.is_none());
        Ok(OfficeFacts {
            organisation: organisation(collected),
            recomputed: part.and_then(|part| part.achieved),
            assets: assets.unwrap_or_default(),
            revoked_later: revoked.map(|since| RevokedLater {
                since: since.to_string(),
                collected: day_in_japan(&collected.file.collected).to_string(),
            }),
            exception: exception.map(|row| of_exception(row, today)),
            handover,
            ..OfficeFacts::default()
        })
    }

    fn handover(&self, medium: &MediumFile<'_>, row: &HandoverRow, today: Date) -> Result<Handover, Trouble> {
        // It is named there by whichever of its sessions was the last one then.
        let ids: Vec<&str> = medium.sessions.iter().map(|session| session.id.as_str()).collect();
        let of_medium = |item: &&crate::store::ItemRow| {
            ids.contains(&item.item.key.session.as_str())
                && loose(&item.item.serial) == loose(&medium.record.serial)
        };
        let item = row.items.iter().find(of_medium);
        let files = match item {
            Some(item) => self.store.attached_for(row.id, &item.item.key)?,
            None => Vec::new(),
        };
        let of = |wanted: &[AttachmentKind]| {
            let kept = files.iter().filter(|(kind, _)| wanted.contains(kind));
            kept.map(|(_, file)| KeptFile { name: file.name.clone(), sha256: file.sha256 }).collect()
        };
        let lacks = item.map(|item| row.lacks(item)).unwrap_or_default();
        Ok(Handover {
            place: row.handover.place,
            contractor: row.handover.contractor.clone(),
            date: row.handover.handed.clone(),
            due: row.handover.deadline.clone(),
            deadline: if lacks.is_empty() {
                Deadline::Ahead
            } else {
                deadline(&row.handover.deadline, today)
            },
            certificates: of(&[AttachmentKind::Certificate]),
            photos: of(&[AttachmentKind::PhotoBefore, AttachmentKind::PhotoAfter]),
            lacks,
        })
    }
}

/// The outcome that only the office can tell; `None` where the log's is the one.
fn outcome(medium: &MediumFile<'_>) -> Option<CertifiedOutcome> {
    match medium.by_itself {
        Status::DestructionConfirmed => Some(CertifiedOutcome::DestructionConfirmed),
        Status::DoneWithException => Some(CertifiedOutcome::DoneWithException),
        Status::AwaitingApproval => Some(CertifiedOutcome::AwaitingApproval),
        Status::AwaitingDestruction => Some(CertifiedOutcome::AwaitingDestruction),
        Status::HandedOver => Some(CertifiedOutcome::HandedOver),
        // An exception that lapsed leaves what the log says.
        Status::Overdue => medium.handover.map(|row| match row.handover.place {
            Place::Contractor => CertifiedOutcome::HandedOver,
            Place::Building => CertifiedOutcome::AwaitingDestruction,
        }),
        _ => None,
    }
}

/// The organisation that vouches for the stick, with the section declared, where nobody declared an organisation.
fn organisation(collected: &Collected) -> Option<String> {
    let Trust::Certified(by) = &collected.held.as_ref()?.trust else { return None };
    let declared = &collected.report.choices.as_ref()?.declared;
    let parts = [Some(&by.organisation), declared.section.as_ref()];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    declared.organisation.is_none().then(|| parts.join(" "))
}

/// Who tells the day: people, where the PC's clock is wrong and they have told.
fn day(session: &SessionRow) -> Day {
    let told = session.voucher.vouching.is_of_the_clock() && session.doubt().is_none();
    if told { Day::OfPeople } else { Day::OfClock }
}

/// A date that cannot be read has passed: nothing holds by it.
fn deadline(date: &str, today: Date) -> Deadline {
    match date.parse::<Date>() {
        Ok(date) if date >= today => Deadline::Ahead,
        _ => Deadline::Passed,
    }
}

fn of_exception(row: &ExceptionRow, today: Date) -> Exception {
    let asked = &row.exception;
    Exception {
        number: row.id,
        section: asked.section.clone(),
        requested: Signed { by: asked.requested_by.clone(), on: asked.requested.clone() },
        reason: asked.reason.clone(),
        measure: asked.measure.clone(),
        approved: row.approved.clone().map(|(by, on)| Signed { by, on }),
        until: asked.deadline.clone(),
        deadline: deadline(&asked.deadline, today),
    }
}
