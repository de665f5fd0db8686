//! The summary of one drive: what the QR code of a certificate holds (FORMAT.md, "The summary of a drive").

use super::model::Certificate;
use model::ByHandNo;
use record::{EntryHash, PublicKey, SessionId};
use serde::Serialize;

#[derive(Serialize)]
struct Summary<'a> {
    format: &'static str,
    session: SessionId,
    drive: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_hand: Option<ByHandNo>,
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
    let second = certificate.hand.is_some() || certificate.serial_is_declared();
    let summary = Summary {
        // What the first version could say is still said in it.
        format: if second { "massho-summary/2" } else { "massho-summary/1" },
        session: certificate.open.session,
        drive: certificate.unseen().is_none().then_some(drive.drive.no.0),
        by_hand: certificate.hand.as_ref().map(|hand| hand.entry.no),
        serial: certificate.serial(),
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
