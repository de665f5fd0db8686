//! May this drive be offered? Pure, and every reason is named.

use crate::facts::{Claim, DiskFacts, Link, Probe, Removable, WriteState};
use crate::marks::Marks;
use model::{ByteLen, Condition, Conditions, DeviceText, Eligibility, Ineligible, Medium};

/// What this session uses the drive for, as the caller knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    None,
    /// The results stick of this session.
    ResultsStick,
}

/// What asking the drive itself gave, as far as it bears on the verdict.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The failure to identify it, if it failed.
    pub failure: Option<&'a str>,
    /// Its medium.
    pub medium: Medium,
    /// The states it reports.
    pub conditions: &'a Conditions,
}

impl Said<'_> {
    /// Nothing can be read of it at the moment, for a reason that it names itself: not by a massho either that wrote
    /// something on it before.
    fn is_closed(&self) -> bool {
        let closed = [
            Condition::Locked,
            Condition::Sanitizing,
            Condition::Formatting,
            Condition::SanitizeFailed,
            Condition::FormatCorrupt,
        ];
        closed.into_iter().any(|condition| self.conditions.has(condition))
    }
}

/// Decides from facts, and from what the drive said.
#[must_use]
pub fn classify(facts: &DiskFacts, role: Role, said: &Said<'_>) -> Eligibility {
    let mut reasons = Vec::new();
    if role == Role::ResultsStick {
        reasons.push(Ineligible::ResultsStick);
    }
    let optical = said.medium == Medium::Optical;
    if optical {
        reasons.push(Ineligible::Optical);
    }
    reasons.extend(state_reason(facts, said));
    // Its own marks are the session's own: saying so again would only confuse.
    if role == Role::None && !optical && facts.whole.len != ByteLen(0) {
        reasons.extend(mark_reasons(facts, said));
    }
    for volume in facts.volumes() {
        if role == Role::None {
            reasons.extend(volume.mounted_at.iter().cloned().map(Ineligible::Mounted));
        }
        reasons.extend(volume.holders.iter().cloned().map(Ineligible::HeldBy));
    }
    if facts.write == WriteState::ReadOnly && !optical {
        reasons.push(Ineligible::ReadOnly);
    }
    // udev reads a drive to finish with it, and this one can't be read.
    if facts.probe == Probe::Unfinished && !said.is_closed() {
        reasons.push(Ineligible::Unchecked("udev did not finish with it".into()));
    }
    // Asked last: where the user is known, naming it is better than "in use".
    match &facts.claim {
        Claim::Refused if reasons.is_empty() => reasons.push(Ineligible::InUse),
        Claim::Failed(failure) if reasons.is_empty() => reasons.push(Ineligible::Unchecked(failure.clone())),
        _ => {}
    }
    if reasons.is_empty() { Eligibility::Eligible } else { Eligibility::Ineligible(reasons) }
}

/// What the drive's own state says. A drive that erases itself, or is locked, may have lost its capacity for the host
/// and is not unidentified for that.
fn state_reason(facts: &DiskFacts, said: &Said<'_>) -> Option<Ineligible> {
    let pluggable =
        facts.removable == Removable::Yes || matches!(facts.link, Link::Usb { .. } | Link::Mmc { .. });
    let may_be_empty = pluggable || said.medium == Medium::Optical;
    if said.conditions.is_busy() {
        Some(Ineligible::ErasingItself)
    } else if said.conditions.has(Condition::Locked) {
        Some(Ineligible::Locked)
    } else if facts.whole.len == ByteLen(0) && may_be_empty {
        Some(Ineligible::NoMedium)
    } else if facts.whole.len == ByteLen(0) {
        // Nothing can be taken out of it: a drive that has lost its own tables says this, and holds its data.
        Some(Ineligible::Unidentified("it reports a capacity of zero".into()))
    } else {
        said.failure.map(|failure| Ineligible::Unidentified(failure.into()))
    }
}

fn mark_reasons(facts: &DiskFacts, said: &Said<'_>) -> Vec<Ineligible> {
    let mut reasons = Vec::new();
    for volume in facts.volumes() {
        let reason = match &volume.marks {
            Ok(Marks::None | Marks::Collected { .. }) => continue,
            Ok(Marks::BootImage) => Ineligible::BootStick,
            Ok(Marks::Logs { .. }) => Ineligible::HoldsLogs,
            Err(_) if said.is_closed() => continue,
            Err(error) => Ineligible::Unchecked(DeviceText::from(error.to_string().as_str())),
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
