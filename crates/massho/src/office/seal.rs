//! Trying a passphrase, on a thread of its own: it takes seconds by design.

use crate::event::Event;
use crossbeam_channel::Sender;
use record::{SealError, SealedKey, StickKey};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use wizard::{Secret, UnsealProblem};

/// The end of trying a passphrase.
#[derive(Debug)]
pub(crate) struct Unsealed {
    /// Which opening of a stick it belongs to.
    pub(crate) opening: u64,
    /// The key, or why not.
    pub(crate) key: Result<StickKey, SealError>,
}

impl Unsealed {
    /// What the screen is told when there is no key.
    pub(crate) fn problem(error: &SealError) -> UnsealProblem {
        match error {
            SealError::WrongPassphrase => UnsealProblem::WrongPassphrase,
            other => UnsealProblem::Unusable(other.to_string()),
        }
    }
}

/// Tries a passphrase. An [`Event::Unsealed`] follows.
///
/// # Errors
/// The thread could not be started.
pub(crate) fn unseal_in_background(
    opening: u64,
    sealed: SealedKey,
    passphrase: Secret,
    events: Sender<Event>,
) -> io::Result<()> {
    let work = move || {
        // A fault of this program is told like a key that cannot be opened, rather than never.
        let tried = catch_unwind(AssertUnwindSafe(|| sealed.open_stick(passphrase.typed())));
        let key = tried.unwrap_or_else(|_| Err(SealError::NotSealed("a fault of the program".into())));
        drop(passphrase);
        // Unheard, the key is overwritten.
        drop(events.send(Event::Unsealed(Unsealed { opening, key })));
    };
    thread::Builder::new().name("unsealing".into()).spawn(work).map(drop)
}
