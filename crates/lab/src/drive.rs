//! A virtual drive: its backing file, what it is filled with, and how QEMU is told of it.

use crate::log::hexadecimal;
use crate::writes::Recording;
use crate::{LabError, Pattern, Scan, Stick, TextFile};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What kind of drive it is, and so which of QEMU's devices shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A rotating SATA disk.
    Hdd,
    /// A SATA SSD.
    SataSsd,
    /// An NVMe SSD.
    Nvme,
    /// A USB stick.
    UsbStick,
    /// A SCSI disk.
    Scsi,
}

/// Whether the drive takes writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It does.
    ReadWrite,
    /// Its write protection is on.
    ReadOnly,
}

/// What is put onto a drive beforehand, on top of the pattern in every sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// Nothing but the pattern.
    Pattern,
    /// A partition with a FAT filesystem, and these files in it.
    Fat(Vec<TextFile>),
    /// The same, filled up until no more than `leave` bytes are free.
    FullFat {
        /// Bytes left free.
        leave: u64,
    },
}

/// A virtual drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Its name in the lab.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What it says its serial number is.
    pub serial: String,
    /// Whether it takes writes.
    pub access: Access,
    /// At most so many bytes are written per second; `None` is as fast as can be.
    pub bytes_per_second: Option<u64>,
    /// Where its every write is recorded, if anywhere.
    pub recording: Option<Recording>,
    /// The backing file.
    pub path: PathBuf,
    /// The pattern in it.
    pub pattern: Pattern,
}

impl Drive {
    /// Makes the backing file `NAME.raw` in a folder and fills it.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn create(
        folder: &Path,
        run: &str,
        name: &str,
        kind: Kind,
        mebibytes: u64,
        contents: &Contents,
    ) -> Result<Self, LabError> {
        std::fs::create_dir_all(folder).map_err(LabError::file("create", folder))?;
        let path = folder.join(format!("{name}.raw"));
        let pattern = Pattern::new(run, name);
        pattern.fill(&path, mebibytes << 11)?;
        match contents {
            Contents::Pattern => {}
            Contents::Fat(files) => {
                let stick = Stick::format(&path)?;
                files.iter().try_for_each(|file| stick.put(file))?;
            }
            Contents::FullFat { leave } => Stick::format(&path)?.fill_up(*leave)?,
        }
        let serial = format!("LAB-{}", name.to_uppercase());
        let (access, bytes_per_second) = (Access::ReadWrite, None);
        let name = name.to_owned();
        Ok(Self { name, kind, serial, access, bytes_per_second, recording: None, path, pattern })
    }

    /// A drive over an existing file that is no drive of the lab's: a boot stick's image.
    #[must_use]
    pub fn over(path: &Path, name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            serial: format!("LAB-{}", name.to_uppercase()),
            access: Access::ReadWrite,
            bytes_per_second: None,
            recording: None,
            path: path.to_owned(),
            pattern: Pattern::new("", name),
        }
    }

    /// The same with its write protection on.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { access: Access::ReadOnly, ..self }
    }

    /// The same, but slow to write.
    #[must_use]
    pub fn slow(self, bytes_per_second: u64) -> Self {
        Self { bytes_per_second: Some(bytes_per_second), ..self }
    }

    /// The same, its every write recorded in a file beside its own.
    #[must_use]
    pub fn recorded(self) -> Self {
        let recording = Some(Recording::at(self.path.with_extension("writes")));
        Self { recording, ..self }
    }

    /// What the backing file holds now of the pattern.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn scan(&self) -> Result<Scan, LabError> {
        self.pattern.scan(&self.path)
    }

    /// The SHA-256 of the whole backing file: equal before and after only where nothing was written.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn digest(&self) -> Result<String, LabError> {
        let mut file = File::open(&self.path).map_err(LabError::file("open", &self.path))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer).map_err(LabError::file("read", &self.path))? {
                0 => return Ok(hexadecimal(&hash.finalize())),
                length => hash.update(&buffer[..length]),
            }
        }
    }

    /// The name of QEMU's throttle group for this drive.
    pub(crate) fn throttle(&self) -> String {
        format!("throttle-{}", self.name)
    }

    /// The limits of that group.
    pub(crate) fn limits(bytes_per_second: Option<u64>) -> Value {
        // 0 is no limit.
        json!({ "bps-write": bytes_per_second.unwrap_or(0) })
    }

    /// QEMU's `-object`: every drive has a throttle, so that it can be slowed down while the machine runs.
    pub(crate) fn object(&self) -> Value {
        let limits = Self::limits(self.bytes_per_second);
        json!({ "qom-type": "throttle-group", "id": self.throttle(), "limits": limits })
    }

    /// QEMU's `-blockdev`. Unlike a `-drive` it outlives the device's removal, so that a stick can come back.
    pub(crate) fn blockdev(&self) -> Value {
        let read_only = self.access == Access::ReadOnly;
        let file = json!({
            "driver": "raw", "read-only": read_only,
            // The host's page cache outlives QEMU; waiting for the host's disk would only slow the tests.
            "cache": { "direct": false, "no-flush": true },
            "file": { "driver": "file", "filename": self.path, "read-only": read_only },
        });
        let mut node = json!({
            "driver": "throttle", "node-name": self.node(), "throttle-group": self.throttle(),
            "read-only": read_only,
        });
        let below = match &self.recording {
            None => file,
            Some(recording) => json!({
                "driver": "blklogwrites", "file": file, "log-sector-size": 512,
                // The count in its first sector is then never behind.
                "log-super-update-interval": 1,
                "log": {
                    "driver": "file", "filename": recording.path(),
                    "cache": { "direct": false, "no-flush": true },
                },
            }),
        };
        merge(&mut node, json!({ "file": below }));
        node
    }

    fn node(&self) -> String {
        format!("node-{}", self.name)
    }

    /// The id of QEMU's device.
    pub(crate) fn device_id(&self) -> String {
        format!("device-{}", self.name)
    }

    /// QEMU's `-device`, and the arguments of QMP's `device_add`. `port` is the AHCI port of a SATA drive.
    pub(crate) fn device(&self, port: usize) -> Value {
        let mut device = json!({ "id": self.device_id(), "drive": self.node(), "serial": self.serial });
        let more = match self.kind {
            Kind::Hdd => self.sata(port, 7200, "MASSHO LAB HDD"),
            Kind::SataSsd => self.sata(port, 1, "MASSHO LAB SSD"),
            Kind::Nvme => json!({ "driver": "nvme" }),
            Kind::Scsi => json!({ "driver": "scsi-hd", "bus": "scsi.0", "rotation_rate": 7200 }),
            Kind::UsbStick => json!({ "driver": "usb-storage", "bus": "xhci.0", "removable": true }),
        };
        merge(&mut device, more);
        device
    }

    fn sata(&self, port: usize, rotation_rate: u16, model: &str) -> Value {
        // NAA 5 and a number of nobody's, told apart by the serial number.
        let wwn = self.serial.bytes().fold(0u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
        let wwn = 0x5000_0000_0000_0000 | (wwn & 0xffff_ffff);
        json!({
            "driver": "ide-hd", "bus": format!("ide.{port}"), "model": model,
            // Without a rotation rate QEMU's disks say "not reported".
            "rotation_rate": rotation_rate, "wwn": wwn,
        })
    }
}

/// Adds an object's members to another.
pub(crate) fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sata_disk_says_that_it_rotates_and_an_ssd_that_it_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let make = |kind| Drive::create(folder.path(), "r", "d", kind, 1, &Contents::Pattern).unwrap();
        assert_eq!(make(Kind::Hdd).device(2)["rotation_rate"], 7200);
        assert_eq!(make(Kind::Hdd).device(2)["bus"], "ide.2");
        assert_eq!(make(Kind::SataSsd).device(2)["rotation_rate"], 1);
        assert_eq!(make(Kind::UsbStick).device(2)["removable"], true);
    }

    #[test]
    fn a_stick_with_files_still_carries_the_pattern_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let files = vec![TextFile { path: "a.txt".to_owned(), bytes: b"hello".to_vec() }];
        let kind = Kind::UsbStick;
        let drive = Drive::create(folder.path(), "r", "usb", kind, 16, &Contents::Fat(files)).unwrap();
        let scan = drive.scan().unwrap();
        assert_eq!(scan.sectors, 32768);
        assert!(scan.carrying > 30_000 && scan.carrying < scan.sectors, "{scan:?}");
    }
}
