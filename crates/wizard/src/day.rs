//! A day as people type it.

/// The first and last year that can be meant.
const YEARS: std::ops::RangeInclusive<u16> = 2020..=2099;

/// A day of the calendar, typed as `20261231`, `2026-12-31` or `2026/12/31`, in the form that records have.
pub(crate) fn read(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let signs: Vec<char> = typed.chars().filter(|c| !c.is_ascii_digit()).collect();
    let shaped = match signs.as_slice() {
        [] => true,
        ['-', '-'] | ['/', '/'] => {
            [4, 7].into_iter().all(|at| typed.chars().nth(at).is_some_and(|c| !c.is_ascii_digit()))
        }
        _ => false,
    };
    if !shaped || digits.len() != 8 {
        return None;
    }
    let number = |from, to| digits.get(from..to).and_then(|part| part.parse::<u16>().ok());
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let exists = YEARS.contains(&year) && (1..=days_of(year, month)).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn days_of(year: u16, month: u16) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && !year.is_multiple_of(100) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_is_read_in_each_form_and_nonsense_is_not() {
        for typed in ["20261231", "2026-12-31", "2026/12/31", " 20261231 "] {
            assert_eq!(read(typed).as_deref(), Some("2026-12-31"), "{typed}");
        }
        assert_eq!(read("20280229").as_deref(), Some("2028-02-29"));
        for typed in [
            "",
            "2026",
            "20260230",
            "20270229",
            "20261301",
            "20260100",
            "202612310",
            "2026-1231",
            "99991231",
            "令和8年12月31日",
            "2026.12.31",
            "20-26-1231",
            "0",
            "２０２６１２３１",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_has_the_form_of_records(typed in "[0-9/-]{0,12}") {
            if let Some(day) = read(&typed) {
                prop_assert_eq!(read(&day), Some(day.clone()));
                prop_assert_eq!(day.len(), 10);
            }
        }
    }
}
