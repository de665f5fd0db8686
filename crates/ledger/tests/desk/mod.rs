//! An office to test in: a folder with a ledger, and the program itself.
#![allow(unreachable_pub, missing_docs, dead_code, reason = "shared between test programs")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

pub struct Office(TempDir);

impl Office {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn ledger(&self) -> PathBuf {
        self.path().join("ledger.sqlite")
    }

    /// Runs the program on 2026-12-01; what it printed, and whether it said that all is right.
    pub fn run(&self, arguments: &[&str], paths: &[&Path]) -> (String, bool) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_massho-ledger"));
        command.env_clear().env("LANG", "en_US.UTF-8").env("USER", "tanaka");
        command.arg("--ledger").arg(self.ledger()).args(["--today", "2026-12-01"]);
        let output = command.args(arguments).args(paths).output().unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?}: {printed}", output.status);
        (printed, output.status.success())
    }
}
