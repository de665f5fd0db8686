//! The viewer: one page that verifies a stick's logs in a browser, on an office PC without this program.
//!
//! It is written to FORMAT.md, not to the crate `record`: the second implementation that the format is tested by. Its
//! sources are in `viewer/`; here they become one page that fetches nothing.

use crate::certificate::csv::LABELS;
use crate::certificate::words::Words;
use crate::texts::{Language, Texts};
use crate::vouchers::Vouchers;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../viewer/page.html");
const STYLES: [&str; 2] = [include_str!("certificate/style.css"), include_str!("../viewer/viewer.css")];
/// A kept library, as it is published; see `vendor/README.md`.
const NOBLE: &str = include_str!("../viewer/vendor/noble-ed25519/index.js");
/// In the order in which they use each other.
const SCRIPTS: [&str; 16] = [
    include_str!("../viewer/json.js"),
    include_str!("../viewer/bytes.js"),
    include_str!("../viewer/signature.js"),
    include_str!("../viewer/schema.js"),
    include_str!("../viewer/log.js"),
    include_str!("../viewer/story.js"),
    include_str!("../viewer/proof.js"),
    include_str!("../viewer/stick.js"),
    include_str!("../viewer/twins.js"),
    include_str!("../viewer/trust.js"),
    include_str!("../viewer/words.js"),
    include_str!("../viewer/show.js"),
    include_str!("../viewer/certificate.js"),
    include_str!("../viewer/table.js"),
    include_str!("../viewer/files.js"),
    include_str!("../viewer/page.js"),
];
const MAIN: &str = include_str!("../viewer/main.js");

/// Every text that the page can show.
#[derive(Serialize)]
struct Catalogues<'a> {
    /// The language it begins with.
    language: &'static str,
    texts: BTreeMap<&'static str, &'static Texts>,
    words: BTreeMap<&'static str, &'static Words>,
    viewer: Value,
    /// The columns of the table, which are the program's.
    columns: &'static [&'static str],
    /// The office's documents, built in: a stick's are never asked.
    organisations: Vec<&'a str>,
    revocations: Vec<&'a str>,
}

/// The page, in a language to begin with, with the office's documents in it.
#[must_use]
pub(crate) fn page(language: Language, office: &Vouchers) -> String {
    let script = script();
    let style = STYLES.concat();
    // Only this script and this style, and nothing from anywhere.
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        source_hash(&script),
        source_hash(&style)
    );
    let parts = [
        ("policy", policy),
        ("style", style),
        ("catalogues", catalogues(language, office)),
        ("script", script),
    ];
    // Placeholders are looked for in the page only, not in what was put there.
    let mut page = String::new();
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        page.push_str(before);
        page.push_str(parts.iter().find(|(part, _)| *part == name).map_or("", |(_, text)| text));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// All scripts as one, in a scope of their own; the library's exports become the members of a constant.
fn script() -> String {
    let (library, exports) = NOBLE.rsplit_once("export {").unwrap_or((NOBLE, "};"));
    let library = format!("const nobleEd25519 = (() => {{\n{library}return {{{exports}}})();\n");
    format!("\"use strict\";\n(() => {{\n{library}{}{MAIN}}})();\n", SCRIPTS.concat())
}

fn catalogues(language: Language, office: &Vouchers) -> String {
    let [organisations, revocations] = office.lines();
    let both = [Language::Ja, Language::En];
    let catalogues = Catalogues {
        language: language.code(),
        texts: both.into_iter().map(|one| (one.code(), one.texts())).collect(),
        words: both.into_iter().map(|one| (one.code(), Words::of(one))).collect(),
        viewer: toml::from_str(include_str!("../viewer/texts.toml")).unwrap_or_default(),
        columns: &LABELS,
        organisations,
        revocations,
    };
    // `<` would be read by HTML, not by JSON.
    serde_json::to_string(&catalogues).unwrap_or_default().replace('<', "\\u003c")
}

/// The hash by which a content security policy allows an inline script or style (CSP 3, 6.7.2.3).
fn source_hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_the_published_one() {
        let hash: String =
            Sha256::digest(NOBLE.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "a4f631d1876b5d9e43a86cd71194ca27b5e1451edf4ba4db9a418f40a475569a");
    }

    #[test]
    fn the_page_fetches_nothing_and_closes_no_element_early() {
        for language in [Language::Ja, Language::En] {
            let page = page(language, &Vouchers::default());
            assert!(!page.contains("{{") && page.ends_with("</html>\n"));
            assert_eq!(page.matches("<script").count(), 2);
            assert_eq!(page.matches("</script").count(), 2);
            assert!(!page.contains(" src=") && !page.contains("@import") && !page.contains("url("));
        }
    }

    #[test]
    fn the_screen_has_the_same_texts_in_both_languages() {
        let texts: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(include_str!("../viewer/texts.toml")).unwrap();
        let names = |language: &str| texts[language].keys().cloned().collect::<Vec<_>>();
        assert_eq!(names("ja"), names("en"));
    }
}
