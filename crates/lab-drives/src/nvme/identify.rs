//! Identify (NVMe Base 2.0, 5.17).

use super::command::{Bits, Command, Completion};
use super::controller::{BROADCAST, Controller, ERRORS};
use super::definition::{FORMATS, Version};
use super::namespace::Namespace;
use super::{Status, sanitize};
use crate::Fault;
use crate::bytes::{low, put, put_le};

/// Bytes of every answer.
pub(super) const SIZE: usize = 4096;

/// Dword 10: Controller or Namespace Structure.
const CNS: Bits = Bits::new(7, 0);
/// Dword 11: Command Set Identifier.
const CSI: Bits = Bits::new(31, 24);

/// Maximum data transfer of a command, as a power of two of 4 KiB pages (MDTS).
pub(super) const MDTS: u8 = 6;
/// Asynchronous event requests that are held at a time, 0's based (AERL).
pub(super) const AERL: u8 = 3;
/// Deallocated blocks read as zeros (DLFEAT 2:0 001b) and as FFh (010b).
const READS_ZEROS: u8 = 0b001;
const READS_ONES: u8 = 0b010;

/// Controller or Namespace Structure values (Figure 274).
mod cns {
    pub(super) const NAMESPACE: u8 = 0x00;
    pub(super) const CONTROLLER: u8 = 0x01;
    pub(super) const ACTIVE: u8 = 0x02;
    pub(super) const DESCRIPTORS: u8 = 0x03;
    pub(super) const SET_NAMESPACE: u8 = 0x05;
    pub(super) const SET_CONTROLLER: u8 = 0x06;
    pub(super) const SET_ACTIVE: u8 = 0x07;
    pub(super) const INDEPENDENT: u8 = 0x08;
    pub(super) const ALLOCATED: u8 = 0x10;
    pub(super) const ALLOCATED_NAMESPACE: u8 = 0x11;
    pub(super) const ATTACHED_CONTROLLERS: u8 = 0x12;
    pub(super) const CONTROLLERS: u8 = 0x13;
}

/// Which namespaces a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Active,
    Allocated,
}

pub(super) fn identify(drive: &Controller, command: &Command) -> Result<Completion, Status> {
    let nsid = command.nsid();
    let wanted = low(CNS.of(command.dword(10)).into());
    // These came with version 2.0, and with command sets other than NVM there is nothing.
    let newer = matches!(wanted, cns::SET_NAMESPACE..=cns::INDEPENDENT);
    let too_new = newer && drive.definition.version != Version::V2_0;
    let other_set = newer && wanted != cns::INDEPENDENT && CSI.of(command.dword(11)) != 0;
    if too_new || other_set {
        return Err(Status::INVALID_FIELD);
    }
    let data = match wanted {
        cns::NAMESPACE => namespace(drive, nsid, Which::Active)?,
        cns::CONTROLLER => controller(drive),
        cns::ACTIVE | cns::SET_ACTIVE => list(drive, nsid, Which::Active)?,
        cns::DESCRIPTORS => descriptors(drive, nsid)?,
        // No more than what zeros say: no storage tags, no limits.
        cns::SET_NAMESPACE => drive.attached(nsid).map(|_| vec![0; SIZE])?,
        cns::SET_CONTROLLER => vec![0; SIZE],
        cns::INDEPENDENT => independent(drive, nsid)?,
        cns::ALLOCATED => list(drive, nsid, Which::Allocated)?,
        cns::ALLOCATED_NAMESPACE => namespace(drive, nsid, Which::Allocated)?,
        cns::ATTACHED_CONTROLLERS => controllers(drive, drive.attached(nsid).is_ok()),
        cns::CONTROLLERS => controllers(drive, true),
        _ => return Err(Status::INVALID_FIELD),
    };
    Ok(Completion::with_data(data))
}

/// The highest number that there may be (NN).
fn highest(drive: &Controller) -> u32 {
    drive.namespaces.iter().map(|ns| ns.shape.number).max().unwrap_or(1)
}

fn checked(drive: &Controller, nsid: u32) -> Result<(), Status> {
    if (1..=highest(drive)).contains(&nsid) { Ok(()) } else { Err(Status::INVALID_NAMESPACE) }
}

/// Identify Namespace (NVM Command Set 1.0, Figure 97): zeros for a namespace that is not there.
fn namespace(drive: &Controller, nsid: u32, which: Which) -> Result<Vec<u8>, Status> {
    if nsid == BROADCAST && which == Which::Active {
        // What all namespaces have in common.
        let mut data = vec![0; SIZE];
        put_formats(&mut data);
        return Ok(data);
    }
    checked(drive, nsid)?;
    let found = drive.namespaces.iter().position(|ns| ns.shape.number == nsid);
    let position = found.filter(|at| which == Which::Allocated || drive.namespaces[*at].is_attached());
    Ok(position.map_or_else(|| vec![0; SIZE], |at| namespace_data(drive, at)))
}

fn namespace_data(drive: &Controller, position: usize) -> Vec<u8> {
    let mut data = vec![0; SIZE];
    let Some(namespace) = drive.namespaces.get(position) else { return data };
    let blocks = stated_blocks(drive, namespace);
    // NSZE, NCAP, NUSE
    [0, 8, 16].iter().for_each(|at| put_le(&mut data, *at, 8, blocks));
    put_formats(&mut data);
    let shape = &namespace.shape;
    put_le(&mut data, 26, 1, shape.format.into()); // FLBAS
    put_le(&mut data, 29, 1, (shape.protection | shape.position << 3).into()); // DPS
    // FPI: bit 7 supported, 6:0 per cent left of a format.
    put_le(&mut data, 32, 1, (0x80 | drive.format_left(position).unwrap_or(0)).into());
    let reads = if namespace.medium.layout().unmapped_byte == 0 { READS_ZEROS } else { READS_ONES };
    put_le(&mut data, 33, 1, reads.into()); // DLFEAT
    put_le(&mut data, 48, 8, namespace.blocks() * u64::from(namespace.format().data)); // NVMCAP
    put(&mut data, 104, &nguid(drive, shape.number));
    put(&mut data, 120, &eui64(drive, shape.number));
    data
}

/// NLBAF, MC, DPC and the formats themselves.
fn put_formats(data: &mut [u8]) {
    put_le(data, 25, 1, FORMATS.len() as u64 - 1);
    put_le(data, 27, 1, 0b10); // MC: metadata in a buffer of its own
    put_le(data, 28, 1, 0b1_1111); // DPC: types 1 to 3, first and last bytes
    for (format, at) in FORMATS.iter().zip((128..).step_by(4)) {
        put_le(data, at, 2, format.metadata.into());
        put_le(data, at + 2, 1, format.data.trailing_zeros().into());
        put_le(data, at + 3, 1, format.performance.into());
    }
}

fn stated_blocks(drive: &Controller, namespace: &Namespace) -> u64 {
    let wrong = drive.faults.iter().find_map(|fault| match fault {
        Fault::WrongCapacity { blocks } => Some(*blocks),
        _ => None,
    });
    wrong.unwrap_or_else(|| namespace.blocks())
}

/// A number for the namespace under the drive's OUI: told apart by the serial number.
fn eui64(drive: &Controller, number: u32) -> [u8; 8] {
    let serial = drive.definition.serial.bytes();
    let hash = serial.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let id = u64::from(drive.definition.oui) << 40 | u64::from(hash) << 8 | u64::from(low(number.into()));
    id.to_be_bytes()
}

fn nguid(drive: &Controller, number: u32) -> [u8; 16] {
    let mut id = [0; 16];
    put(&mut id, 0, &number.to_be_bytes());
    put(&mut id, 8, &eui64(drive, number));
    id
}

/// Namespace numbers above the one given (Base 4.1.5.1: up to 1024 of them).
fn list(drive: &Controller, above: u32, which: Which) -> Result<Vec<u8>, Status> {
    if above >= BROADCAST - 1 {
        return Err(Status::INVALID_NAMESPACE);
    }
    let mut numbers: Vec<u32> = drive
        .namespaces
        .iter()
        .filter(|ns| which == Which::Allocated || ns.is_attached())
        .map(|ns| ns.shape.number)
        .filter(|number| *number > above)
        .collect();
    numbers.sort_unstable();
    let mut data = vec![0; SIZE];
    for (number, at) in numbers.iter().zip((0..SIZE).step_by(4)) {
        put_le(&mut data, at, 4, (*number).into());
    }
    Ok(data)
}

/// Namespace Identification Descriptors (Figure 277): EUI-64 (1h) and NGUID (2h).
fn descriptors(drive: &Controller, nsid: u32) -> Result<Vec<u8>, Status> {
    drive.attached(nsid)?;
    let mut data = vec![0; SIZE];
    put(&mut data, 0, &[1, 8, 0, 0]);
    put(&mut data, 4, &eui64(drive, nsid));
    put(&mut data, 12, &[2, 16, 0, 0]);
    put(&mut data, 16, &nguid(drive, nsid));
    Ok(data)
}

/// I/O Command Set Independent Identify Namespace (Figure 280): byte 14 bit 0, the namespace is ready.
fn independent(drive: &Controller, nsid: u32) -> Result<Vec<u8>, Status> {
    drive.attached(nsid)?;
    let mut data = vec![0; SIZE];
    put_le(&mut data, 14, 1, 1);
    Ok(data)
}

/// Controller list (Base 4.4.1): how many, and their numbers.
fn controllers(drive: &Controller, attached: bool) -> Vec<u8> {
    let mut data = vec![0; SIZE];
    if attached {
        put_le(&mut data, 0, 2, 1);
        put_le(&mut data, 2, 2, drive.definition.controller.into());
    }
    data
}

/// Identify Controller (Figure 275).
fn controller(drive: &Controller) -> Vec<u8> {
    let definition = &drive.definition;
    let mut data = vec![0; SIZE];
    put_identity(&mut data, drive);
    put_le(&mut data, 73, 3, definition.oui.into()); // IEEE
    put_le(&mut data, 77, 1, MDTS.into());
    put_le(&mut data, 78, 2, definition.controller.into()); // CNTLID
    put_le(&mut data, 80, 4, definition.version.register().into()); // VER
    put_le(&mut data, 111, 1, 1); // CNTRLTYPE: I/O controller
    put_le(&mut data, 256, 2, 1 << 1); // OACS: Format NVM
    put_le(&mut data, 258, 1, 3); // ACL
    put_le(&mut data, 259, 1, AERL.into());
    put_le(&mut data, 260, 1, 1 << 1 | 1); // FRMW: one slot, read-only
    put_le(&mut data, 261, 1, 0b110); // LPA: commands supported and effects, offsets
    put_le(&mut data, 262, 1, ERRORS as u64 - 1); // ELPE
    put_le(&mut data, 266, 2, 343); // WCTEMP, kelvins
    put_le(&mut data, 268, 2, 353); // CCTEMP
    put_le(&mut data, 280, 8, total_bytes(drive)); // TNVMCAP
    put_le(&mut data, 328, 4, sanitize::capabilities(&definition.sanitize).into()); // SANICAP
    put_le(&mut data, 512, 1, 0x66); // SQES: 64 bytes
    put_le(&mut data, 513, 1, 0x44); // CQES: 16 bytes
    put_le(&mut data, 516, 4, highest(drive).into()); // NN
    put_le(&mut data, 520, 2, 1 << 2 | 1 << 3); // ONCS: Dataset Management, Write Zeroes
    put_le(&mut data, 524, 1, definition.format.attributes.into()); // FNA
    put_le(&mut data, 525, 1, 0b110); // VWC: none; flush of all namespaces supported
    let name = format!("nqn.2014-08.org.nvmexpress:uuid:{}", subsystem_uuid(drive));
    put(&mut data, 768, name.as_bytes()); // SUBNQN
    put_le(&mut data, 2048, 2, 500); // power state 0: 5 W
    data
}

/// Vendor, serial number, model number, firmware revision.
fn put_identity(data: &mut [u8], drive: &Controller) {
    let definition = &drive.definition;
    put_le(data, 0, 2, definition.vendor.into());
    put_le(data, 2, 2, definition.vendor.into());
    put_text(data, 4, 20, &serial(drive));
    put_text(data, 24, 40, definition.model.as_bytes());
    put_text(data, 64, 8, definition.firmware.as_bytes());
}

fn serial(drive: &Controller) -> Vec<u8> {
    if drive.faults.has(&Fault::SerialMissing) {
        Vec::new()
    } else if drive.faults.has(&Fault::SerialHostile) {
        // Clears a terminal, breaks out of HTML and CSV, turns the reading direction, ends a string.
        b"\x1b[2J\"<b>=1+\xe2\x80\xae\x00\xff\xfe\r\n".to_vec()
    } else {
        drive.definition.serial.clone().into_bytes()
    }
}

/// Text is padded with spaces.
fn put_text(data: &mut [u8], at: usize, length: usize, text: &[u8]) {
    put(data, at, &vec![b' '; length]);
    put(data, at, text.get(..length).unwrap_or(text));
}

fn total_bytes(drive: &Controller) -> u64 {
    drive.namespaces.iter().map(|ns| ns.blocks() * u64::from(ns.format().data)).sum()
}

fn subsystem_uuid(drive: &Controller) -> String {
    let [a, b, c, d, e, f, g, h] = eui64(drive, 0);
    format!("6c616276-6d65-4000-{a:02x}{b:02x}-{c:02x}{d:02x}{e:02x}{f:02x}{g:02x}{h:02x}")
}
