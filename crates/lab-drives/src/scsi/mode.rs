//! Mode pages (SPC-4 7.5, SBC-4 6.5) by MODE SENSE and MODE SELECT.

use super::sense::{Cdb, Sense};
use crate::bytes::{be, byte, index, low, put_be};
use serde::{Deserialize, Serialize};

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// D_SENSE: sense data in descriptor format.
    pub(super) descriptor_sense: bool,
    /// WCE. The medium has no write cache, so that it is only told.
    pub(super) write_cache: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { descriptor_sense: false, write_cache: true }
    }
}

/// The block descriptor's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocks {
    pub(super) count: u64,
    pub(super) size: u32,
}

/// What a MODE SELECT asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) settings: Settings,
    pub(super) blocks: Option<Blocks>,
}

const MODE_SENSE_10: u8 = 0x5A;
const MODE_SELECT_10: u8 = 0x55;
/// DBD; LLBAA; SP and PF of MODE SELECT.
const NO_BLOCK_DESCRIPTOR: u8 = 0x08;
const LONG_DESCRIPTOR: u8 = 0x10;
/// LONGLBA of the header of (10); DPOFUA.
const LONG: u8 = 0x01;
const DPO_AND_FUA: u8 = 0x10;

/// Pages, and all of them.
const ERROR_RECOVERY: u8 = 0x01;
const CACHING: u8 = 0x08;
const CONTROL: u8 = 0x0A;
const EXCEPTIONS: u8 = 0x1C;
const PAGES: [u8; 4] = [ERROR_RECOVERY, CACHING, CONTROL, EXCEPTIONS];
const ALL: u8 = 0x3F;
/// PS; the page code without it and SPF.
const SAVEABLE: u8 = 0x80;
const CODE: u8 = 0x3F;
/// Byte 2 of caching and of control.
const WCE: u8 = 0x04;
const D_SENSE: u8 = 0x04;

/// Page control (SPC-4 table 151).
const CHANGEABLE: u8 = 1;
const DEFAULT: u8 = 2;

fn page(code: u8, control: u8, settings: Settings) -> Vec<u8> {
    let settings = if control == DEFAULT { Settings::default() } else { settings };
    let length = if code == CACHING { 20 } else { 12 };
    let mut page = vec![0; length];
    put_be(&mut page, 0, 1, u64::from(code | SAVEABLE));
    put_be(&mut page, 1, 1, (length - 2) as u64);
    let changeable = control == CHANGEABLE;
    let bit = match code {
        CACHING if changeable || settings.write_cache => WCE,
        CONTROL if changeable || settings.descriptor_sense => D_SENSE,
        _ => 0,
    };
    put_be(&mut page, 2, 1, u64::from(bit));
    page
}

/// MODE SENSE (6) and (10) (SPC-4 6.11, 6.12).
pub(super) fn sense(cdb: Cdb<'_>, settings: Settings, blocks: Blocks) -> Result<Vec<u8>, Sense> {
    let (control, code, sub) = (cdb.byte(2) >> 6, cdb.byte(2) & CODE, cdb.byte(3));
    let wanted: Vec<u8> = PAGES.into_iter().filter(|page| code == ALL || *page == code).collect();
    if wanted.is_empty() || (sub != 0 && !(code == ALL && sub == 0xFF)) {
        return Err(Sense::INVALID_FIELD);
    }
    let long_header = cdb.operation() == MODE_SENSE_10;
    let long = long_header && cdb.has(1, LONG_DESCRIPTOR);
    let descriptor =
        if cdb.has(1, NO_BLOCK_DESCRIPTOR) { Vec::new() } else { block_descriptor(blocks, long) };
    let mut data = if long_header { vec![0; 8] } else { vec![0; 4] };
    let (device, length) = if long_header { (3, 6) } else { (2, 3) };
    put_be(&mut data, device, 1, u64::from(DPO_AND_FUA));
    put_be(&mut data, length, if long_header { 2 } else { 1 }, descriptor.len() as u64);
    if long {
        put_be(&mut data, 4, 1, u64::from(LONG));
    }
    data.extend(descriptor);
    for code in wanted {
        data.extend(page(code, control, settings));
    }
    let width = if long_header { 2 } else { 1 };
    let total = data.len() - width;
    put_be(&mut data, 0, width, total as u64);
    Ok(data)
}

fn block_descriptor(blocks: Blocks, long: bool) -> Vec<u8> {
    if long {
        let mut descriptor = vec![0; 16];
        put_be(&mut descriptor, 0, 8, blocks.count);
        put_be(&mut descriptor, 12, 4, u64::from(blocks.size));
        return descriptor;
    }
    let mut descriptor = vec![0; 8];
    put_be(&mut descriptor, 0, 4, blocks.count.min(u64::from(u32::MAX)));
    put_be(&mut descriptor, 5, 3, u64::from(blocks.size));
    descriptor
}

/// MODE SELECT (6) and (10) (SPC-4 6.9, 6.10). Only bits that are changeable may differ from what is set.
pub(super) fn select(cdb: Cdb<'_>, data: &[u8], current: Settings) -> Result<Selected, Sense> {
    let long_header = cdb.operation() == MODE_SELECT_10;
    let header = if long_header { 8 } else { 4 };
    let mut selected = Selected { settings: current, blocks: None };
    if data.is_empty() {
        return Ok(selected);
    }
    let length = if long_header { be(data, 6, 2) } else { be(data, 3, 1) };
    let long = long_header && byte(data, 4) & LONG != 0;
    let body = data.get(header..).ok_or(Sense::PARAMETER_LENGTH)?;
    let (descriptor, pages) = body.split_at_checked(index(length)).ok_or(Sense::PARAMETER_LENGTH)?;
    selected.blocks = match (descriptor.len(), long) {
        (0, _) => None,
        (8, false) => Some(Blocks { count: short_count(descriptor), size: word(be(descriptor, 5, 3)) }),
        (16, true) => Some(Blocks { count: be(descriptor, 0, 8), size: word(be(descriptor, 12, 4)) }),
        _ => return Err(Sense::INVALID_PARAMETER),
    };
    let mut rest = pages;
    while let [code, length, ..] = rest {
        let (this, tail) = rest.split_at_checked(2 + usize::from(*length)).ok_or(Sense::PARAMETER_LENGTH)?;
        selected.settings = set_page(code & CODE, this, selected.settings)?;
        rest = tail;
    }
    if rest.is_empty() { Ok(selected) } else { Err(Sense::PARAMETER_LENGTH) }
}

/// FFFFFFFFh asks for all there is, in the short form as in the long one.
fn short_count(descriptor: &[u8]) -> u64 {
    match be(descriptor, 0, 4) {
        0xFFFF_FFFF => u64::MAX,
        count => count,
    }
}

fn word(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn set_page(code: u8, new: &[u8], settings: Settings) -> Result<Settings, Sense> {
    if !PAGES.contains(&code) {
        return Err(Sense::INVALID_PARAMETER);
    }
    let (old, may) = (page(code, 0, settings), page(code, CHANGEABLE, settings));
    if new.len() != old.len() {
        return Err(Sense::PARAMETER_LENGTH);
    }
    // Bytes 0 and 1 are the page's name and length.
    let differs = old.iter().zip(new).zip(&may).skip(2).any(|((old, new), may)| (old ^ new) & !may != 0);
    if differs {
        return Err(Sense::INVALID_PARAMETER);
    }
    let bits = low(be(new, 2, 1));
    Ok(match code {
        CACHING => Settings { write_cache: bits & WCE != 0, ..settings },
        CONTROL => Settings { descriptor_sense: bits & D_SENSE != 0, ..settings },
        _ => settings,
    })
}
