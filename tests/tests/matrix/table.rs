//! The printed table.

use crate::row::{Judgement, Row};
use std::collections::BTreeMap;
use std::fmt::Write;

pub(crate) fn lines(rows: &[&Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let drive = format!("{:?} {:?}", row.case.subject, row.case.encryption);
        let said: String = row.said.short().chars().take(110).collect();
        let (technique, what) = (row.case.technique.name(), row.case.what());
        let left = format!("{}/{}", row.left.readable, row.left.physical);
        let (took, judgement) = (row.took.as_secs(), row.judgement);
        writeln!(
            text,
            "{technique:<30} {drive:<24} {what:<52} {judgement:<13?} {left:>10} {took:>7} s  {said}"
        )
        .unwrap();
    }
    text
}

/// Prints every row and the totals; `cargo test -p massho-tests --test matrix -- --nocapture` shows them.
pub(crate) fn print(rows: &[Row]) {
    println!(
        "technique, drive, what goes wrong, judgement, blocks left (readable/physical), the drive's time, what is said"
    );
    println!("{}", lines(&rows.iter().collect::<Vec<_>>()));
    let mut totals: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows {
        *totals
            .entry(row.case.technique.name())
            .or_default()
            .entry(format!("{:?}", row.judgement))
            .or_default() += 1;
    }
    for (technique, counts) in totals {
        println!("{technique:<30} {counts:?}");
    }
    let of = |judgement| rows.iter().filter(|row| row.judgement == judgement).count();
    println!(
        "{} rows: {} proven, {} not claimed, {} undetectable, {} claim too much",
        rows.len(),
        of(Judgement::Proven),
        of(Judgement::NotClaimed),
        of(Judgement::Undetectable),
        of(Judgement::ClaimsTooMuch),
    );
}
