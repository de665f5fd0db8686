//! What a program that was killed left mounted: nobody else unmounts it, and its stick would stay in use for ever.

use nix::mount::{MntFlags, umount2};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Takes every mount of a results stick out of the tree whose program has ended. How many there were. A device that does not
/// answer may keep it waiting. `usual` is the place beside which sticks are mounted.
pub(crate) fn detach(usual: &Path) -> usize {
    let mountinfo = match std::fs::read("/proc/self/mountinfo") {
        Ok(mountinfo) => mountinfo,
        Err(error) => {
            tracing::warn!(%error, "what is mounted cannot be read");
            return 0;
        }
    };
    let lives = |process: u32| Path::new("/proc").join(process.to_string()).exists();
    let left = left(&mountinfo, usual, lives);
    for at in &left {
        match umount2(at, MntFlags::MNT_DETACH) {
            Ok(()) => tracing::info!(at = %at.display(), "was still mounted"),
            Err(error) => tracing::warn!(%error, at = %at.display(), "is still mounted"),
        }
    }
    left.len()
}

/// The mount points of results sticks in the text of `/proc/self/mountinfo`, what was mounted last first: of several at
/// one place only the last can be taken down.
fn left(mountinfo: &[u8], usual: &Path, lives: impl Fn(u32) -> bool) -> Vec<PathBuf> {
    let points = mountinfo.split(|byte| *byte == b'\n').filter_map(point);
    let mut left: Vec<PathBuf> =
        points.filter(|point| process(point, usual).is_some_and(|it| !lives(it))).collect();
    left.reverse();
    left
}

/// proc(5): the fifth field of a line is the mount point.
fn point(line: &[u8]) -> Option<PathBuf> {
    let field = line.split(|byte| *byte == b' ').nth(4)?;
    Some(PathBuf::from(OsString::from_vec(unescaped(field))))
}

/// Blank, tab, newline and backslash stand there as a backslash and three octal digits.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| *byte == b'\\');
        let octal = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        plain.push(octal.unwrap_or(*byte));
        rest = if octal.is_some() { after.get(3..).unwrap_or_default() } else { after };
    }
    plain
}

/// Whose mount it is, by its place beside the usual one: `stick-PROCESS-NUMBER`.
fn process(point: &Path, usual: &Path) -> Option<u32> {
    let name = |path: &Path| path.file_name().map(|name| name.as_bytes().to_vec()).unwrap_or_default();
    let own = name(point);
    let rest = own.strip_prefix(name(usual).as_slice())?.strip_prefix(b"-")?;
    let (process, number) = std::str::from_utf8(rest).ok()?.split_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let process = process.parse().ok().filter(|_| is_number)?;
    (point.parent() == usual.parent()).then_some(process)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTINFO: &[u8] = b"22 1 0:20 / /proc rw,nosuid - proc proc rw\n\
        30 1 0:25 / /run rw,nosuid - tmpfs tmpfs rw\n\
        36 30 8:17 / /run/massho/stick-7-0 rw,nosuid,nodev,noexec,noatime - vfat /dev/sdb1 rw,errors=remount-ro\n\
        37 30 8:33 / /run/massho/stick-41-12 rw,noatime shared:7 - exfat /dev/sdc1 rw\n\
        38 30 8:17 / /run/massho/stick-7-0 rw - vfat /dev/sdb1 rw\n\
        39 30 8:49 / /run/massho/stick rw - vfat /dev/sdd1 rw\n\
        40 30 8:49 / /run/massho/stick-9-1 rw - vfat /dev/sde1 rw\n\
        41 30 8:49 / /run/massho/stick-7- rw - vfat /dev/sdd1 rw\n\
        42 30 8:49 / /run/massho/stick-7-0a rw - vfat /dev/sdd1 rw\n\
        43 30 8:49 / /run/massho/stick-7-0/stick-7-1 rw - vfat /dev/sdd1 rw\n\
        44 30 8:49 / /mnt/stick-7-0 rw - vfat /dev/sdd1 rw\n\
        garbage\n";

    #[test]
    fn only_what_programs_that_have_ended_left_is_taken_down_and_the_last_mount_first() {
        let found = left(MOUNTINFO, Path::new("/run/massho/stick"), |process| process == 9);
        let places =
            ["stick-7-0", "stick-41-12", "stick-7-0"].map(|name| Path::new("/run/massho").join(name));
        assert_eq!(found, places);
    }

    #[test]
    fn a_place_with_a_blank_in_its_name_is_read_as_it_is_called() {
        let line = b"36 30 8:17 / /run/a\\040b\\134/stick-7-3 rw - vfat /dev/sdb1 rw\n";
        let found = left(line, Path::new("/run/a b\\/stick"), |_| false);
        assert_eq!(found, [PathBuf::from("/run/a b\\/stick-7-3")]);
        assert!(left(b"36 30 8:17 / /run/\\9", Path::new("/run/x/stick"), |_| false).is_empty());
    }

    #[test]
    fn nothing_of_this_machine_is_taken_down() {
        assert_eq!(detach(Path::new("/run/massho-test-of-nothing/stick")), 0);
    }
}
