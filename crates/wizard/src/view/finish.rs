//! The last screen: what to copy, what becomes of each medium, and off.

use super::frame::{self, Room};
use super::lines::{line, list, pad, paragraph};
use super::listing::{When, unseen};
use super::planning::is_optical;
use super::style;
use super::verdicts::{Standing, band, said, standing};
use crate::field::harmless;
use crate::hand::ByHand;
use crate::parts::Closing;
use crate::texts::fill;
use crate::{CloseInfo, Model};
use model::{DriveResult, FailureReason, Handling, NotCovered, Verdict};
use policy::DrivePlan;
use ratatui::style::Style;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

/// How much is said besides the media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// With air, and the name of the log's file.
    Roomy,
    /// What a person needs, for the media's sake.
    Tight,
}

/// What stands above the media, the media, and what stands below.
struct Page {
    above: Vec<Line<'static>>,
    media: Vec<Vec<Line<'static>>>,
    below: Vec<Line<'static>>,
}

impl Page {
    fn of(model: &Model, room: Room) -> Self {
        let media = media(model, room.width, None);
        let below = below(model, room);
        let roomy = Self { above: above(model, room, Spacing::Roomy), media, below };
        match roomy.overflows(room) {
            true => Self { above: above(model, room, Spacing::Tight), ..roomy },
            false => roomy,
        }
    }

    /// Rows that are left for the media.
    fn height(&self, room: Room) -> usize {
        room.height.saturating_sub(self.above.len() + self.below.len())
    }

    fn overflows(&self, room: Room) -> bool {
        self.media.iter().map(Vec::len).sum::<usize>() > self.height(room)
    }
}

pub(super) fn finish(model: &Model, room: Room) -> Vec<Line<'static>> {
    let mut page = Page::of(model, room);
    if page.overflows(room) {
        page.media = media(model, room.width, Some(model.cursor));
    }
    let height = page.height(room);
    let mut lines = page.above;
    lines.extend(list(model.texts(), page.media, model.cursor, height));
    lines.extend(page.below);
    lines
}

/// How many media can be moved through: none where all are in view.
pub(crate) fn finish_len(model: &Model) -> usize {
    if model.plan().is_none() && !model.has_hand() {
        return 0;
    }
    let room = frame::room(model);
    let page = Page::of(model, room);
    if page.overflows(room) { page.media.len() } else { 0 }
}

fn above(model: &Model, room: Room, spacing: Spacing) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.finish;
    let mut lines = Vec::new();
    if model.plan().is_some() || model.has_hand() {
        lines.extend(band(model, room.width));
    } else {
        lines.extend(paragraph(&t.abandoned, 0, room.width, style::STRONG));
    }
    if has_media(model) {
        lines.extend(unseen(model, When::After, room.width));
    }
    lines.extend((spacing == Spacing::Roomy).then(Line::default));
    match &model.closing {
        Closing::Closed(info) => lines.extend(closed(model, info, room, spacing)),
        Closing::Failed(problem) => {
            let (what, todo) = crate::words::stick_problem(texts, problem);
            if model.needs_rescue() {
                lines.extend(paragraph(&t.failed, 0, room.width, style::BAD));
            }
            lines.extend(paragraph(&what, 2, room.width, style::PLAIN));
            lines.extend(paragraph(&todo, 2, room.width, style::STRONG));
        }
        Closing::Asked | Closing::NotAsked => {
            lines.extend(paragraph(&t.closing, 0, room.width, style::WARN));
        }
        Closing::Needless => {}
    }
    if has_media(model) {
        lines.extend((spacing == Spacing::Roomy).then(Line::default));
        let caption = if goes_out(model) { &t.media_contractor } else { &t.media };
        lines.push(line(caption.clone(), style::STRONG));
    }
    lines
}

fn closed(model: &Model, info: &CloseInfo, room: Room, spacing: Spacing) -> Vec<Line<'static>> {
    let t = &model.texts().finish;
    let mut lines = paragraph(&t.closed, 0, room.width, style::GOOD);
    if spacing == Spacing::Roomy {
        lines.push(line(fill(&t.file, &[("file", &harmless(&info.file))]), style::PLAIN));
        lines.push(Line::default());
    }
    // Whoever did the work could make another log of it.
    let head = if model.has_witness() { &t.head_witness } else { &t.head };
    lines.push(line(head.clone(), style::STRONG));
    lines.push(line(format!("    {}", grouped(&info.head12)), style::CURSOR));
    if model.code_text().is_some() {
        lines.extend(paragraph(&t.code, 0, room.width, style::PLAIN));
    }
    lines
}

fn below(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.finish;
    let mut lines = vec![Line::default()];
    let busy = model.busy();
    if !busy.is_empty() {
        let names = crate::words::first_few(busy.iter().map(|no| fill(&texts.common.drive, &[("no", no)])));
        let text = fill(&texts.follow.finish, &[("names", &names)]);
        lines.extend(paragraph(&text, 0, room.width, style::WARN));
    }
    if model.may_power_off() {
        lines.extend(paragraph(&t.power_off, 0, room.width, style::STRONG));
        if busy.is_empty() {
            lines.extend(paragraph(&t.power_off_stuck, 0, room.width, style::PLAIN));
        }
    } else {
        lines.extend(paragraph(&t.not_closed, 0, room.width, style::BAD));
        let todo = if model.needs_rescue() { &texts.rescue.banner_key } else { &t.not_closed_do };
        lines.extend(paragraph(todo, 0, room.width, style::PLAIN));
    }
    lines
}

/// The verdicts are said once more when the log is closed: with the results' screen they would be gone.
fn has_media(model: &Model) -> bool {
    matches!(model.closing, Closing::Closed(_)) && (model.plan().is_some() || model.has_hand())
}

/// Whether anything goes to a contractor, from whom something is wanted for it.
fn goes_out(model: &Model) -> bool {
    let goes = Standing::Verdict(Some(Verdict::MayGoToContractor));
    let mut drives = model.result_lines().into_iter();
    drives.any(|drive| model.result(&drive).is_some_and(|result| standing(model, &drive, &result) == goes))
}

/// What becomes of each medium, in a line or two; as many of them with a cursor as without.
fn media(model: &Model, width: usize, cursor: Option<usize>) -> Vec<Vec<Line<'static>>> {
    if !has_media(model) {
        return Vec::new();
    }
    let drives = model.result_lines();
    let drives = drives.iter().filter_map(|drive| drive_said(model, drive));
    let others = model.hand.done.iter().filter(|said| said.drive.is_none());
    let mut all: Vec<_> = drives.chain(others.map(|said| hand_said(model, said))).collect();
    // What must not leave is seen without scrolling.
    all.sort_by_key(|(_, (_, text_style))| *text_style == style::GOOD);
    all.into_iter()
        .enumerate()
        .map(|(at, (head, (text, text_style)))| medium(&head, &text, text_style, cursor == Some(at), width))
        .collect()
}

fn medium(head: &str, text: &str, text_style: Style, at_cursor: bool, width: usize) -> Vec<Line<'static>> {
    let (mark, head_style) = if at_cursor { ("> ", style::CURSOR) } else { ("  ", style::STRONG) };
    let one = format!("{mark}{head}  ");
    if one.width() + text.width() <= width {
        let mut whole = line(one, head_style);
        whole.push_span(ratatui::text::Span::styled(text.to_owned(), text_style));
        return vec![whole];
    }
    let head = super::lines::wrap(&format!("{mark}{head}"), width);
    let mut lines: Vec<_> = head.into_iter().map(|text| line(pad(&text, width), head_style)).collect();
    lines.extend(paragraph(text, 4, width, text_style));
    lines
}

/// A drive by number and serial number, and what is to be done with it; nothing for what is neither the PC's nor holds
/// anything.
fn drive_said(model: &Model, drive: &DrivePlan) -> Option<(String, (String, Style))> {
    let texts = model.texts();
    let row = model.drives.rows.iter().find(|row| row.drive.no == drive.drive);
    let told = match model.result(drive) {
        // Nothing came of it that is known here, so nothing may become of it.
        None => (texts.verdict.not_yet.clone(), style::WARN),
        Some(result) if result.not_covered == Some(NotCovered::Ineligible) => {
            let row = &row?.drive;
            match (is_optical(model, row.no), row.keeps_data(), model.busy().contains(&row.no)) {
                (true, ..) => (texts.finish.optical.clone(), style::PLAIN),
                (false, true, true) => (texts.verdict.not_yet.clone(), style::WARN),
                (false, true, false) => said(model, drive, &result),
                (false, false, _) => return None,
            }
        }
        Some(result) => match said(model, drive, &result) {
            (text, _)
                if text == texts.verdict.must_not_leave && may_be_tried_again(model, drive, &result) =>
            {
                (texts.past.open_verdict.clone(), style::WARN)
            }
            told => told,
        },
    };
    let name = fill(&texts.common.drive, &[("no", &drive.drive)]);
    let serial = crate::words::drive_serial(model, drive.drive, &drive.identity.serial);
    let asset = crate::words::bench_asset(model, drive.drive);
    // Two names of one place would leave no room for the verdict; the results have had both.
    let place = row.map(|row| {
        crate::words::place(model, &row.drive).unwrap_or_else(|| crate::words::position(model, &row.drive))
    });
    let named: Vec<String> = [name, serial].into_iter().chain(asset).chain(place).collect();
    Some((named.join("  "), told))
}

/// Whether starting the PC again may still erase a drive that must not leave. The results say how; where only the verdict
/// stands, nobody is to smash for want of that what another start would free.
fn may_be_tried_again(model: &Model, drive: &DrivePlan, result: &DriveResult) -> bool {
    match &result.failure {
        _ if model.handled(drive.drive).is_some() => false,
        // The drive is at fault, and its answers can't be trusted.
        Some(
            FailureReason::BlocksNotErased | FailureReason::MediumUnchanged | FailureReason::DriveFailed(_),
        ) => false,
        Some(_) => true,
        None => model.ahead.followed.contains_key(&drive.drive) || model.thawable().contains(&drive.drive),
    }
}

/// The same for what people did to a medium that this PC does not see.
fn hand_said(model: &Model, said: &ByHand) -> (String, (String, Style)) {
    let texts = model.texts();
    let name = fill(&texts.finish.by_hand, &[("no", &said.no.0)]);
    let head = format!("{name}  {}", crate::words::hand_medium(model, said));
    let result = model.hand_result(said);
    let told = match (said.handling, result.failure.is_some()) {
        (Handling::SetAside, _) => (&texts.verdict.must_not_leave, style::WARN),
        (_, true) => (&texts.verdict.not_yet, style::WARN),
        (Handling::Destroyed, false) => (&texts.verdict.destroyed, style::GOOD),
        (Handling::Degaussed, false) => {
            return (head, (crate::words::verdict(texts, result.verdict()).to_owned(), style::GOOD));
        }
    };
    (head, (told.0.clone(), told.1))
}

/// Twelve characters in groups of four, as they are copied by hand.
pub(super) fn grouped(head: &str) -> String {
    // Grouped here, however it came.
    let head: Vec<char> = head.chars().filter(char::is_ascii_alphanumeric).collect();
    head.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
