//! I/O commands (NVM Command Set 1.0, 3).

use super::command::{Bits, Command, Completion, DatasetRange, io};
use super::controller::Controller;
use super::namespace::{Protect, broken};
use super::{Status, protection};
use crate::bytes::index;
use crate::{Fault, Turn};
use std::time::Duration;

/// Dword 12 of reads and writes (Figure 118): Protection Information Action, and Check bit 2, the guard.
const PRACT: Bits = Bits::new(29, 29);
const PRCHK_GUARD: Bits = Bits::new(28, 28);
/// Dword 12 of Write Zeroes: Deallocate.
const DEALLOCATE: Bits = Bits::new(25, 25);
/// Dword 11 of Dataset Management: Attribute - Deallocate.
const ATTRIBUTE_DEALLOCATE: Bits = Bits::new(2, 2);
/// Blocks written at a time by Write Zeroes.
const BATCH: u64 = 1024;

/// Bytes that an I/O command moves, data and separate metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IoTransfer {
    /// Data.
    pub data: usize,
    /// Metadata in a buffer of its own.
    pub metadata: usize,
}

impl Controller {
    /// Bytes that an I/O command moves; zeros where it is one that will be refused.
    #[must_use]
    pub fn io_transfer(&self, command: &Command) -> IoTransfer {
        let none = IoTransfer::default();
        match command.opcode() {
            io::READ | io::WRITE => {
                let namespace = self.attached(command.nsid()).ok().and_then(|at| self.namespaces.get(at));
                let blocks = index(command.blocks());
                namespace.map_or(none, |namespace| IoTransfer {
                    data: blocks * namespace.block_size(),
                    metadata: if PRACT.is_set(command.dword(12)) {
                        0
                    } else {
                        blocks * namespace.metadata_size()
                    },
                })
            }
            io::DATASET_MANAGEMENT => {
                IoTransfer { data: DatasetRange::count(command) * DatasetRange::SIZE, metadata: 0 }
            }
            _ => none,
        }
    }

    /// Carries an I/O command out.
    pub(super) fn io_command(&mut self, command: &Command, data: &[u8], metadata: &[u8]) -> Turn<Completion> {
        let answer = match self.io_barred(command) {
            Some(status) => Err(status),
            None => self.io_dispatch(command, data, metadata),
        };
        let completion = answer.unwrap_or_else(Completion::failed);
        self.note_error(&completion, command);
        match self.delay(data.len().max(completion.data.len())) {
            Some(delay) => {
                self.io = Some((self.now() + delay, completion));
                Turn::Busy(delay)
            }
            None => Turn::Done(completion),
        }
    }

    /// A sanitize lets nothing through but a flush, which then has nothing to do; a format nothing to its namespaces.
    fn io_barred(&self, command: &Command) -> Option<Status> {
        let sanitize = self.sanitize_status().filter(|_| command.opcode() != io::FLUSH);
        let position = self.attached(command.nsid()).ok();
        let formatting = position.and_then(|at| self.format_left(at)).map(|_| Status::FORMAT_IN_PROGRESS);
        sanitize.or(formatting)
    }

    /// How long a slow drive takes for so many bytes.
    fn delay(&self, bytes: usize) -> Option<Duration> {
        self.faults.iter().find_map(|fault| match fault {
            Fault::Slow { bytes_per_second } if bytes > 0 => {
                let nanoseconds = (bytes as u64).saturating_mul(1_000_000_000) / (*bytes_per_second).max(1);
                Some(Duration::from_nanos(nanoseconds))
            }
            _ => None,
        })
    }

    fn io_dispatch(&mut self, command: &Command, data: &[u8], metadata: &[u8]) -> Result<Completion, Status> {
        match command.opcode() {
            // There is no write cache.
            io::FLUSH => self.flushed(command.nsid()),
            io::READ => self.read_blocks(command),
            io::WRITE => self.write_blocks(command, data, metadata),
            io::WRITE_ZEROES => self.write_zeroes(command),
            io::DATASET_MANAGEMENT => self.dataset_management(command, data),
            _ => Err(Status::INVALID_OPCODE),
        }
    }

    fn flushed(&self, nsid: u32) -> Result<Completion, Status> {
        if nsid != super::controller::BROADCAST {
            self.attached(nsid)?;
        }
        Ok(Completion::default())
    }

    fn read_blocks(&mut self, command: &Command) -> Result<Completion, Status> {
        let position = self.attached(command.nsid())?;
        let namespace = self.namespaces.get(position).ok_or(Status::INVALID_NAMESPACE)?;
        let (slba, blocks) = (command.slba(), command.blocks());
        let (data, metadata) = namespace.read(slba, blocks, protect(command), &self.faults)?;
        self.counters.reads += 1;
        self.counters.bytes_read += data.len() as u64;
        Ok(Completion { data, metadata, ..Completion::default() })
    }

    fn write_blocks(
        &mut self,
        command: &Command,
        data: &[u8],
        metadata: &[u8],
    ) -> Result<Completion, Status> {
        let position = self.attached(command.nsid())?;
        let namespace = self.namespaces.get_mut(position).ok_or(Status::INVALID_NAMESPACE)?;
        if data.len() != index(command.blocks()) * namespace.block_size() {
            return Err(Status::DATA_TRANSFER_ERROR);
        }
        namespace.write(command.slba(), data, metadata, protect(command), &self.faults)?;
        self.counters.writes += 1;
        self.counters.bytes_written += data.len() as u64;
        self.note_written();
        Ok(Completion::default())
    }

    /// User data was written: Global Data Erased is no longer true.
    fn note_written(&mut self) {
        if !self.sanitize.written {
            self.sanitize.written = true;
            self.keep();
        }
    }

    fn write_zeroes(&mut self, command: &Command) -> Result<Completion, Status> {
        let position = self.attached(command.nsid())?;
        let namespace = self.namespaces.get_mut(position).ok_or(Status::INVALID_NAMESPACE)?;
        let (slba, blocks) = (command.slba(), command.blocks());
        namespace.check(slba, blocks)?;
        if DEALLOCATE.is_set(command.dword(12)) {
            namespace.medium.unmap(slba, blocks).map_err(broken)?;
            return Ok(Completion::default());
        }
        for first in (slba..slba + blocks).step_by(index(BATCH)) {
            let count = index(BATCH.min(slba + blocks - first));
            let data = vec![0; count * namespace.block_size()];
            let metadata = vec![0; count * protection::SIZE.min(namespace.metadata_size())];
            let protect = Protect { action: namespace.shape.protection != 0, guard: false };
            namespace.write(first, &data, &metadata, protect, &self.faults)?;
        }
        self.note_written();
        Ok(Completion::default())
    }

    fn dataset_management(&mut self, command: &Command, data: &[u8]) -> Result<Completion, Status> {
        let position = self.attached(command.nsid())?;
        let namespace = self.namespaces.get_mut(position).ok_or(Status::INVALID_NAMESPACE)?;
        let ranges: Vec<_> = data.chunks_exact(DatasetRange::SIZE).map(DatasetRange::parse).collect();
        if ranges.len() < DatasetRange::count(command) {
            return Err(Status::DATA_TRANSFER_ERROR);
        }
        ranges.iter().try_for_each(|range| namespace.check(range.slba, range.blocks))?;
        if ATTRIBUTE_DEALLOCATE.is_set(command.dword(11)) {
            for range in ranges {
                namespace.medium.unmap(range.slba, range.blocks).map_err(broken)?;
            }
        }
        Ok(Completion::default())
    }
}

fn protect(command: &Command) -> Protect {
    let dword = command.dword(12);
    Protect { action: PRACT.is_set(dword), guard: PRCHK_GUARD.is_set(dword) }
}
