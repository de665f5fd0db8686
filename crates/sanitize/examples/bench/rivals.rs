//! The same work by others, in seconds.

use super::Outcome;
use super::usage::children_user_seconds;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// nwipe's fastest generator that is made for cryptography.
pub(crate) const NWIPE_PRNG: &str = "isaac64";

const MIB: u64 = 1 << 20;

/// dd of zeros, past the page cache, flushed.
pub(crate) fn dd_write(device: &Path, len: u64) -> Outcome<f64> {
    dd(&[
        "if=/dev/zero".to_owned(),
        format!("of={}", device.display()),
        format!("count={}", len / MIB),
        "oflag=direct".to_owned(),
        "conv=notrunc,fdatasync".to_owned(),
    ])
}

/// dd to nowhere, past the page cache.
pub(crate) fn dd_read(device: &Path, len: u64) -> Outcome<f64> {
    dd(&[
        format!("if={}", device.display()),
        "of=/dev/null".to_owned(),
        format!("count={}", len / MIB),
        "iflag=direct".to_owned(),
    ])
}

fn dd(operands: &[String]) -> Outcome<f64> {
    timed(Command::new("dd").arg("bs=1M").args(operands))
}

/// One random pass of nwipe without its own verification: seconds in all, and of those the CPU seconds in user mode.
///
/// Debian's nwipe writes through the page cache, and the kernel's writeback may slow it down to a fraction of what it
/// could do. Its user time is little but its generator: what it would take if writing cost nothing.
pub(crate) fn nwipe(device: &Path) -> Outcome<(f64, f64)> {
    let before = children_user_seconds()?;
    let prng = format!("--prng={NWIPE_PRNG}");
    let options =
        ["--nogui", "--autonuke", "--nowait", "--method=random", "--rounds=1", "--verify=off", "--noblank"];
    let seconds = timed(Command::new("nwipe").args(options).arg(prng).arg(device))?;
    Ok((seconds, children_user_seconds()? - before))
}

fn timed(command: &mut Command) -> Outcome<f64> {
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let seconds = begin.elapsed().as_secs_f64();
    if output.status.success() {
        Ok(seconds)
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
