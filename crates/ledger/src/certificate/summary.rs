//! The summary of one drive: what the QR code of a certificate holds (FORMAT.md, "The summary of a drive").

use super::model::Certificate;
use record::{EntryHash, PublicKey, SessionId};
use serde::Serialize;

#[derive(Serialize)]
struct Summary<'a> {
    format: &'static str,
    session: SessionId,
    drive: u16,
    serial: &'a str,
    outcome: Option<model::Outcome>,
    achieved: Option<model::Method>,
    verdict: Option<model::Verdict>,
    closed: Option<record::CloseReason>,
    entries: u32,
    head: EntryHash,
    public_key: PublicKey,
}

/// The summary, one line. It holds what the log says, not what the office made of it.
pub(crate) fn of(certificate: &Certificate) -> String {
    let drive = &certificate.drive;
    let summary = Summary {
        format: "massho-summary/1",
        session: certificate.open.session,
        drive: drive.drive.no.0,
        serial: drive.drive.identity.serial.as_str(),
        outcome: drive.outcome,
        achieved: drive.result.as_ref().and_then(|result| result.achieved),
        verdict: drive.verdict,
        closed: certificate.log.closed,
        entries: certificate.log.entries,
        head: certificate.log.head,
        public_key: certificate.open.public_key,
    };
    serde_json::to_string(&summary).unwrap_or_default()
}
