//! Identify data: controller (CNS 01h) and namespace (CNS 00h).

use crate::bytes::{le_u16, le_u32, le_u64};
use model::DeviceText;

/// The length of an Identify page in bytes.
const PAGE: usize = 4096;

/// Why an Identify page was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifyError {
    /// Shorter than the fields that are needed.
    #[error("the Identify page is {0} bytes, too short")]
    Short(usize),
    /// Nothing but zeros: no drive answers so, a broken bridge does.
    #[error("the Identify page is empty")]
    Empty,
    /// The current LBA format is not in the table, or its block size is no block size.
    #[error("LBA format {0} does not make sense")]
    LbaFormat(u8),
}

/// Identify Controller (figure 275).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    /// SN, bytes 23:4.
    pub serial: DeviceText,
    /// MN, bytes 63:24.
    pub model: DeviceText,
    /// FR, bytes 71:64.
    pub firmware: DeviceText,
    /// OACS, bytes 257:256.
    oacs: u16,
    /// SANICAP, bytes 331:328.
    pub sanicap: u32,
    /// NN, bytes 519:516: the greatest namespace identifier; `None` in a page cut before it.
    pub namespaces: Option<u32>,
    /// FNA, byte 524; `None` in a page cut before it.
    fna: Option<u8>,
}

impl Controller {
    /// Reads an Identify Controller page.
    ///
    /// # Errors
    /// [`IdentifyError`] if it is too short or empty.
    pub fn parse(page: &[u8]) -> Result<Self, IdentifyError> {
        if page.len() < 512 {
            return Err(IdentifyError::Short(page.len()));
        }
        if page.iter().all(|byte| *byte == 0) {
            return Err(IdentifyError::Empty);
        }
        let text = |from: usize, to: usize| DeviceText::from_bytes(page.get(from..to).unwrap_or_default());
        Ok(Self {
            serial: text(4, 24),
            model: text(24, 64),
            firmware: text(64, 72),
            oacs: le_u16(page, 256).unwrap_or(0),
            sanicap: le_u32(page, 328).unwrap_or(0),
            namespaces: le_u32(page, 516),
            fna: page.get(524).copied(),
        })
    }

    /// OACS bit 1: Format NVM is supported.
    #[must_use]
    pub fn supports_format(&self) -> bool {
        self.oacs & 1 << 1 != 0
    }

    /// OACS bit 3: Namespace Management is supported.
    #[must_use]
    pub fn supports_namespace_management(&self) -> bool {
        self.oacs & 1 << 3 != 0
    }

    /// FNA bit 0: a format reaches all namespaces, whichever is named. `None` if not known.
    #[must_use]
    pub fn format_reaches_all_namespaces(&self) -> Option<bool> {
        self.fna.map(|fna| fna & 1 != 0)
    }

    /// FNA bit 1: a secure erase reaches all namespaces, whichever is named. `None` if not known.
    #[must_use]
    pub fn erase_reaches_all_namespaces(&self) -> Option<bool> {
        self.fna.map(|fna| fna & 1 << 1 != 0)
    }

    /// FNA bit 2: Format NVM with cryptographic erase is supported. `None` if not known.
    #[must_use]
    pub fn supports_crypto_erase(&self) -> Option<bool> {
        self.fna.map(|fna| fna & 1 << 2 != 0)
    }

    /// FNA bit 3 clear: Format NVM takes FFFFFFFFh for all namespaces. `None` if not known.
    #[must_use]
    pub fn format_takes_broadcast(&self) -> Option<bool> {
        self.fna.map(|fna| fna & 1 << 3 == 0)
    }

    /// SANICAP bit 1: Sanitize block erase.
    #[must_use]
    pub fn sanitizes_by_block_erase(&self) -> bool {
        self.sanicap & 1 << 1 != 0
    }

    /// SANICAP bit 0: Sanitize crypto erase.
    #[must_use]
    pub fn sanitizes_by_crypto_erase(&self) -> bool {
        self.sanicap & 1 != 0
    }

    /// SANICAP bit 29, NDI: Sanitize with NDAS is refused, or deallocates all the same.
    #[must_use]
    pub fn inhibits_no_deallocate(&self) -> bool {
        self.sanicap & 1 << 29 != 0
    }

    /// SANICAP 31:30, NODMMAS.
    #[must_use]
    pub fn no_deallocate_media(&self) -> NoDeallocateMedia {
        match self.sanicap >> 30 {
            0b01 => NoDeallocateMedia::NotModified,
            0b10 => NoDeallocateMedia::Modified,
            _ => NoDeallocateMedia::NotDefined,
        }
    }

    /// SANICAP bit 2: Sanitize overwrite.
    #[must_use]
    pub fn sanitizes_by_overwrite(&self) -> bool {
        self.sanicap & 1 << 2 != 0
    }
}

/// NODMMAS: what a Sanitize that does not deallocate does to the medium after it has erased it (figure 275).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDeallocateMedia {
    /// 00b and the reserved 11b: not defined.
    NotDefined,
    /// 01b: nothing more is written.
    NotModified,
    /// 10b: it is written once more.
    Modified,
}

/// One LBA format (NVM Command Set 1.0, figure 98).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LbaFormat {
    /// MS, bits 15:0: metadata bytes per block.
    pub metadata: u16,
    /// LBADS, bits 23:16: block size as a power of two, in bytes here.
    pub block: u32,
}

/// Identify Namespace (NVM Command Set 1.0, figure 97).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// NSZE, bytes 7:0: size in logical blocks.
    pub blocks: u64,
    /// FLBAS, byte 26.
    flbas: u8,
    /// DPS, byte 29.
    dps: u8,
    /// The format in use.
    pub format: LbaFormat,
    /// NGUID, bytes 119:104; zeros if none.
    pub nguid: [u8; 16],
    /// EUI64, bytes 127:120; zeros if none.
    pub eui64: [u8; 8],
}

impl Namespace {
    /// Reads an Identify Namespace page.
    ///
    /// # Errors
    /// [`IdentifyError`] if it is short, empty (an inactive namespace), or its LBA format makes no sense.
    pub fn parse(page: &[u8]) -> Result<Self, IdentifyError> {
        if page.len() < PAGE {
            return Err(IdentifyError::Short(page.len()));
        }
        if page.iter().all(|byte| *byte == 0) {
            return Err(IdentifyError::Empty);
        }
        let byte = |at: usize| page.get(at).copied().unwrap_or(0);
        let mut namespace = Self {
            blocks: le_u64(page, 0).unwrap_or(0),
            flbas: byte(26),
            dps: byte(29),
            format: LbaFormat { metadata: 0, block: 0 },
            nguid: field(page, 104),
            eui64: field(page, 120),
        };
        let index = namespace.format_index();
        // NLBAF, byte 25, counts from zero.
        if index > byte(25) {
            return Err(IdentifyError::LbaFormat(index));
        }
        let entry = le_u32(page, 128 + 4 * usize::from(index)).unwrap_or(0);
        let [ms0, ms1, lbads, _] = entry.to_le_bytes();
        if !(9..=16).contains(&lbads) {
            return Err(IdentifyError::LbaFormat(index));
        }
        namespace.format = LbaFormat { metadata: u16::from_le_bytes([ms0, ms1]), block: 1 << lbads };
        Ok(namespace)
    }

    /// FLBAS 3:0 and 6:5: the index of the format in use.
    #[must_use]
    pub fn format_index(&self) -> u8 {
        (self.flbas & 0xF) | (self.flbas >> 5 & 0b11) << 4
    }

    /// FLBAS bit 4: metadata is transferred at the end of the block.
    #[must_use]
    pub fn metadata_in_extended_lba(&self) -> bool {
        self.flbas & 1 << 4 != 0
    }

    /// DPS 2:0: the protection type, 0 for none.
    #[must_use]
    pub fn protection_type(&self) -> u8 {
        self.dps & 0b111
    }

    /// DPS bit 3: protection information comes first in the metadata.
    #[must_use]
    pub fn protection_first(&self) -> bool {
        self.dps & 1 << 3 != 0
    }
}

fn field<const N: usize>(page: &[u8], from: usize) -> [u8; N] {
    page.get(from..from + N).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_empty_or_short_page_is_refused() {
        assert_eq!(Controller::parse(&[0; 4096]), Err(IdentifyError::Empty));
        assert_eq!(Controller::parse(&[1; 511]), Err(IdentifyError::Short(511)));
        assert_eq!(Namespace::parse(&[0; 4096]), Err(IdentifyError::Empty));
        assert_eq!(Namespace::parse(&[1; 4095]), Err(IdentifyError::Short(4095)));
    }

    #[test]
    fn a_format_that_is_not_in_the_table_is_refused() {
        let mut page = vec![0; 4096];
        page[26] = 1;
        assert_eq!(Namespace::parse(&page), Err(IdentifyError::LbaFormat(1)));
        page[25] = 1;
        assert_eq!(Namespace::parse(&page), Err(IdentifyError::LbaFormat(1)), "LBADS 0");
        page[128 + 4 + 2] = 12;
        assert_eq!(Namespace::parse(&page).unwrap().format, LbaFormat { metadata: 0, block: 4096 });
    }

    #[test]
    fn controller_fields_are_read_where_the_standard_puts_them() {
        let mut page = vec![0; 4096];
        page[4..24].copy_from_slice(b"S4EWNX0M            ");
        page[24..34].copy_from_slice(b"MODEL 2TB ");
        page[64..72].copy_from_slice(b"2B2QEXM7");
        page[256] = 0x17;
        page[328] = 0x03;
        page[516] = 1;
        page[524] = 0x05;
        let controller = Controller::parse(&page).unwrap();
        assert_eq!(controller.serial.as_str(), "S4EWNX0M");
        assert_eq!(controller.model.as_str(), "MODEL 2TB");
        assert_eq!(controller.firmware.as_str(), "2B2QEXM7");
        assert!(controller.supports_format() && !controller.supports_namespace_management());
        assert!(controller.sanitizes_by_block_erase() && controller.sanitizes_by_crypto_erase());
        assert!(!controller.sanitizes_by_overwrite());
        assert_eq!(controller.format_reaches_all_namespaces(), Some(true));
        assert!(!controller.inhibits_no_deallocate());
        page[328..332].copy_from_slice(&0xA000_0002u32.to_le_bytes());
        let inhibited = Controller::parse(&page).unwrap();
        assert!(inhibited.inhibits_no_deallocate());
        assert_eq!(inhibited.no_deallocate_media(), NoDeallocateMedia::Modified);
        assert_eq!(controller.no_deallocate_media(), NoDeallocateMedia::NotDefined);
        assert_eq!(controller.erase_reaches_all_namespaces(), Some(false));
        assert_eq!(controller.supports_crypto_erase(), Some(true));
        assert_eq!(controller.format_takes_broadcast(), Some(true));
        assert_eq!(Controller::parse(&page[..512]).unwrap().supports_crypto_erase(), None);
    }

    proptest! {
        #[test]
        fn decoders_never_panic(page in prop::collection::vec(any::<u8>(), 0..4200)) {
            let _ = Controller::parse(&page);
            let _ = Namespace::parse(&page);
        }
    }
}
