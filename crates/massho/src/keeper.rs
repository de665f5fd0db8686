//! The keeper: a thread that owns one results stick and puts the log on it.
//!
//! Writing to a stick may take long, or never end. Every entry is in the main thread's memory first, so a keeper that
//! hangs is simply left behind: another one begins with the whole log on the same stick or another. What one that was
//! left behind still writes are bytes of the same log at their own place, and nobody listens to what it says.

use crate::event::Event;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use record::{Line, SessionId, WallTime};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use stick::{Backend, Closed, Journal, Operation, Saved, StickError};

/// How long the next keeper waits for one that was left behind to let go of its stick.
const PARTING: Duration = if cfg!(test) { Duration::from_millis(300) } else { Duration::from_secs(5) };

/// Which keeper: one after another, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Epoch(pub(crate) u64);

/// Where a stick comes from: mounting it blocks, so the keeper does it.
pub(crate) type Place = Box<dyn FnOnce() -> Result<Box<dyn Backend>, StickError> + Send>;

/// What a keeper is asked.
#[derive(Debug)]
pub(crate) enum Order {
    /// Add these entries, and save.
    Keep(Vec<Line>),
    /// Save what is not saved yet.
    Again,
    /// Save, verify the whole log as the stick gives it back, let go of the stick.
    Close,
}

/// What a keeper says.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Which one.
    pub(crate) epoch: Epoch,
    /// How many orders it has worked off so far.
    pub(crate) done: u64,
    /// What came of it.
    pub(crate) news: News,
}

/// What came of an order.
#[derive(Debug)]
pub(crate) enum News {
    /// The stick is there; nothing is on it yet.
    Ready,
    /// All entries that were given were read back.
    Saved(Saved),
    /// The closed log was read back and verified, and the stick let go of.
    Closed(Box<Closed>),
    /// It did not work. The keeper still has the stick, and everything it was given.
    Failed(StickError),
    /// It did not work, and the keeper has ended.
    Ended(StickError),
}

/// How long a stick may take until everything is on it and it is unmounted, where that has to be certain.
const LETTING_GO: Duration = if cfg!(test) { Duration::from_secs(2) } else { Duration::from_secs(60) };

/// A stick was unmounted: its filesystem is whole.
#[derive(Debug)]
struct LetGo;

/// Why it is not certain that a stick was unmounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotLetGo {
    /// It does not answer.
    #[error("the results stick does not answer")]
    Hangs,
    /// It could not be unmounted.
    #[error("the results stick could not be unmounted")]
    Refused,
}

/// Ends when a keeper that was left behind has let go of its stick.
#[derive(Debug)]
pub(crate) struct Parting(Receiver<LetGo>);

impl Parting {
    /// Waits, but not for ever.
    pub(crate) fn wait(self) {
        // However it ended: nobody uses it any more.
        if let Err(RecvTimeoutError::Timeout) = self.0.recv_timeout(PARTING) {
            tracing::warn!("the stick before is not let go of");
        }
    }

    /// Waits until the stick is unmounted and nothing of it is in memory only.
    ///
    /// # Errors
    /// [`NotLetGo`]
    pub(crate) fn wait_until_let_go(self) -> Result<(), NotLetGo> {
        match self.0.recv_timeout(LETTING_GO) {
            Ok(LetGo) => Ok(()),
            Err(RecvTimeoutError::Timeout) => Err(NotLetGo::Hangs),
            Err(RecvTimeoutError::Disconnected) => Err(NotLetGo::Refused),
        }
    }
}

/// Lets go of a stick without waiting for it.
pub(crate) fn let_go(mut stick: Box<dyn Backend>) -> Parting {
    let (alive, parting) = crossbeam_channel::bounded(1);
    let work = move || part_with(stick.release(), &alive);
    if let Err(error) = thread::Builder::new().name("parting".into()).spawn(work) {
        tracing::error!(%error, "no thread to let go of a stick");
    }
    Parting(parting)
}

fn part_with(released: Result<(), StickError>, alive: &Sender<LetGo>) {
    match released {
        // Often nobody waits for it.
        Ok(()) => drop(alive.send(LetGo)),
        Err(error) => tracing::info!(%error, "letting go of a stick"),
    }
}

/// The main thread's end of a keeper. Dropping it leaves the keeper behind.
pub(crate) struct Keeper {
    epoch: Epoch,
    orders: Sender<Order>,
    asked: u64,
    left_behind: Arc<AtomicBool>,
    parting: Receiver<LetGo>,
}

impl Keeper {
    /// Starts a keeper, which first goes for its stick, after the one before has let go of its own.
    pub(crate) fn start(
        epoch: Epoch,
        log: (&SessionId, &WallTime),
        before: Option<Parting>,
        place: Place,
        events: Sender<Event>,
    ) -> io::Result<Self> {
        let (orders, inbox) = crossbeam_channel::unbounded();
        let (alive, parting) = crossbeam_channel::bounded(1);
        let left_behind = Arc::new(AtomicBool::new(false));
        let mut desk = Desk {
            epoch,
            events,
            done: 0,
            left_behind: left_behind.clone(),
            journal: Journal::new(log.0, log.1),
            fresh: None,
        };
        thread::Builder::new().name("keeper".into()).spawn(move || {
            if let Some(before) = before {
                before.wait();
            }
            desk.work(place, &inbox);
            part_with(desk.part(), &alive);
        })?;
        Ok(Self { epoch, orders, asked: 0, left_behind, parting })
    }

    /// Which one it is.
    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Gives it an order.
    pub(crate) fn ask(&mut self, order: Order) {
        self.asked += 1;
        // One that has ended has said why, or is about to.
        let _ = self.orders.send(order);
    }

    /// How many orders it was given.
    pub(crate) fn asked(&self) -> u64 {
        self.asked
    }

    /// Leaves it behind.
    pub(crate) fn leave(self) -> Parting {
        Parting(self.parting.clone())
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.left_behind.store(true, Ordering::Release);
    }
}

/// The thread's end.
struct Desk {
    epoch: Epoch,
    events: Sender<Event>,
    done: u64,
    left_behind: Arc<AtomicBool>,
    journal: Journal,
    /// The stick, before the log's file on it is opened.
    fresh: Option<Box<dyn Backend>>,
}

/// Whether a keeper goes on.
enum Flow {
    Continue,
    End,
}

/// An order was the one to close.
struct Closes;

impl Desk {
    fn work(&mut self, place: Place, orders: &Receiver<Order>) {
        match guarded(place) {
            Ok(stick) => self.fresh = Some(stick),
            Err(error) => return self.say(News::Ended(error)),
        }
        self.say(News::Ready);
        while let Ok(order) = orders.recv() {
            if self.left_behind.load(Ordering::Acquire) {
                break;
            }
            if let Flow::End = self.obey(order, orders) {
                break;
            }
        }
    }

    fn obey(&mut self, order: Order, orders: &Receiver<Order>) -> Flow {
        let mut closes = self.take(order);
        // What has piled up meanwhile is written and read back at once.
        for order in orders.try_iter() {
            closes = closes.or(self.take(order));
        }
        let news = guarded(|| match closes {
            Some(Closes) => self.close().map(Box::new).map(News::Closed),
            None => self.save().map(News::Saved),
        });
        let news = match news {
            Err(error) if self.fresh.is_none() && !self.journal.has_stick() => News::Ended(error),
            other => other.unwrap_or_else(News::Failed),
        };
        let flow = if matches!(news, News::Closed(_) | News::Ended(_)) { Flow::End } else { Flow::Continue };
        self.say(news);
        flow
    }

    /// Takes an order, and says if it is the one to close.
    fn take(&mut self, order: Order) -> Option<Closes> {
        self.done += 1;
        match order {
            Order::Keep(lines) => lines.iter().for_each(|line| self.journal.take(line)),
            Order::Again => {}
            Order::Close => return Some(Closes),
        }
        None
    }

    fn save(&mut self) -> Result<Saved, StickError> {
        match self.fresh.take() {
            Some(stick) => self.journal.resume_on(stick),
            None => self.journal.save(),
        }
    }

    fn close(&mut self) -> Result<Closed, StickError> {
        if self.fresh.is_some() {
            self.save()?;
        }
        let closed = self.journal.close()?;
        // Only then it may be pulled.
        if let Err(error) = self.part() {
            tracing::info!(%error, "letting go of a stick");
        }
        Ok(closed)
    }

    fn part(&mut self) -> Result<(), StickError> {
        let fresh = self.fresh.take().map_or(Ok(()), |mut stick| stick.release());
        fresh.and(self.journal.release())
    }

    fn say(&self, news: News) {
        let kept = Kept { epoch: self.epoch, done: self.done, news };
        // Without a listener the program is at its end.
        let _ = self.events.send(Event::Kept(kept));
    }
}

/// A fault of this program is told like one of the stick, rather than never.
fn guarded<T>(work: impl FnOnce() -> Result<T, StickError>) -> Result<T, StickError> {
    let fault = || {
        let source = io::Error::other("a fault of the program");
        Err(StickError::Io { operation: Operation::Write, source })
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| fault())
}

#[cfg(test)]
mod tests;
