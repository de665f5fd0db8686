//! How a host and a drive take turns.

use crate::Faults;
use std::time::Duration;

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn<T> {
    /// It is complete.
    Done(T),
    /// The drive works on it and will answer: ask `poll` again, no sooner than after the time given.
    Busy(Duration),
    /// It will never be answered; the drive may be working all the same.
    Silent,
    /// There is no drive any more.
    Gone,
}

/// A completed SCSI command, ATA behind a translation layer included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScsiCompletion {
    /// SAM status: 00h good, 02h check condition, 08h busy, 18h reservation conflict.
    pub status: u8,
    /// Sense data; empty with good status unless CK_COND asked for it.
    pub sense: Vec<u8>,
    /// Data for the host, no longer than it asked for.
    pub data: Vec<u8>,
}

/// What happens to a drive's power and link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// Off, and on again with the PC's firmware starting: what volatile state there was is lost, and firmware that
    /// freezes does so.
    Cycle,
    /// Off and on while the PC slept (S3): volatile state is lost, and no firmware ran that could freeze.
    Sleep,
    /// The PC was reset, the drive kept its power.
    Reset,
}

/// What all virtual drives have in common.
pub trait VirtualDrive: Send {
    /// Changes its power. Whatever command was under way is forgotten by the host; what the drive does about it is the
    /// standard's business.
    fn power(&mut self, what: Power);

    /// The faults that are switched on.
    fn faults(&mut self) -> &mut Faults;

    /// Takes a SCSI command with its data. For an NVMe drive this is an illegal request.
    fn scsi(&mut self, cdb: &[u8], data_out: &[u8], data_in_len: usize) -> Turn<ScsiCompletion>;

    /// Whether a command is answered at once although another is [`Turn::Busy`]: an inquiry during a FORMAT UNIT that
    /// blocks. Such a command goes to [`VirtualDrive::scsi`] and leaves the other as it is. ATA drives have no such.
    fn overlaps(&self, _cdb: &[u8]) -> bool {
        false
    }

    /// How the command that was [`Turn::Busy`] stands now. Also lets time-driven state (a sanitize that goes on by
    /// itself) catch up with the clock.
    fn poll(&mut self) -> Turn<ScsiCompletion>;

    /// Carries anything still in a write cache to the backing file.
    fn settle(&mut self);
}
