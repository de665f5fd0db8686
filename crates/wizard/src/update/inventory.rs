//! Drives that come and go. Lines stay where they are; of a plan made from other facts only its picture stays.

use super::stale;
use crate::parts::{BeforeChange, DriveRow, Drives, Gravity, PlanState, Presence, StickUse};
use crate::texts::fill;
use crate::{DrivesFrom, Model, Screen};
use model::{Drive, DriveNo, Eligibility, Ineligible};

/// What a new inventory changed, by drive number.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) came: Vec<DriveNo>,
    pub(super) left: Vec<DriveNo>,
    pub(super) changed: Vec<DriveNo>,
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
    let before = stale::before(model);
    let changes = merge(&mut model.drives, drives);
    for no in &changes.others {
        model.ahead.forget(*no);
        model.labels.forget(*no);
    }
    if !changes.is_empty() {
        tell(model, &changes, before);
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

fn tell(model: &mut Model, changes: &Changes, before: BeforeChange) {
    match model.screen {
        // What was counted down for is not what is there.
        Screen::Unattended => model.drop_plan(),
        _ => stale::outdate(model, changes, before),
    }
    let settled = model.drives.scan == crate::ScanState::Done;
    let on = match (model.screen, &model.plan) {
        (Screen::Plan | Screen::PlanDetail, PlanState::Stale(_)) => On::Plan,
        (Screen::Drives, _) if settled => On::List,
        _ => return,
    };
    announce(model, changes, on);
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
        Changes { came, .. } if !came.is_empty() => {
            let selected = came.iter().any(|no| model.selection().contains(no));
            let on_plan = if selected { plan.stale_selected_do } else { plan.stale_came_do };
            (came, texts.came, texts.came_do, on_plan)
        }
        Changes { changed, .. } => (changed, texts.changed, texts.changed_do, plan.stale_do),
    };
    let names = crate::words::drive_names(model, numbers);
    let todo = match on {
        On::List => on_list,
        On::Plan => on_plan,
    };
    model.say(Gravity::Problem, &fill(&what, &[("names", &names)]), &todo);
}
