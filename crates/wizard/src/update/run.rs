//! While drives are being erased, and what comes after.

use super::hand::did_it;
use super::people::name_key;
use super::{neighbour, scroll};
use crate::field::{Field, same_person};
use crate::keymap::Cmd;
use crate::parts::{Closing, Gravity, StopForm, StopTarget, Tick, WitnessFocus, WitnessState};
use crate::people::PeopleFocus;
use crate::{CloseReason, Effect, Journal, Model, Purpose, Screen, StickNo};
use model::DriveNo;

pub(super) fn progress(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Stop => {
            model.stop = StopForm::default();
            if let [only] = model.running().as_slice() {
                model.stop.target = StopTarget::One(*only);
            }
            model.go(Screen::Stop);
        }
        Cmd::Rescue => return to_rescue(model),
        _ => {}
    }
    Vec::new()
}

/// To the help for a stick that cannot be written, from wherever it was asked for.
pub(super) fn to_rescue(model: &mut Model) -> Vec<Effect> {
    model.rescue_from = model.screen;
    model.typed.clear();
    model.go(Screen::Rescue);
    Vec::new()
}

pub(super) fn stop(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => {
            let one = model.running().into_iter().map(StopTarget::One);
            let targets: Vec<StopTarget> = one.chain([StopTarget::All]).collect();
            model.stop.target = neighbour(&targets, Some(model.stop.target), cmd).unwrap_or_default();
            // The number was typed for another choice.
            model.stop.typed.clear();
        }
        Cmd::Type(digit) if model.stop.typed.len() < 6 => model.stop.typed.push(digit),
        Cmd::Rubout => {
            model.stop.typed.pop();
        }
        Cmd::Back => model.go(Screen::Progress),
        Cmd::Next => return try_stop(model),
        _ => {}
    }
    Vec::new()
}

fn try_stop(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts().stop.clone();
    let right = model.plan().is_some_and(|plan| plan.digest().code() == model.stop.typed);
    if !right {
        model.stop.typed.clear();
        model.say(Gravity::Problem, &texts.wrong, &texts.wrong_do);
        return Vec::new();
    }
    let running = model.running();
    let drives: Vec<DriveNo> = match model.stop.target {
        StopTarget::All => running,
        StopTarget::One(no) => running.into_iter().filter(|running| *running == no).collect(),
    };
    model.go(Screen::Progress);
    if drives.iter().any(|no| model.erases_itself(*no)) {
        model.say(Gravity::Info, &texts.asked_drive, &texts.asked_drive_do);
    } else {
        model.say(Gravity::Info, &texts.asked, &texts.asked_do);
    }
    drives.into_iter().map(Effect::StopJob).collect()
}

pub(super) fn results(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Witness => to_witness(model),
        Cmd::ByHand => model.go(Screen::ByHand),
        Cmd::Rescue => return to_rescue(model),
        Cmd::Finish => return try_to_finish(model),
        _ => {}
    }
    Vec::new()
}

/// To the witness, who may have been named beforehand.
pub(super) fn to_witness(model: &mut Model) {
    if model.witness.name.value().is_empty() {
        model.witness.name = Field::of(model.people.value(PeopleFocus::Witness));
    }
    model.go(Screen::Witness);
}

/// The screen from which a session ends: its results.
fn home(model: &Model) -> Screen {
    if model.purpose == Purpose::ByHand { Screen::ByHand } else { Screen::Results }
}

/// Closes the log, unless something is in the way. A log that contradicts itself is on the stick all the same, and is
/// closed as it is. What is being saved is saved before the close entry; what cannot be saved has to be seen to first.
pub(super) fn try_to_finish(model: &mut Model) -> Vec<Effect> {
    if !is_closable(&model.journal) {
        let texts = model.texts().results.clone();
        model.say(Gravity::Problem, &texts.not_saved, &texts.not_saved_do);
        return Vec::new();
    }
    if model.lacks_witness() {
        model.go(Screen::Unwitnessed);
        return Vec::new();
    }
    close(model, CloseReason::Finished)
}

pub(super) fn is_closable(journal: &Journal) -> bool {
    matches!(journal, Journal::Saved | Journal::Saving) || journal.is_garbled()
}

/// Asks for the close entry, and waits for it on the last screen.
pub(super) fn close(model: &mut Model, reason: CloseReason) -> Vec<Effect> {
    model.closing = Closing::Asked;
    model.close_reason = reason;
    model.go(Screen::Finish);
    vec![Effect::CloseSession(reason)]
}

pub(super) fn unwitnessed(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Yes => close(model, CloseReason::Finished),
        _ => {
            model.go(home(model));
            Vec::new()
        }
    }
}

pub(super) fn witness(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let form = &mut model.witness;
    match (cmd, form.focus) {
        (Cmd::Type(_) | Cmd::Rubout | Cmd::OpenList | Cmd::Kana, _) => name_key(model, cmd),
        (Cmd::Toggle, WitnessFocus::Statement) => {
            form.tick = match form.tick {
                Tick::Empty => Tick::Ticked,
                Tick::Ticked => Tick::Empty,
            };
        }
        (Cmd::NextField | Cmd::PreviousField, WitnessFocus::Name) => form.focus = WitnessFocus::Statement,
        (Cmd::NextField | Cmd::PreviousField, WitnessFocus::Statement) => form.focus = WitnessFocus::Name,
        (Cmd::Up | Cmd::Down, _) => scroll(model, cmd),
        (Cmd::Back, _) => model.go(home(model)),
        (Cmd::Next, _) => return try_witness(model),
        _ => {}
    }
    Vec::new()
}

fn try_witness(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts().witness.clone();
    let name = model.witness.name.value().to_owned();
    let fault = if name.is_empty() {
        Some((WitnessFocus::Name, &texts.empty, &texts.empty_do))
    } else if same_person(&name, model.people.operator()) {
        Some((WitnessFocus::Name, &texts.same, &texts.same_do))
    } else if did_it(model, &name) {
        Some((WitnessFocus::Name, &texts.did_it, &texts.did_it_do))
    } else if model.witness.focus == WitnessFocus::Name && model.witness.tick == Tick::Empty {
        model.witness.focus = WitnessFocus::Statement;
        return Vec::new();
    } else if model.witness.tick == Tick::Empty {
        Some((WitnessFocus::Statement, &texts.not_checked, &texts.not_checked_do))
    } else {
        None
    };
    if let Some((focus, what, todo)) = fault {
        model.witness.focus = focus;
        model.say(Gravity::Problem, what, todo);
        return Vec::new();
    }
    model.witness.state = WitnessState::Asked;
    model.witness.asked = model.unwitnessed();
    model.go(home(model));
    model.say(Gravity::Info, &texts.asked, &texts.asked_do);
    vec![Effect::WitnessConfirmed { name, drives: model.erased(), by_hand: model.witness.asked.clone() }]
}

pub(super) fn finish(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => {
            scroll(model, cmd);
            Vec::new()
        }
        Cmd::Rescue => to_rescue(model),
        Cmd::Finish => close(model, model.close_reason),
        Cmd::Code if model.code_text().is_some() => {
            model.go(Screen::Code);
            Vec::new()
        }
        Cmd::PowerOff if model.may_power_off() => vec![Effect::PowerOff],
        _ => Vec::new(),
    }
}

pub(super) fn code(model: &mut Model, _: Cmd) -> Vec<Effect> {
    model.go(Screen::Finish);
    Vec::new()
}

pub(super) fn rescue(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => {
            let numbers: Vec<StickNo> = model.sticks.candidates.iter().map(|stick| stick.no).collect();
            model.rescue_cursor = neighbour(&numbers, model.rescue_cursor, cmd);
            Vec::new()
        }
        Cmd::Pick(number) => {
            let stick = model.stick(StickNo(number.into())).map(|stick| stick.no);
            model.rescue_cursor = stick.or(model.rescue_cursor);
            Vec::new()
        }
        Cmd::Back => {
            let back = model.rescue_from;
            model.go(back);
            Vec::new()
        }
        Cmd::Again => retry(model, Effect::TryStickAgain),
        Cmd::Next => match model.rescue_cursor {
            Some(no) => retry(model, Effect::ContinueOn(no)),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn retry(model: &mut Model, effect: Effect) -> Vec<Effect> {
    let texts = model.texts().rescue.clone();
    model.say(Gravity::Info, &texts.trying, &texts.trying_do);
    vec![effect]
}
