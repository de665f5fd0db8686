//! Get Log Page, 02h (5.16), and the Sanitize Status log, 81h.

use super::command::AdminCommand;
use crate::bytes::{le_u16, le_u32};
use std::time::Duration;

const GET_LOG_PAGE: u8 = 0x02;
/// Log pages of the whole controller are asked for with this NSID (5.16.1).
const NSID_ALL: u32 = 0xFFFF_FFFF;

/// Log pages that massho reads (figure 202).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogPage {
    /// 02h: SMART / Health Information.
    Smart,
    /// 05h: Commands Supported and Effects.
    CommandEffects,
    /// 81h: Sanitize Status.
    SanitizeStatus,
}

impl LogPage {
    /// The identifier.
    #[must_use]
    pub fn identifier(self) -> u8 {
        match self {
            Self::Smart => 0x02,
            Self::CommandEffects => 0x05,
            Self::SanitizeStatus => 0x81,
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(self) -> u16 {
        match self {
            Self::Smart | Self::SanitizeStatus => 512,
            Self::CommandEffects => 4096,
        }
    }

    /// No page is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Get Log Page of the whole page.
    #[must_use]
    pub fn command(self) -> AdminCommand {
        // CDW10 7:0 LID, 31:16 NUMDL: dwords, counted from zero.
        let dwords = u32::from(self.len()) / 4 - 1;
        let cdw10 = u32::from(self.identifier()) | dwords << 16;
        AdminCommand { opcode: GET_LOG_PAGE, nsid: NSID_ALL, cdw: [cdw10, 0, 0, 0, 0, 0] }
    }
}

/// Why a log page was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Shorter than the fields that are needed.
    #[error("the log page is {0} bytes, too short")]
    Short(usize),
}

/// The most recent sanitize: SSTAT 2:0 (figure 291).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SanitizeState {
    /// 000b: never sanitized.
    Never,
    /// 001b: completed.
    Completed,
    /// 010b: in progress.
    InProgress,
    /// 011b: failed.
    Failed,
    /// 100b: completed, and everything was deallocated although No-Deallocate After Sanitize had been asked.
    CompletedDeallocated,
    /// Any other value.
    Reserved(u8),
}

/// The Sanitize Status log (5.16.1.25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SanitizeLog {
    /// SPROG, bytes 1:0: how far, in 65,536ths; FFFFh while nothing is in progress.
    pub progress: u16,
    /// SSTAT, bytes 3:2, as it is: a finished drive typically says 0101h.
    pub raw_status: u16,
    /// SCDW10, bytes 7:4: CDW10 of the most recent Sanitize.
    pub cdw10: u32,
    /// Bytes 11:8.
    overwrite_seconds: u32,
    /// Bytes 15:12.
    block_seconds: u32,
    /// Bytes 19:16.
    crypto_seconds: u32,
    /// Whether the whole page is zeros.
    blank: bool,
}

impl SanitizeLog {
    /// Reads the page.
    ///
    /// # Errors
    /// [`LogError`] if it is short.
    pub fn parse(page: &[u8]) -> Result<Self, LogError> {
        let dword = |at| le_u32(page, at).ok_or(LogError::Short(page.len()));
        let word = |at| le_u16(page, at).ok_or(LogError::Short(page.len()));
        Ok(Self {
            progress: word(0)?,
            raw_status: word(2)?,
            cdw10: dword(4)?,
            overwrite_seconds: dword(8)?,
            block_seconds: dword(12)?,
            crypto_seconds: dword(16)?,
            blank: page.iter().all(|byte| *byte == 0),
        })
    }

    /// SSTAT 2:0.
    #[must_use]
    pub fn state(&self) -> SanitizeState {
        match self.raw_status.to_le_bytes()[0] & 0b111 {
            0b000 => SanitizeState::Never,
            0b001 => SanitizeState::Completed,
            0b010 => SanitizeState::InProgress,
            0b011 => SanitizeState::Failed,
            0b100 => SanitizeState::CompletedDeallocated,
            other => SanitizeState::Reserved(other),
        }
    }

    /// A page of nothing but zeros: it says "never sanitized, 0 of 65,536", which no specification has, because SPROG is
    /// FFFFh in that state. Kernels and drives answer so that have no such log, or lost it (libnvme#979): it tells
    /// nothing, and least of all after a Sanitize.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.blank
    }

    /// SSTAT 7:3: overwrite passes done.
    #[must_use]
    pub fn passes_done(&self) -> u8 {
        self.raw_status.to_le_bytes()[0] >> 3
    }

    /// SSTAT bit 8: nothing has been written since the last successful sanitize, or since the drive was made.
    #[must_use]
    pub fn global_data_erased(&self) -> bool {
        self.raw_status & 1 << 8 != 0
    }

    /// SCDW10 2:0: the action of the most recent Sanitize.
    #[must_use]
    pub fn action(&self) -> u8 {
        self.cdw10.to_le_bytes()[0] & 0b111
    }

    /// SCDW10 bit 3: AUSE was set.
    #[must_use]
    pub fn unrestricted_exit(&self) -> bool {
        self.cdw10 & 1 << 3 != 0
    }

    /// SCDW10 bit 9: no deallocation was asked.
    #[must_use]
    pub fn asked_no_deallocation(&self) -> bool {
        self.cdw10 & 1 << 9 != 0
    }

    /// The drive's estimate for an overwrite.
    #[must_use]
    pub fn overwrite_time(&self) -> Option<Duration> {
        estimate(self.overwrite_seconds)
    }

    /// The drive's estimate for a block erase.
    #[must_use]
    pub fn block_erase_time(&self) -> Option<Duration> {
        estimate(self.block_seconds)
    }

    /// The drive's estimate for a crypto erase.
    #[must_use]
    pub fn crypto_erase_time(&self) -> Option<Duration> {
        estimate(self.crypto_seconds)
    }
}

/// FFFFFFFFh: no time period is reported. 0 is what drives say that leave the field empty.
fn estimate(seconds: u32) -> Option<Duration> {
    (seconds != u32::MAX && seconds != 0).then(|| Duration::from_secs(seconds.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn log(progress: u16, status: u16, cdw10: u32) -> SanitizeLog {
        let mut page = vec![0; 512];
        page[..2].copy_from_slice(&progress.to_le_bytes());
        page[2..4].copy_from_slice(&status.to_le_bytes());
        page[4..8].copy_from_slice(&cdw10.to_le_bytes());
        page[8..12].copy_from_slice(&7200u32.to_le_bytes());
        page[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        SanitizeLog::parse(&page).unwrap()
    }

    #[test]
    fn get_log_page_has_the_page_and_its_dwords_less_one() {
        let text = |page: LogPage| page.command().describe();
        assert_eq!(text(LogPage::SanitizeStatus), "NVMe 02h NSID=FFFFFFFFh CDW10=007F0081h CDW11=00000000h");
        assert_eq!(text(LogPage::Smart), "NVMe 02h NSID=FFFFFFFFh CDW10=007F0002h CDW11=00000000h");
        assert_eq!(text(LogPage::CommandEffects), "NVMe 02h NSID=FFFFFFFFh CDW10=03FF0005h CDW11=00000000h");
    }

    #[test]
    fn a_finished_drive_says_101h() {
        let done = log(0xFFFF, 0x0101, 0x0A);
        assert_eq!((done.state(), done.action()), (SanitizeState::Completed, 2));
        assert!(done.global_data_erased() && done.unrestricted_exit() && !done.asked_no_deallocation());
        assert_eq!((done.passes_done(), done.raw_status), (0, 0x0101));
    }

    #[test]
    fn the_state_is_the_lower_three_bits_and_the_passes_are_the_next_five() {
        let state = |status| log(0, status, 0).state();
        assert_eq!(state(0x0000), SanitizeState::Never);
        assert_eq!(state(0x001A), SanitizeState::InProgress);
        assert_eq!(log(0, 0x001A, 0).passes_done(), 3);
        assert_eq!(state(0x0103), SanitizeState::Failed);
        assert_eq!(state(0x0104), SanitizeState::CompletedDeallocated);
        assert_eq!(state(0x0005), SanitizeState::Reserved(5));
    }

    #[test]
    fn estimates_of_all_ones_or_nothing_are_none() {
        let log = log(0, 2, 3);
        assert_eq!(log.overwrite_time(), Some(Duration::from_secs(7200)));
        assert_eq!((log.block_erase_time(), log.crypto_erase_time()), (None, None));
    }

    #[test]
    fn a_page_of_zeros_is_never_sanitized_and_known_for_the_trap_it_is() {
        let blank = SanitizeLog::parse(&[0; 512]).unwrap();
        assert!(blank.is_blank() && blank.state() == SanitizeState::Never);
        assert!(!log(0xFFFF, 0, 0).is_blank());
        assert_eq!(SanitizeLog::parse(&[0; 19]), Err(LogError::Short(19)));
    }

    proptest! {
        #[test]
        fn decoder_never_panics(page in prop::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(log) = SanitizeLog::parse(&page) {
                let _ = (log.state(), log.overwrite_time(), log.passes_done());
            }
        }
    }
}
