//! Interrupts: an eventfd of QEMU's per MSI-X vector.

use super::message::{Refusal, SetInterrupts};
use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;

/// `VFIO_PCI_MSIX_IRQ_INDEX`.
pub(crate) const MSIX: u32 = 2;
/// `VFIO_PCI_ERR_IRQ_INDEX`.
pub(crate) const ERROR: u32 = 3;
/// `VFIO_PCI_NUM_IRQS`: INTx, MSI, MSI-X, error, request.
pub(crate) const KINDS: u32 = 5;

/// `VFIO_IRQ_INFO_EVENTFD` and `VFIO_IRQ_INFO_NORESIZE`.
pub(crate) const INFO_FLAGS: u32 = 1 | 1 << 3;

const DATA_NONE: u32 = 1;
const DATA_EVENTFD: u32 = 1 << 2;
const ACTION_TRIGGER: u32 = 1 << 5;

/// The vectors, each with its eventfd where QEMU has given one.
#[derive(Debug)]
pub(crate) struct Vectors(Vec<Option<File>>);

impl Vectors {
    pub(crate) fn new(count: u16) -> Self {
        Self((0..count).map(|_| None).collect())
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Forgets all eventfds.
    pub(crate) fn clear(&mut self) {
        self.0.iter_mut().for_each(|vector| *vector = None);
    }

    /// Sets or clears eventfds.
    pub(crate) fn set(&mut self, what: SetInterrupts, fds: Vec<OwnedFd>) -> Result<(), Refusal> {
        if what.index != MSIX || what.flags & ACTION_TRIGGER == 0 {
            // Nothing is ever pending or masked here: QEMU does both for MSI-X.
            return Ok(());
        }
        if what.count == 0 && what.flags & DATA_NONE != 0 {
            self.clear();
            return Ok(());
        }
        let start = usize::try_from(what.start).map_err(|_| Refusal::Invalid)?;
        let count = usize::try_from(what.count).map_err(|_| Refusal::Invalid)?;
        let end = start.checked_add(count).ok_or(Refusal::Invalid)?;
        let vectors = self.0.get_mut(start..end).ok_or(Refusal::Invalid)?;
        if what.flags & DATA_EVENTFD == 0 {
            return Err(Refusal::Unsupported);
        }
        // Without descriptors the vectors lose theirs.
        let mut fds = fds.into_iter();
        vectors.iter_mut().for_each(|vector| *vector = fds.next().map(File::from));
        Ok(())
    }

    /// Raises one. A vector that nobody listens to, and a QEMU that is gone, make no difference to the drive.
    pub(crate) fn raise(&mut self, vector: u16) {
        if let Some(Some(eventfd)) = self.0.get_mut(usize::from(vector)) {
            let _ = eventfd.write_all(&1_u64.to_ne_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::{EventfdFlags, eventfd};
    use std::io::Read;

    fn set(flags: u32, start: u32, count: u32) -> SetInterrupts {
        SetInterrupts { flags, index: MSIX, start, count }
    }

    #[test]
    fn a_vector_counts_up_its_eventfd() {
        let ours = eventfd(0, EventfdFlags::NONBLOCK).unwrap();
        let mut vectors = Vectors::new(3);
        let theirs = ours.try_clone().unwrap();
        vectors.set(set(DATA_EVENTFD | ACTION_TRIGGER, 1, 1), vec![theirs]).unwrap();
        vectors.raise(0);
        vectors.raise(1);
        vectors.raise(1);
        vectors.raise(77);
        let mut count = [0; 8];
        let mut ours = File::from(ours);
        ours.read_exact(&mut count).unwrap();
        assert_eq!(u64::from_ne_bytes(count), 2);
        vectors.set(set(DATA_NONE | ACTION_TRIGGER, 0, 0), vec![]).unwrap();
        vectors.raise(1);
        assert!(ours.read_exact(&mut count).is_err());
    }

    #[test]
    fn vectors_that_are_not_there() {
        let mut vectors = Vectors::new(3);
        let beyond = set(DATA_EVENTFD | ACTION_TRIGGER, 2, 2);
        assert_eq!(vectors.set(beyond, vec![]), Err(Refusal::Invalid));
        let overflow = set(DATA_EVENTFD | ACTION_TRIGGER, u32::MAX, u32::MAX);
        assert_eq!(vectors.set(overflow, vec![]), Err(Refusal::Invalid));
    }
}
