//! Language, results stick, class: what is asked before any drive is looked at.

use super::{bench, hand, neighbour, passphrase, people};
use crate::keymap::Cmd;
use crate::parts::{ClassChoice, DriveRow, Gravity, StickUse};
use crate::{ClassAnswer, Console, Effect, Language, Model, Purpose, Screen, StickNo};
use policy::TableOrigin;

pub(super) fn language(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let may_choose = model.console == Console::Full;
    match cmd {
        Cmd::Up | Cmd::Pick(1) if may_choose => model.language = Language::Ja,
        Cmd::Down | Cmd::Pick(2) if may_choose => model.language = Language::En,
        Cmd::Next => begin(model, Purpose::Erase),
        Cmd::Handover => begin(model, Purpose::Handover),
        Cmd::ByHand => begin(model, Purpose::ByHand),
        Cmd::Bench => bench::turn(model),
        // Once a session has begun, its log is closed before the PC goes off.
        Cmd::PowerOff if model.begun.is_some() => model.go(Screen::Abandon),
        Cmd::PowerOff => return vec![Effect::PowerOff],
        Cmd::Keyboard => return use_keyboard(model),
        _ => {}
    }
    Vec::new()
}

/// The program ends and comes back with the other keyboard.
fn use_keyboard(model: &Model) -> Vec<Effect> {
    let other = model.keyboard.filter(|_| model.may_change_keyboard()).map(crate::Keyboard::other);
    other.map(Effect::UseKeyboard).into_iter().collect()
}

/// What the session is for: one key decides it, and it can be decided anew until the plan is confirmed.
fn begin(model: &mut Model, purpose: Purpose) {
    if model.purpose != purpose {
        model.drives.turned.clear();
    }
    model.purpose = purpose;
    model.go(Screen::Sticks);
}

pub(super) fn sticks(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match (&model.sticks.used, cmd) {
        (StickUse::None, Cmd::Up | Cmd::Down) => {
            let numbers: Vec<StickNo> = model.sticks.candidates.iter().map(|stick| stick.no).collect();
            model.sticks.cursor = neighbour(&numbers, model.sticks.cursor, cmd);
        }
        (StickUse::None, Cmd::Pick(number)) => {
            let stick = model.stick(StickNo(number.into())).map(|stick| stick.no);
            model.sticks.cursor = stick.or(model.sticks.cursor);
        }
        (StickUse::None, Cmd::Next) => return open_stick(model),
        (StickUse::Open(_), Cmd::Next) if model.sticks.lock.is_pending() => passphrase::ask(model),
        (StickUse::Open(_), Cmd::Next) => people::open(model),
        (StickUse::Open(_), Cmd::Back) if model.begun.is_none() => model.sticks.let_go(),
        (StickUse::Open(_), Cmd::Past) => model.go(Screen::Past),
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

pub(super) fn class(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let lines: Vec<usize> = (0..ClassChoice::ALL.len()).collect();
    match cmd {
        Cmd::Up | Cmd::Down => model.class_cursor = neighbour(&lines, model.class_cursor, cmd),
        Cmd::Pick(number) => model.class_cursor = usize::from(number).checked_sub(1),
        Cmd::Back => model.go(Screen::People),
        Cmd::Abandon => model.go(Screen::Abandon),
        Cmd::Next => match model.class_cursor.and_then(|at| ClassChoice::ALL.get(at)) {
            Some(choice) => return take_class(model, *choice),
            None => {
                let texts = model.texts().class.clone();
                model.say(Gravity::Problem, &texts.choose, &texts.choose_do);
            }
        },
        _ => {}
    }
    Vec::new()
}

fn take_class(model: &mut Model, choice: ClassChoice) -> Vec<Effect> {
    if model.class.map(|before| before.class) != Some(choice.class) {
        model.drives.turned.clear();
    }
    model.class = Some(choice);
    model.go(Screen::Drives);
    // On what it is about, not on a stick that is left alone.
    let selection = model.selection();
    let own = |row: &&DriveRow| row.drive.is_internal() && model.wants_label(&row.drive);
    let first = model.drives.rows.iter().find(|row| selection.contains(&row.drive.no) || own(row));
    if let Some(no) = first.map(|row| row.drive.no) {
        model.drives.cursor = Some(no);
    }
    if choice.answer == ClassAnswer::Unknown {
        let texts = model.texts().class.clone();
        model.say(Gravity::Info, &texts.unknown_explain, "");
    }
    if model.purpose == Purpose::ByHand { hand::begin(model) } else { Vec::new() }
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
