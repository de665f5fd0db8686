//! Tables for Excel: UTF-8 with a byte order mark, CRLF, and no cell that Excel would take for a formula.

use crate::escape::for_terminal;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use std::io;

/// Makes a cell harmless: invisible characters and those that turn the direction of writing are shown as their numbers,
/// and what begins like a formula begins with an apostrophe (OWASP, CSV injection).
#[must_use]
pub(crate) fn cell(text: &str) -> String {
    let shown = for_terminal(text);
    let begin = shown.trim_start().chars().next();
    let formula =
        begin.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%'));
    if formula { format!("'{shown}") } else { shown }
}

/// The bytes of a table, its first row being the headings.
///
/// # Errors
/// The writer's; none comes of memory.
pub(crate) fn bytes(rows: &[Vec<String>]) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.iter().map(|text| cell(text)))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for evil in
            ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "＝1+1", " =1", "\u{3000}=1", "%0A", "|x"]
        {
            assert!(cell(evil).starts_with('\''), "{evil}");
        }
        assert_eq!(cell("\t=1"), "\\u{9}=1");
        assert_eq!(cell("WD-WX11A"), "WD-WX11A");
        assert_eq!(cell("a\u{202e}b\u{1b}[2J"), "a\\u{202e}b\\u{1b}[2J");
        assert_eq!(cell("<script>alert(1)</script>"), "<script>alert(1)</script>");
    }

    #[test]
    fn a_table_has_its_mark_and_quotes_what_needs_quotes() {
        let rows = vec![vec!["番号".to_owned(), "備考".into()], vec!["1".into(), "a,\"b\"".into()]];
        assert_eq!(bytes(&rows).unwrap(), "\u{feff}番号,備考\r\n1,\"a,\"\"b\"\"\"\r\n".as_bytes());
    }
}
