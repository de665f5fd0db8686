//! The result on a terminal and as a table for Excel.

use super::{Line, Pcs, Status, pcs};
use crate::escape::for_terminal;
use crate::office::desk::Desk;
use crate::office::status::Remark;
use crate::office::texts::Words;
use crate::print::method;
use crate::sheet;
use crate::table::columns;
use crate::texts::fill;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

/// Which lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::office) enum Shown {
    /// What somebody has to look into.
    Problems,
    /// Every line.
    All,
}

/// The lines for a terminal: problems, the worst first, then how many stand how.
pub(in crate::office) fn text(desk: &Desk, lines: &[Line], shown: Shown) -> String {
    let words = desk.words;
    let mut chosen: Vec<&Line> =
        lines.iter().filter(|line| shown == Shown::All || line.status.is_problem()).collect();
    chosen.sort_by_key(|line| (std::cmp::Reverse(line.status), line.listed.unwrap_or(u64::MAX)));
    let mut text = String::new();
    if !chosen.is_empty() {
        let mut rows = vec![heading(words, &SHORT)];
        rows.extend(chosen.iter().map(|line| row(words, line, &Pcs::new(), &SHORT)));
        let safe: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| for_terminal(cell)).collect()).collect();
        text.push_str(&columns(&safe));
    }
    counts(words, lines, &mut text);
    text
}

/// Every line as a table for Excel.
pub(in crate::office) fn csv(desk: &Desk, lines: &[Line]) -> io::Result<Vec<u8>> {
    let mut rows = vec![heading(desk.words, &ALL)];
    let pcs = pcs(lines);
    rows.extend(lines.iter().map(|line| row(desk.words, line, &pcs, &ALL)));
    sheet::bytes(&rows)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Line,
    Asset,
    PcSerial,
    Section,
    Model,
    Serial,
    Status,
    PcStatus,
    Asked,
    Achieved,
    Remarks,
    Session,
}

const SHORT: [Field; 6] =
    [Field::Line, Field::Asset, Field::Model, Field::Serial, Field::Status, Field::Remarks];
const ALL: [Field; 12] = [
    Field::Line,
    Field::Asset,
    Field::PcSerial,
    Field::Section,
    Field::Model,
    Field::Serial,
    Field::Status,
    Field::PcStatus,
    Field::Asked,
    Field::Achieved,
    Field::Remarks,
    Field::Session,
];

fn heading(words: &Words, fields: &[Field]) -> Vec<String> {
    let text = |field: &Field| match field {
        Field::Line => words.column_line,
        Field::Asset => words.column_asset,
        Field::PcSerial => words.column_pc_serial,
        Field::Section => words.column_section,
        Field::Model => words.column_model,
        Field::Serial => words.column_serial,
        Field::Status => words.column_status,
        Field::PcStatus => words.column_pc_status,
        Field::Asked => words.column_asked,
        Field::Achieved => words.column_achieved,
        Field::Remarks => words.column_remarks,
        Field::Session => words.column_session,
    };
    fields.iter().map(|field| text(field).to_owned()).collect()
}

fn row(words: &Words, line: &Line, pcs: &Pcs<'_>, fields: &[Field]) -> Vec<String> {
    let text = |field: &Field| match field {
        Field::Line => line.listed.map_or(String::new(), |number| number.to_string()),
        Field::Asset => line.asset.clone(),
        Field::PcSerial => line.pc_serial.clone(),
        Field::Section => line.section.clone(),
        Field::Model => line.model.clone(),
        Field::Serial => line.serial.clone(),
        Field::Status => words.status(line.status).to_owned(),
        Field::PcStatus => pcs.get(line.pc()).map_or("", |status| words.status(*status)).to_owned(),
        Field::Asked => line.asked.map_or("", method).to_owned(),
        Field::Achieved => line.achieved.map_or("", method).to_owned(),
        Field::Remarks => {
            let remarks: Vec<String> = line.remarks.iter().map(|remark| remark.text(words)).collect();
            remarks.join(" / ")
        }
        Field::Session => line.session.clone().unwrap_or_default(),
    };
    fields.iter().map(text).collect()
}

fn counts(words: &Words, lines: &[Line], text: &mut String) {
    let mut media: BTreeMap<Status, usize> = BTreeMap::new();
    for line in lines {
        *media.entry(line.status).or_default() += 1;
    }
    let mut of_pcs: BTreeMap<Status, usize> = BTreeMap::new();
    for status in pcs(lines).into_values() {
        *of_pcs.entry(status).or_default() += 1;
    }
    let count =
        |counted: &BTreeMap<Status, usize>, status| counted.get(&status).copied().unwrap_or(0).to_string();
    let mut rows =
        vec![vec![words.column_status.to_owned(), words.count_media.into(), words.count_pcs.into()]];
    for status in Status::ALL.into_iter().filter(|status| media.contains_key(status)) {
        rows.push(vec![words.status(status).to_owned(), count(&media, status), count(&of_pcs, status)]);
    }
    text.push_str(&columns(&rows));
    let without = |remark: &Remark| lines.iter().filter(|line| line.remarks.contains(remark)).count();
    for (remark, sentence) in [
        (Remark::NoWitnessLine, words.sum_no_witness_line),
        (Remark::KeyUnregistered, words.sum_key_unregistered),
    ] {
        let count = without(&remark);
        if count > 0 {
            // Writing to a String does not fail.
            let _ = writeln!(text, "{}", fill(sentence, &[("count", &count.to_string())]));
        }
    }
    let problems = lines.iter().filter(|line| line.status.is_problem()).count();
    let sentence = if problems == 0 { words.sum_no_problem } else { words.sum_problems };
    let _ = writeln!(text, "{}", fill(sentence, &[("count", &problems.to_string())]));
}
