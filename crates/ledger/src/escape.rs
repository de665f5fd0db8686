//! Text from a log on a terminal: what could hide, move or turn anything is shown as its number.

/// Makes text harmless. Escape sequences, line ends, and characters that are invisible or change the direction of
/// writing become `\u{…}`.
#[must_use]
pub(crate) fn for_terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            shown.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::for_terminal;

    #[test]
    fn japanese_stays_and_what_steers_a_terminal_does_not() {
        assert_eq!(for_terminal("髙﨑 ① (株)"), "髙﨑 ① (株)");
        assert_eq!(for_terminal("a\u{1b}[2Jb\r\nc\t"), "a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{9}");
        assert_eq!(for_terminal("\u{202e}exe\u{200b}\u{9b}2J"), "\\u{202e}exe\\u{200b}\\u{9b}2J");
    }
}
