//! Which definitions of an ATA drive make sense.

use super::definition::{Definition, EnhancedErase, Limit, Operation};
use crate::medium::{Encryption, Kind};

/// Why there cannot be such a drive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// A crypto erase of a medium that does not encrypt.
    #[error("a drive that does not encrypt cannot erase by changing the key")]
    CryptoWithoutEncryption,
    /// More hidden than there is.
    #[error("all sectors are hidden")]
    AllHidden,
    /// Sectors hidden by means that the drive does not have.
    #[error("sectors are hidden by means that the drive does not have")]
    HiddenByNothing,
    /// A disk has no cells to erase.
    #[error("a disk cannot erase blocks")]
    BlockEraseOfDisk,
    /// A password longer than 32 bytes.
    #[error("a password is longer than 32 bytes")]
    PasswordTooLong,
}

impl Definition {
    /// Whether there can be such a drive.
    ///
    /// # Errors
    /// [`DefinitionError`].
    pub fn check(&self) -> Result<(), DefinitionError> {
        let (security, sanitize, hidden) = (&self.security, &self.sanitize, &self.hidden);
        let crypto = security.enhanced_erase == EnhancedErase::Crypto
            || sanitize.operations.contains(&Operation::CryptoScramble);
        let block = security.enhanced_erase == EnhancedErase::BlockErase
            || sanitize.operations.contains(&Operation::BlockErase);
        let passwords = [Some(&security.master_password), security.password.as_ref()];
        if crypto && self.encryption == Encryption::Plain {
            Err(DefinitionError::CryptoWithoutEncryption)
        } else if block && self.medium == Kind::Disk {
            Err(DefinitionError::BlockEraseOfDisk)
        } else if hidden.blocks.saturating_add(hidden.dco_blocks) >= self.blocks() {
            Err(DefinitionError::AllHidden)
        } else if hidden.blocks > 0 && hidden.by == Limit::None
            || hidden.dco_blocks > 0 && !hidden.dco.is_yes()
        {
            Err(DefinitionError::HiddenByNothing)
        } else if passwords.into_iter().flatten().any(|password| password.len() > 32) {
            Err(DefinitionError::PasswordTooLong)
        } else {
            Ok(())
        }
    }
}
