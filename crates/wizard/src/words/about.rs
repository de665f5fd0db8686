//! What is said of one drive that is not ready, or that keeps space from the host.

use super::{drive_serial, duration, fill, reasons, unlock_problem};
use crate::ahead::{Follow, Unlock};
use crate::field::harmless;
use crate::readiness::is_locked;
use crate::texts::Texts;
use crate::{Exception, JobView, Model, Phase};
use model::{Bus, ByteLen, Condition, Drive, DriveNo, HiddenArea, Lift, Medium};
use policy::DrivePlan;

/// One matter of a drive: its caption and sentences.
pub(crate) struct Matter {
    pub(crate) caption: String,
    pub(crate) sentences: Vec<String>,
}

fn matter(caption: &str, sentences: impl IntoIterator<Item = String>) -> Matter {
    Matter { caption: caption.to_owned(), sentences: sentences.into_iter().collect() }
}

/// Everything about the drive that is shown, in the order of the screen.
pub(crate) fn about(model: &Model) -> Vec<Matter> {
    let texts = model.texts();
    let Some(no) = model.ahead.shown else { return Vec::new() };
    let Some(drive) = model.here(no) else {
        return vec![matter(&texts.detail.state, [crate::words::gone(model, no).to_owned()])];
    };
    let identity = &drive.identity;
    let size = fill(
        &texts.detail.size,
        &[
            ("serial", &drive_serial(model, no, &identity.serial)),
            ("capacity", &identity.capacity),
            ("position", &super::position(model, drive)),
            ("firmware", &identity.firmware),
        ],
    );
    let mut all = vec![matter("", [size]), matter(&texts.detail.state, state(model, drive))];
    if is_locked(drive) {
        all.push(matter(&texts.detail.password, password(model, drive)));
    }
    all.push(matter(&texts.detail.areas, areas(texts, drive)));
    if model.may_restore_dco(no) {
        let restored = model.ahead.restore_dco.contains(&no);
        let what = if restored { &texts.detail.dco_yes } else { &texts.detail.dco_no };
        all.push(matter(&texts.detail.dco, [what.clone(), texts.detail.dco_warn.clone()]));
    }
    let said = model.ahead.exceptions.get(&no);
    if said.is_some() || model.may_except(no) {
        let t = &texts.exception;
        let sentences = match said {
            Some(said) if model.exceptions().contains(said) => vec![exception(texts, said), t.given.clone()],
            Some(said) => vec![exception(texts, said), t.not_needed.clone()],
            None => vec![t.may.clone()],
        };
        all.push(matter(&t.caption, sentences));
    }
    if model.may_attest(no) {
        all.push(matter(&texts.detail.crypto, [attested(model, no)]));
    }
    all
}

/// What an exception says, in one paragraph.
pub(crate) fn exception(texts: &Texts, said: &Exception) -> String {
    let (reason, measure, approver) =
        (harmless(&said.reason), harmless(&said.measure), harmless(&said.approver));
    fill(
        &texts.exception.said,
        &[("reason", &reason), ("measure", &measure), ("approver", &approver), ("deadline", &said.deadline)],
    )
}

fn state(model: &Model, drive: &Drive) -> Vec<String> {
    let texts = model.texts();
    let reasons = reasons(model, drive.no);
    // Of a locked drive it is said apart.
    let open = |condition: &&Condition| **condition != Condition::PasswordSet || !is_locked(drive);
    let found = drive.conditions.0.iter().filter(open).map(|condition| condition_words(texts, *condition));
    // Where the plan is reached, its own keys say so.
    let asks = model.plan().is_none() && model.ahead.sleep == crate::ahead::Sleep::NotAsked;
    let thaws = asks && model.thawable().contains(&drive.no);
    let hint = thaws.then(|| texts.condition.thaw_hint.clone());
    let all: Vec<String> =
        reasons.into_iter().chain(found.flatten()).chain(hint).chain(followed(model, drive.no)).collect();
    if all.is_empty() { vec![texts.detail.ready.clone()] } else { all }
}

/// What a state means; nothing where something else says it already.
fn condition_words(texts: &Texts, condition: Condition) -> Option<String> {
    let t = &texts.condition;
    let text = match condition {
        Condition::SecurityFrozen => &t.security_frozen,
        Condition::PasswordSet => &t.password_set,
        Condition::AttemptsUsedUp => &t.attempts_used_up,
        Condition::SanitizeFrozen => &t.sanitize_frozen,
        Condition::Sanitizing => &t.sanitizing,
        Condition::SanitizeFailed => &t.sanitize_failed,
        Condition::Formatting => &t.formatting,
        Condition::FormatCorrupt => &t.format_corrupt,
        Condition::Locked => return None,
    };
    Some(text.clone())
}

/// What has to be known of a drive already in the list: an erase that goes on, one that failed, a password.
pub(crate) fn warnings(model: &Model, drive: &Drive) -> Vec<String> {
    const GRAVE: [Condition; 3] =
        [Condition::SanitizeFailed, Condition::FormatCorrupt, Condition::Formatting];
    let texts = model.texts();
    let grave = GRAVE.into_iter().filter(|condition| drive.conditions.has(*condition));
    let mut all: Vec<String> = grave.filter_map(|condition| condition_words(texts, condition)).collect();
    if is_locked(drive) {
        all.extend(password(model, drive).into_iter().take(1));
    }
    all.extend(followed(model, drive.no));
    all
}

/// Whose password it is, and what can be done.
fn password(model: &Model, drive: &Drive) -> Vec<String> {
    let t = &model.texts().condition;
    if let Some(Unlock::Failed(problem)) = model.ahead.unlocks.get(&drive.no) {
        let (what, todo) = unlock_problem(model.texts(), problem);
        return vec![what, todo];
    }
    match (model.ahead.ours.contains(&drive.no), drive.conditions.has(Condition::AttemptsUsedUp)) {
        (true, false) => vec![t.locked_ours.clone()],
        (true, true) => vec![t.locked_ours_later.clone()],
        (false, _) => vec![t.locked_unknown.clone(), t.locked_technician.clone()],
    }
}

/// How far an erase is that a drive was found in the middle of.
fn followed(model: &Model, no: DriveNo) -> Option<String> {
    let texts = model.texts();
    let t = &texts.follow;
    match model.ahead.followed.get(&no)? {
        Follow::Running(view) if view.phase == Phase::Stalled => Some(t.stalled.clone()),
        Follow::Running(view) => Some(share(texts, view)),
        Follow::Ended(end) => {
            let (what, _) = super::follow_end(texts, end);
            Some(fill(what, &[("names", &super::drive_name(model, no))]))
        }
    }
}

/// How much is done, in hundredths; nothing where the drive tells none.
pub(crate) fn percent(texts: &Texts, view: &JobView) -> String {
    let parts = u128::from(view.done.min(view.of)) * 100;
    let percent = parts.checked_div(u128::from(view.of));
    percent.map_or(String::new(), |percent| fill(&texts.progress.of_bytes, &[("percent", &percent)]))
}

/// The drive's own number and the time left, or that it tells none.
fn share(texts: &Texts, view: &JobView) -> String {
    let t = &texts.follow;
    if view.of == 0 {
        return t.silent.clone();
    }
    let mut words = vec![fill(&t.percent, &[("percent", &percent(texts, view))])];
    words.extend(view.remaining.map(|left| fill(&t.remaining, &[("remaining", &duration(texts, left))])));
    words.join("  ")
}

fn attested(model: &Model, no: DriveNo) -> String {
    let t = &model.texts().detail;
    match model.ahead.attestations.get(&no) {
        Some(attestation) => fill(
            &t.crypto_by,
            &[("by", &harmless(&attestation.by)), ("cipher", &harmless(&attestation.cipher))],
        ),
        None => t.crypto_may.clone(),
    }
}

/// Whether the question of HPA, DCO and AMAX makes sense: behind a USB bridge there may be an ATA drive.
fn may_hide(bus: Bus, medium: Medium) -> bool {
    bus == Bus::Ata || (bus == Bus::Usb && medium != Medium::UsbStick)
}

/// Each kind of hidden area, one line each.
fn areas(texts: &Texts, drive: &Drive) -> Vec<String> {
    let t = &texts.hidden;
    if !may_hide(drive.identity.bus, drive.medium) {
        return vec![t.not_ata.clone()];
    }
    let hidden = drive.hidden;
    let kinds = [("HPA", hidden.hpa), ("DCO", hidden.dco), ("AMAX", hidden.amax)];
    let mut all: Vec<String> = kinds
        .into_iter()
        .map(|(kind, area)| {
            let text = match area {
                HiddenArea::Present { native } => {
                    fill(&t.present, &[("native", &native), ("capacity", &drive.identity.capacity)])
                }
                HiddenArea::None => t.none.clone(),
                HiddenArea::NotReported => t.silent.clone(),
            };
            fill(&t.kind, &[("kind", &kind), ("text", &text)])
        })
        .collect();
    if kinds.iter().any(|(_, area)| *area == HiddenArea::NotReported) {
        all.push(t.silent_note.clone());
    }
    all
}

/// What the plan does about hidden areas, in one or two sentences; nothing for drives that know none.
pub(crate) fn areas_in_plan(model: &Model, line: &DrivePlan) -> Vec<String> {
    let t = &model.texts().hidden;
    let Some(drive) = model.here(line.drive) else { return Vec::new() };
    if !may_hide(drive.identity.bus, drive.medium) {
        return Vec::new();
    }
    let native = |area| match area {
        HiddenArea::Present { native } => Some(native),
        HiddenArea::None | HiddenArea::NotReported => None,
    };
    let hidden = drive.hidden;
    let (dco, all) = (native(hidden.dco), [hidden.hpa, hidden.dco, hidden.amax]);
    let Some(largest) = all.into_iter().filter_map(native).max() else {
        let silent = all.contains(&HiddenArea::NotReported);
        return vec![if silent { t.all_silent.clone() } else { t.all_none.clone() }];
    };
    let say = |text: &str, native: ByteLen| fill(text, &[("native", &native)]);
    let left = dco.map(|native| say(&t.left_dco, native));
    match line.action.erase().map(|erase| erase.lift) {
        None => vec![say(&t.there, largest)],
        Some(Lift::Nothing) => left.into_iter().collect(),
        Some(Lift::MaxAddressAndDco) => vec![say(&t.opened_dco, largest)],
        Some(Lift::MaxAddress) => {
            let reached = [hidden.hpa, hidden.amax].into_iter().filter_map(native).max();
            std::iter::once(say(&t.opened, reached.unwrap_or(largest))).chain(left).collect()
        }
    }
}
