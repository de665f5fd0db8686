//! The host adapter: its queues, and the commands under way.

use super::message::{Message, request};
use super::ring::{Chain, Ring};
use super::scsi::{self, Command, Control, response};
use crate::drives::{self, Engine, Forget, Task, TaskKey};
use crate::vfio::GuestRam;
use lab_drives::ScsiCompletion;
use lab_drives::nvme::BadAddress;
use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::sync::mpsc::Sender;

/// `VIRTIO_F_VERSION_1` and `VIRTIO_SCSI_F_HOTPLUG` (Virtio 1.2, clauses 6 and 5.6.3);
/// `VHOST_USER_F_PROTOCOL_FEATURES`, without which QEMU sends no memory.
const FEATURES: u64 = 1 << 32 | 1 << 1 | 1 << 30;
/// `VHOST_USER_PROTOCOL_F_MQ`: the number of queues can be asked for.
const PROTOCOL_FEATURES: u64 = 1;
/// Queues (5.6.2).
const CONTROL: usize = 0;
const EVENTS: usize = 1;
const REQUESTS: usize = 2;
pub(super) const QUEUES: usize = 3;
/// Bytes of a region in a memory table, and where the first begins.
const REGION: usize = 32;
const REGIONS: usize = 8;
/// Bits 7:0 of a message with an event descriptor are the queue's number; bit 8 says that there is no descriptor.
const QUEUE: u32 = 0xFF;

/// Whether the disk is plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plug {
    /// It is.
    In,
    /// It is not; its targets answer as if nothing were there.
    Out,
}

pub(super) struct Device {
    engine: Engine,
    answers: Sender<drives::Answer>,
    /// Tells this connection's tasks from those of others.
    connection: u64,
    /// Memory by the guest's addresses, and by QEMU's own.
    guest: GuestRam,
    host: GuestRam,
    rings: [Ring; QUEUES],
    under_way: BTreeMap<u32, UnderWay>,
    next: u32,
    plug: Plug,
}

/// A command that the drive works on.
struct UnderWay {
    tag: u64,
    chain: Chain,
}

impl Device {
    pub(super) fn new(engine: Engine, connection: u64, plug: Plug, answers: Sender<drives::Answer>) -> Self {
        let (guest, host) = (GuestRam::default(), GuestRam::default());
        let (rings, under_way) = (Default::default(), BTreeMap::new());
        Self { engine, answers, connection, guest, host, rings, under_way, next: 0, plug }
    }

    /// Takes a message; the bytes of the reply, if there is to be one.
    pub(super) fn take(&mut self, mut message: Message) -> Option<Vec<u8>> {
        let (index, value) = (usize::try_from(message.word(0)).unwrap_or(QUEUES), message.word(4));
        match message.request {
            request::GET_FEATURES => return Some(message.reply(&FEATURES.to_le_bytes())),
            request::GET_PROTOCOL_FEATURES => return Some(message.reply(&PROTOCOL_FEATURES.to_le_bytes())),
            request::GET_QUEUE_NUM => return Some(message.reply(&(QUEUES as u64).to_le_bytes())),
            request::SET_MEM_TABLE => self.map(&mut message),
            request::GET_VRING_BASE => return Some(self.stop(index, &message)),
            request::SET_VRING_NUM => self.change(index, |ring| ring.size = low16(value)),
            request::SET_VRING_BASE => self.change(index, |ring| ring.next = low16(value)),
            request::SET_VRING_ADDR => {
                let (descriptors, used, available) = (message.long(8), message.long(16), message.long(24));
                self.change(index, |ring| {
                    (ring.descriptors, ring.used, ring.available) = (descriptors, used, available);
                });
            }
            request::SET_VRING_KICK => {
                let (index, fd) = event(&mut message);
                self.change(index, |ring| ring.kick = fd);
            }
            request::SET_VRING_CALL => {
                let (index, fd) = event(&mut message);
                self.change(index, |ring| ring.tell_by(fd));
            }
            // Owners and error descriptors mean nothing here; a queue is enabled once it has a kick.
            _ => {}
        }
        None
    }

    fn change(&mut self, index: usize, how: impl FnOnce(&mut Ring)) {
        if let Some(ring) = self.rings.get_mut(index) {
            how(ring);
        }
    }

    fn map(&mut self, message: &mut Message) {
        self.guest.clear();
        self.host.clear();
        let fds = std::mem::take(&mut message.fds);
        for (number, fd) in fds.into_iter().enumerate() {
            let at = REGIONS + number * REGION;
            let (guest, size, host) = (message.long(at), message.long(at + 8), message.long(at + 16));
            let (offset, file) = (message.long(at + 24), File::from(fd));
            self.guest.map(guest, size, offset, file.try_clone().ok());
            self.host.map(host, size, offset, Some(file));
        }
    }

    /// Stops a queue. What is under way in it belongs to nobody any more.
    fn stop(&mut self, index: usize, message: &Message) -> Vec<u8> {
        if index == REQUESTS {
            self.under_way.clear();
            self.engine.forget(Forget::Connection(self.connection));
        }
        let ring = self.rings.get_mut(index);
        let next = ring.map_or(0, |ring| {
            ring.kick = None;
            ring.next
        });
        let mut body = message.word(0).to_le_bytes().to_vec();
        body.extend(u32::from(next).to_le_bytes());
        message.reply(&body)
    }

    /// The descriptors that tell of something in a queue, with the queue's number.
    pub(super) fn kicks(&self) -> Vec<std::io::Result<OwnedFd>> {
        self.rings.iter().filter_map(|ring| ring.kick.as_ref().map(OwnedFd::try_clone)).collect()
    }

    /// Takes all that the guest has put into its queues.
    pub(super) fn work(&mut self) -> Result<(), BadAddress> {
        while let Some(chain) = self.pop(CONTROL)? {
            self.control(&chain)?;
        }
        while let Some(chain) = self.pop(REQUESTS)? {
            self.command(chain)?;
        }
        Ok(())
    }

    fn pop(&mut self, index: usize) -> Result<Option<Chain>, BadAddress> {
        self.rings.get_mut(index).map_or(Ok(None), |ring| ring.pop(&self.host))
    }

    fn command(&mut self, chain: Chain) -> Result<(), BadAddress> {
        let command = Command::parse(&chain.read(&self.guest)?);
        let Some(command) = command.filter(|command| command.is_for_us && self.plug == Plug::In) else {
            return self.give_back(REQUESTS, &chain, &refusal(&chain, response::BAD_TARGET));
        };
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        let wanted = chain.room().saturating_sub(scsi::ANSWER);
        self.under_way.insert(number, UnderWay { tag: command.tag, chain });
        self.engine.submit(Task {
            key: TaskKey { connection: self.connection, tag: number },
            cdb: command.cdb,
            wanted,
            data_out: command.data,
            answer: self.answers.clone(),
        });
        Ok(())
    }

    /// Hands on what the drive said. Of a command that was given up it is dropped.
    pub(super) fn complete(&mut self, answer: &drives::Answer) -> Result<(), BadAddress> {
        let Some(UnderWay { chain, .. }) = self.under_way.remove(&answer.tag) else { return Ok(()) };
        self.give_back(REQUESTS, &chain, &scsi::answer(&answer.completion, response::OK, answer.wanted))
    }

    fn control(&mut self, chain: &Chain) -> Result<(), BadAddress> {
        let asked = Control::parse(&chain.read(&self.guest)?);
        let answer = match asked {
            Control::Abort(tag) => self.abort(|task| task.tag == tag)?,
            Control::AbortAll => self.abort(|_| true)?,
            Control::Other => response::FUNCTION_REJECTED,
        };
        // The answer to a query of events has four bytes before it: none of them is supported.
        let before = chain.room().saturating_sub(1);
        let mut bytes = vec![0; before];
        bytes.push(answer);
        self.give_back(CONTROL, chain, &bytes)
    }

    /// A task's buffer goes back before the function that aborts it is answered: the guest frees it then.
    fn abort(&mut self, which: impl Fn(&UnderWay) -> bool) -> Result<u8, BadAddress> {
        let numbers: Vec<u32> =
            self.under_way.iter().filter(|(_, task)| which(task)).map(|(number, _)| *number).collect();
        for number in numbers {
            self.engine.forget(Forget::Task(TaskKey { connection: self.connection, tag: number }));
            if let Some(UnderWay { chain, .. }) = self.under_way.remove(&number) {
                self.give_back(REQUESTS, &chain, &refusal(&chain, response::ABORTED))?;
            }
        }
        Ok(response::OK)
    }

    /// Tells the guest that the disk came or went.
    pub(super) fn plug(&mut self, plug: Plug) -> Result<(), BadAddress> {
        self.plug = plug;
        if plug == Plug::Out {
            self.abort(|_| true)?;
        }
        let reason = if plug == Plug::In { scsi::RESCAN } else { scsi::REMOVED };
        match self.pop(EVENTS)? {
            Some(chain) => self.give_back(EVENTS, &chain, &scsi::event(reason)),
            // A guest without a driver yet finds out by itself.
            None => Ok(()),
        }
    }

    fn give_back(&mut self, index: usize, chain: &Chain, bytes: &[u8]) -> Result<(), BadAddress> {
        let written = chain.write(&mut self.guest, bytes)?;
        self.rings.get(index).map_or(Ok(()), |ring| ring.push(&mut self.host, chain, written))
    }
}

fn refusal(chain: &Chain, response: u8) -> Vec<u8> {
    scsi::answer(&ScsiCompletion::default(), response, chain.room().saturating_sub(scsi::ANSWER))
}

fn event(message: &mut Message) -> (usize, Option<OwnedFd>) {
    let index = usize::try_from(message.word(0) & QUEUE).unwrap_or(QUEUES);
    (index, message.fds.pop())
}

fn low16(value: u32) -> u16 {
    u16::try_from(value & 0xFFFF).unwrap_or_default()
}
