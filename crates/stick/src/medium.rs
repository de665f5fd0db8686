//! Reading past the page cache, and what the system's errors mean on a stick.

use crate::{Operation, StickError};
use bytemuck::{Pod, Zeroable};
use rustix::fs::{Advice, OFlags, fadvise};
use rustix::io::Errno;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// One page, aligned as `O_DIRECT` wants it: no medium has larger logical blocks here than 4096 bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(4096))]
struct Page([u8; PAGE]);

const PAGE: usize = 4096;
/// Pages per read: 256 KiB.
const PAGES: usize = 64;

/// Reads a whole file from its medium.
///
/// By `O_DIRECT`, which goes to the medium or fails. Filesystems without it (a test's folder) are asked to drop
/// what they have in memory first.
pub(crate) fn read_past_cache(path: &Path) -> io::Result<Vec<u8>> {
    let direct = OpenOptions::new().read(true).custom_flags(bits(OFlags::DIRECT)).open(path);
    match direct.and_then(|file| read_aligned(&file)) {
        Err(error) if Errno::from_io_error(&error) == Some(Errno::INVAL) => {
            let file = File::open(path)?;
            fadvise(&file, 0, None, Advice::DontNeed)?;
            read_aligned(&file)
        }
        other => other,
    }
}

fn bits(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

fn read_aligned(file: &File) -> io::Result<Vec<u8>> {
    let mut pages = vec![Page::zeroed(); PAGES];
    let buffer: &mut [u8] = bytemuck::cast_slice_mut(&mut pages);
    let mut bytes = Vec::new();
    loop {
        let read = match file.read_at(buffer, bytes.len() as u64) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
        // A short read is the end of the file; going on from an unaligned offset would be refused.
        if read < PAGE * PAGES {
            return Ok(bytes);
        }
    }
}

/// What an error means. A filesystem whose device is gone says many things: EIO, ENODEV, and after its first
/// failed write, when it has turned itself read-only, EROFS.
pub(crate) fn meaning(operation: Operation, source: io::Error, device: Option<&Path>) -> StickError {
    let gone = device.is_some_and(|device| !device.exists());
    match Errno::from_io_error(&source) {
        Some(Errno::NODEV | Errno::NXIO | Errno::NOMEDIUM) => StickError::Removed,
        _ if gone => StickError::Removed,
        Some(Errno::NOSPC | Errno::DQUOT | Errno::FBIG) => StickError::Full,
        Some(Errno::ROFS) => StickError::ReadOnly,
        _ => StickError::Io { operation, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StickErrorKind;
    use std::io::Write;

    #[test]
    fn files_of_any_length_are_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 1, PAGE - 1, PAGE, PAGE * PAGES - 1, PAGE * PAGES, PAGE * PAGES + 1, 1_000_000] {
            let path = folder.path().join("log");
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            File::create(&path).unwrap().write_all(&bytes).unwrap();
            assert!(read_past_cache(&path).unwrap() == bytes, "{length}");
        }
    }

    #[test]
    fn errors_are_told_apart() {
        let here = Path::new("/");
        let gone = Path::new("/nonexistent/device");
        for (errno, device, kind) in [
            (Errno::NOSPC, here, StickErrorKind::Full),
            (Errno::ROFS, here, StickErrorKind::ReadOnly),
            (Errno::ROFS, gone, StickErrorKind::Removed),
            (Errno::IO, here, StickErrorKind::Io),
            (Errno::IO, gone, StickErrorKind::Removed),
            (Errno::NODEV, here, StickErrorKind::Removed),
        ] {
            assert_eq!(
                meaning(Operation::Write, errno.into(), Some(device)).kind(),
                kind,
                "{errno:?} {device:?}"
            );
        }
    }
}
