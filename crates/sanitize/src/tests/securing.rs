//! ATA SECURITY ERASE UNIT: the password that must not stay.

use crate::fake::rig::{Rig, Rules, Start};
use crate::fake::rigged::{Ran, erase, identity, run};
use crate::{UnlockError, unlock};
use model::{Bus, FailureReason, Outcome, StepKind, Technique};
use protocol::ata::security::Password;
use std::time::Duration;
use transport::Commands;

const BOTH: [Technique; 2] = [Technique::AtaSecurityEraseNormal, Technique::AtaSecurityEraseEnhanced];

fn ran(rules: &Rules) -> Vec<(Rig, Ran)> {
    BOTH.iter()
        .map(|technique| {
            let rig = Rig::new(rules.clone());
            let ran = run(&rig, erase(*technique));
            (rig, ran)
        })
        .collect()
}

#[test]
fn the_password_is_in_the_intent_before_it_is_set() {
    for (rig, ran) in ran(&Rules::default()) {
        let asked = &ran.asked[1];
        assert_eq!(asked.intent.password, Some(Password::MASSHO.to_string()));
        assert_eq!((asked.sent, asked.intent.serial.as_str()), (0, "SERIAL7"));
        let opcodes: Vec<String> = rig.sent().iter().map(|sent| sent[4..7].to_owned()).collect();
        assert_eq!(opcodes, ["F1h", "F3h", "F4h"], "PREPARE immediately before ERASE UNIT");
        let steps = ran.steps();
        assert!(steps.contains(&StepKind::PasswordSet) && steps.contains(&StepKind::PasswordCleared));
    }
}

#[test]
fn a_drive_that_is_frozen_locked_or_has_a_foreign_password_is_not_touched() {
    let refused = [
        Rules { frozen: true, ..Rules::default() },
        Rules { foreign_password: true, ..Rules::default() },
        Rules { attempts_used_up: true, ..Rules::default() },
    ];
    for rules in refused {
        for (rig, ran) in ran(&rules) {
            assert!(matches!(ran.result.failure, Some(FailureReason::CommandRejected(_))));
            assert_eq!(ran.result.outcome, Outcome::Failed);
            assert_eq!((rig.sent().len(), rig.inside().writes), (0, 0));
        }
    }
}

#[test]
fn success_is_never_reported_while_the_drive_still_has_its_password() {
    for (rig, ran) in ran(&Rules { keeps_password: true, ..Rules::default() }) {
        assert!(
            matches!(ran.result.failure, Some(FailureReason::Indeterminate(_))),
            "{:?}",
            ran.result.failure
        );
        assert_eq!(ran.result.achieved, None);
        assert!(rig.inside().password.is_none(), "it is taken away all the same");
    }
}

#[test]
fn an_interrupted_erase_leaves_no_password_behind() {
    for start in [Start::LoseAnswer, Start::Reject] {
        for (rig, ran) in ran(&Rules { start, ..Rules::default() }) {
            assert_ne!(ran.result.outcome, Outcome::Done);
            assert!(!matches!(ran.result.failure, Some(FailureReason::LeftLocked(_))));
            assert!(rig.inside().password.is_none() && !rig.inside().locked);
            assert!(ran.steps().contains(&StepKind::PasswordCleared));
        }
    }
    for (rig, ran) in ran(&Rules { ends_in_failure: true, ..Rules::default() }) {
        assert_ne!(ran.result.outcome, Outcome::Done);
        assert!(rig.inside().password.is_none() && !rig.inside().locked);
    }
}

#[test]
fn a_drive_that_stays_locked_is_said_to_be_and_can_be_unlocked_later() {
    let rules = Rules { start: Start::LoseAnswer, refuses_disable: true, ..Rules::default() };
    for (_, ran) in ran(&rules) {
        assert!(matches!(ran.result.failure, Some(FailureReason::LeftLocked(_))), "{:?}", ran.result.failure);
        assert_eq!((ran.result.outcome, ran.result.achieved), (Outcome::Failed, None));
    }
}

#[test]
fn an_erase_that_takes_longer_than_any_estimate_is_indeterminate() {
    // 20 minutes by words 89 and 90: three times that and an hour.
    let in_time = Rules { takes: Duration::from_secs(7_200), ..Rules::default() };
    let too_late = Rules { takes: Duration::from_secs(7_201), ..Rules::default() };
    for (_, ran) in ran(&in_time) {
        assert_eq!(ran.result.outcome, Outcome::Done);
    }
    for (_, ran) in ran(&too_late) {
        assert!(matches!(ran.result.failure, Some(FailureReason::Indeterminate(_))));
    }
}

#[test]
fn a_lower_bound_is_not_taken_for_an_estimate() {
    // 00FFh: more than 508 minutes. Three times that and an hour is over before a large disk is.
    let of = |hours: u64| Rules {
        erase_time: 0x00FF,
        takes: Duration::from_secs(hours * 3600),
        ..Rules::default()
    };
    for (_, ran) in ran(&of(48)) {
        assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    }
    for (_, ran) in ran(&of(49)) {
        assert!(matches!(ran.result.failure, Some(FailureReason::Indeterminate(_))));
    }
}

#[test]
fn a_password_that_was_refused_is_not_said_to_be_cleared() {
    for (rig, ran) in ran(&Rules { refuses_password: true, ..Rules::default() }) {
        assert!(matches!(ran.result.failure, Some(FailureReason::CommandRejected(_))));
        let steps = ran.steps();
        assert!(!steps.contains(&StepKind::PasswordSet) && !steps.contains(&StepKind::PasswordCleared));
        assert!(rig.inside().password.is_none() && rig.sent().len() == 1);
    }
}

#[test]
fn an_identify_that_arrives_in_part_is_not_read_as_a_drive_without_a_password() {
    // Up to the serial number, and not to word 128.
    for (rig, ran) in ran(&Rules { identify_transfers: 256, ..Rules::default() }) {
        assert!(matches!(ran.result.failure, Some(FailureReason::Io(_))), "{:?}", ran.result.failure);
        assert_eq!((rig.sent().len(), rig.inside().writes), (0, 0));
    }
    let rig = Rig::new(Rules { foreign_password: true, identify_transfers: 256, ..Rules::default() });
    let unlocked = unlock(&rig, &identity(Bus::Ata, 0, 0).serial, &Password::MASSHO.to_string());
    assert!(matches!(unlocked, Err(UnlockError::NoAnswer(_))), "{unlocked:?}");
}

#[test]
fn a_drive_that_says_nothing_of_passwords_is_not_said_to_have_none() {
    let rig = Rig::new(Rules { hides_security: true, ..Rules::default() });
    let unlocked = unlock(&rig, &identity(Bus::Ata, 0, 0).serial, &Password::MASSHO.to_string());
    assert!(matches!(unlocked, Err(UnlockError::NoAnswer(_))), "{unlocked:?}");
    assert!(rig.sent().is_empty());
}

fn locked(password: &str) -> Rig {
    let rig = Rig::new(Rules::default());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(password.as_bytes());
    {
        let mut inside = rig.inside();
        (inside.password, inside.locked) = (Some(bytes), true);
    }
    rig
}

#[test]
fn a_drive_locked_by_an_earlier_erase_is_unlocked_with_the_password_of_its_intent() {
    let password = Password::MASSHO.to_string();
    let serial = identity(Bus::Ata, 0, 0).serial;
    let rig = locked(&password);
    assert_eq!(unlock(&rig, &serial, &password).unwrap().len(), 2);
    assert!(rig.inside().password.is_none() && !rig.inside().locked);
    assert_eq!(unlock(&rig, &serial, &password), Err(UnlockError::NotLocked));
}

#[test]
fn a_password_is_tried_once_and_only_on_its_own_drive() {
    let rig = locked("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");
    let password = Password::MASSHO.to_string();
    let serial = identity(Bus::Ata, 0, 0).serial;
    assert!(matches!(unlock(&rig, &serial, &password), Err(UnlockError::Refused(_))));
    assert_eq!(rig.sent().len(), 1);
    assert!(rig.inside().locked);
    assert!(matches!(unlock(&rig, &"SERIAL8".into(), &password), Err(UnlockError::OtherDrive(_))));
    assert!(matches!(unlock(&rig, &serial, "short"), Err(UnlockError::Password(_))));
    assert_eq!(rig.sent().len(), 1);
    let used_up = Rig::new(Rules { foreign_password: true, attempts_used_up: true, ..Rules::default() });
    assert_eq!(unlock(&used_up, &serial, &password), Err(UnlockError::AttemptsUsedUp));
    let asked: &dyn Commands = &used_up;
    assert!(unlock(asked, &serial, &password).is_err() && used_up.sent().is_empty());
}
