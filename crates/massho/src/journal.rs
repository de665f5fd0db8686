//! The session's log: entries are made, signed, put on the stick, and stand or wait.

use crate::clock;
use crate::convert::stick_problem;
use record::{AppendError, Entry, LogWriter, Notice, NoticeCode};
use stick::{Backend, StickError};
use wizard::{CloseInfo, Journal as Standing, StickProblem};

/// The log of this session. Every entry is in memory from the moment it is made; whether it is on the stick as well,
/// [`Log::standing`] says.
pub(crate) struct Log {
    writer: LogWriter,
    journal: stick::Journal,
    problem: Option<StickProblem>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closed,
}

impl Log {
    /// A log without a stick yet.
    pub(crate) fn new(writer: LogWriter, journal: stick::Journal) -> Self {
        Self { writer, journal, problem: Some(StickProblem::Removed), phase: Phase::Open }
    }

    /// Makes an entry and tries to save it. After the close entry nothing is added any more.
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
                let saved = self.journal.append(&line).map(|_| ());
                self.take(saved);
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, code, "an entry could not be made");
                let detail = format!("{code}: {error}");
                let notice = Notice { code: NoticeCode::InternalFault, drive: None, detail };
                if let Ok(line) = self.writer.append(notice, clock::now()) {
                    let saved = self.journal.append(&line).map(|_| ());
                    self.take(saved);
                }
                Err(error)
            }
        }
    }

    /// Leaves a notice. One that cannot be made is in the program's own log.
    pub(crate) fn notice(&mut self, code: NoticeCode, drive: Option<model::DriveNo>, detail: &str) {
        let _ = self.append(Notice { code, drive, detail: detail.to_owned() });
    }

    /// What is wrong with the log so far, other than that it is not closed: a fault of this program, found before
    /// anything irreversible is done rather than at the end.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let report = self.journal.review();
        (report.standing() == record::Standing::Refused).then(|| format!("{:?}", report.fault))
    }

    /// Goes on on this stick, from the first line.
    pub(crate) fn resume_on(&mut self, stick: Box<dyn Backend>) {
        let saved = self.journal.resume_on(stick).map(|_| ());
        self.take(saved);
    }

    /// Tries the stick that is there once more.
    pub(crate) fn try_again(&mut self) {
        let saved = self.journal.save().map(|_| ());
        self.take(saved);
    }

    /// The stick is gone: nothing is on it any more as far as anybody can tell.
    pub(crate) fn lose(&mut self, problem: StickProblem) {
        if let Err(error) = self.journal.release() {
            tracing::info!(%error, "letting go of a lost stick");
        }
        self.problem = Some(problem);
    }

    fn take(&mut self, saved: Result<(), StickError>) {
        match saved {
            Ok(()) => self.problem = None,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "not saved");
                // A stick that was let go of keeps the reason why.
                if !matches!(error, StickError::NoStick) || self.problem.is_none() {
                    self.problem = Some(stick_problem(&error));
                }
            }
        }
    }

    /// How it stands, for the screen.
    pub(crate) fn standing(&self) -> Standing {
        match &self.problem {
            None => Standing::Saved,
            Some(problem) => Standing::Unsaved { count: self.unsaved(), problem: problem.clone() },
        }
    }

    fn unsaved(&self) -> u32 {
        u32::try_from(self.journal.unsaved()).unwrap_or(u32::MAX)
    }

    /// Whether every entry so far was read back from the stick.
    pub(crate) fn is_saved(&self) -> bool {
        self.problem.is_none()
    }

    /// Whether the close entry has been made.
    pub(crate) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
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

    /// Verifies the closed log as the stick gives it back, and lets go of the stick.
    pub(crate) fn settle(&mut self) -> Result<CloseInfo, StickProblem> {
        let closed = self.journal.close().map_err(|error| {
            let problem = stick_problem(&error);
            self.problem = Some(problem.clone());
            problem
        })?;
        self.problem = None;
        let info =
            CloseInfo { head12: self.writer.head12().to_string(), file: closed.saved().file().to_owned() };
        if let Err(error) = self.journal.release() {
            tracing::warn!(%error, "the stick was not unmounted cleanly");
        }
        Ok(info)
    }
}
