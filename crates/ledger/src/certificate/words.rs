//! The words of certificates in both languages, by the codes of the log.

use crate::texts::Language;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The catalogue of a language: `section.name` to text.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Words(BTreeMap<String, String>);

static JA: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("ja.toml")));
static EN: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("en.toml")));

impl Words {
    /// The catalogue of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }

    /// A text; its own name when there is none, which a test rules out for every name in use.
    pub(crate) fn get<'a>(&'a self, section: &str, name: &'a str) -> &'a str {
        self.0.get(&format!("{section}.{name}")).map_or(name, String::as_str)
    }

    /// A catalogue that cannot be read is empty, which a test finds.
    fn read(text: &str) -> Self {
        let sections: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text).unwrap_or_default();
        let named = |(section, texts): (String, BTreeMap<String, String>)| {
            texts.into_iter().map(move |(name, text)| (format!("{section}.{name}"), text))
        };
        Self(sections.into_iter().flat_map(named).collect())
    }
}

/// The code by which the log names a value: the text, or the member that tags an object, or its only member.
pub(crate) fn code<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        Ok(Value::Object(members)) => {
            let tags = ["code", "reason", "is", "do", "verdict", "by"];
            let tag = tags.iter().find_map(|tag| members.get(*tag)?.as_str());
            tag.map(str::to_owned).or_else(|| members.keys().next().cloned()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::model::CertifiedOutcome;
    use model::Technique;

    #[test]
    fn both_languages_have_the_same_names() {
        let names = |words: &'static Words| words.0.keys().collect::<Vec<_>>();
        assert_eq!(names(&JA), names(&EN));
        assert!(JA.0.len() > 200, "{}", JA.0.len());
    }

    #[test]
    fn every_outcome_and_technique_has_its_word() {
        for words in [&JA, &EN] {
            for outcome in CertifiedOutcome::ALL {
                assert_ne!(words.get("outcome", outcome.code()), outcome.code());
            }
            for technique in Technique::ALL {
                assert_ne!(words.get("technique", technique.name()), technique.name());
            }
        }
    }

    #[test]
    fn nothing_is_certified_on_another_s_behalf() {
        for words in [&JA, &EN] {
            for (name, text) in &words.0 {
                for never in ["第三者証明", "ADEC", "NIST"] {
                    assert!(!text.contains(never), "{name}: {text}");
                }
            }
        }
    }

    #[test]
    fn clear_is_never_called_purge() {
        for words in [&JA, &EN] {
            for (name, text) in &words.0 {
                let of_purge = name.ends_with(".purge");
                assert!(of_purge || !text.contains("除去") && !text.contains("Purge"), "{name}: {text}");
            }
        }
    }
}
