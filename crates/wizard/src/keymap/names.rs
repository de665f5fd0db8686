//! The keys of the form of people, and of every field that takes a name.

use super::screens::{ANSWER, BACK, CHOOSE, DIGITS, FIELD, NEXT, NEXT_FIELD, TEXT, when};
use super::{Accepts, Binding, Cmd};
use crate::people::PeopleFocus;
use crate::{Key, Model};

/// The arrow to the right is there for a numeric keypad.
const LIST: Binding = Binding {
    label: |keys| &keys.list,
    accepts: Accepts::Keys(&[(Key::F(2), Cmd::OpenList), (Key::Right, Cmd::OpenList)]),
};
/// A name does not begin with a blank: in an empty field the space bar, which is easier to find, opens the list too.
const LIST_OF_EMPTY: Binding = Binding {
    accepts: Accepts::Keys(&[
        (Key::F(2), Cmd::OpenList),
        (Key::Char(' '), Cmd::OpenList),
        (Key::Right, Cmd::OpenList),
    ]),
    ..LIST
};
const KANA: Binding = Binding { label: |keys| &keys.kana, accepts: Accepts::Keys(&[(Key::F(3), Cmd::Kana)]) };
const TAKE: Binding = Binding { label: |keys| &keys.take_name, ..NEXT };

/// The keys of the field in focus that takes a name, and what else the screen takes there.
pub(super) fn typing(model: &Model, own: [Binding; 3]) -> Vec<Binding> {
    let name = model.name_here();
    let listed = name.is_some_and(|of| !model.names(of).is_empty());
    let empty = name.is_some_and(|of| model.name(of).is_empty());
    when(listed && empty, LIST_OF_EMPTY)
        .chain([TEXT])
        .chain(when(listed && !empty, LIST))
        .chain(when(name.is_some() && model.offers_kana(), KANA))
        .chain(own)
        .collect()
}

pub(super) fn people(model: &Model) -> Vec<Binding> {
    match model.people.focus {
        PeopleFocus::Clock => vec![ANSWER, FIELD, NEXT, BACK],
        PeopleFocus::By => vec![ANSWER.picking(2), FIELD, NEXT_FIELD, BACK],
        PeopleFocus::Destination => vec![ANSWER.picking(3), FIELD, NEXT_FIELD, BACK],
        _ => typing(model, [FIELD, NEXT_FIELD, BACK]),
    }
}

/// A list of up to nine lines is chosen from by one digit, a longer one by the digits of a line's number.
pub(super) fn names(model: &Model) -> Vec<Binding> {
    let count = model.list.as_ref().map_or(0, |list| model.names(list.of).len());
    let by_number = Binding { label: |keys| &keys.choose, ..DIGITS };
    let choose = if count <= 9 { vec![CHOOSE.picking(count)] } else { vec![CHOOSE, by_number] };
    choose.into_iter().filter(|_| count > 1).chain([TAKE, BACK]).collect()
}
