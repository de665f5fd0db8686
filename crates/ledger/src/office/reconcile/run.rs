//! `reconcile`: the command.

use super::print::{Shown, csv, text};
use super::reconcile;
use crate::command::Conclusion;
use crate::office::books::Books;
use crate::office::collect::{apart, missing};
use crate::office::desk::{Desk, Trouble, read_file, shown, write_new};
use crate::office::gaps::Gaps;
use crate::texts::fill;
use clap::Args;
use lists::{AssetList, Column, ColumnError, ListError, read};
use std::path::{Path, PathBuf};

/// What to reconcile.
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// The asset list, as Excel writes it: CSV in UTF-8 or Shift_JIS.
    #[arg(value_name = "ASSETS.csv")]
    list: PathBuf,
    /// Which column is what, where the headings do not say: asset, pc-serial, medium-serial, serial (of either), model,
    /// section, class.
    #[arg(long, value_name = "NAME=HEADING")]
    column: Vec<String>,
    /// Prints every line, not only what somebody has to look into.
    #[arg(long)]
    all: bool,
    /// Writes every line as a table for Excel; the file must not be there yet.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub(in crate::office) fn run(desk: &Desk, args: &ReconcileArgs) -> Result<Conclusion, Trouble> {
    let list = list(desk, &args.list, &args.column)?;
    let keys = [Column::Asset, Column::PcSerial, Column::MediumSerial, Column::Serial];
    if !keys.iter().any(|key| list.columns.contains_key(key)) {
        return Err(headings(desk, &args.list));
    }
    let store = desk.open()?;
    let books = Books::read(&store, desk.today)?;
    let lines = reconcile(&books, &list);
    let refused = store.refused()?;
    let gaps = Gaps::find(&store, &books.sessions)?;
    let mut out = used(desk, &list);
    let which = if args.all { Shown::All } else { Shown::Problems };
    out.push_str(&text(desk, &lines, which));
    for log in &refused {
        out.push_str(&apart(desk, log));
    }
    out.push_str(&missing(desk, &gaps));
    if let Some(path) = &args.csv {
        let bytes = csv(desk, &lines).map_err(crate::store::StoreError::Io)?;
        write_new(desk, path, &bytes)?;
        out.push_str(&fill(desk.words.written, &[("path", &shown(path))]));
        out.push('\n');
    }
    let good = refused.is_empty() && gaps.is_empty() && !lines.iter().any(|line| line.status.is_problem());
    Ok(if good { Conclusion::Good(out) } else { Conclusion::Bad(out) })
}

/// A list by its path.
pub(in crate::office) fn list(desk: &Desk, path: &Path, columns: &[String]) -> Result<AssetList, Trouble> {
    let named = columns.iter().map(|given| Column::parse(given)).collect::<Result<Vec<_>, _>>();
    let named = named.map_err(|error| column(desk, path, &error))?;
    let bytes = read_file(desk, path)?;
    read(&bytes, &named).map_err(|error| match error {
        ListError::Encoding => desk.problem(desk.words.list_encoding, &[("path", &path.to_string_lossy())]),
        ListError::NoHeadings => headings(desk, path),
        ListError::Column(error) => column(desk, path, &error),
        ListError::Form(line) => {
            let values = [("path", &*path.to_string_lossy()), ("line", &line.to_string())];
            desk.problem(desk.words.list_form, &values)
        }
    })
}

fn headings(desk: &Desk, path: &Path) -> Trouble {
    desk.problem(desk.words.list_headings, &[("path", &path.to_string_lossy())])
}

fn column(desk: &Desk, path: &Path, error: &ColumnError) -> Trouble {
    let path = path.to_string_lossy();
    match error {
        ColumnError::Unknown(given) => desk.problem(desk.words.column_unknown, &[("given", given)]),
        ColumnError::NoHeading(heading) => {
            desk.problem(desk.words.column_no_heading, &[("path", &path), ("heading", heading)])
        }
    }
}

/// Which columns were taken for what: a wrong guess is seen here.
fn used(desk: &Desk, list: &AssetList) -> String {
    let name = |column: &Column| {
        Column::NAMES.iter().find(|(_, known)| known == column).map_or("", |(name, _)| *name)
    };
    let columns: Vec<String> = list
        .columns
        .iter()
        .map(|(column, heading)| format!("{}={}", name(column), crate::escape::for_terminal(heading)))
        .collect();
    let rows = list.rows.len().to_string();
    let values = [("rows", rows.as_str()), ("columns", &columns.join(desk.words.separator))];
    format!("{}\n", fill(desk.words.list_read, &values))
}
