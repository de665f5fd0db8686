//! Sense data by literal vectors.

use super::*;
use proptest::prelude::*;

fn fixed(key: u8, asc: u8, ascq: u8, specific: [u8; 3]) -> Vec<u8> {
    let [a, b, c] = specific;
    vec![0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, a, b, c]
}

fn condition(key: u8, asc: u8, ascq: u8) -> Condition {
    Sense::parse(&fixed(key, asc, ascq, [0; 3])).unwrap().condition()
}

#[test]
fn fixed_and_descriptor_formats_are_told_apart() {
    let sense = Sense::parse(&fixed(5, 0x20, 0, [0; 3])).unwrap();
    assert_eq!((sense.format, sense.key, sense.asc, sense.ascq), (SenseFormat::Fixed, 5, 0x20, 0));
    let descriptor = [0x72, 0x01, 0x00, 0x1D, 0, 0, 0, 14];
    let sense = Sense::parse(&descriptor).unwrap();
    assert_eq!((sense.format, sense.key, sense.asc, sense.ascq), (SenseFormat::Descriptor, 1, 0, 0x1D));
    assert!(Sense::parse(&[0x71, 0, 4]).unwrap().deferred);
}

#[test]
fn nothing_is_not_taken_for_sense() {
    assert_eq!(Sense::parse(&[]), None);
    assert_eq!(Sense::parse(&[0; 18]), None);
    assert_eq!(Sense::parse(&[0x7F; 18]), None);
}

#[test]
fn progress_is_read_in_both_formats_where_sksv_says_so() {
    let of = |sense: &[u8]| Sense::parse(sense).unwrap().condition();
    let running = Condition::SanitizeInProgress(Some(0x8001));
    assert_eq!(of(&fixed(2, 0x04, 0x1B, [0x80, 0x80, 0x01])), running);
    let descriptor = [0x72, 2, 0x04, 0x1B, 0, 0, 0, 8, 0x02, 0x06, 0, 0, 0x80, 0x80, 0x01, 0];
    assert_eq!(of(&descriptor), running);
    assert_eq!(of(&fixed(2, 0x04, 0x04, [0x80, 0, 7])), Condition::FormatInProgress(Some(7)));
    // Without SKSV, cut off, or under a key whose field means something else.
    assert_eq!(of(&fixed(2, 0x04, 0x1B, [0, 0x80, 1])), Condition::SanitizeInProgress(None));
    assert_eq!(of(&fixed(2, 0x04, 0x1B, [0x80, 0, 1])[..17]), Condition::SanitizeInProgress(None));
    assert_eq!(Sense::parse(&fixed(5, 0x24, 0, [0xC0, 0, 1])).unwrap().progress, None);
}

#[test]
fn codes_mean_what_spc_says() {
    assert_eq!(condition(3, 0x31, 0x03), Condition::SanitizeFailed);
    assert_eq!(condition(3, 0x31, 0x00), Condition::FormatFailed);
    assert_eq!(condition(3, 0x31, 0x01), Condition::FormatFailed);
    assert_eq!(condition(5, 0x20, 0x00), Condition::UnknownCommand);
    assert_eq!(condition(5, 0x24, 0x00), Condition::InvalidField);
    assert_eq!(condition(5, 0x26, 0x02), Condition::InvalidField);
    assert_eq!(condition(7, 0x27, 0x00), Condition::WriteProtected);
    assert_eq!(condition(7, 0x74, 0x71), Condition::Locked);
    assert_eq!(condition(2, 0x3A, 0x00), Condition::NoMedium);
    assert_eq!(condition(2, 0x04, 0x01), Condition::BecomingReady);
    assert_eq!(condition(2, 0x04, 0x03), Condition::NotReady);
    assert_eq!(condition(6, 0x2A, 0x09), Condition::CapacityChanged);
    assert_eq!(condition(6, 0x29, 0x00), Condition::Attention);
    assert_eq!(condition(3, 0x11, 0x00), Condition::MediumError);
    assert_eq!(condition(4, 0x44, 0x00), Condition::HardwareError);
    assert_eq!(condition(0, 0x00, 0x00), Condition::Nothing);
    assert_eq!(condition(1, 0x00, 0x1D), Condition::Other);
}

#[test]
fn a_drive_that_saves_power_or_warns_is_doing_nothing_unless_it_tells_progress() {
    for (asc, ascq) in [(0x5E, 0x00), (0x5E, 0x03), (0x5D, 0x10), (0x0B, 0x01)] {
        assert_eq!(condition(0, asc, ascq), Condition::Nothing);
        assert_ne!(condition(2, asc, ascq), Condition::Nothing);
        let told = Sense::parse(&fixed(0, asc, ascq, [0x80, 0x40, 0])).unwrap();
        assert_ne!(told.condition(), Condition::Nothing);
    }
    assert_eq!(condition(0, 0x00, 0x16), Condition::Other);
}

#[test]
fn registers_are_announced_by_00_1d_alone() {
    let of = |key, asc, ascq| Sense::parse(&fixed(key, asc, ascq, [0; 3])).unwrap().carries_ata_registers();
    assert!(of(1, 0x00, 0x1D) && of(0, 0x00, 0x1D));
    assert!(!of(5, 0x00, 0x1D) && !of(1, 0x00, 0x00) && !of(5, 0x20, 0x00));
}

#[test]
fn a_record_has_key_and_codes_in_hexadecimal() {
    assert_eq!(Sense::parse(&fixed(0xB, 0x4B, 0x1, [0; 3])).unwrap().to_string(), "0B/4B/01");
}

#[test]
fn descriptors_end_where_they_are_not_whole() {
    let sense = [0x72, 0, 0, 0, 0, 0, 0, 7, 0x03, 0x02, 0, 9, 0x02, 0x06, 0, 0xEE];
    let found: Vec<u8> = Descriptors::of(&sense).map(|descriptor| descriptor.kind).collect();
    assert_eq!(found, [0x03]);
}

proptest! {
    #[test]
    fn decoder_never_panics(data in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Sense::parse(&data).map(|sense| (sense.condition(), sense.to_string()));
    }
}
