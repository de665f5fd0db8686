//! The summary of a session: what the QR code of the last screen holds (FORMAT.md, "The summary of a session").

use crate::{EntryHash, Hex, Report, SessionId};
use std::fmt;

/// What tells a reader which kind of text it is.
const MARK: &str = "MASSHO1";

/// Which session, and which log of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSummary {
    /// The session's name.
    pub session: SessionId,
    /// The SHA-256 of its last line, the signed close entry.
    pub head: EntryHash,
    /// How many entries it has.
    pub entries: u32,
}

/// Text that is no summary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a summary is MASSHO1/SESSION/HEAD/ENTRIES")]
pub struct SessionSummaryError;

impl SessionSummary {
    /// The summary of a closed session; `None` of any other.
    #[must_use]
    pub fn of(report: &Report) -> Option<Self> {
        let open = report.open.as_ref().filter(|_| report.fault.is_none())?;
        Some(Self { session: open.session, head: report.head, entries: report.entries })
    }

    /// Reads what a QR reader gives; blanks around it and case do not matter.
    ///
    /// # Errors
    /// [`SessionSummaryError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, SessionSummaryError> {
        let lower = text.trim().to_ascii_lowercase();
        let parts: Vec<&str> = lower.split('/').collect();
        let [mark, session, head, entries] = parts.as_slice() else { return Err(SessionSummaryError) };
        let plain = !entries.is_empty() && entries.bytes().all(|byte| byte.is_ascii_digit());
        if !mark.eq_ignore_ascii_case(MARK) || !plain || (entries.starts_with('0') && entries.len() > 1) {
            return Err(SessionSummaryError);
        }
        Ok(Self {
            session: Hex::parse(session).map_err(|_| SessionSummaryError)?,
            head: Hex::parse(head).map_err(|_| SessionSummaryError)?,
            entries: entries.parse().map_err(|_| SessionSummaryError)?,
        })
    }
}

/// Upper case, so that it fits the QR code's alphanumeric mode (ISO/IEC 18004, 7.4.4).
impl fmt::Display for SessionSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (session, head) = (self.session.to_string(), self.head.to_string());
        write!(f, "{MARK}/{}/{}/{}", session.to_ascii_uppercase(), head.to_ascii_uppercase(), self.entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "MASSHO1/ABABABABABABABABABABABABABABABAB/\
        0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C/42";

    #[test]
    fn a_summary_is_read_as_it_was_written() {
        let summary = SessionSummary { session: Hex([0xab; 16]), head: Hex([0x0c; 32]), entries: 42 };
        assert_eq!(summary.to_string(), TEXT);
        assert_eq!(SessionSummary::parse(TEXT), Ok(summary));
        assert_eq!(SessionSummary::parse(&format!(" {}\n", TEXT.to_lowercase())), Ok(summary));
    }

    #[test]
    fn what_is_no_summary_is_refused() {
        for wrong in [
            "",
            "MASSHO1",
            "F27Y-1F6N-NE2N",
            &TEXT.replace("MASSHO1", "MASSHO2"),
            &TEXT.replace("/42", "/042"),
        ] {
            assert_eq!(SessionSummary::parse(wrong), Err(SessionSummaryError), "{wrong}");
        }
        for (from, to) in [
            ("/42", "/"),
            ("/42", "/-1"),
            ("/42", "/4294967296"),
            ("/42", "/42/1"),
            ("AB/", "A/"),
            ("0C/", "0G/"),
        ] {
            assert_eq!(SessionSummary::parse(&TEXT.replace(from, to)), Err(SessionSummaryError), "{to}");
        }
    }
}
