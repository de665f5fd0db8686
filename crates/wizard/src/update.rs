//! What a message makes of a model, and what it asks to be done.

mod ahead;
mod answers;
mod bench;
mod detail;
mod exceptions;
mod follow;
mod hand;
mod inventory;
mod journey;
mod labels;
mod outside;
mod passphrase;
mod past;
mod people;
mod power;
mod run;
mod stale;
mod unattended;

use crate::keymap::{Cmd, lookup};
use crate::parts::{Gravity, Seat};
use crate::{Effect, Key, Model, Msg, Screen};

/// Takes one message.
///
/// The effects are to be carried out in their order. [`Effect::Confirmed`] is the only destructive one, and it
/// carries the proof that the plan's code was typed. [`Effect::Ordered`] carries none: the program has it, or refuses.
#[must_use = "the effects are to be carried out"]
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let is_key = matches!(msg, Msg::Key(_) | Msg::PowerButton | Msg::Resized { .. });
    let shown =
        |model: &Model| (model.screen, model.journal.clone(), model.notice.clone(), model.results.len());
    let before = shown(model);
    let effects = take(model, msg);
    unattended::watch(model);
    if is_key || before != shown(model) {
        (model.touched, model.left_alone) = (model.ticks, false);
    }
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => press(model, key),
        Msg::Resized { width, height } => {
            model.size = (width, height);
            journey::mark_seen(model);
            Vec::new()
        }
        Msg::Drives(drives) => {
            inventory::refresh(model, drives);
            Vec::new()
        }
        Msg::LeftAlone => {
            model.left_alone = model.screen == Screen::Results && model.end().is_some();
            model.help = None;
            Vec::new()
        }
        Msg::Tick => {
            model.ticks = model.ticks.wrapping_add(1);
            ahead::tick(model);
            unattended::tick(model)
        }
        other => outside::receive(model, other),
    }
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    // Any key, on a screen of any size.
    if model.is_unattended() {
        unattended::key(model);
        return Vec::new();
    }
    if !model.fits() || model.screen == Screen::Taken {
        return Vec::new();
    }
    let cmd = lookup(model, key);
    if model.seat == Seat::Free {
        return claim(model, cmd);
    }
    let Some(cmd) = cmd else { return Vec::new() };
    model.notice = None;
    if model.screen != Screen::Abandon {
        model.off_from = None;
    }
    obey(model, cmd)
}

/// The first key. The seat may turn out to be another console's, so nothing else is asked for along with it: a key
/// that decides something has to be pressed again.
fn claim(model: &mut Model, cmd: Option<Cmd>) -> Vec<Effect> {
    let before = model.clone();
    model.seat = Seat::Mine;
    let Some(cmd) = cmd else { return vec![Effect::ClaimSeat] };
    model.notice = None;
    let asked = obey(model, cmd);
    if !asked.is_empty() {
        let texts = before.texts().language.clone();
        *model = Model { seat: Seat::Mine, ..before };
        model.say(Gravity::Info, &texts.claimed, &texts.claimed_do);
    }
    vec![Effect::ClaimSeat]
}

fn obey(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    ahead::is_seen(model);
    if cmd == Cmd::Help {
        model.help = (!model.shows_help()).then_some(model.screen);
        return Vec::new();
    }
    // Another screen came while help was open for one that is gone.
    model.help = None;
    if !matches!(cmd, Cmd::Type(_) | Cmd::Rubout) {
        people::settle(model);
    }
    match model.screen {
        Screen::Language => answers::language(model, cmd),
        Screen::Sticks => answers::sticks(model, cmd),
        Screen::Passphrase => passphrase::passphrase(model, cmd),
        Screen::People => people::people(model, cmd),
        Screen::Names => people::names(model, cmd),
        // Any key stops it, before it is looked up.
        Screen::Unattended => Vec::new(),
        Screen::Past => past::past(model, cmd),
        Screen::PastDetail => past::past_detail(model, cmd),
        Screen::Class => answers::class(model, cmd),
        Screen::Drives => journey::drives(model, cmd),
        Screen::DriveDetail => detail::drive_detail(model, cmd),
        Screen::Label => labels::label(model, cmd),
        Screen::Own => bench::own(model, cmd),
        Screen::Assets => bench::assets(model, cmd),
        Screen::Attest => detail::attest(model, cmd),
        Screen::Exception => exceptions::exception(model, cmd),
        Screen::Unlock => ahead::unlock(model, cmd),
        Screen::Sleep => ahead::sleep(model, cmd),
        Screen::Plan => journey::plan(model, cmd),
        Screen::PlanDetail => journey::plan_detail(model, cmd),
        Screen::Confirm => journey::confirm(model, cmd),
        Screen::RecordOnly => journey::record_only(model, cmd),
        Screen::Abandon => journey::abandon(model, cmd),
        Screen::Progress => run::progress(model, cmd),
        Screen::Stop => run::stop(model, cmd),
        Screen::Results => run::results(model, cmd),
        Screen::ByHand => hand::by_hand(model, cmd),
        Screen::HandForm => hand::hand_form(model, cmd),
        Screen::Witness => run::witness(model, cmd),
        Screen::Unwitnessed => run::unwitnessed(model, cmd),
        Screen::Finish => run::finish(model, cmd),
        Screen::Code => run::code(model, cmd),
        Screen::Rescue => run::rescue(model, cmd),
        Screen::PolicyProblem => answers::policy_problem(model, cmd),
        Screen::Taken => Vec::new(),
    }
}

/// Moves the line in view of the current screen's list.
fn scroll(model: &mut Model, cmd: Cmd) {
    let last = model.list_len().saturating_sub(1);
    model.cursor = match cmd {
        Cmd::Up => model.cursor.saturating_sub(1),
        Cmd::Down => (model.cursor + 1).min(last),
        _ => model.cursor.min(last),
    };
}

/// The answer beside this one in a row of them, around, or the one of a number. Where it may be left open, `None` is one
/// of the row, without a number.
fn turn_answer<T: Copy + PartialEq>(row: &[Option<T>], now: Option<T>, cmd: Cmd) -> Option<T> {
    if let Cmd::Pick(number) = cmd {
        let given = row.iter().flatten().nth(usize::from(number).saturating_sub(1));
        return given.copied().or(now);
    }
    let at = row.iter().position(|one| *one == now);
    let next = match (cmd, at) {
        (Cmd::ToggleBack, None | Some(0)) => row.len().checked_sub(1)?,
        (Cmd::ToggleBack, Some(at)) => at - 1,
        (_, at) => at.map_or(0, |at| (at + 1) % row.len()),
    };
    row.get(next).copied().flatten()
}

/// The neighbour of a list's current item: the first where there is none.
fn neighbour<T: Copy + PartialEq>(items: &[T], current: Option<T>, cmd: Cmd) -> Option<T> {
    let at = current.and_then(|current| items.iter().position(|item| *item == current));
    let next = match (at, cmd) {
        (None, Cmd::Up) => items.len().checked_sub(1)?,
        (None, _) => 0,
        (Some(at), Cmd::Up) => at.saturating_sub(1),
        (Some(at), Cmd::Down) => (at + 1).min(items.len().saturating_sub(1)),
        (Some(at), _) => at,
    };
    items.get(next).copied()
}
