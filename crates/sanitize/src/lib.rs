//! Carries out a confirmed plan: one job per drive, each on its own thread, none hindering another.
//!
//! A job takes an [`ArmedDrive`], which exists only for a drive of a plan that the operator confirmed and that
//! identified itself again a moment ago. It asks an [`IntentGate`] before every irreversible step, reports by
//! [`DriveEvent`]s, and ends with exactly one [`model::DriveResult`]. Success needs proof: the writes went through, or
//! the drive took the command, was seen in that command's end state, and has lost the canaries and what it held; and
//! what was read back, the whole medium or the places of the sampling plan, is as it should be.
//!
//! [`follow`] watches a drive that was found erasing itself, and claims nothing about its data; [`unlock`] takes away
//! the password of an interrupted erase.
//!
//! What a host can prove ends at the drive's interface: after a flush the drive may still answer reads from its
//! cache, and blocks that it has remapped are out of reach. That is why an overwrite is 消去 and never 除去.

mod alive;
mod arm;
mod canary;
mod clock;
mod content;
mod context;
mod event;
mod firmware;
mod follow;
mod gate;
mod job;
mod lanes;
mod lift;
mod memory;
mod overwrite;
mod password;
mod patience;
mod pattern;
mod place;
mod progress;
mod readback;
mod recovery;
mod reducer;
mod result;
mod sampled;
mod sampling;
mod selftest;
mod stop;
mod stream;
mod tally;
mod watch;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

pub use arm::{ArmError, ArmedDrive};
pub use clock::{Clock, SystemClock};
pub use event::{DriveEvent, JobEvent, Phase, Progress, ProgressSource};
pub use follow::{FollowEnd, Followed, follow};
pub use gate::{Intent, IntentGate, NotPermitted};
pub use job::{JobHandle, Means, start, start_with};
pub use lanes::{CHUNK, LANES};
pub use password::{UnlockError, unlock};
pub use reducer::{JobState, reduce};
pub use selftest::{SelfTestError, self_test};
pub use stream::Generator;
