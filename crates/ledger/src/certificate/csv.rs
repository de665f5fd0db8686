//! All certificates as a table that Excel opens: UTF-8 with a byte order mark, CRLF, every field quoted.

use super::describe::document;
use super::model::Certificate;
use super::words::Words;
use crate::escape::for_terminal;
use crate::texts::Language;

/// A leading byte order mark: without it Excel in Japan takes the file for Shift_JIS.
const MARK: char = '\u{feff}';

/// The table.
pub(crate) fn table(language: Language, certificates: &[Certificate]) -> String {
    let mut text = String::from(MARK);
    text.push_str(&line(&heading(language)));
    for certificate in certificates {
        text.push_str(&line(&cells(language, certificate)));
    }
    text
}

/// A field that no spreadsheet takes for a formula, quoted.
pub(crate) fn field(text: &str) -> String {
    let harmless = for_terminal(text);
    let formula = harmless.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", harmless.replace('"', "\"\""))
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| field(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// The rows of a certificate that the table has, by their names in the catalogue, after outcome and verdict; the
/// viewer's too.
pub(crate) const LABELS: [&str; 53] = [
    "kind",
    "bus",
    "maker",
    "model",
    "serial",
    "wwn",
    "firmware",
    "capacity",
    "asset",
    "class",
    "ownership",
    "asked",
    "achieved",
    "why",
    "technique",
    "command",
    "status",
    "table",
    "began",
    "ended",
    "duration",
    "place",
    "organisation",
    "operator",
    "handling",
    "how",
    "done-by",
    "done-on",
    "witness",
    "attested",
    "permission",
    "destination",
    "carried-out-by",
    "recomputed",
    "exception-number",
    "exception-section",
    "exception-reason",
    "exception-measure",
    "exception-requested",
    "exception-approver",
    "exception-deadline",
    "contractor",
    "handed-over",
    "certificate-due",
    "contractor-certificate",
    "photos",
    "lacks",
    "vouched",
    "fingerprint",
    "head",
    "head-hash",
    "file",
    "closed",
];

fn heading(language: Language) -> Vec<String> {
    let words = Words::of(language);
    let first = [words.get("label", "record"), words.get("list", "outcome"), words.get("list", "verdict")];
    let labels = LABELS.iter().map(|label| words.get("label", label));
    let evidence = [words.get("section", "evidence"), words.get("section", "limits")];
    first.into_iter().chain(labels).chain(evidence).map(str::to_owned).collect()
}

fn cells(language: Language, certificate: &Certificate) -> Vec<String> {
    let (words, document) = (Words::of(language), document(certificate, language));
    let mut cells = vec![certificate.record(), document.outcome.clone(), document.verdict.clone()];
    let rows = || document.sections.iter().flat_map(|section| &section.rows);
    cells.extend(LABELS.iter().map(|label| {
        let name = words.get("label", label);
        rows().find(|row| row.label == name).map(|row| row.lines.join(" / ")).unwrap_or_default()
    }));
    cells.extend(["evidence", "limits"].map(|name| {
        let heading = words.get("section", name);
        let section = document.sections.iter().find(|section| section.heading == heading);
        section.map(|section| section.points.join(" ")).unwrap_or_default()
    }));
    cells
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_field_is_a_formula_or_leaves_its_cell() {
        for (text, cell) in [
            ("WD-WX11", "\"WD-WX11\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("+1", "\"'+1\""),
            (" @SUM(1)", "\"' @SUM(1)\""),
            ("＝1", "\"'＝1\""),
            ("a\"b,\r\nc", "\"a\"\"b,\\u{d}\\u{a}c\""),
            ("\u{1b}[2J\u{202e}", "\"\\u{1b}[2J\\u{202e}\""),
        ] {
            assert_eq!(field(text), cell);
        }
    }
}
