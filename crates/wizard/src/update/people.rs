//! The form of people, and the office's lists of names.

use super::turn_answer;
use crate::assets::Listed;
use crate::field::{Field, Letters, TooLong, same_person};
use crate::keymap::Cmd;
use crate::parts::{ClassChoice, Gravity, StickUse, Tick};
use crate::people::{By, NameOf, NumberFrom, OpenList, PeopleFocus};
use crate::texts::fill;
use crate::{AssetCheck, ClassAnswer, ClockAnswer, Destination, Effect, Model, Screen};

/// To the form. What the session before declared stands there already, once for each stick, and is said to.
pub(super) fn open(model: &mut Model) {
    model.go(Screen::People);
    let StickUse::Open(info) = &model.sticks.used else { return };
    if model.people.recalled.replace(info.no) == Some(info.no) {
        return;
    }
    let before = info.remembered.clone();
    // The PC whose work was cut off has its number already.
    if let Some(past) = model.cut_off().filter(|_| model.people.asset().is_empty()) {
        let number = Field::of(&past.asset_number);
        *model.people.field(PeopleFocus::Asset) = number;
        model.people.number_from = NumberFrom::CutOff;
    }
    if before.is_some_and(|before| model.people.recall(&before)) {
        let texts = model.texts().people.clone();
        let (focus, todo) = match model.is_bench() {
            true => (PeopleFocus::Clock, &texts.recalled_bench_do),
            false if model.people.number_from == NumberFrom::CutOff => {
                (PeopleFocus::Asset, &texts.recalled_cut_do)
            }
            false => (PeopleFocus::Asset, &texts.recalled_do),
        };
        model.people.focus = focus;
        model.say(Gravity::Info, &texts.recalled, todo);
    }
}

/// To the class. Of a PC whose work was cut off the cursor stands on the one that it had; a person still chooses it.
fn to_class(model: &mut Model) {
    if model.class_cursor.is_none() && !model.is_bench() {
        let before = model.interrupted().and_then(|past| past.class);
        let is_it = |choice: &ClassChoice| {
            choice.answer == ClassAnswer::Known && before.is_some_and(|class| class == choice.class)
        };
        model.class_cursor = ClassChoice::ALL.iter().position(is_it);
    }
    model.go(Screen::Class);
}

pub(super) fn people(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let focus = model.people.focus;
    match cmd {
        Cmd::Type(c) if focus == PeopleFocus::Asset => {
            if std::mem::take(&mut model.people.number_from) == NumberFrom::CutOff {
                *model.people.field(focus) = Field::default();
            }
            let pushed = model.people.field(focus).push(c);
            tell_if_full(model, pushed);
        }
        Cmd::Rubout if focus == PeopleFocus::Asset => {
            model.people.number_from = NumberFrom::Typed;
            model.people.field(focus).pop();
        }
        Cmd::Type(_) | Cmd::Rubout | Cmd::OpenList | Cmd::Kana => name_key(model, cmd),
        Cmd::Toggle | Cmd::ToggleBack | Cmd::Pick(_) => answer(model, focus, cmd),
        Cmd::NextField => turn_focus(model, 1),
        Cmd::PreviousField => {
            turn_focus(model, model.people.order(model.purpose, model.drives.from).len() - 1)
        }
        Cmd::Back => model.go(Screen::Sticks),
        Cmd::Next => leave_field(model),
        _ => {}
    }
    Vec::new()
}

/// One answer on or back in the row in focus.
fn answer(model: &mut Model, focus: PeopleFocus, cmd: Cmd) {
    let people = &mut model.people;
    match focus {
        PeopleFocus::By => people.by = turn_answer(&[Some(By::Staff), Some(By::Contractor)], people.by, cmd),
        PeopleFocus::Destination => {
            use Destination::{Disposal, Return, Reuse};
            // It may be left open.
            let row = [None, Some(Reuse), Some(Return), Some(Disposal)];
            people.destination = turn_answer(&row, people.destination, cmd);
        }
        PeopleFocus::Clock => {
            let row = [Some(ClockAnswer::Right), Some(ClockAnswer::Wrong)];
            people.clock = turn_answer(&row, people.clock, cmd);
        }
        _ => {}
    }
}

/// What a field for a name does with a key.
pub(super) fn name_key(model: &mut Model, cmd: Cmd) {
    let Some(of) = model.name_here() else { return };
    match cmd {
        Cmd::Type(c) => {
            let letters = model.letters();
            let pushed = model.name_field(of).push_as(c, letters);
            tell_if_full(model, pushed);
        }
        Cmd::Rubout => model.name_field(of).pop(),
        Cmd::OpenList => {
            let at = model.names(of).iter().position(|name| name == model.name(of)).unwrap_or(0);
            model.list = Some(OpenList { of, at, typed: String::new() });
            model.go(Screen::Names);
        }
        Cmd::Kana => {
            model.letters = match model.letters {
                Letters::Kana => Letters::Latin,
                Letters::Latin => Letters::Kana,
            };
        }
        _ => return,
    }
    // Another name is another person: the statement is theirs to make.
    if of == NameOf::Witness && matches!(cmd, Cmd::Type(_) | Cmd::Rubout) {
        model.witness.tick = Tick::Empty;
    }
}

/// Ends what may still become kana in the field that has the focus.
pub(super) fn settle(model: &mut Model) {
    if let Some(of) = model.name_here().filter(|of| !model.name(*of).is_empty()) {
        model.name_field(of).settle();
    }
}

fn turn_focus(model: &mut Model, by: usize) {
    let order = model.people.order(model.purpose, model.drives.from);
    let at = order.iter().position(|focus| *focus == model.people.focus).unwrap_or(0);
    model.people.focus = order.get((at + by) % order.len()).copied().unwrap_or_default();
}

/// Says that a field takes no more.
pub(super) fn tell_if_full(model: &mut Model, pushed: Result<(), TooLong>) {
    if let Err(TooLong(columns)) = pushed {
        let texts = model.texts().people.clone();
        let what = fill(&texts.too_long, &[("columns", &columns)]);
        model.say(Gravity::Problem, &what, &texts.too_long_do);
    }
}

/// Enter: on to the next field; from the last one on to the next screen if everything is in order.
fn leave_field(model: &mut Model) {
    let last = model.people.focus == PeopleFocus::Clock;
    if !model.is_bench()
        && (last || model.people.focus == PeopleFocus::Asset)
        && first_fault(model).is_none_or(|fault| fault.0 > PeopleFocus::Asset)
    {
        look_up(model);
        if model.listed.check.is_doubtful() && model.doubted.as_deref() != Some(model.people.asset()) {
            return doubt(model);
        }
    }
    match first_fault(model) {
        None if last => to_class(model),
        Some((bad, what, todo)) if last || bad == model.people.focus => {
            model.people.focus = bad;
            model.say(Gravity::Problem, &what, &todo);
        }
        _ => turn_focus(model, 1),
    }
}

/// Holds the number against the office's asset list.
pub(super) fn look_up(model: &mut Model) {
    let StickUse::Open(info) = &model.sticks.used else { return };
    let Some(list) = info.assets.clone() else {
        // Another stick's list says nothing any more.
        model.listed = Listed::default();
        return;
    };
    let number = model.people.asset().to_owned();
    if model.listed.number == number {
        return;
    }
    model.listed = Listed::of(&list, &number, model.pc_serial.as_str());
    if model.listed.check == AssetCheck::Listed {
        let what = fill(&model.texts().people.listed, &[("about", &model.listed.about)]);
        model.say(Gravity::Info, &what, "");
    }
}

/// Says, once for each number, that the list speaks against it; whoever is sure goes on with Enter.
fn doubt(model: &mut Model) {
    let texts = model.texts().people.clone();
    let here = model.pc_serial.clone();
    let what = match &model.listed.check {
        AssetCheck::OtherPc { listed } => fill(&texts.other_pc, &[("listed", listed), ("here", &here)]),
        AssetCheck::NotListed { serial_is_of: Some(number) } => {
            fill(&texts.listed_as, &[("number", number), ("here", &here)])
        }
        _ => texts.not_listed.clone(),
    };
    model.people.focus = PeopleFocus::Asset;
    model.doubted = Some(model.people.asset().to_owned());
    model.say(Gravity::Problem, &what, &texts.doubtful_do);
}

fn first_fault(model: &Model) -> Option<(PeopleFocus, String, String)> {
    let (people, texts) = (&model.people, &model.texts().people);
    let witness = people.value(PeopleFocus::Witness);
    let contractor = people.value(PeopleFocus::Contractor);
    let fault = if people.operator().is_empty() {
        (PeopleFocus::Operator, &texts.empty_operator, &texts.empty_operator_do)
    } else if !witness.is_empty() && same_person(witness, people.operator()) {
        (PeopleFocus::Witness, &texts.same_witness, &texts.same_witness_do)
    } else if people.by.is_none() {
        (PeopleFocus::By, &texts.no_by, &texts.no_by_do)
    } else if people.by == Some(By::Contractor) && contractor.is_empty() {
        (PeopleFocus::Contractor, &texts.empty_contractor, &texts.empty_contractor_do)
    } else if people.asset().is_empty() && !model.is_bench() {
        (PeopleFocus::Asset, &texts.empty_asset, &texts.empty_asset_do)
    } else if people.clock.is_none() {
        (PeopleFocus::Clock, &texts.no_clock_answer, &texts.no_clock_answer_do)
    } else {
        return None;
    };
    Some((fault.0, fault.1.clone(), fault.2.clone()))
}

/// The list of names: one is taken, or none.
pub(super) fn names(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let Some(mut list) = model.list.clone() else { return Vec::new() };
    let names = model.names(list.of);
    let last = names.len().saturating_sub(1);
    match cmd {
        Cmd::Up => (list.at, list.typed) = (list.at.saturating_sub(1), String::new()),
        Cmd::Down => (list.at, list.typed) = ((list.at + 1).min(last), String::new()),
        Cmd::Pick(number) => list.at = usize::from(number).saturating_sub(1).min(last),
        Cmd::Type(digit) => type_number(&mut list, digit, names.len()),
        Cmd::Rubout => drop(list.typed.pop()),
        Cmd::Back => {
            leave_list(model, list.of);
            return Vec::new();
        }
        Cmd::Next => {
            if let Some(name) = names.get(list.at) {
                take(model, list.of, name);
            }
            return Vec::new();
        }
        _ => {}
    }
    model.list = Some(list);
    Vec::new()
}

/// The number of a line: a digit that would lead beyond the list begins a new one.
fn type_number(list: &mut OpenList, digit: char, count: usize) {
    let line = |typed: &str| typed.parse::<usize>().ok().filter(|line| (1..=count).contains(line));
    let longer = format!("{}{digit}", list.typed);
    let typed = [longer, digit.to_string()].into_iter().find(|typed| line(typed).is_some());
    list.typed = typed.unwrap_or_default();
    if let Some(line) = line(&list.typed) {
        list.at = line - 1;
    }
}

fn leave_list(model: &mut Model, of: NameOf) {
    model.list = None;
    model.go(match of {
        NameOf::People(_) => Screen::People,
        NameOf::Witness => Screen::Witness,
        NameOf::Attester => Screen::Attest,
        NameOf::Exception(_) => Screen::Exception,
        NameOf::Hand(_) => Screen::HandForm,
    });
}

fn take(model: &mut Model, of: NameOf, name: &str) {
    if of == NameOf::Witness && model.name(of) != name {
        model.witness.tick = Tick::Empty;
    }
    model.name_field(of).set(name);
    leave_list(model, of);
    if let NameOf::People(_) = of {
        turn_focus(model, 1);
    }
}
