//! The session's log: entries are made and signed here, kept in memory, and put on a stick by a keeper.

mod news;
mod standing;

use crate::clock;
use crate::event::Event;
use crate::keeper::{Epoch, Keeper, Order, Parting, Place};
use crossbeam_channel::Sender;
use record::{AppendError, Entry, Line, LogWriter, Notice, NoticeCode, SessionId, WallTime};
use std::time::Instant;
use wizard::{CloseInfo, StickProblem};

/// The log of this session. Every entry is in memory from the moment it is made; how many of them were read back from
/// the present stick, its keeper says.
pub(crate) struct Log {
    writer: LogWriter,
    session: SessionId,
    opened: WallTime,
    events: Sender<Event>,
    lines: Vec<Line>,
    /// How many of them the present stick is known to hold.
    saved: usize,
    epoch: Epoch,
    keeper: Option<Keeper>,
    /// The keeper that was left behind last.
    before: Option<Parting>,
    stage: Stage,
    /// How many of the keeper's orders it has worked off.
    done: u64,
    /// Since when something is asked of the keeper without a word from it.
    silent_since: Option<Instant>,
    silence: Silence,
    problem: Option<StickProblem>,
    phase: Phase,
    settling: Settling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closed,
}

/// How far the present keeper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It goes for its stick, and is given nothing yet.
    Opening,
    /// It is given every entry at once.
    Keeping,
    /// There is none: the log is on the stick, and the stick was let go of to be found again.
    Aside,
}

/// Whether the keeper has been silent for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silence {
    Fair,
    Overdue,
}

/// How far the verification of the closed log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settling {
    No,
    Asked,
    Done,
}

/// What a keeper's news means for the session.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It was of a keeper that was left behind.
    Stale,
    /// The log stands otherwise than before.
    Stands,
    /// The stick is there, and nothing has been given to it yet: [`Log::hand_over`].
    Ready,
    /// The stick could not be had.
    NotReady,
    /// The closed log is on the stick and verified.
    Closed(CloseInfo),
    /// It is not.
    NotClosed(StickProblem),
    /// Another file is on the stick under this name, or is not.
    Put(Result<String, StickProblem>),
}

impl Log {
    /// A log without a stick yet.
    pub(crate) fn new(writer: LogWriter, log: (SessionId, WallTime), events: Sender<Event>) -> Self {
        Self {
            writer,
            session: log.0,
            opened: log.1,
            events,
            lines: Vec::new(),
            saved: 0,
            epoch: Epoch::default(),
            keeper: None,
            before: None,
            stage: Stage::Opening,
            done: 0,
            silent_since: None,
            silence: Silence::Fair,
            problem: Some(StickProblem::Removed),
            phase: Phase::Open,
            settling: Settling::No,
        }
    }

    /// Makes an entry and has it saved. After the close entry nothing is added any more.
    ///
    /// # Errors
    /// The entry could not be made; a notice of that was left in its place.
    pub(crate) fn append(&mut self, entry: impl Into<Entry>) -> Result<(), AppendError> {
        if self.phase == Phase::Closed {
            return Err(AppendError::Closed);
        }
        let entry = entry.into();
        let code = entry.code();
        match self.writer.append(entry, clock::now()) {
            Ok(line) => {
                self.keep(line);
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, code, "an entry could not be made");
                let detail = format!("{code}: {error}");
                let notice = Notice { code: NoticeCode::InternalFault, drive: None, detail };
                if let Ok(line) = self.writer.append(notice, clock::now()) {
                    self.keep(line);
                }
                Err(error)
            }
        }
    }

    fn keep(&mut self, line: Line) {
        self.lines.push(line.clone());
        if self.stage == Stage::Keeping {
            self.order(Order::Keep(vec![line]));
        }
    }

    fn order(&mut self, order: Order) {
        let Some(keeper) = &mut self.keeper else { return };
        keeper.ask(order);
        self.silent_since.get_or_insert_with(Instant::now);
    }

    /// Leaves a notice. One that cannot be made is in the program's own log.
    pub(crate) fn notice(&mut self, code: NoticeCode, drive: Option<model::DriveNo>, detail: &str) {
        let _ = self.append(Notice { code, drive, detail: detail.to_owned() });
    }

    /// What is wrong with the log so far, other than that it is not closed: a fault of this program, found before
    /// anything irreversible is done rather than at the end.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let bytes: Vec<u8> = self.lines.iter().flat_map(|line| line.bytes().iter().copied()).collect();
        let report = record::verify(&bytes);
        (report.standing() == record::Standing::Refused).then(|| format!("{:?}", report.fault))
    }

    /// Goes on on this stick, from the first line: [`Turn::Ready`] follows, or [`Turn::NotReady`].
    pub(crate) fn resume_on(&mut self, place: Place) {
        self.leave();
        (self.saved, self.done, self.problem) = (0, 0, None);
        self.epoch = Epoch(self.epoch.0 + 1);
        let log = (&self.session, &self.opened);
        match Keeper::start(self.epoch, log, self.before.take(), place, self.events.clone()) {
            Ok(keeper) => {
                self.keeper = Some(keeper);
                self.silent_since = Some(Instant::now());
            }
            Err(error) => self.problem = Some(StickProblem::Io(error.to_string())),
        }
    }

    /// Gives the stick everything there is, and from now on every entry.
    pub(crate) fn hand_over(&mut self) {
        if self.stage == Stage::Opening {
            self.stage = Stage::Keeping;
            self.order(Order::Keep(self.lines.clone()));
        }
    }

    /// Tries the stick that is there once more. One that is still busy is only given more time.
    pub(crate) fn try_again(&mut self) {
        if self.is_waiting() {
            self.silent_since = Some(Instant::now());
            self.silence = Silence::Fair;
        } else if self.keeper.is_some() {
            self.problem = None;
            self.order(Order::Again);
        }
    }

    /// Has another file put on the stick: [`Turn::Put`] follows as long as the keeper, whose number is returned, is the
    /// present one.
    ///
    /// # Errors
    /// There is no stick to put it on.
    pub(crate) fn put(&mut self, file: stick::ExtraFile) -> Result<Epoch, StickProblem> {
        if self.keeper.is_none() || self.stage != Stage::Keeping {
            return Err(self.problem.clone().unwrap_or(StickProblem::Removed));
        }
        self.order(Order::Put(file));
        Ok(self.epoch)
    }

    /// The number of the present keeper.
    pub(crate) fn epoch(&self) -> Option<Epoch> {
        self.keeper.as_ref().map(Keeper::epoch)
    }

    /// The stick is gone: nothing is on it any more as far as anybody can tell.
    pub(crate) fn lose(&mut self, problem: StickProblem) {
        self.leave();
        self.problem = Some(problem);
    }

    /// Lets go of the stick, on which everything is, to go on on it later with [`Log::resume_on`]. Ends when the stick
    /// was let go of.
    pub(crate) fn set_aside(&mut self) -> Option<Parting> {
        self.leave();
        self.stage = Stage::Aside;
        self.before.take()
    }

    fn leave(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            self.before = Some(keeper.leave());
        }
        // Entries wait in memory until another keeper is ready for them.
        (self.stage, self.silent_since, self.silence) = (Stage::Opening, None, Silence::Fair);
        if self.settling == Settling::Asked {
            self.settling = Settling::No;
        }
    }

    /// How many entries the log has with the next one.
    pub(crate) fn entries_with_next(&self) -> u32 {
        self.writer.entries_with_next()
    }

    /// Makes the close entry, once.
    pub(crate) fn close(&mut self, close: record::Close) -> Result<(), AppendError> {
        self.append(close)?;
        self.phase = Phase::Closed;
        Ok(())
    }

    /// Has the closed log verified as the stick gives it back, and the stick let go of: [`Turn::Closed`] follows, or
    /// [`Turn::NotClosed`]. The error is why that cannot even be tried now.
    pub(crate) fn settle(&mut self) -> Result<(), StickProblem> {
        if self.settling != Settling::No {
            return Ok(());
        }
        if self.keeper.is_none() {
            return Err(self.problem.clone().unwrap_or(StickProblem::Removed));
        }
        if self.stage == Stage::Keeping {
            self.settling = Settling::Asked;
            self.order(Order::Close);
        }
        Ok(())
    }
}
