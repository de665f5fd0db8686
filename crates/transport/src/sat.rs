//! ATA commands on top of SCSI ones.

use crate::device::{CommandError, Data, ScsiReply};
use protocol::ata::sat::{self, Condition};
use protocol::ata::{Command, Protocol, Registers, Reply, Verdict, Width};
use protocol::scsi;
use std::time::Duration;

/// How a SCSI command is sent.
pub(crate) type Send<'a> = dyn Fn(&[u8], Data<'_>, Duration) -> Result<ScsiReply, CommandError> + 'a;

/// How long a translation layer may take to repeat what it knows.
const REPEAT_TIMEOUT: Duration = Duration::from_secs(10);
/// 15 parameters of 18 bytes and a header.
const RESULTS_LOG_LEN: u16 = 274;

/// Sends a command, and asks for its registers again where they did not all come back and are needed.
pub(crate) fn send(
    scsi: &Send<'_>,
    command: &Command,
    data: Data<'_>,
    timeout: Duration,
) -> Result<Reply, CommandError> {
    if !fits(command, &data) {
        return Err(CommandError::DataMismatch);
    }
    let (reply, sense) = pass_through(scsi, command, data, timeout)?;
    let half = !matches!(reply.registers, Registers::Full(_));
    let needed = command.protocol == Protocol::NonData && command.width == Width::Bits48;
    if reply.verdict == Verdict::Completed && half && needed {
        return Ok(again(scsi, &reply, &sense).unwrap_or(reply));
    }
    Ok(reply)
}

fn fits(command: &Command, data: &Data<'_>) -> bool {
    let direction = match command.protocol {
        Protocol::NonData => matches!(data, Data::None),
        Protocol::PioIn | Protocol::DmaIn => matches!(data, Data::In(_)),
        Protocol::PioOut => matches!(data, Data::Out(_)),
    };
    direction && data.len() == sat::data_len(command)
}

/// CK_COND for what moves no data in: translation layers end a read with it as an error and may drop the data.
fn condition(command: &Command) -> Condition {
    match command.protocol {
        Protocol::NonData | Protocol::PioOut => Condition::Registers,
        Protocol::PioIn | Protocol::DmaIn => Condition::OnlyErrors,
    }
}

fn pass_through(
    scsi: &Send<'_>,
    command: &Command,
    mut data: Data<'_>,
    timeout: Duration,
) -> Result<(Reply, Vec<u8>), CommandError> {
    let condition = condition(command);
    let long = scsi(&sat::pass_through_16(command, condition), reborrow(&mut data), timeout)?;
    // 20/00 means that the drive never saw it, so that sending it in the short form is no repetition.
    let unknown = scsi::Sense::parse(&long.sense).map(|sense| sense.condition())
        == Some(scsi::Condition::UnknownCommand);
    let answer = match sat::pass_through_12(command, condition).filter(|_| long.status != 0 && unknown) {
        Some(short) => scsi(&short, data, timeout)?,
        None => long,
    };
    Ok((Reply::read(answer.status, &answer.sense, answer.transferred), answer.sense))
}

fn reborrow<'a>(data: &'a mut Data<'_>) -> Data<'a> {
    match data {
        Data::None => Data::None,
        Data::In(bytes) => Data::In(bytes),
        Data::Out(bytes) => Data::Out(bytes),
    }
}

/// RETURN RESPONSE INFORMATION, or the results log: whichever has all registers, and says the same as what had come
/// already.
fn again(scsi: &Send<'_>, reply: &Reply, sense: &[u8]) -> Option<Reply> {
    let ask = |cdb: &[u8], len: usize| {
        let mut data = vec![0; len];
        let answer = scsi(cdb, Data::In(&mut data), REPEAT_TIMEOUT).ok()?;
        data.truncate(answer.transferred);
        (answer.status == 0).then_some(data)
    };
    let is_it = |registers: &Registers| agree(&reply.registers, registers);
    let response = || ask(&sat::return_response_information(), sat::RESPONSE_LEN);
    let log = || ask(&sat::results_log(RESULTS_LOG_LEN), usize::from(RESULTS_LOG_LEN));
    let of_log = |index| log().map(|page| sat::results_log_entry(&page, index));
    let registers = response()
        .map(|data| sat::response(&data))
        .filter(is_it)
        .or_else(|| sat::log_index(sense).and_then(of_log).filter(is_it))?;
    Some(Reply { registers, ..reply.clone() })
}

/// Whether these are all registers of an answer of which `half` came before: no answer to another command.
fn agree(half: &Registers, full: &Registers) -> bool {
    let Registers::Full(registers) = full else { return false };
    let completed =
        full.status().is_some_and(|status| !status.error() && !status.device_fault() && !status.busy());
    match half {
        Registers::Short(short) => {
            completed
                && short.status == registers.status
                && short.count == registers.count.to_le_bytes()[0]
                && u64::from(short.lba) == registers.lba & 0xFF_FFFF
        }
        Registers::Missing => completed,
        Registers::Full(_) => false,
    }
}

#[cfg(test)]
#[path = "sat_tests.rs"]
mod tests;
