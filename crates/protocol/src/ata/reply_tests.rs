//! What ends count as what.

use super::*;
use proptest::prelude::*;

fn descriptor(status: u8, error: u8) -> Vec<u8> {
    let head = [0x72, 0x01, 0x00, 0x1D, 0, 0, 0, 14];
    [&head[..], &[0x09, 0x0C, 1, error, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, status]].concat()
}

fn sense(key: u8, asc: u8, ascq: u8) -> Vec<u8> {
    vec![0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0]
}

fn of(sam_status: u8, sense: &[u8]) -> Verdict {
    Reply::read(sam_status, sense, 0).verdict
}

#[test]
fn the_drives_own_status_decides() {
    assert_eq!(of(2, &descriptor(0x50, 0)), Verdict::Completed);
    assert_eq!(of(2, &descriptor(0x51, 4)), Verdict::Aborted);
    assert_eq!(of(2, &descriptor(0x70, 0)), Verdict::Aborted);
    // GOOD, and yet ERR in the registers that came along.
    assert_eq!(of(0, &descriptor(0x51, 4)), Verdict::Aborted);
}

#[test]
fn a_drive_that_is_busy_or_not_ready_has_not_completed_anything() {
    assert_eq!(of(2, &descriptor(0xD0, 0)), Verdict::Unknown);
    assert_eq!(of(2, &descriptor(0x00, 0)), Verdict::Unknown);
}

#[test]
fn good_without_registers_is_completed_and_says_that_it_has_none() {
    let reply = Reply::read(0, &[], 512);
    assert!(reply.is_completed() && reply.registers == Registers::Missing);
    assert_eq!((reply.transferred, reply.describe().as_str()), (512, "SAM status 00h"));
}

#[test]
fn a_translation_layer_that_does_not_know_the_command_has_not_passed_it() {
    assert_eq!(of(2, &sense(5, 0x20, 0)), Verdict::NotPassed);
    assert_eq!(of(2, &sense(5, 0x24, 0)), Verdict::NotPassed);
    assert_eq!(Reply::read(2, &sense(5, 0x20, 0), 0).describe(), "sense 05/20/00");
}

#[test]
fn aborts_without_registers_are_aborts() {
    assert_eq!(of(2, &sense(0xB, 0, 0)), Verdict::Aborted);
    assert_eq!(of(2, &sense(5, 0x21, 0x04)), Verdict::Aborted);
}

#[test]
fn silence_deferred_errors_and_busy_targets_are_unknown() {
    assert_eq!(of(2, &[]), Verdict::Unknown);
    assert_eq!(of(2, &[0; 32]), Verdict::Unknown);
    assert_eq!(of(8, &[]), Verdict::Unknown);
    assert_eq!(of(2, &sense(6, 0x29, 0)), Verdict::Unknown);
    let mut deferred = sense(0xB, 0, 0);
    deferred[0] = 0x71;
    assert_eq!(of(2, &deferred), Verdict::Unknown);
}

proptest! {
    /// Whatever comes with a CHECK CONDITION: completed only if a STATUS register without ERR says so.
    #[test]
    fn check_condition_is_completed_only_by_a_status_register(sense in prop::collection::vec(any::<u8>(), 0..64)) {
        let reply = Reply::read(2, &sense, 0);
        if reply.is_completed() {
            let status = reply.registers.status();
            prop_assert!(status.is_some_and(|status| status.ready() && !status.error() && !status.busy()));
        }
        let _ = reply.describe();
    }
}
