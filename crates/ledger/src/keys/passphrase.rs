//! Passphrases: from the terminal, without an echo, or from a file's first line.

use super::files;
use super::problem::KeyProblem;
use crate::texts::Texts;
use record::SHORTEST_PASSPHRASE;
use std::path::Path;
use zeroize::Zeroizing;

/// Which passphrase is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The root key's, to open it.
    Root,
    /// A new one for a root key.
    NewRoot,
    /// A new one for a stick, to be typed on an appliance.
    NewStick,
}

/// Where passphrases come from.
pub(super) struct Passphrases<'a> {
    texts: &'a Texts,
    file: Option<&'a Path>,
}

/// A file with a passphrase is no longer than this.
const LONGEST: usize = 4096;

impl<'a> Passphrases<'a> {
    pub(super) fn new(texts: &'a Texts, file: Option<&'a Path>) -> Self {
        Self { texts, file }
    }

    /// Gets one. A new one is asked for twice.
    pub(super) fn get(&self, wanted: Wanted) -> Result<Zeroizing<String>, KeyProblem> {
        let passphrase = match self.file {
            Some(file) => first_line(file)?,
            None => self.ask(wanted)?,
        };
        if wanted != Wanted::Root && passphrase.chars().count() < SHORTEST_PASSPHRASE {
            return Err(KeyProblem::TooShort);
        }
        // An appliance's keyboard has no kanji, and may have another layout than this one.
        let typable = |c: char| c == ' ' || c.is_ascii_graphic();
        if wanted == Wanted::NewStick && !passphrase.chars().all(typable) {
            return Err(KeyProblem::NotTypable);
        }
        Ok(passphrase)
    }

    fn ask(&self, wanted: Wanted) -> Result<Zeroizing<String>, KeyProblem> {
        let keys = self.texts.keys;
        let first = prompt(match wanted {
            Wanted::Root => keys.ask_root,
            Wanted::NewRoot => keys.ask_new_root,
            Wanted::NewStick => keys.ask_new_stick,
        })?;
        if wanted != Wanted::Root && *prompt(keys.ask_again)? != *first {
            return Err(KeyProblem::TwoPassphrases);
        }
        Ok(first)
    }
}

fn prompt(text: &str) -> Result<Zeroizing<String>, KeyProblem> {
    rpassword::prompt_password(format!("{text}: ")).map(Zeroizing::new).map_err(KeyProblem::NoTerminal)
}

fn first_line(file: &Path) -> Result<Zeroizing<String>, KeyProblem> {
    let bytes = Zeroizing::new(files::read(file, LONGEST)?);
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = str::from_utf8(line).map_err(|error| {
        KeyProblem::Unreadable(file.to_owned(), std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    })?;
    Ok(Zeroizing::new(text.to_owned()))
}
