//! Drives that come and go. Lines stay where they are; of a plan made from other facts only its picture stays.

use super::journey::go_to_plan;
use crate::parts::{DriveRow, Drives, Gravity, PlanState, Presence, StalePlan, StickUse};
use crate::texts::fill;
use crate::{DrivesFrom, Model, Screen};
use model::{Drive, DriveNo, Eligibility, Ineligible};
use std::collections::BTreeSet;

/// What a new inventory changed, by drive number.
#[derive(Debug, Default)]
struct Changes {
    came: Vec<DriveNo>,
    left: Vec<DriveNo>,
    changed: Vec<DriveNo>,
    /// Of those that changed: another drive under the same number.
    others: Vec<DriveNo>,
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.came.is_empty() && self.left.is_empty() && self.changed.is_empty()
    }
}

/// Takes the inventory as it is now.
pub(super) fn refresh(model: &mut Model, mut drives: Vec<Drive>) {
    for drive in &mut drives {
        guard_results_stick(model, drive);
    }
    let changes = merge(&mut model.drives, drives);
    for no in &changes.others {
        model.ahead.forget(*no);
        model.labels.forget(*no);
    }
    if !changes.is_empty() {
        tell(model, &changes);
    }
}

/// Looks at the drives again after a results stick was opened.
pub(super) fn guard_all(model: &mut Model) {
    let drives = model.present();
    refresh(model, drives);
}

/// The stick in use is never offered, whatever the inventory says of it.
fn guard_results_stick(model: &Model, drive: &mut Drive) {
    let no = match &model.sticks.used {
        StickUse::Open(info) => info.no,
        StickUse::Opening(no) => *no,
        StickUse::None => return,
    };
    let Some(stick) = model.stick(no) else { return };
    let same = !stick.serial.is_empty() && stick.serial == drive.identity.serial;
    if same && drive.eligibility.is_eligible() {
        drive.eligibility = Eligibility::Ineligible(vec![Ineligible::ResultsStick]);
    }
}

fn merge(list: &mut Drives, drives: Vec<Drive>) -> Changes {
    let mut changes = Changes::default();
    for row in &mut list.rows {
        let gone = !drives.iter().any(|drive| drive.no == row.drive.no);
        if gone && row.presence == Presence::Here {
            row.presence = Presence::Gone;
            changes.left.push(row.drive.no);
        }
    }
    for drive in drives {
        match list.rows.iter_mut().find(|row| row.drive.no == drive.no) {
            None => {
                changes.came.push(drive.no);
                select_by_default(list, &drive);
                list.rows.push(DriveRow { drive, presence: Presence::Here });
            }
            Some(row) => {
                if row.presence == Presence::Gone {
                    row.presence = Presence::Here;
                    changes.came.push(drive.no);
                }
                if row.drive != drive {
                    changes.changed.push(drive.no);
                    let first_offered =
                        drive.eligibility.is_eligible() && !row.drive.eligibility.is_eligible();
                    let other = row.drive.identity != drive.identity || row.drive.medium != drive.medium;
                    row.drive = drive.clone();
                    if other {
                        list.selected.remove(&drive.no);
                        list.turned.remove(&drive.no);
                        changes.others.push(drive.no);
                    }
                    if first_offered || other {
                        select_by_default(list, &drive);
                    }
                }
            }
        }
    }
    list.rows.sort_by_key(|row| row.drive.no);
    if list.cursor.is_none() {
        list.cursor = list.rows.first().map(|row| row.drive.no);
    }
    changes
}

/// Selects what is selected by itself, and nothing else.
pub(super) fn select_anew(list: &mut Drives) {
    list.selected.clear();
    let here: Vec<Drive> =
        list.rows.iter().filter(|row| row.presence == Presence::Here).map(|row| row.drive.clone()).collect();
    here.iter().for_each(|drive| select_by_default(list, drive));
}

/// The PC's own drives are what it is about; what hangs on USB may belong to anybody. On a bench nothing is: what is
/// inside the PC is its own.
fn select_by_default(list: &mut Drives, drive: &Drive) {
    let meant = list.from == DrivesFrom::ThisPc && drive.is_internal();
    if meant && drive.eligibility.is_eligible() {
        list.selected.insert(drive.no);
    }
}

fn tell(model: &mut Model, changes: &Changes) {
    match model.screen {
        // What was counted down for is not what is there.
        Screen::Unattended => model.drop_plan(),
        _ => outdate(model, changes),
    }
    let settled = model.drives.scan == crate::ScanState::Done;
    let on = match (model.screen, &model.plan) {
        (Screen::Plan | Screen::PlanDetail, PlanState::Stale(_)) => On::Plan,
        (Screen::Drives, _) if settled => On::List,
        _ => return,
    };
    announce(model, changes, on);
}

/// A plan on the screen stays there with its lines, for somebody may be reading it, but nothing follows from it any more.
fn outdate(model: &mut Model, changes: &Changes) {
    let (plan, mut changed) = match std::mem::take(&mut model.plan) {
        PlanState::Shown(plan) => (plan, BTreeSet::new()),
        PlanState::Stale(stale) => (stale.plan, stale.changed),
        other => {
            model.plan = other;
            return;
        }
    };
    changed.extend(changes.left.iter().chain(&changes.came).chain(&changes.changed));
    model.plan = PlanState::Stale(StalePlan { plan, changed });
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

/// Where changes are told.
#[derive(Debug, Clone, Copy)]
enum On {
    List,
    Plan,
}

/// Names the drives, and says what to do there.
fn announce(model: &mut Model, changes: &Changes, on: On) {
    let (texts, plan) = (model.texts().drives.clone(), model.texts().plan.clone());
    let (numbers, what, on_list, on_plan) = match changes {
        Changes { left, .. } if !left.is_empty() => (left, texts.left, texts.left_do, plan.stale_left_do),
        Changes { came, .. } if !came.is_empty() => (came, texts.came, texts.came_do, plan.stale_came_do),
        Changes { changed, .. } => (changed, texts.changed, texts.changed_do, plan.stale_do),
    };
    let names = crate::words::drive_names(model, numbers);
    let todo = match on {
        On::List => on_list,
        On::Plan => on_plan,
    };
    model.say(Gravity::Problem, &fill(&what, &[("names", &names)]), &todo);
}
