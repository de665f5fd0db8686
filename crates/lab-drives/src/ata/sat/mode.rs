//! MODE SENSE and MODE SELECT (SPC-4 clause 6.11 to 6.14, SAT-3 clause 10.1).

use super::sense::Sense;
use crate::ata::AtaDrive;
use crate::bytes::{be, byte, index, low, put, put_be};

/// Pages: read-write error recovery, caching, control, and all of them.
const RECOVERY: u8 = 0x01;
const CACHING: u8 = 0x08;
const CONTROL: u8 = 0x0a;
const ALL: u8 = 0x3f;
/// Caching page byte 2: WCE.
const WCE: u8 = 1 << 2;
/// Caching page byte 12: DRA.
const DRA: u8 = 1 << 5;
/// Control page byte 2: D_SENSE.
const D_SENSE: u8 = 1 << 2;
/// Byte 1 of the command: DBD.
const DBD: u8 = 1 << 3;
/// Bytes of a block descriptor.
const BLOCK_DESCRIPTOR: u8 = 8;
/// Device-specific parameter: DPO and FUA.
const DPOFUA: u8 = 1 << 4;
/// PAGE CONTROL: changeable values.
const CHANGEABLE: u8 = 1;

/// How long the header is, by the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// MODE SENSE (6): 4 bytes.
    Short,
    /// MODE SENSE (10): 8 bytes.
    Long,
}

impl AtaDrive {
    pub(super) fn mode_sense(&self, header: Header, cdb: &[u8]) -> Result<Vec<u8>, Sense> {
        let (control, page) = (byte(cdb, 2) >> 6, byte(cdb, 2) & 0x3f);
        if !matches!(byte(cdb, 3), 0 | 0xff) {
            return Err(Sense::INVALID_FIELD);
        }
        let wanted = [RECOVERY, CACHING, CONTROL].into_iter().filter(|one| page == ALL || page == *one);
        let pages: Vec<u8> = wanted.flat_map(|page| self.mode_page(page, control)).collect();
        if pages.is_empty() {
            return Err(Sense::INVALID_FIELD);
        }
        let descriptor = if byte(cdb, 1) & DBD == 0 { self.block_descriptor() } else { Vec::new() };
        Ok(with_header(header, &descriptor, &pages))
    }

    fn mode_page(&self, page: u8, control: u8) -> Vec<u8> {
        let is = |on: bool, bit: u8| if on || control == CHANGEABLE { bit } else { 0 };
        let mut data = vec![page, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        match page {
            CACHING => {
                data.resize(20, 0);
                put(&mut data, 1, &[18, is(self.live.write_cache, WCE)]);
                put(&mut data, 12, &[if self.live.look_ahead || control == CHANGEABLE { 0 } else { DRA }]);
            }
            CONTROL => put(&mut data, 2, &[is(self.live.descriptor_sense, D_SENSE)]),
            _ => {}
        }
        data
    }

    fn block_descriptor(&self) -> Vec<u8> {
        let mut data = vec![0; usize::from(BLOCK_DESCRIPTOR)];
        put_be(&mut data, 0, 4, self.stated_blocks().min(u64::from(u32::MAX)));
        put_be(&mut data, 5, 3, u64::from(self.definition.block_size));
        data
    }

    /// Takes WCE and D_SENSE; everything else must be as it is told by MODE SENSE, and is not looked at.
    pub(super) fn mode_select(&mut self, header: Header, data: &[u8]) -> Result<Vec<u8>, Sense> {
        let begin = match header {
            Header::Short => 4 + be(data, 3, 1),
            Header::Long => 8 + be(data, 6, 2),
        };
        let mut rest = data.get(index(begin)..).unwrap_or_default();
        while let [page, length, body @ ..] = rest {
            match page & 0x3f {
                CACHING => self.live.write_cache = byte(body, 0) & WCE != 0,
                CONTROL => self.live.descriptor_sense = byte(body, 0) & D_SENSE != 0,
                RECOVERY => {}
                _ => return Err(Sense::INVALID_PARAMETER),
            }
            rest = body.get(usize::from(*length)..).unwrap_or_default();
        }
        Ok(Vec::new())
    }
}

fn with_header(header: Header, descriptor: &[u8], pages: &[u8]) -> Vec<u8> {
    let (all, descriptor_length) = ((descriptor.len() + pages.len()) as u64, descriptor.len() as u64);
    let mut data = match header {
        Header::Short => vec![low(all + 3), 0, DPOFUA, low(descriptor_length)],
        Header::Long => {
            let mut data = vec![0, 0, 0, DPOFUA, 0, 0, 0, 0];
            put_be(&mut data, 0, 2, all + 6);
            put_be(&mut data, 6, 2, descriptor_length);
            data
        }
    };
    data.extend_from_slice(descriptor);
    data.extend_from_slice(pages);
    data
}
