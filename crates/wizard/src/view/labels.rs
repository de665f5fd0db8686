//! What is read off a drive's label.

use super::begin::entry;
use super::frame::Room;
use super::lines::{line, paragraph};
use super::style;
use crate::Model;
use crate::labels::LabelFocus;
use crate::texts::fill;
use ratatui::text::Line;

pub(super) fn label(model: &Model, room: Room) -> Vec<Line<'static>> {
    let Some(no) = model.ahead.shown else { return Vec::new() };
    let (texts, form) = (model.texts(), &model.labels.form);
    let t = &texts.label;
    let mut lines = vec![line(crate::words::drive_name(model, no), style::STRONG)];
    if let Some(drive) = model.here(no) {
        let kind = crate::words::medium(texts, drive.medium, None);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kind", &kind), ("capacity", &drive.identity.capacity), ("position", &drive.position)];
        lines.extend(paragraph(&fill(&t.about, &values), 2, room.width, style::PLAIN));
    }
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
