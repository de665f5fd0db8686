//! A drive that speaks SCSI: who it is, the state it is in, and what it can do.

use crate::ask::{PATIENCE, page};
use crate::identify::{Identified, medium_of};
use model::{
    Bus, Capabilities, Condition, Conditions, HiddenAreas, Identity, Medium, MediumSource, Support, Technique,
};
use protocol::ata::Rotation;
use protocol::scsi::{self, Asked, OneCommand, Sense, Supported, VpdPage};
use std::collections::BTreeMap;
use transport::{Commands, Data, Device};

/// Operation codes and service actions of what erases (SBC-4 table 35).
const ERASES: [(Technique, Asked); 4] = [
    (Technique::ScsiSanitizeOverwrite, Asked::ServiceAction(0x48, 0x01)),
    (Technique::ScsiSanitizeBlockErase, Asked::ServiceAction(0x48, 0x02)),
    (Technique::ScsiSanitizeCryptoErase, Asked::ServiceAction(0x48, 0x03)),
    (Technique::ScsiFormatUnit, Asked::Opcode(0x04)),
];
/// A drive reports each thing that happened to it once, before it answers anything else.
const ATTENTIONS: usize = 4;

/// SAS and SCSI.
pub(crate) fn identify_disk(device: &dyn Device, inquiry: &scsi::Inquiry) -> Identified {
    let mut identified = described(device, Bus::Scsi, inquiry);
    identified.conditions = conditions(device);
    identified.capabilities = Capabilities(ERASES.into_iter().filter_map(|it| offer(device, it)).collect());
    identified
}

/// An optical drive.
pub(crate) fn optical(device: &dyn Device, bus: Bus, inquiry: &scsi::Inquiry) -> Identified {
    let mut identified = described(device, bus, inquiry);
    (identified.medium, identified.source) = (Medium::Optical, MediumSource::OpticalType);
    identified
}

/// Who it is, as INQUIRY says; nothing is known yet of its state and of what it can do.
pub(crate) fn described(device: &dyn Device, bus: Bus, inquiry: &scsi::Inquiry) -> Identified {
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
        conditions: Conditions::default(),
        hidden: HiddenAreas::default(),
        times: BTreeMap::new(),
    }
}

/// What the drive reports of itself: by TEST UNIT READY, which fails for the reason, and by REQUEST SENSE, where some
/// put it instead.
fn conditions(device: &dyn Commands) -> Conditions {
    let found = test_unit_ready(device).and_then(condition);
    Conditions(found.or_else(|| request_sense(device).and_then(condition)).into_iter().collect())
}

fn condition(sense: Sense) -> Option<Condition> {
    match sense.condition() {
        scsi::Condition::SanitizeInProgress(_) => Some(Condition::Sanitizing),
        scsi::Condition::FormatInProgress(_) => Some(Condition::Formatting),
        scsi::Condition::SanitizeFailed => Some(Condition::SanitizeFailed),
        scsi::Condition::FormatFailed => Some(Condition::FormatCorrupt),
        _ => None,
    }
}

fn test_unit_ready(device: &dyn Commands) -> Option<Sense> {
    for _ in 0..ATTENTIONS {
        let reply = device.scsi(&scsi::test_unit_ready(), Data::None, PATIENCE).ok()?;
        let sense = Sense::parse(&reply.sense).filter(|_| reply.status != 0)?;
        match sense.condition() {
            scsi::Condition::Attention | scsi::Condition::CapacityChanged => {}
            _ => return Some(sense),
        }
    }
    None
}

/// By descriptors, or in fixed format from a drive that does not know DESC.
fn request_sense(device: &dyn Commands) -> Option<Sense> {
    let ask = |cdb: [u8; 6]| {
        let mut data = vec![0; scsi::REQUEST_SENSE_LEN.into()];
        let reply = device.scsi(&cdb, Data::In(&mut data), PATIENCE).ok()?;
        data.truncate(reply.transferred);
        Sense::parse(&data).filter(|_| reply.status == 0)
    };
    ask(scsi::request_sense()).or_else(|| ask(scsi::request_fixed_sense()))
}

fn offer(device: &dyn Commands, (technique, asked): (Technique, Asked)) -> Option<(Technique, Support)> {
    match supported(device, asked) {
        Supported::Yes => Some((technique, Support::Supported)),
        Supported::Unknown => Some((technique, Support::Unknown)),
        // In the vendor's own way is not in ours.
        Supported::No | Supported::VendorSpecific => None,
    }
}

fn supported(device: &dyn Commands, asked: Asked) -> Supported {
    let mut data = vec![0; scsi::ONE_COMMAND_LEN.into()];
    let Ok(reply) = device.scsi(&scsi::report_one(asked), Data::In(&mut data), PATIENCE) else {
        return Supported::Unknown;
    };
    data.truncate(reply.transferred);
    let read = OneCommand::parse(&data).filter(|_| reply.status == 0);
    read.map_or(Supported::Unknown, |read| read.supported)
}
