//! A certificate in words, before it is drawn as a page, a PDF or a line of a table.

use crate::escape::for_terminal;
use serde::Serialize;

/// A certificate in words. Every text in it is harmless: nothing hides, moves or turns anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Document {
    /// The heading.
    pub(crate) title: String,
    /// The number of the record, with its label.
    pub(crate) record: Row,
    /// The outcome.
    pub(crate) outcome: String,
    /// What may happen to the medium.
    pub(crate) verdict: String,
    /// How outcome and verdict are to be coloured.
    pub(crate) tone: Tone,
    /// What a reader must know before anything else.
    pub(crate) notes: Vec<String>,
    /// The parts.
    pub(crate) sections: Vec<Section>,
    /// Places for seals.
    pub(crate) stamps: Vec<Stamp>,
    /// The heading of the summary, and the summary: what the QR code holds.
    pub(crate) summary: Row,
    /// What stands at the foot.
    pub(crate) footer: Vec<String>,
}

/// How outcome and verdict are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tone {
    /// May be reused.
    Good,
    /// May go to the contractor.
    Handover,
    /// Must not leave.
    Stop,
    /// Nothing is said.
    Plain,
}

/// A part of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) heading: String,
    /// How its rows are laid out.
    pub(crate) layout: Layout,
    /// What it says, name by name.
    pub(crate) rows: Vec<Row>,
    /// What it says in sentences.
    pub(crate) points: Vec<String>,
}

/// How rows are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Layout {
    /// Two beside each other: short values.
    Pairs,
    /// Each on its own.
    Rows,
}

/// A name and what it is. Without lines it is left blank, for the pen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    /// The name.
    pub(crate) label: String,
    /// What it is.
    pub(crate) lines: Vec<String>,
}

/// A place for a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Stamp {
    /// Whose.
    pub(crate) label: String,
    /// The name declared, where one is.
    pub(crate) name: String,
}

impl Row {
    /// A row with these lines, made harmless.
    pub(crate) fn new(label: &str, lines: Vec<String>) -> Self {
        Self { label: label.to_owned(), lines: lines.iter().map(|line| for_terminal(line)).collect() }
    }
}

impl Section {
    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.points.is_empty()
    }
}
