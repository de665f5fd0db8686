//! What people did without the program: what was recorded so far, and the form for one more.

use super::begin::{check, entry, option};
use super::frame::Room;
use super::lines::{line, list, pad, paragraph};
use super::people::CAPTION;
use super::style;
use crate::field::harmless;
use crate::hand::{ByHand, HandFocus, Photo};
use crate::texts::{Hand as Texts, fill};
use crate::{Model, Purpose};
use model::{Handling, MediumKind};
use ratatui::text::{Line, Span};

pub(super) fn by_hand(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().hand;
    let intro = if model.purpose == Purpose::ByHand { &t.intro_own } else { &t.intro };
    let mut lines = paragraph(intro, 0, room.width, style::PLAIN);
    lines.push(Line::default());
    let drives = model.destructible();
    let width = room.width.saturating_sub(2);
    let mut items: Vec<Vec<Line<'static>>> = drives
        .iter()
        .enumerate()
        .map(|(at, no)| {
            let serial = model.drives.rows.iter().find(|row| row.drive.no == *no);
            let serial = serial
                .map(|row| crate::words::drive_serial(model, *no, &row.drive.identity.serial))
                .unwrap_or_default();
            let mut item = vec![option(&crate::words::drive_name(model, *no), at == model.cursor, width)];
            item.extend(paragraph(&serial, 4, room.width, style::PLAIN));
            item
        })
        .collect();
    items.push(vec![option(&t.other, model.cursor == drives.len(), width)]);
    let first = items.len();
    for (at, said) in model.hand.done.iter().enumerate() {
        let mut item = done_item(model, said, first + at == model.cursor, room.width);
        if at == 0 {
            item.insert(0, line(t.so_far.clone(), style::STRONG));
            item.insert(0, Line::default());
        }
        items.push(item);
    }
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(model.texts(), items, model.cursor, height));
    lines
}

/// Something that was recorded: what it was, what was done, what it comes to.
pub(super) fn done_item(model: &Model, said: &ByHand, at_cursor: bool, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let head =
        fill(&texts.hand.item, &[("no", &said.no.0), ("what", &crate::words::hand_medium(model, said))]);
    let mark = if at_cursor { "> " } else { "  " };
    let head_style = if at_cursor { style::CURSOR } else { style::STRONG };
    let mut lines: Vec<Line<'static>> = super::lines::wrap(&format!("{mark}{head}"), width)
        .into_iter()
        .map(|text| line(pad(&text, width), head_style))
        .collect();
    for text in crate::words::hand_said(model, said) {
        lines.extend(paragraph(&text, 4, width, style::PLAIN));
    }
    lines
}

pub(super) fn hand_caption(texts: &Texts, focus: HandFocus) -> &str {
    match focus {
        HandFocus::Kind => &texts.kind,
        HandFocus::Maker => &texts.maker,
        HandFocus::Model => &texts.model,
        HandFocus::Serial => &texts.serial,
        HandFocus::Asset => &texts.asset,
        HandFocus::Handling => &texts.handling,
        HandFocus::How => &texts.how,
        HandFocus::By => &texts.by,
        HandFocus::On => &texts.on,
        HandFocus::Photo => &texts.photo,
        HandFocus::Remarks => &texts.remarks,
    }
}

pub(super) fn hand_form(model: &Model, room: Room) -> Vec<Line<'static>> {
    let (texts, form) = (model.texts(), &model.hand.form);
    let t = &texts.hand;
    let what = match form.drive {
        Some(no) => {
            let row = model.drives.rows.iter().find(|row| row.drive.no == no);
            let serial = row.map(|row| crate::words::drive_serial(model, no, &row.drive.identity.serial));
            format!("{}  {}", crate::words::drive_name(model, no), serial.unwrap_or_default())
        }
        None => t.other_medium.clone(),
    };
    let mut lines = paragraph(&what, 0, room.width, style::STRONG);
    lines.extend(paragraph(&t.form_intro, 0, room.width, style::PLAIN));
    lines.push(answers(model));
    for focus in form.order() {
        let focused = form.focus == focus;
        let caption = hand_caption(t, focus);
        lines.push(match focus {
            HandFocus::Kind => {
                answer(caption, form.kind.map(|kind| crate::words::medium_kind(texts, kind)), t, focused)
            }
            HandFocus::Handling => answer(
                caption,
                form.handling.map(|handling| crate::words::handling(texts, handling)),
                t,
                focused,
            ),
            HandFocus::Photo => {
                let boxed =
                    format!("{} {}", check(model.console, form.photo == Photo::Expected), t.photo_yes);
                answer(caption, Some(&boxed), t, focused)
            }
            text => entry(caption, form.typed(text), focused),
        });
    }
    let kind = model.hand_kind(form.drive, form.kind);
    let destroys = matches!(form.handling, Some(Handling::Destroyed) | None);
    if let Some(kind) = kind.filter(|_| destroys) {
        let must = crate::words::must_be_destroyed(texts, kind);
        lines.extend(paragraph(must, 2, room.width, style::WARN));
    }
    if form.handling != Some(Handling::Degaussed) && kind != Some(MediumKind::Hdd) {
        lines.extend(paragraph(&t.no_degauss, 2, room.width, style::PLAIN));
    }
    lines
}

/// The answers of the row in focus, each with its number, marked as the keys are.
fn answers(model: &Model) -> Line<'static> {
    let answers = model.hand_answers();
    let numbered = answers.iter().enumerate().flat_map(|(at, text)| {
        [Span::styled((at + 1).to_string(), style::KEY), Span::raw(format!(" {text} "))]
    });
    numbered.collect()
}

/// A question with its answer, which the space bar changes.
fn answer(caption: &str, chosen: Option<&str>, texts: &Texts, focused: bool) -> Line<'static> {
    let mark = if focused { "> " } else { "  " };
    let caption_style = if focused { style::STRONG } else { style::PLAIN };
    let text = harmless(chosen.unwrap_or(&texts.unanswered));
    let text_style = if focused { style::CURSOR } else { style::PLAIN };
    Line::from(vec![
        Span::styled(format!("{mark}{}", pad(caption, CAPTION)), caption_style),
        Span::styled(text, text_style),
    ])
}
