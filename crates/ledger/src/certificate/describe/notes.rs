//! What a reader must know before anything else.

use super::Writer;
use crate::certificate::facts::Deadline;
use crate::certificate::model::{Certificate, CertifiedOutcome, Day};
use crate::judge::BeforeFault;
use model::{InformationClass, Outcome};
use record::TableOrigin;

impl Writer<'_> {
    pub(super) fn notes(&self) -> Vec<String> {
        let certificate = self.certificate;
        let mut notes = Vec::new();
        match certificate.outcome {
            _ if certificate.is_of_completion() => {}
            // The contractor's certificate is that of its destruction; this page is no other one.
            CertifiedOutcome::DestructionConfirmed => notes.push(self.note("destroyed", &[])),
            _ => notes.push(self.note("not-done", &[])),
        }
        notes.extend(self.notes_of_the_log());
        notes.extend(self.notes_of_the_office());
        notes.iter().map(|note| crate::escape::for_terminal(note)).collect()
    }

    fn note(&self, name: &str, values: &[(&str, &str)]) -> String {
        self.filled("note", name, values)
    }

    fn notes_of_the_log(&self) -> Vec<String> {
        let (certificate, log) = (self.certificate, &self.certificate.log);
        let mut notes = Vec::new();
        if log.closed.is_none() {
            notes.push(self.note("unclosed", &[]));
        }
        if log.trust.is_doubtful() {
            notes.push(self.trust());
        }
        if log.day == Day::OfPeople {
            notes.push(self.note("date-told", &[]));
        }
        if let Some(choices) = &certificate.choices {
            match choices.policy.origin {
                TableOrigin::Builtin => {}
                TableOrigin::Custom => notes.push(self.note("custom-table", &[])),
                TableOrigin::Signed => notes.push(self.note("signed-table", &[])),
            }
            let unwitnessed = certificate.drive.witnesses.is_empty();
            let waiting = certificate.drive.outcome.is_some_and(|outcome| outcome != Outcome::NotCovered);
            if choices.class == InformationClass::One && unwitnessed && waiting {
                notes.push(self.note("class-one-witness", &[]));
            }
        }
        notes.extend(log.before.as_ref().map(|before| match before {
            BeforeFault::Gone(file) => self.note("before-gone", &[("file", file)]),
            BeforeFault::Changed(file) => self.note("before-changed", &[("file", file)]),
        }));
        notes
    }

    fn notes_of_the_office(&self) -> Vec<String> {
        let office = &self.certificate.office;
        let mut notes = Vec::new();
        if let Some(revoked) = &office.revoked_later {
            let values = [("since", revoked.since.as_str()), ("collected", &revoked.collected)];
            notes.push(self.note("revoked-later", &values));
        }
        if !office.assets.is_empty() {
            notes.push(self.note("two-assets", &[("assets", &office.assets.join(", "))]));
        }
        let waiting = certificate_waits(self.certificate);
        notes.extend(waiting.then(|| self.note("exception-logged", &[])));
        if let Some(exception) = &office.exception {
            let until = [("until", exception.until.as_str())];
            notes.push(match (&exception.approved, exception.deadline) {
                (_, Deadline::Passed) => self.note("exception-lapsed", &until),
                (None, Deadline::Ahead) => self.note("exception-open", &[]),
                (Some(_), Deadline::Ahead) => self.note("exception", &until),
            });
        }
        if let Some(handover) = office.handover.as_ref().filter(|handover| !handover.lacks.is_empty()) {
            notes.push(match handover.deadline {
                Deadline::Ahead => self.note("handed-over", &[]),
                Deadline::Passed => self.note("certificate-overdue", &[("due", &handover.due)]),
            });
        }
        notes
    }
}

/// Whether a lesser method waits for the office, and nobody there has entered anything yet.
fn certificate_waits(certificate: &Certificate) -> bool {
    certificate.outcome == CertifiedOutcome::AwaitingApproval && certificate.office.exception.is_none()
}
