//! What the office does with the ledger, command by command.

mod collect;
mod desk;
mod gaps;
mod texts;

pub use gaps::{BrokenLink, Gaps};

use crate::Language;
use crate::command::Conclusion;
use crate::print;
use clap::{Args, Subcommand};
use desk::{Desk, Trouble};
use std::path::PathBuf;

/// What every command at the office may be told.
#[derive(Debug, Args)]
pub struct Options {
    /// The ledger's file.
    #[arg(long, global = true, value_name = "FILE", default_value = crate::store::DEFAULT_NAME)]
    pub ledger: PathBuf,
    /// Who enters this, as the ledger will say; by default the login name.
    #[arg(long, global = true, value_name = "NAME")]
    pub by: Option<String>,
    /// The date by which deadlines are judged (YYYY-MM-DD); by default this PC's.
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Takes sticks into the ledger: folders, images, devices or single logs. Exit status 0 only if all is right.
    Collect {
        /// Where the logs are.
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<PathBuf>,
    },
}

/// Carries a command out.
#[must_use]
pub fn run(language: Language, options: &Options, command: &Command) -> Conclusion {
    let desk = match Desk::new(language, options) {
        Ok(desk) => desk,
        Err(told) => return Conclusion::Impossible(print::told(&told)),
    };
    let done = match command {
        Command::Collect { sources } => collect::collect(&desk, sources),
    };
    done.unwrap_or_else(|trouble: Trouble| Conclusion::Impossible(print::told(&desk.tell(&trouble))))
}
