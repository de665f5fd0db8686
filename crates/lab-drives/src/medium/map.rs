//! Where each logical block lies.

use super::{Kind, Layout};
use crate::bytes::index;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// A page number that says "nowhere", and a block number that says "nobody's".
const NONE: u32 = u32::MAX;

/// Logical blocks that follow each other physically too, or that have no place at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// First logical block.
    pub(super) lba: u64,
    /// Its physical block.
    pub(super) page: Option<u64>,
    /// How many.
    pub(super) count: u64,
}

/// The translation from logical to physical blocks.
#[derive(Debug)]
pub(super) struct Map {
    kind: Kind,
    /// Physical block of each logical one.
    pages: Vec<u32>,
    /// Logical block of each physical one.
    owners: Vec<u32>,
    /// Flash: pages without an owner, the one to be written next first.
    free: VecDeque<u32>,
    /// Disk: places in the pool of reallocated blocks.
    pool: BTreeMap<u64, u32>,
    /// Entries not kept yet.
    dirty: Option<Range<u64>>,
}

impl Map {
    /// The map of a medium on which nothing was written yet.
    pub(super) fn blank(layout: &Layout) -> Self {
        let physical = index(layout.physical_blocks());
        let mut map = Self {
            kind: layout.kind,
            pages: vec![NONE; index(layout.native_blocks)],
            owners: vec![NONE; physical],
            free: VecDeque::new(),
            pool: pool(layout),
            dirty: Some(0..layout.native_blocks),
        };
        map.collect_free(0);
        map
    }

    /// The map after its medium was filled once from the first block to the last.
    pub(super) fn filled(layout: &Layout) -> Self {
        let mut map = Self::blank(layout);
        for lba in 0..layout.native_blocks {
            map.join(lba, page_number(map.home(lba)));
        }
        // The pages never written come before those with stale copies.
        map.collect_free(layout.native_blocks + layout.stale_pages);
        map
    }

    /// The map as it was kept. `next` is the physical block from which the search for free pages goes on.
    pub(super) fn kept(layout: &Layout, pages: Vec<u32>, next: u64) -> Option<Self> {
        let mut map = Self::blank(layout);
        (pages.len() == map.pages.len()).then_some(())?;
        for (lba, page) in (0..).zip(pages) {
            if page != NONE {
                let owner = map.owners.get(page as usize)?;
                (*owner == NONE).then_some(())?;
                map.join(lba, page);
            }
        }
        map.collect_free(next);
        Some(map)
    }

    pub(super) fn page(&self, lba: u64) -> Option<u64> {
        self.pages.get(index(lba)).copied().filter(|page| *page != NONE).map(u64::from)
    }

    pub(super) fn owner(&self, page: u64) -> Option<u64> {
        self.owners.get(index(page)).copied().filter(|lba| *lba != NONE).map(u64::from)
    }

    /// The page that will be written next; keeps its place across a restart.
    pub(super) fn next_free(&self) -> u64 {
        self.free.front().copied().map_or(0, u64::from)
    }

    /// The entries that were not kept yet, as they are kept, and the first one's block. They count as kept from now on.
    pub(super) fn take_dirty(&mut self) -> Option<(u64, Vec<u8>)> {
        let dirty = self.dirty.take()?;
        let entries = self.pages.get(index(dirty.start)..index(dirty.end)).unwrap_or_default();
        Some((dirty.start, entries.iter().flat_map(|page| page.to_le_bytes()).collect()))
    }

    /// The runs that make up some blocks.
    pub(super) fn runs(&self, lba: u64, count: u64) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for lba in lba..lba + count {
            let page = self.page(lba);
            match runs.last_mut() {
                Some(run) if page == run.page.map(|page| page + run.count) => run.count += 1,
                _ => runs.push(Run { lba, page, count: 1 }),
            }
        }
        runs
    }

    /// Gives blocks the places that a write to them goes to.
    pub(super) fn place(&mut self, lba: u64, count: u64) {
        for lba in lba..lba + count {
            if self.kind == Kind::Flash || self.page(lba).is_none() {
                self.place_one(lba);
            }
        }
    }

    fn place_one(&mut self, lba: u64) {
        let page = match self.kind {
            Kind::Disk => Some(page_number(self.home(lba))),
            Kind::Flash => self.free.pop_front(),
        };
        if let Some(page) = page {
            self.release(lba);
            self.join(lba, page);
        }
    }

    /// Takes a block's place away; the bytes stay there.
    pub(super) fn release(&mut self, lba: u64) {
        let Some(page) = self.page(lba) else { return };
        if let Some(entry) = self.pages.get_mut(index(lba)) {
            *entry = NONE;
        }
        self.touch(lba);
        if let Some(owner) = self.owners.get_mut(index(page)) {
            *owner = NONE;
        }
        if self.kind == Kind::Flash {
            self.free.push_back(page_number(page));
        }
    }

    /// A disk's place for a block: its own, or the pool's if it was reallocated.
    pub(super) fn home(&self, lba: u64) -> u64 {
        self.pool.get(&lba).map_or(lba, |page| u64::from(*page))
    }

    /// The reallocated blocks and their places in the pool.
    pub(super) fn reallocated(&self) -> impl Iterator<Item = (u64, u64)> {
        self.pool.iter().map(|(lba, page)| (*lba, u64::from(*page)))
    }

    fn join(&mut self, lba: u64, page: u32) {
        if let (Some(entry), Some(owner)) =
            (self.pages.get_mut(index(lba)), self.owners.get_mut(page as usize))
        {
            (*entry, *owner) = (page, page_number(lba));
        }
        self.touch(lba);
    }

    fn touch(&mut self, lba: u64) {
        let dirty = self.dirty.get_or_insert(lba..lba);
        *dirty = dirty.start.min(lba)..dirty.end.max(lba + 1);
    }

    fn collect_free(&mut self, next: u64) {
        let (all, next) = (self.owners.len() as u64, next.min(self.owners.len() as u64));
        self.free = match self.kind {
            Kind::Disk => VecDeque::new(),
            Kind::Flash => (next..all)
                .chain(0..next)
                .filter(|page| self.owner(*page).is_none())
                .map(page_number)
                .collect(),
        };
    }
}

fn pool(layout: &Layout) -> BTreeMap<u64, u32> {
    let reallocated = layout.reallocated.iter().copied().filter(|_| layout.kind == Kind::Disk);
    reallocated.zip(page_number(layout.native_blocks)..).collect()
}

/// Block numbers were checked to be small when the layout was.
fn page_number(block: u64) -> u32 {
    u32::try_from(block).unwrap_or(NONE)
}
