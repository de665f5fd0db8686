//! An ATA drive as a host sees it: everything goes through ATA PASS-THROUGH (16), with the registers asked for.

mod capacity;
mod faults;
mod hostile;
mod identify;
mod sanitize;
mod sat;
mod security;

use super::opcode::Direction;
use super::*;
use crate::TestClock;
use crate::bytes::{le, put};
use crate::medium::Kind;
use std::time::Duration;
use tempfile::TempDir;

/// What every sector of a new drive carries.
const MARK: &[u8] = b"OLD-DATA";

struct Rig {
    folder: TempDir,
    clock: TestClock,
    drive: AtaDrive,
    definition: Definition,
}

/// Registers that came back, and data.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: u8,
    error: u8,
    count: u16,
    lba: u64,
    device: u8,
    data: Vec<u8>,
}

impl Seen {
    /// ERR and ABRT.
    fn is_abort(&self) -> bool {
        self.status & 1 == 1 && self.error == 4
    }

    fn is_good(&self) -> bool {
        self.status == 0x50 && self.error == 0
    }
}

fn mark(lba: u64, block: &mut [u8]) {
    block.fill(b'-');
    for piece in block.chunks_mut(32) {
        put(piece, 0, MARK);
        put(piece, 8, &lba.to_be_bytes());
    }
}

fn carries(block: &[u8]) -> bool {
    block.chunks(32).any(|piece| piece.starts_with(MARK))
}

/// A disk of 2048 sectors.
fn hdd() -> Definition {
    Definition { serial: "HDD-1".into(), size_mib: 1, reallocated: vec![3, 1000], ..Definition::default() }
}

/// Flash of 2048 sectors that does everything that flash does.
fn ssd() -> Definition {
    let operations = vec![Operation::BlockErase, Operation::Overwrite];
    Definition {
        serial: "SSD-1".into(),
        medium: Kind::Flash,
        sanitize: super::Sanitize { operations, ..super::Sanitize::default() },
        ..hdd()
    }
}

/// The same, holding ciphertext.
fn sed() -> Definition {
    let operations = vec![Operation::BlockErase, Operation::CryptoScramble, Operation::Overwrite];
    Definition {
        encryption: crate::medium::Encryption::SelfEncrypting,
        sanitize: super::Sanitize { operations, ..super::Sanitize::default() },
        ..ssd()
    }
}

impl Rig {
    fn new(definition: Definition) -> Self {
        let mut rig = Self::blank(definition);
        rig.drive.medium().fill(mark).unwrap();
        rig
    }

    /// A drive to which nothing was written.
    fn blank(definition: Definition) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::default());
        let path = folder.path().join("drive");
        let drive = AtaDrive::create(&path, definition.clone(), Arc::new(clock.clone())).unwrap();
        Self { folder, clock, drive, definition }
    }

    /// The drive's process ends and another one begins.
    fn restart(&mut self) {
        self.drive.settle();
        let path = self.folder.path().join("drive");
        self.drive = AtaDrive::open(&path, self.definition.clone(), Arc::new(self.clock.clone())).unwrap();
    }

    fn seconds(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Sectors on the medium that still carry what they carried.
    fn left(&mut self) -> u64 {
        self.drive.medium().count_physical(carries).unwrap()
    }

    fn start(&mut self, command: &Taskfile, data: &[u8]) -> Turn<ScsiCompletion> {
        let direction = opcode::direction(command.command, command.feature).unwrap_or(Direction::None);
        self.drive.scsi(&cdb(command, direction), data, 1 << 20)
    }

    fn ata(&mut self, command: Taskfile, data: &[u8]) -> Seen {
        match self.start(&command, data) {
            Turn::Done(completion) => seen(&completion),
            turn => panic!("{turn:?}"),
        }
    }

    /// A command without data and parameters.
    fn plain(&mut self, command: u8) -> Seen {
        self.ata(Taskfile::of(command), &[])
    }

    /// One with a security data block.
    fn security(&mut self, command: u8, control: u16, password: &str) -> Seen {
        self.ata(Taskfile { count: 1, ..Taskfile::of(command) }, &block(control, password))
    }

    fn word(&mut self, word: usize) -> u16 {
        let data = self.ata(Taskfile { count: 1, ..Taskfile::of(IDENTIFY_DEVICE) }, &[]).data;
        crate::bytes::low16(le(&data, word * 2, 2))
    }

    /// Word 128 without the bits that never change here (supported, enhanced erase).
    fn security_bits(&mut self) -> u16 {
        self.word(128) & !0x0021
    }

    fn read(&mut self, lba: u64) -> Seen {
        self.ata(Taskfile { lba, count: 1, device: 0x40, ..Taskfile::of(READ_DMA_EXT) }, &[])
    }

    fn write(&mut self, lba: u64) -> Seen {
        self.ata(Taskfile { lba, count: 1, device: 0x40, ..Taskfile::of(WRITE_DMA_EXT) }, &[7; 512])
    }

    /// Polls until the drive answers.
    fn answer(&mut self) -> Seen {
        for _ in 0..1000 {
            match self.drive.poll() {
                Turn::Done(completion) => return seen(&completion),
                Turn::Busy(after) => self.clock.advance(after),
                turn => panic!("{turn:?}"),
            }
        }
        panic!("never answered");
    }
}

/// A security data block (ACS-3 clause 7.45): word 0, then 32 bytes of password.
fn block(control: u16, password: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    put(&mut block, 0, &control.to_le_bytes());
    put(&mut block, 2, password.as_bytes());
    block
}

fn cdb(command: &Taskfile, direction: Direction) -> [u8; 16] {
    let [feature_high, feature_low] = command.feature.to_be_bytes();
    let [count_high, count_low] = command.count.to_be_bytes();
    let lba = command.lba.to_le_bytes();
    // Non-data, PIO data-in and PIO data-out, all with EXTEND; CK_COND; data length in blocks by COUNT, T_DIR.
    let (protocol, flags) = match direction {
        Direction::None => (3, 0x20),
        Direction::In => (4, 0x2e),
        Direction::Out => (5, 0x26),
    };
    [
        0x85,
        protocol << 1 | 1,
        flags,
        feature_high,
        feature_low,
        count_high,
        count_low,
        lba[3],
        lba[0],
        lba[4],
        lba[1],
        lba[5],
        lba[2],
        command.device,
        command.command,
        0,
    ]
}

/// Takes the ATA Status Return descriptor (SAT-3 clause 12.2.2.6) out of sense data.
fn seen(completion: &ScsiCompletion) -> Seen {
    let sense = &completion.sense;
    assert_eq!(
        (completion.status, sense[0], sense[7], sense[8], sense[9]),
        (2, 0x72, 14, 9, 12),
        "{completion:x?}"
    );
    Seen {
        status: sense[21],
        error: sense[11],
        count: u16::from_be_bytes([sense[12], sense[13]]),
        lba: u64::from_be_bytes([0, 0, sense[18], sense[16], sense[14], sense[19], sense[17], sense[15]]),
        device: sense[20],
        data: completion.data.clone(),
    }
}
