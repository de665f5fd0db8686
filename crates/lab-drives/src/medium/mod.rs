//! What is physically on a drive, in a backing file that anyone may search: not only what its addresses reach.
//!
//! A [`Medium`] has *native* blocks, each with a logical address, and *spare* physical blocks beyond them. The backing
//! file is all physical blocks in order (block 0 at byte 0), then their metadata, so that whoever scans it for a text
//! finds every copy. Reads and writes go by logical block through a map:
//!
//! - [`Kind::Disk`]: every block has a home where it is rewritten in place. Blocks named in [`Layout::reallocated`] have
//!   theirs in the pool behind the native blocks; their old place keeps its bytes, and no ordinary write reaches it.
//! - [`Kind::Flash`]: a write goes to the page that has been free for longest. The page it had before becomes free with
//!   its bytes still in it, a stale copy, until it is written or erased.
//! - [`Encryption::SelfEncrypting`]: either of them, holding ciphertext.
//!
//! Which addresses a host may use (HPA, DCO, namespaces), whether a drive is locked, how long an erase takes: all that is
//! the drive's business. The usual life: [`Medium::create`] and [`Medium::fill`] (or [`Medium::open`] after a restart),
//! [`Medium::read`] and [`Medium::write`], an [`EraseJob`] carried on by [`Medium::erase_until`] while the time passes (see
//! [`crate::work::Work`]), [`Medium::settle`] before the process ends, and [`Medium::count_physical`] from outside.
//!
//! Map and keys are kept in `FILE.map` and `FILE.state` next to the backing file. There is no write cache: what was
//! written is in the backing file, though perhaps only in the host's page cache.

mod backing;
mod cipher;
mod erase;
mod error;
mod layout;
mod map;
mod state;
#[cfg(test)]
mod tests;

pub use erase::{Erase, EraseJob, Extent, Reach, Technique, WHOLE};
pub use error::MediumError;
pub use layout::{Encryption, Kind, Layout};

use crate::bytes::index;
use backing::Backing;
use cipher::Keys;
use map::Map;
use state::Places;
use std::path::Path;

/// Blocks filled or searched at a time.
const BATCH: u64 = 1024;

/// A drive's medium in its backing file.
#[derive(Debug)]
pub struct Medium {
    layout: Layout,
    backing: Backing,
    map: Map,
    keys: Keys,
    places: Places,
}

impl Medium {
    /// Creates the backing file: all zeros, every block without a place. What was in the file is gone.
    ///
    /// # Errors
    /// [`MediumError::Layout`], [`MediumError::Create`], [`MediumError::Keep`].
    pub fn create(path: &Path, layout: Layout) -> Result<Self, MediumError> {
        layout.check()?;
        let keys = Keys::new(layout.encryption)?;
        let (backing, map) = (Backing::create(path, &layout)?, Map::blank(&layout));
        let mut medium = Self { layout, backing, map, keys, places: Places::beside(path) };
        medium.places.create()?;
        medium.keep()?;
        Ok(medium)
    }

    /// Opens a medium as it was left.
    ///
    /// # Errors
    /// [`MediumError::Open`], [`MediumError::State`].
    pub fn open(path: &Path) -> Result<Self, MediumError> {
        let places = Places::beside(path);
        let (layout, keys, map) = places.load()?;
        let backing = Backing::open(path, &layout)?;
        Ok(Self { layout, backing, map, keys, places })
    }

    /// Its geometry.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Fills the whole medium as a long life would have: every native block, the old places of reallocated blocks and
    /// as many spare pages as the layout has stale ones. `pattern` is given a logical block number and writes that
    /// block's bytes; it is asked more than once for blocks that are on the medium more than once.
    ///
    /// # Errors
    /// What the backing file says.
    pub fn fill(&mut self, mut pattern: impl FnMut(u64, &mut [u8])) -> Result<(), MediumError> {
        self.map = Map::filled(&self.layout);
        let native = self.layout.native_blocks;
        for lba in (0..native).step_by(index(BATCH)) {
            self.fill_physical(lba, lba, BATCH.min(native - lba), &mut pattern)?;
        }
        let reallocated: Vec<_> = self.map.reallocated().collect();
        for (lba, page) in reallocated {
            self.fill_physical(page, lba, 1, &mut pattern)?;
        }
        for stale in 0..self.layout.stale_pages {
            // Spread over the medium, as the blocks that a host rewrites are.
            let lba = stale * native / self.layout.stale_pages;
            self.fill_physical(native + stale, lba, 1, &mut pattern)?;
        }
        self.keep()
    }

    fn fill_physical(
        &self,
        page: u64,
        lba: u64,
        count: u64,
        pattern: &mut impl FnMut(u64, &mut [u8]),
    ) -> Result<(), MediumError> {
        let mut data = vec![0; index(count) * self.block()];
        for (lba, block) in (lba..).zip(data.chunks_mut(self.block())) {
            pattern(lba, block);
        }
        self.keys.apply(lba, self.block(), &mut data);
        self.backing.write(page, &data)
    }

    /// Reads whole blocks. Blocks without a place read as [`Layout::unmapped_byte`].
    ///
    /// # Errors
    /// [`MediumError::Range`], [`MediumError::Read`].
    pub fn read(&self, lba: u64, data: &mut [u8]) -> Result<(), MediumError> {
        let count = self.check(lba, data.len(), self.block())?;
        let mut rest = data;
        for run in self.map.runs(lba, count) {
            let (part, tail) = rest.split_at_mut(index(run.count) * self.block());
            rest = tail;
            match run.page {
                None => part.fill(self.layout.unmapped_byte),
                Some(page) => {
                    self.backing.read(page, part)?;
                    self.keys.apply(run.lba, self.block(), part);
                }
            }
        }
        Ok(())
    }

    /// Writes whole blocks. Metadata of theirs becomes FFh bytes.
    ///
    /// # Errors
    /// [`MediumError::Range`], [`MediumError::Write`], [`MediumError::Keep`].
    pub fn write(&mut self, lba: u64, data: &[u8]) -> Result<(), MediumError> {
        let count = self.check(lba, data.len(), self.block())?;
        let mut data = data.to_vec();
        self.keys.apply(lba, self.block(), &mut data);
        self.map.place(lba, count);
        let mut rest = data.as_slice();
        for run in self.map.runs(lba, count) {
            let (part, tail) = rest.split_at(index(run.count) * self.block());
            rest = tail;
            if let Some(page) = run.page {
                self.backing.write(page, part)?;
                self.backing.write_metadata(page, &vec![0xff; index(run.count) * self.metadata()])?;
            }
        }
        self.keep_map()
    }

    /// Reads the metadata of blocks: FFh where a block has no place.
    ///
    /// # Errors
    /// [`MediumError::Range`], [`MediumError::Read`].
    pub fn read_metadata(&self, lba: u64, data: &mut [u8]) -> Result<(), MediumError> {
        let count = self.check(lba, data.len(), self.metadata())?;
        let mut rest = data;
        for run in self.map.runs(lba, count) {
            let (part, tail) = rest.split_at_mut(index(run.count) * self.metadata());
            rest = tail;
            match run.page {
                None => part.fill(0xff),
                Some(page) => self.backing.read_metadata(page, part)?,
            }
        }
        Ok(())
    }

    /// Writes the metadata of blocks that were just written; of a block without a place it is lost. It is never
    /// encrypted.
    ///
    /// # Errors
    /// [`MediumError::Range`], [`MediumError::Write`].
    pub fn write_metadata(&mut self, lba: u64, data: &[u8]) -> Result<(), MediumError> {
        let count = self.check(lba, data.len(), self.metadata())?;
        let mut rest = data;
        for run in self.map.runs(lba, count) {
            let (part, tail) = rest.split_at(index(run.count) * self.metadata());
            rest = tail;
            if let Some(page) = run.page {
                self.backing.write_metadata(page, part)?;
            }
        }
        Ok(())
    }

    /// Takes the places of blocks away (TRIM, UNMAP, Deallocate). Their bytes stay where they are.
    ///
    /// # Errors
    /// [`MediumError::Range`], [`MediumError::Keep`].
    pub fn unmap(&mut self, lba: u64, count: u64) -> Result<(), MediumError> {
        if lba.checked_add(count).is_none_or(|end| end > self.layout.native_blocks) {
            return Err(MediumError::Range { lba });
        }
        (lba..lba + count).for_each(|lba| self.map.release(lba));
        self.keep_map()
    }

    /// The first of some blocks that has no place, if there is one.
    #[must_use]
    pub fn first_unmapped(&self, lba: u64, count: u64) -> Option<u64> {
        (lba..lba.saturating_add(count)).find(|lba| self.map.page(*lba).is_none())
    }

    /// Cuts the medium into blocks of another size and with other metadata. Every block loses its place; no byte of
    /// the data changes, so what is to be erased is erased before or after.
    ///
    /// # Errors
    /// [`MediumError::Layout`], [`MediumError::Write`], [`MediumError::Keep`].
    pub fn recut(&mut self, block_size: u32, metadata_size: u32) -> Result<(), MediumError> {
        let recut = |blocks: u64| blocks * u64::from(self.layout.block_size) / u64::from(block_size.max(1));
        let layout = Layout {
            block_size,
            metadata_size,
            native_blocks: recut(self.layout.native_blocks),
            spare_blocks: recut(self.layout.spare_blocks).max(1),
            reallocated: Vec::new(),
            stale_pages: 0,
            ..self.layout.clone()
        };
        layout.check()?;
        self.backing = self.backing.recut(&layout)?;
        self.map = Map::blank(&layout);
        self.layout = layout;
        self.places.create()?;
        self.keep()
    }

    /// Keeps map and keys, so that the medium can be opened again.
    ///
    /// # Errors
    /// [`MediumError::Keep`].
    pub fn settle(&mut self) -> Result<(), MediumError> {
        self.keep()
    }

    /// How many physical blocks carry something: `carries` sees each as it lies on the medium, ciphertext as such.
    ///
    /// # Errors
    /// [`MediumError::Read`].
    pub fn count_physical(&self, mut carries: impl FnMut(&[u8]) -> bool) -> Result<u64, MediumError> {
        let (all, mut found) = (self.layout.physical_blocks(), 0);
        for page in (0..all).step_by(index(BATCH)) {
            let mut data = vec![0; index(BATCH.min(all - page)) * self.block()];
            self.backing.read(page, &mut data)?;
            found += data.chunks(self.block()).filter(|block| carries(block)).count() as u64;
        }
        Ok(found)
    }

    /// How many physical blocks a laboratory could still read that has the keys the drive has now: as they lie on the
    /// medium, and, where it encrypts, decrypted as what [`Medium::fill`] put into that place.
    ///
    /// # Errors
    /// [`MediumError::Read`].
    pub fn count_recoverable(&self, carries: impl Fn(&[u8]) -> bool) -> Result<u64, MediumError> {
        let (mut page, native) = (0, self.layout.native_blocks);
        self.count_physical(|block| {
            let (here, mut plain) = (page, block.to_vec());
            page += 1;
            if here < native {
                self.keys.apply(here, plain.len(), &mut plain);
            }
            carries(block) || carries(&plain)
        })
    }

    fn keep_map(&mut self) -> Result<(), MediumError> {
        match self.map.take_dirty() {
            Some((lba, entries)) => self.places.keep_entries(lba, &entries),
            None => Ok(()),
        }
    }

    fn keep(&mut self) -> Result<(), MediumError> {
        self.keep_map()?;
        self.places.keep_state(&self.layout, &self.keys, self.map.next_free())
    }

    /// How many items of `size` bytes `length` is, if all of them are on the medium.
    fn check(&self, lba: u64, length: usize, size: usize) -> Result<u64, MediumError> {
        let count = length.checked_div(size).unwrap_or_default() as u64;
        let whole = length.checked_rem(size).unwrap_or(length) == 0;
        match lba.checked_add(count) {
            Some(end) if whole && end <= self.layout.native_blocks => Ok(count),
            _ => Err(MediumError::Range { lba }),
        }
    }

    fn block(&self) -> usize {
        self.layout.block_size as usize
    }

    fn metadata(&self) -> usize {
        self.layout.metadata_size as usize
    }
}
