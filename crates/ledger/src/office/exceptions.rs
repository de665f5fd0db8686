//! `exceptions`: 例外措置 (7.4).
//!
//! An exception is the only way to a lesser method than the class asks, never to none: the medium must have a proven
//! one. It holds from the countersignature of somebody who neither asked for it nor carried the method out, until its
//! deadline.

use super::books::{Books, MediumFile};
use super::desk::{Desk, Trouble};
use super::handover::item;
use super::status::Status;
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::store::{Exception, ExceptionRow, LoggedException, RecordKey, Store};
use crate::table::columns;
use crate::texts::fill;
use clap::Subcommand;
use jiff::civil::Date;
use lists::{Likeness, SerialIndex};
use std::collections::BTreeMap;

/// What to do with exceptions.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Asks for one: it is 承認待ち. Reason, measure and deadline may be left out where the log has them.
    Request {
        /// The medium's serial number.
        serial: String,
        /// The section that asks.
        #[arg(long)]
        section: String,
        /// Why the method that the class asks is not possible.
        #[arg(long)]
        reason: Option<String>,
        /// The substitute measure.
        #[arg(long)]
        measure: Option<String>,
        /// Until when it holds.
        #[arg(long, value_name = "DATE")]
        deadline: Option<String>,
    },
    /// Countersigns one: the medium is 例外付き完了.
    Countersign {
        /// The exception's number.
        number: i64,
        /// Who approves it (CISO).
        #[arg(long, value_name = "NAME")]
        approver: String,
    },
    /// Ends one: the medium was erased or destroyed after all, or the request is withdrawn.
    End {
        /// The exception's number.
        number: i64,
        /// How it ended.
        #[arg(long)]
        how: String,
    },
}

pub(super) fn exceptions(desk: &Desk, action: Option<&Action>) -> Result<Conclusion, Trouble> {
    let mut store = desk.open()?;
    match action {
        None => listed(desk, &store),
        Some(Action::Request { serial, section, reason, measure, deadline }) => {
            let said = [reason, measure, deadline].map(|text| text.as_deref().map(str::trim));
            request(desk, &mut store, serial, section.trim(), said)
        }
        Some(Action::Countersign { number, approver }) => countersign(desk, &mut store, *number, approver),
        Some(Action::End { number, how }) => {
            open(desk, &store, *number)?;
            store.end_exception(*number, how, &desk.today.to_string())?;
            let text = fill(desk.words.exception_ended, &[("number", &number.to_string())]);
            Ok(Conclusion::Good(text + "\n"))
        }
    }
}

fn request(
    desk: &Desk,
    store: &mut Store,
    serial: &str,
    section: &str,
    [reason, measure, deadline]: [Option<&str>; 3],
) -> Result<Conclusion, Trouble> {
    let words = desk.words;
    let books = Books::read(store, desk.today)?;
    let media = books.media();
    let medium = medium(desk, &media, serial)?;
    // What the clerk declared when the drive was erased stands, unless the office says otherwise.
    let logged = medium.record.exception.as_ref();
    let reason = reason.or(logged.map(|it| it.reason.as_str())).unwrap_or_default();
    let measure = measure.or(logged.map(|it| it.measure.as_str())).unwrap_or_default();
    let deadline = deadline.or(logged.map(|it| it.deadline.as_str())).unwrap_or_default();
    if [section, reason, measure, deadline].contains(&"") || desk.by.trim().is_empty() {
        return Err(desk.problem(words.exception_incomplete, &[]));
    }
    let deadline = desk.date(deadline)?;
    if deadline < desk.today {
        return Err(desk.problem(words.deadline_past, &[("deadline", &deadline.to_string())]));
    }
    check(desk, medium, serial)?;
    let asked = Exception {
        item: item(medium),
        section: section.to_owned(),
        reason: reason.to_owned(),
        measure: measure.to_owned(),
        deadline: deadline.to_string(),
        requested: desk.today.to_string(),
        requested_by: desk.by.clone(),
    };
    let number = store.request_exception(&asked, desk.entered())?;
    let values = [("number", number.to_string()), ("serial", for_terminal(serial))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(Conclusion::Good(fill(words.exception_requested, &values) + "\n"))
}

fn medium<'a, 'b>(
    desk: &Desk,
    media: &'b [MediumFile<'a>],
    serial: &str,
) -> Result<&'b MediumFile<'a>, Trouble> {
    let mut index = SerialIndex::new(media.iter().map(|medium| medium.record.serial.clone()).collect());
    let found = index.find(serial);
    let place = match found.as_slice() {
        [(place, Likeness::Exact | Likeness::Loose)] => Some(*place),
        _ => None,
    };
    place
        .and_then(|place| media.get(place))
        .ok_or_else(|| desk.problem(desk.words.no_medium, &[("serial", serial)]))
}

/// A lesser method, proven, in a record that nothing speaks against.
fn check(desk: &Desk, medium: &MediumFile<'_>, serial: &str) -> Result<(), Trouble> {
    let words = desk.words;
    let values = [("serial", serial), ("status", words.status(medium.status))];
    let waiting = matches!(medium.status, Status::AwaitingApproval | Status::Overdue);
    if medium.record.exception.is_some() && medium.exception.is_none() && waiting && medium.achieved.is_some()
    {
        return Ok(());
    }
    match medium.status {
        Status::AwaitingDestruction | Status::Incomplete | Status::Failed => {}
        Status::AwaitingApproval | Status::DoneWithException => {
            return Err(desk.problem(words.exception_before, &values));
        }
        _ => return Err(desk.problem(words.exception_not_for, &values)),
    }
    match medium.achieved {
        Some(achieved) if Some(achieved) < medium.asked => Ok(()),
        _ => Err(desk.problem(words.exception_unproven, &values)),
    }
}

fn countersign(desk: &Desk, store: &mut Store, number: i64, approver: &str) -> Result<Conclusion, Trouble> {
    let words = desk.words;
    let row = open(desk, store, number)?;
    let shown = number.to_string();
    if row.approved.is_some() {
        return Err(desk.problem(words.exception_approved_before, &[("number", &shown)]));
    }
    if row.exception.deadline.parse::<Date>().is_ok_and(|deadline| deadline < desk.today) {
        return Err(desk.problem(words.deadline_past, &[("deadline", &row.exception.deadline)]));
    }
    let operator = operator(store, &row.exception.item.key)?;
    let others = [row.exception.requested_by.as_str(), operator.as_deref().unwrap_or_default()];
    let name = comparable(approver);
    if name.is_empty() || others.into_iter().any(|other| comparable(other) == name) {
        return Err(desk.problem(words.approver_is_party, &[("approver", approver)]));
    }
    store.countersign(number, approver.trim(), &desk.today.to_string())?;
    let serial = for_terminal(&row.exception.item.serial);
    let values = [("number", shown.as_str()), ("serial", &serial)];
    Ok(Conclusion::Good(fill(words.exception_approved, &values) + "\n"))
}

fn operator(store: &Store, key: &RecordKey) -> Result<Option<String>, Trouble> {
    Ok(store.collected(&key.session)?.and_then(|collected| collected.session.operator))
}

/// An exception that has not ended.
fn open(desk: &Desk, store: &Store, number: i64) -> Result<ExceptionRow, Trouble> {
    let mut rows = store.exceptions()?.into_iter();
    let found = rows.find(|row| row.id == number && row.ended.is_none());
    found.ok_or_else(|| desk.problem(desk.words.no_exception, &[("number", &number.to_string())]))
}

/// Names are compared without blanks and case.
fn comparable(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Those that have not ended, the overdue first; then how many there were, by section and month.
fn listed(desk: &Desk, store: &Store) -> Result<Conclusion, Trouble> {
    let (words, rows) = (desk.words, store.exceptions()?);
    let rows = rows.as_slice();
    let mut open: Vec<&ExceptionRow> = rows.iter().filter(|row| row.ended.is_none()).collect();
    // The earliest deadline first: what is overdue is before what is not.
    open.sort_by(|a, b| (&a.exception.deadline, a.id).cmp(&(&b.exception.deadline, b.id)));
    let mut text = String::new();
    if !open.is_empty() {
        let heading = [
            desk.texts.column_number,
            words.column_deadline,
            words.column_status,
            words.column_section,
            words.column_serial,
            words.column_reason,
            words.column_measure,
            words.column_requested,
            words.column_approver,
        ];
        let mut table = vec![heading.map(str::to_owned).to_vec()];
        table.extend(open.iter().map(|row| line(desk, row)));
        text.push_str(&columns(&table));
    }
    let (logged, late) = of_logs(desk, store)?;
    text.push_str(&logged);
    text.push_str(&by_section(desk, rows));
    let overdue = late + open.iter().filter(|row| is_overdue(desk, row)).count();
    let values = [("count", open.len().to_string()), ("overdue", overdue.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text.push_str(&(fill(words.sum_exceptions, &values) + "\n"));
    Ok(if overdue > 0 { Conclusion::Bad(text) } else { Conclusion::Good(text) })
}

/// Those that logs have and nobody at the office has entered yet, the earliest deadline first; how many are overdue.
fn of_logs(desk: &Desk, store: &Store) -> Result<(String, usize), Trouble> {
    let words = desk.words;
    let books = Books::read(store, desk.today)?;
    let media = books.media();
    let waits = |medium: &&MediumFile<'_>| {
        medium.exception.is_none() && matches!(medium.status, Status::AwaitingApproval | Status::Overdue)
    };
    let mut rows: Vec<(&MediumFile<'_>, &LoggedException)> = media
        .iter()
        .filter(waits)
        .filter_map(|medium| Some((medium, medium.record.exception.as_ref()?)))
        .collect();
    if rows.is_empty() {
        return Ok((String::new(), 0));
    }
    rows.sort_by(|a, b| (&a.1.deadline, &a.0.record.key).cmp(&(&b.1.deadline, &b.0.record.key)));
    let heading = [
        words.column_deadline,
        words.column_status,
        words.column_serial,
        words.column_reason,
        words.column_measure,
        words.column_approver,
    ];
    let mut table = vec![heading.map(str::to_owned).to_vec()];
    table.extend(rows.iter().map(|(medium, logged)| {
        let cells = [
            logged.deadline.as_str(),
            words.status(medium.status),
            medium.record.serial.as_str(),
            logged.reason.as_str(),
            logged.measure.as_str(),
            logged.approver.as_str(),
        ];
        cells.map(for_terminal).to_vec()
    }));
    let late = rows.iter().filter(|(medium, _)| medium.status == Status::Overdue).count();
    let values = [("count", rows.len().to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok((fill(words.exceptions_of_logs, &values) + "\n" + &columns(&table), late))
}

fn is_overdue(desk: &Desk, row: &ExceptionRow) -> bool {
    row.exception.deadline.parse::<Date>().map_or(true, |deadline| deadline < desk.today)
}

fn line(desk: &Desk, row: &ExceptionRow) -> Vec<String> {
    let exception = &row.exception;
    let status = match () {
        () if is_overdue(desk, row) => Status::Overdue,
        () if row.approved.is_some() => Status::DoneWithException,
        () => Status::AwaitingApproval,
    };
    let approver = row.approved.as_ref().map_or(String::new(), |(name, on)| format!("{name} {on}"));
    let cells = [
        row.id.to_string(),
        exception.deadline.clone(),
        desk.words.status(status).to_owned(),
        exception.section.clone(),
        exception.item.serial.clone(),
        exception.reason.clone(),
        exception.measure.clone(),
        format!("{} {}", exception.requested_by, exception.requested),
        approver,
    ];
    cells.map(|cell| for_terminal(&cell)).to_vec()
}

/// Sections down, months across: what has become a habit (常態化) is seen.
fn by_section(desk: &Desk, rows: &[ExceptionRow]) -> String {
    let month = |row: &ExceptionRow| row.exception.requested.get(..7).unwrap_or_default().to_owned();
    let mut months: Vec<String> = rows.iter().map(month).collect();
    months.sort();
    months.dedup();
    let mut sections: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows {
        *sections.entry(&row.exception.section).or_default().entry(month(row)).or_default() += 1;
    }
    if sections.is_empty() {
        return String::new();
    }
    let mut table = vec![vec![desk.words.column_section.to_owned()]];
    table.iter_mut().for_each(|heading| heading.extend(months.iter().cloned()));
    for (section, counts) in sections {
        let count = |month: &String| counts.get(month).map_or(String::new(), usize::to_string);
        table.push(std::iter::once(for_terminal(section)).chain(months.iter().map(count)).collect());
    }
    columns(&table)
}
