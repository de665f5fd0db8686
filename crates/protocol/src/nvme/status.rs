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
    /// 0/84h: a format is in progress.
    FormatInProgress,
    /// 0/02h: a field of the command is not accepted.
    InvalidField,
    /// 0/20h: the namespace is write-protected.
    WriteProtected,
    /// 0/0Bh: no such namespace.
    InvalidNamespace,
    /// 0/07h, 0/08h: aborted on request, or because its queue was deleted: a reset happened in between.
    Aborted,
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

    /// Bit 14: repeating the command would give the same.
    #[must_use]
    pub fn do_not_retry(self) -> bool {
        self.0 & 1 << 14 != 0
    }

    /// The code's name in the specification (figures 93 to 97), as far as massho's commands can meet it.
    #[must_use]
    pub fn name(self) -> &'static str {
        let key = (self.code_type(), self.code());
        NAMES.iter().find(|(code, _)| *code == key).map_or("unknown", |(_, name)| name)
    }

    /// Its meaning. Only an all-zero type and code is success.
    #[must_use]
    pub fn class(self) -> StatusClass {
        match (self.code_type(), self.code()) {
            (0, 0x00) => StatusClass::Success,
            (0, 0x01) => StatusClass::InvalidOpcode,
            (0, 0x02) => StatusClass::InvalidField,
            (0, 0x07 | 0x08) => StatusClass::Aborted,
            (0, 0x0B) => StatusClass::InvalidNamespace,
            (0, 0x1C) => StatusClass::SanitizeFailed,
            (0, 0x1D) => StatusClass::SanitizeInProgress,
            (0, 0x20) => StatusClass::WriteProtected,
            (0, 0x84) => StatusClass::FormatInProgress,
            (1, 0x0A) => StatusClass::InvalidFormat,
            (2, 0x86) => StatusClass::AccessDenied,
            _ => StatusClass::Other,
        }
    }
}

/// Names by type and code.
const NAMES: [((u8, u8), &str); 27] = [
    ((0, 0x00), "Successful Completion"),
    ((0, 0x01), "Invalid Command Opcode"),
    ((0, 0x02), "Invalid Field in Command"),
    ((0, 0x04), "Data Transfer Error"),
    ((0, 0x05), "Commands Aborted due to Power Loss Notification"),
    ((0, 0x06), "Internal Error"),
    ((0, 0x07), "Command Abort Requested"),
    ((0, 0x08), "Command Aborted due to SQ Deletion"),
    ((0, 0x0B), "Invalid Namespace or Format"),
    ((0, 0x0C), "Command Sequence Error"),
    ((0, 0x15), "Operation Denied"),
    ((0, 0x1C), "Sanitize Failed"),
    ((0, 0x1D), "Sanitize In Progress"),
    ((0, 0x20), "Namespace is Write Protected"),
    ((0, 0x21), "Command Interrupted"),
    ((0, 0x80), "LBA Out of Range"),
    ((0, 0x82), "Namespace Not Ready"),
    ((0, 0x84), "Format In Progress"),
    ((1, 0x09), "Invalid Log Page"),
    ((1, 0x0A), "Invalid Format"),
    ((1, 0x1D), "Device Self-test In Progress"),
    ((1, 0x23), "Sanitize Prohibited While Persistent Memory Region is Enabled"),
    ((2, 0x80), "Write Fault"),
    ((2, 0x81), "Unrecovered Read Error"),
    ((2, 0x85), "Compare Failure"),
    ((2, 0x86), "Access Denied"),
    ((3, 0x71), "Host Aborted Command"),
];

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
    fn codes_have_classes_and_names() {
        let of = |raw| (Status(raw).class(), Status(raw).name());
        assert_eq!(of(0x4001), (StatusClass::InvalidOpcode, "Invalid Command Opcode"));
        assert_eq!(of(0x410A), (StatusClass::InvalidFormat, "Invalid Format"));
        assert_eq!(of(0x4286), (StatusClass::AccessDenied, "Access Denied"));
        assert_eq!(of(0x001D), (StatusClass::SanitizeInProgress, "Sanitize In Progress"));
        assert_eq!(of(0x001C), (StatusClass::SanitizeFailed, "Sanitize Failed"));
        assert_eq!(of(0x0084), (StatusClass::FormatInProgress, "Format In Progress"));
        assert_eq!(of(0x2020), (StatusClass::WriteProtected, "Namespace is Write Protected"));
        assert_eq!(of(0x4002), (StatusClass::InvalidField, "Invalid Field in Command"));
        assert_eq!(of(0x0008), (StatusClass::Aborted, "Command Aborted due to SQ Deletion"));
        assert_eq!(of(0x0371), (StatusClass::Other, "Host Aborted Command"));
        assert_eq!(of(0x0755), (StatusClass::Other, "unknown"));
        assert!(Status(0x4001).do_not_retry() && !Status(0x0001).do_not_retry());
    }

    #[test]
    fn only_zero_type_and_code_is_success() {
        assert_eq!(Status(0).class(), StatusClass::Success);
        for not in [0x0001, 0x4002, 0x0100, 0x010A, 0x0600, 0x001C, 0x001D] {
            assert_ne!(Status(not).class(), StatusClass::Success, "{not:04x}");
        }
    }
}
