//! The medium, the PC, and what was to be done.

use super::{NOTHING, Writer, grouped, or_nothing};
use crate::certificate::document::{Layout, Row, Section};
use crate::texts::fill;
use model::{
    Bus, Conditions, DriveResult, Eligibility, FailureReason, HiddenArea, HiddenAreas, Ineligible,
    MediumSource, Method, NotCovered, RawStatus,
};
use record::{Ownership, PlannedAction, TableOrigin};
use serde::Serialize;
use serde_json::Value;

impl Writer<'_> {
    pub(super) fn medium(&self) -> Section {
        let certificate = self.certificate;
        let mut rows = certificate.unseen().map_or_else(|| self.reported(), |medium| self.unseen(medium));
        if certificate.is_from_elsewhere() {
            rows.push(self.line("asset", certificate.asset_number()));
        }
        self.section("medium", Layout::Pairs, rows, Vec::new())
    }

    /// What the drive says of itself.
    fn reported(&self) -> Vec<Row> {
        let drive = &self.certificate.drive.drive;
        let identity = &drive.identity;
        let kind = self.with(&self.word("medium", &drive.medium), &self.medium_source(drive.medium_source));
        let capacity = [("value", grouped(identity.capacity.0)), ("short", identity.capacity.to_string())];
        let capacity: Vec<(&str, &str)> =
            capacity.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let block = identity.block.bytes().to_string();
        let mut rows = vec![
            self.line("kind", &kind),
            self.line("bus", &self.word("bus", &identity.bus)),
            self.line("maker", identity.maker.as_str()),
            self.line("model", identity.model.as_str()),
            self.serial(),
            self.line("wwn", identity.wwn.as_str()),
            self.line("firmware", identity.firmware.as_str()),
            self.line("capacity", &self.filled("unit", "bytes", &capacity)),
            self.line("block", &self.filled("unit", "block", &[("value", &block)])),
        ];
        if identity.bus == Bus::Nvme {
            rows.push(self.line("namespace", &identity.namespace.to_string()));
        }
        let evidence = self.certificate.drive.result.as_ref().map(|result| &result.evidence);
        match evidence.and_then(|evidence| evidence.hidden.as_ref()) {
            Some(change) => {
                rows.push(self.line("hidden-before", &self.areas(&change.before)));
                rows.push(self.line("hidden-after", &self.areas(&change.after)));
            }
            None => rows.push(self.line("hidden", &self.areas(&drive.hidden))),
        }
        if !drive.conditions.is_empty() {
            rows.push(self.line("conditions", &self.conditions(&drive.conditions)));
        }
        rows
    }

    fn medium_source(&self, source: MediumSource) -> String {
        let rpm = if let MediumSource::RotationRate(rpm) = source { rpm } else { 0 };
        fill(&self.word("medium-source", &source), &[("rpm", &rpm.to_string())])
    }

    fn areas(&self, areas: &HiddenAreas) -> String {
        let one = |name: &str, area: HiddenArea| {
            let native = if let HiddenArea::Present { native } = area { native.0 } else { 0 };
            let what = fill(&self.word("area", &area), &[("native", &grouped(native))]);
            format!("{}: {what}", self.words.get("area", name))
        };
        [one("hpa", areas.hpa), one("dco", areas.dco), one("amax", areas.amax)].join(" / ")
    }

    fn conditions(&self, conditions: &Conditions) -> String {
        conditions.0.iter().map(|one| self.word("condition", one)).collect::<Vec<_>>().join(" / ")
    }

    pub(super) fn pc(&self) -> Section {
        let pc = &self.certificate.open.pc;
        let choices = self.certificate.choices.as_ref();
        let class = choices.map(|choices| choices.class.number().to_string());
        let mut rows = vec![
            self.line("pc", &format!("{} {}", pc.maker, pc.model)),
            self.line("serial", pc.serial.as_str()),
            self.line("uuid", pc.uuid.as_str()),
            self.line("class", class.as_deref().map_or(NOTHING, |class| self.words.get("class", class))),
        ];
        let elsewhere = self.certificate.is_from_elsewhere();
        if !elsewhere {
            rows.insert(2, self.line("asset", self.certificate.asset_number()));
        }
        let ownership = choices.and_then(|choices| choices.declared.ownership.as_ref());
        rows.extend(ownership.map(|ownership| self.line("ownership", &self.ownership(ownership))));
        self.section(if elsewhere { "workbench" } else { "pc" }, Layout::Pairs, rows, Vec::new())
    }

    fn ownership(&self, ownership: &Ownership) -> String {
        let word = self.word("ownership", ownership);
        match ownership {
            Ownership::Own => word,
            Ownership::Leased { lessor, contract } => {
                let said: Vec<&str> =
                    [lessor, contract].into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
                self.with(&word, &said.join(", "))
            }
        }
    }

    pub(super) fn method(&self) -> Section {
        let report = &self.certificate.drive;
        let result = report.result.as_ref();
        let asked = result.and_then(|result| result.asked);
        let asked = asked.or_else(|| report.planned.as_ref().and_then(PlannedAction::asked));
        let mut rows = vec![
            self.line("asked", &self.method_word(asked)),
            self.line("achieved", &self.method_word(result.and_then(|result| result.achieved))),
        ];
        rows.extend(self.certificate.office.recomputed.map(|method| {
            let values = [("method", self.method_word(Some(method)))];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            self.line("recomputed", &self.filled("office", "agrees", &values))
        }));
        if let Some(why) = self.why() {
            rows.push(self.line("why", &why));
        }
        // What was done by hand has a section of its own.
        if self.certificate.hand.is_none() {
            rows.extend(self.attempts());
        }
        rows.push(self.line("table", &self.table()));
        rows.extend(self.period());
        rows.push(self.line("residual", self.residual(result)));
        let lift = report.planned.as_ref().and_then(PlannedAction::erase).map(|erase| erase.lift);
        let lift = lift.filter(|lift| !lift.is_nothing() && result.is_some_and(|it| it.achieved.is_some()));
        let points = lift.map(|lift| self.words.get("lift", lift.code()).to_owned()).into_iter().collect();
        self.section("method", Layout::Rows, rows, points)
    }

    fn method_word(&self, method: Option<Method>) -> String {
        method.map_or_else(
            || self.words.get("method", "none").to_owned(),
            |method| self.word("method", &method),
        )
    }

    /// Why it is not done: what failed, why it was left alone, or why it is to be destroyed.
    fn why(&self) -> Option<String> {
        let result = self.certificate.drive.result.as_ref()?;
        if let Some(failure) = &result.failure {
            return Some(self.failure(failure));
        }
        let not_covered = result.not_covered?;
        let why = self.word("not-covered", &not_covered);
        let Eligibility::Ineligible(reasons) = &self.certificate.drive.drive.eligibility else {
            return Some(why);
        };
        if not_covered != NotCovered::Ineligible {
            return Some(why);
        }
        let reasons: Vec<String> = reasons.iter().map(|reason| self.ineligible(reason)).collect();
        Some(format!("{why}: {}", reasons.join(" / ")))
    }

    fn failure(&self, failure: &FailureReason) -> String {
        self.with(&self.word("failure", failure), &detail(failure))
    }

    fn ineligible(&self, reason: &Ineligible) -> String {
        self.with(&self.word("ineligible", reason), &detail(reason))
    }

    fn attempts(&self) -> Vec<Row> {
        let result = self.certificate.drive.result.as_ref();
        let attempts = result.map(|result| result.evidence.attempts.as_slice()).unwrap_or_default();
        if attempts.is_empty() {
            return vec![self.row("technique", vec![NOTHING.to_owned()])];
        }
        let technique =
            |it: &model::Attempt| self.with(&self.word("technique", &it.technique), it.technique.name());
        let passes = |passes: u8| self.filled("unit", "passes", &[("value", &passes.to_string())]);
        let overwritten = attempts.iter().filter(|it| it.technique == model::Technique::RandomOverwrite);
        let overwritten: Vec<String> = overwritten.map(|it| passes(it.passes)).collect();
        let mut rows = vec![
            self.row("technique", attempts.iter().map(technique).collect()),
            self.row("command", attempts.iter().map(|it| or_nothing(&it.command)).collect()),
        ];
        if !overwritten.is_empty() {
            rows.push(self.row("passes", overwritten));
        }
        rows.push(self.row("status", attempts.iter().map(|it| status(&it.raw_status)).collect()));
        rows
    }

    fn table(&self) -> String {
        let Some(choices) = &self.certificate.choices else { return String::new() };
        let name = match choices.policy.origin {
            TableOrigin::Builtin => "builtin",
            TableOrigin::Custom => "custom",
            TableOrigin::Signed => "signed",
        };
        self.filled("table", name, &[("version", &choices.policy.version)])
    }

    fn period(&self) -> Vec<Row> {
        let Some(period) = &self.certificate.drive.period else { return Vec::new() };
        let seconds = period.ended.monotonic_ms.0.saturating_sub(period.began.monotonic_ms.0) / 1_000;
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let values = [
            ("hours", hours.to_string()),
            ("minutes", minutes.to_string()),
            ("seconds", seconds.to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        vec![
            self.line("began", &spoken(period.began.wall.as_str())),
            self.line("ended", &spoken(period.ended.wall.as_str())),
            self.line("duration", &self.filled("unit", "duration", &values)),
        ]
    }

    fn residual(&self, result: Option<&DriveResult>) -> &'static str {
        match result.and_then(|result| result.achieved) {
            Some(Method::Purge) => self.words.get("residual", "purge"),
            Some(Method::Clear) => self.words.get("residual", "clear"),
            Some(Method::Destruct) => self.words.get("residual", "destruct"),
            None => self.words.get("residual", "none"),
        }
    }
}

/// A time with a blank between date and time of day.
pub(super) fn spoken(time: &str) -> String {
    time.replacen('T', " ", 1)
}

fn status(words: &[RawStatus]) -> String {
    if words.is_empty() {
        return NOTHING.to_owned();
    }
    words.iter().map(|word| format!("{}={}", word.name, word.value)).collect::<Vec<_>>().join(" ")
}

/// The detail that the log gives with a value, if it gives one.
fn detail<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.get("detail").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::detail;
    use crate::certificate::words::code;
    use model::{Ineligible, Support};

    #[test]
    fn values_are_named_by_the_codes_of_the_log() {
        assert_eq!(code(&Ineligible::Mounted("/mnt".into())), "mounted");
        assert_eq!(code(&Support::EachNamespace { count: 2 }), "each-namespace");
        assert_eq!(detail(&Ineligible::Mounted("/mnt".into())), "/mnt");
        assert_eq!(detail(&Ineligible::InUse), "");
    }
}
