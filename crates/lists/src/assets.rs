//! Reading the asset list: its encoding, its separator, where its headings stand.

use super::columns::{Column, ColumnError, fold};
use csv::{ReaderBuilder, StringRecord, Trim};
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use std::collections::BTreeMap;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetRow {
    /// Its line in the file, from 1.
    pub line: u64,
    cells: BTreeMap<Column, String>,
}

impl AssetRow {
    /// What stands in a column; empty where there is none.
    #[must_use]
    pub fn get(&self, column: Column) -> &str {
        self.cells.get(&column).map(String::as_str).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.cells.values().all(String::is_empty)
    }
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetList {
    /// The columns that are used, with their headings.
    pub columns: BTreeMap<Column, String>,
    /// Its rows.
    pub rows: Vec<AssetRow>,
}

/// Why a list cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Neither UTF-8 nor UTF-16 nor Shift_JIS.
    #[error("it is neither UTF-8 nor UTF-16 nor Shift_JIS")]
    Encoding,
    /// No row has a heading that is known.
    #[error("no row of it has a heading that is known")]
    NoHeadings,
    /// A `--column` cannot be used.
    #[error("a column that was named cannot be used: {0:?}")]
    Column(ColumnError),
    /// Not the form of a CSV file; the line.
    #[error("line {0} is no CSV")]
    Form(u64),
}

/// Rows in which headings are looked for: offices put titles above them.
const TITLE_ROWS: usize = 20;

/// Reads a list. What `named` says of a column goes before what its heading says.
///
/// # Errors
/// [`ListError`]
pub fn read(bytes: &[u8], named: &[(Column, String)]) -> Result<AssetList, ListError> {
    // The reader counts the line of a CRLF only when it comes to the next record.
    let text = decode(bytes)?.replace("\r\n", "\n");
    let records = records(&text)?;
    let (place, columns) = headings(&records, named)?;
    let rows = records.iter().skip(place + 1).map(|record| row(record, &columns));
    let names = columns.iter().map(|(column, (_, heading))| (*column, heading.clone()));
    Ok(AssetList { columns: names.collect(), rows: rows.filter(|row| !row.is_empty()).collect() })
}

/// Excel writes UTF-8 with a byte order mark, UTF-16 as "Unicode text", and Shift_JIS (Windows-31J) otherwise.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ListError> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let plain = if str::from_utf8(bytes).is_ok() { UTF_8 } else { SHIFT_JIS };
    let (text, _, wrong) = marked.unwrap_or(plain).decode(bytes);
    if wrong || text.contains('\0') { Err(ListError::Encoding) } else { Ok(text.into_owned()) }
}

pub(super) fn records(text: &str) -> Result<Vec<StringRecord>, ListError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let line = |error: csv::Error| ListError::Form(error.position().map_or(0, csv::Position::line));
    reader.records().map(|record| record.map_err(line)).collect()
}

/// The one of comma, tab and semicolon that the first lines have most of.
fn separator(text: &str) -> u8 {
    let count = |separator: &u8| {
        text.lines().take(TITLE_ROWS).map(|line| line.bytes().filter(|byte| byte == separator).count()).max()
    };
    *[b';', b'\t', b','].iter().max_by_key(|separator| count(separator)).unwrap_or(&b',')
}

type Columns = BTreeMap<Column, (usize, String)>;

/// The row with most known headings, and which column is what.
fn headings(records: &[StringRecord], named: &[(Column, String)]) -> Result<(usize, Columns), ListError> {
    let known = |record: &StringRecord| {
        let mut columns = Columns::new();
        for (place, heading) in record.iter().enumerate() {
            if let Some(column) = column_of(heading, named) {
                columns.entry(column).or_insert((place, heading.to_owned()));
            }
        }
        columns
    };
    let first = records.iter().take(TITLE_ROWS).map(known).enumerate();
    // The first of the best ones.
    let best = first.rev().max_by_key(|(_, columns)| columns.len());
    let (place, columns) = best.filter(|(_, columns)| !columns.is_empty()).ok_or(ListError::NoHeadings)?;
    match named.iter().find(|(column, _)| !columns.contains_key(column)) {
        Some((_, heading)) => Err(ListError::Column(ColumnError::NoHeading(heading.clone()))),
        None => Ok((place, columns)),
    }
}

fn column_of(heading: &str, named: &[(Column, String)]) -> Option<Column> {
    let folded = fold(heading);
    if let Some((column, _)) = named.iter().find(|(_, name)| *name == folded) {
        return Some(*column);
    }
    // What somebody named elsewhere is not what another heading says.
    Column::of_heading(heading).filter(|column| !named.iter().any(|(taken, _)| taken == column))
}

fn row(record: &StringRecord, columns: &Columns) -> AssetRow {
    let cell = |place: usize| record.get(place).unwrap_or_default().trim_start_matches('\u{feff}');
    let cells = columns.iter().map(|(column, (place, _))| (*column, unquoted(cell(*place)).to_owned()));
    let line = record.position().map_or(0, csv::Position::line);
    AssetRow { line, cells: cells.collect() }
}

/// `="0123"` and `'0123`: how people keep Excel from eating zeros.
pub(super) fn unquoted(cell: &str) -> &str {
    let formula = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    formula.unwrap_or_else(|| cell.strip_prefix('\'').unwrap_or(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sjis(text: &str) -> Vec<u8> {
        SHIFT_JIS.encode(text).0.into_owned()
    }

    const LIST: &str = "令和8年度 廃棄端末一覧,,\r\n,,\r\n資産管理番号,HDDシリアル番号,所属課\r\nR8-00001,\"WX11A\",髙齢福祉課\r\n,,\r\nR8-00002,=\"00123\",\"総務課\r\n情報係\"\r\n";

    #[test]
    fn every_encoding_that_excel_writes_gives_the_same_list() {
        let list = read(LIST.as_bytes(), &[]).unwrap();
        let utf16: Vec<u8> = std::iter::once(0xfeff)
            .chain(LIST.replace(',', "\t").encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [["\u{feff}", LIST].concat().into_bytes(), sjis(LIST), utf16] {
            assert_eq!(read(&bytes, &[]).unwrap().rows, list.rows);
        }
        let cells: Vec<_> = list.rows.iter().map(|row| (row.line, row.get(Column::MediumSerial))).collect();
        assert_eq!(cells, [(4, "WX11A"), (6, "00123")]);
        assert_eq!(list.rows[1].get(Column::Section), "総務課\n情報係");
        assert_eq!(list.rows[0].get(Column::PcSerial), "");
    }

    #[test]
    fn a_column_that_somebody_names_goes_before_the_heading() {
        let text = "番号,シリアル番号,本体S\nA1,D1,P1\n";
        let named = [(Column::Asset, fold("番号")), (Column::MediumSerial, fold("シリアル番号"))];
        let list = read(text.as_bytes(), &named).unwrap();
        assert_eq!(list.rows[0].get(Column::Asset), "A1");
        assert_eq!(list.rows[0].get(Column::MediumSerial), "D1");
        assert_eq!(list.rows[0].get(Column::Serial), "");
        let gone = read(text.as_bytes(), &[(Column::Asset, fold("資産"))]);
        assert_eq!(gone, Err(ListError::Column(ColumnError::NoHeading("資産".into()))));
    }

    #[test]
    fn what_is_no_list_is_said() {
        assert_eq!(read(b"", &[]), Err(ListError::NoHeadings));
        assert_eq!(read("甲,乙\n1,2\n".as_bytes(), &[]), Err(ListError::NoHeadings));
        assert_eq!(read(b"\xff\x00\x81\xff", &[]), Err(ListError::Encoding));
        assert_eq!(read(b"PK\x03\x04\0\0\0", &[]), Err(ListError::Encoding), "an .xlsx file");
    }
}
