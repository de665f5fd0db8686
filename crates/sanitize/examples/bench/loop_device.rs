//! A loop device over a file in tmpfs, taken down again when dropped.

use super::Outcome;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where Linux has a tmpfs.
const TMPFS: &str = "/dev/shm";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// One device.
pub(crate) struct LoopDevice {
    device: PathBuf,
    file: PathBuf,
}

impl LoopDevice {
    /// Makes one of `len` bytes.
    pub(crate) fn new(len: u64) -> Outcome<Self> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let file = Path::new(TMPFS).join(format!("massho-bench-{}-{number}", std::process::id()));
        File::create_new(&file)?.set_len(len)?;
        match attach(&file) {
            Ok(device) => Ok(Self { device, file }),
            Err(error) => {
                std::fs::remove_file(&file)?;
                Err(error)
            }
        }
    }

    /// Its node.
    pub(crate) fn path(&self) -> &Path {
        &self.device
    }
}

fn attach(file: &Path) -> Outcome<PathBuf> {
    let losetup = Command::new("losetup").args(["--find", "--show"]).arg(file).output()?;
    if !losetup.status.success() {
        return Err(format!("losetup: {}", String::from_utf8_lossy(&losetup.stderr)).into());
    }
    Ok(PathBuf::from(String::from_utf8(losetup.stdout)?.trim()))
}

impl Drop for LoopDevice {
    fn drop(&mut self) {
        if let Err(error) = Command::new("losetup").arg("--detach").arg(&self.device).status() {
            eprintln!("{} is still attached: {error}", self.device.display());
        }
        if let Err(error) = std::fs::remove_file(&self.file) {
            eprintln!("{} is still there: {error}", self.file.display());
        }
    }
}
