//! The screens of massho: [`Model`], [`Msg`], [`update`], [`view`]. Pure: no terminal, no clock, no device.
//!
//! The program owns a [`Model`] per console, turns everything that happens into a [`Msg`], carries out the
//! [`Effect`]s that [`update`] returns, and draws with [`view`]. All messages go through one channel, so that
//! they have one order and a session can be replayed.
//!
//! Nothing destructive leaves here but [`Effect::Confirmed`], and that only with a [`policy::Confirmation`],
//! which exists only where the six digits of the plan on the screen were typed; and [`Effect::Ordered`], which asks
//! the program to hold the plan against the office's job list, and erases nothing by itself.

mod ahead;
mod answer;
mod assets;
mod cause;
mod day;
mod declared;
mod effect;
mod exceptions;
mod field;
mod hand;
mod jobs;
mod key;
mod keyboard;
mod keymap;
mod labels;
mod msg;
mod parts;
mod past;
mod people;
mod query;
mod readiness;
mod secret;
mod sign;
mod state;
mod sticks;
mod texts;
mod unattended;
mod update;
mod view;
mod voucher;
mod words;

pub use answer::{
    Attestation, DARK_SECONDS, FollowEnd, ProbeProblem, SLEEP_SECONDS, SleepOutcome, Stall, Statement, Thaw,
    UnlockProblem,
};
pub use assets::AssetCheck;
pub use cause::Cause;
pub use declared::{CarriedOutBy, Declared, Destination, Remembered};
pub use effect::{ClassAnswer, ClockAnswer, CloseReason, DrivesFrom, Effect, Purpose, SessionAnswers};
pub use exceptions::Exception;
pub use hand::{ByHand, HandMedium};
pub use jobs::{JobNews, JobOffer, JobRefusal};
pub use key::Key;
pub use keyboard::Keyboard;
pub use labels::Label;
pub use msg::{Basis, ClockState, CloseInfo, Display, JobView, Journal, Msg, Phase, ScanState};
pub use past::{PastDrive, PastEnd, PastSession};
pub use secret::Secret;
pub use sign::End;
pub use state::{Console, Language, Model, Screen, Setup};
pub use sticks::{StickCandidate, StickInfo, StickNo, StickProblem, StickState};
pub use texts::TextsError;
pub use update::update;
pub use view::{crashed_text, gave_up_text, view};
pub use voucher::{Refusal, UnsealProblem, Voucher, VoucherCheck};

/// The smallest terminal on which the screens are shown: columns and rows.
pub const MINIMUM_SIZE: (u16, u16) = (80, 24);

#[cfg(test)]
mod tests;
