//! SCSI: INQUIRY, its vital product data, sense data, and what erases.
//!
//! Clauses are those of SCSI Primary Commands 4 (SPC-4) and SCSI Block Commands 3 (SBC-3); SANITIZE and FORMAT UNIT are
//! cited from SBC-4.

mod capacity;
mod command;
mod format;
mod inquiry;
mod opcodes;
pub mod sanitize;
mod sense;

pub use capacity::{CAPACITY_LEN, Capacity, CapacityError, read_capacity_16};
pub use command::Command;
pub use format::{Protection, format_unit};
pub use inquiry::{
    AfterErase, BlockCharacteristics, Inquiry, InquiryError, VpdError, device_id, serial_number,
};
pub use opcodes::{Asked, ONE_COMMAND_LEN, OneCommand, Supported, report_one};
pub(crate) use sense::Descriptors;
pub use sense::{Condition, Sense, SenseFormat, SenseKey};

/// INQUIRY of the standard data (SPC-4 6.6).
#[must_use]
pub fn inquiry(allocation: u8) -> [u8; 6] {
    [0x12, 0, 0, 0, allocation, 0]
}

/// INQUIRY of a vital product data page (SPC-4 6.6, EVPD = 1).
#[must_use]
pub fn vital_product_data(page: VpdPage, allocation: u8) -> [u8; 6] {
    [0x12, 0x01, page.code(), 0, allocation, 0]
}

/// TEST UNIT READY (SPC-4 6.47).
#[must_use]
pub fn test_unit_ready() -> [u8; 6] {
    [0; 6]
}

/// SYNCHRONIZE CACHE (10) (SBC-3, 35h) of all blocks: NUMBER OF LOGICAL BLOCKS 0 from block 0, IMMED 0, so that the answer
/// comes when everything is on the medium.
#[must_use]
pub fn synchronize_cache() -> [u8; 10] {
    [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]
}

/// REQUEST SENSE (SPC-4 6.39) in descriptor format (DESC = 1), 252 bytes. A drive that knows only the fixed format
/// answers in that, or refuses the field: then [`request_fixed_sense`] is for it.
#[must_use]
pub fn request_sense() -> [u8; 6] {
    [0x03, 0x01, 0, 0, REQUEST_SENSE_LEN, 0]
}

/// REQUEST SENSE (SPC-4 6.39) in fixed format (DESC = 0), 252 bytes.
#[must_use]
pub fn request_fixed_sense() -> [u8; 6] {
    [0x03, 0, 0, 0, REQUEST_SENSE_LEN, 0]
}

/// The bytes that [`request_sense`] and [`request_fixed_sense`] ask for.
pub const REQUEST_SENSE_LEN: u8 = 252;

/// Vital product data pages that massho reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VpdPage {
    /// 80h: unit serial number (SPC-4 7.8.15).
    UnitSerialNumber,
    /// 83h: device identification (SPC-4 7.8.5).
    DeviceIdentification,
    /// 89h: ATA information (SAT-3 12.4.2): behind a SAS adapter, this drive is ATA.
    AtaInformation,
    /// B1h: block device characteristics (SBC-3 6.5.3).
    BlockDeviceCharacteristics,
}

impl VpdPage {
    /// The page code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::UnitSerialNumber => 0x80,
            Self::DeviceIdentification => 0x83,
            Self::AtaInformation => 0x89,
            Self::BlockDeviceCharacteristics => 0xB1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inquiry_is_12h_and_evpd_is_bit_0_of_byte_1() {
        assert_eq!(inquiry(96), [0x12, 0, 0, 0, 96, 0]);
        assert_eq!(vital_product_data(VpdPage::UnitSerialNumber, 252), [0x12, 1, 0x80, 0, 252, 0]);
        assert_eq!(vital_product_data(VpdPage::BlockDeviceCharacteristics, 64), [0x12, 1, 0xB1, 0, 64, 0]);
        assert_eq!(test_unit_ready(), [0, 0, 0, 0, 0, 0]);
        assert_eq!(synchronize_cache(), [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(request_sense(), [0x03, 0x01, 0, 0, 0xFC, 0]);
        assert_eq!(request_fixed_sense(), [0x03, 0x00, 0, 0, 0xFC, 0]);
        assert_eq!(VpdPage::DeviceIdentification.code(), 0x83);
        assert_eq!(VpdPage::AtaInformation.code(), 0x89);
    }
}
