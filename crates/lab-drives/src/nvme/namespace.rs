//! A namespace: its blocks on a medium of its own, in one of the formats.

use super::definition::{Attachment, FORMATS, LbaFormat, NamespaceDefinition};
use super::{Status, protection};
use crate::medium::{Medium, MediumError};
use crate::{Fault, Faults, store};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What is kept of a namespace besides its medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub(super) number: u32,
    /// Index into [`FORMATS`].
    pub(super) format: u8,
    /// Protection type, 0 to 3.
    pub(super) protection: u8,
    /// Whether protection information is at the metadata's beginning; with eight bytes it makes no difference.
    pub(super) position: u8,
    pub(super) attachment: Attachment,
}

/// A namespace.
#[derive(Debug)]
pub(super) struct Namespace {
    pub(super) shape: Shape,
    pub(super) medium: Medium,
}

/// How a read or write treats protection information (NVM Command Set 1.0, Figure 118).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Protect {
    /// PRACT: the controller makes it and takes it away.
    pub(super) action: bool,
    /// PRCHK bit 2: check the guard.
    pub(super) guard: bool,
}

/// The backing file of a namespace: the drive's own for the first in the definition.
pub(super) fn backing_of(drive: &Path, number: u32, position: usize) -> PathBuf {
    if position == 0 { drive.to_owned() } else { store::beside(drive, &format!("ns{number}")) }
}

impl Namespace {
    pub(super) fn create(definition: &NamespaceDefinition, path: &Path) -> Result<Self, MediumError> {
        let layout = definition.layout().ok_or(MediumError::Layout("no such format"))?;
        let shape = Shape {
            number: definition.number,
            format: definition.format,
            protection: if layout.metadata_size == 0 { 0 } else { definition.protection.min(3) },
            position: 0,
            attachment: definition.attachment,
        };
        Ok(Self { shape, medium: Medium::create(path, layout)? })
    }

    pub(super) fn open(shape: Shape, path: &Path) -> Result<Self, MediumError> {
        Ok(Self { shape, medium: Medium::open(path)? })
    }

    pub(super) fn is_attached(&self) -> bool {
        self.shape.attachment == Attachment::Attached
    }

    pub(super) fn format(&self) -> LbaFormat {
        // The index was checked when it was set.
        FORMATS.get(usize::from(self.shape.format)).copied().unwrap_or(FORMATS[0])
    }

    pub(super) fn blocks(&self) -> u64 {
        self.medium.layout().native_blocks
    }

    pub(super) fn block_size(&self) -> usize {
        self.format().data as usize
    }

    pub(super) fn metadata_size(&self) -> usize {
        self.format().metadata as usize
    }

    /// Whether these blocks are here.
    pub(super) fn check(&self, slba: u64, blocks: u64) -> Result<(), Status> {
        let inside = slba.checked_add(blocks).is_some_and(|end| end <= self.blocks());
        if inside { Ok(()) } else { Err(Status::LBA_OUT_OF_RANGE) }
    }

    /// Data and metadata of blocks.
    pub(super) fn read(
        &self,
        slba: u64,
        blocks: u64,
        protect: Protect,
        faults: &Faults,
    ) -> Result<(Vec<u8>, Vec<u8>), Status> {
        self.check(slba, blocks)?;
        self.check_protect(protect)?;
        check_readable(self, slba, blocks, faults)?;
        let count = crate::bytes::index(blocks);
        let mut data = vec![0; count * self.block_size()];
        let mut metadata = vec![0; count * self.metadata_size()];
        self.medium.read(slba, &mut data).map_err(broken)?;
        if !metadata.is_empty() {
            self.medium.read_metadata(slba, &mut metadata).map_err(broken)?;
        }
        if self.shape.protection != 0 && protect.guard {
            protection::check(&data, &metadata, self.block_size())?;
        }
        let metadata = if protect.action { Vec::new() } else { metadata };
        Ok((data, metadata))
    }

    /// Writes blocks; `metadata` may be empty where the controller makes it or there is none.
    pub(super) fn write(
        &mut self,
        slba: u64,
        data: &[u8],
        metadata: &[u8],
        protect: Protect,
        faults: &Faults,
    ) -> Result<(), Status> {
        let blocks = (data.len() / self.block_size()) as u64;
        self.check(slba, blocks)?;
        self.check_protect(protect)?;
        check_writable(slba, blocks, faults)?;
        let made;
        let metadata = if protect.action {
            made = protection::make(slba, data, self.block_size());
            &made
        } else {
            metadata
        };
        if self.shape.protection != 0 && protect.guard {
            protection::check(data, metadata, self.block_size())?;
        }
        self.medium.write(slba, data).map_err(broken)?;
        if self.metadata_size() > 0 && !metadata.is_empty() {
            self.medium.write_metadata(slba, metadata).map_err(broken)?;
        }
        Ok(())
    }

    /// PRACT is for formatted protection information only, and here every such format has nothing else for metadata.
    fn check_protect(&self, protect: Protect) -> Result<(), Status> {
        let wrong = protect.action && self.shape.protection == 0;
        if wrong { Err(Status::INVALID_PROTECTION) } else { Ok(()) }
    }
}

/// The medium's own errors are the lab's, and a host sees that the drive is broken.
pub(super) fn broken(_: MediumError) -> Status {
    Status::INTERNAL_ERROR
}

fn overlaps(slba: u64, blocks: u64, from: u64, count: u64) -> bool {
    slba < from.saturating_add(count) && from < slba.saturating_add(blocks)
}

fn check_readable(namespace: &Namespace, slba: u64, blocks: u64, faults: &Faults) -> Result<(), Status> {
    for fault in faults.iter() {
        match fault {
            Fault::Unreadable { from, count } if overlaps(slba, blocks, *from, *count) => {
                return Err(Status::UNRECOVERED_READ);
            }
            Fault::ReadsFailUntilWritten if namespace.medium.first_unmapped(slba, blocks).is_some() => {
                return Err(Status::UNWRITTEN_BLOCK);
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_writable(slba: u64, blocks: u64, faults: &Faults) -> Result<(), Status> {
    let hit = faults.iter().any(
        |fault| matches!(fault, Fault::Unwritable { from, count } if overlaps(slba, blocks, *from, *count)),
    );
    if hit { Err(Status::WRITE_FAULT) } else { Ok(()) }
}
