//! One drive, and what a person attests of it.

use super::begin::{check, entry};
use super::frame::Room;
use super::lines::{captioned, line, list, pad, paragraph};
use super::people::CAPTION;
use super::style;
use crate::ahead::AttestFocus;
use crate::exceptions::ExceptionFocus;
use crate::texts::Exception as Texts;
use crate::{Model, Statement};
use ratatui::text::{Line, Span};

pub(super) fn drive_detail(model: &Model, room: Room) -> Vec<Line<'static>> {
    let Some(no) = model.ahead.shown else { return Vec::new() };
    let mut lines = vec![line(crate::words::drive_name(model, no), style::STRONG), Line::default()];
    let items = crate::words::about(model);
    let items = items.iter().enumerate().map(|(at, matter)| {
        let text_style = if at == model.cursor { style::STRONG } else { style::PLAIN };
        let mark = if at == model.cursor { "> " } else { "  " };
        let sentences = matter.sentences.iter().enumerate();
        let told = sentences.flat_map(|(index, text)| {
            let caption = if index == 0 { matter.caption.as_str() } else { "" };
            captioned(caption, text, MARK.len(), room.width, text_style)
        });
        told.enumerate().map(|(row, line)| marked(line, if row == 0 { mark } else { MARK })).collect()
    });
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(model.texts(), items.collect(), model.cursor, height));
    lines
}

/// Room for the mark of the line in view.
const MARK: &str = "  ";

/// A line with a mark in place of its indent.
fn marked(mut line: Line<'static>, mark: &'static str) -> Line<'static> {
    if let Some(indent) = line.spans.first_mut() {
        *indent = Span::raw(mark);
    }
    line
}

pub(super) fn attest(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().attest;
    let form = &model.ahead.form;
    let name = model.ahead.shown.map_or(String::new(), |no| crate::words::drive_name(model, no));
    let mut lines = vec![line(name, style::STRONG)];
    lines.extend(paragraph(&t.intro, 0, room.width, style::PLAIN));
    for statement in Statement::ALL {
        let focused = form.focus == AttestFocus::Statement(statement);
        let text = match statement {
            Statement::EncryptedFromTheStart => &t.encrypted,
            Statement::ListedAlgorithm => &t.algorithm,
            Statement::NoKeyLeft => &t.key,
        };
        let mark = if focused { "> " } else { "  " };
        let ticked = form.ticked.contains(&statement);
        // What is reversed is marked.
        let text_style = match (ticked, focused) {
            (true, _) => style::CURSOR,
            (false, true) => style::STRONG,
            (false, false) => style::PLAIN,
        };
        let boxed = format!("{} {text}", check(model.console, ticked));
        lines.push(Line::default());
        for (index, text) in super::lines::wrap(&boxed, room.width.saturating_sub(2)).into_iter().enumerate()
        {
            let mark = if index == 0 { mark } else { "  " };
            lines.push(Line::from(vec![Span::raw(mark), Span::styled(text, text_style)]));
        }
    }
    for (focus, caption, field) in
        [(AttestFocus::Cipher, &t.cipher, &form.cipher), (AttestFocus::Name, &t.name, &form.name)]
    {
        lines.push(Line::default());
        lines.push(entry(caption, field.typed(), form.focus == focus));
    }
    lines
}

pub(super) fn exception_caption(texts: &Texts, focus: ExceptionFocus) -> &str {
    match focus {
        ExceptionFocus::Reason => &texts.reason,
        ExceptionFocus::Measure => &texts.measure,
        ExceptionFocus::Approver => &texts.approver,
        ExceptionFocus::Deadline => &texts.deadline,
    }
}

pub(super) fn exception(model: &Model, room: Room) -> Vec<Line<'static>> {
    let (t, form) = (&model.texts().exception, &model.ahead.exception);
    let name = model.ahead.shown.map_or(String::new(), |no| crate::words::drive_name(model, no));
    let mut lines = vec![line(name, style::STRONG)];
    lines.extend(paragraph(&t.intro, 0, room.width, style::PLAIN));
    lines.extend(paragraph(&t.follows, 0, room.width, style::WARN));
    for focus in ExceptionFocus::ALL {
        lines.push(Line::default());
        let (caption, typed) = (exception_caption(t, focus), form.of(focus).typed());
        lines.extend(sentence_entry(caption, typed, form.focus == focus, room.width));
    }
    lines
}

/// A field that may take several lines; where typing goes is in view.
pub(super) fn sentence_entry(caption: &str, typed: &str, focused: bool, width: usize) -> Vec<Line<'static>> {
    let room = width.saturating_sub(CAPTION + MARK.len());
    let cursor = if focused { "_" } else { "" };
    let caption_style = if focused { style::STRONG } else { style::PLAIN };
    super::lines::wrap(&format!("{typed}{cursor}"), room)
        .into_iter()
        .enumerate()
        .map(|(row, text)| {
            let (mark, caption) = match row {
                0 if focused => ("> ", caption),
                0 => (MARK, caption),
                _ => (MARK, ""),
            };
            Line::from(vec![
                Span::styled(format!("{mark}{}", pad(caption, CAPTION)), caption_style),
                Span::styled(pad(&text, room), style::INPUT),
            ])
        })
        .collect()
}
