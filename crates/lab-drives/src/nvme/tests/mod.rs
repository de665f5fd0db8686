//! The drive as a host meets it, command by command, with a clock that stands still until it is moved.

mod commands;
mod faults;
mod formatting;
mod function;
mod sanitizing;

use super::{Command, Completion, Controller, Definition, NvmeDrive, Status};
use crate::{Fault, Power, TestClock, Turn, VirtualDrive};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// What every block is filled with.
pub(super) const SECRET: &[u8; 8] = b"KOSEKI1\0";

pub(super) struct Bench {
    pub(super) drive: Controller,
    pub(super) clock: TestClock,
    pub(super) folder: TempDir,
}

/// A drive as the lines of TOML say, its namespaces filled.
pub(super) fn bench(text: &str) -> Bench {
    let definition: Definition = toml::from_str(text).unwrap();
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::default());
    let numbers: Vec<u32> = definition.namespaces.iter().map(|ns| ns.number).collect();
    let mut drive =
        Controller::create(definition, &folder.path().join("drive"), Arc::new(clock.clone())).unwrap();
    for number in numbers {
        drive.fill(number, fill).unwrap();
    }
    Bench { drive, clock, folder }
}

fn fill(_: u64, block: &mut [u8]) {
    block.as_chunks_mut::<8>().0.iter_mut().for_each(|chunk| *chunk = *SECRET);
}

/// A small drive.
pub(super) fn small() -> Bench {
    bench(SMALL)
}

/// 64 blocks; block erase 4 s, crypto erase 1 s, overwrite 4 s a pass, format 1 s.
pub(super) const SMALL: &str = "[[namespaces]]\nblocks = 64\n";

/// A small drive with a fault, which is TOML.
pub(super) fn with_fault(fault: Fault) -> Bench {
    let mut bench = small();
    bench.drive.faults().set(fault);
    bench
}

impl Bench {
    pub(super) fn seconds(&mut self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(super) fn admin(&mut self, command: Command) -> Turn<Completion> {
        self.drive.admin(&command, &[], 4096)
    }

    /// The status of a command that ends at once.
    pub(super) fn status(&mut self, command: Command) -> Status {
        done(self.admin(command)).status
    }

    pub(super) fn data(&mut self, command: Command) -> Vec<u8> {
        let completion = done(self.admin(command));
        assert!(completion.status.is_success(), "{:x?}", completion.status);
        completion.data
    }

    pub(super) fn identify(&mut self, cns: u32, nsid: u32) -> Vec<u8> {
        self.data(Command::new(0x06, nsid).with(10, cns))
    }

    pub(super) fn sanitize(&mut self, dword10: u32) -> Turn<Completion> {
        self.admin(Command::new(0x84, 0).with(10, dword10).with(11, 0x0f0f_0f0f))
    }

    pub(super) fn format(&mut self, nsid: u32, dword10: u32) -> Turn<Completion> {
        self.admin(Command::new(0x80, nsid).with(10, dword10))
    }

    /// Log 81h: SPROG, SSTAT.
    pub(super) fn sanitize_log(&mut self) -> (u16, u16) {
        let log = self.data(Command::new(0x02, u32::MAX).with(10, 127 << 16 | 0x81));
        assert_eq!(log.len(), 512);
        (u16::from_le_bytes([log[0], log[1]]), u16::from_le_bytes([log[2], log[3]]))
    }

    pub(super) fn read(&mut self, nsid: u32, slba: u64) -> Result<Vec<u8>, Status> {
        let completion = done(self.drive.read(nsid, slba, 1));
        if completion.status.is_success() { Ok(completion.data) } else { Err(completion.status) }
    }

    /// Physical blocks of a namespace on which the secret is to be found in plain.
    pub(super) fn secrets(&mut self, number: u32) -> u64 {
        let carries = |block: &[u8]| block.windows(8).any(|window| window == SECRET);
        self.drive.medium(number).unwrap().count_physical(carries).unwrap()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("drive")
    }

    pub(super) fn cycle(&mut self) {
        self.drive.power(Power::Cycle);
    }
}

pub(super) fn done(turn: Turn<Completion>) -> Completion {
    match turn {
        Turn::Done(completion) => completion,
        other => panic!("not done: {other:?}"),
    }
}

/// All blocks of [`small`] and its stale copies: 64 and half of 8 spare ones.
pub(super) const ALL_SECRETS: u64 = 68;
