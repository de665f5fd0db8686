//! The office's asset list, held against this PC: the number that was entered, and the drives that should be in it.

use lists::{AssetList, AssetRow, Column, SerialIndex, loose};
use model::Drive;

/// What the office's asset list says of the number that was entered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AssetCheck {
    /// There is no list, or nothing to look up in it.
    #[default]
    NotChecked,
    /// The number is listed, and nothing there speaks against this PC.
    Listed,
    /// The list does not have the number.
    NotListed {
        /// The number under which it has this PC's serial number, if it has that.
        serial_is_of: Option<String>,
    },
    /// For this number the list has another PC's serial number.
    OtherPc {
        /// That serial number.
        listed: String,
    },
}

impl AssetCheck {
    /// Whether a person should look at the label again.
    pub(crate) fn is_doubtful(&self) -> bool {
        matches!(self, Self::NotListed { .. } | Self::OtherPc { .. })
    }
}

/// What the list says of one number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Listed {
    pub(crate) number: String,
    pub(crate) check: AssetCheck,
    /// The PC's model and section, for people to compare; may be empty.
    pub(crate) about: String,
    /// The serial numbers of the media that should be in it.
    pub(crate) media: Vec<String>,
}

/// What is entered for a PC without a label.
const NO_NUMBER: &str = "NONE";

impl Listed {
    /// Looks a number up.
    pub(crate) fn of(list: &AssetList, number: &str, pc_serial: &str) -> Self {
        let key = loose(number);
        let rows: Vec<&AssetRow> =
            list.rows.iter().filter(|row| !key.is_empty() && loose(row.get(Column::Asset)) == key).collect();
        let check = if rows.is_empty() { unlisted(list, number, pc_serial) } else { check(&rows, pc_serial) };
        let first = |column| rows.iter().map(|row| row.get(column)).find(|cell| !cell.is_empty());
        let about: Vec<&str> = [Column::Section, Column::Model].into_iter().filter_map(first).collect();
        let media = rows.iter().flat_map(|row| row.get(Column::MediumSerial).split(['\n', '、', ',', ';']));
        // "None" and the like are no serial numbers.
        let is_serial = |serial: &&str| serial.contains(|c: char| c.is_ascii_digit());
        let media = media.map(str::trim).filter(is_serial).map(str::to_owned).collect();
        Self { number: number.to_owned(), check, about: about.join("  ").replace('\n', " "), media }
    }

    /// The listed media that are neither among these drives nor among these serial numbers.
    pub(crate) fn missing<'a>(
        &self,
        drives: &'a [Drive],
        seen: impl IntoIterator<Item = &'a str>,
    ) -> Vec<String> {
        let serials = drives.iter().map(|drive| drive.identity.serial.as_str());
        let mut index = SerialIndex::new(serials.chain(seen).map(str::to_owned).collect());
        self.media.iter().filter(|serial| index.find(serial).is_empty()).cloned().collect()
    }
}

/// Whether the rows of a number speak of another PC. A serial number that may be the medium's proves nothing.
fn check(rows: &[&AssetRow], pc_serial: &str) -> AssetCheck {
    if !is_telling(pc_serial) {
        return AssetCheck::Listed;
    }
    let mut index = SerialIndex::new(vec![pc_serial.to_owned()]);
    let listed: Vec<&str> =
        rows.iter().map(|row| row.get(Column::PcSerial)).filter(|cell| !cell.is_empty()).collect();
    match listed.first() {
        Some(first) if listed.iter().all(|cell| index.find(cell).is_empty()) => {
            AssetCheck::OtherPc { listed: (*first).to_owned() }
        }
        _ => AssetCheck::Listed,
    }
}

/// A number that no row has: perhaps the list has the PC by its serial number.
fn unlisted(list: &AssetList, number: &str, pc_serial: &str) -> AssetCheck {
    let is_it = |row: &&AssetRow, index: &mut SerialIndex| {
        [Column::PcSerial, Column::Serial].into_iter().any(|column| !index.find(row.get(column)).is_empty())
    };
    let mut index = SerialIndex::new(vec![pc_serial.to_owned()]);
    let row = is_telling(pc_serial).then(|| list.rows.iter().find(|row| is_it(row, &mut index))).flatten();
    let serial_is_of = row.map(|row| row.get(Column::Asset).to_owned()).filter(|number| !number.is_empty());
    match &serial_is_of {
        None if loose(number) == NO_NUMBER => AssetCheck::NotChecked,
        _ => AssetCheck::NotListed { serial_is_of },
    }
}

/// Whether a serial number of the DMI tables is one: many makers left a phrase there.
fn is_telling(serial: &str) -> bool {
    const PHRASES: [&str; 8] = [
        "TOBEFILLEDBYO.E.M.",
        "DEFAULTSTRING",
        "SYSTEMSERIALNUMBER",
        "NOTSPECIFIED",
        "NOTAPPLICABLE",
        "INVALID",
        "123456789",
        "NONE",
    ];
    let plain = loose(serial);
    plain.len() >= 4 && plain.chars().any(|c| c.is_ascii_digit()) && !PHRASES.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> AssetList {
        let text = "資産管理番号,PCシリアル番号,HDDシリアル番号,所属課,機種\n\
                    R8-001,5CG1234ABC,WX11A,市民課,ProBook\nR8-001,5CG1234ABC,S3YJ,市民課,ProBook\n\
                    R8-002,5CG9999XYZ,,税務課,\nR8-003,,,総務課,\n";
        lists::read(text.as_bytes(), &[]).unwrap()
    }

    fn check(number: &str, serial: &str) -> AssetCheck {
        Listed::of(&list(), number, serial).check
    }

    #[test]
    fn a_number_is_found_however_it_is_written_with_all_its_media() {
        let listed = Listed::of(&list(), "ｒ8-001 ", "5cg1234abc");
        assert_eq!((listed.check, listed.about.as_str()), (AssetCheck::Listed, "市民課  ProBook"));
        assert_eq!(listed.media, ["WX11A", "S3YJ"]);
    }

    #[test]
    fn another_pcs_serial_number_is_told() {
        let other = AssetCheck::OtherPc { listed: "5CG9999XYZ".into() };
        assert_eq!(check("R8-002", "5CG1234ABC"), other);
        assert!(other.is_doubtful());
    }

    #[test]
    fn a_pc_that_has_no_serial_number_contradicts_nothing() {
        for serial in
            ["", "To be filled by O.E.M.", "Default string", "System Serial Number", "123456789", "0"]
        {
            assert_eq!(check("R8-002", serial), AssetCheck::Listed, "{serial}");
            assert_eq!(check("R8-009", serial), AssetCheck::NotListed { serial_is_of: None }, "{serial}");
        }
        assert_eq!(check("R8-003", "5CG1234ABC"), AssetCheck::Listed, "nor does a list without one");
    }

    #[test]
    fn a_number_that_was_misread_is_found_by_the_serial_number() {
        let found = AssetCheck::NotListed { serial_is_of: Some("R8-001".into()) };
        assert_eq!(check("R8-0O1", "5CG1234ABC"), found);
        assert_eq!(check("NONE", "5CG1234ABC"), found);
        assert_eq!(check("none", "5CG0000000"), AssetCheck::NotChecked);
    }
}
