//! How SCSI carries ATA: the commands ATA PASS-THROUGH, and the registers in sense data (SAT-3 12.2).

use super::command::{Command, Protocol, SECTOR, Width};
use super::registers::{FullRegisters, Registers, ShortRegisters, Status, Upper};
use crate::bytes::be_u16;
use crate::scsi::{Descriptors, Sense, SenseFormat};

/// Operation code of ATA PASS-THROUGH (16) (SAT-3 12.2.2).
const PASS_THROUGH_16: u8 = 0x85;
/// Operation code of ATA PASS-THROUGH (12) (SAT-3 12.2.3).
const PASS_THROUGH_12: u8 = 0xA1;
/// PROTOCOL 15: return the registers of the command before (SAT-3 12.2.2.2).
const RETURN_RESPONSE_INFORMATION: u8 = 15;
/// Byte 2 bit 5, CK_COND: end with sense data that carry the registers, also after success.
const CK_COND: u8 = 1 << 5;
/// Byte 2 bit 3, T_DIR: from the drive.
const T_DIR_IN: u8 = 1 << 3;
/// Byte 2 bit 2, BYT_BLOK: the length counts blocks.
const BYT_BLOK: u8 = 1 << 2;
/// Byte 2 bits 1:0, T_LENGTH: the length is in COUNT.
const T_LENGTH_COUNT: u8 = 0b10;
/// Byte 2 bits 1:0, T_LENGTH: the length is that of the transfer (TPSIU).
const T_LENGTH_TPSIU: u8 = 0b11;
/// Descriptor 09h, ATA Status Return (SAT-3 12.2.6).
const ATA_STATUS_RETURN: u8 = 0x09;
/// Its ADDITIONAL LENGTH.
const ATA_STATUS_RETURN_LENGTH: u8 = 0x0C;
/// The bytes of an ATA Status Return descriptor.
pub const RESPONSE_LEN: usize = 14;

/// Whether to ask for the registers also when the command succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// CK_COND = 1.
    Registers,
    /// CK_COND = 0: where the registers say nothing, and for the translation layers that end every such command as an
    /// error.
    OnlyErrors,
}

/// The bytes that the command moves.
#[must_use]
pub fn data_len(command: &Command) -> usize {
    match command.protocol {
        Protocol::NonData => 0,
        _ => usize::from(command.count) * SECTOR,
    }
}

fn protocol_byte(command: &Command) -> u8 {
    let protocol: u8 = match command.protocol {
        Protocol::NonData => 3,
        Protocol::PioIn => 4,
        Protocol::PioOut => 5,
        Protocol::DmaIn => 6,
    };
    protocol << 1
}

fn transfer_byte(command: &Command, condition: Condition) -> u8 {
    let transfer = match command.protocol {
        Protocol::NonData => 0,
        Protocol::PioIn | Protocol::DmaIn => T_DIR_IN | BYT_BLOK | T_LENGTH_COUNT,
        Protocol::PioOut => BYT_BLOK | T_LENGTH_COUNT,
    };
    match condition {
        Condition::Registers => transfer | CK_COND,
        Condition::OnlyErrors => transfer,
    }
}

/// ATA PASS-THROUGH (16), which carries every command (SAT-3 12.2.2).
#[must_use]
pub fn pass_through_16(command: &Command, condition: Condition) -> [u8; 16] {
    let extend = u8::from(command.width == Width::Bits48);
    let [feature_low, feature_high] = command.feature.to_le_bytes();
    let [count_low, count_high] = command.count.to_le_bytes();
    let [lba0, lba1, lba2, lba3, lba4, lba5, ..] = command.lba.to_le_bytes();
    // The upper halves are there only with EXTEND.
    let upper = |byte: u8| if extend == 1 { byte } else { 0 };
    [
        PASS_THROUGH_16,
        protocol_byte(command) | extend,
        transfer_byte(command, condition),
        upper(feature_high),
        feature_low,
        upper(count_high),
        count_low,
        upper(lba3),
        lba0,
        upper(lba4),
        lba1,
        upper(lba5),
        lba2,
        command.device,
        command.command,
        0,
    ]
}

/// ATA PASS-THROUGH (12) (SAT-3 12.2.3), for translation layers that know no other; `None` for a 48-bit command, which
/// it cannot carry.
#[must_use]
pub fn pass_through_12(command: &Command, condition: Condition) -> Option<[u8; 12]> {
    if command.width == Width::Bits48 {
        return None;
    }
    let [lba0, lba1, lba2, ..] = command.lba.to_le_bytes();
    Some([
        PASS_THROUGH_12,
        protocol_byte(command),
        transfer_byte(command, condition),
        command.feature.to_le_bytes()[0],
        command.count.to_le_bytes()[0],
        lba0,
        lba1,
        lba2,
        command.device,
        command.command,
        0,
        0,
    ])
}

/// ATA PASS-THROUGH (16) that asks for the registers of the command before; its data are read by [`response`].
#[must_use]
pub fn return_response_information() -> [u8; 16] {
    let mut cdb = [0; 16];
    cdb[0] = PASS_THROUGH_16;
    cdb[1] = RETURN_RESPONSE_INFORMATION << 1;
    cdb[2] = T_DIR_IN | T_LENGTH_TPSIU;
    cdb
}

/// Reads what [`return_response_information`] answers: an ATA Status Return descriptor as data.
#[must_use]
pub fn response(data: &[u8]) -> Registers {
    match data {
        [ATA_STATUS_RETURN, ATA_STATUS_RETURN_LENGTH, body @ ..] => {
            status_return(body).unwrap_or(Registers::Missing)
        }
        _ => Registers::Missing,
    }
}

/// The registers that sense data carry.
#[must_use]
pub fn registers(sense: &[u8]) -> Registers {
    let Some(read) = Sense::parse(sense) else { return Registers::Missing };
    if read.deferred {
        return Registers::Missing;
    }
    let found = match read.format {
        SenseFormat::Descriptor => Descriptors::of(sense)
            .find(|descriptor| descriptor.kind == ATA_STATUS_RETURN)
            .and_then(|descriptor| status_return(descriptor.body)),
        SenseFormat::Fixed => fixed(sense, &read),
    };
    found.unwrap_or(Registers::Missing)
}

/// The body of an ATA Status Return descriptor, after its two bytes of header (SAT-3 12.2.6, table 146).
fn status_return(body: &[u8]) -> Option<Registers> {
    let [extend, error, count1, count0, lba3, lba0, lba4, lba1, lba5, lba2, device, status, ..] = *body
    else {
        return None;
    };
    // Byte 2 bit 0, EXTEND: without it the upper halves are reserved, which is not the same as zero.
    if extend & 1 == 0 {
        return Some(Registers::Short(ShortRegisters {
            error,
            status,
            device,
            count: count0,
            lba: u32::from_le_bytes([lba0, lba1, lba2, 0]),
            count_upper: Upper::Unknown,
            lba_upper: Upper::Unknown,
        }));
    }
    Some(Registers::Full(FullRegisters {
        error,
        status,
        device,
        count: u16::from_be_bytes([count1, count0]),
        lba: u64::from_le_bytes([lba0, lba1, lba2, lba3, lba4, lba5, 0, 0]),
    }))
}

/// Fixed-format sense data (SAT-3 12.2.5, table 144): the INFORMATION field holds ERROR, STATUS, DEVICE and COUNT 7:0,
/// the COMMAND-SPECIFIC INFORMATION field the flags and LBA 23:0.
fn fixed(sense: &[u8], read: &Sense) -> Option<Registers> {
    let [first, _, _, error, status, device, count, _, flags, lba0, lba1, lba2, ..] = *sense else {
        return None;
    };
    // A command that failed is told by its own code, with the registers all the same: believed only if what stands in
    // their place is the status of a command that failed.
    let failed = Status(status).error() && !Status(status).busy() && error != 0;
    if !read.carries_ata_registers() && (first & 0x80 == 0 || !failed) {
        return None;
    }
    // Byte 8: bit 7 EXTEND, bit 6 COUNT UPPER NONZERO, bit 5 LBA UPPER NONZERO.
    let upper = |bit: u8| match (flags & 1 << 7 != 0, flags & 1 << bit != 0) {
        (false, _) => Upper::Unknown,
        (true, true) => Upper::NonZero,
        (true, false) => Upper::Zero,
    };
    Some(Registers::Short(ShortRegisters {
        error,
        status,
        device,
        count,
        lba: u32::from_le_bytes([lba0, lba1, lba2, 0]),
        count_upper: upper(6),
        lba_upper: upper(5),
    }))
}

/// LOG SENSE of the ATA PASS-THROUGH Results page, 16h, current cumulative values (SAT-3 12.3.2; SPC-4 6.7).
#[must_use]
pub fn results_log(allocation: u16) -> [u8; 10] {
    let [high, low] = allocation.to_be_bytes();
    [0x4D, 0, 0x40 | RESULTS_PAGE, 0, 0, 0, 0, high, low, 0]
}

/// Page code of the ATA PASS-THROUGH Results log.
const RESULTS_PAGE: u8 = 0x16;

/// The LOG INDEX of fixed-format sense data (byte 8 bits 3:0): where the results log holds all of its registers; `None`
/// where it holds none.
#[must_use]
pub fn log_index(sense: &[u8]) -> Option<u8> {
    let read = Sense::parse(sense)?;
    let index = *sense.get(8)? & 0x0F;
    (read.format == SenseFormat::Fixed && read.carries_ata_registers() && index != 0).then_some(index)
}

/// The registers that the results log holds for a [`log_index`].
#[must_use]
pub fn results_log_entry(page: &[u8], index: u8) -> Registers {
    let Some((header, mut rest)) = page.split_at_checked(4) else { return Registers::Missing };
    if header.first().copied().unwrap_or(0) & 0x3F != RESULTS_PAGE {
        return Registers::Missing;
    }
    // A parameter: its code (one less than the index), control, length, and then a descriptor.
    while let [code1, code0, _, len, tail @ ..] = rest {
        let Some((parameter, next)) = tail.split_at_checked(usize::from(*len)) else { break };
        if u16::from_be_bytes([*code1, *code0]).checked_add(1) == Some(u16::from(index)) {
            return response(parameter);
        }
        rest = next;
    }
    Registers::Missing
}

/// The IDENTIFY block in the ATA Information page, 89h (SAT-3 12.4.2): bytes 571:60.
#[must_use]
pub fn identify_of_information_page(page: &[u8]) -> Option<&[u8]> {
    let is_page = page.get(1) == Some(&0x89) && be_u16(page, 2) == Some(0x0238);
    page.get(60..60 + SECTOR).filter(|_| is_page)
}

#[cfg(test)]
#[path = "sat_tests.rs"]
mod tests;
