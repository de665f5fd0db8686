//! The sanitize state machine.

use super::*;

const BLOCK: u32 = 2;
const OVERWRITE: u32 = 3;
const CRYPTO: u32 = 4;
const EXIT_FAILURE: u32 = 1;
const AUSE: u32 = 1 << 3;
const NDAS: u32 = 1 << 9;
const ONE_PASS: u32 = 1 << 4;

#[test]
fn a_block_erase_takes_its_time_and_leaves_nothing() {
    let mut bench = small();
    assert_eq!(bench.secrets(1), ALL_SECRETS);
    assert_eq!(bench.sanitize_log(), (0xffff, 0x000));
    assert!(done(bench.sanitize(BLOCK)).status.is_success());
    bench.seconds(1);
    assert_eq!(bench.sanitize_log(), (0x4000, 0x002));
    assert_eq!(bench.read(1, 0), Err(Status::SANITIZE_IN_PROGRESS));
    bench.seconds(3);
    assert_eq!(bench.sanitize_log(), (0xffff, 0x101));
    assert_eq!(bench.read(1, 0), Ok(vec![0; 512]));
    assert_eq!(bench.secrets(1), 0);
}

#[test]
fn the_log_keeps_the_commands_dword() {
    let mut bench = small();
    done(bench.sanitize(CRYPTO | AUSE | NDAS));
    let log = bench.data(Command::new(0x02, 0).with(10, 127 << 16 | 0x81));
    assert_eq!(log[4..8], [0x0c, 2, 0, 0]);
}

#[test]
fn written_data_ends_global_data_erased() {
    let mut bench = small();
    done(bench.sanitize(CRYPTO));
    bench.seconds(1);
    assert_eq!(bench.sanitize_log().1, 0x101);
    assert!(done(bench.drive.write(1, 0, 1, &[1; 512])).status.is_success());
    assert_eq!(bench.sanitize_log().1, 0x001);
}

#[test]
fn overwrite_counts_its_passes() {
    let mut bench = small();
    done(bench.sanitize(OVERWRITE | 3 << 4 | NDAS));
    bench.seconds(9);
    assert_eq!(bench.sanitize_log(), (0xc000, 2 << 3 | 2));
    bench.seconds(3);
    assert_eq!(bench.sanitize_log(), (0xffff, 0x101 | 3 << 3));
    assert_eq!(bench.read(1, 5), Ok(vec![0x0f; 512]));
    assert_eq!(bench.secrets(1), 0);
}

#[test]
fn zero_passes_take_as_long_as_sixteen() {
    let mut bench = small();
    done(bench.sanitize(OVERWRITE));
    bench.seconds(63);
    assert_eq!(bench.sanitize_log().1 & 7, 2);
    bench.seconds(1);
    assert_eq!(bench.sanitize_log().1, 0x101 | 16 << 3);
    assert_eq!(bench.read(1, 5), Ok(vec![0; 512]), "deallocated after it");
}

#[test]
fn a_crypto_erase_changes_what_ciphertext_means() {
    let mut bench = bench("[[namespaces]]\nblocks = 64\nencryption = 'self-encrypting'\n");
    assert_eq!(bench.secrets(1), 0, "ciphertext");
    let before = bench.read(1, 9).unwrap();
    assert_eq!(&before[..8], SECRET);
    bench.drive.faults().set(Fault::NoiseAfterCryptoErase);
    done(bench.sanitize(CRYPTO));
    bench.seconds(1);
    let after = bench.read(1, 9).unwrap();
    assert!(after != before && after != [0; 512]);
    bench.drive.faults().clear(&Fault::NoiseAfterCryptoErase);
    done(bench.sanitize(CRYPTO));
    bench.seconds(1);
    assert_eq!(bench.read(1, 9), Ok(vec![0; 512]));
}

#[test]
fn a_crypto_erase_of_a_drive_that_does_not_encrypt_leaves_all_on_the_medium() {
    let mut bench = small();
    done(bench.sanitize(CRYPTO));
    bench.seconds(1);
    assert_eq!(bench.sanitize_log().1, 0x101);
    assert_eq!(bench.read(1, 0), Ok(vec![0; 512]));
    assert_eq!(bench.secrets(1), ALL_SECRETS);
}

#[test]
fn what_a_running_sanitize_lets_through() {
    let mut bench = small();
    done(bench.sanitize(BLOCK));
    let log = |lid: u32| Command::new(0x02, u32::MAX).with(10, 127 << 16 | lid);
    for (command, allowed) in [
        (Command::new(0x06, 0).with(10, 1), true),
        (log(0x01), true),
        (log(0x02), true),
        (log(0x81), true),
        (log(0x03), false),
        (log(0x05), false),
        (Command::new(0x0a, 0).with(10, 0x0b), true),
        (Command::new(0x09, 0).with(10, 0x0b), true),
        (Command::new(0x08, 0), true),
        (Command::new(0x80, 1), false),
        (Command::new(0x84, 0).with(10, BLOCK), false),
        (Command::new(0xc0, 0), false),
    ] {
        let expected = if allowed { Status::SUCCESS } else { Status::SANITIZE_IN_PROGRESS };
        assert_eq!(bench.status(command), expected, "{command:x?}");
    }
    for opcode in [0x01, 0x02, 0x08, 0x09] {
        let turn = bench.drive.io(&Command::new(opcode, 1), &[0; 512], &[]);
        assert_eq!(done(turn).status, Status::SANITIZE_IN_PROGRESS, "{opcode:x}");
    }
    assert!(done(bench.drive.flush(1)).status.is_success());
}

#[test]
fn it_goes_on_after_a_power_cut_and_after_a_restart() {
    let mut bench = small();
    done(bench.sanitize(BLOCK));
    bench.seconds(2);
    let half = {
        bench.sanitize_log();
        bench.secrets(1)
    };
    assert!(half > 0 && half < ALL_SECRETS, "{half}");
    bench.drive.switch_off();
    bench.seconds(1000);
    assert!(matches!(bench.admin(Command::new(0x06, 0)), Turn::Gone));
    bench.cycle();
    assert_eq!(bench.sanitize_log(), (0x8000, 2));
    let (path, clock) = (bench.path(), TestClock::default());
    bench.drive.switch_off();
    let definition = bench.drive.definition().clone();
    bench.drive = Controller::open(definition, &path, Arc::new(clock.clone())).unwrap();
    bench.clock = clock;
    assert_eq!(bench.sanitize_log(), (0x8000, 2));
    bench.seconds(2);
    assert_eq!(bench.sanitize_log(), (0xffff, 0x101));
    assert_eq!(bench.secrets(1), 0);
}

#[test]
fn a_reset_of_the_pc_does_not_stop_it() {
    let mut bench = small();
    done(bench.sanitize(BLOCK));
    bench.seconds(2);
    bench.drive.power(Power::Reset);
    bench.seconds(2);
    assert_eq!(bench.sanitize_log().1, 0x101);
}

#[test]
fn success_survives_a_power_cycle() {
    let mut bench = small();
    done(bench.sanitize(BLOCK));
    bench.seconds(4);
    bench.cycle();
    assert_eq!(bench.sanitize_log().1, 0x101);
}

/// What helps out of a failure, by the mode of the operation that failed.
#[test]
fn failures_restricted_and_unrestricted() {
    for (mode, then, expected) in [
        (0, BLOCK, Status::SUCCESS),
        (0, BLOCK | AUSE, Status::SANITIZE_FAILED),
        (0, EXIT_FAILURE, Status::SANITIZE_FAILED),
        (AUSE, BLOCK, Status::SUCCESS),
        (AUSE, BLOCK | AUSE, Status::SUCCESS),
        (AUSE, EXIT_FAILURE, Status::SUCCESS),
    ] {
        let mut bench = with_fault(Fault::EraseFails);
        done(bench.sanitize(BLOCK | mode));
        bench.seconds(4);
        assert_eq!(bench.sanitize_log().1, 3, "{mode} {then}");
        bench.cycle();
        let read = if mode == AUSE { Status::SUCCESS } else { Status::SANITIZE_FAILED };
        assert_eq!(done(bench.drive.read(1, 0, 1)).status, read, "{mode}");
        bench.drive.faults().clear(&Fault::EraseFails);
        assert_eq!(done(bench.sanitize(then)).status, expected, "{mode} {then}");
        bench.seconds(4);
        let ends = match then {
            EXIT_FAILURE => 3,
            _ if expected == Status::SUCCESS => 0x101,
            _ => 3,
        };
        assert_eq!(bench.sanitize_log().1, ends, "{mode} {then}");
    }
}

#[test]
fn exit_failure_mode_without_a_failure_does_nothing() {
    let mut bench = small();
    assert_eq!(done(bench.sanitize(EXIT_FAILURE)).status, Status::SUCCESS);
    assert_eq!(bench.sanitize_log().1, 0);
}

#[test]
fn actions_that_the_drive_does_not_have() {
    let text = format!("{SMALL}[sanitize]\noperations = ['block', 'crypto']\n");
    let mut bench = bench(&text);
    assert_eq!(done(bench.sanitize(OVERWRITE | ONE_PASS)).status, Status::INVALID_FIELD);
    assert_eq!(bench.sanitize_log().1, 0);
    assert_eq!(bench.identify(1, 0)[328], 0b011);
}

#[test]
fn no_deallocate_where_it_is_inhibited() {
    let text = format!("{SMALL}[sanitize]\nno-deallocate = 'inhibited'\n");
    let mut bench = bench(&text);
    assert_eq!(done(bench.sanitize(OVERWRITE | ONE_PASS | NDAS)).status, Status::INVALID_FIELD);
    // Sanitize Config (17h): No-Deallocate Response Mode 1, a warning only.
    assert!(bench.status(Command::new(0x09, 0).with(10, 0x17).with(11, 1)).is_success());
    done(bench.sanitize(OVERWRITE | ONE_PASS | NDAS));
    bench.seconds(4);
    assert_eq!(bench.sanitize_log().1, 0x104 | 1 << 3);
    assert_eq!(done(bench.admin(Command::new(0x0c, 0))).result, 0x81_0206);
    assert_eq!(bench.read(1, 0), Ok(vec![0; 512]));
}

#[test]
fn an_event_tells_the_end_once() {
    let mut bench = small();
    assert_eq!(bench.admin(Command::new(0x0c, 0)), Turn::Silent);
    done(bench.sanitize(CRYPTO));
    bench.seconds(1);
    assert_eq!(done(bench.admin(Command::new(0x0c, 0))).result, 0x81_0106);
    assert_eq!(bench.admin(Command::new(0x0c, 0)), Turn::Silent);
}

#[test]
fn every_namespace_is_reached_attached_or_not() {
    let mut bench = bench(super::formatting::TWO);
    assert!(bench.secrets(1) > 0 && bench.secrets(3) > 0);
    done(bench.sanitize(BLOCK));
    bench.seconds(4);
    bench.sanitize_log();
    assert_eq!((bench.secrets(1), bench.secrets(3)), (0, 0));
}
