//! A drive in memory that can misbehave, and a gate and a plan to run jobs on it.

pub(crate) mod rig;
mod rig_ata;
mod rig_nvme;
mod rig_scsi;
pub(crate) mod rigged;
mod rules;

use crate::arm::ArmedDrive;
use crate::event::{DriveEvent, JobEvent};
use crate::gate::{Intent, IntentGate, NotPermitted};
use crate::job::{Means, start_with};
use crate::stream::Generator;
use model::{
    BlockSize, Bus, ByteLen, Capabilities, Drive, DriveNo, DriveResult, Eligibility, Identity,
    InformationClass, Medium, MediumSource, Support, Technique,
};
use policy::{Choice, Choices, Confirmation, SessionPlan, Table, TableOrigin};
use protocol::nvme::{AdminCommand, Status};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;
use transport::{BlockIo, CommandError, Commands, Data, Geometry, IoFailure, NvmeCompletion, ScsiReply};

/// Three chunks and a bit that is no whole page.
pub(crate) const LEN: u64 = 3 * 512 * 1024 + 4096 + 3 * 512;
pub(crate) const BLOCK: usize = 512;

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Writes {
    #[default]
    Land,
    Ignored,
    BecomeZeros,
}

/// What Format NVM does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Formats {
    EraseTo(u8),
    DoNothing,
    EraseFirstHalf,
    EraseAllButOneByte,
    EraseWithNoise,
    Shrink,
    Reject(u16),
    TimeOut,
    HostError,
    Vanish,
}

/// How the drive behaves. The default is a good one.
#[derive(Debug, Clone)]
pub(crate) struct Behaviour {
    pub(crate) writes: Writes,
    pub(crate) unwritable: BTreeSet<u64>,
    pub(crate) unreadable: BTreeSet<u64>,
    pub(crate) flipped: BTreeSet<u64>,
    pub(crate) gone_after_writes: Option<usize>,
    pub(crate) gone_after_reads: Option<usize>,
    pub(crate) panics_at_write: Option<usize>,
    pub(crate) fails_at_flush: Option<usize>,
    pub(crate) formats: Formats,
    pub(crate) namespaces: Vec<u32>,
    pub(crate) lists_allocated: Option<u16>,
    pub(crate) manages_namespaces: u8,
    pub(crate) fna: u8,
    pub(crate) write_delay: Duration,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            writes: Writes::Land,
            unwritable: BTreeSet::new(),
            unreadable: BTreeSet::new(),
            flipped: BTreeSet::new(),
            gone_after_writes: None,
            gone_after_reads: None,
            panics_at_write: None,
            fails_at_flush: None,
            formats: Formats::EraseTo(0),
            namespaces: vec![1],
            lists_allocated: None,
            manages_namespaces: 0,
            fna: 0,
            write_delay: Duration::ZERO,
        }
    }
}

/// What has happened to the drive.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) medium: Vec<u8>,
    pub(crate) writes: usize,
    pub(crate) reads: usize,
    pub(crate) flushes: usize,
    /// The medium at each flush.
    pub(crate) at_flush: Vec<Vec<u8>>,
    pub(crate) commands: Vec<AdminCommand>,
    shrunk: u64,
}

impl State {
    pub(crate) fn formats(&self) -> Vec<AdminCommand> {
        self.commands.iter().filter(|command| command.opcode == 0x80).copied().collect()
    }
}

/// The drive. Clones share it, so that a test can look at it afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Fake {
    behaviour: Arc<Behaviour>,
    state: Arc<Mutex<State>>,
    geometry: Geometry,
}

/// What every block holds at first: its own number and a word.
pub(crate) fn old_block(lba: u64) -> Vec<u8> {
    format!("RESIDENT{lba:08}").repeat(BLOCK / 16).into_bytes()
}

/// A medium of such blocks, of so many bytes; made once, since hundreds of drives begin with it.
pub(crate) fn old_medium(len: u64) -> &'static [u8] {
    static LONGEST: LazyLock<Vec<u8>> =
        LazyLock::new(|| (0..LEN.max(rig::LEN) / BLOCK as u64).flat_map(old_block).collect());
    &LONGEST[..usize::try_from(len).unwrap()]
}

/// The blocks of a medium that still hold what they held at first.
pub(crate) fn old_blocks_of(medium: &[u8]) -> Vec<u64> {
    let blocks = medium.chunks(BLOCK).zip(old_medium(medium.len() as u64).chunks(BLOCK));
    (0..).zip(blocks).filter(|(_, (now, old))| now == old).map(|(lba, _)| lba).collect()
}

impl Fake {
    pub(crate) fn new(behaviour: Behaviour) -> Self {
        let medium = old_medium(LEN).to_vec();
        Self {
            behaviour: Arc::new(behaviour),
            state: Arc::new(Mutex::new(State { medium, ..State::default() })),
            geometry: Geometry { len: ByteLen(LEN), block: BlockSize::B512 },
        }
    }

    pub(crate) fn with_geometry(mut self, geometry: Geometry) -> Self {
        self.geometry = geometry;
        self
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The blocks that still hold what they held at first.
    pub(crate) fn old_blocks(&self) -> Vec<u64> {
        old_blocks_of(&self.state().medium)
    }

    fn touches(&self, set: &BTreeSet<u64>, offset: u64, len: usize) -> bool {
        set.range(offset / BLOCK as u64..(offset + len as u64) / BLOCK as u64).next().is_some()
    }
}

impl BlockIo for Fake {
    fn geometry(&self) -> Geometry {
        self.geometry
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
        let mut state = self.state();
        state.reads += 1;
        if self.behaviour.gone_after_reads.is_some_and(|count| state.reads > count) {
            return Err(IoFailure::Gone);
        }
        if self.touches(&self.behaviour.unreadable, offset, buffer.len()) {
            return Err(IoFailure::Medium("EIO".to_owned()));
        }
        let from = usize::try_from(offset).unwrap();
        buffer.copy_from_slice(&state.medium[from..from + buffer.len()]);
        for lba in self.behaviour.flipped.range(offset / 512..(offset + buffer.len() as u64) / 512) {
            buffer[usize::try_from(lba * 512 - offset).unwrap() + 300] ^= 0x10;
        }
        Ok(())
    }

    fn write_at(&self, offset: u64, buffer: &[u8]) -> Result<(), IoFailure> {
        std::thread::sleep(self.behaviour.write_delay);
        let mut state = self.state();
        state.writes += 1;
        assert!(self.behaviour.panics_at_write != Some(state.writes), "the fake drive panics as asked");
        if self.behaviour.gone_after_writes.is_some_and(|count| state.writes > count) {
            return Err(IoFailure::Gone);
        }
        if self.touches(&self.behaviour.unwritable, offset, buffer.len()) {
            return Err(IoFailure::Medium("EIO".to_owned()));
        }
        let from = usize::try_from(offset).unwrap();
        match self.behaviour.writes {
            Writes::Land => state.medium[from..from + buffer.len()].copy_from_slice(buffer),
            Writes::BecomeZeros => state.medium[from..from + buffer.len()].fill(0),
            Writes::Ignored => {}
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), IoFailure> {
        let mut state = self.state();
        state.flushes += 1;
        if self.behaviour.fails_at_flush == Some(state.flushes) {
            return Err(IoFailure::Medium("EIO".to_owned()));
        }
        let medium = state.medium.clone();
        state.at_flush.push(medium);
        Ok(())
    }
}

fn put(page: &mut [u8], at: usize, bytes: &[u8]) {
    page[at..at + bytes.len()].copy_from_slice(bytes);
}

impl Fake {
    fn identify(&self, command: &AdminCommand, data: &mut [u8]) -> u16 {
        data.fill(0);
        match command.cdw[0] {
            0x00 => {
                put(data, 0, &((LEN - self.state().shrunk) / 512).to_le_bytes());
                // Formats 0 (4096 bytes) and 1 (512 bytes), the second in use.
                put(data, 25, &[1, 1]);
                put(data, 128, &[0, 0, 12, 0, 0, 0, 9, 0]);
            }
            0x01 => {
                put(data, 4, b"SERIAL2             ");
                put(data, 24, b"MODEL 2             ");
                put(data, 256, &[0b10 | self.behaviour.manages_namespaces << 3]);
                put(data, 516, &1u32.to_le_bytes());
                put(data, 524, &[self.behaviour.fna]);
            }
            0x10 if self.behaviour.lists_allocated.is_some() => {
                return self.behaviour.lists_allocated.unwrap();
            }
            0x02 | 0x10 => {
                for (at, nsid) in (0..).step_by(4).zip(&self.behaviour.namespaces) {
                    put(data, at, &nsid.to_le_bytes());
                }
            }
            _ => return 0x4002,
        }
        0
    }

    fn format(&self) -> Result<u16, CommandError> {
        let mut state = self.state();
        let half = state.medium.len() / 2;
        match self.behaviour.formats {
            Formats::EraseTo(value) => state.medium.fill(value),
            Formats::DoNothing => {}
            Formats::EraseFirstHalf => state.medium[..half].fill(0),
            Formats::EraseAllButOneByte => {
                state.medium.fill(0xFF);
                state.medium[half] = 0xFE;
            }
            Formats::EraseWithNoise => {
                (0u32..)
                    .zip(state.medium.iter_mut())
                    .for_each(|(at, byte)| *byte = (at % 251).to_le_bytes()[0]);
            }
            Formats::Shrink => {
                state.medium.fill(0);
                state.shrunk = 512;
            }
            Formats::Reject(status) => return Ok(status),
            Formats::TimeOut => return Err(CommandError::TimedOut(Duration::from_secs(1))),
            Formats::HostError => return Err(CommandError::Host("EIO".to_owned())),
            Formats::Vanish => return Err(CommandError::Gone),
        }
        Ok(0)
    }
}

impl Commands for Fake {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        _timeout: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        self.state().commands.push(*command);
        let status = match command.opcode {
            0x06 => match data {
                Data::In(page) => self.identify(command, page),
                Data::None | Data::Out(_) => 0x4002,
            },
            0x80 => self.format()?,
            _ => 0x4001,
        };
        Ok(NvmeCompletion { status: Status(status), result: 0 })
    }

    fn scsi(&self, _cdb: &[u8], _data: Data<'_>, _timeout: Duration) -> Result<ScsiReply, CommandError> {
        Err(CommandError::NotThisBus)
    }
}

/// A gate that keeps what it was asked, with what had been done to the drive by then.
pub(crate) struct Gate {
    drive: Fake,
    /// From which intent on it refuses, counted from 0.
    refuses_from: usize,
    refusal: NotPermitted,
    pub(crate) asked: Mutex<Vec<Asked>>,
}

/// One question to the gate.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) intent: Intent,
    pub(crate) writes_before: usize,
    pub(crate) formats_before: usize,
}

impl IntentGate for Gate {
    fn permit(&self, intent: &Intent) -> Result<(), NotPermitted> {
        let mut asked = self.asked.lock().unwrap();
        let state = self.drive.state();
        asked.push(Asked {
            intent: intent.clone(),
            writes_before: state.writes,
            formats_before: state.formats().len(),
        });
        if asked.len() > self.refuses_from { Err(self.refusal.clone()) } else { Ok(()) }
    }
}

pub(crate) fn gate(drive: &Fake) -> Arc<Gate> {
    gate_refusing_from(drive, usize::MAX)
}

pub(crate) fn gate_refusing_from(drive: &Fake, refuses_from: usize) -> Arc<Gate> {
    let refusal = NotPermitted::NotSaved("no stick".to_owned());
    Arc::new(Gate { drive: drive.clone(), refuses_from, refusal, asked: Mutex::default() })
}

pub(crate) fn gate_stopped(drive: &Fake) -> Arc<Gate> {
    let refusal = NotPermitted::Stopped;
    Arc::new(Gate { drive: drive.clone(), refuses_from: 0, refusal, asked: Mutex::default() })
}

/// Drives 1 (HDD), 2 (NVMe SSD), 3 (SATA SSD), as the inventory would list them.
pub(crate) fn drive(no: u16) -> Drive {
    let (bus, medium) = match no {
        1 => (Bus::Ata, Medium::Hdd),
        2 => (Bus::Nvme, Medium::Ssd),
        _ => (Bus::Ata, Medium::Ssd),
    };
    let format = (no == 2).then_some((Technique::NvmeFormatUserData, Support::Supported));
    Drive {
        no: DriveNo(no),
        identity: Identity {
            bus,
            maker: "".into(),
            model: format!("MODEL {no}").as_str().into(),
            serial: format!("SERIAL{no}").as_str().into(),
            firmware: "1".into(),
            wwn: "".into(),
            namespace: u32::from(no == 2),
            capacity: ByteLen(LEN),
            block: BlockSize::B512,
        },
        medium,
        medium_source: MediumSource::Person,
        capabilities: Capabilities(format.into_iter().collect()),
        eligibility: Eligibility::Eligible,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: "sda".into(),
    }
}

pub(crate) fn plan(class: InformationClass, choice: Choice) -> SessionPlan {
    let drives = [drive(1), drive(2), drive(3)];
    let choices: Choices = drives.iter().map(|drive| (drive.no, choice)).collect();
    policy::plan(&Table::builtin().unwrap(), TableOrigin::Builtin, class, &drives, &choices)
}

pub(crate) fn confirm(plan: &SessionPlan) -> Confirmation {
    Confirmation::new(plan, &plan.digest().code()).unwrap()
}

pub(crate) fn arm(plan: &SessionPlan, no: u16, device: &Fake) -> ArmedDrive {
    let fresh = drive(no).identity;
    ArmedDrive::arm(plan, &confirm(plan), DriveNo(no), Box::new(device.clone()), &fresh).unwrap()
}

/// Runs a job to its end.
pub(crate) fn run(armed: ArmedDrive, gate: Arc<Gate>, generator: Generator) -> (DriveResult, Vec<JobEvent>) {
    let (sender, receiver) = crossbeam_channel::unbounded::<DriveEvent>();
    let means = Means { generator, ..Means::default() };
    let result = start_with(armed, gate, sender, means).join();
    (result, receiver.iter().map(|event| event.event).collect())
}

/// Overwrites as class (3) asks: drive 1 once, drive 3 twice.
pub(crate) fn overwrite(no: u16, device: &Fake) -> DriveResult {
    let armed = arm(&plan(InformationClass::Three, Choice::Erase), no, device);
    run(armed, gate(device), Generator::for_this_cpu()).0
}

/// Formats drive 2 as class (2) asks.
pub(crate) fn format(device: &Fake) -> DriveResult {
    let armed = arm(&plan(InformationClass::Two, Choice::Erase), 2, device);
    run(armed, gate(device), Generator::for_this_cpu()).0
}
