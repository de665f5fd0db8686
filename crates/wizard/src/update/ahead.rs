//! Before the plan: drives that are unlocked, and drives that are thawed by a sleep of the PC.

use super::journey::to_plan;
use super::neighbour;
use super::run::{close, to_rescue};
use crate::ahead::{Sleep, Unlock};
use crate::keymap::Cmd;
use crate::parts::Gravity;
use crate::texts::fill;
use crate::{CloseReason, Display, Effect, Journal, Model, Screen, SleepOutcome, UnlockProblem};
use model::DriveNo;

/// The screen between the drives and the plan that comes next: what is asked by itself is asked once.
pub(super) fn next_stop(model: &mut Model) -> Screen {
    if let Some(no) = model.next_unlock() {
        (model.ahead.shown, model.ahead.pick) = (Some(no), None);
        return Screen::Unlock;
    }
    let offers = model.ahead.sleep == Sleep::NotAsked && model.busy().is_empty();
    if model.ahead.is_going_to_sleep() || (offers && !model.thawable().is_empty()) {
        model.ahead.pick = None;
        return Screen::Sleep;
    }
    Screen::Plan
}

/// Moves between the two lines of a choice.
fn pick(model: &mut Model, cmd: Cmd) {
    model.ahead.pick = match cmd {
        Cmd::Pick(number) => usize::from(number).checked_sub(1),
        _ => neighbour(&[0, 1], model.ahead.pick, cmd),
    };
}

fn say_problem(model: &mut Model, what: &str, todo: &str) -> Vec<Effect> {
    model.say(Gravity::Problem, what, todo);
    Vec::new()
}

/// From the plan: the sleep once more, or why it cannot be.
pub(super) fn ask_for_sleep(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts().sleep.clone();
    if !model.busy().is_empty() {
        return say_problem(model, &texts.busy, &texts.busy_do);
    }
    if !model.ahead.is_going_to_sleep() {
        (model.ahead.sleep, model.ahead.pick) = (Sleep::Offered, None);
    }
    model.go(Screen::Sleep);
    Vec::new()
}

pub(super) fn sleep(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match (&model.ahead.sleep, cmd) {
        (Sleep::Asked(_) | Sleep::Waking(_), _) => Vec::new(),
        (_, Cmd::Rescue) => to_rescue(model),
        (_, Cmd::Back) => back_to_drives(model),
        (Sleep::Answered { .. }, Cmd::Next) => to_plan(model),
        (Sleep::NotAsked | Sleep::Offered, Cmd::Up | Cmd::Down | Cmd::Pick(_)) => {
            pick(model, cmd);
            Vec::new()
        }
        (Sleep::NotAsked | Sleep::Offered, Cmd::Next) => decide_sleep(model),
        _ => Vec::new(),
    }
}

fn decide_sleep(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts().clone();
    match model.ahead.pick {
        None => say_problem(model, &texts.sleep.choose, &texts.sleep.choose_do),
        Some(0) if model.may_sleep() => {
            model.ahead.slept_by = model.display;
            model.ahead.sleep = Sleep::Asked(model.thawable());
            vec![Effect::Sleep]
        }
        Some(0) if !model.busy().is_empty() => say_problem(model, &texts.sleep.busy, &texts.sleep.busy_do),
        Some(0) => say_problem(model, &texts.sleep.not_saved, &texts.sleep.not_saved_do),
        Some(_) => {
            model.ahead.sleep = Sleep::Offered;
            to_plan(model)
        }
    }
}

/// The PC is back, and its answer is some seconds away: whoever reads must not think that it is about to sleep.
pub(super) fn awake(model: &mut Model) {
    if let Sleep::Asked(asked) = &model.ahead.sleep {
        model.ahead.sleep = Sleep::Waking(asked.clone());
    }
}

/// The answer to a sleep. Without one having been asked for, it says nothing.
pub(super) fn slept(model: &mut Model, outcome: SleepOutcome) {
    let (Sleep::Asked(asked) | Sleep::Waking(asked)) = &model.ahead.sleep else { return };
    let asked = asked.clone();
    model.notice = None;
    // A drive that takes passwords again may be asked for once more.
    model.ahead.unlocks.retain(|_, unlock| *unlock != Unlock::Failed(UnlockProblem::AttemptsUsedUp));
    let slept = matches!(outcome, SleepOutcome::Woke(_) | SleepOutcome::StickMissing(_));
    model.ahead.woken = (slept && model.ahead.slept_by == Display::Firmware).then_some(model.ticks);
    model.ahead.sleep = Sleep::Answered { asked, outcome };
}

/// Nobody sees the screen: the log is closed and the PC switched off, for a start brings the screen back. It is not started
/// anew by itself: without its boot stick it would start from the very disks that are to be erased.
pub(super) fn in_the_dark(model: &mut Model, reason: CloseReason) -> Vec<Effect> {
    if !model.may_be_in_the_dark() {
        return Vec::new();
    }
    model.ahead.woken = None;
    model.drop_plan();
    if model.begun.is_none() {
        return vec![Effect::PowerOff];
    }
    model.ahead.switches_off = true;
    close(model, reason)
}

/// Somebody is there, and sees the screen.
pub(super) fn is_seen(model: &mut Model) {
    (model.ahead.woken, model.ahead.switches_off) = (None, false);
}

/// A second has passed. One in which the PC could not have been switched off does not count.
pub(super) fn tick(model: &mut Model) {
    if model.ahead.woken.is_some() && !model.may_be_in_the_dark() {
        model.ahead.woken = Some(model.ticks);
    }
}

/// To the question of one locked drive, from what is shown of it.
pub(super) fn ask_for_unlock(model: &mut Model, no: DriveNo) {
    if !model.is_unlocking(no) {
        model.ahead.unlocks.remove(&no);
    }
    (model.ahead.shown, model.ahead.pick) = (Some(no), None);
    model.go(Screen::Unlock);
}

pub(super) fn unlock(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let Some(no) = model.ahead.shown else { return back_to_drives(model) };
    let open = matches!(model.ahead.unlocks.get(&no), None | Some(Unlock::Declined));
    match cmd {
        Cmd::Rescue => to_rescue(model),
        Cmd::Back => back_to_drives(model),
        Cmd::Up | Cmd::Down | Cmd::Pick(_) if open => {
            pick(model, cmd);
            Vec::new()
        }
        Cmd::Next if open => decide_unlock(model, no),
        Cmd::Next if !model.is_unlocking(no) => to_plan(model),
        _ => Vec::new(),
    }
}

fn decide_unlock(model: &mut Model, no: DriveNo) -> Vec<Effect> {
    let texts = model.texts().unlock.clone();
    match model.ahead.pick {
        None => say_problem(model, &texts.choose, &texts.choose_do),
        Some(0) if model.journal != Journal::Saved => {
            say_problem(model, &texts.not_saved, &texts.not_saved_do)
        }
        Some(0) if model.unlockable().contains(&no) && !model.is_fixed() => {
            model.ahead.unlocks.insert(no, Unlock::Asked);
            vec![Effect::Unlock(no)]
        }
        Some(0) => say_problem(model, &texts.gone, &texts.gone_do),
        Some(_) => {
            model.ahead.unlocks.insert(no, Unlock::Declined);
            to_plan(model)
        }
    }
}

/// The answer to an unlocking.
pub(super) fn unlocked(model: &mut Model, no: DriveNo, answer: Result<(), UnlockProblem>) {
    if !model.is_unlocking(no) {
        return;
    }
    let (texts, name) = (model.texts().unlock.clone(), crate::words::drive_name(model, no));
    let shown = model.screen == Screen::Unlock && model.ahead.shown == Some(no);
    let (gravity, what, todo) = match &answer {
        Ok(()) => (Gravity::Info, fill(&texts.done, &[("names", &name)]), texts.done_do.clone()),
        Err(problem) => {
            let (what, todo) = crate::words::unlock_problem(model.texts(), problem);
            (Gravity::Problem, what, todo)
        }
    };
    if !shown && !model.is_fixed() {
        model.say(gravity, &what, &todo);
    }
    model.ahead.unlocks.insert(no, answer.map_or_else(Unlock::Failed, |()| Unlock::Done));
}

fn back_to_drives(model: &mut Model) -> Vec<Effect> {
    model.drop_plan();
    model.go(Screen::Drives);
    Vec::new()
}
