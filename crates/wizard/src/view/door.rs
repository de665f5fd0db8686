//! The sign for whoever looks in at the door: the whole screen, by colour, shape and word. It comes by itself where nobody
//! has pressed a key for a while, and goes with any key.

use super::strokes::Placed;
use super::style;
use super::{frame, lines};
use crate::sign::{Sign, sign};
use crate::{Console, Model};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// What says that any key leads back.
const HINT: u16 = 1;

pub(super) fn draw(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let title = Rect { height: 1, ..area };
    let picture = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + HINT), ..area };
    let hint = Rect { y: area.y + area.height - HINT, height: HINT, ..area };
    frame.render_widget(Paragraph::new(frame::title(model, usize::from(area.width))), title);
    let (_, _, sign_style) = said(model);
    let rows = rows(model, usize::from(picture.width), usize::from(picture.height));
    let rows: Vec<Line> = rows.into_iter().map(|row| lines::line(row, sign_style)).collect();
    frame.render_widget(Paragraph::new(rows), picture);
    let text = lines::pad(&format!(" {}", model.texts().results.door_do), usize::from(hint.width));
    frame.render_widget(Paragraph::new(lines::line(text, style::STRONG)), hint);
}

#[cfg(test)]
pub(super) fn overflow(model: &Model) -> Option<String> {
    use unicode_width::UnicodeWidthStr;
    let (shape, word, _) = said(model);
    let mut letters = std::iter::once(shape).chain(word.chars()).filter(|letter| !letter.is_whitespace());
    let missing = letters.find(|letter| Placed::new(*letter, 0.0, 0.0, 9.0, 9.0).is_none());
    let hint = model.texts().results.door_do.width() + 1 > usize::from(model.size.0);
    missing.map(|letter| format!("no strokes for {letter}")).or_else(|| hint.then(|| "door".to_owned()))
}

/// The shape, the word, the colour.
fn said(model: &Model) -> (char, &str, Style) {
    let t = &model.texts().results;
    match sign(model) {
        Sign::Done => ('○', &t.done, style::SIGN_GOOD),
        // What there is to do is read on the screen behind it.
        Sign::Attention(_) => ('△', &t.attention, style::SIGN_WARN),
        Sign::Failed => ('×', &t.failed, style::SIGN_BAD),
    }
}

/// As many rows as there is room for, each as wide.
fn rows(model: &Model, width: usize, height: usize) -> Vec<String> {
    let (shape, words, _) = said(model);
    let words: Vec<&str> = words.split_whitespace().collect();
    // Columns and half rows, few enough for any number of them.
    let (across, down) = (small(width), small(height * 2));
    let longest = small(words.iter().map(|word| word.chars().count()).max().unwrap_or(0) + 1);
    let side = (across / longest).min(down);
    let high = down / small(words.len().max(1));
    let left = (across - side * longest) / 2.0;
    let place = |row: usize, at: usize, letter: char| {
        Placed::new(letter, left + side * small(at), high * small(row), side, high)
    };
    let letters = words.iter().enumerate().flat_map(|(row, word)| {
        std::iter::once(shape)
            .chain(word.chars())
            .enumerate()
            .filter_map(move |(at, letter)| place(row, at, letter))
    });
    let placed: Vec<Placed> = letters.collect();
    let covered = |x: usize, y: f32| placed.iter().any(|letter| letter.covers(small(x) + 0.5, y));
    // Drawn by shape, so that a terminal without colours shows it too.
    let cell = |x: usize, row: usize| {
        let top = small(row * 2);
        match model.console {
            Console::AsciiOnly => {
                if covered(x, top + 1.0) {
                    '#'
                } else {
                    ' '
                }
            }
            Console::Full => match (covered(x, top + 0.5), covered(x, top + 1.5)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            },
        }
    };
    (0..height).map(|row| (0..width).map(|x| cell(x, row)).collect()).collect()
}

/// Cells as a number to calculate with. No console has more than a `u16` of them.
fn small(cells: usize) -> f32 {
    f32::from(u16::try_from(cells).unwrap_or(u16::MAX))
}
