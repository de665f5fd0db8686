//! Whether a medium whose reads fail is alive: what is written there must read back. A dead drive that reads nothing
//! would else look like one whose keys are gone.

use crate::context::{Context, Wanted};
use crate::lanes::survivable;
use crate::place::{Place, content, page_buffer, read};
use crate::stream::{Keystream, PassKey};
use model::FailureReason;

/// So many of the places that cannot be read are tried.
const TRIED: usize = 16;

/// Why an erase is not proven after which reads fail by the drive's own word. No fault, and no proof.
pub(crate) fn unproven(context: &Context<'_>, refused: &[Place]) -> FailureReason {
    const READS_FAIL: &str = "reads fail after the erase until a block is written, as the drive says of itself: it \
                              cannot be read back; the medium takes writes and gives them back";
    match prove(context, refused) {
        Ok(()) => FailureReason::Indeterminate(READS_FAIL.to_owned()),
        Err(reason) => reason,
    }
}

/// Writes to some of the places that could not be read, and reads them back. Nothing is done where there are none.
///
/// # Errors
/// The medium does not take or keep what is written.
pub(crate) fn prove(context: &Context<'_>, refused: &[Place]) -> Result<(), FailureReason> {
    if refused.is_empty() {
        return Ok(());
    }
    let step = refused.len().div_ceil(TRIED).max(1);
    let tried: Vec<Place> = refused.iter().step_by(step).copied().collect();
    let command = format!("write {} pages that cannot be read after the erase", tried.len());
    context.permit(Wanted::command(command))?;
    let key = PassKey::fresh().map_err(|error| FailureReason::Internal(error.to_string()))?;
    let mut stream = Keystream::new(context.generator, &key);
    let block = context.device().geometry().block.bytes() as usize;
    let (mut buffer, mut expected) = (page_buffer(block), page_buffer(block));
    for place in &tried {
        let bytes = content(&mut stream, *place, &mut expected)?;
        if let Err(failure) = context.device().write_at(place.offset, bytes) {
            survivable(failure)?;
            return Err(FailureReason::BlocksNotErased);
        }
    }
    context.flush()?;
    for place in &tried {
        let written = content(&mut stream, *place, &mut expected)?;
        if read(context.device(), *place, &mut buffer)?.is_none_or(|bytes| bytes != written) {
            return Err(FailureReason::BlocksNotErased);
        }
    }
    Ok(())
}
