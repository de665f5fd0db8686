//! Erasing, in steps: the physical work keeps pace with the share of the time that has passed.

use super::{Medium, MediumError};
use crate::bytes::index;
use serde::{Deserialize, Serialize};

/// The whole of an erase, in the unit that drives report progress in.
pub const WHOLE: u32 = 65536;

/// Logical blocks erased at a time.
const STEP: u64 = 2048;

/// What is done to the blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Technique {
    /// Cells are erased ([`super::Layout::erased_byte`]) and the blocks lose their places.
    BlockErase,
    /// Patterns are written, one per pass, each repeated over every block. Only the first and the last pass are really
    /// written: what lies between cannot be told in the end.
    Overwrite {
        /// A pattern for each pass.
        passes: Vec<[u8; 4]>,
    },
    /// The media key is replaced; no block is touched. Nothing happens to a medium that does not encrypt.
    ChangeKey,
    /// The media key is replaced and the blocks lose their places, so that they read as a constant instead of noise.
    ChangeKeyAndUnmap,
    /// Blocks lose their places; no block is touched.
    Unmap,
}

impl Technique {
    fn is_by_key(&self) -> bool {
        matches!(self, Self::ChangeKey | Self::ChangeKeyAndUnmap)
    }
}

/// What an erase reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Every physical block: hidden, stale, spare and reallocated ones too.
    Everything,
    /// What these addresses reach and no more. On flash an overwrite of them goes to other pages, as a host's does.
    Blocks {
        /// First logical block.
        from: u64,
        /// How many.
        count: u64,
    },
    /// What these addresses reach, and every physical block that no address reaches.
    BlocksAndSpare {
        /// First logical block.
        from: u64,
        /// How many.
        count: u64,
    },
}

/// How much of its extent an erase reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// All.
    Whole,
    /// The first half.
    FirstHalf,
}

/// An erase to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// What is done.
    pub technique: Technique,
    /// Where.
    pub extent: Extent,
    /// How much of that.
    pub reach: Reach,
}

impl Erase {
    /// All of an extent.
    #[must_use]
    pub fn whole(technique: Technique, extent: Extent) -> Self {
        Self { technique, extent, reach: Reach::Whole }
    }
}

/// An erase and how far it has come. Can be kept and gone on with after a power cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseJob {
    erase: Erase,
    /// Units of work done.
    done: u64,
}

impl EraseJob {
    /// Nothing done yet.
    #[must_use]
    pub fn new(erase: Erase) -> Self {
        Self { erase, done: 0 }
    }

    /// What it does.
    #[must_use]
    pub fn erase(&self) -> &Erase {
        &self.erase
    }
}

/// The numbers that an erase goes through in each pass: first logical blocks, then physical ones.
struct Span {
    from: u64,
    logical: u64,
    physical: u64,
}

impl Span {
    fn length(&self, reach: Reach) -> u64 {
        let all = self.logical + self.physical;
        match reach {
            Reach::Whole => all,
            Reach::FirstHalf => all / 2,
        }
    }
}

impl Medium {
    /// Erases at once.
    ///
    /// # Errors
    /// As [`Medium::erase_until`].
    pub fn erase(&mut self, erase: Erase) -> Result<(), MediumError> {
        self.erase_until(&mut EraseJob::new(erase), WHOLE)
    }

    /// Goes on with an erase until this share (of [`WHOLE`]) of it is done.
    ///
    /// # Errors
    /// [`MediumError::Range`] for blocks there are not, or what the backing file says.
    pub fn erase_until(&mut self, job: &mut EraseJob, share: u32) -> Result<(), MediumError> {
        let span = self.span(&job.erase)?;
        let passes = self.worked_passes(&job.erase.technique);
        let length = span.length(job.erase.reach);
        let units = length * passes.len() as u64;
        let target = (units * u64::from(share.min(WHOLE))).div_ceil(u64::from(WHOLE));
        if job.done >= target {
            return Ok(());
        }
        while job.done < target {
            let at = job.done % length;
            let pattern = passes.get(index(job.done / length)).copied().unwrap_or_default();
            // A key is replaced at once, whatever it holds for.
            let most = if job.erase.technique.is_by_key() { length } else { STEP.min(target - job.done) };
            let count = most.min(length - at);
            job.done += self.step(&job.erase.technique, &span, at, count, pattern)?;
        }
        self.keep()
    }

    fn span(&self, erase: &Erase) -> Result<Span, MediumError> {
        let (native, physical) = (self.layout.native_blocks, self.layout.physical_blocks());
        let touches_cells = matches!(erase.technique, Technique::BlockErase | Technique::Overwrite { .. });
        let (from, count) = match erase.extent {
            Extent::Everything if touches_cells => return Ok(Span { from: 0, logical: 0, physical }),
            Extent::Everything => (0, native),
            Extent::Blocks { from, count } | Extent::BlocksAndSpare { from, count } => (from, count),
        };
        if from.checked_add(count).is_none_or(|end| end > native) {
            return Err(MediumError::Range { lba: from });
        }
        let spare = touches_cells && matches!(erase.extent, Extent::BlocksAndSpare { .. });
        Ok(Span { from, logical: count, physical: if spare { physical } else { 0 } })
    }

    /// Works on at most `count` units from unit `at` of a pass on, and says on how many.
    fn step(
        &mut self,
        technique: &Technique,
        span: &Span,
        at: u64,
        count: u64,
        pattern: [u8; 4],
    ) -> Result<u64, MediumError> {
        if at >= span.logical {
            let page = at - span.logical;
            self.step_physical(technique, span, page, count, pattern)?;
            return Ok(count);
        }
        let count = count.min(span.logical - at);
        self.step_logical(technique, span.from + at, count, pattern)?;
        Ok(count)
    }

    fn step_logical(
        &mut self,
        technique: &Technique,
        lba: u64,
        count: u64,
        pattern: [u8; 4],
    ) -> Result<(), MediumError> {
        match technique {
            Technique::ChangeKey => self.keys.change(lba, count),
            Technique::ChangeKeyAndUnmap => {
                self.keys.change(lba, count)?;
                self.release(lba, count)
            }
            Technique::Unmap => self.release(lba, count),
            Technique::Overwrite { .. } => self.write(lba, &self.pattern(count, pattern)),
            Technique::BlockErase => {
                for run in self.map.runs(lba, count) {
                    if let Some(page) = run.page {
                        self.backing.repeat(page, run.count, pattern)?;
                    }
                }
                self.release(lba, count)
            }
        }
    }

    fn release(&mut self, lba: u64, count: u64) -> Result<(), MediumError> {
        (lba..lba + count).for_each(|lba| self.map.release(lba));
        Ok(())
    }

    /// Physical blocks: all of them, or where logical ones have a span of their own, those that nobody owns.
    fn step_physical(
        &mut self,
        technique: &Technique,
        span: &Span,
        page: u64,
        count: u64,
        pattern: [u8; 4],
    ) -> Result<(), MediumError> {
        if span.logical > 0 {
            return self.fill_unowned(page, count, pattern);
        }
        if matches!(technique, Technique::BlockErase) {
            self.backing.repeat(page, count, pattern)?;
            for page in page..page + count {
                if let Some(lba) = self.map.owner(page) {
                    self.map.release(lba);
                }
            }
            return Ok(());
        }
        if page == 0 {
            self.place_all();
        }
        self.overwrite_physical(page, count, pattern)
    }

    fn fill_unowned(&mut self, page: u64, count: u64, pattern: [u8; 4]) -> Result<(), MediumError> {
        let mut begin = page;
        for page in page..page + count {
            if self.map.owner(page).is_some() {
                self.backing.repeat(begin, page - begin, pattern)?;
                begin = page + 1;
            }
        }
        self.backing.repeat(begin, page + count - begin, pattern)
    }

    /// Every block reads as the pattern in the end, so every block needs a place.
    fn place_all(&mut self) {
        for lba in 0..self.layout.native_blocks {
            if self.map.page(lba).is_none() {
                self.map.place(lba, 1);
            }
        }
    }

    fn overwrite_physical(&self, page: u64, count: u64, pattern: [u8; 4]) -> Result<(), MediumError> {
        self.backing.repeat(page, count, pattern)?;
        if self.keys.is_empty() {
            return Ok(());
        }
        let mut data = self.pattern(count, pattern);
        for (page, block) in (page..).zip(data.chunks_mut(self.block())) {
            if let Some(lba) = self.map.owner(page) {
                self.keys.apply(lba, block.len(), block);
            }
        }
        self.backing.write(page, &data)
    }

    fn pattern(&self, count: u64, pattern: [u8; 4]) -> Vec<u8> {
        pattern.repeat(index(count * u64::from(self.layout.block_size) / 4))
    }

    /// What each pass that is really worked writes.
    fn worked_passes(&self, technique: &Technique) -> Vec<[u8; 4]> {
        match technique {
            Technique::Overwrite { passes } => match passes.as_slice() {
                [first, .., last] => vec![*first, *last],
                few => few.to_vec(),
            },
            Technique::BlockErase => vec![[self.layout.erased_byte; 4]],
            Technique::ChangeKey | Technique::ChangeKeyAndUnmap | Technique::Unmap => vec![[0; 4]],
        }
    }
}
