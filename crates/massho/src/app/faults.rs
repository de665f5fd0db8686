//! A fault of the program before this one: told, noted in the log, and its recording put on the stick.

use super::App;
use crate::keeper::Epoch;
use crate::recorder::LeftFault;
use record::NoticeCode;
use wizard::Msg;

/// How far the recording of a fault is.
#[derive(Debug, Default)]
pub(super) enum Fault {
    /// There was none, or its recording is on the stick.
    #[default]
    None,
    /// It waits for a session.
    Left(LeftFault),
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

    /// Notes the fault in the log of the session that has just begun, and has its recording put on the stick.
    pub(super) fn keep_fault(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Fault::Left(left) = std::mem::take(&mut self.fault) else { return };
        let said = format!("the program stopped before this session by a fault of its own: {}", left.code);
        session.log.notice(NoticeCode::InternalFault, None, &said);
        match session.log.put(left.file) {
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
            Ok(_) => self.recorder.forget_left(),
            Err(problem) => {
                tracing::warn!(?problem, "the recording of a fault is not on the stick");
                self.with_session(|session| session.log.notice(NoticeCode::InternalFault, None, NOT_KEPT));
            }
        }
        true
    }
}
