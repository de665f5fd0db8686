//! READ LOG EXT and the IDENTIFY DEVICE data log (ACS-3 7.24, A.11).

use super::command::{Command, Protocol, Width};
use crate::bytes::le_u64;
use crate::flags::flags;

/// The IDENTIFY DEVICE data log.
const IDENTIFY_DEVICE_DATA: u8 = 0x30;
/// Its Security page.
const SECURITY_PAGE: u8 = 0x06;
/// Bit 63 of a qword of the log: its contents are valid.
const VALID: u64 = 1 << 63;
/// Where the Security page has its Security Capabilities qword, in bytes (ACS-4 9.11.8).
const SECURITY_CAPABILITIES_AT: usize = 48;

/// READ LOG EXT, 2Fh: one page of a log (ACS-3 7.24.3: LBA 7:0 log, LBA 39:32 and 15:8 page).
#[must_use]
pub fn read_log_ext(log: u8, page: u16) -> Command {
    let [low, high] = page.to_le_bytes();
    let lba = u64::from(log) | u64::from(low) << 8 | u64::from(high) << 32;
    Command { lba, ..Command::new(0x2F, Width::Bits48, Protocol::PioIn) }
}

/// READ LOG EXT of the Security page of the IDENTIFY DEVICE data log.
#[must_use]
pub fn read_security_page() -> Command {
    read_log_ext(IDENTIFY_DEVICE_DATA, SECURITY_PAGE.into())
}

flags! {
    /// The Security Capabilities qword of the Security page (ACS-4 table 260).
    SecurityCapabilities: u64 {
        /// Bit 0: all user data are encrypted.
        encrypts_all_user_data = 0;
        /// Bit 7: SANITIZE is accepted also while the drive is locked or SECURITY is enabled.
        sanitize_overrides_security = 7;
    }
}

impl SecurityCapabilities {
    /// Out of the Security page; `None` if it is another page or the qword is not valid.
    #[must_use]
    pub fn parse(page: &[u8]) -> Option<Self> {
        // Qword 0: revision in 15:0, page number in 23:16, valid in 63.
        let [_, _, number, ..] = le_u64(page, 0).filter(|header| header & VALID != 0)?.to_le_bytes();
        let capabilities = le_u64(page, SECURITY_CAPABILITIES_AT)?;
        (number == SECURITY_PAGE && capabilities & VALID != 0).then_some(Self(capabilities))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(number: u8, capabilities: u64) -> Vec<u8> {
        let mut page = vec![0u8; 512];
        let header = VALID | u64::from(number) << 16 | 1;
        page[..8].copy_from_slice(&header.to_le_bytes());
        page[48..56].copy_from_slice(&capabilities.to_le_bytes());
        page
    }

    #[test]
    fn read_log_ext_has_the_log_in_lba_7_0_and_the_page_above() {
        let text = "ATA 2Fh FEATURE=0000h COUNT=0001h LBA=000000000630h DEVICE=00h";
        assert_eq!(
            (read_security_page().describe().as_str(), read_security_page().width),
            (text, Width::Bits48)
        );
        assert_eq!(read_log_ext(0x30, 0x1206).lba, 0x0012_0000_0630);
    }

    #[test]
    fn bits_of_the_security_page_count_only_where_the_qword_is_valid() {
        let read = SecurityCapabilities::parse(&page(6, VALID | 0x81)).unwrap();
        assert!(read.encrypts_all_user_data() && read.sanitize_overrides_security());
        assert!(!SecurityCapabilities::parse(&page(6, VALID | 1)).unwrap().sanitize_overrides_security());
        assert_eq!(SecurityCapabilities::parse(&page(6, 0x81)), None);
        assert_eq!(SecurityCapabilities::parse(&page(5, VALID | 1)), None);
        assert_eq!(SecurityCapabilities::parse(&page(6, VALID)[..52]), None);
    }

    proptest! {
        #[test]
        fn any_page_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = SecurityCapabilities::parse(&bytes);
        }
    }
}
