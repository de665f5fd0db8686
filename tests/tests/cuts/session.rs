//! One whole session on a recorded results stick.

use lab::cuts::Medium;
use lab::writes::{Event, Recording};
use lab::{Class, Drive, LabError, Ledger, Report, Rig, outside, pc};
use massho_tests::Bench;
use std::time::{Duration, Instant};

const ERASING: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(60);
/// A screen that says "saved" for so long, while nothing is written, speaks of everything that was written.
const QUIET: Duration = Duration::from_millis(700);
const SAVED: &str = "Log: saved";

/// A session and every write of its results stick.
#[derive(Debug)]
pub(crate) struct Session {
    /// What the stick held before.
    pub(crate) before: Vec<u8>,
    /// What happened to it.
    pub(crate) events: Vec<Event>,
    /// When the screen said that all was saved.
    pub(crate) marks: Vec<Mark>,
    /// The log as it is at the end, which verifies.
    pub(crate) log: Vec<u8>,
    /// The path of the log on the stick.
    pub(crate) path: String,
    /// The path of its copy.
    pub(crate) copy: String,
}

/// A moment at which the screen said that the log is saved, and nothing was being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// After how many events.
    pub(crate) after: usize,
    /// How many entries the stick had been given by then.
    pub(crate) entries: usize,
}

impl Session {
    /// Boots the image with a hard disk and an SSD, erases both, closes the log and switches off.
    pub(crate) fn record(bench: &Bench, report: &mut Report) -> Result<Self, LabError> {
        let mut spec = bench.office_pc();
        spec.drives.retain(|drive| [pc::HDD, pc::SSD, pc::RESULTS].contains(&drive.name.as_str()));
        spec.drives = spec.drives.into_iter().map(prepare).collect();
        let mut rig = spec.power_on()?;
        rig.wait_first_screen()?;
        let stick = rig.drive(pc::RESULTS)?.clone();
        let recording = stick.recording.clone().ok_or(LabError::NoSuchDrive("a recorded stick".into()))?;
        let before = read(&stick.path.with_extension("before"))?;
        let mut marks = Vec::new();
        let serials = [pc::HDD, pc::SSD].map(|name| format!("LAB-{}", name.to_uppercase()));
        rig.clerk().choose_english()?;
        rig.clerk().choose_stick(&stick.serial)?;
        rig.clerk().enter_people()?;
        rig.clerk().choose_class(Class::Three)?;
        rig.clerk().select_drives(&serials)?;
        rig.clerk().accept_plan(&[])?;
        marks.push(mark(&rig, &recording)?);
        rig.clerk().confirm()?;
        rig.screen.wait_for("overwriting, pass 1", SOON)?;
        marks.push(mark(&rig, &recording)?);
        rig.machine.limit(pc::HDD, None)?;
        rig.clerk().wait_results(ERASING)?;
        marks.push(mark(&rig, &recording)?);
        // The twelve characters stand there when the closed log has been read back.
        rig.clerk().close_log()?;
        marks.push(recording.len()?);
        rig.clerk().power_off()?;
        rig.wait_off()?;

        let events = recording.events()?;
        let after = Medium::after(before.clone(), &events).image();
        let all = if after == read(&stick.path)? { Ok(()) } else { Err("the stick holds something else") };
        report.check("the recording has every write", all);
        let (file, _) = outside::only_log(&stick.path).map_err(|_| LabError::NoSuchDrive("a log".into()))?;
        let said = Ledger::new(&bench.ledger).verify(&stick.path)?;
        let sound = if said.is_sound() { Ok(()) } else { Err(format!("{}{}", said.out, said.err)) };
        report.check("the ledger verifies the whole session", sound);
        let copy = file.path.replace("MASSHO-LOG/", "MASSHO-LOG/COPY/").replace(".jsonl", ".copy");
        let mut session = Self { before, events, marks: Vec::new(), log: file.bytes, path: file.path, copy };
        session.marks = marks.into_iter().map(|after| session.entries_at(after)).collect();
        Ok(session)
    }

    /// How many entries the log has at its end.
    pub(crate) fn entries(&self) -> usize {
        self.log.iter().filter(|byte| **byte == b'\n').count()
    }

    /// How many entries of the log this file has: whole lines that are the log's own, from its first one.
    pub(crate) fn entries_in(&self, file: Option<&[u8]>) -> usize {
        let file = file.unwrap_or_default();
        let same = file.iter().zip(&self.log).take_while(|(one, other)| one == other).count();
        self.log.iter().take(same).filter(|byte| **byte == b'\n').count()
    }

    /// The first so many entries.
    pub(crate) fn beginning(&self, entries: usize) -> &[u8] {
        let len = self.log.split_inclusive(|byte| *byte == b'\n').take(entries).map(<[u8]>::len).sum();
        self.log.get(..len).unwrap_or(&self.log)
    }

    fn entries_at(&self, after: usize) -> Mark {
        let medium = Medium::after(self.before.clone(), &self.events[..after]);
        Mark { after, entries: self.entries_in(medium.file(&self.path).as_deref()) }
    }
}

/// The stick recorded, what it held kept, and the hard disk slow enough for a look at the screen while it is erased.
fn prepare(drive: Drive) -> Drive {
    match drive.name.as_str() {
        pc::RESULTS => {
            let kept = std::fs::copy(&drive.path, drive.path.with_extension("before"));
            assert!(kept.is_ok(), "{kept:?}");
            drive.recorded()
        }
        pc::HDD => drive.slow(4 << 20),
        _ => drive,
    }
}

fn read(path: &std::path::Path) -> Result<Vec<u8>, LabError> {
    let doing = "read";
    std::fs::read(path).map_err(|source| LabError::File { doing, path: path.to_owned(), source })
}

/// Waits until the screen says that the log is saved and nothing is written. How many events there are then.
fn mark(rig: &Rig, recording: &Recording) -> Result<usize, LabError> {
    let end = Instant::now() + SOON;
    loop {
        rig.screen.wait_for(SAVED, SOON)?;
        let events = recording.len()?;
        std::thread::sleep(QUIET);
        if recording.len()? == events && rig.screen.text().contains(SAVED) {
            return Ok(events);
        }
        if Instant::now() > end {
            let screen = rig.screen.text();
            return Err(LabError::Timeout { what: "a quiet stick".to_owned(), after: SOON, screen });
        }
    }
}
