//! How commands end.

use serde::{Deserialize, Serialize};

/// The status field of a completion queue entry without the phase tag (NVMe Base 2.0, Figure 92): status code 7:0, type
/// 10:8, command retry delay 12:11, More 13, Do Not Retry 14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(pub u16);

/// Do Not Retry.
const DNR: u16 = 1 << 14;
/// Status code type 1h: command specific.
const SPECIFIC: u16 = 1 << 8;
/// Status code type 2h: media and data integrity.
const MEDIA: u16 = 2 << 8;

#[allow(missing_docs, reason = "the names are the standard's (NVMe Base 2.0, Figures 94 to 98)")]
impl Status {
    pub const SUCCESS: Self = Self(0);
    pub const INVALID_OPCODE: Self = Self(DNR | 0x01);
    pub const INVALID_FIELD: Self = Self(DNR | 0x02);
    pub const DATA_TRANSFER_ERROR: Self = Self(DNR | 0x04);
    pub const INTERNAL_ERROR: Self = Self(DNR | 0x06);
    pub const ABORT_REQUESTED: Self = Self(DNR | 0x07);
    pub const INVALID_NAMESPACE: Self = Self(DNR | 0x0b);
    pub const SEQUENCE_ERROR: Self = Self(DNR | 0x0c);
    pub const INVALID_PRP_OFFSET: Self = Self(DNR | 0x13);
    pub const SANITIZE_FAILED: Self = Self(DNR | 0x1c);
    pub const SANITIZE_IN_PROGRESS: Self = Self(0x1d);
    pub const LBA_OUT_OF_RANGE: Self = Self(DNR | 0x80);
    pub const FORMAT_IN_PROGRESS: Self = Self(0x84);
    pub const INVALID_CQ: Self = Self(DNR | SPECIFIC);
    pub const INVALID_QUEUE: Self = Self(DNR | SPECIFIC | 0x01);
    pub const INVALID_QUEUE_SIZE: Self = Self(DNR | SPECIFIC | 0x02);
    pub const EVENT_LIMIT: Self = Self(DNR | SPECIFIC | 0x05);
    pub const INVALID_VECTOR: Self = Self(DNR | SPECIFIC | 0x08);
    pub const INVALID_LOG_PAGE: Self = Self(DNR | SPECIFIC | 0x09);
    pub const INVALID_FORMAT: Self = Self(DNR | SPECIFIC | 0x0a);
    pub const INVALID_QUEUE_DELETION: Self = Self(DNR | SPECIFIC | 0x0c);
    pub const FEATURE_NOT_SAVEABLE: Self = Self(DNR | SPECIFIC | 0x0d);
    pub const FEATURE_NOT_CHANGEABLE: Self = Self(DNR | SPECIFIC | 0x0e);
    pub const INVALID_PROTECTION: Self = Self(DNR | SPECIFIC | 0x81);
    pub const WRITE_FAULT: Self = Self(DNR | MEDIA | 0x80);
    pub const UNRECOVERED_READ: Self = Self(DNR | MEDIA | 0x81);
    pub const GUARD_CHECK: Self = Self(DNR | MEDIA | 0x82);
    pub const ACCESS_DENIED: Self = Self(DNR | MEDIA | 0x86);
    pub const UNWRITTEN_BLOCK: Self = Self(DNR | MEDIA | 0x87);

    /// Whether the command succeeded.
    #[must_use]
    pub fn is_success(self) -> bool {
        self.0 & !DNR == 0
    }

    /// Status code type (bits 11 to 8 here) and status code, without the bits that say what to do about it.
    #[must_use]
    pub fn code(self) -> u16 {
        self.0 & 0x7ff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_by_number() {
        assert_eq!(Status::ACCESS_DENIED.0, 0x4286);
        assert_eq!(Status::INVALID_OPCODE.0, 0x4001);
        assert_eq!(Status::INVALID_FORMAT.0, 0x410a);
        assert_eq!(Status::SANITIZE_IN_PROGRESS.0, 0x001d);
        assert_eq!(Status::SANITIZE_FAILED.code(), 0x001c);
        assert_eq!(Status::GUARD_CHECK.code(), 0x0282);
    }
}
