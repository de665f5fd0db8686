//! `attach`: the contractor's 完了証明書 and photos.
//!
//! Their bytes are kept in the ledger, not beside it: a certificate in a folder is the first thing that is missing when
//! somebody asks for it years later, and one backup then covers all.

use super::desk::{Desk, Trouble, read_file, shown};
use super::reconcile::list;
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::print;
use crate::problems::{Told, tell};
use crate::store::{AttachmentKind, HandoverRow, RecordKey, Store};
use crate::texts::fill;
use clap::{Args, ValueEnum};
use lists::{Column, Likeness, SerialIndex};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What is attached.
#[derive(Debug, Args)]
pub struct AttachArgs {
    /// The files: a scan, a PDF, photos.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What they are.
    #[arg(long, value_enum)]
    kind: Kind,
    /// A serial number that stands in them, or can be seen on them.
    #[arg(long = "serial", value_name = "SERIAL", required_unless_present = "serials_from")]
    serials: Vec<String>,
    /// The serial numbers, from the contractor's list.
    #[arg(long, value_name = "FILE.csv")]
    serials_from: Option<PathBuf>,
    /// Which column of that list is what: medium-serial, serial.
    #[arg(long, value_name = "NAME=HEADING", requires = "serials_from")]
    column: Vec<String>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 完了証明書
    Certificate,
    /// A photo before the destruction.
    PhotoBefore,
    /// A photo after it.
    PhotoAfter,
}

impl From<Kind> for AttachmentKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Certificate => Self::Certificate,
            Kind::PhotoBefore => Self::PhotoBefore,
            Kind::PhotoAfter => Self::PhotoAfter,
        }
    }
}

/// SQLite takes no larger value in a cell, and no certificate is larger.
const LARGEST: usize = 500 << 20;

pub(super) fn attach(desk: &Desk, args: &AttachArgs) -> Result<Conclusion, Trouble> {
    let serials = serials(desk, args)?;
    let mut store = desk.open()?;
    let items = match find(desk, &store.handovers()?, &serials) {
        Ok(items) => items,
        Err(faults) => {
            let text: String = faults.iter().map(print::told).collect();
            return Ok(Conclusion::Impossible(text + &print::told(&tell(desk.words.nothing_attached, &[]))));
        }
    };
    let files = args.files.iter().map(|path| file(desk, path)).collect::<Result<Vec<_>, _>>()?;
    for (name, bytes) in &files {
        store.attach(name, bytes, args.kind.into(), &items, desk.entered())?;
    }
    told(desk, &store, &args.files, &items)
}

fn serials(desk: &Desk, args: &AttachArgs) -> Result<Vec<String>, Trouble> {
    let mut serials = args.serials.clone();
    if let Some(path) = &args.serials_from {
        let list = list(desk, path, &args.column)?;
        let columns = [Column::MediumSerial, Column::Serial, Column::PcSerial];
        let cell = |row: &lists::AssetRow| {
            let mut cells = columns.iter().map(|column| row.get(*column));
            cells.find(|cell| !cell.is_empty()).map(str::to_owned)
        };
        serials.extend(list.rows.iter().filter_map(cell));
    }
    Ok(serials)
}

fn file(desk: &Desk, path: &Path) -> Result<(String, Vec<u8>), Trouble> {
    let bytes = read_file(desk, path)?;
    if bytes.is_empty() || bytes.len() > LARGEST {
        return Err(desk.problem(desk.words.no_attachment, &[("path", &path.to_string_lossy())]));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((name, bytes))
}

/// The media of handovers that the serial numbers name: each exactly one, or nothing is attached.
fn find(
    desk: &Desk,
    handovers: &[HandoverRow],
    serials: &[String],
) -> Result<Vec<(i64, RecordKey)>, Vec<Told>> {
    let all: Vec<(i64, RecordKey, String)> = handovers
        .iter()
        .flat_map(|row| {
            let item =
                |item: &crate::store::ItemRow| (row.id, item.item.key.clone(), item.item.serial.clone());
            row.items.iter().map(item).collect::<Vec<_>>()
        })
        .collect();
    let mut index = SerialIndex::new(all.iter().map(|(.., serial)| serial.clone()).collect());
    let (mut items, mut faults) = (Vec::new(), Vec::new());
    for serial in serials {
        match index.find(serial).as_slice() {
            // What Excel left of a number does not close anything.
            [(place, Likeness::Exact | Likeness::Loose)] => {
                items.extend(all.get(*place).map(|(handover, key, _)| (*handover, key.clone())));
            }
            [] | [_] => faults.push(tell(desk.words.not_handed, &[("serial", serial)])),
            _ => faults.push(tell(desk.words.several_media, &[("serial", serial)])),
        }
    }
    if faults.is_empty() { Ok(items) } else { Err(faults) }
}

/// What was kept, which media are closed by it, and what others of the same handovers still lack.
fn told(
    desk: &Desk,
    store: &Store,
    files: &[PathBuf],
    items: &[(i64, RecordKey)],
) -> Result<Conclusion, Trouble> {
    let words = desk.words;
    let mut text = String::new();
    for path in files {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{}", fill(words.attached, &[("path", &shown(path))]));
    }
    for row in store.handovers()? {
        for item in &row.items {
            let serial = for_terminal(&item.item.serial);
            let mine = items.iter().any(|(handover, key)| *handover == row.id && *key == item.item.key);
            let lacks: Vec<&str> = row.lacks(item).into_iter().map(|kind| words.attachment(kind)).collect();
            let what = lacks.join(words.separator);
            match (mine, lacks.is_empty()) {
                (true, true) => {
                    let _ = writeln!(text, "{}", fill(words.closed_by, &[("serial", &serial)]));
                }
                (true, false) => {
                    let values = [("serial", serial.as_str()), ("what", &what)];
                    let _ = writeln!(text, "{}", fill(words.still_lacks, &values));
                }
                (false, _) => {}
            }
        }
    }
    Ok(Conclusion::Good(text))
}
