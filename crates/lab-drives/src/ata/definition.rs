//! What an ATA drive is and can do: the part of a drive's TOML that this module understands.

use crate::Faults;
use crate::medium::{Encryption, Kind, Layout};
use serde::{Deserialize, Serialize};

/// An ATA drive. Everything but the serial number has a default: a 64 MiB SATA disk with SECURITY and enhanced erase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Definition {
    /// Serial number, up to 20 characters.
    pub serial: String,
    /// Model, up to 40 characters.
    pub model: String,
    /// Firmware revision, up to 8 characters.
    pub firmware: String,
    /// World wide name (NAA 5h); made up from the serial number where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wwn: Option<u64>,
    /// All of its addressable space, hidden areas included, in MiB.
    pub size_mib: u64,
    /// Bytes per logical sector: 512 or 4096.
    pub block_size: u32,
    /// Bytes per physical sector, as IDENTIFY states them.
    pub physical_block_size: u32,
    /// Disk or flash.
    pub medium: Kind,
    /// Whether it holds ciphertext; CRYPTO SCRAMBLE needs that.
    pub encryption: Encryption,
    /// Spare physical sectors; a layout's usual number where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spare_blocks: Option<u64>,
    /// Disk: sectors reallocated before it was filled.
    pub reallocated: Vec<u64>,
    /// How old it is.
    pub generation: Generation,
    /// What it hides from the host.
    pub hidden: Hidden,
    /// SECURITY feature set.
    pub security: Security,
    /// SANITIZE DEVICE feature set.
    pub sanitize: Sanitize,
    /// How long an erase by overwriting or by erasing blocks takes, in seconds.
    pub erase_seconds: u64,
    /// How long a change of the media key takes, in seconds.
    pub crypto_seconds: u64,
    /// Faults that are on from the beginning.
    pub faults: Faults,
}

/// How old a drive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Generation {
    /// ACS-3: serial ATA, 48-bit addresses, logs.
    Modern,
    /// ATA/ATAPI-5: parallel, 28-bit addresses, no world wide name, no general purpose logging.
    Old,
}

/// What a drive hides beyond the maximum address that the host sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hidden {
    /// Which commands move the accessible maximum.
    pub by: Limit,
    /// Sectors hidden by that means (HPA or AMAX), permanently.
    pub blocks: u64,
    /// Sectors hidden by a Device Configuration Overlay, beyond those.
    pub dco_blocks: u64,
    /// Whether it knows DEVICE CONFIGURATION OVERLAY.
    pub dco: Supported,
}

/// The means to limit the accessible sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// None.
    None,
    /// READ NATIVE MAX ADDRESS and SET MAX ADDRESS.
    Hpa,
    /// ACCESSIBLE MAX ADDRESS CONFIGURATION.
    Amax,
}

/// Whether a drive can do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Supported {
    /// It can.
    Yes,
    /// It cannot.
    No,
}

impl Supported {
    /// It can.
    #[must_use]
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// The SECURITY feature set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Security {
    /// Whether there is one.
    pub supported: Supported,
    /// Whether it has enhanced erase, which reaches all of the medium.
    pub enhanced: Supported,
    /// What a normal erase does. It reaches the accessible sectors only.
    pub normal_erase: NormalErase,
    /// What an enhanced erase does.
    pub enhanced_erase: EnhancedErase,
    /// Time for a normal erase as IDENTIFY states it, in minutes; 0 is not reported.
    pub normal_minutes: u16,
    /// Time for an enhanced erase as IDENTIFY states it, in minutes; 0 is not reported.
    pub enhanced_minutes: u16,
    /// User password set before the drive came here: the drive is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Master password from the factory.
    pub master_password: String,
    /// Master password capability.
    pub level: Level,
}

/// What a normal SECURITY ERASE UNIT does to the sectors that it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NormalErase {
    /// Writes zeros, as a host would: flash leaves stale copies behind.
    Overwrite,
    /// Erases the cells that hold accessible sectors: flash leaves its stale pages alone.
    EraseMapped,
    /// Erases all cells, which is more than the standard asks for.
    EraseAll,
}

/// What an enhanced SECURITY ERASE UNIT does to all of the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnhancedErase {
    /// What suits the medium: a new key if it encrypts, block erase for flash, a vendor's pattern for disks.
    Usual,
    /// A vendor's pattern.
    Overwrite,
    /// Block erase.
    BlockErase,
    /// A new media key.
    Crypto,
}

/// Who can unlock a drive (ACS-3 clause 4.18.4.2, master password capability).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// High: the master password unlocks too.
    High,
    /// Maximum: the master password only erases.
    Maximum,
}

/// The SANITIZE DEVICE feature set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sanitize {
    /// What it can do; nothing: no such feature set.
    pub operations: Vec<Operation>,
    /// Whether it has SANITIZE ANTIFREEZE LOCK EXT.
    pub antifreeze: Supported,
    /// What the idle drive says of the last operation, though there was none since power-on.
    pub idle: IdleStatus,
}

/// A sanitize operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// BLOCK ERASE EXT.
    BlockErase,
    /// CRYPTO SCRAMBLE EXT.
    CryptoScramble,
    /// OVERWRITE EXT.
    Overwrite,
}

/// What an idle drive says of the last operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdleStatus {
    /// "Completed without error", as many do.
    Completed,
    /// Nothing.
    Nothing,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            serial: String::new(),
            model: "LAB DISK ATA".into(),
            firmware: "LAB1.0".into(),
            wwn: None,
            size_mib: 64,
            block_size: 512,
            physical_block_size: 4096,
            medium: Kind::Disk,
            encryption: Encryption::Plain,
            spare_blocks: None,
            reallocated: Vec::new(),
            generation: Generation::Modern,
            hidden: Hidden::default(),
            security: Security::default(),
            sanitize: Sanitize::default(),
            erase_seconds: 3,
            crypto_seconds: 1,
            faults: Faults::default(),
        }
    }
}

impl Default for Hidden {
    fn default() -> Self {
        Self { by: Limit::Hpa, blocks: 0, dco_blocks: 0, dco: Supported::Yes }
    }
}

impl Default for Security {
    fn default() -> Self {
        Self {
            supported: Supported::Yes,
            enhanced: Supported::Yes,
            normal_erase: NormalErase::Overwrite,
            enhanced_erase: EnhancedErase::Usual,
            normal_minutes: 2,
            enhanced_minutes: 2,
            password: None,
            master_password: String::new(),
            level: Level::High,
        }
    }
}

impl Default for Sanitize {
    fn default() -> Self {
        Self { operations: Vec::new(), antifreeze: Supported::Yes, idle: IdleStatus::Completed }
    }
}

impl Definition {
    /// All addressable sectors, hidden ones included.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        (self.size_mib << 20).checked_div(u64::from(self.block_size)).unwrap_or_default()
    }

    /// The medium that it has.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let usual = match self.medium {
            Kind::Disk => Layout::disk(self.blocks()),
            Kind::Flash => Layout::flash(self.blocks()),
        };
        let spare_blocks = self.spare_blocks.unwrap_or(usual.spare_blocks);
        Layout {
            encryption: self.encryption,
            block_size: self.block_size,
            spare_blocks,
            stale_pages: usual.stale_pages.min(spare_blocks),
            reallocated: self.reallocated.clone(),
            ..usual
        }
    }

    /// Its world wide name, made up from the serial number if need be.
    #[must_use]
    pub fn world_wide_name(&self) -> u64 {
        /// NAA 5h (IEEE registered) with an identifier of nobody's.
        const NAA: u64 = 0x5000_0000_0000_0000;
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let hash = self.serial.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        self.wwn.unwrap_or(NAA | hash >> 12)
    }
}
