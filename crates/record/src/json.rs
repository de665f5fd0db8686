//! JSON as the log allows it: stricter than JSON itself, so that two readers never read two things.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Why a text is not the log's JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, a member twice in one object, or a number that is not a small non-negative integer.
    #[error("{0}")]
    Syntax(String),
    /// A character that is invisible or changes the direction of the text stands there unescaped.
    #[error("U+{0:04X} is not escaped")]
    Invisible(u32),
}

/// Characters that never stand unescaped: controls, and those that hide or turn text around.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || c == '\u{feff}'
}

/// Escapes what [`is_invisible`] names. Such characters stand only inside strings, where `\uXXXX` means the same.
pub(crate) fn escape_invisible(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Reads one JSON text by the log's rules.
pub(crate) fn parse(text: &str) -> Result<Value, JsonError> {
    if let Some(c) = text.chars().find(|c| is_invisible(*c)) {
        return Err(JsonError::Invisible(u32::from(c)));
    }
    serde_json::from_str::<Strict>(text)
        .map(|strict| strict.0)
        .map_err(|error| JsonError::Syntax(error.to_string()))
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions, negative numbers or repeated members")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        match u32::try_from(value) {
            Ok(small) => Ok(Value::from(small)),
            Err(_) => Err(E::custom("numbers beyond 32 bits are strings here")),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Strict(value))) = map.next_entry::<String, Strict>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format!("{name:?} stands twice")));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_allows_and_the_log_does_not() {
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":-1}"#,
            r#"{"a":4294967296}"#,
            r#"{"a":1} {}"#,
            r#"{"a":"\u{202e}"}"#,
            r#"{"a":1"#,
            "{\"a\":\"\u{1}\"}",
        ] {
            assert!(matches!(parse(bad), Err(JsonError::Syntax(_) | JsonError::Invisible(_))), "{bad}");
        }
        assert_eq!(parse("{\"a\":\"\u{202e}\"}"), Err(JsonError::Invisible(0x202e)));
    }

    #[test]
    fn escaping_hides_nothing_and_keeps_japanese() {
        let text = "\"髙﨑\u{202e}\u{feff}\u{7f}\u{85}\u{2028}\"";
        let escaped = escape_invisible(text);
        assert_eq!(escaped, r#""髙﨑\u202e\ufeff\u007f\u0085\u2028""#);
        assert_eq!(parse(&escaped).unwrap(), Value::String(text.trim_matches('"').to_owned()));
    }
}
