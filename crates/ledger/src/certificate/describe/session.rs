//! The people, what the office knows, and how the record was verified.

use super::Writer;
use super::medium::spoken;
use crate::certificate::document::{Layout, Section};
use record::{CarriedOutBy, Declared, Doubt, Head12, Notice, Trust, Vouched};

impl Writer<'_> {
    pub(super) fn people(&self) -> Section {
        let certificate = self.certificate;
        let operator = certificate.choices.as_ref().map_or("", |choices| &choices.operator);
        let witnesses = &certificate.drive.witnesses;
        let nobody = self.words.get("people", "nobody");
        let declared = self.declared();
        let place = declared.and_then(|declared| declared.place.as_ref());
        let section = declared.and_then(section_of);
        let mut rows = vec![
            self.by_hand("place", certificate.office.place.as_ref().or(place)),
            self.by_hand("organisation", certificate.office.organisation.as_ref().or(section.as_ref())),
            self.line("operator", operator),
            self.line(
                "witness",
                &if witnesses.is_empty() { nobody.to_owned() } else { witnesses.join(", ") },
            ),
        ];
        if !witnesses.is_empty() {
            rows.push(self.line("statement", self.words.get("people", "witnessed")));
        }
        if let Some(attestation) = self.attestation() {
            let values = [("by", attestation.by.as_str()), ("cipher", attestation.cipher.as_str())];
            rows.push(self.line("attested", &self.filled("people", "attested", &values)));
        }
        let destination = declared.and_then(|declared| declared.destination.as_ref());
        let destination = destination.map(|destination| self.word("destination", destination));
        rows.push(self.by_hand("permission", self.permission()));
        rows.push(
            self.by_hand("destination", certificate.office.destination.as_ref().or(destination.as_ref())),
        );
        let by = declared.and_then(|declared| declared.carried_out_by.as_ref());
        rows.extend(by.map(|by| self.line("carried-out-by", &self.carried_out_by(by))));
        let remarks = declared.and_then(|declared| declared.remarks.as_ref());
        rows.extend(remarks.map(|remarks| self.line("remarks", remarks)));
        self.section("people", Layout::Pairs, rows, Vec::new())
    }

    fn declared(&self) -> Option<&Declared> {
        self.certificate.choices.as_ref().map(|choices| &choices.declared)
    }

    /// Who permitted it, by the office or as declared.
    pub(super) fn permission(&self) -> Option<&String> {
        let declared = self.declared().and_then(|declared| declared.approver.as_ref());
        self.certificate.office.permission.as_ref().or(declared)
    }

    fn carried_out_by(&self, by: &CarriedOutBy) -> String {
        let name = if let CarriedOutBy::Contractor { name } = by { name } else { "" };
        self.with(&self.word("carried-out-by", by), name)
    }

    /// Who vouches for the key that signed the log, or why nobody does.
    pub(super) fn trust(&self) -> String {
        let revoked = self.certificate.office.revoked_later.as_ref();
        let revoked = revoked.map(|revoked| {
            let values = [("since", revoked.since.as_str()), ("collected", &revoked.collected)];
            self.filled("trust", "revoked-later", &values)
        });
        self.with(&self.trusted(), &revoked.unwrap_or_default())
    }

    fn trusted(&self) -> String {
        let filled = |name, values: &[(&str, &str)]| self.filled("trust", name, values);
        let vouched = |name, vouched: &Vouched| {
            let (stick, until) = (vouched.stick.to_string(), vouched.until.as_str());
            filled(
                name,
                &[("organisation", vouched.organisation.as_str()), ("stick", &stick), ("until", until)],
            )
        };
        match &self.certificate.log.trust {
            Trust::Unregistered(_) => filled("unregistered", &[]),
            Trust::Unchecked(by) => vouched("unchecked", by),
            Trust::Certified(by) => vouched("certified", by),
            Trust::Doubtful(doubt) => match doubt {
                Doubt::CertificateAltered(_) => filled("altered", &[]),
                Doubt::ForeignOrganisation { organisation, .. } => {
                    filled("foreign", &[("organisation", organisation)])
                }
                Doubt::NotSignedByStick => filled("not-signed", &[]),
                Doubt::Revoked { stick, since } => {
                    filled("revoked", &[("stick", &stick.to_string()), ("since", since.as_str())])
                }
                Doubt::NotYetValid { from, on } => {
                    filled("not-yet-valid", &[("from", from.as_str()), ("on", on.as_str())])
                }
                Doubt::Expired { until, on } => {
                    filled("expired", &[("until", until.as_str()), ("on", on.as_str())])
                }
                Doubt::TableNotSigned => filled("table-not-signed", &[]),
            },
        }
    }

    pub(super) fn record(&self) -> Section {
        let (open, log) = (&self.certificate.open, &self.certificate.log);
        let (signature, closed) = match log.closed {
            Some(reason) => ("signature", self.word("record", &reason)),
            None => ("signature-unclosed", self.words.get("record", "unclosed").to_owned()),
        };
        let clock = self.word("clock", &open.clock.confirmed_by_person);
        let head = Head12::of(&log.head).to_string();
        let image = self.with(&open.tool.image.version, &open.tool.image.commit);
        let program = open.tool.program.as_ref().map(ToString::to_string).unwrap_or_default();
        let kernel = format!("{} {}", open.tool.image.kernel, open.tool.image.cmdline);
        let rows = vec![
            self.line("signature", self.words.get("record", signature)),
            self.line("vouched", &self.trust()),
            self.line("fingerprint", &self.compared(&log.fingerprint.to_string(), log.key)),
            self.line("head", &self.compared(&head, log.witness)),
            self.line("head-hash", &log.head.to_string()),
            self.line("session", &open.session.to_string()),
            self.line("file", &log.file),
            self.line("entries", &log.entries.to_string()),
            self.line("closed", &closed),
            self.line("clock", &self.with(&spoken(open.clock.wall.as_str()), &clock)),
            self.line("tool", &format!("{} {}", open.tool.name, open.tool.version)),
            self.line("program", &program),
            self.line("image", &image),
            self.line("kernel", kernel.trim()),
        ];
        self.section("record", Layout::Rows, rows, Vec::new())
    }

    pub(super) fn events(&self) -> Section {
        let event = |notice: &Notice| self.with(&self.word("event", &notice.code), &notice.detail);
        let points = self.certificate.notices.iter().map(event).collect();
        self.section("events", Layout::Rows, Vec::new(), points)
    }
}

/// The organisation and its section, as declared.
fn section_of(declared: &Declared) -> Option<String> {
    let parts: Vec<&str> =
        [&declared.organisation, &declared.section].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
