//! The list from which a job list is made: one row for each drive, as Excel writes it. Nothing is guessed here: a cell
//! is taken as it stands, without blanks around it.

use super::assets::{ListError, decode, records, unquoted};
use super::columns::fold;
use std::collections::BTreeMap;

/// What a column of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobColumn {
    /// 資産管理番号
    Asset,
    /// The PC's serial number by its DMI tables.
    PcSerial,
    /// The PC's UUID by its DMI tables.
    Uuid,
    /// The drive's model, as the drive says it.
    DriveModel,
    /// The drive's serial number, as the drive says it.
    DriveSerial,
    /// The class of the information, 1 to 3.
    Class,
    /// 抹消 or 引渡前の消去.
    Purpose,
    /// 所属
    Section,
    /// 実施場所
    Place,
}

impl JobColumn {
    /// All of them, with the headings by which they are known; the first is the one that is asked for.
    pub const HEADINGS: [(Self, &'static [&'static str]); 9] = [
        (Self::Asset, &["資産管理番号", "資産番号", "管理番号", "ASSETNUMBER", "ASSET"]),
        (
            Self::PcSerial,
            &["PC製造番号", "PCシリアル番号", "PCシリアル", "本体製造番号", "端末製造番号", "PCSERIAL"],
        ),
        (Self::Uuid, &["PCのUUID", "UUID", "PCUUID"]),
        (Self::DriveModel, &["ドライブ型番", "ドライブの型番", "媒体型番", "DRIVEMODEL"]),
        (
            Self::DriveSerial,
            &[
                "ドライブ製造番号",
                "ドライブの製造番号",
                "ドライブシリアル番号",
                "媒体シリアル番号",
                "DRIVESERIAL",
            ],
        ),
        (Self::Class, &["区分", "情報の区分", "情報区分", "CLASS"]),
        (Self::Purpose, &["目的", "用途", "PURPOSE"]),
        (Self::Section, &["所属", "所属課", "SECTION"]),
        (Self::Place, &["実施場所", "場所", "PLACE"]),
    ];

    /// The heading that is asked for where the column is missing.
    #[must_use]
    pub fn heading(self) -> &'static str {
        let known = Self::HEADINGS.iter().find(|(column, _)| *column == self);
        known.and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    fn of(heading: &str) -> Option<Self> {
        let folded = fold(heading);
        let known = |names: &[&str]| names.iter().any(|name| fold(name) == folded);
        Self::HEADINGS.iter().find(|(_, names)| known(names)).map(|(column, _)| *column)
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its line in the file, from 1.
    pub line: u64,
    cells: BTreeMap<JobColumn, String>,
}

impl JobRow {
    /// What stands in a column; empty where there is none.
    #[must_use]
    pub fn get(&self, column: JobColumn) -> &str {
        self.cells.get(&column).map(String::as_str).unwrap_or_default()
    }
}

/// Why a list cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobRowsError {
    /// It is no list.
    #[error(transparent)]
    List(#[from] ListError),
    /// Its headings lack a column that it has to have.
    #[error("it has no column {}", .0.heading())]
    Missing(JobColumn),
    /// Two of its headings are the same column.
    #[error("it has two columns {}", .0.heading())]
    Twice(JobColumn),
}

/// Reads a list whose first row that is not empty has the headings. Rows without anything in them are left out.
///
/// # Errors
/// [`JobRowsError`]
pub fn read_jobs(bytes: &[u8]) -> Result<Vec<JobRow>, JobRowsError> {
    use JobColumn::{Asset, Class, DriveModel, DriveSerial, PcSerial, Purpose, Uuid};
    let text = decode(bytes)?.replace("\r\n", "\n");
    let records = records(&text)?;
    let mut filled = records.iter().filter(|record| record.iter().any(|cell| !plain(cell).is_empty()));
    let headings = filled.next().ok_or(ListError::NoHeadings)?;
    let mut columns = BTreeMap::new();
    for (place, heading) in headings.iter().enumerate() {
        let Some(column) = JobColumn::of(plain(heading)) else { continue };
        if columns.insert(column, place).is_some() {
            return Err(JobRowsError::Twice(column));
        }
    }
    if columns.is_empty() {
        return Err(ListError::NoHeadings.into());
    }
    for needed in [Asset, DriveModel, DriveSerial, Class, Purpose] {
        if !columns.contains_key(&needed) {
            return Err(JobRowsError::Missing(needed));
        }
    }
    if !columns.contains_key(&PcSerial) && !columns.contains_key(&Uuid) {
        return Err(JobRowsError::Missing(PcSerial));
    }
    let row = |record: &csv::StringRecord| JobRow {
        line: record.position().map_or(0, csv::Position::line),
        cells: columns
            .iter()
            .map(|(column, place)| (*column, plain(record.get(*place).unwrap_or_default()).to_owned()))
            .collect(),
    };
    Ok(filled.map(row).collect())
}

fn plain(cell: &str) -> &str {
    unquoted(cell.trim_start_matches('\u{feff}')).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "資産管理番号,PC製造番号,UUID,ドライブ型番,ドライブ製造番号,区分,目的,所属\r\n\
        R8-1,5CG1234ABC,,WDC WD5000BPKX,WD-WX11A,2,抹消,市民課\r\n,,,,,,,\r\n\
        R8-2,,4C4C,Samsung SSD,\"=\"\"00123\"\"\",1,引渡前の消去,\r\n";

    #[test]
    fn a_row_is_read_with_its_line() {
        let rows = read_jobs(LIST.as_bytes()).unwrap();
        let cells: Vec<_> = rows.iter().map(|row| (row.line, row.get(JobColumn::DriveSerial))).collect();
        assert_eq!(cells, [(2, "WD-WX11A"), (4, "00123")]);
        assert_eq!((rows[1].get(JobColumn::Uuid), rows[1].get(JobColumn::Place)), ("4C4C", ""));
        let english = "asset,uuid,drive model,drive serial,class,purpose\nA,U,M,S,1,erase\n";
        assert_eq!(read_jobs(english.as_bytes()).unwrap()[0].get(JobColumn::DriveModel), "M");
    }

    #[test]
    fn a_column_that_is_missing_or_there_twice_is_named() {
        let without = LIST.replacen("区分", "備考", 1);
        assert_eq!(read_jobs(without.as_bytes()), Err(JobRowsError::Missing(JobColumn::Class)));
        let twice = LIST.replacen("所属", "区分", 1);
        assert_eq!(read_jobs(twice.as_bytes()), Err(JobRowsError::Twice(JobColumn::Class)));
        assert_eq!(read_jobs(b"1,2\n"), Err(JobRowsError::List(ListError::NoHeadings)));
        assert_eq!(read_jobs(b""), Err(JobRowsError::List(ListError::NoHeadings)));
    }
}
