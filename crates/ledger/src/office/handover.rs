//! `handover`: media on their way to be destroyed.

use super::books::{Books, MediumFile};
use super::desk::{Desk, Trouble, shown, write_new};
use super::status::{Remark, Status};
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::print;
use crate::problems::{Told, tell};
use crate::sheet;
use crate::store::{Handover, HandoverRow, Item, Photos, Place, StoreError};
use crate::table::columns;
use crate::texts::fill;
use clap::Args;
use jiff::civil::Date;
use lists::{Likeness, SerialIndex};
use std::path::PathBuf;

/// What is handed over.
#[derive(Debug, Args)]
pub struct HandoverArgs {
    /// The media's serial numbers; without any, what was handed over and is not closed is listed.
    #[arg(value_name = "SERIAL")]
    serials: Vec<String>,
    /// Everything that waits for destruction and may go there.
    #[arg(long, conflicts_with = "serials")]
    all: bool,
    /// The contractor.
    #[arg(long, value_name = "CONTRACTOR")]
    to: Option<String>,
    /// 提出期限: the date by which the contractor's certificate is due.
    #[arg(long, value_name = "DATE")]
    deadline: Option<String>,
    /// The date of the handover; by default today.
    #[arg(long, value_name = "DATE")]
    handed: Option<String>,
    /// They are destroyed in the building: also what must not leave it.
    #[arg(long)]
    in_building: bool,
    /// No photos before and after are expected.
    #[arg(long)]
    no_photos: bool,
    /// Writes the contractor's list as a table for Excel; the file must not be there yet.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub(super) fn handover(desk: &Desk, args: &HandoverArgs) -> Result<Conclusion, Trouble> {
    if args.serials.is_empty() && !args.all {
        return listed(desk);
    }
    let handover = agreed(desk, args)?;
    let mut store = desk.open()?;
    let books = Books::read(&store, desk.today)?;
    let media = books.media();
    let (chosen, mut faults) =
        if args.all { (all(&media, handover.place), Vec::new()) } else { named(desk, &media, &args.serials) };
    faults.extend(chosen.iter().filter_map(|medium| refusal(desk, medium, handover.place)));
    if !faults.is_empty() {
        let text: String = faults.iter().map(print::told).collect();
        return Ok(Conclusion::Impossible(text + &print::told(&tell(desk.words.nothing_handed, &[]))));
    }
    if chosen.is_empty() {
        return Err(desk.problem(desk.words.nothing_waits, &[]));
    }
    let items: Vec<Item> = chosen.iter().map(|medium| item(medium)).collect();
    let rows = contractors_list(desk, &handover, &chosen);
    // The list is written first: media that are booked out without one would be the worse half.
    let mut text = String::new();
    if let Some(path) = &args.csv {
        write_new(desk, path, &sheet::bytes(&rows).map_err(StoreError::Io)?)?;
        text = format!("{}\n", fill(desk.words.written, &[("path", &shown(path))]));
    }
    let id = store.hand_over(&handover, &items, desk.entered())?;
    let safe: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| for_terminal(cell)).collect()).collect();
    let contractor = for_terminal(&handover.contractor);
    let values = [
        ("number", id.to_string()),
        ("count", items.len().to_string()),
        ("contractor", contractor),
        ("deadline", handover.deadline),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(Conclusion::Good(format!("{}\n{}{text}", fill(desk.words.handed_over, &values), columns(&safe))))
}

fn agreed(desk: &Desk, args: &HandoverArgs) -> Result<Handover, Trouble> {
    let place = if args.in_building { Place::Building } else { Place::Contractor };
    let contractor = match (&args.to, place) {
        (Some(contractor), _) => contractor.clone(),
        (None, Place::Building) => String::new(),
        (None, Place::Contractor) => return Err(desk.problem(desk.words.no_contractor, &[])),
    };
    let deadline = args.deadline.as_ref().ok_or_else(|| desk.problem(desk.words.no_deadline, &[]))?;
    let deadline = desk.date(deadline)?;
    let handed = args.handed.as_ref().map_or(Ok(desk.today), |given| desk.date(given))?;
    if deadline < handed {
        return Err(desk.problem(desk.words.deadline_before, &[("deadline", &deadline.to_string())]));
    }
    let photos = if args.no_photos { Photos::NotExpected } else { Photos::Expected };
    Ok(Handover { place, contractor, handed: handed.to_string(), deadline: deadline.to_string(), photos })
}

fn all<'a, 'b>(media: &'b [MediumFile<'a>], place: Place) -> Vec<&'b MediumFile<'a>> {
    let waits = |medium: &&MediumFile<'_>| medium.status == Status::AwaitingDestruction && !is_out(medium);
    let fits = |medium: &&MediumFile<'_>| place == Place::Building || medium.may_leave();
    media.iter().filter(waits).filter(fits).collect()
}

/// The media that somebody named, and what is wrong with a name.
fn named<'a, 'b>(
    desk: &Desk,
    media: &'b [MediumFile<'a>],
    serials: &[String],
) -> (Vec<&'b MediumFile<'a>>, Vec<Told>) {
    let mut index = SerialIndex::new(media.iter().map(|medium| medium.record.serial.clone()).collect());
    let (mut chosen, mut faults): (Vec<&MediumFile<'_>>, _) = (Vec::new(), Vec::new());
    for serial in serials {
        match index.find(serial).as_slice() {
            [(place, Likeness::Exact | Likeness::Loose)] => chosen.extend(media.get(*place)),
            [] | [_] => faults.push(tell(desk.words.no_medium, &[("serial", serial)])),
            _ => faults.push(tell(desk.words.several_media, &[("serial", serial)])),
        }
    }
    chosen.sort_by_key(|medium| (&medium.record.serial, &medium.record.key));
    chosen.dedup_by_key(|medium| &medium.record.key);
    (chosen, faults)
}

/// Why a medium cannot be handed over.
fn refusal(desk: &Desk, medium: &MediumFile<'_>, place: Place) -> Option<Told> {
    let serial = medium.record.serial.as_str();
    if is_out(medium) {
        return Some(tell(desk.words.handed_before, &[("serial", serial)]));
    }
    let stays = place == Place::Contractor && !medium.may_leave();
    let status = desk.words.status(medium.status);
    stays.then(|| tell(desk.words.must_not_leave, &[("serial", serial), ("status", status)]))
}

fn is_out(medium: &MediumFile<'_>) -> bool {
    medium.remarks.iter().any(|remark| matches!(remark, Remark::Handed { .. }))
}

/// A medium as the ledger's lists of people's words name it.
pub(super) fn item(medium: &MediumFile<'_>) -> Item {
    let record = medium.record;
    Item { key: record.key.clone(), model: record.model.clone(), serial: record.serial.clone() }
}

fn contractors_list(desk: &Desk, handover: &Handover, media: &[&MediumFile<'_>]) -> Vec<Vec<String>> {
    let words = desk.words;
    let photos = match handover.photos {
        Photos::Expected => words.photos_expected,
        Photos::NotExpected => words.certificate_only,
    };
    let heading = [
        desk.texts.column_number,
        words.column_model,
        words.column_serial,
        desk.texts.column_medium,
        words.column_handed,
        words.column_deadline,
        words.column_expected,
    ];
    let row = |(number, medium): (usize, &&MediumFile<'_>)| {
        vec![
            number.to_string(),
            medium.record.model.clone(),
            medium.record.serial.clone(),
            print::kind(desk.texts, medium.record.medium).to_owned(),
            handover.handed.clone(),
            handover.deadline.clone(),
            photos.to_owned(),
        ]
    };
    let rows = (1..).zip(media).map(row);
    std::iter::once(heading.map(str::to_owned).to_vec()).chain(rows).collect()
}

/// What was handed over and is not closed, the earliest deadline first.
fn listed(desk: &Desk) -> Result<Conclusion, Trouble> {
    let words = desk.words;
    let mut rows: Vec<HandoverRow> = desk.open()?.handovers()?;
    rows.sort_by(|a, b| a.handover.deadline.cmp(&b.handover.deadline));
    let heading = [
        desk.texts.column_number,
        words.column_serial,
        words.column_contractor,
        words.column_handed,
        words.column_deadline,
        words.column_remarks,
    ];
    let mut table = vec![heading.map(str::to_owned).to_vec()];
    let (mut open, mut overdue) = (0, 0);
    for row in &rows {
        let late = row.handover.deadline.parse::<Date>().is_ok_and(|deadline| deadline < desk.today);
        for item in row.items.iter().filter(|item| !row.lacks(item).is_empty()) {
            open += 1;
            overdue += usize::from(late);
            let lacks: Vec<&str> = row.lacks(item).into_iter().map(|kind| words.attachment(kind)).collect();
            let late = if late { words.status(Status::Overdue) } else { "" };
            let remarks = format!("{late} {}", fill(words.lacks, &[("what", &lacks.join(words.separator))]));
            let cells = [
                row.id.to_string(),
                item.item.serial.clone(),
                row.handover.contractor.clone(),
                row.handover.handed.clone(),
                row.handover.deadline.clone(),
                remarks.trim().to_owned(),
            ];
            table.push(cells.map(|cell| for_terminal(&cell)).to_vec());
        }
    }
    let counts = [("count", open.to_string()), ("overdue", overdue.to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let list = if open > 0 { columns(&table) } else { String::new() };
    let text = format!("{list}{}\n", fill(words.sum_handed, &counts));
    Ok(if overdue > 0 { Conclusion::Bad(text) } else { Conclusion::Good(text) })
}
