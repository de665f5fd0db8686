//! IDENTIFY DEVICE (ACS-3 clause 7.12.7; words of older drives: ATA/ATAPI-5 clause 8.12).

use super::AtaDrive;
use super::capacity::{FEATURE_HPA, FEATURE_SECURITY};
use super::definition::Generation;
use crate::Fault;
use crate::bytes::{put, put_le};
use crate::medium::Kind;

/// Bits 15:14 of words that say so when they are valid.
const VALID: u16 = 1 << 14;
/// Words 60 and 61 hold no more than this.
const MOST_28_BIT: u64 = 0x0fff_ffff;
/// A nominal rotation rate of 1: no rotation.
const NON_ROTATING: u16 = 1;
const ROTATING: u16 = 7200;

/// The 256 words, set by their numbers.
struct Words(Vec<u8>);

impl Words {
    fn set(&mut self, word: usize, value: u16) {
        put_le(&mut self.0, word * 2, 2, u64::from(value));
    }

    fn number(&mut self, word: usize, words: usize, value: u64) {
        put_le(&mut self.0, word * 2, words * 2, value);
    }

    /// Text has its bytes swapped in each word.
    fn text(&mut self, word: usize, words: usize, text: &[u8]) {
        let mut bytes = vec![b' '; words * 2];
        put(&mut bytes, 0, text);
        bytes.chunks_mut(2).for_each(<[u8]>::reverse);
        put(&mut self.0, word * 2, &bytes);
    }
}

impl AtaDrive {
    pub(super) fn identify(&self) -> Vec<u8> {
        let mut words = Words(vec![0; 512]);
        self.identify_names(&mut words);
        self.identify_geometry(&mut words);
        self.identify_features(&mut words);
        self.identify_security(&mut words);
        if self.definition.generation == Generation::Modern {
            self.identify_modern(&mut words);
        }
        // Word 255: signature and checksum (ACS-3 clause 7.12.7.102).
        put(&mut words.0, 510, &[0xa5]);
        let sum = words.0.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        put(&mut words.0, 511, &[sum.wrapping_neg()]);
        words.0
    }

    /// The serial number as the drive gives it.
    pub(super) fn serial(&self) -> Vec<u8> {
        if self.faults.has(&Fault::SerialMissing) {
            Vec::new()
        } else if self.faults.has(&Fault::SerialHostile) {
            // Clears a terminal, turns the reading direction round, opens an element, begins a formula.
            b"\x1b[2J\xe2\x80\xae=<b>\x07\"',\xff".to_vec()
        } else {
            self.definition.serial.as_bytes().to_vec()
        }
    }

    /// The number of sectors as the drive gives it.
    pub(super) fn stated_blocks(&self) -> u64 {
        let wrong = self.faults.iter().find_map(|fault| match fault {
            Fault::WrongCapacity { blocks } => Some(*blocks),
            _ => None,
        });
        wrong.unwrap_or(self.live.accessible)
    }

    fn identify_names(&self, words: &mut Words) {
        words.set(0, 0x0040);
        words.text(10, 10, &self.serial());
        words.text(23, 4, self.definition.firmware.as_bytes());
        words.text(27, 20, self.definition.model.as_bytes());
    }

    fn identify_geometry(&self, words: &mut Words) {
        let sectors = self.stated_blocks().min(MOST_28_BIT);
        let cylinders = (sectors / (16 * 63)).min(16383);
        for (word, value) in [(1, cylinders), (3, 16), (6, 63), (54, cylinders), (55, 16), (56, 63)] {
            words.number(word, 1, value);
        }
        words.number(57, 2, cylinders * 16 * 63);
        words.number(60, 2, sectors);
        // Word 47: 16 sectors per interrupt; 49: LBA, DMA, IORDY; 53: words 64 to 70 and 88 are valid.
        for (word, value) in [(47, 0x8010), (49, 0x2f00), (50, VALID), (53, 0x0007), (63, 0x0007)] {
            words.set(word, value);
        }
        words.set(59, 0x0110 | self.sanitize_abilities());
        for (word, value) in [(64, 0x0003), (65, 120), (66, 120), (67, 120), (68, 120), (88, 0x407f)] {
            words.set(word, value);
        }
    }

    /// Words 80 to 87: standards, feature sets supported and enabled.
    fn identify_features(&self, words: &mut Words) {
        let old = self.definition.generation == Generation::Old;
        let security = self.definition.security.supported.is_yes() && self.has_feature(FEATURE_SECURITY);
        let hpa = self.has_hpa() && self.has_feature(FEATURE_HPA);
        // SMART, power management, write cache, look-ahead, NOP.
        let supported = 0x4069 | u16::from(security) << 1 | u16::from(hpa) << 10;
        let mut enabled = supported & !(1 << 1 | 1 << 5 | 1 << 6);
        enabled |= u16::from(self.kept.security.user.is_some() && security) << 1;
        enabled |= u16::from(self.live.write_cache) << 5 | u16::from(self.live.look_ahead) << 6;
        words.set(80, if old { 0x003e } else { 0x07f0 });
        words.set(82, supported);
        words.set(85, enabled);
        let dco = u16::from(self.definition.hidden.dco.is_yes()) << 11;
        // Modern: 48-bit addresses, FLUSH CACHE and FLUSH CACHE EXT.
        let second = VALID | dco | if old { 0 } else { 1 << 10 | 1 << 12 | 1 << 13 };
        words.set(83, second);
        words.set(86, second & !VALID | u16::from(!old) << 15);
        // Modern: general purpose logging, world wide name.
        let third = VALID | if old { 0 } else { 1 << 5 | 1 << 8 };
        words.set(84, third);
        words.set(87, third);
    }

    fn identify_security(&self, words: &mut Words) {
        let security = &self.definition.security;
        if security.supported.is_yes() && self.has_feature(FEATURE_SECURITY) {
            words.set(89, erase_time(security.normal_minutes));
            words.set(90, if security.enhanced.is_yes() { erase_time(security.enhanced_minutes) } else { 0 });
            words.set(92, self.kept.security.master_identifier);
            words.set(128, self.security_status());
        }
    }

    /// What came with serial ATA, 48-bit addresses and flash.
    fn identify_modern(&self, words: &mut Words) {
        let flash = self.definition.medium == Kind::Flash;
        // Word 69: TRIM is deterministic and gives zeros; 75: no queue; 76: 1.5, 3 and 6 Gb/s; 105: one TRIM block.
        words.set(69, if flash { 1 << 14 | 1 << 5 } else { 0 });
        words.set(76, 0x000e);
        words.number(100, 4, self.stated_blocks());
        words.set(105, u16::from(flash) * 8);
        words.set(169, u16::from(flash));
        self.identify_sectors(words);
        let name = self.definition.world_wide_name();
        for word in 0..4u8 {
            words.number(108 + usize::from(word), 1, name >> (48 - 16 * word) & 0xffff);
        }
        let amax = u16::from(self.has_amax()) << 8;
        words.set(119, VALID | amax);
        words.set(120, VALID | amax);
        words.set(217, if flash { NON_ROTATING } else { ROTATING });
        // Word 222: serial transport, SATA 3.1.
        words.set(222, 0x107f);
    }

    /// Words 106, 117 and 118: physical and logical sector sizes.
    fn identify_sectors(&self, words: &mut Words) {
        let (logical, physical) = (self.definition.block_size, self.definition.physical_block_size);
        let exponent = physical.checked_div(logical).unwrap_or(1).max(1).ilog2();
        let long = logical > 512;
        let several = u16::from(exponent > 0) << 13;
        words.set(106, VALID | several | u16::from(long) << 12 | u16::try_from(exponent).unwrap_or(0));
        words.number(117, 2, if long { u64::from(logical / 2) } else { 0 });
    }

    fn has_feature(&self, feature: u16) -> bool {
        self.kept.features & feature != 0
    }
}

/// Words 89 and 90: eight bits of two minutes each, or fifteen where that is not enough.
fn erase_time(minutes: u16) -> u16 {
    /// Bit 15: the time has fifteen bits.
    const EXTENDED: u16 = 1 << 15;
    let units = minutes.div_ceil(2);
    if units > 254 { EXTENDED | units } else { units }
}
