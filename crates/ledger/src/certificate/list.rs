//! All drives of a batch on one page: which logs count, and which do not.

use super::describe::verdict_code;
use super::model::Certificate;
use super::words::{Words, code};
use crate::escape::for_terminal;
use crate::texts::{Language, fill};
use model::Method;

/// A list in words. Every text in it is harmless.
#[derive(Debug)]
pub(crate) struct List {
    /// The heading.
    pub(crate) title: String,
    /// How many there are.
    pub(crate) sum: String,
    /// The names of the columns.
    pub(crate) heading: Vec<String>,
    /// A line for each drive.
    pub(crate) rows: Vec<Vec<String>>,
    /// The heading of what is wrong.
    pub(crate) problems_heading: String,
    /// What is wrong: logs that do not verify, and sessions that are missing.
    pub(crate) problems: Vec<String>,
}

/// The list of these certificates.
pub(crate) fn list(
    language: Language,
    certificates: &[Certificate],
    problems: &[String],
    refused: usize,
) -> List {
    let words = Words::of(language);
    let label = |name| words.get("label", name);
    let heading = [
        words.get("list", "number"),
        label("asset"),
        label("model"),
        label("serial"),
        label("kind"),
        label("asked"),
        label("achieved"),
        words.get("list", "outcome"),
        words.get("list", "verdict"),
        label("head"),
    ];
    let counts = [("drives", certificates.len().to_string()), ("refused", refused.to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    List {
        title: words.get("title", "list").to_owned(),
        sum: fill(words.get("list", "sum"), &counts),
        heading: heading.map(str::to_owned).to_vec(),
        rows: (1..).zip(certificates).map(|(number, it)| row(words, number, it)).collect(),
        problems_heading: words.get("list", "refused").to_owned(),
        problems: problems.to_vec(),
    }
}

fn row(words: &Words, number: usize, certificate: &Certificate) -> Vec<String> {
    let result = certificate.drive.result.as_ref();
    let method = |method: Option<Method>| {
        let name = method.map_or_else(|| "none".to_owned(), |method| code(&method));
        words.get("method", &name).to_owned()
    };
    vec![
        number.to_string(),
        for_terminal(certificate.asset_number()),
        for_terminal(certificate.model()),
        for_terminal(certificate.serial()),
        words.get("medium", &code(&certificate.kind())).to_owned(),
        method(result.and_then(|result| result.asked)),
        method(result.and_then(|result| result.achieved)),
        words.get("outcome", certificate.outcome.code()).to_owned(),
        words.get("verdict", &verdict_code(certificate)).to_owned(),
        record::Head12::of(&certificate.log.head).to_string(),
    ]
}
