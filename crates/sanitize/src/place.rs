//! Places on a medium: pages, and runs of them.

use crate::lanes::survivable;
use crate::stream::{Keystream, StreamError};
use model::FailureReason;
use transport::{BlockIo, Geometry, PageBuffer};

/// A piece of the medium, in bytes. Both numbers are multiples of a page, except at the end of the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

impl Place {
    /// The byte after it.
    pub(crate) fn end(&self) -> u64 {
        self.offset.saturating_add(self.len)
    }
}

/// A page: as small as direct I/O takes everywhere.
pub(crate) fn page_len(geometry: Geometry) -> u64 {
    u64::from(geometry.block.bytes()).max(PageBuffer::PAGE as u64)
}

/// How many pages the medium has, the last one of which may be shorter.
pub(crate) fn pages(geometry: Geometry) -> u64 {
    geometry.len.0.div_ceil(page_len(geometry))
}

/// The place of `count` pages from number `first` on, cut at the end of the medium; `None` beyond it.
pub(crate) fn run_of_pages(geometry: Geometry, first: u64, count: u64) -> Option<Place> {
    let size = page_len(geometry);
    let offset = first.checked_mul(size)?;
    let left = geometry.len.0.checked_sub(offset).filter(|left| *left > 0)?;
    Some(Place { offset, len: left.min(count.saturating_mul(size)) })
}

/// The place of one page.
pub(crate) fn page(geometry: Geometry, number: u64) -> Option<Place> {
    run_of_pages(geometry, number, 1)
}

/// A number below `len`.
pub(crate) fn within(number: u128, len: u64) -> u64 {
    u64::try_from(number % u128::from(len.max(1))).unwrap_or(0)
}

/// Where stretch number `stretch` of `stretches` equal ones begins, in pages.
pub(crate) fn bound(pages: u64, stretch: u64, stretches: u64) -> u64 {
    let at = u128::from(pages) * u128::from(stretch) / u128::from(stretches.max(1));
    u64::try_from(at).unwrap_or(pages)
}

/// Number `index` of the stream's numbers, the first of which stands at byte `from`.
pub(crate) fn number(stream: &mut Keystream, from: u64, index: u64) -> Result<u128, StreamError> {
    let mut bytes = [0; Keystream::STEP];
    stream.fill(from.saturating_add(index.saturating_mul(Keystream::STEP as u64)), &mut bytes)?;
    Ok(u128::from_le_bytes(bytes))
}

/// A buffer that holds a page.
pub(crate) fn page_buffer(block: usize) -> PageBuffer {
    PageBuffer::new(PageBuffer::PAGE.max(block))
}

/// The part of a buffer that a place of at most a page needs.
pub(crate) fn slice(buffer: &mut PageBuffer, place: Place) -> Result<&mut [u8], FailureReason> {
    let too_long = || FailureReason::Internal("a place is longer than its buffer".to_owned());
    let len = usize::try_from(place.len).map_err(|_| too_long())?;
    buffer.bytes_mut().get_mut(..len).ok_or_else(too_long)
}

/// The bytes of a place of at most a page, `None` if it cannot be read.
pub(crate) fn read<'a>(
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

/// What the stream has for a place of at most a page.
pub(crate) fn content<'a>(
    stream: &mut Keystream,
    place: Place,
    buffer: &'a mut PageBuffer,
) -> Result<&'a mut [u8], FailureReason> {
    let bytes = slice(buffer, place)?;
    stream.fill(place.offset, bytes).map_err(|error| FailureReason::Internal(error.to_string()))?;
    Ok(bytes)
}
