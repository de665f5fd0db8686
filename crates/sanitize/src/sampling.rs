//! Where a medium is sampled (NIST SP 800-88r1 4.7.3): at least a thousand equal subsections, two pseudorandom places
//! in each that do not overlap, and the first and the last block; at least a tenth of the medium in all.

use crate::place::{Place, bound, page, pages, run_of_pages, within};
use crate::stream::{Generator, Keystream, PassKey, StreamError};
use transport::Geometry;

/// Subsections of the medium.
const SECTIONS: u64 = 1_000;

/// Each of the two places of a subsection is this part of it, so that both together are an eighth: a tenth is asked
/// for, and some places of a crypto-erased medium may refuse to be read.
const PART: u64 = 16;

/// A medium with fewer pages per subsection is read as a whole.
const FEWEST_PAGES: u64 = PART;

/// The generator that chooses, the same on every PC, so that the seed alone says which places were read.
const CHOOSER: Generator = Generator::ChaCha20;

/// The places of one medium.
pub(crate) struct Sampling {
    seed: PassKey,
    runs: Vec<Place>,
    marks: Vec<Place>,
}

impl Sampling {
    /// Chooses the places by a seed, reading nothing.
    pub(crate) fn choose(geometry: Geometry, seed: PassKey) -> Result<Self, StreamError> {
        let pages = pages(geometry);
        let mut runs = Vec::new();
        let mut marks = Vec::new();
        if pages / SECTIONS < FEWEST_PAGES {
            runs.extend(run_of_pages(geometry, 0, pages));
            marks.extend((0..pages).filter_map(|number| page(geometry, number)));
        } else {
            let numbers = numbers(&seed)?;
            for (section, [one, other]) in (0..SECTIONS).zip(numbers) {
                for (first, count) in two_of(pages, section, one, other) {
                    runs.extend(run_of_pages(geometry, first, count));
                    marks.extend(page(geometry, first));
                }
            }
            let ends = [page(geometry, 0), page(geometry, pages - 1)];
            runs.extend(ends.into_iter().flatten());
            marks.extend(ends.into_iter().flatten());
        }
        marks.sort_unstable();
        marks.dedup();
        Ok(Self { seed, runs: merged(runs), marks })
    }

    /// The seed, as records have it.
    pub(crate) fn seed_hex(&self) -> String {
        self.seed.to_hex()
    }

    /// What is read, in the order of the medium; no two overlap.
    pub(crate) fn runs(&self) -> &[Place] {
        &self.runs
    }

    /// One page of every place: what is remembered of it before the erase.
    pub(crate) fn marks(&self) -> &[Place] {
        &self.marks
    }

    /// Bytes in all.
    pub(crate) fn bytes(&self) -> u64 {
        self.runs.iter().map(|run| run.len).sum()
    }
}

/// Two numbers for every subsection: the stream of the seed from its beginning, 16 bytes each, little-endian.
fn numbers(seed: &PassKey) -> Result<Vec<[u128; 2]>, StreamError> {
    let sections = usize::try_from(SECTIONS).unwrap_or(usize::MAX);
    let mut bytes = vec![0; 2 * Keystream::STEP * sections];
    Keystream::new(CHOOSER, seed).fill(0, &mut bytes)?;
    let (numbers, _) = bytes.as_chunks::<{ Keystream::STEP }>();
    let (pairs, _) = numbers.as_chunks::<2>();
    Ok(pairs.iter().map(|pair| pair.map(u128::from_le_bytes)).collect())
}

/// The two places of one subsection: first page and number of pages.
fn two_of(pages: u64, section: u64, one: u128, other: u128) -> [(u64, u64); 2] {
    let begin = bound(pages, section, SECTIONS);
    let len = bound(pages, section + 1, SECTIONS).saturating_sub(begin);
    let run = len.div_ceil(PART);
    // Both are drawn from the room that is left when the two lie side by side: then they cannot overlap.
    let room = len.saturating_sub(2 * run) + 1;
    let (one, other) = (within(one, room), within(other, room));
    [(begin + one.min(other), run), (begin + one.max(other) + run, run)]
}

/// The same bytes, each in one run only.
fn merged(mut runs: Vec<Place>) -> Vec<Place> {
    runs.sort_unstable();
    let mut merged: Vec<Place> = Vec::with_capacity(runs.len());
    for run in runs {
        match merged.last_mut().filter(|last| last.end() >= run.offset) {
            Some(last) => last.len = last.len.max(run.end().saturating_sub(last.offset)),
            None => merged.push(run),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{BlockSize, ByteLen};
    use proptest::prelude::*;

    fn sampling(len: u64, block: u32, seed: u8) -> Sampling {
        let geometry = Geometry { len: ByteLen(len), block: BlockSize::new(block).unwrap() };
        Sampling::choose(geometry, PassKey::from_bytes([seed; 32])).unwrap()
    }

    const TERABYTE: u64 = 1_000_204_886_016;

    #[test]
    fn two_places_in_each_of_a_thousand_subsections_and_the_first_and_last_block() {
        let sampling = sampling(TERABYTE, 512, 1);
        let mut per_section = vec![0; 1_000];
        for mark in sampling.marks() {
            per_section[usize::try_from(u128::from(mark.offset) * 1_000 / u128::from(TERABYTE)).unwrap()] +=
                1;
        }
        assert!(per_section.iter().all(|count| (2..=3).contains(count)), "{per_section:?}");
        assert_eq!(sampling.runs()[0].offset, 0);
        assert_eq!(sampling.runs().last().unwrap().end(), TERABYTE);
        assert!(sampling.marks().len() >= 2_000);
    }

    #[test]
    fn at_least_a_tenth_is_read_in_long_runs() {
        let sampling = sampling(TERABYTE, 512, 1);
        assert!(sampling.bytes() >= TERABYTE / 10 && sampling.bytes() <= TERABYTE / 7);
        assert!(sampling.runs().len() <= 2_002);
    }

    #[test]
    fn places_follow_the_seed_and_nothing_else() {
        assert_eq!(sampling(TERABYTE, 512, 7).runs(), sampling(TERABYTE, 512, 7).runs());
        assert_ne!(sampling(TERABYTE, 512, 7).runs(), sampling(TERABYTE, 512, 8).runs());
    }

    #[test]
    fn a_tiny_medium_is_read_as_a_whole() {
        for len in [512, 4096, 1_574_400, 60_000_256] {
            assert_eq!(sampling(len, 512, 1).runs(), [Place { offset: 0, len }]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn samples_are_inside_apart_and_enough(blocks in 1u64..5_000_000_000, shift in 0u32..8, seed in any::<u8>()) {
            let block = 512 << shift;
            let len = blocks * u64::from(block);
            let sampling = sampling(len, block, seed);
            prop_assert!(sampling.bytes() <= len && u128::from(sampling.bytes()) * 10 >= u128::from(len));
            for run in sampling.runs() {
                prop_assert!(run.len > 0 && run.len.is_multiple_of(u64::from(block)) && run.end() <= len);
            }
            for pair in sampling.runs().windows(2) {
                prop_assert!(pair[0].end() < pair[1].offset);
            }
            let mut runs = sampling.runs().iter();
            let mut run = runs.next();
            for mark in sampling.marks() {
                while run.is_some_and(|run| run.end() <= mark.offset) {
                    run = runs.next();
                }
                prop_assert!(run.is_some_and(|run| run.offset <= mark.offset && mark.end() <= run.end()));
            }
        }
    }
}
