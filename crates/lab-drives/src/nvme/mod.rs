//! NVMe drives (NVM Express Base Specification 2.0, NVM Command Set Specification 1.0).
//!
//! [`Controller`] is the drive: it takes commands and completes them ([`NvmeDrive`]). [`Function`] puts registers and
//! queues in front of it, as PCI Express has it, over whatever memory the host has ([`HostMemory`]). Neither knows of
//! QEMU or of a real clock.

mod command;
mod controller;
mod definition;
mod drive;
mod erase;
mod error;
mod features;
mod format;
mod function;
mod identify;
mod io;
mod kept;
mod log;
mod manage;
mod memory;
mod namespace;
mod protection;
mod queue;
mod registers;
mod sanitize;
mod status;
#[cfg(test)]
mod tests;

pub use command::{Command, Completion, ENTRY};
pub use controller::Controller;
pub use definition::{
    Action, Attachment, Definition, Estimates, FORMATS, FormatDefinition, LbaFormat, NamespaceDefinition,
    NoDeallocate, SanitizeDefinition, Version,
};
pub use drive::NvmeDrive;
pub use error::NvmeError;
pub use function::{Function, Worked};
pub use io::IoTransfer;
pub use memory::{BadAddress, HostMemory};
pub use status::Status;

/// Milliseconds since 1970, as a host sets them (Timestamp feature).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SystemTime(u64);
