//! The read-back of a drive that erased itself: every block one constant byte.

use crate::event::Phase;
use crate::job::Context;
use crate::lanes::{Chunk, LANES, Lane, Walk, survivable};
use crate::overwrite::{read_back, walk};
use crate::pattern::is_all;
use crate::recovery::read_pieces;
use crate::tally::Fault;
use model::StepKind;
use model::{Count, Evidence, FailureReason, VerificationKind};

/// What an erased block reads as (NVM Command Set 1.0, DLFEAT, figure 97).
const ERASED: [u8; 2] = [0x00, 0xFF];

/// Reads the whole medium.
///
/// # Errors
/// Some block is not constant, or cannot be read, or the reading did not reach the end.
pub(crate) fn run(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    context.step(StepKind::ReadBackBegun, &[])?;
    let unreadable = evidence.errors.unreadable;
    walk(context, evidence, Phase::Verifying, 0, (0..LANES).map(|_| ConstantLane).collect())?;
    let kind = VerificationKind::FullConstant;
    evidence.verification = Some(read_back(context, kind, unreadable, &evidence.errors));
    context.step(StepKind::ReadBackEnded, &[])?;
    match &evidence.errors {
        errors if errors.different > Count(0) => Err(FailureReason::ReadBackDiffers),
        errors if !errors.is_clean() => Err(FailureReason::BlocksNotErased),
        _ => Ok(()),
    }
}

/// Reads and looks for anything but a constant.
struct ConstantLane;

impl Lane for ConstantLane {
    fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, buffer: &mut [u8]) -> Result<(), FailureReason> {
        walk.wait_turn(chunk)?;
        match walk.device().read_at(chunk.offset, buffer) {
            Ok(()) => {
                walk.note_good();
                check(walk, chunk.offset, buffer)
            }
            Err(failure) => {
                survivable(failure)?;
                read_pieces(walk, chunk.offset, buffer.len(), |at, bytes| check(walk, at, bytes))
            }
        }
    }
}

fn check(walk: &Walk<'_>, offset: u64, bytes: &[u8]) -> Result<(), FailureReason> {
    for (at, block) in (offset..).step_by(walk.block()).zip(bytes.chunks(walk.block())) {
        if !ERASED.iter().any(|value| is_all(block, *value)) {
            walk.note(Fault::Different, at)?;
        }
    }
    Ok(())
}
