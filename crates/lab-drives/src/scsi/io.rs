//! Reading, writing, verifying and unmapping blocks (SBC-4 clause 5).

use super::ScsiDrive;
use super::sense::{Cdb, Detail, Outcome, Sense};
use crate::Fault;
use crate::bytes::{be, index};
use crate::medium::MediumError;

/// The most blocks of one command, and the most descriptors of an UNMAP.
pub(super) const MOST_BLOCKS: u64 = 0x1_0000;
pub(super) const MOST_UNMAP_DESCRIPTORS: u64 = 256;
/// BYTCHK of VERIFY, two bits wide; UNMAP and NDOB of WRITE SAME.
const BYTE_CHECK: u8 = 0x06;
const COMPARE: u8 = 0x02;
const UNMAP: u8 = 0x08;
const NO_DATA_OUT: u8 = 0x01;
const WRITE_SAME_16: u8 = 0x93;
/// Bytes of an UNMAP parameter list's header, and of its descriptors.
const UNMAP_HEADER: usize = 8;
const UNMAP_DESCRIPTOR: usize = 16;

/// Blocks that a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) lba: u64,
    pub(super) count: u64,
}

/// Where the command groups have them (SPC-4 4.2.2): by the three high bits of the operation code.
pub(super) fn range(cdb: Cdb<'_>) -> Range {
    match cdb.operation() >> 5 {
        0 => {
            // Zero is 256 in the 6-byte commands (SBC-4 5.11).
            let count = if cdb.byte(4) == 0 { 256 } else { u64::from(cdb.byte(4)) };
            Range { lba: cdb.number(1, 3) & 0x1F_FFFF, count }
        }
        4 => Range { lba: cdb.number(2, 8), count: cdb.number(10, 4) },
        5 => Range { lba: cdb.number(2, 4), count: cdb.number(6, 4) },
        _ => Range { lba: cdb.number(2, 4), count: cdb.number(7, 2) },
    }
}

impl ScsiDrive {
    pub(super) fn checked(&self, range: Range) -> Result<Range, Sense> {
        let end = range.lba.checked_add(range.count);
        if end.is_none_or(|end| end > self.kept.visible) {
            return Err(Sense::OUT_OF_RANGE.with(Detail::Block(range.lba)));
        }
        if range.count > MOST_BLOCKS {
            return Err(Sense::INVALID_FIELD);
        }
        Ok(range)
    }

    pub(super) fn read(&mut self, cdb: Cdb<'_>) -> Outcome {
        let range = self.checked(range(cdb))?;
        self.bytes_of(range)
    }

    fn bytes_of(&self, range: Range) -> Outcome {
        self.readable(range)?;
        let mut data = vec![0; index(range.count) * self.block()];
        self.medium
            .read(range.lba, &mut data)
            .map_err(|_| Sense::UNREADABLE.with(Detail::Block(range.lba)))?;
        Ok(data)
    }

    /// Blocks that faults make unreadable, and those that were erased and not written since.
    fn readable(&self, range: Range) -> Result<(), Sense> {
        let bad = self.faults.iter().find_map(|fault| match fault {
            Fault::Unreadable { from, count } => overlap(range, *from, *count),
            _ => None,
        });
        let unwritten = || {
            let fails = self.kept.fails_until_written;
            fails.then(|| self.medium.first_unmapped(range.lba, range.count)).flatten()
        };
        match bad.or_else(unwritten) {
            Some(lba) => Err(Sense::UNREADABLE.with(Detail::Block(lba))),
            None => Ok(()),
        }
    }

    pub(super) fn write(&mut self, cdb: Cdb<'_>, data: &[u8]) -> Outcome {
        let range = self.checked(range(cdb))?;
        let data = data.get(..index(range.count) * self.block()).ok_or(Sense::INVALID_FIELD)?;
        self.put(range, data)
    }

    fn put(&mut self, range: Range, data: &[u8]) -> Outcome {
        let bad = self.faults.iter().find_map(|fault| match fault {
            Fault::Unwritable { from, count } => overlap(range, *from, *count),
            _ => None,
        });
        let failed = |lba| Sense::UNWRITABLE.with(Detail::Block(lba));
        if let Some(lba) = bad {
            // What comes before the bad block is written.
            let before = index(lba.saturating_sub(range.lba)) * self.block();
            let part = data.get(..before).unwrap_or_default();
            return self.medium.write(range.lba, part).map_or(Err(failed(lba)), |()| Err(failed(lba)));
        }
        self.medium.write(range.lba, data).map_err(|_| failed(range.lba))?;
        Ok(Vec::new())
    }

    pub(super) fn verify(&mut self, cdb: Cdb<'_>, data: &[u8]) -> Outcome {
        let range = self.checked(range(cdb))?;
        let on_medium = self.bytes_of(range)?;
        match cdb.byte(1) & BYTE_CHECK {
            0 => Ok(Vec::new()),
            COMPARE if data == on_medium => Ok(Vec::new()),
            COMPARE => Err(Sense::MISCOMPARED),
            _ => Err(Sense::INVALID_FIELD),
        }
    }

    pub(super) fn write_same(&mut self, cdb: Cdb<'_>, data: &[u8]) -> Outcome {
        let range = self.checked(range(cdb))?;
        // WSNZ: zero blocks does not mean all.
        if range.count == 0 {
            return Err(Sense::INVALID_FIELD);
        }
        let no_data = cdb.operation() == WRITE_SAME_16 && cdb.has(1, NO_DATA_OUT);
        let block = match (no_data, data.get(..self.block())) {
            (true, _) => vec![0; self.block()],
            (false, Some(block)) => block.to_vec(),
            (false, None) => return Err(Sense::INVALID_FIELD),
        };
        // Only blocks of zeros can be told from no block at all (SBC-4 4.7.3.4.4).
        if cdb.has(1, UNMAP) && self.config.is_flash() && block.iter().all(|byte| *byte == 0) {
            return self.take_away(range);
        }
        self.put(range, &block.repeat(index(range.count)))
    }

    /// UNMAP (SBC-4 5.36).
    pub(super) fn unmap(&mut self, data: &[u8]) -> Outcome {
        if data.is_empty() {
            return Ok(Vec::new());
        }
        let descriptors = data.get(UNMAP_HEADER..).ok_or(Sense::PARAMETER_LENGTH)?;
        let length = index(be(data, 2, 2)).min(descriptors.len());
        let (descriptors, _) = descriptors.split_at_checked(length).unwrap_or((descriptors, &[]));
        let ranges: Vec<_> = descriptors
            .chunks_exact(UNMAP_DESCRIPTOR)
            .map(|descriptor| Range { lba: be(descriptor, 0, 8), count: be(descriptor, 8, 4) })
            .collect();
        for range in &ranges {
            let end = range.lba.checked_add(range.count);
            if end.is_none_or(|end| end > self.kept.visible) {
                return Err(Sense::OUT_OF_RANGE.with(Detail::Block(range.lba)));
            }
        }
        ranges.into_iter().try_for_each(|range| self.take_away(range).map(drop))?;
        Ok(Vec::new())
    }

    fn take_away(&mut self, range: Range) -> Outcome {
        let failed = |_: MediumError| Sense::UNWRITABLE.with(Detail::Block(range.lba));
        self.medium.unmap(range.lba, range.count).map_err(failed)?;
        Ok(Vec::new())
    }

    pub(super) fn block(&self) -> usize {
        index(u64::from(self.medium.layout().block_size))
    }
}

/// The first block of a range that is also among these.
fn overlap(range: Range, from: u64, count: u64) -> Option<u64> {
    let (end, bad_end) = (range.lba.saturating_add(range.count), from.saturating_add(count));
    (range.lba < bad_end && from < end).then(|| range.lba.max(from))
}
