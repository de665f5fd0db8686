//! Lines of text that fit: wrapping, cutting and padding by columns, and lists that keep the cursor in view.

use super::style;
use crate::texts::{Texts, fill};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Characters that do not begin a line in Japanese.
const NOT_FIRST: &str = "、。，．・：；！？）］｝」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…%）";
/// Characters that do not end a line.
const NOT_LAST: &str = "（［｛「『【〔〈《";

/// Breaks a text into lines of at most `width` columns: Latin words at blanks, Japanese between characters.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if line.width() + piece.trim_end().width() > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        let piece = if line.is_empty() && !lines.is_empty() { piece.trim_start() } else { &piece };
        for c in piece.chars() {
            let full = line.width() + c.width().unwrap_or(1) > width;
            if full && c == ' ' {
                continue;
            }
            // A word longer than a line is broken anywhere.
            if full && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line.push(c);
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The parts between which a line may be broken.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        let breaks = before.is_none_or(|before| {
            let wide = |c: char| c.width() == Some(2);
            let allowed = !NOT_FIRST.contains(c) && !NOT_LAST.contains(before);
            allowed && (wide(before) || wide(c) || (before == ' ' && c != ' '))
        });
        match pieces.last_mut() {
            Some(piece) if !breaks => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

#[cfg(test)]
thread_local! {
    /// What was cut off since somebody asked: a `~` on the screen may as well be a drive's own.
    static CUT: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// What was cut off since this was asked last.
#[cfg(test)]
pub(super) fn take_cut() -> Vec<String> {
    CUT.take()
}

/// The beginning of a text in at most `width` columns, with a mark where something is cut off.
pub(super) fn cut(text: &str, width: usize) -> String {
    #[cfg(test)]
    if text.width() > width {
        CUT.with_borrow_mut(|cut| cut.push(text.to_owned()));
    }
    shortened(text, width)
}

/// The same of a text from outside, of which the beginning is enough however long it is.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + c.width().unwrap_or(0) + 1 > width {
            break;
        }
        kept.push(c);
    }
    kept.push('~');
    kept
}

/// A text of exactly `width` columns.
pub(super) fn pad(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let blanks = width.saturating_sub(text.width());
    text + &" ".repeat(blanks)
}

/// One line.
pub(super) fn line(text: impl Into<String>, style: Style) -> Line<'static> {
    Line::from(Span::styled(text.into(), style))
}

/// A paragraph, indented.
pub(super) fn paragraph(text: &str, indent: usize, width: usize, style: Style) -> Vec<Line<'static>> {
    let blanks = " ".repeat(indent);
    wrap(text, width.saturating_sub(indent))
        .into_iter()
        .map(|text| Line::from(vec![Span::raw(blanks.clone()), Span::styled(text, style)]))
        .collect()
}

/// A paragraph with a caption in front, its lines under each other.
pub(super) fn captioned(
    caption: &str,
    text: &str,
    indent: usize,
    width: usize,
    style: Style,
) -> Vec<Line<'static>> {
    const CAPTION: usize = 10;
    let room = width.saturating_sub(indent + CAPTION);
    wrap(text, room)
        .into_iter()
        .enumerate()
        .map(|(number, text)| {
            let caption = if number == 0 { caption } else { "" };
            Line::from(vec![
                Span::raw(" ".repeat(indent)),
                Span::raw(pad(caption, CAPTION)),
                Span::styled(text, style),
            ])
        })
        .collect()
}

/// A list in `height` rows, the item under the cursor in view, and how many are above and below.
pub(super) fn list(
    texts: &Texts,
    items: Vec<Vec<Line<'static>>>,
    cursor: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let total: usize = items.iter().map(Vec::len).sum();
    if total <= height {
        return items.into_iter().flatten().collect();
    }
    // Two rows say what lies above and below.
    let room = height.saturating_sub(2);
    let cursor = cursor.min(items.len().saturating_sub(1));
    let sizes: Vec<usize> = items.iter().map(Vec::len).collect();
    let (first, last) = window(&sizes, cursor, room);
    let (count, below) = (items.len(), items.len().saturating_sub(last));
    let mut lines = Vec::new();
    if first > 0 {
        lines.push(marker(&texts.common.more_above, first.min(count)));
    }
    lines.extend(items.into_iter().take(last).skip(first).flatten().take(room));
    while lines.len() < height.saturating_sub(1) {
        lines.push(Line::default());
    }
    lines.push(marker(&texts.common.more_below, below));
    lines
}

fn marker(template: &str, count: usize) -> Line<'static> {
    match count {
        0 => Line::default(),
        _ => line(format!("  {}", fill(template, &[("count", &count)])), style::STRONG),
    }
}

/// The items, from the first to before the last, that fit into `room` rows with the cursor among them: whole
/// pages, so that moving the cursor does not move the list under it until it leaves the page.
fn window(sizes: &[usize], cursor: usize, room: usize) -> (usize, usize) {
    let (mut first, mut rows) = (0, 0);
    for (at, size) in sizes.iter().enumerate() {
        if rows + size > room && at > first {
            if cursor < at {
                return (first, at);
            }
            (first, rows) = (at, 0);
        }
        rows += size;
    }
    (first, sizes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn japanese_is_broken_between_characters_but_not_before_a_full_stop() {
        assert_eq!(wrap("消去します。", 10), ["消去しま", "す。"]);
        assert_eq!(wrap("消去（除去）", 6), ["消去", "（除", "去）"]);
    }

    #[test]
    fn latin_words_stay_whole() {
        assert_eq!(wrap("nothing is erased yet", 10), ["nothing is", "erased yet"]);
        assert_eq!(wrap("WX11A23B4567890", 10), ["WX11A23B45", "67890"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_cut_never_splits_a_wide_character() {
        assert_eq!(cut("製造番号", 6), "製造~");
        assert_eq!(pad("製造番号", 6).width(), 6);
    }

    #[test]
    fn a_page_stays_until_the_cursor_leaves_it() {
        let sizes = [3, 3, 3, 3, 3];
        assert_eq!(window(&sizes, 0, 7), (0, 2));
        assert_eq!(window(&sizes, 1, 7), (0, 2));
        assert_eq!(window(&sizes, 2, 7), (2, 4));
        assert_eq!(window(&sizes, 4, 7), (4, 5));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "[ -~ぁ-んァ-ヶ一-龠、。（）「」]{0,80}", width in 2usize..60) {
            for line in wrap(&text, width) {
                prop_assert!(line.width() <= width, "{line:?}");
            }
        }
    }
}
