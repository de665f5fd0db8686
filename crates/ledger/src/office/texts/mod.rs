//! Every sentence and word of the commands at the office, in both languages.

mod en;
mod ja;

use crate::Language;
use crate::recompute::Disagreement;
use crate::texts::Problem;

/// The catalogue of a language.
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::Ja => &ja::WORDS,
        Language::En => &en::WORDS,
    }
}

/// All texts of a language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) separator: &'static str,
    pub(super) bad_date: Problem,
    pub(super) no_ledger: Problem,
    pub(super) exists: Problem,
    pub(super) not_a_ledger: Problem,
    pub(super) newer_ledger: Problem,
    pub(super) busy: Problem,
    pub(super) damaged: Problem,
    pub(super) ledger_fails: Problem,
    pub(super) taken_verified: &'static str,
    pub(super) taken_completed: &'static str,
    pub(super) taken_unclosed: &'static str,
    pub(super) taken_beginnings: &'static str,
    pub(super) taken_refused: &'static str,
    pub(super) taken_rivals: &'static str,
    pub(super) taken_known: &'static str,
    pub(super) taken_nothing: &'static str,
    pub(super) kept_apart: &'static str,
    pub(super) rival: Problem,
    pub(super) contradictory_drive: Problem,
    pub(super) broken_link: Problem,
    pub(super) disagreements: [&'static str; Disagreement::ALL.len()],
}

impl Words {
    /// Why the office does not come to the method that a log claims.
    pub(super) fn disagreement(&self, disagreement: Disagreement) -> &'static str {
        let place = Disagreement::ALL.iter().position(|one| *one == disagreement);
        place.and_then(|place| self.disagreements.get(place)).copied().unwrap_or_default()
    }
}
