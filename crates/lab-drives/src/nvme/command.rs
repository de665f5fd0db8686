//! Submission and completion queue entries.

use super::Status;
use crate::bytes::{byte, index, le, low, low16, put_le};

/// Bytes of a submission queue entry.
pub const ENTRY: usize = 64;

/// Some bits of a dword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bits {
    low: u32,
    width: u32,
}

impl Bits {
    /// From bit `high` down to bit `low`, as the standard writes it.
    pub(super) const fn new(high: u32, low: u32) -> Self {
        Self { low, width: high - low + 1 }
    }

    pub(super) const fn of(self, dword: u32) -> u32 {
        (dword >> self.low) & (u32::MAX >> (32 - self.width))
    }

    pub(super) const fn is_set(self, dword: u32) -> bool {
        self.of(dword) != 0
    }
}

/// Admin command opcodes (NVMe Base 2.0, Figure 138).
pub(super) mod admin {
    pub(in crate::nvme) const DELETE_SQ: u8 = 0x00;
    pub(in crate::nvme) const CREATE_SQ: u8 = 0x01;
    pub(in crate::nvme) const GET_LOG_PAGE: u8 = 0x02;
    pub(in crate::nvme) const DELETE_CQ: u8 = 0x04;
    pub(in crate::nvme) const CREATE_CQ: u8 = 0x05;
    pub(in crate::nvme) const IDENTIFY: u8 = 0x06;
    pub(in crate::nvme) const ABORT: u8 = 0x08;
    pub(in crate::nvme) const SET_FEATURES: u8 = 0x09;
    pub(in crate::nvme) const GET_FEATURES: u8 = 0x0a;
    pub(in crate::nvme) const ASYNC_EVENT: u8 = 0x0c;
    pub(in crate::nvme) const FORMAT: u8 = 0x80;
    pub(in crate::nvme) const SANITIZE: u8 = 0x84;
}

/// NVM command set opcodes (NVM Command Set 1.0, Figure 15).
pub(super) mod io {
    pub(in crate::nvme) const FLUSH: u8 = 0x00;
    pub(in crate::nvme) const WRITE: u8 = 0x01;
    pub(in crate::nvme) const READ: u8 = 0x02;
    pub(in crate::nvme) const WRITE_ZEROES: u8 = 0x08;
    pub(in crate::nvme) const DATASET_MANAGEMENT: u8 = 0x09;
}

const OPCODE: Bits = Bits::new(7, 0);
/// PRP or SGL for Data Transfer (NVMe Base 2.0, Figure 86).
const PSDT: Bits = Bits::new(15, 14);
const CID: Bits = Bits::new(31, 16);
/// Get Log Page, dword 10: Number of Dwords Lower.
const NUMDL: Bits = Bits::new(31, 16);
/// Get Log Page, dword 11: Number of Dwords Upper.
const NUMDU: Bits = Bits::new(15, 0);

/// A command: the sixteen dwords of a submission queue entry (NVMe Base 2.0, Figure 87).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Command(pub [u32; 16]);

impl Command {
    /// A command with an opcode and a namespace, everything else zero.
    #[must_use]
    pub fn new(opcode: u8, nsid: u32) -> Self {
        Self::default().with(0, u32::from(opcode)).with(1, nsid)
    }

    /// The same with one dword set; `dword` is 0 to 15.
    #[must_use]
    pub fn with(mut self, dword: usize, value: u32) -> Self {
        if let Some(to) = self.0.get_mut(dword) {
            *to = value;
        }
        self
    }

    /// From its bytes in a queue.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; ENTRY]) -> Self {
        let mut command = Self::default();
        for (dword, bytes) in command.0.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *dword = u32::from_le_bytes(*bytes);
        }
        command
    }

    /// A dword by its number.
    #[must_use]
    pub fn dword(&self, number: usize) -> u32 {
        self.0.get(number).copied().unwrap_or_default()
    }

    fn qword(&self, number: usize) -> u64 {
        u64::from(self.dword(number)) | u64::from(self.dword(number + 1)) << 32
    }

    /// What is to be done.
    #[must_use]
    pub fn opcode(&self) -> u8 {
        low(OPCODE.of(self.dword(0)).into())
    }

    /// The identifier by which the host knows it.
    #[must_use]
    pub fn cid(&self) -> u16 {
        low16(CID.of(self.dword(0)).into())
    }

    pub(super) fn uses_sgl(&self) -> bool {
        PSDT.is_set(self.dword(0))
    }

    /// The namespace.
    #[must_use]
    pub fn nsid(&self) -> u32 {
        self.dword(1)
    }

    /// Where a separate metadata buffer is.
    pub(super) fn metadata_pointer(&self) -> u64 {
        self.qword(4)
    }

    pub(super) fn prp1(&self) -> u64 {
        self.qword(6)
    }

    pub(super) fn prp2(&self) -> u64 {
        self.qword(8)
    }

    /// First logical block of a read or a write.
    pub(super) fn slba(&self) -> u64 {
        self.qword(10)
    }

    /// How many logical blocks: dword 12 15:0, a 0's based value.
    pub(super) fn blocks(&self) -> u64 {
        u64::from(low16(self.dword(12).into())) + 1
    }

    /// Bytes that a Get Log Page asks for: NUMDU and NUMDL, a 0's based number of dwords.
    pub(super) fn log_bytes(&self) -> usize {
        let dwords = u64::from(NUMDU.of(self.dword(11)) << 16 | NUMDL.of(self.dword(10))) + 1;
        index(dwords * 4)
    }
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// How.
    pub status: Status,
    /// Dword 0 of the completion queue entry.
    pub result: u32,
    /// Data for the host, no longer than it asked for.
    pub data: Vec<u8>,
    /// Metadata for a separate metadata buffer.
    pub metadata: Vec<u8>,
}

impl Completion {
    /// A success with data.
    pub(super) fn with_data(data: Vec<u8>) -> Self {
        Self { data, ..Self::default() }
    }

    /// A success with a result.
    pub(super) fn with_result(result: u32) -> Self {
        Self { result, ..Self::default() }
    }

    /// A failure.
    pub(super) fn failed(status: Status) -> Self {
        Self { status, ..Self::default() }
    }
}

impl From<Status> for Completion {
    fn from(status: Status) -> Self {
        Self::failed(status)
    }
}

/// A range of a Dataset Management command (NVM Command Set 1.0, Figure 39).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DatasetRange {
    pub(super) slba: u64,
    pub(super) blocks: u64,
}

impl DatasetRange {
    /// Bytes of one.
    pub(super) const SIZE: usize = 16;

    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self { blocks: le(bytes, 4, 4), slba: le(bytes, 8, 8) }
    }

    /// How many a command has: dword 10 7:0, a 0's based value.
    pub(super) fn count(command: &Command) -> usize {
        usize::from(low(command.dword(10).into())) + 1
    }
}

/// A completion queue entry's dwords (NVMe Base 2.0, Figure 89), the phase tag being 0.
pub(super) fn completion_entry(completion: &Completion, head: u16, queue: u16, cid: u16) -> [u8; 16] {
    let mut entry = [0; 16];
    put_le(&mut entry, 0, 4, completion.result.into());
    put_le(&mut entry, 8, 2, head.into());
    put_le(&mut entry, 10, 2, queue.into());
    put_le(&mut entry, 12, 2, cid.into());
    put_le(&mut entry, 14, 2, u64::from(completion.status.0) << 1);
    entry
}

/// Sets the phase tag: bit 16 of dword 3.
pub(super) fn set_phase(entry: &mut [u8; 16], phase: bool) {
    let with = byte(entry, 14) & !1 | u8::from(phase);
    put_le(entry, 14, 1, with.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_read() {
        let mut bytes = [0; ENTRY];
        bytes[0] = 0x02;
        bytes[2..4].copy_from_slice(&[0x34, 0x12]);
        bytes[4] = 3;
        bytes[24..32].copy_from_slice(&0x1_2345_6000_u64.to_le_bytes());
        bytes[40..48].copy_from_slice(&0x1_0000_0002_u64.to_le_bytes());
        bytes[48] = 7;
        let command = Command::from_bytes(&bytes);
        assert_eq!((command.opcode(), command.cid(), command.nsid()), (io::READ, 0x1234, 3));
        assert_eq!((command.prp1(), command.slba(), command.blocks()), (0x1_2345_6000, 0x1_0000_0002, 8));
    }

    #[test]
    fn a_log_of_512_bytes_is_127_in_the_command() {
        let command = Command::new(admin::GET_LOG_PAGE, 0).with(10, 127 << 16 | 0x81);
        assert_eq!(command.log_bytes(), 512);
        let huge = command.with(10, 0xffff_0081).with(11, 0xffff);
        assert_eq!(huge.log_bytes(), 1 << 34);
    }

    #[test]
    fn a_completion_with_do_not_retry() {
        let completion = Completion { result: 0x81_0106, ..Completion::failed(Status(0x4286)) };
        let mut entry = completion_entry(&completion, 5, 1, 0x1234);
        set_phase(&mut entry, true);
        assert_eq!(entry, [6, 1, 0x81, 0, 0, 0, 0, 0, 5, 0, 1, 0, 0x34, 0x12, 0x0d, 0x85]);
    }
}
