//! When a chunk fails: page by page, then block by block, to reach everything that can be reached.
//!
//! Pages of 4096 bytes come first, because a drive with physical blocks of that size cannot write a part of a bad one.

use crate::lanes::{Walk, survivable};
use crate::tally::Fault;
use model::FailureReason;
use transport::{IoFailure, PageBuffer};

/// Writes what it can of `bytes` at `offset`, and notes the blocks that take no write.
///
/// # Errors
/// Why the walk has to end.
pub(crate) fn write_pieces(walk: &Walk<'_>, offset: u64, bytes: &[u8]) -> Result<(), FailureReason> {
    let mut scratch = PageBuffer::new(walk.block());
    for (at, page) in pieces(offset, bytes, PageBuffer::PAGE.max(walk.block())) {
        if attempt(walk, || walk.device().write_at(at, page))? {
            continue;
        }
        for (at, block) in pieces(at, page, walk.block()) {
            let aligned = scratch.bytes_mut().get_mut(..block.len()).ok_or_else(too_short)?;
            aligned.copy_from_slice(block);
            if !attempt(walk, || walk.device().write_at(at, aligned))? {
                walk.note(Fault::Unwritable, at)?;
            }
        }
    }
    Ok(())
}

/// Reads what it can of `len` bytes at `offset`, gives each piece to `check`, and notes the blocks that cannot be read.
///
/// # Errors
/// Why the walk has to end.
pub(crate) fn read_pieces(
    walk: &Walk<'_>,
    offset: u64,
    len: usize,
    mut check: impl FnMut(u64, &mut [u8]) -> Result<(), FailureReason>,
) -> Result<(), FailureReason> {
    let page = PageBuffer::PAGE.max(walk.block());
    let mut scratch = PageBuffer::new(page);
    for (at, len) in spans(offset, len, page) {
        let bytes = scratch.bytes_mut().get_mut(..len).ok_or_else(too_short)?;
        if attempt(walk, || walk.device().read_at(at, bytes))? {
            check(at, bytes)?;
            continue;
        }
        for (at, len) in spans(at, len, walk.block()) {
            let bytes = scratch.bytes_mut().get_mut(..len).ok_or_else(too_short)?;
            if attempt(walk, || walk.device().read_at(at, bytes))? {
                check(at, bytes)?;
            } else {
                walk.note(Fault::Unreadable, at)?;
            }
        }
    }
    Ok(())
}

/// Whether it worked; an error if nothing else will.
fn attempt(walk: &Walk<'_>, io: impl FnOnce() -> Result<(), IoFailure>) -> Result<bool, FailureReason> {
    walk.check()?;
    let begin = walk.now();
    let done = io();
    walk.spend(walk.now().saturating_sub(begin))?;
    match done {
        Ok(()) => {
            walk.note_good();
            Ok(true)
        }
        Err(failure) => survivable(failure).map(|()| false),
    }
}

fn pieces(offset: u64, bytes: &[u8], size: usize) -> impl Iterator<Item = (u64, &[u8])> {
    (offset..).step_by(size).zip(bytes.chunks(size))
}

fn spans(offset: u64, len: usize, size: usize) -> impl Iterator<Item = (u64, usize)> {
    (0..len).step_by(size).map(move |at| (offset + at as u64, size.min(len - at)))
}

fn too_short() -> FailureReason {
    FailureReason::Internal("a scratch buffer is too short".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_everything_once() {
        assert_eq!(spans(100, 10, 4).collect::<Vec<_>>(), [(100, 4), (104, 4), (108, 2)]);
        let bytes: Vec<u8> = (0..10).collect();
        let all: Vec<_> = pieces(100, &bytes, 4).collect();
        assert_eq!(all, [(100, &bytes[..4]), (104, &bytes[4..8]), (108, &bytes[8..])]);
    }
}
