//! Asking a drive who it is, what state it is in, and what it can do. Nothing is asked that changes anything.

use crate::ask::{inquiry, page};
use crate::ata::identify_ata;
use crate::facts::{Link, Removable};
use crate::nvme::identify_nvme;
use crate::scsi::{described, identify_disk, optical};
use model::{
    Bus, Capabilities, Conditions, DeviceText, HiddenAreas, Identity, Medium, MediumSource, Technique,
};
use protocol::ata::{self, Rotation};
use protocol::nvme;
use protocol::scsi::{self, VpdPage};
use std::collections::BTreeMap;
use std::time::Duration;
use transport::{CommandError, Device, OpenError};

/// What a drive said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// Who it is.
    pub identity: Identity,
    /// What medium it is.
    pub medium: Medium,
    /// How that was determined.
    pub source: MediumSource,
    /// What it can do.
    pub capabilities: Capabilities,
    /// The states it is in.
    pub conditions: Conditions,
    /// What it keeps from the host.
    pub hidden: HiddenAreas,
    /// How many seconds it says that a technique takes.
    pub times: BTreeMap<Technique, u64>,
}

/// Why a drive could not be identified.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyFailure {
    /// The node could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A command had no answer.
    #[error("{command}: {error}")]
    Command {
        /// The command.
        command: &'static str,
        /// What became of it.
        error: CommandError,
    },
    /// A command ended badly; the status is in hexadecimal.
    #[error("{command} ended with status {status}")]
    Status {
        /// The command.
        command: &'static str,
        /// NVMe status or SAM status.
        status: String,
    },
    /// Identify data that makes no sense.
    #[error(transparent)]
    Nvme(#[from] nvme::IdentifyError),
    /// IDENTIFY data that makes no sense.
    #[error(transparent)]
    Ata(#[from] ata::IdentifyError),
    /// INQUIRY data that makes no sense.
    #[error(transparent)]
    Scsi(#[from] scsi::InquiryError),
    /// The drive and the kernel disagree on how large it is: one of them is wrong, so nothing is certain.
    #[error("the drive says {drive} bytes, the kernel {kernel}")]
    Capacity {
        /// As the drive said.
        drive: u64,
        /// As the kernel uses it.
        kernel: u64,
    },
    /// It did not answer in the time that a look has; it may still.
    #[error("no answer within {0:?}")]
    Silent(Duration),
}

/// Asks an open drive.
///
/// # Errors
/// [`IdentifyFailure`]
pub fn identify(
    device: &dyn Device,
    link: &Link,
    removable: Removable,
) -> Result<Identified, IdentifyFailure> {
    Ok(match link {
        Link::Nvme { namespace } => identify_nvme(device, *namespace)?,
        Link::Usb { serial } => identify_usb(device, serial, removable)?,
        Link::Scsi => identify_scsi(device)?,
        Link::Mmc { name, serial, cid } => known(device, Bus::Mmc, name, serial, cid),
        Link::Other { serial } => {
            known(device, Bus::Other, &DeviceText::default(), serial, &DeviceText::default())
        }
    })
}

fn identify_scsi(device: &dyn Device) -> Result<Identified, IdentifyFailure> {
    let inquiry = inquiry(device, 96)?;
    if inquiry.is_optical() {
        return Ok(optical(device, Bus::Scsi, &inquiry));
    }
    // "ATA" is what every translation layer says (SAT-3 10.3.2); page 89h is what it must have. Behind a SAS adapter such
    // a drive is judged by what it is.
    let translated = inquiry.vendor.as_str() == "ATA" || page(device, VpdPage::AtaInformation).is_some();
    if translated { identify_ata(device) } else { Ok(identify_disk(device, &inquiry)) }
}

fn identify_usb(
    device: &dyn Device,
    serial: &DeviceText,
    removable: Removable,
) -> Result<Identified, IdentifyFailure> {
    let inquiry = inquiry(device, 36)?;
    if inquiry.is_optical() {
        return Ok(optical(device, Bus::Usb, &inquiry));
    }
    let mut identified = described(device, Bus::Usb, &inquiry);
    if !serial.is_empty() {
        identified.identity.serial = serial.clone();
    }
    // Nothing but identification is sent over USB, so nothing is known of what it can do, and nothing is offered.
    if inquiry.removable || removable == Removable::Yes {
        (identified.medium, identified.source) = (Medium::UsbStick, MediumSource::UsbRemovable);
    }
    Ok(identified)
}

fn known(
    device: &dyn Device,
    bus: Bus,
    model: &DeviceText,
    serial: &DeviceText,
    name: &DeviceText,
) -> Identified {
    let geometry = device.geometry();
    Identified {
        identity: Identity {
            bus,
            maker: DeviceText::default(),
            model: model.clone(),
            serial: serial.clone(),
            firmware: DeviceText::default(),
            wwn: name.clone(),
            namespace: 0,
            capacity: geometry.len,
            block: geometry.block,
        },
        medium: Medium::Ssd,
        source: MediumSource::AssumedFlash,
        capabilities: Capabilities::default(),
        conditions: Conditions::default(),
        hidden: HiddenAreas::default(),
        times: BTreeMap::new(),
    }
}

/// Flash unless the drive says that it rotates: unknown counts as flash.
pub(crate) fn medium_of(rotation: Rotation) -> (Medium, MediumSource) {
    match rotation {
        Rotation::Rpm(rate) => (Medium::Hdd, MediumSource::RotationRate(rate)),
        Rotation::NonRotating => (Medium::Ssd, MediumSource::NonRotating),
        Rotation::NotReported | Rotation::Reserved(_) => (Medium::Ssd, MediumSource::AssumedFlash),
    }
}

pub(crate) fn same_capacity(drive: u64, kernel: u64) -> Result<(), IdentifyFailure> {
    if drive == kernel { Ok(()) } else { Err(IdentifyFailure::Capacity { drive, kernel }) }
}
