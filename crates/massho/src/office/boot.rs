//! The boot stick: read as soon as it is seen, then kept in memory, so that it may be pulled.

use super::BootDocuments;
use crate::pc;
use inventory::{BootFiles, Found, boot_files};
use record::{ORGANISATION_FILE, REVOCATIONS_FILE};
use std::sync::{Arc, Mutex, PoisonError};
use wizard::ScanState;

const NAMES: [&str; 2] = [ORGANISATION_FILE, REVOCATIONS_FILE];

/// The boot stick of this very image, shared between whoever looks for drives and whoever asks for its documents.
#[derive(Debug, Clone, Default)]
pub(crate) struct BootStick {
    image: Option<String>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    documents: BootDocuments,
    /// Whether another one that comes now is not heeded any more.
    settled: bool,
}

/// Whether the documents are others now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    None,
    Some,
}

impl BootStick {
    /// The one that this PC was started from; outside an image there is none.
    pub(crate) fn of_this_image() -> Self {
        Self { image: pc::image_name(), ..Self::default() }
    }

    /// Reads it, if it is there and was not read before.
    pub(crate) fn look(&self, found: &[Found], scan: ScanState) -> News {
        let Some(image) = self.image.as_deref().filter(|_| !self.is_settled()) else { return News::None };
        self.take(boot_files(found, image, &NAMES), scan)
    }

    /// Takes what the media of this image hold. Until drives have stopped coming another one may still turn up.
    fn take(&self, media: Vec<BootFiles>, scan: ScanState) -> News {
        let mut media = media.into_iter();
        let Some(first) = media.next() else { return News::None };
        let alike = media.all(|other| other == first);
        let documents = if alike { documents(first) } else { contradicting() };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.settled = scan == ScanState::Done;
        if seen.documents == documents {
            return News::None;
        }
        seen.documents = documents;
        News::Some
    }

    /// What the office put on it.
    pub(crate) fn documents(&self) -> BootDocuments {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).documents.clone()
    }

    fn is_settled(&self) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).settled
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
    fn what_was_read_stays_though_the_stick_is_pulled_and_another_one_comes() {
        let stick = BootStick { image: Some("1".into()), ..BootStick::default() };
        assert_eq!(stick.documents(), BootDocuments::default());
        assert_eq!(stick.take(vec![], ScanState::Done), News::None);
        assert!(!stick.is_settled());
        assert_eq!(stick.take(vec![with(b"a")], ScanState::Settling), News::Some);
        // Nothing else is there any more: it was pulled.
        stick.take(vec![], ScanState::Settling);
        assert_eq!(stick.documents().organisation.as_deref(), Some(b"a".as_slice()));
        assert_eq!(stick.take(vec![with(b"a")], ScanState::Done), News::None);
        assert!(stick.is_settled());
        stick.look(&[], ScanState::Done);
        assert_eq!(stick.documents().organisation.as_deref(), Some(b"a".as_slice()));
    }

    #[test]
    fn two_that_say_the_same_are_one_and_two_that_do_not_are_none() {
        let stick = BootStick::default();
        stick.take(vec![with(b"a"), with(b"a")], ScanState::Settling);
        assert_eq!(stick.documents().organisation.as_deref(), Some(b"a".as_slice()));
        stick.take(vec![with(b"a"), BootFiles::new()], ScanState::Done);
        let documents = stick.documents();
        assert!(documents.organisation.is_none() && documents.fault.is_some());
    }
}
