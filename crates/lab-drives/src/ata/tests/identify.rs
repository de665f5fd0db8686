use super::*;

fn identify(rig: &mut Rig) -> Vec<u8> {
    rig.ata(Taskfile { count: 1, ..Taskfile::of(IDENTIFY_DEVICE) }, &[]).data
}

/// ATA strings have their bytes swapped.
fn text(data: &[u8], word: usize, words: usize) -> String {
    let mut bytes = data[word * 2..(word + words) * 2].to_vec();
    bytes.chunks_mut(2).for_each(<[u8]>::reverse);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn words_of_a_disk() {
    let definition = Definition { wwn: Some(0x5000_1234_5678_9abc), ..hdd() };
    let mut rig = Rig::blank(definition);
    let table: [(usize, u16); 33] = [
        (0, 0x0040),
        (1, 2),
        (3, 16),
        (6, 63),
        (47, 0x8010),
        (49, 0x2f00),
        (53, 0x0007),
        (59, 0x0110),
        (60, 2048),
        (61, 0),
        (69, 0x0000),
        (76, 0x000e),
        (80, 0x07f0),
        (82, 0x446b),
        (83, 0x7c00),
        (84, 0x4120),
        (85, 0x4469),
        (86, 0xbc00),
        (87, 0x4120),
        (89, 1),
        (90, 1),
        (92, 0xfffe),
        (100, 2048),
        (106, 0x6003),
        (108, 0x5000),
        (109, 0x1234),
        (110, 0x5678),
        (111, 0x9abc),
        (119, 0x4000),
        (128, 0x0021),
        (169, 0x0000),
        (217, 7200),
        (222, 0x107f),
    ];
    let data = identify(&mut rig);
    for (word, expected) in table {
        assert_eq!(le(&data, word * 2, 2), u64::from(expected), "word {word}");
    }
    assert_eq!(text(&data, 10, 10), "HDD-1               ");
    assert_eq!(text(&data, 23, 4), "LAB1.0  ");
    assert_eq!(text(&data, 27, 20), format!("{:40}", "LAB DISK ATA"));
}

#[test]
fn word_255_is_a_signature_and_a_checksum() {
    let data = identify(&mut Rig::blank(ssd()));
    assert_eq!(data[510], 0xa5);
    assert_eq!(data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0);
}

#[test]
fn words_of_flash() {
    let mut rig = Rig::blank(ssd());
    for (word, expected) in [(59, 0xd510), (69, 0x4020), (105, 8), (169, 1), (217, 1)] {
        assert_eq!(rig.word(word), expected, "word {word}");
    }
}

#[test]
fn an_old_drive_has_no_words_of_later_standards() {
    let mut rig = Rig::blank(Definition { generation: Generation::Old, ..hdd() });
    for (word, expected) in [(80, 0x003e), (83, 0x4800), (84, 0x4000), (87, 0x4000), (60, 2048)] {
        assert_eq!(rig.word(word), expected, "word {word}");
    }
    for word in [76, 100, 106, 108, 169, 217, 222] {
        assert_eq!(rig.word(word), 0, "word {word}");
    }
    assert!(rig.plain(FLUSH_CACHE_EXT).is_abort());
    assert!(rig.read(0).is_abort());
    assert!(rig.ata(Taskfile { count: 1, device: 0x40, ..Taskfile::of(READ_DMA) }, &[]).is_good());
}

#[test]
fn sectors_of_4096_bytes_say_so() {
    let mut rig = Rig::blank(Definition { block_size: 4096, ..ssd() });
    assert_eq!((rig.word(106), rig.word(117), rig.word(118), rig.word(100)), (0x5000, 2048, 0, 256));
}

#[test]
fn reported_erase_times_have_eight_bits_or_fifteen() {
    for (minutes, word) in [(0, 0), (1, 1), (2, 1), (508, 254), (509, 0x80ff), (1000, 0x81f4)] {
        let mut definition = hdd();
        definition.security.normal_minutes = minutes;
        assert_eq!(Rig::blank(definition).word(89), word, "{minutes}");
    }
}

#[test]
fn the_cache_words_follow_set_features() {
    let mut rig = Rig::blank(hdd());
    for (feature, bit, on) in [(0x82, 5, false), (0x02, 5, true), (0x55, 6, false), (0xaa, 6, true)] {
        assert!(rig.ata(Taskfile { feature, ..Taskfile::of(SET_FEATURES) }, &[]).is_good());
        assert_eq!(rig.word(85) & 1 << bit != 0, on, "{feature:x}");
    }
    assert!(rig.ata(Taskfile { feature: 0x99, ..Taskfile::of(SET_FEATURES) }, &[]).is_abort());
}

#[test]
fn log_30h_repeats_what_identify_says() {
    let mut rig = Rig::blank(sed());
    let log = |lba| Taskfile { lba, count: 1, ..Taskfile::of(READ_LOG_EXT) };
    let directory = rig.ata(log(0), &[]).data;
    assert_eq!((le(&directory, 0, 2), le(&directory, 0x60, 2)), (1, 9));
    let list = rig.ata(log(0x30), &[]).data;
    assert_eq!(list[8..16], [7, 0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(rig.ata(log(0x0130), &[]).data, identify(&mut rig));
    let capacity = rig.ata(log(0x0230), &[]).data;
    assert_eq!(le(&capacity, 0, 8), 0x8000_0000_0002_0001);
    assert_eq!(le(&capacity, 8, 8), 0x8000_0000_0000_0800);
    let security = rig.ata(log(0x0630), &[]).data;
    assert_eq!(le(&security, 8, 8), 0x8000_0000_0000_fffe);
    assert_eq!(le(&security, 16, 8), 0x8000_0000_0000_0021);
    assert_eq!(le(&security, 48, 8), 0x8000_0000_0000_0001);
    assert!(rig.ata(log(0x0930), &[]).is_abort());
    assert!(rig.ata(log(0x04), &[]).is_abort());
}

#[test]
fn smart_says_that_the_drive_is_healthy() {
    let mut rig = Rig::blank(hdd());
    let smart = |feature| Taskfile { feature, count: 1, lba: 0xc2_4f00, ..Taskfile::of(SMART) };
    assert_eq!(rig.ata(smart(0xda), &[]).lba, 0xc2_4f00);
    let data = rig.ata(smart(0xd0), &[]).data;
    assert_eq!(data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0);
    // Attribute 5: two reallocated sectors.
    assert_eq!((data[2], data[7]), (5, 2));
    assert!(rig.ata(Taskfile { lba: 0, ..smart(0xda) }, &[]).is_abort());
}

#[test]
fn power_modes_follow_the_commands() {
    let mut rig = Rig::blank(hdd());
    assert_eq!(rig.plain(CHECK_POWER_MODE).count, 0xff);
    rig.plain(STANDBY_IMMEDIATE);
    assert_eq!(rig.plain(CHECK_POWER_MODE).count, 0);
    rig.read(0);
    assert_eq!(rig.plain(CHECK_POWER_MODE).count, 0xff);
}

#[test]
fn definitions_that_cannot_be_are_refused() {
    let mut crypto = hdd();
    crypto.sanitize.operations = vec![Operation::CryptoScramble];
    let mut blocks = hdd();
    blocks.sanitize.operations = vec![Operation::BlockErase];
    let mut all = hdd();
    all.hidden.blocks = 2048;
    let mut nothing = hdd();
    nothing.hidden = Hidden { by: Limit::None, blocks: 1, ..Hidden::default() };
    let mut password = hdd();
    password.security.password = Some("x".repeat(33));
    let table = [
        (crypto, DefinitionError::CryptoWithoutEncryption),
        (blocks, DefinitionError::BlockEraseOfDisk),
        (all, DefinitionError::AllHidden),
        (nothing, DefinitionError::HiddenByNothing),
        (password, DefinitionError::PasswordTooLong),
    ];
    for (definition, error) in table {
        assert_eq!(definition.check(), Err(error));
    }
}

#[test]
fn a_definition_needs_little_text() {
    let text = r#"
        serial = "SSD-2"
        medium = "flash"
        encryption = "self-encrypting"
        hidden = { by = "amax", blocks = 8 }
        security = { password = "x" }
        sanitize = { operations = ["crypto-scramble"] }
        faults = [{ is = "frozen" }, { is = "slow", bytes_per_second = 30000 }]
    "#;
    let definition: Definition = toml::from_str(text).unwrap();
    assert_eq!(definition.check(), Ok(()));
    assert_eq!(definition.blocks(), 131_072);
    assert!(definition.faults.has(&Fault::Frozen));
}
