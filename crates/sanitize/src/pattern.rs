//! What a buffer holds, told quickly.

/// Whether every byte of it is the same. An empty buffer is.
pub(crate) fn is_constant(bytes: &[u8]) -> bool {
    bytes.first().is_none_or(|first| is_all(bytes, *first))
}

/// Whether every byte is `value`.
pub(crate) fn is_all(bytes: &[u8], value: u8) -> bool {
    // Folded over pieces without an exit inside, so that the compiler uses the widest registers it has.
    bytes.chunks(512).all(|piece| piece.iter().fold(0, |seen, byte| seen | (byte ^ value)) == 0)
}

/// Whether some 512-byte piece of a random stream begins with 16 bytes that are all the same, which in a true stream
/// happens once in 2^120 pieces. A generator that silently wrote zeros once made a wiper report success (nwipe#322).
pub(crate) fn looks_broken(stream: &[u8]) -> bool {
    stream.chunks(512).any(|piece| is_constant(piece.get(..16).unwrap_or(piece)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_other_byte_is_seen_wherever_it_is() {
        for at in [0, 1, 511, 512, 4095] {
            let mut bytes = vec![0xFF; 4096];
            assert!(is_constant(&bytes) && is_all(&bytes, 0xFF) && !is_all(&bytes, 0));
            bytes[at] = 0xFE;
            assert!(!is_constant(&bytes) && !is_all(&bytes, 0xFF), "{at}");
        }
    }

    #[test]
    fn a_stream_with_a_hole_of_zeros_looks_broken() {
        let mut stream: Vec<u8> = (0..4096u32).map(|at| (at * 7 % 251).to_le_bytes()[0]).collect();
        assert!(!looks_broken(&stream));
        stream[1024..1536].fill(0);
        assert!(looks_broken(&stream));
    }
}
