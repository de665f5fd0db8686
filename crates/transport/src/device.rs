//! What a caller can ask of an open drive, real or not.

use model::{BlockSize, ByteLen};
use protocol::ata;
use protocol::nvme::{AdminCommand, Status};
use std::time::Duration;

/// The shape of the addressable space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Capacity.
    pub len: ByteLen,
    /// Logical block size.
    pub block: BlockSize,
}

/// Why a read or a write failed. Callers decide by these, never by text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IoFailure {
    /// The drive is not there any more (ENODEV, ENXIO, or an end of file inside the capacity).
    #[error("the drive is not there any more")]
    Gone,
    /// The medium failed at this place (EIO and its kin); other places may work.
    #[error("the medium cannot be read or written there: {0}")]
    Medium(String),
    /// Anything else: nothing at all can be expected of this drive.
    #[error("{0}")]
    Other(String),
}

/// Reads and writes that reach the drive itself, past the page cache.
///
/// Offsets, lengths and buffer addresses are multiples of 4096 or, at the end of the drive, of the logical block
/// ([`crate::PageBuffer`] gives such buffers).
pub trait BlockIo: Send + Sync {
    /// The shape.
    fn geometry(&self) -> Geometry;

    /// Fills the whole buffer from `offset` (bytes).
    ///
    /// # Errors
    /// [`IoFailure`]; the buffer's content is then meaningless.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure>;

    /// Writes the whole buffer at `offset` (bytes).
    ///
    /// # Errors
    /// [`IoFailure`]; any part of it may have been written.
    fn write_at(&self, offset: u64, buffer: &[u8]) -> Result<(), IoFailure>;

    /// Flushes the drive's own write cache.
    ///
    /// # Errors
    /// [`IoFailure`]; nothing written since the last flush is then certain.
    fn flush(&self) -> Result<(), IoFailure>;

    /// Has the system look at the capacity again, after a command that may have changed it, and returns the shape as it
    /// is now. What has one shape for ever returns that.
    ///
    /// # Errors
    /// [`IoFailure`]; the shape is then the old one.
    fn refresh_geometry(&self) -> Result<Geometry, IoFailure> {
        Ok(self.geometry())
    }
}

/// Why a command has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The drive is not there any more.
    #[error("the drive is not there any more")]
    Gone,
    /// The answer did not come in time. The command may still be running.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// The kernel or the host adapter refused or lost it; the text is the system's.
    #[error("{0}")]
    Host(String),
    /// The data are not what the command moves: nothing was sent.
    #[error("the data do not fit the command")]
    DataMismatch,
    /// This kind of device takes no such commands.
    #[error("this device takes no such commands")]
    NotThisBus,
}

/// A completed NVMe command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NvmeCompletion {
    /// The status field.
    pub status: Status,
    /// Dword 0 of the completion.
    pub result: u32,
}

/// A completed SCSI command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScsiReply {
    /// SAM status byte: 00h good, 02h check condition.
    pub status: u8,
    /// The sense data that came with it, possibly none.
    pub sense: Vec<u8>,
    /// Bytes transferred.
    pub transferred: usize,
}

/// The data phase of a command.
#[derive(Debug)]
pub enum Data<'a> {
    /// None.
    None,
    /// From the drive.
    In(&'a mut [u8]),
    /// To the drive.
    Out(&'a [u8]),
}

impl Data<'_> {
    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::In(bytes) => bytes.len(),
            Self::Out(bytes) => bytes.len(),
        }
    }

    /// Whether there is nothing to move.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Commands passed through to the drive.
pub trait Commands: Send + Sync {
    /// An NVMe admin command.
    ///
    /// # Errors
    /// [`CommandError`] where there is no completion. A completion with a bad status is `Ok`.
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<NvmeCompletion, CommandError>;

    /// A SCSI command.
    ///
    /// # Errors
    /// [`CommandError`] where there is no completion. A completion with a bad status is `Ok`.
    fn scsi(&self, cdb: &[u8], data: Data<'_>, timeout: Duration) -> Result<ScsiReply, CommandError>;

    /// An ATA command, carried by SCSI (SAT). Where the registers of a 48-bit command without data did not all come
    /// back, the translation layer is asked for them again; the drive is not.
    ///
    /// # Errors
    /// [`CommandError`] where there is no completion, or `data` is not what the command moves. A command that the drive
    /// or the translation layer ended badly is `Ok`.
    fn ata(
        &self,
        command: &ata::Command,
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<ata::Reply, CommandError> {
        crate::sat::send(&|cdb, data, timeout| self.scsi(cdb, data, timeout), command, data, timeout)
    }
}

/// An open drive.
pub trait Device: BlockIo + Commands {}

impl<T: BlockIo + Commands> Device for T {}
