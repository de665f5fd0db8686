//! Literal vectors of ACS-3 7.36.

use super::*;
use crate::ata::{FullRegisters, ShortRegisters, Upper};

fn text(command: Command) -> String {
    assert_eq!((command.width, command.protocol), (Width::Bits48, Protocol::NonData));
    command.describe()
}

fn overwrite(passes: u8, inversion: Inversion) -> String {
    let passes = Passes::new(passes).unwrap();
    text(start(Action::Overwrite { passes, pattern: 0xDEAD_BEEF, inversion }))
}

#[test]
fn every_action_has_its_feature_and_signature() {
    assert_eq!(
        text(start(Action::CryptoScramble)),
        "ATA B4h FEATURE=0011h COUNT=0010h LBA=000043727970h DEVICE=00h"
    );
    assert_eq!(
        text(start(Action::BlockErase)),
        "ATA B4h FEATURE=0012h COUNT=0010h LBA=0000426B4572h DEVICE=00h"
    );
    assert_eq!(
        overwrite(1, Inversion::Keep),
        "ATA B4h FEATURE=0014h COUNT=0051h LBA=4F57DEADBEEFh DEVICE=00h"
    );
}

#[test]
fn sixteen_passes_are_written_as_zero_and_none_cannot_be_asked_for() {
    assert!(overwrite(16, Inversion::Keep).contains("COUNT=0050h"));
    assert!(overwrite(15, Inversion::Invert).contains("COUNT=00DFh"));
    assert_eq!(Passes::new(0), Err(PassesError(0)));
    assert_eq!(Passes::new(17), Err(PassesError(17)));
}

#[test]
fn status_clears_a_failure_only_when_told_to() {
    assert_eq!(text(status()), "ATA B4h FEATURE=0000h COUNT=0000h LBA=000000000000h DEVICE=00h");
    assert_eq!(
        text(status_clearing_failure()),
        "ATA B4h FEATURE=0000h COUNT=0001h LBA=000000000000h DEVICE=00h"
    );
}

#[test]
fn freeze_and_antifreeze_have_their_signatures() {
    assert_eq!(text(freeze_lock()), "ATA B4h FEATURE=0020h COUNT=0000h LBA=000046724C6Bh DEVICE=00h");
    assert_eq!(text(antifreeze_lock()), "ATA B4h FEATURE=0040h COUNT=0000h LBA=0000416E7469h DEVICE=00h");
}

fn registers(status: u8, count: u16, lba: u64) -> Registers {
    Registers::Full(FullRegisters { error: 0, status, device: 0, count, lba })
}

#[test]
fn the_state_is_in_count_15_12_and_the_progress_in_lba_15_0() {
    let read = SanitizeStatus::of(&registers(0x50, 0x4000, 0x1234_8000)).unwrap();
    assert!(read.flags.in_progress() && !read.flags.completed_without_error());
    assert_eq!(read.progress, 0x8000);
    let read = SanitizeStatus::of(&registers(0x50, 0xB000, 0xFFFF)).unwrap();
    assert!(read.flags.completed_without_error() && read.flags.frozen() && read.flags.antifreeze());
    assert!(!read.flags.in_progress());
}

fn short(error: u8, status: u8, lba: u32) -> Registers {
    let (count_upper, lba_upper) = (Upper::NonZero, Upper::Zero);
    Registers::Short(ShortRegisters { error, status, device: 0, count: 0, lba, count_upper, lba_upper })
}

#[test]
fn half_the_registers_give_no_state() {
    assert_eq!(SanitizeStatus::of(&short(0, 0x50, 0xFFFF)), None);
    assert_eq!(SanitizeStatus::of(&Registers::Missing), None);
}

fn answer(verdict: Verdict, registers: Registers) -> Answer {
    Answer::of(&Reply { verdict, registers, sense: None, sam_status: 2, transferred: 0 })
}

#[test]
fn the_reason_of_an_abort_is_in_lba_7_0_and_half_the_registers_have_it() {
    let reason = |code| answer(Verdict::Aborted, short(4, 0x51, code));
    assert_eq!(reason(0), Answer::Aborted(Some(AbortReason::NotReported)));
    assert_eq!(reason(1), Answer::Aborted(Some(AbortReason::LastOperationFailed)));
    assert_eq!(reason(2), Answer::Aborted(Some(AbortReason::Unsupported)));
    assert_eq!(reason(3), Answer::Aborted(Some(AbortReason::Frozen)));
    assert_eq!(reason(4), Answer::Aborted(Some(AbortReason::Antifreeze)));
    assert_eq!(reason(9), Answer::Aborted(Some(AbortReason::Reserved(9))));
    assert_eq!(answer(Verdict::Aborted, Registers::Missing), Answer::Aborted(None));
}

#[test]
fn a_command_that_was_taken_without_registers_has_no_readable_state() {
    assert_eq!(answer(Verdict::Completed, Registers::Missing), Answer::Unreadable);
    assert_eq!(answer(Verdict::Completed, short(0, 0x50, 0)), Answer::Unreadable);
    assert!(matches!(answer(Verdict::Completed, registers(0x50, 0x8000, 0xFFFF)), Answer::State(_)));
    assert_eq!(answer(Verdict::NotPassed, Registers::Missing), Answer::NotPassed);
    assert_eq!(answer(Verdict::Unknown, registers(0xD0, 0x8000, 0xFFFF)), Answer::Unknown);
}
