//! Carries out a confirmed plan: one job per drive, each on its own thread, none hindering another.
//!
//! A job takes an [`ArmedDrive`], which exists only for a drive of a plan that the operator confirmed and that
//! identified itself again a moment ago. It asks an [`IntentGate`] before every irreversible step, reports by
//! [`DriveEvent`]s, and ends with exactly one [`model::DriveResult`]. Success needs proof: the writes or the command
//! went through, and the whole medium was read back as it should be.
//!
//! What a host can prove ends at the drive's interface: after a flush the drive may still answer reads from its
//! cache, and blocks that it has remapped are out of reach. That is why an overwrite is 消去 and never 除去.

mod arm;
mod canary;
mod event;
mod gate;
mod job;
mod lanes;
mod nvme_format;
mod nvme_namespace;
mod overwrite;
mod pattern;
mod progress;
mod readback;
mod recovery;
mod reducer;
mod result;
mod selftest;
mod stop;
mod stream;
mod tally;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

pub use arm::{ArmError, ArmedDrive};
pub use event::{DriveEvent, JobEvent, Phase, Progress, ProgressSource};
pub use gate::{Intent, IntentGate, NotPermitted};
pub use job::{JobHandle, start, start_with};
pub use lanes::{CHUNK, LANES};
pub use reducer::{JobState, reduce};
pub use selftest::{SelfTestError, self_test};
pub use stream::Generator;
