//! Completion status.

use std::fmt;

/// The status field of a completion queue entry, as the kernel's ioctl returns it: SC in bits 7:0, SCT in 10:8,
/// CRD in 12:11, More in 13, Do Not Retry in 14 (figure 91, shifted right past the phase tag).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16);

/// What a status means to a caller that must not guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusClass {
    /// 0/00h.
    Success,
    /// 0/01h: the opcode is not known, or blocked until a suspend.
    InvalidOpcode,
    /// 1/0Ah: the format is not supported, or blocked.
    InvalidFormat,
    /// 2/86h: access denied, as TCG Block SID makes some drives answer.
    AccessDenied,
    /// 0/1Dh: a sanitize is in progress.
    SanitizeInProgress,
    /// 0/1Ch: the last sanitize failed.
    SanitizeFailed,
    /// Anything else.
    Other,
}

impl Status {
    /// Status code type, bits 10:8.
    #[must_use]
    pub fn code_type(self) -> u8 {
        self.0.to_be_bytes()[0] & 0b111
    }

    /// Status code, bits 7:0.
    #[must_use]
    pub fn code(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// Its meaning. Only an all-zero type and code is success.
    #[must_use]
    pub fn class(self) -> StatusClass {
        match (self.code_type(), self.code()) {
            (0, 0x00) => StatusClass::Success,
            (0, 0x01) => StatusClass::InvalidOpcode,
            (0, 0x1C) => StatusClass::SanitizeFailed,
            (0, 0x1D) => StatusClass::SanitizeInProgress,
            (1, 0x0A) => StatusClass::InvalidFormat,
            (2, 0x86) => StatusClass::AccessDenied,
            _ => StatusClass::Other,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}h", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_sid_answers_4286h() {
        assert_eq!(Status(0x4286).class(), StatusClass::AccessDenied);
        assert_eq!((Status(0x4286).code_type(), Status(0x4286).code()), (2, 0x86));
    }

    #[test]
    fn only_zero_type_and_code_is_success() {
        assert_eq!(Status(0).class(), StatusClass::Success);
        for not in [0x0001, 0x4002, 0x0100, 0x010A, 0x0600, 0x001C, 0x001D] {
            assert_ne!(Status(not).class(), StatusClass::Success, "{not:04x}");
        }
    }
}
