//! The root key: made, made anew each fiscal year, restored from paper.

use super::files;
use super::folder::Folder;
use super::problem::KeyProblem;
use crate::escape::for_terminal;
use crate::texts::{Texts, fill};
use record::{
    BACKUP_LINES, Day, Organisation, RootKey, SealedKey, Signed, Validity, backup_lines, from_backup,
    sign_organisation,
};
use std::io::{self, BufRead, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// A passphrase, once everything else is in order.
type Passphrase = Result<Zeroizing<String>, KeyProblem>;

/// A backup that was typed into a file is no longer.
const LONGEST_BACKUP: usize = 4096;

/// Makes an organisation and its key.
pub(super) fn new(
    texts: &Texts,
    folder: &Folder,
    name: &str,
    fiscal_year: Option<u32>,
    today: &Day,
    passphrase: impl FnOnce() -> Passphrase,
) -> Result<String, KeyProblem> {
    folder.check_free()?;
    let name = name.trim();
    if name.is_empty() {
        return Err(KeyProblem::NoName);
    }
    let fiscal_year = fiscal_year.unwrap_or_else(|| today.fiscal_year());
    let root = RootKey::generate()?;
    let document = sign_organisation(about(name, fiscal_year, &root)?, &root, None)?;
    let sealed = SealedKey::seal_root(&root, &passphrase()?)?;
    folder.begin(&document, &sealed)?;
    Ok(fill(texts.keys.made, &[]) + &about_key(texts, &document) + &backup(texts, &root))
}

/// Makes the next year's key.
pub(super) fn rotate(
    texts: &Texts,
    folder: &Folder,
    fiscal_year: Option<u32>,
    passphrase: impl FnOnce() -> Passphrase,
    new_passphrase: impl FnOnce() -> Passphrase,
) -> Result<String, KeyProblem> {
    let present = folder.organisation()?;
    let fiscal_year = fiscal_year.unwrap_or_else(|| present.fiscal_year.saturating_add(1));
    if fiscal_year <= present.fiscal_year {
        return Err(KeyProblem::FiscalYear(fiscal_year));
    }
    let present = folder.open(&passphrase()?)?;
    let root = RootKey::generate()?;
    let about = about(&present.document.name, fiscal_year, &root)?;
    let document = sign_organisation(about, &root, Some(&present.root))?;
    let sealed = SealedKey::seal_root(&root, &new_passphrase()?)?;
    folder.rotate(&present.document, &document, &sealed)?;
    Ok(fill(texts.keys.rotated, &[]) + &about_key(texts, &document) + &backup(texts, &root))
}

/// Makes the root key's file again.
pub(super) fn restore(
    texts: &Texts,
    folder: &Folder,
    file: Option<&Path>,
    passphrase: impl FnOnce() -> Passphrase,
) -> Result<String, KeyProblem> {
    folder.check_no_key()?;
    let document = folder.organisation()?;
    let typed = match file {
        Some(file) => {
            let bytes = Zeroizing::new(files::read(file, LONGEST_BACKUP)?);
            Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
        }
        None => ask_lines(texts)?,
    };
    let root = from_backup(typed.lines())?;
    if root.public() != document.public_key {
        return Err(KeyProblem::OtherKey);
    }
    folder.put_key(&SealedKey::seal_root(&root, &passphrase()?)?)?;
    Ok(fill(texts.keys.restored, &[]) + &about_key(texts, &document))
}

/// Says whose key it is.
pub(super) fn show(texts: &Texts, folder: &Folder) -> Result<String, KeyProblem> {
    folder.organisation().map(|document| about_key(texts, &document))
}

/// From the first day of the fiscal year to a month after its last: sticks come back late.
fn about(name: &str, fiscal_year: u32, root: &RootKey) -> Result<Organisation, KeyProblem> {
    let day = |year: u32, rest: &str| Day::try_from(format!("{year:04}-{rest}"));
    let days = day(fiscal_year, "04-01")
        .and_then(|from| day(fiscal_year.saturating_add(1), "04-30").map(|until| (from, until)));
    let (from, until) = days.map_err(|_| KeyProblem::FiscalYear(fiscal_year))?;
    let valid = Validity { from, until };
    Ok(Organisation { name: name.to_owned(), fiscal_year, public_key: root.public(), valid, previous: None })
}

fn about_key(texts: &Texts, document: &Signed<Organisation>) -> String {
    let fields = [
        ("name", for_terminal(&document.name)),
        ("year", document.fiscal_year.to_string()),
        ("from", document.valid.from.to_string()),
        ("until", document.valid.until.to_string()),
        ("fingerprint", document.public_key.fingerprint().to_string()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(texts.keys.about, &fields)
}

/// The key on paper. Nothing else of this program ever shows a secret.
fn backup(texts: &Texts, root: &RootKey) -> String {
    let lines = backup_lines(root);
    let numbered: Vec<String> =
        (1..).zip(&lines).map(|(number, line)| format!("    {number}: {}\n", line.as_str())).collect();
    fill(texts.keys.backup, &[("lines", &numbered.concat())])
}

/// Asks for the four lines. They are shown as they are typed: they have to be compared with the paper.
fn ask_lines(texts: &Texts) -> Result<Zeroizing<String>, KeyProblem> {
    let mut typed = Zeroizing::new(String::new());
    let mut input = io::stdin().lock();
    for number in 1..=BACKUP_LINES {
        let question = fill(texts.keys.ask_line, &[("line", &number.to_string())]);
        write!(io::stderr(), "{question}: ").map_err(KeyProblem::NoTerminal)?;
        input.read_line(&mut typed).map_err(KeyProblem::NoTerminal)?;
    }
    Ok(typed)
}
