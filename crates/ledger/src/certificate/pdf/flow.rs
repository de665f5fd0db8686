//! Certificates and lists laid out on pages.

use super::sheet::{Area, Colour, FAINT, INK, LEFT, Mark, RIGHT, RULE, SHADE, Sheets, Style};
use crate::certificate::document::{Document, Layout, Row, Section, Stamp, Tone};
use crate::certificate::list::List;
use crate::certificate::words::Words;

const TITLE: Style = Style { size: 17.0, colour: INK };
const HEADING: Style = Style { size: 10.0, colour: INK };
const LABEL: Style = Style { size: 7.8, colour: FAINT };
const TEXT: Style = Style { size: 8.6, colour: INK };
const SMALL: Style = Style { size: 7.2, colour: FAINT };
const OUTCOME: f32 = 15.0;
const VERDICT: f32 = 11.5;
const PADDING: f32 = 2.4;
const LABEL_WIDTH: f32 = 104.0;
const PAIR_LABEL_WIDTH: f32 = 78.0;
const CODE_SIDE: f32 = 100.0;
/// How many lines high a cell is that is left blank.
const FOR_THE_PEN: usize = 2;

fn colour(tone: Tone) -> Colour {
    match tone {
        Tone::Good => (0x14, 0x70, 0x3c),
        Tone::Handover => (0x8a, 0x5a, 0x00),
        Tone::Stop => (0xb0, 0x00, 0x20),
        Tone::Plain => (0x55, 0x55, 0x55),
    }
}

/// Lays a certificate out, from a new page on.
pub(super) fn certificate(sheets: &mut Sheets<'_>, document: &Document, words: &Words) {
    sheets.page();
    let number = format!("{}: {}", document.record.label, document.record.lines.concat());
    title(sheets, &document.title, &number);
    banner(sheets, document);
    if !document.notes.is_empty() {
        notes(sheets, &document.notes);
    }
    for section in &document.sections {
        part(sheets, section);
    }
    ending(sheets, document, words);
}

fn title(sheets: &mut Sheets<'_>, title: &str, number: &str) {
    sheets.set(LEFT, sheets.y, &[title.to_owned()], TITLE);
    sheets.y += 24.0;
    let numbered = sheets.lines(&[number.to_owned()], SMALL, RIGHT - LEFT);
    sheets.set(LEFT, sheets.y, &numbered, SMALL);
    sheets.y += Sheets::height(numbered.len(), SMALL) + 2.0;
    rule(sheets, 1.4, INK);
    sheets.y += 6.0;
}

fn rule(sheets: &mut Sheets<'_>, height: f32, colour: Colour) {
    let area = Area { x: LEFT, y: sheets.y, width: RIGHT - LEFT, height };
    sheets.mark(Mark::Fill { area, colour });
}

fn banner(sheets: &mut Sheets<'_>, document: &Document) {
    let colour = colour(document.tone);
    let outcome = Style { size: OUTCOME, colour };
    let verdict = Style { size: VERDICT, colour: INK };
    let said = sheets.lines(std::slice::from_ref(&document.verdict), verdict, RIGHT - LEFT - 30.0);
    let height = Sheets::height(1, outcome) + Sheets::height(said.len(), verdict) + 10.0;
    let area = Area { x: LEFT, y: sheets.y, width: RIGHT - LEFT, height };
    sheets.mark(Mark::Fill { area: Area { width: 8.0, ..area }, colour });
    sheets.mark(Mark::Edge { area, width: 1.2, colour });
    sheets.set(LEFT + 18.0, sheets.y + 4.0, std::slice::from_ref(&document.outcome), outcome);
    sheets.set(LEFT + 18.0, sheets.y + 5.0 + Sheets::height(1, outcome), &said, verdict);
    sheets.y += height + 5.0;
}

fn notes(sheets: &mut Sheets<'_>, notes: &[String]) {
    let (begin, page) = (sheets.y, sheets.pages.len());
    sheets.y += 3.0;
    for note in notes {
        point(sheets, note, 10.0);
    }
    sheets.y += 3.0;
    // What goes on over the page has no frame.
    if sheets.pages.len() == page {
        let area = Area { x: LEFT, y: begin, width: RIGHT - LEFT, height: sheets.y - begin };
        sheets.mark(Mark::Edge { area, width: 0.7, colour: colour(Tone::Stop) });
    }
    sheets.y += 4.0;
}

fn point(sheets: &mut Sheets<'_>, text: &str, indent: f32) {
    let lines = sheets.lines(&[text.to_owned()], TEXT, RIGHT - LEFT - indent - 10.0);
    let height = Sheets::height(lines.len(), TEXT);
    sheets.room(height);
    sheets.set(LEFT + indent - 6.0, sheets.y, &["・".to_owned()], TEXT);
    sheets.set(LEFT + indent + 3.0, sheets.y, &lines, TEXT);
    sheets.y += height;
}

fn part(sheets: &mut Sheets<'_>, section: &Section) {
    // A heading never stands alone at the foot of a page.
    sheets.room(48.0);
    sheets.y += 5.0;
    let area = Area { x: LEFT, y: sheets.y + 1.0, width: 3.0, height: 10.5 };
    sheets.mark(Mark::Fill { area, colour: (0x33, 0x44, 0x55) });
    sheets.set(LEFT + 8.0, sheets.y, std::slice::from_ref(&section.heading), HEADING);
    sheets.y += 15.0;
    let whole = RIGHT - LEFT;
    match section.layout {
        Layout::Rows => section.rows.chunks(1).for_each(|rows| line(sheets, rows, whole, LABEL_WIDTH)),
        Layout::Pairs => {
            section.rows.chunks(2).for_each(|rows| line(sheets, rows, whole / 2.0, PAIR_LABEL_WIDTH))
        }
    }
    for text in &section.points {
        point(sheets, text, 8.0);
    }
}

/// Rows beside each other, each in a cell of this width.
fn line(sheets: &mut Sheets<'_>, rows: &[Row], width: f32, label_width: f32) {
    let set = |sheets: &Sheets<'_>, row: &Row| {
        let labels = sheets.lines(std::slice::from_ref(&row.label), LABEL, label_width - 2.0 * PADDING);
        let lines = sheets.lines(&row.lines, TEXT, width - label_width - 2.0 * PADDING);
        (labels, lines)
    };
    let cells: Vec<_> = rows.iter().map(|row| set(sheets, row)).collect();
    let high = |(labels, lines): &(Vec<String>, Vec<String>)| {
        Sheets::height(labels.len(), LABEL)
            .max(Sheets::height(if lines.is_empty() { FOR_THE_PEN } else { lines.len() }, TEXT))
    };
    let height = cells.iter().map(high).fold(0.0, f32::max) + PADDING;
    sheets.room(height);
    for (place, (labels, lines)) in [LEFT, LEFT + width].into_iter().zip(&cells) {
        let label = Area { x: place, y: sheets.y, width: label_width, height };
        sheets.mark(Mark::Fill { area: label, colour: SHADE });
        sheets.set(place + PADDING, sheets.y + 1.4, labels, LABEL);
        sheets.set(place + label_width + PADDING, sheets.y + 1.0, lines, TEXT);
        let cell = Area { x: place, y: sheets.y, width, height };
        sheets.mark(Mark::Edge { area: cell, width: 0.4, colour: RULE });
    }
    sheets.y += height;
}

fn ending(sheets: &mut Sheets<'_>, document: &Document, words: &Words) {
    let summary = format!("{}: {}", document.summary.label, document.summary.lines.concat());
    let summary = sheets.lines(&[summary], SMALL, RIGHT - LEFT);
    let footer = sheets.lines(&document.footer, SMALL, RIGHT - LEFT);
    let below = Sheets::height(summary.len() + footer.len(), SMALL);
    sheets.room(CODE_SIDE + below + 22.0);
    sheets.y += 8.0;
    let text = document.summary.lines.concat();
    sheets.mark(Mark::Code { x: LEFT, y: sheets.y, side: CODE_SIDE, text });
    let begin = LEFT + CODE_SIDE + 8.0;
    #[expect(clippy::cast_precision_loss, reason = "there are three")]
    let width = (RIGHT - begin) / document.stamps.len().max(1) as f32;
    let mut x = begin;
    for one in &document.stamps {
        stamp(sheets, one, Area { x, y: sheets.y, width: width - 4.0, height: CODE_SIDE }, words);
        x += width;
    }
    sheets.y += CODE_SIDE + 5.0;
    sheets.set(LEFT, sheets.y, &summary, SMALL);
    sheets.y += Sheets::height(summary.len(), SMALL) + 2.0;
    rule(sheets, 0.4, RULE);
    sheets.y += 2.0;
    sheets.set(LEFT, sheets.y, &footer, SMALL);
    sheets.y += Sheets::height(footer.len(), SMALL);
}

fn stamp(sheets: &mut Sheets<'_>, stamp: &Stamp, area: Area, words: &Words) {
    const HEAD: f32 = 24.0;
    const DAY: f32 = 14.0;
    const SEAL: f32 = 34.0;
    let inner = area.width - 2.0 * PADDING;
    sheets.mark(Mark::Fill { area: Area { height: HEAD, ..area }, colour: SHADE });
    let label = sheets.lines(std::slice::from_ref(&stamp.label), SMALL, inner);
    sheets.set(area.x + PADDING, area.y + 1.5, &label, SMALL);
    let name = sheets.lines(std::slice::from_ref(&stamp.name), TEXT, inner);
    sheets.set(area.x + PADDING, area.y + HEAD + 1.5, &name, TEXT);
    let seal = Area {
        x: area.x + area.width - SEAL - 4.0,
        y: area.y + area.height - DAY - SEAL - 3.0,
        width: SEAL,
        height: SEAL,
    };
    sheets.mark(Mark::Edge { area: seal, width: 0.4, colour: RULE });
    let word = |name| words.get("label", name).to_owned();
    sheets.set(seal.x + 3.0, seal.y + 3.0, &[word("stamp")], SMALL);
    let day = Area { y: area.y + area.height - DAY, height: DAY, ..area };
    sheets.mark(Mark::Edge { area: day, width: 0.4, colour: RULE });
    sheets.set(day.x + PADDING, day.y + 2.0, &[word("date")], SMALL);
    sheets.mark(Mark::Edge { area, width: 0.7, colour: FAINT });
}

/// Lays a list out, from a new page on.
pub(super) fn list(sheets: &mut Sheets<'_>, list: &List) {
    /// The widths of the columns; together the page's.
    const COLUMNS: [f32; 10] = [20.0, 46.0, 80.0, 74.0, 40.0, 44.0, 44.0, 42.0, 62.0, 63.28];
    sheets.page();
    title(sheets, &list.title, &list.sum);
    let rows = std::iter::once(&list.heading).chain(&list.rows);
    for (number, row) in rows.enumerate() {
        let style = if number == 0 { LABEL } else { Style { size: 7.4, ..TEXT } };
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(COLUMNS)
            .map(|(cell, width)| sheets.lines(std::slice::from_ref(cell), style, width - 2.0 * PADDING))
            .collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = Sheets::height(most, style) + PADDING;
        sheets.room(height);
        let mut x = LEFT;
        for (cell, width) in cells.iter().zip(COLUMNS) {
            let area = Area { x, y: sheets.y, width, height };
            if number == 0 {
                sheets.mark(Mark::Fill { area, colour: SHADE });
            }
            sheets.set(x + PADDING, sheets.y + 1.0, cell, style);
            sheets.mark(Mark::Edge { area, width: 0.4, colour: RULE });
            x += width;
        }
        sheets.y += height;
    }
    if !list.problems.is_empty() {
        sheets.room(40.0);
        sheets.y += 8.0;
        sheets.paragraph(&list.problems_heading, HEADING, 0.0);
        notes(sheets, &list.problems);
    }
}
