//! What is read off a drive's label.

use super::begin::entry;
use super::frame::Room;
use super::lines::{line, list, paragraph};
use super::style;
use crate::Model;
use crate::field::Field;
use crate::labels::LabelFocus;
use crate::texts::fill;
use ratatui::text::Line;

/// The drive that is spoken of, for whoever has to find it; not its serial number, which is asked for.
fn about(model: &Model, room: Room) -> Vec<Line<'static>> {
    let Some(no) = model.ahead.shown else { return Vec::new() };
    let texts = model.texts();
    let mut lines = vec![line(crate::words::drive_name(model, no), style::STRONG)];
    if let Some(drive) = model.here(no) {
        let kind = crate::words::medium(texts, drive.medium, None);
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("kind", &kind),
            ("capacity", &drive.identity.capacity),
            ("position", &crate::words::position(model, drive)),
        ];
        lines.extend(paragraph(&fill(&texts.label.about, &values), 2, room.width, style::PLAIN));
    }
    lines
}

pub(super) fn label(model: &Model, room: Room) -> Vec<Line<'static>> {
    let (t, form) = (&model.texts().label, &model.labels.form);
    let mut lines = about(model, room);
    for text in [&t.intro, &t.find, &t.twice] {
        lines.push(Line::default());
        lines.extend(paragraph(text, 0, room.width, style::PLAIN));
    }
    for (focus, caption, field) in
        [(LabelFocus::Once, &t.once, &form.once), (LabelFocus::Again, &t.again, &form.again)]
    {
        lines.push(Line::default());
        lines.push(entry(caption, field.typed(), form.focus == focus));
    }
    lines.push(Line::default());
    lines.extend(paragraph(&t.without, 0, room.width, style::PLAIN));
    lines
}

/// The word by which a drive inside the workbench is meant.
pub(super) fn own(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().own;
    let mut lines = about(model, room);
    for (text, style) in [(&t.intro, style::WARN), (&t.what, style::PLAIN), (&t.how, style::PLAIN)] {
        lines.push(Line::default());
        lines.extend(paragraph(text, 0, room.width, style));
    }
    lines.push(Line::default());
    lines.push(entry(&t.word, model.labels.word.typed(), true));
    lines.push(Line::default());
    lines.extend(paragraph(&t.without, 0, room.width, style::STRONG));
    lines
}

/// The numbers of the PCs from which the drives were taken.
pub(super) fn assets(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let mut lines = paragraph(&texts.assets.intro, 0, room.width, style::PLAIN);
    lines.push(Line::default());
    let selected = model.selection();
    let at = model.labels.at.and_then(|no| selected.iter().position(|other| *other == no)).unwrap_or(0);
    let items = selected.iter().enumerate().map(|(index, no)| {
        let serial =
            model.here(*no).map(|drive| crate::words::drive_serial(model, *no, &drive.identity.serial));
        let head = format!("{}  {}", crate::words::drive_name(model, *no), serial.unwrap_or_default());
        let typed = model.labels.assets.get(no).map(Field::typed).unwrap_or_default();
        let number = [entry(&texts.assets.number, typed, index == at), Line::default()];
        paragraph(&head, 2, room.width, style::STRONG).into_iter().chain(number).collect()
    });
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items.collect(), at, height));
    lines
}
