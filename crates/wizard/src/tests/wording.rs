//! The catalogues: the same keys, the same places, nothing overlong.

use crate::Language;
use crate::texts::{Catalogues, fill};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

const JA: &str = include_str!("../texts/ja.toml");
const EN: &str = include_str!("../texts/en.toml");

fn texts(source: &str) -> BTreeMap<String, String> {
    fn walk(prefix: &str, table: &toml::Table, texts: &mut BTreeMap<String, String>) {
        for (key, value) in table {
            let path = format!("{prefix}{key}");
            match value {
                toml::Value::Table(inner) => walk(&format!("{path}."), inner, texts),
                toml::Value::String(text) => {
                    texts.insert(path, text.clone());
                }
                other => panic!("{path} is {other:?}"),
            }
        }
    }
    let mut all = BTreeMap::new();
    walk("", &source.parse().unwrap(), &mut all);
    all
}

fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect();
    places.sort_unstable();
    places
}

#[test]
fn both_catalogues_are_read() {
    let catalogues = Catalogues::load().unwrap();
    assert_ne!(catalogues.of(Language::Ja), catalogues.of(Language::En));
}

#[test]
fn both_catalogues_have_the_same_keys_and_places() {
    let (ja, en) = (texts(JA), texts(EN));
    assert_eq!(ja.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, text) in &ja {
        assert_eq!(places(text), places(&en[key]), "{key}");
        assert!(!text.trim().is_empty() && !en[key].trim().is_empty(), "{key} is empty");
    }
}

#[test]
fn english_is_ascii_because_the_kernel_console_shows_nothing_else() {
    for (key, text) in texts(EN) {
        assert!(text.is_ascii(), "{key}: {text}");
    }
}

/// Message lines are one row of the smallest screen; what is filled in may take this much.
#[test]
fn no_message_is_longer_than_its_line() {
    const ROOM: usize = 76;
    for source in [JA, EN] {
        for (key, text) in texts(source) {
            let message = key.ends_with("_do") || texts(source).contains_key(&format!("{key}_do"));
            let parts: Vec<&str> = key.split('.').collect();
            let pair =
                matches!(parts.as_slice(), ["stick_problem" | "unlock" | "power" | "unattended", _, _]);
            if message || pair {
                // Two drives by their names and a count, as long as they can be, take two lines more.
                let model = "M".repeat(40);
                let names = format!("Drive 11 {model}, Drive 12 {model}, +10");
                let room = if text.contains("{names}") { 3 * ROOM } else { ROOM };
                let said = fill(&text, &[("columns", &40), ("names", &names), ("failure", &"EIO")]);
                assert!(said.width() <= room, "{key}: {} columns", said.width());
            }
        }
    }
}

#[test]
fn the_guideline_is_quoted_in_its_own_words() {
    for word in [
        "マイナンバー利用事務系の領域において住民情報を保存する記録媒体",
        "自治体機密性2以上",
        "自治体機密性1",
        "指定した方法で実施したことを目視で確認",
        "再利用・返却できます",
        "破壊業者へ引き渡せます",
        "庁舎から持ち出せません（庁舎内で破壊）",
        "引渡前の消去",
    ] {
        assert!(texts(JA).values().any(|text| text.contains(word)), "{word}");
    }
}

#[test]
fn a_value_that_looks_like_a_place_is_left_alone() {
    assert_eq!(fill("{a}-{b}", &[("a", &"{b}"), ("b", &1)]), "{b}-1");
    assert_eq!(fill("x {unclosed", &[]), "x {unclosed");
}
