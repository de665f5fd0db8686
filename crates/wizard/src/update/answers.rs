//! Language, results stick, people, class: what is asked before any drive is looked at.

use super::{neighbour, passphrase};
use crate::field::{MAX_COLUMNS, TooLong, same_person};
use crate::keymap::Cmd;
use crate::parts::{ClassChoice, Gravity, PeopleFocus, StickUse};
use crate::texts::fill;
use crate::{ClassAnswer, ClockAnswer, Console, Effect, Language, Model, Screen, StickNo};
use policy::TableOrigin;

pub(super) fn language(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let may_choose = model.console == Console::Full;
    match cmd {
        Cmd::Up | Cmd::Pick(1) if may_choose => model.language = Language::Ja,
        Cmd::Down | Cmd::Pick(2) if may_choose => model.language = Language::En,
        Cmd::Next => model.go(Screen::Sticks),
        // Once a session has begun, its log is closed before the PC goes off.
        Cmd::PowerOff if model.begun.is_some() => model.go(Screen::Abandon),
        Cmd::PowerOff => return vec![Effect::PowerOff],
        _ => {}
    }
    Vec::new()
}

pub(super) fn sticks(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match (&model.sticks.used, cmd) {
        (StickUse::None, Cmd::Up | Cmd::Down) => {
            let numbers: Vec<StickNo> = model.sticks.candidates.iter().map(|stick| stick.no).collect();
            model.sticks.cursor = neighbour(&numbers, model.sticks.cursor, cmd);
        }
        (StickUse::None, Cmd::Next) => return open_stick(model),
        (StickUse::Open(_), Cmd::Next) if model.sticks.lock.is_pending() => passphrase::ask(model),
        (StickUse::Open(_), Cmd::Next) => model.go(Screen::People),
        (StickUse::Open(_), Cmd::Back) if model.begun.is_none() => model.sticks.let_go(),
        (_, Cmd::Back) => model.go(Screen::Language),
        _ => {}
    }
    Vec::new()
}

fn open_stick(model: &mut Model) -> Vec<Effect> {
    let Some(stick) = model.sticks.cursor.and_then(|no| model.stick(no)) else {
        let texts = model.texts().sticks.clone();
        model.say(Gravity::Problem, &texts.choose_one, &texts.choose_one_do);
        return Vec::new();
    };
    if !stick.state.is_usable() {
        let why = crate::words::stick_state(model.texts(), &stick.state);
        let todo = model.texts().sticks.choose_one_do.clone();
        model.say(Gravity::Problem, &why, &todo);
        return Vec::new();
    }
    let no = stick.no;
    model.sticks.used = StickUse::Opening(no);
    vec![Effect::OpenStick(no)]
}

const FIELDS: [PeopleFocus; 4] =
    [PeopleFocus::Operator, PeopleFocus::Asset, PeopleFocus::Witness, PeopleFocus::Clock];

pub(super) fn people(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let people = &mut model.people;
    let field = match people.focus {
        PeopleFocus::Operator => Some(&mut people.operator),
        PeopleFocus::Asset => Some(&mut people.asset),
        PeopleFocus::Witness => Some(&mut people.witness),
        PeopleFocus::Clock => None,
    };
    match (cmd, field) {
        (Cmd::Type(c), Some(field)) => {
            let pushed = field.push(c);
            tell_if_full(model, pushed);
        }
        (Cmd::Rubout, Some(field)) => field.pop(),
        (Cmd::Toggle, None) => {
            people.clock = match people.clock {
                Some(ClockAnswer::Right) => Some(ClockAnswer::Wrong),
                Some(ClockAnswer::Wrong) | None => Some(ClockAnswer::Right),
            };
        }
        (Cmd::NextField, _) => turn_focus(model, 1),
        (Cmd::PreviousField, _) => turn_focus(model, FIELDS.len() - 1),
        (Cmd::Back, _) => model.go(Screen::Sticks),
        (Cmd::Next, _) => leave_field(model),
        _ => {}
    }
    Vec::new()
}

fn turn_focus(model: &mut Model, by: usize) {
    let at = FIELDS.iter().position(|focus| *focus == model.people.focus).unwrap_or(0);
    model.people.focus = FIELDS.get((at + by) % FIELDS.len()).copied().unwrap_or_default();
}

/// Says that a field takes no more.
pub(super) fn tell_if_full(model: &mut Model, pushed: Result<(), TooLong>) {
    if pushed.is_err() {
        let texts = model.texts().people.clone();
        let what = fill(&texts.too_long, &[("columns", &MAX_COLUMNS)]);
        model.say(Gravity::Problem, &what, &texts.too_long_do);
    }
}

/// Enter: on to the next field; from the last one on to the next screen if everything is in order.
fn leave_field(model: &mut Model) {
    let last = model.people.focus == PeopleFocus::Clock;
    let Some((bad, what, todo)) = first_fault(model) else {
        if last {
            model.go(Screen::Class)
        } else {
            turn_focus(model, 1)
        }
        return;
    };
    if last || bad == model.people.focus {
        model.people.focus = bad;
        model.say(Gravity::Problem, &what, &todo);
    } else {
        turn_focus(model, 1);
    }
}

fn first_fault(model: &Model) -> Option<(PeopleFocus, String, String)> {
    let (people, texts) = (&model.people, &model.texts().people);
    let witness = people.witness.value();
    let fault = if people.operator.value().is_empty() {
        (PeopleFocus::Operator, &texts.empty_operator, &texts.empty_operator_do)
    } else if people.asset.value().is_empty() {
        (PeopleFocus::Asset, &texts.empty_asset, &texts.empty_asset_do)
    } else if !witness.is_empty() && same_person(witness, people.operator.value()) {
        (PeopleFocus::Witness, &texts.same_witness, &texts.same_witness_do)
    } else if people.clock.is_none() {
        (PeopleFocus::Clock, &texts.no_clock_answer, &texts.no_clock_answer_do)
    } else {
        return None;
    };
    Some((fault.0, fault.1.clone(), fault.2.clone()))
}

pub(super) fn class(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let lines: Vec<usize> = (0..ClassChoice::ALL.len()).collect();
    match cmd {
        Cmd::Up | Cmd::Down => model.class_cursor = neighbour(&lines, model.class_cursor, cmd),
        Cmd::Pick(number) => model.class_cursor = usize::from(number).checked_sub(1),
        Cmd::Back => model.go(Screen::People),
        Cmd::Abandon => model.go(Screen::Abandon),
        Cmd::Next => match model.class_cursor.and_then(|at| ClassChoice::ALL.get(at)) {
            Some(choice) => take_class(model, *choice),
            None => {
                let texts = model.texts().class.clone();
                model.say(Gravity::Problem, &texts.choose, &texts.choose_do);
            }
        },
        _ => {}
    }
    Vec::new()
}

fn take_class(model: &mut Model, choice: ClassChoice) {
    if model.class.map(|before| before.class) != Some(choice.class) {
        model.drives.handover.clear();
    }
    model.class = Some(choice);
    model.go(Screen::Drives);
    if choice.answer == ClassAnswer::Unknown {
        let texts = model.texts().class.clone();
        model.say(Gravity::Info, &texts.unknown_explain, "");
    }
}

pub(super) fn policy_problem(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::PowerOff if model.begun.is_none() => vec![Effect::PowerOff],
        Cmd::PowerOff => {
            model.go(Screen::Abandon);
            Vec::new()
        }
        Cmd::Builtin => {
            let Some(builtin) = model.policy_trouble.as_ref().and_then(|trouble| trouble.builtin.clone())
            else {
                return Vec::new();
            };
            (model.table, model.origin, model.policy_trouble) = (builtin, TableOrigin::Builtin, None);
            let opened = matches!(model.sticks.used, StickUse::Open(_));
            model.go(if opened { Screen::Sticks } else { Screen::Language });
            let texts = model.texts().policy_problem.clone();
            model.say(Gravity::Info, &texts.chosen, &texts.chosen_do);
            vec![Effect::UseBuiltinTable]
        }
        _ => Vec::new(),
    }
}
