//! Reads the text off a picture of the appliance's own screen: what a person would see there, boxes in the place of
//! 漢字 included.
//!
//! kmscon draws each character into a cell of its own with FreeType. The reader draws every character of the same font
//! in the same way, and takes for each cell the one that looks most like it. A cell that looks like none is read as
//! U+FFFD, and so is never the word that was looked for.

use crate::{Colour, LabError, Picture};
use freetype::face::LoadFlag;
use freetype::{Face, Library};
use std::collections::HashMap;
use std::path::Path;

/// A cell of the screen in pixels (initramfs/etc/kmscon: a line's height of 20).
const WIDTH: usize = 9;
const HEIGHT: usize = 20;
/// The em with which Massho Gothic fills such lines, in 64ths of a pixel (its lines are 1.11 em high), and the line on
/// which the letters stand.
const EM: isize = 1153;
const BASE: i64 = 16;
/// The line of a cell on which an underline is.
const UNDERLINE: usize = 17;
/// A cell is taken for a character where the two differ by less than this part of the cell's ink. Drawn alike they differ
/// by a fiftieth, which is what kmscon's blending makes of it.
const ALIKE: u32 = 8;
/// The least difference of a character's colour from the one behind it, of 255, that people can read.
const VISIBLE: u8 = 60;
/// What a cell is read as that looks like no character.
const UNREADABLE: char = char::REPLACEMENT_CHARACTER;

/// How much of each pixel is covered, from 0 to 255, line by line.
type Coverage = Vec<u8>;

/// Some cells of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Cells {
    /// Without the underline.
    coverage: Coverage,
    underlined: bool,
}

/// A character as it is drawn.
#[derive(Debug)]
struct Drawn {
    character: char,
    ink: u32,
    coverage: Coverage,
}

/// The characters of one width.
#[derive(Debug, Default)]
struct Alphabet {
    /// By ascending ink.
    drawn: Vec<Drawn>,
    /// The same without what an underline covers.
    underlined: Vec<Drawn>,
}

/// Knows a font's characters by their looks.
#[derive(Debug)]
pub struct Reader {
    /// Of one cell, and of two.
    alphabets: [Alphabet; 2],
    /// Of characters that look the same, the one that stands for all.
    same: HashMap<char, char>,
    seen: HashMap<Cells, Option<(char, u32)>>,
}

impl Reader {
    /// Draws all characters of a font file.
    ///
    /// # Errors
    /// [`LabError::Font`].
    pub fn new(font: &Path) -> Result<Self, LabError> {
        let failed = |source| LabError::Font { path: font.to_owned(), source };
        let library = Library::init().map_err(failed)?;
        let face = library.new_face(font, 0).map_err(failed)?;
        face.set_char_size(0, EM, 72, 72).map_err(failed)?;
        let mut reader = Self { alphabets: Default::default(), same: HashMap::new(), seen: HashMap::new() };
        let mut first: HashMap<(usize, Coverage), char> = HashMap::new();
        let mut characters: Vec<char> =
            face.chars().filter_map(|(code, _)| char::from_u32(u32::try_from(code).ok()?)).collect();
        characters.retain(|character| is_used(*character));
        // The one that stands for those which look the same is the one that people would write.
        characters.sort_unstable_by_key(|character| (!is_common(*character), *character));
        for character in characters {
            let (cells, coverage) = draw(&face, character).map_err(failed)?;
            let known = first.entry((cells, coverage.clone())).or_insert(character);
            reader.same.insert(character, *known);
            if *known == character
                && ink(&coverage) > 0
                && let Some(alphabet) = reader.alphabets.get_mut(cells - 1)
            {
                alphabet.underlined.push(Drawn::new(character, without_underline(&coverage)));
                alphabet.drawn.push(Drawn::new(character, coverage));
            }
        }
        for alphabet in &mut reader.alphabets {
            alphabet.drawn.sort_by_key(|drawn| drawn.ink);
            alphabet.underlined.sort_by_key(|drawn| drawn.ink);
        }
        Ok(reader)
    }

    /// The text of a picture, a line per row of cells, without blanks at the ends. Of characters that the font draws
    /// alike it has always the same: compare it with what [`Reader::plain`] makes of a text.
    pub fn read(&mut self, picture: &Picture) -> String {
        let mut text = String::new();
        for row in 0..picture.height() / HEIGHT {
            let mut line = String::new();
            let mut column = 0;
            while column < picture.width() / WIDTH {
                let (character, cells) = self.character(picture, row, column);
                line.push(character);
                column += cells;
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.trim_end().to_owned()
    }

    /// A text with one character in the place of each that looks the same, and of a blank for each kind of blank.
    #[must_use]
    pub fn plain(&self, text: &str) -> String {
        let plain = |character: char| {
            if character.is_whitespace() { ' ' } else { *self.same.get(&character).unwrap_or(&character) }
        };
        text.chars().map(plain).collect()
    }

    /// What stands at a cell, and how many cells it takes.
    fn character(&mut self, picture: &Picture, row: usize, column: usize) -> (char, usize) {
        let wide = cells_at(picture, row, column, 2).and_then(|cells| self.best(cells, 2));
        let narrow = match cells_at(picture, row, column, 1) {
            Some(blank) if ink(&blank.coverage) == 0 => wide.is_none().then_some((' ', 0)),
            narrow => narrow.and_then(|cells| self.best(cells, 1)),
        };
        match (narrow, wide) {
            (Some((narrow, far)), Some((_, wide_far))) if far <= wide_far => (narrow, 1),
            (_, Some((wide, _))) => (wide, 2),
            (Some((narrow, _)), None) => (narrow, 1),
            (None, None) => (UNREADABLE, 1),
        }
    }

    /// The character that looks most like this, and how far it is from it, if any is near enough. What is bright and
    /// what is dark may be the other way round.
    fn best(&mut self, cells: Cells, width: usize) -> Option<(char, u32)> {
        let alphabet = self.alphabets.get(width - 1)?;
        *self.seen.entry(cells).or_insert_with_key(|cells| {
            let drawn = if cells.underlined { &alphabet.underlined } else { &alphabet.drawn };
            let turned: Coverage = cells.coverage.iter().map(|value| 255 - value).collect();
            let found =
                [&cells.coverage, &turned].into_iter().filter_map(|coverage| nearest(drawn, coverage));
            found.min_by_key(|(_, far)| *far)
        })
    }
}

impl Drawn {
    fn new(character: char, coverage: Coverage) -> Self {
        Self { character, ink: ink(&coverage), coverage }
    }
}

fn nearest(drawn: &[Drawn], coverage: &[u8]) -> Option<(char, u32)> {
    let ink = ink(coverage);
    let blank = 255 * u32::try_from(coverage.len()).ok()? - ink;
    let limit = ink.min(blank) / ALIKE;
    // Coverage that differs in sum by more than the limit differs by more than the limit in all.
    let start = drawn.partition_point(|drawn| drawn.ink + limit < ink);
    let near = drawn.get(start..)?.iter().take_while(|drawn| drawn.ink <= ink + limit);
    let far = near.map(|drawn| (drawn.character, distance(&drawn.coverage, coverage)));
    far.min_by_key(|(_, far)| *far).filter(|(_, far)| *far <= limit)
}

/// The coverage with nothing on the underline's line.
fn without_underline(coverage: &[u8]) -> Coverage {
    let mut without = coverage.to_vec();
    let width = coverage.len() / HEIGHT;
    without.iter_mut().skip(UNDERLINE * width).take(width).for_each(|value| *value = 0);
    stretch(&mut without);
    without
}

/// ASCII, punctuation, かな and 漢字; not radicals, compatibility forms and other scripts.
fn is_common(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

/// Whether the screens may have it at all: Greek and Cyrillic letters look too much like Latin ones to be offered.
fn is_used(character: char) -> bool {
    is_common(character) || character >= '\u{2000}'
}

fn ink(coverage: &[u8]) -> u32 {
    coverage.iter().map(|value| u32::from(*value)).sum()
}

fn distance(one: &[u8], other: &[u8]) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(*other))).sum()
}

/// Draws a character as kmscon does: how many cells it takes, and the cells.
fn draw(face: &Face, character: char) -> Result<(usize, Coverage), freetype::Error> {
    face.load_char(character as usize, LoadFlag::RENDER | LoadFlag::TARGET_LIGHT)?;
    let glyph = face.glyph();
    let bitmap = glyph.bitmap();
    // The advance is in 64ths of a pixel.
    let cells = if glyph.advance().x > 64 * 12 { 2 } else { 1 };
    let (left, top) = (i64::from(glyph.bitmap_left()), BASE - i64::from(glyph.bitmap_top()));
    let mut coverage = vec![0; cells * WIDTH * HEIGHT];
    let pitch = usize::try_from(bitmap.pitch()).unwrap_or(1).max(1);
    for (line, covered) in (top..).zip(bitmap.buffer().chunks(pitch)) {
        for (column, value) in (left..).zip(covered.iter().take(usize::try_from(bitmap.width()).unwrap_or(0)))
        {
            let at = |place: i64, end: usize| usize::try_from(place).ok().filter(|place| *place < end);
            if let (Some(line), Some(column)) = (at(line, HEIGHT), at(column, cells * WIDTH))
                && let Some(pixel) = coverage.get_mut(line * cells * WIDTH + column)
            {
                *pixel = *value;
            }
        }
    }
    stretch(&mut coverage);
    Ok((cells, coverage))
}

/// How much of each pixel of some cells is of another colour than most of them are.
fn cells_at(picture: &Picture, row: usize, column: usize, cells: usize) -> Option<Cells> {
    // kmscon has what is left over on both sides.
    let (left, top) = (picture.width() % WIDTH / 2, picture.height() % HEIGHT / 2);
    let (left, top) = (left + column * WIDTH, top + row * HEIGHT);
    let lines = (0..HEIGHT).map(|line| picture.line(left, top + line, cells * WIDTH));
    let pixels: Vec<Colour> = lines.collect::<Option<Vec<_>>>()?.concat();
    let mut counts: HashMap<Colour, u32> = HashMap::new();
    for pixel in &pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(colour, count)| (*count, *colour))?.0;
    let mut coverage: Coverage = pixels.iter().map(|pixel| contrast(*pixel, most)).collect();
    let line = coverage.chunks(cells * WIDTH).nth(UNDERLINE)?;
    let highest = coverage.iter().max();
    let faint = highest.is_some_and(|highest| (1..VISIBLE).contains(highest));
    let underlined = highest != Some(&0) && line.iter().all(|value| Some(value) == highest);
    if underlined {
        coverage = without_underline(&coverage);
    }
    // What is too faint for people is left so, and looks like no character.
    if !faint {
        stretch(&mut coverage);
    }
    Some(Cells { coverage, underlined })
}

fn contrast(one: Colour, other: Colour) -> u8 {
    one.iter().zip(other).map(|(one, other)| one.abs_diff(other)).max().unwrap_or(0)
}

/// Makes the highest coverage 255: a pale colour and a thin stroke are characters too.
fn stretch(coverage: &mut [u8]) {
    let highest = u32::from(coverage.iter().copied().max().unwrap_or(0));
    for value in coverage {
        let stretched = (u32::from(*value) * 255).checked_div(highest);
        *value = stretched.and_then(|value| u8::try_from(value).ok()).unwrap_or(0);
    }
}
