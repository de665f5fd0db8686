//! Plan and confirmation.

use super::estimate;
use super::frame::Room;
use super::lines::{captioned, cut, line, list, pad, paragraph};
use super::style;
use crate::Model;
use crate::texts::fill;
use model::{DriveNo, Eligibility, Ineligible, Medium, Method, NotCovered};
use policy::{Action, DrivePlan, Erase, TableOrigin, WhyNot};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// A line with the drive on the left and its size on the right.
pub(super) fn headline(
    left: &str,
    right: &str,
    at_cursor: bool,
    style: Style,
    width: usize,
) -> Line<'static> {
    let mark = if at_cursor { "> " } else { "  " };
    line(format!("{mark}{} {right}", pad(left, beside(right, width))), style)
}

/// Whether nothing of such a line is cut off.
pub(super) fn headline_fits(left: &str, right: &str, width: usize) -> bool {
    left.width() <= beside(right, width)
}

/// The room for what stands on the left.
fn beside(right: &str, width: usize) -> usize {
    width.saturating_sub("> ".len() + right.width() + 1)
}

pub(super) fn plan(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let Some(plan) = model.plan() else { return Vec::new() };
    let busy = model.busy();
    // What erases itself is waited for, whatever the plan would have to say of it.
    let waits =
        |line: &DrivePlan| busy.contains(&line.drive) && matches!(line.action, Action::Destruct { .. });
    let waiting = plan.drives.iter().filter(|line| waits(line)).count();
    let count = |test: fn(&Action) -> bool| {
        plan.drives.iter().filter(|line| !waits(line) && test(&line.action)).count()
    };
    let left: Vec<DriveNo> = plan
        .drives
        .iter()
        .filter(|line| !waits(line) && matches!(line.action, Action::Leave(_)))
        .map(|line| line.drive)
        .collect();
    // Sticks and discs are not the PC's own: to leave them is nothing to wonder at.
    let others = left.iter().filter(|no| !model.is_bench() && is_beside(model, **no)).count();
    let beside = match others {
        0 => String::new(),
        count => fill(&texts.plan.others, &[("count", &count)]),
    };
    let erased = count(|action| matches!(action, Action::Erase(_)));
    let cleared = count(|action| matches!(action, Action::ClearThenDestruct(_)));
    // Where all that is done is 引渡前の消去, it is called so.
    let handover = erased == 0 && cleared > 0;
    let summary = fill(
        if handover { &texts.plan.summary_handover } else { &texts.plan.summary },
        &[
            ("erase", &erased),
            ("cleared", &cleared),
            ("only", &count(|action| matches!(action, Action::Destruct { .. }))),
            ("destruct", &count(|a| matches!(a, Action::Destruct { .. } | Action::ClearThenDestruct(_)))),
            ("leave", &(waiting + left.len() - others)),
            ("others", &beside),
            ("class", &crate::words::class(texts, plan.class)),
        ],
    );
    let origin = match plan.table_origin {
        TableOrigin::Builtin => &texts.plan.origin_builtin,
        TableOrigin::Custom => &texts.plan.origin_custom,
        TableOrigin::Signed => &texts.plan.origin_signed,
    };
    let table = fill(&texts.plan.table, &[("version", &plan.table_version), ("origin", origin)]);
    let excepted = count(|action| matches!(action, Action::EraseUnderException(_)));
    let summary = match excepted {
        0 => summary,
        count => format!("{summary}  {}", fill(&texts.plan.excepted, &[("count", &count)])),
    };
    let mut lines = paragraph(&summary, 0, room.width, style::STRONG);
    lines.extend(standing_lines(model, &table, room.width));
    // What the smallest screen has no row for is in the help.
    if room.height > SMALLEST {
        lines.extend(paragraph(&texts.class.legend, 0, room.width, style::PLAIN));
    }
    lines.extend(super::listing::unseen(model, super::listing::When::Before, room.width));
    let items = plan.drives.iter().enumerate();
    let items: Vec<_> =
        items.map(|(at, drive)| plan_item(model, drive, at == model.cursor, room.width)).collect();
    let height = room.height.saturating_sub(lines.len());
    let all: usize = items.iter().map(Vec::len).sum();
    if all < height {
        lines.push(Line::default());
    }
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items, model.cursor, height));
    lines
}

/// Rows of the content on the smallest screen.
const SMALLEST: usize = 17;

/// By which table, and that there is no way back; of a stale plan instead that it is one, in as many rows, for nothing is to
/// move then.
fn standing_lines(model: &Model, table: &str, width: usize) -> Vec<Line<'static>> {
    let mut lines = table_lines(model, table, width);
    if model.is_stale() {
        let stale = paragraph(&model.texts().plan.stale, 0, width, style::DANGER);
        let rows = lines.len().max(stale.len());
        lines = stale;
        lines.resize(rows, Line::default());
    }
    lines
}

/// By which table, and that there is no way back: in one row where that has room for both.
fn table_lines(model: &Model, table: &str, width: usize) -> Vec<Line<'static>> {
    let erases = model.plan().is_some_and(policy::SessionPlan::is_destructive);
    let back = &model.texts().plan.no_way_back;
    if !erases {
        return paragraph(table, 0, width, style::PLAIN);
    }
    if table.width() + 2 + back.width() <= width {
        let parts = [Span::raw(format!("{table}  ")), Span::styled(back.clone(), style::WARN)];
        return vec![Line::from(parts.to_vec())];
    }
    let mut lines = paragraph(table, 0, width, style::PLAIN);
    lines.extend(paragraph(back, 0, width, style::WARN));
    lines
}

pub(super) fn plan_item(
    model: &Model,
    drive: &DrivePlan,
    at_cursor: bool,
    width: usize,
) -> Vec<Line<'static>> {
    let texts = model.texts();
    let identity = &drive.identity;
    let kind = crate::words::medium(texts, drive.medium, None);
    let head_style = if at_cursor { style::CURSOR } else { style::STRONG };
    let name = fill(&texts.common.drive, &[("no", &drive.drive)]);
    let head = format!("{name} {kind}  {}", identity.model);
    let mut lines = vec![headline(&head, &identity.capacity.to_string(), at_cursor, head_style, width)];
    let serial = crate::words::drive_serial(model, drive.drive, &identity.serial);
    let since = since(model, drive.drive);
    let serial_style = since.map_or(style::PLAIN, |_| style::WARN);
    if !at_cursor {
        let said = since.map_or_else(|| short(model, drive), str::to_owned);
        lines.extend(paragraph(&format!("{serial}  {said}"), 4, width, serial_style));
        return lines;
    }
    let asset = crate::words::bench_asset(model, drive.drive);
    let named = std::iter::once(serial).chain(asset).chain(since.map(str::to_owned));
    lines.extend(paragraph(&named.collect::<Vec<_>>().join("  "), 4, width, serial_style));
    lines.extend(action_lines(model, drive, width));
    lines.extend(more_lines(model, drive, width));
    let not_used = crate::query::not_used(drive);
    if !not_used.is_empty() {
        let more = fill(&texts.plan.more, &[("count", &not_used.len())]);
        lines.extend(paragraph(&more, 4, width, style::PLAIN));
    }
    lines
}

/// What became of a drive since the plan was made that is on the screen.
fn since(model: &Model, no: DriveNo) -> Option<&str> {
    let t = &model.texts().plan;
    let said = if model.here(no).is_some() { &t.changed_since } else { &t.gone_since };
    model.is_outdated(no).then_some(said.as_str())
}

/// What will be done to a drive that the cursor is not on.
fn short(model: &Model, drive: &DrivePlan) -> String {
    let texts = model.texts();
    let t = &texts.plan;
    let (template, erase) = match drive.action {
        Action::Erase(erase) if erase.method == Method::Clear => (&t.short_clear, Some(erase)),
        Action::Erase(erase) => (&t.short_purge, Some(erase)),
        Action::EraseUnderException(erase) => (&t.short_exception, Some(erase)),
        Action::ClearThenDestruct(erase) => (&t.short_handover, Some(erase)),
        Action::Destruct { .. } if model.busy().contains(&drive.drive) => (&t.short_leave, None),
        Action::Destruct { .. } => (&t.short_destruct, None),
        Action::Leave(_) if is_optical(model, drive.drive) => (&t.short_optical, None),
        Action::Leave(_) => (&t.short_leave, None),
    };
    let how = erase.map_or("", |erase| crate::words::technique(texts, erase.technique));
    fill(template, &[("how", &how)])
}

/// Whether it is a drive for discs, of which one may lie in it.
pub(super) fn is_optical(model: &Model, no: DriveNo) -> bool {
    let row = model.drives.rows.iter().find(|row| row.drive.no == no);
    row.is_some_and(|row| match &row.drive.eligibility {
        Eligibility::Ineligible(why) => why.contains(&Ineligible::Optical),
        Eligibility::Eligible => false,
    })
}

/// Whether it is no drive of the PC's own: a stick, anything on USB, a drive for discs.
pub(super) fn is_beside(model: &Model, no: DriveNo) -> bool {
    let row = model.drives.rows.iter().find(|row| row.drive.no == no);
    row.is_some_and(|row| !row.drive.is_internal() || row.drive.medium == Medium::Optical)
}

fn action_lines(model: &Model, drive: &DrivePlan, width: usize) -> Vec<Line<'static>> {
    let t = &model.texts().plan;
    let ineligible = crate::words::reasons(model, drive.drive);
    let mut lines = Vec::new();
    let mut say = |caption: &str, text: &str, style: Style| {
        lines.extend(captioned(caption, text, 4, width, style));
    };
    match drive.action {
        Action::EraseUnderException(erase) => {
            let said = model.ahead.exceptions.get(&drive.drive);
            let said = said.map(|said| crate::words::exception(model.texts(), said)).unwrap_or_default();
            say(&t.will_do, &t.exception, style::WARN);
            lines.extend(erase_lines(model, drive, ("", erase), width));
            for (text, style) in [(said.as_str(), style::PLAIN), (&t.exception_after, style::WARN)] {
                lines.extend(captioned("", text, 4, width, style));
            }
        }
        Action::Erase(erase) => {
            lines.extend(erase_lines(model, drive, (&t.will_do, erase), width));
            if erase.method == Method::Clear {
                lines.extend(captioned("", &t.clear_suffices, 4, width, style::PLAIN));
            }
        }
        Action::ClearThenDestruct(erase) => {
            say(&t.will_do, &t.handover, style::WARN);
            lines.extend(erase_lines(model, drive, ("", erase), width));
            lines.extend(captioned(&t.afterwards, &t.handover_after, 4, width, style::WARN));
        }
        Action::Destruct { .. } if model.busy().contains(&drive.drive) => {
            say(&t.will_do, &t.leave_ineligible, style::WARN);
            ineligible.iter().for_each(|reason| say("", reason, style::PLAIN));
            say("", &model.texts().follow.wait_here, style::WARN);
        }
        Action::Destruct { offered: None } if !ineligible.is_empty() => {
            say(&t.will_do, &t.destruct, style::WARN);
            ineligible.iter().for_each(|reason| say("", reason, style::PLAIN));
            say("", &model.texts().verdict.must_not_leave, style::WARN);
        }
        Action::Destruct { offered } => {
            say(&t.will_do, &t.destruct, style::WARN);
            say("", &t.destruct_why, style::PLAIN);
            let offer = if offered.is_some() { &t.destruct_offer } else { &t.destruct_no_offer };
            let said = captioned("", offer, 4, width, style::PLAIN);
            lines.extend(if offered.is_some() { key_of_plan(model, said) } else { said });
        }
        Action::Leave(NotCovered::ByChoice) => say(&t.will_do, &t.leave_choice, style::PLAIN),
        Action::Leave(NotCovered::Ineligible) => {
            say(&t.will_do, &t.leave_ineligible, style::PLAIN);
            ineligible.iter().for_each(|reason| say("", reason, style::PLAIN));
        }
        Action::Leave(NotCovered::NotInPlan) => {
            say(&t.will_do, &model.texts().after.not_in_plan, style::WARN)
        }
    }
    lines
}

/// What is said of a key of the plan; a stale one has it no more, and keeps the room.
fn key_of_plan(model: &Model, said: Vec<Line<'static>>) -> Vec<Line<'static>> {
    if model.is_stale() { vec![Line::default(); said.len()] } else { said }
}

/// What is done about hidden areas, and what would have to happen for a better way.
fn more_lines(model: &Model, drive: &DrivePlan, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let mut lines = Vec::new();
    for (index, text) in crate::words::areas_in_plan(model, drive).iter().enumerate() {
        let caption = if index == 0 { texts.hidden.caption.as_str() } else { "" };
        lines.extend(captioned(caption, text, 4, width, style::PLAIN));
    }
    if !model.cannot_sleep() && model.thawable_by_plan().contains(&drive.drive) {
        let said = paragraph(&texts.condition.may_thaw, 4, width, style::WARN);
        lines.extend(key_of_plan(model, said));
    }
    if drive.rejected.iter().any(|rejected| rejected.why == WhyNot::NotAttested) {
        lines.extend(paragraph(&texts.condition.may_attest, 4, width, style::PLAIN));
    }
    lines
}

fn erase_lines(
    model: &Model,
    drive: &DrivePlan,
    (caption, erase): (&str, Erase),
    width: usize,
) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.plan;
    let (achieves, but) = match (erase.method, drive.medium) {
        (Method::Clear, Medium::Hdd | Medium::Optical) => (&t.clear, &t.not_clear),
        (Method::Clear, Medium::Ssd | Medium::UsbStick) => (&t.clear, &t.not_clear_flash),
        (Method::Purge | Method::Destruct, _) => (&t.purge, &t.not_purge),
    };
    let aside = model.drives.asides.get(&drive.drive);
    let takes = match estimate::seconds(erase, &drive.identity, drive.medium, aside) {
        Some(seconds) => crate::words::duration(texts, seconds),
        None => t.takes_unknown.clone(),
    };
    let mut lines = captioned(caption, &crate::words::how(texts, erase), 4, width, style::STRONG);
    lines.extend(captioned(&t.achieves, achieves, 4, width, style::PLAIN));
    lines.extend(captioned(&t.not_achieved, but, 4, width, style::PLAIN));
    lines.extend(captioned(&t.takes, &takes, 4, width, style::PLAIN));
    lines
}

pub(super) fn plan_detail(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let Some(drive) = model.detail() else { return Vec::new() };
    let mut lines = vec![
        line(crate::words::drive_name(model, drive.drive), style::STRONG),
        line(texts.plan.detail_title.clone(), style::PLAIN),
        Line::default(),
    ];
    let items: Vec<_> = crate::query::not_used(drive)
        .into_iter()
        .enumerate()
        .map(|(at, rejected)| {
            let name_style = if at == model.cursor { style::CURSOR } else { style::STRONG };
            let mut item =
                vec![line(crate::words::technique(texts, rejected.technique).to_owned(), name_style)];
            item.extend(paragraph(crate::words::why_not(texts, rejected.why), 4, room.width, style::PLAIN));
            item
        })
        .collect();
    if items.is_empty() {
        lines.push(line(texts.plan.detail_none.clone(), style::PLAIN));
    }
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items, model.cursor, height));
    lines
}

pub(super) fn confirm(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.confirm;
    let Some(plan) = model.plan() else { return Vec::new() };
    let red = |text: &str| line(pad(&format!("  {text}"), room.width), style::DANGER);
    let class = crate::words::class(texts, plan.class);
    let (asset, operator) = (model.people.asset(), model.people.operator());
    let pc = if model.is_bench() { &t.pc_bench } else { &t.pc };
    let pc = fill(pc, &[("asset", &asset), ("operator", &operator), ("class", &class)]);
    let to_erase: Vec<&DrivePlan> = plan.drives.iter().filter(|d| d.action.erase().is_some()).collect();
    let banner = fill(&t.banner, &[("count", &to_erase.len())]);
    let mut lines = vec![red(""), red(&banner), red("")];
    // Two rows at most: a number and a name of forty columns each.
    lines.extend(paragraph(&pc, 0, room.width, style::PLAIN));
    let page = model.confirm_page();
    for drive in to_erase.iter().skip(model.cursor).take(page) {
        lines.extend(confirm_item(model, drive, room.width));
    }
    let (above, below) = (model.cursor, to_erase.len().saturating_sub(model.cursor + page));
    let more = [(above, &texts.common.more_above), (below, &texts.common.more_below)];
    let more: Vec<String> =
        more.iter().filter(|(n, _)| *n > 0).map(|(n, text)| fill(text, &[("count", n)])).collect();
    lines.push(line(more.join("  "), style::WARN));
    let others = plan.drives.len() - to_erase.len();
    if others > 0 {
        lines.push(line(fill(&t.untouched, &[("count", &others)]), style::PLAIN));
    }
    if model.calls_witness() {
        lines.push(line(t.call_witness.clone(), style::WARN));
    }
    if !model.has_seen_all() {
        lines.push(line(t.see_all.clone(), style::WARN));
        return lines;
    }
    lines.push(line(fill(&t.code, &[("code", &plan.digest().code())]), style::STRONG));
    lines.push(line(t.ask.clone(), style::PLAIN));
    lines.push(typed(&t.typed, &model.typed));
    lines
}

/// What was typed so far of six digits.
pub(super) fn typed(caption: &str, digits: &str) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("> {caption} "), style::STRONG),
        Span::styled(pad(&format!("{digits}_"), 8), style::INPUT),
    ])
}

fn confirm_item(model: &Model, drive: &DrivePlan, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let identity = &drive.identity;
    let name = fill(&texts.common.drive, &[("no", &drive.drive)]);
    let kind = crate::words::medium(texts, drive.medium, None);
    let head = format!("{name} {kind}  {}", identity.model);
    let t = &texts.confirm;
    let method = match (drive.action, drive.action.erase().map(|erase| erase.method)) {
        (Action::EraseUnderException(erase), _) => {
            fill(&t.excepted, &[("method", &crate::words::method(texts, erase.method))])
        }
        (Action::ClearThenDestruct(_), _) => t.handover.clone(),
        (_, Some(Method::Clear)) => t.clear.clone(),
        (_, Some(Method::Purge)) => t.purge.clone(),
        (_, Some(Method::Destruct) | None) => String::new(),
    };
    let serial = crate::words::drive_serial(model, drive.drive, &identity.serial);
    let serial = format!("      {serial}  {method}");
    let asset = crate::words::bench_asset(model, drive.drive).map(|text| format!("      {text}"));
    std::iter::once(headline(&head, &identity.capacity.to_string(), false, style::BAD, width))
        .chain([serial].into_iter().chain(asset).map(|text| line(cut(&text, width), style::STRONG)))
        .collect()
}

pub(super) fn record_only(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().record_only;
    question(room, &t.intro, &[&t.explain, &t.data_stays], &t.ask)
}

pub(super) fn abandon(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().abandon;
    // Where no session has begun, no record says anything, and the button's question switches off.
    let explain = match (&model.begun, model.off_from) {
        (Some(_), _) => vec![&t.explain],
        (None, None) => vec![&t.explain_unbegun],
        (None, Some(_)) => vec![&t.explain_unbegun, &t.explain_off],
    };
    question(room, &t.ask, &explain, &t.keys)
}

/// A question, what follows from it, and the keys that answer it.
pub(super) fn question(room: Room, ask: &str, explain: &[&String], keys: &str) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    lines.extend(paragraph(ask, 0, room.width, style::STRONG));
    lines.push(Line::default());
    for text in explain {
        lines.extend(paragraph(text, 2, room.width, style::PLAIN));
    }
    lines.push(Line::default());
    lines.extend(paragraph(keys, 0, room.width, style::STRONG));
    lines
}
