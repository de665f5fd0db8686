//! The random streams that overwrite a drive: seekable, so that verification makes any block again.
//!
//! AES-256 in counter mode where the CPU has AES instructions; elsewhere ChaCha20, which is fast on plain SSE2 and,
//! like AES, on CRYPTREC's list. Fewer rounds would be faster and safe enough here, but 20 are what RFC 8439 specifies
//! and gives vectors for, and several lanes generate at once where one core is not enough.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes256, Block};
use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use zeroize::Zeroizing;

/// Which cipher makes the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generator {
    /// AES-256-CTR (FIPS 197, NIST SP 800-38A).
    AesCtr,
    /// ChaCha20 (RFC 8439) with a 64-bit block counter, which a large drive needs.
    ChaCha20,
}

impl Generator {
    /// The one that is fast on this CPU.
    #[must_use]
    pub fn for_this_cpu() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("aes") {
            return Self::AesCtr;
        }
        Self::ChaCha20
    }

    /// Its name as records print it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AesCtr => "AES-256-CTR",
            Self::ChaCha20 => "ChaCha20",
        }
    }
}

/// Why there is no stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StreamError {
    /// The operating system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    NoEntropy(String),
    /// The random bytes are all the same: the source is broken.
    #[error("the system's random bytes are all the same")]
    ConstantKey,
    /// A place or a length between two steps.
    #[error("byte {0} is no multiple of {step}, or the length is not", step = Keystream::STEP)]
    Unaligned(u64),
    /// The stream is not that long.
    #[error("the stream ends before byte {0}")]
    End(u64),
}

/// The key of one pass: 256 bits from the operating system, wiped from memory when dropped.
pub(crate) struct PassKey(Zeroizing<[u8; 32]>);

impl PassKey {
    /// A new one.
    pub(crate) fn fresh() -> Result<Self, StreamError> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut_slice()).map_err(|error| StreamError::NoEntropy(error.to_string()))?;
        if key.iter().all(|byte| Some(byte) == key.first()) {
            return Err(StreamError::ConstantKey);
        }
        Ok(Self(key))
    }

    /// A known one, for canaries and known answers.
    pub(crate) fn from_bytes(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The key in hexadecimal, for a seed that is no secret.
    pub(crate) fn to_hex(&self) -> String {
        hex::encode(*self.0)
    }
}

/// One stream, at any place. Each lane has its own.
pub(crate) enum Keystream {
    Aes(Box<AesCtr>),
    ChaCha(Box<ChaCha20Legacy>),
}

impl Keystream {
    /// Places and lengths are multiples of this: an AES block, and a part of every logical block.
    pub(crate) const STEP: usize = 16;

    /// The stream of a key, with an all-zero counter block or nonce: a key is never used for two streams.
    pub(crate) fn new(generator: Generator, key: &PassKey) -> Self {
        match generator {
            Generator::AesCtr => Self::aes(key, [0; 16]),
            Generator::ChaCha20 => Self::chacha20(key, [0; 8]),
        }
    }

    /// AES-256-CTR from an initial counter block.
    pub(crate) fn aes(key: &PassKey, counter: [u8; 16]) -> Self {
        let key: &[u8; 32] = &key.0;
        Self::Aes(Box::new(AesCtr { cipher: Aes256::new(key.into()), counter: u128::from_be_bytes(counter) }))
    }

    /// ChaCha20 with a 64-bit nonce.
    pub(crate) fn chacha20(key: &PassKey, nonce: [u8; 8]) -> Self {
        let key: &[u8; 32] = &key.0;
        Self::ChaCha(Box::new(ChaCha20Legacy::new(key.into(), (&nonce).into())))
    }

    /// Overwrites `buffer` with the stream from byte `offset` on.
    pub(crate) fn fill(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), StreamError> {
        if !offset.is_multiple_of(Self::STEP as u64) || !buffer.len().is_multiple_of(Self::STEP) {
            return Err(StreamError::Unaligned(offset));
        }
        match self {
            Self::Aes(cipher) => {
                cipher.fill(offset, buffer);
                Ok(())
            }
            Self::ChaCha(cipher) => cipher
                .try_seek(offset)
                .and_then(|()| cipher.try_write_keystream(buffer))
                .map_err(|_| StreamError::End(offset)),
        }
    }
}

/// AES-256 in counter mode, key stream only.
///
/// Counters are laid out a tile at a time and encrypted where they are. The general-purpose `ctr` crate spends more
/// time on its counters than a CPU with vector AES spends on AES.
pub(crate) struct AesCtr {
    cipher: Aes256,
    counter: u128,
}

impl AesCtr {
    /// Stays in the first-level cache between the two steps.
    const TILE: usize = 4096;

    fn fill(&self, offset: u64, buffer: &mut [u8]) {
        let mut counter = self.counter.wrapping_add(u128::from(offset / Keystream::STEP as u64));
        for tile in buffer.chunks_mut(Self::TILE) {
            let (blocks, _) = Block::slice_as_chunks_mut(tile);
            for block in blocks.iter_mut() {
                block.0 = counter.to_be_bytes();
                counter = counter.wrapping_add(1);
            }
            self.cipher.encrypt_blocks(blocks);
        }
    }
}
