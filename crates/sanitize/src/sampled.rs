//! The read-back of the places that were chosen before the erase.

use crate::alive;
use crate::content::{Expect, Seen};
use crate::context::{Context, Tell};
use crate::event::Phase;
use crate::lanes::{CHUNK, Walk, survivable};
use crate::place::Place;
use crate::readback::check;
use crate::recovery::read_pieces;
use crate::sampling::Sampling;
use model::StepKind;
use model::{ByteLen, Count, Evidence, FailureReason, Verification, VerificationKind};
use transport::PageBuffer;

/// What has to be read of the medium for sampling to count: a tenth (NIST SP 800-88r1 4.7.3).
const LEAST_PART: u64 = 10;

/// Reads the places.
///
/// # Errors
/// Some block is not as expected, or too little could be read.
pub(crate) fn run(
    context: &Context<'_>,
    evidence: &mut Evidence,
    plan: &Sampling,
    expect: Expect,
) -> Result<(), FailureReason> {
    context.step(StepKind::ReadBackBegun, &[])?;
    let of = context.device().geometry().len;
    let errors = std::mem::take(&mut evidence.errors);
    let walk = Walk::new(context.device(), context.stop, context.clock, errors);
    let mut reader = Reader { walk, expect, seen: Seen::default(), read: 0, refused: Vec::new() };
    let ended = reader.read_all(context, plan);
    let Reader { walk, seen, read, refused, .. } = reader;
    evidence.errors = walk.into_errors();
    ended?;
    let (kind, found) = (VerificationKind::Sampled, Some(seen.content()));
    let verification = Verification { kind, bytes: ByteLen(read), of, seed: plan.seed_hex(), found };
    evidence.verification = Some(verification);
    context.step(StepKind::ReadBackEnded, &[])?;
    judge(context, evidence, expect, &refused)
}

fn judge(
    context: &Context<'_>,
    evidence: &Evidence,
    expect: Expect,
    refused: &[Place],
) -> Result<(), FailureReason> {
    let errors = &evidence.errors;
    if errors.different > Count(0) {
        return Err(FailureReason::ReadBackDiffers);
    }
    if !errors.is_clean() && !expect.allows_unreadable() {
        return Err(FailureReason::BlocksNotErased);
    }
    if !refused.is_empty() && expect == Expect::ErasedOrUnreadable {
        return Err(alive::unproven(context, refused));
    }
    alive::prove(context, refused)?;
    let Some(verification) = &evidence.verification else { return Ok(()) };
    if verification.bytes.0 >= verification.of.0.div_ceil(LEAST_PART) {
        return Ok(());
    }
    let text = format!(
        "{} of {} bytes could be read after the erase; the medium takes writes and gives them back",
        verification.bytes.0, verification.of.0
    );
    Err(FailureReason::Indeterminate(text))
}

/// Reads runs and keeps what it saw.
struct Reader<'a> {
    walk: Walk<'a>,
    expect: Expect,
    seen: Seen,
    read: u64,
    /// Places that could not be read although that is no fault.
    refused: Vec<Place>,
}

impl Reader<'_> {
    fn read_all(&mut self, context: &Context<'_>, plan: &Sampling) -> Result<(), FailureReason> {
        let mut buffer = PageBuffer::new(CHUNK);
        let mut meter = context.meter_of(Phase::Verifying, plan.bytes(), 0);
        let mut passed = 0;
        for run in plan.runs() {
            for offset in (run.offset..run.end()).step_by(CHUNK) {
                self.walk.check()?;
                let len = (run.end() - offset).min(CHUNK as u64);
                let bytes = usize::try_from(len).ok().and_then(|len| buffer.bytes_mut().get_mut(..len));
                let bytes = bytes.ok_or_else(|| FailureReason::Internal("a chunk is too long".to_owned()))?;
                self.read_chunk(offset, bytes)?;
                passed += len;
                meter.tick(passed);
            }
        }
        Ok(())
    }

    fn read_chunk(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), FailureReason> {
        match self.walk.device().read_at(offset, buffer) {
            Ok(()) => {
                self.walk.note_good();
                self.take(offset, buffer)
            }
            Err(failure) if self.expect.allows_unreadable() => {
                survivable(failure)?;
                self.read_gently(offset, buffer)
            }
            Err(failure) => {
                survivable(failure)?;
                let (expect, seen, read) = (self.expect, &mut self.seen, &mut self.read);
                let walk = &self.walk;
                read_pieces(walk, offset, buffer.len(), |at, bytes| {
                    seen.note(bytes, walk.block());
                    *read += bytes.len() as u64;
                    check(walk, expect, at, bytes)
                })
            }
        }
    }

    /// Page by page, where errors are no fault. When the first page fails too, the whole chunk counts as not read: a
    /// drive of which every read fails would else be asked for months.
    fn read_gently(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), FailureReason> {
        let page = PageBuffer::PAGE.max(self.walk.block());
        let whole = buffer.len();
        for (at, piece) in (offset..).step_by(page).zip(buffer.chunks_mut(page)) {
            self.walk.check()?;
            let begin = self.walk.now();
            let read = self.walk.device().read_at(at, piece);
            self.walk.spend(self.walk.now().saturating_sub(begin))?;
            match read {
                Ok(()) => self.take(at, piece)?,
                Err(failure) => {
                    survivable(failure)?;
                    let lost = if at == offset { whole } else { piece.len() };
                    self.refuse(at, lost, piece.len());
                    if at == offset {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, at: u64, lost: usize, page: usize) {
        self.walk.note_unreadable(at, (lost / self.walk.block().max(1)) as u64);
        self.refused.push(Place { offset: at, len: page as u64 });
    }

    fn take(&mut self, offset: u64, bytes: &[u8]) -> Result<(), FailureReason> {
        self.seen.note(bytes, self.walk.block());
        self.read += bytes.len() as u64;
        check(&self.walk, self.expect, offset, bytes)
    }
}
