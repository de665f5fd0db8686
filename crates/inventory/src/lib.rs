//! What drives are there, what are they, and whose are they.
//!
//! udev says what the kernel has found; who a drive is, the drive is asked itself ([`identify()`]). Whether it may be
//! offered is decided by [`classify()`], which is pure: facts in, verdict and reasons out. Doubt is refusal.

mod classify;
mod facts;
mod identify;
mod marks;
mod monitor;
mod mounts;
mod scan;

pub use classify::{Role, classify};
pub use facts::{Adapter, Claim, DiskFacts, Filesystem, Link, Probe, Removable, VolumeFacts, WriteState};
pub use identify::{Identified, IdentifyFailure, identify, identify_node};
pub use marks::{MarkError, Marks, read_marks};
pub use monitor::{Monitor, MonitorError};
pub use mounts::Mounts;
pub use scan::{Found, Inventory, ScanError, StickFacts, hidden_controllers, is_udev_busy};
