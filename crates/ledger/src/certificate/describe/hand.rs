//! What was done by hand, and the exception that the log gives for a lesser method.

use super::Writer;
use crate::certificate::document::{Layout, Row, Section};
use crate::certificate::model::CertifiedOutcome;
use record::HandMedium;

impl Writer<'_> {
    pub(super) fn hand(&self) -> Section {
        let Some(hand) = &self.certificate.hand else {
            return self.section("by-hand", Layout::Rows, Vec::new(), Vec::new());
        };
        let entry = &hand.entry;
        let photo = if entry.photo_expected { "photo" } else { "no-photo" };
        let mut rows = vec![
            self.line("handling", &self.word("hand", &entry.handling)),
            self.line("how", &entry.how),
            self.line("done-by", &entry.by),
            self.line("done-on", entry.on.as_str()),
            self.line("photo-expected", self.words.get("hand", photo)),
        ];
        if !entry.remarks.is_empty() {
            rows.push(self.line("remarks-by-hand", &entry.remarks));
        }
        self.section("by-hand", Layout::Rows, rows, Vec::new())
    }

    /// The evidence of what was done by hand: a person's word, whose it is.
    pub(super) fn attested_by_hand(&self) -> Option<String> {
        let hand = self.certificate.hand.as_ref()?;
        Some(self.filled("evidence", "by-hand", &[("by", &hand.entry.by)]))
    }

    /// A medium that no PC saw.
    pub(super) fn unseen(&self, medium: &HandMedium) -> Vec<Row> {
        vec![
            self.line(
                "kind",
                &self.with(&self.word("medium", &medium.kind), self.words.get("hand", "declared")),
            ),
            self.line("maker", &medium.maker),
            self.line("model", &medium.model),
            self.serial(),
        ]
    }

    /// The serial number, and whose word it is.
    pub(super) fn serial(&self) -> Row {
        let declared =
            if self.certificate.serial_is_declared() { self.words.get("hand", "label") } else { "" };
        self.line("serial", &self.with(self.certificate.serial(), declared))
    }

    /// The exception as the clerk declared it, as long as the office has not made one of it.
    pub(super) fn logged_exception(&self) -> Vec<Row> {
        let waiting = self.certificate.outcome == CertifiedOutcome::AwaitingApproval;
        let logged = self.certificate.drive.exception.as_ref();
        let Some(exception) = logged.filter(|_| waiting && self.certificate.office.exception.is_none())
        else {
            return Vec::new();
        };
        let approver = self.with(&exception.approver, self.words.get("hand", "not-approved"));
        vec![
            self.line("exception-reason", &exception.reason),
            self.line("exception-measure", &exception.measure),
            self.line("exception-approver", &approver),
            self.line("exception-deadline", exception.deadline.as_str()),
        ]
    }
}
