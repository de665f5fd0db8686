//! Protocol data units: the 48-byte header, its fields by name, and the data behind it (RFC 7143, clause 11).

use std::io::{Error, ErrorKind, Read, Result, Write};

/// Bytes of the basic header segment (11.2.1).
pub(super) const HEADER: usize = 48;
/// The longest data segment that is taken, and that is declared as such at login.
pub(super) const MAX_SEGMENT: usize = 256 << 10;
/// The tag that means none (11.2.1.8).
pub(super) const NO_TAG: u32 = 0xFFFF_FFFF;

/// Opcodes (11.2.1.2).
pub(super) mod opcode {
    /// Initiator opcodes.
    pub(crate) const NOP_OUT: u8 = 0x00;
    pub(crate) const SCSI_COMMAND: u8 = 0x01;
    pub(crate) const TASK_MANAGEMENT: u8 = 0x02;
    pub(crate) const LOGIN: u8 = 0x03;
    pub(crate) const TEXT: u8 = 0x04;
    pub(crate) const DATA_OUT: u8 = 0x05;
    pub(crate) const LOGOUT: u8 = 0x06;
    /// Target opcodes.
    pub(crate) const NOP_IN: u8 = 0x20;
    pub(crate) const SCSI_RESPONSE: u8 = 0x21;
    pub(crate) const TASK_MANAGEMENT_RESPONSE: u8 = 0x22;
    pub(crate) const LOGIN_RESPONSE: u8 = 0x23;
    pub(crate) const TEXT_RESPONSE: u8 = 0x24;
    pub(crate) const DATA_IN: u8 = 0x25;
    pub(crate) const LOGOUT_RESPONSE: u8 = 0x26;
    pub(crate) const READY_TO_TRANSFER: u8 = 0x31;
    pub(crate) const REJECT: u8 = 0x3F;
}

/// Byte 0: delivered at once, without a place in the order of commands (11.2.1.1).
const IMMEDIATE: u8 = 0x40;
const OPCODE: u8 = 0x3F;
/// Byte 1 of most PDUs: the last of a sequence (11.2.1.3).
pub(super) const FINAL: u8 = 0x80;

/// Where fields begin that several PDUs share.
pub(super) mod at {
    pub(crate) const FLAGS: usize = 1;
    pub(crate) const RESPONSE: usize = 2;
    pub(crate) const STATUS: usize = 3;
    pub(crate) const LUN: usize = 8;
    pub(crate) const TASK_TAG: usize = 16;
    /// Target transfer tag, expected data length, referenced task tag, by the kind of PDU.
    pub(crate) const SECOND_TAG: usize = 20;
    /// CmdSN from the initiator, StatSN from the target.
    pub(crate) const OWN_NUMBER: usize = 24;
    pub(crate) const EXPECTED_COMMAND: usize = 28;
    pub(crate) const MAX_COMMAND: usize = 32;
    /// DataSN, R2TSN, ExpDataSN.
    pub(crate) const DATA_NUMBER: usize = 36;
    pub(crate) const OFFSET: usize = 40;
    /// Residual count, desired data transfer length.
    pub(crate) const LENGTH: usize = 44;
}

/// A PDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pdu {
    header: [u8; HEADER],
    /// The data segment, without padding.
    pub(super) data: Vec<u8>,
}

impl Pdu {
    /// An empty one of a target's opcode.
    pub(super) fn new(opcode: u8) -> Self {
        let mut header = [0; HEADER];
        header[0] = opcode;
        Self { header, data: Vec::new() }
    }

    /// Reads one. Additional header segments are skipped: nothing here has a use for them.
    pub(super) fn read(from: &mut impl Read) -> Result<Self> {
        let mut header = [0; HEADER];
        from.read_exact(&mut header)?;
        let [_, _, _, _, more, high, middle, low, ..] = header;
        std::io::copy(&mut from.take(u64::from(more) * 4), &mut std::io::sink())?;
        let length = usize::try_from(u32::from_be_bytes([0, high, middle, low])).unwrap_or(usize::MAX);
        if length > MAX_SEGMENT {
            return Err(Error::new(ErrorKind::InvalidData, "a data segment longer than declared"));
        }
        let mut data = vec![0; length.next_multiple_of(4)];
        from.read_exact(&mut data)?;
        data.truncate(length);
        Ok(Self { header, data })
    }

    /// Writes it, padded.
    pub(super) fn write(&self, to: &mut impl Write) -> Result<()> {
        let mut bytes = self.header.to_vec();
        let length = u32::try_from(self.data.len()).map_err(|_| Error::from(ErrorKind::InvalidData))?;
        bytes[5..8].copy_from_slice(&length.to_be_bytes()[1..]);
        bytes.extend_from_slice(&self.data);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        to.write_all(&bytes)
    }

    pub(super) fn opcode(&self) -> u8 {
        self.header[0] & OPCODE
    }

    pub(super) fn is_immediate(&self) -> bool {
        self.header[0] & IMMEDIATE != 0
    }

    pub(super) fn has(&self, flag: u8) -> bool {
        self.byte(at::FLAGS) & flag != 0
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.header.get(at).copied().unwrap_or(0)
    }

    pub(super) fn word(&self, at: usize) -> u32 {
        self.field(at).map_or(0, u32::from_be_bytes)
    }

    /// A field of so many bytes; `None` only if it reaches out of the header.
    pub(super) fn field<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.header.get(at..at + N)?.try_into().ok()
    }

    pub(super) fn set_byte(mut self, at: usize, value: u8) -> Self {
        if let Some(byte) = self.header.get_mut(at) {
            *byte = value;
        }
        self
    }

    pub(super) fn set_word(self, at: usize, value: u32) -> Self {
        self.set_field(at, value.to_be_bytes())
    }

    pub(super) fn set_field<const N: usize>(mut self, at: usize, value: [u8; N]) -> Self {
        if let Some(field) = self.header.get_mut(at..at + N) {
            field.copy_from_slice(&value);
        }
        self
    }

    pub(super) fn with_data(mut self, data: Vec<u8>) -> Self {
        self.data = data;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdu_is_padded_and_read_back_without_padding() {
        let pdu = Pdu::new(opcode::NOP_IN).set_word(at::TASK_TAG, 0x0102_0304).with_data(b"hello".to_vec());
        let mut bytes = Vec::new();
        pdu.write(&mut bytes).unwrap();
        assert_eq!(bytes.len(), 48 + 8);
        assert_eq!(bytes[..8], [0x20, 0, 0, 0, 0, 0, 0, 5]);
        assert_eq!(bytes[16..20], [1, 2, 3, 4]);
        assert_eq!(Pdu::read(&mut bytes.as_slice()).unwrap().data, b"hello");
    }

    #[test]
    fn additional_header_segments_are_skipped() {
        let mut bytes = vec![0; 48];
        (bytes[0], bytes[4], bytes[7]) = (0x41, 2, 4);
        bytes.extend([9; 8]);
        bytes.extend(*b"data");
        let pdu = Pdu::read(&mut bytes.as_slice()).unwrap();
        assert_eq!((pdu.opcode(), pdu.is_immediate(), pdu.data.as_slice()), (1, true, &b"data"[..]));
    }

    #[test]
    fn a_segment_longer_than_declared_is_refused() {
        let mut bytes = vec![0; 48];
        bytes[5] = 5;
        assert_eq!(Pdu::read(&mut bytes.as_slice()).unwrap_err().kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn a_pdu_that_ends_early_is_an_error() {
        assert!(Pdu::read(&mut [0u8; 47].as_slice()).is_err());
    }
}
