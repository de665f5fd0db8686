//! Taking an ATA password away: our own, after an erase that was interrupted.

use crate::firmware::{AskError, ata_raw, identify};
use model::{DeviceText, RawStatus};
use protocol::ata::SecurityState;
use protocol::ata::security::{
    Identifier, Password, PasswordError, WithPassword, disable_password, unlock as unlock_with,
};
use std::fmt;
use std::time::Duration;
use transport::{CommandError, Commands, Data};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Whether a drive has a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// None is set.
    Open,
    /// One is set, and the drive takes reads and writes until the next power-on.
    Enabled,
    /// It is locked.
    Locked,
    /// It says nothing of passwords: the SECURITY feature set is not there, or is hidden by what lies between.
    NotTold,
}

impl Standing {
    fn of(security: SecurityState) -> Self {
        if !security.is_supported() {
            return Self::NotTold;
        }
        match (security.is_locked(), security.is_enabled()) {
            (true, _) => Self::Locked,
            (false, true) => Self::Enabled,
            (false, false) => Self::Open,
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "it has no password",
            Self::Enabled => "its password is still set",
            Self::Locked => "it is locked by its password",
            Self::NotTold => "it does not say whether it has a password",
        })
    }
}

/// Why a drive's password could not be taken away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The text is no password of ours.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Another drive answers than the one that was meant. Nothing was sent to it.
    #[error("another drive answers: {0}")]
    OtherDrive(DeviceText),
    /// The drive has no password: there is nothing to take away.
    #[error("the drive has no password")]
    NotLocked,
    /// It takes no password until the next power-on. Nothing was sent.
    #[error("the drive takes no more passwords until it is switched off and on")]
    AttemptsUsedUp,
    /// SECURITY is frozen. Nothing was sent.
    #[error("the drive's password commands are frozen")]
    Frozen,
    /// The drive refused the password; the text is its answer. It was tried once.
    #[error("the drive refused the password: {0}")]
    Refused(String),
    /// The drive took the commands and still has its password.
    #[error("the drive took the password, and {0}")]
    Still(String),
    /// There was no clear answer.
    #[error("no clear answer: {0}")]
    NoAnswer(String),
    /// The drive is not there any more.
    #[error("the drive is not there any more")]
    Gone,
}

impl From<AskError> for UnlockError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Gone => Self::Gone,
            AskError::NoAnswer(text) => Self::NoAnswer(text),
        }
    }
}

/// Takes the password of an interrupted erase of ours from a drive: SECURITY UNLOCK, then SECURITY DISABLE PASSWORD,
/// and a look whether it is gone. The data are what they were.
///
/// `serial` is the drive that the password was stored for.
///
/// # Errors
/// [`UnlockError`]: the drive has its password still, or that is not known.
pub fn unlock(
    device: &(impl Commands + ?Sized),
    serial: &DeviceText,
    password: &str,
) -> Result<Vec<RawStatus>, UnlockError> {
    let password = Password::new(password)?;
    let identify = identify(device)?;
    if identify.serial != *serial {
        return Err(UnlockError::OtherDrive(identify.serial));
    }
    if Standing::of(identify.security) == Standing::Open {
        return Err(UnlockError::NotLocked);
    }
    let mut replies = Vec::new();
    clear(device, &password, &mut replies)?;
    Ok(replies)
}

/// How the drive stands.
pub(crate) fn standing(device: &(impl Commands + ?Sized)) -> Result<Standing, AskError> {
    identify(device).map(|identify| Standing::of(identify.security))
}

/// Unlocks where it is locked, disables where a password is set, and sees that none is left.
pub(crate) fn clear(
    device: &(impl Commands + ?Sized),
    password: &Password,
    replies: &mut Vec<RawStatus>,
) -> Result<(), UnlockError> {
    let security = identify(device)?.security;
    match Standing::of(security) {
        Standing::Open => return Ok(()),
        Standing::NotTold => return Err(UnlockError::NoAnswer(Standing::NotTold.to_string())),
        _ if security.is_frozen() => return Err(UnlockError::Frozen),
        Standing::Locked if security.is_count_expired() => return Err(UnlockError::AttemptsUsedUp),
        Standing::Locked => send(device, &unlock_with(Identifier::User, password), replies)?,
        Standing::Enabled => {}
    }
    send(device, &disable_password(Identifier::User, password), replies)?;
    match standing(device)? {
        Standing::Open => Ok(()),
        standing => Err(UnlockError::Still(standing.to_string())),
    }
}

fn send(
    device: &(impl Commands + ?Sized),
    built: &WithPassword,
    replies: &mut Vec<RawStatus>,
) -> Result<(), UnlockError> {
    match device.ata(&built.command, Data::Out(&built.block), TIMEOUT) {
        Ok(reply) => {
            replies.push(ata_raw(&reply));
            if reply.is_completed() { Ok(()) } else { Err(UnlockError::Refused(reply.describe())) }
        }
        Err(CommandError::Gone) => Err(UnlockError::Gone),
        Err(error) => Err(UnlockError::NoAnswer(error.to_string())),
    }
}
