//! Submission and completion queues in the host's memory (NVMe Base 2.0, 3.3).

use super::command::{Command, ENTRY, set_phase};
use super::memory::{BadAddress, HostMemory};
use std::collections::VecDeque;

/// Bytes of a completion queue entry.
const COMPLETION: usize = 16;

/// A queue that the host fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submission {
    base: u64,
    entries: u32,
    head: u32,
    tail: u32,
    /// The queue that answers go to.
    pub(super) completion: u16,
}

impl Submission {
    pub(super) fn new(base: u64, entries: u32, completion: u16) -> Self {
        Self { base, entries, head: 0, tail: 0, completion }
    }

    /// The host has filled it up to there. What is no place in the queue is ignored.
    pub(super) fn ring(&mut self, tail: u32) {
        if tail < self.entries {
            self.tail = tail;
        }
    }

    pub(super) fn head(&self) -> u16 {
        u16::try_from(self.head).unwrap_or(u16::MAX)
    }

    /// The next command, if there is one.
    pub(super) fn fetch(&mut self, memory: &dyn HostMemory) -> Result<Option<Command>, BadAddress> {
        if self.head == self.tail {
            return Ok(None);
        }
        let mut bytes = [0; ENTRY];
        memory.read(self.base.wrapping_add(u64::from(self.head) * ENTRY as u64), &mut bytes)?;
        self.head = (self.head + 1) % self.entries;
        Ok(Some(Command::from_bytes(&bytes)))
    }
}

/// A queue that the drive fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CompletionQueue {
    base: u64,
    entries: u32,
    /// What the host has taken.
    head: u32,
    tail: u32,
    phase: bool,
    /// The interrupt vector, if it wants interrupts.
    pub(super) vector: Option<u16>,
    /// Entries that found it full.
    waiting: VecDeque<[u8; COMPLETION]>,
}

impl CompletionQueue {
    pub(super) fn new(base: u64, entries: u32, vector: Option<u16>) -> Self {
        Self { base, entries, head: 0, tail: 0, phase: true, vector, waiting: VecDeque::new() }
    }

    /// The host has taken what was before there.
    pub(super) fn ring(&mut self, head: u32) {
        if head < self.entries {
            self.head = head;
        }
    }

    /// Adds an entry; it waits where there is no room.
    pub(super) fn push(&mut self, entry: [u8; COMPLETION]) {
        self.waiting.push_back(entry);
    }

    /// Writes what waits, as far as there is room, and says whether it wrote anything.
    pub(super) fn write_out(&mut self, memory: &mut dyn HostMemory) -> Result<bool, BadAddress> {
        let mut wrote = false;
        while (self.tail + 1) % self.entries != self.head {
            let Some(mut entry) = self.waiting.pop_front() else { break };
            set_phase(&mut entry, self.phase);
            self.write_entry(memory, &entry)?;
            self.tail = (self.tail + 1) % self.entries;
            self.phase ^= self.tail == 0;
            wrote = true;
        }
        Ok(wrote)
    }

    /// The dword with the phase tag last: by it the host knows that the others are there.
    fn write_entry(&self, memory: &mut dyn HostMemory, entry: &[u8; COMPLETION]) -> Result<(), BadAddress> {
        let at = self.base.wrapping_add(u64::from(self.tail) * COMPLETION as u64);
        let (data, tag) = entry.split_at(12);
        memory.write(at, data)?;
        memory.write(at.wrapping_add(12), tag)
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::tests::Ram;
    use super::*;

    #[test]
    fn commands_come_in_order_and_around_the_end() {
        let mut ram = Ram(vec![0; 0x1000]);
        (0..4).for_each(|slot| ram.0[slot * 64] = u8::try_from(slot).unwrap() + 1);
        let mut queue = Submission::new(0, 4, 0);
        queue.ring(3);
        let opcodes: Vec<_> = (0..3).map(|_| queue.fetch(&ram).unwrap().unwrap().opcode()).collect();
        assert_eq!(opcodes, [1, 2, 3]);
        assert_eq!(queue.fetch(&ram), Ok(None));
        queue.ring(1);
        assert_eq!(queue.fetch(&ram).unwrap().unwrap().opcode(), 4);
        assert_eq!(queue.fetch(&ram).unwrap().unwrap().opcode(), 1);
        queue.ring(4);
        assert_eq!((queue.fetch(&ram), queue.head()), (Ok(None), 1));
    }

    #[test]
    fn the_phase_turns_at_the_end_and_a_full_queue_waits() {
        let mut ram = Ram(vec![0; 0x1000]);
        let mut queue = CompletionQueue::new(0, 3, Some(0));
        (1..=4).for_each(|id| queue.push([id; 16]));
        assert_eq!(queue.write_out(&mut ram), Ok(true));
        assert_eq!((ram.0[0], ram.0[16], ram.0[32]), (1, 2, 0));
        assert_eq!((ram.0[14] & 1, ram.0[30] & 1), (1, 1));
        assert_eq!(queue.write_out(&mut ram), Ok(false));
        queue.ring(2);
        assert_eq!(queue.write_out(&mut ram), Ok(true));
        assert_eq!((ram.0[32], ram.0[46] & 1), (3, 1));
        assert_eq!((ram.0[0], ram.0[14] & 1), (4, 0));
    }
}
