//! The list, PC by PC.

use lists::{AssetRow, Column, loose};
use std::collections::{BTreeSet, HashMap};

/// The rows of one PC.
#[derive(Debug)]
pub(super) struct ListedPc<'a> {
    pub(super) rows: Vec<&'a AssetRow>,
}

impl ListedPc<'_> {
    pub(super) fn first(&self, column: Column) -> &str {
        self.rows.iter().map(|row| row.get(column)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    pub(super) fn asset(&self) -> &str {
        self.first(Column::Asset)
    }

    pub(super) fn serial(&self) -> &str {
        pc_serial(self.first(Column::PcSerial))
    }
}

/// Rows with one asset number, or without one with one PC's serial number, are one PC.
pub(super) fn group(rows: &[AssetRow]) -> Vec<ListedPc<'_>> {
    let mut pcs: Vec<ListedPc<'_>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let names = [row.get(Column::Asset), row.get(Column::PcSerial)];
        let name = names.into_iter().map(loose).find(|name| !name.is_empty());
        let known = name.as_ref().and_then(|name| places.get(name)).copied();
        match known.and_then(|place| pcs.get_mut(place)) {
            Some(pc) => pc.rows.push(row),
            None => {
                if let Some(name) = name {
                    places.insert(name, pcs.len());
                }
                pcs.push(ListedPc { rows: vec![row] });
            }
        }
    }
    pcs
}

/// Serial numbers that makers leave in the firmware of many PCs.
const NO_SERIALS: [&str; 10] = [
    "TOBEFILLEDBYO.E.M.",
    "DEFAULTSTRING",
    "SYSTEMSERIALNUMBER",
    "NONE",
    "NOTSPECIFIED",
    "NOTAPPLICABLE",
    "N/A",
    "UNKNOWN",
    "0",
    "INVALID",
];

/// A PC's serial number, if it is one.
pub(super) fn pc_serial(serial: &str) -> &str {
    let plain = loose(serial);
    let one_letter = plain.chars().collect::<BTreeSet<_>>().len() <= 1;
    if one_letter || NO_SERIALS.contains(&plain.as_str()) { "" } else { serial }
}

/// The medium's serial number in a row, wherever the list has it.
pub(super) fn medium_serial(row: &AssetRow) -> &str {
    let (medium, either) = (row.get(Column::MediumSerial), row.get(Column::Serial));
    if medium.is_empty() { either } else { medium }
}

/// The same, unless the column that says neither PC nor medium is the PC's: it is when the list has one for media.
pub(super) fn medium_cell<'r>(row: &'r AssetRow, pc: &ListedPc<'_>) -> &'r str {
    let is_pc = pc.rows.iter().any(|row| !row.get(Column::MediumSerial).is_empty());
    if is_pc { row.get(Column::MediumSerial) } else { medium_serial(row) }
}

pub(super) fn names_a_pc(pc: &ListedPc<'_>) -> bool {
    !pc.asset().is_empty() || !pc.serial().is_empty()
}

/// `(1)`, `１`, `分類1`: the one digit from 1 to 3 that stands there. 自治体機密性2以上 is class 2, 自治体機密性1 class 3.
pub(super) fn class(cell: &str) -> Option<u8> {
    let folded = loose(cell);
    if folded.contains("機密性") {
        return match folded.chars().find(char::is_ascii_digit)? {
            '1' => Some(3),
            _ => Some(2),
        };
    }
    let mut digits = folded.chars().filter_map(|c| c.to_digit(10));
    let digit = digits.next().and_then(|digit| u8::try_from(digit).ok());
    digit.filter(|digit| (1..=3).contains(digit) && digits.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_that_every_pc_of_a_maker_has_is_none() {
        for none in
            ["To be filled by O.E.M.", "Default string", "00000000", "xxxxxxxx", "System Serial Number", ""]
        {
            assert_eq!(pc_serial(none), "", "{none}");
        }
        assert_eq!(pc_serial("PF0ABCDE"), "PF0ABCDE");
    }

    #[test]
    fn a_class_is_read_as_lists_write_it() {
        for (cell, expected) in [
            ("1", Some(1)),
            ("(2)", Some(2)),
            ("（３）", Some(3)),
            ("自治体機密性3", Some(2)),
            ("機密性１", Some(3)),
            ("", None),
            ("0", None),
            ("12", None),
            ("高", None),
        ] {
            assert_eq!(class(cell), expected, "{cell}");
        }
    }
}
