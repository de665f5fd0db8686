//! Canaries: known blocks planted before a drive erases itself, looked for afterwards.
//!
//! Reading zeros alone proves little: the drive may have held zeros, or answer with them out of habit. So a random
//! pattern is planted at places spread over the medium, and what other places held is remembered ([`crate::memory`]).

use crate::place::{Place, bound, content, number, page, page_buffer, pages, read, within};
use crate::stream::{Generator, Keystream, PassKey, StreamError};
use model::FailureReason;
use std::collections::BTreeSet;
use transport::{BlockIo, Geometry, IoFailure};

/// Into so many stretches the medium is divided; each gets a canary, and the first and last page have one too.
const STRETCHES: u64 = 64;

/// Where in the stream the numbers begin that choose the places: beyond the content of any medium.
const CHOICES: u64 = 1 << 62;

/// What was found after the erase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// Canaries still there, as a whole or in part.
    pub(crate) surviving: u32,
    /// Canary places that cannot be read.
    pub(crate) unreadable: Vec<Place>,
}

/// The canaries of one drive.
pub(crate) struct Flock {
    seed: PassKey,
    generator: Generator,
    block: usize,
    places: Vec<Place>,
}

impl Flock {
    /// Chooses the places, writing nothing.
    pub(crate) fn choose(
        generator: Generator,
        geometry: Geometry,
        seed: PassKey,
    ) -> Result<Self, StreamError> {
        let mut stream = Keystream::new(generator, &seed);
        let mut places = spread(&mut stream, geometry)?;
        places.extend(page(geometry, 0));
        places.extend(pages(geometry).checked_sub(1).and_then(|last| page(geometry, last)));
        let block = geometry.block.bytes() as usize;
        Ok(Self { seed, generator, block, places: places.into_iter().collect() })
    }

    /// The seed of places and content.
    pub(crate) fn seed_hex(&self) -> String {
        self.seed.to_hex()
    }

    /// How many canaries there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// Where they are.
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// Writes the canaries. They are certain only after a flush and [`Flock::are_there`].
    ///
    /// # Errors
    /// One of them could not be written.
    pub(crate) fn plant(&self, device: &(impl BlockIo + ?Sized)) -> Result<(), FailureReason> {
        let (mut stream, mut buffer) = (self.stream(), page_buffer(self.block));
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
        let (mut stream, mut buffer, mut expected) =
            (self.stream(), page_buffer(self.block), page_buffer(self.block));
        for place in &self.places {
            let planted = content(&mut stream, *place, &mut expected)?;
            if read(device, *place, &mut buffer)?.is_none_or(|bytes| bytes != planted) {
                let what = format!("the canary at byte {} did not stay", place.offset);
                return Err(FailureReason::Io(what));
            }
        }
        Ok(())
    }

    /// Looks for the canaries after the erase.
    ///
    /// # Errors
    /// The drive is of no use any more.
    pub(crate) fn look(&self, device: &(impl BlockIo + ?Sized)) -> Result<Found, FailureReason> {
        let (mut stream, mut buffer, mut expected) =
            (self.stream(), page_buffer(self.block), page_buffer(self.block));
        let mut found = Found::default();
        for place in &self.places {
            let planted = content(&mut stream, *place, &mut expected)?.chunks(self.block);
            match read(device, *place, &mut buffer)? {
                None => found.unreadable.push(*place),
                Some(bytes) => {
                    let survives =
                        bytes.chunks(self.block).zip(planted).any(|(read, planted)| read == planted);
                    found.surviving += u32::from(survives);
                }
            }
        }
        Ok(found)
    }

    fn stream(&self) -> Keystream {
        Keystream::new(self.generator, &self.seed)
    }
}

/// One place per stretch.
fn spread(stream: &mut Keystream, geometry: Geometry) -> Result<BTreeSet<Place>, StreamError> {
    let pages = pages(geometry);
    let stretches = STRETCHES.min(pages);
    let mut places = BTreeSet::new();
    for stretch in 0..stretches {
        let begin = bound(pages, stretch, stretches);
        let len = bound(pages, stretch + 1, stretches).saturating_sub(begin).max(1);
        places.extend(page(geometry, begin + within(number(stream, CHOICES, stretch)?, len)));
    }
    Ok(places)
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
        assert_eq!(flock.places.last().unwrap().end(), len);
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
            for place in &flock.places {
                prop_assert!(place.len > 0 && place.len.is_multiple_of(u64::from(block)));
                prop_assert!(place.end() <= geometry.len.0);
            }
            for pair in flock.places.windows(2) {
                prop_assert!(pair[0].end() <= pair[1].offset);
            }
        }
    }
}
