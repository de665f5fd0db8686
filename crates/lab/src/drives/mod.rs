//! Drives of the lab's own, each a process that outlives the PC it is in.
//!
//! [`Definitions`] say which drives there are; a [`Bay`] starts their processes; a [`LabDrive`] of it goes into
//! [`crate::MachineSpec::lab_drives`], and is told what faults it has, when its power goes, and asked what is
//! physically left on it. Inside a process ([`run`]) a drive of `lab-drives` is shown to QEMU by iSCSI (whatever takes
//! SCSI commands) or by vfio-user (NVMe), and obeys the lab on a socket.

mod bay;
mod control;
mod definition;
mod engine;
mod error;
mod host;
mod made;
mod plugged;
mod process;

pub use bay::{Bay, LabDrive};
pub use control::{FileScan, Place, PowerChange, Presence, Status};
pub use definition::{Definition, Definitions, Model};
pub use error::DriveError;
pub use lab_drives::Fault;
pub use process::run;

pub(crate) use engine::{Answer, Engine, Forget, Task, TaskKey, no_such_unit};
pub(crate) use plugged::Part;
