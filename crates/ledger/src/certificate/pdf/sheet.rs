//! Pages as lists of marks: where what stands. Nothing here knows what a PDF is.

use super::wrap::wrap;
use crate::certificate::font::Widths;

/// A4 in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// The left and right edges of what is printed.
pub(super) const LEFT: f32 = 40.0;
pub(super) const RIGHT: f32 = PAGE.0 - 40.0;
const TOP: f32 = 36.0;
const BOTTOM: f32 = PAGE.1 - 40.0;
/// From one line to the next, in sizes.
const LEADING: f32 = 1.38;
/// How far a line's base is below its top, in sizes.
const ASCENT: f32 = 0.98;

/// A colour: red, green, blue.
pub(super) type Colour = (u8, u8, u8);
pub(super) const INK: Colour = (0x11, 0x11, 0x11);
pub(super) const FAINT: Colour = (0x55, 0x5b, 0x61);
pub(super) const RULE: Colour = (0x99, 0x99, 0x99);
pub(super) const SHADE: Colour = (0xee, 0xf1, 0xf4);

/// A stretch of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// One line of text, by the left end of its base line.
    Text { x: f32, y: f32, size: f32, text: String, colour: Colour },
    /// A filled rectangle.
    Fill { area: Area, colour: Colour },
    /// The edge of a rectangle.
    Edge { area: Area, width: f32, colour: Colour },
    /// A QR code.
    Code { x: f32, y: f32, side: f32, text: String },
}

/// How text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) colour: Colour,
}

/// Pages, filled from top to bottom.
pub(super) struct Sheets<'a> {
    widths: &'a Widths<'a>,
    /// The pages.
    pub(super) pages: Vec<Vec<Mark>>,
    /// Where the next thing goes.
    pub(super) y: f32,
}

impl<'a> Sheets<'a> {
    /// No page yet.
    pub(super) fn new(widths: &'a Widths<'a>) -> Self {
        Self { widths, pages: Vec::new(), y: TOP }
    }

    /// Begins a page.
    pub(super) fn page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a page unless so much room is left on this one.
    pub(super) fn room(&mut self, height: f32) {
        if self.pages.is_empty() || self.y + height > BOTTOM {
            self.page();
        }
    }

    /// Puts a mark on the page.
    pub(super) fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// The lines of texts within a width, each text beginning a line of its own.
    pub(super) fn lines(&self, texts: &[String], style: Style, width: f32) -> Vec<String> {
        let printable = texts.iter().map(|text| self.widths.printable(text));
        printable.flat_map(|text| wrap(self.widths, &text, style.size, width)).collect()
    }

    /// How high so many lines are.
    pub(super) fn height(lines: usize, style: Style) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
        let lines = lines as f32;
        lines * style.size * LEADING
    }

    /// Sets lines from this place on, downwards.
    pub(super) fn set(&mut self, x: f32, y: f32, lines: &[String], style: Style) {
        let mut base = y + style.size * ASCENT;
        for line in lines {
            let (size, colour) = (style.size, style.colour);
            self.mark(Mark::Text { x, y: base, size, text: line.clone(), colour });
            base += style.size * LEADING;
        }
    }

    /// Sets text over the whole width, and goes below it.
    pub(super) fn paragraph(&mut self, text: &str, style: Style, indent: f32) {
        let lines = self.lines(&[text.to_owned()], style, RIGHT - LEFT - indent);
        let height = Self::height(lines.len(), style);
        self.room(height);
        self.set(LEFT + indent, self.y, &lines, style);
        self.y += height;
    }
}
