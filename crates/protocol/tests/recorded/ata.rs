//! ATA drives.

use crate::{Recording, every, recordings};
use protocol::ata::{EraseTime, Identify, IdentifyError, Rotation, SECTOR};
use std::fs;
use toml::Value;

#[test]
fn ata_drives_are_who_they_say() {
    for drive in recordings("ata", 30) {
        let read = Identify::parse(&drive.bytes).unwrap_or_else(|error| panic!("{}: {error}", drive.name));
        assert_eq!(read.model.as_str(), drive.text("model").trim(), "{}", drive.name);
        assert_eq!(read.firmware.as_str(), drive.text("firmware").trim(), "{}", drive.name);
        assert_eq!(read.serial.as_str(), drive.text("serial").trim(), "{}", drive.name);
        assert_eq!(read.sectors, drive.number("sectors"), "{}", drive.name);
        assert_eq!(
            u64::from(read.logical_sector.bytes()),
            drive.number("logical_sector_bytes"),
            "{}",
            drive.name
        );
        let rotation = match &drive.expected["rotation"] {
            Value::String(text) if text == "non-rotating" => Rotation::NonRotating,
            Value::String(text) if text == "not reported" => Rotation::NotReported,
            Value::String(rate) => Rotation::Rpm(rate.parse().unwrap()),
            other => panic!("{}: {other:?}", drive.name),
        };
        assert_eq!(read.rotation, rotation, "{}", drive.name);
    }
}

#[test]
fn ata_feature_sets_are_read_bit_by_bit() {
    for drive in recordings("ata", 30) {
        let read = Identify::parse(&drive.bytes).unwrap();
        let facts = [
            ("security_supported", read.security.is_supported()),
            ("security_enabled", read.security.is_enabled()),
            ("security_locked", read.security.is_locked()),
            ("security_frozen", read.security.is_frozen()),
            ("security_count_expired", read.security.is_count_expired()),
            ("security_enhanced_erase", read.security.has_enhanced_erase()),
            ("sanitize_supported", read.supports_sanitize()),
        ];
        for (key, value) in facts {
            assert_eq!(value, drive.flag(key), "{}: {key}", drive.name);
        }
        // One drive sets the bits of commands without the bit of the feature set: they do not count then.
        let commands = [
            ("sanitize_crypto_scramble", read.supports_crypto_scramble()),
            ("sanitize_overwrite", read.supports_sanitize_overwrite()),
            ("sanitize_block_erase", read.supports_block_erase()),
        ];
        for (key, value) in commands {
            assert_eq!(value, drive.flag(key) && drive.flag("sanitize_supported"), "{}: {key}", drive.name);
        }
    }
}

#[test]
fn ata_blocks_that_do_not_add_up_are_refused() {
    for drive in recordings("ata-odd", 2) {
        assert_eq!(Identify::parse(&drive.bytes), Err(IdentifyError::Integrity), "{}", drive.name);
    }
}

/// `{ raw, form, minutes, at_least }`, or nothing where the word says nothing.
fn erase_time(drive: &Recording, key: &str) -> EraseTime {
    let Some(time) = drive.expected.get(key).and_then(Value::as_table) else { return EraseTime::NotReported };
    let minutes = time.get("minutes").and_then(Value::as_integer).map_or(0, |it| u32::try_from(it).unwrap());
    match (minutes, time.get("at_least").and_then(Value::as_bool)) {
        (0, _) => EraseTime::NotReported,
        (minutes, Some(true)) => EraseTime::MoreThan(minutes),
        (minutes, _) => EraseTime::Minutes(minutes),
    }
}

#[test]
fn ata_erase_times_and_password_words_are_read() {
    for drive in recordings("ata", 30) {
        let read = Identify::parse(&drive.bytes).unwrap();
        assert_eq!(read.normal_erase, erase_time(&drive, "security_erase"), "{}", drive.name);
        assert_eq!(read.enhanced_erase, erase_time(&drive, "security_enhanced"), "{}", drive.name);
        assert_eq!(u64::from(read.master_identifier), drive.number("master_password_id"), "{}", drive.name);
        assert_eq!(u64::from(read.security.0), drive.number("security_word128"), "{}", drive.name);
        let maximum = drive.text("security_level") == "maximum";
        assert_eq!(read.security.is_level_maximum(), maximum, "{}", drive.name);
    }
}

#[test]
fn ata_features_that_hide_areas_are_read() {
    for drive in recordings("ata", 30) {
        let read = Identify::parse(&drive.bytes).unwrap();
        assert_eq!(read.hidden.hpa, drive.flag("hpa_supported"), "{}", drive.name);
        assert_eq!(read.hidden.dco, drive.flag("dco_supported"), "{}", drive.name);
        assert_eq!(read.hidden.amax, drive.flag("amac_supported"), "{}", drive.name);
        assert_eq!(read.lba48, drive.flag("lba48_supported"), "{}", drive.name);
        let encrypts = drive.flag("device_encrypts_all_user_data");
        assert_eq!(read.encrypts_all_user_data, encrypts, "{}", drive.name);
        let antifreeze = drive.flag("sanitize_antifreeze_lock") && drive.flag("sanitize_supported");
        assert_eq!(read.supports_antifreeze_lock(), antifreeze, "{}", drive.name);
    }
}

/// The words that are known, in a block of zeros.
fn partial(drive: &Recording) -> Vec<u8> {
    let mut block = vec![0; SECTOR];
    for line in fs::read_to_string(drive.folder.join("words.txt")).unwrap().lines() {
        let (at, word) = line.split_once(' ').unwrap();
        let at: usize = at.parse().unwrap();
        let word = u16::from_str_radix(word, 16).unwrap();
        block[2 * at..2 * at + 2].copy_from_slice(&word.to_le_bytes());
    }
    block
}

#[test]
fn words_of_cut_recordings_are_read_like_whole_ones() {
    let drives = every("ata-partial", 2);
    for drive in &drives {
        assert_eq!(
            Identify::parse(&partial(drive)[..300]),
            Err(IdentifyError::Length(300)),
            "{}",
            drive.name
        );
    }
    let drive = drives.iter().find(|drive| drive.name.starts_with("ST8000NE0004")).unwrap();
    let read = Identify::parse(&partial(drive)).unwrap();
    assert_eq!(read.normal_erase, EraseTime::Minutes(726));
    assert_eq!(read.enhanced_erase, erase_time(drive, "security_enhanced"));
    assert!(read.supports_sanitize() && read.supports_sanitize_overwrite() && !read.supports_block_erase());
    assert!(read.supports_antifreeze_lock() && !read.supports_crypto_scramble());
    assert_eq!(u64::from(read.security.0), drive.number("security_word128"));
}
