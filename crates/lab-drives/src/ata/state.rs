//! What an ATA drive remembers: across power cycles, and until the next one.

use super::definition::{Definition, IdleStatus, Level, Supported};
use super::taskfile::{Refusal, Registers, Reply};
use crate::work::Work;
use serde::{Deserialize, Serialize};

/// Bytes of a password (ACS-3 clause 7.45).
pub(super) const PASSWORD: usize = 32;
/// Unlock attempts until the count expires (ACS-3 clause 4.18.9).
pub(super) const ATTEMPTS: u8 = 5;
/// The master password identifier that says "not changed since it left the factory" (ACS-3 clause 4.18.10).
const FACTORY_MASTER: u16 = 0xfffe;

/// A password as the drive keeps it.
pub(super) type Password = [u8; PASSWORD];

/// What survives a power cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// Sectors below the accessible maximum (HPA or AMAX).
    pub(super) accessible: u64,
    /// Sectors that the Device Configuration Overlay leaves.
    pub(super) native: u64,
    /// Feature sets that the overlay leaves (DCO word 7).
    pub(super) features: u16,
    pub(super) security: KeptSecurity,
    pub(super) sanitize: KeptSanitize,
}

/// SECURITY: the passwords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptSecurity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<Password>,
    pub(super) master: Password,
    pub(super) master_identifier: u16,
    pub(super) level: Level,
}

/// SANITIZE DEVICE: the states that a power cycle does not end (ACS-3 clause 4.17.7, SD2 and SD3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KeptSanitize {
    /// SD0, SD1 or SD4.
    Idle,
    /// SD2.
    Running { work: Work, may_exit_failure: Supported },
    /// SD3.
    Failed { may_exit_failure: Supported },
}

impl Kept {
    /// As it left the factory, or its former owner.
    pub(super) fn new(definition: &Definition) -> Self {
        let native = definition.blocks() - definition.hidden.dco_blocks;
        let security = &definition.security;
        Self {
            accessible: native - definition.hidden.blocks,
            native,
            features: super::capacity::ALL_FEATURES,
            security: KeptSecurity {
                user: security.password.as_deref().map(padded),
                master: padded(&security.master_password),
                master_identifier: FACTORY_MASTER,
                level: security.level,
            },
            sanitize: KeptSanitize::Idle,
        }
    }
}

/// What ends with the power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Live {
    /// Sectors below the accessible maximum now.
    pub(super) accessible: u64,
    pub(super) max_changed: Changed,
    pub(super) hpa_frozen: bool,
    pub(super) amax_frozen: bool,
    pub(super) dco_frozen: bool,
    pub(super) locked: bool,
    pub(super) security_frozen: bool,
    pub(super) attempts: u8,
    pub(super) sanitize_frozen: bool,
    pub(super) antifreeze: bool,
    pub(super) last_sanitize: IdleStatus,
    pub(super) previous: Previous,
    pub(super) erasing: Option<Erasing>,
    pub(super) finished: Option<Result<Reply, Refusal>>,
    pub(super) write_cache: bool,
    pub(super) look_ahead: bool,
    pub(super) standby: bool,
    pub(super) registers: Registers,
    /// Gone until power comes on again.
    pub(super) gone: bool,
    /// The PC slept since power came on with its firmware.
    pub(super) slept: bool,
    pub(super) descriptor_sense: bool,
}

/// Whether the accessible maximum was changed permanently since power-on: once is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    No,
    Permanently,
}

/// The command just before, where another must follow it at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Previous {
    Other,
    ErasePrepare,
    ReadNativeMax,
    ReadNativeMaxExt,
}

/// A SECURITY ERASE UNIT under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Erasing {
    pub(super) work: Work,
    pub(super) listener: Listener,
}

/// Whether the host waits for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listener {
    Waiting,
    Nobody,
}

impl Live {
    /// Power has come on.
    pub(super) fn power_on(kept: &Kept) -> Self {
        Self {
            accessible: kept.accessible,
            max_changed: Changed::No,
            hpa_frozen: false,
            amax_frozen: false,
            dco_frozen: false,
            locked: kept.security.user.is_some(),
            security_frozen: false,
            attempts: ATTEMPTS,
            sanitize_frozen: false,
            antifreeze: false,
            last_sanitize: IdleStatus::Nothing,
            previous: Previous::Other,
            erasing: None,
            finished: None,
            write_cache: true,
            look_ahead: true,
            standby: false,
            registers: Registers::default(),
            gone: false,
            slept: false,
            descriptor_sense: false,
        }
    }
}

/// A password padded with zeros.
pub(super) fn padded(password: &str) -> Password {
    let mut bytes = [0; PASSWORD];
    crate::bytes::put(&mut bytes, 0, password.as_bytes());
    bytes
}
