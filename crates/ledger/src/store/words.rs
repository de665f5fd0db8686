//! The words by which the tables name things.

use model::{Handling, MediumKind, Method, Outcome, Technique, Verdict};
use record::{ClockConfirmation, Standing};
use rusqlite::Row;

/// A value with one code in the tables.
pub(super) trait Word: Copy + PartialEq + Sized + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// Its code.
    fn code(self) -> &'static str;

    /// The value of a code.
    fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

macro_rules! words {
    ($($type:ty { $($value:path = $code:literal),+ $(,)? })+) => {$(
        impl Word for $type {
            const ALL: &'static [Self] = &[$($value),+];
            fn code(self) -> &'static str {
                match self { $($value => $code),+ }
            }
        }
    )+};
}

/// Where a drive belonged when it was listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// Inside the PC.
    Pc,
    /// Outside, and able to hold data that concerns the PC.
    Plugged,
    /// The session's own sticks, empty and optical drives.
    Own,
}

/// What a person said of the PC's date.
pub type Clock = ClockConfirmation;

words! {
    Bearing { Self::Pc = "pc", Self::Plugged = "plugged", Self::Own = "own" }
    Standing { Self::Verified = "verified", Self::Unclosed = "unclosed", Self::Refused = "refused" }
    super::LogRole {
        Self::Counts = "counts", Self::Beginning = "beginning", Self::Rival = "rival", Self::Refused = "refused",
    }
    super::Place { Self::Contractor = "contractor", Self::Building = "building" }
    super::Photos { Self::Expected = "expected", Self::NotExpected = "not-expected" }
    super::AttachmentKind {
        Self::Certificate = "certificate", Self::PhotoBefore = "photo-before", Self::PhotoAfter = "photo-after",
    }
    ClockConfirmation {
        Self::Confirmed = "confirmed", Self::Corrected = "corrected", Self::NotConfirmed = "not-confirmed",
    }
    MediumKind {
        Self::Hdd = "hdd", Self::Ssd = "ssd", Self::UsbStick = "usb-stick", Self::Optical = "optical",
        Self::Other = "other",
    }
    Handling { Self::Destroyed = "destroyed", Self::Degaussed = "degaussed", Self::SetAside = "set-aside" }
    Method { Self::Clear = "clear", Self::Purge = "purge", Self::Destruct = "destruct" }
    Outcome {
        Self::Done = "done", Self::Incomplete = "incomplete", Self::Failed = "failed",
        Self::AwaitingDestruction = "awaiting-destruction", Self::AwaitingApproval = "awaiting-approval", Self::NotCovered = "not-covered",
    }
    Verdict {
        Self::MayBeReused = "may-be-reused", Self::MayGoToContractor = "may-go-to-contractor",
        Self::MustNotLeave = "must-not-leave",
    }
}

impl Word for Technique {
    const ALL: &'static [Self] = Self::ALL;
    fn code(self) -> &'static str {
        self.name()
    }
}

impl Word for crate::recompute::Disagreement {
    const ALL: &'static [Self] = &Self::ALL;
    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl Word for super::Vouching {
    const ALL: &'static [Self] = &Self::ALL;
    fn code(self) -> &'static str {
        match self {
            Self::Unregistered => "unregistered",
            Self::Unchecked => "unchecked",
            Self::Certified => "certified",
            Self::RevokedLater => "revoked-later",
            Self::CertificateAltered => "certificate-altered",
            Self::Foreign => "foreign",
            Self::NotSignedByStick => "not-signed-by-stick",
            Self::Revoked => "revoked",
            Self::NotYetValid => "not-yet-valid",
            Self::Expired => "expired",
            Self::TableNotSigned => "table-not-signed",
        }
    }
}

/// A code that must be there; any other text is damage.
pub(super) fn word<W: Word>(row: &Row<'_>, column: usize) -> rusqlite::Result<W> {
    optional(row, column)?.ok_or_else(|| unknown(column, "nothing"))
}

/// A code that may be there.
pub(super) fn optional<W: Word>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<W>> {
    let code: Option<String> = row.get(column)?;
    code.map(|code| W::of(&code).ok_or_else(|| unknown(column, &code))).transpose()
}

/// A value that a column cannot have.
pub(super) fn unknown(column: usize, found: &str) -> rusqlite::Error {
    let why = format!("{found:?} is no value of this column").into();
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, why)
}
