//! What a medium consists of.

use super::MediumError;
use serde::{Deserialize, Serialize};

/// How a medium keeps what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Rewritten in place. A reallocated block has its place in a pool, and the place it had keeps its old bytes.
    Disk,
    /// Written out of place: an overwrite goes to a free page and leaves a stale copy behind.
    Flash,
}

/// Whether the medium holds what was written, or its ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// What was written.
    Plain,
    /// Ciphertext under a media key (ChaCha20, the block number as nonce).
    SelfEncrypting,
}

/// A medium's geometry. Blocks are logical blocks; the medium has as many bytes of them as the host sees and hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Disk or flash.
    pub kind: Kind,
    /// Plain or ciphertext.
    pub encryption: Encryption,
    /// Bytes per logical block: 512 or 4096.
    pub block_size: u32,
    /// Metadata bytes per block, kept apart from the data (behind all of it).
    pub metadata_size: u32,
    /// Every block with an address, those beyond an accessible maximum (HPA, DCO) included.
    pub native_blocks: u64,
    /// Physical blocks beyond those: a disk's pool for reallocated blocks, a flash's spare area (at least 1).
    pub spare_blocks: u64,
    /// Disk: blocks that were reallocated before the host filled the medium.
    pub reallocated: Vec<u64>,
    /// Flash: how many spare pages hold stale copies after [`super::Medium::fill`].
    pub stale_pages: u64,
    /// What an erase of flash blocks leaves in the cells.
    pub erased_byte: u8,
    /// What blocks without a place read as.
    pub unmapped_byte: u8,
}

impl Layout {
    /// A disk with 512-byte blocks and a pool of 64 places.
    #[must_use]
    pub fn disk(native_blocks: u64) -> Self {
        Self {
            kind: Kind::Disk,
            encryption: Encryption::Plain,
            block_size: 512,
            metadata_size: 0,
            native_blocks,
            spare_blocks: 64,
            reallocated: Vec::new(),
            stale_pages: 0,
            erased_byte: 0,
            unmapped_byte: 0,
        }
    }

    /// Flash with 512-byte blocks, an eighth of them again as spare area, half of which holds stale copies.
    #[must_use]
    pub fn flash(native_blocks: u64) -> Self {
        let spare_blocks = (native_blocks / 8).max(8);
        Self {
            kind: Kind::Flash,
            spare_blocks,
            stale_pages: spare_blocks / 2,
            erased_byte: 0xff,
            ..Self::disk(native_blocks)
        }
    }

    /// All physical blocks.
    #[must_use]
    pub fn physical_blocks(&self) -> u64 {
        self.native_blocks.saturating_add(self.spare_blocks)
    }

    pub(super) fn check(&self) -> Result<(), MediumError> {
        let wrong = |why| Err(MediumError::Layout(why));
        let spare = self.spare_blocks;
        match self.kind {
            _ if ![512, 4096].contains(&self.block_size) => wrong("blocks have 512 or 4096 bytes"),
            _ if self.metadata_size > 64 => wrong("more than 64 bytes of metadata"),
            _ if self.native_blocks == 0 => wrong("no blocks"),
            _ if self.physical_blocks() >= u64::from(u32::MAX) => wrong("too many blocks for the map"),
            Kind::Flash if spare == 0 => wrong("flash needs spare area"),
            Kind::Flash if self.stale_pages > spare => wrong("more stale pages than spare area"),
            Kind::Disk if self.reallocated.len() as u64 > spare => wrong("more reallocated blocks than pool"),
            Kind::Disk if self.reallocated.iter().any(|lba| *lba >= self.native_blocks) => {
                wrong("a reallocated block beyond the end")
            }
            Kind::Disk | Kind::Flash => Ok(()),
        }
    }
}
