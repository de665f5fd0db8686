//! What INQUIRY answers.

use crate::ata::Rotation;
use crate::bytes::be_u16;
use model::DeviceText;

/// Why standard INQUIRY data was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InquiryError {
    /// Shorter than the 36 bytes that every device must return (SPC-4 6.6.2).
    #[error("the INQUIRY data is {0} bytes, too short")]
    Short(usize),
    /// Peripheral qualifier 3, or 1: no device is there.
    #[error("no device answers at this address")]
    NoDevice,
}

/// Standard INQUIRY data (SPC-4 6.6.2, table 141).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Byte 0 bits 4:0: peripheral device type; 00h disk, 05h optical, 0Dh enclosure, 0Eh simplified disk.
    pub device_type: u8,
    /// Byte 1 bit 7: removable medium.
    pub removable: bool,
    /// Bytes 15:8, T10 vendor identification. "ATA" behind a translation layer (SAT-3 10.3.2).
    pub vendor: DeviceText,
    /// Bytes 31:16, product identification.
    pub product: DeviceText,
    /// Bytes 35:32, product revision.
    pub revision: DeviceText,
}

impl Inquiry {
    /// Reads standard INQUIRY data.
    ///
    /// # Errors
    /// [`InquiryError`] if it is short or nothing is there.
    pub fn parse(data: &[u8]) -> Result<Self, InquiryError> {
        let (Some([first, second, ..]), 36..) = (data.get(..36), data.len()) else {
            return Err(InquiryError::Short(data.len()));
        };
        if first >> 5 != 0 {
            return Err(InquiryError::NoDevice);
        }
        let text = |from: usize, to: usize| DeviceText::from_bytes(data.get(from..to).unwrap_or_default());
        Ok(Self {
            device_type: first & 0x1F,
            removable: second & 0x80 != 0,
            vendor: text(8, 16),
            product: text(16, 32),
            revision: text(32, 36),
        })
    }

    /// Type 05h.
    #[must_use]
    pub fn is_optical(&self) -> bool {
        self.device_type == 0x05
    }
}

/// Why a vital product data page was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VpdError {
    /// Shorter than its header, or than the header says.
    #[error("the page is shorter than it says")]
    Short,
    /// Another page than the one asked for: devices without the page answer with standard data.
    #[error("page {0:02X}h came back instead")]
    OtherPage(u8),
}

fn body(data: &[u8], page: u8) -> Result<&[u8], VpdError> {
    match data {
        [_, code, _, _, ..] if *code != page => Err(VpdError::OtherPage(*code)),
        [_, _, high, low, rest @ ..] => {
            rest.get(..usize::from(u16::from_be_bytes([*high, *low]))).ok_or(VpdError::Short)
        }
        _ => Err(VpdError::Short),
    }
}

/// Unit serial number, page 80h (SPC-4 7.8.15).
///
/// # Errors
/// [`VpdError`] if it is short or another page.
pub fn serial_number(data: &[u8]) -> Result<DeviceText, VpdError> {
    body(data, 0x80).map(DeviceText::from_bytes)
}

/// The logical unit's NAA or EUI-64 name out of page 83h (SPC-4 7.8.5), in hexadecimal; empty if it has none.
///
/// # Errors
/// [`VpdError`] if it is short or another page.
pub fn device_id(data: &[u8]) -> Result<DeviceText, VpdError> {
    let mut rest = body(data, 0x83)?;
    while let [_, kind, _, len, tail @ ..] = rest {
        let Some(name) = tail.get(..usize::from(*len)) else { return Err(VpdError::Short) };
        // Association 00b (the logical unit), designator type 3h (NAA) or 2h (EUI-64).
        if kind & 0x30 == 0 && matches!(kind & 0x0F, 2 | 3) {
            let digits: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok(digits.as_str().into());
        }
        rest = tail.get(usize::from(*len)..).unwrap_or_default();
    }
    Ok(DeviceText::default())
}

/// What reading gives after an erase and before a write: WABEREQ and WACEREQ (SBC-4 6.6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterErase {
    /// 00b: not said.
    NotSpecified,
    /// 01b: reads succeed.
    Readable,
    /// 10b, 11b: reads fail until the block is written. No fault of the medium's.
    WriteRequired,
}

impl AfterErase {
    fn of(code: u8) -> Self {
        match code & 0b11 {
            0b00 => Self::NotSpecified,
            0b01 => Self::Readable,
            _ => Self::WriteRequired,
        }
    }
}

/// Block device characteristics, page B1h (SBC-3 6.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockCharacteristics {
    /// Byte 7 bits 7:6, WABEREQ.
    pub after_block_erase: AfterErase,
    /// Byte 7 bits 5:4, WACEREQ.
    pub after_crypto_erase: AfterErase,
    /// Bytes 5:4: medium rotation rate, coded as ATA's word 217.
    pub rotation: Rotation,
}

impl BlockCharacteristics {
    /// Reads page B1h.
    ///
    /// # Errors
    /// [`VpdError`] if it is short or another page.
    pub fn parse(data: &[u8]) -> Result<Self, VpdError> {
        let body = body(data, 0xB1)?;
        // Old drives end the page before byte 7.
        let byte7 = body.get(3).copied().unwrap_or(0);
        Ok(Self {
            after_block_erase: AfterErase::of(byte7 >> 6),
            after_crypto_erase: AfterErase::of(byte7 >> 4),
            rotation: Rotation::from_rate(be_u16(body, 0).ok_or(VpdError::Short)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn standard_data_is_read_where_spc_puts_it() {
        let data = b"\x00\x80\x06\x12\x1f\0\0\0 USB     SanDisk 3.2Gen11.00";
        let inquiry = Inquiry::parse(data).unwrap();
        assert!(inquiry.removable && !inquiry.is_optical());
        assert_eq!(inquiry.vendor.as_str(), "USB");
        assert_eq!(inquiry.product.as_str(), "SanDisk 3.2Gen1");
        assert_eq!(inquiry.revision.as_str(), "1.00");
        assert_eq!(Inquiry::parse(&data[..35]), Err(InquiryError::Short(35)));
    }

    #[test]
    fn qualifier_three_is_no_device() {
        assert_eq!(Inquiry::parse(&[0x7F; 36]), Err(InquiryError::NoDevice));
    }

    #[test]
    fn a_page_that_was_not_asked_for_is_refused() {
        assert_eq!(serial_number(b"\x00\x80\x00\x04AB12").unwrap().as_str(), "AB12");
        assert_eq!(serial_number(b"\x00\x00\x06\x12...."), Err(VpdError::OtherPage(0)));
        assert_eq!(serial_number(b"\x00\x80\x00\x05AB12"), Err(VpdError::Short));
        assert_eq!(serial_number(b"\x00\x80"), Err(VpdError::Short));
    }

    #[test]
    fn device_id_takes_the_naa_name_of_the_unit_and_skips_the_port() {
        let page = b"\x00\x83\x00\x14\x61\x93\x00\x08PORTNAME\x01\x03\x00\x04\x50\x01\x02\x03";
        assert_eq!(device_id(page).unwrap().as_str(), "50010203");
    }

    #[test]
    fn rotation_comes_from_bytes_4_and_5() {
        let page = |high, low| [0, 0xB1, 0, 4, high, low, 0, 0];
        assert_eq!(BlockCharacteristics::parse(&page(0, 1)).unwrap().rotation, Rotation::NonRotating);
        assert_eq!(BlockCharacteristics::parse(&page(0x1C, 0x20)).unwrap().rotation, Rotation::Rpm(7200));
        assert_eq!(BlockCharacteristics::parse(&page(0, 0)).unwrap().rotation, Rotation::NotReported);
    }

    #[test]
    fn whether_reads_fail_after_an_erase_is_in_byte_7() {
        let page = |byte7| BlockCharacteristics::parse(&[0, 0xB1, 0, 4, 0, 1, 0, byte7]).unwrap();
        let both = page(0b1001_0000);
        assert_eq!(both.after_block_erase, AfterErase::WriteRequired);
        assert_eq!(both.after_crypto_erase, AfterErase::Readable);
        assert_eq!(page(0b0011_1111).after_crypto_erase, AfterErase::WriteRequired);
        assert_eq!(page(0x0F).after_block_erase, AfterErase::NotSpecified);
        let short = BlockCharacteristics::parse(&[0, 0xB1, 0, 2, 0, 1]).unwrap();
        assert_eq!(short.after_crypto_erase, AfterErase::NotSpecified);
    }

    proptest! {
        #[test]
        fn decoders_never_panic(data in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Inquiry::parse(&data);
            let _ = serial_number(&data);
            let _ = device_id(&data);
            let _ = BlockCharacteristics::parse(&data);
        }
    }
}
