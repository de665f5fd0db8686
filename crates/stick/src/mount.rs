//! Mounting and unmounting a stick's filesystem.

use crate::cache::Medium;
use crate::medium::meaning;
use crate::{LogFolder, Operation, StickError};
use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags, umount2};
use rustix::fs::{major, minor, stat};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where the results stick is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountPoint(PathBuf);

impl Default for MountPoint {
    fn default() -> Self {
        Self(PathBuf::from("/run/massho/stick"))
    }
}

impl MountPoint {
    /// Another place than the usual one; it is made where it is missing.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// The filesystems that a results stick may have, each with its mount options.
///
/// After an error they turn read-only, so that it is noticed; `flush` makes FAT write early. Every line is
/// flushed by itself all the same.
const FILESYSTEMS: [(&str, &str); 2] =
    [("vfat", "flush,errors=remount-ro,shortname=mixed"), ("exfat", "errors=remount-ro")];

/// Mounts the filesystem on a block device (`/dev/sdb1`, or `/dev/sdb` without partitions) and opens its log
/// folder. Nothing on it can be run, be a device, or give rights.
///
/// # Errors
/// [`StickError::ReadOnly`], [`StickError::Full`], [`StickError::NoFilesystem`], [`StickError::NoDriver`],
/// [`StickError::Removed`], or another failure.
pub fn mount(device: &Path, at: &MountPoint) -> Result<LogFolder, StickError> {
    let failed = |error| meaning(Operation::Mount, error, Some(device));
    if is_read_only(device).map_err(failed)? {
        return Err(StickError::ReadOnly);
    }
    fs::create_dir_all(at.path()).map_err(failed)?;
    mount_any(device, at)?;
    let mounted = Mounted { at: Some(at.path().to_owned()) };
    LogFolder::of(at.path(), Some(Medium::open(device)?), Some(mounted))
}

/// Whether the kernel takes the device for read-only: the switch of the stick, mostly.
fn is_read_only(device: &Path) -> io::Result<bool> {
    let number = stat(device)?.st_rdev;
    let attribute = format!("/sys/dev/block/{}:{}/ro", major(number), minor(number));
    Ok(fs::read_to_string(attribute)?.trim() != "0")
}

fn mount_any(device: &Path, at: &MountPoint) -> Result<(), StickError> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC | MsFlags::MS_NOATIME;
    let mut drivers = 0;
    for (filesystem, options) in FILESYSTEMS {
        match nix::mount::mount(Some(device), at.path(), Some(filesystem), flags, Some(options)) {
            Ok(()) => return Ok(()),
            // The kernel does not have this filesystem. A device that is gone says ENXIO or ENOENT.
            Err(Errno::ENODEV) => {}
            // It has it, and this is not one.
            Err(Errno::EINVAL) => drivers += 1,
            // Write-protected media answer either.
            Err(Errno::EROFS | Errno::EACCES) => return Err(StickError::ReadOnly),
            Err(error) => return Err(meaning(Operation::Mount, error.into(), Some(device))),
        }
    }
    Err(if drivers == 0 { StickError::NoDriver } else { StickError::NoFilesystem })
}

/// A mounted filesystem; unmounted when dropped, at the latest when its last user is gone.
#[derive(Debug)]
pub(crate) struct Mounted {
    at: Option<PathBuf>,
}

impl Mounted {
    /// Unmounts and waits until everything is written.
    pub(crate) fn unmount(mut self) -> Result<(), StickError> {
        let Some(at) = self.at.take() else { return Ok(()) };
        match umount2(&at, MntFlags::empty()) {
            Ok(()) => Ok(()),
            Err(error) => {
                detach(&at);
                Err(StickError::Io { operation: Operation::Unmount, source: error.into() })
            }
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(at) = self.at.take() {
            detach(&at);
        }
    }
}

/// Takes the filesystem out of the tree at once, without waiting for a device that may be gone.
fn detach(at: &Path) {
    if let Err(error) = umount2(at, MntFlags::MNT_DETACH) {
        tracing::warn!(%error, at = %at.display(), "could not unmount");
    }
}
