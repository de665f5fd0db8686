//! The list of drives.

use super::begin::check;
use super::frame::Room;
use super::lines::{line, list, pad, paragraph, shortened};
use super::planning::{headline, headline_fits, is_beside};
use super::style;
use crate::field::harmless;
use crate::parts::{DriveRow, Presence};
use crate::texts::fill;
use crate::{Model, Purpose, ScanState};
use model::{Eligibility, Ineligible};
use ratatui::text::Line;

pub(super) fn drives(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.drives;
    let class = model.class.map_or("", |choice| crate::words::class(texts, choice.class));
    let intro = match model.purpose {
        Purpose::Erase | Purpose::ByHand => &t.intro,
        Purpose::Handover => &t.intro_handover,
    };
    let mut lines = vec![line(fill(intro, &[("class", &class)]), style::PLAIN)];
    let here = || model.drives.rows.iter().filter(|row| row.presence == Presence::Here);
    // On a bench they are what it is about.
    let own = here().filter(|row| model.is_bench() || !is_beside(model, row.drive.no)).count();
    let others = here().count() - own;
    let count = match (model.is_bench(), model.purpose) {
        (true, _) => &t.count_bench,
        (false, Purpose::Handover) => &t.count_handover,
        (false, _) => &t.count,
    };
    let count = fill(count, &[("selected", &model.selection().len()), ("all", &own)]);
    let more = fill(&t.count_others, &[("others", &others)]);
    let count = if others > 0 { count + &more } else { count };
    lines.push(match model.drives.scan {
        ScanState::Settling => line(t.settling.clone(), style::WARN),
        ScanState::Slow => line(t.slow.clone(), style::WARN),
        ScanState::Done => line(count, style::STRONG),
    });
    if !model.drives.hidden.is_empty() {
        let names = model.drives.hidden.join(", ");
        lines.extend(paragraph(&fill(&t.hidden, &[("names", &names)]), 0, room.width, style::WARN));
        lines.extend(paragraph(&t.hidden_hint, 0, room.width, style::PLAIN));
    }
    lines.extend(missing(model, room));
    lines.push(Line::default());
    if model.drives.rows.is_empty() && model.drives.scan == ScanState::Done {
        lines.extend(paragraph(&t.none, 0, room.width, style::WARN));
        lines.extend(paragraph(&t.none_hint, 0, room.width, style::PLAIN));
        lines.extend(paragraph(&t.none_array, 0, room.width, style::PLAIN));
        return lines;
    }
    let at = model.drives.rows.iter().position(|row| Some(row.drive.no) == model.drives.cursor);
    let items = model.drives.rows.iter().map(|row| drive_item(model, row, room.width)).collect();
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items, at.unwrap_or(0), height));
    lines
}

/// The media that should be in this PC by the office's asset list, and are not.
fn missing(model: &Model, room: Room) -> Vec<Line<'static>> {
    let missing = model.missing_media();
    if missing.is_empty() || model.drives.rows.is_empty() || model.drives.scan != ScanState::Done {
        return Vec::new();
    }
    let text = fill(&model.texts().drives.missing, &[("serials", &first(&missing, 3, 24))]);
    paragraph(&text, 0, room.width, style::WARN)
}

/// The first of some names, and how many more there are.
fn first(names: &[String], named: usize, width: usize) -> String {
    let more = names.len().saturating_sub(named);
    let names = names.iter().take(named).map(|name| shortened(&harmless(name), width));
    names.chain((more > 0).then(|| format!("+{more}"))).collect::<Vec<_>>().join(", ")
}

/// Whether it can still be planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// On the plan.
    Before,
    /// On the results, and when the log is closed.
    After,
}

/// What may be in this PC and was not seen, and what to do about it.
pub(super) fn unseen(model: &Model, when: When, width: usize) -> Vec<Line<'static>> {
    let t = &model.texts().drives;
    let (controllers, media) = match when {
        When::Before => (&t.unseen_plan, &t.missing_plan),
        When::After => (&t.unseen_after, &t.missing_after),
    };
    let unseen = model.unseen();
    let said = |template: &str, place: &str, names: &[String], named: usize, columns: usize| {
        let text = fill(template, &[(place, &first(names, named, columns))]);
        paragraph(&text, 0, width, style::WARN)
    };
    let mut lines = Vec::new();
    if !unseen.controllers.is_empty() {
        // The list of drives has the address, for whoever has to look it up.
        let makers = unseen.controllers.iter().map(|name| name.split(" (").next().unwrap_or(name).to_owned());
        lines.extend(said(controllers, "names", &makers.collect::<Vec<_>>(), 1, 24));
    }
    if !unseen.media.is_empty() {
        lines.extend(said(media, "serials", &unseen.media, 2, 24));
    }
    lines
}

fn drive_item(model: &Model, row: &DriveRow, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let drive = &row.drive;
    let offered = model.is_offered(row);
    let selected = model.selection().contains(&drive.no);
    let mark = match (offered, model.console) {
        (true, crate::Console::Full) => pad(check(model.console, selected), 2),
        (true, crate::Console::AsciiOnly) => check(model.console, selected).to_owned(),
        (false, crate::Console::Full) => "－".to_owned(),
        (false, crate::Console::AsciiOnly) => "---".to_owned(),
    };
    let kind = crate::words::medium(texts, drive.medium, Some(drive.medium_source));
    let at_cursor = model.drives.cursor == Some(drive.no);
    let head_style = match (at_cursor, offered) {
        (true, _) => style::CURSOR,
        (false, true) => style::STRONG,
        (false, false) => style::PLAIN,
    };
    let head = |kind: &str| format!("{mark}{:>3} {kind}  {}", drive.no.0, drive.identity.model);
    let capacity = drive.identity.capacity.to_string();
    // A long name pushes what makes the kind doubtful to a line of its own.
    let short = crate::words::medium(texts, drive.medium, None);
    let fits = headline_fits(&head(kind), &capacity, width);
    let (head, doubt) = if fits { (head(kind), None) } else { (head(short), Some(kind)) };
    let mut lines = vec![headline(&head, &capacity, at_cursor, head_style, width)];
    lines.extend(doubt.into_iter().flat_map(|text| paragraph(text, 8, width, style::PLAIN)));
    let serial = crate::words::drive_serial(model, drive.no, &drive.identity.serial);
    let position = crate::words::position(model, drive);
    lines.extend(paragraph(&format!("{serial}  {position}"), 8, width, style::PLAIN));
    let asset = crate::words::bench_asset(model, drive.no);
    lines.extend(asset.into_iter().flat_map(|text| paragraph(&text, 8, width, style::PLAIN)));
    lines.extend(
        remark(model, row, selected).into_iter().flat_map(|text| paragraph(&text, 8, width, style::WARN)),
    );
    lines
}

fn remark(model: &Model, row: &DriveRow, selected: bool) -> Vec<String> {
    let (here, offered) = (row.presence == Presence::Here, model.is_offered(row));
    let own = match here && model.wants_label(&row.drive) {
        true if !model.labels.serials.contains_key(&row.drive.no) => {
            vec![model.texts().drives.nameless.clone()]
        }
        // What it is named by, it is not refused for until it was looked at again.
        true if !row.drive.eligibility.is_eligible() => vec![model.texts().drives.named.clone()],
        _ if offered && model.wants_word(&row.drive) => vec![model.texts().drives.own_note.clone()],
        _ => reason(model, row, selected),
    };
    own.into_iter()
        .chain(here.then(|| crate::words::warnings(model, &row.drive)).into_iter().flatten())
        .collect()
}

fn reason(model: &Model, row: &DriveRow, selected: bool) -> Vec<String> {
    let texts = model.texts();
    // On a bench they are what it is about.
    let usb = !model.is_bench() && !row.drive.is_internal();
    match (&row.drive.eligibility, row.presence) {
        (_, Presence::Gone) => vec![crate::words::gone(model, row.drive.no).to_owned()],
        (Eligibility::Ineligible(reasons), _) => {
            // That it can be unlocked is said beside it.
            let ours = model.unlockable().contains(&row.drive.no);
            let said = reasons.iter().filter(|reason| !(ours && **reason == Ineligible::Locked));
            said.map(|reason| crate::words::ineligible(texts, reason)).collect()
        }
        (Eligibility::Eligible, _) if usb && !selected => vec![texts.drives.usb_note.clone()],
        (Eligibility::Eligible, _) => Vec::new(),
    }
}
