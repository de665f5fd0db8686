//! What happened, so that a fault of this program can be seen again at a desk: `massho replay FILE`.
//!
//! Screens are a function of the messages that they were sent. All of these are kept in memory; when the thread that draws
//! panics they are written to a file in RAM, which the program that is started next puts on the results stick.

mod replay;

pub(crate) use replay::run;

use serde::{Deserialize, Serialize};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, TryLockError};
use std::{fs, io};
use wizard::{Console, Key, Language, Msg, Screen};

/// What a recording is called.
const FORMAT: &str = "massho-recording/1";
/// The folder of recordings on a results stick.
const FOLDER: &str = "MASSHO-FAULT";
/// More is not kept: a session has some hundred messages besides its drives' progress, of which the last is kept.
const MOST: usize = 20_000;

/// A recording, as the file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recording {
    format: String,
    /// The program's version: another one may show the same messages otherwise.
    version: String,
    /// What the operator was told.
    code: String,
    /// What the fault says of itself.
    fault: String,
    console: Console,
    pc_serial: String,
    /// How many messages are missing.
    left_out: u32,
    messages: Vec<Msg>,
}

impl Recording {
    fn new(console: Console, pc_serial: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            code: String::new(),
            fault: String::new(),
            console,
            pc_serial: pc_serial.to_owned(),
            left_out: 0,
            messages: Vec::new(),
        }
    }

    /// Keeps a message that is about to be sent to the screen. Of progress only the last word is kept, and of a
    /// passphrase only its length.
    fn keep(&mut self, msg: &Msg, screen: Screen) {
        if matches!(msg, Msg::Policy { .. }) || self.messages.len() >= MOST {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        if matches!(msg, Msg::Tick) {
            return;
        }
        if is_progress(msg) {
            let run = self.messages.iter().rposition(|kept| !is_progress(kept)).map_or(0, |at| at + 1);
            let old = self.messages.iter().skip(run).position(|kept| replaces(msg, kept));
            if let Some(at) = old {
                self.messages.remove(run + at);
            }
        }
        self.messages.push(match msg {
            // Also on the screen before it: it may be typed ahead, or on when the stick has just been pulled.
            Msg::Key(Key::Char(_)) if matches!(screen, Screen::Passphrase | Screen::Sticks) => {
                Msg::Key(Key::Char('*'))
            }
            other => other.clone(),
        });
    }

    fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

fn is_progress(msg: &Msg) -> bool {
    matches!(msg, Msg::Job(..) | Msg::Following(..) | Msg::Clock { .. })
}

/// Whether the older one says nothing any more.
fn replaces(msg: &Msg, older: &Msg) -> bool {
    match (msg, older) {
        (Msg::Job(no, _), Msg::Job(old, _)) | (Msg::Following(no, _), Msg::Following(old, _)) => no == old,
        (Msg::Clock { .. }, Msg::Clock { .. }) => true,
        _ => false,
    }
}

/// The recorder of this program. Clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    state: Arc<Mutex<(Recording, Language)>>,
    /// Where a fault is written to.
    file: PathBuf,
}

/// A fault that a program before this one left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftFault {
    pub(crate) code: String,
    pub(crate) file: stick::ExtraFile,
}

impl Recorder {
    /// Faults are written to that file, which is this console's own.
    pub(crate) fn new(console: Console, pc_serial: &str, file: PathBuf) -> Self {
        let language = if console == Console::Full { Language::Ja } else { Language::En };
        Self { state: Arc::new(Mutex::new((Recording::new(console, pc_serial), language))), file }
    }

    /// The file of this console in RAM.
    pub(crate) fn file_of(console: &str) -> PathBuf {
        Path::new("/run/massho").join(format!("fault-{console}.json"))
    }

    pub(crate) fn keep(&self, msg: &Msg, model: &wizard::Model) {
        if let Ok(mut state) = self.state.lock() {
            state.0.keep(msg, model.screen());
            state.1 = model.language();
        }
    }

    /// Writes down what led to a panic, and returns what the terminal is to say. Called while the thread panics: it waits
    /// for nothing.
    pub(crate) fn crash(&self, panic: &PanicHookInfo<'_>) -> String {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        self.write(&place, &panic.to_string())
    }

    /// The same, of a program that hangs and was told to end. Whoever holds the state may be what hangs: it is not waited for.
    pub(crate) fn told_to_quit(&self) -> String {
        self.write("SIGQUIT", "the program was told to leave a recording and to end (SIGQUIT)")
    }

    fn write(&self, place: &str, fault: &str) -> String {
        let code = code(place);
        // For the console's script, where the program cannot be started again.
        if let Err(error) = fs::write(self.file.with_extension("code"), &code) {
            tracing::error!(%error, "the code could not be written");
        }
        let state = match self.state.try_lock() {
            Ok(state) => Some(state),
            Err(TryLockError::Poisoned(state)) => Some(state.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let language = state.as_ref().map_or(Language::En, |state| state.1);
        if let Some(state) = state {
            let recording = Recording { code: code.clone(), fault: fault.to_owned(), ..state.0.clone() };
            let written =
                recording.bytes().map_err(io::Error::other).and_then(|bytes| fs::write(&self.file, bytes));
            if let Err(error) = written {
                tracing::error!(%error, "the recording could not be written");
            }
        }
        wizard::crashed_text(language, &code)
    }

    /// The fault that a program before this one left on this console, if one did.
    pub(crate) fn left(&self) -> Option<LeftFault> {
        let bytes = fs::read(&self.file).ok()?;
        let recording: Recording = serde_json::from_slice(&bytes).ok()?;
        let plain: String = recording.code.chars().filter(char::is_ascii_alphanumeric).collect();
        let (folder, stem, suffix) = (FOLDER.to_owned(), plain.to_ascii_lowercase(), ".json".to_owned());
        Some(LeftFault { code: recording.code, file: stick::ExtraFile { folder, stem, suffix, bytes } })
    }

    /// The recording is on a stick: nobody puts it there twice.
    pub(crate) fn forget_left(&self) {
        if let Err(error) = fs::remove_file(&self.file) {
            tracing::warn!(%error, "the recording stays in RAM");
        }
    }

    #[cfg(test)]
    pub(crate) fn recording(&self) -> Recording {
        self.state.lock().unwrap().0.clone()
    }

    /// A fault that says this of itself.
    #[cfg(test)]
    pub(crate) fn fail(&self, fault: &str) -> String {
        self.write("nowhere", fault)
    }
}

/// What an operator reads out on the telephone: where in the program the fault was. FNV-1a, folded to sixteen bits.
fn code(place: &str) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in place.bytes().chain(env!("CARGO_PKG_VERSION").bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("M-{:04X}", (hash >> 16) ^ (hash & 0xffff))
}

/// The last screen of a recording, blanks left out.
#[cfg(test)]
pub(crate) fn shown_again(recorder: &Recorder) -> String {
    let (model, _) = replay::last_screen(&recorder.recording()).unwrap();
    let picture = replay::picture(&model, wizard::MINIMUM_SIZE);
    picture.chars().filter(|c| !matches!(c, ' ' | '\n')).collect()
}

#[cfg(test)]
mod tests;
