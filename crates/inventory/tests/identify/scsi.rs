//! SAS and SCSI.

use crate::{Step, conditions, fixed, inquiry, refuse, scsi, vpd};
use inventory::Identified;
use model::{Bus, Condition, Medium, Support, Technique};

const TEST_UNIT_READY: &[u8] = &[0; 6];
const REQUEST_SENSE: &[u8] = &[0x03, 0x01];

/// REPORT SUPPORTED OPERATION CODES for SANITIZE overwrite, block, crypto, and for FORMAT UNIT.
const OPCODES: [&[u8]; 4] = [
    &[0xA3, 0x0C, 0x82, 0x48, 0, 1],
    &[0xA3, 0x0C, 0x82, 0x48, 0, 2],
    &[0xA3, 0x0C, 0x82, 0x48, 0, 3],
    &[0xA3, 0x0C, 0x81, 0x04],
];

fn opcodes(support: [u8; 4]) -> impl Iterator<Item = Step> {
    OPCODES.into_iter().zip(support).map(|(cdb, code)| Step::Scsi(cdb.to_vec(), vec![0, code, 0, 0]))
}

fn who() -> Vec<Step> {
    vec![
        inquiry("SEAGATE", "ST300MM0006", 0),
        refuse(&vpd(0x89)),
        Step::Scsi(vpd(0x80), b"\x00\x80\x00\x08SEA00001".to_vec()),
        Step::Scsi(vpd(0x83), b"\x00\x83\x00\x0c\x01\x03\x00\x08\x50\x00\xc5\x00\x01\x02\x03\x04".to_vec()),
        Step::Scsi(vpd(0xB1), vec![0, 0xB1, 0, 4, 0x27, 0x10, 0, 0]),
    ]
}

fn disk(state: Vec<Step>, opcodes: impl IntoIterator<Item = Step>, len: u64) -> Identified {
    scsi(len, who().into_iter().chain(state).chain(opcodes).collect()).unwrap()
}

fn ready() -> Vec<Step> {
    vec![
        Step::Scsi(TEST_UNIT_READY.to_vec(), vec![]),
        Step::Scsi(REQUEST_SENSE.to_vec(), vec![0x72, 0, 0, 0, 0, 0, 0, 0]),
    ]
}

#[test]
fn a_sas_disk_takes_its_serial_from_page_80h_and_its_rotation_from_b1h() {
    let found = disk(ready(), opcodes([3, 1, 1, 3]), 1 << 30);
    assert_eq!((found.identity.bus, found.medium), (Bus::Scsi, Medium::Hdd));
    assert_eq!(found.identity.serial.as_str(), "SEA00001");
    assert_eq!(found.identity.wwn.as_str(), "5000c50001020304");
    assert!(found.conditions.is_empty());
}

#[test]
fn what_it_can_do_is_what_it_reports() {
    let found = disk(ready(), opcodes([3, 1, 5, 0]), 1 << 30);
    let support = |technique| found.capabilities.support(technique);
    assert_eq!(support(Technique::ScsiSanitizeOverwrite), Support::Supported);
    assert_eq!(support(Technique::ScsiSanitizeBlockErase), Support::Unsupported);
    assert_eq!(support(Technique::ScsiSanitizeCryptoErase), Support::Unsupported, "in the vendor's own way");
    assert_eq!(support(Technique::ScsiFormatUnit), Support::Unknown, "no data at the moment");
}

#[test]
fn a_drive_that_does_not_report_its_commands_is_not_known_to_have_any() {
    let found = disk(ready(), OPCODES.map(refuse), 1 << 30);
    for technique in [Technique::ScsiSanitizeCryptoErase, Technique::ScsiFormatUnit] {
        assert_eq!(found.capabilities.support(technique), Support::Unknown);
    }
}

fn state(sense: Vec<u8>) -> Vec<Condition> {
    let asked = vec![Step::Sense(TEST_UNIT_READY.to_vec(), sense)];
    conditions(&disk(asked, opcodes([3; 4]), 0))
}

#[test]
fn a_drive_that_erases_itself_or_failed_to_is_named_by_its_serial_and_state() {
    assert_eq!(state(fixed(2, 0x04, 0x1B)), [Condition::Sanitizing]);
    assert_eq!(state(fixed(2, 0x04, 0x04)), [Condition::Formatting]);
    assert_eq!(state(fixed(3, 0x31, 0x03)), [Condition::SanitizeFailed]);
    assert_eq!(state(fixed(3, 0x31, 0x00)), [Condition::FormatCorrupt]);
}

#[test]
fn attentions_come_first_and_are_passed_over() {
    let attention = || Step::Sense(TEST_UNIT_READY.to_vec(), fixed(6, 0x29, 0));
    let busy = Step::Sense(TEST_UNIT_READY.to_vec(), fixed(2, 0x04, 0x1B));
    let found = disk(vec![attention(), attention(), busy], opcodes([3; 4]), 0);
    assert_eq!(conditions(&found), [Condition::Sanitizing]);
}

#[test]
fn a_drive_that_is_ready_and_reports_a_sanitize_only_when_asked_for_sense_is_believed() {
    let asked = vec![
        Step::Scsi(TEST_UNIT_READY.to_vec(), vec![]),
        Step::Scsi(REQUEST_SENSE.to_vec(), fixed(0, 0x04, 0x1B)),
    ];
    assert_eq!(conditions(&disk(asked, opcodes([3; 4]), 1 << 30)), [Condition::Sanitizing]);
}
