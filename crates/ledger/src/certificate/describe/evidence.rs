//! How the outcome is known, and what that does not prove.

use super::{Writer, grouped};
use crate::certificate::document::{Layout, Section};
use crate::certificate::model::Compared;
use crate::texts::fill;
use model::{
    BlockErrors, Content, Evidence, HiddenArea, HiddenAreas, Technique, Verification, VerificationKind,
};
use record::{Attestation, ClockConfirmation, Trust};

impl Writer<'_> {
    pub(super) fn evidence(&self) -> Section {
        let mut points = Vec::new();
        if let Some(evidence) = self.evidence_there() {
            points.extend(self.carried_out(evidence));
            points.extend(self.canaries(evidence));
            points.extend(evidence.verification.as_ref().map(|it| self.read_back(it)));
            points.extend(self.errors(&evidence.errors));
        }
        points.extend(self.attestation().map(|attestation| {
            let values = [("by", attestation.by.as_str()), ("cipher", attestation.cipher.as_str())];
            self.filled("evidence", "attested", &values)
        }));
        if self.evidence_there().is_none() && self.certificate.hand.is_none() {
            points.insert(0, self.words.get("evidence", "none").to_owned());
        }
        points.extend(self.attested_by_hand());
        self.section("evidence", Layout::Rows, Vec::new(), points)
    }

    /// The evidence, where anything was carried out at all.
    fn evidence_there(&self) -> Option<&Evidence> {
        let result = self.certificate.drive.result.as_ref()?;
        Some(&result.evidence).filter(|evidence| !evidence.attempts.is_empty())
    }

    /// What a person attested of this drive, where its key was erased.
    pub(super) fn attestation(&self) -> Option<&Attestation> {
        let erased = self.evidence_there()?.attempts.iter().any(|it| it.technique.is_crypto_erase());
        let attestations = &self.certificate.choices.as_ref()?.attestations;
        let of_drive = |attestation: &&Attestation| attestation.drive == self.certificate.drive.drive.no;
        attestations.iter().filter(|_| erased).find(of_drive)
    }

    fn carried_out(&self, evidence: &Evidence) -> Vec<String> {
        let mut points = Vec::new();
        if let Some(last) = evidence.attempts.last().filter(|it| it.technique == Technique::RandomOverwrite) {
            points.push(self.filled("evidence", "written", &[("passes", &last.passes.to_string())]));
        }
        if evidence.attempts.iter().any(|it| !it.raw_status.is_empty()) {
            points.push(self.words.get("evidence", "reported").to_owned());
        }
        points
    }

    fn canaries(&self, evidence: &Evidence) -> Option<String> {
        let canaries = evidence.canaries.as_ref()?;
        let values = [
            ("planted", canaries.planted.to_string()),
            ("surviving", canaries.surviving.to_string()),
            ("unreadable", canaries.unreadable.to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(self.filled("evidence", "canaries", &values))
    }

    fn read_back(&self, verification: &Verification) -> String {
        let kind = match verification.kind {
            VerificationKind::FullStream => "full-stream",
            VerificationKind::FullConstant => "full-constant",
            VerificationKind::Sampled => "sampled",
        };
        let (bytes, of) = (grouped(verification.bytes.0), grouped(verification.of.0));
        let found = self.found(verification.found);
        let values =
            [("bytes", bytes.as_str()), ("of", &of), ("seed", &verification.seed), ("found", &found)];
        self.filled("evidence", kind, &values)
    }

    fn found(&self, found: Option<Content>) -> String {
        let Some(content) = found else { return self.words.get("found", "none").to_owned() };
        let byte = if let Content::Constant { byte } = content { byte } else { 0 };
        fill(&self.word("found", &content), &[("byte", &format!("{byte:02x}"))])
    }

    fn errors(&self, errors: &BlockErrors) -> Vec<String> {
        let values = [
            ("unwritable", grouped(errors.unwritable.0)),
            ("unreadable", grouped(errors.unreadable.0)),
            ("different", grouped(errors.different.0)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut points = vec![self.filled("evidence", "errors", &values)];
        if !errors.first.is_empty() {
            let first: Vec<String> = errors.first.iter().map(|lba| lba.0.to_string()).collect();
            points.push(self.filled("evidence", "first", &[("first", &first.join(" "))]));
        }
        points
    }

    /// What the evidence does not prove, in the words that belong to what was done.
    pub(super) fn limits(&self) -> Section {
        let mut points = Vec::new();
        let mut limit = |name: &'static str| points.push(self.words.get("limit", name).to_owned());
        if let Some(evidence) = self.evidence_there() {
            let last = evidence.attempts.last().map(|attempt| attempt.technique);
            match last {
                Some(Technique::RandomOverwrite) => limit("overwrite"),
                Some(technique) if technique.is_crypto_erase() => limit("crypto"),
                _ => limit("unmap"),
            }
            let unreadable = evidence.canaries.as_ref().is_some_and(|canaries| canaries.unreadable > 0);
            if unreadable || evidence.errors.unreadable.0 > 0 {
                limit("unreadable");
            }
            if leaves_unknown(evidence.hidden.map_or(self.certificate.drive.drive.hidden, |it| it.after)) {
                limit("areas");
            }
        }
        if !self.certificate.drive.witnesses.is_empty() {
            limit("conduct");
        }
        self.limits_of_the_record(&mut limit);
        let skipped = self.evidence_there().and_then(not_read);
        let skipped = skipped.map(|bytes| self.filled("limit", "sampled", &[("bytes", &grouped(bytes))]));
        points.extend(skipped);
        self.section("limits", Layout::Rows, Vec::new(), points)
    }

    fn limits_of_the_record(&self, limit: &mut impl FnMut(&'static str)) {
        let (open, log) = (&self.certificate.open, &self.certificate.log);
        if self.certificate.hand.is_some() {
            limit("by-hand");
        }
        limit("names");
        match &log.trust {
            Trust::Unregistered(_) if log.key == Compared::Not => limit("key"),
            Trust::Unchecked(_) => limit("unchecked"),
            Trust::Unregistered(_) | Trust::Certified(_) | Trust::Doubtful(_) => {}
        }
        if log.witness == Compared::Not {
            limit("head");
        }
        if open.clock.confirmed_by_person == ClockConfirmation::NotConfirmed {
            limit("clock");
        }
        limit("image");
        // Of what comes from the ledger, it is computed anew, or there is no certificate.
        let achieved = self.certificate.drive.result.as_ref().and_then(|result| result.achieved);
        if achieved.is_some() && self.certificate.office.recomputed.is_none() {
            limit("rules");
        }
    }
}

/// Whether the drive left it open that it has a hidden area of some kind.
fn leaves_unknown(areas: HiddenAreas) -> bool {
    [areas.hpa, areas.dco, areas.amax].contains(&HiddenArea::NotReported)
}

/// How much a sample left out.
fn not_read(evidence: &Evidence) -> Option<u64> {
    let verification = evidence.verification.as_ref()?;
    Some(verification.of.0.saturating_sub(verification.bytes.0)).filter(|bytes| *bytes > 0)
}
