//! FORMAT UNIT, 04h (SBC-4 5.4).

use super::command::Command;

const FORMAT_UNIT: u8 = 0x04;
/// Byte 1 bit 4: a parameter list follows.
const FMTDATA: u8 = 1 << 4;
/// Parameter list header byte 1 bit 1: answer at once, and go on.
const IMMED: u8 = 1 << 1;

/// Protection information of a logical unit: READ CAPACITY (16) bytes 12 (SBC-4 table 76).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// PROT_EN = 0.
    None,
    /// P_TYPE = 000b.
    Type1,
    /// P_TYPE = 001b.
    Type2,
    /// P_TYPE = 010b.
    Type3,
}

/// FORMAT UNIT of the whole unit: FFMT = 00b, so that the medium is written, with the unit's own protection information
/// kept (FMTPINFO and PROTECTION FIELD USAGE, SBC-4 table 39: without them it would be dropped), and IMMED by a short
/// parameter list with the drive's own defaults (FOV = 0).
#[must_use]
pub fn format_unit(keep: Protection) -> Command {
    // FMTPINFO, byte 1 bits 7:6; PROTECTION FIELD USAGE, parameter list byte 0 bits 2:0.
    let (information, usage) = match keep {
        Protection::None => (0b00, 0b000),
        Protection::Type1 => (0b10, 0b000),
        Protection::Type2 => (0b11, 0b000),
        Protection::Type3 => (0b11, 0b001),
    };
    Command::new(&[FORMAT_UNIT, information << 6 | FMTDATA, 0, 0, 0, 0], &[usage, IMMED, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_unit_has_ffmt_0_and_immed_in_a_short_list() {
        assert_eq!(format_unit(Protection::None).describe(), "SCSI 04 10 00 00 00 00 parameters 00 02 00 00");
    }

    #[test]
    fn format_unit_keeps_protection_information() {
        let text = |keep| format_unit(keep).describe();
        assert_eq!(text(Protection::Type1), "SCSI 04 90 00 00 00 00 parameters 00 02 00 00");
        assert_eq!(text(Protection::Type2), "SCSI 04 D0 00 00 00 00 parameters 00 02 00 00");
        assert_eq!(text(Protection::Type3), "SCSI 04 D0 00 00 00 00 parameters 01 02 00 00");
    }
}
