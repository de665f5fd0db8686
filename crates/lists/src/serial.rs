//! Serial numbers as people and Excel leave them, held against those that drives reported.
//!
//! A match that is not letter by letter is always said: a wrong drive taken for the right one is the worst that a list
//! can do.

use std::collections::{BTreeMap, HashMap};
use unicode_normalization::UnicodeNormalization;

/// How two serial numbers came to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Letter by letter.
    Exact,
    /// But for case, blanks, full-width forms, kinds of hyphens, or leading zeros.
    Loose,
    /// The list has what Excel made of a long number.
    Excel,
}

/// Case, blanks, width, hyphens and leading zeros aside.
#[must_use]
pub fn loose(serial: &str) -> String {
    let plain = plain(serial);
    let stripped = plain.trim_start_matches('0');
    if stripped.is_empty() { plain } else { stripped.to_owned() }
}

fn plain(serial: &str) -> String {
    let kept = serial.nfkc().filter(|c| !c.is_whitespace() && !c.is_control());
    let hyphens = |c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' => '-',
        other => other,
    };
    kept.map(hyphens).flat_map(char::to_uppercase).collect()
}

/// Significant digits of a number, without trailing zeros, and its power of ten: 1.23E+15 is 123 and 15.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Scientific {
    digits: String,
    exponent: usize,
}

/// Excel keeps 15 digits of a number; the others become zeros.
const EXCEL_DIGITS: usize = 15;
/// Excel knows no number of more digits.
const EXCEL_LARGEST: usize = 308;

impl Scientific {
    /// A whole number in decimal.
    fn of_number(digits: &str) -> Option<Self> {
        let digits = digits.trim_start_matches('0');
        let exponent = digits.len().checked_sub(1)?;
        let all = digits.bytes().all(|byte| byte.is_ascii_digit());
        let kept: String = digits.chars().take(EXCEL_DIGITS).collect();
        (all && exponent <= EXCEL_LARGEST).then_some(Self { digits: kept, exponent })
    }

    /// What Excel takes a serial number for: digits, or digits with one E between them (1234E5).
    fn of_serial(serial: &str) -> Option<Self> {
        match serial.split_once('E') {
            None => Self::of_number(serial),
            Some((digits, power)) => {
                let number = Self::of_number(digits)?;
                let power = power.strip_prefix('+').unwrap_or(power);
                let power: usize = power.parse().ok().filter(|power| *power <= EXCEL_LARGEST)?;
                Some(Self { exponent: number.exponent.checked_add(power)?, ..number })
            }
        }
    }

    /// Rounded to so many digits, half up, as it is shown; trailing zeros left out.
    fn rounded(&self, precision: usize) -> Self {
        let mut digits: Vec<u8> = self.digits.bytes().map(|byte| byte - b'0').collect();
        let up = digits.get(precision).is_some_and(|digit| *digit >= 5);
        digits.truncate(precision);
        let mut exponent = self.exponent;
        let mut carry = u8::from(up);
        for digit in digits.iter_mut().rev() {
            *digit += carry;
            carry = *digit / 10;
            *digit %= 10;
        }
        if carry > 0 {
            digits.insert(0, carry);
            exponent += 1;
        }
        let text: String = digits.into_iter().map(|digit| char::from(b'0' + digit)).collect();
        Self { digits: text.trim_end_matches('0').to_owned(), exponent }
    }
}

/// What Excel wrote in the place of a number, and how many digits it kept.
fn excel(cell: &str) -> Option<(usize, Scientific)> {
    let cell = plain(cell);
    if let Some((mantissa, exponent)) = cell.split_once("E+") {
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{part}");
        let number = whole.len() == 1 && whole != "0" && digits.bytes().all(|byte| byte.is_ascii_digit());
        let exponent = exponent.parse().ok().filter(|exponent| *exponent <= EXCEL_LARGEST)?;
        return number
            .then(|| (digits.len(), Scientific { digits, exponent }.rounded(digits_kept(mantissa))));
    }
    // Written out, with zeros from the sixteenth digit on.
    let zeros = cell.get(EXCEL_DIGITS..)?.bytes().all(|byte| byte == b'0');
    let long = zeros && cell.len() > EXCEL_DIGITS;
    let number = Scientific::of_number(&cell).filter(|_| long)?;
    Some((EXCEL_DIGITS, number.rounded(EXCEL_DIGITS)))
}

fn digits_kept(mantissa: &str) -> usize {
    mantissa.bytes().filter(u8::is_ascii_digit).count()
}

/// Serial numbers to be found.
#[derive(Debug, Default)]
pub struct SerialIndex {
    serials: Vec<String>,
    loose: HashMap<String, Vec<usize>>,
    /// By the number of digits kept: the rounded number, and whose it is. Made when it is first needed.
    excel: BTreeMap<usize, HashMap<Scientific, Vec<usize>>>,
}

impl SerialIndex {
    /// Takes serial numbers; each is found by its place among them. Empty ones are never found.
    #[must_use]
    pub fn new(serials: Vec<String>) -> Self {
        let mut index = Self { loose: HashMap::new(), excel: BTreeMap::new(), serials };
        for (place, serial) in index.serials.iter().enumerate() {
            let key = loose(serial);
            if !key.is_empty() {
                index.loose.entry(key).or_default().push(place);
            }
        }
        index
    }

    /// Whose serial number a cell of a list is, and how alike. Exact ones leave the others out, and so do loose ones.
    pub fn find(&mut self, cell: &str) -> Vec<(usize, Likeness)> {
        let there = self.loose.get(&loose(cell)).map(Vec::as_slice).unwrap_or_default();
        if !there.is_empty() {
            let is_exact =
                |place: &usize| self.serials.get(*place).is_some_and(|serial| serial == cell.trim());
            let exact: Vec<_> = there.iter().copied().filter(|place| is_exact(place)).collect();
            let all = there.iter().map(|place| (*place, Likeness::Loose));
            return match exact.is_empty() {
                true => all.collect(),
                false => exact.into_iter().map(|place| (place, Likeness::Exact)).collect(),
            };
        }
        let Some((precision, number)) = excel(cell) else { return Vec::new() };
        let serials = &self.serials;
        let rounded = self.excel.entry(precision).or_insert_with(|| all_rounded(serials, precision));
        let there = rounded.get(&number).map(Vec::as_slice).unwrap_or_default();
        there.iter().map(|place| (*place, Likeness::Excel)).collect()
    }
}

fn all_rounded(serials: &[String], precision: usize) -> HashMap<Scientific, Vec<usize>> {
    let mut rounded: HashMap<Scientific, Vec<usize>> = HashMap::new();
    for (place, serial) in serials.iter().enumerate() {
        if let Some(number) = Scientific::of_serial(&plain(serial)) {
            rounded.entry(number.rounded(precision)).or_default().push(place);
        }
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;
    use Likeness::{Exact, Excel, Loose};

    fn found(serials: &[&str], cell: &str) -> Vec<(usize, Likeness)> {
        SerialIndex::new(serials.iter().map(|serial| (*serial).to_owned()).collect()).find(cell)
    }

    #[test]
    fn case_blanks_width_hyphens_and_leading_zeros_are_tolerated_and_told() {
        let serials = ["WD-WX11A1234567", "000123456", "S425NX0M"];
        assert_eq!(found(&serials, "WD-WX11A1234567 "), [(0, Exact)]);
        for cell in [
            "wd-wx11a1234567",
            "ＷＤ－ＷＸ１１Ａ１２３４５６７",
            "WD\u{2010}WX11A 123 4567",
            "WD－WX11A1234567",
        ] {
            assert_eq!(found(&serials, cell), [(0, Loose)], "{cell}");
        }
        assert_eq!(found(&serials, "123456"), [(1, Loose)]);
        assert_eq!(found(&serials, "S425NX0N"), []);
        assert_eq!(found(&["", "0"], ""), []);
        assert_eq!(found(&["", "0"], "0"), [(1, Exact)]);
    }

    #[test]
    fn what_excel_made_of_a_long_number_is_found() {
        let serials = ["1234567890123456", "1299999999999999", "9996543210123456", "9876543210", "1234E5"];
        assert_eq!(found(&serials, "1.23457E+15"), [(0, Excel)]);
        assert_eq!(found(&serials, "1.23457e+15"), [(0, Excel)]);
        assert_eq!(found(&serials, "1.3E+15"), [(1, Excel)]);
        assert_eq!(found(&serials, "1.00E+16"), [(2, Excel)], "rounding carries");
        assert_eq!(found(&serials, "9.87654E+09"), [(3, Excel)]);
        assert_eq!(found(&serials, "1.23E+08"), [(4, Excel)], "1234E5 is a number to Excel");
        assert_eq!(found(&serials, "1234567890123450"), [(0, Excel)], "fifteen digits are kept");
        assert_eq!(found(&serials, "1234567890123000"), []);
        assert_eq!(found(&serials, "1.23457E+14"), []);
    }

    #[test]
    fn several_that_round_alike_are_all_named() {
        assert_eq!(found(&["1234000000000001", "1234000000000002"], "1.234E+15"), [(0, Excel), (1, Excel)]);
    }

    #[test]
    fn no_cell_leads_astray() {
        for cell in ["E+", "1E+", ".E+5", "1.2E+999999999999999999999", "E+15", "０", "1.2.3E+4", "\u{0}"] {
            assert_eq!(found(&["1234567890123456", "E", "1E"], cell), [], "{cell}");
        }
    }
}
