//! The drives of the matrix, small and full of old data, and what they really hold afterwards.

use crate::bench::{Bench, Change, NvmeBench, ScsiBench, capacity};
use inventory::{Link, Removable};
use lab_drives::ata::{self, AtaDrive};
use lab_drives::medium::{Encryption, Kind, Medium};
use lab_drives::nvme::{self, Controller};
use lab_drives::scsi::{ScsiConfig, ScsiDrive};
use lab_drives::{Clock, Faults, TestClock, VirtualDrive};
use model::{BlockSize, ByteLen};
use std::path::Path;
use std::sync::Arc;
use transport::{Device, Geometry};

/// How long every erase of these drives takes by their clock, in seconds. They have 256 blocks of 4096 bytes, and two
/// thousand rows are over in a minute or two.
pub(crate) const ERASE_SECONDS: u64 = 100;

/// Every block of the old data carries this.
const MARK: &[u8; 16] = b"SOMEBODY'S DATA!";

/// A kind of drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    AtaHdd,
    AtaSsd,
    SasHdd,
    SasSsd,
    Nvme,
    NvmeProtected,
}

impl Subject {
    /// Whether it has flash, which takes two passes of an overwrite.
    pub(crate) fn is_flash(self) -> bool {
        !matches!(self, Self::AtaHdd | Self::SasHdd)
    }
}

/// What is left of the old data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Blocks that an ordinary read gives back.
    pub(crate) readable: u64,
    /// Blocks that somebody with a laboratory finds.
    pub(crate) physical: u64,
}

/// A drive on the bench.
pub(crate) struct OnBench {
    pub(crate) device: Box<dyn Fn() -> Box<dyn Device>>,
    pub(crate) link: Link,
    pub(crate) removable: Removable,
    pub(crate) left: Box<dyn Fn() -> Left>,
}

fn old_data(lba: u64, block: &mut [u8]) {
    for (at, chunk) in block.chunks_mut(32).enumerate() {
        let line = [&MARK[..], &lba.to_le_bytes(), &(at as u64 ^ lba.rotate_left(17)).to_le_bytes()].concat();
        chunk.iter_mut().zip(line).for_each(|(into, from)| *into = from);
    }
}

fn is_old(block: &[u8]) -> bool {
    block.starts_with(MARK)
}

fn left(medium: &mut Medium, host: Geometry) -> Left {
    let size = medium.layout().block_size as usize;
    // What lies beyond the capacity that a drive states, no host reads.
    let blocks = host.len.blocks(host.block).min(medium.layout().native_blocks);
    let mut block = vec![0; size];
    let mut readable = 0;
    for lba in 0..blocks {
        medium.read(lba, &mut block).unwrap();
        readable += u64::from(is_old(&block));
    }
    Left { readable, physical: medium.count_recoverable(is_old).unwrap() }
}

/// Puts a drive on the bench, its faults set before its power comes on.
pub(crate) fn put(
    subject: Subject,
    encryption: Encryption,
    folder: &Path,
    faults: &Faults,
    changes: Vec<Change>,
    clock: &TestClock,
) -> OnBench {
    let path = folder.join("drive.raw");
    let own: Arc<dyn Clock> = Arc::new(clock.clone());
    match subject {
        Subject::AtaHdd | Subject::AtaSsd => {
            let definition = ata::Definition { faults: faults.clone(), ..ata_drive(subject, encryption) };
            let mut drive = AtaDrive::create(&path, definition, own).unwrap();
            drive.medium().fill(old_data).unwrap();
            scsi(drive, clock, changes, |drive, host| left(drive.medium(), host))
        }
        Subject::SasHdd | Subject::SasSsd => {
            let config = ScsiConfig { faults: faults.clone(), ..sas_drive(subject, encryption) };
            let mut drive = ScsiDrive::create(config, &path, own).unwrap();
            drive.medium().fill(old_data).unwrap();
            scsi(drive, clock, changes, |drive, host| left(drive.medium(), host))
        }
        Subject::Nvme | Subject::NvmeProtected => {
            let definition = nvme::Definition { faults: faults.clone(), ..nvme_drive(subject, encryption) };
            let block = 4096;
            let blocks = definition.namespaces[0].blocks;
            let mut drive = Controller::create(definition, &path, own).unwrap();
            drive.fill(1, old_data).unwrap();
            let geometry = Geometry { len: ByteLen(blocks * block), block: block_size(block) };
            let bench = Bench::new(drive, clock.clone(), geometry, changes);
            let judge = bench.clone();
            OnBench {
                device: Box::new(move || Box::new(NvmeBench { bench: bench.clone(), namespace: 1 })),
                link: Link::Nvme { namespace: 1 },
                removable: Removable::No,
                left: Box::new(move || left(judge.drive().medium(1).unwrap(), judge.geometry())),
            }
        }
    }
}

fn scsi<D: VirtualDrive + 'static>(
    drive: D,
    clock: &TestClock,
    changes: Vec<Change>,
    left: impl Fn(&mut D, Geometry) -> Left + 'static,
) -> OnBench {
    let unknown = Geometry { len: ByteLen(0), block: BlockSize::B512 };
    let bench = Bench::new(drive, clock.clone(), unknown, changes);
    // As the kernel does when it finds a disk; the first answer after power-on is a unit attention.
    let geometry = (0..3).find_map(|_| capacity(&bench).ok()).unwrap_or(unknown);
    bench.set_geometry(geometry);
    let judge = bench.clone();
    OnBench {
        device: Box::new(move || Box::new(ScsiBench(bench.clone()))),
        link: Link::Scsi,
        removable: Removable::No,
        left: Box::new(move || left(&mut judge.drive(), judge.geometry())),
    }
}

fn block_size(bytes: u64) -> BlockSize {
    BlockSize::new(u32::try_from(bytes).unwrap()).unwrap()
}

fn ata_drive(subject: Subject, encryption: Encryption) -> ata::Definition {
    let ssd = subject == Subject::AtaSsd;
    let mut operations = match ssd {
        true => vec![ata::Operation::BlockErase],
        false => vec![ata::Operation::Overwrite],
    };
    if encryption == Encryption::SelfEncrypting {
        operations.push(ata::Operation::CryptoScramble);
    }
    ata::Definition {
        serial: "MATRIX-ATA".to_owned(),
        size_mib: 1,
        block_size: 4096,
        medium: if ssd { Kind::Flash } else { Kind::Disk },
        encryption,
        sanitize: ata::Sanitize { operations, ..ata::Sanitize::default() },
        erase_seconds: ERASE_SECONDS,
        crypto_seconds: ERASE_SECONDS,
        ..ata::Definition::default()
    }
}

fn sas_drive(subject: Subject, encryption: Encryption) -> ScsiConfig {
    let mut config = match subject {
        Subject::SasHdd => ScsiConfig::hdd("MATRIX-SAS", 256),
        _ => ScsiConfig::ssd("MATRIX-SAS", 256),
    };
    (config.layout.encryption, config.layout.block_size) = (encryption, 4096);
    let takes = ERASE_SECONDS * 1000;
    (config.sanitize.overwrite_ms, config.sanitize.block_erase_ms) = (takes, takes);
    (config.sanitize.cryptographic_erase_ms, config.format_ms) = (takes, takes);
    config
}

fn nvme_drive(subject: Subject, encryption: Encryption) -> nvme::Definition {
    let protected = subject == Subject::NvmeProtected;
    let namespace = nvme::NamespaceDefinition {
        blocks: 256,
        format: if protected { 2 } else { 1 },
        protection: u8::from(protected),
        encryption,
        ..nvme::NamespaceDefinition::default()
    };
    let takes = ERASE_SECONDS * 1000;
    nvme::Definition {
        serial: "MATRIX-NVME".to_owned(),
        namespaces: vec![namespace],
        sanitize: nvme::SanitizeDefinition {
            block_ms: takes,
            crypto_ms: takes,
            overwrite_ms: takes,
            ..nvme::SanitizeDefinition::default()
        },
        format: nvme::FormatDefinition { takes_ms: takes, ..nvme::FormatDefinition::default() },
        ..nvme::Definition::default()
    }
}
