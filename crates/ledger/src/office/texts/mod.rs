//! Every sentence and word of the commands at the office, in both languages.

mod en;
mod ja;

use super::status::Status;
use crate::Language;
use crate::recompute::Disagreement;
use crate::store::{AttachmentKind, Voucher, Vouching};
use crate::texts::{Problem, fill};

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
    pub(super) number_twice: Problem,
    pub(super) doubtful_session: Problem,
    pub(super) unchecked_sessions: Problem,
    pub(super) table_unusable: Problem,
    pub(super) no_document: Problem,
    pub(super) foreign_list: Problem,
    pub(super) no_documents: Problem,
    pub(super) no_such_document: Problem,
    pub(super) document_withdrawn: &'static str,
    pub(super) withdrawn_since: &'static str,
    pub(super) document_known: &'static str,
    pub(super) organisation_kept: &'static str,
    pub(super) revocations_kept: &'static str,
    pub(super) table_kept: &'static str,
    pub(super) table_found: &'static str,
    pub(super) kind_organisation: &'static str,
    pub(super) kind_revocations: &'static str,
    pub(super) kind_table: &'static str,
    pub(super) column_kind: &'static str,
    pub(super) column_name: &'static str,
    pub(super) column_valid: &'static str,
    pub(super) column_mark: &'static str,
    pub(super) list_of_sticks: &'static str,
    pub(super) table_signed: &'static str,
    pub(super) table_not_signed: &'static str,
    pub(super) written: &'static str,
    pub(super) in_ledger: &'static str,
    pub(super) list_read: &'static str,
    pub(super) column_line: &'static str,
    pub(super) column_asset: &'static str,
    pub(super) column_pc_serial: &'static str,
    pub(super) column_section: &'static str,
    pub(super) column_model: &'static str,
    pub(super) column_serial: &'static str,
    pub(super) column_status: &'static str,
    pub(super) column_pc_status: &'static str,
    pub(super) column_asked: &'static str,
    pub(super) column_achieved: &'static str,
    pub(super) column_remarks: &'static str,
    pub(super) column_session: &'static str,
    pub(super) column_handed: &'static str,
    pub(super) column_deadline: &'static str,
    pub(super) column_expected: &'static str,
    pub(super) column_contractor: &'static str,
    pub(super) column_reason: &'static str,
    pub(super) column_measure: &'static str,
    pub(super) column_requested: &'static str,
    pub(super) column_approver: &'static str,
    pub(super) count_media: &'static str,
    pub(super) count_pcs: &'static str,
    pub(super) sum_no_witness_line: &'static str,
    pub(super) sum_key_unregistered: &'static str,
    pub(super) sum_no_problem: &'static str,
    pub(super) sum_problems: &'static str,
    pub(super) matched_loosely: &'static str,
    pub(super) matched_excel: &'static str,
    pub(super) ambiguous: &'static str,
    pub(super) no_witness_line: &'static str,
    pub(super) witness_differs: &'static str,
    pub(super) key_unregistered: &'static str,
    pub(super) vouched_before: &'static str,
    pub(super) date_told: &'static str,
    pub(super) clock_not_confirmed: &'static str,
    pub(super) rivals: &'static str,
    pub(super) claims_more: &'static str,
    pub(super) log_refused: &'static str,
    pub(super) unclosed_with: &'static str,
    pub(super) handed: &'static str,
    pub(super) lacks: &'static str,
    pub(super) under_exception: &'static str,
    pub(super) two_assets: &'static str,
    pub(super) not_in_session: &'static str,
    pub(super) in_another_pc: &'static str,
    pub(super) pc_serial_differs: &'static str,
    pub(super) asset_differs: &'static str,
    pub(super) class_differs: &'static str,
    pub(super) listed_twice: &'static str,
    pub(super) two_pcs: &'static str,
    pub(super) not_listed: &'static str,
    pub(super) photos_expected: &'static str,
    pub(super) certificate_only: &'static str,
    pub(super) handed_over: &'static str,
    pub(super) sum_handed: &'static str,
    pub(super) attached: &'static str,
    pub(super) closed_by: &'static str,
    pub(super) still_lacks: &'static str,
    pub(super) witness_agrees: &'static str,
    pub(super) key_confirmed: &'static str,
    pub(super) exception_requested: &'static str,
    pub(super) exception_approved: &'static str,
    pub(super) exception_ended: &'static str,
    pub(super) sum_exceptions: &'static str,
    pub(super) exported: &'static str,
    pub(super) backed_up: &'static str,
    pub(super) file_not_there: Problem,
    pub(super) not_written: Problem,
    pub(super) written_otherwise: Problem,
    pub(super) list_encoding: Problem,
    pub(super) list_form: Problem,
    pub(super) list_headings: Problem,
    pub(super) list_no_heads: Problem,
    pub(super) column_unknown: Problem,
    pub(super) column_no_heading: Problem,
    pub(super) bad_characters: Problem,
    pub(super) no_session_of_pc: Problem,
    pub(super) witness_wrong: Problem,
    pub(super) no_certificate: Problem,
    pub(super) nothing_of_pc: Problem,
    pub(super) no_contractor: Problem,
    pub(super) no_deadline: Problem,
    pub(super) deadline_before: Problem,
    pub(super) deadline_past: Problem,
    pub(super) nothing_handed: Problem,
    pub(super) nothing_waits: Problem,
    pub(super) no_medium: Problem,
    pub(super) several_media: Problem,
    pub(super) handed_before: Problem,
    pub(super) must_not_leave: Problem,
    pub(super) not_handed: Problem,
    pub(super) nothing_attached: Problem,
    pub(super) no_attachment: Problem,
    pub(super) exception_incomplete: Problem,
    pub(super) exceptions_of_logs: &'static str,
    pub(super) exception_before: Problem,
    pub(super) exception_not_for: Problem,
    pub(super) exception_unproven: Problem,
    pub(super) exception_approved_before: Problem,
    pub(super) approver_is_party: Problem,
    pub(super) no_exception: Problem,
    pub(super) statuses: [&'static str; Status::ALL.len()],
    pub(super) attachments: [&'static str; 3],
    pub(super) vouchings: [&'static str; Vouching::ALL.len()],
    pub(super) disagreements: [&'static str; Disagreement::ALL.len()],
}

impl Words {
    /// Why the office does not come to the method that a log claims.
    pub(super) fn disagreement(&self, disagreement: Disagreement) -> &'static str {
        let place = Disagreement::ALL.iter().position(|one| *one == disagreement);
        place.and_then(|place| self.disagreements.get(place)).copied().unwrap_or_default()
    }

    /// How a medium stands.
    pub(super) fn status(&self, status: Status) -> &'static str {
        let place = Status::ALL.iter().position(|one| *one == status);
        place.and_then(|place| self.statuses.get(place)).copied().unwrap_or_default()
    }

    /// Who vouches for a session, in words with places for values.
    fn vouching(&self, vouching: Vouching) -> &'static str {
        let place = Vouching::ALL.iter().position(|one| *one == vouching);
        place.and_then(|place| self.vouchings.get(place)).copied().unwrap_or_default()
    }

    /// Who vouches for a session.
    pub(super) fn voucher(&self, voucher: &Voucher) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (day, organisation) = (text(&voucher.day), text(&voucher.organisation));
        fill(self.vouching(voucher.vouching), &[("day", &day), ("organisation", &organisation)])
    }

    /// What a contractor sends.
    pub(super) fn attachment(&self, kind: AttachmentKind) -> &'static str {
        let [certificate, before, after] = self.attachments;
        match kind {
            AttachmentKind::Certificate => certificate,
            AttachmentKind::PhotoBefore => before,
            AttachmentKind::PhotoAfter => after,
        }
    }
}
