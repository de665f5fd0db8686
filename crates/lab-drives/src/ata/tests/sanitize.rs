use super::*;

const COMPLETED: u16 = 1 << 15;
const IN_PROGRESS: u16 = 1 << 14;
const FROZEN: u16 = 1 << 13;
const ANTIFREEZE: u16 = 1 << 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Sd0,
    Sd0Antifreeze,
    Sd1,
    Sd2,
    Sd3,
    Sd3MayExit,
    Sd4,
}

const STATES: [State; 7] =
    [State::Sd0, State::Sd0Antifreeze, State::Sd1, State::Sd2, State::Sd3, State::Sd3MayExit, State::Sd4];

fn sanitize(feature: u16, count: u16, lba: u64) -> Taskfile {
    Taskfile { feature, count, lba, device: 0x40, ..Taskfile::of(SANITIZE_DEVICE) }
}

fn status() -> Taskfile {
    sanitize(0x0000, 0, 0)
}

fn crypto() -> Taskfile {
    sanitize(0x0011, 0, 0x4372_7970)
}

fn block_erase() -> Taskfile {
    sanitize(0x0012, 0, 0x426b_4572)
}

fn overwrite(count: u16, pattern: u32) -> Taskfile {
    sanitize(0x0014, count, 0x4f57_0000_0000 | u64::from(pattern))
}

fn freeze() -> Taskfile {
    sanitize(0x0020, 0, 0x4672_4c6b)
}

fn antifreeze() -> Taskfile {
    sanitize(0x0040, 0, 0x416e_7469)
}

fn in_state(state: State) -> Rig {
    let mut rig = Rig::blank(sed());
    match state {
        State::Sd0 => {}
        State::Sd0Antifreeze => assert!(rig.ata(antifreeze(), &[]).is_good()),
        State::Sd1 => assert!(rig.ata(freeze(), &[]).is_good()),
        State::Sd2 => assert!(rig.ata(block_erase(), &[]).is_good()),
        State::Sd3 | State::Sd3MayExit => {
            rig.drive.faults().set(Fault::EraseFails);
            let failure_mode = u16::from(state == State::Sd3MayExit) << 4;
            assert!(rig.ata(Taskfile { count: failure_mode, ..block_erase() }, &[]).is_good());
            rig.seconds(4);
            rig.drive.poll();
            rig.drive.faults().clear(&Fault::EraseFails);
        }
        State::Sd4 => {
            assert!(rig.ata(block_erase(), &[]).is_good());
            rig.seconds(4);
        }
    }
    rig
}

/// ACS-3 clause 4.17.7: each command in each state. `-1` is good; anything else the reason in LBA 7:0 of an abort.
#[test]
fn each_command_in_each_state() {
    let clear = sanitize(0x0000, 1, 0);
    let read = Taskfile { count: 1, ..Taskfile::of(READ_DMA_EXT) };
    let write = Taskfile { count: 1, ..Taskfile::of(WRITE_DMA_EXT) };
    let identify = Taskfile { count: 1, ..Taskfile::of(IDENTIFY_DEVICE) };
    let password = Taskfile { count: 1, ..Taskfile::of(SECURITY_SET_PASSWORD) };
    let table: [(Taskfile, [i32; 7]); 12] = [
        (status(), [-1, -1, -1, -1, 1, 1, -1]),
        (clear, [-1, -1, -1, -1, 1, -1, -1]),
        (crypto(), [-1, -1, 3, 0, -1, -1, -1]),
        (block_erase(), [-1, -1, 3, 0, -1, -1, -1]),
        (overwrite(1, 0), [-1, -1, 3, 0, -1, -1, -1]),
        (freeze(), [-1, 4, -1, 0, 1, 1, -1]),
        (antifreeze(), [-1, -1, 3, 0, 1, 1, -1]),
        (sanitize(0x0099, 0, 0), [2, 2, 2, 2, 2, 2, 2]),
        (read, [-1, -1, -1, 0, 0, 0, -1]),
        (write, [-1, -1, -1, 0, 0, 0, -1]),
        (identify, [-1; 7]),
        (password, [-1, -1, -1, 0, 0, 0, -1]),
    ];
    for (command, expected) in table {
        for (state, expected) in STATES.into_iter().zip(expected) {
            let seen = in_state(state).ata(command, &[0; 512]);
            let reason = if seen.is_good() { -1 } else { i32::try_from(seen.lba & 0xff).unwrap() };
            assert_eq!(reason, expected, "{command:x?} in {state:?}: {seen:x?}");
            assert_ne!(seen.is_good(), seen.is_abort());
        }
    }
}

#[test]
fn the_status_tells_the_states_apart() {
    let table = [
        (State::Sd0, COMPLETED, 0xffff),
        (State::Sd0Antifreeze, COMPLETED | ANTIFREEZE, 0xffff),
        (State::Sd1, COMPLETED | FROZEN, 0xffff),
        (State::Sd2, IN_PROGRESS, 0),
        (State::Sd4, COMPLETED, 0xffff),
    ];
    for (state, count, lba) in table {
        let seen = in_state(state).ata(status(), &[]);
        assert_eq!((seen.count, seen.lba), (count, lba), "{state:?}");
    }
}

#[test]
fn an_idle_drive_may_also_say_nothing() {
    let mut definition = ssd();
    definition.sanitize.idle = IdleStatus::Nothing;
    let mut rig = Rig::new(definition);
    assert_eq!(rig.ata(status(), &[]).count, 0);
    rig.ata(block_erase(), &[]);
    rig.seconds(3);
    assert_eq!(rig.ata(status(), &[]).count, COMPLETED);
    // SD4 ends with the power.
    rig.drive.power(Power::Cycle);
    assert_eq!(rig.ata(status(), &[]).count, 0);
}

#[test]
fn progress_follows_the_clock_and_the_medium_follows_progress() {
    let mut rig = Rig::new(ssd());
    let all = rig.left();
    rig.ata(block_erase(), &[]);
    rig.clock.advance(Duration::from_millis(1500));
    let seen = rig.ata(status(), &[]);
    assert_eq!((seen.count, seen.lba), (IN_PROGRESS, 32768));
    assert!(rig.left() < all);
    rig.clock.advance(Duration::from_millis(1500));
    assert_eq!(rig.ata(status(), &[]).count, COMPLETED);
    assert_eq!(rig.left(), 0);
}

#[test]
fn a_sanitize_goes_on_after_a_power_cut_and_not_before_power_is_back() {
    let mut rig = Rig::new(Definition { size_mib: 8, ..ssd() });
    rig.ata(block_erase(), &[]);
    rig.clock.advance(Duration::from_millis(1500));
    rig.drive.power(Power::Cycle);
    let half = rig.left();
    assert!(half > 0);
    rig.seconds(3600);
    rig.restart();
    assert_eq!(rig.left(), half);
    let seen = rig.ata(status(), &[]);
    assert_eq!((seen.count, seen.lba), (IN_PROGRESS, 32768));
    rig.clock.advance(Duration::from_millis(1500));
    assert_eq!(rig.ata(status(), &[]).count, COMPLETED);
    assert_eq!(rig.left(), 0);
}

#[test]
fn a_failure_outlives_the_power_and_is_cleared_only_where_that_was_allowed() {
    for (state, cleared) in [(State::Sd3, false), (State::Sd3MayExit, true)] {
        let mut rig = in_state(state);
        rig.restart();
        assert_eq!(rig.ata(status(), &[]).lba, 1);
        assert_eq!(rig.ata(sanitize(0x0000, 1, 0), &[]).is_good(), cleared);
        assert_eq!(rig.read(0).is_good(), cleared);
    }
}

#[test]
fn commands_without_their_signature_are_refused() {
    for command in [crypto(), block_erase(), overwrite(1, 0), freeze(), antifreeze()] {
        let mut rig = Rig::new(sed());
        let seen = rig.ata(Taskfile { lba: command.lba ^ 1 << 32, ..command }, &[]);
        assert!(seen.is_abort() && seen.lba == 2, "{command:x?}");
        assert!(rig.read(0).is_good());
    }
}

#[test]
fn operations_that_the_drive_does_not_have_are_refused() {
    let mut rig = Rig::new(ssd());
    let seen = rig.ata(crypto(), &[]);
    assert!(seen.is_abort() && seen.lba == 2);
    let mut rig = Rig::new(hdd());
    assert!(rig.ata(status(), &[]).is_abort());
    assert_eq!(rig.word(59) & 0xfc00, 0);
}

#[test]
fn word_59_says_what_there_is() {
    assert_eq!(Rig::new(ssd()).word(59) & 0xfc00, 0xd400);
    assert_eq!(Rig::new(sed()).word(59) & 0xfc00, 0xf400);
}

/// COUNT, and what the first and the last pass leave in byte order.
#[test]
fn overwrite_patterns_and_passes() {
    let table = [
        (1, [0x44, 0x33, 0x22, 0x11]),
        (2, [0x44, 0x33, 0x22, 0x11]),
        // Inverted between passes: the second of two is inverted, of sixteen (0) the last, of three none.
        (0x82, [0xbb, 0xcc, 0xdd, 0xee]),
        (0x80, [0xbb, 0xcc, 0xdd, 0xee]),
        (0x83, [0x44, 0x33, 0x22, 0x11]),
        // With a definitive ending the last pass never is.
        (0xc2, [0x44, 0x33, 0x22, 0x11]),
    ];
    for (count, pattern) in table {
        let mut rig = Rig::new(ssd());
        rig.ata(overwrite(count, 0x1122_3344), &[]);
        rig.seconds(3);
        let data = rig.read(9).data;
        assert_eq!(data[..4], pattern, "{count:x}");
        assert_eq!(data[508..], pattern, "{count:x}");
        assert_eq!(rig.left(), 0);
    }
}

#[test]
fn a_crypto_scramble_reads_as_zeros_or_noise_and_touches_no_cell() {
    for noise in [false, true] {
        let mut rig = Rig::new(sed());
        if noise {
            rig.drive.faults().set(Fault::NoiseAfterCryptoErase);
        }
        let raw = std::fs::read(rig.folder.path().join("drive")).unwrap();
        rig.ata(crypto(), &[]);
        rig.seconds(1);
        assert_eq!(rig.ata(status(), &[]).count, COMPLETED);
        let data = rig.read(9).data;
        assert_eq!(data != [0; 512], noise);
        assert!(!carries(&data));
        assert!(raw == std::fs::read(rig.folder.path().join("drive")).unwrap());
    }
}

#[test]
fn a_sanitize_reaches_behind_an_hpa_and_a_dco() {
    let mut definition = ssd();
    definition.hidden.blocks = 200;
    definition.hidden.dco_blocks = 100;
    let mut rig = Rig::new(definition);
    rig.ata(block_erase(), &[]);
    rig.seconds(3);
    rig.ata(status(), &[]);
    assert_eq!(rig.left(), 0);
}

#[test]
fn a_sleep_thaws_and_a_reset_does_not() {
    for (power, count) in [(Power::Reset, COMPLETED | FROZEN), (Power::Sleep, COMPLETED)] {
        let mut rig = in_state(State::Sd1);
        rig.drive.power(power);
        assert_eq!(rig.ata(status(), &[]).count, count);
    }
}
