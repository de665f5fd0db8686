//! Memory that direct I/O accepts.

use bytemuck::{Pod, Zeroable};

/// One page. Direct I/O wants buffers aligned to the drive's block, which is never more than this.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(4096))]
struct Page([u8; 4096]);

/// A buffer whose address and length are multiples of 4096.
pub struct PageBuffer(Box<[Page]>);

impl PageBuffer {
    /// The size and alignment of a page in bytes.
    pub const PAGE: usize = 4096;

    /// Zeroed memory of at least `len` bytes, rounded up to whole pages.
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self(vec![Page([0; Self::PAGE]); len.div_ceil(Self::PAGE)].into_boxed_slice())
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }

    /// The bytes, to be written.
    #[must_use]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_and_length_are_whole_pages() {
        for len in [1, 4096, 4097, 1 << 20] {
            let buffer = PageBuffer::new(len);
            assert!(buffer.bytes().len() >= len && buffer.bytes().len().is_multiple_of(4096));
            assert_eq!(buffer.bytes().as_ptr() as usize % 4096, 0);
        }
    }
}
