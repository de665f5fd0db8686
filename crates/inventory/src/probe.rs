//! Everything raw that a drive says, so that the field can send it: every question with its answer, as it came.
//!
//! Only questions: no command of this list writes, changes a setting, or starts anything, and USB gets nothing but INQUIRY.

mod ata;
mod nvme;
mod scsi;

use crate::ask::PATIENCE;
use crate::facts::Link;
use model::{ByteLen, DeviceText};
use protocol::nvme::{AdminCommand, StatusClass};
use protocol::scsi::Sense;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use transport::{CommandError, Data, Device};

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What was asked for, by its name in the standard.
    pub name: String,
    /// The command as bytes or dwords.
    pub command: String,
    /// How it ended.
    pub status: String,
    /// The data, in hexadecimal; empty if none came.
    pub data: String,
    /// The sense data that came with it, in hexadecimal; empty if none.
    pub sense: String,
}

/// What a drive said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probed {
    /// How the kernel reaches it.
    pub link: String,
    /// The capacity that the kernel uses.
    pub capacity: ByteLen,
    /// The logical block size that the kernel uses, in bytes.
    pub block: u32,
    /// The answers, in the order of the questions.
    pub answers: Vec<Answer>,
}

/// Asks an open drive all questions. A drive that is gone is asked no more; one that does not answer costs the time of
/// each question.
#[must_use]
pub fn probe(device: &dyn Device, link: &Link) -> Probed {
    let geometry = device.geometry();
    let mut probe = Probe { device, answers: Vec::new(), gone: false };
    match link {
        Link::Nvme { namespace } => nvme::ask(&mut probe, *namespace),
        Link::Scsi => {
            scsi::ask_who(&mut probe);
            scsi::ask_state(&mut probe);
            ata::ask(&mut probe);
        }
        Link::Usb { .. } => scsi::ask_who(&mut probe),
        // The kernel has identified them, and they take no such commands.
        Link::Mmc { .. } | Link::Other { .. } => {}
    }
    Probed {
        link: describe(link),
        capacity: geometry.len,
        block: geometry.block.bytes(),
        answers: probe.answers,
    }
}

fn describe(link: &Link) -> String {
    let named = |name: &str, parts: &[&DeviceText]| {
        parts.iter().fold(name.to_owned(), |text, part| text + " " + part.as_str())
    };
    match link {
        Link::Nvme { namespace } => format!("nvme namespace {namespace}"),
        Link::Scsi => "scsi".to_owned(),
        Link::Usb { serial } => named("usb", &[serial]),
        Link::Mmc { name, serial, cid } => named("mmc", &[name, serial, cid]),
        Link::Other { serial } => named("other", &[serial]),
    }
}

/// A drive that is being asked.
struct Probe<'a> {
    device: &'a dyn Device,
    answers: Vec<Answer>,
    gone: bool,
}

impl Probe<'_> {
    /// A SCSI command that reads up to `len` bytes, or none. Returns the data if it ended well.
    fn scsi(&mut self, name: &str, cdb: &[u8], len: usize) -> Option<Vec<u8>> {
        if self.gone {
            return None;
        }
        let mut data = vec![0; len];
        let direction = if len == 0 { Data::None } else { Data::In(&mut data) };
        let answer = self.device.scsi(cdb, direction, PATIENCE);
        let (status, sense, good) = match answer {
            Ok(reply) => {
                data.truncate(reply.transferred);
                let text = match Sense::parse(&reply.sense) {
                    Some(sense) => format!("{:02X}h, sense {sense}", reply.status),
                    None => format!("{:02X}h", reply.status),
                };
                (text, reply.sense, reply.status == 0)
            }
            Err(error) => (self.unanswered(&error, &mut data), Vec::new(), false),
        };
        self.keep(name, spaced(cdb), status, &data, &sense);
        good.then_some(data)
    }

    /// An NVMe command that reads `len` bytes. Returns the data if it ended well.
    fn nvme(&mut self, name: &str, command: &AdminCommand, len: usize) -> Option<Vec<u8>> {
        if self.gone {
            return None;
        }
        let mut data = vec![0; len];
        let answer = self.device.nvme_admin(command, Data::In(&mut data), PATIENCE);
        let (status, good) = match answer {
            Ok(done) => (
                format!("{} {}", done.status, done.status.name()),
                done.status.class() == StatusClass::Success,
            ),
            Err(error) => (self.unanswered(&error, &mut data), false),
        };
        if !good {
            data.clear();
        }
        self.keep(name, command.describe(), status, &data, &[]);
        good.then_some(data)
    }

    fn unanswered(&mut self, error: &CommandError, data: &mut Vec<u8>) -> String {
        data.clear();
        self.gone = *error == CommandError::Gone;
        error.to_string()
    }

    fn keep(&mut self, name: &str, command: String, status: String, data: &[u8], sense: &[u8]) {
        let (data, sense) = (hexadecimal(data), hexadecimal(sense));
        self.answers.push(Answer { name: name.to_owned(), command, status, data, sense });
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // A String takes whatever it is given.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn spaced(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}
