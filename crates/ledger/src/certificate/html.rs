//! A certificate as one page that holds everything it needs, and prints on A4.

use super::document::{Document, Layout, Row, Section, Stamp, Tone};
use super::list::List;
use super::qr;
use crate::texts::Language;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// The page of these certificates, with the list before them where there is one.
pub(crate) fn page(language: Language, title: &str, list: Option<&List>, documents: &[Document]) -> String {
    let mut body = String::new();
    if let Some(list) = list {
        body.push_str(&listed(list));
    }
    for document in documents {
        body.push_str(&certificate(document, language));
    }
    let (lang, title) = (language.code(), escape(title));
    // Nothing is fetched and nothing runs: what the page shows is in the page.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Text as text, in element and in attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

fn certificate(document: &Document, language: Language) -> String {
    let tone = match document.tone {
        Tone::Good => "good",
        Tone::Handover => "handover",
        Tone::Stop => "stop",
        Tone::Plain => "plain",
    };
    let mut html = String::from("<article class=\"certificate\">\n");
    html.push_str(&heading(&document.title, &document.record));
    // Writing to a String does not fail.
    let _ = writeln!(
        html,
        "<div class=\"banner {tone}\"><span class=\"outcome\">{}</span> <span class=\"verdict\">{}</span></div>",
        escape(&document.outcome),
        escape(&document.verdict)
    );
    if !document.notes.is_empty() {
        html.push_str(&points(&document.notes, "notes"));
    }
    for section in &document.sections {
        html.push_str(&part(section));
    }
    let [seal, date] = ["stamp", "date"].map(|name| super::words::Words::of(language).get("label", name));
    let code = document.summary.lines.first().map(|line| qr::svg(line)).unwrap_or_default();
    let stamps: String = document.stamps.iter().map(|it| stamp(it, seal, date)).collect();
    let _ = writeln!(html, "<div class=\"end\">{code}<div class=\"stamps\">{stamps}</div></div>");
    let _ = writeln!(
        html,
        "<div class=\"summary\">{}: <code>{}</code></div>",
        escape(&document.summary.label),
        escape(&document.summary.lines.concat())
    );
    let footer: String = document.footer.iter().map(|line| format!("<p>{}</p>", escape(line))).collect();
    let _ = writeln!(html, "<footer>{footer}</footer>\n</article>");
    html
}

fn heading(title: &str, record: &Row) -> String {
    let (label, number) = (escape(&record.label), escape(&record.lines.concat()));
    format!("<header><h1>{}</h1><div class=\"number\">{label}<br>{number}</div></header>\n", escape(title))
}

fn part(section: &Section) -> String {
    let mut html = format!("<section><h2>{}</h2>\n", escape(&section.heading));
    if !section.rows.is_empty() {
        let class = match section.layout {
            Layout::Pairs => " class=\"pairs\"",
            Layout::Rows => "",
        };
        let mut rows: String = section.rows.iter().map(row).collect();
        if section.layout == Layout::Pairs && section.rows.len() % 2 == 1 {
            rows.push_str("<dt></dt><dd></dd>");
        }
        let _ = writeln!(html, "<dl{class}>{rows}</dl>");
    }
    if !section.points.is_empty() {
        html.push_str(&points(&section.points, "points"));
    }
    html.push_str("</section>\n");
    html
}

fn row(row: &Row) -> String {
    let lines: String = row.lines.iter().map(|line| format!("<div>{}</div>", escape(line))).collect();
    format!("<dt>{}</dt><dd>{lines}</dd>\n", escape(&row.label))
}

fn points(points: &[String], class: &str) -> String {
    let items: String = points.iter().map(|point| format!("<li>{}</li>\n", escape(point))).collect();
    format!("<ul class=\"{class}\">{items}</ul>\n")
}

fn stamp(stamp: &Stamp, seal: &str, date: &str) -> String {
    format!(
        "<div class=\"stamp\"><div class=\"whose\">{}</div><div class=\"name\">{}</div>\
         <div class=\"seal\">{seal}</div><div class=\"day\">{date}</div></div>",
        escape(&stamp.label),
        escape(&stamp.name)
    )
}

fn listed(list: &List) -> String {
    let cells = |tag: &str, cells: &[String]| -> String {
        cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect()
    };
    let rows: String = list.rows.iter().map(|row| format!("<tr>{}</tr>\n", cells("td", row))).collect();
    let mut html = format!(
        "<article class=\"certificate\">\n<header><h1>{}</h1><div class=\"number\">{}</div></header>\n",
        escape(&list.title),
        escape(&list.sum)
    );
    let _ = writeln!(
        html,
        "<table class=\"list\"><thead><tr>{}</tr></thead><tbody>{rows}</tbody></table>",
        cells("th", &list.heading)
    );
    if !list.problems.is_empty() {
        let _ = writeln!(
            html,
            "<h2>{}</h2>\n{}",
            escape(&list.problems_heading),
            points(&list.problems, "notes")
        );
    }
    html.push_str("</article>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(
            escape("<script>alert('1')</script> & \"x\""),
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;"
        );
    }
}
