//! Random overwrite: every pass with a key of its own, every block of the last one compared.

use crate::context::{Context, Tell, Wanted};
use crate::event::Phase;
use crate::firmware::check_namespaces;
use crate::lanes::{Chunk, LANES, Lane, Walk, survivable};
use crate::pattern::looks_broken;
use crate::recovery::{read_pieces, write_pieces};
use crate::selftest::self_test;
use crate::stream::{Keystream, PassKey};
use crate::tally::Fault;
use model::StepKind;
use model::{
    Attempt, BlockErrors, BlockSize, Bus, Content, Count, Evidence, FailureReason, Verification,
    VerificationKind,
};
use transport::PageBuffer;

/// What is compared at once: small enough to stay in the first-level cache between cipher and comparison.
const TILE: usize = 8 * 1024;

const BROKEN: &str = "the generator gave a constant";

/// Overwrites and reads back. `evidence` is filled in as it goes, so that a failure keeps what was reached.
///
/// # Errors
/// Why it is not proven.
pub(crate) fn run(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    self_test(context.generator).map_err(internal)?;
    if context.armed.identity().bus == Bus::Nvme {
        // An overwrite of one namespace leaves the others of the drive as they are.
        check_namespaces(context)?;
    }
    let passes = context.armed.erase().passes;
    let mut last_key = None;
    for pass in 1..=passes {
        // The key of the pass before is wiped here.
        last_key = Some(write_pass(context, evidence, pass)?);
    }
    let key = last_key.ok_or_else(|| internal("an overwrite without passes"))?;
    verify(context, evidence, &key)?;
    if evidence.errors.is_clean() { Ok(()) } else { Err(FailureReason::BlocksNotErased) }
}

fn write_pass(context: &Context<'_>, evidence: &mut Evidence, pass: u8) -> Result<PassKey, FailureReason> {
    let armed = context.armed;
    let (technique, passes) = (armed.erase().technique, armed.erase().passes);
    let cipher = context.generator.name();
    let command = format!("overwrite with {cipher}, pass {pass} of {passes}");
    context.permit(Wanted { pass: Some(pass), ..Wanted::command(command) })?;
    if evidence.attempts.is_empty() {
        let keys = match passes {
            1 => "1 pass, a fresh 256-bit key".to_owned(),
            many => format!("{many} passes, a fresh 256-bit key each"),
        };
        let command = format!("overwrite with {cipher}, {keys}");
        evidence.attempts.push(Attempt { technique, command, passes: 0, raw_status: Vec::new() });
    }
    let key = PassKey::fresh().map_err(internal)?;
    let lanes = (0..LANES).map(|_| WriteLane { stream: Keystream::new(context.generator, &key) }).collect();
    // The passes still to come, and the read-back.
    let later = u64::from(passes - pass) + 1;
    walk(context, evidence, Phase::Pass { number: pass, of: passes }, later, lanes)?;
    context.flush()?;
    if let Some(attempt) = evidence.attempts.first_mut() {
        attempt.passes = pass;
    }
    context.step(StepKind::PassDone { pass }, &[])?;
    Ok(key)
}

fn verify(context: &Context<'_>, evidence: &mut Evidence, key: &PassKey) -> Result<(), FailureReason> {
    context.step(StepKind::ReadBackBegun, &[])?;
    let block = context.armed.device().geometry().block;
    let lanes = (0..LANES).map(|_| VerifyLane::new(Keystream::new(context.generator, key), block)).collect();
    let unreadable = evidence.errors.unreadable;
    walk(context, evidence, Phase::Verifying, 0, lanes)?;
    evidence.verification =
        Some(read_back(context, VerificationKind::FullStream, unreadable, &evidence.errors, None));
    context.step(StepKind::ReadBackEnded, &[])
}

/// What a read-back that reached the end has read: all but the blocks that it could not read.
pub(crate) fn read_back(
    context: &Context<'_>,
    kind: VerificationKind,
    unreadable_before: Count,
    errors: &BlockErrors,
    found: Option<Content>,
) -> Verification {
    let geometry = context.armed.device().geometry();
    let unreadable = errors.unreadable.0.saturating_sub(unreadable_before.0);
    let lost = unreadable.saturating_mul(u64::from(geometry.block.bytes()));
    let bytes = model::ByteLen(geometry.len.0.saturating_sub(lost));
    Verification { kind, bytes, of: geometry.len, seed: String::new(), found }
}

/// Runs lanes over the whole medium; the errors they find are in `evidence` whether or not they reach its end.
pub(crate) fn walk<L: Lane>(
    context: &Context<'_>,
    evidence: &mut Evidence,
    phase: Phase,
    walks_later: u64,
    lanes: Vec<L>,
) -> Result<(), FailureReason> {
    let errors = std::mem::take(&mut evidence.errors);
    let walk = Walk::new(context.device(), context.stop, context.clock, errors);
    let mut meter = context.meter(phase, walks_later);
    let ended = walk.run(lanes, |done| meter.tick(done));
    evidence.errors = walk.into_errors();
    ended
}

/// Generates and writes.
struct WriteLane {
    stream: Keystream,
}

impl Lane for WriteLane {
    fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, buffer: &mut [u8]) -> Result<(), FailureReason> {
        self.stream.fill(chunk.offset, buffer).map_err(internal)?;
        if looks_broken(buffer) {
            return Err(internal(BROKEN));
        }
        walk.wait_turn(chunk)?;
        match walk.device().write_at(chunk.offset, buffer) {
            Ok(()) => walk.note_good(),
            Err(failure) => {
                survivable(failure)?;
                write_pieces(walk, chunk.offset, buffer)?;
            }
        }
        Ok(())
    }
}

/// Reads, generates again, and compares.
struct VerifyLane {
    stream: Keystream,
    expected: PageBuffer,
}

impl Lane for VerifyLane {
    fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, buffer: &mut [u8]) -> Result<(), FailureReason> {
        walk.wait_turn(chunk)?;
        match walk.device().read_at(chunk.offset, buffer) {
            Ok(()) => {
                walk.note_good();
                self.compare(walk, chunk.offset, buffer)
            }
            Err(failure) => {
                survivable(failure)?;
                read_pieces(walk, chunk.offset, buffer.len(), |at, bytes| self.compare(walk, at, bytes))
            }
        }
    }
}

impl VerifyLane {
    fn new(stream: Keystream, block: BlockSize) -> Self {
        Self { stream, expected: PageBuffer::new(TILE.max(block.bytes() as usize)) }
    }

    fn compare(&mut self, walk: &Walk<'_>, offset: u64, bytes: &[u8]) -> Result<(), FailureReason> {
        let size = self.expected.bytes().len();
        for (at, tile) in (offset..).step_by(size).zip(bytes.chunks(size)) {
            let expected = self.expected.bytes_mut().get_mut(..tile.len());
            let expected = expected.ok_or_else(|| internal("a tile is longer than its buffer"))?;
            self.stream.fill(at, expected).map_err(internal)?;
            // A broken generator could agree with the constant that it wrote.
            if looks_broken(expected) {
                return Err(internal(BROKEN));
            }
            if tile == expected {
                continue;
            }
            let blocks = tile.chunks(walk.block()).zip(expected.chunks(walk.block()));
            for (at, (read, expected)) in (at..).step_by(walk.block()).zip(blocks) {
                if read != expected {
                    walk.note(Fault::Different, at)?;
                }
            }
        }
        Ok(())
    }
}

/// A fault of this program or this PC, not of the drive.
fn internal(error: impl std::fmt::Display) -> FailureReason {
    FailureReason::Internal(error.to_string())
}
