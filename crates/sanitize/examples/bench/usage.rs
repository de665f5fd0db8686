//! What this process has used, by /proc.

use super::Outcome;

/// Ticks per second of /proc/self/stat: USER_HZ, 100 on every x86 Linux.
const TICKS: f64 = 100.0;

/// CPU seconds of all threads so far, user and system.
pub(crate) fn cpu_seconds() -> Outcome<f64> {
    // utime and stime: the 12th and 13th field after the name.
    Ok(ticks(11, 2)? / TICKS)
}

/// CPU seconds in user mode of all children that have ended so far.
pub(crate) fn children_user_seconds() -> Outcome<f64> {
    // cutime: the 14th.
    Ok(ticks(13, 1)? / TICKS)
}

/// The sum of `count` fields of /proc/self/stat after the command name, which may itself hold blanks and brackets.
fn ticks(skip: usize, count: usize) -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("/proc/self/stat has no name")?.1;
    let fields: Result<Vec<f64>, _> =
        after.split_whitespace().skip(skip).take(count).map(str::parse).collect();
    Ok(fields?.iter().sum())
}

/// VmHWM: the most memory this process ever had resident, in bytes.
pub(crate) fn peak_memory() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}
