//! Questions to a drive, each with its own time.

use crate::identify::IdentifyFailure;
use protocol::ata;
use protocol::nvme::{AdminCommand, StatusClass};
use protocol::scsi::{self, VpdPage};
use std::time::Duration;
use transport::{Commands, Data};

/// How long a drive may take to answer one question. A disk that has to spin up takes ten seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// The length of an NVMe Identify page.
const NVME_PAGE: usize = 4096;
/// What is asked of a vital product data page; all that massho reads but one are shorter.
const VPD_LEN: u8 = 252;

/// An NVMe Identify page.
pub(crate) fn nvme_page(device: &dyn Commands, command: &AdminCommand) -> Result<Vec<u8>, IdentifyFailure> {
    nvme_data(device, "NVMe Identify", command, NVME_PAGE)
}

/// What an NVMe command reads.
pub(crate) fn nvme_data(
    device: &dyn Commands,
    name: &'static str,
    command: &AdminCommand,
    len: usize,
) -> Result<Vec<u8>, IdentifyFailure> {
    let mut page = vec![0; len];
    match device.nvme_admin(command, Data::In(&mut page), PATIENCE) {
        Ok(done) if done.status.class() == StatusClass::Success => Ok(page),
        Ok(done) => Err(IdentifyFailure::Status { command: name, status: done.status.to_string() }),
        Err(error) => Err(IdentifyFailure::Command { command: name, error }),
    }
}

/// Standard INQUIRY data.
pub(crate) fn inquiry(device: &dyn Commands, len: u8) -> Result<scsi::Inquiry, IdentifyFailure> {
    const NAME: &str = "INQUIRY";
    let mut data = vec![0; len.into()];
    match device.scsi(&scsi::inquiry(len), Data::In(&mut data), PATIENCE) {
        Ok(reply) if reply.status == 0 => {
            data.truncate(reply.transferred);
            Ok(scsi::Inquiry::parse(&data)?)
        }
        Ok(reply) => Err(IdentifyFailure::Status { command: NAME, status: format!("{:02X}h", reply.status) }),
        Err(error) => Err(IdentifyFailure::Command { command: NAME, error }),
    }
}

/// What an ATA command that reads one block answers.
pub(crate) fn ata_block(
    device: &dyn Commands,
    name: &'static str,
    command: &ata::Command,
) -> Result<Vec<u8>, IdentifyFailure> {
    let mut block = vec![0; ata::SECTOR];
    match device.ata(command, Data::In(&mut block), PATIENCE) {
        Ok(reply) if reply.is_completed() => {
            block.truncate(reply.transferred);
            Ok(block)
        }
        Ok(reply) => Err(IdentifyFailure::Status { command: name, status: reply.describe() }),
        Err(error) => Err(IdentifyFailure::Command { command: name, error }),
    }
}

/// The answer to an ATA command without data; `None` where none came.
pub(crate) fn ata_non_data(device: &dyn Commands, command: &ata::Command) -> Option<ata::Reply> {
    device.ata(command, Data::None, PATIENCE).ok()
}

/// A vital product data page, if the drive has it.
pub(crate) fn page(device: &dyn Commands, page: VpdPage) -> Option<Vec<u8>> {
    let mut data = vec![0; VPD_LEN.into()];
    let cdb = scsi::vital_product_data(page, VPD_LEN);
    let reply = device.scsi(&cdb, Data::In(&mut data), PATIENCE).ok()?;
    // Page 89h is 572 bytes long, of which 252 come: enough to know that it is there.
    let is_page = reply.status == 0 && reply.transferred >= 4 && data.get(1) == Some(&page.code());
    data.truncate(reply.transferred);
    is_page.then_some(data)
}
