//! A plan from before drives came, went or changed: it stays to be read, and only a new one follows from it.

use super::inventory::Changes;
use super::journey::{drives, go_to_plan, to_plan};
use crate::ahead::Unlock;
use crate::keymap::Cmd;
use crate::parts::{BeforeChange, Gravity, PlanState, StalePlan};
use crate::texts::fill;
use crate::{Effect, Model, Screen};
use model::DriveNo;
use std::collections::BTreeSet;

/// What is so before drives change, where a plan would be made stale by that.
pub(super) fn before(model: &Model) -> BeforeChange {
    match model.plan {
        PlanState::Shown(_) => BeforeChange {
            selected: model.selection().into_iter().collect(),
            thawable: model.thawable().into_iter().collect(),
        },
        PlanState::None | PlanState::Stale(_) | PlanState::Fixed(_) => BeforeChange::default(),
    }
}

/// A plan on the screen stays there with its lines, for somebody may be reading it, but nothing follows from it any more.
pub(super) fn outdate(model: &mut Model, changes: &Changes, before: BeforeChange) {
    let mut stale = match std::mem::take(&mut model.plan) {
        PlanState::Shown(plan) => StalePlan { plan, before, came: BTreeSet::new(), changed: BTreeSet::new() },
        PlanState::Stale(stale) => stale,
        other => {
            model.plan = other;
            return;
        }
    };
    stale.came.extend(&changes.came);
    stale.changed.extend(changes.left.iter().chain(&changes.changed));
    model.plan = PlanState::Stale(stale);
    model.typed.clear();
    model.seen = 0;
    let asks = |screen| matches!(screen, Screen::Confirm | Screen::RecordOnly);
    if asks(model.rescue_from) {
        model.rescue_from = Screen::Plan;
    }
    if asks(model.screen) {
        go_to_plan(model);
    }
}

/// Makes the plan anew.
pub(super) fn renew(model: &mut Model, line: Option<DriveNo>) -> Vec<Effect> {
    let effects = to_plan(model);
    // Whoever was reading a line reads on there.
    let at = model.plan().and_then(|plan| plan.drives.iter().position(|other| Some(other.drive) == line));
    if let (Screen::Plan, Some(at)) = (model.screen, at) {
        model.cursor = at;
    }
    effects
}

/// From a stale plan back to the drives, where more is to be seen or said there before the next plan: a drive that came and
/// is to be erased, for nobody has seen it in the list, or one that is to be erased without anybody having said so; numbers
/// that are missing; that none is left.
pub(super) fn by_the_drives(model: &mut Model) -> Option<Vec<Effect>> {
    let PlanState::Stale(stale) = &model.plan else { return None };
    let selection = model.selection();
    // Whoever unlocked a drive did so to erase it.
    let meant = |no: &DriveNo| {
        stale.before.selected.contains(no) || model.ahead.unlocks.get(no) == Some(&Unlock::Done)
    };
    let unseen = |no: &&DriveNo| stale.came.contains(no) || !meant(no);
    let unseen: Vec<DriveNo> = selection.iter().filter(unseen).copied().collect();
    let named = !model.is_bench() || selection.iter().all(|no| !model.bench_asset(*no).is_empty());
    let unsaid =
        model.next_nameless().is_some() || !named || (stale.plan.is_destructive() && selection.is_empty());
    if unseen.is_empty() && !unsaid {
        return None;
    }
    model.drop_plan();
    model.go(Screen::Drives);
    let Some(first) = unseen.first() else { return Some(drives(model, Cmd::Next)) };
    model.drives.cursor = Some(*first);
    let (texts, names) = (model.texts().drives.clone(), crate::words::drive_names(model, &unseen));
    model.say(Gravity::Problem, &fill(&texts.selected_since, &[("names", &names)]), &texts.selected_since_do);
    Some(Vec::new())
}
