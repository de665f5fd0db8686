//! What a medium held before it was erased: hashes of the pages that will be sampled afterwards.

use crate::clock::Clock;
use crate::pattern::is_constant;
use crate::place::{Place, page_buffer, read};
use crate::stop::StopFlag;
use model::FailureReason;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use transport::BlockIo;

/// One page, with a hash of each of its blocks that says something: see [`Memory::of`].
struct Remembered {
    place: Place,
    blocks: Vec<Option<u64>>,
}

/// Two thousand places take a good disk half a minute. A drive that takes so long for them is failing.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long reading places may go on.
pub(crate) struct Limit<'a> {
    clock: &'a dyn Clock,
    stop: &'a StopFlag,
    began: Duration,
}

impl<'a> Limit<'a> {
    /// Begins now.
    pub(crate) fn new(clock: &'a dyn Clock, stop: &'a StopFlag) -> Self {
        Self { clock, stop, began: clock.now() }
    }

    fn check(&self) -> Result<(), FailureReason> {
        match () {
            () if self.stop.is_set() => Err(FailureReason::Stopped),
            () if self.clock.now().saturating_sub(self.began) > LONGEST => {
                let minutes = LONGEST.as_secs() / 60;
                Err(FailureReason::Io(format!("reading a few places took more than {minutes} minutes")))
            }
            () => Ok(()),
        }
    }
}

/// What was there before.
pub(crate) struct Memory {
    hasher: RandomState,
    block: usize,
    pages: Vec<Remembered>,
}

impl Memory {
    /// Reads the pages at `marks`, except where canaries will stand.
    ///
    /// A block that is one byte throughout says nothing when it is the same afterwards, nor does one that stands in
    /// several places: a drive that was erased before may hold a pattern of its maker's, and hold it again.
    ///
    /// # Errors
    /// The drive is of no use any more.
    pub(crate) fn of(
        device: &(impl BlockIo + ?Sized),
        marks: &[Place],
        canaries: &[Place],
        limit: &Limit<'_>,
    ) -> Result<Self, FailureReason> {
        let block = device.geometry().block.bytes() as usize;
        let canaries: BTreeSet<Place> = canaries.iter().copied().collect();
        let mut memory = Self { hasher: RandomState::new(), block, pages: Vec::new() };
        let mut buffer = page_buffer(block);
        for place in marks.iter().filter(|place| !canaries.contains(place)) {
            limit.check()?;
            if let Some(bytes) = read(device, *place, &mut buffer)? {
                let blocks = memory.hashes(bytes);
                memory.pages.push(Remembered { place: *place, blocks });
            }
        }
        memory.forget_what_repeats();
        Ok(memory)
    }

    /// How many pages still hold a block that they held before.
    ///
    /// # Errors
    /// The drive is of no use any more.
    pub(crate) fn unchanged(
        &self,
        device: &(impl BlockIo + ?Sized),
        limit: &Limit<'_>,
    ) -> Result<u32, FailureReason> {
        let mut buffer = page_buffer(self.block);
        let mut unchanged = 0;
        for page in &self.pages {
            limit.check()?;
            let Some(bytes) = read(device, page.place, &mut buffer)? else { continue };
            let now = self.hashes(bytes);
            let same = page.blocks.iter().zip(&now).any(|(before, now)| before.is_some() && before == now);
            unchanged += u32::from(same);
        }
        Ok(unchanged)
    }

    fn hashes(&self, bytes: &[u8]) -> Vec<Option<u64>> {
        let hash = |block: &[u8]| (!is_constant(block)).then(|| self.hasher.hash_one(block));
        bytes.chunks(self.block).map(hash).collect()
    }

    fn forget_what_repeats(&mut self) {
        let mut seen: HashMap<u64, u32> = HashMap::new();
        for hash in self.pages.iter().flat_map(|page| page.blocks.iter().flatten()) {
            *seen.entry(*hash).or_default() += 1;
        }
        for hash in self.pages.iter_mut().flat_map(|page| page.blocks.iter_mut()) {
            *hash = hash.filter(|hash| seen.get(hash) == Some(&1));
        }
        self.pages.retain(|page| page.blocks.iter().any(Option::is_some));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::fake::{BLOCK, Behaviour, Fake, LEN};
    use crate::sampling::Sampling;
    use crate::stream::PassKey;

    fn memory(device: &Fake) -> Memory {
        let sampling = Sampling::choose(device.geometry(), PassKey::from_bytes([1; 32])).unwrap();
        let (clock, stop) = (SystemClock::default(), StopFlag::default());
        Memory::of(device, sampling.marks(), &[], &Limit::new(&clock, &stop)).unwrap()
    }

    fn unchanged(memory: &Memory, device: &Fake) -> u32 {
        let (clock, stop) = (SystemClock::default(), StopFlag::default());
        memory.unchanged(device, &Limit::new(&clock, &stop)).unwrap()
    }

    #[test]
    fn one_block_that_kept_its_data_is_seen() {
        let device = Fake::new(Behaviour::default());
        let memory = memory(&device);
        let all = u32::try_from(LEN.div_ceil(4096)).unwrap();
        assert_eq!(unchanged(&memory, &device), all);
        let kept = device.state().medium[77 * BLOCK..78 * BLOCK].to_vec();
        device.state().medium.fill(0);
        assert_eq!(unchanged(&memory, &device), 0);
        device.state().medium[77 * BLOCK..78 * BLOCK].copy_from_slice(&kept);
        assert_eq!(unchanged(&memory, &device), 1);
    }

    #[test]
    fn what_proves_nothing_is_not_remembered() {
        let device = Fake::new(Behaviour::default());
        let pattern: Vec<u8> = (0..BLOCK).map(|at| (at % 251).to_le_bytes()[0]).collect();
        device.state().medium.chunks_mut(BLOCK).for_each(|block| block.copy_from_slice(&pattern));
        device.state().medium[..BLOCK].fill(0);
        assert_eq!(unchanged(&memory(&device), &device), 0, "zeros, and a pattern that repeats");
        device.state().medium[5 * BLOCK] ^= 1;
        assert_eq!(unchanged(&memory(&device), &device), 1, "the one block that is like no other");
    }
}
