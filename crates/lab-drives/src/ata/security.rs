//! SECURITY feature set (ACS-3 clauses 4.18 and 7.41 to 7.46): states SEC0 to SEC6.

use super::AtaDrive;
use super::definition::{EnhancedErase, Level, NormalErase, Supported};
use super::state::{ATTEMPTS, Erasing, Kept, KeptSecurity, Listener, PASSWORD, Password, Previous};
use super::taskfile::{Outcome, Refusal, Reply};
use crate::bytes::le;
use crate::medium::{Encryption, Erase, Extent, Kind, Technique};
use crate::work::Work;
use crate::{Fault, medium::WHOLE};
use std::time::Duration;

/// Word 0 bit 0 of a security data block: the master password.
const MASTER: u64 = 1;
/// Word 0 bit 1 of ERASE UNIT's: enhanced.
const ENHANCED: u64 = 1 << 1;
/// Word 0 bit 8 of SET PASSWORD's: master password capability maximum.
const MAXIMUM: u64 = 1 << 8;
/// Byte offset of the password.
const PASSWORD_AT: usize = 2;
/// Byte offset of the master password identifier (word 17).
const IDENTIFIER_AT: usize = 34;
/// Master password identifiers that mean "no identifier" and leave the old one.
const NO_IDENTIFIER: [u64; 2] = [0, 0xffff];
/// What an enhanced erase by overwriting leaves: a vendor's pattern, not zeros.
const VENDOR_PATTERN: [u8; 4] = [0xe5; 4];
/// Bytes of a security data block.
const BLOCK: usize = 512;

/// A security data block.
struct Block {
    control: u64,
    password: Password,
    identifier: u64,
}

impl Block {
    fn decode(data: &[u8]) -> Result<Self, Refusal> {
        let data = data.get(..BLOCK).ok_or(Refusal::Abort)?;
        let mut password = [0; PASSWORD];
        crate::bytes::put(&mut password, 0, data.get(PASSWORD_AT..).unwrap_or_default());
        Ok(Self { control: le(data, 0, 2), password, identifier: le(data, IDENTIFIER_AT, 2) })
    }

    fn is_master(&self) -> bool {
        self.control & MASTER != 0
    }
}

impl KeptSecurity {
    /// Whether the block's password is the one that it says it is.
    fn matches(&self, block: &Block) -> bool {
        if block.is_master() { block.password == self.master } else { self.user == Some(block.password) }
    }
}

impl AtaDrive {
    /// SEC2 or SEC6.
    fn thawed(&self) -> Result<(), Refusal> {
        if self.live.security_frozen { Err(Refusal::Abort) } else { Ok(()) }
    }

    pub(super) fn security_set_password(&mut self, data: &[u8]) -> Result<Reply, Refusal> {
        self.thawed()?;
        let block = Block::decode(data)?;
        let security = &mut self.kept.security;
        if block.is_master() {
            security.master = block.password;
            if !NO_IDENTIFIER.contains(&block.identifier) {
                security.master_identifier = crate::bytes::low16(block.identifier);
            }
        } else {
            security.user = Some(block.password);
            security.level = if block.control & MAXIMUM == 0 { Level::High } else { Level::Maximum };
        }
        self.keep()
    }

    pub(super) fn security_unlock(&mut self, data: &[u8]) -> Result<Reply, Refusal> {
        self.thawed()?;
        let block = Block::decode(data)?;
        let security = &self.kept.security;
        if self.live.attempts == 0 {
            return Err(Refusal::Abort);
        }
        let allowed = !block.is_master() || security.level == Level::High;
        if security.user.is_some() && !(allowed && security.matches(&block)) {
            // Only failures while locked are counted (SEC4).
            self.live.attempts -= u8::from(self.live.locked);
            return Err(Refusal::Abort);
        }
        self.live.locked = false;
        self.live.attempts = ATTEMPTS;
        Ok(Reply::default())
    }

    pub(super) fn security_erase_prepare(&mut self) -> Result<Reply, Refusal> {
        self.thawed()?;
        self.live.previous = Previous::ErasePrepare;
        Ok(Reply::default())
    }

    pub(super) fn security_freeze_lock(&mut self) -> Result<Reply, Refusal> {
        self.live.security_frozen = true;
        Ok(Reply::default())
    }

    pub(super) fn security_disable_password(&mut self, data: &[u8]) -> Result<Reply, Refusal> {
        self.thawed()?;
        let block = Block::decode(data)?;
        let security = &mut self.kept.security;
        let allowed = !block.is_master() || security.level == Level::High;
        if security.user.is_some() && !(allowed && security.matches(&block)) {
            return Err(Refusal::Abort);
        }
        security.user = None;
        self.keep()
    }

    pub(super) fn security_erase_unit(&mut self, previous: Previous, data: &[u8]) -> Outcome {
        let erase = match self.erase_asked_for(previous, data) {
            Ok(erase) => erase,
            Err(refusal) => return Outcome::Done(Err(refusal)),
        };
        if self.faults.has(&Fault::FallsSilent) {
            return Outcome::Silent;
        }
        let takes = self.time_of(&erase.technique);
        let work = Work::begin(erase, takes, self.clock.now(), &self.faults);
        let silent = self.faults.has(&Fault::TimesOut);
        let listener = if silent { Listener::Nobody } else { Listener::Waiting };
        self.live.erasing = Some(Erasing { work, listener });
        if silent { Outcome::Silent } else { Outcome::Working }
    }

    fn erase_asked_for(&self, previous: Previous, data: &[u8]) -> Result<Erase, Refusal> {
        self.thawed()?;
        let block = Block::decode(data)?;
        let enhanced = block.control & ENHANCED != 0;
        let refused = previous != Previous::ErasePrepare
            || self.live.attempts == 0
            || self.erases_refused()
            || enhanced && !self.definition.security.enhanced.is_yes()
            || !self.kept.security.matches(&block);
        if refused {
            return Err(Refusal::Abort);
        }
        Ok(if enhanced { self.enhanced_erase() } else { self.normal_erase() })
    }

    /// Reaches what the host can address, and no more unless the drive is kinder than the standard.
    fn normal_erase(&self) -> Erase {
        let extent = Extent::Blocks { from: 0, count: self.live.accessible };
        let zeros = Technique::Overwrite { passes: vec![[0; 4]] };
        match self.definition.security.normal_erase {
            NormalErase::Overwrite => Erase::whole(zeros, extent),
            NormalErase::EraseMapped => Erase::whole(Technique::BlockErase, extent),
            NormalErase::EraseAll => Erase::whole(Technique::BlockErase, Extent::Everything),
        }
    }

    fn enhanced_erase(&self) -> Erase {
        let definition = &self.definition;
        let technique = match definition.security.enhanced_erase {
            EnhancedErase::Crypto => self.change_key(),
            EnhancedErase::Usual if definition.encryption == Encryption::SelfEncrypting => self.change_key(),
            EnhancedErase::BlockErase => Technique::BlockErase,
            EnhancedErase::Usual if definition.medium == Kind::Flash => Technique::BlockErase,
            EnhancedErase::Usual | EnhancedErase::Overwrite => {
                Technique::Overwrite { passes: vec![VENDOR_PATTERN] }
            }
        };
        Erase::whole(technique, Extent::Everything)
    }

    /// Flash also forgets its map, so that reads give a constant; a disk has nothing to forget.
    pub(super) fn change_key(&self) -> Technique {
        let noise = self.faults.has(&Fault::NoiseAfterCryptoErase) || self.definition.medium == Kind::Disk;
        if noise { Technique::ChangeKey } else { Technique::ChangeKeyAndUnmap }
    }

    pub(super) fn time_of(&self, technique: &Technique) -> Duration {
        Duration::from_secs(match technique {
            Technique::ChangeKey | Technique::ChangeKeyAndUnmap => self.definition.crypto_seconds,
            Technique::BlockErase | Technique::Overwrite { .. } | Technique::Unmap => {
                self.definition.erase_seconds
            }
        })
    }

    /// Faults that refuse every erase.
    pub(super) fn erases_refused(&self) -> bool {
        self.faults.iter().any(|fault| match fault {
            Fault::CommandAborted => true,
            Fault::RejectedUntilSleep { .. } => !self.live.slept,
            _ => false,
        })
    }

    /// Carries a SECURITY ERASE UNIT on; its end is for the host if that still waits.
    pub(super) fn catch_up_security(&mut self) {
        let Some(erasing) = &mut self.live.erasing else { return };
        let advanced = erasing.work.advance(&mut self.medium, self.clock.now());
        let reached = advanced.as_ref().copied().unwrap_or(WHOLE);
        let result = match advanced {
            Err(error) => Err(error.into()),
            Ok(_) if self.faults.disappears_at().is_some_and(|share| reached >= share) => {
                self.live.gone = true;
                return;
            }
            Ok(_) if !erasing.work.is_over(&self.faults) => return,
            Ok(_) if self.faults.has(&Fault::EraseFails) => Err(Refusal::Abort),
            Ok(_) => erased(&mut self.kept),
        };
        let listener = erasing.listener;
        self.live.erasing = None;
        self.live.locked = self.kept.security.user.is_some();
        let result = result.and_then(|()| self.keep());
        self.live.finished = (listener == Listener::Waiting).then_some(result);
    }

    /// IDENTIFY word 128 and log 30h page 06h (ACS-3 clause 7.12.7.62).
    pub(super) fn security_status(&self) -> u16 {
        let (security, live) = (&self.kept.security, &self.live);
        if !self.definition.security.supported.is_yes() {
            return 0;
        }
        let bits = [
            (0, true),
            (1, security.user.is_some()),
            (2, live.locked),
            (3, live.security_frozen),
            (4, live.attempts == 0),
            (5, self.definition.security.enhanced == Supported::Yes),
            (8, security.user.is_some() && security.level == Level::Maximum),
        ];
        bits.into_iter().fold(0, |word, (bit, is)| word | u16::from(is) << bit)
    }
}

/// A successful erase takes the user password with it.
fn erased(kept: &mut Kept) -> Result<(), Refusal> {
    kept.security.user = None;
    kept.security.level = Level::High;
    Ok(())
}
