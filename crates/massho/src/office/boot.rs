//! The boot stick: read as soon as it is seen, then kept in memory, so that it may be pulled.

use super::BootDocuments;
use crate::pc;
use inventory::{BootFiles, Found, boot_files};
use record::{ORGANISATION_FILE, REVOCATIONS_FILE};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const NAMES: [&str; 2] = [ORGANISATION_FILE, REVOCATIONS_FILE];

/// The boot stick of this very image, shared between whoever looks for drives and whoever asks for its documents.
#[derive(Debug, Clone, Default)]
pub(crate) struct BootStick {
    image: Option<String>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    /// The kernel's numbers of the media that were read.
    read: BTreeSet<String>,
    /// What was read first.
    first: Option<BootFiles>,
    documents: BootDocuments,
}

/// Whether the documents are others now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    None,
    Some,
}

/// Whether the boot stick is still needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Need {
    /// It may be: it was not read yet, or never will be.
    #[default]
    Open,
    /// Everything is in memory.
    Over,
}

impl BootStick {
    /// The one that this PC was started from; outside an image there is none.
    pub(crate) fn of_this_image() -> Self {
        Self { image: pc::image_name(), ..Self::default() }
    }

    /// Reads it, if it is there. A medium that was read is not opened again as long as it stays.
    pub(crate) fn look(&self, found: &[Found]) -> News {
        let Some(image) = self.image.as_deref() else { return News::None };
        let mut media = Vec::new();
        for medium in found {
            let sequence = medium.facts.sequence.to_string();
            if self.seen().read.contains(&sequence) {
                continue;
            }
            let files = boot_files(std::slice::from_ref(medium), image, &NAMES);
            if !files.is_empty() {
                self.seen().read.insert(sequence);
            }
            media.extend(files);
        }
        self.take(media)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the media of this image hold. What was read once stays, though it is pulled; one that says something
    /// else, whenever it comes, makes all of them count for nothing.
    fn take(&self, media: Vec<BootFiles>) -> News {
        let mut seen = self.seen();
        let before = seen.documents.clone();
        for files in media {
            match &seen.first {
                None => {
                    seen.documents = documents(files.clone());
                    seen.first = Some(files);
                }
                Some(first) if *first == files => {}
                Some(_) => seen.documents = contradicting(),
            }
        }
        if seen.documents == before { News::None } else { News::Some }
    }

    /// Whether it was read, so that nothing more is wanted of it.
    pub(crate) fn need(&self) -> Need {
        if self.seen().first.is_some() { Need::Over } else { Need::Open }
    }

    /// What the office put on it.
    pub(crate) fn documents(&self) -> BootDocuments {
        self.seen().documents.clone()
    }
}

fn documents(mut files: BootFiles) -> BootDocuments {
    let mut take = |name| files.remove(name);
    BootDocuments { organisation: take(ORGANISATION_FILE), revocations: take(REVOCATIONS_FILE), fault: None }
}

/// Nobody can tell which of them the PC was started from.
fn contradicting() -> BootDocuments {
    let fault = "two boot sticks of this image say different things, so neither counts".to_owned();
    BootDocuments { fault: Some(fault), ..BootDocuments::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(key: &[u8]) -> BootFiles {
        BootFiles::from([(ORGANISATION_FILE, key.to_vec())])
    }

    #[test]
    fn what_was_read_stays_though_the_stick_is_pulled() {
        let stick = BootStick::default();
        assert_eq!((stick.take(vec![]), stick.documents()), (News::None, BootDocuments::default()));
        assert_eq!(stick.need(), Need::Open, "it was not seen yet");
        assert_eq!(stick.take(vec![with(b"a")]), News::Some);
        assert_eq!((stick.take(vec![]), stick.take(vec![with(b"a")])), (News::None, News::None));
        assert_eq!(stick.need(), Need::Over);
        assert_eq!(stick.documents().organisation.as_deref(), Some(b"a".as_slice()));
    }

    #[test]
    fn one_without_documents_was_read_too() {
        let stick = BootStick::default();
        assert_eq!((stick.take(vec![BootFiles::new()]), stick.need()), (News::None, Need::Over));
    }

    #[test]
    fn two_that_say_the_same_are_one_and_two_that_do_not_are_none() {
        let stick = BootStick::default();
        stick.take(vec![with(b"a"), with(b"a")]);
        assert_eq!(stick.documents().organisation.as_deref(), Some(b"a".as_slice()));
        assert_eq!(stick.take(vec![with(b"a"), BootFiles::new()]), News::Some);
        let documents = stick.documents();
        assert!(documents.organisation.is_none() && documents.fault.is_some());
    }

    #[test]
    fn another_one_that_comes_after_the_first_was_pulled_does_not_take_its_place() {
        let stick = BootStick::default();
        stick.take(vec![with(b"a")]);
        stick.take(vec![]);
        stick.take(vec![with(b"b")]);
        // Nor does pulling it make good what can no longer be known.
        stick.take(vec![with(b"a")]);
        let documents = stick.documents();
        assert!(documents.organisation.is_none() && documents.fault.is_some());
    }
}
