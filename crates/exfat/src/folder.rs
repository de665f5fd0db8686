//! Folders: sets of entries of 32 bytes (6, 7).

use crate::{Order, Stretch};

/// What an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name. What is no UTF-16 in it is replaced.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    pub(crate) stretch: Stretch,
    /// How many of its bytes were written.
    pub(crate) valid: u64,
}

const SIZE: usize = 32;
/// Entry types: file (7.4), stream extension (7.6), file name (7.7).
const FILE: u8 = 0x85;
const STREAM: u8 = 0xc0;
const NAME: u8 = 0xc1;
/// FileAttributes, bit 4 (7.4.4).
const DIRECTORY: u8 = 0x10;
/// GeneralSecondaryFlags, bit 1 (6.3.4.2).
const NO_FAT_CHAIN: u8 = 0x02;

/// Whether the folder ends within these bytes.
pub(crate) fn has_end(bytes: &[u8]) -> bool {
    bytes.chunks_exact(SIZE).any(|entry| entry.first() == Some(&0))
}

/// All files and folders. What is deleted or of another kind is passed over.
pub(crate) fn entries(bytes: &[u8]) -> Vec<Entry> {
    let end = |entry: &&[u8]| entry.first() != Some(&0);
    let raw: Vec<&[u8]> = bytes.chunks_exact(SIZE).take_while(end).collect();
    let begins = raw.iter().enumerate().filter(|(_, entry)| entry.first() == Some(&FILE));
    begins.filter_map(|(at, _)| entry(raw.get(at..).unwrap_or_default())).collect()
}

/// The entry whose set these begin with.
fn entry(set: &[&[u8]]) -> Option<Entry> {
    let [file, stream, names @ ..] = set else { return None };
    // SecondaryCount: the stream extension and the names.
    let count = usize::from(*file.get(1)?).checked_sub(1)?;
    if stream.first() != Some(&STREAM) {
        return None;
    }
    let kind = if file.get(4)? & DIRECTORY == 0 { Kind::File } else { Kind::Folder };
    let order = if stream.get(1)? & NO_FAT_CHAIN == 0 { Order::Chained } else { Order::Contiguous };
    let units = usize::from(*stream.get(3)?);
    let names = names.iter().take(count).take_while(|entry| entry.first() == Some(&NAME));
    let name: Vec<u16> = names
        .flat_map(|entry| entry.get(2..).unwrap_or_default().chunks_exact(2))
        .filter_map(|unit| Some(u16::from_le_bytes(unit.try_into().ok()?)))
        .take(units)
        .collect();
    Some(Entry {
        name: String::from_utf16_lossy(&name),
        kind,
        stretch: Stretch { first: u32_at(stream, 20)?, len: u64_at(stream, 24)?, order },
        valid: u64_at(stream, 8)?,
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
