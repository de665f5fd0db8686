//! The list of drives.

use super::begin::check;
use super::frame::Room;
use super::lines::{line, list, pad, paragraph, shortened};
use super::planning::{headline, headline_fits};
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
    let here = model.drives.rows.iter().filter(|row| row.presence == Presence::Here).count();
    let count = match (model.is_bench(), model.purpose) {
        (true, _) => &t.count_bench,
        (false, Purpose::Handover) => &t.count_handover,
        (false, _) => &t.count,
    };
    let count = fill(count, &[("selected", &model.selection().len()), ("all", &here)]);
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
    const NAMED: usize = 3;
    let missing = model.missing_media();
    if missing.is_empty() || model.drives.rows.is_empty() || model.drives.scan != ScanState::Done {
        return Vec::new();
    }
    let named = missing.iter().take(NAMED).map(|serial| shortened(&harmless(serial), 24));
    let more = missing.len().saturating_sub(NAMED);
    let names: Vec<String> = named.chain((more > 0).then(|| format!("+{more}"))).collect();
    let text = fill(&model.texts().drives.missing, &[("serials", &names.join(", "))]);
    paragraph(&text, 0, room.width, style::WARN)
}

fn drive_item(model: &Model, row: &DriveRow, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let drive = &row.drive;
    let offered = model.is_offered(row);
    let selected = model.selection().contains(&drive.no);
    let mark = match (offered, model.console) {
        (true, console) => pad(check(console, selected), 2),
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
    let position = fill(&texts.common.position, &[("position", &drive.position)]);
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
        (_, Presence::Gone) => vec![texts.drives.gone.clone()],
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
