//! Words in their places.

use super::*;
use proptest::prelude::*;

fn block(words: &[(usize, u16)]) -> Vec<u8> {
    let mut block = vec![0; 512];
    for (at, word) in words {
        block[2 * at..2 * at + 2].copy_from_slice(&word.to_le_bytes());
    }
    block
}

#[test]
fn strings_are_swapped_within_words() {
    let identify = Identify::parse(&block(&[(10, 0x5344), (27, 0x4142), (28, 0x2020)])).unwrap();
    assert_eq!((identify.serial.as_str(), identify.model.as_str()), ("SD", "AB"));
}

#[test]
fn a_block_that_does_not_add_up_is_refused() {
    assert_eq!(Identify::parse(&block(&[(27, 0x4142), (255, 0x00A5)])), Err(IdentifyError::Integrity));
}

#[test]
fn empty_short_and_packet_devices_are_refused() {
    assert_eq!(Identify::parse(&[0; 512]), Err(IdentifyError::Empty));
    assert_eq!(Identify::parse(&[1; 511]), Err(IdentifyError::Length(511)));
    assert_eq!(Identify::parse(&block(&[(0, 0x85C0)])), Err(IdentifyError::NotAta));
}

#[test]
fn sanitize_bits_count_only_with_the_feature_set() {
    let with = Identify::parse(&block(&[(59, 0xF000)])).unwrap();
    assert!(
        with.supports_block_erase() && with.supports_crypto_scramble() && with.supports_sanitize_overwrite()
    );
    let without = Identify::parse(&block(&[(59, 0xE000)])).unwrap();
    assert!(!without.supports_block_erase() && !without.supports_crypto_scramble());
}

#[test]
fn long_sectors_are_read_from_words_117_and_118() {
    let long = Identify::parse(&block(&[(106, 0x5000), (117, 2048), (118, 0)])).unwrap();
    assert_eq!(long.logical_sector.bytes(), 4096);
    let odd = Identify::parse(&block(&[(106, 0x5000), (117, 260), (118, 0)]));
    assert_eq!(odd, Err(IdentifyError::SectorSize(520)));
}

#[test]
fn capacity_is_48_bit_only_where_word_83_says_so() {
    let words = [(60, 1), (100, 2), (103, 1)];
    assert_eq!(Identify::parse(&block(&words)).unwrap().sectors, 1);
    let lba48 = [&words[..], &[(83, 0x4400)]].concat();
    assert_eq!(Identify::parse(&block(&lba48)).unwrap().sectors, (1 << 48) + 2);
}

#[test]
fn a_hybrid_disk_says_so_in_either_of_two_words() {
    let hybrid = |at, word| Identify::parse(&block(&[(10, 0x4141), (at, word)])).unwrap().hybrid;
    assert!(hybrid(78, 0x0200) && hybrid(214, 0x0010));
    assert!(!hybrid(78, 0x016C) && !hybrid(214, 0x0001) && !hybrid(78, 0xFFFF));
}

#[test]
fn rotation_rate_zero_is_not_reported() {
    let rate = |word| Identify::parse(&block(&[(10, 0x4141), (217, word)])).unwrap().rotation;
    assert_eq!(rate(0), Rotation::NotReported);
    assert_eq!(rate(1), Rotation::NonRotating);
    assert_eq!(rate(7200), Rotation::Rpm(7200));
    assert_eq!(rate(2), Rotation::Reserved(2));
    assert_eq!(rate(0xFFFF), Rotation::Reserved(0xFFFF));
}

#[test]
fn erase_times_come_in_two_formats_with_their_own_ends() {
    let of = EraseTime::from_word;
    assert_eq!((of(0), of(0x8000)), (EraseTime::NotReported, EraseTime::NotReported));
    assert_eq!((of(0x0001), of(0x00FE)), (EraseTime::Minutes(2), EraseTime::Minutes(508)));
    assert_eq!(of(0x00FF), EraseTime::MoreThan(508));
    assert_eq!((of(0x8152), of(0xFFFE)), (EraseTime::Minutes(676), EraseTime::Minutes(65532)));
    assert_eq!(of(0xFFFF), EraseTime::MoreThan(65532));
    // The reserved bits 14:8 of the short format are not part of the time.
    assert_eq!(of(0x7F02), EraseTime::Minutes(4));
}

#[test]
fn security_words_have_their_places() {
    let words = [(10, 0x4141), (89, 3), (90, 0x8004), (92, 0xFFFE), (128, 0x0127)];
    let read = Identify::parse(&block(&words)).unwrap();
    assert_eq!(read.normal_erase, EraseTime::Minutes(6));
    assert_eq!(read.enhanced_erase, EraseTime::Minutes(8));
    assert_eq!(read.master_identifier, 0xFFFE);
    assert!(read.security.is_enabled() && read.security.is_locked() && !read.security.is_frozen());
    assert!(read.security.has_enhanced_erase() && read.security.is_level_maximum());
}

#[test]
fn features_that_hide_areas_count_only_in_words_that_are_valid() {
    let of =
        |words: &[(usize, u16)]| Identify::parse(&block(&[&[(10, 0x4141)], words].concat())).unwrap().hidden;
    let all = of(&[(82, 0x0400), (83, 0x4800), (119, 0x4100)]);
    assert!(all.hpa && all.dco && all.amax);
    let none = of(&[(82, 0xFFFF), (83, 0x0800), (119, 0x0100)]);
    assert!(!none.hpa && !none.dco && !none.amax);
    let ones = of(&[(82, 0), (83, 0xFFFF), (119, 0xFFFF)]);
    assert!(!ones.hpa && !ones.dco && !ones.amax);
}

#[test]
fn long_addresses_and_logs_are_features_too() {
    let read = Identify::parse(&block(&[(10, 0x4141), (69, 0x0010), (83, 0x4400), (84, 0x4020)])).unwrap();
    assert!(read.lba48 && read.logs && read.encrypts_all_user_data);
    let plain = Identify::parse(&block(&[(10, 0x4141), (84, 0x0020)])).unwrap();
    assert!(!plain.lba48 && !plain.logs && !plain.encrypts_all_user_data);
}

proptest! {
    #[test]
    fn any_block_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Identify::parse(&bytes);
    }
}
