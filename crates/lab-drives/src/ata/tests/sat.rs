use super::*;

fn good(rig: &mut Rig, cdb: &[u8]) -> Vec<u8> {
    match rig.drive.scsi(cdb, &[], 4096) {
        Turn::Done(ScsiCompletion { status: 0, sense, data }) if sense.is_empty() => data,
        turn => panic!("{cdb:x?}: {turn:x?}"),
    }
}

/// Sense key, ASC, ASCQ in fixed format.
fn refused(rig: &mut Rig, cdb: &[u8]) -> (u8, u8, u8) {
    match rig.drive.scsi(cdb, &[], 4096) {
        Turn::Done(ScsiCompletion { status: 2, sense, .. }) if sense[0] & 0x7f == 0x70 => {
            (sense[2], sense[12], sense[13])
        }
        turn => panic!("{cdb:x?}: {turn:x?}"),
    }
}

#[test]
fn identify_as_hdparm_sends_it() {
    let mut rig = Rig::new(hdd());
    let cdb = [0x85, 0x08, 0x0e, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0xec, 0];
    assert_eq!(good(&mut rig, &cdb).len(), 512);
    let cdb = [0xa1, 0x08, 0x0e, 0, 1, 0, 0, 0, 0x40, 0xec, 0, 0];
    assert_eq!(good(&mut rig, &cdb).len(), 512);
}

#[test]
fn registers_come_back_in_a_descriptor() {
    let mut rig = Rig::new(hdd());
    // READ NATIVE MAX ADDRESS EXT, non-data, EXTEND, CK_COND.
    let cdb = [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x27, 0];
    let Turn::Done(completion) = rig.drive.scsi(&cdb, &[], 0) else { panic!() };
    assert_eq!(
        completion.sense,
        [0x72, 1, 0, 0x1d, 0, 0, 0, 14, 9, 12, 1, 0, 0, 0, 0, 0xff, 0, 7, 0, 0, 0xe0, 0x50]
    );
}

#[test]
fn registers_of_an_abort_come_back_unasked() {
    let mut rig = Rig::new(hdd());
    let cdb = [0x85, 0x07, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x99, 0];
    let Turn::Done(completion) = rig.drive.scsi(&cdb, &[], 0) else { panic!() };
    assert_eq!(
        completion.sense,
        [0x72, 0x0b, 0, 0, 0, 0, 0, 14, 9, 12, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0, 0x51]
    );
}

#[test]
fn without_extend_the_upper_halves_are_zeros() {
    let mut rig = Rig::new(hdd());
    let cdb = [0xa1, 0x06, 0x20, 0, 0, 0, 0, 0, 0x40, 0xf8, 0, 0];
    let Turn::Done(completion) = rig.drive.scsi(&cdb, &[], 0) else { panic!() };
    assert_eq!(completion.sense[8..], [9, 12, 0, 0, 0, 0, 0, 0xff, 0, 7, 0, 0, 0xe0, 0x50]);
}

#[test]
fn fixed_format_has_room_for_half_of_the_registers() {
    let mut rig = Rig::new(ssd());
    rig.drive.faults().set(Fault::FixedSense);
    let cdb = [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xb4, 0];
    let Turn::Done(completion) = rig.drive.scsi(&cdb, &[], 0) else { panic!() };
    // COUNT is 8000h: its lower byte, and a flag that the upper one is not zero.
    let expected = [0x70, 0, 1, 0, 0x50, 0xe0, 0, 10, 0xc0, 0xff, 0xff, 0, 0, 0x1d, 0, 0, 0, 0];
    assert_eq!(completion.sense, expected);
}

#[test]
fn protocol_15_returns_the_last_registers_as_data() {
    let mut rig = Rig::new(ssd());
    rig.ata(Taskfile::of(SANITIZE_DEVICE), &[]);
    let cdb = [0x85, 0x1e, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(good(&mut rig, &cdb), [9, 12, 1, 0, 0x80, 0, 0, 0xff, 0, 0xff, 0, 0, 0xe0, 0x50]);
}

#[test]
fn an_adapter_without_registers_gives_none_on_either_way() {
    let mut rig = Rig::new(ssd());
    rig.drive.faults().set(Fault::NoRegisters);
    let cdb = [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xb4, 0];
    assert!(good(&mut rig, &cdb).is_empty());
    assert_eq!(refused(&mut rig, &[0x85, 0x1e, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), (5, 0x24, 0));
    let Turn::Done(completion) = rig.start(&Taskfile::of(0x99), &[]) else { panic!() };
    assert_eq!(completion.sense, [0x72, 0x0b, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_protocol_that_is_not_the_commands_is_refused() {
    let mut rig = Rig::new(hdd());
    for protocol in [0x06, 0x0a, 0x16] {
        let cdb = [0x85, protocol, 0x0e, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0xec, 0];
        assert_eq!(refused(&mut rig, &cdb), (5, 0x24, 0));
    }
}

#[test]
fn inquiry_says_ata() {
    let mut rig = Rig::new(hdd());
    let data = good(&mut rig, &[0x12, 0, 0, 0, 96, 0]);
    assert_eq!(&data[8..36], b"ATA     LAB DISK ATA    .0  ");
    assert_eq!(good(&mut rig, &[0x12, 0, 0, 0, 36, 0]).len(), 36);
    assert_eq!(refused(&mut rig, &[0x12, 0, 1, 0, 96, 0]), (5, 0x24, 0));
}

#[test]
fn vital_product_data() {
    let mut rig = Rig::new(Definition { wwn: Some(0x5000_1234_5678_9abc), ..ssd() });
    let mut page = |page| good(&mut rig, &[0x12, 1, page, 4, 0, 0]);
    assert_eq!(page(0), [0, 0, 0, 7, 0, 0x80, 0x83, 0x89, 0xb0, 0xb1, 0xb2]);
    assert_eq!(&page(0x80)[4..], b"SSD-1               ");
    assert_eq!(page(0x83)[76..], [1, 3, 0, 8, 0x50, 0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]);
    let ata = page(0x89);
    assert_eq!((ata.len(), &ata[..4], ata[36], ata[56]), (572, &[0, 0x89, 2, 0x38][..], 0x34, 0xec));
    assert_eq!(ata[570], 0xa5);
    assert_eq!(page(0xb1)[4..6], [0, 1]);
    assert_eq!(page(0xb2), [0, 0xb2, 0, 4, 0, 0x84, 0, 0]);
    assert_eq!(refused(&mut rig, &[0x12, 1, 0xc0, 4, 0, 0]), (5, 0x24, 0));
    assert_eq!(refused(&mut Rig::new(hdd()), &[0x12, 1, 0xb2, 4, 0, 0]), (5, 0x24, 0));
}

#[test]
fn capacity_in_both_lengths() {
    let mut rig = Rig::new(ssd());
    assert_eq!(good(&mut rig, &[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]), [0, 0, 7, 0xff, 0, 0, 2, 0]);
    let long = good(&mut rig, &[0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0]);
    assert_eq!(long[..16], [0, 0, 0, 0, 0, 0, 7, 0xff, 0, 0, 2, 0, 0, 3, 0xc0, 0]);
}

#[test]
fn blocks_are_read_and_written_by_every_length_of_command() {
    let mut rig = Rig::new(hdd());
    let commands: [(&[u8], &[u8]); 4] = [
        (&[0x0a, 0, 1, 0, 2, 0], &[0x08, 0, 1, 0, 2, 0]),
        (&[0x2a, 0, 0, 0, 2, 0, 0, 0, 2, 0], &[0x28, 0, 0, 0, 2, 0, 0, 0, 2, 0]),
        (&[0xaa, 0, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0], &[0xa8, 0, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0]),
        (
            &[0x8a, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 2, 0, 0],
            &[0x88, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 2, 0, 0],
        ),
    ];
    for (fill, (write, read)) in (1..).zip(commands) {
        assert!(carries(&good(&mut rig, read)));
        let data = [fill; 1024];
        assert!(matches!(rig.drive.scsi(write, &data, 0), Turn::Done(ScsiCompletion { status: 0, .. })));
        assert_eq!(good(&mut rig, read), data);
    }
    assert_eq!(refused(&mut rig, &[0x28, 0, 0, 0, 7, 0xff, 0, 0, 2, 0]), (5, 0x21, 0));
    assert_eq!(refused(&mut rig, &[0x2a, 0, 0, 0, 0, 0, 0, 0, 2, 0]), (5, 0x24, 0));
    assert_eq!(refused(&mut rig, &[0x99; 16]), (5, 0x20, 0));
}

#[test]
fn unmap_and_trim_take_places_away_and_leave_the_cells() {
    let mut rig = Rig::new(ssd());
    let before = rig.left();
    let mut list = vec![0; 24];
    put(&mut list, 0, &[0, 22, 0, 16]);
    put(&mut list, 15, &[100, 0, 0, 0, 8]);
    let unmap = [0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0];
    assert!(matches!(rig.drive.scsi(&unmap, &list, 0), Turn::Done(ScsiCompletion { status: 0, .. })));
    let mut ranges = vec![0; 512];
    put(&mut ranges, 0, &[200, 0, 0, 0, 0, 0, 8, 0]);
    let trim = Taskfile { feature: 1, count: 1, ..Taskfile::of(DATA_SET_MANAGEMENT) };
    assert!(rig.ata(trim, &ranges).is_good());
    for (lba, gone) in [(99, false), (100, true), (107, true), (108, false), (200, true), (207, true)] {
        assert_eq!(rig.read(lba).data == [0; 512], gone, "{lba}");
    }
    assert_eq!(rig.left(), before);
}

#[test]
fn a_sanitizing_drive_is_not_ready_and_says_how_far_it_is() {
    let mut rig = Rig::new(ssd());
    assert!(good(&mut rig, &[0; 6]).is_empty());
    rig.ata(Taskfile { feature: 0x12, lba: 0x426b_4572, ..Taskfile::of(SANITIZE_DEVICE) }, &[]);
    rig.clock.advance(Duration::from_millis(750));
    assert_eq!(refused(&mut rig, &[0; 6]), (2, 4, 0x1b));
    let sense = good(&mut rig, &[3, 0, 0, 0, 252, 0]);
    assert_eq!(sense, [0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 0x1b, 0, 0x80, 0x40, 0]);
    let sense = good(&mut rig, &[3, 1, 0, 0, 252, 0]);
    assert_eq!(sense, [0x72, 2, 4, 0x1b, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x40, 0, 0]);
    assert_eq!(refused(&mut rig, &[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0]), (0x0b, 0, 0));
    rig.seconds(3);
    assert!(good(&mut rig, &[0; 6]).is_empty());
}

#[test]
fn mode_pages_are_told_and_taken() {
    let mut rig = Rig::new(hdd());
    let caching = good(&mut rig, &[0x1a, 8, 8, 0, 255, 0]);
    assert_eq!(caching[..7], [23, 0, 0x10, 0, 8, 18, 4]);
    let all = good(&mut rig, &[0x5a, 0, 0x3f, 0, 0, 0, 0, 0, 255, 0]);
    assert_eq!(all[..16], [0, 58, 0, 0x10, 0, 0, 0, 8, 0, 0, 8, 0, 0, 0, 2, 0]);
    let select = [&[0, 0, 0, 0][..], &[8, 18, 0], &[0; 17], &[10, 10, 4], &[0; 9]].concat();
    let cdb = [0x15, 0x10, 0, 0, 36, 0];
    assert!(matches!(rig.drive.scsi(&cdb, &select, 0), Turn::Done(ScsiCompletion { status: 0, .. })));
    assert_eq!(good(&mut rig, &[0x1a, 8, 8, 0, 255, 0])[6], 0);
    // D_SENSE is on now.
    let Turn::Done(completion) = rig.drive.scsi(&[0x99], &[], 0) else { panic!() };
    assert_eq!(completion.sense, [0x72, 5, 0x20, 0, 0, 0, 0, 0]);
    assert_eq!(rig.word(85) & 1 << 5, 0);
}

#[test]
fn operation_codes_name_pass_through() {
    let mut rig = Rig::new(hdd());
    let one = good(&mut rig, &[0xa3, 0x0c, 1, 0x85, 0, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(one[..5], [0, 3, 0, 16, 0x85]);
    // SANITIZE of SCSI and UNMAP are not there; UNMAP of flash is.
    for code in [0x48, 0x42] {
        assert_eq!(good(&mut rig, &[0xa3, 0x0c, 3, code, 0, 0, 0, 0, 2, 0, 0, 0]), [0, 1, 0, 0]);
    }
    assert_eq!(good(&mut Rig::new(ssd()), &[0xa3, 0x0c, 1, 0x42, 0, 0, 0, 0, 2, 0, 0, 0])[1], 3);
    let all = good(&mut rig, &[0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0]);
    assert_eq!(all.len(), 4 + 29 * 8);
    assert_eq!(crate::bytes::be(&all, 0, 4), 29 * 8);
}

#[test]
fn small_answers() {
    let mut rig = Rig::new(hdd());
    assert_eq!(good(&mut rig, &[0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0])[..8], [0, 0, 0, 8, 0, 0, 0, 0]);
    assert_eq!(good(&mut rig, &[0x4d, 0, 0x40, 0, 0, 0, 0, 0, 255, 0]), [0, 0, 0, 1, 0]);
    assert!(good(&mut rig, &[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_empty());
    assert!(good(&mut rig, &[0x1b, 0, 0, 0, 0, 0]).is_empty());
    assert_eq!(rig.plain(CHECK_POWER_MODE).count, 0);
    assert!(good(&mut rig, &[0x2f, 0, 0, 0, 0, 0, 0, 0, 8, 0]).is_empty());
}
