//! The session's journal: whole in memory, and on a stick as far as that can be proven.

use crate::{Backend, ExtraFile, LOG_SUFFIX, StickError};
use record::{Line, Report, SessionId, Standing, Twin, WallTime, verify};

/// How many names are tried for one session's file.
const NAMES: u32 = 9;

/// The session's lines, all of them, in memory; and the stick on which they are being saved.
pub struct Journal {
    /// What its file is called, where that name is free; without the suffix.
    name: String,
    /// What its file on the present stick is called.
    file: String,
    /// Every line so far.
    session: Vec<u8>,
    lines: usize,
    /// How many bytes of it each of the two files has.
    there: There,
    saved_lines: usize,
    stick: Option<Box<dyn Backend>>,
}

/// How many bytes of the session each of the log's two files is known to have.
#[derive(Debug, Clone, Copy, Default)]
struct There {
    log: usize,
    copy: usize,
}

impl There {
    fn of(&mut self, twin: Twin) -> &mut usize {
        match twin {
            Twin::Log => &mut self.log,
            Twin::Copy => &mut self.copy,
        }
    }
}

/// Proof that every line up to this one was read back from the medium, equal byte by byte, in both files. Only a [`Journal`]
/// makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    lines: usize,
    file: String,
}

impl Saved {
    /// How many lines are on the stick.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// The name of the file that holds them.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// Proof that the whole session was read back from the medium and verified: signatures, chain, close entry. Only
/// [`Journal::close`] makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    saved: Saved,
    report: Report,
}

impl Closed {
    /// What is on the stick.
    #[must_use]
    pub fn saved(&self) -> &Saved {
        &self.saved
    }

    /// What it proves, by the bytes that came back from the stick.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl Journal {
    /// A journal without a stick yet. Its file will be called by the PC's date, which may be wrong, and the
    /// session's name, which is its own.
    #[must_use]
    pub fn new(session: &SessionId, opened: &WallTime) -> Self {
        let id: String = session.to_string().chars().take(8).collect();
        Self {
            name: format!("{}-{id}", opened.compact()),
            file: String::new(),
            session: Vec::new(),
            lines: 0,
            there: There::default(),
            saved_lines: 0,
            stick: None,
        }
    }

    /// Takes the next line, and saves it and all that are not saved yet. The line is kept in any case.
    ///
    /// # Errors
    /// Any [`StickError`]: the lines stay unsaved, the next call or [`Journal::resume_on`] tries again.
    pub fn append(&mut self, line: &Line) -> Result<Saved, StickError> {
        self.take(line);
        self.save()
    }

    /// Takes the next line without saving it: several lines then cost one [`Journal::save`].
    pub fn take(&mut self, line: &Line) {
        self.session.extend_from_slice(line.bytes());
        self.lines += 1;
    }

    /// Saves what is not saved yet, on the stick that is there.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn save(&mut self) -> Result<Saved, StickError> {
        let stick = self.stick.as_mut().ok_or(StickError::NoStick)?;
        for twin in Twin::BOTH {
            // The second one is not touched before the first one is on the medium.
            save_in(stick.as_mut(), twin, &self.session, self.there.of(twin))?;
        }
        self.saved_lines = self.lines;
        Ok(Saved { lines: self.lines, file: self.file.clone() })
    }

    /// Saves what is not saved yet, then verifies the whole session as the stick gives it back. Can be called again
    /// after an error.
    ///
    /// # Errors
    /// As [`Journal::append`]; [`StickError::NotVerified`] when the session is not a closed, sound log.
    pub fn close(&mut self) -> Result<Closed, StickError> {
        let saved = self.save()?;
        let stick = self.stick.as_mut().ok_or(StickError::NoStick)?;
        let report = verify(&stick.read_back(Twin::Log)?);
        match (report.standing(), report.fault.clone()) {
            (Standing::Verified, _) => Ok(Closed { saved, report }),
            (_, Some(fault)) => Err(StickError::NotVerified(fault)),
            (_, None) => Err(StickError::ReadBackDiffers),
        }
    }

    /// Goes on on this stick: the first one, the same one put back, or another. The whole session is on it
    /// afterwards, and read back. Files of this session that are there are continued if they are its beginning, and
    /// otherwise left as they are.
    ///
    /// # Errors
    /// Any [`StickError`]. The stick is kept when its file could be opened, and [`Journal::save`] tries again on it;
    /// [`Journal::has_stick`] tells.
    pub fn resume_on(&mut self, stick: Box<dyn Backend>) -> Result<Saved, StickError> {
        self.there = There::default();
        self.saved_lines = 0;
        self.stick = None;
        let opened = open_file(stick, &self.name, &self.session)?;
        self.stick = Some(opened.stick);
        self.file = opened.file;
        self.there = opened.there;
        self.save()
    }

    /// What the session's lines prove as they stand in memory.
    #[must_use]
    pub fn review(&self) -> Report {
        verify(&self.session)
    }

    /// How many lines are not on the stick, as far as anybody can tell.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        self.lines - self.saved_lines
    }

    /// How many lines there are.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// Whether a stick is there, working or not.
    #[must_use]
    pub fn has_stick(&self) -> bool {
        self.stick.is_some()
    }

    /// Puts another file on the stick that is there. What becomes of it changes nothing about the session's own.
    ///
    /// # Errors
    /// As [`Backend::put`]; [`StickError::NoStick`].
    pub fn put(&mut self, file: &ExtraFile) -> Result<String, StickError> {
        self.stick.as_mut().ok_or(StickError::NoStick)?.put(file)
    }

    /// Lets go of the stick, so that it can be pulled or another one taken.
    ///
    /// # Errors
    /// Any [`StickError`] of unmounting; the stick is let go of in any case.
    pub fn release(&mut self) -> Result<(), StickError> {
        self.stick.take().map_or(Ok(()), |mut stick| stick.release())
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal({}, {} of {} lines saved)", self.name, self.saved_lines, self.lines)
    }
}

/// Writes what a file does not have yet, and compares all of it.
fn save_in(stick: &mut dyn Backend, twin: Twin, session: &[u8], there: &mut usize) -> Result<(), StickError> {
    let unsaved = session.get(*there..).unwrap_or_default();
    if !unsaved.is_empty() {
        stick.write(twin, *there as u64, unsaved)?;
    }
    if stick.read_back(twin)? != session {
        return Err(StickError::ReadBackDiffers);
    }
    *there = session.len();
    Ok(())
}

struct Opened {
    stick: Box<dyn Backend>,
    file: String,
    there: There,
}

/// Opens the session's files: those that are the beginning of the session, else new ones.
fn open_file(mut stick: Box<dyn Backend>, name: &str, session: &[u8]) -> Result<Opened, StickError> {
    for number in 1..=NAMES {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let file = format!("{name}{number}{LOG_SUFFIX}");
        let mut there = There::default();
        let (log, copy) = (look(&mut *stick, Twin::Log, &file)?, look(&mut *stick, Twin::Copy, &file)?);
        let files = [(Twin::Log, log), (Twin::Copy, copy)];
        if files.iter().flat_map(|(_, bytes)| bytes).any(|bytes| !session.starts_with(bytes)) {
            continue;
        }
        for (twin, bytes) in files {
            match bytes {
                Some(bytes) => *there.of(twin) = bytes.len(),
                None => stick.create(twin, &file)?,
            }
        }
        return Ok(Opened { stick, file, there });
    }
    Err(StickError::NamesTaken)
}

/// What a file holds, if it is there; it is then the one that is written.
fn look(stick: &mut dyn Backend, twin: Twin, file: &str) -> Result<Option<Vec<u8>>, StickError> {
    stick.reopen(twin, file)?.map(|()| stick.read_back(twin)).transpose()
}
