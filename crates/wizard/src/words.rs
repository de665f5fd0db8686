//! The vocabulary's values in the language of the screen.

mod about;

use crate::field::harmless;
use crate::texts::{Pair, Texts, fill};
use crate::{ByHand, Destination, FollowEnd, JobView, Model, Phase, StickProblem, StickState, UnlockProblem};
use model::{
    BlockErrors, Drive, DriveNo, DriveResult, Eligibility, FailureReason, Handling, Ineligible,
    InformationClass, Medium, MediumKind, MediumSource, Method, Outcome, Place, Technique, Verdict,
};
use policy::{Erase, WhyNot};
use unicode_width::UnicodeWidthStr;

pub(crate) use about::{about, areas_in_plan, exception, percent, warnings};

pub(crate) fn class(texts: &Texts, class: InformationClass) -> &str {
    match class {
        InformationClass::One => &texts.class.name_one,
        InformationClass::Two => &texts.class.name_two,
        InformationClass::Three => &texts.class.name_three,
    }
}

pub(crate) fn medium(texts: &Texts, medium: Medium, source: Option<MediumSource>) -> &str {
    match (medium, source) {
        (_, Some(MediumSource::AssumedFlash)) => &texts.medium.assumed,
        (Medium::Hdd, _) => &texts.medium.hdd,
        (Medium::Ssd, _) => &texts.medium.ssd,
        (Medium::UsbStick, _) => &texts.medium.usb_stick,
        (Medium::Optical, _) => &texts.medium.optical,
    }
}

/// Why the row of a drive cannot be erased; nothing for one that can.
pub(crate) fn reasons(model: &Model, no: DriveNo) -> Vec<String> {
    let row = model.drives.rows.iter().find(|row| row.drive.no == no);
    if row.is_some_and(|row| model.wants_label(&row.drive) && !row.drive.eligibility.is_eligible()) {
        return vec![model.texts().drives.stays_nameless.clone()];
    }
    match row.map(|row| &row.drive.eligibility) {
        Some(Eligibility::Ineligible(reasons)) => {
            reasons.iter().map(|reason| ineligible(model.texts(), reason)).collect()
        }
        Some(Eligibility::Eligible) | None => Vec::new(),
    }
}

/// Where a drive is, for whoever has to take it out: the port, and what the log calls it.
pub(crate) fn position(model: &Model, drive: &Drive) -> String {
    let t = &model.texts().common;
    match place(model, drive) {
        Some(place) => fill(&t.place, &[("place", &place), ("position", &drive.position)]),
        None => fill(&t.position, &[("position", &drive.position)]),
    }
}

/// The port that a drive is plugged in, where that is known.
pub(crate) fn place(model: &Model, drive: &Drive) -> Option<String> {
    let t = &model.texts().common;
    let place = model.drives.asides.get(&drive.no).and_then(|aside| aside.place.as_ref());
    place.map(|place| match place {
        Place::Sata(port) => fill(&t.place_sata, &[("port", port)]),
        Place::NvmeSlot(slot) => fill(&t.place_nvme_slot, &[("slot", slot)]),
        Place::NvmeAddress(address) => fill(&t.place_nvme, &[("address", address)]),
        Place::Usb(port) => fill(&t.place_usb, &[("port", port)]),
        Place::SasBay(bay) => fill(&t.place_sas, &[("bay", bay)]),
        Place::Scsi(target) => fill(&t.place_scsi, &[("target", target)]),
    })
}

/// A drive by number and model, for a sentence.
pub(crate) fn drive_name(model: &Model, no: DriveNo) -> String {
    let name = fill(&model.texts().common.drive, &[("no", &no)]);
    match model.drives.rows.iter().find(|row| row.drive.no == no) {
        Some(row) => format!("{name} {}", row.drive.identity.model),
        None => name,
    }
}

/// How many are named before the others are only counted.
const NAMED: usize = 2;

/// The first few of these names, and how many more there are.
pub(crate) fn first_few(names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("+{more}"));
    }
    names.join(", ")
}

/// Drives by number and model, for a sentence.
pub(crate) fn drive_names(model: &Model, drives: &[DriveNo]) -> String {
    first_few(drives.iter().map(|no| drive_name(model, *no)))
}

/// A sentence with the system's own words in it: as much of them as a line of the smallest screen takes.
fn with_failure(sentence: &str, failure: &str) -> String {
    const LINE: usize = 74;
    let room = LINE.saturating_sub(fill(sentence, &[("failure", &"")]).width());
    fill(sentence, &[("failure", &crate::view::shortened(&harmless(failure), room))])
}

/// A serial number for a person to compare, or that there is none.
pub(crate) fn serial(texts: &Texts, serial: &model::DeviceText) -> String {
    match serial.is_empty() {
        true => texts.common.no_serial.clone(),
        false => fill(&texts.common.serial, &[("serial", serial)]),
    }
}

/// The serial number of a drive: the one that it reports, else the one that a person read off its label, marked as such.
pub(crate) fn drive_serial(model: &Model, no: DriveNo, reported: &model::DeviceText) -> String {
    match model.labels.serials.get(&no).filter(|_| reported.is_empty()) {
        Some(read) => fill(&model.texts().common.label_serial, &[("serial", &harmless(read))]),
        None if model.asks_for_label(no) => serial(model.texts(), &covered(reported)),
        None => serial(model.texts(), reported),
    }
}

/// A serial number without its end, which is asked of whoever has the drive's label before their eyes: it must not be
/// copied from the screen.
fn covered(reported: &model::DeviceText) -> model::DeviceText {
    let text = reported.as_str();
    let shown = text.chars().count().saturating_sub(crate::labels::WORD);
    text.chars()
        .take(shown)
        .chain("*".repeat(crate::labels::WORD).chars())
        .collect::<String>()
        .as_str()
        .into()
}

/// A kind of medium that was not seen by this PC.
pub(crate) fn medium_kind(texts: &Texts, kind: MediumKind) -> &str {
    match kind {
        MediumKind::Hdd => &texts.medium.hdd,
        MediumKind::Ssd => &texts.medium.ssd,
        MediumKind::UsbStick => &texts.medium.usb_stick,
        MediumKind::Optical => &texts.hand.optical,
        MediumKind::Other => &texts.hand.other_kind,
    }
}

pub(crate) fn handling(texts: &Texts, handling: Handling) -> &str {
    match handling {
        Handling::Destroyed => &texts.hand.destroyed,
        Handling::Degaussed => &texts.hand.degaussed,
        Handling::SetAside => &texts.hand.set_aside,
    }
}

/// The tools to choose from: what a machine is called, in katakana that an appliance cannot type.
pub(crate) fn tools(model: &Model) -> Vec<String> {
    let t = &model.texts().hand;
    match model.hand.form.handling {
        Some(Handling::Degaussed) => vec![t.tool_degausser.clone()],
        Some(Handling::SetAside) => vec![t.tool_safe.clone()],
        Some(Handling::Destroyed) | None => {
            let kind = model.hand_kind(model.hand.form.drive, model.hand.form.kind);
            let tools: &[&String] = match kind {
                // A hammer or a drill leaves most of a platter whole (図表41, 42).
                Some(MediumKind::Hdd) => &[&t.tool_puncher, &t.tool_hdd_shredder, &t.tool_press],
                Some(MediumKind::Ssd | MediumKind::UsbStick) => {
                    &[&t.tool_ssd_shredder, &t.tool_press, &t.tool_drill, &t.tool_hammer]
                }
                Some(MediumKind::Optical) => &[&t.tool_shredder, &t.tool_scissors],
                Some(MediumKind::Other) | None => &[&t.tool_shredder, &t.tool_press],
            };
            tools.iter().map(|tool| (*tool).clone()).collect()
        }
    }
}

/// What of a kind of medium has to be destroyed: of most, what is seen from outside is not it.
pub(crate) fn must_be_destroyed(texts: &Texts, kind: MediumKind) -> &str {
    let t = &texts.hand;
    match kind {
        MediumKind::Hdd => &t.must_hdd,
        MediumKind::Ssd | MediumKind::UsbStick => &t.must_flash,
        MediumKind::Optical => &t.must_optical,
        MediumKind::Other => &t.must_other,
    }
}

/// The medium that something was done to, by what it is called.
pub(crate) fn hand_medium(model: &Model, said: &ByHand) -> String {
    let texts = model.texts();
    let number = |serial: String| if serial.is_empty() { texts.common.no_serial.clone() } else { serial };
    match (&said.medium, said.drive) {
        (Some(medium), _) => {
            let serial = match medium.serial.is_empty() {
                true => String::new(),
                false => fill(&texts.common.serial, &[("serial", &harmless(&medium.serial))]),
            };
            let parts = [harmless(&medium.maker), harmless(&medium.model), number(serial)];
            let named: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!("{}  {}", medium_kind(texts, medium.kind), named.join("  "))
        }
        (None, Some(no)) => {
            let row = model.drives.rows.iter().find(|row| row.drive.no == no);
            let serial = row.map(|row| drive_serial(model, no, &row.drive.identity.serial));
            format!("{}  {}", drive_name(model, no), serial.unwrap_or_default())
        }
        (None, None) => String::new(),
    }
}

/// What was done, by whom and when, and what it comes to.
pub(crate) fn hand_said(model: &Model, said: &ByHand) -> Vec<String> {
    let texts = model.texts();
    let t = &texts.hand;
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("handling", &handling(texts, said.handling)),
        ("how", &harmless(&said.how)),
        ("by", &harmless(&said.by)),
        ("on", &said.on),
    ];
    let mut all = vec![fill(&t.said, &values)];
    if !said.asset_number.is_empty() && said.drive.is_none() {
        all.push(fill(&texts.common.asset, &[("number", &harmless(&said.asset_number))]));
    }
    let result = model.hand_result(said);
    all.push(match (said.handling, result.failure.is_some()) {
        (Handling::SetAside, _) => t.still_there.clone(),
        (_, true) => t.wants_witness.clone(),
        (_, false) => t.by_word.clone(),
    });
    if said.photo_expected {
        all.push(t.photo_do.clone());
    }
    all
}

/// Of a drive that is not there any more. A stick that was not to be erased was pulled on purpose: nobody is asked to bring it
/// back.
pub(crate) fn gone(model: &Model, no: DriveNo) -> &str {
    let t = &model.texts().drives;
    let row = model.drives.rows.iter().find(|row| row.drive.no == no);
    let is_stick = row.is_some_and(|row| !row.drive.is_internal());
    let meant = model.is_bench() || model.drives.selected.contains(&no);
    if is_stick && !meant { &t.gone_stick } else { &t.gone }
}

/// On a bench, the number of the PC from which a drive was taken, once it was entered.
pub(crate) fn bench_asset(model: &Model, no: DriveNo) -> Option<String> {
    let number = model.bench_asset(no);
    (!number.is_empty()).then(|| fill(&model.texts().common.asset, &[("number", &harmless(number))]))
}

pub(crate) fn ineligible(texts: &Texts, reason: &Ineligible) -> String {
    let t = &texts.ineligible;
    match reason {
        Ineligible::BootStick => t.boot_stick.clone(),
        Ineligible::ResultsStick => t.results_stick.clone(),
        Ineligible::HoldsLogs => t.holds_logs.clone(),
        Ineligible::Mounted(detail) => fill(&t.mounted, &[("detail", detail)]),
        Ineligible::HeldBy(detail) => fill(&t.held_by, &[("detail", detail)]),
        Ineligible::InUse => t.in_use.clone(),
        Ineligible::ReadOnly => t.read_only.clone(),
        Ineligible::NoMedium => t.no_medium.clone(),
        Ineligible::Optical => t.optical.clone(),
        Ineligible::Unidentified(detail) => {
            fill(&t.unidentified, &[("detail", &crate::cause::told(texts, detail.as_str()))])
        }
        Ineligible::Locked => t.locked.clone(),
        Ineligible::ErasingItself => t.erasing_itself.clone(),
        Ineligible::SameIdentity => t.same_identity.clone(),
        Ineligible::Unchecked(detail) => fill(&t.unchecked, &[("detail", detail)]),
    }
}

pub(crate) fn stick_state(texts: &Texts, state: &StickState) -> String {
    let t = &texts.stick_state;
    match state {
        StickState::Usable => t.usable.clone(),
        StickState::HasLogs { sessions } => fill(&t.has_logs, &[("sessions", sessions)]),
        StickState::ReadOnly => t.read_only.clone(),
        StickState::Full => t.full.clone(),
        StickState::NotFat(found) if found.is_empty() => t.not_fat_unknown.clone(),
        StickState::NotFat(found) => fill(&t.not_fat, &[("found", &harmless(found))]),
        StickState::BootStick => t.boot_stick.clone(),
        StickState::Unreadable(failure) => fill(&t.unreadable, &[("failure", &harmless(failure))]),
    }
}

/// What happened to a results stick, and what to do.
pub(crate) fn stick_problem(texts: &Texts, problem: &StickProblem) -> (String, String) {
    let t = &texts.stick_problem;
    let (pair, failure) = match problem {
        StickProblem::Removed => (&t.removed, ""),
        StickProblem::Full => (&t.full, ""),
        StickProblem::ReadOnly => (&t.read_only, ""),
        StickProblem::NotFat => (&t.not_fat, ""),
        StickProblem::ReadBackDiffers => (&t.read_back, ""),
        StickProblem::AnotherStick => (&t.another, ""),
        StickProblem::NoAnswer => (&t.no_answer, ""),
        StickProblem::Io(failure) => (&t.io, failure.as_str()),
        StickProblem::NotVerified(failure) => (&t.not_verified, failure.as_str()),
    };
    (with_failure(&pair.what, failure), pair.todo.clone())
}

/// How an erase that a drive was found in the middle of ended, and what to do.
pub(crate) fn follow_end<'a>(texts: &'a Texts, end: &FollowEnd) -> (&'a str, &'a str) {
    let t = &texts.follow;
    match end {
        FollowEnd::Ended => (&t.ended, &t.ended_do),
        FollowEnd::Failed(_) => (&t.failed, &t.failed_do),
        FollowEnd::Vanished => (&t.vanished, &t.vanished_do),
        FollowEnd::Indeterminate(_) => (&t.unknown, &t.unknown_do),
    }
}

/// Why a drive was not unlocked, and what to do.
pub(crate) fn unlock_problem(texts: &Texts, problem: &UnlockProblem) -> (String, String) {
    let t = &texts.unlock;
    let (pair, failure) = match problem {
        UnlockProblem::Refused => (&t.refused, ""),
        UnlockProblem::AttemptsUsedUp => (&t.attempts, ""),
        UnlockProblem::Vanished => (&t.vanished, ""),
        UnlockProblem::Io(failure) => (&t.io, failure.as_str()),
    };
    let failure = harmless(crate::cause::told(texts, failure));
    (fill(&pair.what, &[("failure", &failure)]), pair.todo.clone())
}

pub(crate) fn technique(texts: &Texts, technique: Technique) -> &str {
    let t = &texts.technique;
    match technique {
        Technique::RandomOverwrite => &t.random_overwrite,
        Technique::AtaSecurityEraseNormal => &t.ata_security_erase_normal,
        Technique::AtaSecurityEraseEnhanced => &t.ata_security_erase_enhanced,
        Technique::AtaSanitizeBlockErase => &t.ata_sanitize_block_erase,
        Technique::AtaSanitizeCryptoScramble => &t.ata_sanitize_crypto_scramble,
        Technique::AtaSanitizeOverwrite => &t.ata_sanitize_overwrite,
        Technique::ScsiSanitizeOverwrite => &t.scsi_sanitize_overwrite,
        Technique::ScsiSanitizeBlockErase => &t.scsi_sanitize_block_erase,
        Technique::ScsiSanitizeCryptoErase => &t.scsi_sanitize_crypto_erase,
        Technique::ScsiFormatUnit => &t.scsi_format_unit,
        Technique::NvmeFormatUserData => &t.nvme_format_user_data,
        Technique::NvmeFormatCrypto => &t.nvme_format_crypto,
        Technique::NvmeSanitizeBlockErase => &t.nvme_sanitize_block_erase,
        Technique::NvmeSanitizeCryptoErase => &t.nvme_sanitize_crypto_erase,
        Technique::NvmeSanitizeOverwrite => &t.nvme_sanitize_overwrite,
        Technique::Degauss => &t.degauss,
    }
}

pub(crate) fn why_not(texts: &Texts, why: WhyNot) -> &str {
    let t = &texts.why_not;
    match why {
        WhyNot::OverwriteIsNotPurge => &t.overwrite_is_not_purge,
        WhyNot::NotAllowed => &t.not_allowed,
        WhyNot::Unsupported => &t.unsupported,
        WhyNot::Frozen => &t.frozen,
        WhyNot::Locked => &t.locked,
        WhyNot::BehindUsb => &t.behind_usb,
        WhyNot::Unknown => &t.unknown,
        WhyNot::ByHand => &t.by_hand,
        WhyNot::OtherNamespaces => &t.other_namespaces,
        WhyNot::NotInThisVersion => &t.not_in_this_version,
        WhyNot::HiddenArea => &t.hidden_area,
        WhyNot::NotAttested => &t.not_attested,
        WhyNot::FailedBefore => &t.failed_before,
        WhyNot::LessPreferred => &t.less_preferred,
    }
}

/// What will be done, as a sentence.
pub(crate) fn how(texts: &Texts, erase: Erase) -> String {
    match erase.technique {
        Technique::RandomOverwrite => fill(&texts.plan.overwrite, &[("passes", &erase.passes)]),
        Technique::NvmeFormatUserData => texts.plan.nvme_format.clone(),
        other => fill(&texts.plan.firmware, &[("technique", &technique(texts, other))]),
    }
}

pub(crate) fn method(texts: &Texts, method: Method) -> &str {
    match method {
        Method::Clear => &texts.method.clear,
        Method::Purge => &texts.method.purge,
        Method::Destruct => &texts.method.destruct,
    }
}

pub(crate) fn achieved(texts: &Texts, result: &DriveResult) -> String {
    match result.achieved {
        Some(reached) => fill(&texts.method.achieved, &[("method", &method(texts, reached))]),
        None => texts.method.achieved_nothing.clone(),
    }
}

pub(crate) fn outcome(texts: &Texts, outcome: Outcome) -> &str {
    let t = &texts.outcome;
    match outcome {
        Outcome::Done => &t.done,
        Outcome::Incomplete => &t.incomplete,
        Outcome::Failed => &t.failed,
        Outcome::AwaitingDestruction => &t.awaiting_destruction,
        Outcome::AwaitingApproval => &t.awaiting_approval,
        Outcome::NotCovered => &t.not_covered,
    }
}

pub(crate) fn verdict(texts: &Texts, verdict: Option<Verdict>) -> &str {
    let t = &texts.verdict;
    match verdict {
        Some(Verdict::MayBeReused) => &t.reuse,
        Some(Verdict::MayGoToContractor) => &t.contractor,
        Some(Verdict::MustNotLeave) => &t.must_not_leave,
        None => &t.none,
    }
}

/// Where the drives of this PC are meant to go, as it was entered: for one that may go there.
pub(crate) fn meant_for(model: &Model) -> String {
    let t = &model.texts().people;
    let name = match model.people.declared(model.purpose).destination {
        Some(Destination::Reuse) => &t.reuse,
        Some(Destination::Return) => &t.giving_back,
        // It is neither reused nor returned, and no data stand in the way.
        Some(Destination::Disposal) => return model.texts().verdict.meant_for_disposal.clone(),
        None => return String::new(),
    };
    fill(&model.texts().verdict.meant_for, &[("destination", name)])
}

/// Why a drive is not 完了, and what to do.
pub(crate) fn failure(texts: &Texts, reason: &FailureReason, errors: &BlockErrors) -> (String, String) {
    let t = &texts.failure;
    let (pair, detail): (&Pair, &str) = match reason {
        FailureReason::Vanished => (&t.vanished, ""),
        FailureReason::IdentityChanged => (&t.identity_changed, ""),
        FailureReason::NotExclusive(detail) => (&t.not_exclusive, detail),
        FailureReason::CommandRejected(detail) => (&t.rejected, detail),
        FailureReason::Indeterminate(detail) => (&t.indeterminate, detail),
        FailureReason::BlocksNotErased => (&t.blocks, ""),
        FailureReason::MediumUnchanged => (&t.unchanged, ""),
        FailureReason::ReadBackDiffers => (&t.read_back, ""),
        FailureReason::Io(detail) => (&t.io, detail),
        FailureReason::IntentNotSaved => (&t.intent, ""),
        FailureReason::AwaitingWitness => (&t.witness, ""),
        FailureReason::Stopped => (&t.stopped, ""),
        FailureReason::DriveFailed(detail) => (&t.drive_failed, detail),
        FailureReason::Stalled(detail) => (&t.stalled, detail),
        FailureReason::LeftLocked(detail) => (&t.left_locked, detail),
        FailureReason::AreaHidden(detail) => (&t.area_hidden, detail),
        FailureReason::OtherNamespace => (&t.other_namespace, ""),
        FailureReason::Internal(detail) => (&t.internal, detail),
    };
    let count = errors.unwritable.0.saturating_add(errors.unreadable.0).saturating_add(errors.different.0);
    let detail = harmless(crate::cause::told(texts, detail));
    let what = fill(&pair.what, &[("detail", &detail), ("count", &count)]);
    (what, pair.todo.clone())
}

pub(crate) fn phase(texts: &Texts, job: Option<&JobView>) -> String {
    let t = &texts.progress;
    match job.map(|job| job.phase) {
        None | Some(Phase::Waiting) => t.waiting.clone(),
        Some(Phase::Preparing) => t.preparing.clone(),
        Some(Phase::Overwriting { pass, passes }) => {
            fill(&t.overwriting, &[("pass", &pass), ("passes", &passes)])
        }
        Some(Phase::DriveErases) => t.drive_erases.clone(),
        Some(Phase::ReadingBack) => t.reading_back.clone(),
        Some(Phase::Stalled) => t.stalled.clone(),
        Some(Phase::Stopping) => t.stopping.clone(),
    }
}

/// A duration as people say it; minutes are rounded up.
pub(crate) fn duration(texts: &Texts, seconds: u64) -> String {
    let t = &texts.common;
    let minutes = seconds.div_ceil(60);
    match (seconds, minutes) {
        (0..60, _) => t.less_than_a_minute.clone(),
        (_, 0..60) => fill(&t.minutes, &[("minutes", &minutes)]),
        (_, 60..1440) => fill(&t.hours, &[("hours", &(minutes / 60)), ("minutes", &(minutes % 60))]),
        _ => fill(&t.days, &[("days", &(minutes / 1440)), ("hours", &(minutes % 1440 / 60))]),
    }
}
