//! Days of the calendar: how long a key is valid.

use crate::WallTime;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day, `2026-11-28`. Later days compare greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

/// Text that is no day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a day like 2026-11-28 is expected")]
pub struct DayError;

impl Day {
    /// The day of a time.
    #[must_use]
    pub fn of(time: &WallTime) -> Self {
        Self(time.as_str().get(..10).unwrap_or_default().to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Japanese fiscal year that it belongs to: from 1 April.
    #[must_use]
    pub fn fiscal_year(&self) -> u32 {
        let number = |from, to| self.0.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
        let (year, month) = (number(0, 4).unwrap_or(0), number(5, 7).unwrap_or(0));
        if month < 4 { year.saturating_sub(1) } else { year }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.0
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;
    /// Reads the one form that is written; 30 February is no day.
    fn try_from(text: String) -> Result<Self, DayError> {
        let form = "0000-00-00";
        let shaped = text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(b, f)| if f == b'0' { b.is_ascii_digit() } else { b == f });
        let number = |from, to| text.get(from..to).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
        let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
        if shaped && day >= 1 && day <= days_of(year, month) { Ok(Self(text)) } else { Err(DayError) }
    }
}

fn days_of(year: u16, month: u16) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// From the first day to the last, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
}

impl Validity {
    /// Whether there is a day in it.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.from <= self.until
    }

    /// Whether that day is in it.
    #[must_use]
    pub fn covers(&self, day: &Day) -> bool {
        self.from <= *day && *day <= self.until
    }

    /// Whether every day of the other one is in it.
    #[must_use]
    pub fn encloses(&self, other: &Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for good in ["2026-04-01", "2028-02-29", "2000-02-29", "9999-12-31"] {
            assert_eq!(day(good).as_str(), good);
        }
        for bad in [
            "",
            "2026-4-1",
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-04-00",
            "2026-04-01T",
            "２026-04-01",
            "+026-04-01",
        ] {
            assert_eq!(Day::try_from(bad.to_owned()), Err(DayError), "{bad}");
        }
    }

    #[test]
    fn a_fiscal_year_begins_in_april() {
        assert_eq!(day("2027-03-31").fiscal_year(), 2026);
        assert_eq!(day("2027-04-01").fiscal_year(), 2027);
    }

    #[test]
    fn the_first_and_the_last_day_count() {
        let year = Validity { from: day("2026-04-01"), until: day("2027-03-31") };
        for (text, inside) in
            [("2026-03-31", false), ("2026-04-01", true), ("2027-03-31", true), ("2027-04-01", false)]
        {
            assert_eq!(year.covers(&day(text)), inside, "{text}");
        }
        assert!(year.encloses(&year) && year.is_possible());
        assert_eq!(Day::of(&WallTime::from_unix(1_795_398_706)), day("2026-11-23"));
    }
}
