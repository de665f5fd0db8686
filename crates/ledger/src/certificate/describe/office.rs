//! What the office knows: the exception, the hand-over, what the contractor sent.

use super::{Writer, or_nothing};
use crate::certificate::document::{Layout, Row, Section};
use crate::certificate::facts::{Deadline, Exception, Handover, KeptFile, Signed};
use crate::store::{AttachmentKind, Place};
use record::Hex;

impl Writer<'_> {
    pub(super) fn office(&self) -> Section {
        let office = &self.certificate.office;
        let exception = office.exception.iter().flat_map(|it| self.exception(it));
        let handover = office.handover.iter().flat_map(|it| self.handover(it));
        let rows = self.logged_exception().into_iter().chain(exception).chain(handover).collect();
        self.section("office", Layout::Rows, rows, Vec::new())
    }

    fn exception(&self, exception: &Exception) -> Vec<Row> {
        let name_and_date = |it: &Signed| self.with(&it.by, &it.on);
        let until = self.until(&exception.until, exception.deadline);
        vec![
            self.line("exception-number", &exception.number.to_string()),
            self.line("exception-section", &exception.section),
            self.line("exception-reason", &exception.reason),
            self.line("exception-measure", &exception.measure),
            self.line("exception-requested", &name_and_date(&exception.requested)),
            self.by_hand("exception-approver", exception.approved.as_ref().map(name_and_date).as_ref()),
            self.line("exception-deadline", &until),
        ]
    }

    /// A date, and whether it has passed.
    fn until(&self, date: &str, deadline: Deadline) -> String {
        match deadline {
            Deadline::Ahead => date.to_owned(),
            Deadline::Passed => self.with(date, self.words.get("office", "passed")),
        }
    }

    fn handover(&self, handover: &Handover) -> Vec<Row> {
        let contractor = match handover.place {
            Place::Contractor => handover.contractor.clone(),
            Place::Building => self.with(self.words.get("office", "in-building"), &handover.contractor),
        };
        let mut rows = vec![
            self.line("contractor", &contractor),
            self.line("handed-over", &handover.date),
            self.line("certificate-due", &self.until(&handover.due, handover.deadline)),
        ];
        if handover.lacks.is_empty() {
            // When it was done stands in the contractor's certificate, which no program reads.
            rows.push(self.by_hand("destroyed", None));
        }
        rows.push(self.files("contractor-certificate", &handover.certificates));
        rows.push(self.files("photos", &handover.photos));
        if !handover.lacks.is_empty() {
            let lacks: Vec<&str> = handover.lacks.iter().map(|kind| self.attachment(*kind)).collect();
            rows.push(self.line("lacks", &lacks.join(", ")));
        }
        rows
    }

    fn attachment(&self, kind: AttachmentKind) -> &'static str {
        self.words.get(
            "office",
            match kind {
                AttachmentKind::Certificate => "certificate",
                AttachmentKind::PhotoBefore => "photo-before",
                AttachmentKind::PhotoAfter => "photo-after",
            },
        )
    }

    fn files(&self, label: &str, files: &[KeptFile]) -> Row {
        let line = |file: &KeptFile| {
            let values = [("name", file.name.as_str()), ("sha256", &Hex(file.sha256).to_string())];
            self.filled("office", "file", &values)
        };
        let lines: Vec<String> = files.iter().map(line).collect();
        self.row(label, if lines.is_empty() { vec![or_nothing("")] } else { lines })
    }
}
