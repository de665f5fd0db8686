//! ATA: IDENTIFY DEVICE, and the SCSI command that carries it (SAT).
//!
//! Clauses are those of ATA/ATAPI Command Set 3 (ACS-3) and SCSI/ATA Translation 3 (SAT-3).

mod identify;

pub use identify::{Identify, IdentifyError, Rotation, SecurityState};

/// ATA PASS-THROUGH (16) carrying IDENTIFY DEVICE, ECh (ACS-3 7.12; SAT-3 12.2.2).
///
/// Protocol 4 (PIO data-in) in byte 1 bits 4:1; byte 2: T_DIR = 1 (from the drive), BYT_BLOK = 1, T_LENGTH = 2 (in
/// the sector count), so one block of 512 bytes.
#[must_use]
pub fn identify_device() -> [u8; 16] {
    [0x85, 0x08, 0x0E, 0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0]
}

/// The bytes that [`identify_device`] reads.
pub const IDENTIFY_LEN: usize = 512;

#[cfg(test)]
mod tests {
    #[test]
    fn identify_device_is_85_08_0e_with_one_block_of_ec() {
        let cdb = super::identify_device();
        assert_eq!(cdb, *b"\x85\x08\x0e\0\0\0\x01\0\0\0\0\0\0\0\xec\0");
    }
}
