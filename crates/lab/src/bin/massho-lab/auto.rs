//! The demo without a person: a clerk's script goes through the wizard twice, and everything is checked afterwards.

use crate::Needs;
use lab::outside::{Expected, check_ledger};
use lab::{Class, LabError, Ledger, Report, Rig, RigSpec, pc};
use std::time::{Duration, Instant};

/// Erasing half a gigabyte on an emulated CPU.
const ERASING: Duration = Duration::from_secs(1200);
/// How many bytes of a log are flipped, one by one.
const FLIPS: usize = 250;

/// One run through the wizard.
struct Run {
    name: &'static str,
    class: Class,
    /// For which drives 引渡前の消去 is chosen.
    handover: &'static [&'static str],
    expected: &'static [Expected],
}

const RUNS: [Run; 2] = [
    Run {
        name: "class (3)",
        class: Class::Three,
        handover: &[],
        expected: &[
            Expected::done(pc::HDD, "clear", "random-overwrite"),
            Expected::done(pc::SSD, "clear", "random-overwrite"),
            Expected::done(pc::NVME, "purge", "nvme-sanitize-block-erase"),
            Expected::done(pc::USB, "clear", "random-overwrite"),
        ],
    },
    Run {
        name: "class (2)",
        class: Class::Two,
        handover: &[pc::SSD],
        expected: &[
            Expected::untouched(pc::HDD),
            Expected {
                drive: pc::SSD,
                outcome: "awaiting-destruction",
                achieved: Some("clear"),
                technique: Some("random-overwrite"),
                failure: None,
            },
            Expected::done(pc::NVME, "purge", "nvme-sanitize-block-erase"),
            Expected::untouched(pc::USB),
        ],
    },
];

/// Both runs.
///
/// # Errors
/// A sentence, unless everything was as expected.
pub(crate) fn run(needs: &Needs) -> Result<(), String> {
    let mut whole = Report::default();
    for run in &RUNS {
        println!("== {} by {:?} from {:?}", run.name, needs.firmware, needs.boot);
        let mut report = Report::default();
        let went = go(needs, run, &mut report);
        report.check("the run came to its end", went);
        println!("{report}\n");
        whole.include(run.name, report);
    }
    let image = needs.image.metadata().map(|data| data.len()).unwrap_or_default();
    println!("image: {image} bytes");
    if whole.is_good() { Ok(()) } else { Err("not everything was as expected".to_owned()) }
}

fn go(needs: &Needs, run: &Run, report: &mut Report) -> Result<(), LabError> {
    let name = format!("auto-{}", run.class.name().replace([' ', '(', ')'], ""));
    let made = needs.places.run_folder(&name);
    let folder = made.map_err(|source| LabError::File { doing: "make", path: name.into(), source })?;
    let (drives, bay) = pc::demo_drives(&folder, pc::Sizes::DEMO, &needs.places.lab_program())?;
    let mut spec = RigSpec::with(&folder, &needs.image, drives);
    spec.lab_drives = bay.drives().to_vec();
    (spec.firmware, spec.boot, spec.memory) = (needs.firmware, needs.boot, needs.memory);
    let mut rig = spec.power_on()?;
    let head = work(&mut rig, run, report)?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    rig.check_boot_stick(report);
    if let Some((file, log)) = rig.check_log(report, run.expected) {
        Rig::check_head(report, &head, &log);
        let stick = rig.drive(pc::RESULTS)?.path.clone();
        let ledger = Ledger::new(&needs.ledger);
        let table = check_ledger(report, &ledger, &stick, &file, &folder, FLIPS)?;
        println!("{table}");
    }
    Ok(())
}

/// Through the wizard, up to the closed log. Returns the twelve characters.
fn work(rig: &mut Rig, run: &Run, report: &mut Report) -> Result<String, LabError> {
    let boot = rig.wait_first_screen()?;
    report.note(format!("{:.1} s from kernel start to the first screen", boot.as_secs_f64()));
    let clerk = rig.clerk();
    let serials = |names: &[&str]| -> Result<Vec<String>, LabError> {
        names.iter().map(|name| rig.serial(name)).collect()
    };
    let drives = serials(&[pc::HDD, pc::SSD, pc::NVME, pc::USB])?;
    clerk.answer_everything(&rig.drive(pc::RESULTS)?.serial, run.class, &drives, &serials(run.handover)?)?;
    let begun = Instant::now();
    let results = clerk.wait_results(ERASING)?;
    report.note(format!("{:.1} s of erasing", begun.elapsed().as_secs_f64()));
    if let Some(touched) = rig.machine.touched_memory() {
        report
            .note(format!("{touched} MiB of {} MiB of memory touched by the end", rig.machine.spec().memory));
    }
    println!("{results}\n");
    clerk.close_log()
}
