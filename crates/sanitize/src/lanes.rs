//! Walks a medium from the first byte to the last, several chunks at a time.
//!
//! A lane is a thread with one buffer. While the drive is busy with the chunk of one lane, the others generate or compare
//! theirs; so the drive always has a request waiting, and a slow generator runs on several cores. Lanes hand their
//! requests to the drive in the order of the medium, because disks and USB sticks are slow at anything else.

use crate::clock::Clock;
use crate::stop::StopFlag;
use crate::tally::{Fault, GiveUp, Tally};
use crossbeam_channel::RecvTimeoutError;
use model::{BlockErrors, FailureReason, Lba};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use transport::{Device, Geometry, IoFailure, PageBuffer};

/// Bytes of one request to the drive.
pub const CHUNK: usize = 512 * 1024;

/// Lanes of one drive: 1.5 MB of buffers, 36 MB for 24 drives.
pub const LANES: usize = 3;

/// How often progress is told.
const TICK: Duration = Duration::from_millis(250);

/// Lanes need little stack, and 24 drives have many of them.
const STACK: usize = 256 * 1024;

/// What one lane does with one chunk.
pub(crate) trait Lane: Send {
    /// Processes the chunk at byte `offset`; `buffer` has its length. Calls [`Walk::wait_turn`] before the request.
    ///
    /// # Errors
    /// Why the whole walk has to end.
    fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, buffer: &mut [u8]) -> Result<(), FailureReason>;
}

/// A piece of the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    index: u64,
    /// The byte where it begins.
    pub(crate) offset: u64,
    len: usize,
}

/// What the lanes of one walk share.
pub(crate) struct Walk<'a> {
    device: &'a dyn Device,
    geometry: Geometry,
    stop: &'a StopFlag,
    clock: &'a dyn Clock,
    next: AtomicU64,
    done: AtomicU64,
    order: Mutex<Order>,
    moved: Condvar,
    tally: Mutex<Tally>,
}

/// Whose turn it is, and whether the walk is over.
#[derive(Default)]
struct Order {
    turn: u64,
    halted: Option<FailureReason>,
}

impl<'a> Walk<'a> {
    /// A walk over the whole medium, which adds to `errors`.
    pub(crate) fn new(
        device: &'a dyn Device,
        stop: &'a StopFlag,
        clock: &'a dyn Clock,
        errors: BlockErrors,
    ) -> Self {
        Self {
            device,
            geometry: device.geometry(),
            stop,
            clock,
            next: AtomicU64::new(0),
            done: AtomicU64::new(0),
            order: Mutex::default(),
            moved: Condvar::new(),
            tally: Mutex::new(Tally::from_errors(errors)),
        }
    }

    /// Runs the lanes to the end of the medium, calling `tick` with the bytes done.
    ///
    /// # Errors
    /// The first reason for which a lane ended the walk.
    pub(crate) fn run<L: Lane>(&self, lanes: Vec<L>, mut tick: impl FnMut(u64)) -> Result<(), FailureReason> {
        let (alive, over) = crossbeam_channel::bounded::<()>(0);
        thread::scope(|scope| {
            for lane in lanes {
                let alive = alive.clone();
                let lane_thread = move || {
                    let _watch = PanicWatch(self);
                    self.run_lane(lane);
                    drop(alive);
                };
                let builder = thread::Builder::new().name("lane".to_owned()).stack_size(STACK);
                if let Err(error) = builder.spawn_scoped(scope, lane_thread) {
                    self.halt(FailureReason::Internal(format!("no thread: {error}")));
                }
            }
            drop(alive);
            while over.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                tick(self.done());
            }
        });
        tick(self.done());
        match self.order().halted.take() {
            Some(reason) => Err(reason),
            // Whatever else goes wrong in here, a part of the medium is never left out silently.
            None if self.done() != self.geometry.len.0 => {
                let (done, len) = (self.done(), self.geometry.len.0);
                Err(FailureReason::Internal(format!("{done} of {len} bytes were reached")))
            }
            None => Ok(()),
        }
    }

    fn run_lane(&self, mut lane: impl Lane) {
        let mut buffer = PageBuffer::new(CHUNK);
        while let Some(chunk) = self.claim() {
            let processed = match buffer.bytes_mut().get_mut(..chunk.len) {
                Some(bytes) => lane.process(self, chunk, bytes),
                None => Err(FailureReason::Internal("a chunk is larger than its buffer".to_owned())),
            };
            match processed {
                Ok(()) => _ = self.done.fetch_add(chunk.len as u64, Ordering::AcqRel),
                Err(reason) => return self.halt(reason),
            }
        }
    }

    /// The next chunk, unless there is none or the walk is over.
    fn claim(&self) -> Option<Chunk> {
        if self.stop.is_set() {
            self.halt(FailureReason::Stopped);
        }
        if self.order().halted.is_some() {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::AcqRel);
        let offset = index.checked_mul(CHUNK as u64)?;
        let left = self.geometry.len.0.checked_sub(offset).filter(|left| *left > 0)?;
        Some(Chunk { index, offset, len: usize::try_from(left).unwrap_or(CHUNK).min(CHUNK) })
    }

    /// Waits until every chunk before this one was handed to the drive, and takes this one's place in the row.
    ///
    /// # Errors
    /// The reason for which another lane ended the walk meanwhile.
    pub(crate) fn wait_turn(&self, chunk: Chunk) -> Result<(), FailureReason> {
        let waiting = |order: &mut Order| order.turn < chunk.index && order.halted.is_none();
        let mut order = self.moved.wait_while(self.order(), waiting).unwrap_or_else(PoisonError::into_inner);
        if let Some(reason) = &order.halted {
            return Err(reason.clone());
        }
        order.turn += 1;
        self.moved.notify_all();
        Ok(())
    }

    /// The drive.
    pub(crate) fn device(&self) -> &dyn Device {
        self.device
    }

    /// Bytes of a logical block.
    pub(crate) fn block(&self) -> usize {
        self.geometry.block.bytes() as usize
    }

    /// The block in which a byte lies.
    pub(crate) fn lba(&self, offset: u64) -> Lba {
        Lba(offset / u64::from(self.geometry.block.bytes()))
    }

    /// Notes a bad block.
    ///
    /// # Errors
    /// There are too many of them.
    pub(crate) fn note(&self, fault: Fault, offset: u64) -> Result<(), FailureReason> {
        self.tally().note(fault, self.lba(offset)).map_err(give_up)
    }

    /// Notes that the drive took or gave something.
    pub(crate) fn note_good(&self) {
        self.tally().note_good();
    }

    /// Notes blocks that cannot be read where that is no fault, so that their number is no reason to give up.
    pub(crate) fn note_unreadable(&self, offset: u64, blocks: u64) {
        self.tally().note_unreadable(self.lba(offset), blocks);
    }

    /// The time.
    pub(crate) fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Notes time spent on retrying.
    ///
    /// # Errors
    /// It was too much.
    pub(crate) fn spend(&self, time: Duration) -> Result<(), FailureReason> {
        self.tally().spend(time).map_err(give_up)
    }

    /// Whether the operator asked to stop, or another lane ended the walk.
    ///
    /// # Errors
    /// The reason.
    pub(crate) fn check(&self) -> Result<(), FailureReason> {
        if self.stop.is_set() {
            return Err(FailureReason::Stopped);
        }
        self.order().halted.clone().map_or(Ok(()), Err)
    }

    /// The errors found.
    pub(crate) fn into_errors(self) -> BlockErrors {
        self.tally.into_inner().unwrap_or_else(PoisonError::into_inner).into_errors()
    }

    fn done(&self) -> u64 {
        self.done.load(Ordering::Acquire)
    }

    fn halt(&self, reason: FailureReason) {
        self.order().halted.get_or_insert(reason);
        self.moved.notify_all();
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn give_up(why: GiveUp) -> FailureReason {
    FailureReason::Io(why.to_string())
}

/// Tells whether other places of the drive are worth trying.
///
/// # Errors
/// They are not: the reason.
pub(crate) fn survivable(failure: IoFailure) -> Result<(), FailureReason> {
    match failure {
        IoFailure::Medium(_) => Ok(()),
        IoFailure::Gone => Err(FailureReason::Vanished),
        IoFailure::Other(text) => Err(FailureReason::Io(text)),
    }
}

/// Ends the walk when its lane panics, so that the other lanes don't wait for its turn for ever.
struct PanicWatch<'a, 'b>(&'a Walk<'b>);

impl Drop for PanicWatch<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.halt(FailureReason::Internal("a lane panicked".to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::fake::{Behaviour, Fake, LEN};

    struct NullLane;

    impl Lane for NullLane {
        fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, _: &mut [u8]) -> Result<(), FailureReason> {
            walk.wait_turn(chunk)
        }
    }

    struct PanicLane;

    impl Lane for PanicLane {
        fn process(&mut self, walk: &Walk<'_>, chunk: Chunk, _: &mut [u8]) -> Result<(), FailureReason> {
            assert!(chunk.index != 1, "this lane panics before its turn");
            walk.wait_turn(chunk)
        }
    }

    #[test]
    fn a_walk_that_reaches_nothing_is_never_complete() {
        let (device, stop) = (Fake::new(Behaviour::default()), StopFlag::default());
        let clock = SystemClock::default();
        let walk = Walk::new(&device, &stop, &clock, BlockErrors::default());
        let ended = walk.run(Vec::<NullLane>::new(), |_| ());
        assert_eq!(ended, Err(FailureReason::Internal(format!("0 of {LEN} bytes were reached"))));
        let walk = Walk::new(&device, &stop, &clock, BlockErrors::default());
        assert_eq!(walk.run(vec![NullLane, NullLane, NullLane], |_| ()), Ok(()));
    }

    #[test]
    fn lanes_never_wait_for_the_turn_of_one_that_panicked() {
        let (device, stop) = (Fake::new(Behaviour::default()), StopFlag::default());
        let clock = SystemClock::default();
        let walk = Walk::new(&device, &stop, &clock, BlockErrors::default());
        let lanes = vec![PanicLane, PanicLane, PanicLane];
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| walk.run(lanes, |_| ())));
        assert!(ended.is_err());
    }
}
