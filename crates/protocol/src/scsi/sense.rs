//! Sense data (SPC-4 4.5): why a command did not end well, or what the drive is busy with.

use crate::bytes::be_u16;
use std::fmt;

/// Which of the two layouts it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenseFormat {
    /// 70h, 71h.
    Fixed,
    /// 72h, 73h.
    Descriptor,
}

/// Sense keys (SPC-4 table 54).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenseKey {
    /// 0h
    NoSense,
    /// 1h
    RecoveredError,
    /// 2h
    NotReady,
    /// 3h
    MediumError,
    /// 4h
    HardwareError,
    /// 5h
    IllegalRequest,
    /// 6h
    UnitAttention,
    /// 7h
    DataProtect,
    /// Bh
    AbortedCommand,
    /// Any other.
    Other(u8),
}

impl SenseKey {
    fn of(key: u8) -> Self {
        match key {
            0x0 => Self::NoSense,
            0x1 => Self::RecoveredError,
            0x2 => Self::NotReady,
            0x3 => Self::MediumError,
            0x4 => Self::HardwareError,
            0x5 => Self::IllegalRequest,
            0x6 => Self::UnitAttention,
            0x7 => Self::DataProtect,
            0xB => Self::AbortedCommand,
            other => Self::Other(other),
        }
    }
}

/// What sense data mean to a caller that must not guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// 0h 00/00: nothing to report. Also 0h 5E/xx, a low power condition, and 0h 5D/xx and 0Bh/xx, what the drive foresees
    /// or warns of, where no progress comes with them.
    Nothing,
    /// 04/1B: a sanitize runs; how far it is in 65,536ths, if it says.
    SanitizeInProgress(Option<u16>),
    /// 04/04: a format runs; the same.
    FormatInProgress(Option<u16>),
    /// 31/03: the last sanitize failed.
    SanitizeFailed,
    /// 31/00, 31/01: the format is corrupt, or the format command failed. An interrupted one leaves this.
    FormatFailed,
    /// 20/00: the command is not known.
    UnknownCommand,
    /// 24/xx, 26/xx: a field of the command or of its parameters is not accepted.
    InvalidField,
    /// 27/xx: write-protected.
    WriteProtected,
    /// 74/71, 20/02: access is denied, by a lock.
    Locked,
    /// 3A/xx: no medium.
    NoMedium,
    /// 04/01, 04/0A and others: not ready yet.
    BecomingReady,
    /// 04/xx: not ready, and not by itself.
    NotReady,
    /// 2A/09: the capacity has changed.
    CapacityChanged,
    /// Key 6h: something else happened before: ask again.
    Attention,
    /// Key 3h: the medium failed.
    MediumError,
    /// Key 4h, 3E/xx: the drive failed.
    HardwareError,
    /// Anything else.
    Other,
}

/// The part of sense data that every device fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// The layout.
    pub format: SenseFormat,
    /// 71h, 73h: about an earlier command, not this one.
    pub deferred: bool,
    /// Sense key.
    pub key: u8,
    /// Additional sense code.
    pub asc: u8,
    /// Its qualifier.
    pub ascq: u8,
    /// Progress indication in 65,536ths, where SKSV says that it is there and the key that it is one.
    pub progress: Option<u16>,
}

impl Sense {
    /// Reads sense data; `None` where there is none (all zeros, or a code that does not exist).
    #[must_use]
    pub fn parse(data: &[u8]) -> Option<Self> {
        let byte = |at: usize| data.get(at).copied().unwrap_or(0);
        let code = data.first()? & 0x7F;
        let mut sense = match code {
            // Fixed: additional length in byte 7; codes beyond it are absent, and absent is zero.
            0x70 | 0x71 => Self {
                format: SenseFormat::Fixed,
                deferred: code == 0x71,
                key: *data.get(2)? & 0x0F,
                asc: byte(12),
                ascq: byte(13),
                progress: None,
            },
            0x72 | 0x73 => Self {
                format: SenseFormat::Descriptor,
                deferred: code == 0x73,
                key: *data.get(1)? & 0x0F,
                asc: byte(2),
                ascq: byte(3),
                progress: None,
            },
            _ => return None,
        };
        sense.progress = sense.progress_in(data);
        Some(sense)
    }

    /// Sense key specific data (SPC-4 4.5.2.4.4): a progress indication only under NO SENSE and NOT READY.
    fn progress_in(&self, data: &[u8]) -> Option<u16> {
        if !matches!(self.sense_key(), SenseKey::NoSense | SenseKey::NotReady) {
            return None;
        }
        let specific = match self.format {
            SenseFormat::Fixed => data.get(15..18)?,
            SenseFormat::Descriptor => Descriptors::of(data)
                .find(|descriptor| descriptor.kind == SENSE_KEY_SPECIFIC)?
                .body
                .get(2..5)?,
        };
        // Bit 7 of the first byte, SKSV: the field is valid.
        (specific.first()? & 0x80 != 0).then(|| be_u16(specific, 1)).flatten()
    }

    /// The key by name.
    #[must_use]
    pub fn sense_key(&self) -> SenseKey {
        SenseKey::of(self.key)
    }

    /// 00/1D, ATA PASS-THROUGH INFORMATION AVAILABLE (SAT-3 12.2.4): not an error, but an answer.
    #[must_use]
    pub fn carries_ata_registers(&self) -> bool {
        !self.deferred
            && matches!(self.sense_key(), SenseKey::NoSense | SenseKey::RecoveredError)
            && (self.asc, self.ascq) == (0x00, 0x1D)
    }

    /// Its meaning (SPC-4 annex D). Codes that any key may carry come first, then what the key alone says.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let is_idle = self.sense_key() == SenseKey::NoSense && self.progress.is_none();
        match (self.asc, self.ascq) {
            (0x04, 0x1B) => Condition::SanitizeInProgress(self.progress),
            (0x04, 0x04) => Condition::FormatInProgress(self.progress),
            (0x31, 0x03) => Condition::SanitizeFailed,
            (0x31, 0x00 | 0x01) => Condition::FormatFailed,
            (0x74, 0x71) | (0x20, 0x02) => Condition::Locked,
            (0x20, 0x00) => Condition::UnknownCommand,
            (0x24 | 0x26, _) => Condition::InvalidField,
            (0x27, _) => Condition::WriteProtected,
            (0x3A, _) => Condition::NoMedium,
            (0x04, 0x01 | 0x0A | 0x14) => Condition::BecomingReady,
            (0x04, _) => Condition::NotReady,
            (0x2A, 0x09) => Condition::CapacityChanged,
            (0x3E, _) => Condition::HardwareError,
            // The power condition, a failure foreseen, a warning: told while nothing else is going on.
            (0x0B | 0x5D | 0x5E, _) if is_idle => Condition::Nothing,
            (0x00, 0x00) if self.sense_key() == SenseKey::NoSense => Condition::Nothing,
            _ => match self.sense_key() {
                SenseKey::UnitAttention => Condition::Attention,
                SenseKey::MediumError => Condition::MediumError,
                SenseKey::HardwareError => Condition::HardwareError,
                _ => Condition::Other,
            },
        }
    }
}

impl fmt::Display for Sense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}/{:02X}/{:02X}", self.key, self.asc, self.ascq)?;
        if self.deferred { f.write_str(" deferred") } else { Ok(()) }
    }
}

/// Descriptor 02h: sense key specific (SPC-4 4.5.2.4).
const SENSE_KEY_SPECIFIC: u8 = 0x02;

/// One descriptor of descriptor-format sense data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Descriptor<'a> {
    /// DESCRIPTOR TYPE.
    pub(crate) kind: u8,
    /// What follows ADDITIONAL LENGTH.
    pub(crate) body: &'a [u8],
}

/// The descriptors of descriptor-format sense data (SPC-4 4.5.2.1), as far as they are whole.
pub(crate) struct Descriptors<'a>(&'a [u8]);

impl<'a> Descriptors<'a> {
    pub(crate) fn of(sense: &'a [u8]) -> Self {
        let rest = sense.get(8..).unwrap_or_default();
        // Byte 7: additional sense length.
        let len = usize::from(sense.get(7).copied().unwrap_or(0)).min(rest.len());
        Self(rest.get(..len).unwrap_or_default())
    }
}

impl<'a> Iterator for Descriptors<'a> {
    type Item = Descriptor<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let [kind, len, rest @ ..] = self.0 else { return None };
        let (body, rest) = rest.split_at_checked(usize::from(*len))?;
        self.0 = rest;
        Some(Descriptor { kind: *kind, body })
    }
}

#[cfg(test)]
#[path = "sense_tests.rs"]
mod tests;
