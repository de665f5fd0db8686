//! What of the log is there after each cut, and what should be.

use crate::session::Session;
use lab::cuts::{Cut, Fate};
use lab::{LOG_FOLDER, LabError, Ledger, Report};
use std::collections::BTreeMap;
use std::path::Path;

/// Looks at every state of the stick.
///
/// An entry counts as acknowledged from the flush on after which both files of the log have it. The program says "saved"
/// later, when it has read both back; so this asks for more than was promised. That it does not ask for less is seen on
/// the screen: whenever that said "saved" and nothing was being written, every entry that the stick had been given had
/// been acknowledged so, and it counts as acknowledged from then on in any case.
#[derive(Debug)]
pub(crate) struct Kept<'a> {
    session: &'a Session,
    acknowledged: usize,
    /// Which of the screen's marks come next.
    marks: usize,
    states: usize,
    flushes: usize,
    lost: Vec<String>,
    /// What the two files held, as distinct as they came, and how many entries must be proven by them.
    distinct: BTreeMap<Files, usize>,
    samples: Vec<Sample>,
    /// After which event the newest one was taken.
    sampled: usize,
}

/// The bytes of the log and of its copy, where they could be read.
type Files = (Option<Vec<u8>>, Option<Vec<u8>>);

/// A state for a kernel to look at.
#[derive(Debug)]
pub(crate) struct Sample {
    /// Everything on the stick.
    pub(crate) image: Vec<u8>,
    /// How many entries must be there.
    pub(crate) entries: usize,
    /// For people.
    pub(crate) what: String,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Verdict<'a> {
    /// Points at which the power was cut.
    pub(crate) points: usize,
    /// States in which the stick could have been left.
    pub(crate) states: usize,
    /// Flushes in the recording.
    pub(crate) flushes: usize,
    /// States in which acknowledged entries are not there.
    pub(crate) lost: &'a [String],
}

/// How many states are kept for a kernel.
const SAMPLES: usize = 40;

impl<'a> Kept<'a> {
    pub(crate) fn new(session: &'a Session) -> Self {
        Self {
            session,
            acknowledged: 0,
            marks: 0,
            states: 0,
            flushes: 0,
            lost: Vec::new(),
            distinct: BTreeMap::new(),
            samples: Vec::new(),
            sampled: 0,
        }
    }

    /// Looks at a state; they come in the order of the recording.
    pub(crate) fn look(&mut self, cut: &Cut) {
        self.states += 1;
        let files = (cut.medium.file(&self.session.path), cut.medium.file(&self.session.copy));
        let held = [&files.0, &files.1].map(|file| self.session.entries_in(file.as_deref()));
        if cut.fate == Fate::Flushed {
            self.flushes += usize::from(cut.after > 0);
            self.acknowledged = self.acknowledged.max(held[0].min(held[1]));
        }
        self.hear_the_screen(cut.after);
        let there = held[0].max(held[1]);
        if there < self.acknowledged {
            let acknowledged = self.acknowledged;
            self.lost
                .push(format!("{there} of {acknowledged} entries after event {}, {:?}", cut.after, cut.fate));
        }
        let asked = self.distinct.entry(files).or_default();
        *asked = (*asked).max(self.acknowledged);
        self.sample(cut);
    }

    fn hear_the_screen(&mut self, after: usize) {
        while let Some(mark) = self.session.marks.get(self.marks).filter(|mark| mark.after <= after) {
            self.marks += 1;
            if mark.entries > self.acknowledged {
                let acknowledged = self.acknowledged;
                self.lost.push(format!(
                    "the screen said that {mark:?} are saved, and {acknowledged} were flushed"
                ));
                self.acknowledged = mark.entries;
            }
        }
    }

    /// Keeps a torn state now and then, and one in which much was lost, for every few entries.
    fn sample(&mut self, cut: &Cut) {
        let wanted = match cut.fate {
            Fate::Flushed => false,
            Fate::Lost(lost, of) => lost + 1 == of,
            Fate::Torn(..) => true,
        };
        let step = (self.session.events.len() / SAMPLES).max(1);
        let due = cut.after >= self.sampled + step;
        if wanted && due && self.acknowledged > 0 && self.samples.len() < SAMPLES {
            self.sampled = cut.after;
            let what = format!("after event {}, {:?}", cut.after, cut.fate);
            self.samples.push(Sample { image: cut.medium.image(), entries: self.acknowledged, what });
        }
    }

    /// What came of it.
    pub(crate) fn verdict(&self) -> Verdict<'_> {
        let points = self.session.events.len() + 1;
        Verdict { points, states: self.states, flushes: self.flushes, lost: &self.lost }
    }

    /// States for a kernel to look at.
    pub(crate) fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Lets the office's program judge what the files held, at most so many of the distinct states: it proves everything
    /// that was acknowledged, and calls nothing closed that is not.
    pub(crate) fn ask_the_ledger(
        &self,
        ledger: &Ledger,
        folder: &Path,
        most: usize,
        report: &mut Report,
    ) -> Result<(), LabError> {
        let step = self.distinct.len().div_ceil(most).max(1);
        let (mut asked, mut wrong) = (0, Vec::new());
        for (files, entries) in self.distinct.iter().step_by(step).filter(|(_, entries)| **entries > 0) {
            let root = folder.join("asked");
            self.lay_out(&root, files)?;
            let said = ledger.verify(&root)?;
            asked += 1;
            let whole = [&files.0, &files.1].iter().any(|file| file.as_ref() == Some(&self.session.log));
            let proves = format!("{}\n{}", said.out, said.err);
            let right = if whole {
                said.is_sound()
            } else {
                said.is_refusal() && proves.contains("未完結") && proven(&said.out) >= *entries
            };
            if !right {
                wrong.push(format!("{entries} entries, {:?}: {proves}", said.code));
            }
        }
        let found = wrong.first().map_or(Ok(()), |first| Err(format!("{} are not: {first}", wrong.len())));
        report.check(format!("{asked} of these states are judged so by the ledger"), found);
        Ok(())
    }

    fn lay_out(&self, root: &Path, files: &Files) -> Result<(), LabError> {
        let failed = |source| LabError::File { doing: "lay out", path: root.to_owned(), source };
        if root.exists() {
            std::fs::remove_dir_all(root).map_err(failed)?;
        }
        std::fs::create_dir_all(root.join(LOG_FOLDER).join("COPY")).map_err(failed)?;
        for (path, bytes) in [(&self.session.path, &files.0), (&self.session.copy, &files.1)] {
            if let Some(bytes) = bytes {
                std::fs::write(root.join(path), bytes).map_err(failed)?;
            }
        }
        Ok(())
    }
}

/// Up to which entry the ledger says that it is proven.
fn proven(out: &str) -> usize {
    let number = out.split("is proven up to entry ").nth(1).and_then(|rest| rest.split(' ').next());
    // Before any drive is listed it says nothing of that kind.
    number.and_then(|number| number.parse().ok()).unwrap_or(if out.contains("Session") { 1 } else { 0 })
}
