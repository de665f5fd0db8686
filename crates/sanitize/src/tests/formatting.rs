use crate::Generator;
use crate::event::JobEvent;
use crate::fake::{
    BLOCK, Behaviour, Fake, Formats, LEN, Writes, arm, format, gate, gate_refusing_from, plan, run,
};
use model::StepKind;
use model::{ByteLen, Count, FailureReason, InformationClass, Lba, Method, Outcome, VerificationKind};
use policy::{Choice, SessionPlan};

fn two() -> SessionPlan {
    plan(InformationClass::Two, Choice::Erase)
}

fn drive_that(formats: Formats) -> Fake {
    Fake::new(Behaviour { formats, ..Behaviour::default() })
}

#[test]
fn a_good_drive_is_purged_when_the_whole_medium_reads_as_erased() {
    for value in [0x00, 0xFF] {
        let device = drive_that(Formats::EraseTo(value));
        let gate = gate(&device);
        let (result, events) = run(arm(&two(), 2, &device), gate.clone(), Generator::for_this_cpu());
        assert_eq!((result.outcome, result.failure), (Outcome::Done, None));
        assert_eq!(result.achieved, Some(Method::Purge));
        let canaries = result.evidence.canaries.unwrap();
        assert!(canaries.planted >= 64 && canaries.surviving == 0 && canaries.unreadable == 0);
        let verification = result.evidence.verification.unwrap();
        assert_eq!(verification.kind, VerificationKind::FullConstant);
        assert_eq!((verification.bytes, verification.of), (ByteLen(LEN), ByteLen(LEN)));

        // SES = 1, and the LBA format in use (1) kept.
        let command = "NVMe 80h NSID=00000001h CDW10=00000201h CDW11=00000000h";
        let attempt = &result.evidence.attempts[0];
        assert_eq!((attempt.command.as_str(), attempt.raw_status[0].value.as_str()), (command, "0000h"));
        let sent = device.state().formats();
        assert_eq!(sent.iter().map(|sent| sent.describe()).collect::<Vec<_>>(), [command]);

        let asked = gate.asked.lock().unwrap().clone();
        assert_eq!(asked.len(), 2);
        assert_eq!((asked[0].writes_before, asked[1].formats_before), (0, 0));
        assert_eq!(asked[0].intent.canary_seed.as_ref().map(String::len), Some(64));
        assert_eq!(asked[1].intent.command, command);
        let accepted = |event: &JobEvent| matches!(event, JobEvent::Step { what: StepKind::Accepted, raw } if raw.len() == 1);
        assert!(events.iter().any(accepted));
    }
}

#[test]
fn success_is_never_reported_when_a_format_erases_nothing() {
    let device = drive_that(Formats::DoNothing);
    let result = format(&device);
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureReason::MediumUnchanged)));
    assert_eq!(result.achieved, None);
    let canaries = result.evidence.canaries.unwrap();
    assert_eq!(canaries.surviving, canaries.planted);
}

#[test]
fn success_is_never_reported_when_a_format_erases_half() {
    let result = format(&drive_that(Formats::EraseFirstHalf));
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureReason::MediumUnchanged)));
    assert_eq!(result.achieved, None);
    let canaries = result.evidence.canaries.unwrap();
    assert!(0 < canaries.surviving && canaries.surviving < canaries.planted);
}

#[test]
fn success_is_never_reported_when_one_byte_is_not_erased() {
    let result = format(&drive_that(Formats::EraseAllButOneByte));
    assert_eq!((result.outcome, result.failure), (Outcome::Incomplete, Some(FailureReason::ReadBackDiffers)));
    assert_eq!(result.achieved, None);
    assert_eq!(result.evidence.errors.different, Count(1));
    assert_eq!(result.evidence.errors.first, [Lba(LEN / 2 / BLOCK as u64)]);
}

#[test]
fn noise_after_a_user_data_erase_is_never_called_erased() {
    let result = format(&drive_that(Formats::EraseWithNoise));
    assert_eq!((result.outcome, result.failure), (Outcome::Incomplete, Some(FailureReason::ReadBackDiffers)));
    assert_eq!(result.achieved, None);
}

#[test]
fn success_is_never_reported_when_an_erased_block_cannot_be_read() {
    // Canaries stand at places that follow the seed, so the block is one that surely has none: inside a stretch,
    // any may have; therefore the outcome is looked at, not which check found it.
    let last = LEN / BLOCK as u64 - 1;
    let device = Fake::new(Behaviour { unreadable: [last].into(), ..Behaviour::default() });
    let result = format(&device);
    assert_ne!(result.outcome, Outcome::Done);
    assert_eq!(result.achieved, None);
}

#[test]
fn success_is_never_reported_when_the_drive_rejects_the_format() {
    for status in [0x4286, 0x0001, 0x410A, 0x4002, 0x0007] {
        let device = drive_that(Formats::Reject(status));
        let result = format(&device);
        let Some(FailureReason::CommandRejected(detail)) = &result.failure else {
            panic!("{:?}", result.failure)
        };
        assert!(detail.contains(&format!("{status:04X}h")), "{detail}");
        assert_eq!((result.outcome, result.achieved), (Outcome::Failed, None));
        assert_eq!(result.evidence.attempts[0].raw_status[0].value, format!("{status:04X}h"));
    }
}

#[test]
fn a_format_without_an_answer_is_indeterminate_and_never_success() {
    for formats in [Formats::TimeOut, Formats::HostError] {
        let result = format(&drive_that(formats));
        assert!(matches!(result.failure, Some(FailureReason::Indeterminate(_))));
        assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
        assert!(result.evidence.attempts[0].raw_status.is_empty());
    }
    let result = format(&drive_that(Formats::Vanish));
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureReason::Vanished)));
}

#[test]
fn success_is_never_reported_when_the_namespace_shrank() {
    let result = format(&drive_that(Formats::Shrink));
    assert!(matches!(result.failure, Some(FailureReason::Indeterminate(_))));
    assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
}

#[test]
fn a_controller_with_other_namespaces_is_never_touched() {
    let refused = [
        Behaviour { namespaces: vec![1, 2], ..Behaviour::default() },
        Behaviour { namespaces: vec![1, 2], fna: 0b10, ..Behaviour::default() },
        Behaviour { namespaces: vec![2], ..Behaviour::default() },
        Behaviour { namespaces: vec![], ..Behaviour::default() },
        Behaviour { namespaces: vec![1, 3], lists_allocated: Some(0x4002), ..Behaviour::default() },
        // It may have namespaces that are not attached, and does not tell.
        Behaviour { manages_namespaces: 1, lists_allocated: Some(0x4002), ..Behaviour::default() },
    ];
    for behaviour in refused {
        let device = Fake::new(behaviour);
        let gate = gate(&device);
        let (result, _) = run(arm(&two(), 2, &device), gate.clone(), Generator::for_this_cpu());
        assert!(matches!(result.failure, Some(FailureReason::CommandRejected(_))), "{:?}", result.failure);
        assert_eq!((result.outcome, result.achieved), (Outcome::Failed, None));
        assert!(gate.asked.lock().unwrap().is_empty());
        let state = device.state();
        assert_eq!((state.writes, state.formats().len()), (0, 0));
    }
    // An old controller without that list, which has no namespace management either.
    let old = Fake::new(Behaviour { lists_allocated: Some(0x4002), ..Behaviour::default() });
    assert_eq!(format(&old).outcome, Outcome::Done);
}

#[test]
fn nothing_is_planted_or_formatted_before_its_intent_is_saved() {
    for (refuses_from, writes_expected) in [(0, false), (1, true)] {
        let device = Fake::new(Behaviour::default());
        let gate = gate_refusing_from(&device, refuses_from);
        let (result, _) = run(arm(&two(), 2, &device), gate, Generator::for_this_cpu());
        assert_eq!(result.failure, Some(FailureReason::IntentNotSaved));
        assert_eq!(result.outcome, if writes_expected { Outcome::Incomplete } else { Outcome::Failed });
        assert_eq!(device.state().writes > 0, writes_expected);
        assert!(device.state().formats().is_empty());
    }
}

#[test]
fn nothing_is_formatted_when_the_canaries_do_not_stay() {
    let behaviours = [
        Behaviour { writes: Writes::Ignored, ..Behaviour::default() },
        Behaviour { writes: Writes::BecomeZeros, ..Behaviour::default() },
        Behaviour { fails_at_flush: Some(1), ..Behaviour::default() },
        Behaviour { unwritable: [0].into(), ..Behaviour::default() },
    ];
    for behaviour in behaviours {
        let device = Fake::new(behaviour);
        let result = format(&device);
        assert!(matches!(result.failure, Some(FailureReason::Io(_))), "{:?}", result.failure);
        assert_eq!((result.outcome, result.achieved), (Outcome::Failed, None));
        assert!(device.state().formats().is_empty());
        assert_eq!(result.evidence.canaries.unwrap().planted, 0);
    }
}
