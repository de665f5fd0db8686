//! What was done by hand, and whether it fits together.

use super::HandReport;
use super::drive::DriveStory;
use super::fault::Contradiction::{self, *};
use crate::{ByHand, Witness};
use model::{ByHandNo, InformationClass, Medium, MediumKind, Witnessed};

/// Everything done by hand so far, in the order of its numbers.
#[derive(Debug, Default)]
pub(super) struct Hands(Vec<Hand>);

#[derive(Debug)]
struct Hand {
    entry: ByHand,
    kind: MediumKind,
    class: InformationClass,
    witnesses: Vec<String>,
}

impl Hands {
    /// Takes the next one; `medium` is the inventory's word for the drive that it is about.
    pub(super) fn take(
        &mut self,
        entry: ByHand,
        medium: Option<Medium>,
        class: InformationClass,
    ) -> Result<(), Contradiction> {
        let expected = ByHandNo(u16::try_from(self.0.len() + 1).unwrap_or(u16::MAX));
        if entry.no != expected {
            return Err(ByHandNumber { expected, found: entry.no });
        }
        let kind = match (medium, &entry.medium) {
            (Some(medium), None) => medium.into(),
            (None, Some(declared)) => declared.kind,
            _ => return Err(ByHandMedium(entry.no)),
        };
        if comparable(&entry.by).is_empty() {
            return Err(ByNobody(entry.no));
        }
        self.0.push(Hand { entry, kind, class, witnesses: Vec::new() });
        Ok(())
    }

    /// Takes a witness who is not the operator: nor may they have done it themselves.
    pub(super) fn witnessed(&mut self, witness: &Witness) -> Result<(), Contradiction> {
        for no in &witness.by_hand {
            let hand = self.0.iter_mut().find(|hand| hand.entry.no == *no).ok_or(UnknownByHand(*no))?;
            if comparable(&hand.entry.by) == comparable(&witness.name) {
                return Err(WitnessIsOperator);
            }
            if !hand.witnesses.contains(&witness.name) {
                hand.witnesses.push(witness.name.clone());
            }
        }
        Ok(())
    }

    /// Whether it left nothing on the medium to be erased.
    pub(super) fn is_final(&self, no: ByHandNo) -> bool {
        let reached = |hand: &Hand| hand.entry.handling.reach(hand.kind).is_some();
        self.0.iter().any(|hand| hand.entry.no == no && reached(hand))
    }

    /// What was done to a drive last.
    pub(super) fn of(&self, story: &DriveStory) -> Option<HandReport> {
        let no = story.by_hand?;
        self.0.iter().find(|hand| hand.entry.no == no).map(Hand::report)
    }

    /// Each by itself.
    pub(super) fn reports(&self) -> impl Iterator<Item = HandReport> {
        self.0.iter().map(Hand::report)
    }
}

impl Hand {
    fn report(&self) -> HandReport {
        let witnessed = if self.witnesses.is_empty() { Witnessed::No } else { Witnessed::Yes };
        HandReport {
            entry: self.entry.clone(),
            kind: self.kind,
            result: self.entry.result(self.kind, self.class, witnessed),
            witnesses: self.witnesses.clone(),
        }
    }
}

/// Names are compared without blanks, so that 山田 太郎 does not witness 山田太郎.
pub(super) fn comparable(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
