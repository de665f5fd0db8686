//! SCSI: INQUIRY, its vital product data, and sense data.
//!
//! Clauses are those of SCSI Primary Commands 4 (SPC-4) and SCSI Block Commands 3 (SBC-3).

mod inquiry;
mod sense;

pub use inquiry::{BlockCharacteristics, Inquiry, InquiryError, VpdError, device_id, serial_number};
pub use sense::{Sense, SenseFormat};

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
        assert_eq!(VpdPage::DeviceIdentification.code(), 0x83);
        assert_eq!(VpdPage::AtaInformation.code(), 0x89);
    }
}
