//! Format NVM.

use super::*;

const USER_ERASE: u32 = 1 << 9;
const CRYPTO_ERASE: u32 = 2 << 9;
const ALL: u32 = u32::MAX;

/// A namespace that hosts see, and one that is allocated only.
pub(super) const TWO: &str = "
    [[namespaces]]
    number = 1
    blocks = 64
    [[namespaces]]
    number = 3
    blocks = 64
    attachment = 'allocated'
";

/// Two that hosts see.
const BOTH: &str = "
    [[namespaces]]
    number = 1
    blocks = 64
    [[namespaces]]
    number = 3
    blocks = 64
";

/// Formats, waits and returns the status.
fn format(bench: &mut Bench, nsid: u32, dword10: u32) -> Status {
    match bench.format(nsid, dword10) {
        Turn::Done(completion) => return completion.status,
        Turn::Busy(_) => bench.seconds(1),
        other => panic!("{other:?}"),
    }
    done(bench.drive.poll_admin()).status
}

#[test]
fn it_takes_its_time_and_answers_once() {
    let mut bench = small();
    assert_eq!(bench.format(1, USER_ERASE), Turn::Busy(Duration::from_secs(1)));
    bench.clock.advance(Duration::from_millis(500));
    assert!(matches!(bench.drive.poll_admin(), Turn::Busy(_)));
    assert_eq!(bench.identify(0, 1)[32], 0x80 | 50, "FPI: half is left");
    assert_eq!(bench.read(1, 0), Err(Status::FORMAT_IN_PROGRESS));
    assert_eq!(done(bench.format(1, 0)).status, Status::FORMAT_IN_PROGRESS);
    bench.clock.advance(Duration::from_millis(500));
    assert!(done(bench.drive.poll_admin()).status.is_success());
    assert_eq!(bench.drive.poll_admin(), Turn::Silent);
    assert_eq!((bench.secrets(1), bench.read(1, 0)), (0, Ok(vec![0; 512])));
}

#[test]
fn without_secure_erase_all_stays_on_the_medium() {
    let mut bench = small();
    assert!(format(&mut bench, 1, 0).is_success());
    assert_eq!(bench.read(1, 0), Ok(vec![0; 512]));
    assert_eq!(bench.secrets(1), ALL_SECRETS);
}

#[test]
fn to_4096_and_8_with_protection_and_back() {
    let mut bench = small();
    assert!(format(&mut bench, 1, USER_ERASE | 1 << 5 | 2).is_success());
    let data = bench.identify(0, 1);
    assert_eq!((data[0], data[26], data[29]), (8, 2, 1), "blocks, format, protection");
    // Unwritten blocks have metadata that switches the checks off.
    let read = done(bench.drive.read(1, 3, 1));
    assert_eq!((read.data.len(), read.metadata), (4096, vec![0xff; 8]));
    assert!(format(&mut bench, 1, USER_ERASE).is_success());
    let data = bench.identify(0, 1);
    assert_eq!((data[0], data[26], data[29]), (64, 0, 0));
}

#[test]
fn protection_made_and_checked_by_the_drive() {
    const PRACT: u32 = 1 << 29;
    const GUARD: u32 = 1 << 28;
    let mut bench = small();
    assert!(format(&mut bench, 1, 1 << 5 | 2).is_success());
    let write = Command::new(0x01, 1).with(10, 2).with(12, PRACT);
    assert!(done(bench.drive.io(&write, &[0x5a; 4096], &[])).status.is_success());
    let read = Command::new(0x02, 1).with(10, 2).with(12, GUARD);
    let completion = done(bench.drive.io(&read, &[], &[]));
    assert!(completion.status.is_success());
    assert_eq!(completion.metadata[4..], [0, 0, 0, 2], "reference tag");
    let stripped = done(bench.drive.io(&read.with(12, PRACT | GUARD), &[], &[]));
    assert_eq!((stripped.data.len(), stripped.metadata.len()), (4096, 0));
    let wrong = Command::new(0x01, 1).with(10, 2).with(12, GUARD);
    assert_eq!(done(bench.drive.io(&wrong, &[0x5a; 4096], &[1; 8])).status, Status::GUARD_CHECK);
    // Written without a check, found when read with one.
    assert!(done(bench.drive.io(&wrong.with(12, 0), &[0x5a; 4096], &[1; 8])).status.is_success());
    assert_eq!(done(bench.drive.io(&read, &[], &[])).status, Status::GUARD_CHECK);
}

#[test]
fn protection_asked_for_where_there_is_none() {
    const PRACT: u32 = 1 << 29;
    let mut bench = small();
    for (opcode, data) in [(0x01, &[0; 512][..]), (0x02, &[])] {
        let command = Command::new(opcode, 1).with(12, PRACT);
        assert_eq!(done(bench.drive.io(&command, data, &[])).status, Status::INVALID_PROTECTION, "{opcode}");
    }
}

/// Which namespaces lose their data, by FNA and the command.
#[test]
fn what_a_format_reaches() {
    for (fna, nsid, dword10, reached) in [
        (0b0000, 1, USER_ERASE, [true, false]),
        (0b0000, 3, USER_ERASE, [false, true]),
        (0b0000, ALL, USER_ERASE, [true, true]),
        (0b0001, 1, USER_ERASE, [true, true]),
        (0b0010, 1, USER_ERASE, [true, true]),
        (0b0001, 1, 0, [true, true]),
        (0b0010, 1, 0, [true, false]),
    ] {
        let mut bench = bench(&format!("{BOTH}\n[format]\nattributes = {fna}\n"));
        assert!(format(&mut bench, nsid, dword10).is_success());
        let emptied = [1, 3].map(|number| bench.read(number, 0) == Ok(vec![0; 512]));
        assert_eq!(emptied, reached, "FNA {fna:04b}, namespace {nsid:x}, {dword10:x}");
        if dword10 == USER_ERASE {
            let erased = [1, 3].map(|number| bench.secrets(number) == 0);
            assert_eq!(erased, reached, "FNA {fna:04b}, namespace {nsid:x}");
        }
    }
}

#[test]
fn all_namespaces_where_that_is_not_supported() {
    let mut bench = bench(&format!("{BOTH}\n[format]\nattributes = 8\n"));
    assert_eq!(format(&mut bench, ALL, 0), Status::INVALID_FIELD);
    assert_eq!(format(&mut bench, 2, 0), Status::INVALID_NAMESPACE);
    assert_eq!(format(&mut bench, 1, 9), Status::INVALID_FORMAT);
    assert_eq!(format(&mut bench, 1, CRYPTO_ERASE), Status::INVALID_FIELD);
    assert_eq!(bench.secrets(1), ALL_SECRETS);
}

#[test]
fn all_means_the_allocated_ones_too() {
    let mut bench = bench(TWO);
    assert_eq!(format(&mut bench, 3, USER_ERASE), Status::INVALID_NAMESPACE, "not attached");
    assert!(format(&mut bench, ALL, USER_ERASE).is_success());
    assert_eq!((bench.secrets(1), bench.secrets(3)), (0, 0));
}

#[test]
fn a_crypto_erase_of_a_self_encrypting_drive() {
    let mut bench = bench("[[namespaces]]\nblocks = 64\nencryption = 'self-encrypting'\n");
    bench.drive.faults().set(Fault::NoiseAfterCryptoErase);
    assert!(format(&mut bench, 1, CRYPTO_ERASE).is_success());
    let data = bench.read(1, 0).unwrap();
    assert!(data != [0; 512] && &data[..8] != SECRET);
}

#[test]
fn a_reset_forgets_the_answer_and_not_the_format() {
    let mut bench = small();
    bench.format(1, USER_ERASE);
    bench.drive.power(Power::Reset);
    bench.seconds(1);
    assert_eq!(bench.drive.poll_admin(), Turn::Silent);
    assert_eq!(bench.secrets(1), 0);
}

#[test]
fn a_power_cut_leaves_half_a_format() {
    let mut bench = small();
    bench.format(1, USER_ERASE);
    bench.clock.advance(Duration::from_millis(500));
    bench.cycle();
    bench.seconds(10);
    assert_eq!(bench.drive.poll_admin(), Turn::Silent);
    let left = bench.secrets(1);
    assert!(left > 0 && left < ALL_SECRETS, "{left}");
}

#[test]
fn the_format_is_kept_across_a_restart() {
    let mut bench = small();
    assert!(format(&mut bench, 1, 1).is_success());
    bench.drive.settle();
    let definition = bench.drive.definition().clone();
    bench.drive = Controller::open(definition, &bench.path(), Arc::new(TestClock::default())).unwrap();
    assert_eq!(bench.identify(0, 1)[26], 1);
    assert_eq!(bench.read(1, 0), Ok(vec![0; 4096]));
}
