//! `documents`: the organisation's own word, and the rule tables that it signed, once in the ledger.

use super::desk::{Desk, Trouble, shown};
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::print;
use crate::problems::tell;
use crate::store::{Document, News, SessionRow, Signature, Store, TableRow, Vouching};
use crate::table::columns;
use crate::texts::fill;
use crate::vouchers::bytes;
use clap::Subcommand;
use policy::Table;
use record::{Day, Fingerprint, Hex, Organisation, PaperFault, Revocations, Signed, hash_file};
use std::path::{Path, PathBuf};

/// What to do with documents.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Keeps documents in the ledger, and judges by them anew what was collected: massho-organisation.json of each fiscal
    /// year, massho-revocations.json, and rule tables that your organisation signed (massho-policy.toml). Never name a
    /// file on a stick.
    Add {
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Says that an organisation's key is in other hands: from that day on nothing that is collected counts as vouched for
    /// by it. Begin anew then, in another folder, with `key new`.
    Withdraw {
        /// The fingerprint of the key.
        fingerprint: String,
        /// Since when; what was collected before that day stays.
        #[arg(long, value_name = "DATE")]
        since: String,
        /// What happened.
        #[arg(long)]
        why: String,
    },
}

pub(super) fn documents(desk: &Desk, action: Option<&Action>) -> Result<Conclusion, Trouble> {
    let (store, text) = match action {
        None => return listed(desk),
        Some(Action::Add { files }) => {
            let mut store = Store::open_or_create(&desk.ledger)?;
            let text = enter(desk, &mut store, files)?;
            (store, text)
        }
        Some(Action::Withdraw { fingerprint, since, why }) => withdraw(desk, fingerprint, since, why)?,
    };
    let sessions = store.sessions()?;
    let doubts = doubts(desk, &sessions);
    let good = doubts.is_empty();
    let text = text + &doubts + &unchecked(desk, &sessions);
    Ok(if good { Conclusion::Good(text) } else { Conclusion::Bad(text) })
}

fn withdraw(desk: &Desk, typed: &str, since: &str, why: &str) -> Result<(Store, String), Trouble> {
    let key = Fingerprint::parse(typed).map_err(|_| desk.problem(desk.texts.bad_key, &[]))?;
    let day = desk.date(since)?.to_string();
    let day = Day::try_from(day).map_err(|_| desk.problem(desk.words.bad_date, &[("date", since)]))?;
    let mut store = desk.open()?;
    let count = store.withdraw(key, &day, why.trim(), desk.entered())?;
    if count == 0 {
        return Err(desk.problem(desk.words.no_such_document, &[("key", &key.to_string())]));
    }
    let values = [("count", count.to_string()), ("since", day.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok((store, fill(desk.words.document_withdrawn, &values) + "\n"))
}

/// What a file holds.
enum Paper {
    Document(Document),
    Table { bytes: Vec<u8>, version: String },
}

/// Keeps files, each told apart by what it holds. The first that is none of them ends it; those before are kept.
pub(super) fn enter<'a>(
    desk: &Desk,
    store: &mut Store,
    files: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<String, Trouble> {
    let mut text = String::new();
    for path in files {
        let (news, kept) = match read(desk, path)? {
            Paper::Document(document) => {
                check(desk, store, path, &document)?;
                (store.add_document(&document, desk.entered())?, about(desk, &document))
            }
            Paper::Table { bytes, version } => {
                let news = store.add_table(&bytes, &path.to_string_lossy(), desk.entered())?;
                (news, about_table(desk, store, &bytes, &version)?)
            }
        };
        let line = match news {
            News::New => kept,
            News::Known => fill(desk.words.document_known, &[("path", &shown(path))]),
        };
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

fn read(desk: &Desk, path: &Path) -> Result<Paper, Trouble> {
    let bytes = bytes(desk.texts, path)?;
    let none = |detail: String| {
        let values = [("path", &*path.to_string_lossy()), ("detail", &detail)];
        desk.problem(desk.words.no_document, &values)
    };
    // A document is one JSON object, and no rule table begins like one.
    if !bytes.starts_with(b"{") {
        let table = table(&bytes).map_err(none)?;
        return Ok(Paper::Table { bytes, version: table.version });
    }
    let document = match Signed::<Organisation>::read(&bytes) {
        Err(PaperFault::OtherFormat(_)) => {
            Signed::<Revocations>::by_named_key(&bytes).map(Document::Revocations)
        }
        organisation => organisation.map(Document::Organisation),
    };
    document.map(Paper::Document).map_err(|fault| none(fault.to_string()))
}

fn table(bytes: &[u8]) -> Result<Table, String> {
    let text = str::from_utf8(bytes).map_err(|error| error.to_string())?;
    Table::signed(text).map_err(|error| error.to_string())
}

/// A list of revoked sticks counts only by an organisation that the ledger has.
fn check(desk: &Desk, store: &Store, path: &Path, document: &Document) -> Result<(), Trouble> {
    let Document::Revocations(list) = document else { return Ok(()) };
    let values = [("path", &*path.to_string_lossy()), ("organisation", &list.organisation)];
    store.vouchers()?.is_own(list).map_err(|_| desk.problem(desk.words.foreign_list, &values))
}

fn about(desk: &Desk, document: &Document) -> String {
    let filled = |text, values: &[(&str, String)]| {
        let values: Vec<(&str, String)> =
            values.iter().map(|(name, value)| (*name, for_terminal(value))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(text, &values)
    };
    match document {
        Document::Organisation(own) => filled(
            desk.words.organisation_kept,
            &[
                ("name", own.name.clone()),
                ("year", own.fiscal_year.to_string()),
                ("fingerprint", own.public_key.fingerprint().to_string()),
            ],
        ),
        Document::Revocations(list) => filled(
            desk.words.revocations_kept,
            &[
                ("name", list.organisation.clone()),
                ("number", list.number.to_string()),
                ("count", list.sticks.len().to_string()),
            ],
        ),
    }
}

fn about_table(desk: &Desk, store: &Store, bytes: &[u8], version: &str) -> Result<String, Trouble> {
    let sha256 = hash_file(bytes).0;
    let row = store.rule_tables()?.into_iter().find(|row| row.sha256 == sha256);
    let cited = row.map_or(0, |row| row.citing.len()).to_string();
    Ok(fill(desk.words.table_kept, &[("version", &for_terminal(version)), ("count", &cited)]))
}

/// Keeps a rule table that was found on a stick. It counts where an organisation signed its hash, wherever it came from.
pub(super) fn off_stick(
    desk: &Desk,
    store: &mut Store,
    path: &Path,
    bytes: &[u8],
) -> Result<String, Trouble> {
    match table(bytes) {
        Ok(table) => {
            let news = store.add_table(bytes, &path.to_string_lossy(), desk.entered())?;
            let values = [("version", for_terminal(&table.version)), ("path", shown(path))];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let kept = fill(desk.words.table_found, &values);
            Ok(if news == News::New { format!("{kept}\n") } else { String::new() })
        }
        Err(detail) => {
            let values = [("path", &*path.to_string_lossy()), ("detail", &detail)];
            Ok(print::told(&tell(desk.words.table_unusable, &values)))
        }
    }
}

/// The sessions for which nobody vouches whose word counts.
pub(super) fn doubts(desk: &Desk, sessions: &[SessionRow]) -> String {
    let doubtful = sessions.iter().filter(|session| session.doubt().is_some());
    let told = doubtful.map(|session| {
        let asset = session.asset_number.as_deref().filter(|asset| !asset.is_empty());
        let why = desk.words.voucher(&session.voucher);
        let values =
            [("session", session.id.as_str()), ("pc", asset.unwrap_or(&session.pc.serial)), ("why", &why)];
        print::told(&tell(desk.words.doubtful_session, &values))
    });
    told.collect()
}

/// That there are sessions which nothing in the ledger can check.
pub(super) fn unchecked(desk: &Desk, sessions: &[SessionRow]) -> String {
    let count = sessions.iter().filter(|session| session.voucher.vouching == Vouching::Unchecked).count();
    if count == 0 {
        return String::new();
    }
    print::told(&tell(desk.words.unchecked_sessions, &[("count", &count.to_string())]))
}

fn listed(desk: &Desk) -> Result<Conclusion, Trouble> {
    let words = desk.words;
    let store = desk.open()?;
    let vouchers = store.vouchers()?;
    let mut rows = vec![
        [words.column_kind, words.column_name, words.column_valid, words.column_mark].map(str::to_owned),
    ];
    let organisation = |own: &Signed<Organisation>, mark: String| {
        let valid = format!("{} – {}", own.valid.from, own.valid.until);
        [words.kind_organisation.to_owned(), format!("{} {}", own.name, own.fiscal_year), valid, mark]
    };
    let fingerprint = |own: &Signed<Organisation>| own.public_key.fingerprint().to_string();
    rows.extend(vouchers.organisations().iter().map(|own| organisation(own, fingerprint(own))));
    rows.extend(vouchers.withdrawn().iter().map(|(own, since)| {
        let values = [("fingerprint", fingerprint(own)), ("since", since.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        organisation(own, fill(words.withdrawn_since, &values))
    }));
    rows.extend(vouchers.revocations().iter().map(|list| {
        let counts = [("number", list.number.to_string()), ("count", list.sticks.len().to_string())];
        let counts: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (issued, content) = (list.issued.to_string(), fill(words.list_of_sticks, &counts));
        [words.kind_revocations.to_owned(), list.organisation.clone(), issued, content]
    }));
    rows.extend(store.rule_tables()?.iter().map(|row| of_table(desk, row)));
    if rows.len() == 1 {
        return Ok(Conclusion::Good(print::told(&tell(words.no_documents, &[]))));
    }
    let safe: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| for_terminal(cell)).collect()).collect();
    Ok(Conclusion::Good(columns(&safe)))
}

fn of_table(desk: &Desk, row: &TableRow) -> [String; 4] {
    let words = desk.words;
    let version = table(&row.bytes).map(|table| table.version).unwrap_or_default();
    let text = match row.signature {
        Signature::Known => words.table_signed,
        Signature::None => words.table_not_signed,
    };
    let values = [("hash", Hex(row.sha256).to_string()), ("count", row.citing.len().to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    [words.kind_table.to_owned(), version, row.entered.clone(), fill(text, &values)]
}
