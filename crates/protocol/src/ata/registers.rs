//! What the drive's registers held after a command, and how much of that came through.

use crate::flags::flags;

flags! {
    /// STATUS (ACS-3 6.2).
    Status: u8 {
        /// Bit 0: ERR, or CHK: the command failed.
        error = 0;
        /// Bit 5: DF, the drive has a fault, or SE.
        device_fault = 5;
        /// Bit 6: DRDY.
        ready = 6;
        /// Bit 7: BSY: the other bits mean nothing.
        busy = 7;
    }
}

flags! {
    /// ERROR (ACS-3 6.3).
    Error: u8 {
        /// Bit 2: ABRT: the command was aborted, or is not supported.
        aborted = 2;
        /// Bit 4: IDNF: no such address.
        id_not_found = 4;
        /// Bit 6: UNC: data could not be read.
        uncorrectable = 6;
        /// Bit 7: ICRC: the transfer was damaged.
        interface_crc = 7;
    }
}

/// All registers, of 48 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullRegisters {
    /// ERROR.
    pub error: u8,
    /// STATUS.
    pub status: u8,
    /// DEVICE.
    pub device: u8,
    /// COUNT 15:0.
    pub count: u16,
    /// LBA 47:0.
    pub lba: u64,
}

/// What is known of the upper halves of COUNT and LBA where they did not come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upper {
    /// They are zero.
    Zero,
    /// They are not zero.
    NonZero,
    /// Nothing is known: the answer is of the 28-bit kind.
    Unknown,
}

/// The lower halves of the registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortRegisters {
    /// ERROR.
    pub error: u8,
    /// STATUS.
    pub status: u8,
    /// DEVICE.
    pub device: u8,
    /// COUNT 7:0.
    pub count: u8,
    /// LBA 23:0.
    pub lba: u32,
    /// COUNT 15:8.
    pub count_upper: Upper,
    /// LBA 47:24.
    pub lba_upper: Upper,
}

/// What came back of the registers. A caller that needs the upper half of COUNT gets it from [`Registers::Full`] or not
/// at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registers {
    /// All of them.
    Full(FullRegisters),
    /// The lower halves: fixed-format sense data, or an answer of the 28-bit kind.
    Short(ShortRegisters),
    /// None: the host adapter or the bridge returned nothing.
    Missing,
}

impl Registers {
    /// STATUS, if it came.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Full(registers) => Some(Status(registers.status)),
            Self::Short(registers) => Some(Status(registers.status)),
            Self::Missing => None,
        }
    }

    /// ERROR, if it came.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        match self {
            Self::Full(registers) => Some(Error(registers.error)),
            Self::Short(registers) => Some(Error(registers.error)),
            Self::Missing => None,
        }
    }

    /// LBA 7:0, if it came.
    #[must_use]
    pub fn lba_low(&self) -> Option<u8> {
        match self {
            Self::Full(registers) => Some(registers.lba.to_le_bytes()[0]),
            Self::Short(registers) => Some(registers.lba.to_le_bytes()[0]),
            Self::Missing => None,
        }
    }

    /// The 28-bit address: LBA 23:0 and DEVICE 3:0 (ACS-3 7.1.6).
    #[must_use]
    pub fn lba28(&self) -> Option<u32> {
        let (device, low) = match self {
            Self::Full(registers) => (registers.device, registers.lba & 0xFF_FFFF),
            Self::Short(registers) => (registers.device, u64::from(registers.lba)),
            Self::Missing => return None,
        };
        u32::try_from(u64::from(device & 0xF) << 24 | low).ok()
    }

    /// The 48-bit address, known also where the upper half is known to be zero.
    #[must_use]
    pub fn lba48(&self) -> Option<u64> {
        match self {
            Self::Full(registers) => Some(registers.lba),
            Self::Short(registers) if registers.lba_upper == Upper::Zero => Some(registers.lba.into()),
            Self::Short(_) | Self::Missing => None,
        }
    }

    /// The registers as a record keeps them.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Full(FullRegisters { error, status, device, count, lba }) => format!(
                "STATUS={status:02X}h ERROR={error:02X}h COUNT={count:04X}h LBA={lba:012X}h DEVICE={device:02X}h"
            ),
            Self::Short(ShortRegisters { error, status, device, count, lba, .. }) => format!(
                "STATUS={status:02X}h ERROR={error:02X}h COUNT=..{count:02X}h LBA=..{lba:06X}h DEVICE={device:02X}h"
            ),
            Self::Missing => "no registers".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: ShortRegisters = ShortRegisters {
        error: 4,
        status: 0x51,
        device: 0x4A,
        count: 0,
        lba: 0x12_3456,
        count_upper: Upper::Unknown,
        lba_upper: Upper::Unknown,
    };

    #[test]
    fn a_48_bit_address_is_not_made_of_the_lower_half() {
        assert_eq!(Registers::Short(SHORT).lba48(), None);
        let upper = |lba_upper| Registers::Short(ShortRegisters { lba_upper, ..SHORT }).lba48();
        assert_eq!((upper(Upper::Zero), upper(Upper::NonZero)), (Some(0x12_3456), None));
        assert_eq!(Registers::Missing.lba48(), None);
    }

    #[test]
    fn a_28_bit_address_has_its_top_in_device() {
        assert_eq!(Registers::Short(SHORT).lba28(), Some(0x0A12_3456));
    }

    #[test]
    fn status_and_error_bits_have_their_places() {
        let short = Registers::Short(SHORT);
        assert!(short.status().unwrap().error() && short.status().unwrap().ready());
        assert!(!short.status().unwrap().device_fault() && !short.status().unwrap().busy());
        assert!(short.error().unwrap().aborted() && !short.error().unwrap().id_not_found());
        assert!(Status(0x20).device_fault() && Status(0x80).busy());
    }

    #[test]
    fn a_record_says_which_halves_are_known() {
        let text = Registers::Short(SHORT).describe();
        assert_eq!(text, "STATUS=51h ERROR=04h COUNT=..00h LBA=..123456h DEVICE=4Ah");
    }
}
