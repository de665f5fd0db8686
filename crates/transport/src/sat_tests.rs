//! A scripted translation layer: a question that was not expected fails, and so does an answer that nobody asked for.

use super::*;
use protocol::ata::sanitize::{self, Answer};
use protocol::ata::{hpa, identify_device, security};
use std::cell::RefCell;
use std::collections::VecDeque;

/// The first bytes of a CDB, and what answers it.
struct Step {
    cdb: &'static [u8],
    status: u8,
    sense: Vec<u8>,
    data: Vec<u8>,
}

fn step(cdb: &'static [u8], status: u8, sense: &[u8], data: &[u8]) -> Step {
    Step { cdb, status, sense: sense.to_vec(), data: data.to_vec() }
}

/// Sends a command to what is scripted, and returns the answer when all of the script was used.
fn run(steps: Vec<Step>, command: &Command, data: Data<'_>) -> Result<Reply, CommandError> {
    let script = RefCell::new(VecDeque::from(steps));
    let scsi = |cdb: &[u8], data: Data<'_>, _: Duration| {
        let step =
            script.borrow_mut().pop_front().unwrap_or_else(|| panic!("a question too many: {cdb:02x?}"));
        assert!(cdb.starts_with(step.cdb), "{cdb:02x?} where {:02x?} was expected", step.cdb);
        let mut transferred = data.len();
        if let Data::In(into) = data {
            transferred = step.data.len().min(into.len());
            into[..transferred].copy_from_slice(&step.data[..transferred]);
        }
        Ok(ScsiReply { status: step.status, sense: step.sense, transferred })
    };
    let reply = send(&scsi, command, data, Duration::from_secs(1));
    assert!(script.borrow().is_empty(), "an answer that nobody asked for");
    reply
}

/// COUNT 4000h: in progress, 8000h of 65,536.
const DESCRIPTOR: [u8; 14] = [0x09, 0x0C, 1, 0, 0x40, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x50];
const FIXED: [u8; 18] = [0xF0, 0, 1, 0, 0x50, 0, 0, 10, 0xC1, 0, 0x80, 0, 0, 0x1D, 0, 0, 0, 0];
const RESPONSE: &[u8] = &[0x85, 0x1E];
const RESULTS: &[u8] = &[0x4D, 0, 0x56];
const STATUS: &[u8] = &[0x85, 0x07, 0x20];
const REFUSED: [u8; 18] = [0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0];

fn in_progress(answer: Answer) -> bool {
    matches!(answer, Answer::State(status) if status.flags.in_progress() && status.progress == 0x8000)
}

#[test]
fn a_status_with_all_registers_is_asked_once() {
    let sense = [&[0x72, 1, 0, 0x1D, 0, 0, 0, 14][..], &DESCRIPTOR].concat();
    let reply = run(vec![step(STATUS, 2, &sense, &[])], &sanitize::status(), Data::None).unwrap();
    assert!(in_progress(Answer::of(&reply)));
}

#[test]
fn fixed_sense_has_the_state_asked_for_again_by_return_response_information() {
    let steps = vec![step(STATUS, 2, &FIXED, &[]), step(RESPONSE, 0, &[], &DESCRIPTOR)];
    let reply = run(steps, &sanitize::status(), Data::None).unwrap();
    assert!(in_progress(Answer::of(&reply)));
}

#[test]
fn where_that_is_not_known_the_results_log_has_them() {
    let log = [&[0x16, 0, 0, 18, 0, 0, 3, 14][..], &DESCRIPTOR].concat();
    let steps =
        vec![step(STATUS, 2, &FIXED, &[]), step(RESPONSE, 2, &REFUSED, &[]), step(RESULTS, 0, &[], &log)];
    let reply = run(steps, &sanitize::status(), Data::None).unwrap();
    assert!(in_progress(Answer::of(&reply)));
}

#[test]
fn where_nothing_has_them_the_state_stays_unreadable() {
    let fixed =
        vec![step(STATUS, 2, &FIXED, &[]), step(RESPONSE, 2, &REFUSED, &[]), step(RESULTS, 2, &REFUSED, &[])];
    let reply = run(fixed, &sanitize::status(), Data::None).unwrap();
    assert_eq!(Answer::of(&reply), Answer::Unreadable);
    // GOOD and no sense at all, as an adapter that drops the registers answers.
    let silent = vec![step(STATUS, 0, &[], &[]), step(RESPONSE, 0, &[], &[0; 14])];
    let reply = run(silent, &sanitize::status(), Data::None).unwrap();
    assert_eq!(Answer::of(&reply), Answer::Unreadable);
}

#[test]
fn registers_of_another_command_are_not_believed() {
    let mut stale = DESCRIPTOR;
    stale[9] = 0x81;
    let mut failed = DESCRIPTOR;
    failed[13] = 0x51;
    let mut unlike = DESCRIPTOR;
    unlike[13] = 0x40;
    for other in [stale, failed, unlike] {
        let steps = vec![
            step(STATUS, 2, &FIXED, &[]),
            step(RESPONSE, 0, &[], &other),
            step(RESULTS, 2, &REFUSED, &[]),
        ];
        let reply = run(steps, &sanitize::status(), Data::None).unwrap();
        assert_eq!(Answer::of(&reply), Answer::Unreadable);
    }
}

#[test]
fn registers_of_a_drive_with_a_fault_do_not_make_an_answer_complete() {
    let mut fault = DESCRIPTOR;
    fault[13] = 0x70;
    let steps = vec![step(STATUS, 0, &[], &[]), step(RESPONSE, 0, &[], &fault)];
    let reply = run(steps, &sanitize::status(), Data::None).unwrap();
    assert_eq!(Answer::of(&reply), Answer::Unreadable);
}

#[test]
fn an_abort_is_not_asked_about_again() {
    let aborted = [0xF0, 0, 0xB, 4, 0x51, 0, 0, 10, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0];
    let reply = run(vec![step(STATUS, 2, &aborted, &[])], &sanitize::status(), Data::None).unwrap();
    assert_eq!(Answer::of(&reply), Answer::Aborted(Some(sanitize::AbortReason::Frozen)));
}

#[test]
fn a_layer_without_the_long_form_gets_the_short_one_for_28_bits_only() {
    let mut block = [0; 512];
    let steps =
        vec![step(&[0x85, 0x08, 0x0E], 2, &REFUSED, &[]), step(&[0xA1, 0x08, 0x0E], 0, &[], &[7; 512])];
    let reply = run(steps, &identify_device(), Data::In(&mut block)).unwrap();
    assert!(reply.is_completed() && reply.transferred == 512 && block == [7; 512]);
    let reply = run(vec![step(STATUS, 2, &REFUSED, &[])], &sanitize::status(), Data::None).unwrap();
    assert_eq!(Answer::of(&reply), Answer::NotPassed);
}

#[test]
fn an_invalid_field_is_not_sent_again_in_another_form() {
    let mut invalid = REFUSED;
    invalid[12] = 0x24;
    let native = hpa::read_native_max(Width::Bits28);
    let reply = run(vec![step(&[0x85, 0x06], 2, &invalid, &[])], &native, Data::None).unwrap();
    assert_eq!(reply.verdict, Verdict::NotPassed);
}

#[test]
fn an_erase_sends_its_block_and_asks_for_registers() {
    let erase = security::erase_unit(
        security::EraseMode::Enhanced,
        security::Identifier::User,
        &security::Password::MASSHO,
    );
    let steps = vec![step(b"\x85\x0a\x26", 0, &[], &[])];
    let reply = run(steps, &erase.command, Data::Out(&erase.block)).unwrap();
    assert!(reply.is_completed());
}

#[test]
fn data_of_another_length_or_direction_are_not_sent() {
    let mut block = [0; 512];
    let erase = security::erase_unit(
        security::EraseMode::Normal,
        security::Identifier::User,
        &security::Password::MASSHO,
    );
    let mismatch = Err(CommandError::DataMismatch);
    assert_eq!(run(vec![], &erase.command, Data::In(&mut block)), mismatch);
    assert_eq!(run(vec![], &erase.command, Data::Out(&block[..511])), mismatch);
    assert_eq!(run(vec![], &erase.command, Data::None), mismatch);
    assert_eq!(run(vec![], &sanitize::status(), Data::Out(&block)), mismatch);
}
