//! Counting the blocks that failed, and knowing when to give up.

use model::{BlockErrors, Count, Lba};
use std::time::Duration;

/// How many blocks are listed by number.
const LISTED: usize = 16;

/// After so many failing blocks without a good one in between, the drive is taken for dead.
const MAX_CONSECUTIVE: u32 = 256;

/// After so many failing blocks in all, too.
const MAX_TOTAL: u32 = 16_384;

/// After so much time spent on retrying block by block, too: a dying disk would go on at 30 kB/s for months.
const MAX_RETRYING: Duration = Duration::from_secs(30 * 60);

/// What is wrong with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It took no write.
    Unwritable,
    /// It could not be read.
    Unreadable,
    /// It reads back as something else than it should.
    Different,
}

/// The drive fails so much that going on makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GiveUp {
    #[error("{0} blocks in a row failed")]
    Consecutive(u32),
    #[error("more than {0} blocks failed")]
    Total(u32),
    #[error("retrying failed blocks took more than {} minutes", .0.as_secs() / 60)]
    Time(Duration),
}

/// The errors of a job so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    errors: BlockErrors,
    consecutive: u32,
    total: u32,
    retrying: Duration,
}

impl Tally {
    /// Goes on from errors that were already counted.
    pub(crate) fn from_errors(errors: BlockErrors) -> Self {
        Self { errors, ..Self::default() }
    }

    /// Notes a bad block.
    pub(crate) fn note(&mut self, fault: Fault, lba: Lba) -> Result<(), GiveUp> {
        let count = match fault {
            Fault::Unwritable => &mut self.errors.unwritable,
            Fault::Unreadable => &mut self.errors.unreadable,
            Fault::Different => &mut self.errors.different,
        };
        *count = Count(count.0.saturating_add(1));
        self.list(lba);
        // A block that reads back differently costs no time, and how many there are is worth knowing.
        if fault == Fault::Different {
            return Ok(());
        }
        self.consecutive += 1;
        self.total += 1;
        match () {
            () if self.consecutive >= MAX_CONSECUTIVE => Err(GiveUp::Consecutive(self.consecutive)),
            () if self.total >= MAX_TOTAL => Err(GiveUp::Total(self.total)),
            () => Ok(()),
        }
    }

    /// Notes blocks that cannot be read, and that nobody expected to be readable.
    pub(crate) fn note_unreadable(&mut self, first: Lba, blocks: u64) {
        self.errors.unreadable = Count(self.errors.unreadable.0.saturating_add(blocks));
        self.list(first);
    }

    /// Notes that something worked.
    pub(crate) fn note_good(&mut self) {
        self.consecutive = 0;
    }

    /// Notes time spent on retrying.
    pub(crate) fn spend(&mut self, time: Duration) -> Result<(), GiveUp> {
        self.retrying = self.retrying.saturating_add(time);
        if self.retrying >= MAX_RETRYING { Err(GiveUp::Time(self.retrying)) } else { Ok(()) }
    }

    /// What was counted.
    pub(crate) fn into_errors(self) -> BlockErrors {
        self.errors
    }

    /// Keeps the lowest block numbers, whichever lane found them first.
    fn list(&mut self, lba: Lba) {
        if let Err(at) = self.errors.first.binary_search(&lba) {
            self.errors.first.insert(at, lba);
            self.errors.first.truncate(LISTED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_sixteen_blocks_are_listed_once_each() {
        let mut tally = Tally::default();
        for lba in (0..40).rev().chain(0..40) {
            tally.note(Fault::Different, Lba(lba)).unwrap();
        }
        let errors = tally.into_errors();
        assert_eq!(errors.different, Count(80));
        assert_eq!(errors.first, (0..16).map(Lba).collect::<Vec<_>>());
    }

    #[test]
    fn a_drive_on_which_nothing_works_is_given_up() {
        let mut tally = Tally::default();
        let failing = (0..).take_while(|lba| tally.note(Fault::Unwritable, Lba(*lba)).is_ok()).count();
        assert_eq!(failing, 255);
    }

    #[test]
    fn a_drive_that_fails_here_and_there_is_given_up_in_the_end() {
        let mut tally = Tally::default();
        let mut failing = 0u64;
        while tally.note(Fault::Unreadable, Lba(failing)).is_ok() {
            tally.note_good();
            failing += 1;
        }
        assert_eq!(failing, 16_383);
        assert!(matches!(Tally::default().spend(Duration::from_secs(1801)), Err(GiveUp::Time(_))));
    }
}
