//! On a bench: drives that were taken out of PCs, each with the number of its PC; and the workbench's own, which nobody
//! means.

use super::journey::to_plan;
use super::people::tell_if_full;
use crate::field::Field;
use crate::keymap::Cmd;
use crate::labels::is_on_label;
use crate::parts::{Gravity, StickUse};
use crate::texts::fill;
use crate::{AssetCheck, DrivesFrom, Effect, Model, Screen};
use model::DriveNo;

/// Where the drives sit, the other way round: what was chosen under the one says nothing under the other.
pub(super) fn turn(model: &mut Model) {
    model.drives.from = match model.drives.from {
        DrivesFrom::ThisPc => DrivesFrom::Bench,
        DrivesFrom::Bench => DrivesFrom::ThisPc,
    };
    model.labels.vouched.clear();
    model.labels.declined.clear();
    super::inventory::select_anew(&mut model.drives);
}

/// Asks for a word before a drive inside this PC is selected: it may be the workbench's own.
pub(super) fn ask_word(model: &mut Model, no: DriveNo) {
    model.ahead.shown = Some(no);
    model.labels.word = Field::default();
    model.go(Screen::Own);
}

pub(super) fn own(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Type(c) => {
            let pushed = model.labels.word.push(c);
            tell_if_full(model, pushed);
        }
        Cmd::Rubout => model.labels.word.pop(),
        Cmd::Back => model.go(Screen::Drives),
        Cmd::Next => take_word(model),
        _ => {}
    }
    Vec::new()
}

fn take_word(model: &mut Model) {
    let texts = model.texts().own.clone();
    let typed = model.labels.word.value().to_owned();
    let Some(no) = model.ahead.shown.filter(|no| model.here(*no).is_some()) else {
        model.go(Screen::Drives);
        return;
    };
    if typed.is_empty() {
        return model.say(Gravity::Problem, &texts.empty, &texts.empty_do);
    }
    model.labels.word = Field::default();
    if !is_on_label(&typed, &model.serial_of(no)) {
        return model.say(Gravity::Problem, &texts.wrong, &texts.wrong_do);
    }
    model.labels.vouched.insert(no);
    model.drives.selected.insert(no);
    model.go(Screen::Drives);
    model.say(Gravity::Info, &texts.taken, &texts.taken_do);
}

/// To the numbers of the PCs from which the drives were taken, at the first that is not given.
pub(super) fn ask_assets(model: &mut Model) {
    let selected = model.selection();
    let open = selected.iter().find(|no| model.bench_asset(**no).is_empty());
    model.labels.at = open.or(selected.first()).copied();
    model.go(Screen::Assets);
}

pub(super) fn assets(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let selected = model.selection();
    let at = model.labels.at.and_then(|no| selected.iter().position(|other| *other == no)).unwrap_or(0);
    let Some(no) = selected.get(at).copied() else {
        model.go(Screen::Drives);
        return Vec::new();
    };
    model.labels.at = Some(no);
    let turn = |by: usize| selected.get((at + by) % selected.len()).copied();
    match cmd {
        Cmd::Type(c) => {
            let pushed = model.labels.assets.entry(no).or_default().push(c);
            tell_if_full(model, pushed);
        }
        Cmd::Rubout => model.labels.assets.entry(no).or_default().pop(),
        Cmd::NextField => model.labels.at = turn(1),
        Cmd::PreviousField => model.labels.at = turn(selected.len() - 1),
        Cmd::Back => model.go(Screen::Drives),
        Cmd::Next => return leave_asset(model, no, selected.get(at + 1).copied()),
        _ => {}
    }
    Vec::new()
}

/// Enter: on to the next drive; from the last one to the plan, once every number is given.
fn leave_asset(model: &mut Model, no: DriveNo, next: Option<DriveNo>) -> Vec<Effect> {
    let texts = model.texts().people.clone();
    let open = |model: &Model, no: DriveNo| model.bench_asset(no).is_empty();
    if open(model, no) {
        model.say(Gravity::Problem, &texts.empty_asset, &model.texts().assets.empty_do.clone());
        return Vec::new();
    }
    if look_up(model, no) {
        model.say(Gravity::Problem, &texts.not_listed, &texts.doubtful_do);
        return Vec::new();
    }
    if next.is_some() {
        model.labels.at = next;
        return Vec::new();
    }
    // Nobody gets past an empty or a doubtful number by Tab.
    for other in model.selection() {
        if open(model, other) {
            model.labels.at = Some(other);
            model.say(Gravity::Problem, &texts.empty_asset, &model.texts().assets.empty_do.clone());
            return Vec::new();
        }
        if look_up(model, other) {
            model.labels.at = Some(other);
            model.say(Gravity::Problem, &texts.not_listed, &texts.doubtful_do);
            return Vec::new();
        }
    }
    to_plan(model)
}

/// Holds the number against the office's asset list; whether the list does not have it, which is said once a number.
fn look_up(model: &mut Model, no: DriveNo) -> bool {
    let number = model.bench_asset(no).to_owned();
    let StickUse::Open(info) = &model.sticks.used else { return false };
    let Some(list) = info.assets.clone() else {
        model.labels.checks.remove(&no);
        return false;
    };
    let listed = crate::assets::Listed::of(&list, &number, "");
    if listed.check == AssetCheck::Listed {
        let what = fill(&model.texts().people.listed, &[("about", &listed.about)]);
        model.say(Gravity::Info, &what, "");
    }
    let doubtful = listed.check.is_doubtful();
    model.labels.checks.insert(no, listed.check);
    doubtful && model.labels.doubted.insert(number)
}
