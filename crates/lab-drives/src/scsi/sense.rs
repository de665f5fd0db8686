//! Sense data (SPC-4 clause 4.5), in both formats.

use crate::bytes::{be, byte, low, put_be};
use crate::{ScsiCompletion, Turn};

/// SAM-5 status codes.
pub(super) const GOOD: u8 = 0x00;
pub(super) const CHECK_CONDITION: u8 = 0x02;

/// Sense keys (SPC-4 table 51).
pub(super) mod key {
    pub(crate) const NO_SENSE: u8 = 0x0;
    pub(crate) const NOT_READY: u8 = 0x2;
    pub(crate) const MEDIUM_ERROR: u8 = 0x3;
    pub(crate) const ILLEGAL_REQUEST: u8 = 0x5;
    pub(crate) const UNIT_ATTENTION: u8 = 0x6;
    pub(crate) const ABORTED_COMMAND: u8 = 0xB;
    pub(crate) const MISCOMPARE: u8 = 0xE;
}

/// The format of sense data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Response code 70h.
    Fixed,
    /// Response code 72h.
    Descriptor,
}

/// What comes with a sense key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Nothing.
    None,
    /// How far it has come, of 65536 (SPC-4 4.5.2.4.4).
    Progress(u16),
    /// Which block (INFORMATION).
    Block(u64),
}

/// Sense data before it has a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sense {
    pub(super) key: u8,
    pub(super) code: u8,
    pub(super) qualifier: u8,
    pub(super) detail: Detail,
}

/// Length of fixed-format sense data, and of the header of the other.
const FIXED: usize = 18;
const HEADER: usize = 8;
/// Sense-key specific data are valid (SKSV); the INFORMATION field is.
const VALID: u8 = 0x80;

impl Sense {
    const fn new(key: u8, code: u8, qualifier: u8) -> Self {
        Self { key, code, qualifier, detail: Detail::None }
    }

    pub(super) const NONE: Self = Self::new(key::NO_SENSE, 0x00, 0x00);
    pub(super) const INVALID_OPERATION: Self = Self::new(key::ILLEGAL_REQUEST, 0x20, 0x00);
    pub(super) const OUT_OF_RANGE: Self = Self::new(key::ILLEGAL_REQUEST, 0x21, 0x00);
    pub(super) const INVALID_FIELD: Self = Self::new(key::ILLEGAL_REQUEST, 0x24, 0x00);
    pub(super) const INVALID_PARAMETER: Self = Self::new(key::ILLEGAL_REQUEST, 0x26, 0x00);
    pub(super) const PARAMETER_LENGTH: Self = Self::new(key::ILLEGAL_REQUEST, 0x1A, 0x00);
    pub(super) const NOT_STARTED: Self = Self::new(key::NOT_READY, 0x04, 0x02);
    pub(super) const FORMATTING: Self = Self::new(key::NOT_READY, 0x04, 0x04);
    pub(super) const SANITIZING: Self = Self::new(key::NOT_READY, 0x04, 0x1B);
    pub(super) const FORMAT_CORRUPTED: Self = Self::new(key::MEDIUM_ERROR, 0x31, 0x00);
    pub(super) const FORMAT_FAILED: Self = Self::new(key::MEDIUM_ERROR, 0x31, 0x01);
    pub(super) const SANITIZE_FAILED: Self = Self::new(key::MEDIUM_ERROR, 0x31, 0x03);
    pub(super) const UNREADABLE: Self = Self::new(key::MEDIUM_ERROR, 0x11, 0x00);
    pub(super) const UNWRITABLE: Self = Self::new(key::MEDIUM_ERROR, 0x0C, 0x02);
    pub(super) const POWERED_ON: Self = Self::new(key::UNIT_ATTENTION, 0x29, 0x01);
    pub(super) const RESET: Self = Self::new(key::UNIT_ATTENTION, 0x29, 0x02);
    pub(super) const CAPACITY_CHANGED: Self = Self::new(key::UNIT_ATTENTION, 0x2A, 0x09);
    pub(super) const INTERNAL_FAILURE: Self = Self::new(key::ABORTED_COMMAND, 0x44, 0x00);
    pub(super) const MISCOMPARED: Self = Self::new(key::MISCOMPARE, 0x1D, 0x00);

    pub(super) fn with(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    pub(super) fn bytes(self, format: Format) -> Vec<u8> {
        match format {
            Format::Fixed => self.fixed(),
            Format::Descriptor => self.descriptor(),
        }
    }

    fn fixed(self) -> Vec<u8> {
        let mut sense = vec![0; FIXED];
        put_be(&mut sense, 0, 1, 0x70);
        put_be(&mut sense, 2, 1, u64::from(self.key));
        put_be(&mut sense, 7, 1, (FIXED - HEADER) as u64);
        put_be(&mut sense, 12, 1, u64::from(self.code));
        put_be(&mut sense, 13, 1, u64::from(self.qualifier));
        match self.detail {
            Detail::None => {}
            Detail::Progress(progress) => {
                put_be(&mut sense, 15, 1, u64::from(VALID));
                put_be(&mut sense, 16, 2, u64::from(progress));
            }
            // A number that does not fit is not valid there (4.5.3).
            Detail::Block(lba) if lba > u64::from(u32::MAX) => {}
            Detail::Block(lba) => {
                put_be(&mut sense, 0, 1, u64::from(0x70 | VALID));
                put_be(&mut sense, 3, 4, lba);
            }
        }
        sense
    }

    fn descriptor(self) -> Vec<u8> {
        let mut sense = vec![0x72, self.key, self.code, self.qualifier, 0, 0, 0, 0];
        match self.detail {
            Detail::None => {}
            Detail::Progress(progress) => {
                let [high, low] = progress.to_be_bytes();
                sense.extend([0x02, 0x06, 0, 0, VALID, high, low, 0]);
            }
            Detail::Block(lba) => {
                sense.extend([0x00, 0x0A, VALID, 0]);
                sense.extend(lba.to_be_bytes());
            }
        }
        let additional = sense.len() - HEADER;
        put_be(&mut sense, 7, 1, additional as u64);
        sense
    }
}

/// What a command comes to: data, or sense data and why.
pub(super) type Outcome = Result<Vec<u8>, Sense>;

/// CHECK CONDITION.
pub(super) fn check(sense: Sense, format: Format) -> Turn<ScsiCompletion> {
    Turn::Done(ScsiCompletion { status: CHECK_CONDITION, sense: sense.bytes(format), data: Vec::new() })
}

/// GOOD, with as much of the data as fits.
pub(super) fn good(mut data: Vec<u8>, wanted: usize) -> Turn<ScsiCompletion> {
    data.truncate(wanted);
    Turn::Done(ScsiCompletion { status: GOOD, sense: Vec::new(), data })
}

/// A command descriptor block: fields by byte, absent ones zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cdb<'a>(pub(super) &'a [u8]);

impl Cdb<'_> {
    pub(super) fn byte(self, at: usize) -> u8 {
        byte(self.0, at)
    }

    pub(super) fn has(self, at: usize, bit: u8) -> bool {
        self.byte(at) & bit != 0
    }

    pub(super) fn number(self, at: usize, length: usize) -> u64 {
        be(self.0, at, length)
    }

    pub(super) fn operation(self) -> u8 {
        self.byte(0)
    }

    /// Where a service action stands in all commands of this drive that have one: byte 1, bits 4:0.
    pub(super) fn service_action(self) -> u8 {
        low(self.number(1, 1) & 0x1F)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_in_both_formats() {
        let sense = Sense::SANITIZING.with(Detail::Progress(0x1234));
        let fixed = sense.bytes(Format::Fixed);
        assert_eq!(fixed, [0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x1B, 0, 0x80, 0x12, 0x34]);
        let descriptor = sense.bytes(Format::Descriptor);
        assert_eq!(descriptor, [0x72, 2, 0x04, 0x1B, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x12, 0x34, 0]);
    }

    #[test]
    fn the_block_of_an_error_in_both_formats() {
        let sense = Sense::UNREADABLE.with(Detail::Block(0x0102_0304));
        assert_eq!(sense.bytes(Format::Fixed)[..8], [0xF0, 0, 3, 1, 2, 3, 4, 10]);
        let sense = Sense::UNREADABLE.with(Detail::Block(0x01_0000_0000));
        assert_eq!(sense.bytes(Format::Fixed)[..8], [0x70, 0, 3, 0, 0, 0, 0, 10]);
        let expected = [0x72, 3, 0x11, 0, 0, 0, 0, 12, 0, 10, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        assert_eq!(sense.bytes(Format::Descriptor), expected);
    }
}
