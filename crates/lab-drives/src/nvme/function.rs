//! The drive as a PCI function: registers, doorbells, queues, interrupts.

use super::Status;
use super::command::{Command, Completion, admin, completion_entry};
use super::controller::Controller;
use super::drive::NvmeDrive;
use super::identify::{AERL, MDTS};
use super::memory::{HostMemory, Pieces};
use super::queue::{CompletionQueue, Submission};
use super::registers::{DOORBELLS, Effect, Registers};
use crate::bytes::low16;
use crate::{Faults, Power, ScsiCompletion, Turn, VirtualDrive};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// Bytes that a command moves at most (MDTS).
pub(super) const MAX_TRANSFER: usize = 4096 << MDTS;
/// Commands taken from a queue before the others have their turn.
const BURST: usize = 16;
/// The admin queues.
pub(super) const ADMIN: u16 = 0;

/// What came of some work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Worked {
    /// Interrupt vectors to raise.
    pub vectors: BTreeSet<u16>,
    /// When to work again though nothing happens.
    pub again: Option<Duration>,
}

/// An I/O command that a slow drive has not answered yet.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) queue: u16,
    cid: u16,
    data: Pieces,
    metadata: Pieces,
}

/// A drive's registers and queues.
#[derive(Debug)]
pub struct Function {
    pub(super) drive: Controller,
    pub(super) registers: Registers,
    pub(super) submissions: BTreeMap<u16, Submission>,
    pub(super) completions: BTreeMap<u16, CompletionQueue>,
    /// Asynchronous event requests, by their identifiers.
    held: VecDeque<u16>,
    /// The format that is to be answered.
    formatting: Option<u16>,
    pub(super) pending: Option<Pending>,
}

impl Function {
    /// A drive that was just switched on.
    #[must_use]
    pub fn new(drive: Controller) -> Self {
        let registers = Registers::new(drive.definition().version.register());
        Self {
            drive,
            registers,
            submissions: BTreeMap::new(),
            completions: BTreeMap::new(),
            held: VecDeque::new(),
            formatting: None,
            pending: None,
        }
    }

    /// The drive itself. Its power is changed through the function, which has registers to reset.
    pub fn drive(&mut self) -> &mut Controller {
        &mut self.drive
    }

    /// Interrupt vectors that it has.
    #[must_use]
    pub fn vectors(&self) -> u16 {
        self.drive.definition().queues.saturating_add(1)
    }

    /// Takes its power away until [`VirtualDrive::power`] gives it back.
    pub fn switch_off(&mut self) {
        self.forget_queues();
        self.registers = Registers::new(self.drive.definition().version.register());
        self.drive.switch_off();
    }

    fn forget_queues(&mut self) {
        self.submissions.clear();
        self.completions.clear();
        self.held.clear();
        self.formatting = None;
        self.pending = None;
    }

    /// Reads registers. A drive that is gone reads as ones.
    pub fn read(&mut self, offset: u64, data: &mut [u8]) {
        if !self.drive.is_there() {
            data.fill(0xff);
            return;
        }
        for (at, byte) in (offset..).zip(data) {
            let dword = self.registers.read(at & !3).to_le_bytes();
            *byte = dword.get(usize::from(low16(at & 3))).copied().unwrap_or_default();
        }
    }

    /// Writes registers and doorbells, in whole dwords.
    pub fn write(&mut self, offset: u64, data: &[u8]) {
        if !self.drive.is_there() {
            return;
        }
        for (at, bytes) in (offset..).step_by(4).zip(data.as_chunks::<4>().0) {
            let value = u32::from_le_bytes(*bytes);
            if at >= DOORBELLS { self.ring(at - DOORBELLS, value) } else { self.set_register(at, value) }
        }
    }

    fn set_register(&mut self, at: u64, value: u32) {
        match self.registers.write(at, value) {
            Effect::None => {}
            Effect::Enabled => self.add_admin_queues(),
            Effect::Disabled => {
                self.forget_queues();
                self.drive.forget_host();
            }
            Effect::ShutDown => self.drive.settle(),
        }
    }

    fn add_admin_queues(&mut self) {
        let queues = self.registers.admin_queues();
        self.submissions.insert(ADMIN, Submission::new(queues.submission, queues.submission_entries, ADMIN));
        let completion = CompletionQueue::new(queues.completion, queues.completion_entries, Some(ADMIN));
        self.completions.insert(ADMIN, completion);
    }

    /// Doorbells: a dword for each submission queue's tail and completion queue's head in turn.
    fn ring(&mut self, offset: u64, value: u32) {
        let number = low16(offset / 8);
        if offset.is_multiple_of(8) {
            self.submissions.entry(number).and_modify(|queue| queue.ring(value));
        } else {
            self.completions.entry(number).and_modify(|queue| queue.ring(value));
        }
    }

    /// Carries out what there is to do.
    pub fn work(&mut self, memory: &mut dyn HostMemory) -> Worked {
        self.drive.poll();
        if !self.registers.is_ready() || !self.drive.is_there() {
            return Worked { vectors: BTreeSet::new(), again: self.drive.busy_for() };
        }
        self.answer_format();
        self.answer_pending(memory);
        let more = self.take_commands(memory);
        self.tell_events();
        let vectors = self.write_completions(memory);
        let slow = self.pending.is_some().then_some(Duration::from_millis(1));
        let again = if more { Some(Duration::ZERO) } else { slow.or(self.drive.busy_for()) };
        Worked { vectors, again }
    }

    fn answer_format(&mut self) {
        let Some(cid) = self.formatting else { return };
        if let Turn::Done(completion) = self.drive.poll_admin() {
            self.formatting = None;
            self.complete(ADMIN, cid, &completion);
        }
    }

    fn answer_pending(&mut self, memory: &mut dyn HostMemory) {
        if self.pending.is_none() {
            return;
        }
        if let Turn::Done(completion) = self.drive.poll_io()
            && let Some(pending) = self.pending.take()
        {
            self.finish_io(memory, &pending, completion);
        }
    }

    fn tell_events(&mut self) {
        while !self.held.is_empty()
            && let Some(event) = self.drive.take_event()
            && let Some(cid) = self.held.pop_front()
        {
            self.complete(ADMIN, cid, &event);
        }
    }

    /// Takes some commands from each queue, and says whether some are left.
    fn take_commands(&mut self, memory: &mut dyn HostMemory) -> bool {
        let mut more = false;
        let numbers: Vec<u16> = self.submissions.keys().copied().collect();
        for number in numbers {
            more |= self.take_burst(memory, number);
        }
        more
    }

    /// Takes some commands from one queue, and says whether there may be more.
    fn take_burst(&mut self, memory: &mut dyn HostMemory, number: u16) -> bool {
        for _ in 0..BURST {
            // A slow drive does one thing at a time; admin commands pass by.
            if number != ADMIN && self.pending.is_some() || !self.drive.is_there() {
                return false;
            }
            if !self.take_command(memory, number) {
                return false;
            }
        }
        true
    }

    fn take_command(&mut self, memory: &mut dyn HostMemory, number: u16) -> bool {
        let Some(queue) = self.submissions.get_mut(&number) else { return false };
        match queue.fetch(memory) {
            Ok(Some(command)) if number == ADMIN => self.admin_command(memory, &command),
            Ok(Some(command)) => self.io_command(memory, number, &command),
            Ok(None) => return false,
            Err(_) => {
                self.registers.fail();
                return false;
            }
        }
        true
    }

    fn complete(&mut self, submission: u16, cid: u16, completion: &Completion) {
        let Some(queue) = self.submissions.get(&submission) else { return };
        let entry = completion_entry(completion, queue.head(), submission, cid);
        let to = queue.completion;
        self.completions.entry(to).and_modify(|queue| queue.push(entry));
    }

    fn write_completions(&mut self, memory: &mut dyn HostMemory) -> BTreeSet<u16> {
        let mut vectors = BTreeSet::new();
        for queue in self.completions.values_mut() {
            match queue.write_out(memory) {
                Ok(true) => vectors.extend(queue.vector),
                Ok(false) => {}
                Err(_) => self.registers.fail(),
            }
        }
        vectors
    }

    fn admin_command(&mut self, memory: &mut dyn HostMemory, command: &Command) {
        let cid = command.cid();
        let answer = match command.opcode() {
            admin::CREATE_CQ => self.create_completion(command),
            admin::CREATE_SQ => self.create_submission(command),
            admin::DELETE_CQ => self.delete_completion(command),
            admin::DELETE_SQ => self.delete_submission(command),
            admin::ASYNC_EVENT if self.held.len() > usize::from(AERL) => Err(Status::EVENT_LIMIT),
            admin::ASYNC_EVENT => {
                self.held.push_back(cid);
                return;
            }
            admin::ABORT => Ok(self.abort(command)),
            _ => match self.pass_on(memory, command) {
                Ok(Some(completion)) => Ok(completion),
                Ok(None) => return,
                Err(status) => Err(status),
            },
        };
        let completion = answer.unwrap_or_else(Completion::failed);
        self.complete(ADMIN, cid, &completion);
    }

    /// Lets the drive carry an admin command out; `None` where no answer comes now.
    fn pass_on(
        &mut self,
        memory: &mut dyn HostMemory,
        command: &Command,
    ) -> Result<Option<Completion>, Status> {
        let length = self.drive.transfer(command);
        let pieces = self.pieces(memory, command, length)?;
        let data = if command.opcode() & 0b11 == TO_DRIVE { pieces.fetch(memory)? } else { Vec::new() };
        Ok(match self.drive.admin(command, &data, length) {
            Turn::Done(completion) => {
                pieces.store(memory, &completion.data)?;
                Some(completion)
            }
            Turn::Busy(_) => {
                self.formatting = Some(command.cid());
                None
            }
            Turn::Silent | Turn::Gone => None,
        })
    }

    fn pieces(&self, memory: &dyn HostMemory, command: &Command, length: usize) -> Result<Pieces, Status> {
        Controller::check_length(length)?;
        if command.uses_sgl() {
            return Err(Status::INVALID_FIELD);
        }
        Pieces::from_prps(memory, command.prp1(), command.prp2(), length, self.registers.page())
    }

    /// An event request can be aborted; nothing else is slow enough to be found (bit 0: not aborted).
    fn abort(&mut self, command: &Command) -> Completion {
        let (queue, cid) = (low16(command.dword(10).into()), low16(u64::from(command.dword(10) >> 16)));
        let held = self.held.iter().position(|held| *held == cid).filter(|_| queue == ADMIN);
        let Some(position) = held else { return Completion::with_result(1) };
        self.held.remove(position);
        self.complete(ADMIN, cid, &Status::ABORT_REQUESTED.into());
        Completion::with_result(0)
    }

    fn io_command(&mut self, memory: &mut dyn HostMemory, number: u16, command: &Command) {
        match self.begin_io(memory, number, command) {
            Ok(()) => {}
            Err(status) => self.complete(number, command.cid(), &status.into()),
        }
    }

    fn begin_io(
        &mut self,
        memory: &mut dyn HostMemory,
        number: u16,
        command: &Command,
    ) -> Result<(), Status> {
        let transfer = self.drive.io_transfer(command);
        let data = self.pieces(memory, command, transfer.data)?;
        let metadata = Pieces::contiguous(command.metadata_pointer(), transfer.metadata);
        let (out, metadata_out) = if command.opcode() & 0b11 == TO_DRIVE {
            (data.fetch(memory)?, metadata.fetch(memory)?)
        } else {
            (Vec::new(), Vec::new())
        };
        let pending = Pending { queue: number, cid: command.cid(), data, metadata };
        match self.drive.io(command, &out, &metadata_out) {
            Turn::Done(completion) => self.finish_io(memory, &pending, completion),
            Turn::Busy(_) => self.pending = Some(pending),
            Turn::Silent | Turn::Gone => {}
        }
        Ok(())
    }

    fn finish_io(&mut self, memory: &mut dyn HostMemory, pending: &Pending, completion: Completion) {
        let stored = pending
            .data
            .store(memory, &completion.data)
            .and_then(|()| pending.metadata.store(memory, &completion.metadata));
        let completion = stored.err().map_or(completion, Completion::failed);
        self.complete(pending.queue, pending.cid, &completion);
    }
}

/// Opcode bits 1:0: data goes from the host to the drive (NVMe Base 2.0, Figure 86).
const TO_DRIVE: u8 = 0b01;

/// Registers and queues are as after a reset whenever the power changes.
impl VirtualDrive for Function {
    fn power(&mut self, what: Power) {
        self.forget_queues();
        self.registers = Registers::new(self.drive.definition().version.register());
        self.drive.power(what);
    }

    fn faults(&mut self) -> &mut Faults {
        self.drive.faults()
    }

    fn scsi(&mut self, cdb: &[u8], data_out: &[u8], data_in_len: usize) -> Turn<ScsiCompletion> {
        self.drive.scsi(cdb, data_out, data_in_len)
    }

    fn poll(&mut self) -> Turn<ScsiCompletion> {
        self.drive.poll()
    }

    fn settle(&mut self) {
        self.drive.settle();
    }
}
