//! What the tests of this program share: a stick in memory that fails or hangs at will, drives, plans.

mod carer;

pub(crate) use carer::{Carer, Door, Follows};

use crate::keeper::Place;
use crate::office::{Authority, OfficeStick};
use crate::opening::OpenedStick;
use inventory::{
    Adapter, Claim, DiskFacts, Filesystem, Found, Link, Marks, Probe, Removable, StickFacts, VolumeFacts,
    WriteState,
};
use model::{
    BlockSize, Bus, ByteLen, Capabilities, DeviceText, Drive, DriveNo, Eligibility, Identity, Ineligible,
    InformationClass, Medium, MediumSource,
};
use policy::{Choice, SessionPlan, Table, TableOrigin};
use record::{SessionKey, Twin, copy_name};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};
use stick::{Backend, ExtraFile, History, StickError, StoredLog};
use wizard::{ClassAnswer, ClockAnswer, Language, SessionAnswers, StickInfo, StickNo};

/// What a stick in memory does with writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Works,
    Full,
    /// Takes everything, keeps nothing.
    Forgets,
    /// Was pulled.
    Gone,
    /// Blocks until it is in another mood.
    Hangs,
    /// Works, but cannot be let go of until it is in another mood.
    Clings,
}

#[derive(Debug)]
struct Memory {
    mood: Mood,
    files: BTreeMap<String, Vec<u8>>,
    hanging: usize,
    released: usize,
    extra: Vec<(String, Vec<u8>)>,
}

/// A stick in memory. Clones are the same stick, opened again.
#[derive(Clone)]
pub(crate) struct FakeStick {
    memory: Arc<(Mutex<Memory>, Condvar)>,
    open: BTreeMap<Twin, String>,
}

impl FakeStick {
    pub(crate) fn new(mood: Mood) -> Self {
        let memory = Memory { mood, files: BTreeMap::new(), hanging: 0, released: 0, extra: Vec::new() };
        Self { memory: Arc::new((Mutex::new(memory), Condvar::new())), open: BTreeMap::new() }
    }

    pub(crate) fn set(&self, mood: Mood) {
        self.memory.0.lock().unwrap().mood = mood;
        self.memory.1.notify_all();
    }

    /// The one log on it.
    pub(crate) fn log(&self) -> Vec<u8> {
        let memory = self.memory.0.lock().unwrap();
        let log = memory.files.iter().find(|(name, _)| name.ends_with(record::LOG_SUFFIX));
        log.map(|(_, bytes)| bytes.clone()).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.log()).unwrap()
    }

    /// Waits until somebody hangs in a write.
    pub(crate) fn wait_until_it_hangs(&self) {
        let (memory, moved) = (&self.memory.0, &self.memory.1);
        drop(moved.wait_while(memory.lock().unwrap(), |memory| memory.hanging == 0).unwrap());
    }

    /// Waits until it was let go of so often.
    pub(crate) fn wait_until_released(&self, times: usize) {
        let (memory, moved) = (&self.memory.0, &self.memory.1);
        drop(moved.wait_while(memory.lock().unwrap(), |memory| memory.released < times).unwrap());
    }

    /// The files on it that are no logs.
    pub(crate) fn extra(&self) -> Vec<(String, Vec<u8>)> {
        self.memory.0.lock().unwrap().extra.clone()
    }

    /// How often it was let go of.
    pub(crate) fn released(&self) -> usize {
        self.memory.0.lock().unwrap().released
    }

    pub(crate) fn place(&self) -> Place {
        let stick = self.clone();
        Box::new(move || Ok(Box::new(stick)))
    }

    /// What the kernel would do now.
    fn write_mood(&self) -> Mood {
        let (memory, moved) = (&self.memory.0, &self.memory.1);
        let mut memory = memory.lock().unwrap();
        memory.hanging += 1;
        moved.notify_all();
        let mut memory = moved.wait_while(memory, |memory| memory.mood == Mood::Hangs).unwrap();
        memory.hanging -= 1;
        memory.mood
    }
}

fn file(twin: Twin, log: &str) -> String {
    match twin {
        Twin::Log => log.to_owned(),
        Twin::Copy => copy_name(log).unwrap(),
    }
}

impl Backend for FakeStick {
    fn logs(&mut self) -> Result<Vec<StoredLog>, StickError> {
        Ok(Vec::new())
    }
    fn reopen(&mut self, twin: Twin, log: &str) -> Result<Option<()>, StickError> {
        let name = file(twin, log);
        let there = self.memory.0.lock().unwrap().files.contains_key(&name);
        self.open.insert(twin, name);
        Ok(there.then_some(()))
    }
    fn create(&mut self, twin: Twin, log: &str) -> Result<(), StickError> {
        let name = file(twin, log);
        self.memory.0.lock().unwrap().files.entry(name.clone()).or_default();
        self.open.insert(twin, name);
        Ok(())
    }
    fn write(&mut self, twin: Twin, offset: u64, bytes: &[u8]) -> Result<(), StickError> {
        match self.write_mood() {
            Mood::Full => return Err(StickError::Full),
            Mood::Gone => return Err(StickError::Removed),
            Mood::Forgets => return Ok(()),
            Mood::Works | Mood::Hangs | Mood::Clings => {}
        }
        let mut memory = self.memory.0.lock().unwrap();
        let (file, at) = (memory.files.get_mut(&self.open[&twin]).unwrap(), usize::try_from(offset).unwrap());
        // In place, as a file is written: what is beyond stays.
        file.resize(file.len().max(at + bytes.len()), 0);
        file[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
    fn read_back(&mut self, twin: Twin) -> Result<Vec<u8>, StickError> {
        let memory = self.memory.0.lock().unwrap();
        match memory.mood {
            Mood::Gone => Err(StickError::Removed),
            _ => Ok(memory.files.get(&self.open[&twin]).cloned().unwrap_or_default()),
        }
    }
    fn put(&mut self, file: &ExtraFile) -> Result<String, StickError> {
        match self.write_mood() {
            Mood::Full => return Err(StickError::Full),
            Mood::Gone => return Err(StickError::Removed),
            Mood::Forgets => return Err(StickError::ReadBackDiffers),
            Mood::Works | Mood::Hangs | Mood::Clings => {}
        }
        let name = format!("{}/{}{}", file.folder, file.stem, file.suffix);
        self.memory.0.lock().unwrap().extra.push((name.clone(), file.bytes.clone()));
        Ok(name)
    }
    fn release(&mut self) -> Result<(), StickError> {
        let memory = self.memory.0.lock().unwrap();
        let mut memory = self.memory.1.wait_while(memory, |memory| memory.mood == Mood::Clings).unwrap();
        memory.released += 1;
        self.memory.1.notify_all();
        Ok(())
    }
}

pub(crate) fn drive(no: u16, medium: Medium, eligibility: Eligibility) -> Drive {
    Drive {
        no: DriveNo(no),
        identity: Identity {
            bus: Bus::Ata,
            maker: DeviceText::default(),
            model: "MODEL".into(),
            serial: format!("S{no}").as_str().into(),
            firmware: "1".into(),
            wwn: DeviceText::default(),
            namespace: 0,
            capacity: ByteLen(1 << 20),
            block: BlockSize::B512,
        },
        medium,
        medium_source: MediumSource::NonRotating,
        capabilities: Capabilities::default(),
        eligibility,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: "sda".into(),
    }
}

pub(crate) fn drives() -> Vec<Drive> {
    vec![
        drive(1, Medium::Hdd, Eligibility::Eligible),
        drive(2, Medium::UsbStick, Eligibility::Ineligible(vec![Ineligible::ResultsStick])),
    ]
}

/// A stick as the inventory sees it: the serial says which, the sequence when it was plugged in.
pub(crate) fn stick_facts(no: u16, sequence: &str) -> StickFacts {
    StickFacts {
        no: DriveNo(no),
        identity: drive(no, Medium::UsbStick, Eligibility::Eligible).identity,
        sequence: sequence.into(),
        node: "/dev/null".into(),
        len: ByteLen(1 << 20),
        filesystem: Filesystem {
            kind: "vfat".into(),
            label: "MASSHO".into(),
            uuid: format!("0000-{no:04}").as_str().into(),
        },
        write: WriteState::Writable,
        marks: Ok(Marks::None),
    }
}

pub(crate) fn opened(stick: &FakeStick) -> OpenedStick {
    let facts = stick_facts(2, "9");
    OpenedStick {
        identity: facts.identity,
        volume_id: facts.filesystem.uuid,
        sequence: facts.sequence,
        folder: Box::new(stick.clone()),
        history: History::of(&[], ""),
        key: SessionKey::generate().unwrap(),
        info: StickInfo {
            no: StickNo(1),
            label: String::new(),
            sessions_so_far: 0,
            fingerprint: String::new(),
            free: ByteLen(0),
            voucher: wizard::Voucher::Blank,
            past: Vec::new(),
            remembered: None,
            lists: None,
            assets: None,
        },
        office: OfficeStick::blank(&Authority::default()),
        policy: None,
    }
}

pub(crate) fn answers(class: InformationClass) -> SessionAnswers {
    SessionAnswers {
        operator: "山田花子".into(),
        drives_from: wizard::DrivesFrom::ThisPc,
        asset_number: "PC-1".into(),
        witness: None,
        class,
        class_answer: ClassAnswer::Known,
        clock: ClockAnswer::Right,
        language: Language::Ja,
        purpose: wizard::Purpose::Erase,
        declared: wizard::Declared::default(),
        asset_check: wizard::AssetCheck::NotChecked,
        missing_media: Vec::new(),
        labels: Vec::new(),
        exceptions: Vec::new(),
        attestations: Vec::new(),
    }
}

pub(crate) fn builtin() -> record::PolicyTable {
    record::PolicyTable {
        version: Table::builtin().unwrap().version,
        origin: record::TableOrigin::Builtin,
        sha256: None,
    }
}

pub(crate) fn plan(class: InformationClass) -> SessionPlan {
    let choices = [(DriveNo(1), Choice::Erase)].into();
    policy::plan(&Table::builtin().unwrap(), TableOrigin::Builtin, class, &drives(), &choices)
}

/// A drive as the inventory found it.
pub(crate) fn found(drive: Drive) -> Found {
    let whole = VolumeFacts {
        name: "sda".into(),
        number: (8, 0),
        node: "/dev/null".into(),
        len: drive.identity.capacity,
        filesystem: Filesystem::default(),
        mounted_at: Vec::new(),
        holders: Vec::new(),
        marks: Ok(Marks::None),
    };
    let facts = DiskFacts {
        sequence: "1".into(),
        link: Link::Scsi,
        place: Some(model::Place::Sata(1)),
        adapter: Adapter::Other,
        probe: Probe::Finished,
        removable: Removable::No,
        write: WriteState::Writable,
        claim: Claim::Given,
        whole,
        partitions: Vec::new(),
    };
    Found { drive, facts, times: BTreeMap::new() }
}
