//! Sense data (SPC-4 clause 4.5), with the ATA registers that SAT puts into it.

use crate::ScsiCompletion;
use crate::ata::taskfile::{Refusal, Registers};
use crate::bytes::{low, put, put_be};

/// SAM status CHECK CONDITION.
const CHECK_CONDITION: u8 = 0x02;
/// SAM status BUSY.
const BUSY: u8 = 0x08;
/// Byte 15 of fixed format and byte 4 of the descriptor: the sense key specific bytes are valid.
const SKSV: u8 = 0x80;
/// Byte 0 of fixed format and byte 2 of the descriptor: the information is valid.
const INFORMATION_VALID: u8 = 0x80;
/// Descriptor types: information, sense key specific, ATA Status Return.
const INFORMATION: u8 = 0x00;
const SENSE_KEY_SPECIFIC: u8 = 0x02;
const ATA_STATUS_RETURN: u8 = 0x09;

/// Which of the two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// 70h.
    Fixed,
    /// 72h.
    Descriptor,
}

/// What is wrong, or worth to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sense {
    key: u8,
    asc: u8,
    ascq: u8,
    information: Option<u64>,
    progress: Option<u16>,
}

impl Sense {
    const fn new(key: u8, asc: u8, ascq: u8) -> Self {
        Self { key, asc, ascq, information: None, progress: None }
    }

    /// ILLEGAL REQUEST, INVALID COMMAND OPERATION CODE.
    pub(crate) const INVALID_OPCODE: Self = Self::new(0x05, 0x20, 0x00);
    /// ILLEGAL REQUEST, INVALID FIELD IN CDB.
    pub(crate) const INVALID_FIELD: Self = Self::new(0x05, 0x24, 0x00);
    /// ILLEGAL REQUEST, INVALID FIELD IN PARAMETER LIST.
    pub(crate) const INVALID_PARAMETER: Self = Self::new(0x05, 0x26, 0x00);
    /// RECOVERED ERROR, ATA PASS-THROUGH INFORMATION AVAILABLE.
    pub(crate) const REGISTERS: Self = Self::new(0x01, 0x00, 0x1d);
    /// MEDIUM ERROR, SANITIZE COMMAND FAILED.
    pub(crate) const SANITIZE_FAILED: Self = Self::new(0x03, 0x31, 0x03);

    /// NOT READY, SANITIZE IN PROGRESS.
    pub(crate) const fn sanitizing(progress: u16) -> Self {
        Self { progress: Some(progress), ..Self::new(0x02, 0x04, 0x1b) }
    }

    pub(crate) fn encode(&self, format: Format) -> Vec<u8> {
        match format {
            Format::Fixed => self.fixed(),
            Format::Descriptor => self.descriptor(),
        }
    }

    fn fixed(&self) -> Vec<u8> {
        let mut bytes = vec![0; 18];
        put(&mut bytes, 0, &[0x70, 0, self.key]);
        put(&mut bytes, 7, &[10]);
        put(&mut bytes, 12, &[self.asc, self.ascq]);
        if let Some(information) = self.information.filter(|lba| *lba <= u64::from(u32::MAX)) {
            put(&mut bytes, 0, &[0x70 | INFORMATION_VALID]);
            put_be(&mut bytes, 3, 4, information);
        }
        if let Some(progress) = self.progress {
            put(&mut bytes, 15, &[SKSV]);
            put_be(&mut bytes, 16, 2, u64::from(progress));
        }
        bytes
    }

    fn descriptor(&self) -> Vec<u8> {
        let mut bytes = vec![0x72, self.key, self.asc, self.ascq, 0, 0, 0, 0];
        if let Some(information) = self.information {
            bytes.extend([INFORMATION, 10, INFORMATION_VALID, 0]);
            bytes.extend(information.to_be_bytes());
        }
        if let Some(progress) = self.progress {
            let [high, low] = progress.to_be_bytes();
            bytes.extend([SENSE_KEY_SPECIFIC, 6, 0, 0, SKSV, high, low, 0]);
        }
        with_length(bytes)
    }

    /// CHECK CONDITION with this sense data.
    pub(crate) fn check(&self, format: Format) -> ScsiCompletion {
        completion(self.encode(format), Vec::new())
    }

    /// CHECK CONDITION with this sense data and the ATA registers (SAT-3 clause 12.2.2.6 and 12.2.2.7). Their descriptor
    /// is the only one: there are hosts that look for it in the first place alone.
    pub(crate) fn check_with(&self, format: Format, answer: &AtaAnswer, data: Vec<u8>) -> ScsiCompletion {
        match format {
            Format::Descriptor => {
                let mut bytes = Self { information: None, ..*self }.descriptor();
                bytes.extend(answer.descriptor());
                completion(with_length(bytes), data)
            }
            Format::Fixed => {
                let mut bytes = self.fixed();
                answer.put_into_fixed(&mut bytes);
                completion(bytes, data)
            }
        }
    }
}

impl From<Refusal> for Sense {
    /// SAT-3 clause 11: how ATA errors become sense data.
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Abort | Refusal::AbortFor(_) => Self::new(0x0b, 0x00, 0x00),
            Refusal::NotFound => Self::new(0x05, 0x21, 0x00),
            Refusal::Unreadable(lba) => Self { information: Some(lba), ..Self::new(0x03, 0x11, 0x04) },
            Refusal::Unwritable(lba) => Self { information: Some(lba), ..Self::new(0x03, 0x0c, 0x00) },
            Refusal::Fault => Self::new(0x04, 0x44, 0x00),
        }
    }
}

/// The registers of a finished ATA command, and whether they have 48-bit values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AtaAnswer {
    pub(crate) registers: Registers,
    pub(crate) extended: bool,
}

impl AtaAnswer {
    /// The ATA Status Return descriptor.
    pub(crate) fn descriptor(&self) -> Vec<u8> {
        let Registers { status, error, count, lba, device } = self.registers;
        let lba: Vec<u8> = (0..6).map(|byte| low(lba >> (8 * byte))).collect();
        let mut bytes = vec![ATA_STATUS_RETURN, 12, u8::from(self.extended), error, 0, 0];
        put_be(&mut bytes, 4, 2, u64::from(count));
        for (high, low) in lba.iter().skip(3).zip(&lba) {
            bytes.extend([high, low]);
        }
        bytes.extend([device, status]);
        if !self.extended {
            for high in [4, 6, 8, 10] {
                put(&mut bytes, high, &[0]);
            }
        }
        bytes
    }

    /// Fixed format has no room for the upper halves and says only whether they are zeros.
    fn put_into_fixed(&self, bytes: &mut [u8]) {
        let Registers { status, error, count, lba, device } = self.registers;
        let upper = |set: bool, bit: u8| u8::from(set && self.extended) << bit;
        let flags = u8::from(self.extended) << 7 | upper(count > 0xff, 6) | upper(lba >> 24 != 0, 5);
        put(bytes, 0, &[0x70]);
        put(bytes, 3, &[error, status, device, low(u64::from(count))]);
        put(bytes, 8, &[flags, low(lba), low(lba >> 8), low(lba >> 16)]);
    }
}

/// Status BUSY.
pub(crate) fn busy() -> ScsiCompletion {
    ScsiCompletion { status: BUSY, ..ScsiCompletion::default() }
}

/// Status GOOD.
pub(crate) fn good(data: Vec<u8>) -> ScsiCompletion {
    ScsiCompletion { data, ..ScsiCompletion::default() }
}

fn completion(sense: Vec<u8>, data: Vec<u8>) -> ScsiCompletion {
    ScsiCompletion { status: CHECK_CONDITION, sense, data }
}

fn with_length(mut bytes: Vec<u8>) -> Vec<u8> {
    let length = bytes.len().saturating_sub(8) as u64;
    put(&mut bytes, 7, &[low(length)]);
    bytes
}
