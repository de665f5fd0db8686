//! The backing file: physical blocks one after the other, their metadata behind all of them.

use super::{Layout, MediumError};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes written at a time where a pattern is repeated.
const BATCH: u64 = 1 << 20;

/// The open backing file.
#[derive(Debug)]
pub(super) struct Backing {
    file: File,
    block: u64,
    metadata: u64,
    /// Where the metadata begins.
    data_end: u64,
    physical: u64,
}

impl Backing {
    /// Creates the file, all zeros.
    pub(super) fn create(path: &Path, layout: &Layout) -> Result<Self, MediumError> {
        let create = |error| MediumError::Create(error, path.into());
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path);
        let backing = Self::over(file.map_err(create)?, layout);
        backing.file.set_len(backing.length()).map_err(create)?;
        Ok(backing)
    }

    /// Opens the file.
    pub(super) fn open(path: &Path, layout: &Layout) -> Result<Self, MediumError> {
        let open = |error| MediumError::Open(error, path.into());
        let backing = Self::over(File::options().read(true).write(true).open(path).map_err(open)?, layout);
        let length = backing.file.metadata().map_err(open)?.len();
        if length < backing.length() {
            return Err(MediumError::State(format!("{length} bytes are too few"), path.into()));
        }
        Ok(backing)
    }

    /// The same file cut into blocks of another size. No byte of it changes.
    pub(super) fn recut(&self, layout: &Layout) -> Result<Self, MediumError> {
        let backing = Self::over(self.file.try_clone().map_err(MediumError::Write)?, layout);
        let length = backing.length().max(self.length());
        backing.file.set_len(length).map_err(MediumError::Write)?;
        Ok(backing)
    }

    fn over(file: File, layout: &Layout) -> Self {
        let (block, metadata) = (u64::from(layout.block_size), u64::from(layout.metadata_size));
        let physical = layout.physical_blocks();
        Self { file, block, metadata, data_end: physical * block, physical }
    }

    fn length(&self) -> u64 {
        self.data_end + self.physical * self.metadata
    }

    pub(super) fn read(&self, page: u64, data: &mut [u8]) -> Result<(), MediumError> {
        self.file.read_exact_at(data, page * self.block).map_err(MediumError::Read)
    }

    pub(super) fn write(&self, page: u64, data: &[u8]) -> Result<(), MediumError> {
        self.file.write_all_at(data, page * self.block).map_err(MediumError::Write)
    }

    pub(super) fn read_metadata(&self, page: u64, data: &mut [u8]) -> Result<(), MediumError> {
        self.file.read_exact_at(data, self.data_end + page * self.metadata).map_err(MediumError::Read)
    }

    pub(super) fn write_metadata(&self, page: u64, data: &[u8]) -> Result<(), MediumError> {
        self.file.write_all_at(data, self.data_end + page * self.metadata).map_err(MediumError::Write)
    }

    /// Fills physical blocks with a repeated four-byte pattern, and their metadata with its first byte.
    pub(super) fn repeat(&self, page: u64, count: u64, pattern: [u8; 4]) -> Result<(), MediumError> {
        let begin = page * self.block;
        self.repeat_bytes(begin, begin + count * self.block, pattern)?;
        let begin = self.data_end + page * self.metadata;
        self.repeat_bytes(begin, begin + count * self.metadata, [pattern[0]; 4])
    }

    fn repeat_bytes(&self, begin: u64, end: u64, pattern: [u8; 4]) -> Result<(), MediumError> {
        let mut batch = Vec::new();
        for at in (begin..end).step_by(crate::bytes::index(BATCH)) {
            let length = crate::bytes::index(BATCH.min(end - at));
            if batch.len() < length {
                batch = pattern.repeat(length.div_ceil(4));
            }
            let piece = batch.get(..length).unwrap_or(&batch);
            self.file.write_all_at(piece, at).map_err(MediumError::Write)?;
        }
        Ok(())
    }
}
