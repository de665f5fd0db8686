//! The SECURITY feature set (ACS-3 4.18, 7.37 to 7.42).

use super::command::{Command, Protocol, SECTOR, Width};
use std::fmt;

/// Word 0 bit 0 of the block, IDENTIFIER: compare with the master password.
const IDENTIFIER_MASTER: u16 = 1 << 0;
/// Word 0 bit 1 of the block of SECURITY ERASE UNIT, ERASE MODE: enhanced. (SAT's security protocol EFh has it at bit
/// 0; massho sends no such command.)
const ERASE_MODE_ENHANCED: u16 = 1 << 1;
/// Word 0 bit 8 of the block of SECURITY SET PASSWORD, MASTER PASSWORD CAPABILITY: maximum.
const CAPABILITY_MAXIMUM: u16 = 1 << 8;
/// Word 17: master password identifier, in bytes.
const MASTER_IDENTIFIER_AT: usize = 34;

/// A password: 32 letters from a to z. A field that is full cannot be padded in two ways, and letters can be typed in
/// the password screen of any firmware on any keyboard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Password([u8; Self::LEN]);

/// Why a text is no password of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Not 32 bytes.
    #[error("a password has 32 letters, not {0}")]
    Length(usize),
    /// Something else than a lower-case letter.
    #[error("a password has only the letters a to z")]
    Letter,
}

impl Password {
    /// The length of the field (ACS-3 table 98).
    pub const LEN: usize = 32;

    /// The one that massho sets before SECURITY ERASE UNIT. It is no secret, and printed on the screen and in the
    /// record: it only has to be known when an erase is interrupted and leaves the drive locked.
    pub const MASSHO: Self = Self(*b"masshoerasurepasswordforthisdisk");

    /// Takes a text.
    ///
    /// # Errors
    /// [`PasswordError`]
    pub fn new(text: &str) -> Result<Self, PasswordError> {
        let bytes: [u8; Self::LEN] =
            text.as_bytes().try_into().map_err(|_| PasswordError::Length(text.len()))?;
        if bytes.iter().all(u8::is_ascii_lowercase) { Ok(Self(bytes)) } else { Err(PasswordError::Letter) }
    }
}

impl fmt::Display for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Password({self})")
    }
}

/// Which password is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier {
    /// The user password.
    User,
    /// The master password.
    Master,
}

/// MASTER PASSWORD CAPABILITY: what the master password may do while a user password is set (ACS-3 4.18.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Unlock and erase.
    High,
    /// Erase only.
    Maximum,
}

/// ERASE MODE (ACS-3 7.39).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseMode {
    /// All user-addressable space.
    Normal,
    /// Also reallocated sectors, with a pattern of the vendor's.
    Enhanced,
}

/// A command with its 512 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithPassword {
    /// The command.
    pub command: Command,
    /// What goes to the drive.
    pub block: [u8; SECTOR],
}

impl WithPassword {
    fn new(opcode: u8, control: u16, identifier: Identifier, password: &Password) -> Self {
        let control = match identifier {
            Identifier::User => control,
            Identifier::Master => control | IDENTIFIER_MASTER,
        };
        let mut block = [0; SECTOR];
        let password = control.to_le_bytes().into_iter().chain(password.0);
        block.iter_mut().zip(password).for_each(|(to, from)| *to = from);
        Self { command: Command::new(opcode, Width::Bits28, Protocol::PioOut), block }
    }

    /// The command with the first two words of its block, as a record keeps it.
    #[must_use]
    pub fn describe(&self) -> String {
        let [low, high, ..] = self.block;
        format!("{} block word 0={:04X}h", self.command.describe(), u16::from_le_bytes([low, high]))
    }
}

/// SECURITY SET PASSWORD, F1h, for the user password (ACS-3 7.41). The drive is unlocked by it and locks itself at the
/// next power-on.
#[must_use]
pub fn set_user_password(password: &Password, level: Level) -> WithPassword {
    let control = match level {
        Level::High => 0,
        Level::Maximum => CAPABILITY_MAXIMUM,
    };
    WithPassword::new(0xF1, control, Identifier::User, password)
}

/// SECURITY SET PASSWORD, F1h, for the master password, with its identifier: 0001h to FFFEh (ACS-3 7.41).
#[must_use]
pub fn set_master_password(password: &Password, identifier: u16) -> WithPassword {
    let mut built = WithPassword::new(0xF1, 0, Identifier::Master, password);
    let bytes = built.block.iter_mut().skip(MASTER_IDENTIFIER_AT).zip(identifier.to_le_bytes());
    bytes.for_each(|(to, from)| *to = from);
    built
}

/// SECURITY UNLOCK, F2h (ACS-3 7.42). Five wrong ones, and the drive takes no more until the next power-on.
#[must_use]
pub fn unlock(identifier: Identifier, password: &Password) -> WithPassword {
    WithPassword::new(0xF2, 0, identifier, password)
}

/// SECURITY ERASE PREPARE, F3h (ACS-3 7.38): immediately before [`erase_unit`].
#[must_use]
pub const fn erase_prepare() -> Command {
    Command::new(0xF3, Width::Bits28, Protocol::NonData)
}

/// SECURITY ERASE UNIT, F4h (ACS-3 7.39). Answers when all is erased, which may take hours; clears the user password
/// then.
#[must_use]
pub fn erase_unit(mode: EraseMode, identifier: Identifier, password: &Password) -> WithPassword {
    let control = match mode {
        EraseMode::Normal => 0,
        EraseMode::Enhanced => ERASE_MODE_ENHANCED,
    };
    WithPassword::new(0xF4, control, identifier, password)
}

/// SECURITY FREEZE LOCK, F5h (ACS-3 7.40).
#[must_use]
pub const fn freeze_lock() -> Command {
    Command::new(0xF5, Width::Bits28, Protocol::NonData)
}

/// SECURITY DISABLE PASSWORD, F6h (ACS-3 7.37).
#[must_use]
pub fn disable_password(identifier: Identifier, password: &Password) -> WithPassword {
    WithPassword::new(0xF6, 0, identifier, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Password = Password::MASSHO;

    fn head(built: &WithPassword) -> (u8, [u8; 2]) {
        (built.command.command, [built.block[0], built.block[1]])
    }

    #[test]
    fn the_password_fills_bytes_2_to_33_and_the_rest_is_zero() {
        let built = erase_unit(EraseMode::Normal, Identifier::User, &OURS);
        assert_eq!(built.block.len(), 512);
        assert_eq!(&built.block[2..34], b"masshoerasurepasswordforthisdisk");
        assert!(built.block[34..].iter().all(|byte| *byte == 0));
        assert_eq!((built.command.protocol, built.command.count), (Protocol::PioOut, 1));
    }

    #[test]
    fn enhanced_is_bit_1_of_word_0_and_not_bit_0_as_in_sat_security_protocol_ef() {
        let user = Identifier::User;
        assert_eq!(head(&erase_unit(EraseMode::Enhanced, user, &OURS)), (0xF4, [0x02, 0x00]));
        assert_eq!(head(&erase_unit(EraseMode::Normal, user, &OURS)), (0xF4, [0x00, 0x00]));
        assert_eq!(head(&erase_unit(EraseMode::Enhanced, Identifier::Master, &OURS)), (0xF4, [0x03, 0x00]));
        let text = erase_unit(EraseMode::Enhanced, user, &OURS).describe();
        assert!(text.starts_with("ATA F4h") && text.ends_with("block word 0=0002h"), "{text}");
    }

    #[test]
    fn the_level_is_bit_8_of_word_0() {
        assert_eq!(head(&set_user_password(&OURS, Level::High)), (0xF1, [0x00, 0x00]));
        assert_eq!(head(&set_user_password(&OURS, Level::Maximum)), (0xF1, [0x00, 0x01]));
    }

    #[test]
    fn a_master_password_carries_its_identifier_in_word_17() {
        let built = set_master_password(&OURS, 0xFFFE);
        assert_eq!((head(&built), [built.block[34], built.block[35]]), ((0xF1, [1, 0]), [0xFE, 0xFF]));
    }

    #[test]
    fn unlock_and_disable_name_the_password_that_is_compared() {
        assert_eq!(head(&unlock(Identifier::User, &OURS)), (0xF2, [0, 0]));
        assert_eq!(head(&unlock(Identifier::Master, &OURS)), (0xF2, [1, 0]));
        assert_eq!(head(&disable_password(Identifier::User, &OURS)), (0xF6, [0, 0]));
    }

    #[test]
    fn prepare_and_freeze_have_no_data() {
        assert_eq!((erase_prepare().command, erase_prepare().protocol), (0xF3, Protocol::NonData));
        assert_eq!((freeze_lock().command, freeze_lock().protocol), (0xF5, Protocol::NonData));
        assert_eq!((erase_prepare().count, erase_prepare().feature), (0, 0));
    }

    #[test]
    fn a_password_is_32_letters_and_reads_back() {
        assert_eq!(Password::new(&OURS.to_string()), Ok(OURS));
        assert_eq!(Password::new("short"), Err(PasswordError::Length(5)));
        assert_eq!(Password::new(&"A".repeat(32)), Err(PasswordError::Letter));
        assert_eq!(Password::new(&"\0".repeat(32)), Err(PasswordError::Letter));
        assert!(OURS.to_string().bytes().all(|letter| letter.is_ascii_lowercase()));
    }
}
