//! ATA (and SAT), SCSI and NVMe commands and answers: bytes to types and back.
//!
//! Pure: nothing here touches a device. Every field is cited by the clause of the standard that defines it.

pub mod ata;
mod bytes;
mod flags;
pub mod nvme;
pub mod scsi;
