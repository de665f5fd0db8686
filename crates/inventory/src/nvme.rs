//! An NVMe namespace: who it is, the state its controller is in, and what that can do.

use crate::ask::{nvme_data, nvme_page};
use crate::identify::{Identified, IdentifyFailure, same_capacity};
use model::{
    Bus, ByteLen, Capabilities, Condition, Conditions, DeviceText, HiddenAreas, Identity, Medium,
    MediumSource, Support, Technique,
};
use protocol::nvme::{self, AdminCommand, Controller, LogPage, SanitizeLog, SanitizeState};
use std::collections::BTreeMap;
use std::time::Duration;
use transport::{Commands, Device};

/// Asks a namespace and its controller.
pub(crate) fn identify_nvme(device: &dyn Device, nsid: u32) -> Result<Identified, IdentifyFailure> {
    let controller = Controller::parse(&nvme_page(device, &AdminCommand::identify_controller())?)?;
    let namespace = nvme::Namespace::parse(&nvme_page(device, &AdminCommand::identify_namespace(nsid))?)?;
    let log = sanitizes(&controller).then(|| sanitize_log(device)).flatten();
    let conditions = conditions(log);
    let mut geometry = device.geometry();
    let own = ByteLen(namespace.blocks.saturating_mul(u64::from(namespace.format.block)));
    match conditions.is_busy() {
        // A drive that erases itself may give the kernel none.
        true => geometry.len = own,
        false => same_capacity(own.0, geometry.len.0)?,
    }
    Ok(Identified {
        identity: Identity {
            bus: Bus::Nvme,
            maker: DeviceText::default(),
            model: controller.model.clone(),
            serial: controller.serial.clone(),
            firmware: controller.firmware.clone(),
            wwn: name(&namespace),
            namespace: nsid,
            capacity: geometry.len,
            block: geometry.block,
        },
        medium: Medium::Ssd,
        source: MediumSource::Nvme,
        capabilities: capabilities(&controller, namespaces(device, nsid), log),
        conditions,
        hidden: HiddenAreas::default(),
        times: log.map(times).unwrap_or_default(),
    })
}

/// The drive's estimates for a Sanitize.
fn times(log: SanitizeLog) -> BTreeMap<Technique, u64> {
    let told = [
        (Technique::NvmeSanitizeBlockErase, log.block_erase_time()),
        (Technique::NvmeSanitizeCryptoErase, log.crypto_erase_time()),
        (Technique::NvmeSanitizeOverwrite, log.overwrite_time().map(of_one_pass)),
    ];
    told.into_iter().filter_map(|(technique, time)| Some((technique, time?.as_secs()))).collect()
}

/// The drive's estimate is for sixteen passes (NVM Express Base Specification, Sanitize Status log page); one is asked for.
fn of_one_pass(all: Duration) -> Duration {
    Duration::from_secs(all.as_secs().div_ceil(16))
}

fn name(namespace: &nvme::Namespace) -> DeviceText {
    let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    if namespace.nguid != [0; 16] {
        digits(&namespace.nguid).as_str().into()
    } else if namespace.eui64 != [0; 8] {
        digits(&namespace.eui64).as_str().into()
    } else {
        DeviceText::default()
    }
}

fn sanitizes(controller: &Controller) -> bool {
    controller.sanitizes_by_block_erase()
        || controller.sanitizes_by_crypto_erase()
        || controller.sanitizes_by_overwrite()
}

fn sanitize_log(device: &dyn Commands) -> Option<SanitizeLog> {
    let page = LogPage::SanitizeStatus;
    let data = nvme_data(device, "Get Log Page", &page.command(), page.len().into()).ok()?;
    SanitizeLog::parse(&data).ok()
}

fn conditions(log: Option<SanitizeLog>) -> Conditions {
    let condition = match log.map(|log| log.state()) {
        Some(SanitizeState::InProgress) => Some(Condition::Sanitizing),
        Some(SanitizeState::Failed) => Some(Condition::SanitizeFailed),
        _ => None,
    };
    Conditions(condition.into_iter().collect())
}

/// What is known of the controller's namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Namespaces {
    /// This one only.
    Only,
    /// So many, this one among them.
    Several(u16),
    /// Nothing that makes sense.
    Unknown,
}

/// The list of allocated namespaces (CNS 10h) is optional, the list of active ones (CNS 02h) is not.
fn namespaces(device: &dyn Commands, nsid: u32) -> Namespaces {
    let allocated = nvme_page(device, &AdminCommand::allocated_namespaces(0));
    let Ok(list) = allocated.or_else(|_| nvme_page(device, &AdminCommand::active_namespaces(0))) else {
        return Namespaces::Unknown;
    };
    let entries = list.chunks_exact(4).take_while(|entry| *entry != [0; 4]);
    let count = entries.clone().count();
    match (u16::try_from(count), entries.into_iter().any(|entry| entry == nsid.to_le_bytes())) {
        (Ok(1), true) => Namespaces::Only,
        (Ok(count), true) => Namespaces::Several(count),
        _ => Namespaces::Unknown,
    }
}

fn capabilities(controller: &Controller, namespaces: Namespaces, log: Option<SanitizeLog>) -> Capabilities {
    // A sanitize reaches all namespaces at once: those that nobody confirmed too.
    let sanitize = match (namespaces, log) {
        // Without its log none could be followed to its end.
        (_, None) | (Namespaces::Unknown, _) => Support::Unknown,
        (Namespaces::Only, _) => Support::Supported,
        (Namespaces::Several(_), _) => Support::OtherNamespaces,
    };
    let format = match namespaces {
        Namespaces::Only => Support::Supported,
        Namespaces::Several(count) => Support::EachNamespace { count },
        Namespaces::Unknown => Support::Unknown,
    };
    let crypto_format = controller.supports_format() && controller.supports_crypto_erase() == Some(true);
    let offers = [
        (Technique::NvmeSanitizeBlockErase, sanitize, controller.sanitizes_by_block_erase()),
        (Technique::NvmeSanitizeCryptoErase, sanitize, controller.sanitizes_by_crypto_erase()),
        (Technique::NvmeSanitizeOverwrite, sanitize, controller.sanitizes_by_overwrite()),
        (Technique::NvmeFormatUserData, format, controller.supports_format()),
        (Technique::NvmeFormatCrypto, format, crypto_format),
        // Whatever takes writes can be overwritten, but with one namespace of several the drive is not.
        (Technique::RandomOverwrite, format, namespaces != Namespaces::Only),
    ];
    let offered = offers.into_iter().filter(|(_, _, offered)| *offered);
    Capabilities(offered.map(|(technique, support, _)| (technique, support)).collect())
}
