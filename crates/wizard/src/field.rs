//! A line of text typed by a person.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use wana_kana::{ConvertJapanese, Options};

/// The most columns that a name or number may take.
pub(crate) const MAX_COLUMNS: usize = 40;
/// The most that a reason may take: three lines of the smallest screen.
const MAX_LONG: usize = 120;

/// What was typed into one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    text: String,
    /// The most columns that may be typed.
    most: usize,
    /// How many bytes at its end are romaji that is no kana yet.
    romaji: usize,
}

/// What letters become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Letters {
    /// Themselves.
    #[default]
    Latin,
    /// Hiragana, as they sound: an appliance has no kanji.
    Kana,
}

/// The field takes no more than these columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) usize);

impl Default for Field {
    fn default() -> Self {
        Self { text: String::new(), most: MAX_COLUMNS, romaji: 0 }
    }
}

impl Field {
    /// For a sentence.
    pub(crate) fn long() -> Self {
        Self { most: MAX_LONG, ..Self::default() }
    }

    /// A text that was not typed here: it may be longer than one that is.
    pub(crate) fn of(text: &str) -> Self {
        Self { text: harmless(text), ..Self::default() }
    }

    /// Puts a text that was not typed here in the place of whatever was.
    pub(crate) fn set(&mut self, text: &str) {
        (self.text, self.romaji) = (harmless(text), 0);
    }

    /// Appends one character. What takes no column (control, bidi, joiner) is dropped in silence.
    pub(crate) fn push(&mut self, typed: char) -> Result<(), TooLong> {
        let columns = typed.width().unwrap_or(0);
        if typed.is_control() || columns == 0 {
            return Ok(());
        }
        if self.text.width() + columns > self.most {
            return Err(TooLong(self.most));
        }
        self.romaji = 0;
        self.text.push(typed);
        Ok(())
    }

    /// Appends one character; letters that make up a sound become its kana.
    pub(crate) fn push_as(&mut self, typed: char, letters: Letters) -> Result<(), TooLong> {
        let sounds = typed.is_ascii_alphabetic() || matches!(typed, '-' | '\'');
        if letters == Letters::Latin || !sounds {
            self.settle();
            return self.push(typed);
        }
        let consonant = !"aiueoyn'-".contains(typed.to_ascii_lowercase());
        if consonant && self.romaji == 1 {
            // An n before another consonant is ん already.
            self.settle_n();
        }
        let begun = self.text.split_at_checked(self.text.len().saturating_sub(self.romaji));
        let (before, romaji) = begun.unwrap_or((&self.text, ""));
        let romaji = format!("{romaji}{}", typed.to_ascii_lowercase());
        let kana = romaji.to_hiragana_with_opt(Options { imemode: true, ..Options::default() });
        let text = format!("{before}{kana}");
        if text.width() > self.most {
            return Err(TooLong(self.most));
        }
        let open = kana.chars().rev().take_while(char::is_ascii).count();
        (self.text, self.romaji) = (text, open);
        Ok(())
    }

    /// Ends what may still become kana: a last n is ん.
    pub(crate) fn settle(&mut self) {
        self.settle_n();
        self.romaji = 0;
    }

    fn settle_n(&mut self) {
        if self.romaji == 1 && self.text.ends_with('n') && self.text.width() < self.most {
            self.text.pop();
            self.text.push('ん');
            self.romaji = 0;
        }
    }

    /// Drops the last character.
    pub(crate) fn pop(&mut self) {
        self.text.pop();
        self.romaji = self.romaji.saturating_sub(1);
    }

    /// As it was typed.
    pub(crate) fn typed(&self) -> &str {
        &self.text
    }

    /// Without blanks around it.
    pub(crate) fn value(&self) -> &str {
        self.text.trim()
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
        assert_eq!(field.push('a'), Err(TooLong(MAX_COLUMNS)));
        field.pop();
        field.push('a').unwrap();
        field.push('b').unwrap();
        assert_eq!(field.push('c'), Err(TooLong(MAX_COLUMNS)));
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
    fn a_sentence_takes_three_times_as_much() {
        let mut field = Field::long();
        assert!("x".repeat(120).chars().all(|c| field.push(c).is_ok()));
        assert_eq!(field.push('x'), Err(TooLong(120)));
    }

    fn kana(typed: &str) -> String {
        let mut field = Field::default();
        typed.chars().for_each(|c| field.push_as(c, Letters::Kana).unwrap());
        field.settle();
        field.typed().to_owned()
    }

    #[test]
    fn letters_become_the_kana_of_their_sound() {
        for (typed, read) in [
            ("yamada tarou", "やまだ たろう"),
            ("Shinnosuke", "しんおすけ"),
            ("shin'ichi", "しんいち"),
            ("kyouko", "きょうこ"),
            ("hattori", "はっとり"),
            ("honda", "ほんだ"),
            ("jun", "じゅん"),
            ("3kai-souko", "3かいーそうこ"),
            ("山田 jirou", "山田 じろう"),
        ] {
            assert_eq!(kana(typed), read, "{typed}");
        }
    }

    #[test]
    fn romaji_that_is_no_kana_yet_can_be_taken_back_and_stays_letters_when_left() {
        let mut field = Field::default();
        "kaky".chars().for_each(|c| field.push_as(c, Letters::Kana).unwrap());
        assert_eq!(field.typed(), "かky");
        field.pop();
        field.push_as('o', Letters::Kana).unwrap();
        assert_eq!(field.typed(), "かこ");
        "PC".chars().for_each(|c| field.push_as(c, Letters::Latin).unwrap());
        "ka".chars().for_each(|c| field.push_as(c, Letters::Kana).unwrap());
        assert_eq!(field.typed(), "かこPCか");
        field.push_as('k', Letters::Kana).unwrap();
        field.settle();
        assert_eq!(field.typed(), "かこPCかk");
    }

    #[test]
    fn kana_takes_no_more_columns_than_letters() {
        let mut field = Field::default();
        let full = "ka".repeat(30).chars().any(|c| field.push_as(c, Letters::Kana).is_err());
        assert!(full && field.typed().width() <= MAX_COLUMNS);
        field.settle();
        assert!(field.typed().width() <= MAX_COLUMNS);
    }

    #[test]
    fn the_same_name_in_other_letters_is_the_same_person() {
        assert!(same_person("Yamada Taro", "yamada　taro"));
        assert!(same_person("ＹＡＭＡＤＡ", "yamada"));
        assert!(!same_person("山田太郎", "山田次郎"));
    }
}
