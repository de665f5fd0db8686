//! Runs the office's program on what a stick holds, as a person at the office would.

use crate::LabError;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The office's program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    program: PathBuf,
}

/// What it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Whether it found everything in order.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.code == Some(0)
    }

    /// Whether it refused in an orderly way and said why; a crash or silence is neither.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        let said_something = !self.out.trim().is_empty() || !self.err.trim().is_empty();
        said_something && !self.err.contains("panicked") && matches!(self.code, Some(1..=100))
    }
}

impl Ledger {
    /// The program at this path.
    #[must_use]
    pub fn new(program: &Path) -> Self {
        Self { program: program.to_owned() }
    }

    /// `massho-ledger verify PATH`.
    ///
    /// # Errors
    /// [`LabError::Start`].
    pub fn verify(&self, path: &Path) -> Result<Said, LabError> {
        self.run(Path::new("."), [OsStr::new("verify"), path.as_os_str()])
    }

    /// Any command, in a folder.
    ///
    /// # Errors
    /// [`LabError::Start`].
    pub fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Said, LabError> {
        let output = Command::new(&self.program)
            .args(arguments)
            .current_dir(folder)
            // Its words are read in English.
            .env("LC_ALL", "C.UTF-8")
            .output()
            .map_err(|source| LabError::Start { program: self.program.display().to_string(), source })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) })
    }
}
