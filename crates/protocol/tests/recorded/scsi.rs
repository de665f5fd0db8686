//! What SCSI devices and translation layers answered.

use crate::{Recording, recordings};
use protocol::ata::{Identify, IdentifyError, Registers, Reply, Upper, Verdict, sat};
use protocol::scsi::{Condition, Inquiry, Sense, SenseFormat, device_id, serial_number};
use toml::Value;

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
    for page in recordings("scsi-vpd", 6) {
        match page.text("page") {
            "0x89" => ata_information(&page),
            // Pages that massho does not read: not taken for one that it does.
            "0x88" | "0xb0" => {
                assert!(serial_number(&page.bytes).is_err() && device_id(&page.bytes).is_err())
            }
            "0x80" => assert_eq!(serial_number(&page.bytes).unwrap().as_str(), page.text("serial")),
            // A T10 designator is no worldwide name.
            "0x83" => assert!(device_id(&page.bytes).unwrap().is_empty(), "{}", page.name),
            other => panic!("{other}"),
        }
    }
}

fn ata_information(page: &Recording) {
    let block = sat::identify_of_information_page(&page.bytes).unwrap();
    // That drive's block does not add up in the source either (ata-odd has it), and is refused wherever it comes from.
    if page.text("sat_product") == "LSISS25x0" {
        assert_eq!(Identify::parse(block), Err(IdentifyError::Integrity));
        return;
    }
    let read = Identify::parse(block).unwrap();
    let from_text = page.expected["from_text"].as_table().unwrap();
    let text = |key: &str| from_text.get(key).and_then(Value::as_str).unwrap();
    assert_eq!(
        (read.model.as_str(), read.firmware.as_str()),
        (text("model"), text("firmware")),
        "{}",
        page.name
    );
}

#[test]
fn sense_data_mean_what_their_names_say() {
    for sense in recordings("scsi-sense", 10) {
        let Some(read) = Sense::parse(&sense.bytes) else { continue };
        assert_eq!(read.deferred, sense.flag("deferred"), "{}", sense.name);
        let expected = match sense.text("asc_text") {
            "MEDIUM NOT PRESENT" => Condition::NoMedium,
            "INVALID COMMAND OPERATION CODE" => Condition::UnknownCommand,
            "RECOVERED DATA WITH ECC - DATA REWRITTEN" => Condition::Attention,
            _ if sense.text("sense_key_name") == "HARDWARE ERROR" => Condition::HardwareError,
            _ => Condition::Other,
        };
        assert_eq!(read.condition(), expected, "{}", sense.name);
        assert_eq!(read.progress, None, "{}: no key says that it is progress", sense.name);
    }
}

#[test]
fn registers_are_found_where_there_are_some_and_nowhere_else() {
    for sense in recordings("scsi-sense", 10) {
        let registers = sat::registers(&sense.bytes);
        let Some(expected) = sense.expected.get("ata_fixed").and_then(Value::as_table) else {
            assert_eq!(registers, Registers::Missing, "{}", sense.name);
            assert_ne!(Reply::read(2, &sense.bytes, 0).verdict, Verdict::Completed, "{}", sense.name);
            continue;
        };
        let Registers::Short(read) = registers else { panic!("{}: {registers:?}", sense.name) };
        let byte = |key: &str| {
            let text = expected.get(key).and_then(Value::as_str).unwrap();
            u8::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
        };
        let lba = [byte("lba_7_0"), byte("lba_15_8"), byte("lba_23_16"), 0];
        assert_eq!(read.lba, u32::from_le_bytes(lba), "{}", sense.name);
        assert_eq!((read.error, read.status), (byte("error"), byte("status")), "{}", sense.name);
        assert_eq!((read.device, read.count), (byte("device"), byte("count_7_0")), "{}", sense.name);
        assert_eq!(
            expected["extend"].as_bool().unwrap(),
            read.count_upper != Upper::Unknown,
            "{}",
            sense.name
        );
        assert_eq!(Reply::read(2, &sense.bytes, 0).verdict, Verdict::Completed, "{}", sense.name);
    }
}
