//! Slow disks, silent disks, and disks that come late.

use super::*;
use crate::facts::{Adapter, Filesystem, Probe, WriteState};
use model::{BlockSize, Bus, Capabilities, Conditions, HiddenAreas, Identity, Medium, MediumSource};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::Sender;

fn volume(name: &str, number: u32) -> VolumeFacts {
    VolumeFacts {
        node: format!("/dev/{name}").into(),
        name: name.into(),
        number: (8, number),
        len: ByteLen(1 << 30),
        filesystem: Filesystem::default(),
        mounted_at: Vec::new(),
        holders: Vec::new(),
        marks: Err(MarkError::Unreadable("not asked yet".into())),
    }
}

fn disk(name: &str, sequence: &str) -> DiskFacts {
    DiskFacts {
        whole: volume(name, 0),
        partitions: vec![volume(&format!("{name}1"), 1)],
        sequence: sequence.into(),
        link: Link::Scsi,
        place: None,
        adapter: Adapter::Other,
        probe: Probe::Finished,
        removable: Removable::No,
        write: WriteState::Writable,
        claim: Claim::Failed("not asked yet".into()),
    }
}

fn answered(mut facts: DiskFacts) -> Asked {
    facts.whole.marks = Ok(Marks::None);
    facts.partitions.iter_mut().for_each(|it| it.marks = Ok(Marks::None));
    facts.claim = Claim::Given;
    let identity = Identity {
        bus: Bus::Ata,
        maker: "".into(),
        model: "M".into(),
        serial: facts.whole.name.clone(),
        firmware: "".into(),
        wwn: "".into(),
        namespace: 0,
        capacity: facts.whole.len,
        block: BlockSize::B512,
    };
    let identified = Identified {
        identity,
        medium: Medium::Ssd,
        source: MediumSource::AssumedFlash,
        capabilities: Capabilities::default(),
        conditions: Conditions::default(),
        hidden: HiddenAreas::default(),
        times: BTreeMap::new(),
    };
    Asked { facts, identified: Ok(identified) }
}

/// Every disk answers at once but `sdb`, which answers when told to.
fn asker() -> (Arc<Ask>, Sender<()>) {
    let (sender, receiver) = channel();
    let receiver = Mutex::new(receiver);
    let ask = move |facts: DiskFacts| {
        if facts.whole.name.as_str() == "sdb" {
            receiver.lock().unwrap().recv().unwrap();
        }
        answered(facts)
    };
    (Arc::new(ask), sender)
}

const BOUND: Duration = Duration::from_millis(50);

fn serials(asked: &[Asked]) -> Vec<Option<&str>> {
    asked.iter().map(|it| it.identified.as_ref().ok().map(|it| it.identity.serial.as_str())).collect()
}

#[test]
fn one_silent_disk_does_not_keep_the_others() {
    let (ask, answer) = asker();
    let mut looks = Looks::default();
    let start = Instant::now();
    let disks = vec![disk("sda", "1"), disk("sdb", "2"), disk("sdc", "3")];
    // Time enough for two threads to start on a machine that has other work, too.
    let bound = Duration::from_secs(2);
    let asked = looks.ask_all(disks, &ask, bound);
    assert!(start.elapsed() >= bound && start.elapsed() < 2 * bound);
    assert_eq!(serials(&asked), [Some("sda"), None, Some("sdc")]);
    assert!(matches!(asked[1].identified, Err(IdentifyFailure::Silent(LOOK_BOUND))));
    assert!(asked[1].facts.whole.marks.is_err() && asked[1].facts.claim != Claim::Given);
    assert!(looks.is_waiting());
    answer.send(()).unwrap();
}

#[test]
fn a_late_answer_is_taken_by_a_later_look_and_asked_for_once() {
    let (ask, answer) = asker();
    let mut looks = Looks::default();
    assert_eq!(serials(&looks.ask_all(vec![disk("sdb", "2")], &ask, BOUND)), [None]);
    assert_eq!(serials(&looks.ask_all(vec![disk("sdb", "2")], &ask, BOUND)), [None]);
    // One answer is enough: there is one question.
    answer.send(()).unwrap();
    let mut now = disk("sdb", "2");
    now.whole.mounted_at.push("/mnt".into());
    now.partitions.push(volume("sdb2", 2));
    let asked = looks.ask_all(vec![now], &ask, Duration::from_secs(10)).remove(0);
    assert_eq!(asked.identified.unwrap().identity.serial.as_str(), "sdb");
    assert!(!looks.is_waiting());
    // What is known now of mounts stands, and what the question did not cover stays in doubt.
    assert_eq!(asked.facts.whole.mounted_at.len(), 1);
    assert_eq!(asked.facts.whole.marks, Ok(Marks::None));
    assert!(asked.facts.partitions[1].marks.is_err() && asked.facts.partitions[0].marks.is_ok());
}

#[test]
fn another_disk_under_the_same_name_does_not_get_the_late_answer() {
    let (ask, answer) = asker();
    let mut looks = Looks::default();
    looks.ask_all(vec![disk("sdb", "2")], &ask, BOUND);
    let asked = looks.ask_all(vec![disk("sdb", "9")], &ask, BOUND);
    assert_eq!(serials(&asked), [None]);
    answer.send(()).unwrap();
    answer.send(()).unwrap();
    looks.ask_all(Vec::new(), &ask, BOUND);
    assert!(!looks.is_waiting(), "a disk that is gone is not waited for");
}

#[test]
fn a_question_that_panics_is_asked_anew() {
    let asked_before = Mutex::new(false);
    let ask: Arc<Ask> = Arc::new(move |facts| {
        let mut before = asked_before.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        assert!(std::mem::replace(&mut *before, true), "the first question fails, as this test wants");
        answered(facts)
    });
    let mut looks = Looks::default();
    assert_eq!(serials(&looks.ask_all(vec![disk("sda", "1")], &ask, Duration::from_secs(10))), [None]);
    assert_eq!(serials(&looks.ask_all(vec![disk("sda", "1")], &ask, Duration::from_secs(10))), [Some("sda")]);
}
