//! The office's keys, and the sticks that they vouch for.
//!
//! A folder, by default the current one, holds what an organisation needs: its root key sealed by a passphrase, its
//! document, and the list of revoked sticks. Those of earlier years stay beside them under the year's name.

mod command;
mod files;
mod folder;
mod job_rows;
mod jobs;
mod passphrase;
mod problem;
mod release;
mod root;
mod stick;

pub use command::{KeyCommand, Reason, StickCommand};
pub(crate) use command::{run_key, run_stick};
pub use jobs::JobsCommand;
pub(crate) use jobs::run_jobs;
pub use release::Collected;

use record::{Day, WallTime};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds by which Japan's clocks are ahead of UTC, all year round.
const JAPAN: u64 = 9 * 3600;

/// Today, in Japan: the offices that this program is for have no other time.
pub(crate) fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Day::of(&WallTime::from_unix(since.as_secs().saturating_add(JAPAN)))
}
