//! Questions to a SCSI drive.

use crate::watch::{Sight, Sighting};
use model::RawStatus;
use protocol::scsi::{
    Condition, REQUEST_SENSE_LEN, Sense, request_fixed_sense, request_sense, test_unit_ready,
};
use std::time::Duration;
use transport::{CommandError, Commands, Data, ScsiReply};

/// Long enough for any drive that is alive, also for one that has to spin up first.
pub(super) const QUESTION_TIMEOUT: Duration = Duration::from_secs(60);

/// SAM-5 5.3.1.
pub(super) const GOOD: u8 = 0x00;

/// How often a drive may say that something else happened before it answers the question.
const ATTENTIONS: u8 = 8;

/// Status and sense data, for the record.
pub(super) fn raw(reply: &ScsiReply) -> RawStatus {
    let sense = Sense::parse(&reply.sense).map_or(String::new(), |sense| format!(" sense {sense}"));
    RawStatus { name: "scsi".to_owned(), value: format!("{:02X}h{sense}", reply.status) }
}

fn raw_sense(sense: Sense) -> RawStatus {
    RawStatus { name: "scsi-request-sense".to_owned(), value: sense.to_string() }
}

/// What a command's own status says; `None` for GOOD.
pub(super) fn refusal(reply: &ScsiReply) -> Option<Condition> {
    (reply.status != GOOD)
        .then(|| Sense::parse(&reply.sense).map_or(Condition::Other, |sense| sense.condition()))
}

/// TEST UNIT READY until the drive has told what happened before.
pub(super) fn ready(device: &(impl Commands + ?Sized)) -> Result<ScsiReply, CommandError> {
    let ask = || device.scsi(&test_unit_ready(), Data::None, QUESTION_TIMEOUT);
    let mut reply = ask()?;
    for _ in 0..ATTENTIONS {
        if !matches!(refusal(&reply), Some(Condition::Attention | Condition::CapacityChanged)) {
            break;
        }
        reply = ask()?;
    }
    Ok(reply)
}

/// One look: what REQUEST SENSE tells of an operation under way, and where it tells of none, whether the drive is
/// ready. Neither alone is an end: an idle answer to REQUEST SENSE also comes from a drive that lost its memory, and
/// TEST UNIT READY tells no progress.
pub(crate) fn sighting(device: &(impl Commands + ?Sized)) -> Sighting {
    match look(device) {
        Ok(sighting) => sighting,
        Err(CommandError::Gone) => Sighting::silent(Sight::Gone),
        Err(error) => Sighting::silent(Sight::Unclear(error.to_string())),
    }
}

fn look(device: &(impl Commands + ?Sized)) -> Result<Sighting, CommandError> {
    let (reply, told) = told(device)?;
    let Some(sense) = told else {
        return Ok(Sighting { sight: Sight::Unclear("empty sense data".to_owned()), raw: vec![raw(&reply)] });
    };
    if sense.condition() != Condition::Nothing {
        return Ok(Sighting { sight: sight(sense.condition(), sense), raw: vec![raw_sense(sense)] });
    }
    let ready = ready(device)?;
    let sight = match Sense::parse(&ready.sense) {
        _ if ready.status == GOOD => Sight::Ended,
        Some(not_ready) => sight(not_ready.condition(), not_ready),
        None => Sight::Unclear(format!("TEST UNIT READY: status {:02X}h", ready.status)),
    };
    Ok(Sighting { sight, raw: vec![raw_sense(sense), raw(&ready)] })
}

/// What REQUEST SENSE tells; in fixed format where the drive refuses to be asked for the other (SPC-4 6.39).
fn told(device: &(impl Commands + ?Sized)) -> Result<(ScsiReply, Option<Sense>), CommandError> {
    let ask = |cdb: [u8; 6]| {
        let mut data = vec![0; usize::from(REQUEST_SENSE_LEN)];
        let reply = device.scsi(&cdb, Data::In(&mut data), QUESTION_TIMEOUT)?;
        data.truncate(reply.transferred);
        // A drive that cannot answer even this tells why in the command's own sense data.
        let told = Sense::parse(if reply.status == GOOD { &data } else { &reply.sense });
        Ok((reply, told))
    };
    let descriptor = ask(request_sense())?;
    match refusal(&descriptor.0) {
        Some(Condition::InvalidField) => ask(request_fixed_sense()),
        _ => Ok(descriptor),
    }
}

fn sight(condition: Condition, sense: Sense) -> Sight {
    match condition {
        Condition::SanitizeInProgress(progress) | Condition::FormatInProgress(progress) => {
            Sight::Running(progress)
        }
        Condition::SanitizeFailed => Sight::Failed(format!("SANITIZE COMMAND FAILED, sense {sense}")),
        Condition::FormatFailed => Sight::Failed(format!("the format failed, sense {sense}")),
        Condition::HardwareError => Sight::Failed(format!("the drive failed, sense {sense}")),
        _ => Sight::Unclear(format!("sense {sense}")),
    }
}
