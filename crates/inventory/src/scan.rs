//! The walk through udev: every disk of the PC, its facts, its identity, its verdict.

use crate::classify::{Role, Said, classify};
use crate::collected::Releases;
use crate::facts::{Adapter, DiskFacts, Link, Probe};
use crate::identify::Identified;
use crate::looks::{Ask, Asked, LOOK_BOUND, Looks, ask_node};
use crate::mounts::Mounts;
use crate::sticks::{StickFacts, stick_volumes};
use crate::sysfs::{attribute, disk_facts, is_disk, is_udev_busy, probe};
use model::{
    Aside, BlockSize, Bus, ByteLen, Capabilities, DeviceText, Drive, DriveNo, Eligibility, Identity,
    Ineligible, Medium, MediumSource, Technique,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
    /// How many seconds the drive says that a technique takes.
    pub times: BTreeMap<Technique, u64>,
}

impl Found {
    /// What screens say beside it.
    #[must_use]
    pub fn aside(&self) -> Aside {
        Aside { place: self.facts.place.clone(), times: self.times.clone() }
    }
}

/// The drives of this PC, numbered for the length of a session.
#[derive(Debug, Default)]
pub struct Inventory {
    looks: Looks,
    releases: Releases,
    numbers: BTreeMap<(String, DeviceText), DriveNo>,
    results_sticks: BTreeSet<String>,
    spared: BTreeMap<DriveNo, Found>,
    /// Drives that report no serial number and that a person named by the one on their label.
    named: BTreeSet<DriveNo>,
    /// Drives whose capacity may be another one at the next look, by everything else that tells them apart.
    grown: BTreeMap<String, DriveNo>,
    found: Vec<Found>,
    unfinished: Unfinished,
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

    /// From now on a stick with logs is offered if it has a release that this judge takes for genuine.
    pub fn heed_releases(&mut self, releases: Releases) {
        self.releases = releases;
    }

    /// From now on this drive is a results stick of the session, and never offered.
    pub fn use_as_results_stick(&mut self, identity: &Identity) {
        self.results_sticks.insert(identity.fingerprint());
    }

    /// From now on this drive, which reports no serial number, is not refused for that: a person read the one on its
    /// label. It holds for the drive that has this number now, as long as it stays plugged in.
    pub fn name_by_label(&mut self, no: DriveNo) {
        self.named.insert(no);
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

    /// A hidden area of this drive was opened: as long as it stays, it keeps its number, whatever its capacity is.
    pub fn expect_growth(&mut self, no: DriveNo) {
        if let Some(found) = self.get(no) {
            self.grown.insert(but_capacity(found), no);
        }
    }

    /// Whether a drive has not answered yet to the question of an earlier look: look again in a while.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.looks.is_waiting()
    }

    /// Whether a disk was left out of the last look because udev had not finished with it: look again in a while.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.unfinished.left_out
    }

    /// Looks again. Takes no longer than [`LOOK_BOUND`] and the moment that sysfs takes: a drive that has not answered by
    /// then is listed as one that did not say who it is.
    ///
    /// # Errors
    /// [`ScanError`]
    pub fn scan(&mut self) -> Result<(), ScanError> {
        let mounts = Mounts::read().map_err(ScanError::Mounts)?;
        let mut enumerator = udev::Enumerator::new().map_err(ScanError::Udev)?;
        enumerator.match_subsystem("block").map_err(ScanError::Udev)?;
        let devices: Vec<udev::Device> = enumerator.scan_devices().map_err(ScanError::Udev)?.collect();
        let mut found = Vec::new();
        let mut disks = Vec::new();
        self.unfinished.left_out = false;
        for disk in devices.iter().filter(|device| is_disk(device)) {
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
            // udev is still looking at it, or at a part of it: what it carries is not known yet.
            let probe = probe(disk, &devices);
            let unfinished = probe == Probe::Unfinished;
            if !(unfinished && self.unfinished.leave_out(&sequence, is_udev_busy(), Instant::now())) {
                disks.push(disk_facts(disk, &devices, &mounts, probe));
            }
        }
        let releases = self.releases.clone();
        let ask: Arc<Ask> = Arc::new(move |facts| ask_node(facts, &releases));
        let asked = self.looks.ask_all(disks, &ask, LOOK_BOUND);
        found.extend(asked.into_iter().map(|asked| self.judge(asked)));
        self.number(&mut found);
        self.refuse_nameless(&mut found);
        refuse_same_identities(&mut found);
        found.sort_by_key(|found| found.drive.no);
        self.found = found;
        Ok(())
    }

    fn judge(&self, Asked { facts, identified }: Asked) -> Found {
        let failure = identified.as_ref().err().map(ToString::to_string);
        if let Some(failure) = &failure {
            tracing::warn!(drive = %facts.whole.name, failure, "not identified");
        }
        let identified = identified.unwrap_or_else(|_| unidentified(&facts));
        let role = match self.results_sticks.contains(&identified.identity.fingerprint()) {
            true => Role::ResultsStick,
            false => Role::None,
        };
        let volume = facts.adapter == Adapter::Raid && identified.identity.bus == Bus::Scsi;
        let failure = failure.or_else(|| volume.then(|| BEHIND_RAID.to_owned()));
        let said = Said {
            failure: failure.as_deref(),
            medium: identified.medium,
            conditions: &identified.conditions,
        };
        let eligibility = classify(&facts, role, &said);
        let drive = Drive {
            no: DriveNo(0),
            identity: identified.identity,
            medium: identified.medium,
            medium_source: identified.source,
            capabilities: identified.capabilities,
            eligibility,
            conditions: identified.conditions,
            hidden: identified.hidden,
            position: facts.whole.name.clone(),
        };
        Found { drive, facts, times: identified.times }
    }

    /// A drive keeps its number as long as it stays. One that was pulled, or whose medium was changed (a card reader
    /// says the same of every card), comes back under a new number, so that no plan made before means it.
    fn number(&mut self, found: &mut [Found]) {
        for found in found {
            if let Some(no) = self.grown.get(&but_capacity(found)) {
                found.drive.no = *no;
                continue;
            }
            // A medium that is told otherwise now is another drive to the log, which keeps one medium a number.
            let name = format!("{} {:?}", found.drive.identity.fingerprint(), found.drive.medium);
            let key = (name, found.facts.sequence.clone());
            let next = DriveNo(u16::try_from(self.numbers.len() + 1).unwrap_or(u16::MAX));
            found.drive.no = *self.numbers.entry(key).or_insert(next);
        }
    }

    /// Without a serial number a record proves nothing: such a drive is refused until a person has named it. A broken
    /// NVMe drive that reports none stays refused, because its namespaces are told by it (NVMe 2.0, 5.17.2.1).
    fn refuse_nameless(&self, found: &mut [Found]) {
        for Found { drive, .. } in found {
            let identity = &drive.identity;
            let named = self.named.contains(&drive.no) && identity.bus != Bus::Nvme;
            if named || !identity.serial.is_empty() || drive.medium == Medium::Optical {
                continue;
            }
            let why = Ineligible::Unidentified(NAMELESS.into());
            match &mut drive.eligibility {
                Eligibility::Eligible => drive.eligibility = Eligibility::Ineligible(vec![why]),
                // One that did not say who it is at all, or is closed, is refused for that.
                Eligibility::Ineligible(reasons) if reasons.iter().any(says_nothing) => {}
                Eligibility::Ineligible(reasons) => reasons.push(why),
            }
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

/// How long udev may take for a disk, while it is idle otherwise, before the disk is asked all the same: udev may have died.
const UDEV_PATIENCE: Duration = Duration::from_secs(10);

/// The disks with which udev had not finished.
///
/// The kernel shows a disk, node and all, before it reads its partition table, and tells udev only afterwards. Whoever has
/// the disk exclusively in between, for however short a moment, keeps it from reading the table, and it does not try again:
/// a results stick without its partition is none, until it is plugged in anew. So such a disk is not opened at all.
#[derive(Debug, Default)]
struct Unfinished {
    /// When each was first seen so, by the kernel's number.
    since: BTreeMap<DeviceText, Instant>,
    /// Whether one was left out of the last look.
    left_out: bool,
}

impl Unfinished {
    /// Whether this one is left out: udev works, or may begin to.
    fn leave_out(&mut self, sequence: &DeviceText, is_udev_busy: bool, now: Instant) -> bool {
        let since = *self.since.entry(sequence.clone()).or_insert(now);
        let out = is_udev_busy || now.saturating_duration_since(since) < UDEV_PATIENCE;
        self.left_out |= out;
        out
    }
}

/// Why a RAID adapter's volume is not offered: members and spares would keep their data, and no record could name
/// them.
pub const BEHIND_RAID: &str = "a volume of a RAID controller, not a drive";

/// Why a drive without a serial number is not offered.
pub const NAMELESS: &str = "it reports no serial number";

/// Whether a reason stands for a drive that cannot say who it is.
fn says_nothing(reason: &Ineligible) -> bool {
    matches!(
        reason,
        Ineligible::Unidentified(_) | Ineligible::ErasingItself | Ineligible::Locked | Ineligible::NoMedium
    )
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
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        times: BTreeMap::new(),
    }
}

/// Everything by which a drive is numbered, except its capacity.
fn but_capacity(found: &Found) -> String {
    let identity = Identity { capacity: ByteLen(0), ..found.drive.identity.clone() };
    format!("{} {:?} {}", identity.fingerprint(), found.drive.medium, found.facts.sequence.as_str())
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
                // A drive that a job has is as the look before left it.
                Eligibility::Ineligible(reasons) if reasons.contains(&Ineligible::SameIdentity) => {}
                Eligibility::Ineligible(reasons) => reasons.push(Ineligible::SameIdentity),
                eligible => *eligible = Eligibility::Ineligible(vec![Ineligible::SameIdentity]),
            }
        }
    }
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
