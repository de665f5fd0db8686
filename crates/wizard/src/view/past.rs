//! What the stick holds of earlier sessions: the list, and one of them.

use super::frame::Room;
use super::lines::{line, list, pad, paragraph};
use super::style;
use crate::Model;
use crate::field::harmless;
use crate::past::{PastDrive, PastSession, PastSign};
use crate::texts::{Texts, fill};
use model::{Method, Outcome, Verdict};
use ratatui::style::Style;
use ratatui::text::Line;

/// Columns of an asset number in the list.
const NUMBER: usize = 24;

pub(super) fn past(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let mut lines = paragraph(&texts.past.intro, 0, room.width, style::PLAIN);
    lines.push(Line::default());
    let item = |(at, past): (usize, &PastSession)| {
        let at_cursor = at == model.cursor;
        let mark = if at_cursor { "> " } else { "  " };
        let text = format!("{mark}{}", headline(texts, past));
        let style = if at_cursor { style::CURSOR } else { sign(texts, past).1 };
        vec![line(pad(&text, room.width), style)]
    };
    let items = model.past().iter().enumerate().map(item).collect();
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items, model.cursor, height));
    lines
}

/// When, which PC, which class, and how it stands.
fn headline(texts: &Texts, past: &PastSession) -> String {
    let number = harmless(&past.asset_number);
    let class = past.class.map_or("", |class| crate::words::class(texts, class));
    let word = sign(texts, past).0;
    format!("{:<16}  {} {} {word}", harmless(&past.wall), pad(&number, NUMBER), pad(class, 10))
}

fn sign<'a>(texts: &'a Texts, past: &PastSession) -> (&'a str, Style) {
    let t = &texts.past;
    match past.sign() {
        PastSign::Done => (&texts.results.done, style::GOOD),
        PastSign::Attention => (&texts.results.attention, style::WARN),
        PastSign::Nothing => (&t.nothing, style::PLAIN),
        PastSign::Empty => (&t.empty, style::PLAIN),
        PastSign::Open => (&t.open, style::WARN),
        PastSign::Refused => (&t.refused, style::BAD),
    }
}

pub(super) fn past_detail(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let Some(past) = model.past().get(model.past_shown) else { return Vec::new() };
    let (_, sign_style) = sign(texts, past);
    let mut lines = vec![line(pad(&headline(texts, past), room.width), sign_style)];
    let explain = match past.sign() {
        PastSign::Open => Some(&texts.past.open_explain),
        PastSign::Refused => Some(&texts.past.refused_explain),
        PastSign::Nothing => Some(&texts.past.nothing_explain),
        PastSign::Empty => Some(&texts.past.empty_explain),
        PastSign::Done | PastSign::Attention => None,
    };
    lines.extend(explain.into_iter().flat_map(|text| paragraph(text, 0, room.width, style::STRONG)));
    if past.sign() == PastSign::Attention && past.untouched > 0 {
        let text = fill(&texts.past.untouched, &[("count", &past.untouched)]);
        lines.extend(paragraph(&text, 0, room.width, style::WARN));
    }
    lines.push(Line::default());
    let items = past.drives.iter().enumerate();
    let items =
        items.map(|(at, drive)| drive_item(model, past, drive, at == model.cursor, room.width)).collect();
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items, model.cursor, height));
    lines
}

fn drive_item(
    model: &Model,
    past: &PastSession,
    drive: &PastDrive,
    at_cursor: bool,
    width: usize,
) -> Vec<Line<'static>> {
    let texts = model.texts();
    let (mark, head_style) = match at_cursor && model.scrolls() {
        true => ("> ", style::CURSOR),
        false => ("  ", style::STRONG),
    };
    let head = format!("{mark}{}  {}", drive.model, crate::words::serial(texts, &drive.serial));
    let outcome =
        drive.outcome.map_or(texts.past.not_begun.as_str(), |outcome| crate::words::outcome(texts, outcome));
    let achieved = match drive.achieved {
        Some(method) => fill(&texts.method.achieved, &[("method", &crate::words::method(texts, method))]),
        None => texts.method.achieved_nothing.clone(),
    };
    let text = match drive.outcome {
        Some(Outcome::NotCovered) => outcome.to_owned(),
        _ => fill(&texts.results.outcome, &[("outcome", &outcome), ("achieved", &achieved)]),
    };
    let good = drive.outcome == Some(Outcome::Done);
    let verdict = match drive.achieved {
        Some(Method::Destruct) if good => texts.verdict.destroyed.as_str(),
        // Only what was cut off stands in its way: nobody is to smash it for that.
        _ if past.sign() == PastSign::Open
            && drive.verdict == Some(Verdict::MustNotLeave)
            && matches!(drive.outcome, None | Some(Outcome::Incomplete)) =>
        {
            texts.past.open_verdict.as_str()
        }
        _ => crate::words::verdict(texts, drive.verdict),
    };
    let mut lines = vec![line(pad(&head, width), head_style)];
    lines.extend(paragraph(&text, 4, width, style::PLAIN));
    lines.extend(paragraph(verdict, 4, width, if good { style::GOOD } else { style::WARN }));
    lines
}
