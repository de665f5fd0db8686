//! A split virtqueue in guest memory (Virtio 1.2, clause 2.7).

use crate::vfio::GuestRam;
use lab_drives::nvme::{BadAddress, HostMemory};
use std::os::fd::OwnedFd;

/// Flags of a descriptor (2.7.5).
const NEXT: u16 = 1;
const WRITE: u16 = 2;
/// Bytes of a descriptor, and of an element of the used ring.
const DESCRIPTOR: u64 = 16;
const USED: u64 = 8;

/// A queue. Its three parts lie at addresses of QEMU's own; the buffers in it at the guest's.
#[derive(Debug, Default)]
pub(super) struct Ring {
    pub(super) size: u16,
    pub(super) descriptors: u64,
    pub(super) available: u64,
    pub(super) used: u64,
    /// The next available element to be taken.
    pub(super) next: u16,
    /// Where the guest says that there is something.
    pub(super) kick: Option<OwnedFd>,
    /// Where it is told so.
    pub(super) call: Option<OwnedFd>,
}

/// A piece of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    address: u64,
    length: usize,
}

/// A buffer that the guest has made available.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Chain {
    head: u16,
    readable: Vec<Piece>,
    pub(super) writable: Vec<Piece>,
}

impl Ring {
    /// The next buffer, if there is one.
    pub(super) fn pop(&mut self, host: &GuestRam) -> Result<Option<Chain>, BadAddress> {
        if self.size == 0
            || self.kick.is_none()
            || number::<2>(host, self.available + 2)? == u64::from(self.next)
        {
            return Ok(None);
        }
        let slot = self.available + 4 + 2 * u64::from(self.next % self.size);
        let head = low16(number::<2>(host, slot)?);
        self.next = self.next.wrapping_add(1);
        self.chain(host, head).map(Some)
    }

    fn chain(&self, host: &GuestRam, head: u16) -> Result<Chain, BadAddress> {
        let mut chain = Chain { head, ..Chain::default() };
        let mut index = head;
        // A chain longer than the ring goes in circles.
        for _ in 0..self.size {
            let at = self.descriptors + DESCRIPTOR * u64::from(index);
            let flags = low16(number::<2>(host, at + 12)?);
            let length = usize::try_from(number::<4>(host, at + 8)?).unwrap_or(usize::MAX);
            let piece = Piece { address: number::<8>(host, at)?, length };
            if flags & WRITE == 0 { &mut chain.readable } else { &mut chain.writable }.push(piece);
            if flags & NEXT == 0 {
                break;
            }
            index = low16(number::<2>(host, at + 14)?);
        }
        Ok(chain)
    }

    /// Gives a buffer back with so many bytes written, and tells the guest.
    pub(super) fn push(&self, host: &mut GuestRam, chain: &Chain, written: usize) -> Result<(), BadAddress> {
        let index = low16(number::<2>(host, self.used + 2)?);
        let slot = self.used + 4 + USED * u64::from(index % self.size.max(1));
        let length = u32::try_from(written).unwrap_or(u32::MAX);
        let element = u64::from(length) << 32 | u64::from(chain.head);
        host.write(slot, &element.to_le_bytes())?;
        host.write(self.used + 2, &index.wrapping_add(1).to_le_bytes())?;
        self.tell();
        Ok(())
    }

    /// Takes another descriptor to tell the guest by. QEMU changes it while the queue is in use, when the guest masks its
    /// interrupt and when it unmasks it, waits for no answer, and has looked into the old one before this is read here: what
    /// was told by the old one in between would be lost, and the guest wait for good. So the new one tells at once; a guest
    /// that finds nothing goes on.
    pub(super) fn tell_by(&mut self, call: Option<OwnedFd>) {
        self.call = call;
        self.tell();
    }

    fn tell(&self) {
        if let Some(call) = &self.call {
            // A counter that is full wakes as well.
            let _ = rustix::io::write(call, &1u64.to_ne_bytes());
        }
    }
}

impl Chain {
    /// All that the guest has written for the device.
    pub(super) fn read(&self, guest: &GuestRam) -> Result<Vec<u8>, BadAddress> {
        let mut all = Vec::new();
        for piece in &self.readable {
            let mut data = vec![0; piece.length.min(MOST)];
            guest.read(piece.address, &mut data)?;
            all.extend(data);
        }
        Ok(all)
    }

    /// How many bytes the device may write.
    pub(super) fn room(&self) -> usize {
        self.writable.iter().map(|piece| piece.length).sum()
    }

    /// Writes from the beginning of what may be written; returns how much found room.
    pub(super) fn write(&self, guest: &mut GuestRam, data: &[u8]) -> Result<usize, BadAddress> {
        let mut rest = data;
        for piece in &self.writable {
            let (now, later) = rest.split_at(rest.len().min(piece.length));
            guest.write(piece.address, now)?;
            rest = later;
        }
        Ok(data.len() - rest.len())
    }
}

/// No piece of a sane buffer is longer.
const MOST: usize = 64 << 20;

fn number<const N: usize>(ram: &GuestRam, at: u64) -> Result<u64, BadAddress> {
    let mut bytes = [0; N];
    ram.read(at, &mut bytes)?;
    Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

fn low16(value: u64) -> u16 {
    u16::try_from(value & 0xFFFF).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::{EventfdFlags, eventfd};

    /// Descriptors at 0, available at 1000h, used at 2000h, buffers from 3000h on; 4 elements.
    fn ring() -> (GuestRam, Ring) {
        let file = tempfile::tempfile().unwrap();
        file.set_len(0x8000).unwrap();
        let mut ram = GuestRam::default();
        ram.map(0, 0x8000, 0, Some(file));
        let kick = eventfd(0, EventfdFlags::empty()).ok();
        (ram, Ring { size: 4, available: 0x1000, used: 0x2000, kick, ..Ring::default() })
    }

    fn describe(ram: &mut GuestRam, index: u64, address: u64, length: u32, flags: u16, next: u16) {
        ram.write(index * 16, &address.to_le_bytes()).unwrap();
        ram.write(index * 16 + 8, &length.to_le_bytes()).unwrap();
        ram.write(index * 16 + 12, &flags.to_le_bytes()).unwrap();
        ram.write(index * 16 + 14, &next.to_le_bytes()).unwrap();
    }

    #[test]
    fn a_buffer_is_taken_read_written_and_given_back() {
        let (mut ram, mut ring) = ring();
        describe(&mut ram, 2, 0x3000, 4, NEXT, 1);
        describe(&mut ram, 1, 0x4000, 2, NEXT | WRITE, 3);
        describe(&mut ram, 3, 0x5000, 8, WRITE, 0);
        ram.write(0x3000, b"ping").unwrap();
        assert_eq!(ring.pop(&ram), Ok(None));
        ram.write(0x1000, &[0, 0, 1, 0, 2, 0]).unwrap();
        let chain = ring.pop(&ram).unwrap().unwrap();
        assert_eq!(ring.pop(&ram), Ok(None));
        assert_eq!((chain.read(&ram).unwrap().as_slice(), chain.room()), (&b"ping"[..], 10));
        assert_eq!(chain.write(&mut ram, b"pong!"), Ok(5));
        ring.push(&mut ram, &chain, 5).unwrap();
        let mut used = [0; 12];
        ram.read(0x2000, &mut used).unwrap();
        assert_eq!(used, [0, 0, 1, 0, 2, 0, 0, 0, 5, 0, 0, 0]);
        let mut written = [0; 3];
        ram.read(0x5000, &mut written).unwrap();
        assert_eq!(&written, b"ng!");
    }

    #[test]
    fn a_new_descriptor_tells_what_the_old_one_may_have_lost() {
        let (mut ram, mut ring) = ring();
        let new = || eventfd(0, EventfdFlags::NONBLOCK).unwrap();
        let told = |fd: &OwnedFd| {
            let mut count = [0; 8];
            rustix::io::read(fd, &mut count).map_or(0, |_| u64::from_ne_bytes(count))
        };
        let (masked, unmasked) = (new(), new());
        ring.tell_by(masked.try_clone().ok());
        assert_eq!(told(&masked), 1);
        describe(&mut ram, 0, 0x3000, 1, WRITE, 0);
        ram.write(0x1000, &[0, 0, 1, 0, 0, 0]).unwrap();
        let chain = ring.pop(&ram).unwrap().unwrap();
        ring.push(&mut ram, &chain, 1).unwrap();
        // Nobody looks into this one any more.
        ring.tell_by(unmasked.try_clone().ok());
        assert_eq!((told(&masked), told(&unmasked)), (1, 1));
        ring.tell_by(None);
        ring.push(&mut ram, &chain, 1).unwrap();
        assert_eq!(told(&unmasked), 0);
    }

    #[test]
    fn a_chain_in_a_circle_ends() {
        let (mut ram, mut ring) = ring();
        describe(&mut ram, 0, 0x3000, 1, NEXT, 0);
        ram.write(0x1000, &[0, 0, 1, 0, 0, 0]).unwrap();
        assert_eq!(ring.pop(&ram).unwrap().unwrap().readable.len(), 4);
    }

    #[test]
    fn a_ring_outside_of_memory_is_an_error() {
        let (ram, mut ring) = ring();
        ring.available = 0x10_0000;
        assert!(ring.pop(&ram).is_err());
    }
}
