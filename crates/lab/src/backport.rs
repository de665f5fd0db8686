//! A QEMU that has vfio-user (10.1 or newer), whatever QEMU the host has: Debian's backport, in a folder of its own.

use crate::LabError;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The script that unpacks it, from the repository's root.
const SCRIPT: &str = "crates/lab/qemu.sh";
/// Where Debian puts libraries.
const LIBRARIES: &str = "usr/lib/x86_64-linux-gnu";
/// Some of QEMU's lie a folder deeper, where the linker's own configuration would point.
const PULSE: &str = "usr/lib/x86_64-linux-gnu/pulseaudio";
/// Firmware and option ROMs.
const FIRMWARE: [&str; 2] = ["usr/share/qemu", "usr/share/seabios"];

/// QEMU's folder. Its programs run through its own dynamic loader, so the host's libraries do not matter, and neither
/// root nor chroot is needed.
#[derive(Debug, Clone)]
pub struct Backport(PathBuf);

impl Backport {
    /// Unpacks it where it is not yet, which takes some seconds and needs Debian's archive, and installs what that
    /// takes. `repository` is this repository's root.
    ///
    /// # Errors
    /// [`LabError::Start`], [`LabError::EndedAtOnce`] with what the script said.
    pub fn get(repository: &Path) -> Result<Self, LabError> {
        let script = repository.join(SCRIPT);
        let start = |source| LabError::Start { program: script.display().to_string(), source };
        let output = Command::new(&script).output().map_err(start)?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(LabError::EndedAtOnce { status: output.status.to_string(), stderr });
        }
        Ok(Self(String::from_utf8_lossy(&output.stdout).trim_end().into()))
    }

    /// Its folder; OVMF is in `usr/share/OVMF` there.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The program and the arguments that come before any others. To be run with [`Backport::environment`].
    #[must_use]
    pub fn program(&self) -> Vec<String> {
        let at = |part: &str| self.0.join(part).display().to_string();
        let libraries = format!("{}:{}", at(LIBRARIES), at(PULSE));
        let mut words = vec![at("usr/lib64/ld-linux-x86-64.so.2"), "--library-path".to_owned(), libraries];
        words.push(at("usr/bin/qemu-system-x86_64"));
        FIRMWARE.iter().for_each(|folder| words.extend(["-L".to_owned(), at(folder)]));
        words
    }

    /// Where it finds its modules (iSCSI among them): a name and a value.
    #[must_use]
    pub fn environment(&self) -> (&'static str, PathBuf) {
        ("QEMU_MODULE_DIR", self.0.join(LIBRARIES).join("qemu"))
    }
}
