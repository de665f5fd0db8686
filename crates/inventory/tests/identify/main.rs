//! Drives are asked who they are, by scripted devices: a question that was not expected fails, and so does an answer
//! that nobody asked for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod ata;
mod nvme;
mod scsi;
mod usb;

use inventory::{Identified, IdentifyFailure, Link, Removable, identify};
use model::{BlockSize, ByteLen, Condition};
use protocol::nvme::{AdminCommand, Status};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;
use transport::{BlockIo, CommandError, Commands, Data, Geometry, IoFailure, NvmeCompletion, ScsiReply};

/// One expected question, and the answer.
pub(crate) enum Step {
    /// A CDB that begins so, and its data.
    Scsi(Vec<u8>, Vec<u8>),
    /// A CDB that begins so, and sense data with CHECK CONDITION.
    Sense(Vec<u8>, Vec<u8>),
    /// An NVMe Identify with this CNS, or a log page with this identifier, and its data.
    Nvme(u8, u32, Vec<u8>),
    /// The same, refused.
    NvmeRefuse(u8, u32),
}

/// Opcodes of NVMe Identify and Get Log Page.
pub(crate) const IDENTIFY: u8 = 0x06;
pub(crate) const GET_LOG_PAGE: u8 = 0x02;

pub(crate) struct Scripted {
    geometry: Geometry,
    steps: Mutex<VecDeque<Step>>,
}

impl Scripted {
    pub(crate) fn new(len: u64, block: u32, steps: Vec<Step>) -> Self {
        let geometry = Geometry { len: ByteLen(len), block: BlockSize::new(block).unwrap() };
        Self { geometry, steps: Mutex::new(steps.into()) }
    }

    fn next(&self, asked: &str) -> Step {
        let next = self.steps.lock().unwrap().pop_front();
        next.unwrap_or_else(|| panic!("a question too many: {asked}"))
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = self.steps.lock().unwrap().len();
            assert_eq!(left, 0, "answers that nobody asked for");
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

fn fill(data: Data<'_>, answer: &[u8]) -> usize {
    match data {
        Data::In(data) => {
            let count = data.len().min(answer.len());
            data[..count].copy_from_slice(&answer[..count]);
            count
        }
        Data::None => 0,
        Data::Out(_) => panic!("identification sends no data"),
    }
}

impl Commands for Scripted {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        _: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        assert!([IDENTIFY, GET_LOG_PAGE].contains(&command.opcode), "only these may be asked: {command:?}");
        let asked = command.cdw[0] & 0xFF;
        match self.next(&command.describe()) {
            Step::Nvme(opcode, page, answer) => {
                assert_eq!((command.opcode, asked), (opcode, page));
                fill(data, &answer);
                Ok(NvmeCompletion { status: Status(0), result: 0 })
            }
            Step::NvmeRefuse(opcode, page) => {
                assert_eq!((command.opcode, asked), (opcode, page));
                Ok(NvmeCompletion { status: Status(0x4002), result: 0 })
            }
            _ => panic!("an NVMe command where SCSI was expected"),
        }
    }

    fn scsi(&self, cdb: &[u8], data: Data<'_>, _: Duration) -> Result<ScsiReply, CommandError> {
        let expect = |expected: &[u8]| {
            assert!(cdb.starts_with(expected), "{cdb:02x?} where {expected:02x?} was expected");
        };
        match self.next(&format!("{cdb:02x?}")) {
            Step::Scsi(expected, answer) => {
                expect(&expected);
                Ok(ScsiReply { status: 0, sense: Vec::new(), transferred: fill(data, &answer) })
            }
            Step::Sense(expected, sense) => {
                expect(&expected);
                Ok(ScsiReply { status: 2, sense, transferred: 0 })
            }
            _ => panic!("a SCSI command where NVMe was expected"),
        }
    }
}

pub(crate) const INQUIRY: &[u8] = &[0x12, 0x00];

pub(crate) fn vpd(page: u8) -> Vec<u8> {
    vec![0x12, 0x01, page]
}

pub(crate) fn refuse(cdb: &[u8]) -> Step {
    Step::Sense(cdb.to_vec(), fixed(5, 0x20, 0))
}

/// Fixed-format sense data.
pub(crate) fn fixed(key: u8, asc: u8, ascq: u8) -> Vec<u8> {
    vec![0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0]
}

pub(crate) fn inquiry(vendor: &str, product: &str, removable: u8) -> Step {
    let mut data = vec![0, removable, 6, 2, 31, 0, 0, 0];
    data.extend_from_slice(format!("{vendor:<8}{product:<16}1.00").as_bytes());
    Step::Scsi(INQUIRY.to_vec(), data)
}

pub(crate) fn scsi(len: u64, steps: Vec<Step>) -> Result<Identified, IdentifyFailure> {
    identify(&Scripted::new(len, 512, steps), &Link::Scsi, Removable::No)
}

pub(crate) fn conditions(found: &Identified) -> Vec<Condition> {
    found.conditions.0.iter().copied().collect()
}
