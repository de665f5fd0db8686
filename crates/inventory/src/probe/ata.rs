//! What an ATA drive can be asked, by SAT.

use super::Probe;
use protocol::ata::sat::{self, Condition};
use protocol::ata::{self, Command, Identify, Width, amax, dco, hpa, log, sanitize};

/// The IDENTIFY DEVICE data log, and its pages (ACS-3 A.11): what was once in words and what came later.
const IDENTIFY_DEVICE_DATA: u8 = 0x30;
const PAGES: std::ops::RangeInclusive<u16> = 0..=8;

/// All of it, if the drive answers IDENTIFY DEVICE; nothing more, if it does not.
pub(super) fn ask(probe: &mut Probe<'_>) {
    let Some(block) = pass(probe, "IDENTIFY DEVICE", &ata::identify_device(), Condition::OnlyErrors) else {
        return;
    };
    // A block that does not add up is kept as it is, and nothing that it says is relied on.
    let Ok(drive) = Identify::parse(&block) else { return };
    if drive.supports_sanitize() {
        pass(probe, "SANITIZE STATUS EXT", &sanitize::status(), Condition::Registers);
        // Where the registers are not in the sense data.
        let again = sat::return_response_information();
        probe.scsi("RETURN RESPONSE INFORMATION", &again, sat::RESPONSE_LEN);
    }
    if drive.hidden.hpa {
        let width = if drive.lba48 { Width::Bits48 } else { Width::Bits28 };
        pass(probe, "READ NATIVE MAX ADDRESS", &hpa::read_native_max(width), Condition::Registers);
    }
    if drive.hidden.amax {
        pass(probe, "GET NATIVE MAX ADDRESS EXT", &amax::get_native_max(), Condition::Registers);
    }
    if drive.hidden.dco {
        pass(probe, "DEVICE CONFIGURATION IDENTIFY", &dco::identify(), Condition::OnlyErrors);
    }
    if drive.logs {
        for page in PAGES {
            let command = log::read_log_ext(IDENTIFY_DEVICE_DATA, page);
            pass(probe, &format!("READ LOG EXT 30h page {page}"), &command, Condition::OnlyErrors);
        }
    }
}

fn pass(probe: &mut Probe<'_>, name: &str, command: &Command, condition: Condition) -> Option<Vec<u8>> {
    probe.scsi(name, &sat::pass_through_16(command, condition), sat::data_len(command))
}
