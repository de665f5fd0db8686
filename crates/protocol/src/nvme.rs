//! NVM Express: admin commands as their command dwords, and the Identify data that massho reads,
//! and what they answer.
//!
//! Clauses are those of the NVM Express Base Specification 2.0 unless said otherwise.

mod command;
mod identify;
mod log;
pub mod sanitize;
mod status;

pub use command::{AdminCommand, FormatError, FormatNvm, SecureEraseSetting};
pub use identify::{Controller, IdentifyError, LbaFormat, Namespace, NoDeallocateMedia};
pub use log::{LogError, LogPage, SanitizeLog, SanitizeState};
pub use status::{Status, StatusClass};
