//! The rig's NVMe side.

use super::rig::{Content, Doing, Found, Inside, LEN, Rig, Start, Status};
use crate::clock::Clock;
use protocol::nvme::{AdminCommand, Status as Code};
use std::time::Duration;
use transport::{CommandError, Data, NvmeCompletion};

impl Rig {
    pub(super) fn nvme_command(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
    ) -> Result<NvmeCompletion, CommandError> {
        if self.is_gone() {
            return Err(CommandError::Gone);
        }
        let status = match (command.opcode, data) {
            (0x06, Data::In(page)) => self.identify_page(command, page),
            (0x02, Data::In(page)) => self.log(page)?,
            (0x84, _) => self.nvme_sanitize(command)?,
            (0x80, _) => self.nvme_format(command)?,
            _ => 0x4001,
        };
        Ok(NvmeCompletion { status: Code(status), result: 0 })
    }

    fn identify_page(&self, command: &AdminCommand, page: &mut [u8]) -> u16 {
        page.fill(0);
        let mut put = |at: usize, bytes: &[u8]| page[at..at + bytes.len()].copy_from_slice(bytes);
        match command.cdw[0] {
            0x00 => {
                put(0, &(LEN / 512).to_le_bytes());
                put(25, &[1, 1]);
                put(128, &[0, 0, 12, 0, 0, 0, 9, 0]);
            }
            0x01 => {
                put(4, b"SERIAL7             ");
                put(256, &[0b10]);
                put(328, &self.rules.sanicap.to_le_bytes());
                put(516, &8u32.to_le_bytes());
                put(524, &[self.rules.fna]);
            }
            0x02 | 0x10 => {
                for (at, nsid) in (0..).step_by(4).zip(&self.rules.namespaces) {
                    put(at, &nsid.to_le_bytes());
                }
            }
            _ => return 0x4002,
        }
        0
    }

    fn log(&self, page: &mut [u8]) -> Result<u16, CommandError> {
        let inside = self.inside();
        let begun = !inside.sent.is_empty() || self.rules.found != Found::Idle;
        page.fill(0);
        match self.rules.status {
            Status::Fail | Status::HalfLost if begun => return Err(CommandError::Host("lost".to_owned())),
            Status::Zeros if begun => return Ok(0),
            _ => {}
        }
        let stale = self.rules.status == Status::Stale && begun;
        let (progress, state) = match inside.doing {
            _ if stale => (0xFFFF, u16::from(self.rules.sanitized_before)),
            Doing::Working { since, takes, .. } => (self.progress(since, takes), 2),
            Doing::Idle if inside.completed => (0xFFFF, 1),
            Doing::Idle => (0xFFFF, 0),
            Doing::Failed => (0xFFFF, 3),
        };
        let erased = self.rules.tells_global_erased && !inside.written_since && inside.completed;
        page[..2].copy_from_slice(&progress.to_le_bytes());
        page[2..4].copy_from_slice(&(state | u16::from(erased && !stale) << 8).to_le_bytes());
        let cdw10 = if stale && self.rules.sanitized_before { 0x0A } else { inside.cdw10 };
        page[4..8].copy_from_slice(&cdw10.to_le_bytes());
        for at in [8, 12, 16] {
            page[at..at + 4].copy_from_slice(&1200u32.to_le_bytes());
        }
        Ok(0)
    }

    fn note(&self, inside: &mut Inside, command: &AdminCommand) {
        inside.sent.push(command.describe());
    }

    fn nvme_sanitize(&self, command: &AdminCommand) -> Result<u16, CommandError> {
        let mut inside = self.inside();
        self.note(&mut inside, command);
        let leaving = match command.cdw[0] & 7 {
            1 => {
                inside.doing = Doing::Idle;
                return Ok(0);
            }
            3 => Content::Byte(command.cdw[1].to_le_bytes()[0]),
            4 => Content::Crypto,
            _ => Content::Byte(0),
        };
        if matches!(self.rules.start, Start::Accept | Start::LoseAnswer) {
            inside.cdw10 = command.cdw[0];
        }
        Ok(if self.begin(&mut inside, leaving)? { 0 } else { 0x4286 })
    }

    fn nvme_format(&self, command: &AdminCommand) -> Result<u16, CommandError> {
        self.note(&mut self.inside(), command);
        match self.rules.start {
            Start::Reject => return Ok(0x4286),
            Start::FallSilent | Start::LoseAnswer => {
                return Err(CommandError::TimedOut(Duration::from_secs(1)));
            }
            Start::Accept => {}
        }
        self.clock.sleep(self.rules.takes);
        if self.is_gone() {
            return Err(CommandError::Gone);
        }
        if self.rules.ends_in_failure {
            return Ok(0x0006);
        }
        let leaving = if command.cdw[0] >> 9 & 7 == 2 { Content::Crypto } else { Content::Byte(0) };
        let mut inside = self.inside();
        self.finish(&mut inside, leaving);
        Ok(0)
    }
}
