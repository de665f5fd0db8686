//! What every SCSI device can be asked.

use super::Probe;
use protocol::scsi::{self, Asked};

/// INQUIRY of the standard data, and vital product data pages by code and name (SPC-4 7.8, SBC-4 6.6). The 252 bytes that
/// every bridge can give.
const PAGES: [(u8, &str); 7] = [
    (0x00, "VPD supported pages"),
    (0x80, "VPD unit serial number"),
    (0x83, "VPD device identification"),
    (0x89, "VPD ATA information"),
    (0xB0, "VPD block limits"),
    (0xB1, "VPD block device characteristics"),
    (0xB2, "VPD logical block provisioning"),
];
const LEN: u8 = 252;
/// What USB bridges have hung over when asked for more.
const STANDARD_LEN: u8 = 36;

/// Identification.
pub(super) fn ask_who(probe: &mut Probe<'_>) {
    probe.scsi("INQUIRY", &scsi::inquiry(STANDARD_LEN), STANDARD_LEN.into());
    for (page, name) in PAGES {
        // EVPD = 1 (SPC-4 6.6).
        probe.scsi(name, &[0x12, 0x01, page, 0, LEN, 0], LEN.into());
    }
}

/// State, shape and commands.
pub(super) fn ask_state(probe: &mut Probe<'_>) {
    probe.scsi("TEST UNIT READY", &scsi::test_unit_ready(), 0);
    probe.scsi("REQUEST SENSE", &scsi::request_sense(), scsi::REQUEST_SENSE_LEN.into());
    probe.scsi("READ CAPACITY (16)", &scsi::read_capacity_16(), scsi::CAPACITY_LEN);
    let opcodes = [
        ("SANITIZE overwrite supported", Asked::ServiceAction(0x48, 0x01)),
        ("SANITIZE block erase supported", Asked::ServiceAction(0x48, 0x02)),
        ("SANITIZE cryptographic erase supported", Asked::ServiceAction(0x48, 0x03)),
        ("FORMAT UNIT supported", Asked::Opcode(0x04)),
    ];
    for (name, asked) in opcodes {
        probe.scsi(name, &scsi::report_one(asked), scsi::ONE_COMMAND_LEN.into());
    }
}
