//! Sticks that could take the results: what the screen shows of them, and opening one.

use inventory::{Marks, StickFacts, WriteState};
use model::{ByteLen, Identity};
use policy::{Table, TableError};
use record::{PreviousSession, PublicKey, SessionKey};
use std::collections::BTreeMap;
use std::io;
use stick::{Backend, History, LogFolder, MountPoint, StickError};
use wizard::{StickCandidate, StickInfo, StickNo, StickState};

/// An organisation's own rule table, in the top folder of the results stick.
const POLICY_FILE: &str = "massho-policy.toml";

/// The numbers by which this run calls sticks.
#[derive(Debug, Default)]
pub(crate) struct StickNumbers(BTreeMap<(String, String), StickNo>);

impl StickNumbers {
    fn of(&mut self, stick: &StickFacts) -> StickNo {
        let key = (stick.identity.fingerprint(), stick.filesystem.uuid.to_string());
        let next = StickNo(u16::try_from(self.0.len() + 1).unwrap_or(u16::MAX));
        *self.0.entry(key).or_insert(next)
    }

    /// The stick of that number among those that are there.
    pub(crate) fn find(&mut self, no: StickNo, sticks: &[StickFacts]) -> Option<StickFacts> {
        sticks.iter().find(|stick| self.of(stick) == no).cloned()
    }

    /// What the screen shows of it.
    pub(crate) fn candidate(&mut self, stick: &StickFacts) -> StickCandidate {
        StickCandidate {
            no: self.of(stick),
            model: stick.identity.model.clone(),
            serial: stick.identity.serial.clone(),
            capacity: stick.len,
            free: None,
            label: stick.filesystem.label.to_string(),
            state: state(stick),
        }
    }
}

fn state(stick: &StickFacts) -> StickState {
    let kind = stick.filesystem.kind.as_str();
    match &stick.marks {
        Ok(Marks::BootImage) => StickState::BootStick,
        // Only FAT can be searched for logs without mounting it, so nothing else may carry them.
        Ok(_) if kind != "vfat" => StickState::NotFat(kind.to_owned()),
        Err(error) => StickState::Unreadable(error.to_string()),
        Ok(_) if stick.write == WriteState::ReadOnly => StickState::ReadOnly,
        Ok(Marks::Logs { sessions }) => StickState::HasLogs { sessions: *sessions },
        Ok(Marks::None) => StickState::Usable,
    }
}

/// A results stick that is mounted, before a session begins on it.
pub(crate) struct OpenedStick {
    pub(crate) identity: Identity,
    pub(crate) volume_id: model::DeviceText,
    pub(crate) sequence: model::DeviceText,
    pub(crate) folder: Box<dyn Backend>,
    pub(crate) history: History,
    pub(crate) key: SessionKey,
    pub(crate) info: StickInfo,
    pub(crate) policy: Option<Result<Table, TableError>>,
}

/// Why a stick was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenStickError {
    /// It went away before it could be opened.
    #[error("the stick is gone")]
    Gone,
    /// It cannot be used.
    #[error(transparent)]
    Stick(#[from] StickError),
    /// The system has no random numbers for a key.
    #[error(transparent)]
    Key(#[from] record::KeyError),
}

impl OpenedStick {
    /// Mounts a stick, reads what it holds, and makes the key of a session.
    pub(crate) fn open(no: StickNo, facts: &StickFacts) -> Result<Self, OpenStickError> {
        let mut folder = mount(facts)?;
        let logs = folder.logs()?;
        let key = SessionKey::generate()?;
        let info = StickInfo {
            no,
            label: facts.filesystem.label.to_string(),
            sessions_so_far: u32::try_from(logs.len()).unwrap_or(u32::MAX),
            fingerprint: fingerprint(&key.public()),
            free: free_space(),
        };
        Ok(Self {
            identity: facts.identity.clone(),
            volume_id: facts.filesystem.uuid.clone(),
            sequence: facts.sequence.clone(),
            folder: Box::new(folder),
            history: History::of(&logs, &facts.identity.fingerprint()),
            key,
            info,
            policy: policy_file(),
        })
    }

    /// What `open` says of it.
    pub(crate) fn state(&self) -> record::StickState {
        let previous: Option<PreviousSession> = self.history.previous.clone();
        record::StickState {
            identity_fingerprint: self.identity.fingerprint(),
            serial: self.identity.serial.clone(),
            volume_id: self.volume_id.clone(),
            session_counter: self.history.next_counter,
            previous,
        }
    }
}

/// Mounts a stick and opens its log folder.
pub(crate) fn mount(facts: &StickFacts) -> Result<LogFolder, StickError> {
    stick::mount(&facts.node, &MountPoint::default())
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint().to_string()
}

fn free_space() -> ByteLen {
    let room = rustix::fs::statvfs(MountPoint::default().path());
    ByteLen(room.map_or(0, |room| room.f_bavail.saturating_mul(room.f_frsize)))
}

/// An organisation's table, if the stick has one. One that cannot be read is not passed over.
fn policy_file() -> Option<Result<Table, TableError>> {
    match std::fs::read_to_string(MountPoint::default().path().join(POLICY_FILE)) {
        Ok(text) => Some(Table::custom(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(TableError::Syntax { message: error.to_string(), line: 0 })),
    }
}
