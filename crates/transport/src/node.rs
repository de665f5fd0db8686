//! A real device node, opened.

use crate::device::{BlockIo, CommandError, Commands, Data, Geometry, IoFailure, NvmeCompletion, ScsiReply};
use crate::{host, ioctl, rescan};
use model::{BlockSize, ByteLen};
use nix::errno::Errno;
use protocol::nvme::{AdminCommand, Status};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a node is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To ask it who it is. Never writes, disturbs nobody.
    Identify,
    /// To read its blocks past the page cache.
    Read,
    /// To learn whether the kernel would give it to us alone. Opened for reading: closing a node that was open for
    /// writing makes udev look at the drive again.
    Claim,
    /// To erase it: read and write past the page cache, and exclusively. The kernel refuses while it, or a
    /// partition of it, is mounted or another device is built on it.
    Erase,
}

/// Why a node could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Mounted, held, or opened exclusively by somebody else.
    #[error("in use")]
    Busy,
    /// Write-protected.
    #[error("write-protected")]
    ReadOnly,
    /// No medium in it, or a capacity of zero.
    #[error("no medium")]
    NoMedium,
    /// Not there any more.
    #[error("not there any more")]
    Gone,
    /// Not a block device.
    #[error("not a block device")]
    NotABlockDevice,
    /// A logical block size that cannot be.
    #[error(transparent)]
    BlockSize(#[from] model::UnitError),
    /// Anything else the system said.
    #[error(transparent)]
    Io(io::Error),
}

/// An open block device.
pub struct Node {
    file: File,
    /// Behind a lock, since a command may change it.
    geometry: Mutex<Geometry>,
}

impl Node {
    /// Opens a block device.
    ///
    /// # Errors
    /// [`OpenError`], one variant per reason.
    pub fn open(path: &Path, access: Access) -> Result<Self, OpenError> {
        use nix::libc::{O_CLOEXEC, O_DIRECT, O_EXCL, O_NONBLOCK};
        let mut options = OpenOptions::new();
        options.read(true);
        match access {
            // O_NONBLOCK: a drive without a medium must not keep us waiting.
            Access::Identify => options.custom_flags(O_CLOEXEC | O_NONBLOCK),
            Access::Read => options.custom_flags(O_CLOEXEC | O_DIRECT),
            Access::Claim => options.custom_flags(O_CLOEXEC | O_EXCL),
            // O_EXCL without O_CREAT asks the kernel for the exclusive claim that mount and device-mapper take.
            Access::Erase => options.write(true).custom_flags(O_CLOEXEC | O_DIRECT | O_EXCL),
        };
        let file = options.open(path).map_err(open_error)?;
        if !file.metadata().map_err(OpenError::Io)?.file_type().is_block_device() {
            return Err(OpenError::NotABlockDevice);
        }
        if access == Access::Erase && ioctl::is_read_only(&file).map_err(|error| open_error(error.into()))? {
            return Err(OpenError::ReadOnly);
        }
        let len = ioctl::block_len(&file).map_err(|error| open_error(error.into()))?;
        if len == 0 && access != Access::Identify {
            return Err(OpenError::NoMedium);
        }
        let block = ioctl::logical_block_size(&file).map_err(|error| open_error(error.into()))?;
        let geometry = Geometry { len: ByteLen(len), block: BlockSize::new(block)? };
        Ok(Self { file, geometry: Mutex::new(geometry) })
    }

    /// Whether the kernel takes it for write-protected.
    ///
    /// # Errors
    /// What the system said.
    pub fn is_read_only(&self) -> io::Result<bool> {
        ioctl::is_read_only(&self.file).map_err(io::Error::from)
    }

    /// The kernel's number of this very disk; another medium in the same reader, or another disk under the same name,
    /// has another.
    ///
    /// # Errors
    /// What the system said.
    pub fn disk_sequence(&self) -> io::Result<u64> {
        ioctl::disk_sequence(&self.file).map_err(io::Error::from)
    }

    /// A pulled drive often answers EIO like a bad medium does; its capacity, though, is then 0.
    fn failure(&self, error: &io::Error) -> IoFailure {
        let gone = !matches!(ioctl::block_len(&self.file), Ok(len) if len > 0);
        let errno = Errno::from_raw(error.raw_os_error().unwrap_or(0));
        match errno {
            _ if gone => IoFailure::Gone,
            Errno::ENODEV | Errno::ENXIO => IoFailure::Gone,
            // How the block layer translates what drives say: medium, target, protection, timeout, space.
            Errno::EIO
            | Errno::ENODATA
            | Errno::EREMOTEIO
            | Errno::EILSEQ
            | Errno::ETIMEDOUT
            | Errno::ENOSPC
            | Errno::EBADE => IoFailure::Medium(errno.desc().to_owned()),
            _ => IoFailure::Other(error.to_string()),
        }
    }
}

fn open_error(error: io::Error) -> OpenError {
    match Errno::from_raw(error.raw_os_error().unwrap_or(0)) {
        Errno::EBUSY => OpenError::Busy,
        Errno::EROFS => OpenError::ReadOnly,
        Errno::ENOMEDIUM => OpenError::NoMedium,
        Errno::ENODEV | Errno::ENXIO | Errno::ENOENT => OpenError::Gone,
        Errno::ENOTTY => OpenError::NotABlockDevice,
        _ => OpenError::Io(error),
    }
}

impl BlockIo for Node {
    fn geometry(&self) -> Geometry {
        *self.geometry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
        self.file.read_exact_at(buffer, offset).map_err(|error| match error.kind() {
            // Inside the capacity there is no end of file, unless the capacity has become 0.
            io::ErrorKind::UnexpectedEof => IoFailure::Gone,
            _ => self.failure(&error),
        })
    }

    fn write_at(&self, offset: u64, buffer: &[u8]) -> Result<(), IoFailure> {
        self.file.write_all_at(buffer, offset).map_err(|error| self.failure(&error))
    }

    fn flush(&self) -> Result<(), IoFailure> {
        self.file.sync_all().map_err(|error| self.failure(&error))
    }

    fn refresh_geometry(&self) -> Result<Geometry, IoFailure> {
        let other = |error: io::Error| IoFailure::Other(error.to_string());
        rescan::rescan(self.file.metadata().map_err(other)?.rdev()).map_err(other)?;
        let len = ioctl::block_len(&self.file).map_err(|error| self.failure(&error.into()))?;
        let block = ioctl::logical_block_size(&self.file).map_err(|error| self.failure(&error.into()))?;
        let block = BlockSize::new(block).map_err(|error| IoFailure::Other(error.to_string()))?;
        let geometry = Geometry { len: ByteLen(len), block };
        *self.geometry.lock().unwrap_or_else(PoisonError::into_inner) = geometry;
        Ok(geometry)
    }
}

impl Commands for Node {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        match ioctl::nvme_admin(&self.file, command, data, timeout) {
            Ok((status, result)) => Ok(NvmeCompletion { status: Status(status), result }),
            Err(errno) => Err(command_error(errno, timeout)),
        }
    }

    fn scsi(&self, cdb: &[u8], data: Data<'_>, timeout: Duration) -> Result<ScsiReply, CommandError> {
        let reply =
            ioctl::sg_io(&self.file, cdb, data, timeout).map_err(|errno| command_error(errno, timeout))?;
        match host::failure(reply.host_status, reply.driver_status, timeout) {
            Some(error) => Err(error),
            None => {
                Ok(ScsiReply { status: reply.status, sense: reply.sense, transferred: reply.transferred })
            }
        }
    }
}

fn command_error(errno: Errno, timeout: Duration) -> CommandError {
    match errno {
        Errno::ENODEV | Errno::ENXIO => CommandError::Gone,
        // The NVMe driver's answer when it has given a command up and reset the controller.
        Errno::EINTR | Errno::ETIMEDOUT | Errno::ETIME => CommandError::TimedOut(timeout),
        Errno::ENOTTY | Errno::EINVAL => CommandError::NotThisBus,
        _ => CommandError::Host(errno.desc().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_block_device_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for access in [Access::Identify, Access::Erase] {
            let refused = Node::open(file.path(), access);
            assert!(matches!(refused, Err(OpenError::NotABlockDevice | OpenError::Io(_))));
        }
        let missing = Node::open(Path::new("/dev/no-such-drive"), Access::Identify);
        assert!(matches!(missing, Err(OpenError::Gone)));
    }

    #[test]
    fn errors_are_told_apart_by_number() {
        let of = |errno: Errno| open_error(errno.into());
        assert!(matches!(of(Errno::EBUSY), OpenError::Busy));
        assert!(matches!(of(Errno::EROFS), OpenError::ReadOnly));
        assert!(matches!(of(Errno::ENOMEDIUM), OpenError::NoMedium));
        assert!(matches!(of(Errno::EACCES), OpenError::Io(_)));
        let wait = Duration::from_secs(7);
        assert_eq!(command_error(Errno::EINTR, wait), CommandError::TimedOut(wait));
        assert_eq!(command_error(Errno::ENODEV, wait), CommandError::Gone);
        assert_eq!(command_error(Errno::ENOTTY, wait), CommandError::NotThisBus);
        assert!(matches!(command_error(Errno::EIO, wait), CommandError::Host(_)));
    }
}
