//! INQUIRY (SPC-4 6.6) and the vital product data pages.

use super::sense::{Cdb, Outcome, Sense};
use super::{ReadsAfterErase, ScsiConfig};
use crate::bytes::{low, put_be};
use crate::{Fault, Faults};

/// Enable vital product data.
const EVPD: u8 = 0x01;
/// VERSION: SPC-4. Version descriptors: SPC-4, SBC-3, SAS-2 (SPC-4 table 144).
const SPC_4: u8 = 0x06;
const VERSIONS: [u16; 3] = [0x0460, 0x04C0, 0x0C00];
/// HISUP and response data format 2; CMDQUE.
const FORMAT: u8 = 0x12;
const COMMAND_QUEUEING: u8 = 0x02;
/// Length of the standard data with version descriptors.
const STANDARD: usize = 96;

/// Pages.
const SUPPORTED: u8 = 0x00;
const SERIAL: u8 = 0x80;
const IDENTIFICATION: u8 = 0x83;
const EXTENDED: u8 = 0x86;
const BLOCK_LIMITS: u8 = 0xB0;
const CHARACTERISTICS: u8 = 0xB1;
const PROVISIONING: u8 = 0xB2;
const PAGES: [u8; 7] =
    [SUPPORTED, SERIAL, IDENTIFICATION, EXTENDED, BLOCK_LIMITS, CHARACTERISTICS, PROVISIONING];

/// What a hostile serial number holds: an escape sequence that colours, a right-to-left override, a broken UTF-8 byte.
const HOSTILE: &[u8] = b"\x1b[31m\xe2\x80\xaeSAS\xff<b>1";

pub(super) fn inquiry(cdb: Cdb<'_>, config: &ScsiConfig, faults: &Faults) -> Outcome {
    match (cdb.has(1, EVPD), cdb.byte(2)) {
        (false, 0) => Ok(standard(config)),
        (false, _) => Err(Sense::INVALID_FIELD),
        (true, page) => vital(page, config, faults).map(|body| headed(page, &body)),
    }
}

/// The serial number as it is sent.
pub(super) fn serial(config: &ScsiConfig, faults: &Faults) -> Vec<u8> {
    if faults.has(&Fault::SerialMissing) {
        vec![b' '; config.serial.len()]
    } else if faults.has(&Fault::SerialHostile) {
        HOSTILE.to_vec()
    } else {
        config.serial.clone().into_bytes()
    }
}

fn standard(config: &ScsiConfig) -> Vec<u8> {
    let mut data = vec![0; STANDARD];
    put_be(&mut data, 2, 1, u64::from(SPC_4));
    put_be(&mut data, 3, 1, u64::from(FORMAT));
    put_be(&mut data, 4, 1, (STANDARD - 5) as u64);
    put_be(&mut data, 7, 1, u64::from(COMMAND_QUEUEING));
    padded(&mut data, 8, 8, &config.vendor);
    padded(&mut data, 16, 16, &config.product);
    padded(&mut data, 32, 4, &config.revision);
    for (index, version) in VERSIONS.into_iter().enumerate() {
        put_be(&mut data, 58 + 2 * index, 2, u64::from(version));
    }
    data
}

/// Text, left-aligned, with blanks behind it.
fn padded(data: &mut [u8], at: usize, length: usize, text: &str) {
    let bytes = text.bytes().chain(std::iter::repeat(b' '));
    for (to, from) in data.iter_mut().skip(at).take(length).zip(bytes) {
        *to = from;
    }
}

fn headed(page: u8, body: &[u8]) -> Vec<u8> {
    let mut data = vec![0, page, 0, 0];
    put_be(&mut data, 2, 2, body.len() as u64);
    data.extend_from_slice(body);
    data
}

fn vital(page: u8, config: &ScsiConfig, faults: &Faults) -> Outcome {
    match page {
        SUPPORTED => Ok(PAGES.to_vec()),
        SERIAL => Ok(serial(config, faults)),
        IDENTIFICATION => Ok(identification(config)),
        EXTENDED => Ok(vec![0; 60]),
        BLOCK_LIMITS => Ok(block_limits(config)),
        CHARACTERISTICS => Ok(characteristics(config, faults)),
        PROVISIONING => Ok(provisioning(config)),
        _ => Err(Sense::INVALID_FIELD),
    }
}

/// The logical unit's NAA name, and that of the target port: the next one, as SAS drives have it (SPC-4 7.8.6).
fn identification(config: &ScsiConfig) -> Vec<u8> {
    const SAS_BINARY: u8 = 0x61;
    const BINARY: u8 = 0x01;
    const NAA: u8 = 0x03;
    const PORT_NAA: u8 = 0x93;
    let mut data = vec![BINARY, NAA, 0, 8];
    data.extend(config.name.to_be_bytes());
    data.extend([SAS_BINARY, PORT_NAA, 0, 8]);
    data.extend(config.name.wrapping_add(1).to_be_bytes());
    data
}

/// SBC-4 6.6.4: WSNZ, at most 64 KiB blocks at a time, and what UNMAP takes.
fn block_limits(config: &ScsiConfig) -> Vec<u8> {
    let mut data = vec![0; 60];
    put_be(&mut data, 0, 1, 1);
    put_be(&mut data, 4, 4, super::io::MOST_BLOCKS);
    if config.is_flash() {
        put_be(&mut data, 16, 4, u64::from(u32::MAX));
        put_be(&mut data, 20, 4, super::io::MOST_UNMAP_DESCRIPTORS);
    }
    put_be(&mut data, 32, 8, super::io::MOST_BLOCKS);
    data
}

/// SBC-4 6.6.2. Medium rotation rate 1 is no rotation; form factor 3 is 2.5 inches.
fn characteristics(config: &ScsiConfig, faults: &Faults) -> Vec<u8> {
    let mut data = vec![0; 60];
    let fails = faults.has(&Fault::ReadsFailUntilWritten);
    let field =
        |reads: ReadsAfterErase| if fails { ReadsAfterErase::FailUntilWritten } else { reads }.field();
    put_be(&mut data, 0, 2, config.rotation.map_or(1, u64::from));
    let reads = field(config.after_block_erase) << 6 | field(config.after_cryptographic_erase) << 4;
    put_be(&mut data, 3, 1, u64::from(reads | 0x03));
    data
}

/// SBC-4 6.6.7: UNMAP, both WRITE SAMEs with it, zeros behind it; thin provisioning.
fn provisioning(config: &ScsiConfig) -> Vec<u8> {
    const UNMAPS_AND_READS_ZERO: u64 = 0xE4;
    const THIN: u64 = 0x02;
    let mut data = vec![0; 4];
    if config.is_flash() {
        put_be(&mut data, 1, 1, UNMAPS_AND_READS_ZERO);
        put_be(&mut data, 2, 1, THIN);
    }
    data
}

/// READ CAPACITY (10) and (16) (SBC-4 5.15 and 5.16).
pub(super) fn capacity_10(blocks: u64, block: u32) -> Vec<u8> {
    let last = u32::try_from(blocks.saturating_sub(1)).unwrap_or(u32::MAX);
    [last.to_be_bytes(), block.to_be_bytes()].concat()
}

pub(super) fn capacity_16(blocks: u64, block: u32, config: &ScsiConfig) -> Vec<u8> {
    const UNMAPPED_READS_ZERO: u64 = 0xC0;
    let mut data = vec![0; 32];
    put_be(&mut data, 0, 8, blocks.saturating_sub(1));
    put_be(&mut data, 8, 4, u64::from(block));
    if config.is_flash() {
        put_be(&mut data, 14, 1, UNMAPPED_READS_ZERO);
    }
    data
}

/// LOG SENSE (SPC-4 6.8): supported pages, temperature, informational exceptions.
pub(super) fn log_sense(cdb: Cdb<'_>) -> Outcome {
    const TEMPERATURE: u8 = 0x0D;
    const EXCEPTIONS: u8 = 0x2F;
    /// Parameter control byte: binary list, kept by the drive (SPC-4 7.3.2).
    const BINARY_LIST: u8 = 0x03;
    const CELSIUS: u8 = 31;
    let page = low(cdb.number(2, 1) & 0x3F);
    let body = match (page, cdb.byte(3)) {
        (SUPPORTED, 0) => vec![SUPPORTED, TEMPERATURE, EXCEPTIONS],
        (TEMPERATURE, 0) => vec![0, 0, BINARY_LIST, 2, 0, CELSIUS, 0, 1, BINARY_LIST, 2, 0, 65],
        (EXCEPTIONS, 0) => vec![0, 0, BINARY_LIST, 4, 0, 0, CELSIUS, 0],
        _ => return Err(Sense::INVALID_FIELD),
    };
    let mut data = vec![page, 0, 0, 0];
    put_be(&mut data, 2, 2, body.len() as u64);
    data.extend(body);
    Ok(data)
}

/// REPORT LUNS (SPC-4 6.33): LUN 0 alone; no well-known ones.
pub(super) fn report_luns(cdb: Cdb<'_>) -> Outcome {
    const WELL_KNOWN_ONLY: u8 = 0x01;
    let mut data = vec![0; 8];
    if cdb.byte(2) != WELL_KNOWN_ONLY {
        data.resize(16, 0);
        put_be(&mut data, 0, 4, 8);
    }
    Ok(data)
}
