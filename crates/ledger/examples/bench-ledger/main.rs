//! What a ledger of many records costs: a JSON line per figure, half the records beside all of them.
//!
//! `cargo run --release -p ledger --example bench-ledger -- 1000` is a small one.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on prints no figure")]

#[path = "../../tests/town/mod.rs"]
mod town;

use clap::Parser;
use ledger::{CommandLine, Conclusion, run};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tempfile::TempDir;
use town::{DONE, Disk, Pc, Stick};

/// Drives in a PC, each a record.
const DRIVES: usize = 2;
/// Sessions on a stick.
const A_STICK: usize = 500;

fn main() {
    let records = std::env::args().nth(1).map_or(100_000, |given| given.parse().unwrap());
    let (half, all) = (measure(records / 2), measure(records));
    let logs = records / DRIVES;
    let name = |what: &str| format!("ledger: {what} {records} records in {logs} logs");
    let against = format!("{} records", records / 2);
    let line = |name: &str, value: f64, unit: &str, against: &str, half: f64| {
        let ratio = value / half;
        println!(
            "{{\"name\":\"{name}\",\"value\":{value:.2},\"unit\":\"{unit}\",\"against\":\"{against}\",\"ratio\":{ratio:.2}}}"
        );
    };
    line(&name("collect"), all.collect.wall, "s", &against, half.collect.wall);
    line(&name("reconcile"), all.reconcile.wall, "s", &against, half.reconcile.wall);
    line(&name("CPU time to collect"), all.collect.cpu, "s", &against, half.collect.cpu);
    line(&name("CPU time to reconcile"), all.reconcile.cpu, "s", &against, half.reconcile.cpu);
    line(&name("collect again"), all.again.wall, "s", "the first time", all.collect.wall);
    line(&name("peak memory of"), all.memory, "MB", &against, half.memory);
    line(&name("file of"), all.file, "MB", "the logs", all.logs);
}

/// Seconds by the clock on the wall, and of the processors: on a PC that has other work the second tells more.
struct Cost {
    wall: f64,
    cpu: f64,
}

struct Figures {
    collect: Cost,
    again: Cost,
    reconcile: Cost,
    /// The most memory that collecting and reconciling held.
    memory: f64,
    file: f64,
    logs: f64,
}

fn measure(records: usize) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    let (sticks, list) = build(&folder, records / DRIVES);
    let ledger = folder.path().join("ledger.sqlite");
    forget_peak();
    let timed = |arguments: &[&str], paths: &[PathBuf]| {
        let (begun, cpu) = (Instant::now(), cpu());
        good(&ledger, arguments, paths);
        Cost { wall: begun.elapsed().as_secs_f64(), cpu: self::cpu() - cpu }
    };
    let collect = timed(&["collect"], &sticks);
    let again = timed(&["collect"], &sticks);
    let reconcile = timed(&["reconcile"], &[list]);
    let memory = peak();
    Figures {
        collect,
        again,
        reconcile,
        memory,
        file: size(&ledger),
        logs: sticks.iter().map(|it| size(it)).sum(),
    }
}

/// The command itself, which must find nothing to look into.
fn good(ledger: &Path, arguments: &[&str], paths: &[PathBuf]) {
    let line = ["massho-ledger", "--lang", "en", "--ledger", ledger.to_str().unwrap()];
    let paths = paths.iter().map(|path| path.to_str().unwrap());
    let line = CommandLine::parse_from(line.into_iter().chain(arguments.iter().copied()).chain(paths));
    match run(&line) {
        Conclusion::Good(_) => {}
        Conclusion::Bad(text) | Conclusion::Impossible(text) => {
            let shown: String = text.chars().take(2_000).collect();
            std::io::stderr().write_all(shown.as_bytes()).unwrap();
            std::process::exit(1);
        }
    }
}

/// Sticks as folders, and the asset list of their PCs.
fn build(folder: &TempDir, pcs: usize) -> (Vec<PathBuf>, PathBuf) {
    let mut sticks = Vec::new();
    let mut list = String::from("\u{feff}資産管理番号,PCシリアル番号,HDDシリアル番号,所属課\r\n");
    for first in (0..pcs).step_by(A_STICK) {
        let mut stick = Stick::new(&format!("4C53{:06}", first / A_STICK));
        for number in first..pcs.min(first + A_STICK) {
            let serials = [format!("WX11A{number:08}"), format!("99NS10F{number:08}")];
            let asset = format!("R8-{number:08}");
            for serial in &serials {
                list.push_str(&format!("{asset},PF{number:08},{serial},総務課\r\n"));
            }
            let [hdd, ssd] = serials;
            let pc =
                Pc { asset, serial: format!("PF{number:08}"), disks: vec![Disk::hdd(hdd), Disk::ssd(ssd)] };
            stick.run(&pc, DONE);
        }
        sticks.push(stick.write(folder.path()));
    }
    let path = folder.path().join("assets.csv");
    fs::write(&path, list).unwrap();
    (sticks, path)
}

fn size(path: &Path) -> f64 {
    let about = fs::metadata(path).unwrap();
    if !about.is_dir() {
        return about.len() as f64 / 1e6;
    }
    fs::read_dir(path).unwrap().map(|entry| size(&entry.unwrap().path())).sum()
}

/// Seconds that all threads of this process have used: utime and stime of proc(5), in hundredths.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks = |field: &str| field.parse::<f64>().unwrap();
    after_name.split_ascii_whitespace().skip(11).take(2).map(ticks).sum::<f64>() / 100.0
}

/// Makes the kernel count the peak from here (proc(5), clear_refs).
fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes * 1024.0 / 1e6
}
