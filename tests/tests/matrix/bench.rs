//! A virtual drive as a host sees it, in this process and under a clock that only waiting moves.

use lab_drives::nvme::{self, NvmeDrive};
use lab_drives::{Clock, Fault, Power, ScsiCompletion, TestClock, Turn, VirtualDrive};
use model::{BlockSize, ByteLen};
use protocol::nvme::{AdminCommand, Status};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use transport::{BlockIo, CommandError, Commands, Data, Geometry, IoFailure, NvmeCompletion, ScsiReply};

/// The kernel's own patience with reads and writes.
const IO_PATIENCE: Duration = Duration::from_secs(30);

/// How fast these drives read and write.
pub(crate) const BYTES_PER_SECOND: u64 = 1 << 20;

/// What is changed about a drive, and when by its clock.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) at: Duration,
    pub(crate) what: What,
}

/// What is done to a drive behind the host's back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A fault is switched on.
    Fault(Fault),
    /// Its power goes and comes, or the PC sleeps.
    Power(Power),
}

struct Inner<D> {
    drive: Mutex<D>,
    clock: TestClock,
    geometry: Mutex<Geometry>,
    changes: Mutex<Vec<Change>>,
}

/// A host's way to one drive; clones are the same way.
pub(crate) struct Bench<D>(Arc<Inner<D>>);

impl<D> Clone for Bench<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: VirtualDrive> Bench<D> {
    pub(crate) fn new(drive: D, clock: TestClock, geometry: Geometry, changes: Vec<Change>) -> Self {
        let (geometry, changes) = (Mutex::new(geometry), Mutex::new(changes));
        Self(Arc::new(Inner { drive: Mutex::new(drive), clock, geometry, changes }))
    }

    /// The shape that the kernel has come to know.
    pub(crate) fn set_geometry(&self, geometry: Geometry) {
        *locked(&self.0.geometry) = geometry;
    }

    /// The drive itself, for the judge.
    pub(crate) fn drive(&self) -> MutexGuard<'_, D> {
        self.settle();
        locked(&self.0.drive)
    }

    /// Lets the time pass that a transfer takes.
    fn transfers(&self, bytes: usize) {
        let nanoseconds = bytes as u64 * 1_000_000_000 / BYTES_PER_SECOND;
        self.0.clock.advance(Duration::from_nanos(nanoseconds));
    }

    /// The shape that the kernel has come to know.
    pub(crate) fn geometry(&self) -> Geometry {
        *locked(&self.0.geometry)
    }

    /// What happens to the drive by now happens before it is asked anything.
    fn settle(&self) {
        let now = self.0.clock.now();
        let mut changes = locked(&self.0.changes);
        let (due, later): (Vec<_>, Vec<_>) = changes.drain(..).partition(|change| change.at <= now);
        *changes = later;
        let mut drive = locked(&self.0.drive);
        for change in due {
            match change.what {
                What::Fault(fault) => drive.faults().set(fault),
                What::Power(power) => drive.power(power),
            }
        }
    }

    /// Waits for a turn to come to its end, no longer than `patience`.
    fn wait<T>(
        &self,
        first: Turn<T>,
        patience: Duration,
        mut poll: impl FnMut(&mut D) -> Turn<T>,
    ) -> Result<T, CommandError> {
        let (begin, mut turn) = (self.0.clock.now(), first);
        loop {
            match turn {
                Turn::Done(done) => return Ok(done),
                Turn::Gone => return Err(CommandError::Gone),
                Turn::Silent => {
                    self.0.clock.advance(patience);
                    return Err(CommandError::TimedOut(patience));
                }
                Turn::Busy(pause) => {
                    let waited = self.0.clock.now().saturating_sub(begin);
                    let Some(left) = patience.checked_sub(waited).filter(|left| !left.is_zero()) else {
                        return Err(CommandError::TimedOut(patience));
                    };
                    // A change must not be slept over.
                    let next = locked(&self.0.changes).iter().map(|change| change.at).min();
                    let until = next.map_or(left, |at| at.saturating_sub(self.0.clock.now()));
                    // Whoever has waited for an hour does not look fifty times a second.
                    let pause = pause.max(waited / 64).min(left).min(until).max(Duration::from_millis(1));
                    self.0.clock.advance(pause);
                    self.settle();
                    turn = poll(&mut locked(&self.0.drive));
                }
            }
        }
    }

    fn command(
        &self,
        cdb: &[u8],
        out: &[u8],
        len: usize,
        patience: Duration,
    ) -> Result<ScsiCompletion, CommandError> {
        self.settle();
        let first = locked(&self.0.drive).scsi(cdb, out, len);
        self.wait(first, patience, VirtualDrive::poll)
    }
}

/// READ(16) and WRITE(16), which the kernel would send (SBC-4 5.18, 5.40).
fn transfer(opcode: u8, lba: u64, blocks: u64) -> Option<[u8; 16]> {
    let mut cdb = [0; 16];
    *cdb.first_mut()? = opcode;
    cdb.get_mut(2..10)?.copy_from_slice(&lba.to_be_bytes());
    cdb.get_mut(10..14)?.copy_from_slice(&u32::try_from(blocks).ok()?.to_be_bytes());
    Some(cdb)
}

const READ_16: u8 = 0x88;
const WRITE_16: u8 = 0x8A;
const SYNCHRONIZE_CACHE_16: u8 = 0x91;

/// The sense keys that the kernel takes for a fault of the medium at one place; the others end the request all the same.
fn io_failure(completion: &ScsiCompletion) -> IoFailure {
    IoFailure::Medium(format!("status {:02X}h, sense {:02X?}", completion.status, completion.sense))
}

fn unanswered(error: CommandError) -> IoFailure {
    match error {
        CommandError::Gone => IoFailure::Gone,
        // The block layer says ETIMEDOUT, which is a failure at this place.
        CommandError::TimedOut(_) => IoFailure::Medium(error.to_string()),
        _ => IoFailure::Other(error.to_string()),
    }
}

/// A SCSI drive, or an ATA drive behind a translation layer.
pub(crate) struct ScsiBench<D>(pub(crate) Bench<D>);

impl<D: VirtualDrive> ScsiBench<D> {
    fn io(&self, opcode: u8, offset: u64, len: usize, out: &[u8]) -> Result<ScsiCompletion, IoFailure> {
        let block = u64::from(self.geometry().block.bytes());
        let cdb = transfer(opcode, offset / block, len as u64 / block);
        let cdb = cdb.ok_or_else(|| IoFailure::Other("too long".to_owned()))?;
        let expected = if out.is_empty() { len } else { 0 };
        self.0.transfers(len);
        let completion = self.0.command(&cdb, out, expected, IO_PATIENCE).map_err(unanswered)?;
        if completion.status == 0 { Ok(completion) } else { Err(io_failure(&completion)) }
    }
}

impl<D: VirtualDrive> BlockIo for ScsiBench<D> {
    fn geometry(&self) -> Geometry {
        *locked(&self.0.0.geometry)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
        let completion = self.io(READ_16, offset, buffer.len(), &[])?;
        if completion.data.len() != buffer.len() {
            return Err(IoFailure::Medium("short".to_owned()));
        }
        buffer.copy_from_slice(&completion.data);
        Ok(())
    }

    fn write_at(&self, offset: u64, buffer: &[u8]) -> Result<(), IoFailure> {
        self.io(WRITE_16, offset, buffer.len(), buffer).map(drop)
    }

    fn flush(&self) -> Result<(), IoFailure> {
        let mut cdb = [0; 16];
        cdb[0] = SYNCHRONIZE_CACHE_16;
        let completion = self.0.command(&cdb, &[], 0, IO_PATIENCE).map_err(unanswered)?;
        if completion.status == 0 { Ok(()) } else { Err(io_failure(&completion)) }
    }

    fn refresh_geometry(&self) -> Result<Geometry, IoFailure> {
        let capacity = capacity(&self.0)?;
        *locked(&self.0.0.geometry) = capacity;
        Ok(capacity)
    }
}

/// READ CAPACITY(16) (SBC-4 5.20.2).
pub(crate) fn capacity<D: VirtualDrive>(bench: &Bench<D>) -> Result<Geometry, IoFailure> {
    let mut cdb = [0; 16];
    (cdb[0], cdb[1], cdb[13]) = (0x9E, 0x10, 32);
    let completion = bench.command(&cdb, &[], 32, IO_PATIENCE).map_err(unanswered)?;
    let odd = || IoFailure::Other("no capacity".to_owned());
    let (last, rest) = completion.data.split_first_chunk::<8>().ok_or_else(odd)?;
    let (block, _) = rest.split_first_chunk::<4>().ok_or_else(odd)?;
    let block = BlockSize::new(u32::from_be_bytes(*block)).map_err(|_| odd())?;
    let blocks = u64::from_be_bytes(*last).saturating_add(1);
    Ok(Geometry { len: ByteLen(blocks * u64::from(block.bytes())), block })
}

impl<D: VirtualDrive> Commands for ScsiBench<D> {
    fn nvme_admin(&self, _: &AdminCommand, _: Data<'_>, _: Duration) -> Result<NvmeCompletion, CommandError> {
        Err(CommandError::NotThisBus)
    }

    fn scsi(&self, cdb: &[u8], data: Data<'_>, patience: Duration) -> Result<ScsiReply, CommandError> {
        let len = data.len();
        let completion = match &data {
            Data::None => self.0.command(cdb, &[], 0, patience)?,
            Data::In(_) => self.0.command(cdb, &[], len, patience)?,
            Data::Out(out) => self.0.command(cdb, out, 0, patience)?,
        };
        let mut transferred = completion.data.len().min(len);
        if let Data::In(buffer) = data {
            for (into, from) in buffer.iter_mut().zip(&completion.data) {
                *into = *from;
            }
        } else {
            transferred = len;
        }
        Ok(ScsiReply { status: completion.status, sense: completion.sense, transferred })
    }
}

/// One namespace of an NVMe drive.
pub(crate) struct NvmeBench<D> {
    pub(crate) bench: Bench<D>,
    pub(crate) namespace: u32,
}

/// The largest transfer at a time, in blocks: the drive takes so much whatever the block size.
const NVME_BLOCKS: usize = 64;

impl<D: NvmeDrive> NvmeBench<D> {
    fn io(
        &self,
        start: impl FnOnce(&mut D) -> Turn<nvme::Completion>,
    ) -> Result<nvme::Completion, IoFailure> {
        self.bench.settle();
        let first = start(&mut locked(&self.bench.0.drive));
        let done = self.bench.wait(first, IO_PATIENCE, NvmeDrive::poll_io).map_err(unanswered)?;
        if done.status.is_success() { Ok(done) } else { Err(IoFailure::Medium(format!("{:?}", done.status))) }
    }

    fn block(&self) -> usize {
        self.geometry().block.bytes() as usize
    }
}

impl<D: NvmeDrive> BlockIo for NvmeBench<D> {
    fn geometry(&self) -> Geometry {
        *locked(&self.bench.0.geometry)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
        let block = self.block();
        for (at, part) in (offset..).step_by(NVME_BLOCKS * block).zip(buffer.chunks_mut(NVME_BLOCKS * block))
        {
            let blocks = u32::try_from(part.len() / block).unwrap_or(u32::MAX);
            self.bench.transfers(part.len());
            let done = self.io(|drive| drive.read(self.namespace, at / block as u64, blocks))?;
            if done.data.len() < part.len() {
                return Err(IoFailure::Medium("short".to_owned()));
            }
            part.copy_from_slice(&done.data[..part.len()]);
        }
        Ok(())
    }

    fn write_at(&self, offset: u64, buffer: &[u8]) -> Result<(), IoFailure> {
        let block = self.block();
        for (at, part) in (offset..).step_by(NVME_BLOCKS * block).zip(buffer.chunks(NVME_BLOCKS * block)) {
            let blocks = u32::try_from(part.len() / block).unwrap_or(u32::MAX);
            self.bench.transfers(part.len());
            self.io(|drive| drive.write(self.namespace, at / block as u64, blocks, part))?;
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), IoFailure> {
        self.io(|drive| drive.flush(self.namespace)).map(drop)
    }
}

impl<D: NvmeDrive> Commands for NvmeBench<D> {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        patience: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        let dwords = (10..).zip(command.cdw);
        let own = nvme::Command::new(command.opcode, command.nsid);
        let own = dwords.fold(own, |own, (number, value)| own.with(number, value));
        self.bench.settle();
        let (out, len): (&[u8], usize) = match &data {
            Data::None => (&[], 0),
            Data::In(buffer) => (&[], buffer.len()),
            Data::Out(out) => (out, 0),
        };
        let first = locked(&self.bench.0.drive).admin(&own, out, len);
        let done = self.bench.wait(first, patience, NvmeDrive::poll_admin)?;
        if let Data::In(buffer) = data {
            buffer.iter_mut().zip(&done.data).for_each(|(into, from)| *into = *from);
        }
        Ok(NvmeCompletion { status: Status(done.status.0), result: done.result })
    }

    fn scsi(&self, _: &[u8], _: Data<'_>, _: Duration) -> Result<ScsiReply, CommandError> {
        Err(CommandError::NotThisBus)
    }
}
