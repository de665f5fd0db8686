//! Letting go of a stick, and waiting for it.

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;
use stick::{Backend, StickError};

/// How long the next keeper waits for one that was left behind to let go of its stick.
pub(super) const PARTING: Duration =
    if cfg!(test) { Duration::from_millis(300) } else { Duration::from_secs(5) };

/// How long a stick may take until everything is on it and it is unmounted, where that has to be certain.
const LETTING_GO: Duration = if cfg!(test) { Duration::from_secs(2) } else { Duration::from_secs(60) };

/// A stick was unmounted: its filesystem is whole.
#[derive(Debug)]
pub(super) struct LetGo;

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
pub(crate) struct Parting(pub(super) Receiver<LetGo>);

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

/// Tells whoever waits what came of letting go.
pub(super) fn part_with(released: Result<(), StickError>, alive: &Sender<LetGo>) {
    match released {
        // Often nobody waits for it.
        Ok(()) => drop(alive.send(LetGo)),
        Err(error) => tracing::info!(%error, "letting go of a stick"),
    }
}
