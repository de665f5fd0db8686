//! The walk through udev: every disk of the PC, its facts, its identity, its verdict.

use crate::classify::{Role, classify};
use crate::facts::{Adapter, Claim, DiskFacts, Filesystem, Link, Probe, Removable, VolumeFacts, WriteState};
use crate::identify::{Identified, identify_node};
use crate::marks::{MarkError, Marks, read_marks};
use crate::mounts::Mounts;
use model::{
    BlockSize, Bus, ByteLen, Capabilities, DeviceText, Drive, DriveNo, Eligibility, Identity, Ineligible,
    Medium, MediumSource,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use transport::{Access, Node, OpenError};

/// Why the PC's drives could not be listed at all.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// udev did not answer.
    #[error("udev cannot list the drives: {0}")]
    Udev(io::Error),
    /// Without the mount table nothing is known to be unused.
    #[error("the mount table cannot be read: {0}")]
    Mounts(io::Error),
}

/// One drive with where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As people and records see it.
    pub drive: Drive,
    /// What was known before it was asked.
    pub facts: DiskFacts,
}

/// A volume that could serve as results stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StickFacts {
    /// The drive it is on.
    pub no: DriveNo,
    /// Who that drive is.
    pub identity: Identity,
    /// The kernel's number of the disk: another one once it was pulled and put back.
    pub sequence: DeviceText,
    /// The node to mount.
    pub node: PathBuf,
    /// Size of the volume.
    pub len: ByteLen,
    /// The filesystem.
    pub filesystem: Filesystem,
    /// Whether it can be written.
    pub write: WriteState,
    /// Whether it already holds logs.
    pub marks: Result<Marks, MarkError>,
}

/// The drives of this PC, numbered for the length of a session.
#[derive(Debug, Default)]
pub struct Inventory {
    numbers: BTreeMap<(String, DeviceText), DriveNo>,
    results_sticks: BTreeSet<String>,
    spared: BTreeMap<DriveNo, Found>,
    found: Vec<Found>,
}

impl Inventory {
    /// The drives as last seen.
    #[must_use]
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// The drive of that number, as last seen.
    #[must_use]
    pub fn get(&self, no: DriveNo) -> Option<&Found> {
        self.found.iter().find(|found| found.drive.no == no)
    }

    /// From now on this drive is a results stick of the session, and never offered.
    pub fn use_as_results_stick(&mut self, identity: &Identity) {
        self.results_sticks.insert(identity.fingerprint());
    }

    /// From now on this drive is not asked or opened any more, while a job has it.
    pub fn spare(&mut self, no: DriveNo) {
        if let Some(found) = self.get(no).cloned() {
            self.spared.insert(no, found);
        }
    }

    /// The job is over.
    pub fn release(&mut self, no: DriveNo) {
        self.spared.remove(&no);
    }

    /// Looks again.
    ///
    /// # Errors
    /// [`ScanError`]
    pub fn scan(&mut self) -> Result<(), ScanError> {
        let mounts = Mounts::read().map_err(ScanError::Mounts)?;
        let mut enumerator = udev::Enumerator::new().map_err(ScanError::Udev)?;
        enumerator.match_subsystem("block").map_err(ScanError::Udev)?;
        let devices: Vec<udev::Device> = enumerator.scan_devices().map_err(ScanError::Udev)?.collect();
        let mut found = Vec::new();
        for disk in devices.iter().filter(|device| is_disk(device)) {
            // udev is still looking at it, or at a part of it: what it carries is not known yet. An event will follow.
            let probe = probe(disk, &devices);
            if probe == Probe::Unfinished && is_udev_busy() {
                continue;
            }
            let Some(node) = disk.devnode().map(Path::to_path_buf) else { continue };
            // By the kernel's number, not by name: another disk may have the name of one that was pulled.
            let sequence = attribute(disk, "diskseq");
            // It went while this walk was under way.
            if sequence.is_empty() {
                continue;
            }
            let same = |busy: &&Found| busy.facts.whole.node == node && busy.facts.sequence == sequence;
            if let Some(busy) = self.spared.values().find(same) {
                found.push(busy.clone());
                continue;
            }
            found.push(self.look_at(disk, &devices, &mounts, probe));
        }
        self.number(&mut found);
        refuse_same_identities(&mut found);
        found.sort_by_key(|found| found.drive.no);
        self.found = found;
        Ok(())
    }

    fn look_at(&self, disk: &udev::Device, devices: &[udev::Device], mounts: &Mounts, probe: Probe) -> Found {
        let facts = disk_facts(disk, devices, mounts, probe);
        let identified = identify_node(&facts);
        let failure = identified.as_ref().err().map(ToString::to_string);
        if let Some(failure) = &failure {
            tracing::warn!(drive = %facts.whole.name, failure, "not identified");
        }
        let identified = identified.unwrap_or_else(|_| unidentified(&facts));
        let role = match self.results_sticks.contains(&identified.identity.fingerprint()) {
            true => Role::ResultsStick,
            false => Role::None,
        };
        let optical = identified.medium == Medium::Optical;
        let volume = facts.adapter == Adapter::Raid && identified.identity.bus == Bus::Scsi;
        let failure = failure.or_else(|| volume.then(|| BEHIND_RAID.to_owned()));
        let eligibility = classify(&facts, role, failure.as_deref(), optical);
        let drive = Drive {
            no: DriveNo(0),
            identity: identified.identity,
            medium: identified.medium,
            medium_source: identified.source,
            capabilities: identified.capabilities,
            eligibility,
            position: facts.whole.name.clone(),
        };
        Found { drive, facts }
    }

    /// A drive keeps its number as long as it stays. One that was pulled, or whose medium was changed (a card reader
    /// says the same of every card), comes back under a new number, so that no plan made before means it.
    fn number(&mut self, found: &mut [Found]) {
        for found in found {
            // A medium that is told otherwise now is another drive to the log, which keeps one medium a number.
            let name = format!("{} {:?}", found.drive.identity.fingerprint(), found.drive.medium);
            let key = (name, found.facts.sequence.clone());
            let next = DriveNo(u16::try_from(self.numbers.len() + 1).unwrap_or(u16::MAX));
            found.drive.no = *self.numbers.entry(key).or_insert(next);
        }
    }

    /// Everything that can be pulled and might be meant as a results stick: its FAT volumes, or the whole of it.
    #[must_use]
    pub fn sticks(&self) -> Vec<StickFacts> {
        let pluggable = |found: &&Found| matches!(found.drive.identity.bus, Bus::Usb | Bus::Mmc);
        let present =
            |found: &&Found| found.drive.medium != Medium::Optical && found.facts.whole.len != ByteLen(0);
        self.found.iter().filter(pluggable).filter(present).flat_map(stick_volumes).collect()
    }
}

fn stick_volumes(found: &Found) -> Vec<StickFacts> {
    let stick = |volume: &VolumeFacts| StickFacts {
        no: found.drive.no,
        identity: found.drive.identity.clone(),
        sequence: found.facts.sequence.clone(),
        node: volume.node.clone(),
        len: volume.len,
        filesystem: volume.filesystem.clone(),
        write: found.facts.write,
        marks: volume.marks.clone(),
    };
    if let Some(image) = found.facts.volumes().find(|volume| volume.marks == Ok(Marks::BootImage)) {
        return vec![stick(image)];
    }
    let is_fat = |volume: &&VolumeFacts| volume.filesystem.kind.as_str() == "vfat";
    // Some programs write a partition table into the boot sector of a FAT that fills the stick: it is one volume.
    if is_fat(&&found.facts.whole) {
        return vec![stick(&found.facts.whole)];
    }
    let fat: Vec<StickFacts> = found.facts.partitions.iter().filter(is_fat).map(stick).collect();
    match (fat.is_empty(), found.facts.partitions.first()) {
        (false, _) => fat,
        (true, Some(partition)) => vec![stick(partition)],
        (true, None) => vec![stick(&found.facts.whole)],
    }
}

/// Controllers of PCI class 01h 04h (RAID), behind which a PC hides drives in RST and VMD mode, as text for people.
#[must_use]
pub fn hidden_controllers() -> Vec<String> {
    let list = || -> io::Result<Vec<String>> {
        let mut enumerator = udev::Enumerator::new()?;
        enumerator.match_subsystem("pci")?;
        let is_raid = |device: &udev::Device| attribute(device, "class").as_str().starts_with(RAID_CLASS);
        let name = |device: udev::Device| {
            let slot = device.sysname().to_string_lossy().into_owned();
            let part = |name: &str| attribute(&device, name).as_str().trim_start_matches("0x").to_owned();
            format!("PCI {slot} {}:{}", part("vendor"), part("device"))
        };
        Ok(enumerator.scan_devices()?.filter(is_raid).map(name).collect())
    };
    list().unwrap_or_default()
}

/// Names of block devices that are no drives: they have no hardware under them.
const VIRTUAL: [&str; 6] = ["loop", "ram", "zram", "dm-", "md", "nbd"];

fn is_disk(device: &udev::Device) -> bool {
    let name = device.sysname().to_string_lossy();
    device.devtype().is_some_and(|kind| kind == "disk")
        && !VIRTUAL.iter().any(|prefix| name.starts_with(prefix))
        // eMMC boot and replay-protected areas are parts of a drive that another name stands for.
        && !(name.starts_with("mmcblk") && (name.contains("boot") || name.contains("rpmb")))
}

/// Whether one is a partition of the other.
fn is_part(device: &udev::Device, disk: &udev::Device) -> bool {
    device.devtype().is_some_and(|kind| kind == "partition")
        && device.parent().is_some_and(|parent| parent.syspath() == disk.syspath())
}

fn probe(disk: &udev::Device, devices: &[udev::Device]) -> Probe {
    let mut parts = devices.iter().filter(|device| is_part(device, disk));
    match disk.is_initialized() && parts.all(udev::Device::is_initialized) {
        true => Probe::Finished,
        false => Probe::Unfinished,
    }
}

/// udev keeps this file while it has events to work off.
#[must_use]
pub fn is_udev_busy() -> bool {
    Path::new("/run/udev/queue").exists()
}

fn disk_facts(disk: &udev::Device, devices: &[udev::Device], mounts: &Mounts, probe: Probe) -> DiskFacts {
    let whole = volume_facts(disk, mounts);
    let partitions: Vec<VolumeFacts> = devices
        .iter()
        .filter(|device| is_part(device, disk))
        .map(|device| volume_facts(device, mounts))
        .collect();
    let claim = claim(&whole.node);
    DiskFacts {
        sequence: attribute(disk, "diskseq"),
        link: link(disk),
        adapter: adapter(disk),
        probe,
        removable: if flag(disk, "removable") { Removable::Yes } else { Removable::No },
        write: if flag(disk, "ro") { WriteState::ReadOnly } else { WriteState::Writable },
        claim,
        whole,
        partitions,
    }
}

fn volume_facts(device: &udev::Device, mounts: &Mounts) -> VolumeFacts {
    let node = device.devnode().map(Path::to_path_buf).unwrap_or_default();
    let number = device.devnum().map_or((0, 0), |number| {
        let number = number as nix::libc::dev_t;
        let part = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        (part(nix::sys::stat::major(number)), part(nix::sys::stat::minor(number)))
    });
    let sectors: u64 = attribute(device, "size").as_str().parse().unwrap_or(0);
    VolumeFacts {
        name: device.sysname().to_string_lossy().as_ref().into(),
        number,
        // The kernel counts in 512 bytes here, whatever the drive's block.
        len: ByteLen(sectors.saturating_mul(512)),
        filesystem: Filesystem {
            kind: property(device, "ID_FS_TYPE"),
            label: property(device, "ID_FS_LABEL"),
            uuid: property(device, "ID_FS_UUID"),
        },
        mounted_at: mounts.of(number, &node.to_string_lossy()),
        holders: holders(device.syspath()),
        marks: marks(&node, sectors, property(device, "ID_FS_TYPE").as_str()),
        node,
    }
}

fn marks(node: &Path, sectors: u64, filesystem: &str) -> Result<Marks, MarkError> {
    if sectors == 0 {
        return Ok(Marks::None);
    }
    match Node::open(node, Access::Read) {
        Ok(volume) => read_marks(&volume, filesystem),
        // An extended partition of a few sectors, or a medium that is not there.
        Err(OpenError::NoMedium) => Ok(Marks::None),
        Err(error) => Err(MarkError::Unreadable(error.to_string())),
    }
}

fn claim(node: &Path) -> Claim {
    match Node::open(node, Access::Claim) {
        Ok(_) | Err(OpenError::NoMedium) => Claim::Given,
        Err(OpenError::Busy) => Claim::Refused,
        Err(error) => Claim::Failed(error.to_string().as_str().into()),
    }
}

/// PCI class 01h 04h.
const RAID_CLASS: &str = "0x0104";
/// Why a RAID adapter's volume is not offered: members and spares would keep their data, and no record could name
/// them.
const BEHIND_RAID: &str = "a volume of a RAID controller, not a drive";

fn adapter(disk: &udev::Device) -> Adapter {
    let pci = disk.parent_with_subsystem("pci").ok().flatten();
    match pci.is_some_and(|pci| attribute(&pci, "class").as_str().starts_with(RAID_CLASS)) {
        true => Adapter::Raid,
        false => Adapter::Other,
    }
}

fn link(disk: &udev::Device) -> Link {
    let parent = |subsystem: &str| disk.parent_with_subsystem(subsystem).ok().flatten();
    if let Some(usb) = disk.parent_with_subsystem_devtype("usb", "usb_device").ok().flatten() {
        return Link::Usb { serial: attribute(&usb, "serial") };
    }
    if parent("nvme").is_some() || disk.sysname().to_string_lossy().starts_with("nvme") {
        return Link::Nvme { namespace: attribute(disk, "nsid").as_str().parse().unwrap_or(0) };
    }
    if let Some(card) = parent("mmc") {
        return Link::Mmc {
            name: attribute(&card, "name"),
            serial: attribute(&card, "serial"),
            cid: attribute(&card, "cid"),
        };
    }
    if parent("scsi").is_some() {
        return Link::Scsi;
    }
    Link::Other { serial: attribute(disk, "serial") }
}

fn attribute(device: &udev::Device, name: &str) -> DeviceText {
    device.attribute_value(name).map(|value| value.to_string_lossy().trim().into()).unwrap_or_default()
}

fn property(device: &udev::Device, name: &str) -> DeviceText {
    device.property_value(name).map(|value| value.to_string_lossy().as_ref().into()).unwrap_or_default()
}

fn flag(device: &udev::Device, name: &str) -> bool {
    attribute(device, name).as_str() == "1"
}

fn holders(syspath: &Path) -> Vec<DeviceText> {
    let entries = std::fs::read_dir(syspath.join("holders")).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().as_ref().into()).collect()
}

/// What can be said of a drive that did not answer: its place and size, so that it has a line in the record.
fn unidentified(facts: &DiskFacts) -> Identified {
    let bus = match facts.link {
        Link::Nvme { .. } => Bus::Nvme,
        Link::Usb { .. } => Bus::Usb,
        Link::Scsi => Bus::Scsi,
        Link::Mmc { .. } => Bus::Mmc,
        Link::Other { .. } => Bus::Other,
    };
    Identified {
        identity: Identity {
            bus,
            maker: DeviceText::default(),
            model: DeviceText::default(),
            serial: DeviceText::default(),
            firmware: DeviceText::default(),
            wwn: DeviceText::default(),
            namespace: 0,
            capacity: facts.whole.len,
            block: BlockSize::B512,
        },
        medium: Medium::Ssd,
        source: MediumSource::AssumedFlash,
        capabilities: Capabilities::default(),
    }
}

/// Two drives that say that they are the same one: neither can be told from the other, so neither is offered.
fn refuse_same_identities(found: &mut [Found]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for found in &*found {
        *count.entry(found.drive.identity.fingerprint()).or_default() += 1;
    }
    for found in found {
        if count.get(&found.drive.identity.fingerprint()).is_some_and(|count| *count > 1) {
            match &mut found.drive.eligibility {
                Eligibility::Ineligible(reasons) => reasons.push(Ineligible::SameIdentity),
                eligible => *eligible = Eligibility::Ineligible(vec![Ineligible::SameIdentity]),
            }
        }
    }
}
