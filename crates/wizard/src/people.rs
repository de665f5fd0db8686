//! The form of people: who does it, where, on whose word, to which PC.

use crate::ahead::AttestFocus;
use crate::exceptions::ExceptionFocus;
use crate::field::{Field, Letters, same_person};
use crate::hand::HandFocus;
use crate::parts::{StickUse, WitnessFocus};
use crate::{
    CarriedOutBy, ClockAnswer, Console, Declared, Destination, DrivesFrom, Language, Model, Purpose,
    Remembered, Screen, StickNo,
};
use lists::Names;
use std::collections::BTreeMap;

/// Where typing goes on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum PeopleFocus {
    #[default]
    Operator,
    Witness,
    Section,
    Place,
    Approver,
    By,
    /// Only where a contractor carries it out.
    Contractor,
    /// Not where the media are cleared to be destroyed.
    Destination,
    Asset,
    Clock,
}

/// Whether the number of the PC was typed, or taken over from work that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberFrom {
    #[default]
    Typed,
    /// The first character typed, or a reader's, takes its place: nobody means both.
    CutOff,
}

/// Whose people carry it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Staff,
    Contractor,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct People {
    pub(crate) focus: PeopleFocus,
    texts: BTreeMap<PeopleFocus, Field>,
    pub(crate) by: Option<By>,
    pub(crate) destination: Option<Destination>,
    /// The stick whose memory was offered: what a person empties afterwards stays empty.
    pub(crate) recalled: Option<StickNo>,
    pub(crate) number_from: NumberFrom,
    pub(crate) clock: Option<ClockAnswer>,
}

impl People {
    /// The fields in the order of the form. On a bench each drive has a number of its own.
    pub(crate) fn order(&self, purpose: Purpose, from: DrivesFrom) -> Vec<PeopleFocus> {
        let from = if purpose == Purpose::ByHand { DrivesFrom::Bench } else { from };
        use PeopleFocus::{Approver, Asset, Clock, Contractor, Operator, Place, Section, Witness};
        let contractor = (self.by == Some(By::Contractor)).then_some(Contractor);
        let people = [Operator, Witness, Section, Place, Approver, PeopleFocus::By];
        let destination = (purpose == Purpose::Erase).then_some(PeopleFocus::Destination);
        let asset = (from == DrivesFrom::ThisPc).then_some(Asset);
        people.into_iter().chain(contractor).chain(destination).chain(asset).chain([Clock]).collect()
    }

    /// What a field holds, as it was typed.
    pub(crate) fn typed(&self, focus: PeopleFocus) -> &str {
        self.texts.get(&focus).map(Field::typed).unwrap_or_default()
    }

    /// What a field holds, without blanks around it.
    pub(crate) fn value(&self, focus: PeopleFocus) -> &str {
        self.typed(focus).trim()
    }

    /// 実施者
    pub(crate) fn operator(&self) -> &str {
        self.value(PeopleFocus::Operator)
    }

    /// 資産管理番号
    pub(crate) fn asset(&self) -> &str {
        self.value(PeopleFocus::Asset)
    }

    /// What a field holds; nothing where it was left empty.
    pub(crate) fn given(&self, focus: PeopleFocus) -> Option<String> {
        let value = self.value(focus);
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A field, to be changed.
    pub(crate) fn field(&mut self, focus: PeopleFocus) -> &mut Field {
        self.texts.entry(focus).or_default()
    }

    /// Fills what is still empty with what the session before declared; whether there was anything to fill.
    pub(crate) fn recall(&mut self, before: &Remembered) -> bool {
        let empty = self.clone();
        let declared = &before.declared;
        let (by, contractor) = match &declared.carried_out_by {
            Some(CarriedOutBy::Contractor(name)) => (Some(By::Contractor), Some(name)),
            Some(CarriedOutBy::Staff) => (Some(By::Staff), None),
            None => (None, None),
        };
        for (focus, text) in [
            (PeopleFocus::Operator, Some(&before.operator)),
            (PeopleFocus::Witness, before.witness.as_ref()),
            (PeopleFocus::Section, declared.section.as_ref()),
            (PeopleFocus::Place, declared.place.as_ref()),
            (PeopleFocus::Approver, declared.approver.as_ref()),
            (PeopleFocus::Contractor, contractor),
        ] {
            if let (true, Some(text)) = (self.value(focus).is_empty(), text) {
                self.texts.insert(focus, Field::of(text));
            }
        }
        self.by = self.by.or(by);
        self.destination = self.destination.or(declared.destination);
        *self != empty
    }

    /// What was declared besides names and number.
    pub(crate) fn declared(&self, purpose: Purpose) -> Declared {
        let contractor = || CarriedOutBy::Contractor(self.value(PeopleFocus::Contractor).to_owned());
        Declared {
            section: self.given(PeopleFocus::Section),
            place: self.given(PeopleFocus::Place),
            approver: self.given(PeopleFocus::Approver),
            carried_out_by: self.by.map(|by| match by {
                By::Staff => CarriedOutBy::Staff,
                By::Contractor => contractor(),
            }),
            destination: self.destination.filter(|_| purpose == Purpose::Erase),
        }
    }
}

/// A field that takes a name: where kana is typed, and for which the office may have a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    /// One of the form.
    People(PeopleFocus),
    /// The witness who confirms.
    Witness,
    /// Whoever attests what a crypto erase needs.
    Attester,
    /// What an exception says, and who is to approve it.
    Exception(ExceptionFocus),
    /// What was done by hand: with what, by whom, remarks.
    Hand(HandFocus),
}

/// A list that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenList {
    pub(crate) of: NameOf,
    /// The line under the cursor, from 0.
    pub(crate) at: usize,
    /// The digits of a line's number that were typed.
    pub(crate) typed: String,
}

impl Model {
    /// The office's lists, where the stick has them.
    fn lists(&self) -> Option<&Names> {
        match &self.sticks.used {
            StickUse::Open(info) => info.lists.as_ref(),
            StickUse::None | StickUse::Opening(_) => None,
        }
    }

    /// The names that may be chosen for a field. The operator is no witness.
    pub(crate) fn names(&self, of: NameOf) -> Vec<String> {
        use NameOf::People;
        if of == NameOf::Hand(HandFocus::How) {
            return crate::words::tools(self);
        }
        let Some(lists) = self.lists() else { return Vec::new() };
        let operator = self.people.operator();
        match of {
            NameOf::Witness | People(PeopleFocus::Witness) => {
                lists.staff.iter().filter(|name| !same_person(name, operator)).cloned().collect()
            }
            NameOf::Attester
            | NameOf::Exception(ExceptionFocus::Approver)
            | People(PeopleFocus::Operator | PeopleFocus::Approver) => lists.staff.clone(),
            NameOf::Hand(HandFocus::By) => lists.staff.clone(),
            NameOf::Exception(_) | NameOf::Hand(_) => Vec::new(),
            People(PeopleFocus::Section) => lists.sections.clone(),
            People(PeopleFocus::Place) => lists.places.clone(),
            People(PeopleFocus::Contractor) => lists.contractors.clone(),
            People(PeopleFocus::By | PeopleFocus::Destination | PeopleFocus::Asset | PeopleFocus::Clock) => {
                Vec::new()
            }
        }
    }

    /// The field for a name that has the focus.
    pub(crate) fn name_here(&self) -> Option<NameOf> {
        match self.screen {
            Screen::People => match self.people.focus {
                PeopleFocus::By | PeopleFocus::Destination | PeopleFocus::Asset | PeopleFocus::Clock => None,
                focus => Some(NameOf::People(focus)),
            },
            Screen::Witness => (self.witness.focus == WitnessFocus::Name).then_some(NameOf::Witness),
            Screen::Exception => {
                let focus = self.ahead.exception.focus;
                (focus != ExceptionFocus::Deadline).then_some(NameOf::Exception(focus))
            }
            Screen::HandForm => {
                let focus = self.hand.form.focus;
                let name = matches!(focus, HandFocus::How | HandFocus::By | HandFocus::Remarks);
                name.then_some(NameOf::Hand(focus))
            }
            Screen::Attest => (self.ahead.form.focus == AttestFocus::Name).then_some(NameOf::Attester),
            _ => None,
        }
    }

    /// What a field for a name holds.
    pub(crate) fn name(&self, of: NameOf) -> &str {
        match of {
            NameOf::People(focus) => self.people.value(focus),
            NameOf::Witness => self.witness.name.value(),
            NameOf::Attester => self.ahead.form.name.value(),
            NameOf::Exception(focus) => self.ahead.exception.of(focus).value(),
            NameOf::Hand(focus) => self.hand.form.typed(focus).trim(),
        }
    }

    /// The same, to be changed.
    pub(crate) fn name_field(&mut self, of: NameOf) -> &mut Field {
        match of {
            NameOf::People(focus) => self.people.field(focus),
            NameOf::Witness => &mut self.witness.name,
            NameOf::Attester => &mut self.ahead.form.name,
            NameOf::Exception(focus) => self.ahead.exception.field(focus),
            NameOf::Hand(HandFocus::By) => &mut self.hand.form.by,
            NameOf::Hand(HandFocus::How) => &mut self.hand.form.how,
            NameOf::Hand(_) => &mut self.hand.form.remarks,
        }
    }

    /// Whether letters are offered as kana: a matter of Japanese names only.
    pub(crate) fn offers_kana(&self) -> bool {
        self.language == Language::Ja && self.console == Console::Full
    }

    /// What letters typed as a name become.
    pub(crate) fn letters(&self) -> Letters {
        if self.offers_kana() { self.letters } else { Letters::Latin }
    }
}
