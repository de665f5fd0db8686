//! IDENTIFY DEVICE data: 256 little-endian words (ACS-3 7.12.7, table 45).

use crate::bytes::le_u16;
use crate::flags::flags;
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

flags! {
    /// The SECURITY feature set, word 128.
    SecurityState: u16 {
        /// Bit 0: supported.
        is_supported = 0;
        /// Bit 1: a user password is set.
        is_enabled = 1;
        /// Bit 2: locked.
        is_locked = 2;
        /// Bit 3: frozen until a power cycle.
        is_frozen = 3;
        /// Bit 4: too many wrong passwords.
        is_count_expired = 4;
        /// Bit 5: enhanced erase is supported.
        has_enhanced_erase = 5;
        /// Bit 8: the level is maximum: the master password can erase, and not unlock.
        is_level_maximum = 8;
    }
}

/// How long SECURITY ERASE UNIT takes, words 89 and 90.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseTime {
    /// 0: not reported.
    NotReported,
    /// So many minutes.
    Minutes(u32),
    /// The greatest value of the field: more minutes than that.
    MoreThan(u32),
}

impl EraseTime {
    /// Bit 15 tells the two formats apart: set, the time is in bits 14:0, else in 7:0; in units of two minutes.
    #[must_use]
    pub fn from_word(word: u16) -> Self {
        let (time, greatest) = match word & 1 << 15 {
            0 => (word & 0x00FF, 0x00FF),
            _ => (word & 0x7FFF, 0x7FFF),
        };
        match time {
            0 => Self::NotReported,
            // ACS-3 table 45: "greater than 508 minutes", "greater than 65532 minutes".
            time if time == greatest => Self::MoreThan(2 * (u32::from(greatest) - 1)),
            time => Self::Minutes(2 * u32::from(time)),
        }
    }
}

/// What the drive says of features that hide parts of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenAreaSupport {
    /// Word 82 bit 10: the HPA feature set.
    pub hpa: bool,
    /// Word 83 bit 11: the DCO feature set.
    pub dco: bool,
    /// Word 119 bit 8: the AMAX Configuration feature set.
    pub amax: bool,
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
    /// Word 89: the time of a normal SECURITY ERASE UNIT.
    pub normal_erase: EraseTime,
    /// Word 90: the time of an enhanced one.
    pub enhanced_erase: EraseTime,
    /// Word 92: master password identifier; 0000h and FFFFh where there is none.
    pub master_identifier: u16,
    /// What could hide parts of the drive.
    pub hidden: HiddenAreaSupport,
    /// Word 83 bit 10: 48-bit addressing.
    pub lba48: bool,
    /// Word 84 bit 5: the General Purpose Logging feature set, and with it READ LOG EXT.
    pub logs: bool,
    /// Word 69 bit 4: all user data are encrypted.
    pub encrypts_all_user_data: bool,
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
            normal_erase: EraseTime::from_word(word(89)),
            enhanced_erase: EraseTime::from_word(word(90)),
            master_identifier: word(92),
            hidden: hidden_areas(&word),
            lba48: word(83) & 0xC400 == 0x4400,
            logs: word(84) & 0xC020 == 0x4020,
            encrypts_all_user_data: is_set(word(69), 4),
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

    /// Word 59 bit 10: SANITIZE ANTIFREEZE LOCK EXT.
    #[must_use]
    pub fn supports_antifreeze_lock(&self) -> bool {
        self.supports_sanitize() && self.sanitize & 1 << 10 != 0
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

/// Words 82, 83 and 119, which count only where the drive says that they are valid: word 82 neither 0000h nor FFFFh,
/// words 83 and 119 with 01b in bits 15:14.
fn hidden_areas(word: &impl Fn(usize) -> u16) -> HiddenAreaSupport {
    HiddenAreaSupport {
        hpa: is_set(word(82), 10),
        dco: word(83) & 0xC800 == 0x4800,
        amax: word(119) & 0xC100 == 0x4100,
    }
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
#[path = "identify_tests.rs"]
mod tests;
