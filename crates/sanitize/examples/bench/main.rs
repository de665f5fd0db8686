//! Measures overwrite and read-back on loop devices over tmpfs, side by side with dd and nwipe. Needs root.
//!
//! Prints one JSON line per figure. Arguments: none; `portable`, for what a CPU without AES and AVX does, to be built
//! with `--cfg chacha20_backend="sse2"`; or `memory DEVICE…`, by which it measures itself.

mod job;
mod loop_device;
mod rivals;
mod usage;

use job::{Times, erase};
use loop_device::LoopDevice;
use sanitize::Generator;
use serde_json::json;
use std::error::Error;
use std::process::Command;

/// Size of the device that speeds are measured on.
const LARGE: u64 = 4 << 30;
/// Size of each of the devices that memory is measured on.
const SMALL: u64 = 64 << 20;
/// How often everything is measured; the median counts.
const ROUNDS: usize = 3;
/// As many drives as a PC is expected to have at most.
const MANY: usize = 24;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        None => {
            speeds(&[Generator::AesCtr, Generator::ChaCha20], Build::ThisCpu)?;
            memory(1)?;
            memory(MANY)
        }
        Some("portable") => speeds(&[Generator::ChaCha20], Build::Portable),
        Some("memory") => {
            erase_all(arguments.get(1..).unwrap_or_default())?;
            println!("{}", usage::peak_memory()?);
            Ok(())
        }
        Some(other) => Err(format!("{other:?} is no argument of this").into()),
    }
}

/// What this program was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Build {
    /// Whatever the CPU offers.
    ThisCpu,
    /// SSE2 and no more.
    Portable,
}

/// One round of everything whose speeds are compared.
#[derive(Default)]
struct Rounds {
    dd_write: Vec<f64>,
    dd_read: Vec<f64>,
    ours: Vec<Vec<Times>>,
}

fn speeds(generators: &[Generator], build: Build) -> Outcome<()> {
    let device = LoopDevice::new(LARGE)?;
    // The first write also makes tmpfs find the memory.
    rivals::dd_write(device.path(), LARGE)?;
    let mut rounds = Rounds { ours: generators.iter().map(|_| Vec::new()).collect(), ..Rounds::default() };
    for _ in 0..ROUNDS {
        rounds.dd_write.push(rivals::dd_write(device.path(), LARGE)?);
        for (generator, times) in generators.iter().zip(&mut rounds.ours) {
            times.push(erase(device.path(), *generator)?);
        }
        rounds.dd_read.push(rivals::dd_read(device.path(), LARGE)?);
    }
    // Once: it takes longer than all the others together.
    let nwipe = match build {
        Build::ThisCpu => Some(rivals::nwipe(device.path())?),
        Build::Portable => None,
    };
    let nwipe = nwipe.map(|(seconds, user_seconds)| (rate(seconds), rate(user_seconds)));
    let (dd_write, dd_read) = (rate(median(&mut rounds.dd_write)), rate(median(&mut rounds.dd_read)));
    figure("dd-write-zeros", dd_write, "MB/s", None);
    figure("dd-read", dd_read, "MB/s", None);
    if let Some((nwipe, nwipe_generator)) = nwipe {
        figure(&format!("nwipe-{}", rivals::NWIPE_PRNG), nwipe, "MB/s", None);
        figure(
            &format!("nwipe-{}-if-writing-cost-nothing", rivals::NWIPE_PRNG),
            nwipe_generator,
            "MB/s",
            None,
        );
    }
    let suffix = if build == Build::Portable { "-sse2-only" } else { "" };
    for (generator, times) in generators.iter().zip(&rounds.ours) {
        let name = |what: &str| format!("{what}-{}{suffix}", generator.name().to_lowercase());
        let of = |pick: fn(&Times) -> f64| median(&mut times.iter().map(pick).collect::<Vec<_>>());
        let (write, verify) = (rate(of(|times| times.write)), rate(of(|times| times.verify)));
        figure(&name("overwrite"), write, "MB/s", Some(("dd-write-zeros", write / dd_write)));
        figure(&name("verify"), verify, "MB/s", Some(("dd-read", verify / dd_read)));
        if let Some((nwipe, nwipe_generator)) = nwipe {
            figure(&name("overwrite"), write, "MB/s", Some(("nwipe", write / nwipe)));
            let free = ("nwipe-if-writing-cost-nothing", write / nwipe_generator);
            figure(&name("overwrite"), write, "MB/s", Some(free));
        }
        figure(&name("overwrite-cpu"), of(|times| times.write_cpu) / gigabytes(), "s/GB", None);
        figure(&name("verify-cpu"), of(|times| times.verify_cpu) / gigabytes(), "s/GB", None);
    }
    Ok(())
}

/// Peak memory of a process of its own that erases so many drives at once.
fn memory(drives: usize) -> Outcome<()> {
    let devices = (0..drives).map(|_| LoopDevice::new(SMALL)).collect::<Outcome<Vec<_>>>()?;
    let child = Command::new(std::env::current_exe()?)
        .arg("memory")
        .args(devices.iter().map(LoopDevice::path))
        .output()?;
    if !child.status.success() {
        return Err(String::from_utf8_lossy(&child.stderr).into_owned().into());
    }
    let bytes: f64 = String::from_utf8(child.stdout)?.trim().parse()?;
    let limit = 64e6;
    figure(&format!("peak-memory-{drives}"), bytes / 1e6, "MB", Some(("64 MB", bytes / limit)));
    Ok(())
}

fn erase_all(paths: &[String]) -> Outcome<()> {
    let jobs: Vec<_> = paths
        .iter()
        .map(|path| {
            let path = path.clone();
            std::thread::spawn(move || {
                erase(path.as_ref(), Generator::for_this_cpu()).map(drop).map_err(|error| error.to_string())
            })
        })
        .collect();
    for job in jobs {
        job.join().map_err(|_| "a job panicked")??;
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn gigabytes() -> f64 {
    LARGE as f64 / 1e9
}

/// MB/s of one walk over the large device.
fn rate(seconds: f64) -> f64 {
    LARGE as f64 / 1e6 / seconds
}

fn figure(name: &str, value: f64, unit: &str, against: Option<(&str, f64)>) {
    let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
    let (against, ratio) = against.map_or((None, None), |(name, ratio)| (Some(name), Some(rounded(ratio))));
    println!(
        "{}",
        json!({"name": name, "value": rounded(value), "unit": unit, "against": against, "ratio": ratio})
    );
}
