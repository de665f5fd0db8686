//! A fault of the program before this one: told, noted in the log, and its recording put on the stick.

use super::App;
use crate::keeper::Epoch;
use crate::opening::{PutOnOpened, put_in_background};
use crate::recorder::LeftFault;
use record::NoticeCode;
use std::time::{Duration, Instant};
use wizard::Msg;

/// How long the stick may take for the recording.
const PUTTING: Duration = Duration::from_secs(60);

/// How far the recording of a fault is.
#[derive(Debug, Default)]
pub(super) enum Fault {
    /// There was none, or its recording is on the stick and the log says so.
    #[default]
    None,
    /// It waits for a stick.
    Left(LeftFault),
    /// It is put on a stick on which no session has begun.
    OnOpened(LeftFault, Instant),
    /// It is on the stick; the log of the next session says under which code.
    Put(String),
    /// This keeper puts it on the stick.
    Keeping(Epoch),
}

/// What the log says where there is no recording beside it.
const NOT_KEPT: &str = "the recording of that fault could not be put on the stick";

impl App {
    /// Tells of a fault after which this program was started.
    pub(crate) fn tell_of_fault(&mut self) {
        if let Some(left) = self.recorder.left() {
            self.tell(Msg::Restarted { code: left.code.clone() });
            self.fault = Fault::Left(left);
        }
    }

    /// Puts the recording on the stick that was just opened: whoever switches off now would lose it with the PC's memory.
    pub(super) fn put_fault_on_opened(&mut self) {
        let Fault::Left(left) = &self.fault else { return };
        let Some(stick) = self.opened.take() else { return };
        match put_in_background(Box::new(stick), left.file.clone(), self.events.clone()) {
            Ok(()) => self.fault = Fault::OnOpened(left.clone(), Instant::now()),
            Err(error) => tracing::error!(%error, "the recording of a fault is not on the stick"),
        }
    }

    /// Whether the stick is away for the recording.
    pub(super) fn is_putting_fault(&self) -> bool {
        matches!(self.fault, Fault::OnOpened(..))
    }

    /// Takes the stick back on which the recording was put, or was not; another stick or the session tries again.
    pub(super) fn fault_put_on_opened(&mut self, PutOnOpened { stick, put }: PutOnOpened) {
        let Fault::OnOpened(left, _) = std::mem::take(&mut self.fault) else { return };
        self.opened = Some(*stick);
        match put {
            Ok(_) => {
                self.recorder.forget_left();
                self.fault = Fault::Put(left.code);
                self.tell(Msg::FaultKept);
            }
            Err(error) => {
                tracing::warn!(%error, "the recording of a fault is not on the stick");
                self.fault = Fault::Left(left);
            }
        }
        // The look that was waited for may have ended meanwhile.
        self.look_at_jobs();
        self.catch_up();
    }

    /// Gives up a stick that does not answer.
    pub(super) fn watch_fault(&mut self, now: Instant) {
        match std::mem::take(&mut self.fault) {
            Fault::OnOpened(left, since) if now.saturating_duration_since(since) > PUTTING => {
                tracing::warn!("the stick does not take the recording of a fault");
                self.fault = Fault::Left(left);
                self.catch_up();
            }
            other => self.fault = other,
        }
    }

    /// Notes the fault in the log of the session that has just begun, and has its recording put on the stick where it is
    /// not there yet.
    pub(super) fn keep_fault(&mut self) {
        let Some(session) = &mut self.session else { return };
        let (code, file) = match std::mem::take(&mut self.fault) {
            Fault::Left(left) => (left.code, Some(left.file)),
            Fault::Put(code) => (code, None),
            other => return self.fault = other,
        };
        let said = format!("the program stopped before this session by a fault of its own: {code}");
        session.log.notice(NoticeCode::InternalFault, None, &said);
        let Some(file) = file else { return };
        match session.log.put(file) {
            Ok(keeper) => self.fault = Fault::Keeping(keeper),
            Err(problem) => {
                tracing::warn!(?problem, "the recording of a fault is not on the stick");
                session.log.notice(NoticeCode::InternalFault, None, NOT_KEPT);
            }
        }
    }

    /// Whether it was the recording that a keeper has put on the stick, or has not. Files are put in the order in which
    /// they were asked for, so the first answer is the recording's.
    pub(super) fn took_fault(&mut self, put: &Result<String, wizard::StickProblem>) -> bool {
        let Fault::Keeping(keeper) = self.fault else { return false };
        self.fault = Fault::None;
        // What another keeper says is of another file.
        if self.session.as_ref().and_then(|session| session.log.epoch()) != Some(keeper) {
            return false;
        }
        match put {
            Ok(_) => {
                self.recorder.forget_left();
                self.tell(Msg::FaultKept);
            }
            Err(problem) => {
                tracing::warn!(?problem, "the recording of a fault is not on the stick");
                self.with_session(|session| session.log.notice(NoticeCode::InternalFault, None, NOT_KEPT));
            }
        }
        true
    }
}
