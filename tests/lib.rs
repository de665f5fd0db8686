//! Tests of the whole house: its arrows, and the booted image.
//!
//! What the tests of the booted image have in common is here: one PC at a time, and a report that fails a test.

use lab::drives::{Bay, Definition, Definitions};
use lab::{LabError, Ledger, Log, Places, Report, Rig, RigSpec, Stick, TextFile, pc};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

static ONE_PC: Mutex<()> = Mutex::new(());

/// A place to boot one PC in. An emulated PC takes all that a small host has, so there is one at a time.
#[derive(Debug)]
pub struct Bench {
    _only: MutexGuard<'static, ()>,
    /// The folder of this test, empty at first and left behind for whoever looks into a failure.
    pub folder: PathBuf,
    /// The image.
    pub image: PathBuf,
    /// The office's program.
    pub ledger: PathBuf,
}

impl Bench {
    /// Waits for its turn.
    ///
    /// # Panics
    /// When the image or the ledger has not been built, and says how to.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that cannot begin has failed")]
    pub fn new(test: &str) -> Self {
        // A test that failed leaves nothing behind that another would mind.
        let only = ONE_PC.lock().unwrap_or_else(PoisonError::into_inner);
        let places = Places::find();
        let (image, ledger) = (places.image(), places.ledger());
        let missing = Places::missing(&image, &ledger);
        assert!(missing.is_empty(), "{}", missing.join("\n"));
        match places.run_folder(test) {
            Ok(folder) => Self { _only: only, folder, image, ledger },
            Err(error) => panic!("the test's folder cannot be made: {error}"),
        }
    }

    /// The PC of the demo with smaller drives.
    ///
    /// # Panics
    /// When its drives cannot be made.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that cannot begin has failed")]
    pub fn office_pc(&self) -> RigSpec {
        match RigSpec::office_pc(&self.folder, &self.image, pc::Sizes::SMALL) {
            Ok(spec) => spec,
            Err(error) => panic!("the drives cannot be made: {error}"),
        }
    }

    /// These drives, each with a process of its own.
    ///
    /// # Errors
    /// [`LabError`], when one does not start.
    pub fn bay(&self, drives: Vec<Definition>) -> Result<Bay, LabError> {
        Self::bay_in(&self.folder, drives)
    }

    /// The same in a folder of their own, where a test has two sets of drives.
    ///
    /// # Errors
    /// As [`Bench::bay`].
    pub fn bay_in(folder: &Path, drives: Vec<Definition>) -> Result<Bay, LabError> {
        let program = Places::find().lab_program();
        Ok(Bay::start(&Definitions { drive: drives }, folder, &program)?)
    }

    /// A PC with the drives of a bay and a results stick.
    #[must_use]
    pub fn pc_with(&self, bay: &Bay) -> RigSpec {
        let mut spec = self.office_pc();
        spec.drives.retain(|drive| drive.name == pc::RESULTS);
        spec.lab_drives = bay.drives().to_vec();
        spec
    }
}

/// One language's texts, as the program has them.
#[derive(Debug)]
pub struct Catalogue(toml::Table);

impl Catalogue {
    /// That of a language, by its code.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]
    pub fn of(language: &str) -> Self {
        let file = Places::find().root().join(format!("crates/wizard/src/texts/{language}.toml"));
        Self(fs::read_to_string(file).unwrap().parse().unwrap())
    }

    /// A text by its section and its name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[expect(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test that asks for what is not there has failed"
    )]
    pub fn text(&self, key: &str) -> &str {
        let mut parts = key.split('.');
        let section = self.0.get(parts.next().unwrap()).unwrap();
        let found = parts.try_fold(section, |section, name| section.get(name));
        found.and_then(toml::Value::as_str).unwrap_or_else(|| panic!("no text {key}"))
    }

    /// The names of all texts that stand at the top of a screen.
    #[must_use]
    pub fn titles(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (section, texts) in &self.0 {
            let names = texts.as_table().into_iter().flat_map(|texts| texts.keys());
            let titles = names.filter(|name| *name == "title" || name.ends_with("_title"));
            found.extend(titles.map(|name| format!("{section}.{name}")));
        }
        found
    }
}

/// The font that the image's screen uses.
#[must_use]
pub fn image_font(bench: &Bench) -> PathBuf {
    bench.image.with_file_name("font").join("MasshoGothic-Regular.ttf")
}

/// The office: its program, and the folder where its key is.
#[derive(Debug)]
pub struct Office {
    ledger: Ledger,
    /// Where its key and its lists are. A folder `stick` is what a stick will hold.
    pub folder: PathBuf,
}

impl Office {
    /// An office without a key yet.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn new(bench: &Bench) -> Result<Self, LabError> {
        let office = Self { ledger: Ledger::new(&bench.ledger), folder: bench.folder.join("office") };
        let stick = office.folder.join("stick");
        fs::create_dir_all(&stick).map_err(LabError::file("create", &stick))?;
        Ok(office)
    }

    /// An office that has signed a job list and prepared for it what the folder `stick` holds, under this passphrase, and a
    /// boot image with its key, of which the path is returned.
    ///
    /// # Errors
    /// [`LabError`].
    pub fn with_job_list(bench: &Bench, list: &str, passphrase: &str) -> Result<(Self, PathBuf), LabError> {
        let office = Self::new(bench)?;
        let year = fiscal_year();
        for (name, text) in
            [("root.txt", "root key's passphrase"), ("stick.txt", passphrase), ("list.csv", list)]
        {
            office.write(name, text.as_bytes())?;
        }
        office.run(&format!("key new --name 架空市 --fiscal-year {year} --passphrase-file @root.txt"))?;
        let days = format!("--from {year}-04-01 --until {}-03-31", year + 1);
        office.run(&format!(
            "jobs sign @list.csv --operator 山田花子 {days} --passphrase-file @root.txt --out @jobs.json"
        ))?;
        office.run(
            "stick prepare @stick --jobs @jobs.json --passphrase-file @root.txt --stick-passphrase-file @stick.txt",
        )?;
        let image = office.folder.join("massho.iso");
        fs::copy(&bench.image, &image).map_err(LabError::file("copy", &bench.image))?;
        office.run("boot prepare @massho.iso --org-key @massho-organisation.json")?;
        Ok((office, image))
    }

    /// Runs a command that must succeed; every `@name` is the file of that name.
    ///
    /// # Errors
    /// [`LabError`], when the program does not run.
    ///
    /// # Panics
    /// When the program refuses, with what it said.
    pub fn run(&self, command: &str) -> Result<String, LabError> {
        let arguments: Vec<String> = command
            .split_whitespace()
            .map(|word| match word.strip_prefix('@') {
                Some(name) => self.folder.join(name).display().to_string(),
                None => word.to_owned(),
            })
            .collect();
        let said = self.ledger.run(&self.folder, arguments)?;
        assert!(said.is_sound(), "{command}:\n{}{}", said.out, said.err);
        Ok(said.out)
    }

    /// Writes a file of its folder.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), LabError> {
        let path = self.folder.join(name);
        fs::write(&path, bytes).map_err(LabError::file("write", &path))
    }
}

/// The files of a folder, as they will lie on a stick.
///
/// # Errors
/// [`LabError::File`].
pub fn folder_files(folder: &Path, prefix: &str) -> Result<Vec<TextFile>, LabError> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(LabError::file("read", folder))?;
    for entry in entries {
        let path = entry.map_err(LabError::file("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inner = format!("{prefix}{name}");
        if path.is_dir() {
            found.extend(folder_files(&path, &format!("{inner}/"))?);
        } else {
            let bytes = fs::read(&path).map_err(LabError::file("read", &path))?;
            found.push(TextFile { path: inner, bytes });
        }
    }
    Ok(found)
}

/// The fiscal year of a day that is about now: the difference of a few hours between clocks matters to nobody here.
#[must_use]
pub fn fiscal_year() -> u64 {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / 86_400;
    // A fiscal year begins on the first of April, 90 days after the year; leap days move that by one.
    1970 + (days - 90) * 4 / 1461
}

/// The serial numbers of the drives of a bay.
#[must_use]
pub fn serials(bay: &Bay) -> Vec<String> {
    bay.drives().iter().map(|drive| drive.serial.clone()).collect()
}

/// The logs on the results stick, in the order in which they were begun.
///
/// # Errors
/// [`LabError`], when the stick cannot be read.
pub fn logs(rig: &Rig) -> Result<Vec<(TextFile, Log)>, LabError> {
    logs_on(&rig.drive(pc::RESULTS)?.path)
}

/// The same of a stick in no PC, by its backing file.
///
/// # Errors
/// As [`logs`].
pub fn logs_on(stick: &Path) -> Result<Vec<(TextFile, Log)>, LabError> {
    let mut files = Stick::open(stick)?.logs()?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files.into_iter().filter_map(|file| Log::parse(&file.bytes).ok().map(|log| (file, log))).collect())
}

/// Fails the test unless everything that was checked held.
///
/// # Panics
/// With the report.
pub fn all_held(report: &Report) {
    assert!(report.is_good(), "\n{report}");
}
