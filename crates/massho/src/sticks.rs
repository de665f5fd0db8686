//! Sticks that could take the results: what the screen shows of them.

use inventory::{Marks, StickFacts, WriteState};
use std::collections::BTreeMap;
use wizard::{StickCandidate, StickNo, StickState};

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
            // Of the whole stick, as the list of drives has it: people know one number for one stick.
            capacity: stick.identity.capacity,
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
        // Only FAT and exFAT can be searched for logs without mounting them, so nothing else may carry any.
        Ok(_) if !matches!(kind, "vfat" | "exfat") => StickState::NotFat(kind.to_owned()),
        Err(error) => StickState::Unreadable(error.to_string()),
        Ok(_) if stick.write == WriteState::ReadOnly => StickState::ReadOnly,
        Ok(Marks::Logs { sessions } | Marks::Collected { sessions }) => {
            StickState::HasLogs { sessions: *sessions }
        }
        Ok(Marks::None) => StickState::Usable,
    }
}
