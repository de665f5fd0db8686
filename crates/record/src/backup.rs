//! A root key on paper: four lines that a person can type back in.

use crate::keys::RootKey;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Crockford's base 32, as for a head: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Lines of a backup.
pub const BACKUP_LINES: usize = 4;
/// Bytes of the key on a line; 64 bits and 11 to check them are 15 characters.
const BYTES: usize = 8;
const CHARACTERS: usize = 15;
const CHECK_BITS: u32 = 11;

/// Why what was typed is no backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// There are more or fewer than four lines.
    #[error("a backup has {BACKUP_LINES} lines")]
    Lines,
    /// A line is not fifteen characters of the alphabet.
    #[error("line {0} is not {CHARACTERS} letters and digits")]
    Characters(usize),
    /// A line's characters do not fit each other: mistyped, or another line's place.
    #[error("line {0} is mistyped or in another's place")]
    Check(usize),
}

/// The lines of a key, each `XXXXX-XXXXX-XXXXX`. Each is checked by itself, so that a mistyped one is found.
#[must_use]
pub fn backup_lines(key: &RootKey) -> [Zeroizing<String>; BACKUP_LINES] {
    let seed = key.seed();
    let mut lines = std::array::from_fn(|_| Zeroizing::new(String::new()));
    for ((number, bytes), line) in (0..).zip(seed.chunks_exact(BYTES)).zip(&mut lines) {
        let value = bytes.iter().fold(0u128, |value, byte| (value << 8) | u128::from(*byte));
        *line = grouped((value << CHECK_BITS) | u128::from(check(number, bytes)));
    }
    lines
}

fn grouped(value: u128) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    for place in 0..CHARACTERS {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        let digit = (value >> (5 * (CHARACTERS - 1 - place))) & 31;
        let character = ALPHABET.iter().zip(0u128..).find(|(_, known)| *known == digit);
        text.push(character.map_or('0', |(character, _)| char::from(*character)));
    }
    text
}

/// Eleven bits that depend on a line's bytes and its number.
fn check(number: u8, bytes: &[u8]) -> u16 {
    let digest = Sha256::new()
        .chain_update(b"massho-backup-v1\0")
        .chain_update([number])
        .chain_update(bytes)
        .finalize();
    let head = digest.iter().take(2).fold(0u16, |value, byte| (value << 8) | u16::from(*byte));
    head >> (16 - CHECK_BITS)
}

/// Reads what a person typed, a line after another: case, blanks, hyphens and a line's number before a dot or colon do
/// not matter; O is 0, I and L are 1. Whose key it is, its fingerprint tells.
///
/// # Errors
/// [`BackupError`]
pub fn from_backup<'a>(typed: impl IntoIterator<Item = &'a str>) -> Result<RootKey, BackupError> {
    let lines: Vec<&str> = typed.into_iter().filter(|line| !line.trim().is_empty()).collect();
    if lines.len() != BACKUP_LINES {
        return Err(BackupError::Lines);
    }
    let mut seed = Zeroizing::new([0; 32]);
    for (((number, line), place), human) in (0..).zip(&lines).zip(seed.chunks_exact_mut(BYTES)).zip(1..) {
        let value = value_of(line).ok_or(BackupError::Characters(human))?;
        let bytes = (value >> CHECK_BITS).to_be_bytes();
        place.copy_from_slice(bytes.get(BYTES..).unwrap_or_default());
        if u128::from(check(number, place)) != value & ((1 << CHECK_BITS) - 1) {
            return Err(BackupError::Check(human));
        }
    }
    Ok(RootKey::from_seed(&seed))
}

/// The number that a line's characters are.
fn value_of(line: &str) -> Option<u128> {
    let line = line.trim();
    // "1:" or "1." before the characters.
    let line = line.get(1..).and_then(|rest| rest.strip_prefix([':', '.'])).unwrap_or(line);
    let mut value = 0u128;
    let mut count = 0;
    for typed in line.chars().filter(|c| !matches!(c, ' ' | '-' | '　')) {
        let meant = match typed.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let (_, digit) = ALPHABET.iter().zip(0u128..).find(|(known, _)| char::from(**known) == meant)?;
        value = (value << 5) | digit;
        count += 1;
        if count > CHARACTERS {
            return None;
        }
    }
    (count == CHARACTERS).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<String> {
        backup_lines(&RootKey::from_seed(&[7; 32])).iter().map(|line| line.to_string()).collect()
    }

    fn read(lines: &[String]) -> Result<RootKey, BackupError> {
        from_backup(lines.iter().map(String::as_str))
    }

    #[test]
    fn a_known_key_is_these_lines() {
        assert_eq!(
            lines(),
            ["0W3GE-1R70W-3GFWZ", "0W3GE-1R70W-3GFAT", "0W3GE-1R70W-3GERJ", "0W3GE-1R70W-3GEB1"]
        );
    }

    #[test]
    fn what_a_person_types_is_read() {
        let key = RootKey::from_seed(&[7; 32]).public();
        assert_eq!(read(&lines()).unwrap().public(), key);
        let typed: Vec<String> = lines()
            .iter()
            .zip(1..)
            .map(|(line, n)| format!(" {n}: {} ", line.to_lowercase().replace('-', " ")))
            .collect();
        assert_eq!(read(&typed).unwrap().public(), key);
        let typed: Vec<String> =
            lines().iter().map(|line| line.replace('0', "o").replace('1', "l")).collect();
        assert_eq!(read(&typed).unwrap().public(), key);
    }

    #[test]
    fn a_mistyped_line_is_named() {
        for line in 0..BACKUP_LINES {
            for place in 0..lines()[line].len() {
                for other in ["2", "Z"] {
                    let mut typed = lines();
                    if &typed[line][place..=place] == "-" || &typed[line][place..=place] == other {
                        continue;
                    }
                    typed[line].replace_range(place..=place, other);
                    assert_eq!(read(&typed).unwrap_err(), BackupError::Check(line + 1), "{typed:?}");
                }
            }
        }
        let mut swapped = lines();
        swapped.swap(1, 2);
        assert!(matches!(read(&swapped), Err(BackupError::Check(_))), "{swapped:?}");
        assert_eq!(read(&lines()[..3]).unwrap_err(), BackupError::Lines);
        let mut short = lines();
        short[3].pop();
        assert_eq!(read(&short).unwrap_err(), BackupError::Characters(4));
        short[3] = "漢字".into();
        assert_eq!(read(&short).unwrap_err(), BackupError::Characters(4));
    }
}
