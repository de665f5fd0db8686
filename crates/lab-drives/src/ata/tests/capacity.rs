use super::*;

fn native(rig: &mut Rig) -> u64 {
    rig.plain(READ_NATIVE_MAX_EXT).lba
}

fn set_max(rig: &mut Rig, last: u64, count: u16) -> Seen {
    rig.plain(READ_NATIVE_MAX_EXT);
    rig.ata(Taskfile { lba: last, count, device: 0x40, ..Taskfile::of(SET_MAX_EXT) }, &[])
}

fn accessible(rig: &mut Rig) -> u64 {
    let data = rig.ata(Taskfile { count: 1, ..Taskfile::of(IDENTIFY_DEVICE) }, &[]).data;
    le(&data, 200, 8)
}

fn hidden(by: Limit) -> Definition {
    let hidden = Hidden { by, blocks: 248, ..Hidden::default() };
    Definition { hidden, ..hdd() }
}

fn dco(feature: u16) -> Taskfile {
    Taskfile { feature, count: 1, ..Taskfile::of(DEVICE_CONFIGURATION) }
}

#[test]
fn an_hpa_hides_sectors_until_it_is_lifted() {
    let mut rig = Rig::new(hidden(Limit::Hpa));
    assert_eq!((accessible(&mut rig), native(&mut rig)), (1800, 2047));
    assert_eq!(rig.read(1800).error, 0x10);
    assert!(set_max(&mut rig, 2047, 0).is_good());
    assert_eq!(accessible(&mut rig), 2048);
    assert!(carries(&rig.read(1800).data));
    rig.drive.power(Power::Cycle);
    assert_eq!(accessible(&mut rig), 1800);
}

#[test]
fn a_permanent_change_stays_and_is_allowed_once_per_power_cycle() {
    let mut rig = Rig::new(hidden(Limit::Hpa));
    assert!(set_max(&mut rig, 2047, 1).is_good());
    assert_eq!(set_max(&mut rig, 1000, 1).error, 0x10);
    rig.restart();
    assert_eq!(accessible(&mut rig), 2048);
    assert!(set_max(&mut rig, 1000, 1).is_good());
}

#[test]
fn set_max_must_follow_read_native_max_of_its_width_at_once() {
    let mut rig = Rig::new(hidden(Limit::Hpa));
    let set = Taskfile { lba: 2047, device: 0x40, ..Taskfile::of(SET_MAX_EXT) };
    assert!(rig.ata(set, &[]).is_abort());
    rig.plain(READ_NATIVE_MAX_EXT);
    rig.plain(CHECK_POWER_MODE);
    assert!(rig.ata(set, &[]).is_abort());
    rig.plain(READ_NATIVE_MAX);
    assert!(rig.ata(set, &[]).is_abort());
    assert_eq!(set_max(&mut rig, 2048, 0).error, 0x10);
    assert_eq!(accessible(&mut rig), 1800);
}

#[test]
fn a_frozen_hpa_stays() {
    let mut rig = Rig::new(hidden(Limit::Hpa));
    assert!(rig.ata(Taskfile { feature: 4, ..Taskfile::of(SET_MAX) }, &[]).is_good());
    assert!(set_max(&mut rig, 2047, 0).is_abort());
}

#[test]
fn the_28_bit_commands_put_the_upper_bits_into_the_device_register() {
    let definition = Definition { size_mib: 16, generation: Generation::Old, ..hidden(Limit::Hpa) };
    let mut rig = Rig::new(definition);
    assert!(rig.plain(READ_NATIVE_MAX_EXT).is_abort());
    let seen = rig.plain(READ_NATIVE_MAX);
    assert_eq!((seen.lba, seen.device & 0x0f), (32767, 0));
    let set = Taskfile { lba: 32767, device: 0x40, ..Taskfile::of(SET_MAX) };
    assert!(rig.ata(set, &[]).is_good());
}

#[test]
fn amax_is_lifted_once_per_power_cycle() {
    let amax = |feature, lba| Taskfile { feature, lba, device: 0x40, ..Taskfile::of(ACCESSIBLE_MAX) };
    let mut rig = Rig::new(hidden(Limit::Amax));
    assert_eq!(rig.word(119), 0x4100);
    assert!(rig.plain(READ_NATIVE_MAX_EXT).is_abort());
    assert_eq!(rig.ata(amax(0, 0), &[]).lba, 2047);
    assert_eq!(rig.ata(amax(1, 2048), &[]).error, 0x10);
    assert!(rig.ata(amax(1, 2047), &[]).is_good());
    assert_eq!(accessible(&mut rig), 2048);
    assert!(rig.ata(amax(1, 1000), &[]).is_abort());
    rig.restart();
    assert_eq!(accessible(&mut rig), 2048);
    assert!(rig.ata(amax(2, 0), &[]).is_good());
    assert!(rig.ata(amax(1, 1000), &[]).is_abort());
}

#[test]
fn a_dco_is_restored_only_without_an_hpa() {
    let mut definition = hidden(Limit::Hpa);
    definition.hidden.dco_blocks = 100;
    let mut rig = Rig::new(definition);
    assert_eq!((accessible(&mut rig), native(&mut rig)), (1700, 1947));
    let identify = rig.ata(dco(0xc2), &[]).data;
    assert_eq!(le(&identify, 6, 8), 2047);
    assert!(rig.ata(dco(0xc0), &[]).is_abort());
    set_max(&mut rig, 1947, 1);
    assert!(rig.ata(dco(0xc0), &[]).is_good());
    assert_eq!((accessible(&mut rig), native(&mut rig)), (2048, 2047));
    assert!(carries(&rig.read(2047).data));
}

#[test]
fn a_dco_is_set_with_a_good_checksum_and_frozen_until_the_power_goes() {
    let mut rig = Rig::new(hdd());
    let mut data = rig.ata(dco(0xc2), &[]).data;
    assert_eq!(data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0);
    put(&mut data, 6, &[0xff, 0x03]);
    assert!(rig.ata(dco(0xc3), &data).is_abort());
    // 07ffh became 03ffh: four less.
    data[511] = data[511].wrapping_add(4);
    assert!(rig.ata(dco(0xc1), &[]).is_good());
    assert!(rig.ata(dco(0xc3), &data).is_abort());
    rig.drive.power(Power::Cycle);
    assert!(rig.ata(dco(0xc3), &data).is_good());
    assert_eq!((accessible(&mut rig), native(&mut rig)), (1024, 1023));
}

#[test]
fn drives_without_the_commands_abort_them() {
    let hidden = Hidden { by: Limit::None, dco: Supported::No, ..Hidden::default() };
    let mut rig = Rig::new(Definition { hidden, ..hdd() });
    for command in [READ_NATIVE_MAX, READ_NATIVE_MAX_EXT, ACCESSIBLE_MAX, DEVICE_CONFIGURATION] {
        assert!(rig.ata(Taskfile { feature: 0, ..Taskfile::of(command) }, &[]).is_abort());
    }
    assert_eq!((rig.word(82) & 1 << 10, rig.word(83) & 1 << 11), (0, 0));
}
