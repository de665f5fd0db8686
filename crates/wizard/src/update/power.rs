//! Where the PC's power comes from, and its power button.

use crate::parts::{Closing, Gravity, Seat, StickUse};
use crate::texts::Pair;
use crate::unattended::Unattended;
use crate::{CloseReason, Effect, Model, Screen};

/// The power button: asks where nothing has been confirmed, switches off where all is saved, and says elsewhere why it does
/// neither.
pub(super) fn button(model: &mut Model) -> Vec<Effect> {
    if model.seat == Seat::Free || model.screen == Screen::Taken {
        return Vec::new();
    }
    // It is a key, too.
    if model.is_unattended() {
        super::unattended::key(model);
        return Vec::new();
    }
    if !model.fits() {
        return Vec::new();
    }
    // Whoever sees nothing would not see the question either.
    if model.dark_seconds_left().is_some() {
        return super::ahead::in_the_dark(model, CloseReason::Abandoned);
    }
    let texts = model.texts().power.clone();
    let (gravity, said) = match model.screen {
        Screen::Progress | Screen::Stop => (Gravity::Problem, texts.button_running),
        Screen::Rescue if model.rescue_from == Screen::Progress => (Gravity::Problem, texts.button_running),
        Screen::Finish if model.closing == Closing::Needless => return vec![Effect::PowerOff],
        Screen::Finish | Screen::Code if model.may_power_off() => return at_the_end(model),
        // It is asked already.
        Screen::Abandon => return Vec::new(),
        _ if model.fault.is_some() && !model.is_fixed() => (Gravity::Problem, texts.button_fault),
        Screen::Sticks if model.unattended == Unattended::Awaited => (Gravity::Info, texts.button_awaited),
        screen if may_ask(model) => {
            model.notice = None;
            model.help = None;
            model.off_from = Some(screen);
            model.go(Screen::Abandon);
            return Vec::new();
        }
        Screen::Results
        | Screen::ByHand
        | Screen::HandForm
        | Screen::Witness
        | Screen::Unwitnessed
        | Screen::Finish
        | Screen::Code
        | Screen::Rescue => (Gravity::Problem, texts.button_unsaved),
        _ => (Gravity::Info, texts.button),
    };
    say(model, gravity, &said);
    Vec::new()
}

/// On the last screen, and from the code to it: the first press may have been meant for what was there before, and what is to
/// be copied is read first.
fn at_the_end(model: &mut Model) -> Vec<Effect> {
    if model.off_from == Some(Screen::Finish) {
        return vec![Effect::PowerOff];
    }
    // The code takes the whole screen, and a message would not be seen there.
    if model.screen == Screen::Code {
        model.go(Screen::Finish);
    }
    model.off_from = Some(Screen::Finish);
    let texts = model.texts().power.clone();
    if !model.busy().is_empty() {
        say(model, Gravity::Problem, &texts.button_busy);
    } else if matches!(model.closing, Closing::Closed(_)) {
        say(model, Gravity::Info, &texts.button_done);
    } else {
        say(model, Gravity::Problem, &texts.button_garbled);
    }
    Vec::new()
}

/// Whether the question of ending can be put here: nothing was confirmed, nothing on the screen is half done or being typed,
/// and nobody is waited for who would find another screen.
fn may_ask(model: &Model) -> bool {
    let opening = matches!(model.sticks.used, StickUse::Opening(_));
    if opening || model.unattended == Unattended::Awaited || model.fault.is_some() {
        return false;
    }
    match model.screen {
        Screen::ByHand => model.plan().is_none() && !model.has_hand(),
        Screen::Language
        | Screen::Sticks
        | Screen::Past
        | Screen::Class
        | Screen::PolicyProblem
        | Screen::Drives
        | Screen::Plan
        | Screen::PlanDetail
        | Screen::Confirm
        | Screen::RecordOnly => true,
        _ => false,
    }
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
