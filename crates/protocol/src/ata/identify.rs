//! IDENTIFY DEVICE data: 256 little-endian words (ACS-3 7.12.7, table 45).

use crate::bytes::le_u16;
use model::{BlockSize, DeviceText};

/// Why an IDENTIFY block was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifyError {
    /// Not 512 bytes.
    #[error("the IDENTIFY block is {0} bytes, not 512")]
    Length(usize),
    /// Nothing but zeros, as a broken bridge answers.
    #[error("the IDENTIFY block is empty")]
    Empty,
    /// The integrity word is there and the sum is wrong (word 255).
    #[error("the IDENTIFY block does not add up")]
    Integrity,
    /// Word 0 bit 15: a packet device, not a disk.
    #[error("not an ATA disk")]
    NotAta,
    /// A logical sector size that cannot be (words 117:118).
    #[error("a logical sector of {0} bytes does not make sense")]
    SectorSize(u64),
}

/// Nominal media rotation rate, word 217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// 0000h: not reported. Old disks, and what QEMU says by default.
    NotReported,
    /// 0001h: does not rotate.
    NonRotating,
    /// 0401h to FFFEh: revolutions per minute.
    Rpm(u16),
    /// A reserved value.
    Reserved(u16),
}

impl Rotation {
    /// Reads the code that ATA's word 217 and SCSI's page B1h share.
    #[must_use]
    pub fn from_rate(rate: u16) -> Self {
        match rate {
            0 => Self::NotReported,
            1 => Self::NonRotating,
            0x0401..=0xFFFE => Self::Rpm(rate),
            reserved => Self::Reserved(reserved),
        }
    }
}

/// The SECURITY feature set, word 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityState(u16);

impl SecurityState {
    /// Bit 0: supported.
    #[must_use]
    pub fn is_supported(self) -> bool {
        self.0 & 1 != 0
    }
    /// Bit 1: a user password is set.
    #[must_use]
    pub fn is_enabled(self) -> bool {
        self.0 & 1 << 1 != 0
    }
    /// Bit 2: locked.
    #[must_use]
    pub fn is_locked(self) -> bool {
        self.0 & 1 << 2 != 0
    }
    /// Bit 3: frozen until a power cycle.
    #[must_use]
    pub fn is_frozen(self) -> bool {
        self.0 & 1 << 3 != 0
    }
    /// Bit 4: too many wrong passwords.
    #[must_use]
    pub fn is_count_expired(self) -> bool {
        self.0 & 1 << 4 != 0
    }
    /// Bit 5: enhanced erase is supported.
    #[must_use]
    pub fn has_enhanced_erase(self) -> bool {
        self.0 & 1 << 5 != 0
    }
}

/// What massho reads of IDENTIFY DEVICE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identify {
    /// Words 10–19.
    pub serial: DeviceText,
    /// Words 23–26.
    pub firmware: DeviceText,
    /// Words 27–46.
    pub model: DeviceText,
    /// Words 108–111 where word 87 bit 8 says that they are valid: 16 hexadecimal digits, else empty.
    pub wwn: DeviceText,
    /// Words 100–103 with 48-bit addressing (word 83 bit 10), else words 60–61: logical sectors.
    pub sectors: u64,
    /// Words 117–118 where word 106 says so, else 512 bytes.
    pub logical_sector: BlockSize,
    /// Word 217.
    pub rotation: Rotation,
    /// Word 128.
    pub security: SecurityState,
    /// Word 0 bit 7: a removable medium.
    pub removable: bool,
    /// Rotating platters with flash before them (an SSHD): word 78 bit 9, Hybrid Information, or word 214 bit 4, an NV
    /// cache in use. Few hybrids say so.
    pub hybrid: bool,
    /// Word 59.
    sanitize: u16,
}

impl Identify {
    /// Reads an IDENTIFY DEVICE block.
    ///
    /// # Errors
    /// [`IdentifyError`], one variant per thing that can be wrong with it.
    pub fn parse(block: &[u8]) -> Result<Self, IdentifyError> {
        if block.len() != super::IDENTIFY_LEN {
            return Err(IdentifyError::Length(block.len()));
        }
        if block.iter().all(|byte| *byte == 0) {
            return Err(IdentifyError::Empty);
        }
        let word = |at: usize| le_u16(block, 2 * at).unwrap_or(0);
        // Word 255: A5h in the low byte says that the high byte makes all 512 bytes sum to zero.
        let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        if word(255).to_le_bytes()[0] == 0xA5 && sum != 0 {
            return Err(IdentifyError::Integrity);
        }
        // CompactFlash cards may say 848Ah there (CFA), which is a disk all the same.
        if word(0) & 1 << 15 != 0 && word(0) != 0x848A {
            return Err(IdentifyError::NotAta);
        }
        Ok(Self {
            serial: text(block, 10, 20),
            firmware: text(block, 23, 27),
            model: text(block, 27, 47),
            wwn: if word(87) & 0xC100 == 0x4100 { wwn(&word) } else { DeviceText::default() },
            sectors: sectors(&word),
            logical_sector: logical_sector(&word)?,
            rotation: Rotation::from_rate(word(217)),
            security: SecurityState(word(128)),
            removable: word(0) & 1 << 7 != 0 && word(0) != 0x848A,
            hybrid: is_set(word(78), 9) || is_set(word(214), 4),
            sanitize: word(59),
        })
    }

    /// Word 59 bit 12: the SANITIZE feature set.
    #[must_use]
    pub fn supports_sanitize(&self) -> bool {
        self.sanitize & 1 << 12 != 0
    }

    /// Word 59 bit 13: CRYPTO SCRAMBLE EXT.
    #[must_use]
    pub fn supports_crypto_scramble(&self) -> bool {
        self.supports_sanitize() && self.sanitize & 1 << 13 != 0
    }

    /// Word 59 bit 14: OVERWRITE EXT.
    #[must_use]
    pub fn supports_sanitize_overwrite(&self) -> bool {
        self.supports_sanitize() && self.sanitize & 1 << 14 != 0
    }

    /// Word 59 bit 15: BLOCK ERASE EXT.
    #[must_use]
    pub fn supports_block_erase(&self) -> bool {
        self.supports_sanitize() && self.sanitize & 1 << 15 != 0
    }
}

/// A bit of a word that is there: neither 0000h nor FFFFh.
fn is_set(word: u16, bit: u16) -> bool {
    word != u16::MAX && word >> bit & 1 != 0
}

/// ATA strings have the first character in the high byte of each word (ACS-3 3.3.9).
fn text(block: &[u8], from: usize, to: usize) -> DeviceText {
    let swapped: Vec<u8> = block
        .get(2 * from..2 * to)
        .unwrap_or_default()
        .chunks_exact(2)
        .flat_map(|pair| pair.iter().rev().copied())
        .collect();
    DeviceText::from_bytes(&swapped)
}

fn wwn(word: &impl Fn(usize) -> u16) -> DeviceText {
    let digits: String = (108..112).map(|at| format!("{:04x}", word(at))).collect();
    digits.as_str().into()
}

fn sectors(word: &impl Fn(usize) -> u16) -> u64 {
    let number = |words: std::ops::Range<usize>| {
        words.rev().fold(0u64, |number, at| number << 16 | u64::from(word(at)))
    };
    // Word 83 bits 15:14 are 01b where the word is valid.
    let lba48 = if word(83) & 0xC400 == 0x4400 { number(100..104) } else { 0 };
    if lba48 > 0 { lba48 } else { number(60..62) }
}

fn logical_sector(word: &impl Fn(usize) -> u16) -> Result<BlockSize, IdentifyError> {
    // Word 106: bits 15:14 = 01b valid, bit 12 = logical sectors longer than 256 words.
    if word(106) & 0xD000 != 0x5000 {
        return Ok(BlockSize::B512);
    }
    let bytes = 2 * (u64::from(word(118)) << 16 | u64::from(word(117)));
    u32::try_from(bytes)
        .ok()
        .and_then(|bytes| BlockSize::new(bytes).ok())
        .ok_or(IdentifyError::SectorSize(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(words: &[(usize, u16)]) -> Vec<u8> {
        let mut block = vec![0; 512];
        for (at, word) in words {
            block[2 * at..2 * at + 2].copy_from_slice(&word.to_le_bytes());
        }
        block
    }

    #[test]
    fn strings_are_swapped_within_words() {
        let identify = Identify::parse(&block(&[(10, 0x5344), (27, 0x4142), (28, 0x2020)])).unwrap();
        assert_eq!((identify.serial.as_str(), identify.model.as_str()), ("SD", "AB"));
    }

    #[test]
    fn a_block_that_does_not_add_up_is_refused() {
        assert_eq!(Identify::parse(&block(&[(27, 0x4142), (255, 0x00A5)])), Err(IdentifyError::Integrity));
    }

    #[test]
    fn empty_short_and_packet_devices_are_refused() {
        assert_eq!(Identify::parse(&[0; 512]), Err(IdentifyError::Empty));
        assert_eq!(Identify::parse(&[1; 511]), Err(IdentifyError::Length(511)));
        assert_eq!(Identify::parse(&block(&[(0, 0x85C0)])), Err(IdentifyError::NotAta));
    }

    #[test]
    fn sanitize_bits_count_only_with_the_feature_set() {
        let with = Identify::parse(&block(&[(59, 0xF000)])).unwrap();
        assert!(
            with.supports_block_erase()
                && with.supports_crypto_scramble()
                && with.supports_sanitize_overwrite()
        );
        let without = Identify::parse(&block(&[(59, 0xE000)])).unwrap();
        assert!(!without.supports_block_erase() && !without.supports_crypto_scramble());
    }

    #[test]
    fn long_sectors_are_read_from_words_117_and_118() {
        let long = Identify::parse(&block(&[(106, 0x5000), (117, 2048), (118, 0)])).unwrap();
        assert_eq!(long.logical_sector.bytes(), 4096);
        let odd = Identify::parse(&block(&[(106, 0x5000), (117, 260), (118, 0)]));
        assert_eq!(odd, Err(IdentifyError::SectorSize(520)));
    }

    #[test]
    fn capacity_is_48_bit_only_where_word_83_says_so() {
        let words = [(60, 1), (100, 2), (103, 1)];
        assert_eq!(Identify::parse(&block(&words)).unwrap().sectors, 1);
        let lba48 = [&words[..], &[(83, 0x4400)]].concat();
        assert_eq!(Identify::parse(&block(&lba48)).unwrap().sectors, (1 << 48) + 2);
    }

    #[test]
    fn a_hybrid_disk_says_so_in_either_of_two_words() {
        let hybrid = |at, word| Identify::parse(&block(&[(10, 0x4141), (at, word)])).unwrap().hybrid;
        assert!(hybrid(78, 0x0200) && hybrid(214, 0x0010));
        assert!(!hybrid(78, 0x016C) && !hybrid(214, 0x0001) && !hybrid(78, 0xFFFF));
    }

    #[test]
    fn rotation_rate_zero_is_not_reported() {
        let rate = |word| Identify::parse(&block(&[(10, 0x4141), (217, word)])).unwrap().rotation;
        assert_eq!(rate(0), Rotation::NotReported);
        assert_eq!(rate(1), Rotation::NonRotating);
        assert_eq!(rate(7200), Rotation::Rpm(7200));
        assert_eq!(rate(2), Rotation::Reserved(2));
        assert_eq!(rate(0xFFFF), Rotation::Reserved(0xFFFF));
    }

    proptest! {
        #[test]
        fn any_block_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = Identify::parse(&bytes);
        }
    }
}
