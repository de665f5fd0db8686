//! Certificates as PDF/A with an embedded font. The library (krilla) subsets the font and writes the file; where what
//! stands is decided in `flow`.

mod flow;
mod sheet;
mod wrap;

use super::document::Document;
use super::font::{FontFile, Widths};
use super::list::List;
use super::qr::{Modules, QUIET};
use super::words::Words;
use crate::texts::Language;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use record::WallTime;
use sheet::{Area, Colour, FAINT, Mark, PAGE, RIGHT, Sheets};
use std::time::SystemTime;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PdfError {
    /// The font cannot be embedded.
    #[error("the font cannot be embedded")]
    Font,
    /// The library cannot write it; the detail is the library's.
    #[error("{0}")]
    Write(String),
}

/// What a PDF holds.
pub(crate) struct Contents<'a> {
    /// The language of its words.
    pub(crate) language: Language,
    /// Its title.
    pub(crate) title: &'a str,
    /// The list, which comes first.
    pub(crate) list: Option<&'a List>,
    /// The certificates, each from a new page on.
    pub(crate) documents: &'a [Document],
}

/// Makes a PDF.
///
/// # Errors
/// [`PdfError`].
pub(crate) fn pdf(contents: &Contents<'_>, font: &FontFile) -> Result<Vec<u8>, PdfError> {
    let widths = Widths::of(font).ok_or(PdfError::Font)?;
    let embedded = Font::new(font.bytes.clone().into(), font.index).ok_or(PdfError::Font)?;
    let mut sheets = Sheets::new(&widths);
    if let Some(list) = contents.list {
        flow::list(&mut sheets, list);
    }
    for document in contents.documents {
        flow::certificate(&mut sheets, document, Words::of(contents.language));
    }
    // An archive needs a file that can still be read as it is; PDF/A is that.
    let archival = ConfigurationBuilder::new().with_archival_validator(Archival::A2_U).finish();
    let configuration = archival.map_err(|error| PdfError::Write(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = krilla::Document::new_with(settings);
    let language = contents.language.code().to_owned();
    let title = widths.printable(contents.title);
    let about = Metadata::new().title(title).language(language).creator("massho-ledger".to_owned());
    document.set_metadata(about.creation_date(now()));
    let count = sheets.pages.len();
    for (marks, number) in sheets.pages.iter().zip(1..) {
        let size = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(PdfError::Font)?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, mark, &embedded);
        }
        let text = format!("{number} / {count}");
        draw(
            &mut surface,
            &Mark::Text { x: RIGHT - 30.0, y: PAGE.1 - 22.0, size: 7.5, text, colour: FAINT },
            &embedded,
        );
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| PdfError::Write(format!("{error:?}")))
}

/// Now, in UTC; PDF/A wants to know when a file was made.
fn now() -> DateTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let time = WallTime::from_unix(since.as_secs());
    let digits = |from: usize, to: usize| time.as_str().get(from..to).unwrap_or_default();
    let two = |from: usize| digits(from, from + 2).parse().unwrap_or(0);
    let date = DateTime::new(digits(0, 4).parse().unwrap_or(0)).month(two(5)).day(two(8));
    date.hour(two(11)).minute(two(14)).second(two(17)).utc_offset_hour(0)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, font: &Font) {
    match mark {
        Mark::Text { x, y, size, text, colour } => {
            fill(surface, *colour);
            let place = Point::from_xy(*x, *y);
            surface.draw_text(place, font.clone(), *size, text, false, TextDirection::LeftToRight);
        }
        Mark::Fill { area, colour } => {
            fill(surface, *colour);
            rectangle(surface, *area);
        }
        Mark::Edge { area, width, colour } => {
            surface.set_fill(None);
            let stroke = Stroke { paint: paint(*colour).into(), width: *width, ..Stroke::default() };
            surface.set_stroke(Some(stroke));
            rectangle(surface, *area);
            surface.set_stroke(None);
        }
        Mark::Code { x, y, side, text } => code(surface, (*x, *y), *side, text),
    }
}

fn paint(colour: Colour) -> rgb::Color {
    rgb::Color::new(colour.0, colour.1, colour.2)
}

fn fill(surface: &mut Surface<'_>, colour: Colour) {
    surface.set_fill(Some(Fill { paint: paint(colour).into(), ..Fill::default() }));
}

fn rectangle(surface: &mut Surface<'_>, area: Area) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(area.x, area.y, area.width, area.height) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules on a side")]
fn code(surface: &mut Surface<'_>, place: (f32, f32), side: f32, text: &str) {
    let Some(modules) = Modules::of(text) else { return };
    let module = side / (modules.side + 2 * QUIET) as f32;
    let at = |module_number: usize| (module_number + QUIET) as f32 * module;
    let mut path = PathBuilder::new();
    for (row, column, count) in modules.runs() {
        let (x, y) = (place.0 + at(column), place.1 + at(row));
        if let Some(rect) = Rect::from_xywh(x, y, count as f32 * module, module) {
            path.push_rect(rect);
        }
    }
    fill(surface, (0, 0, 0));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
