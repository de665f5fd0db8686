//! `office.toml`: what screens offer instead of asking for it to be typed.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthChar;

/// Names to choose from, each list in the office's own order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// 所属
    pub sections: Vec<String>,
    /// 実施場所
    pub places: Vec<String>,
    /// 職員
    pub staff: Vec<String>,
    /// 委託先
    pub contractors: Vec<String>,
}

/// Why the names cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamesError {
    /// The file is no TOML, or has other lists.
    #[error("{0}")]
    Syntax(String),
    /// A name is empty.
    #[error("a name is empty")]
    Empty,
    /// A name has a character that is not seen, or moves others; the text is the name.
    #[error("{0:?} has a character that cannot be seen")]
    Invisible(String),
}

impl Names {
    /// Reads the file. Letters and their marks come out composed, as a Mac writes them apart.
    ///
    /// # Errors
    /// [`NamesError`]: the first thing that is wrong with it.
    pub fn read(text: &str) -> Result<Self, NamesError> {
        let mut names: Self =
            toml::from_str(text).map_err(|error| NamesError::Syntax(error.message().to_owned()))?;
        for list in [&mut names.sections, &mut names.places, &mut names.staff, &mut names.contractors] {
            for name in list {
                *name = name.trim().nfc().collect();
                if name.is_empty() {
                    return Err(NamesError::Empty);
                }
                if name.chars().any(|c| c.width().is_none_or(|width| width == 0)) {
                    return Err(NamesError::Invisible(name.clone()));
                }
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_composed_and_in_their_order() {
        let text = "staff = [\" 山田 太郎\", \"か\u{3099}んだ\"]\nplaces = [\"3階倉庫\"]\n";
        let names = Names::read(text).unwrap();
        assert_eq!(names.staff, ["山田 太郎", "がんだ"]);
        assert_eq!((names.places.as_slice(), names.sections.len()), (["3階倉庫".to_owned()].as_slice(), 0));
        assert_eq!(Names::read(""), Ok(Names::default()));
    }

    #[test]
    fn a_name_that_is_not_seen_as_it_is_is_refused() {
        let staff = |name: &str| Names::read(&format!("staff = [{name:?}]"));
        assert_eq!(staff(" "), Err(NamesError::Empty));
        for name in ["a\u{202e}b", "a\u{200b}", "a\u{7}"] {
            let toml = format!("staff = [\"{}\"]", name.replace('\u{7}', "\\u0007"));
            assert!(matches!(Names::read(&toml), Err(NamesError::Invisible(_))), "{name:?}");
        }
        assert!(matches!(Names::read("stuff = []"), Err(NamesError::Syntax(_))));
        assert!(matches!(Names::read("staff = ["), Err(NamesError::Syntax(_))));
    }
}
