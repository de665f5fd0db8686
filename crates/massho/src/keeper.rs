//! The keeper: a thread that owns one results stick and puts the log on it.
//!
//! Writing to a stick may take long, or never end. Every entry is in the main thread's memory first, so a keeper that
//! hangs is simply left behind: another one begins with the whole log on the same stick or another. What one that was
//! left behind still writes are bytes of the same log at their own place, and nobody listens to what it says.

mod parting;

use parting::{LetGo, part_with};
pub(crate) use parting::{NotLetGo, Parting, let_go};

use crate::event::Event;
use crossbeam_channel::{Receiver, Sender};
use record::{Line, SessionId, WallTime};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use stick::{Backend, Closed, ExtraFile, Journal, Operation, Saved, StickError};

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
    /// Put another file on the stick.
    Put(ExtraFile),
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
    /// The other file is on the stick under this name, or is not: that has nothing to do with the log.
    Put(Result<String, StickError>),
    /// The closed log was read back and verified, and the stick let go of.
    Closed(Box<Closed>),
    /// It did not work. The keeper still has the stick, and everything it was given.
    Failed(StickError),
    /// It did not work, and the keeper has ended.
    Ended(StickError),
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
            extra: Vec::new(),
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
    /// Files to put on it besides, once the log is there.
    extra: Vec<ExtraFile>,
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
        for file in std::mem::take(&mut self.extra) {
            let put = guarded(|| self.journal.put(&file));
            self.say(News::Put(put));
        }
        flow
    }

    /// Takes an order, and says if it is the one to close.
    fn take(&mut self, order: Order) -> Option<Closes> {
        self.done += 1;
        match order {
            Order::Keep(lines) => lines.iter().for_each(|line| self.journal.take(line)),
            Order::Again => {}
            Order::Put(file) => self.extra.push(file),
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
