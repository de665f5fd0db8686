//! A line of text typed by a person.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The most columns that a name or number may take.
pub(crate) const MAX_COLUMNS: usize = 40;

/// What was typed into one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Field(String);

/// The field takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Field {
    /// Appends one character. What takes no column (control, bidi, joiner) is dropped in silence.
    pub(crate) fn push(&mut self, typed: char) -> Result<(), TooLong> {
        let columns = typed.width().unwrap_or(0);
        if typed.is_control() || columns == 0 {
            return Ok(());
        }
        if self.0.width() + columns > MAX_COLUMNS {
            return Err(TooLong);
        }
        self.0.push(typed);
        Ok(())
    }

    /// Drops the last character.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// As it was typed.
    pub(crate) fn typed(&self) -> &str {
        &self.0
    }

    /// Without blanks around it.
    pub(crate) fn value(&self) -> &str {
        self.0.trim()
    }
}

/// Whether two names are the same but for blanks, case and the width of letters.
pub(crate) fn same_person(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).map(half_width).flat_map(char::to_lowercase).collect()
}

/// Full-width ASCII (U+FF01 to U+FF5E) as its plain counterpart.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Text from outside, without what could move the cursor or turn the reading direction.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && c.width().unwrap_or(0) > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_takes_forty_columns_and_counts_kanji_twice() {
        let mut field = Field::default();
        for _ in 0..20 {
            field.push('山').unwrap();
        }
        assert_eq!(field.push('a'), Err(TooLong));
        field.pop();
        field.push('a').unwrap();
        field.push('b').unwrap();
        assert_eq!(field.push('c'), Err(TooLong));
    }

    #[test]
    fn control_and_bidi_characters_are_dropped() {
        let mut field = Field::default();
        for c in "a\u{1b}\u{202e}\u{200b}\u{7f}b".chars() {
            field.push(c).unwrap();
        }
        assert_eq!(field.typed(), "ab");
        assert_eq!(harmless("x\u{1b}[2J\u{2066}y\n"), "x[2Jy");
    }

    #[test]
    fn the_same_name_in_other_letters_is_the_same_person() {
        assert!(same_person("Yamada Taro", "yamada　taro"));
        assert!(same_person("ＹＡＭＡＤＡ", "yamada"));
        assert!(!same_person("山田太郎", "山田次郎"));
    }
}
