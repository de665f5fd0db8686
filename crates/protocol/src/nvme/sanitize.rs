//! Sanitize, 84h (5.24).

use super::command::AdminCommand;
use crate::ata::sanitize::{Inversion, Passes};

const SANITIZE: u8 = 0x84;

/// CDW10 2:0, SANACT (figure 303).
const EXIT_FAILURE_MODE: u32 = 0b001;
const BLOCK_ERASE: u32 = 0b010;
const OVERWRITE: u32 = 0b011;
const CRYPTO_ERASE: u32 = 0b100;
/// CDW10 bit 3, AUSE: a failed sanitize may be left by Exit Failure Mode.
const AUSE: u32 = 1 << 3;
/// CDW10 7:4, OWPASS.
const OWPASS_SHIFT: u32 = 4;
/// CDW10 bit 8, OIPBP: invert the pattern between passes.
const OIPBP: u32 = 1 << 8;
/// CDW10 bit 9, NDAS: do not deallocate afterwards.
const NDAS: u32 = 1 << 9;

/// What Sanitize does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Block erase.
    BlockErase,
    /// Crypto erase.
    CryptoErase,
    /// Overwrite.
    Overwrite {
        /// How often.
        passes: Passes,
        /// CDW11, OVRPAT.
        pattern: u32,
        /// Inverted between passes or not.
        inversion: Inversion,
    },
}

/// Whether the blocks are deallocated when they have been erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deallocation {
    /// They are.
    Deallocate,
    /// They are not, so that reading shows the medium. Not every controller lets one ask for it
    /// ([`super::Controller::inhibits_no_deallocate`]).
    Keep,
}

/// Sanitize with an action. AUSE is set: without it a drive whose sanitize failed could only be asked to sanitize again.
#[must_use]
pub fn start(action: Action, deallocation: Deallocation) -> AdminCommand {
    let (cdw10, cdw11) = match action {
        Action::BlockErase => (BLOCK_ERASE, 0),
        Action::CryptoErase => (CRYPTO_ERASE, 0),
        Action::Overwrite { passes, pattern, inversion } => {
            let invert = match inversion {
                Inversion::Keep => 0,
                Inversion::Invert => OIPBP,
            };
            (OVERWRITE | u32::from(passes.field()) << OWPASS_SHIFT | invert, pattern)
        }
    };
    let keep = match deallocation {
        Deallocation::Deallocate => 0,
        Deallocation::Keep => NDAS,
    };
    AdminCommand { opcode: SANITIZE, nsid: 0, cdw: [cdw10 | AUSE | keep, cdw11, 0, 0, 0, 0] }
}

/// Sanitize with Exit Failure Mode: the controller goes back to being idle, not erased.
#[must_use]
pub fn exit_failure_mode() -> AdminCommand {
    AdminCommand { opcode: SANITIZE, nsid: 0, cdw: [EXIT_FAILURE_MODE, 0, 0, 0, 0, 0] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cdw(action: Action, deallocation: Deallocation) -> (u8, u32, u32, u32) {
        let AdminCommand { opcode, nsid, cdw: [cdw10, cdw11, ..] } = start(action, deallocation);
        (opcode, nsid, cdw10, cdw11)
    }

    #[test]
    fn block_and_crypto_erase_are_0ah_and_0ch_with_ause() {
        assert_eq!(cdw(Action::BlockErase, Deallocation::Deallocate), (0x84, 0, 0x00A, 0));
        assert_eq!(cdw(Action::CryptoErase, Deallocation::Deallocate), (0x84, 0, 0x00C, 0));
        assert_eq!(cdw(Action::BlockErase, Deallocation::Keep), (0x84, 0, 0x20A, 0));
    }

    #[test]
    fn overwrite_has_its_passes_in_7_4_where_16_is_0() {
        let overwrite = |passes, inversion| {
            let passes = Passes::new(passes).unwrap();
            let action = Action::Overwrite { passes, pattern: 0xDEAD_BEEF, inversion };
            cdw(action, Deallocation::Deallocate)
        };
        assert_eq!(overwrite(1, Inversion::Keep), (0x84, 0, 0x01B, 0xDEAD_BEEF));
        assert_eq!(overwrite(16, Inversion::Keep), (0x84, 0, 0x00B, 0xDEAD_BEEF));
        assert_eq!(overwrite(3, Inversion::Invert), (0x84, 0, 0x13B, 0xDEAD_BEEF));
    }

    #[test]
    fn exit_failure_mode_is_action_1() {
        assert_eq!(exit_failure_mode().describe(), "NVMe 84h NSID=00000000h CDW10=00000001h CDW11=00000000h");
    }
}
