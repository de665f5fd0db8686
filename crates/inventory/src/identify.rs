//! Asking a drive who it is: IDENTIFY DEVICE through SG_IO, NVMe Identify, INQUIRY.

use crate::facts::{DiskFacts, Link, Removable};
use model::{Bus, Capabilities, DeviceText, Identity, Medium, MediumSource, Support, Technique};
use protocol::ata::{self, Rotation};
use protocol::nvme::{self, AdminCommand, StatusClass};
use protocol::scsi::{self, VpdPage};
use std::collections::BTreeMap;
use std::time::Duration;
use transport::{Access, CommandError, Commands, Device, Node, OpenError};

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
    /// Without a serial number a record proves nothing.
    #[error("it reports no serial number")]
    NoSerial,
}

const PATIENCE: Duration = Duration::from_secs(15);

/// Opens the drive's node for questions only, and asks.
///
/// # Errors
/// [`IdentifyFailure`]
pub fn identify_node(facts: &DiskFacts) -> Result<Identified, IdentifyFailure> {
    identify(&Node::open(&facts.whole.node, Access::Identify)?, &facts.link, facts.removable)
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
    let identified = match link {
        Link::Nvme { namespace } => identify_nvme(device, *namespace)?,
        Link::Usb { serial } => identify_usb(device, serial, removable)?,
        Link::Scsi => identify_scsi(device)?,
        Link::Mmc { name, serial, cid } => known(device, Bus::Mmc, name, serial, cid),
        Link::Other { serial } => {
            known(device, Bus::Other, &DeviceText::default(), serial, &DeviceText::default())
        }
    };
    if identified.identity.serial.is_empty() && identified.medium != Medium::Optical {
        return Err(IdentifyFailure::NoSerial);
    }
    Ok(identified)
}

fn identify_nvme(device: &dyn Device, nsid: u32) -> Result<Identified, IdentifyFailure> {
    let page = nvme_page(device, &AdminCommand::identify_controller())?;
    let controller = nvme::Controller::parse(&page)?;
    let namespace = nvme::Namespace::parse(&nvme_page(device, &AdminCommand::identify_namespace(nsid))?)?;
    let geometry = device.geometry();
    let capacity = namespace.blocks.saturating_mul(u64::from(namespace.format.block));
    same_capacity(capacity, geometry.len.0)?;
    Ok(Identified {
        identity: Identity {
            bus: Bus::Nvme,
            maker: DeviceText::default(),
            model: controller.model.clone(),
            serial: controller.serial.clone(),
            firmware: controller.firmware.clone(),
            wwn: nvme_name(&namespace),
            namespace: nsid,
            capacity: geometry.len,
            block: geometry.block,
        },
        medium: Medium::Ssd,
        source: MediumSource::Nvme,
        capabilities: nvme_capabilities(&controller, only_namespace(device, nsid)),
    })
}

fn nvme_page(device: &dyn Device, command: &AdminCommand) -> Result<Vec<u8>, IdentifyFailure> {
    const NAME: &str = "NVMe Identify";
    let mut page = vec![0; 4096];
    match device.nvme_admin(command, &mut page, PATIENCE) {
        Ok(done) if done.status.class() == StatusClass::Success => Ok(page),
        Ok(done) => Err(IdentifyFailure::Status { command: NAME, status: done.status.to_string() }),
        Err(error) => Err(IdentifyFailure::Command { command: NAME, error }),
    }
}

fn nvme_name(namespace: &nvme::Namespace) -> DeviceText {
    let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    if namespace.nguid != [0; 16] {
        digits(&namespace.nguid).as_str().into()
    } else if namespace.eui64 != [0; 8] {
        digits(&namespace.eui64).as_str().into()
    } else {
        DeviceText::default()
    }
}

/// Whether this is the controller's only namespace; `None` if it does not say. The list of allocated namespaces
/// (CNS 10h) is optional, the list of active ones (CNS 02h) is not.
fn only_namespace(device: &dyn Device, nsid: u32) -> Option<bool> {
    let allocated = nvme_page(device, &AdminCommand::allocated_namespaces(0));
    let list = allocated.or_else(|_| nvme_page(device, &AdminCommand::active_namespaces(0))).ok()?;
    let mut listed = list.chunks_exact(4).filter(|entry| *entry != [0; 4]);
    Some(listed.next() == Some(&nsid.to_le_bytes()[..]) && listed.next().is_none())
}

fn nvme_capabilities(controller: &nvme::Controller, only: Option<bool>) -> Capabilities {
    let mut map = BTreeMap::new();
    let mut offer = |technique, offered: bool| {
        if offered {
            map.insert(technique, Support::Supported);
        }
    };
    offer(Technique::NvmeSanitizeBlockErase, controller.sanitizes_by_block_erase());
    offer(Technique::NvmeSanitizeCryptoErase, controller.sanitizes_by_crypto_erase());
    offer(Technique::NvmeSanitizeOverwrite, controller.sanitizes_by_overwrite());
    if controller.supports_format() {
        // A format may miss other namespaces, or hit ones that nobody confirmed.
        let support = match only {
            Some(true) => Support::Supported,
            Some(false) => Support::OtherNamespaces,
            None => Support::Unknown,
        };
        map.insert(Technique::NvmeFormatUserData, support);
        if controller.supports_crypto_erase() == Some(true) {
            map.insert(Technique::NvmeFormatCrypto, support);
        }
    }
    Capabilities(map)
}

fn identify_scsi(device: &dyn Device) -> Result<Identified, IdentifyFailure> {
    let inquiry = scsi::Inquiry::parse(&scsi_data(device, &scsi::inquiry(96), 96)?)?;
    if inquiry.is_optical() {
        return Ok(optical(device, Bus::Scsi, &inquiry));
    }
    // "ATA" is what every translation layer says (SAT-3 10.3.2); page 89h is what it must have.
    let translated = inquiry.vendor.as_str() == "ATA" || page(device, VpdPage::AtaInformation).is_some();
    if translated { identify_ata(device) } else { Ok(scsi_disk(device, Bus::Scsi, &inquiry)) }
}

fn identify_ata(device: &dyn Device) -> Result<Identified, IdentifyFailure> {
    let block = scsi_data(device, &ata::identify_device(), ata::IDENTIFY_LEN)?;
    let drive = ata::Identify::parse(&block)?;
    let geometry = device.geometry();
    same_capacity(drive.sectors.saturating_mul(u64::from(drive.logical_sector.bytes())), geometry.len.0)?;
    let (medium, source) = match drive.hybrid {
        // Flash in front of the platters: judged as flash.
        true => (Medium::Ssd, MediumSource::AssumedFlash),
        false => medium_of(drive.rotation),
    };
    Ok(Identified {
        identity: Identity {
            bus: Bus::Ata,
            maker: DeviceText::default(),
            model: drive.model.clone(),
            serial: drive.serial.clone(),
            firmware: drive.firmware.clone(),
            wwn: drive.wwn.clone(),
            namespace: 0,
            capacity: geometry.len,
            block: geometry.block,
        },
        medium,
        source,
        capabilities: ata_capabilities(&drive),
    })
}

fn ata_capabilities(drive: &ata::Identify) -> Capabilities {
    let mut map = BTreeMap::new();
    let security = drive.security;
    let state = if security.is_locked() || security.is_count_expired() {
        Support::Locked
    } else if security.is_frozen() {
        Support::Frozen
    } else {
        Support::Supported
    };
    if security.is_supported() {
        map.insert(Technique::AtaSecurityEraseNormal, state);
    }
    if security.is_supported() && security.has_enhanced_erase() {
        map.insert(Technique::AtaSecurityEraseEnhanced, state);
    }
    // A locked drive refuses SANITIZE too; whether SANITIZE is frozen only its own status would say.
    let sanitize = if state == Support::Locked { Support::Locked } else { Support::Supported };
    let offers = [
        (Technique::AtaSanitizeBlockErase, drive.supports_block_erase()),
        (Technique::AtaSanitizeCryptoScramble, drive.supports_crypto_scramble()),
        (Technique::AtaSanitizeOverwrite, drive.supports_sanitize_overwrite()),
    ];
    map.extend(
        offers.into_iter().filter(|(_, offered)| *offered).map(|(technique, _)| (technique, sanitize)),
    );
    Capabilities(map)
}

fn identify_usb(
    device: &dyn Device,
    serial: &DeviceText,
    removable: Removable,
) -> Result<Identified, IdentifyFailure> {
    let inquiry = scsi::Inquiry::parse(&scsi_data(device, &scsi::inquiry(36), 36)?)?;
    if inquiry.is_optical() {
        return Ok(optical(device, Bus::Usb, &inquiry));
    }
    let mut identified = scsi_disk(device, Bus::Usb, &inquiry);
    if !serial.is_empty() {
        identified.identity.serial = serial.clone();
    }
    // Firmware commands are not sent over USB at all, so nothing is offered, whatever the bridge says.
    identified.capabilities = Capabilities::default();
    if inquiry.removable || removable == Removable::Yes {
        (identified.medium, identified.source) = (Medium::UsbStick, MediumSource::UsbRemovable);
    }
    Ok(identified)
}

fn scsi_disk(device: &dyn Device, bus: Bus, inquiry: &scsi::Inquiry) -> Identified {
    let serial = page(device, VpdPage::UnitSerialNumber).and_then(|data| scsi::serial_number(&data).ok());
    let name = page(device, VpdPage::DeviceIdentification).and_then(|data| scsi::device_id(&data).ok());
    let rotation = page(device, VpdPage::BlockDeviceCharacteristics)
        .and_then(|data| scsi::BlockCharacteristics::parse(&data).ok())
        .map_or(Rotation::NotReported, |page| page.rotation);
    let (medium, source) = medium_of(rotation);
    let geometry = device.geometry();
    Identified {
        identity: Identity {
            bus,
            maker: inquiry.vendor.clone(),
            model: inquiry.product.clone(),
            serial: serial.unwrap_or_default(),
            firmware: inquiry.revision.clone(),
            wwn: name.unwrap_or_default(),
            namespace: 0,
            capacity: geometry.len,
            block: geometry.block,
        },
        medium,
        source,
        capabilities: Capabilities::default(),
    }
}

fn optical(device: &dyn Device, bus: Bus, inquiry: &scsi::Inquiry) -> Identified {
    let mut identified = scsi_disk(device, bus, inquiry);
    (identified.medium, identified.source) = (Medium::Optical, MediumSource::OpticalType);
    identified
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
    }
}

/// Flash unless the drive says that it rotates: unknown counts as flash.
fn medium_of(rotation: Rotation) -> (Medium, MediumSource) {
    match rotation {
        Rotation::Rpm(rate) => (Medium::Hdd, MediumSource::RotationRate(rate)),
        Rotation::NonRotating => (Medium::Ssd, MediumSource::NonRotating),
        Rotation::NotReported | Rotation::Reserved(_) => (Medium::Ssd, MediumSource::AssumedFlash),
    }
}

fn same_capacity(drive: u64, kernel: u64) -> Result<(), IdentifyFailure> {
    if drive == kernel { Ok(()) } else { Err(IdentifyFailure::Capacity { drive, kernel }) }
}

fn scsi_data(device: &dyn Device, cdb: &[u8], len: usize) -> Result<Vec<u8>, IdentifyFailure> {
    let command = if cdb.first() == Some(&0x12) { "INQUIRY" } else { "IDENTIFY DEVICE" };
    let mut data = vec![0; len];
    match device.scsi(cdb, &mut data, PATIENCE) {
        Ok(reply) if reply.status == 0 => {
            data.truncate(reply.transferred);
            Ok(data)
        }
        Ok(reply) => Err(IdentifyFailure::Status { command, status: format!("{:02X}h", reply.status) }),
        Err(error) => Err(IdentifyFailure::Command { command, error }),
    }
}

/// A vital product data page, if the drive has it.
fn page(device: &dyn Commands, page: VpdPage) -> Option<Vec<u8>> {
    let mut data = vec![0; 252];
    let reply = device.scsi(&scsi::vital_product_data(page, 252), &mut data, PATIENCE).ok()?;
    // Page 89h is 572 bytes long, of which 252 come: enough to know that it is there.
    let is_page = reply.status == 0 && reply.transferred >= 4 && data.get(1) == Some(&page.code());
    data.truncate(reply.transferred);
    is_page.then_some(data)
}
