//! Boot sticks: written, given the organisation's public key, and held against the manifest of the release.
//!
//! What is erased with a boot stick is only as trustworthy as the stick, and Secure Boot does not cover the program on
//! it: so an office compares it before and after a round.

mod check;
mod command;
mod device;
mod documents;
mod manifest;
mod medium;
mod prepare;
mod problem;
mod write;

pub use command::{BootCommand, CheckArguments, KeyArguments};
pub(crate) use command::{run, run_check};
