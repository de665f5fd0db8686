//! Canaries: known blocks planted before a drive erases itself, looked for afterwards.
//!
//! Reading zeros alone proves little: the drive may have held zeros, or answer with them out of habit. So a random
//! pattern is planted at places spread over the medium, and what a second set of places held is remembered.

use crate::lanes::survivable;
use crate::pattern::is_constant;
use crate::stream::{Generator, Keystream, PassKey, StreamError};
use model::FailureReason;
use std::collections::BTreeSet;
use transport::{BlockIo, Geometry, IoFailure, PageBuffer};

/// Into so many stretches the medium is divided; each gets a canary, and the first and last page have one too.
const STRETCHES: u64 = 64;

/// Where in the stream the numbers begin that choose the places: beyond the content of any medium.
const CHOICES: u64 = 1 << 62;

/// Bytes of the stream per place.
const CHOICE_LEN: u64 = Keystream::STEP as u64;

/// How much of a sample is remembered.
const REMEMBERED: usize = 512;

/// One place: as small as direct I/O takes everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    offset: u64,
    len: usize,
}

/// What a place held before the erase.
struct Sample {
    place: Place,
    bytes: Vec<u8>,
}

/// What was found after the erase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// Canaries still there, as a whole or in part.
    pub(crate) surviving: u32,
    /// Canary places that cannot be read.
    pub(crate) unreadable: u32,
    /// Sampled places that hold what they held before.
    pub(crate) unchanged: u32,
}

/// The canaries of one drive.
pub(crate) struct Flock {
    seed: PassKey,
    generator: Generator,
    block: usize,
    places: Vec<Place>,
    samples: Vec<Sample>,
}

impl Flock {
    /// Chooses the places, writing nothing.
    pub(crate) fn choose(
        generator: Generator,
        geometry: Geometry,
        seed: PassKey,
    ) -> Result<Self, StreamError> {
        let mut stream = Keystream::new(generator, &seed);
        let mut places = spread(&mut stream, geometry, CHOICES)?;
        places.extend(page(geometry, 0));
        places.extend(pages(geometry).checked_sub(1).and_then(|last| page(geometry, last)));
        let others = spread(&mut stream, geometry, CHOICES + STRETCHES * CHOICE_LEN)?;
        let samples =
            others.difference(&places).map(|place| Sample { place: *place, bytes: Vec::new() }).collect();
        let block = geometry.block.bytes() as usize;
        Ok(Self { seed, generator, block, places: places.into_iter().collect(), samples })
    }

    /// The seed of places and content.
    pub(crate) fn seed_hex(&self) -> String {
        self.seed.to_hex()
    }

    /// How many canaries there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// Remembers what the sampled places hold; those that hold a constant say nothing afterwards and are forgotten.
    ///
    /// # Errors
    /// The drive is of no use any more.
    pub(crate) fn remember(&mut self, device: &(impl BlockIo + ?Sized)) -> Result<(), FailureReason> {
        let mut buffer = self.buffer();
        for sample in &mut self.samples {
            if let Some(bytes) = read(device, sample.place, &mut buffer)? {
                sample.bytes = bytes.iter().take(REMEMBERED).copied().collect();
            }
        }
        self.samples.retain(|sample| !is_constant(&sample.bytes));
        Ok(())
    }

    /// Writes the canaries. They are certain only after a flush and [`Flock::are_there`].
    ///
    /// # Errors
    /// One of them could not be written.
    pub(crate) fn plant(&self, device: &(impl BlockIo + ?Sized)) -> Result<(), FailureReason> {
        let (mut stream, mut buffer) = (self.stream(), self.buffer());
        for place in &self.places {
            let bytes = content(&mut stream, *place, &mut buffer)?;
            device.write_at(place.offset, bytes).map_err(|failure| match failure {
                IoFailure::Gone => FailureReason::Vanished,
                IoFailure::Medium(text) | IoFailure::Other(text) => FailureReason::Io(text),
            })?;
        }
        Ok(())
    }

    /// Reads every canary back as it was planted.
    ///
    /// # Errors
    /// One of them is not there.
    pub(crate) fn are_there(&self, device: &(impl BlockIo + ?Sized)) -> Result<(), FailureReason> {
        let (mut stream, mut buffer, mut expected) = (self.stream(), self.buffer(), self.buffer());
        for place in &self.places {
            let planted = content(&mut stream, *place, &mut expected)?;
            if read(device, *place, &mut buffer)?.is_none_or(|bytes| bytes != planted) {
                let what = format!("the canary at byte {} did not stay", place.offset);
                return Err(FailureReason::Io(what));
            }
        }
        Ok(())
    }

    /// Looks for canaries and remembered data after the erase.
    ///
    /// # Errors
    /// The drive is of no use any more.
    pub(crate) fn look(&self, device: &(impl BlockIo + ?Sized)) -> Result<Found, FailureReason> {
        let (mut stream, mut buffer, mut expected) = (self.stream(), self.buffer(), self.buffer());
        let mut found = Found::default();
        for place in &self.places {
            match read(device, *place, &mut buffer)? {
                None => found.unreadable += 1,
                Some(bytes) => {
                    let planted = content(&mut stream, *place, &mut expected)?.chunks(self.block);
                    let survives =
                        bytes.chunks(self.block).zip(planted).any(|(read, planted)| read == planted);
                    found.surviving += u32::from(survives);
                }
            }
        }
        for sample in &self.samples {
            if let Some(bytes) = read(device, sample.place, &mut buffer)? {
                found.unchanged += u32::from(bytes.starts_with(&sample.bytes));
            }
        }
        Ok(found)
    }

    fn stream(&self) -> Keystream {
        Keystream::new(self.generator, &self.seed)
    }

    fn buffer(&self) -> PageBuffer {
        PageBuffer::new(PageBuffer::PAGE.max(self.block))
    }
}

/// One place per stretch, by the numbers that the stream gives from `choices` on.
fn spread(stream: &mut Keystream, geometry: Geometry, choices: u64) -> Result<BTreeSet<Place>, StreamError> {
    let pages = pages(geometry);
    let stretches = STRETCHES.min(pages);
    let mut places = BTreeSet::new();
    for stretch in 0..stretches {
        let mut number = [0; Keystream::STEP];
        stream.fill(choices + stretch * CHOICE_LEN, &mut number)?;
        let begin = bound(pages, stretch, stretches);
        let len = bound(pages, stretch + 1, stretches).saturating_sub(begin).max(1);
        places.extend(page(geometry, begin + within(u128::from_le_bytes(number), len)));
    }
    Ok(places)
}

/// A number below `len`.
fn within(number: u128, len: u64) -> u64 {
    u64::try_from(number % u128::from(len.max(1))).unwrap_or(0)
}

/// Where stretch number `stretch` begins, in pages.
fn bound(pages: u64, stretch: u64, stretches: u64) -> u64 {
    let at = u128::from(pages) * u128::from(stretch) / u128::from(stretches.max(1));
    u64::try_from(at).unwrap_or(pages)
}

fn page_len(geometry: Geometry) -> u64 {
    u64::from(geometry.block.bytes()).max(PageBuffer::PAGE as u64)
}

fn pages(geometry: Geometry) -> u64 {
    geometry.len.0.div_ceil(page_len(geometry))
}

/// The place of one page; the last one may be shorter.
fn page(geometry: Geometry, number: u64) -> Option<Place> {
    let size = page_len(geometry);
    let offset = number.checked_mul(size)?;
    let left = geometry.len.0.checked_sub(offset).filter(|left| *left > 0)?;
    Some(Place { offset, len: usize::try_from(left.min(size)).ok()? })
}

fn slice(buffer: &mut PageBuffer, place: Place) -> Result<&mut [u8], FailureReason> {
    let too_long = || FailureReason::Internal("a canary is longer than its buffer".to_owned());
    buffer.bytes_mut().get_mut(..place.len).ok_or_else(too_long)
}

/// The bytes of a place, `None` if that place cannot be read.
fn read<'a>(
    device: &(impl BlockIo + ?Sized),
    place: Place,
    buffer: &'a mut PageBuffer,
) -> Result<Option<&'a mut [u8]>, FailureReason> {
    let bytes = slice(buffer, place)?;
    match device.read_at(place.offset, bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(failure) => survivable(failure).map(|()| None),
    }
}

/// What was planted at a place.
fn content<'a>(
    stream: &mut Keystream,
    place: Place,
    buffer: &'a mut PageBuffer,
) -> Result<&'a mut [u8], FailureReason> {
    let bytes = slice(buffer, place)?;
    stream.fill(place.offset, bytes).map_err(|error| FailureReason::Internal(error.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{BlockSize, ByteLen};
    use proptest::prelude::*;

    fn flock(len: u64, block: u32, seed: u8) -> (Flock, Geometry) {
        let geometry = Geometry { len: ByteLen(len), block: BlockSize::new(block).unwrap() };
        (Flock::choose(Generator::AesCtr, geometry, PassKey::from_bytes([seed; 32])).unwrap(), geometry)
    }

    #[test]
    fn canaries_stand_on_the_first_and_last_page_and_in_every_stretch() {
        let len = 512_110_190_592;
        let (flock, _) = flock(len, 512, 1);
        assert!((64..=66).contains(&flock.count()));
        assert_eq!(flock.places[0].offset, 0);
        let last = flock.places.last().unwrap();
        assert_eq!(last.offset + last.len as u64, len);
        let stretches: BTreeSet<u64> = flock.places.iter().map(|place| place.offset / (len / 64)).collect();
        assert!(stretches.len() >= 64);
        assert_ne!(super::tests::flock(len, 512, 2).0.places, flock.places, "places follow the seed");
    }

    proptest! {
        #[test]
        fn places_are_inside_the_medium_and_apart(blocks in 1u64..5_000_000, shift in 0u32..8, seed in any::<u8>()) {
            let block = 512 << shift;
            let (flock, geometry) = flock(blocks * u64::from(block), block, seed);
            prop_assert!(flock.count() >= 1);
            let samples = flock.samples.iter().map(|sample| sample.place);
            let mut all: Vec<Place> = flock.places.iter().copied().chain(samples).collect();
            all.sort();
            for place in &all {
                prop_assert!(place.len > 0 && place.len.is_multiple_of(block as usize));
                prop_assert!(place.offset + place.len as u64 <= geometry.len.0);
            }
            for pair in all.windows(2) {
                prop_assert!(pair[0].offset + pair[0].len as u64 <= pair[1].offset);
            }
        }
    }
}
