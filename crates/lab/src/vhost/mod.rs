//! Shows a drive to QEMU's guest as a virtio SCSI host adapter with one disk: the server side of vhost-user, as QEMU's
//! `vhost-user-scsi-pci` speaks it.
//!
//! Here a guest's commands reach the drive without QEMU's own SCSI layer between them, which turns all sense data into
//! fixed format and so loses what ATA PASS-THROUGH returns. Guest memory is read and written through the files that QEMU
//! has it in ([`crate::vfio::memory_arguments`]).

mod device;
mod message;
mod ring;
mod scsi;
mod serve;

pub(crate) use device::Plug;
pub(crate) use serve::VhostServer;
