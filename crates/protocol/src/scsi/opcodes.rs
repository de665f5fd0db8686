//! REPORT SUPPORTED OPERATION CODES, A3h/0Ch, for one command (SPC-4 6.35).

use crate::bytes::{be_u16, be_u32};
use std::time::Duration;

/// Byte 2 bit 7, RCTD: return the timeouts too.
const RCTD: u8 = 1 << 7;
/// REPORTING OPTIONS 001b: one operation code without service actions.
const ONE_OPCODE: u8 = 0b001;
/// REPORTING OPTIONS 010b: one operation code with a service action.
const ONE_SERVICE_ACTION: u8 = 0b010;
/// The answer is at most this long: four bytes, a CDB of 16 or a few more, twelve of timeouts.
pub const ONE_COMMAND_LEN: u16 = 64;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A command without service actions.
    Opcode(u8),
    /// A command with one.
    ServiceAction(u8, u16),
}

/// The CDB of the question.
#[must_use]
pub fn report_one(asked: Asked) -> [u8; 12] {
    let (options, opcode, action) = match asked {
        Asked::Opcode(opcode) => (ONE_OPCODE, opcode, 0),
        Asked::ServiceAction(opcode, action) => (ONE_SERVICE_ACTION, opcode, action),
    };
    let [action_high, action_low] = action.to_be_bytes();
    let [_, _, len_high, len_low] = u32::from(ONE_COMMAND_LEN).to_be_bytes();
    [0xA3, 0x0C, RCTD | options, opcode, action_high, action_low, 0, 0, len_high, len_low, 0, 0]
}

/// SUPPORT (SPC-4 table 300).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supported {
    /// 000b: the data are not there at the moment, and reserved values.
    Unknown,
    /// 001b.
    No,
    /// 011b: as a standard says.
    Yes,
    /// 101b: in the vendor's way, which is not ours.
    VendorSpecific,
}

/// What the drive says of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneCommand {
    /// Whether it is supported.
    pub supported: Supported,
    /// NOMINAL COMMAND PROCESSING TIMEOUT, if it is given.
    pub nominal: Option<Duration>,
    /// RECOMMENDED COMMAND TIMEOUT, if it is given.
    pub recommended: Option<Duration>,
}

impl OneCommand {
    /// Reads the answer; `None` if it is shorter than its header.
    #[must_use]
    pub fn parse(data: &[u8]) -> Option<Self> {
        let flags = *data.get(1)?;
        let cdb_len = be_u16(data, 2)?;
        let supported = match flags & 0b111 {
            0b001 => Supported::No,
            0b011 => Supported::Yes,
            0b101 => Supported::VendorSpecific,
            _ => Supported::Unknown,
        };
        // Bit 7, CTDP: a timeouts descriptor follows the CDB usage data (SPC-4 6.35.4).
        let timeouts = (flags & 1 << 7 != 0).then(|| data.get(4 + usize::from(cdb_len)..)).flatten();
        let seconds = |at| {
            let seconds = timeouts.and_then(|descriptor| be_u32(descriptor, at)).unwrap_or(0);
            (seconds != 0).then(|| Duration::from_secs(seconds.into()))
        };
        Some(Self { supported, nominal: seconds(4), recommended: seconds(8) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_command_is_asked_for_with_its_timeouts() {
        let sanitize = report_one(Asked::ServiceAction(0x48, 0x0002));
        assert_eq!(sanitize, [0xA3, 0x0C, 0x82, 0x48, 0, 2, 0, 0, 0, 64, 0, 0]);
        let format = report_one(Asked::Opcode(0x04));
        assert_eq!(format, [0xA3, 0x0C, 0x81, 0x04, 0, 0, 0, 0, 0, 64, 0, 0]);
    }

    #[test]
    fn support_is_in_bits_2_0_and_timeouts_follow_the_usage_data() {
        let mut data = vec![0, 0x83, 0, 10];
        data.extend([0xFF; 10]);
        data.extend([0, 10, 0, 0, 0, 0, 0, 60, 0, 0, 0x0E, 0x10]);
        let read = OneCommand::parse(&data).unwrap();
        assert_eq!(read.supported, Supported::Yes);
        assert_eq!(read.nominal, Some(Duration::from_secs(60)));
        assert_eq!(read.recommended, Some(Duration::from_secs(3600)));
    }

    #[test]
    fn what_is_not_said_is_not_known() {
        let supported = |code| OneCommand::parse(&[0, code, 0, 0]).unwrap().supported;
        assert_eq!(supported(0b000), Supported::Unknown);
        assert_eq!(supported(0b010), Supported::Unknown);
        assert_eq!((supported(0b001), supported(0b101)), (Supported::No, Supported::VendorSpecific));
        let cut = OneCommand::parse(&[0, 0x83, 0, 10, 0xFF]).unwrap();
        assert_eq!((cut.nominal, cut.recommended), (None, None));
        assert_eq!(OneCommand::parse(&[0, 3, 0]), None);
    }

    proptest! {
        #[test]
        fn decoder_never_panics(data in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = OneCommand::parse(&data);
        }
    }
}
