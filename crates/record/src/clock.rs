//! When something happened: wall clock for people, monotonic clock for order and durations.

use model::Count;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The moment of an entry, by both clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// The digits of the PC's wall clock. May be wrong: `open` says whether a person confirmed it.
    pub wall: WallTime,
    /// Milliseconds since the PC was started; never runs backwards within a session.
    pub monotonic_ms: Count,
}

/// What a clock on the wall of the office would show: `2026-11-23T01:51:46`, whole seconds, no time zone.
///
/// A PC's clock does not say which zone it keeps: Windows leaves local time in it, others UTC. A person who confirms
/// it compares it with the time in the room.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WallTime(String);

/// Text that is no such time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time like 2026-11-23T01:51:46 is expected")]
pub struct WallTimeError;

const SECONDS_A_DAY: u64 = 86_400;
/// Days from 0000-03-01 to 1970-01-01 in the Gregorian calendar.
const DAYS_BEFORE_1970: u64 = 719_468;
/// Days in 400 years.
const DAYS_AN_ERA: u64 = 146_097;
/// 9999-12-31T23:59:59: later years have no place in four digits.
const LAST_SECOND: u64 = 253_402_300_799;

impl WallTime {
    /// Takes what the kernel gives as seconds since 1970-01-01T00:00:00 of the PC's clock; anything after the year 9999 becomes its last second.
    #[must_use]
    pub fn from_unix(seconds: u64) -> Self {
        let seconds = seconds.min(LAST_SECOND);
        let (days, of_day) = (seconds / SECONDS_A_DAY + DAYS_BEFORE_1970, seconds % SECONDS_A_DAY);
        // Years are counted from 1 March, so that the leap day is the last of its year.
        let (era, of_era) = (days / DAYS_AN_ERA, days % DAYS_AN_ERA);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        Self(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `20261123-015146`, for a file name.
    #[must_use]
    pub fn compact(&self) -> String {
        let seconds = self.0.get(..19).unwrap_or(&self.0);
        seconds.chars().filter(|c| !matches!(c, '-' | ':')).map(|c| if c == 'T' { '-' } else { c }).collect()
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<WallTime> for String {
    fn from(time: WallTime) -> String {
        time.0
    }
}

impl TryFrom<String> for WallTime {
    type Error = WallTimeError;
    /// Reads the one form that is written: whole seconds, an upper-case `T`.
    fn try_from(text: String) -> Result<Self, WallTimeError> {
        let form = "0000-00-00T00:00:00";
        let shaped = text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(b, f)| if f == b'0' { b.is_ascii_digit() } else { b == f });
        let field = |from: usize| text.get(from..from + 2).and_then(|two| two.parse::<u8>().ok());
        let within = |from, low, high| field(from).is_some_and(|value| (low..=high).contains(&value));
        // 60 is a leap second.
        let sensible = within(5, 1, 12) && within(8, 1, 31) && within(11, 0, 23);
        if shaped && sensible && within(14, 0, 59) && within(17, 0, 60) {
            Ok(Self(text))
        } else {
            Err(WallTimeError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00"),
            (951_782_400, "2000-02-29T00:00:00"),
            (1_709_251_199, "2024-02-29T23:59:59"),
            (1_795_398_706, "2026-11-23T01:51:46"),
            (4_107_542_400, "2100-03-01T00:00:00"),
            (u64::MAX, "9999-12-31T23:59:59"),
        ] {
            assert_eq!(WallTime::from_unix(seconds).as_str(), text);
            assert_eq!(WallTime::try_from(text.to_owned()), Ok(WallTime::from_unix(seconds)));
        }
        assert_eq!(WallTime::from_unix(1_795_398_706).compact(), "20261123-015146");
    }

    #[test]
    fn other_spellings_of_a_time_are_refused() {
        for bad in [
            "",
            "2026-11-23T01:51:46Z",
            "2026-11-23T01:51:46+09:00",
            "2026-11-23 01:51:46",
            "2026-11-23t01:51:46",
            "2026-11-23T01:51:46.5",
            "2026-13-23T01:51:46",
            "2026-00-23T01:51:46",
            "2026-11-32T01:51:46",
            "2026-11-23T24:51:46",
            "２026-11-23T01:51:4",
        ] {
            assert_eq!(WallTime::try_from(bad.to_owned()), Err(WallTimeError), "{bad}");
        }
    }
}
