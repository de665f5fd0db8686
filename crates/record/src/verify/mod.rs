//! Reading: judges the bytes of a log, and says what they prove.

mod drive;
mod fault;
mod hand;
mod proof;
mod story;

pub use fault::{Contradiction, Fault, Reason};
pub use proof::Flaw;

use crate::line::{self, Frame, FrameError};
use crate::{
    At, ByHand, Choices, CloseReason, EntryHash, Exception, Fingerprint, Format, Head12, Hex, Intent, Notice,
    Open, Period, PlannedAction, PublicKey, Witness, hash_line,
};
use model::{ByHandNo, DeviceText, Drive, DriveResult, MediumKind, Outcome, Verdict};
use serde_json::Value;
use story::Story;

/// What somebody knows of a log from elsewhere than the stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anchors {
    /// The fingerprint of the key, as the appliance's screen showed it.
    pub key: Option<Fingerprint>,
    /// The twelve characters of the head, as the witness copied them.
    pub head: Option<Head12>,
}

/// What a log proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The first thing that is wrong, if anything is.
    pub fault: Option<Fault>,
    /// How many entries are proven.
    pub entries: u32,
    /// The hash of the last entry that is proven; zeros when none is.
    pub head: EntryHash,
    /// When the last proven entry was written.
    pub last: Option<At>,
    /// The first entry.
    pub open: Option<Open>,
    /// What the operator chose last.
    pub choices: Option<Choices>,
    /// Every drive, as far as the proven entries go.
    pub drives: Vec<DriveReport>,
    /// Every controller behind which drives may have been that the program could not reach, as text for people.
    pub unreachable: Vec<DeviceText>,
    /// What people did without the program, in the order of its numbers.
    pub by_hand: Vec<HandReport>,
    /// Who witnessed.
    pub witnesses: Vec<Witness>,
    /// What else happened.
    pub notices: Vec<Notice>,
    /// Why the session ended; `None` without a close entry.
    pub closed: Option<CloseReason>,
}

/// What a log proves of one drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveReport {
    /// The drive.
    pub drive: Drive,
    /// The last intent whose work has no proven end, with the password that it or one before it announced.
    pub unfinished: Option<Intent>,
    /// What was planned.
    pub planned: Option<PlannedAction>,
    /// The exception that the plan rests on, where it asks for a lesser method under one.
    pub exception: Option<Exception>,
    /// When work on it began and ended.
    pub period: Option<Period>,
    /// What the program came to, class and witness considered. What was done by hand afterwards is not in it.
    pub result: Option<DriveResult>,
    /// What was done to it by hand last; outcome and verdict follow that.
    pub by_hand: Option<ByHandNo>,
    /// Who has confirmed that result, as declared.
    pub witnesses: Vec<String>,
    /// Its outcome: 未完了 when work on it began and no result follows; `None` when nothing was begun.
    pub outcome: Option<Outcome>,
    /// What may happen to the medium. Without a result a drive must not leave.
    pub verdict: Option<Verdict>,
}

/// What a log says of something done by hand: it is *attested*, never proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandReport {
    /// The entry.
    pub entry: ByHand,
    /// What kind of medium it was: the inventory's word for one of its drives, else the person's.
    pub kind: MediumKind,
    /// What it comes to, class and witness considered.
    pub result: DriveResult,
    /// Who has confirmed it, as declared.
    pub witnesses: Vec<String>,
}

/// How far a log can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything is proven, and the session was closed.
    Verified,
    /// 未完結: what stands there is proven, the end is missing.
    Unclosed,
    /// Something is wrong with it; nobody should act on what it says of any drive.
    Refused,
}

impl Report {
    /// How far the log can be relied on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match &self.fault {
            None => Standing::Verified,
            Some(fault) if fault.reason.is_open_end() => Standing::Unclosed,
            Some(_) => Standing::Refused,
        }
    }

    /// The fingerprint of the key that the log names, and that has signed every proven entry.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.open.as_ref().map(|open| open.public_key.fingerprint())
    }
}

/// Judges a log by itself alone.
#[must_use]
pub fn verify(log: &[u8]) -> Report {
    verify_with(log, &Anchors::default())
}

/// Judges a log by itself and by what is known of it from elsewhere. The order of the checks is FORMAT.md's.
#[must_use]
pub fn verify_with(log: &[u8], anchors: &Anchors) -> Report {
    let mut reader = Reader::new(log, anchors);
    let fault = reader.read();
    let Reader { story, entries, head, last, .. } = reader;
    Report {
        fault,
        entries,
        head,
        last,
        drives: story.drives(),
        by_hand: story.by_hand(),
        unreachable: story.unreachable.into_iter().collect(),
        open: story.open,
        choices: story.choices,
        witnesses: story.witnesses,
        notices: story.notices,
        closed: story.close.map(|close| close.reason),
    }
}

struct Reader<'a> {
    lines: Vec<&'a [u8]>,
    tail: &'a [u8],
    anchors: &'a Anchors,
    key: Option<PublicKey>,
    format: Format,
    entries: u32,
    head: EntryHash,
    last: Option<At>,
    story: Story,
}

impl<'a> Reader<'a> {
    fn new(log: &'a [u8], anchors: &'a Anchors) -> Self {
        let mut lines: Vec<&[u8]> = log.split(|byte| *byte == b'\n').collect();
        let tail = lines.pop().unwrap_or_default();
        Self {
            lines,
            tail,
            anchors,
            key: None,
            format: Format::V3,
            entries: 0,
            head: Hex::ZERO,
            last: None,
            story: Story::default(),
        }
    }

    fn read(&mut self) -> Option<Fault> {
        for index in 0..self.lines.len() {
            if let Err(reason) = self.line(index) {
                return Some(Fault { line: index + 1, reason });
            }
        }
        let reason = self.end()?;
        Some(Fault { line: self.lines.len() + 1, reason })
    }

    fn end(&self) -> Option<Reason> {
        let found = Head12::of(&self.head);
        match (self.story.close.is_some(), self.tail.is_empty(), self.anchors.head) {
            (true, false, _) => Some(Reason::AfterClose),
            (false, false, _) => Some(Reason::TornTail),
            (false, true, _) if self.lines.is_empty() => Some(Reason::Empty),
            (false, true, _) => Some(Reason::NotClosed),
            (true, true, Some(expected)) if expected != found => {
                Some(Reason::HeadDiffers { expected, found })
            }
            (true, true, _) => None,
        }
    }

    fn line(&mut self, index: usize) -> Result<(), Reason> {
        if self.story.close.is_some() {
            return Err(Reason::AfterClose);
        }
        let raw = self.lines.get(index).copied().unwrap_or_default();
        let text = str::from_utf8(raw).map_err(|_| Reason::NotUtf8)?;
        let sealed = line::split(text).ok_or(Reason::NoSignature)?;
        let frame = line::frame(text).map_err(|error| match error {
            FrameError::Json(error) => Reason::NotJson(error.to_string()),
            FrameError::Members => Reason::NoFrame,
        })?;
        let key = self.key(&frame)?;
        if !key.signed_entry(sealed.signed.as_bytes(), &sealed.signature) {
            return Err(self.why_not_signed(index, &frame));
        }
        self.number(index, frame.seq)?;
        if frame.prev != self.head {
            return Err(Reason::ChainBroken);
        }
        let entry = frame.entry(self.format).map_err(Reason::NotUnderstood)?;
        self.story.take(entry, frame.seq).map_err(Reason::Contradictory)?;
        self.entries = self.entries.saturating_add(1);
        self.head = hash_line(raw);
        self.last = Some(frame.at);
        Ok(())
    }

    /// The key that must have signed: the first entry names it.
    fn key(&mut self, frame: &Frame) -> Result<PublicKey, Reason> {
        if let Some(key) = self.key {
            return Ok(key);
        }
        if frame.code != "open" {
            self.number(0, frame.seq)?;
            return Err(Reason::FirstNotOpen);
        }
        let text = |name| frame.body.get(name).and_then(Value::as_str);
        let format = text("format").unwrap_or_default();
        self.format = Format::named(format).ok_or_else(|| Reason::UnknownFormat(format.to_owned()))?;
        let key =
            text("public_key").and_then(|key| Hex::parse(key).ok()).map(|key| PublicKey::from_bytes(key.0));
        let key = key.ok_or(Reason::NotUnderstood("public_key is no key".into()))?;
        match self.anchors.key {
            Some(expected) if expected != key.fingerprint() => {
                Err(Reason::WrongKey { expected, found: key.fingerprint() })
            }
            _ => {
                self.key = Some(key);
                Ok(key)
            }
        }
    }

    /// An altered line and one that another key signed both fail; the chain tells them apart where it can.
    fn why_not_signed(&self, index: usize, frame: &Frame) -> Reason {
        let here = self.lines.get(index).map(|raw| hash_line(raw));
        let next = self.lines.get(index + 1).and_then(|raw| str::from_utf8(raw).ok());
        let next = next.and_then(|text| line::frame(text).ok()).map(|frame| frame.prev);
        if here.is_some() && here == next && frame.prev == self.head && frame.seq == self.entries {
            Reason::SignedByAnother
        } else {
            Reason::Altered
        }
    }

    fn number(&self, index: usize, found: u32) -> Result<(), Reason> {
        let expected = self.entries;
        if found == expected {
            return Ok(());
        }
        if found < expected {
            return Err(Reason::Repeated(found));
        }
        let mut later = self.lines.iter().skip(index + 1).filter_map(|raw| str::from_utf8(raw).ok());
        if later.any(|text| line::frame(text).is_ok_and(|frame| frame.seq == expected)) {
            Err(Reason::Reordered { expected, found })
        } else {
            Err(Reason::Missing { from: expected, to: found - 1 })
        }
    }
}
