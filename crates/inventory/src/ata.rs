//! An ATA drive: who it is, the state it is in, and what it keeps from the host.

use crate::ask::{ata_block, ata_non_data};
use crate::identify::{Identified, IdentifyFailure, medium_of, same_capacity};
use model::{
    BlockSize, Bus, ByteLen, Capabilities, Condition, Conditions, DeviceText, HiddenArea, HiddenAreas,
    Identity, Medium, MediumSource, Support, Technique,
};
use protocol::ata::sanitize::{AbortReason, Answer};
use protocol::ata::{self, EraseTime, Identify, Width, amax, dco, hpa, sanitize};
use std::collections::BTreeMap;
use transport::{Commands, Device, Geometry};

/// Asks a drive that speaks ATA, directly or behind a translation layer.
pub(crate) fn identify_ata(device: &dyn Device) -> Result<Identified, IdentifyFailure> {
    let block = ata_block(device, "IDENTIFY DEVICE", &ata::identify_device())?;
    let drive = Identify::parse(&block)?;
    let sanitize = drive.supports_sanitize().then(|| sanitize_state(device));
    let conditions = conditions(&drive, sanitize);
    let geometry = geometry(device, &drive, &conditions)?;
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
        capabilities: capabilities(&drive, sanitize),
        // While it sanitizes it aborts nearly everything else (ACS-3 4.17.6).
        hidden: if conditions.is_busy() { HiddenAreas::default() } else { hidden_areas(device, &drive) },
        conditions,
        times: times(&drive),
    })
}

/// Words 89 and 90, where they tell a time. "More than" is no time to plan by.
fn times(drive: &Identify) -> BTreeMap<Technique, u64> {
    let told = [
        (Technique::AtaSecurityEraseNormal, drive.normal_erase),
        (Technique::AtaSecurityEraseEnhanced, drive.enhanced_erase),
    ];
    let seconds = |time| match time {
        EraseTime::Minutes(minutes) => Some(u64::from(minutes) * 60),
        EraseTime::NotReported | EraseTime::MoreThan(_) => None,
    };
    told.into_iter().filter_map(|(technique, time)| Some((technique, seconds(time)?))).collect()
}

/// The kernel's, with which the drive must agree; a drive that erases itself gives the kernel none.
fn geometry(
    device: &dyn Device,
    drive: &Identify,
    conditions: &Conditions,
) -> Result<Geometry, IdentifyFailure> {
    let own = Geometry { len: length(drive, drive.sectors), block: drive.logical_sector };
    if conditions.is_busy() {
        return Ok(own);
    }
    same_capacity(own.len.0, device.geometry().len.0)?;
    Ok(device.geometry())
}

fn length(drive: &Identify, sectors: u64) -> ByteLen {
    let block: BlockSize = drive.logical_sector;
    ByteLen(sectors.saturating_mul(block.bytes().into()))
}

/// What SANITIZE STATUS EXT says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SanitizeState {
    Idle,
    Frozen,
    InProgress,
    Failed,
    /// No answer, or one whose registers did not come through: no erase could be followed either.
    Unknown,
}

fn sanitize_state(device: &dyn Commands) -> SanitizeState {
    let Some(reply) = ata_non_data(device, &sanitize::status()) else { return SanitizeState::Unknown };
    match Answer::of(&reply) {
        Answer::State(status) if status.flags.in_progress() => SanitizeState::InProgress,
        Answer::State(status) if status.flags.frozen() => SanitizeState::Frozen,
        // Whether the last one ended well or none ever ran can't be told from here.
        Answer::State(_) => SanitizeState::Idle,
        Answer::Aborted(Some(AbortReason::LastOperationFailed)) => SanitizeState::Failed,
        Answer::Aborted(Some(AbortReason::Frozen)) => SanitizeState::Frozen,
        Answer::Aborted(_) | Answer::Unreadable | Answer::NotPassed | Answer::Unknown => {
            SanitizeState::Unknown
        }
    }
}

fn conditions(drive: &Identify, sanitize: Option<SanitizeState>) -> Conditions {
    let security = drive.security;
    let of_security = [
        (Condition::SecurityFrozen, security.is_frozen()),
        (Condition::PasswordSet, security.is_enabled()),
        (Condition::Locked, security.is_locked()),
        (Condition::AttemptsUsedUp, security.is_count_expired()),
    ];
    let of_sanitize = match sanitize {
        Some(SanitizeState::Frozen) => Some(Condition::SanitizeFrozen),
        Some(SanitizeState::InProgress) => Some(Condition::Sanitizing),
        Some(SanitizeState::Failed) => Some(Condition::SanitizeFailed),
        Some(SanitizeState::Idle | SanitizeState::Unknown) | None => None,
    };
    let set = of_security.into_iter().filter(|(_, is)| *is && security.is_supported());
    Conditions(set.map(|(condition, _)| condition).chain(of_sanitize).collect())
}

fn capabilities(drive: &Identify, sanitize: Option<SanitizeState>) -> Capabilities {
    let security = drive.security;
    let locked = security.is_supported() && (security.is_locked() || security.is_count_expired());
    let of_security = match (locked, security.is_frozen()) {
        (true, _) => Support::Locked,
        (false, true) => Support::Frozen,
        (false, false) => Support::Supported,
    };
    // A locked drive refuses SANITIZE too.
    let of_sanitize = match sanitize {
        _ if locked => Support::Locked,
        Some(SanitizeState::Frozen) => Support::Frozen,
        Some(SanitizeState::Unknown) => Support::Unknown,
        _ => Support::Supported,
    };
    let enhanced = security.is_supported() && security.has_enhanced_erase();
    let offers = [
        (Technique::AtaSecurityEraseNormal, of_security, security.is_supported()),
        (Technique::AtaSecurityEraseEnhanced, of_security, enhanced),
        (Technique::AtaSanitizeBlockErase, of_sanitize, drive.supports_block_erase()),
        (Technique::AtaSanitizeCryptoScramble, of_sanitize, drive.supports_crypto_scramble()),
        (Technique::AtaSanitizeOverwrite, of_sanitize, drive.supports_sanitize_overwrite()),
    ];
    let offered = offers.into_iter().filter(|(_, _, offered)| *offered);
    Capabilities(offered.map(|(technique, support, _)| (technique, support)).collect())
}

/// What the drive keeps from the host, asked by commands that change nothing.
///
/// Only of a drive whose IDENTIFY agrees with the kernel: to a drive that lost its own tables these numbers mean nothing.
fn hidden_areas(device: &dyn Commands, drive: &Identify) -> HiddenAreas {
    let reached = drive.sectors;
    let hpa = drive.hidden.hpa.then(|| native_max(device, drive)).flatten();
    let amax = drive.hidden.amax.then(|| accessible_max(device)).flatten();
    let dco = drive.hidden.dco.then(|| factory_max(device)).flatten();
    // An HPA lies within what the overlay leaves: the overlay hides what is beyond the native address.
    let native = [hpa, amax].into_iter().flatten().fold(reached, u64::max);
    HiddenAreas {
        hpa: area(drive, hpa, reached),
        amax: area(drive, amax, reached),
        dco: area(drive, dco, native),
    }
}

/// Blocks there are, against blocks that can be reached. Fewer than can be reached make no sense, and tell nothing.
fn area(drive: &Identify, blocks: Option<u64>, reached: u64) -> HiddenArea {
    match blocks {
        Some(blocks) if blocks == reached => HiddenArea::None,
        Some(blocks) if blocks > reached => HiddenArea::Present { native: length(drive, blocks) },
        Some(_) | None => HiddenArea::NotReported,
    }
}

fn native_max(device: &dyn Commands, drive: &Identify) -> Option<u64> {
    let width = if drive.lba48 { Width::Bits48 } else { Width::Bits28 };
    let reply = ata_non_data(device, &hpa::read_native_max(width)).filter(ata::Reply::is_completed)?;
    hpa::last_address(width, &reply.registers)?.checked_add(1)
}

fn accessible_max(device: &dyn Commands) -> Option<u64> {
    let reply = ata_non_data(device, &amax::get_native_max()).filter(ata::Reply::is_completed)?;
    reply.registers.lba48()?.checked_add(1)
}

fn factory_max(device: &dyn Commands) -> Option<u64> {
    let block = ata_block(device, "DEVICE CONFIGURATION IDENTIFY", &dco::identify()).ok()?;
    dco::Configuration::parse(&block).ok()?.last_address.checked_add(1)
}
