//! How QEMU is told of a drive that has a process of its own.

use super::bay::LabDrive;
use super::control::Place;
use super::definition::Model;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One of QEMU's devices or block nodes that a drive needs, in their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    /// `-blockdev`: the connection to the drive. It stays when the drive is pulled.
    Node(Value),
    /// `-chardev`: a socket to the drive.
    Socket {
        /// Its name for QEMU.
        id: String,
        /// Where it is.
        path: PathBuf,
    },
    /// `-device` that stays: the host adapter.
    Adapter(Value),
    /// `-device` that is pulled and plugged.
    Device(Value),
}

impl LabDrive {
    /// The id of the device that is pulled.
    pub(crate) fn device_id(&self) -> String {
        match self.kind {
            Model::UsbSatBridge => self.adapter(),
            _ => self.unit(),
        }
    }

    fn adapter(&self) -> String {
        format!("adapter-{}", self.name)
    }

    fn unit(&self) -> String {
        format!("device-{}", self.name)
    }

    fn node(&self) -> String {
        format!("node-{}", self.name)
    }

    /// Everything that QEMU needs. Each drive has an adapter of its own, so that a reset concerns nobody else.
    pub(crate) fn parts(&self) -> Vec<Part> {
        match (&self.at, self.kind) {
            (Place::VfioUser { socket }, _) => vec![Part::Device(self.vfio_user(socket))],
            (Place::Iscsi { port, target }, Model::UsbSatBridge) => {
                // A bridge has a number of its own; this one tells the drive's.
                let bridge = json!({
                    "driver": "usb-uas", "id": self.adapter(), "bus": "xhci.0", "serial": self.serial,
                });
                vec![
                    Part::Node(self.iscsi(*port, target)),
                    Part::Device(bridge),
                    Part::Device(self.scsi_unit()),
                ]
            }
            (Place::Iscsi { port, target }, _) => {
                let adapter = json!({ "driver": "virtio-scsi-pci", "id": self.adapter() });
                vec![
                    Part::Node(self.iscsi(*port, target)),
                    Part::Adapter(adapter),
                    Part::Device(self.scsi_unit()),
                ]
            }
            (Place::VhostUser { socket }, _) => {
                let id = format!("socket-{}", self.name);
                let adapter = json!({
                    "driver": "vhost-user-scsi-pci", "id": self.adapter(), "chardev": id, "num_queues": 1,
                });
                vec![Part::Socket { id, path: socket.clone() }, Part::Adapter(adapter)]
            }
        }
    }

    fn iscsi(&self, port: u16, target: &str) -> Value {
        json!({
            "driver": "iscsi", "node-name": self.node(), "transport": "tcp",
            "portal": format!("127.0.0.1:{port}"), "target": target, "lun": 0,
            "initiator-name": "iqn.2025-01.lab.massho:pc",
        })
    }

    fn scsi_unit(&self) -> Value {
        json!({
            "driver": "scsi-generic", "id": self.unit(), "drive": self.node(),
            "bus": format!("{}.0", self.adapter()),
        })
    }

    fn vfio_user(&self, socket: &Path) -> Value {
        json!({
            "driver": "vfio-user-pci", "id": self.unit(),
            "socket": { "type": "unix", "path": socket },
        })
    }
}
