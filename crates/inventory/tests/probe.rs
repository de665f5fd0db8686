//! A probe asks, keeps what it hears, and does nothing else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use inventory::Link;
use inventory::probe::{Probed, probe};
use model::{BlockSize, ByteLen};
use protocol::nvme::{AdminCommand, Status};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use transport::{BlockIo, CommandError, Commands, Data, Geometry, IoFailure, NvmeCompletion, ScsiReply};

/// A drive that answers some things, and keeps what it was asked.
struct Drive {
    identify: Vec<u8>,
    gone_after: usize,
    asked: Mutex<Vec<Vec<u8>>>,
}

impl Drive {
    fn new(identify: Vec<u8>) -> Self {
        Self { identify, gone_after: usize::MAX, asked: Mutex::default() }
    }

    fn ask(&self, bytes: Vec<u8>) -> Result<(), CommandError> {
        let mut asked = self.asked.lock().unwrap();
        if asked.len() >= self.gone_after {
            return Err(CommandError::Gone);
        }
        asked.push(bytes);
        Ok(())
    }
}

impl BlockIo for Drive {
    fn geometry(&self) -> Geometry {
        Geometry { len: ByteLen(1 << 30), block: BlockSize::B512 }
    }
    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), IoFailure> {
        panic!("a probe reads no blocks")
    }
    fn write_at(&self, _: u64, _: &[u8]) -> Result<(), IoFailure> {
        panic!("a probe writes nothing")
    }
    fn flush(&self) -> Result<(), IoFailure> {
        panic!("a probe flushes nothing")
    }
    fn refresh_geometry(&self) -> Result<Geometry, IoFailure> {
        panic!("a probe changes nothing")
    }
}

impl Commands for Drive {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        _: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        let page = command.cdw[0].to_le_bytes()[0];
        self.ask(vec![command.opcode, page])?;
        let Data::In(into) = data else { panic!("a probe only reads: {command:?}") };
        match (command.opcode, page) {
            (0x06, 0x02) => into[..8].copy_from_slice(&[1, 0, 0, 0, 7, 0, 0, 0]),
            (0x02, 0x05) => return Ok(NvmeCompletion { status: Status(0x4109), result: 0 }),
            _ => into[0] = 0xEE,
        }
        Ok(NvmeCompletion { status: Status(0), result: 0 })
    }

    fn scsi(&self, cdb: &[u8], data: Data<'_>, _: Duration) -> Result<ScsiReply, CommandError> {
        self.ask(cdb.to_vec())?;
        assert!(!matches!(data, Data::Out(_)), "a probe sends no data: {cdb:02x?}");
        if cdb[0] == 0x85 && cdb[14] == 0xEC {
            let Data::In(into) = data else { panic!("IDENTIFY reads") };
            into.copy_from_slice(&self.identify);
            return Ok(ScsiReply { status: 0, sense: Vec::new(), transferred: 512 });
        }
        let sense = vec![0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0];
        Ok(ScsiReply { status: 2, sense, transferred: 0 })
    }
}

fn recorded(drive: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/drives/ata").join(drive);
    let text = fs::read_to_string(folder.join("identify.hex")).unwrap();
    let word = |text: &str| u16::from_str_radix(text, 16).unwrap().to_le_bytes();
    text.split_whitespace().flat_map(word).collect()
}

/// Drives with every feature that a question depends on, between them.
const DRIVES: [&str; 3] =
    ["WDC-WD5000BPKX-22HPJT0-01.01A01", "WDC-WDS500G2B0A-00SM50-415020WD", "Crucial-CT250MX200SSD1-MU01"];

/// SCSI commands and ATA commands that only ask, each as operation code and what tells it from its siblings.
fn only_asks(cdb: &[u8]) -> bool {
    match cdb[0] {
        // TEST UNIT READY, REQUEST SENSE, INQUIRY.
        0x00 | 0x03 | 0x12 => true,
        // REPORT SUPPORTED OPERATION CODES, READ CAPACITY (16).
        0xA3 => cdb[1] == 0x0C,
        0x9E => cdb[1] == 0x10,
        // RETURN RESPONSE INFORMATION.
        0x85 if cdb[1] == 0x1E => true,
        0x85 => match cdb[14] {
            // IDENTIFY DEVICE, READ LOG EXT, READ NATIVE MAX ADDRESS (EXT).
            0xEC | 0x2F | 0xF8 | 0x27 => true,
            // SANITIZE STATUS EXT without clear failure, DEVICE CONFIGURATION IDENTIFY, GET NATIVE MAX ADDRESS EXT.
            0xB4 => cdb[3..13].iter().all(|byte| *byte == 0),
            0xB1 => cdb[4] == 0xC2,
            0x78 => cdb[4] == 0x00,
            _ => false,
        },
        _ => false,
    }
}

#[test]
fn nothing_is_asked_that_changes_anything() {
    let mut kinds = std::collections::BTreeSet::new();
    for name in DRIVES {
        let drive = Drive::new(recorded(name));
        let _ = probe(&drive, &Link::Scsi);
        for cdb in drive.asked.lock().unwrap().iter() {
            assert!(only_asks(cdb), "{name}: {cdb:02x?}");
            kinds.insert((cdb[0], if cdb[0] == 0x85 { cdb[14] } else { 0 }));
        }
    }
    assert!(kinds.len() >= 11, "{kinds:02x?}");
    for ata in [0xEC, 0x27, 0xB1, 0x78, 0xB4, 0x2F] {
        assert!(kinds.contains(&(0x85, ata)), "{ata:02x} is never asked");
    }
}

#[test]
fn every_answer_is_kept_as_it_came() {
    let block = recorded(DRIVES[0]);
    let probed = probe(&Drive::new(block.clone()), &Link::Scsi);
    assert_eq!((probed.link.as_str(), probed.capacity, probed.block), ("scsi", ByteLen(1 << 30), 512));
    let identify = probed.answers.iter().find(|it| it.name == "IDENTIFY DEVICE").unwrap();
    let bytes: Vec<u8> =
        (0..512).map(|at| u8::from_str_radix(&identify.data[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert_eq!((bytes, identify.status.as_str()), (block, "00h"));
    assert!(identify.command.starts_with("85 08 0E"));
    let refused = probed.answers.iter().find(|it| it.name == "VPD block limits").unwrap();
    assert_eq!((refused.status.as_str(), refused.data.as_str()), ("02h, sense 05/20/00", ""));
    assert!(refused.sense.starts_with("700005"));
}

#[test]
fn it_reads_back_from_json() {
    let probed = probe(&Drive::new(recorded(DRIVES[1])), &Link::Scsi);
    let text = serde_json::to_string(&probed).unwrap();
    assert_eq!(serde_json::from_str::<Probed>(&text).unwrap(), probed);
}

#[test]
fn usb_is_asked_for_inquiry_only() {
    let drive = Drive::new(recorded(DRIVES[0]));
    let probed = probe(&drive, &Link::Usb { serial: "X".into() });
    assert!(drive.asked.lock().unwrap().iter().all(|cdb| cdb[0] == 0x12));
    assert_eq!((probed.link.as_str(), probed.answers.len()), ("usb X", 8));
}

#[test]
fn an_nvme_controller_is_asked_for_pages_and_logs_of_every_namespace() {
    let drive = Drive::new(Vec::new());
    let probed = probe(&drive, &Link::Nvme { namespace: 1 });
    assert!(drive.asked.lock().unwrap().iter().all(|asked| [0x06, 0x02].contains(&asked[0])));
    let has = |name: &str| probed.answers.iter().any(|it| it.name == name);
    assert!(has("Identify Namespace 1") && has("Identify Namespace 7") && has("Sanitize Status log"));
    let effects = probed.answers.iter().find(|it| it.name.starts_with("Commands")).unwrap();
    assert_eq!((effects.status.as_str(), effects.data.as_str()), ("4109h Invalid Log Page", ""));
    assert!(probed.answers[0].data.starts_with("ee00"));
}

#[test]
fn a_drive_that_is_gone_is_asked_no_more() {
    let drive = Drive { gone_after: 2, ..Drive::new(Vec::new()) };
    let probed = probe(&drive, &Link::Scsi);
    assert_eq!(probed.answers.len(), 3);
    assert_eq!(probed.answers[2].status, "the drive is not there any more");
}
