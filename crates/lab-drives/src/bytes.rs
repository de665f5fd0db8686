//! Numbers in command blocks and answers: never out of bounds, absent bytes are zeros.

/// A big-endian number of up to eight bytes.
pub(crate) fn be(bytes: &[u8], at: usize, length: usize) -> u64 {
    (at..at + length).fold(0, |value, index| value << 8 | u64::from(byte(bytes, index)))
}

/// A little-endian number of up to eight bytes.
pub(crate) fn le(bytes: &[u8], at: usize, length: usize) -> u64 {
    (at..at + length).rev().fold(0, |value, index| value << 8 | u64::from(byte(bytes, index)))
}

/// One byte.
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

/// Writes the low `length` bytes of a number, big-endian.
pub(crate) fn put_be(bytes: &mut [u8], at: usize, length: usize, value: u64) {
    let wide = value.to_be_bytes();
    put(bytes, at, wide.get(8usize.saturating_sub(length)..).unwrap_or_default());
}

/// Writes the low `length` bytes of a number, little-endian.
pub(crate) fn put_le(bytes: &mut [u8], at: usize, length: usize, value: u64) {
    let wide = value.to_le_bytes();
    put(bytes, at, wide.get(..length).unwrap_or_default());
}

/// Writes bytes, as many of them as there is room for.
pub(crate) fn put(bytes: &mut [u8], at: usize, from: &[u8]) {
    for (to, from) in bytes.iter_mut().skip(at).zip(from) {
        *to = *from;
    }
}

/// The low byte of a number.
#[allow(clippy::cast_possible_truncation, reason = "the low byte is what is asked for")]
pub(crate) const fn low(value: u64) -> u8 {
    value as u8
}

/// The low sixteen bits of a number.
#[allow(clippy::cast_possible_truncation, reason = "the low word is what is asked for")]
pub(crate) const fn low16(value: u64) -> u16 {
    value as u16
}

/// The low thirty-two bits of a number.
#[allow(clippy::cast_possible_truncation, reason = "the low double word is what is asked for")]
pub(crate) const fn low32(value: u64) -> u32 {
    value as u32
}

/// A count or offset that fits into memory, or the largest there is.
pub(crate) fn index(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_where_they_stand() {
        assert_eq!(be(&[1, 2, 3, 4], 1, 2), 0x0203);
        assert_eq!(le(&[1, 2, 3, 4], 1, 2), 0x0302);
    }

    #[test]
    fn bytes_that_are_not_there_are_zeros() {
        assert_eq!(be(&[1], 0, 4), 0x0100_0000);
        assert_eq!(le(&[1], 0, 4), 1);
    }

    #[test]
    fn numbers_are_written_where_they_stand() {
        let mut bytes = [0; 5];
        put_be(&mut bytes, 0, 3, 0x0102_0304);
        put_le(&mut bytes, 3, 4, 0x0a0b);
        assert_eq!(bytes, [2, 3, 4, 0x0b, 0x0a]);
    }
}
