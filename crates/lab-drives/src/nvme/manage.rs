//! I/O queues come and go.

use super::Status;
use super::command::{Bits, Command, Completion};
use super::function::{ADMIN, Function};
use super::queue::{CompletionQueue, Submission};
use super::registers::MAX_ENTRIES;
use crate::bytes::low16;

/// Create I/O queues (NVMe Base 2.0, 5.4 and 5.5).
mod create {
    use super::Bits;
    pub(super) const QUEUE: Bits = Bits::new(15, 0);
    pub(super) const SIZE: Bits = Bits::new(31, 16);
    pub(super) const CONTIGUOUS: Bits = Bits::new(0, 0);
    pub(super) const INTERRUPTS: Bits = Bits::new(1, 1);
    pub(super) const VECTOR: Bits = Bits::new(31, 16);
    pub(super) const COMPLETION: Bits = Bits::new(31, 16);
}

impl Function {
    /// Number and entries of a queue to be created.
    fn queue_parameters(&self, command: &Command) -> Result<(u16, u32), Status> {
        let number = low16(create::QUEUE.of(command.dword(10)).into());
        let entries = create::SIZE.of(command.dword(10)) + 1;
        if number == ADMIN || number > self.drive.definition().queues {
            return Err(Status::INVALID_QUEUE);
        }
        if !(2..=MAX_ENTRIES).contains(&entries) {
            return Err(Status::INVALID_QUEUE_SIZE);
        }
        // CAP.CQR: queues are contiguous.
        if !create::CONTIGUOUS.is_set(command.dword(11)) {
            return Err(Status::INVALID_FIELD);
        }
        if !command.prp1().is_multiple_of(self.registers.page()) {
            return Err(Status::INVALID_PRP_OFFSET);
        }
        Ok((number, entries))
    }

    pub(super) fn create_completion(&mut self, command: &Command) -> Result<Completion, Status> {
        let (number, entries) = self.queue_parameters(command)?;
        let vector = low16(create::VECTOR.of(command.dword(11)).into());
        if self.completions.contains_key(&number) {
            return Err(Status::INVALID_QUEUE);
        }
        if vector >= self.vectors() {
            return Err(Status::INVALID_VECTOR);
        }
        let vector = create::INTERRUPTS.is_set(command.dword(11)).then_some(vector);
        self.completions.insert(number, CompletionQueue::new(command.prp1(), entries, vector));
        Ok(Completion::default())
    }

    pub(super) fn create_submission(&mut self, command: &Command) -> Result<Completion, Status> {
        let (number, entries) = self.queue_parameters(command)?;
        let completion = low16(create::COMPLETION.of(command.dword(11)).into());
        if self.submissions.contains_key(&number) {
            return Err(Status::INVALID_QUEUE);
        }
        if completion == ADMIN || !self.completions.contains_key(&completion) {
            return Err(Status::INVALID_CQ);
        }
        self.submissions.insert(number, Submission::new(command.prp1(), entries, completion));
        Ok(Completion::default())
    }

    pub(super) fn delete_submission(&mut self, command: &Command) -> Result<Completion, Status> {
        let number = low16(create::QUEUE.of(command.dword(10)).into());
        if number == ADMIN || self.submissions.remove(&number).is_none() {
            return Err(Status::INVALID_QUEUE);
        }
        self.pending.take_if(|pending| pending.queue == number);
        Ok(Completion::default())
    }

    pub(super) fn delete_completion(&mut self, command: &Command) -> Result<Completion, Status> {
        let number = low16(create::QUEUE.of(command.dword(10)).into());
        if self.submissions.values().any(|queue| queue.completion == number) {
            return Err(Status::INVALID_QUEUE_DELETION);
        }
        if number == ADMIN || self.completions.remove(&number).is_none() {
            return Err(Status::INVALID_QUEUE);
        }
        Ok(Completion::default())
    }
}
