//! Every sentence and word that the program prints, in both languages.
//!
//! A catalogue is a constant with a field for each text, so that none can be missing in a language. `{name}` stands
//! for what [`fill`] puts there.

mod boot;
mod boot_en;
mod boot_ja;
mod en;
mod ja;
pub(crate) mod jobs;
mod keys;
mod keys_en;
mod keys_ja;

use serde::Serialize;
use std::env;

/// A language of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

impl Language {
    /// The language of the environment: Japanese where it says so, else English.
    #[must_use]
    pub fn of_environment() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(env::var_os)
            .find(|value| !value.is_empty());
        let japanese = set.is_some_and(|value| value.to_string_lossy().starts_with("ja"));
        if japanese { Self::Ja } else { Self::En }
    }

    /// Its tag (BCP 47).
    #[must_use]
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// Its catalogue.
    #[must_use]
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::Ja => &ja::TEXTS,
            Self::En => &en::TEXTS,
        }
    }
}

/// What happened, and what to do.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Problem {
    /// One sentence of what happened.
    pub(crate) what: &'static str,
    /// One sentence of what to do.
    pub(crate) todo: &'static str,
}

/// Puts values into a text.
#[must_use]
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// All texts of a language.
#[derive(Debug, Serialize)]
pub(crate) struct Texts {
    pub(crate) verified: &'static str,
    pub(crate) unclosed: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) beginning: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) none: &'static str,
    pub(crate) session: &'static str,
    pub(crate) opened: &'static str,
    pub(crate) last: &'static str,
    pub(crate) clock_confirmed: &'static str,
    pub(crate) clock_corrected: &'static str,
    pub(crate) clock_not_confirmed: &'static str,
    pub(crate) pc: &'static str,
    pub(crate) asset: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) witness: &'static str,
    pub(crate) no_witness: &'static str,
    pub(crate) class: &'static str,
    pub(crate) table: &'static str,
    pub(crate) table_custom: &'static str,
    pub(crate) key: &'static str,
    pub(crate) head: &'static str,
    pub(crate) locked_by: &'static str,
    pub(crate) until_line: &'static str,
    pub(crate) column_number: &'static str,
    pub(crate) column_model: &'static str,
    pub(crate) column_serial: &'static str,
    pub(crate) column_medium: &'static str,
    pub(crate) column_asked: &'static str,
    pub(crate) column_achieved: &'static str,
    pub(crate) column_outcome: &'static str,
    pub(crate) column_verdict: &'static str,
    pub(crate) medium_optical: &'static str,
    pub(crate) medium_usb: &'static str,
    pub(crate) medium_other: &'static str,
    pub(crate) workbench: &'static str,
    pub(crate) declared: &'static str,
    pub(crate) column_handling: &'static str,
    pub(crate) column_by: &'static str,
    pub(crate) column_asset: &'static str,
    pub(crate) destroyed: &'static str,
    pub(crate) degaussed: &'static str,
    pub(crate) set_aside: &'static str,
    pub(crate) reuse: &'static str,
    pub(crate) contractor: &'static str,
    pub(crate) must_not_leave: &'static str,
    pub(crate) no_verdict: &'static str,
    pub(crate) not_reached: &'static str,
    pub(crate) sum_good: &'static str,
    pub(crate) sum_bad: &'static str,
    pub(crate) unreadable: Problem,
    pub(crate) empty: Problem,
    pub(crate) no_log: Problem,
    pub(crate) unknown_format: Problem,
    pub(crate) altered: Problem,
    pub(crate) other_key: Problem,
    pub(crate) wrong_key: Problem,
    pub(crate) missing: Problem,
    pub(crate) reordered: Problem,
    pub(crate) repeated: Problem,
    pub(crate) not_understood: Problem,
    pub(crate) contradictory: Problem,
    pub(crate) after_close: Problem,
    pub(crate) torn: Problem,
    pub(crate) not_closed: Problem,
    pub(crate) head_differs: Problem,
    pub(crate) before_gone: Problem,
    pub(crate) before_changed: Problem,
    pub(crate) only_copy: Problem,
    pub(crate) one_damaged: Problem,
    pub(crate) twins_conflict: Problem,
    pub(crate) session_missing: Problem,
    pub(crate) path_not_there: Problem,
    pub(crate) path_unreadable: Problem,
    pub(crate) path_no_fat: Problem,
    pub(crate) path_no_logs: Problem,
    pub(crate) anchor_of_many: Problem,
    pub(crate) bad_key: Problem,
    pub(crate) bad_head: Problem,
    pub(crate) contradictions: Contradictions,
    pub(crate) keys: &'static keys::KeyTexts,
    pub(crate) boot: &'static boot::BootTexts,
}

/// How entries contradict each other.
#[derive(Debug, Serialize)]
pub(crate) struct Contradictions {
    pub(crate) opened_twice: &'static str,
    pub(crate) key_origin: &'static str,
    pub(crate) unknown_drive: &'static str,
    pub(crate) drive_changed: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) out_of_reach: &'static str,
    pub(crate) ineligible: &'static str,
    pub(crate) not_confirmed: &'static str,
    pub(crate) another_drive: &'static str,
    pub(crate) not_begun: &'static str,
    pub(crate) inconsistent: &'static str,
    pub(crate) asked_otherwise: &'static str,
    pub(crate) not_proven: &'static str,
    pub(crate) witness_is_operator: &'static str,
    pub(crate) result_missing: &'static str,
    pub(crate) not_attested: &'static str,
    pub(crate) other_namespace: &'static str,
    pub(crate) close_differs: &'static str,
    pub(crate) close_count: &'static str,
    pub(crate) exception_done: &'static str,
    pub(crate) not_excepted: &'static str,
    pub(crate) declared_twice: &'static str,
    pub(crate) by_hand_order: &'static str,
    pub(crate) by_hand_medium: &'static str,
    pub(crate) by_hand_nobody: &'static str,
    pub(crate) by_hand_begun: &'static str,
    pub(crate) by_hand_before: &'static str,
    pub(crate) close_differs_by_hand: &'static str,
}
