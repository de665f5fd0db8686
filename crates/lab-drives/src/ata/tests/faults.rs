use super::*;

fn with(fault: Fault) -> Rig {
    let mut rig = Rig::new(Definition { security: user(), ..ssd() });
    rig.security(SECURITY_UNLOCK, 0, "user");
    rig.drive.faults().set(fault);
    rig
}

fn user() -> super::super::Security {
    super::super::Security { password: Some("user".into()), ..super::super::Security::default() }
}

fn block_erase() -> Taskfile {
    Taskfile { feature: 0x12, lba: 0x426b_4572, device: 0x40, ..Taskfile::of(SANITIZE_DEVICE) }
}

fn erase_unit(rig: &mut Rig) -> Turn<ScsiCompletion> {
    rig.plain(SECURITY_ERASE_PREPARE);
    rig.start(&Taskfile { count: 1, ..Taskfile::of(SECURITY_ERASE_UNIT) }, &block(2, "user"))
}

/// COUNT and LBA of SANITIZE STATUS EXT.
fn status(rig: &mut Rig) -> (u16, u64) {
    let seen = rig.plain(SANITIZE_DEVICE);
    (seen.count, seen.lba)
}

/// What the medium holds after a BLOCK ERASE EXT and after an enhanced SECURITY ERASE UNIT that both report success,
/// and what sector 0 reads as.
#[test]
fn lies_of_success() {
    let all = Rig::new(ssd()).left();
    for (fault, at_least, at_most, reads_old) in [
        (Fault::ErasesNothing, all, all, true),
        (Fault::ErasesHalf, all / 3, all * 2 / 3, false),
        (Fault::UnmapsOnly, all, all, false),
    ] {
        let mut rig = with(fault.clone());
        assert!(rig.ata(block_erase(), &[]).is_good());
        rig.seconds(3);
        assert_eq!(status(&mut rig), (0x8000, 0xffff));
        assert!((at_least..=at_most).contains(&rig.left()), "{fault:?}");
        assert_eq!(carries(&rig.read(0).data), reads_old, "{fault:?}");

        let mut rig = with(fault.clone());
        assert!(matches!(erase_unit(&mut rig), Turn::Busy(_)));
        assert!(rig.answer().is_good());
        assert!((at_least..=at_most).contains(&rig.left()), "{fault:?}");
        assert_eq!(rig.security_bits(), 0);
    }
}

#[test]
fn stuck_progress_never_ends() {
    let mut rig = with(Fault::StuckProgress { at: 655 });
    rig.ata(block_erase(), &[]);
    for _ in 0..3 {
        rig.seconds(3600);
        assert_eq!(status(&mut rig), (0x4000, 655));
    }
    rig.drive.faults().clear(&Fault::StuckProgress { at: 655 });
    assert_eq!(status(&mut rig).0, 0x8000);
}

#[test]
fn progress_that_goes_back() {
    let mut rig = with(Fault::ProgressGoesBack);
    rig.ata(block_erase(), &[]);
    let mut seen = Vec::new();
    for _ in 0..29 {
        rig.clock.advance(Duration::from_millis(100));
        seen.push(status(&mut rig).1);
    }
    assert!(seen.windows(2).any(|pair| pair[1] < pair[0]), "{seen:?}");
    rig.seconds(1);
    assert_eq!(status(&mut rig).0, 0x8000);
}

#[test]
fn success_is_forgotten_with_the_power() {
    let mut rig = with(Fault::SuccessForgotten);
    rig.ata(block_erase(), &[]);
    rig.seconds(3);
    assert_eq!(status(&mut rig).0, 0x8000);
    rig.drive.power(Power::Cycle);
    assert_eq!(status(&mut rig).0, 0);
}

#[test]
fn aborted_and_rejected_until_a_sleep() {
    for (fault, thaws) in
        [(Fault::CommandAborted, false), (Fault::RejectedUntilSleep { status: 0x4286 }, true)]
    {
        let mut rig = with(fault);
        assert!(rig.ata(block_erase(), &[]).is_abort());
        assert!(matches!(erase_unit(&mut rig), Turn::Done(ScsiCompletion { status: 2, .. })));
        rig.drive.power(Power::Sleep);
        rig.security(SECURITY_UNLOCK, 0, "user");
        assert_eq!(rig.ata(block_erase(), &[]).is_good(), thaws);
    }
}

#[test]
fn never_answered_but_carried_out() {
    let mut rig = with(Fault::TimesOut);
    assert_eq!(erase_unit(&mut rig), Turn::Silent);
    assert_eq!(rig.drive.poll(), Turn::Silent);
    rig.seconds(3);
    assert_eq!(rig.drive.poll(), Turn::Silent);
    assert_eq!((rig.left(), rig.security_bits()), (0, 0));
    let mut rig = with(Fault::TimesOut);
    assert_eq!(rig.start(&block_erase(), &[]), Turn::Silent);
    rig.seconds(3);
    assert_eq!((status(&mut rig).0, rig.left()), (0x8000, 0));
}

#[test]
fn never_answered_and_not_carried_out() {
    let mut rig = with(Fault::FallsSilent);
    let before = rig.left();
    assert_eq!(erase_unit(&mut rig), Turn::Silent);
    assert_eq!(rig.start(&block_erase(), &[]), Turn::Silent);
    rig.seconds(60);
    assert_eq!(rig.drive.poll(), Turn::Silent);
    assert_eq!(rig.left(), before);
    assert_eq!(rig.security_bits(), 2);
}

#[test]
fn a_failed_erase_says_so_and_leaves_half() {
    let mut rig = with(Fault::EraseFails);
    rig.ata(block_erase(), &[]);
    rig.seconds(3);
    let seen = rig.plain(SANITIZE_DEVICE);
    assert!(seen.is_abort() && seen.lba == 1);
    assert!(rig.left() > 0);
    let mut rig = with(Fault::EraseFails);
    erase_unit(&mut rig);
    assert!(rig.answer().is_abort());
    // The password is still there, and the drive is locked.
    assert_eq!(rig.security_bits(), 6);
}

#[test]
fn gone_in_the_middle_until_the_power_comes_back() {
    let mut rig = with(Fault::DisappearsAt { percent: 50 });
    erase_unit(&mut rig);
    rig.seconds(1);
    assert!(matches!(rig.drive.poll(), Turn::Busy(_)));
    rig.seconds(1);
    assert_eq!(rig.drive.poll(), Turn::Gone);
    assert_eq!(rig.drive.scsi(&[0; 6], &[], 0), Turn::Gone);
    rig.drive.power(Power::Cycle);
    assert_eq!(rig.security_bits(), 6);
    assert!(rig.left() > 0);
    let mut rig = with(Fault::DisappearsAt { percent: 50 });
    rig.ata(block_erase(), &[]);
    rig.seconds(2);
    assert_eq!(rig.drive.scsi(&[0; 6], &[], 0), Turn::Gone);
    rig.drive.faults().clear(&Fault::DisappearsAt { percent: 50 });
    rig.drive.power(Power::Cycle);
    assert_eq!(status(&mut rig).0, 0x4000);
}

#[test]
fn frozen_by_firmware_thaws_in_sleep_or_never() {
    for (fault, thaws) in [(Fault::Frozen, true), (Fault::FrozenForGood, false)] {
        let mut rig = Rig::new(Definition { faults: [fault].into_iter().collect(), ..ssd() });
        assert_eq!(rig.security_bits(), 8);
        rig.drive.power(Power::Cycle);
        assert_eq!(rig.security_bits(), 8);
        rig.drive.power(Power::Sleep);
        assert_eq!(rig.security_bits() == 0, thaws);
    }
    let faults = [Fault::SanitizeFrozen].into_iter().collect();
    let mut rig = Rig::new(Definition { faults, ..ssd() });
    assert_eq!(rig.ata(block_erase(), &[]).lba, 3);
    rig.drive.power(Power::Sleep);
    assert!(rig.ata(block_erase(), &[]).is_good());
}

#[test]
fn a_slow_drive_takes_its_time() {
    let mut rig = with(Fault::Slow { bytes_per_second: 30_000 });
    let read = [0x28, 0, 0, 0, 0, 0, 0, 0, 59, 0];
    let Turn::Busy(takes) = rig.drive.scsi(&read, &[], 1 << 20) else { panic!() };
    assert_eq!(takes.as_millis(), 1006);
    assert!(matches!(rig.drive.scsi(&[0; 6], &[], 0), Turn::Done(ScsiCompletion { status: 8, .. })));
    assert!(matches!(rig.drive.poll(), Turn::Busy(_)));
    rig.clock.advance(takes);
    let Turn::Done(completion) = rig.drive.poll() else { panic!() };
    assert_eq!(completion.data.len(), 59 * 512);
}

#[test]
fn unreadable_and_unwritable_sectors() {
    let mut rig = with(Fault::Unreadable { from: 100, count: 5 });
    rig.drive.faults().set(Fault::Unwritable { from: 200, count: 5 });
    let read = Taskfile { lba: 98, count: 8, device: 0x40, ..Taskfile::of(READ_DMA_EXT) };
    let seen = rig.ata(read, &[]);
    assert_eq!((seen.error, seen.lba), (0x40, 100));
    assert!(rig.read(99).is_good() && rig.read(105).is_good());
    assert!(rig.write(100).is_good() && rig.read(200).is_good());
    assert_eq!(rig.write(204).status, 0x61);
    let Turn::Done(completion) = rig.drive.scsi(&[0x28, 0, 0, 0, 0, 98, 0, 0, 8, 0], &[], 4096) else {
        panic!()
    };
    assert_eq!(completion.sense[..8], [0xf0, 0, 3, 0, 0, 0, 100, 10]);
    assert_eq!(completion.sense[12..14], [0x11, 4]);
}

#[test]
fn reads_fail_until_written_after_an_erase() {
    let mut rig = with(Fault::ReadsFailUntilWritten);
    assert!(rig.read(7).is_good());
    rig.ata(block_erase(), &[]);
    rig.seconds(3);
    assert_eq!(rig.read(7).error, 0x40);
    assert!(rig.write(7).is_good());
    assert!(rig.read(7).is_good());
}

#[test]
fn a_wrong_capacity_is_told_everywhere() {
    let mut rig = with(Fault::WrongCapacity { blocks: 99 });
    assert_eq!((rig.word(60), rig.word(100)), (99, 99));
    let Turn::Done(completion) = rig.drive.scsi(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[], 8) else { panic!() };
    assert_eq!(completion.data[..4], [0, 0, 0, 98]);
}

#[test]
fn serial_numbers_that_are_none() {
    let mut rig = with(Fault::SerialMissing);
    assert_eq!((rig.word(10), rig.word(19)), (0x2020, 0x2020));
    let mut rig = with(Fault::SerialHostile);
    assert_eq!(rig.word(10), 0x1b5b);
}

#[test]
fn a_status_that_fails_or_is_all_zeros() {
    let mut rig = with(Fault::StatusFails);
    assert!(rig.plain(SANITIZE_DEVICE).is_abort());
    rig.drive.faults().clear(&Fault::StatusFails);
    rig.drive.faults().set(Fault::StatusZeros);
    rig.ata(block_erase(), &[]);
    assert_eq!(status(&mut rig), (0, 0));
}
