//! Finding media: by session, and by what a list calls their serial number.

use crate::office::books::MediumFile;
use crate::store::SessionRow;
use lists::{Likeness, SerialIndex};
use std::collections::{BTreeSet, HashMap};

/// What a serial number of the list led to.
pub(super) enum Found {
    /// No medium.
    None,
    /// One, and how alike.
    One(usize, Likeness),
    /// Several that cannot be told apart by what the list has left of the number.
    Several(Vec<String>),
}

pub(super) struct Finder {
    by_session: HashMap<String, Vec<usize>>,
    by_serial: SerialIndex,
    serials: Vec<String>,
}

impl Finder {
    pub(super) fn new(sessions: &[SessionRow], media: &[MediumFile<'_>]) -> Self {
        let mut by_session: HashMap<String, Vec<usize>> = HashMap::with_capacity(sessions.len());
        for (place, medium) in media.iter().enumerate() {
            for session in &medium.sessions {
                by_session.entry(session.id.clone()).or_default().push(place);
            }
        }
        let serials: Vec<String> = media.iter().map(|medium| medium.record.serial.clone()).collect();
        Self { by_session, by_serial: SerialIndex::new(serials.clone()), serials }
    }

    /// The media that a session saw.
    pub(super) fn of_session(&self, session: &str) -> &[usize] {
        self.by_session.get(session).map(Vec::as_slice).unwrap_or_default()
    }

    /// The medium that a cell of the list names; of several the PC's own.
    pub(super) fn find(&mut self, cell: &str, own: &BTreeSet<usize>) -> Found {
        let found = self.by_serial.find(cell);
        let mut mine = found.iter().filter(|(place, _)| own.contains(place));
        match (found.as_slice(), mine.next(), mine.next()) {
            ([], ..) => Found::None,
            ([(place, likeness)], ..) | (_, Some((place, likeness)), None) => Found::One(*place, *likeness),
            (several, ..) => {
                let serials = several.iter().filter_map(|(place, _)| self.serials.get(*place)).cloned();
                Found::Several(serials.collect())
            }
        }
    }
}
