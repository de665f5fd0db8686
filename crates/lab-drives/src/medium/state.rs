//! Map and keys next to the backing file.

use super::cipher::Keys;
use super::map::Map;
use super::{Layout, MediumError};
use crate::store;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Bytes of a map entry.
const ENTRY: u64 = 4;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// The page to be written next.
    next: u64,
    layout: Layout,
    keys: Keys,
}

/// Where they are kept.
#[derive(Debug)]
pub(super) struct Places {
    state: PathBuf,
    map: PathBuf,
}

impl Places {
    pub(super) fn beside(backing: &Path) -> Self {
        Self { state: store::beside(backing, "state"), map: store::beside(backing, "map") }
    }

    /// Empties the map's file.
    pub(super) fn create(&self) -> Result<(), MediumError> {
        File::create(&self.map).map(drop).map_err(|error| MediumError::Create(error, self.map.clone()))
    }

    pub(super) fn keep_entries(&self, lba: u64, entries: &[u8]) -> Result<(), MediumError> {
        let keep = |error| MediumError::Keep(error, self.map.clone());
        let file = File::options().write(true).open(&self.map).map_err(keep)?;
        file.write_all_at(entries, lba * ENTRY).map_err(keep)
    }

    pub(super) fn keep_state(&self, layout: &Layout, keys: &Keys, next: u64) -> Result<(), MediumError> {
        let state = State { next, layout: layout.clone(), keys: keys.clone() };
        store::keep(&self.state, &state).map_err(|error| MediumError::Keep(error, self.state.clone()))
    }

    pub(super) fn load(&self) -> Result<(Layout, Keys, Map), MediumError> {
        let open = |error| MediumError::Open(error, self.map.clone());
        let state: State = store::load(&self.state).map_err(|error| self.cannot_load(error))?;
        let bytes = std::fs::read(&self.map).map_err(open)?;
        let (entries, _) = bytes.as_chunks::<4>();
        let entries = entries.iter().map(|entry| u32::from_le_bytes(*entry)).collect();
        state.layout.check()?;
        let map = Map::kept(&state.layout, entries, state.next)
            .ok_or_else(|| MediumError::State("not a map of this medium".into(), self.map.clone()))?;
        Ok((state.layout, state.keys, map))
    }

    fn cannot_load(&self, error: store::LoadError) -> MediumError {
        match error {
            store::LoadError::Read(error) => MediumError::Open(error, self.state.clone()),
            store::LoadError::Parse(why) => MediumError::State(why, self.state.clone()),
        }
    }
}
