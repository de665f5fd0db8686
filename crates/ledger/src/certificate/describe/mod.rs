//! Puts a certificate into words. The viewer's `certificate.js` does the same in a browser; a test compares them.

mod evidence;
mod hand;
mod medium;
mod notes;
mod office;
mod session;

use super::document::{Document, Layout, Row, Section, Stamp, Tone};
use super::facts::{Deadline, Exception};
use super::model::{Certificate, CertifiedOutcome, Compared};
use super::summary;
use super::words::{Words, code};
use crate::texts::{Language, fill};
use model::Verdict;

/// A certificate in the words of a language.
pub(crate) fn document(certificate: &Certificate, language: Language) -> Document {
    let writer = Writer { words: Words::of(language), certificate };
    let sections = [
        writer.medium(),
        writer.pc(),
        writer.method(),
        writer.hand(),
        writer.evidence(),
        writer.limits(),
        writer.people(),
        writer.office(),
        writer.record(),
        writer.events(),
    ];
    let w = writer.words;
    let title = if certificate.is_of_completion() { "done" } else { "other" };
    Document {
        title: w.get("title", title).to_owned(),
        record: writer.row("record", vec![certificate.record()]),
        outcome: w.get("outcome", certificate.outcome.code()).to_owned(),
        verdict: w.get("verdict", &verdict_code(certificate)).to_owned(),
        tone: tone(certificate),
        notes: writer.notes(),
        sections: sections.into_iter().filter(|section| !section.is_empty()).collect(),
        stamps: writer.stamps(),
        summary: Row::new(w.get("section", "summary"), vec![summary::of(certificate)]),
        footer: ["source", "declared"].map(|name| w.get("footer", name).to_owned()).to_vec(),
    }
}

/// The name of a verdict in the catalogue.
pub(crate) fn verdict_code(certificate: &Certificate) -> String {
    match certificate.outcome {
        _ if certificate.log.is_doubtful() => return "doubtful".to_owned(),
        _ if waits_for_approval(certificate) => return "keep".to_owned(),
        CertifiedOutcome::HandedOver => return "handed-over".to_owned(),
        CertifiedOutcome::DestructionConfirmed => return "destroyed".to_owned(),
        _ => {}
    }
    if certificate.hand.is_some()
        && certificate.outcome == CertifiedOutcome::Done
        && certificate.verdict.is_none()
    {
        return "destroyed-by-hand".to_owned();
    }
    certificate.verdict.map_or_else(|| "none".to_owned(), |verdict| code(&verdict))
}

/// Whether somebody has to decide on an exception before anybody moves the medium.
fn waits_for_approval(certificate: &Certificate) -> bool {
    let lapsed = |exception: &Exception| exception.deadline == Deadline::Passed;
    certificate.outcome == CertifiedOutcome::AwaitingApproval
        || certificate.office.exception.as_ref().is_some_and(lapsed)
}

fn tone(certificate: &Certificate) -> Tone {
    match certificate.verdict {
        _ if certificate.log.is_doubtful() || waits_for_approval(certificate) => Tone::Stop,
        _ if certificate.outcome == CertifiedOutcome::HandedOver => Tone::Handover,
        _ if certificate.outcome == CertifiedOutcome::DestructionConfirmed => Tone::Plain,
        Some(Verdict::MayBeReused) => Tone::Good,
        Some(Verdict::MayGoToContractor) => Tone::Handover,
        Some(Verdict::MustNotLeave) => Tone::Stop,
        None => Tone::Plain,
    }
}

/// 1234567 as 1,234,567.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

struct Writer<'a> {
    words: &'static Words,
    certificate: &'a Certificate,
}

/// What stands where a device or a person said nothing.
const NOTHING: &str = "—";

fn or_nothing(text: &str) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text.to_owned() }
}

impl Writer<'_> {
    fn row(&self, label: &str, lines: Vec<String>) -> Row {
        Row::new(self.words.get("label", label), lines)
    }

    /// A row of one line.
    fn line(&self, label: &str, value: &str) -> Row {
        self.row(label, vec![or_nothing(value)])
    }

    /// A row that is left blank when the office does not know it.
    fn by_hand(&self, label: &str, value: Option<&String>) -> Row {
        self.row(label, value.cloned().into_iter().collect())
    }

    fn word<T: serde::Serialize>(&self, section: &str, value: &T) -> String {
        self.words.get(section, &code(value)).to_owned()
    }

    fn filled(&self, section: &str, name: &str, values: &[(&str, &str)]) -> String {
        fill(self.words.get(section, name), values)
    }

    /// A word with something more about it, if there is more.
    fn with(&self, word: &str, detail: &str) -> String {
        if detail.is_empty() {
            return word.to_owned();
        }
        self.filled("unit", "with", &[("word", word), ("detail", detail)])
    }

    fn section(&self, name: &str, layout: Layout, rows: Vec<Row>, points: Vec<String>) -> Section {
        let points = points.iter().map(|point| crate::escape::for_terminal(point)).collect();
        Section { heading: self.words.get("section", name).to_owned(), layout, rows, points }
    }

    fn stamps(&self) -> Vec<Stamp> {
        let stamp = |label: &str, name: &str| Stamp {
            label: self.words.get("label", label).to_owned(),
            name: crate::escape::for_terminal(name),
        };
        let operator = self.certificate.choices.as_ref().map_or("", |choices| &choices.operator);
        let permission = self.permission().cloned().unwrap_or_default();
        vec![
            stamp("operator", operator),
            stamp("witness", &self.certificate.drive.witnesses.join(", ")),
            stamp("permission", &permission),
        ]
    }

    fn compared(&self, value: &str, compared: Compared) -> String {
        let name = match compared {
            Compared::Agrees => "compared",
            Compared::Not => "not-compared",
        };
        self.filled("record", name, &[("value", value)])
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (512_110_190_592, "512,110,190,592")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
