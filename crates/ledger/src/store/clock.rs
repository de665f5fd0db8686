//! The office's time.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use record::{Day, WallTime};

/// The present time as the ledger writes it: `2026-11-28T10:15:00Z`.
pub(crate) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The day of such a time in Japan, where offices count their days. A time that cannot be read is of the last day of all,
/// so that nothing counts as collected before another day by it.
pub(crate) fn day_in_japan(time: &str) -> Day {
    let japan = TimeZone::fixed(Offset::constant(9));
    let day = time.parse::<Timestamp>().map(|time| Zoned::new(time, japan).date().to_string());
    let day = day.ok().and_then(|day| Day::try_from(day).ok());
    day.unwrap_or_else(|| Day::of(&WallTime::from_unix(253_402_300_799)))
}

#[cfg(test)]
mod tests {
    use super::day_in_japan;

    #[test]
    fn a_day_in_japan_begins_nine_hours_before_that_of_utc() {
        for (time, day) in [
            ("2026-11-28T14:59:59Z", "2026-11-28"),
            ("2026-11-28T15:00:00Z", "2026-11-29"),
            ("2026-12-31T23:00:00Z", "2027-01-01"),
            ("yesterday", "9999-12-31"),
        ] {
            assert_eq!(day_in_japan(time).as_str(), day, "{time}");
        }
    }
}
