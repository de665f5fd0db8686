//! Rows of the matrix in the booted image: eight drives a boot, each with its own misbehaviour.
//!
//! `just test-long` runs them; a boot takes two to three minutes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lab::drives::{Bay, Definition, Model};
use lab::{Class, LabError, Log, Report};
use lab_drives::Fault;
use massho_tests::{Bench, all_held, logs, serials};
use std::time::Duration;

const ERASING: Duration = Duration::from_secs(900);

/// How a drive must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// 完了, and nothing is physically left.
    Done,
    /// Anything but 完了.
    NotDone,
    /// 完了 as far as any host can see: the medium holds all.
    BeyondSight,
}

struct Row {
    name: &'static str,
    kind: Model,
    fault: Option<Fault>,
    end: End,
}

const fn row(name: &'static str, kind: Model, fault: Option<Fault>, end: End) -> Row {
    Row { name, kind, fault, end }
}

fn definition(row: &Row) -> Definition {
    let lines = match row.kind {
        Model::AtaSsd => {
            "erase_seconds = 3\nencryption = \"plain\"\nsanitize = { operations = [\"block-erase\"] }\n"
        }
        Model::AtaHdd => "erase_seconds = 3\n",
        Model::SasSsd => {
            "layout = { encryption = \"plain\" }\nsanitize = { operations = [\"block-erase\"] }\n"
        }
        _ => "",
    };
    let drive = Definition::new(row.name, row.kind).sized(16).with(lines).unwrap();
    match &row.fault {
        Some(fault) => drive.with_fault(fault.clone()),
        None => drive,
    }
}

/// Boots with these drives, erases all of them that can be erased by class (2), and holds the log against the media.
fn erase(name: &str, rows: &[Row]) -> Result<(), LabError> {
    let bench = Bench::new(name);
    let bay = bench.bay(rows.iter().map(definition).collect())?;
    let mut rig = bench.pc_with(&bay).power_on()?;
    rig.wait_first_screen()?;
    rig.clerk().answer_everything("LAB-RESULTS", Class::Two, &serials(&bay), &[])?;
    rig.clerk().wait_results(ERASING)?;
    rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let mut report = Report::default();
    match logs(&rig)?.first() {
        Some((_, log)) => rows.iter().try_for_each(|row| judge(&mut report, row, log, &bay))?,
        None => report.check("the stick holds a log", Err("it does not")),
    }
    println!("{report}");
    all_held(&report);
    Ok(())
}

fn judge(report: &mut Report, row: &Row, log: &Log, bay: &Bay) -> Result<(), LabError> {
    let drive = bay.drive(row.name)?;
    let record = log.drives().get(&drive.serial).cloned().unwrap_or_default();
    let left = drive.scan()?.carrying;
    let done = record.outcome.as_deref() == Some("done");
    let what = format!(
        "{} ({:?}): {} {} {}, {left} sectors left",
        row.name,
        row.fault,
        record.outcome.as_deref().unwrap_or("no result"),
        record.technique.as_deref().unwrap_or("-"),
        record.failure.as_deref().unwrap_or(""),
    );
    let holds = match row.end {
        End::Done => done && left == 0,
        End::NotDone => !done && record.outcome.is_some(),
        End::BeyondSight => done && left > 0,
    };
    report.check(what, if holds { Ok(()) } else { Err(format!("should be {:?}", row.end)) });
    Ok(())
}

#[test]
#[ignore = "takes minutes: just test-long"]
fn sata_ssds() -> Result<(), LabError> {
    use Model::AtaSsd as M;
    erase(
        "rows-sata-ssd",
        &[
            row("GOOD", M, None, End::Done),
            row("NOTHING", M, Some(Fault::ErasesNothing), End::NotDone),
            row("HALF", M, Some(Fault::ErasesHalf), End::NotDone),
            row("UNMAPS", M, Some(Fault::UnmapsOnly), End::BeyondSight),
            row("FAILS", M, Some(Fault::EraseFails), End::NotDone),
            row("ABORTS", M, Some(Fault::CommandAborted), End::NotDone),
            row("BACK", M, Some(Fault::ProgressGoesBack), End::Done),
            row("NOREGS", M, Some(Fault::NoRegisters), End::NotDone),
        ],
    )
}

#[test]
#[ignore = "takes minutes: just test-long"]
fn sata_disks() -> Result<(), LabError> {
    use Model::AtaHdd as M;
    erase(
        "rows-sata-hdd",
        &[
            row("GOOD", M, None, End::Done),
            row("NOTHING", M, Some(Fault::ErasesNothing), End::NotDone),
            row("HALF", M, Some(Fault::ErasesHalf), End::NotDone),
            row("UNMAPS", M, Some(Fault::UnmapsOnly), End::BeyondSight),
            row("FAILS", M, Some(Fault::EraseFails), End::NotDone),
            row("ABORTS", M, Some(Fault::CommandAborted), End::NotDone),
            row("UNREADABLE", M, Some(Fault::Unreadable { from: 100, count: 3 }), End::NotDone),
            row("FIXED", M, Some(Fault::FixedSense), End::Done),
        ],
    )
}

#[test]
#[ignore = "takes minutes: just test-long"]
fn sas_drives() -> Result<(), LabError> {
    use Model::{SasHdd, SasSsd};
    erase(
        "rows-sas",
        &[
            row("GOOD", SasSsd, None, End::Done),
            row("NOTHING", SasSsd, Some(Fault::ErasesNothing), End::NotDone),
            row("HALF", SasSsd, Some(Fault::ErasesHalf), End::NotDone),
            row("UNMAPS", SasSsd, Some(Fault::UnmapsOnly), End::BeyondSight),
            row("DISK", SasHdd, None, End::Done),
            row("DISKFAILS", SasHdd, Some(Fault::EraseFails), End::NotDone),
            row("DISKABORTS", SasHdd, Some(Fault::CommandAborted), End::NotDone),
            row("DISKFIXED", SasHdd, Some(Fault::FixedSense), End::Done),
        ],
    )
}

#[test]
#[ignore = "takes minutes: just test-long"]
fn nvme_drives() -> Result<(), LabError> {
    use Model::Nvme as M;
    erase(
        "rows-nvme",
        &[
            row("GOOD", M, None, End::Done),
            row("NOTHING", M, Some(Fault::ErasesNothing), End::NotDone),
            row("HALF", M, Some(Fault::ErasesHalf), End::NotDone),
            row("UNMAPS", M, Some(Fault::UnmapsOnly), End::BeyondSight),
            row("FAILS", M, Some(Fault::EraseFails), End::NotDone),
            row("ABORTS", M, Some(Fault::CommandAborted), End::NotDone),
            row("REJECTS", M, Some(Fault::RejectedUntilSleep { status: 0x4286 }), End::NotDone),
            row("BACK", M, Some(Fault::ProgressGoesBack), End::Done),
        ],
    )
}
