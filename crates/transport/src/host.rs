//! What the host adapter and its driver say of a SCSI command, apart from the drive.

use crate::device::CommandError;
use std::time::Duration;

/// Host byte values of the kernel's `scsi/scsi_status.h`, by their names there without `DID_`.
const NAMES: [(u16, &str); 15] = [
    (0x02, "BUS_BUSY"),
    (0x04, "BAD_TARGET"),
    (0x05, "ABORT"),
    (0x06, "PARITY"),
    (0x07, "ERROR"),
    (0x08, "RESET"),
    (0x09, "BAD_INTR"),
    (0x0B, "SOFT_ERROR"),
    (0x0C, "IMM_RETRY"),
    (0x0D, "REQUEUE"),
    (0x0E, "TRANSPORT_DISRUPTED"),
    (0x0F, "TRANSPORT_FAILFAST"),
    (0x10, "TARGET_FAILURE"),
    (0x11, "NEXUS_FAILURE"),
    (0x13, "MEDIUM_ERROR"),
];

const OK: u16 = 0x00;
const NO_CONNECT: u16 = 0x01;
const TIME_OUT: u16 = 0x03;
/// Driver byte of kernels before 5.14: the command was given up. (08h there only says that there are sense data.)
const DRIVER_TIMEOUT: u16 = 0x06;

/// Why there is no answer of the drive's; `None` if there is one.
pub(crate) fn failure(host: u16, driver: u16, timeout: Duration) -> Option<CommandError> {
    match host {
        OK if driver & 0x0F == DRIVER_TIMEOUT => Some(CommandError::TimedOut(timeout)),
        OK => None,
        NO_CONNECT => Some(CommandError::Gone),
        TIME_OUT => Some(CommandError::TimedOut(timeout)),
        other => {
            let name = NAMES.iter().find(|(code, _)| *code == other).map_or("unknown", |(_, name)| name);
            Some(CommandError::Host(format!("host status {other:02X}h ({name}), driver {driver:02X}h")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(7);

    #[test]
    fn an_answer_of_the_drives_is_no_failure() {
        assert_eq!(failure(0, 0, WAIT), None);
        assert_eq!(failure(0, 0x08, WAIT), None);
    }

    #[test]
    fn a_drive_that_is_gone_one_that_is_late_and_a_reset_are_told_apart() {
        assert_eq!(failure(1, 0, WAIT), Some(CommandError::Gone));
        assert_eq!(failure(3, 0, WAIT), Some(CommandError::TimedOut(WAIT)));
        assert_eq!(failure(0, 0x06, WAIT), Some(CommandError::TimedOut(WAIT)));
        let reset = CommandError::Host("host status 08h (RESET), driver 00h".to_owned());
        assert_eq!(failure(8, 0, WAIT), Some(reset));
        assert!(matches!(failure(0x77, 0, WAIT), Some(CommandError::Host(_))));
    }
}
