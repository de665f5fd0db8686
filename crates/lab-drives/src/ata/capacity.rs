//! What a drive hides and how it is brought to light: HPA and DCO (ACS-2), AMAX (ACS-3 clause 4.6).

use super::AtaDrive;
use super::definition::{Limit, Supported};
use super::state::{Changed, Previous};
use super::taskfile::{Refusal, Reply, Taskfile};
use crate::bytes::{le, put_le};

/// FEATURE of DEVICE CONFIGURATION: RESTORE.
const DCO_RESTORE: u16 = 0xc0;
/// FEATURE of DEVICE CONFIGURATION: FREEZE LOCK.
const DCO_FREEZE: u16 = 0xc1;
/// FEATURE of DEVICE CONFIGURATION: IDENTIFY.
pub(super) const DCO_IDENTIFY: u16 = 0xc2;
/// FEATURE of DEVICE CONFIGURATION: SET.
pub(super) const DCO_SET: u16 = 0xc3;

/// Word 0 of the overlay: data structure revision.
const DCO_REVISION: u64 = 0x0002;
/// Words 3 to 6: the maximum address; word 7: feature sets.
const DCO_MAX_AT: usize = 6;
const DCO_FEATURES_AT: usize = 14;
/// Byte 510: the integrity word's signature.
const DCO_SIGNATURE: u8 = 0xa5;

/// DCO word 7: SMART.
pub(super) const FEATURE_SMART: u16 = 1;
/// DCO word 7: SECURITY.
pub(super) const FEATURE_SECURITY: u16 = 1 << 3;
/// DCO word 7: HPA.
pub(super) const FEATURE_HPA: u16 = 1 << 7;
/// DCO word 7: 48-bit addresses.
pub(super) const FEATURE_48_BIT: u16 = 1 << 8;
/// All feature sets that the overlay could take away.
pub(super) const ALL_FEATURES: u16 = FEATURE_SMART | FEATURE_SECURITY | FEATURE_HPA | FEATURE_48_BIT;

/// COUNT of SET MAX ADDRESS: V V, the change is permanent.
const PERMANENT: u16 = 1;
/// FEATURE of SET MAX ADDRESS without READ NATIVE MAX ADDRESS before it: SET MAX FREEZE LOCK.
const SET_MAX_FREEZE: u16 = 4;

/// FEATURE of ACCESSIBLE MAX ADDRESS CONFIGURATION: GET NATIVE MAX ADDRESS EXT.
const AMAX_GET_NATIVE: u16 = 0;
/// FEATURE: SET ACCESSIBLE MAX ADDRESS EXT.
const AMAX_SET: u16 = 1;
/// FEATURE: FREEZE ACCESSIBLE MAX ADDRESS EXT.
const AMAX_FREEZE: u16 = 2;

impl AtaDrive {
    pub(super) fn has_hpa(&self) -> bool {
        self.definition.hidden.by == Limit::Hpa && self.kept.features & FEATURE_HPA != 0
    }

    pub(super) fn has_amax(&self) -> bool {
        self.definition.hidden.by == Limit::Amax
    }

    /// F8h and 27h: the last address that SET MAX could make accessible.
    pub(super) fn read_native_max(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        let max = self.kept.native - 1;
        let extended = super::opcode::is_extended(command.command);
        self.live.previous = if extended { Previous::ReadNativeMaxExt } else { Previous::ReadNativeMax };
        if extended {
            return Ok(Reply::registers(0, max));
        }
        let max = max.min(0x0fff_ffff);
        let mut reply = Reply::registers(0, max & 0x00ff_ffff);
        reply.registers.device |= crate::bytes::low(max >> 24);
        Ok(reply)
    }

    /// F9h and 37h. Obeyed only right after the READ NATIVE MAX ADDRESS of the same width.
    pub(super) fn set_max(&mut self, previous: Previous, command: &Taskfile) -> Result<Reply, Refusal> {
        let extended = super::opcode::is_extended(command.command);
        let expected = if extended { Previous::ReadNativeMaxExt } else { Previous::ReadNativeMax };
        if previous != expected {
            let freeze = !extended && command.feature & 0xff == SET_MAX_FREEZE;
            self.live.hpa_frozen |= freeze;
            return if freeze { Ok(Reply::default()) } else { Err(Refusal::Abort) };
        }
        let blocks = command.address() + 1;
        let permanent = command.count & PERMANENT != 0;
        if self.live.hpa_frozen {
            return Err(Refusal::Abort);
        }
        if blocks > self.kept.native || permanent && self.live.max_changed == Changed::Permanently {
            return Err(Refusal::NotFound);
        }
        self.live.accessible = blocks;
        if permanent {
            self.live.max_changed = Changed::Permanently;
            self.kept.accessible = blocks;
        }
        self.keep()
    }

    pub(super) fn accessible_max(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        match command.feature {
            AMAX_GET_NATIVE => Ok(Reply::registers(0, self.kept.native - 1)),
            AMAX_FREEZE => {
                self.live.amax_frozen = true;
                Ok(Reply::default())
            }
            AMAX_SET if self.live.amax_frozen || self.live.max_changed == Changed::Permanently => {
                Err(Refusal::Abort)
            }
            AMAX_SET if command.address() >= self.kept.native => Err(Refusal::NotFound),
            AMAX_SET => {
                let blocks = command.address() + 1;
                (self.live.accessible, self.kept.accessible) = (blocks, blocks);
                self.live.max_changed = Changed::Permanently;
                self.keep()
            }
            _ => Err(Refusal::Abort),
        }
    }

    pub(super) fn device_configuration(&mut self, command: &Taskfile, data: &[u8]) -> Result<Reply, Refusal> {
        if self.live.dco_frozen {
            return Err(Refusal::Abort);
        }
        match command.feature & 0xff {
            DCO_IDENTIFY => Ok(Reply::data(self.dco_identify())),
            DCO_FREEZE => {
                self.live.dco_frozen = true;
                Ok(Reply::default())
            }
            DCO_RESTORE => self.dco_restore(),
            DCO_SET => self.dco_set(data),
            _ => Err(Refusal::Abort),
        }
    }

    /// What the drive could be configured to at most: never what it is configured to now.
    fn dco_identify(&self) -> Vec<u8> {
        let mut data = vec![0; 512];
        put_le(&mut data, 0, 2, DCO_REVISION);
        // Words 1 and 2: Multiword DMA modes 0 to 2, Ultra DMA modes 0 to 6.
        put_le(&mut data, 2, 2, 0x0007);
        put_le(&mut data, 4, 2, 0x007f);
        put_le(&mut data, DCO_MAX_AT, 8, self.definition.blocks() - 1);
        put_le(&mut data, DCO_FEATURES_AT, 2, u64::from(self.dco_features()));
        put_le(&mut data, 510, 1, u64::from(DCO_SIGNATURE));
        let sum = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        put_le(&mut data, 511, 1, u64::from(sum.wrapping_neg()));
        data
    }

    fn dco_features(&self) -> u16 {
        let mut features = ALL_FEATURES;
        if self.definition.security.supported == Supported::No {
            features &= !FEATURE_SECURITY;
        }
        if self.definition.hidden.by != Limit::Hpa {
            features &= !FEATURE_HPA;
        }
        if self.definition.generation == super::definition::Generation::Old {
            features &= !FEATURE_48_BIT;
        }
        features
    }

    /// Back to the factory's configuration, unless an HPA exists.
    fn dco_restore(&mut self) -> Result<Reply, Refusal> {
        if self.kept.accessible < self.kept.native || self.live.accessible < self.kept.native {
            return Err(Refusal::Abort);
        }
        self.configure(self.definition.blocks(), ALL_FEATURES)
    }

    fn dco_set(&mut self, data: &[u8]) -> Result<Reply, Refusal> {
        let data = data.get(..512).ok_or(Refusal::Abort)?;
        let sum = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        let blocks = le(data, DCO_MAX_AT, 8).saturating_add(1);
        let hidden = self.live.accessible < self.kept.native;
        let configured = self.kept.native < self.definition.blocks();
        let valid = le(data, 510, 1) == u64::from(DCO_SIGNATURE) && sum == 0;
        if hidden || configured || !valid || blocks > self.definition.blocks() {
            return Err(Refusal::Abort);
        }
        let features = crate::bytes::low16(le(data, DCO_FEATURES_AT, 2));
        self.configure(blocks, features & ALL_FEATURES)
    }

    fn configure(&mut self, blocks: u64, features: u16) -> Result<Reply, Refusal> {
        self.kept.native = blocks;
        self.kept.accessible = blocks;
        self.kept.features = features;
        self.live.accessible = blocks;
        self.keep()
    }
}
