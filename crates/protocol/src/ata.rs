//! ATA: commands as their registers, what drives answer, and how SCSI carries both (SAT).
//!
//! Clauses are those of ATA/ATAPI Command Set 3 (ACS-3) and SCSI/ATA Translation 3 (SAT-3); what ACS-4 took out (HPA,
//! DCO) or brought in (AMAX) is cited by its own name.

pub mod amax;
mod command;
pub mod dco;
pub mod hpa;
mod identify;
pub mod log;
mod registers;
mod reply;
pub mod sanitize;
pub mod sat;
pub mod security;

pub use command::{Command, Protocol, SECTOR, Width, identify_device};
pub use identify::{EraseTime, HiddenAreaSupport, Identify, IdentifyError, Rotation, SecurityState};
pub use registers::{FullRegisters, Registers, ShortRegisters, Upper};
pub use reply::{Reply, Verdict};

/// The bytes that [`identify_device`] reads.
pub const IDENTIFY_LEN: usize = SECTOR;
