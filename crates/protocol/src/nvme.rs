//! NVM Express: admin commands as their command dwords, and the Identify data that massho reads.
//!
//! Clauses are those of the NVM Express Base Specification 2.0 unless said otherwise.

mod command;
mod identify;
mod status;

pub use command::{AdminCommand, FormatError, FormatNvm, SecureEraseSetting};
pub use identify::{Controller, IdentifyError, LbaFormat, Namespace};
pub use status::{Status, StatusClass};
