//! Every technique on drives that behave and on drives that don't: what may be claimed.

use crate::fake::rig::{LEN, Leaves, Rig, Rules, Start, Status};
use crate::fake::rigged;
use crate::fake::rigged::{bus, erase, reading, run, run_armed, techniques};
use model::{
    Bus, ByteLen, Content, FailureReason, Knowledge, Method, Outcome, StepKind, Technique, VerificationKind,
};
use std::time::Duration;

fn rules() -> Rules {
    Rules::default()
}

fn is_overwrite(technique: Technique) -> bool {
    technique.name().ends_with("overwrite")
}

/// Whether nothing is said of what it leaves.
fn is_unforeseeable(technique: Technique) -> bool {
    reading(technique) == VerificationKind::Sampled
}

fn never_success(
    rules: &Rules,
    allowed: impl Fn(Technique) -> bool,
    expected: impl Fn(&FailureReason) -> bool,
) {
    for technique in techniques().filter(|technique| allowed(*technique)) {
        let rig = Rig::new(rules.clone());
        let ran = run(&rig, erase(technique));
        let reason = ran.result.failure.clone();
        assert_ne!(ran.result.outcome, Outcome::Done, "{technique}");
        assert_eq!(ran.result.achieved, None, "{technique}");
        assert!(reason.as_ref().is_some_and(&expected), "{technique}: {reason:?}");
    }
}

#[test]
fn a_good_drive_is_done_by_every_technique_with_its_whole_evidence() {
    for technique in techniques() {
        let rig = Rig::new(rules());
        let ran = run(&rig, erase(technique));
        assert_eq!((ran.result.outcome, ran.result.failure.clone()), (Outcome::Done, None), "{technique}");
        assert_eq!(ran.result.achieved, Some(Method::Clear));
        let evidence = &ran.result.evidence;
        assert_eq!((rig.old_blocks(), evidence.attempts.len()), (0, 1), "{technique}");
        assert!(!evidence.attempts[0].raw_status.is_empty(), "{technique}");
        let canaries = evidence.canaries.clone().unwrap();
        assert!(canaries.planted >= 64 && canaries.surviving == 0 && canaries.unreadable == 0);
        let verification = evidence.verification.clone().unwrap();
        assert_eq!((verification.kind, verification.bytes), (reading(technique), ByteLen(LEN)));
        assert_eq!(verification.seed.len(), if is_unforeseeable(technique) { 64 } else { 0 });
        let found = verification.found.unwrap();
        match technique {
            _ if technique.is_crypto_erase() => assert_eq!(found, Content::Other),
            // The byte that was asked for, and not the one that a drive gives out of habit.
            _ if is_overwrite(technique) => {
                assert!(
                    matches!(found, Content::Constant { byte } if byte != 0 && byte != 0xFF),
                    "{found:?}"
                );
            }
            _ => assert_eq!(found, Content::Constant { byte: 0 }),
        }
        let read = if is_unforeseeable(technique) { Knowledge::Sampled } else { Knowledge::Full };
        assert_eq!(evidence.knowledge(), [Knowledge::Reported, Knowledge::Changed, read]);
        let steps = ran.steps();
        let at = |kind: &StepKind| steps.iter().position(|step| step == kind).unwrap();
        assert!(at(&StepKind::Accepted) < at(&StepKind::Ended));
        assert!(at(&StepKind::Ended) < at(&StepKind::CanariesChecked { surviving: 0 }));
    }
}

#[test]
fn sampling_proves_a_good_drive_too() {
    for technique in techniques() {
        let rig = Rig::new(rules());
        let sampled = policy::Erase { verification: VerificationKind::Sampled, ..erase(technique) };
        let ran = run(&rig, sampled);
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}: {:?}", ran.result.failure);
        assert_eq!(ran.result.evidence.verification.unwrap().kind, VerificationKind::Sampled);
    }
}

#[test]
fn a_drive_that_says_success_and_erases_nothing_is_never_done() {
    let rules = Rules { leaves: Leaves::Everything, ..rules() };
    never_success(&rules, |_| true, |reason| *reason == FailureReason::MediumUnchanged);
}

#[test]
fn a_drive_that_erases_half_is_never_done() {
    let rules = Rules { leaves: Leaves::HalfOfIt, ..rules() };
    never_success(&rules, |_| true, |reason| *reason == FailureReason::MediumUnchanged);
}

#[test]
fn one_block_of_old_data_that_was_remembered_is_never_done() {
    let rules = Rules { leaves: Leaves::OneBlock, ..rules() };
    never_success(&rules, |_| true, |reason| *reason == FailureReason::MediumUnchanged);
}

#[test]
fn a_canary_that_survives_is_never_done() {
    let rules = Rules { leaves: Leaves::FirstBlock, ..rules() };
    never_success(&rules, |_| true, |reason| *reason == FailureReason::MediumUnchanged);
}

#[test]
fn a_drive_that_erases_only_what_was_written_last_is_never_done() {
    let rules = Rules { leaves: Leaves::AllButWhatWasWritten, ..rules() };
    never_success(&rules, |_| true, |reason| *reason == FailureReason::MediumUnchanged);
}

#[test]
fn noise_is_never_verified_where_the_standard_says_what_an_erase_leaves() {
    let rules = Rules { leaves: Leaves::Noise, ..rules() };
    never_success(
        &rules,
        |technique| !is_unforeseeable(technique),
        |reason| *reason == FailureReason::ReadBackDiffers,
    );
    let rig = Rig::new(rules.clone());
    let ran = run(&rig, erase(Technique::AtaSecurityEraseEnhanced));
    assert_eq!(ran.result.outcome, Outcome::Done, "a pattern of the maker's: {:?}", ran.result.failure);
    assert_eq!(ran.result.evidence.verification.unwrap().found, Some(Content::Other));
}

#[test]
fn an_overwrite_that_reads_as_zeros_was_no_overwrite() {
    let rules = Rules { leaves: Leaves::Zeros, ..rules() };
    never_success(&rules, is_overwrite, |reason| *reason == FailureReason::ReadBackDiffers);
}

#[test]
fn zeros_after_a_crypto_erase_are_recorded_as_what_they_are() {
    for technique in techniques().filter(|technique| technique.is_crypto_erase()) {
        let ran = run(&Rig::new(Rules { leaves: Leaves::Zeros, ..rules() }), erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}");
        let found = ran.result.evidence.verification.unwrap().found;
        assert_eq!(found, Some(Content::Constant { byte: 0 }));
    }
}

#[test]
fn a_medium_of_which_nothing_can_be_read_is_never_verified() {
    for technique in techniques() {
        let rig = Rig::new(Rules { leaves: Leaves::ReadErrors, ..rules() });
        let ran = run(&rig, erase(technique));
        assert_ne!(ran.result.outcome, Outcome::Done, "{technique}");
        if technique == Technique::AtaSecurityEraseEnhanced {
            assert_eq!(ran.result.failure, Some(FailureReason::BlocksNotErased));
        } else if is_unforeseeable(technique) {
            // It takes writes: not dead, and still nothing was seen of what it holds.
            assert!(matches!(ran.result.failure, Some(FailureReason::Indeterminate(_))), "{technique}");
            assert_eq!(ran.result.outcome, Outcome::Incomplete);
            let evidence = ran.result.evidence;
            assert_eq!(evidence.verification.unwrap().found, Some(Content::Unreadable));
            let canaries = evidence.canaries.unwrap();
            assert_eq!(canaries.unreadable, canaries.planted);
        }
    }
}

#[test]
fn one_block_that_cannot_be_read_is_no_fault_after_a_crypto_erase_alone() {
    for technique in techniques().filter(|technique| is_unforeseeable(*technique)) {
        let ran = run(&Rig::new(Rules { leaves: Leaves::OneReadError, ..rules() }), erase(technique));
        let expected = (!technique.is_crypto_erase()).then_some(FailureReason::BlocksNotErased);
        assert_eq!(ran.result.failure, expected, "{technique}");
    }
}

#[test]
fn a_dead_drive_is_never_taken_for_one_whose_keys_are_gone() {
    let rules = Rules { leaves: Leaves::Death, ..rules() };
    never_success(&rules, is_unforeseeable, |reason| *reason == FailureReason::BlocksNotErased);
}

#[test]
fn reads_that_fail_as_the_drive_says_of_itself_end_unproven_with_that_reason() {
    for verification in [VerificationKind::FullConstant, VerificationKind::Sampled] {
        let rig = Rig::new(Rules { leaves: Leaves::ReadErrors, write_required: true, ..rules() });
        let erase = policy::Erase { verification, ..erase(Technique::ScsiSanitizeBlockErase) };
        let ran = run(&rig, erase);
        let Some(FailureReason::Indeterminate(why)) = &ran.result.failure else {
            panic!("{:?}", ran.result.failure)
        };
        assert!(why.contains("as the drive says of itself"), "{why}");
        assert_eq!(ran.result.outcome, Outcome::Incomplete);
    }
}

#[test]
fn a_rejected_command_is_a_failure_and_is_not_repeated() {
    for technique in techniques() {
        let rig = Rig::new(Rules { start: Start::Reject, ..rules() });
        let ran = run(&rig, erase(technique));
        assert!(matches!(ran.result.failure, Some(FailureReason::CommandRejected(_))), "{technique}");
        assert_eq!((ran.result.outcome, ran.result.achieved), (Outcome::Failed, None));
        let sent = rig.sent();
        let starts = sent.iter().filter(|sent| {
            ["ATA F4h", "ATA B4h FEATURE=001", "48", "04", "NVMe 8"]
                .iter()
                .any(|start| sent.starts_with(start))
        });
        assert_eq!(starts.count(), 1, "{technique}: {sent:?}");
        assert!(!rig.inside().locked && rig.inside().password.is_none());
    }
}

#[test]
fn a_drive_that_falls_silent_is_never_done() {
    let rules = Rules { start: Start::FallSilent, ..rules() };
    never_success(
        &rules,
        |technique| !is_security(technique),
        |reason| matches!(reason, FailureReason::Indeterminate(_)),
    );
}

fn is_security(technique: Technique) -> bool {
    technique.name().starts_with("ata-security")
}

#[test]
fn an_answer_that_was_lost_is_made_up_for_only_by_seeing_the_drive_at_work() {
    for technique in techniques().filter(|technique| technique.name().contains("sanitize")) {
        let rig = Rig::new(Rules { start: Start::LoseAnswer, ..rules() });
        assert_eq!(run(&rig, erase(technique)).result.outcome, Outcome::Done, "{technique}");
        // Too fast to be seen: then nothing tells the end of this one from the end of another.
        let rig = Rig::new(Rules { start: Start::LoseAnswer, takes: Duration::ZERO, ..rules() });
        let ran = run(&rig, erase(technique));
        assert!(matches!(ran.result.failure, Some(FailureReason::Indeterminate(_))), "{technique}");
    }
}

#[test]
fn a_fast_drive_that_accepted_is_done_though_it_was_never_seen_at_work() {
    for technique in techniques() {
        let rig = Rig::new(Rules { takes: Duration::ZERO, ..rules() });
        let ran = run(&rig, erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}: {:?}", ran.result.failure);
        let rig = Rig::new(Rules { takes: Duration::ZERO, leaves: Leaves::Everything, ..rules() });
        assert_eq!(run(&rig, erase(technique)).result.failure, Some(FailureReason::MediumUnchanged));
    }
}

#[test]
fn a_drive_that_fails_its_erase_is_a_failure() {
    let rules = Rules { ends_in_failure: true, ..rules() };
    never_success(
        &rules,
        |_| true,
        |reason| matches!(reason, FailureReason::DriveFailed(_) | FailureReason::CommandRejected(_)),
    );
}

#[test]
fn a_failed_sanitize_is_left_so_that_the_drive_can_be_asked_again() {
    for technique in techniques().filter(|technique| technique.name().contains("sanitize")) {
        let rig = Rig::new(Rules { ends_in_failure: true, ..rules() });
        let ran = run(&rig, erase(technique));
        assert!(matches!(ran.result.failure, Some(FailureReason::DriveFailed(_))), "{technique}");
        assert_eq!(rig.inside().doing, crate::fake::rig::Doing::Idle, "{technique}");
    }
}

#[test]
fn a_status_query_that_fails_is_never_success() {
    for status in [Status::Fail, Status::HalfLost] {
        let rules = Rules { status, ..rules() };
        let watched = |technique: Technique| technique.name().contains("sanitize");
        never_success(&rules, watched, |reason| {
            matches!(reason, FailureReason::Indeterminate(_) | FailureReason::CommandRejected(_))
        });
    }
}

#[test]
fn a_status_of_nothing_but_zeros_is_never_success() {
    let rules = Rules { status: Status::Zeros, ..rules() };
    let watched = |technique: Technique| technique.name().contains("sanitize");
    never_success(&rules, watched, |reason| matches!(reason, FailureReason::Indeterminate(_)));
}

#[test]
fn an_idle_answer_that_was_there_before_proves_nothing() {
    // The drive says at every look what it said before the command, and goes on working behind that.
    let rules = Rules { status: Status::Stale, ..rules() };
    for technique in techniques().filter(|technique| technique.name().contains("sanitize")) {
        let ran = run(&Rig::new(rules.clone()), erase(technique));
        assert_ne!(ran.result.outcome, Outcome::Done, "{technique}");
    }
}

#[test]
fn a_drive_that_vanishes_at_any_time_is_never_done() {
    for seconds in [0, 1, 60, 599] {
        let rules = Rules { gone_at: Some(Duration::from_secs(seconds)), ..rules() };
        never_success(&rules, |_| true, |reason| *reason == FailureReason::Vanished);
    }
}

#[test]
fn nothing_is_sent_or_written_before_its_intent_is_saved() {
    for technique in techniques() {
        for refuses_from in [0, 1] {
            let rig = Rig::new(rules());
            let armed = rigged::arm(&rig, erase(technique)).unwrap();
            let ran = run_armed(&rig, armed, refuses_from);
            assert_eq!(ran.result.failure, Some(FailureReason::IntentNotSaved), "{technique}");
            assert_eq!(ran.asked.len(), refuses_from + 1);
            assert_eq!((ran.asked[0].writes, ran.asked[0].sent), (0, 0));
            assert_eq!(rig.inside().writes > 0, refuses_from > 0);
            assert_eq!(rig.sent(), Vec::<String>::new(), "{technique}");
        }
        let rig = Rig::new(rules());
        let ran = run(&rig, erase(technique));
        assert_eq!(ran.asked[1].sent, 0, "{technique}");
        assert_eq!(ran.asked[0].intent.canary_seed.as_ref().map(String::len), Some(64));
        assert_eq!(ran.asked[1].intent.password.is_some(), is_security(technique));
    }
}

#[test]
fn no_firmware_command_is_ever_armed_over_usb_or_on_another_bus() {
    for technique in techniques() {
        for other in [Bus::Usb, Bus::Mmc, Bus::Other, Bus::Ata, Bus::Scsi, Bus::Nvme] {
            let rig = Rig::new(rules());
            let armed = rigged::arm_on(&rig, erase(technique), other);
            assert_eq!(armed.is_ok(), other == bus(technique), "{technique} on {other:?}");
            assert_eq!(rig.sent(), Vec::<String>::new());
        }
    }
}

#[test]
fn a_drive_that_takes_a_minute_for_every_read_is_given_up_before_anything_is_written() {
    let rules = Rules { read_takes: Duration::from_secs(60), ..rules() };
    never_success(&rules, |_| true, |reason| matches!(reason, FailureReason::Io(_)));
    let rig = Rig::new(rules);
    run(&rig, erase(Technique::AtaSanitizeBlockErase));
    assert_eq!((rig.sent().len(), rig.inside().writes), (0, 0));
}
