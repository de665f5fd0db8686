use crate::event::{JobEvent, Phase};
use crate::fake::{
    BLOCK, Behaviour, Fake, LEN, Writes, arm, gate, gate_refusing_from, gate_stopped, overwrite, plan, run,
};
use crate::{Generator, start};
use model::StepKind;
use model::{ByteLen, Count, FailureReason, InformationClass, Lba, Method, Outcome, VerificationKind};
use policy::Choice;
use std::time::Duration;

fn three() -> policy::SessionPlan {
    plan(InformationClass::Three, Choice::Erase)
}

#[test]
fn a_good_drive_is_done_when_every_block_was_compared() {
    for (generator, name) in [(Generator::AesCtr, "AES-256-CTR"), (Generator::ChaCha20, "ChaCha20")] {
        let device = Fake::new(Behaviour::default());
        let (result, events) = run(arm(&three(), 3, &device), gate(&device), generator);
        assert_eq!((result.outcome, result.failure), (Outcome::Done, None));
        assert_eq!((result.asked, result.achieved), (Some(Method::Clear), Some(Method::Clear)));
        let verification = result.evidence.verification.unwrap();
        assert_eq!(verification.kind, VerificationKind::FullStream);
        assert_eq!((verification.bytes, verification.of), (ByteLen(LEN), ByteLen(LEN)));
        let attempt = &result.evidence.attempts[0];
        assert_eq!(attempt.passes, 2);
        assert!(attempt.command.contains(name));
        assert!(device.old_blocks().is_empty());

        assert!(matches!(events.first(), Some(JobEvent::Started(_))));
        assert!(matches!(events.last(), Some(JobEvent::Finished(_))));
        let steps: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                JobEvent::Step { what, .. } => Some(what.clone()),
                _ => None,
            })
            .collect();
        let pass = |pass| StepKind::PassDone { pass };
        assert_eq!(steps, [pass(1), pass(2), StepKind::ReadBackBegun, StepKind::ReadBackEnded]);
        let at_end = |phase| {
            events.iter().any(|event| match event {
                JobEvent::Progress(progress) => progress.phase == phase && progress.done == progress.of,
                _ => false,
            })
        };
        assert!(at_end(Phase::Pass { number: 1, of: 2 }) && at_end(Phase::Verifying));
    }
}

#[test]
fn two_passes_never_write_the_same_stream() {
    let device = Fake::new(Behaviour::default());
    assert_eq!(overwrite(3, &device).outcome, Outcome::Done);
    let state = device.state();
    let [first, second] = state.at_flush.as_slice() else { panic!("a flush after each pass") };
    let same = first.chunks(BLOCK).zip(second.chunks(BLOCK)).filter(|(a, b)| a == b).count();
    assert_eq!(same, 0);
    assert_eq!(&state.medium, second);
}

#[test]
fn success_is_never_reported_when_the_drive_ignores_writes() {
    let device = Fake::new(Behaviour { writes: Writes::Ignored, ..Behaviour::default() });
    let result = overwrite(1, &device);
    assert_eq!((result.outcome, result.failure), (Outcome::Incomplete, Some(FailureReason::BlocksNotErased)));
    assert_eq!(result.achieved, None);
    assert_eq!(result.evidence.errors.different, Count(LEN / BLOCK as u64));
}

#[test]
fn success_is_never_reported_when_the_drive_writes_zeros_instead() {
    let device = Fake::new(Behaviour { writes: Writes::BecomeZeros, ..Behaviour::default() });
    let result = overwrite(1, &device);
    assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
    assert_eq!(result.evidence.errors.different, Count(LEN / BLOCK as u64));
}

#[test]
fn success_is_never_reported_when_one_bit_reads_back_differently() {
    let last = LEN / BLOCK as u64 - 1;
    for lba in [0, 1023, 1024, last] {
        let device = Fake::new(Behaviour { flipped: [lba].into(), ..Behaviour::default() });
        let result = overwrite(1, &device);
        assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
        assert_eq!(result.evidence.errors.different, Count(1));
        assert_eq!(result.evidence.errors.first, [Lba(lba)], "exactly that block is named");
    }
}

#[test]
fn success_is_never_reported_when_a_block_takes_no_write() {
    let bad = [7, 8, 1500, LEN / BLOCK as u64 - 1];
    let device = Fake::new(Behaviour { unwritable: bad.into(), ..Behaviour::default() });
    let result = overwrite(1, &device);
    assert_eq!((result.outcome, result.failure), (Outcome::Incomplete, Some(FailureReason::BlocksNotErased)));
    assert_eq!(result.achieved, None);
    let errors = &result.evidence.errors;
    assert_eq!((errors.unwritable, errors.different), (Count(4), Count(4)));
    assert_eq!(errors.first, bad.map(Lba));
    assert_eq!(device.old_blocks(), bad, "every other block was reached");
}

#[test]
fn success_is_never_reported_when_a_block_cannot_be_read_back() {
    let device = Fake::new(Behaviour { unreadable: [9, 2000].into(), ..Behaviour::default() });
    let result = overwrite(1, &device);
    assert_eq!((result.outcome, result.failure), (Outcome::Incomplete, Some(FailureReason::BlocksNotErased)));
    assert_eq!(result.evidence.errors.unreadable, Count(2));
    assert_eq!(result.evidence.errors.first, [Lba(9), Lba(2000)]);
    let verification = result.evidence.verification.unwrap();
    assert_eq!((verification.bytes, verification.of), (ByteLen(LEN - 1024), ByteLen(LEN)));
}

#[test]
fn success_is_never_reported_when_a_flush_fails() {
    for flush in [1, 2] {
        let device = Fake::new(Behaviour { fails_at_flush: Some(flush), ..Behaviour::default() });
        let result = overwrite(3, &device);
        assert!(matches!(result.failure, Some(FailureReason::Io(_))), "flush {flush}");
        assert_eq!((result.outcome, result.achieved), (Outcome::Failed, None));
        assert_eq!(usize::from(result.evidence.attempts[0].passes), flush - 1, "that pass is not counted");
    }
}

#[test]
fn a_vanished_drive_fails_and_leaves_the_others_alone() {
    let pulled = [
        Behaviour { gone_after_writes: Some(2), ..Behaviour::default() },
        Behaviour { gone_after_reads: Some(1), ..Behaviour::default() },
    ];
    for behaviour in pulled {
        let (pulled, good) = (Fake::new(behaviour), Fake::new(Behaviour::default()));
        let (sender, receiver) = crossbeam_channel::unbounded();
        let jobs = [(1, &pulled), (3, &good)]
            .map(|(no, device)| start(arm(&three(), no, device), gate(device), sender.clone()));
        let [pulled, good] = jobs.map(crate::JobHandle::join);
        assert_eq!((pulled.outcome, pulled.failure), (Outcome::Failed, Some(FailureReason::Vanished)));
        assert_eq!(pulled.achieved, None);
        assert_eq!(good.outcome, Outcome::Done);
        drop(sender);
        assert!(receiver.iter().count() > 0);
    }
}

#[test]
fn a_dying_drive_is_given_up_and_not_retried_for_ever() {
    let device = Fake::new(Behaviour { unwritable: (100..3000).collect(), ..Behaviour::default() });
    let result = overwrite(1, &device);
    assert!(matches!(result.failure, Some(FailureReason::Io(_))), "{:?}", result.failure);
    assert_eq!((result.outcome, result.achieved), (Outcome::Failed, None));
    assert!(result.evidence.verification.is_none());
    assert!(device.state().writes < 1000);
}

#[test]
fn a_panicking_job_is_an_internal_failure_and_never_silent() {
    let device = Fake::new(Behaviour { panics_at_write: Some(2), ..Behaviour::default() });
    let (result, events) = run(arm(&three(), 1, &device), gate(&device), Generator::for_this_cpu());
    assert!(matches!(result.failure, Some(FailureReason::Internal(_))));
    assert_eq!((result.outcome, result.achieved), (Outcome::Failed, None));
    assert_eq!(events.last(), Some(&JobEvent::Finished(result)));
}

#[test]
fn not_one_byte_is_written_before_its_intent_is_saved() {
    let device = Fake::new(Behaviour::default());
    let gate = gate_refusing_from(&device, 0);
    let (result, _) = run(arm(&three(), 1, &device), gate, Generator::for_this_cpu());
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureReason::IntentNotSaved)));
    assert_eq!((device.state().writes, result.evidence.attempts.len()), (0, 0));
}

#[test]
fn every_pass_has_an_intent_of_its_own_saved_before_it() {
    let device = Fake::new(Behaviour::default());
    let gate = gate(&device);
    let _ = run(arm(&three(), 3, &device), gate.clone(), Generator::AesCtr);
    let asked = gate.asked.lock().unwrap().clone();
    assert_eq!(asked.iter().map(|asked| asked.intent.pass).collect::<Vec<_>>(), [Some(1), Some(2)]);
    // Four chunks each.
    assert_eq!(asked.iter().map(|asked| asked.writes_before).collect::<Vec<_>>(), [0, 4]);
    assert_eq!(asked[1].intent.command, "overwrite with AES-256-CTR, pass 2 of 2");
    assert_eq!(asked[0].intent.identity_fingerprint, crate::fake::drive(3).identity.fingerprint());
}

#[test]
fn no_second_pass_begins_while_no_intent_can_be_saved() {
    let device = Fake::new(Behaviour::default());
    let gate = gate_refusing_from(&device, 1);
    let (result, _) = run(arm(&three(), 3, &device), gate, Generator::for_this_cpu());
    assert_eq!((result.outcome, result.failure), (Outcome::Incomplete, Some(FailureReason::IntentNotSaved)));
    assert_eq!(result.achieved, None);
    assert_eq!((device.state().writes, result.evidence.attempts[0].passes), (4, 1));
}

#[test]
fn a_stopped_job_is_incomplete() {
    let device = Fake::new(Behaviour { write_delay: Duration::from_millis(100), ..Behaviour::default() });
    let (sender, receiver) = crossbeam_channel::unbounded();
    let job = start(arm(&three(), 3, &device), gate(&device), sender);
    while device.state().writes == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    job.stop();
    let result = job.join();
    assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
    assert_eq!(result.failure, Some(FailureReason::Stopped));
    assert!(device.state().writes < 8);
    let stopped =
        |event: crate::DriveEvent| matches!(event.event, JobEvent::Step { what: StepKind::StopAsked, .. });
    assert!(receiver.into_iter().any(stopped));
}

#[test]
fn a_job_that_is_stopped_before_its_first_write_has_written_nothing() {
    let device = Fake::new(Behaviour::default());
    let gate = gate_stopped(&device);
    let (result, _) = run(arm(&three(), 1, &device), gate, Generator::for_this_cpu());
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureReason::Stopped)));
    assert_eq!(device.state().writes, 0);
}

#[test]
fn success_is_never_reported_when_nobody_records_it() {
    let device = Fake::new(Behaviour::default());
    let (sender, receiver) = crossbeam_channel::unbounded();
    drop(receiver);
    let result = start(arm(&three(), 1, &device), gate(&device), sender).join();
    assert!(matches!(result.failure, Some(FailureReason::Internal(_))));
    assert_eq!(result.achieved, None);
}

#[test]
fn a_cleared_drive_for_destruction_awaits_it() {
    let plan = plan(InformationClass::Two, Choice::ClearBeforeHandover);
    let device = Fake::new(Behaviour::default());
    let (result, _) = run(arm(&plan, 1, &device), gate(&device), Generator::for_this_cpu());
    assert_eq!((result.outcome, result.achieved), (Outcome::AwaitingDestruction, Some(Method::Clear)));
    assert_eq!((result.asked, result.failure), (Some(Method::Destruct), None));

    let device = Fake::new(Behaviour { unwritable: [3].into(), ..Behaviour::default() });
    let (result, _) = run(arm(&plan, 1, &device), gate(&device), Generator::for_this_cpu());
    assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
    assert_eq!(result.verdict(), Some(model::Verdict::MustNotLeave));
}
