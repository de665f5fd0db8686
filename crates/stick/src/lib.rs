//! The results stick: mount it, append durably, read back.
//!
//! A [`Journal`] holds the whole session in memory and puts every line on a stick: written, flushed to the medium,
//! read back past the page cache, compared. Only then it gives a [`Saved`], which nothing else can make; the screen
//! says "saved" by showing one. When a stick fails, nothing is lost: the journal goes on in memory and continues on
//! that stick or another with [`Journal::resume_on`].
//!
//! [`LogFolder`] is a real stick's folder, [`Backend`] what a journal needs of it.

mod backend;
mod cache;
mod error;
mod extra;
mod folder;
mod history;
mod journal;
mod medium;
mod mount;

pub use backend::{Backend, ExtraFile, StoredLog};
pub use error::{Advice, Operation, StickError, StickErrorKind};
pub use folder::{LogFolder, ROOM_NEEDED};
pub use history::{History, LeftPassword};
pub use journal::{Closed, Journal, Saved};
pub use mount::{MountPoint, mount};
pub use record::{LOG_FOLDER, LOG_SUFFIX};
