//! The Host Protected Area feature set (ATA8-ACS 4.12; taken out of ACS-3): blocks behind the address that a drive
//! reports as its last.

use super::command::{Command, DEVICE_LBA, Protocol, Width};
use super::registers::Registers;

/// COUNT bit 0 of SET MAX ADDRESS, VV: keep the new address over a power cycle (ATA8-ACS 7.46.2).
const VOLATILE_VALUE: u16 = 1 << 0;

/// How long a new address holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// Until the next power-on. It can be changed as often as one likes.
    Volatile,
    /// For good. Once in a power cycle only.
    Permanent,
}

/// READ NATIVE MAX ADDRESS EXT, 27h (48-bit), or READ NATIVE MAX ADDRESS, F8h (28-bit) (ATA8-ACS 7.32, 7.33).
#[must_use]
pub const fn read_native_max(width: Width) -> Command {
    let opcode = match width {
        Width::Bits48 => 0x27,
        Width::Bits28 => 0xF8,
    };
    let mut command = Command::new(opcode, width, Protocol::NonData);
    command.device = DEVICE_LBA;
    command
}

/// SET MAX ADDRESS EXT, 37h, or SET MAX ADDRESS, F9h with FEATURE 00h (ATA8-ACS 7.46, 7.47): the last address that the
/// drive will answer to. Must follow [`read_native_max`] of the same width immediately. `None` for an address that does
/// not fit.
#[must_use]
pub fn set_max(width: Width, last: u64, lasting: Lasting) -> Option<Command> {
    let (opcode, bits) = match width {
        Width::Bits48 => (0x37, 48),
        Width::Bits28 => (0xF9, 28),
    };
    if last >> bits != 0 {
        return None;
    }
    let mut command = Command::new(opcode, width, Protocol::NonData);
    command.count = match lasting {
        Lasting::Volatile => 0,
        Lasting::Permanent => VOLATILE_VALUE,
    };
    command.device = DEVICE_LBA;
    command.lba = last;
    if width == Width::Bits28 {
        // LBA 27:24 stand in DEVICE 3:0.
        let [_, _, _, top, ..] = last.to_le_bytes();
        command.lba = last & 0xFF_FFFF;
        command.device |= top;
    }
    Some(command)
}

/// The last address out of an answer to [`read_native_max`] or [`set_max`]; `None` where it did not come through.
#[must_use]
pub fn last_address(width: Width, registers: &Registers) -> Option<u64> {
    match width {
        Width::Bits48 => registers.lba48(),
        Width::Bits28 => registers.lba28().map(u64::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ata::{FullRegisters, ShortRegisters, Upper};

    #[test]
    fn read_native_max_is_27h_or_f8h_by_lba() {
        let text = |width| read_native_max(width).describe();
        assert_eq!(text(Width::Bits48), "ATA 27h FEATURE=0000h COUNT=0000h LBA=000000000000h DEVICE=40h");
        assert_eq!(text(Width::Bits28), "ATA F8h FEATURE=0000h COUNT=0000h LBA=000000000000h DEVICE=40h");
    }

    #[test]
    fn set_max_ext_has_48_bits_and_bit_0_of_count_makes_it_last() {
        let text = |lasting| set_max(Width::Bits48, 0x1234_5678_9ABC, lasting).unwrap().describe();
        assert_eq!(text(Lasting::Volatile), "ATA 37h FEATURE=0000h COUNT=0000h LBA=123456789ABCh DEVICE=40h");
        assert_eq!(
            text(Lasting::Permanent),
            "ATA 37h FEATURE=0000h COUNT=0001h LBA=123456789ABCh DEVICE=40h"
        );
    }

    #[test]
    fn set_max_has_the_top_of_28_bits_in_device() {
        let text = set_max(Width::Bits28, 0x0ABC_DEF0, Lasting::Volatile).unwrap().describe();
        assert_eq!(text, "ATA F9h FEATURE=0000h COUNT=0000h LBA=000000BCDEF0h DEVICE=4Ah");
    }

    #[test]
    fn an_address_that_does_not_fit_is_refused() {
        assert_eq!(set_max(Width::Bits28, 1 << 28, Lasting::Volatile), None);
        assert_eq!(set_max(Width::Bits48, 1 << 48, Lasting::Volatile), None);
    }

    #[test]
    fn a_48_bit_address_out_of_half_the_registers_is_none() {
        let full = FullRegisters { error: 0, status: 0x50, device: 0x40, count: 0, lba: 0x3A38_6030_1234 };
        assert_eq!(last_address(Width::Bits48, &Registers::Full(full)), Some(0x3A38_6030_1234));
        let short = ShortRegisters {
            error: 0,
            status: 0x50,
            device: 0x4B,
            count: 0,
            lba: 0x30_1234,
            count_upper: Upper::Unknown,
            lba_upper: Upper::NonZero,
        };
        assert_eq!(last_address(Width::Bits48, &Registers::Short(short)), None);
        assert_eq!(last_address(Width::Bits28, &Registers::Short(short)), Some(0x0B30_1234));
    }
}
