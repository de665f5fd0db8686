//! Asking every disk at once, and waiting for none longer than is stated.

use crate::collected::Releases;
use crate::facts::{Claim, DiskFacts, Link, Removable, VolumeFacts};
use crate::identify::{Identified, IdentifyFailure, identify};
use crate::marks::{MarkError, Marks, read_marks};
use model::{ByteLen, Condition, DeviceText};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};
use transport::{Access, BlockIo, Node, OpenError};

/// How long a look waits for all disks together. One that has not answered by then is listed as silent, and goes on being
/// waited for beside the looks that follow.
pub const LOOK_BOUND: Duration = Duration::from_secs(30);
/// How long each of those waits for it.
const AGAIN: Duration = Duration::from_secs(1);

/// What asking a disk gave.
#[derive(Debug)]
pub(crate) struct Asked {
    /// With the marks on it, and whether the kernel would give it to us alone.
    pub(crate) facts: DiskFacts,
    /// What it said of itself.
    pub(crate) identified: Result<Identified, IdentifyFailure>,
}

/// How a disk is asked; may block for as long as it does not answer.
pub(crate) type Ask = dyn Fn(DiskFacts) -> Asked + Send + Sync;

/// A disk: its node, and the kernel's number of it.
type Key = (PathBuf, DeviceText);

fn key(facts: &DiskFacts) -> Key {
    (facts.whole.node.clone(), facts.sequence.clone())
}

/// The questions that have no answer yet.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    late: BTreeMap<Key, Receiver<Asked>>,
}

impl Looks {
    /// Whether a disk is still being waited for.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.late.is_empty()
    }

    /// Asks all disks, each on a thread of its own, and waits for them until `bound` has passed.
    pub(crate) fn ask_all(&mut self, disks: Vec<DiskFacts>, ask: &Arc<Ask>, bound: Duration) -> Vec<Asked> {
        let start = Instant::now();
        self.late.retain(|late, _| disks.iter().any(|disk| key(disk) == *late));
        let asked: Vec<_> = disks
            .into_iter()
            .map(|disk| match self.late.remove(&key(&disk)) {
                Some(receiver) => (disk, Some(receiver), start + AGAIN.min(bound)),
                None => (disk.clone(), spawn(disk, ask), start + bound),
            })
            .collect();
        asked.into_iter().map(|(disk, receiver, until)| self.wait(disk, receiver, until)).collect()
    }

    fn wait(&mut self, disk: DiskFacts, receiver: Option<Receiver<Asked>>, until: Instant) -> Asked {
        let silent = |facts| Asked { facts, identified: Err(IdentifyFailure::Silent(LOOK_BOUND)) };
        let Some(receiver) = receiver else { return silent(disk) };
        match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(asked) => up_to_date(disk, asked),
            Err(RecvTimeoutError::Timeout) => {
                self.late.insert(key(&disk), receiver);
                silent(disk)
            }
            // Its thread ended without an answer: it will be asked anew by the next look.
            Err(RecvTimeoutError::Disconnected) => silent(disk),
        }
    }
}

fn spawn(disk: DiskFacts, ask: &Arc<Ask>) -> Option<Receiver<Asked>> {
    let (sender, receiver) = channel();
    let ask = Arc::clone(ask);
    let name = format!("look-{}", disk.whole.name);
    let work = move || {
        // Nobody waits any more for a disk that is gone.
        let _ = sender.send(ask(disk));
    };
    thread::Builder::new().name(name).spawn(work).ok().map(|_| receiver)
}

/// The answers of a question that may be older than what is known now of mounts, holders and partitions.
fn up_to_date(now: DiskFacts, asked: Asked) -> Asked {
    let marks: BTreeMap<_, _> =
        asked.facts.volumes().map(|volume| (volume.number, volume.marks.clone())).collect();
    let mut facts = now;
    let keep = |volume: &mut VolumeFacts| {
        if let Some(marks) = marks.get(&volume.number) {
            volume.marks = marks.clone();
        }
    };
    keep(&mut facts.whole);
    facts.partitions.iter_mut().for_each(keep);
    facts.whole.len = asked.facts.whole.len;
    facts.claim = asked.facts.claim;
    Asked { facts, identified: asked.identified }
}

/// Asks a real disk: who it is, what is on it, whether it is free.
pub(crate) fn ask_node(mut facts: DiskFacts, releases: &Releases) -> Asked {
    let identified = identify_node(&mut facts);
    let closed =
        identified.as_ref().is_ok_and(|it| it.conditions.is_busy() || it.conditions.has(Condition::Locked));
    // A drive that says that it can't be read is not made to fail at it.
    if !closed {
        read_volume(&mut facts.whole, releases);
        facts.partitions.iter_mut().for_each(|volume| read_volume(volume, releases));
    }
    facts.claim = claim(&facts.whole.node);
    Asked { facts, identified }
}

/// Opens the drive's node for questions only, and asks. A drive that had no capacity when the kernel first saw it, because
/// it was erasing itself then, may have one now.
fn identify_node(facts: &mut DiskFacts) -> Result<Identified, IdentifyFailure> {
    let node = Node::open(&facts.whole.node, Access::Identify)?;
    let identified = identify(&node, &facts.link, facts.removable);
    let fixed = matches!(facts.link, Link::Scsi | Link::Nvme { .. }) && facts.removable == Removable::No;
    let busy = identified.as_ref().is_ok_and(|it| it.conditions.is_busy());
    if node.geometry().len != ByteLen(0) || !fixed || busy {
        return identified;
    }
    match node.refresh_geometry() {
        Ok(geometry) if geometry.len != ByteLen(0) => {
            facts.whole.len = geometry.len;
            identify(&node, &facts.link, facts.removable)
        }
        _ => identified,
    }
}

fn read_volume(volume: &mut VolumeFacts, releases: &Releases) {
    volume.marks = marks(&volume.node, volume.len, volume.filesystem.kind.as_str(), releases);
}

fn marks(node: &Path, len: ByteLen, filesystem: &str, releases: &Releases) -> Result<Marks, MarkError> {
    if len == ByteLen(0) {
        return Ok(Marks::None);
    }
    match Node::open(node, Access::Read) {
        Ok(volume) => read_marks(&volume, filesystem).map(|marks| match marks {
            Marks::Logs { sessions } if releases.cover(&volume) => Marks::Collected { sessions },
            other => other,
        }),
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

#[cfg(test)]
#[path = "looks_tests.rs"]
mod tests;
