//! A command as the drive's registers take it.

/// The block of every ATA data transfer that massho makes, in bytes (ACS-3 3.1: a 256-word block).
pub const SECTOR: usize = 512;

/// How the command's data move (SAT-3 12.2.2.2, table 141).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// No data.
    NonData,
    /// From the drive, programmed.
    PioIn,
    /// To the drive, programmed.
    PioOut,
    /// By DMA, either way as `direction` of the transfer says; here always from the drive.
    DmaIn,
}

/// How wide the registers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// FEATURE and COUNT of 8 bits, LBA of 28.
    Bits28,
    /// FEATURE and COUNT of 16 bits, LBA of 48: the commands named EXT and SANITIZE DEVICE.
    Bits48,
}

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// COMMAND.
    pub command: u8,
    /// FEATURE.
    pub feature: u16,
    /// COUNT.
    pub count: u16,
    /// LBA.
    pub lba: u64,
    /// DEVICE without the obsolete bits; bit 6 where the command addresses by LBA.
    pub device: u8,
    /// How wide the registers are.
    pub width: Width,
    /// How data move.
    pub protocol: Protocol,
}

/// DEVICE bit 6: the address is an LBA.
pub(crate) const DEVICE_LBA: u8 = 1 << 6;

impl Command {
    /// A 28-bit command without data, all registers zero.
    #[must_use]
    pub(crate) const fn new(command: u8, width: Width, protocol: Protocol) -> Self {
        let count = match protocol {
            Protocol::NonData => 0,
            // The transfer length stands in COUNT (SAT-3 12.2.2.2, T_LENGTH = 10b).
            Protocol::PioIn | Protocol::PioOut | Protocol::DmaIn => 1,
        };
        Self { command, feature: 0, count, lba: 0, device: 0, width, protocol }
    }

    /// The command as a record keeps it.
    #[must_use]
    pub fn describe(&self) -> String {
        let Self { command, feature, count, lba, device, .. } = self;
        format!(
            "ATA {command:02X}h FEATURE={feature:04X}h COUNT={count:04X}h LBA={lba:012X}h DEVICE={device:02X}h"
        )
    }
}

/// IDENTIFY DEVICE, ECh (ACS-3 7.12).
#[must_use]
pub const fn identify_device() -> Command {
    Command::new(0xEC, Width::Bits28, Protocol::PioIn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identify_device_is_ec_with_one_block() {
        let text = identify_device().describe();
        assert_eq!(text, "ATA ECh FEATURE=0000h COUNT=0001h LBA=000000000000h DEVICE=00h");
    }
}
