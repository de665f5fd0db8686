//! The rig's ATA side, at the level of registers.

use super::rig::{Content, Doing, Found, Inside, LEN, Leaves, MaxAddress, Rig, Start, Status};
use crate::clock::Clock;
use protocol::ata::{Command, FullRegisters, Registers, Reply, ShortRegisters, Upper, Verdict};
use std::time::Duration;
use transport::{CommandError, Data};

const GOOD: u8 = 0x50;
const BAD: u8 = 0x51;

fn full(status: u8, error: u8, count: u16, lba: u64) -> Reply {
    let registers = Registers::Full(FullRegisters { error, status, device: 0x40, count, lba });
    let verdict = if status == GOOD { Verdict::Completed } else { Verdict::Aborted };
    Reply { verdict, registers, sense: None, sam_status: 2, transferred: 0 }
}

fn good() -> Reply {
    full(GOOD, 0, 0, 0)
}

fn aborted(reason: u64) -> Reply {
    full(BAD, 4, 0, reason)
}

fn unknown() -> Reply {
    let (verdict, registers) = (Verdict::Unknown, Registers::Missing);
    Reply { verdict, registers, sense: None, sam_status: 2, transferred: 0 }
}

/// A command whose registers came back in fixed-format sense data.
fn halved(reply: Reply) -> Reply {
    let Registers::Full(full) = reply.registers else { return reply };
    let short = ShortRegisters {
        error: full.error,
        status: full.status,
        device: full.device,
        count: full.count.to_le_bytes()[0],
        lba: u32::try_from(full.lba & 0xFF_FFFF).unwrap(),
        count_upper: Upper::Unknown,
        lba_upper: Upper::Unknown,
    };
    Reply { registers: Registers::Short(short), ..reply }
}

impl Rig {
    pub(super) fn ata_command(
        &self,
        command: &Command,
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<Reply, CommandError> {
        if self.is_gone() {
            return Err(CommandError::Gone);
        }
        let mut inside = self.inside();
        let is_question =
            command.command == 0xEC || (command.command, command.feature, command.count) == (0xB4, 0, 0);
        if !is_question {
            inside.sent.push(command.describe());
        }
        let native_read = std::mem::take(&mut inside.native_read);
        let prepared = std::mem::take(&mut inside.prepared);
        match (command.command, command.feature) {
            (0xEC, _) => {
                let Data::In(block) = data else { return Ok(aborted(0)) };
                self.identify_block(&inside, block);
                let transferred = self.rules.identify_transfers;
                block[transferred..].fill(0);
                Ok(Reply { transferred, ..good() })
            }
            (0xB4, 0) => self.status(&mut inside, command),
            (0xB4, _) => self.sanitize(&mut inside, command),
            (0xF1..=0xF6, _) => {
                let password = match data {
                    Data::Out(block) => block[2..34].try_into().unwrap(),
                    _ => [0; 32],
                };
                self.security(inside, command.command, password, prepared, timeout)
            }
            (0x27, _) => {
                inside.native_read = true;
                Ok(full(GOOD, 0, 0, (LEN - inside.dco_left) / 512 - 1))
            }
            (0x37, _) => {
                let permanent = command.count & 1 == 1;
                if !native_read || (permanent && self.rules.permanent_spent) {
                    return Ok(full(BAD, 0x10, 0, 0));
                }
                inside.visible = (command.lba + 1) * 512;
                if permanent {
                    inside.visible_for_good = inside.visible;
                }
                Ok(good())
            }
            (0xB1, 0xC2) => {
                if let Data::In(block) = data {
                    block.fill(0);
                    block[0] = 2;
                    block[6..14].copy_from_slice(&(LEN / 512 - 1).to_le_bytes());
                    block[510] = 0xA5;
                    let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
                    block[511] = sum.wrapping_neg();
                }
                Ok(good())
            }
            (0xB1, 0xC0) => {
                let goes_by = match self.rules.overlay_goes_by {
                    MaxAddress::OfNow => inside.visible,
                    MaxAddress::ForGood => inside.visible_for_good,
                };
                if goes_by < LEN - inside.dco_left {
                    return Ok(aborted(0));
                }
                inside.dco_left = 0;
                inside.visible = LEN;
                Ok(good())
            }
            _ => Ok(aborted(0)),
        }
    }

    fn identify_block(&self, inside: &Inside, block: &mut [u8]) {
        block.fill(0);
        let mut put = |at: usize, word: u16| block[2 * at..2 * at + 2].copy_from_slice(&word.to_le_bytes());
        let mut serial = b"SERIAL7".to_vec();
        serial.resize(20, b' ');
        for (at, pair) in (10..).zip(serial.chunks(2)) {
            put(at, u16::from_be_bytes([pair[0], pair[1]]));
        }
        put(59, 0xF000);
        put(82, u16::from(self.rules.hpa > 0 || self.rules.dco > 0) << 10);
        put(83, 0x4400 | u16::from(self.rules.dco > 0) << 11);
        put(89, self.rules.erase_time);
        put(90, self.rules.erase_time);
        let sectors = inside.visible / 512;
        for (at, shift) in (100..104).zip([0, 16, 32, 48]) {
            put(at, u16::try_from(sectors >> shift & 0xFFFF).unwrap());
        }
        let bit = |set: bool, at: u16| u16::from(set) << at;
        put(
            128,
            bit(!self.rules.hides_security, 0)
                | bit(inside.password.is_some(), 1)
                | bit(inside.locked, 2)
                | bit(self.rules.frozen, 3)
                | bit(self.rules.attempts_used_up, 4)
                | 1 << 5,
        );
    }

    fn status(&self, inside: &mut Inside, command: &Command) -> Result<Reply, CommandError> {
        if command.count & 1 == 1 && inside.doing == Doing::Failed {
            inside.doing = Doing::Idle;
        }
        let touched = inside.sent.iter().any(|sent| sent.contains("FEATURE=001"));
        let frozen = if self.rules.frozen { 1 << 13 } else { 0 };
        let told = match inside.doing {
            Doing::Working { since, takes, .. } => full(GOOD, 0, 1 << 14, self.progress(since, takes).into()),
            // An idle drive says so although none ever ran.
            Doing::Idle => full(GOOD, 0, 1 << 15 | frozen, 0xFFFF),
            Doing::Failed => aborted(1),
        };
        match self.rules.status {
            _ if !touched && self.rules.found == Found::Idle && self.rules.status != Status::HalfLost => {
                Ok(told)
            }
            Status::Tell | Status::SenseIdle | Status::FixedLowPower => Ok(told),
            Status::Fail => Err(CommandError::Host("lost".to_owned())),
            Status::Zeros => Ok(unknown()),
            Status::HalfLost => Ok(halved(told)),
            Status::Stale => Ok(full(GOOD, 0, 1 << 15, 0xFFFF)),
        }
    }

    fn sanitize(&self, inside: &mut Inside, command: &Command) -> Result<Reply, CommandError> {
        if self.rules.frozen {
            return Ok(aborted(3));
        }
        let leaving = match command.feature {
            0x0011 => Content::Crypto,
            0x0012 => Content::Byte(0),
            _ => Content::Byte(command.lba.to_le_bytes()[0]),
        };
        let accepted = match self.begin(inside, leaving) {
            // Neither registers nor a status that says anything.
            Err(CommandError::Host(_)) => return Ok(unknown()),
            begun => begun?,
        };
        Ok(if accepted { full(GOOD, 0, 1 << 14, 0) } else { aborted(2) })
    }

    fn security(
        &self,
        mut inside: std::sync::MutexGuard<'_, Inside>,
        command: u8,
        password: [u8; 32],
        prepared: bool,
        timeout: Duration,
    ) -> Result<Reply, CommandError> {
        let right = inside.password == Some(password);
        if self.rules.frozen {
            return Ok(aborted(0));
        }
        match command {
            0xF1 if !inside.locked && !self.rules.refuses_password => inside.password = Some(password),
            0xF2 if right => inside.locked = false,
            0xF3 => inside.prepared = true,
            0xF4 if right && prepared => {
                drop(inside);
                return self.erase_unit(timeout);
            }
            0xF6 if right && !inside.locked && !self.rules.refuses_disable => inside.password = None,
            _ => return Ok(aborted(0)),
        }
        Ok(good())
    }

    fn erase_unit(&self, timeout: Duration) -> Result<Reply, CommandError> {
        match self.rules.start {
            Start::Reject => return Ok(aborted(0)),
            // What a reset in the middle leaves.
            Start::FallSilent | Start::LoseAnswer => {
                self.inside().locked = true;
                self.clock.sleep(timeout);
                return Err(CommandError::TimedOut(timeout));
            }
            Start::Accept => {}
        }
        if self.rules.takes > timeout {
            self.inside().locked = true;
            self.clock.sleep(timeout);
            return Err(CommandError::TimedOut(timeout));
        }
        self.clock.sleep(self.rules.takes);
        if self.is_gone() {
            return Err(CommandError::Gone);
        }
        let mut inside = self.inside();
        if self.rules.ends_in_failure {
            inside.locked = true;
            return Ok(aborted(0));
        }
        let leaving = if self.rules.leaves == Leaves::Noise { Content::Crypto } else { Content::Byte(0) };
        self.finish(&mut inside, leaving);
        if !self.rules.keeps_password {
            inside.password = None;
        }
        Ok(good())
    }
}
