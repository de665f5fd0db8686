//! Drives are asked who they are, by scripted devices: a question that was not expected fails, and so does an answer
//! that nobody asked for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use inventory::{IdentifyFailure, Link, Removable, identify};
use model::{BlockSize, Bus, ByteLen, Medium, MediumSource, Support, Technique};
use protocol::nvme::{AdminCommand, Status};
use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use transport::{BlockIo, CommandError, Commands, Geometry, IoFailure, NvmeCompletion, ScsiReply};

/// One expected question: the first bytes of the CDB, or the CNS of an NVMe Identify; and the answer.
enum Step {
    Scsi(Vec<u8>, Vec<u8>),
    Refuse(Vec<u8>),
    Nvme(u32, Vec<u8>),
    NvmeRefuse(u32),
}

struct Scripted {
    geometry: Geometry,
    steps: Mutex<VecDeque<Step>>,
}

impl Scripted {
    fn new(len: u64, block: u32, steps: Vec<Step>) -> Self {
        let geometry = Geometry { len: ByteLen(len), block: BlockSize::new(block).unwrap() };
        Self { geometry, steps: Mutex::new(steps.into()) }
    }

    fn next(&self) -> Step {
        self.steps.lock().unwrap().pop_front().unwrap_or_else(|| panic!("a question too many"))
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.steps.lock().unwrap().is_empty(), "an answer that nobody asked for");
        }
    }
}

impl BlockIo for Scripted {
    fn geometry(&self) -> Geometry {
        self.geometry
    }
    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), IoFailure> {
        panic!("identification reads no blocks")
    }
    fn write_at(&self, _: u64, _: &[u8]) -> Result<(), IoFailure> {
        panic!("identification writes nothing")
    }
    fn flush(&self) -> Result<(), IoFailure> {
        panic!("identification flushes nothing")
    }
}

fn fill(data: &mut [u8], answer: &[u8]) -> usize {
    let count = data.len().min(answer.len());
    data[..count].copy_from_slice(&answer[..count]);
    count
}

impl Commands for Scripted {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: &mut [u8],
        _: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        assert_eq!(command.opcode, 0x06, "only Identify may be asked");
        match self.next() {
            Step::Nvme(cns, answer) => {
                assert_eq!(command.cdw[0], cns);
                fill(data, &answer);
                Ok(NvmeCompletion { status: Status(0), result: 0 })
            }
            Step::NvmeRefuse(cns) => {
                assert_eq!(command.cdw[0], cns);
                Ok(NvmeCompletion { status: Status(0x4002), result: 0 })
            }
            _ => panic!("an NVMe command where SCSI was expected"),
        }
    }

    fn scsi(&self, cdb: &[u8], data: &mut [u8], _: Duration) -> Result<ScsiReply, CommandError> {
        match self.next() {
            Step::Scsi(expected, answer) => {
                assert!(cdb.starts_with(&expected), "{cdb:02x?} where {expected:02x?} was expected");
                let transferred = fill(data, &answer);
                Ok(ScsiReply { status: 0, sense: Vec::new(), transferred })
            }
            Step::Refuse(expected) => {
                assert!(cdb.starts_with(&expected), "{cdb:02x?} where {expected:02x?} was expected");
                Ok(ScsiReply { status: 2, sense: vec![0x70, 0, 5], transferred: 0 })
            }
            _ => panic!("a SCSI command where NVMe was expected"),
        }
    }
}

const INQUIRY: &[u8] = &[0x12, 0x00];
const IDENTIFY: &[u8] = &[0x85, 0x08, 0x0E];

fn vpd(page: u8) -> Vec<u8> {
    vec![0x12, 0x01, page]
}

fn inquiry(vendor: &str, product: &str, removable: u8) -> Vec<u8> {
    let mut data = vec![0, removable, 6, 2, 31, 0, 0, 0];
    data.extend_from_slice(format!("{vendor:<8}{product:<16}1.00").as_bytes());
    data
}

fn recorded(drive: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/drives").join(drive);
    let text = fs::read_to_string(folder.join("identify.hex")).unwrap();
    let word = |text: &str| u16::from_str_radix(text, 16).unwrap().to_le_bytes();
    text.split_whitespace().flat_map(word).collect()
}

const WD_SECTORS: u64 = 976_773_168;

fn wd5000() -> Vec<Step> {
    vec![
        Step::Scsi(INQUIRY.to_vec(), inquiry("ATA", "WDC WD5000BPKX", 0)),
        Step::Scsi(IDENTIFY.to_vec(), recorded("ata/WDC-WD5000BPKX-22HPJT0-01.01A01")),
    ]
}

#[test]
fn a_recorded_disk_behind_sat_is_an_hdd_with_enhanced_erase() {
    let device = Scripted::new(WD_SECTORS * 512, 512, wd5000());
    let found = identify(&device, &Link::Scsi, Removable::No).unwrap();
    assert_eq!((found.identity.bus, found.medium), (Bus::Ata, Medium::Hdd));
    assert_eq!(found.source, MediumSource::RotationRate(7200));
    assert_eq!(found.identity.model.as_str(), "WDC WD5000BPKX-22HPJT0");
    assert_eq!(found.capabilities.support(Technique::AtaSecurityEraseEnhanced), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::AtaSanitizeBlockErase), Support::Unsupported);
}

#[test]
fn a_frozen_disk_says_so() {
    let steps = vec![
        Step::Scsi(INQUIRY.to_vec(), inquiry("ATA", "WDC WD20EZAZ", 0)),
        Step::Scsi(IDENTIFY.to_vec(), recorded("ata/WDC-WD20EZAZ-00GGJB0-80.00A80-2")),
    ];
    let device = Scripted::new(3_907_029_168 * 512, 512, steps);
    let found = identify(&device, &Link::Scsi, Removable::No).unwrap();
    assert_eq!(found.capabilities.support(Technique::AtaSecurityEraseEnhanced), Support::Frozen);
}

#[test]
fn a_capacity_on_which_drive_and_kernel_disagree_is_refused() {
    let device = Scripted::new((WD_SECTORS - 1) * 512, 512, wd5000());
    let refused = identify(&device, &Link::Scsi, Removable::No);
    assert!(matches!(refused, Err(IdentifyFailure::Capacity { .. })));
}

#[test]
fn a_disk_that_reports_no_rotation_rate_counts_as_flash() {
    let steps = vec![
        Step::Scsi(INQUIRY.to_vec(), inquiry("ATA", "ST3160023AS", 0)),
        Step::Scsi(IDENTIFY.to_vec(), recorded("ata/ST3160023AS-3.18")),
    ];
    let found = identify(&Scripted::new(312_581_808 * 512, 512, steps), &Link::Scsi, Removable::No).unwrap();
    assert_eq!((found.medium, found.source), (Medium::Ssd, MediumSource::AssumedFlash));
}

#[test]
fn a_sata_drive_behind_a_sas_adapter_is_judged_as_ata() {
    let steps = vec![
        Step::Scsi(INQUIRY.to_vec(), inquiry("WDC", "WD5000BPKX", 0)),
        Step::Scsi(vpd(0x89), vec![0, 0x89, 2, 0x38, 0]),
        Step::Scsi(IDENTIFY.to_vec(), recorded("ata/WDC-WD5000BPKX-22HPJT0-01.01A01")),
    ];
    let found = identify(&Scripted::new(WD_SECTORS * 512, 512, steps), &Link::Scsi, Removable::No).unwrap();
    assert_eq!(found.identity.bus, Bus::Ata);
}

#[test]
fn a_sas_disk_takes_its_serial_from_page_80h_and_its_rotation_from_b1h() {
    let steps = vec![
        Step::Scsi(INQUIRY.to_vec(), inquiry("SEAGATE", "ST300MM0006", 0)),
        Step::Refuse(vpd(0x89)),
        Step::Scsi(vpd(0x80), b"\x00\x80\x00\x08SEA00001".to_vec()),
        Step::Scsi(vpd(0x83), b"\x00\x83\x00\x0c\x01\x03\x00\x08\x50\x00\xc5\x00\x01\x02\x03\x04".to_vec()),
        Step::Scsi(vpd(0xB1), vec![0, 0xB1, 0, 4, 0x27, 0x10, 0, 0]),
    ];
    let found = identify(&Scripted::new(1 << 30, 512, steps), &Link::Scsi, Removable::No).unwrap();
    assert_eq!((found.identity.bus, found.medium), (Bus::Scsi, Medium::Hdd));
    assert_eq!(found.identity.serial.as_str(), "SEA00001");
    assert_eq!(found.identity.wwn.as_str(), "5000c50001020304");
}

fn usb(serial: &str) -> Link {
    Link::Usb { serial: serial.into() }
}

fn usb_steps(removable: u8) -> Vec<Step> {
    let refused = [0x80, 0x83, 0xB1].map(|page| Step::Refuse(vpd(page)));
    let mut steps = vec![Step::Scsi(INQUIRY.to_vec(), inquiry("SanDisk", "Cruzer", removable))];
    steps.extend(refused);
    steps
}

#[test]
fn a_usb_stick_is_asked_for_nothing_but_inquiry_and_offers_no_firmware_command() {
    let found =
        identify(&Scripted::new(1 << 30, 512, usb_steps(0x80)), &usb("4C530001"), Removable::Yes).unwrap();
    assert_eq!((found.identity.bus, found.medium), (Bus::Usb, Medium::UsbStick));
    assert_eq!(found.identity.serial.as_str(), "4C530001");
    assert!(found.capabilities.0.is_empty());
}

#[test]
fn a_usb_disk_that_is_not_removable_and_does_not_say_that_it_rotates_counts_as_flash() {
    let found = identify(&Scripted::new(1 << 30, 512, usb_steps(0)), &usb("X"), Removable::No).unwrap();
    assert_eq!((found.medium, found.source), (Medium::Ssd, MediumSource::AssumedFlash));
}

#[test]
fn a_drive_without_a_serial_number_is_refused() {
    let refused = identify(&Scripted::new(1 << 30, 512, usb_steps(0x80)), &usb(""), Removable::Yes);
    assert!(matches!(refused, Err(IdentifyFailure::NoSerial)));
}

fn controller(oacs: u8, fna: u8) -> Vec<u8> {
    let mut page = vec![0; 4096];
    page[4..24].copy_from_slice(b"NVME-0001           ");
    page[24..30].copy_from_slice(b"MODEL ");
    page[256] = oacs;
    page[516] = 4;
    page[524] = fna;
    page
}

fn namespace(blocks: u64) -> Vec<u8> {
    let mut page = vec![0; 4096];
    page[..8].copy_from_slice(&blocks.to_le_bytes());
    page[130] = 9;
    page
}

fn list(nsids: &[u32]) -> Vec<u8> {
    let mut page: Vec<u8> = nsids.iter().flat_map(|nsid| nsid.to_le_bytes()).collect();
    page.resize(4096, 0);
    page
}

fn nvme(oacs: u8, fna: u8, tail: Vec<Step>) -> Result<inventory::Identified, IdentifyFailure> {
    let mut steps = vec![Step::Nvme(1, controller(oacs, fna)), Step::Nvme(0, namespace(2048))];
    steps.extend(tail);
    identify(&Scripted::new(1 << 20, 512, steps), &Link::Nvme { namespace: 1 }, Removable::No)
}

#[test]
fn an_only_namespace_offers_format() {
    let found = nvme(0x02, 0x04, vec![Step::Nvme(0x10, list(&[1]))]).unwrap();
    assert_eq!((found.identity.bus, found.identity.namespace), (Bus::Nvme, 1));
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatCrypto), Support::Supported);
}

#[test]
fn a_controller_without_the_list_of_allocated_namespaces_is_asked_for_the_active_ones() {
    let found = nvme(0x02, 0, vec![Step::NvmeRefuse(0x10), Step::Nvme(0x02, list(&[1]))]).unwrap();
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatCrypto), Support::Unsupported);
}

#[test]
fn format_is_not_offered_where_other_namespaces_exist_or_nothing_is_known_of_them() {
    let two = nvme(0x02, 0, vec![Step::Nvme(0x10, list(&[1, 2]))]).unwrap();
    assert_eq!(two.capabilities.support(Technique::NvmeFormatUserData), Support::OtherNamespaces);
    let silent = nvme(0x02, 0, vec![Step::NvmeRefuse(0x10), Step::NvmeRefuse(0x02)]).unwrap();
    assert_eq!(silent.capabilities.support(Technique::NvmeFormatUserData), Support::Unknown);
}

#[test]
fn a_controller_without_format_offers_none() {
    let found = nvme(0x00, 0, vec![Step::Nvme(0x10, list(&[1]))]).unwrap();
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Unsupported);
}
