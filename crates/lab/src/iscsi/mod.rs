//! An iSCSI target (RFC 7143) for one drive: as much of it as QEMU's initiator needs, on the loopback interface.
//!
//! QEMU passes a guest's command descriptor blocks through it unchanged, so a guest sees the drive behind it as a SCSI
//! disk of its own. One logical unit, LUN 0; no authentication, no digests, one connection per session, no recovery of
//! lost connections.

mod connection;
mod login;
mod opening;
mod pdu;
mod transfer;

pub(crate) use connection::serve;
pub(crate) use opening::Geometry;
