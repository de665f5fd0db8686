//! What drives are there, what are they, and whose are they.
//!
//! udev says what the kernel has found; who a drive is, the drive is asked itself ([`identify()`]). Whether it may be
//! offered is decided by [`classify()`], which is pure: facts in, verdict and reasons out. Doubt is refusal.

mod ask;
mod ata;
mod boot;
mod classify;
mod collected;
mod controllers;
mod facts;
mod identify;
mod looks;
mod marks;
mod monitor;
mod mounts;
mod nvme;
mod place;
pub mod probe;
mod scan;
mod scsi;
mod sticks;
mod sysfs;

pub use boot::{BootFiles, boot_files};
pub use classify::{Role, Said, classify};
pub use collected::{LogFile, Releases};
pub use controllers::hidden_controllers;
pub use facts::{Adapter, Claim, DiskFacts, Filesystem, Link, Probe, Removable, VolumeFacts, WriteState};
pub use identify::{Identified, IdentifyFailure, identify};
pub use looks::LOOK_BOUND;
pub use marks::{MarkError, Marks, read_marks};
pub use monitor::{Monitor, MonitorError};
pub use mounts::Mounts;
pub use scan::{BEHIND_RAID, Found, Inventory, NAMELESS, ScanError};
pub use sticks::StickFacts;
pub use sysfs::is_udev_busy;
