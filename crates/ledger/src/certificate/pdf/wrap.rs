//! Breaking text into lines as Japanese and English are broken (UAX #14).

use crate::certificate::font::Widths;
use unicode_linebreak::linebreaks;

/// The lines of a text at a size, none wider than `width` unless a single character is.
pub(super) fn wrap(widths: &Widths<'_>, text: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let fits = |text: &str| widths.of_text(text.trim_end()) * size <= width;
    let mut begin = 0;
    for (end, _) in linebreaks(text) {
        let piece = text.get(begin..end).unwrap_or_default();
        begin = end;
        if !line.is_empty() && !fits(&format!("{line}{piece}")) {
            lines.push(std::mem::take(&mut line));
        }
        // A number or a hash can be longer than a line.
        for c in piece.chars() {
            if !line.is_empty() && !c.is_whitespace() && !fits(&format!("{line}{c}")) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}
