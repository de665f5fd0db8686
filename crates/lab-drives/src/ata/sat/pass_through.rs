//! ATA PASS-THROUGH (12) and (16) (SAT-3 clause 12.2).

use super::sense::{AtaAnswer, Format, Sense, busy, good};
use super::{ATA_PASS_THROUGH_16, Pending};
use crate::ata::AtaDrive;
use crate::ata::opcode::{self, Direction};
use crate::ata::taskfile::{Outcome, Refusal, Reply, Taskfile};
use crate::bytes::{be, byte, index};
use crate::{Fault, ScsiCompletion, Turn};
use std::time::Duration;

/// Byte 1 bit 0: EXTEND.
const EXTEND: u8 = 1;
/// Byte 2: CK_COND, T_TYPE, T_DIR, BYT_BLOK; bits 1:0 are T_LENGTH.
const CK_COND: u8 = 1 << 5;
const T_TYPE: u8 = 1 << 4;
const T_DIR: u8 = 1 << 3;
const BYT_BLOK: u8 = 1 << 2;
const T_LENGTH: u8 = 0x03;
/// Bytes of a block where T_TYPE is 0.
const ATA_BLOCK: u64 = 512;

/// PROTOCOL, byte 1 bits 4:1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Reset,
    Transfer(Direction),
    ReturnResponseInformation,
}

impl Protocol {
    fn decode(cdb: &[u8]) -> Option<Self> {
        let by_direction = if byte(cdb, 2) & T_DIR == 0 { Direction::Out } else { Direction::In };
        Some(match byte(cdb, 1) >> 1 & 0x0f {
            0 | 1 => Self::Reset,
            3 => Self::Transfer(Direction::None),
            4 | 10 => Self::Transfer(Direction::In),
            5 | 11 => Self::Transfer(Direction::Out),
            6 => Self::Transfer(by_direction),
            15 => Self::ReturnResponseInformation,
            _ => return None,
        })
    }
}

/// Whether the host wants the registers back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Registers {
    Always,
    OnError,
}

/// A command taken out of its descriptor block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PassThrough {
    command: Taskfile,
    extended: bool,
    registers: Registers,
    /// The most bytes that the host takes.
    length: usize,
}

impl PassThrough {
    fn decode(cdb: &[u8], block_size: u32, host_length: usize) -> Self {
        let command = if byte(cdb, 0) == ATA_PASS_THROUGH_16 { taskfile_16(cdb) } else { taskfile_12(cdb) };
        let extended = byte(cdb, 0) == ATA_PASS_THROUGH_16 && byte(cdb, 1) & EXTEND != 0;
        let flags = byte(cdb, 2);
        let unit = match (flags & BYT_BLOK != 0, flags & T_TYPE != 0) {
            (false, _) => 1,
            (true, false) => ATA_BLOCK,
            (true, true) => u64::from(block_size),
        };
        let length = match flags & T_LENGTH {
            0 => 0,
            1 => index(u64::from(command.feature) * unit),
            2 => index(u64::from(command.count) * unit),
            _ => host_length,
        };
        let registers = if flags & CK_COND == 0 { Registers::OnError } else { Registers::Always };
        Self { command, extended, registers, length: length.min(host_length) }
    }
}

/// FEATURES, COUNT and LBA interleave their upper and lower halves.
fn taskfile_16(cdb: &[u8]) -> Taskfile {
    let wide = byte(cdb, 1) & EXTEND != 0;
    let upper = |at: usize| if wide { u64::from(byte(cdb, at)) } else { 0 };
    let lower = |at: usize| u64::from(byte(cdb, at));
    let lba = upper(11) << 40 | upper(9) << 32 | upper(7) << 24 | lower(12) << 16 | lower(10) << 8 | lower(8);
    Taskfile {
        command: byte(cdb, 14),
        feature: crate::bytes::low16(upper(3) << 8 | lower(4)),
        count: crate::bytes::low16(upper(5) << 8 | lower(6)),
        lba,
        device: byte(cdb, 13),
    }
}

fn taskfile_12(cdb: &[u8]) -> Taskfile {
    Taskfile {
        command: byte(cdb, 9),
        feature: u16::from(byte(cdb, 3)),
        count: u16::from(byte(cdb, 4)),
        lba: u64::from(byte(cdb, 7)) << 16 | be(&[byte(cdb, 6), byte(cdb, 5)], 0, 2),
        device: byte(cdb, 8),
    }
}

impl AtaDrive {
    pub(super) fn pass_through(
        &mut self,
        cdb: &[u8],
        data_out: &[u8],
        data_in_len: usize,
    ) -> Turn<ScsiCompletion> {
        let invalid = || Turn::Done(Sense::INVALID_FIELD.check(self.sense_format()));
        let direction = match Protocol::decode(cdb) {
            None => return invalid(),
            Some(Protocol::Reset) => return Turn::Done(good(Vec::new())),
            Some(Protocol::ReturnResponseInformation) => {
                return Turn::Done(self.response_information(data_in_len));
            }
            Some(Protocol::Transfer(direction)) => direction,
        };
        let host_length = if direction == Direction::Out { data_out.len() } else { data_in_len };
        let request = PassThrough::decode(cdb, self.definition.block_size, host_length);
        let known = opcode::direction(request.command.command, request.command.feature);
        if known.is_some_and(|known| known != direction) {
            return invalid();
        }
        let data = match direction {
            Direction::Out => data_out.get(..request.length).unwrap_or_default(),
            Direction::In | Direction::None => &[],
        };
        match self.execute(&request.command, data) {
            Outcome::Done(result) => Turn::Done(self.translate(&request, result)),
            Outcome::Silent => Turn::Silent,
            Outcome::Gone => Turn::Gone,
            Outcome::Occupied => Turn::Done(busy()),
            Outcome::Working => {
                self.pending = Some(Pending::Erase(request));
                Turn::Busy(self.until_next_look())
            }
        }
    }

    /// How long the host side may wait before it asks for a SECURITY ERASE UNIT again: often enough for the physical
    /// work to keep pace.
    pub(super) fn until_next_look(&self) -> Duration {
        let remaining = self.live.erasing.as_ref().map(|erasing| erasing.work.remaining(self.clock.now()));
        remaining.unwrap_or_default().clamp(Duration::from_millis(10), Duration::from_millis(200))
    }

    /// The answer to a pass-through command.
    pub(super) fn translate(
        &mut self,
        request: &PassThrough,
        result: Result<Reply, Refusal>,
    ) -> ScsiCompletion {
        let registers = match &result {
            Ok(reply) => reply.registers,
            Err(refusal) => refusal.registers(),
        };
        self.live.registers = registers;
        let answer = AtaAnswer { registers, extended: request.extended };
        let format = self.pass_through_format();
        let withheld = self.faults.has(&Fault::NoRegisters);
        match result {
            Err(refusal) if withheld => Sense::from(refusal).check(format),
            Err(refusal) => Sense::from(refusal).check_with(format, &answer, Vec::new()),
            Ok(mut reply) => {
                reply.data.truncate(request.length);
                match request.registers {
                    Registers::Always if !withheld => {
                        Sense::REGISTERS.check_with(format, &answer, reply.data)
                    }
                    Registers::Always | Registers::OnError => good(reply.data),
                }
            }
        }
    }

    /// Protocol 15 gives the last command's registers as data (SAT-3 clause 12.2.2.4).
    fn response_information(&self, data_in_len: usize) -> ScsiCompletion {
        if self.faults.has(&Fault::NoRegisters) {
            return Sense::INVALID_FIELD.check(self.sense_format());
        }
        let mut data = AtaAnswer { registers: self.live.registers, extended: true }.descriptor();
        data.truncate(data_in_len);
        good(data)
    }

    /// The registers come in descriptor format whatever D_SENSE says, as behind Linux's own translation layer.
    fn pass_through_format(&self) -> Format {
        if self.faults.has(&Fault::FixedSense) { Format::Fixed } else { Format::Descriptor }
    }
}
