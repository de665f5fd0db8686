//! A drive in memory that erases itself by ATA, SCSI and NVMe commands, in the time of a clock that a test moves.

pub(crate) use super::rules::{Advance, Found, Leaves, MaxAddress, Rules, Start, Status};
use super::{BLOCK, old_blocks_of, old_medium};
use crate::clock::Clock;
use model::{BlockSize, ByteLen};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use transport::{BlockIo, CommandError, Geometry, IoFailure};

/// 128 pages and a bit that is no whole page: many jobs run on it.
pub(crate) const LEN: u64 = 128 * 4096 + 3 * 512;

/// A clock on which sleeping takes no time.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeClock(Arc<AtomicU64>);

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn sleep(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(time.max(1), Ordering::SeqCst);
    }
}

/// What an erase under way will leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Byte(u8),
    Crypto,
}

/// What the drive is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    Idle,
    Working { since: Duration, takes: Duration, leaving: Content },
    Failed,
}

/// What has happened to the drive.
#[derive(Debug, Clone)]
pub(crate) struct Inside {
    pub(crate) medium: Vec<u8>,
    unreadable: BTreeSet<u64>,
    written: BTreeSet<u64>,
    pub(crate) doing: Doing,
    pub(crate) visible: u64,
    pub(crate) visible_for_good: u64,
    pub(crate) kernel_len: u64,
    pub(crate) password: Option<[u8; 32]>,
    pub(crate) locked: bool,
    pub(crate) prepared: bool,
    pub(crate) native_read: bool,
    pub(crate) dco_left: u64,
    pub(crate) cdw10: u32,
    erased: u32,
    pub(crate) completed: bool,
    pub(crate) written_since: bool,
    pub(crate) writes: usize,
    /// Every command that changes something, as text.
    pub(crate) sent: Vec<String>,
}

/// The drive. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Rig {
    pub(crate) rules: Arc<Rules>,
    pub(crate) clock: FakeClock,
    inside: Arc<Mutex<Inside>>,
}

impl Rig {
    pub(crate) fn new(rules: Rules) -> Self {
        let medium = old_medium(LEN).to_vec();
        let doing = match rules.found {
            Found::Idle => Doing::Idle,
            Found::AtWork(takes) => {
                Doing::Working { since: Duration::ZERO, takes, leaving: Content::Byte(0) }
            }
            Found::Failed => Doing::Failed,
        };
        let visible = LEN - rules.hpa - rules.dco;
        let inside = Inside {
            medium,
            unreadable: BTreeSet::new(),
            written: BTreeSet::new(),
            doing,
            visible,
            visible_for_good: visible,
            kernel_len: visible,
            password: rules.foreign_password.then_some([b'x'; 32]),
            locked: rules.foreign_password,
            prepared: false,
            native_read: false,
            dco_left: rules.dco,
            cdw10: if rules.sanitized_before { 0x0A } else { 0 },
            erased: 0,
            completed: rules.sanitized_before,
            written_since: false,
            writes: 0,
            sent: Vec::new(),
        };
        Self { rules: Arc::new(rules), clock: FakeClock::default(), inside: Arc::new(Mutex::new(inside)) }
    }

    /// The drive, after what has come due since.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        match inside.doing {
            Doing::Working { since, takes, leaving }
                if self.clock.now() >= since + takes + self.stuck_time() =>
            {
                self.finish(&mut inside, leaving);
            }
            _ => {}
        }
        inside
    }

    fn stuck_time(&self) -> Duration {
        match self.rules.advance {
            Advance::StuckFor(time) => time,
            Advance::Steady | Advance::ToAndFro => Duration::ZERO,
        }
    }

    pub(crate) fn old_blocks(&self) -> usize {
        old_blocks_of(&self.inside().medium).len()
    }

    /// The commands that change something.
    pub(crate) fn sent(&self) -> Vec<String> {
        let question = |sent: &String| {
            ["ATA 27h", "ATA B1h FEATURE=00C2h"].iter().any(|question| sent.starts_with(question))
        };
        self.inside().sent.iter().filter(|sent| !question(sent)).cloned().collect()
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.rules.gone_at.is_some_and(|at| self.clock.now() >= at)
    }

    /// Begins to work, unless the rules say otherwise.
    pub(crate) fn begin(&self, inside: &mut Inside, leaving: Content) -> Result<bool, CommandError> {
        let (since, takes) = (self.clock.now(), self.rules.takes);
        match self.rules.start {
            Start::Reject => return Ok(false),
            Start::FallSilent => return Err(CommandError::TimedOut(Duration::from_secs(1))),
            Start::Accept | Start::LoseAnswer => {}
        }
        inside.completed = false;
        inside.doing = Doing::Working { since, takes, leaving };
        match self.rules.start {
            Start::LoseAnswer => Err(CommandError::Host("reset".to_owned())),
            _ => Ok(true),
        }
    }

    /// How far it is, out of 65,536.
    pub(crate) fn progress(&self, since: Duration, takes: Duration) -> u16 {
        let elapsed = self.clock.now().saturating_sub(since);
        match self.rules.advance {
            Advance::StuckFor(time) if elapsed < time => 655,
            Advance::ToAndFro if elapsed.as_secs().is_multiple_of(2) => 600,
            Advance::ToAndFro => 655,
            Advance::StuckFor(_) | Advance::Steady => {
                let part = elapsed.saturating_sub(self.stuck_time()).as_millis() * 65_535;
                u16::try_from(part / takes.as_millis().max(1)).unwrap_or(u16::MAX)
            }
        }
    }

    pub(crate) fn finish(&self, inside: &mut Inside, leaving: Content) {
        if self.rules.ends_in_failure {
            inside.doing = Doing::Failed;
            return;
        }
        inside.doing = Doing::Idle;
        (inside.completed, inside.written_since) = (true, false);
        inside.erased += 1;
        let seed = inside.erased;
        let half = inside.medium.len() / 2;
        let blocks = (inside.medium.len() / BLOCK) as u64;
        match self.rules.leaves {
            Leaves::Everything => {}
            Leaves::FirstBlock => inside.medium[BLOCK..].fill(0),
            Leaves::AllButWhatWasWritten => {
                for lba in std::mem::take(&mut inside.written) {
                    let from = usize::try_from(lba).unwrap() * BLOCK;
                    inside.medium[from..from + BLOCK].fill(0);
                }
            }
            Leaves::Zeros => inside.medium.fill(0),
            Leaves::Noise => noise(&mut inside.medium, seed),
            Leaves::HalfOfIt => inside.medium[..half].fill(0),
            Leaves::OneBlock => {
                let from = half / BLOCK * BLOCK;
                let kept = inside.medium[from..from + BLOCK].to_vec();
                inside.medium.fill(0);
                inside.medium[from..from + BLOCK].copy_from_slice(&kept);
            }
            Leaves::ReadErrors | Leaves::Death => {
                inside.medium.fill(0);
                inside.unreadable = (0..blocks).collect();
            }
            Leaves::OneReadError => {
                noise(&mut inside.medium, seed);
                inside.unreadable.insert(blocks / 2);
            }
            Leaves::WhatItShould => match leaving {
                Content::Byte(byte) => inside.medium.fill(byte),
                Content::Crypto => noise(&mut inside.medium, seed),
            },
        }
    }

    fn range(&self, inside: &Inside, offset: u64, len: usize) -> Result<std::ops::Range<usize>, IoFailure> {
        if self.is_gone() {
            return Err(IoFailure::Gone);
        }
        let refused = |why: &str| Err(IoFailure::Medium(why.to_owned()));
        match () {
            () if inside.doing != Doing::Idle => refused("not ready"),
            () if inside.locked => refused("locked"),
            () if offset + len as u64 > inside.visible => refused("beyond the end"),
            () => {
                let from = usize::try_from(offset).unwrap();
                Ok(from..from + len)
            }
        }
    }
}

/// Other noise every time.
fn noise(medium: &mut [u8], seed: u32) {
    let mut word = seed;
    for bytes in medium.chunks_mut(4) {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.copy_from_slice(&word.to_be_bytes()[..bytes.len()]);
    }
}

impl BlockIo for Rig {
    fn geometry(&self) -> Geometry {
        Geometry { len: ByteLen(self.inside().kernel_len), block: BlockSize::B512 }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
        if !self.rules.read_takes.is_zero() {
            self.clock.sleep(self.rules.read_takes);
        }
        let inside = self.inside();
        let range = self.range(&inside, offset, buffer.len())?;
        let first = offset / BLOCK as u64;
        if inside.unreadable.range(first..first + (buffer.len() / BLOCK) as u64).next().is_some() {
            return Err(IoFailure::Medium("EIO".to_owned()));
        }
        buffer.copy_from_slice(&inside.medium[range]);
        Ok(())
    }

    fn write_at(&self, offset: u64, buffer: &[u8]) -> Result<(), IoFailure> {
        let mut inside = self.inside();
        let range = self.range(&inside, offset, buffer.len())?;
        let dead = self.rules.leaves == Leaves::Death && !inside.unreadable.is_empty();
        if dead {
            return Err(IoFailure::Medium("EIO".to_owned()));
        }
        inside.writes += 1;
        inside.written_since = true;
        let first = offset / BLOCK as u64;
        for lba in first..first + (buffer.len() / BLOCK) as u64 {
            inside.unreadable.remove(&lba);
            inside.written.insert(lba);
        }
        inside.medium[range].copy_from_slice(buffer);
        Ok(())
    }

    fn flush(&self) -> Result<(), IoFailure> {
        if self.is_gone() { Err(IoFailure::Gone) } else { Ok(()) }
    }

    fn refresh_geometry(&self) -> Result<Geometry, IoFailure> {
        let mut inside = self.inside();
        if self.rules.kernel_sees_lift {
            inside.kernel_len = inside.visible;
        }
        Ok(Geometry { len: ByteLen(inside.kernel_len), block: BlockSize::B512 })
    }
}
