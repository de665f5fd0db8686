//! Literal vectors of SAT-3 12.2.

use super::*;
use crate::ata::{amax, hpa, identify_device, log, sanitize, security};
use proptest::prelude::*;

#[test]
fn identify_device_is_85_08_0e_with_one_block_of_ec() {
    let cdb = pass_through_16(&identify_device(), Condition::OnlyErrors);
    assert_eq!(cdb, *b"\x85\x08\x0e\0\0\0\x01\0\0\0\0\0\0\0\xec\0");
    let short = pass_through_12(&identify_device(), Condition::OnlyErrors).unwrap();
    assert_eq!(short, *b"\xa1\x08\x0e\0\x01\0\0\0\0\xec\0\0");
}

#[test]
fn block_erase_is_48_bit_non_data_with_its_signature_in_the_right_bytes() {
    let cdb = pass_through_16(&sanitize::start(sanitize::Action::BlockErase), Condition::Registers);
    // 07h: protocol 3, EXTEND. 20h: CK_COND. FEATURE 0012h, COUNT 0010h, LBA 0000_426B_4572h.
    assert_eq!(cdb, *b"\x85\x07\x20\0\x12\0\x10\x42\x72\0\x45\0\x6b\0\xb4\0");
}

#[test]
fn erase_unit_is_pio_out_of_one_block() {
    let erase = security::erase_unit(
        security::EraseMode::Normal,
        security::Identifier::User,
        &security::Password::MASSHO,
    );
    let cdb = pass_through_16(&erase.command, Condition::Registers);
    assert_eq!(cdb, *b"\x85\x0a\x26\0\0\0\x01\0\0\0\0\0\0\0\xf4\0");
    assert_eq!(data_len(&erase.command), 512);
}

#[test]
fn a_log_page_is_pio_in_of_48_bits() {
    let cdb = pass_through_16(&log::read_security_page(), Condition::OnlyErrors);
    assert_eq!(cdb, *b"\x85\x09\x0e\0\0\0\x01\0\x30\0\x06\0\0\0\x2f\0");
}

#[test]
fn all_six_bytes_of_an_lba_have_their_places() {
    let set = hpa::set_max(Width::Bits48, 0x0605_0403_0201, hpa::Lasting::Permanent).unwrap();
    let cdb = pass_through_16(&set, Condition::Registers);
    assert_eq!(cdb, *b"\x85\x07\x20\0\0\0\x01\x04\x01\x05\x02\x06\x03\x40\x37\0");
}

#[test]
fn a_48_bit_command_is_never_carried_by_the_12_byte_form() {
    assert_eq!(pass_through_12(&amax::get_native_max(), Condition::Registers), None);
    assert_eq!(pass_through_12(&sanitize::status(), Condition::Registers), None);
    let f8 = pass_through_12(&hpa::read_native_max(Width::Bits28), Condition::Registers).unwrap();
    assert_eq!(f8, *b"\xa1\x06\x20\0\0\0\0\0\x40\xf8\0\0");
}

/// COUNT A055h, LBA 0000_0000_8000h… each byte of the descriptor another one.
const FULL: &[u8] = &[
    0x72, 0x01, 0x00, 0x1D, 0, 0, 0, 14, //
    0x09, 0x0C, 0x01, 0x11, 0xA0, 0x55, 0x66, 0x33, 0x77, 0x44, 0x88, 0x22, 0x40, 0x50,
];

#[test]
fn the_descriptor_has_all_registers() {
    let expected =
        FullRegisters { error: 0x11, status: 0x50, device: 0x40, count: 0xA055, lba: 0x8877_6622_4433 };
    assert_eq!(registers(FULL), Registers::Full(expected));
}

#[test]
fn without_extend_the_upper_halves_are_unknown_and_not_zero() {
    let mut sense = FULL.to_vec();
    sense[10] = 0;
    let Registers::Short(short) = registers(&sense) else { panic!("{sense:02x?}") };
    assert_eq!((short.count, short.lba), (0x55, 0x22_4433));
    assert_eq!((short.count_upper, short.lba_upper), (Upper::Unknown, Upper::Unknown));
}

#[test]
fn the_descriptor_is_found_behind_another_one_and_not_beyond_the_length() {
    let behind = [&[0x72, 1, 0, 0x1D, 0, 0, 0, 18, 0x03, 0x02, 0, 0], &FULL[8..]].concat();
    assert!(matches!(registers(&behind), Registers::Full(_)));
    let mut cut = FULL.to_vec();
    cut[7] = 13;
    assert_eq!(registers(&cut), Registers::Missing);
    assert_eq!(registers(&FULL[..20]), Registers::Missing);
    let mut other = FULL.to_vec();
    other[8] = 0x0A;
    assert_eq!(registers(&other), Registers::Missing);
}

#[test]
fn fixed_sense_has_the_lower_halves_and_flags_of_the_upper() {
    let sense =
        |flags| [0xF0, 0, 1, 0x00, 0x50, 0x40, 0xFF, 10, flags, 0x01, 0x02, 0x03, 0, 0x1D, 0, 0, 0, 0];
    let Registers::Short(short) = registers(&sense(0xC0)) else { panic!("no registers") };
    assert_eq!((short.error, short.status, short.device, short.count), (0, 0x50, 0x40, 0xFF));
    assert_eq!((short.lba, short.count_upper, short.lba_upper), (0x03_0201, Upper::NonZero, Upper::Zero));
    let Registers::Short(short) = registers(&sense(0x20)) else { panic!("no registers") };
    assert_eq!((short.count_upper, short.lba_upper), (Upper::Unknown, Upper::Unknown));
}

#[test]
fn fixed_sense_of_another_error_has_registers_only_if_they_look_like_that_error() {
    let aborted = [0xF0, 0, 5, 0x04, 0x51, 0x40, 0, 10, 0, 0x03, 0, 0, 0x21, 0x04, 0, 0, 0, 0];
    assert_eq!(registers(&aborted).lba_low(), Some(3));
    // The pattern of a USB bridge, an information field that is not valid, and the address of a medium error.
    let bridge = [0xF0, 0, 5, 0, 0, 0, 0, 10, 0, 0xAA, 0x55, 0x40, 0x20, 0, 0, 0, 0, 0];
    let invalid = [0x70, 0, 5, 0x04, 0x51, 0x40, 0, 10, 0, 3, 0, 0, 0x21, 0x04, 0, 0, 0, 0];
    let address = [0xF0, 0, 3, 0x00, 0x12, 0x34, 0x56, 10, 0, 0, 0, 0, 0x11, 0x00, 0, 0, 0, 0];
    for sense in [bridge, invalid, address] {
        assert_eq!(registers(&sense), Registers::Missing, "{sense:02x?}");
    }
}

#[test]
fn deferred_sense_has_no_registers_of_this_command() {
    let mut sense = FULL.to_vec();
    sense[0] = 0x73;
    assert_eq!(registers(&sense), Registers::Missing);
}

#[test]
fn return_response_information_is_protocol_15_and_answers_a_descriptor() {
    assert_eq!(return_response_information(), *b"\x85\x1e\x0b\0\0\0\0\0\0\0\0\0\0\0\0\0");
    assert_eq!(response(&FULL[8..]), registers(FULL));
    assert_eq!(response(&[0; RESPONSE_LEN]), Registers::Missing);
    assert_eq!(response(&FULL[8..20]), Registers::Missing);
}

#[test]
fn the_results_log_is_page_16h_and_is_indexed_from_one() {
    assert_eq!(results_log(274), [0x4D, 0, 0x56, 0, 0, 0, 0, 0x01, 0x12, 0]);
    let other = [&[0u8, 0, 3, 14, 0x09, 0x0C][..], &[0; 12]].concat();
    let page = [&[0x16, 0, 0, 36][..], &other, &[0, 1, 3, 14], &FULL[8..]].concat();
    assert_eq!(results_log_entry(&page, 2), registers(FULL));
    assert_eq!(results_log_entry(&page, 3), Registers::Missing);
    assert_eq!(results_log_entry(&[&[0x15], &page[1..]].concat(), 2), Registers::Missing);
    let fixed = [0xF0, 0, 1, 0, 0x50, 0, 0, 10, 0xC2, 0, 0, 0, 0, 0x1D, 0, 0, 0, 0];
    assert_eq!(log_index(&fixed), Some(2));
    assert_eq!(log_index(FULL), None);
}

proptest! {
    #[test]
    fn decoders_never_panic(data in prop::collection::vec(any::<u8>(), 0..300), index: u8) {
        let _ = (registers(&data), response(&data), log_index(&data));
        let _ = (results_log_entry(&data, index), identify_of_information_page(&data));
    }

    /// Fixed format, whatever is in it: never the registers of which a SANITIZE state could be read.
    #[test]
    fn fixed_sense_never_gives_all_registers(
        code in prop::sample::select(vec![0x70u8, 0x71, 0xF0, 0xF1]),
        rest in prop::collection::vec(any::<u8>(), 0..252),
    ) {
        let sense = [vec![code], rest].concat();
        let read = registers(&sense);
        prop_assert!(!matches!(read, Registers::Full(_)));
        prop_assert_eq!(sanitize::SanitizeStatus::of(&read), None);
    }
}
