//! The Japanese font of a PDF: one that is on this PC, or the one that the user names.

use fontdb::{Database, Family, Query, Source};
use std::fs;
use std::path::{Path, PathBuf};
use ttf_parser::{Face, GlyphId};

/// Fonts that office PCs and Debian have, the best to read in print first.
const FAMILIES: [&str; 14] = [
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "BIZ UDPGothic",
    "BIZ UDGothic",
    "IPAexGothic",
    "IPAPGothic",
    "IPAGothic",
    "Yu Gothic",
    "Meiryo",
    "VL PGothic",
    "VL Gothic",
    "TakaoPGothic",
    "MS PGothic",
    "MS Gothic",
];
/// What a font must have to be used: the words of a certificate, and Latin letters beside them.
const NEEDED: &str = "抹消証明書（—）A1";

/// A font file that has Japanese.
pub(crate) struct FontFile {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Which of the fonts in it.
    pub(crate) index: u32,
}

/// Why there is no font.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FontError {
    /// None of the known ones is on this PC.
    #[error("no Japanese font was found")]
    None,
    /// The file cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file is no font with Japanese in it.
    #[error("{0} is no font with Japanese in it")]
    NotJapanese(PathBuf),
}

impl FontFile {
    /// The font in this file, or the best that is on this PC.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, FontError> {
        match named {
            Some(path) => Self::of_file(path),
            None => Self::installed().ok_or(FontError::None),
        }
    }

    fn of_file(path: &Path) -> Result<Self, FontError> {
        let bytes = fs::read(path).map_err(|error| FontError::Unreadable(path.to_owned(), error))?;
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let index = (0..count).find(|index| has_japanese(&bytes, *index));
        let index = index.ok_or_else(|| FontError::NotJapanese(path.to_owned()))?;
        Ok(Self { bytes, index })
    }

    fn installed() -> Option<Self> {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        FAMILIES.iter().find_map(|family| {
            let id = fonts.query(&Query { families: &[Family::Name(family)], ..Query::default() })?;
            let (source, index) = fonts.face_source(id)?;
            let bytes = match source {
                Source::File(path) | Source::SharedFile(path, _) => fs::read(path).ok()?,
                Source::Binary(bytes) => bytes.as_ref().as_ref().to_vec(),
            };
            has_japanese(&bytes, index).then_some(Self { bytes, index })
        })
    }
}

fn has_japanese(bytes: &[u8], index: u32) -> bool {
    let face = Face::parse(bytes, index);
    face.is_ok_and(|face| NEEDED.chars().all(|c| face.glyph_index(c).is_some()))
}

/// How wide text is, in units of its size.
pub(crate) struct Widths<'a> {
    face: Face<'a>,
}

impl<'a> Widths<'a> {
    /// The widths of a font; `None` when it is none.
    pub(crate) fn of(font: &'a FontFile) -> Option<Self> {
        Face::parse(&font.bytes, font.index).ok().map(|face| Self { face })
    }

    /// The width of a text at size 1.
    pub(crate) fn of_text(&self, text: &str) -> f32 {
        let units = f32::from(self.face.units_per_em());
        let glyph = |c| self.face.glyph_index(c).unwrap_or(GlyphId(0));
        text.chars().map(|c| f32::from(self.face.glyph_hor_advance(glyph(c)).unwrap_or(0)) / units).sum()
    }

    /// Text with what the font does not have as its number, so that nothing vanishes from the page.
    pub(crate) fn printable(&self, text: &str) -> String {
        let mut printable = String::with_capacity(text.len());
        for c in text.chars() {
            if self.face.glyph_index(c).is_some() {
                printable.push(c);
            } else {
                printable.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
        }
        printable
    }
}
