//! How far the work by a job list has come on the screens.

use crate::JobOffer;
use crate::parts::ClassChoice;
use crate::people::People;
use crate::{Model, Purpose, Screen};
use model::DriveNo;
use std::collections::BTreeSet;

/// How long any key stops it, in seconds on a screen that shows it.
pub(crate) const SECONDS: u16 = 60;

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Unattended {
    /// There is no list, or it is not heeded any more.
    #[default]
    None,
    /// There is a list, and it is not known yet what it says.
    Awaited,
    /// The seconds run down.
    Counting(Box<Count>),
    /// They are over: the session's first entries are being saved.
    Saving(Box<Count>),
    /// The program was told to begin.
    Asked(Box<Count>),
    /// It has begun; from here on everything is as by hand.
    Begun,
}

/// What is counted down for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) offer: JobOffer,
    pub(crate) seconds: u16,
    /// What the operator had entered before: it stands there again when they stop it.
    pub(crate) kept: Kept,
}

/// Answers that the list took the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    people: People,
    purpose: Purpose,
    class: Option<ClassChoice>,
    selected: BTreeSet<DriveNo>,
    turned: BTreeSet<DriveNo>,
}

impl Unattended {
    /// What is counted down for, as long as it has not begun.
    pub(crate) fn count(&self) -> Option<&Count> {
        match self {
            Self::Counting(count) | Self::Saving(count) | Self::Asked(count) => Some(count),
            Self::None | Self::Awaited | Self::Begun => None,
        }
    }
}

impl Kept {
    pub(crate) fn of(model: &Model) -> Self {
        Self {
            people: model.people.clone(),
            purpose: model.purpose,
            class: model.class,
            selected: model.drives.selected.clone(),
            turned: model.drives.turned.clone(),
        }
    }

    /// Puts everything back. A drive that came meanwhile stays as it was taken.
    pub(crate) fn give_back(self, model: &mut Model, ordered: &[DriveNo]) {
        let came = model.drives.selected.iter().filter(|no| !ordered.contains(no)).copied();
        let selected = self.selected.into_iter().chain(came).collect();
        (model.people, model.purpose, model.class) = (self.people, self.purpose, self.class);
        (model.drives.selected, model.drives.turned) = (selected, self.turned);
        model.drop_plan();
    }
}

impl Model {
    /// Whether seconds run down, or what follows them: any key stops it.
    pub(crate) fn is_unattended(&self) -> bool {
        self.screen == Screen::Unattended
    }
}
