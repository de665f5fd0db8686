//! Drives that are not there: ATA, SCSI and NVMe devices by the standards' state machines, over a medium that remembers
//! what a real one would, with faults that can be switched on and off while they run.
//!
//! They know nothing of QEMU (the `lab` shows them to a guest) and nothing of massho's own `protocol`: every command is
//! decoded here a second time, from the standards, so that one mistake cannot pass on both sides.

pub mod ata;
pub mod medium;
pub mod nvme;
pub mod scsi;
pub mod store;
pub mod work;

mod bytes;
mod clock;
mod fault;
mod turn;

pub use clock::{Clock, RealClock, TestClock};
pub use fault::{Fault, Faults};
pub use turn::{Power, ScsiCompletion, Turn, VirtualDrive};
