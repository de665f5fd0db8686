//! Where the PC's power comes from, and its power button.

use crate::parts::{Gravity, Seat};
use crate::texts::Pair;
use crate::{Model, Screen};

/// The power button: says what it does not do, and how the PC is switched off from here.
pub(super) fn button(model: &mut Model) {
    if model.seat == Seat::Free || model.screen == Screen::Taken {
        return;
    }
    // It is a key, too.
    if model.is_unattended() {
        return super::unattended::key(model);
    }
    let texts = model.texts().power.clone();
    let (gravity, said) = match model.screen {
        Screen::Progress | Screen::Stop => (Gravity::Problem, texts.button_running),
        Screen::Rescue if model.rescue_from == Screen::Progress => (Gravity::Problem, texts.button_running),
        Screen::Finish if model.may_power_off() => (Gravity::Info, texts.button_done),
        Screen::Results
        | Screen::ByHand
        | Screen::HandForm
        | Screen::Witness
        | Screen::Unwitnessed
        | Screen::Finish
        | Screen::Rescue => (Gravity::Problem, texts.button_unsaved),
        _ => (Gravity::Info, texts.button),
    };
    say(model, gravity, &said);
}

/// The battery takes over, or the mains do.
pub(super) fn supply(model: &mut Model, on_battery: bool) {
    if model.on_battery == on_battery {
        return;
    }
    model.on_battery = on_battery;
    let texts = model.texts().power.clone();
    match on_battery {
        true => say(model, Gravity::Problem, &texts.battery),
        false => say(model, Gravity::Info, &texts.mains),
    }
}

/// Before something is begun that may take longer than a battery lasts.
pub(super) fn warn(model: &mut Model) {
    if model.on_battery {
        let texts = model.texts().power.battery.clone();
        say(model, Gravity::Problem, &texts);
    }
}

fn say(model: &mut Model, gravity: Gravity, said: &Pair) {
    model.say(gravity, &said.what, &said.todo);
}
