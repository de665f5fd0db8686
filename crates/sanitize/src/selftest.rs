//! Known answers: a generator that does not give the standards' own bytes overwrites nothing.

use crate::pattern::looks_broken;
use crate::stream::{Generator, Keystream, PassKey, StreamError};

/// A generator does not work on this PC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelfTestError {
    /// It does not give the published bytes.
    #[error("{0} does not give the bytes of its standard")]
    WrongAnswer(&'static str),
    /// Long and short requests give different bytes at the same place.
    #[error("{0} gives other bytes in bulk than one by one")]
    BulkDiffers(&'static str),
    /// It gives a constant where it should be random.
    #[error("{0} gives a constant")]
    Constant(&'static str),
}

/// What a generator under test does: fill a buffer with the stream from an offset on.
type Fill<'a> = &'a mut dyn FnMut(u64, &mut [u8]) -> Result<(), StreamError>;

/// A published stream: where it begins, and its bytes in hexadecimal.
struct KnownAnswer {
    offset: u64,
    bytes: &'static str,
}

/// NIST SP 800-38A F.5.5, CTR-AES256.Encrypt: the four output blocks.
const AES_ANSWER: KnownAnswer = KnownAnswer {
    offset: 0,
    bytes: "0bdf7df1591716335e9a8b15c860c5025a6e699d536119065433863c8f657b94\
            1bc12c9c01610d5d0d8bd6a3378eca622956e1c8693536b1bee99c73a31576b6",
};

/// The key of F.5.5.
const AES_KEY: [u8; 32] = [
    0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe, 0x2b, 0x73, 0xae, 0xf0, 0x85, 0x7d, 0x77, 0x81, 0x1f,
    0x35, 0x2c, 0x07, 0x3b, 0x61, 0x08, 0xd7, 0x2d, 0x98, 0x10, 0xa3, 0x09, 0x14, 0xdf, 0xf4,
];

/// The initial counter block of F.5.5.
const AES_COUNTER: [u8; 16] =
    [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

/// RFC 8439 2.4.2: the key stream of blocks 1 and 2. That nonce's first four bytes are zero, so that it is the same
/// stream with a 64-bit counter.
const CHACHA_ANSWER: KnownAnswer = KnownAnswer {
    offset: 64,
    // 112 of its 114 bytes: whole steps.
    bytes: "224f51f3401bd9e12fde276fb8631ded8c131f823d2c06e27e4fcaec9ef3cf78\
            8a3b0aa372600a92b57974cded2b9334794cba40c63e34cdea212c4cf07d41b7\
            69a6749f3f630f4122cafe28ec4dc47e26d4346d70b98c73f3e9c53ac40c5945\
            398b6eda1a832c89c167eacd901d7e2b",
};

/// The key of 2.4.2: 00 to 1f.
const CHACHA_KEY: [u8; 32] = [
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10,
    0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
];

/// The nonce of 2.4.2 without its first four bytes.
const CHACHA_NONCE: [u8; 8] = [0x00, 0x00, 0x00, 0x4a, 0x00, 0x00, 0x00, 0x00];

/// Tries one generator against its standard's vectors, and its fast paths against its slow one.
///
/// Every job does this before its first write; a program may do it earlier, to say so before anything is confirmed.
///
/// # Errors
/// [`SelfTestError`]; that generator must not be used.
pub fn self_test(generator: Generator) -> Result<(), SelfTestError> {
    let name = generator.name();
    let (mut stream, answer) = match generator {
        Generator::AesCtr => (Keystream::aes(&PassKey::from_bytes(AES_KEY), AES_COUNTER), AES_ANSWER),
        Generator::ChaCha20 => {
            (Keystream::chacha20(&PassKey::from_bytes(CHACHA_KEY), CHACHA_NONCE), CHACHA_ANSWER)
        }
    };
    check(name, &answer, &mut |offset, buffer| stream.fill(offset, buffer))
}

fn check(name: &'static str, answer: &KnownAnswer, fill: Fill<'_>) -> Result<(), SelfTestError> {
    let wrong = |_| SelfTestError::WrongAnswer(name);
    let expected = hex::decode(answer.bytes).map_err(|_| SelfTestError::WrongAnswer(name))?;
    let mut got = vec![0; expected.len()];
    fill(answer.offset, &mut got).map_err(wrong)?;
    if got != expected {
        return Err(SelfTestError::WrongAnswer(name));
    }
    let mut bulk = vec![0; 16 * 1024];
    fill(answer.offset, &mut bulk).map_err(wrong)?;
    if looks_broken(&bulk) {
        return Err(SelfTestError::Constant(name));
    }
    let mut offset = answer.offset;
    for piece in bulk.chunks(16) {
        let mut alone = [0; 16];
        fill(offset, &mut alone).map_err(wrong)?;
        if piece != alone {
            return Err(SelfTestError::BulkDiffers(name));
        }
        offset += 16;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generators_give_the_bytes_of_their_standards() {
        assert_eq!(self_test(Generator::AesCtr), Ok(()));
        assert_eq!(self_test(Generator::ChaCha20), Ok(()));
    }

    #[test]
    fn chacha20_gives_rfc_8439_appendix_a_1_vectors_1_and_2() {
        let mut stream = Keystream::new(Generator::ChaCha20, &PassKey::from_bytes([0; 32]));
        let mut bytes = [0; 128];
        stream.fill(0, &mut bytes).unwrap();
        assert_eq!(
            hex::encode(bytes),
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
             da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586\
             9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed\
             29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"
        );
    }

    #[test]
    fn a_generator_that_gives_zeros_is_refused() {
        let refused = check("zeros", &AES_ANSWER, &mut |_, buffer| {
            buffer.fill(0);
            Ok(())
        });
        assert_eq!(refused, Err(SelfTestError::WrongAnswer("zeros")));
    }

    #[test]
    fn a_generator_that_gives_zeros_after_the_vector_is_refused() {
        let mut good = Keystream::aes(&PassKey::from_bytes(AES_KEY), AES_COUNTER);
        let refused = check("short", &AES_ANSWER, &mut |offset, buffer| {
            good.fill(offset, buffer)?;
            buffer.iter_mut().skip(64).for_each(|byte| *byte = 0);
            Ok(())
        });
        assert_eq!(refused, Err(SelfTestError::Constant("short")));
    }

    #[test]
    fn a_generator_whose_bulk_path_repeats_itself_is_refused() {
        let mut good = Keystream::aes(&PassKey::from_bytes(AES_KEY), AES_COUNTER);
        let refused = check("repeats", &AES_ANSWER, &mut |offset, buffer| {
            good.fill(offset, buffer)?;
            let (first, rest) = buffer.split_at_mut(buffer.len() / 2);
            if first.len() > 64 {
                rest.copy_from_slice(first);
            }
            Ok(())
        });
        assert_eq!(refused, Err(SelfTestError::BulkDiffers("repeats")));
    }

    #[test]
    fn streams_go_on_beyond_256_gib_without_repeating() {
        for generator in [Generator::AesCtr, Generator::ChaCha20] {
            let mut stream = Keystream::new(generator, &PassKey::from_bytes(CHACHA_KEY));
            let (mut first, mut later) = ([0; 64], [0; 64]);
            stream.fill(0, &mut first).unwrap();
            for beyond in [1u64 << 36, 1 << 38, 1 << 44] {
                stream.fill(beyond, &mut later).unwrap();
                assert_ne!(first, later, "{generator:?} repeats at {beyond}");
            }
        }
    }
}
