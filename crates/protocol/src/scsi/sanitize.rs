//! SANITIZE, 48h (SBC-4 5.27).

use super::command::Command;

const SANITIZE: u8 = 0x48;
/// Byte 1 bit 7: answer at once, and go on.
const IMMED: u8 = 1 << 7;
/// Byte 1 bit 5, AUSE: a failed sanitize may be left by EXIT FAILURE MODE.
const AUSE: u8 = 1 << 5;

/// Service actions (SBC-4 table 96).
const OVERWRITE: u8 = 0x01;
const BLOCK_ERASE: u8 = 0x02;
const CRYPTOGRAPHIC_ERASE: u8 = 0x03;
const EXIT_FAILURE_MODE: u8 = 0x1F;

/// A number of overwrite passes: 1 to 31 (OVERWRITE COUNT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverwriteCount(u8);

/// A number of passes that no drive can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} passes cannot be asked for: 1 to 31")]
pub struct OverwriteCountError(pub u8);

impl OverwriteCount {
    /// One pass.
    pub const ONE: Self = Self(1);

    /// Takes a number.
    ///
    /// # Errors
    /// [`OverwriteCountError`] for 0 and for more than 31.
    pub fn new(passes: u8) -> Result<Self, OverwriteCountError> {
        if (1..=31).contains(&passes) { Ok(Self(passes)) } else { Err(OverwriteCountError(passes)) }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

/// What SANITIZE does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// OVERWRITE with a pattern of four bytes.
    Overwrite {
        /// How often.
        count: OverwriteCount,
        /// INITIALIZATION PATTERN, in the order of the medium.
        pattern: [u8; 4],
    },
    /// BLOCK ERASE.
    BlockErase,
    /// CRYPTOGRAPHIC ERASE.
    CryptographicErase,
}

impl Action {
    /// The service action, as REPORT SUPPORTED OPERATION CODES is asked for it.
    #[must_use]
    pub fn service_action(self) -> u8 {
        match self {
            Self::Overwrite { .. } => OVERWRITE,
            Self::BlockErase => BLOCK_ERASE,
            Self::CryptographicErase => CRYPTOGRAPHIC_ERASE,
        }
    }
}

/// SANITIZE with an action: IMMED, so that the drive can be asked how far it is, and AUSE, without which a drive whose
/// sanitize failed could only be asked to sanitize again.
#[must_use]
pub fn start(action: Action) -> Command {
    let parameters = match action {
        // Byte 0: bit 7 INVERT, 6:5 TEST, 4:0 OVERWRITE COUNT; 3:2 pattern length; the pattern (table 99).
        Action::Overwrite { count, pattern: [a, b, c, d] } => vec![count.get(), 0, 0, 4, a, b, c, d],
        Action::BlockErase | Action::CryptographicErase => Vec::new(),
    };
    let [high, low] = u16::try_from(parameters.len()).unwrap_or(0).to_be_bytes();
    let control = IMMED | AUSE | action.service_action();
    Command::new(&[SANITIZE, control, 0, 0, 0, 0, 0, high, low, 0], &parameters)
}

/// SANITIZE with EXIT FAILURE MODE: the drive goes back to being idle, not erased.
#[must_use]
pub fn exit_failure_mode() -> Command {
    Command::new(&[SANITIZE, EXIT_FAILURE_MODE, 0, 0, 0, 0, 0, 0, 0, 0], &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start_text(action: Action) -> String {
        start(action).describe()
    }

    #[test]
    fn block_and_cryptographic_erase_have_no_parameters() {
        assert_eq!(start_text(Action::BlockErase), "SCSI 48 A2 00 00 00 00 00 00 00 00");
        assert_eq!(start_text(Action::CryptographicErase), "SCSI 48 A3 00 00 00 00 00 00 00 00");
    }

    #[test]
    fn overwrite_carries_its_count_and_pattern() {
        let action = Action::Overwrite { count: OverwriteCount::new(3).unwrap(), pattern: [0xA5, 1, 2, 3] };
        let text = "SCSI 48 A1 00 00 00 00 00 00 08 00 parameters 03 00 00 04 A5 01 02 03";
        assert_eq!(start_text(action), text);
        assert_eq!(start(action).parameters().len(), 8);
    }

    #[test]
    fn no_passes_and_32_passes_cannot_be_asked_for() {
        assert_eq!(OverwriteCount::new(0), Err(OverwriteCountError(0)));
        assert_eq!(OverwriteCount::new(32), Err(OverwriteCountError(32)));
        assert_eq!(OverwriteCount::new(31).unwrap().get(), 31);
    }

    #[test]
    fn exit_failure_mode_is_service_action_1f() {
        assert_eq!(exit_failure_mode().describe(), "SCSI 48 1F 00 00 00 00 00 00 00 00");
    }
}
