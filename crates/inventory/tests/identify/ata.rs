//! Drives that speak ATA, directly or behind a translation layer.

use crate::{Step, conditions, fixed, inquiry, refuse, scsi, vpd};
use inventory::{Identified, IdentifyFailure};
use model::{Bus, ByteLen, Condition, HiddenArea, HiddenAreas, Medium, MediumSource, Support, Technique};
use std::fs;
use std::path::Path;

/// ATA PASS-THROUGH (16) of IDENTIFY DEVICE.
const IDENTIFY: &[u8] = b"\x85\x08\x0e\0\0\0\x01\0\0\0\0\0\0\0\xec";
/// Of SANITIZE STATUS EXT.
const SANITIZE_STATUS: &[u8] = b"\x85\x07\x20\0\0\0\0\0\0\0\0\0\0\0\xb4";
/// Of READ NATIVE MAX ADDRESS EXT and of the 28-bit one.
const NATIVE_EXT: &[u8] = b"\x85\x07\x20\0\0\0\0\0\0\0\0\0\0\x40\x27";
const NATIVE: &[u8] = b"\x85\x06\x20\0\0\0\0\0\0\0\0\0\0\x40\xf8";
/// Of DEVICE CONFIGURATION IDENTIFY.
const DCO: &[u8] = b"\x85\x08\x0e\0\xc2\0\x01\0\0\0\0\0\0\0\xb1";
/// Of GET NATIVE MAX ADDRESS EXT.
const AMAX: &[u8] = b"\x85\x07\x20\0\0\0\0\0\0\0\0\0\0\x40\x78";
const RESPONSE: &[u8] = &[0x85, 0x1E];

fn recorded(drive: &str) -> Step {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/drives/ata").join(drive);
    let text = fs::read_to_string(folder.join("identify.hex")).unwrap();
    let word = |text: &str| u16::from_str_radix(text, 16).unwrap().to_le_bytes();
    Step::Scsi(IDENTIFY.to_vec(), text.split_whitespace().flat_map(word).collect())
}

/// Descriptor-format sense data with all registers.
fn registers(status: u8, count: u16, lba: u64) -> Vec<u8> {
    let [l0, l1, l2, l3, l4, l5, ..] = lba.to_le_bytes();
    let [c0, c1] = count.to_le_bytes();
    let error = if status & 1 == 1 { 4 } else { 0 };
    vec![0x72, 1, 0, 0x1D, 0, 0, 0, 14, 0x09, 0x0C, 1, error, c1, c0, l3, l0, l4, l1, l5, l2, 0x40, status]
}

fn answer(cdb: &[u8], count: u16, lba: u64) -> Step {
    Step::Sense(cdb.to_vec(), registers(0x50, count, lba))
}

/// DEVICE CONFIGURATION IDENTIFY data with a last address.
fn overlay(last: u64) -> Step {
    let mut block = vec![0u8; 512];
    block[0] = 2;
    block[6..14].copy_from_slice(&last.to_le_bytes());
    block[510] = 0xA5;
    block[511] = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg();
    Step::Scsi(DCO.to_vec(), block)
}

const WD_SECTORS: u64 = 976_773_168;

fn wd5000(rest: Vec<Step>) -> Vec<Step> {
    let mut steps = vec![inquiry("ATA", "WDC WD5000BPKX", 0), recorded("WDC-WD5000BPKX-22HPJT0-01.01A01")];
    steps.extend(rest);
    steps
}

fn hidden(rest: Vec<Step>) -> HiddenAreas {
    scsi(WD_SECTORS * 512, wd5000(rest)).unwrap().hidden
}

#[test]
fn a_recorded_disk_behind_sat_is_an_hdd_with_enhanced_erase_and_nothing_hidden() {
    let steps = wd5000(vec![answer(NATIVE_EXT, 0, WD_SECTORS - 1), overlay(WD_SECTORS - 1)]);
    let found = scsi(WD_SECTORS * 512, steps).unwrap();
    assert_eq!((found.identity.bus, found.medium), (Bus::Ata, Medium::Hdd));
    assert_eq!(found.source, MediumSource::RotationRate(7200));
    assert_eq!(found.identity.model.as_str(), "WDC WD5000BPKX-22HPJT0");
    assert_eq!(found.capabilities.support(Technique::AtaSecurityEraseEnhanced), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::AtaSanitizeBlockErase), Support::Unsupported);
    let hidden = HiddenAreas { hpa: HiddenArea::None, dco: HiddenArea::None, amax: HiddenArea::NotReported };
    assert_eq!((found.hidden, conditions(&found)), (hidden, vec![]));
}

#[test]
fn an_hpa_and_an_overlay_behind_it_are_two_areas() {
    let found = hidden(vec![answer(NATIVE_EXT, 0, WD_SECTORS + 99), overlay(WD_SECTORS + 199)]);
    assert_eq!(found.hpa, HiddenArea::Present { native: ByteLen((WD_SECTORS + 100) * 512) });
    assert_eq!(found.dco, HiddenArea::Present { native: ByteLen((WD_SECTORS + 200) * 512) });
}

#[test]
fn an_hpa_alone_is_no_overlay() {
    let found = hidden(vec![answer(NATIVE_EXT, 0, WD_SECTORS + 99), overlay(WD_SECTORS + 99)]);
    assert!(matches!(found.hpa, HiddenArea::Present { .. }) && found.dco == HiddenArea::None);
}

#[test]
fn what_is_not_answered_is_not_reported_and_not_none() {
    assert_eq!(
        hidden(vec![refuse(NATIVE_EXT), Step::Sense(DCO.to_vec(), fixed(0xB, 0, 0))]),
        HiddenAreas::default()
    );
    // Half an address, and a drive smaller than itself.
    let half = vec![0xF0, 0, 1, 0, 0x50, 0x40, 0, 10, 0xA0, 0x2F, 0x60, 0x38, 0, 0x1D, 0, 0, 0, 0];
    let halved = vec![Step::Sense(NATIVE_EXT.to_vec(), half), refuse(RESPONSE), overlay(WD_SECTORS - 9)];
    assert_eq!(hidden(halved), HiddenAreas::default());
}

#[test]
fn a_frozen_disk_says_so() {
    let steps = vec![inquiry("ATA", "WDC WD20EZAZ", 0), recorded("WDC-WD20EZAZ-00GGJB0-80.00A80-2")];
    let found = scsi(3_907_029_168 * 512, steps).unwrap();
    assert_eq!(found.capabilities.support(Technique::AtaSecurityEraseEnhanced), Support::Frozen);
    assert_eq!(conditions(&found), [Condition::SecurityFrozen]);
}

#[test]
fn a_capacity_on_which_drive_and_kernel_disagree_is_refused() {
    let refused = scsi((WD_SECTORS - 1) * 512, wd5000(vec![]));
    assert!(matches!(refused, Err(IdentifyFailure::Capacity { .. })));
}

#[test]
fn a_disk_that_reports_no_rotation_rate_counts_as_flash() {
    let sectors = 312_581_808;
    let steps = vec![
        inquiry("ATA", "ST3160023AS", 0),
        recorded("ST3160023AS-3.18"),
        answer(NATIVE_EXT, 0, sectors - 1),
        overlay(sectors - 1),
    ];
    let found = scsi(sectors * 512, steps).unwrap();
    assert_eq!((found.medium, found.source), (Medium::Ssd, MediumSource::AssumedFlash));
}

#[test]
fn a_sata_drive_behind_a_sas_adapter_is_judged_as_ata() {
    let steps = vec![
        inquiry("WDC", "WD5000BPKX", 0),
        Step::Scsi(vpd(0x89), vec![0, 0x89, 2, 0x38, 0]),
        recorded("WDC-WD5000BPKX-22HPJT0-01.01A01"),
        answer(NATIVE_EXT, 0, WD_SECTORS - 1),
        overlay(WD_SECTORS - 1),
    ];
    let found = scsi(WD_SECTORS * 512, steps).unwrap();
    assert_eq!(found.identity.bus, Bus::Ata);
}

/// A drive of 28-bit addresses and these words more.
fn block(words: &[(usize, u16)]) -> Step {
    let mut block = vec![0u8; 512];
    let base = [(10, 0x5345), (27, 0x4D4F), (60, 0x1000), (217, 1)];
    for (at, word) in base.iter().chain(words) {
        block[2 * at..2 * at + 2].copy_from_slice(&word.to_le_bytes());
    }
    Step::Scsi(IDENTIFY.to_vec(), block)
}

const LEN: u64 = 0x1000 * 512;

fn with(words: &[(usize, u16)], rest: Vec<Step>, len: u64) -> Identified {
    let mut steps = vec![inquiry("ATA", "SSD", 0), block(words)];
    steps.extend(rest);
    scsi(len, steps).unwrap()
}

/// SANITIZE with crypto, block erase; SECURITY with enhanced.
const SANITIZES: (usize, u16) = (59, 0xB000);

fn sanitize(answer: Step) -> (Vec<Condition>, Support) {
    let found = with(&[SANITIZES], vec![answer], LEN);
    (conditions(&found), found.capabilities.support(Technique::AtaSanitizeBlockErase))
}

#[test]
fn an_idle_drive_can_sanitize_and_a_frozen_one_cannot_yet() {
    assert_eq!(sanitize(answer(SANITIZE_STATUS, 0x8000, 0xFFFF)), (vec![], Support::Supported));
    assert_eq!(sanitize(answer(SANITIZE_STATUS, 0x0000, 0xFFFF)), (vec![], Support::Supported));
    let frozen = (vec![Condition::SanitizeFrozen], Support::Frozen);
    assert_eq!(sanitize(answer(SANITIZE_STATUS, 0xA000, 0xFFFF)), frozen);
}

#[test]
fn a_failed_sanitize_is_told_by_the_reason_of_the_abort() {
    let aborted = |reason| Step::Sense(SANITIZE_STATUS.to_vec(), registers(0x51, 0, reason));
    assert_eq!(sanitize(aborted(1)), (vec![Condition::SanitizeFailed], Support::Supported));
    assert_eq!(sanitize(aborted(3)), (vec![Condition::SanitizeFrozen], Support::Frozen));
    assert_eq!(sanitize(aborted(2)), (vec![], Support::Unknown));
}

#[test]
fn a_sanitize_status_that_cannot_be_read_makes_sanitize_unknown() {
    assert_eq!(sanitize(refuse(SANITIZE_STATUS)), (vec![], Support::Unknown));
    let short = vec![0xF0, 0, 1, 0, 0x50, 0, 0, 10, 0xC0, 0xFF, 0xFF, 0, 0, 0x1D, 0, 0, 0, 0];
    let steps = vec![Step::Sense(SANITIZE_STATUS.to_vec(), short), refuse(RESPONSE)];
    let found = with(&[SANITIZES], steps, LEN);
    assert_eq!(found.capabilities.support(Technique::AtaSanitizeCryptoScramble), Support::Unknown);
}

#[test]
fn a_drive_that_sanitizes_has_its_serial_and_its_own_capacity_and_is_asked_no_more() {
    // HPA and 48 bits: it would be asked about hidden areas otherwise. The kernel has no capacity for it.
    let words = [SANITIZES, (82, 0x0400)];
    let found = with(&words, vec![answer(SANITIZE_STATUS, 0x4000, 0x1234)], 0);
    assert_eq!(conditions(&found), [Condition::Sanitizing]);
    assert_eq!((found.identity.serial.as_str(), found.identity.capacity), ("SE", ByteLen(LEN)));
    assert_eq!(found.hidden, HiddenAreas::default());
}

#[test]
fn a_locked_drive_offers_nothing_and_says_why() {
    // Supported, enabled, locked, count expired, enhanced.
    let found = with(&[SANITIZES, (128, 0x0037)], vec![answer(SANITIZE_STATUS, 0x8000, 0xFFFF)], LEN);
    let all = [Condition::PasswordSet, Condition::Locked, Condition::AttemptsUsedUp];
    assert_eq!(conditions(&found), all);
    for technique in [Technique::AtaSecurityEraseEnhanced, Technique::AtaSanitizeBlockErase] {
        assert_eq!(found.capabilities.support(technique), Support::Locked);
    }
}

#[test]
fn security_bits_without_the_feature_set_are_no_state() {
    let found = with(&[(128, 0x003E)], vec![], LEN);
    assert_eq!((conditions(&found), found.capabilities.0.len()), (vec![], 0));
}

#[test]
fn an_accessible_maximum_is_asked_for_where_the_drive_has_the_feature() {
    let found = with(&[(119, 0x4100)], vec![answer(AMAX, 0, 0x1FFF)], LEN);
    assert_eq!(found.hidden.amax, HiddenArea::Present { native: ByteLen(2 * LEN) });
    let aborted = Step::Sense(AMAX.to_vec(), registers(0x51, 0, 0x1FFF));
    assert_eq!(with(&[(119, 0x4100)], vec![aborted], LEN).hidden.amax, HiddenArea::NotReported);
}

#[test]
fn a_drive_without_long_addresses_is_asked_by_the_short_command() {
    let native = Step::Sense(NATIVE.to_vec(), registers(0x50, 0, 0x1FFF));
    let found = with(&[(82, 0x0400)], vec![native], LEN);
    assert_eq!(found.hidden.hpa, HiddenArea::Present { native: ByteLen(2 * LEN) });
}

#[test]
fn a_drive_that_does_not_answer_identify_is_not_identified() {
    let aborted = Step::Sense(IDENTIFY.to_vec(), fixed(0xB, 0, 0));
    let failed = scsi(LEN, vec![inquiry("ATA", "SSD", 0), aborted]);
    assert!(matches!(failed, Err(IdentifyFailure::Status { command: "IDENTIFY DEVICE", .. })));
}

#[test]
fn the_minutes_of_a_security_erase_are_kept_and_more_than_that_is_no_time() {
    // Words 89 and 90: units of two minutes in bits 7:0; FFh is "more than 508 minutes".
    let found = with(&[(89, 45), (90, 1)], Vec::new(), LEN);
    let told = [(Technique::AtaSecurityEraseNormal, 5400), (Technique::AtaSecurityEraseEnhanced, 120)];
    assert_eq!(found.times, told.into());
    assert!(with(&[(89, 0xFF), (90, 0)], Vec::new(), LEN).times.is_empty());
}
