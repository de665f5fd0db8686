//! Sessions that must have been there: by the numbers that each stick counts, and by the session that each one names as
//! the one before it. All collected sessions are looked at together, however they came in.

use super::lives::{Life, Lives};
use crate::judge::MissingSession;
use crate::store::{SessionRow, Store, StoreError};
use record::{EntryHash, Standing};
use std::collections::{HashMap, HashSet};

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gaps {
    /// Sessions that a stick's count says were there.
    pub missing: Vec<MissingSession>,
    /// Sessions that name one before them which is not there as it was then: gone, cut, continued or replaced.
    pub broken: Vec<BrokenLink>,
    /// Sessions that name the same one before them: a stick has one session after another, so one of them is another's.
    pub twice: Vec<SameTurn>,
}

/// Two sessions of which one was not written in its turn: FORMAT.md, what somebody with a stick and its passphrase can
/// forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameTurn {
    /// One session.
    pub one: String,
    /// The other one.
    pub other: String,
    /// The stick's serial number.
    pub stick: String,
}

/// A session whose predecessor is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The file of the session that names it.
    pub session: String,
    /// The stick's serial number.
    pub stick: String,
    /// The file that it names.
    pub file: String,
}

impl Gaps {
    /// Looks for them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn find(store: &Store, sessions: &[SessionRow]) -> Result<Self, StoreError> {
        let heads = store.heads()?;
        let lives = Lives::of(sessions, &heads).all(sessions);
        let there: HashSet<EntryHash> = heads.iter().map(|head| head.head).collect();
        Ok(Self {
            missing: lives.iter().flat_map(missing).collect(),
            broken: lives.iter().flat_map(|life| broken(life, &there)).collect(),
            twice: twice(sessions),
        })
    }

    /// Whether nothing is missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.broken.is_empty() && self.twice.is_empty()
    }
}

/// Sessions whose predecessor is not there as it was. Where its number is missing, that says it already.
fn broken(life: &Life<'_>, there: &HashSet<EntryHash>) -> Vec<BrokenLink> {
    let of = |session: &&SessionRow| {
        let previous = session.previous.as_ref().filter(|previous| !there.contains(&previous.head))?;
        life.contains_key(&session.counter.saturating_sub(1)).then(|| BrokenLink {
            session: session.id.clone(),
            stick: session.stick_serial.clone(),
            file: previous.name.clone(),
        })
    };
    life.values().filter_map(of).collect()
}

/// Pairs of sessions after the same one. A session whose log does not verify says nothing.
fn twice(sessions: &[SessionRow]) -> Vec<SameTurn> {
    let mut after: HashMap<EntryHash, &SessionRow> = HashMap::new();
    let sound = sessions.iter().filter(|session| session.standing != Standing::Refused);
    let pair = |session: &SessionRow, other: &SessionRow| SameTurn {
        one: other.id.clone(),
        other: session.id.clone(),
        stick: session.stick_serial.clone(),
    };
    sound
        .filter_map(|session| {
            let head = session.previous.as_ref()?.head;
            after.insert(head, session).map(|other| pair(session, other))
        })
        .collect()
}

/// The numbers from 1 that are missing; not more than can be read.
fn missing(counted: &Life<'_>) -> Vec<MissingSession> {
    const MOST: usize = 100;
    let Some((last, session)) = counted.last_key_value() else { return Vec::new() };
    let gaps = (1..*last).filter(|counter| !counted.contains_key(counter)).take(MOST);
    gaps.map(|counter| MissingSession { stick: session.stick_serial.clone(), counter }).collect()
}
