//! What a SAS drive is.

use crate::Faults;
use crate::medium::{Encryption, Kind, Layout};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A sanitize operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// OVERWRITE.
    Overwrite,
    /// BLOCK ERASE.
    BlockErase,
    /// CRYPTOGRAPHIC ERASE; only a medium that encrypts has it.
    CryptographicErase,
}

/// The sanitize operations and how long they take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sanitizes {
    /// Those that the drive has.
    pub operations: Vec<Operation>,
    /// Milliseconds that each pass of OVERWRITE takes.
    pub overwrite_ms: u64,
    /// Milliseconds that BLOCK ERASE takes.
    pub block_erase_ms: u64,
    /// Milliseconds that CRYPTOGRAPHIC ERASE takes.
    pub cryptographic_erase_ms: u64,
}

impl Default for Sanitizes {
    fn default() -> Self {
        Self {
            operations: Vec::new(),
            overwrite_ms: 3000,
            block_erase_ms: 3000,
            cryptographic_erase_ms: 1000,
        }
    }
}

impl Sanitizes {
    /// How long an operation takes; for OVERWRITE, each pass. `None` is one that the drive does not have.
    #[must_use]
    pub fn takes(&self, operation: Operation) -> Option<Duration> {
        let milliseconds = match operation {
            Operation::Overwrite => self.overwrite_ms,
            Operation::BlockErase => self.block_erase_ms,
            Operation::CryptographicErase => self.cryptographic_erase_ms,
        };
        self.operations.contains(&operation).then(|| Duration::from_millis(milliseconds))
    }
}

/// What reads of erased, unwritten blocks come to (SBC-4 6.6.2, WABEREQ and WACEREQ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadsAfterErase {
    /// The drive does not say. They succeed.
    #[default]
    NotReported,
    /// They succeed, with whatever data.
    Succeed,
    /// They fail until the block was written.
    FailUntilWritten,
}

impl ReadsAfterErase {
    /// The two bits of the field.
    pub(super) fn field(self) -> u8 {
        match self {
            Self::NotReported => 0,
            Self::Succeed => 1,
            Self::FailUntilWritten => 2,
        }
    }
}

/// A SAS drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScsiConfig {
    /// VENDOR IDENTIFICATION, at most 8 characters.
    pub vendor: String,
    /// PRODUCT IDENTIFICATION, at most 16.
    pub product: String,
    /// PRODUCT REVISION LEVEL, at most 4.
    pub revision: String,
    /// PRODUCT SERIAL NUMBER.
    pub serial: String,
    /// The logical unit's name: NAA 5, 64 bits.
    pub name: u64,
    /// Revolutions per minute; `None` is no rotating medium.
    pub rotation: Option<u16>,
    /// The medium that a new drive gets.
    pub layout: Layout,
    /// Its sanitize operations.
    pub sanitize: Sanitizes,
    /// Milliseconds that a FORMAT UNIT takes.
    pub format_ms: u64,
    /// Reads after BLOCK ERASE.
    pub after_block_erase: ReadsAfterErase,
    /// Reads after CRYPTOGRAPHIC ERASE.
    pub after_cryptographic_erase: ReadsAfterErase,
    /// Faults from the beginning on.
    pub faults: Faults,
}

impl ScsiConfig {
    /// A disk at 10,000 rpm that can OVERWRITE, a pass in three seconds.
    #[must_use]
    pub fn hdd(serial: &str, native_blocks: u64) -> Self {
        Self {
            vendor: "MASSHO".to_owned(),
            product: "LAB SAS HDD".to_owned(),
            revision: "0001".to_owned(),
            serial: serial.to_owned(),
            name: name(serial),
            rotation: Some(10_000),
            layout: Layout::disk(native_blocks),
            sanitize: Sanitizes { operations: vec![Operation::Overwrite], ..Sanitizes::default() },
            format_ms: 3000,
            after_block_erase: ReadsAfterErase::NotReported,
            after_cryptographic_erase: ReadsAfterErase::NotReported,
            faults: Faults::default(),
        }
    }

    /// A self-encrypting SSD that has all three operations.
    #[must_use]
    pub fn ssd(serial: &str, native_blocks: u64) -> Self {
        Self {
            product: "LAB SAS SSD".to_owned(),
            rotation: None,
            layout: Layout { encryption: Encryption::SelfEncrypting, ..Layout::flash(native_blocks) },
            sanitize: Sanitizes {
                operations: vec![Operation::Overwrite, Operation::BlockErase, Operation::CryptographicErase],
                ..Sanitizes::default()
            },
            after_block_erase: ReadsAfterErase::Succeed,
            after_cryptographic_erase: ReadsAfterErase::Succeed,
            ..Self::hdd(serial, native_blocks)
        }
    }

    /// Whether it has no rotating medium, and so takes UNMAP.
    #[must_use]
    pub fn is_flash(&self) -> bool {
        self.layout.kind == Kind::Flash
    }
}

/// NAA 5 and an organisation that is nobody's (SPC-4 7.8.6.6.5), told apart by the serial number.
fn name(serial: &str) -> u64 {
    let hash = serial.bytes().fold(0u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
    0x5000_0000_0000_0000 | (hash & 0xF_FFFF_FFFF)
}
