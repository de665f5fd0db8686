//! From one room's words to another's.

use model::{Drive, DriveNo, NotCovered};
use policy::{Action, SessionPlan};
use record::{PlannedAction, PlannedDrive, PlannedErase};
use sanitize::{Phase, Progress, ProgressSource};
use std::collections::BTreeMap;
use stick::StickError;
use wizard::{Basis, JobView, StickProblem};

/// A plan as the log keeps it: a line for every drive that the log knows, also for those that were gone when the plan
/// was made.
pub(crate) fn plan(plan: &SessionPlan, recorded: &BTreeMap<DriveNo, Drive>) -> record::Plan {
    let erase = |erase: &policy::Erase| PlannedErase {
        method: erase.method,
        technique: erase.technique,
        passes: erase.passes,
        verification: erase.verification,
        lift: erase.lift,
    };
    let drives = plan.drives.iter().map(|line| PlannedDrive {
        drive: line.drive,
        identity_fingerprint: line.identity.fingerprint(),
        action: match &line.action {
            Action::Erase(how) | Action::EraseUnderException(how) => PlannedAction::Erase { how: erase(how) },
            Action::Destruct { .. } => PlannedAction::Destruct { clear_first: None },
            Action::ClearThenDestruct(how) => PlannedAction::Destruct { clear_first: Some(erase(how)) },
            Action::Leave(reason) => PlannedAction::Leave { reason: *reason },
        },
        rejected: line
            .rejected
            .iter()
            .map(|rejected| record::Rejected {
                technique: rejected.technique,
                why: rejected.why.code().to_owned(),
            })
            .collect(),
    });
    let gone = recorded.values().filter(|drive| plan.drive(drive.no).is_none()).map(|drive| PlannedDrive {
        drive: drive.no,
        identity_fingerprint: drive.identity.fingerprint(),
        action: PlannedAction::Leave { reason: NotCovered::NotInPlan },
        rejected: Vec::new(),
    });
    record::Plan { digest: plan.digest().to_string(), drives: drives.chain(gone).collect() }
}

/// What a person attested, as the log keeps it: all three conditions of 図表44, or nothing at all.
pub(crate) fn attestation(said: &wizard::Attestation) -> record::Attestation {
    record::Attestation { drive: said.drive, by: said.by.clone(), cipher: said.cipher.clone() }
}

/// What was read off a drive's label, as the log keeps it.
pub(crate) fn label(said: &wizard::Label) -> record::Label {
    record::Label { drive: said.drive, asset_number: said.asset_number.clone(), serial: said.serial.clone() }
}

/// An exception, as the log keeps it; nothing where the day is none, and then no plan that stands by it is carried out.
pub(crate) fn exception(said: &wizard::Exception) -> Option<record::Exception> {
    let deadline = record::Day::try_from(said.deadline.clone()).ok()?;
    Some(record::Exception {
        drive: said.drive,
        reason: said.reason.clone(),
        measure: said.measure.clone(),
        approver: said.approver.clone(),
        deadline,
    })
}

/// What a person did to a medium, as the log keeps it; nothing where the day is none.
pub(crate) fn by_hand(said: &wizard::ByHand) -> Option<record::ByHand> {
    let medium = said.medium.as_ref().map(|medium| record::HandMedium {
        kind: medium.kind,
        maker: medium.maker.clone(),
        model: medium.model.clone(),
        serial: medium.serial.clone(),
    });
    Some(record::ByHand {
        no: said.no,
        drive: said.drive,
        medium,
        asset_number: said.asset_number.clone(),
        handling: said.handling,
        how: said.how.clone(),
        by: said.by.clone(),
        on: record::Day::try_from(said.on.clone()).ok()?,
        photo_expected: said.photo_expected,
        remarks: said.remarks.clone(),
    })
}

/// What was declared, as the log keeps it.
pub(crate) fn declared(answers: &wizard::SessionAnswers) -> record::Declared {
    let said = &answers.declared;
    record::Declared {
        destination: match answers.purpose {
            wizard::Purpose::Erase => said.destination.map(|destination| match destination {
                wizard::Destination::Reuse => record::Destination::Reuse,
                wizard::Destination::Return => record::Destination::Return,
                wizard::Destination::Disposal => record::Destination::Disposal,
            }),
            wizard::Purpose::Handover => Some(record::Destination::Destruction),
            // Each entry says it for itself.
            wizard::Purpose::ByHand => None,
        },
        section: said.section.clone(),
        place: said.place.clone(),
        approver: said.approver.clone(),
        carried_out_by: said.carried_out_by.as_ref().map(|by| match by {
            wizard::CarriedOutBy::Staff => record::CarriedOutBy::Staff,
            wizard::CarriedOutBy::Contractor(name) => record::CarriedOutBy::Contractor { name: name.clone() },
        }),
        ..record::Declared::default()
    }
}

/// What a session before declared, to be offered again.
pub(crate) fn remembered(choices: &record::Choices) -> wizard::Remembered {
    let said = &choices.declared;
    let declared = wizard::Declared {
        section: said.section.clone(),
        place: said.place.clone(),
        approver: said.approver.clone(),
        carried_out_by: said.carried_out_by.as_ref().map(|by| match by {
            record::CarriedOutBy::Staff => wizard::CarriedOutBy::Staff,
            record::CarriedOutBy::Contractor { name } => wizard::CarriedOutBy::Contractor(name.clone()),
        }),
        destination: said.destination.and_then(|destination| match destination {
            record::Destination::Reuse => Some(wizard::Destination::Reuse),
            record::Destination::Return => Some(wizard::Destination::Return),
            record::Destination::Disposal => Some(wizard::Destination::Disposal),
            // That was 引渡前の消去, which is chosen on the first screen.
            record::Destination::Destruction => None,
        }),
    };
    wizard::Remembered { operator: choices.operator.clone(), witness: choices.witness.clone(), declared }
}

/// An earlier session for people to look at; nothing where its log does not begin.
pub(crate) fn past(report: &record::Report) -> Option<wizard::PastSession> {
    let open = report.open.as_ref()?;
    let end = match (report.standing(), report.closed) {
        (record::Standing::Refused, _) => wizard::PastEnd::Refused,
        (record::Standing::Unclosed, _) => wizard::PastEnd::Open,
        (
            record::Standing::Verified,
            Some(record::CloseReason::AbortedByOperator | record::CloseReason::NobodyWentOn),
        ) => wizard::PastEnd::Abandoned,
        (record::Standing::Verified, _) => wizard::PastEnd::Closed,
    };
    let concerned = report.drives.iter().filter(|drive| match drive.outcome {
        Some(outcome) => outcome != model::Outcome::NotCovered,
        None => drive.drive.eligibility.is_eligible(),
    });
    let drives = concerned.map(|drive| wizard::PastDrive {
        model: drive.drive.identity.model.clone(),
        serial: record::Serial::of(&drive.drive, report.choices.as_ref()).as_str().into(),
        outcome: drive.outcome,
        achieved: match drive.by_hand {
            Some(no) => hand(report, no).and_then(|said| said.result.achieved),
            None => drive.result.as_ref().and_then(|result| result.achieved),
        },
        verdict: drive.verdict,
    });
    // Of a medium that the PC did not see, what the person who had it in hand said.
    let by_hand = report.by_hand.iter().filter_map(|said| {
        let medium = said.entry.medium.as_ref()?;
        Some(wizard::PastDrive {
            model: format!("{} {}", medium.maker, medium.model).trim().into(),
            serial: medium.serial.as_str().into(),
            outcome: Some(said.result.outcome),
            achieved: said.result.achieved,
            verdict: said.result.verdict(),
        })
    });
    let drives = drives.chain(by_hand);
    let choices = report.choices.as_ref();
    Some(wizard::PastSession {
        asset_number: choices.map(asset_numbers).unwrap_or_default(),
        wall: open.clock.wall.to_string().replace('T', " ").chars().take(16).collect(),
        class: choices.map(|choices| choices.class),
        end,
        drives: drives.collect(),
        untouched: untouched(report),
    })
}

/// How many of the PC's own drives were left as they were, with what they hold, hidden ones by their controllers. On a bench none is the PC's that the
/// number belongs to.
fn untouched(report: &record::Report) -> usize {
    let own = report.choices.as_ref().is_none_or(|it| it.drives_from == record::DrivesFrom::ThisPc);
    let left = |drive: &&record::DriveReport| {
        drive.outcome == Some(model::Outcome::NotCovered)
            && drive.drive.is_internal()
            && drive.drive.keeps_data()
    };
    // What a controller hides was not looked at, let alone erased.
    let hidden = report.unreachable.len();
    if own { report.drives.iter().filter(left).count() + hidden } else { 0 }
}

fn hand(report: &record::Report, no: model::ByHandNo) -> Option<&record::HandReport> {
    report.by_hand.iter().find(|said| said.entry.no == no)
}

/// The PC's number; on a bench, those of the PCs that the drives were taken out of.
fn asset_numbers(choices: &record::Choices) -> String {
    let mut numbers: Vec<&str> =
        choices.labels.iter().filter_map(|label| label.asset_number.as_deref()).collect();
    numbers.dedup();
    if numbers.is_empty() { choices.asset_number.clone() } else { numbers.join(", ") }
}

/// An intent as the log keeps it.
pub(crate) fn intent(intent: &sanitize::Intent) -> record::Intent {
    record::Intent {
        drive: intent.drive,
        identity_fingerprint: intent.identity_fingerprint.clone(),
        serial: intent.serial.clone(),
        technique: intent.technique,
        command: intent.command.clone(),
        canary_seed: intent.canary_seed.clone(),
        password: intent.password.clone(),
    }
}

/// Progress for the screen.
pub(crate) fn progress(progress: &Progress) -> JobView {
    let phase = match progress.phase {
        Phase::Planting => wizard::Phase::Preparing,
        Phase::Formatting => wizard::Phase::DriveErases,
        Phase::Pass { number, of } => wizard::Phase::Overwriting { pass: number, passes: of },
        Phase::Verifying => wizard::Phase::ReadingBack,
    };
    let counted = progress.source != ProgressSource::Silent;
    JobView {
        phase,
        done: progress.done.0,
        // Where the drive tells nothing there is no bar to draw.
        of: if counted { progress.of.0 } else { 0 },
        basis: if counted { Basis::Measured } else { Basis::Estimated },
        rate: (progress.rate > 0).then_some(model::ByteLen(progress.rate)),
        remaining: progress.remaining.map(|left| left.as_secs()),
    }
}

/// A job that has no progress yet.
pub(crate) fn waiting() -> JobView {
    let phase = wizard::Phase::Waiting;
    JobView { phase, done: 0, of: 0, basis: Basis::Measured, rate: None, remaining: None }
}

/// A stick's error for the screen.
pub(crate) fn stick_problem(error: &StickError) -> StickProblem {
    match error {
        StickError::NoStick | StickError::Removed => StickProblem::Removed,
        StickError::ReadOnly => StickProblem::ReadOnly,
        StickError::Full => StickProblem::Full,
        StickError::NoFilesystem | StickError::NoDriver => StickProblem::NotFat,
        StickError::ReadBackDiffers => StickProblem::ReadBackDiffers,
        StickError::NotVerified(fault) => StickProblem::NotVerified(format!("{fault:?}")),
        StickError::NamesTaken => StickProblem::Io(error.to_string()),
        StickError::Io { source, .. } => StickProblem::Io(format!("{error}: {source}")),
    }
}
