//! Every misbehaviour that an NVMe drive can have.

use super::*;

const BLOCK: u32 = 2;
const USER_ERASE: u32 = 1 << 9;

/// Sanitizes by block erase to the end and returns log and secrets left.
fn sanitized(bench: &mut Bench) -> (u16, u64) {
    assert!(done(bench.sanitize(BLOCK)).status.is_success());
    bench.seconds(4);
    (bench.sanitize_log().1, bench.secrets(1))
}

#[test]
fn success_that_erases_nothing() {
    let mut bench = with_fault(Fault::ErasesNothing);
    assert_eq!(sanitized(&mut bench), (0x101, ALL_SECRETS));
    assert_eq!(&bench.read(1, 0).unwrap()[..8], SECRET);
    bench.format(1, USER_ERASE);
    bench.seconds(1);
    assert!(done(bench.drive.poll_admin()).status.is_success());
    assert_eq!(&bench.read(1, 0).unwrap()[..8], SECRET);
}

#[test]
fn success_that_erases_half() {
    let mut bench = with_fault(Fault::ErasesHalf);
    let (status, left) = sanitized(&mut bench);
    assert_eq!(status, 0x101);
    assert!(left > ALL_SECRETS / 3 && left < ALL_SECRETS, "{left}");
    assert_eq!(bench.read(1, 0), Ok(vec![0; 512]));
    assert_eq!(&bench.read(1, 63).unwrap()[..8], SECRET);
}

#[test]
fn success_that_only_unmaps() {
    let mut bench = with_fault(Fault::UnmapsOnly);
    assert_eq!(sanitized(&mut bench), (0x101, ALL_SECRETS));
    let all_zero = (0..64).all(|lba| bench.read(1, lba) == Ok(vec![0; 512]));
    assert!(all_zero);
}

#[test]
fn progress_that_sticks() {
    let mut bench = with_fault(Fault::StuckProgress { at: 655 });
    done(bench.sanitize(BLOCK));
    bench.seconds(7 * 24 * 3600);
    assert_eq!(bench.sanitize_log(), (655, 2));
    bench.cycle();
    assert_eq!(bench.sanitize_log(), (655, 2));
    bench.drive.faults().clear(&Fault::StuckProgress { at: 655 });
    assert_eq!(bench.sanitize_log(), (0xffff, 0x101));
}

#[test]
fn a_format_that_sticks_is_never_answered() {
    let mut bench = with_fault(Fault::StuckProgress { at: 655 });
    bench.format(1, USER_ERASE);
    bench.seconds(3600);
    assert!(matches!(bench.drive.poll_admin(), Turn::Busy(_)));
}

#[test]
fn progress_that_goes_back() {
    let mut bench = with_fault(Fault::ProgressGoesBack);
    done(bench.sanitize(BLOCK));
    let mut progress = Vec::new();
    for _ in 0..39 {
        bench.clock.advance(Duration::from_millis(100));
        progress.push(bench.sanitize_log().0);
    }
    assert!(progress.windows(2).any(|pair| pair[1] < pair[0]), "{progress:?}");
    bench.seconds(1);
    assert_eq!(bench.sanitize_log().1, 0x101);
}

#[test]
fn success_forgotten_at_the_power_cycle() {
    let mut bench = with_fault(Fault::SuccessForgotten);
    assert_eq!(sanitized(&mut bench), (0x101, 0));
    bench.drive.power(Power::Reset);
    assert_eq!(bench.sanitize_log().1, 0x101);
    bench.cycle();
    assert_eq!(bench.sanitize_log().1 & 7, 0);
}

#[test]
fn erase_commands_aborted() {
    let mut bench = with_fault(Fault::CommandAborted);
    assert_eq!(done(bench.sanitize(BLOCK)).status, Status::INVALID_OPCODE);
    assert_eq!(done(bench.format(1, USER_ERASE)).status, Status::INVALID_OPCODE);
    assert_eq!(bench.sanitize_log().1, 0);
}

#[test]
fn erase_commands_rejected_until_the_pc_slept() {
    let mut bench = with_fault(Fault::RejectedUntilSleep { status: 0x4286 });
    assert_eq!(done(bench.sanitize(BLOCK)).status, Status::ACCESS_DENIED);
    bench.cycle();
    assert_eq!(done(bench.format(1, USER_ERASE)).status, Status(0x4286));
    bench.drive.power(Power::Sleep);
    assert_eq!(sanitized(&mut bench), (0x101, 0));
    bench.cycle();
    assert_eq!(done(bench.sanitize(BLOCK)).status, Status::ACCESS_DENIED);
}

#[test]
fn carried_out_and_never_answered() {
    let mut bench = with_fault(Fault::TimesOut);
    assert_eq!(bench.sanitize(BLOCK), Turn::Silent);
    bench.seconds(4);
    assert_eq!((bench.sanitize_log().1, bench.secrets(1)), (0x101, 0));
    let mut bench = with_fault(Fault::TimesOut);
    assert_eq!(bench.format(1, USER_ERASE), Turn::Silent);
    bench.seconds(1);
    assert_eq!(bench.drive.poll_admin(), Turn::Silent);
    assert_eq!(bench.secrets(1), 0);
}

#[test]
fn neither_carried_out_nor_answered() {
    let mut bench = with_fault(Fault::FallsSilent);
    assert_eq!(bench.sanitize(BLOCK), Turn::Silent);
    assert_eq!(bench.format(1, USER_ERASE), Turn::Silent);
    bench.seconds(100);
    assert_eq!((bench.sanitize_log().1, bench.secrets(1)), (0, ALL_SECRETS));
}

#[test]
fn erases_that_fail() {
    let mut bench = with_fault(Fault::EraseFails);
    done(bench.sanitize(BLOCK));
    bench.seconds(4);
    assert_eq!(bench.sanitize_log(), (0xffff, 3));
    let mut bench = with_fault(Fault::EraseFails);
    bench.format(1, USER_ERASE);
    bench.seconds(1);
    assert_eq!(done(bench.drive.poll_admin()).status, Status::INTERNAL_ERROR);
    assert!(bench.secrets(1) > 0);
}

#[test]
fn a_drive_that_disappears_and_goes_on_with_the_power() {
    let mut bench = with_fault(Fault::DisappearsAt { percent: 50 });
    done(bench.sanitize(BLOCK));
    bench.seconds(1);
    assert_eq!(bench.sanitize_log().1, 2);
    bench.seconds(1);
    assert_eq!(bench.admin(Command::new(0x06, 0).with(10, 1)), Turn::Gone);
    assert_eq!(bench.drive.read(1, 0, 1), Turn::Gone);
    bench.drive.power(Power::Reset);
    assert_eq!(bench.drive.poll(), Turn::Gone);
    bench.seconds(100);
    bench.cycle();
    assert_eq!(bench.sanitize_log(), (0x8000, 2));
    bench.seconds(2);
    assert_eq!((bench.sanitize_log().1, bench.secrets(1)), (0x101, 0));
}

#[test]
fn a_drive_that_disappears_during_a_format() {
    let mut bench = with_fault(Fault::DisappearsAt { percent: 50 });
    bench.format(1, USER_ERASE);
    bench.clock.advance(Duration::from_millis(500));
    assert_eq!(bench.drive.poll_admin(), Turn::Gone);
    bench.cycle();
    assert_eq!(bench.drive.poll_admin(), Turn::Silent);
    let left = bench.secrets(1);
    assert!(left > 0 && left < ALL_SECRETS, "{left}");
}

#[test]
fn slow_as_nwipe_met_them() {
    let mut bench = with_fault(Fault::Slow { bytes_per_second: 30_000 });
    let Turn::Busy(time) = bench.drive.read(1, 0, 64) else { panic!() };
    assert_eq!(time.as_millis(), 1092);
    bench.seconds(1);
    assert!(matches!(bench.drive.poll_io(), Turn::Busy(_)));
    bench.seconds(1);
    assert_eq!(done(bench.drive.poll_io()).data.len(), 64 * 512);
    assert_eq!(bench.drive.poll_io(), Turn::Silent);
}

#[test]
fn blocks_that_cannot_be_read_or_written() {
    let mut bench = with_fault(Fault::Unreadable { from: 10, count: 2 });
    bench.drive.faults().set(Fault::Unwritable { from: 20, count: 1 });
    for (lba, status) in
        [(9, None), (10, Some(Status::UNRECOVERED_READ)), (11, Some(Status::UNRECOVERED_READ)), (12, None)]
    {
        assert_eq!(bench.read(1, lba).err(), status, "{lba}");
    }
    assert_eq!(done(bench.drive.read(1, 0, 64)).status, Status::UNRECOVERED_READ);
    for (lba, status) in [(19, Status::SUCCESS), (20, Status::WRITE_FAULT), (21, Status::SUCCESS)] {
        assert_eq!(done(bench.drive.write(1, lba, 1, &[0; 512])).status, status, "{lba}");
    }
}

#[test]
fn reads_that_fail_until_written() {
    let mut bench = with_fault(Fault::ReadsFailUntilWritten);
    assert!(bench.read(1, 0).is_ok(), "before the erase");
    assert_eq!(sanitized(&mut bench), (0x101, 0));
    assert_eq!(bench.read(1, 0), Err(Status::UNWRITTEN_BLOCK));
    assert!(done(bench.drive.write(1, 0, 1, &[7; 512])).status.is_success());
    assert_eq!(bench.read(1, 0), Ok(vec![7; 512]));
}

#[test]
fn a_capacity_that_is_not_true() {
    let mut bench = with_fault(Fault::WrongCapacity { blocks: 0x1122 });
    assert_eq!(bench.identify(0, 1)[..2], [0x22, 0x11]);
    assert_eq!(bench.read(1, 64), Err(Status::LBA_OUT_OF_RANGE));
}

#[test]
fn serial_numbers_missing_and_hostile() {
    let mut bench = with_fault(Fault::SerialMissing);
    assert_eq!(bench.identify(1, 0)[4..24], [b' '; 20]);
    let mut bench = with_fault(Fault::SerialHostile);
    let serial = bench.identify(1, 0)[4..24].to_vec();
    assert!(serial.contains(&0x1b) && !serial.is_ascii() && serial.contains(&0));
}

#[test]
fn a_status_query_that_fails_or_says_nothing() {
    let log = Command::new(0x02, u32::MAX).with(10, 127 << 16 | 0x81);
    let mut bench = with_fault(Fault::StatusFails);
    assert_eq!(bench.status(log), Status::INTERNAL_ERROR);
    let mut bench = with_fault(Fault::StatusZeros);
    done(bench.sanitize(BLOCK));
    assert_eq!(bench.data(log), [0; 512]);
}

#[test]
fn faults_of_other_drives_change_nothing() {
    for fault in [Fault::Frozen, Fault::FrozenForGood, Fault::NoRegisters, Fault::FixedSense] {
        let mut bench = with_fault(fault);
        bench.cycle();
        assert_eq!(sanitized(&mut bench), (0x101, 0));
    }
}
