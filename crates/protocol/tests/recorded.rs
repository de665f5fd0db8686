//! Recorded real drives: what the decoders read is what their `expect.toml` says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use protocol::ata::{Identify, IdentifyError, Rotation};
use protocol::nvme::Controller;
use protocol::scsi::{Inquiry, Sense, SenseFormat, device_id, serial_number};
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

struct Recording {
    name: String,
    bytes: Vec<u8>,
    expected: Table,
}

impl Recording {
    fn text(&self, key: &str) -> &str {
        self.expected.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{}: {key}", self.name))
    }

    fn flag(&self, key: &str) -> bool {
        self.expected.get(key).and_then(Value::as_bool).unwrap_or_else(|| panic!("{}: {key}", self.name))
    }

    fn number(&self, key: &str) -> u64 {
        match self.expected.get(key) {
            Some(Value::Integer(number)) => u64::try_from(*number).unwrap(),
            Some(Value::String(text)) => u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap(),
            other => panic!("{}: {key} is {other:?}", self.name),
        }
    }
}

/// Every recording of a kind; at least so many, so that an empty folder is no success.
fn recordings(kind: &str, at_least: usize) -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/drives").join(kind);
    let mut found: Vec<Recording> =
        fs::read_dir(folder).unwrap().map(|entry| read(&entry.unwrap().path())).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() >= at_least, "{kind}: {}", found.len());
    found
}

fn read(folder: &Path) -> Recording {
    let hex: PathBuf = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|suffix| suffix == "hex"))
        .unwrap();
    let text = fs::read_to_string(&hex).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    let bytes = words
        .iter()
        .flat_map(|word| match word.len() {
            // Words of 16 bits are printed as numbers: the low byte comes first on the wire.
            4 => u16::from_str_radix(word, 16).unwrap().to_le_bytes().to_vec(),
            _ => vec![u8::from_str_radix(word, 16).unwrap()],
        })
        .collect();
    Recording {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        bytes,
        expected: fs::read_to_string(folder.join("expect.toml")).unwrap().parse().unwrap(),
    }
}

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

#[test]
fn nvme_controllers_are_who_they_say() {
    for drive in recordings("nvme", 4) {
        let read = Controller::parse(&drive.bytes).unwrap_or_else(|error| panic!("{}: {error}", drive.name));
        assert_eq!(read.model.as_str(), drive.text("model").trim(), "{}", drive.name);
        assert_eq!(read.firmware.as_str(), drive.text("firmware").trim(), "{}", drive.name);
        assert_eq!(read.serial.as_str(), drive.text("serial").trim(), "{}", drive.name);
        assert_eq!(u64::from(read.sanicap), drive.number("sanicap"), "{}", drive.name);
        assert_eq!(read.supports_format(), drive.flag("oacs_format_nvm"), "{}", drive.name);
        // Half a page says nothing about what stands in the other half.
        let whole = drive.bytes.len() == 4096;
        assert_eq!(read.supports_crypto_erase().is_some(), whole, "{}", drive.name);
        if whole {
            assert_eq!(read.supports_crypto_erase(), Some(drive.flag("fna_crypto_erase")), "{}", drive.name);
            assert_eq!(read.namespaces.map(u64::from), Some(drive.number("nn")), "{}", drive.name);
        }
    }
}

#[test]
fn inquiry_data_is_read_as_printed() {
    for device in recordings("scsi-inquiry", 4) {
        let read = Inquiry::parse(&device.bytes).unwrap_or_else(|error| panic!("{}: {error}", device.name));
        assert_eq!(u64::from(read.device_type), device.number("peripheral_device_type"), "{}", device.name);
        assert_eq!(read.removable, device.flag("rmb"), "{}", device.name);
        assert_eq!(read.vendor.as_str(), device.text("vendor").trim(), "{}", device.name);
        assert_eq!(read.product.as_str(), device.text("product").trim(), "{}", device.name);
    }
}

#[test]
fn sense_data_is_read_in_both_formats() {
    for sense in recordings("scsi-sense", 8) {
        let read = Sense::parse(&sense.bytes);
        if sense.bytes.iter().all(|byte| *byte == 0) {
            assert_eq!(read, None, "{}", sense.name);
            continue;
        }
        let read = read.unwrap_or_else(|| panic!("{}", sense.name));
        let format = if read.format == SenseFormat::Fixed { "fixed" } else { "descriptor" };
        assert_eq!(format, sense.text("format"), "{}", sense.name);
        assert_eq!(u64::from(read.key), sense.number("sense_key"), "{}", sense.name);
        assert_eq!(u64::from(read.asc), sense.number("asc"), "{}", sense.name);
        assert_eq!(u64::from(read.ascq), sense.number("ascq"), "{}", sense.name);
    }
}

#[test]
fn serial_numbers_and_names_come_from_their_own_pages() {
    for page in recordings("scsi-vpd", 2) {
        match page.text("page") {
            "0x80" => assert_eq!(serial_number(&page.bytes).unwrap().as_str(), page.text("serial")),
            // A T10 designator is no worldwide name.
            "0x83" => assert!(device_id(&page.bytes).unwrap().is_empty(), "{}", page.name),
            other => panic!("{other}"),
        }
    }
}
