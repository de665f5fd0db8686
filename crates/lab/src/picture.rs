//! What a PC's own screen shows, as QEMU writes it to a file.

/// A colour: red, green, blue.
pub type Colour = [u8; 3];

/// The pixels of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Picture {
    /// Reads a file of netpbm's format P6, with 255 as the largest value: what QEMU's `screendump` writes.
    #[must_use]
    pub fn from_ppm(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let magic = word(&mut rest)?;
        let [width, height, largest] = [word(&mut rest)?, word(&mut rest)?, word(&mut rest)?].map(number);
        let (width, height) = (width?, height?);
        if magic != b"P6" || largest != Some(255) {
            return None;
        }
        let (pixels, []) = rest.as_chunks::<3>() else { return None };
        (pixels.len() == width.checked_mul(height)?).then(|| Self { width, height, pixels: pixels.to_vec() })
    }

    /// Its width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Its height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Part of a line of pixels: `None` where it reaches past the picture.
    #[must_use]
    pub fn line(&self, left: usize, top: usize, width: usize) -> Option<&[Colour]> {
        let start = (left + width <= self.width).then_some(top * self.width + left)?;
        self.pixels.get(start..start + width)
    }
}

/// The next word of the header, and the one blank behind it.
fn word<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(u8::is_ascii_whitespace)?;
    let (word, behind) = rest.split_at(end);
    *rest = behind.get(1..)?;
    Some(word)
}

fn number(word: &[u8]) -> Option<usize> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read() {
        let picture = Picture::from_ppm(b"P6\n2 1\n255\n\x01\x02\x03\n\n\n").unwrap();
        assert_eq!((picture.width(), picture.height()), (2, 1));
        assert_eq!(picture.line(1, 0, 1), Some(&[[10, 10, 10]][..]));
        assert_eq!(picture.line(1, 0, 2), None);
        assert_eq!(picture.line(0, 1, 1), None);
    }

    #[test]
    fn a_torn_picture_is_none() {
        for torn in [&b"P6\n2 1\n255\n\x01\x02\x03\n\n"[..], b"P6\n2 1\n", b"P5\n1 1\n255\n...", b""] {
            assert_eq!(Picture::from_ppm(torn), None);
        }
    }
}
