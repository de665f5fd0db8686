//! Shows a drive to QEMU as a PCI device: the server side of the vfio-user protocol (version 0.1, as QEMU 10.1 and newer
//! speak it by `vfio-user-pci`).
//!
//! The drive lives here, not in QEMU: a guest's reboot is a reset to it, a killed QEMU is a power cut. Guest memory is
//! read and written through the files that QEMU passes for it, which therefore has to have its memory in such files
//! ([`memory_arguments`]).

mod config;
mod device;
mod interrupt;
mod message;
mod ram;
mod serve;
mod wire;

pub(crate) use ram::GuestRam;
pub use serve::{NvmeServer, ServerError};
pub(crate) use wire::receive_start;

use serde_json::json;
use std::path::Path;

/// What QEMU must be given for its memory, so that devices in other processes reach it. `mebibytes` is the size.
#[must_use]
pub fn memory_arguments(mebibytes: u32) -> Vec<String> {
    let object = json!({
        "qom-type": "memory-backend-memfd", "id": "ram", "size": u64::from(mebibytes) << 20, "share": true,
    });
    ["-object", &object.to_string(), "-machine", "memory-backend=ram", "-m", &mebibytes.to_string()]
        .map(str::to_owned)
        .to_vec()
}

/// The device that stands for a drive served on this socket.
#[must_use]
pub fn device_argument(id: &str, socket: &Path) -> String {
    json!({ "driver": "vfio-user-pci", "id": id, "socket": { "type": "unix", "path": socket } }).to_string()
}
