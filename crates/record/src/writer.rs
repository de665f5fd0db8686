//! Writing: entries become lines, each chained to the one before and signed.

use crate::{At, Close, Entry, EntryHash, Format, Head12, Hex, PublicKey, SessionKey, hash_line, line};

/// One finished line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(Vec<u8>);

impl Line {
    /// The exact bytes, newline included.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Why an entry did not become a line. The log stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A log begins with `open`.
    #[error("a log begins with an open entry")]
    NotOpen,
    /// There is one `open` only.
    #[error("a log has one open entry only")]
    OpenTwice,
    /// The `open` entry names an older format.
    #[error("only the present format is written")]
    OldFormat,
    /// The `open` entry names another key than the one that signs.
    #[error("the open entry names another key than the writer's")]
    OtherKey,
    /// Nothing comes after `close`.
    #[error("nothing comes after the close entry")]
    Closed,
    /// `close` gives another number of entries than there are.
    #[error("the close entry counts {given} entries where there are {there}")]
    Count {
        /// What it gives.
        given: u32,
        /// How many there are with it.
        there: u32,
    },
    /// The numbers of entries are used up.
    #[error("a log has room for 2^32 entries only")]
    Full,
    /// The entry cannot be written as JSON.
    #[error("the entry cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// What was written does not read back as what was to be written; a fault of this program.
    #[error("the entry does not read back: {0}")]
    NotReadable(String),
}

/// Makes the lines of one session.
#[derive(Debug)]
pub struct LogWriter {
    key: SessionKey,
    next: u32,
    head: EntryHash,
    closed: Closed,
}

#[derive(Debug, PartialEq, Eq)]
enum Closed {
    Yes,
    No,
}

impl LogWriter {
    /// Begins a log that this key signs.
    #[must_use]
    pub fn new(key: SessionKey) -> Self {
        Self { key, next: 0, head: Hex::ZERO, closed: Closed::No }
    }

    /// Makes the next line.
    ///
    /// # Errors
    /// [`AppendError`]; the writer is unchanged then.
    pub fn append(&mut self, entry: impl Into<Entry>, at: At) -> Result<Line, AppendError> {
        let entry = entry.into();
        self.check(&entry)?;
        let after = self.next.checked_add(1).ok_or(AppendError::Full)?;
        let text = line::encode(&self.key, self.next, &self.head, &at, &entry).map_err(AppendError::Json)?;
        reads_back(&text, &entry)?;
        self.next = after;
        self.head = hash_line(text.as_bytes());
        if matches!(entry, Entry::Close(_)) {
            self.closed = Closed::Yes;
        }
        let mut bytes = text.into_bytes();
        bytes.push(b'\n');
        Ok(Line(bytes))
    }

    fn check(&self, entry: &Entry) -> Result<(), AppendError> {
        if self.closed == Closed::Yes {
            return Err(AppendError::Closed);
        }
        match entry {
            Entry::Open(_) if self.next > 0 => Err(AppendError::OpenTwice),
            Entry::Open(open) if open.format != Format::V3 => Err(AppendError::OldFormat),
            Entry::Open(open) if open.public_key != self.key.public() => Err(AppendError::OtherKey),
            Entry::Open(_) => Ok(()),
            _ if self.next == 0 => Err(AppendError::NotOpen),
            Entry::Close(Close { entries, .. }) if *entries != self.entries_with_next() => {
                Err(AppendError::Count { given: *entries, there: self.entries_with_next() })
            }
            _ => Ok(()),
        }
    }

    /// How many entries the log has once the next one is written: what `close` gives.
    #[must_use]
    pub fn entries_with_next(&self) -> u32 {
        self.next.saturating_add(1)
    }

    /// The SHA-256 of the last line; all zeros before the first.
    #[must_use]
    pub fn head(&self) -> EntryHash {
        self.head
    }

    /// The twelve characters of the head that the witness copies.
    #[must_use]
    pub fn head12(&self) -> Head12 {
        Head12::of(&self.head)
    }

    /// The key by which this log is verified.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }
}

fn reads_back(text: &str, entry: &Entry) -> Result<(), AppendError> {
    let frame = line::frame(text).map_err(|error| AppendError::NotReadable(format!("{error:?}")))?;
    let again = frame.entry(Format::V3).map_err(AppendError::NotReadable)?;
    if again == *entry { Ok(()) } else { Err(AppendError::NotReadable(format!("{again:?}"))) }
}
