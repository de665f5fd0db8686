//! `massho-ledger`: the command line of crate `ledger`.

use clap::Parser;
use ledger::{CommandLine, Conclusion, run};
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let (written, good) = match run(&CommandLine::parse()) {
        Conclusion::Good(text) => (stdout().write_all(text.as_bytes()), true),
        Conclusion::Bad(text) => (stdout().write_all(text.as_bytes()), false),
        Conclusion::Impossible(text) => (stderr().write_all(text.as_bytes()), false),
    };
    // A verdict that nobody could read is none.
    if good && written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
