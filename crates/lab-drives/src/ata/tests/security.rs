use super::*;

const USER: u16 = 0;
const MASTER: u16 = 1;
const ENHANCED: u16 = 2;
const MAXIMUM: u16 = 0x100;

/// Bits of word 128 beyond "supported" and "enhanced erase supported".
const ENABLED: u16 = 1 << 1;
const LOCKED: u16 = 1 << 2;
const FROZEN: u16 = 1 << 3;
const EXPIRED: u16 = 1 << 4;
const LEVEL: u16 = 1 << 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Sec1,
    Sec2,
    Sec4,
    Sec5,
    Sec6,
}

const STATES: [State; 5] = [State::Sec1, State::Sec2, State::Sec4, State::Sec5, State::Sec6];

fn in_state(state: State) -> Rig {
    in_state_with(state, Rig::blank)
}

fn in_state_with(state: State, make: fn(Definition) -> Rig) -> Rig {
    let mut definition = ssd();
    definition.security.master_password = "master".into();
    let mut rig = make(definition);
    if state != State::Sec1 && state != State::Sec2 {
        assert!(rig.security(SECURITY_SET_PASSWORD, USER, "user").is_good());
        rig.drive.power(Power::Cycle);
    }
    if state == State::Sec5 || state == State::Sec6 {
        assert!(rig.security(SECURITY_UNLOCK, USER, "user").is_good());
    }
    if state == State::Sec2 || state == State::Sec6 {
        assert!(rig.plain(SECURITY_FREEZE_LOCK).is_good());
    }
    rig
}

fn command(code: u8) -> Taskfile {
    Taskfile { count: 1, device: 0x40, ..Taskfile::of(code) }
}

#[test]
fn word_128_tells_the_states_apart() {
    let bits = [0, FROZEN, ENABLED | LOCKED, ENABLED, ENABLED | FROZEN];
    for (state, bits) in STATES.into_iter().zip(bits) {
        assert_eq!(in_state(state).security_bits(), bits, "{state:?}");
    }
}

/// ACS-3 clause 4.18.6: which command is carried out in SEC1, SEC2, SEC4, SEC5 and SEC6.
#[test]
fn each_command_in_each_state() {
    let sanitize = Taskfile { feature: 0x0012, lba: 0x426b_4572, ..Taskfile::of(SANITIZE_DEVICE) };
    let dco = Taskfile { feature: 0xc2, ..command(DEVICE_CONFIGURATION) };
    let table: [(Taskfile, [u8; 5]); 21] = [
        (command(SECURITY_SET_PASSWORD), [1, 0, 0, 1, 0]),
        (command(SECURITY_UNLOCK), [1, 0, 1, 1, 0]),
        (command(SECURITY_ERASE_PREPARE), [1, 0, 1, 1, 0]),
        (command(SECURITY_FREEZE_LOCK), [1, 1, 0, 1, 1]),
        (command(SECURITY_DISABLE_PASSWORD), [1, 0, 0, 1, 0]),
        (command(READ_DMA_EXT), [1, 1, 0, 1, 1]),
        (command(READ_DMA), [1, 1, 0, 1, 1]),
        (command(READ_VERIFY_EXT), [1, 1, 0, 1, 1]),
        (command(WRITE_DMA_EXT), [1, 1, 0, 1, 1]),
        (command(WRITE_SECTORS), [1, 1, 0, 1, 1]),
        (Taskfile { feature: 1, ..command(DATA_SET_MANAGEMENT) }, [1, 1, 0, 1, 1]),
        (command(FLUSH_CACHE_EXT), [1, 1, 0, 1, 1]),
        (sanitize, [1, 1, 0, 1, 1]),
        (Taskfile::of(SANITIZE_DEVICE), [1, 1, 1, 1, 1]),
        (dco, [1, 1, 0, 1, 1]),
        (command(READ_NATIVE_MAX_EXT), [1, 1, 1, 1, 1]),
        (command(IDENTIFY_DEVICE), [1, 1, 1, 1, 1]),
        (command(CHECK_POWER_MODE), [1, 1, 1, 1, 1]),
        (Taskfile { lba: 0x30, ..command(READ_LOG_EXT) }, [1, 1, 1, 1, 1]),
        (Taskfile { feature: 0xda, lba: 0xc2_4f00, ..Taskfile::of(SMART) }, [1, 1, 1, 1, 1]),
        (command(STANDBY_IMMEDIATE), [1, 1, 1, 1, 1]),
    ];
    for (command, expected) in table {
        for (state, expected) in STATES.into_iter().zip(expected) {
            let seen = in_state(state).ata(command, &block(USER, "user"));
            assert_eq!(seen.is_good(), expected == 1, "{:02x} in {state:?}: {seen:?}", command.command);
            assert_ne!(seen.is_good(), seen.is_abort());
        }
    }
}

/// Erase prepared, then begun, with a password that is set in SEC4 to SEC6 only.
#[test]
fn erase_unit_in_each_state() {
    for (state, accepted) in STATES.into_iter().zip([false, false, true, true, false]) {
        let mut rig = in_state(state);
        rig.plain(SECURITY_ERASE_PREPARE);
        let turn = rig.start(&command(SECURITY_ERASE_UNIT), &block(USER, "user"));
        assert_eq!(matches!(turn, Turn::Busy(_)), accepted, "{state:?}");
    }
}

#[test]
fn the_factorys_master_password_erases_a_drive_without_a_user_password() {
    let mut rig = in_state(State::Sec1);
    assert!(rig.plain(SECURITY_ERASE_PREPARE).is_good());
    let turn = rig.start(&command(SECURITY_ERASE_UNIT), &block(MASTER, "master"));
    assert!(matches!(turn, Turn::Busy(_)));
    assert!(rig.answer().is_good());
}

fn erase(rig: &mut Rig, control: u16, password: &str) -> Turn<ScsiCompletion> {
    assert!(rig.plain(SECURITY_ERASE_PREPARE).is_good());
    rig.start(&command(SECURITY_ERASE_UNIT), &block(control, password))
}

#[test]
fn a_successful_erase_takes_its_time_and_clears_the_password() {
    let mut rig = in_state_with(State::Sec4, Rig::new);
    assert!(matches!(erase(&mut rig, USER, "user"), Turn::Busy(_)));
    let begun = rig.clock.now();
    assert!(rig.answer().is_good());
    assert!(rig.clock.now() - begun >= Duration::from_secs(3));
    assert_eq!(rig.security_bits(), 0);
    assert_eq!(rig.read(2047).data, [0; 512]);
    rig.drive.power(Power::Cycle);
    assert_eq!(rig.security_bits(), 0);
}

#[test]
fn everything_else_is_busy_while_it_erases() {
    let mut rig = in_state(State::Sec5);
    erase(&mut rig, USER, "user");
    let identify = cdb(&command(IDENTIFY_DEVICE), Direction::In);
    for cdb in [identify.as_slice(), &[0; 6], &[0x12, 0, 0, 0, 96, 0]] {
        assert!(matches!(rig.drive.scsi(cdb, &[], 512), Turn::Done(ScsiCompletion { status: 8, .. })));
    }
}

#[test]
fn an_interrupted_erase_leaves_the_drive_locked_and_half_erased() {
    let mut rig = in_state_with(State::Sec5, Rig::new);
    let before = rig.left();
    erase(&mut rig, USER, "user");
    rig.clock.advance(Duration::from_millis(1500));
    rig.drive.poll();
    rig.drive.power(Power::Cycle);
    assert_eq!(rig.security_bits(), ENABLED | LOCKED);
    assert!(rig.read(0).is_abort());
    let after = rig.left();
    assert!(after < before && after > before / 4, "{before} {after}");
    rig.seconds(60);
    assert_eq!(rig.left(), after);
    assert!(rig.security(SECURITY_UNLOCK, USER, "user").is_good());
    assert!(rig.read(0).is_good());
}

#[test]
fn erase_unit_needs_erase_prepare_immediately_before() {
    let mut rig = in_state(State::Sec5);
    assert!(rig.security(SECURITY_ERASE_UNIT, USER, "user").is_abort());
    rig.plain(SECURITY_ERASE_PREPARE);
    rig.plain(CHECK_POWER_MODE);
    assert!(rig.security(SECURITY_ERASE_UNIT, USER, "user").is_abort());
    rig.plain(SECURITY_ERASE_PREPARE);
    rig.drive.scsi(&[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[], 512);
    assert!(rig.security(SECURITY_ERASE_UNIT, USER, "user").is_abort());
    rig.plain(SECURITY_ERASE_PREPARE);
    assert!(rig.security(SECURITY_ERASE_UNIT, USER, "wrong").is_abort());
    assert!(rig.security(SECURITY_ERASE_UNIT, USER, "user").is_abort());
    assert_eq!(rig.security_bits(), ENABLED);
}

#[test]
fn enhanced_erase_is_refused_where_there_is_none() {
    let mut definition = hdd();
    definition.security.enhanced = Supported::No;
    definition.security.password = Some("user".into());
    let mut rig = Rig::new(definition);
    assert_eq!(rig.word(128), 0x0007);
    assert_eq!(rig.word(90), 0);
    rig.plain(SECURITY_ERASE_PREPARE);
    assert!(rig.security(SECURITY_ERASE_UNIT, ENHANCED, "user").is_abort());
}

#[test]
fn five_wrong_passwords_expire_the_count_until_the_power_goes() {
    let mut rig = in_state(State::Sec4);
    for attempt in 0..5 {
        assert_eq!(rig.security_bits() & EXPIRED, 0, "{attempt}");
        assert!(rig.security(SECURITY_UNLOCK, USER, "wrong").is_abort());
    }
    assert_eq!(rig.security_bits(), ENABLED | LOCKED | EXPIRED);
    assert!(rig.security(SECURITY_UNLOCK, USER, "user").is_abort());
    assert!(rig.plain(SECURITY_ERASE_PREPARE).is_good());
    assert!(rig.security(SECURITY_ERASE_UNIT, USER, "user").is_abort());
    rig.drive.power(Power::Reset);
    assert!(rig.security(SECURITY_UNLOCK, USER, "user").is_abort());
    rig.drive.power(Power::Cycle);
    assert!(rig.security(SECURITY_UNLOCK, USER, "user").is_good());
}

#[test]
fn the_master_password_unlocks_at_level_high_only() {
    for (level, unlocks) in [(0, true), (MAXIMUM, false)] {
        let mut rig = in_state(State::Sec1);
        rig.security(SECURITY_SET_PASSWORD, USER | level, "user");
        rig.drive.power(Power::Cycle);
        assert_eq!(rig.security_bits() & LEVEL == 0, unlocks);
        assert_eq!(rig.security(SECURITY_UNLOCK, MASTER, "master").is_good(), unlocks);
        assert!(matches!(erase(&mut rig, MASTER, "master"), Turn::Busy(_)));
        assert!(rig.answer().is_good());
        assert_eq!(rig.security_bits(), 0);
    }
}

#[test]
fn setting_the_master_password_enables_nothing_and_keeps_its_identifier() {
    let mut rig = in_state(State::Sec1);
    assert_eq!(rig.word(92), 0xfffe);
    let mut data = block(MASTER, "other");
    put(&mut data, 34, &0x1234_u16.to_le_bytes());
    assert!(rig.ata(command(SECURITY_SET_PASSWORD), &data).is_good());
    assert_eq!((rig.word(92), rig.security_bits()), (0x1234, 0));
}

#[test]
fn a_disabled_password_stays_disabled() {
    let mut rig = in_state(State::Sec5);
    assert!(rig.security(SECURITY_DISABLE_PASSWORD, USER, "wrong").is_abort());
    assert!(rig.security(SECURITY_DISABLE_PASSWORD, USER, "user").is_good());
    rig.drive.power(Power::Cycle);
    assert_eq!(rig.security_bits(), 0);
}

#[test]
fn frozen_ends_with_the_power_and_not_with_a_reset() {
    for (power, frozen) in [(Power::Reset, true), (Power::Cycle, false), (Power::Sleep, false)] {
        let mut rig = in_state(State::Sec2);
        rig.drive.power(power);
        assert_eq!(rig.security_bits() & FROZEN != 0, frozen, "{power:?}");
    }
}

#[test]
fn a_drive_stays_locked_when_its_process_begins_anew() {
    let mut rig = in_state(State::Sec5);
    rig.restart();
    assert_eq!(rig.security_bits(), ENABLED | LOCKED);
}

/// What each erase leaves on the medium: 2048 sectors, the last 256 of them behind an HPA, two reallocated.
#[test]
fn a_normal_erase_leaves_what_no_address_reaches_and_an_enhanced_one_nothing() {
    for (control, left) in [(USER, 256 + 2), (ENHANCED, 0)] {
        let mut definition = hdd();
        definition.hidden.blocks = 256;
        definition.security.password = Some("user".into());
        let mut rig = Rig::new(definition);
        erase(&mut rig, control, "user");
        assert!(rig.answer().is_good());
        assert_eq!(rig.left(), left);
    }
}

#[test]
fn a_normal_erase_of_flash_is_as_thorough_as_its_firmware() {
    for (how, stale) in
        [(NormalErase::Overwrite, true), (NormalErase::EraseMapped, true), (NormalErase::EraseAll, false)]
    {
        let mut definition = ssd();
        definition.security.normal_erase = how;
        definition.security.password = Some("user".into());
        let mut rig = Rig::new(definition);
        erase(&mut rig, USER, "user");
        assert!(rig.answer().is_good());
        assert_eq!(rig.left() > 0, stale, "{how:?}");
        assert!(!carries(&rig.read(5).data));
    }
}

#[test]
fn an_enhanced_erase_of_an_encrypting_drive_changes_the_key() {
    let mut definition = sed();
    definition.security.password = Some("user".into());
    let mut rig = Rig::new(definition);
    let raw = std::fs::read(rig.folder.path().join("drive")).unwrap();
    erase(&mut rig, ENHANCED, "user");
    assert!(rig.answer().is_good());
    assert!(raw == std::fs::read(rig.folder.path().join("drive")).unwrap());
    assert_eq!(rig.read(5).data, [0; 512]);
}
