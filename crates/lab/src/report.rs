//! What was checked, and whether it held.

use std::fmt;

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Check {
    what: String,
    /// Why it did not hold.
    trouble: Option<String>,
}

/// Everything that was checked in a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    checks: Vec<Check>,
    notes: Vec<String>,
}

impl Report {
    /// Takes down what was checked and how it went.
    pub fn check<E: fmt::Display>(&mut self, what: impl Into<String>, result: Result<(), E>) {
        self.checks.push(Check { what: what.into(), trouble: result.err().map(|error| error.to_string()) });
    }

    /// Takes down that two things should be the same.
    pub fn same<T: PartialEq + fmt::Debug>(&mut self, what: impl Into<String>, found: &T, wanted: &T) {
        let result = if found == wanted { Ok(()) } else { Err(format!("{found:?} instead of {wanted:?}")) };
        self.check(what, result);
    }

    /// Takes down a figure or a remark that can't be wrong.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Takes over another report's checks, each under this heading.
    pub fn include(&mut self, heading: &str, other: Self) {
        let under = |text: String| format!("{heading}: {text}");
        self.checks.extend(other.checks.into_iter().map(|check| Check { what: under(check.what), ..check }));
        self.notes.extend(other.notes.into_iter().map(under));
    }

    /// Whether there were checks, and all held.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !self.checks.is_empty() && self.failed() == 0
    }

    fn failed(&self) -> usize {
        self.checks.iter().filter(|check| check.trouble.is_some()).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            match &check.trouble {
                None => writeln!(f, "  ok    {}", check.what)?,
                Some(trouble) => writeln!(f, "  WRONG {}\n        {trouble}", check.what)?,
            }
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        match self.failed() {
            0 => write!(f, "{} checks, all as expected", self.checks.len()),
            failed => write!(f, "{failed} of {} checks are NOT as expected", self.checks.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_trouble_spoils_it_and_nothing_checked_is_not_good() {
        let mut report = Report::default();
        assert!(!report.is_good());
        report.same("one", &1, &1);
        assert!(report.is_good());
        let mut other = Report::default();
        other.same("two", &1, &2);
        report.include("run", other);
        assert!(!report.is_good());
        assert_eq!(
            report.to_string(),
            "  ok    one\n  WRONG run: two\n        1 instead of 2\n1 of 2 checks are NOT as expected"
        );
    }
}
