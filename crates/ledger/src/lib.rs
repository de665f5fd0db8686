//! The program at the office: verifies what the sticks bring back, keeps it, and says what has become of every medium.
//!
//! It believes no appliance's word: what counts is what the log's signatures, chain and evidence prove. It has no
//! network and touches no hardware; a stick's image or device is read without being mounted.

mod boot;
mod certificate;
mod command;
mod escape;
pub mod export;
mod image;
mod judge;
mod keys;
pub mod office;
mod partitions;
mod print;
mod problems;
pub mod recompute;
mod sheet;
mod source;
pub mod store;
mod table;
mod texts;
mod twins;
mod viewer;
mod vouchers;
mod window;

pub use boot::{BootCommand, CheckArguments, KeyArguments};
pub use certificate::command::{CertifyArguments, Kind};
pub use certificate::facts::{Deadline, Exception, Handover, KeptFile, OfficeFacts, RevokedLater, Signed};
pub use certificate::model::{Certificate, CertifiedOutcome, Compared, Day, LogState, Notes};
pub use command::{Command, CommandLine, Conclusion, run};
pub use judge::{BeforeFault, JudgedLog, Judgement, LogFinding, MissingSession, Voucher, judge};
pub use keys::{Collected, JobsCommand, KeyCommand, Reason, StickCommand};
pub use source::{FoundLog, FoundStick, Source, SourceError, find};
pub use texts::Language;
pub use vouchers::{Held, OfficeArguments, Vouchers};
