//! The read-back of a whole drive that erased itself.

use crate::content::{Expect, Seen};
use crate::context::{Context, Tell};
use crate::event::Phase;
use crate::lanes::{Chunk, LANES, Lane, Walk, survivable};
use crate::overwrite::{read_back, walk};
use crate::recovery::read_pieces;
use crate::tally::Fault;
use model::StepKind;
use model::{Count, Evidence, FailureReason, VerificationKind};
use std::sync::{Mutex, PoisonError};

/// Reads the whole medium.
///
/// # Errors
/// Some block is not as expected, or cannot be read, or the reading did not reach the end.
pub(crate) fn run(
    context: &Context<'_>,
    evidence: &mut Evidence,
    expect: Expect,
) -> Result<(), FailureReason> {
    context.step(StepKind::ReadBackBegun, &[])?;
    let unreadable = evidence.errors.unreadable;
    let seen = Mutex::new(Seen::default());
    let lanes = (0..LANES).map(|_| ExpectLane { expect, seen: &seen }).collect();
    walk(context, evidence, Phase::Verifying, 0, lanes)?;
    let found = seen.into_inner().unwrap_or_else(PoisonError::into_inner).content();
    let kind = VerificationKind::FullConstant;
    evidence.verification = Some(read_back(context, kind, unreadable, &evidence.errors, Some(found)));
    context.step(StepKind::ReadBackEnded, &[])?;
    match &evidence.errors {
        errors if errors.different > Count(0) => Err(FailureReason::ReadBackDiffers),
        errors if !errors.is_clean() => Err(FailureReason::BlocksNotErased),
        _ => Ok(()),
    }
}

/// Reads and looks for anything but what is expected.
struct ExpectLane<'a> {
    expect: Expect,
    seen: &'a Mutex<Seen>,
}

impl Lane for ExpectLane<'_> {
    fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, buffer: &mut [u8]) -> Result<(), FailureReason> {
        walk.wait_turn(chunk)?;
        match walk.device().read_at(chunk.offset, buffer) {
            Ok(()) => {
                walk.note_good();
                self.check(walk, chunk.offset, buffer)
            }
            Err(failure) => {
                survivable(failure)?;
                read_pieces(walk, chunk.offset, buffer.len(), |at, bytes| self.check(walk, at, bytes))
            }
        }
    }
}

impl ExpectLane<'_> {
    fn check(&self, walk: &Walk<'_>, offset: u64, bytes: &[u8]) -> Result<(), FailureReason> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).note(bytes, walk.block());
        check(walk, self.expect, offset, bytes)
    }
}

/// Notes the blocks that are not as expected.
///
/// # Errors
/// Why the reading has to end.
pub(crate) fn check(walk: &Walk<'_>, expect: Expect, offset: u64, bytes: &[u8]) -> Result<(), FailureReason> {
    if expect.allows(bytes) {
        return Ok(());
    }
    for (at, block) in (offset..).step_by(walk.block()).zip(bytes.chunks(walk.block())) {
        if !expect.allows(block) {
            walk.note(Fault::Different, at)?;
        }
    }
    Ok(())
}
