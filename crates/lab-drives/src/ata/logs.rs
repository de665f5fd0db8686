//! READ LOG EXT (ACS-3 clause 7.22): the directory and the Identify Device Data log.

use super::AtaDrive;
use super::taskfile::{Refusal, Reply, Taskfile};
use crate::bytes::{index, put, put_le};
use crate::medium::Encryption;

/// Bytes of a log page.
const PAGE: usize = 512;
/// Log 00h: the directory.
const DIRECTORY: u64 = 0x00;
/// Log 30h: Identify Device Data.
const IDENTIFY_DATA: u64 = 0x30;
/// Pages of log 30h, from the list of pages to 08h.
const IDENTIFY_PAGES: u64 = 9;
/// Bit 63: the qword is valid.
const VALID: u64 = 1 << 63;
/// Page 02h: capacity; 03h: supported capabilities; 04h: current settings; 05h: strings; 06h: security.
const PAGES: [u8; 7] = [0, 1, 2, 3, 4, 5, 6];

impl AtaDrive {
    pub(super) fn read_log(&self, command: &Taskfile) -> Result<Reply, Refusal> {
        let first = command.lba >> 8 & 0xff | command.lba >> 24 & 0xff00;
        let pages = first..first + u64::from(command.count);
        let (log, count) = (command.lba & 0xff, u64::from(command.count));
        let available = match log {
            DIRECTORY => 1,
            IDENTIFY_DATA => IDENTIFY_PAGES,
            _ => 0,
        };
        if count == 0 || pages.end > available {
            return Err(Refusal::Abort);
        }
        Ok(Reply::data(
            pages.flat_map(|page| if log == DIRECTORY { directory() } else { self.page(page) }).collect(),
        ))
    }

    /// A page of log 30h; one that is not supported is all zeros.
    fn page(&self, number: u64) -> Vec<u8> {
        let mut page = vec![0; PAGE];
        let mut set = |at: usize, value: u64| put_le(&mut page, at, 8, value);
        match number {
            0 => {
                put(&mut page, 8, &[7]);
                put(&mut page, 9, &PAGES);
            }
            1 => return self.identify(),
            2 => {
                set(8, VALID | self.stated_blocks());
                set(16, VALID);
                set(24, VALID | u64::from(self.definition.block_size));
            }
            3 => set(48, VALID | self.definition.world_wide_name() >> 1),
            5 => self.strings(&mut page),
            6 => self.security_page(&mut page),
            _ => {}
        }
        if number <= 6 {
            // Revision 1 of the page.
            put_le(&mut page, 0, 8, VALID | number << 16 | 1);
        }
        page
    }

    fn security_page(&self, page: &mut [u8]) {
        let security = &self.definition.security;
        let encrypts = u64::from(self.definition.encryption == Encryption::SelfEncrypting);
        put_le(page, 8, 8, VALID | u64::from(self.kept.security.master_identifier));
        put_le(page, 16, 8, VALID | u64::from(self.security_status()));
        put_le(page, 24, 8, VALID | u64::from(security.enhanced_minutes.div_ceil(2)));
        put_le(page, 32, 8, VALID | u64::from(security.normal_minutes.div_ceil(2)));
        put_le(page, 40, 8, VALID);
        put_le(page, 48, 8, VALID | encrypts);
    }

    /// Page 05h: strings as they stand in IDENTIFY.
    fn strings(&self, page: &mut [u8]) {
        let identify = self.identify();
        for (to, from, length) in [(8, 20, 20), (32, 46, 8), (48, 54, 40)] {
            put(page, to, identify.get(from..from + length).unwrap_or_default());
        }
    }
}

/// Word 0 is the version, every further word the number of pages of the log with its number.
fn directory() -> Vec<u8> {
    let mut page = vec![0; PAGE];
    put_le(&mut page, 0, 2, 1);
    put_le(&mut page, index(IDENTIFY_DATA) * 2, 2, IDENTIFY_PAGES);
    page
}
