//! Drives, plan, confirmation: the steps that lead to what cannot be undone.

use super::ahead::{ask_for_sleep, next_stop};
use super::run::{close, to_rescue};
use super::{bench, detail, labels};
use super::{neighbour, power, scroll, stale};
use crate::keymap::Cmd;
use crate::parts::{Closing, Gravity, PlanState, Presence};
use crate::{CloseReason, Effect, Journal, Model, Purpose, ScanState, Screen, SessionAnswers};
use model::{DriveNo, Eligibility};
use policy::{Action, Confirmation, DrivePlan, SessionPlan};

/// Digits of a plan's code.
const CODE_DIGITS: usize = 6;

pub(super) fn drives(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => {
            let numbers: Vec<DriveNo> = model.drives.rows.iter().map(|row| row.drive.no).collect();
            model.drives.cursor = neighbour(&numbers, model.drives.cursor, cmd);
        }
        Cmd::Pick(number) => {
            let no = DriveNo(number.into());
            if model.drives.rows.iter().any(|row| row.drive.no == no) {
                model.drives.cursor = Some(no);
            }
        }
        Cmd::Toggle => toggle(model),
        Cmd::Rescan => return rescan(model),
        Cmd::Info => detail::open(model, model.drives.cursor),
        Cmd::Back => model.go(Screen::Class),
        Cmd::Abandon => model.go(Screen::Abandon),
        Cmd::Next if model.next_nameless().is_some() => {
            model.next_nameless().into_iter().for_each(|no| labels::ask(model, no));
        }
        Cmd::Next if model.selection().is_empty() => {
            let texts = model.texts().drives.clone();
            model.say(Gravity::Problem, &texts.choose_one, &texts.choose_one_do);
        }
        Cmd::Next if model.is_bench() => bench::ask_assets(model),
        Cmd::Next => return to_plan(model),
        Cmd::RecordOnly if model.selection().is_empty() => return to_plan(model),
        Cmd::Rescue => return to_rescue(model),
        _ => {}
    }
    Vec::new()
}

fn toggle(model: &mut Model) {
    let Some(row) = model.drives.rows.iter().find(|row| Some(row.drive.no) == model.drives.cursor) else {
        return;
    };
    let no = row.drive.no;
    let here = row.presence == Presence::Here;
    if here && model.wants_label(&row.drive) && !model.labels.serials.contains_key(&no) {
        labels::ask(model, no);
        return;
    }
    if model.is_offered(row) {
        match (model.selection().contains(&no), model.wants_word(&row.drive)) {
            (true, _) => {
                model.drives.selected.remove(&no);
                // Whoever means it again gives the word again.
                model.labels.vouched.remove(&no);
            }
            (false, true) => bench::ask_word(model, no),
            (false, false) => drop(model.drives.selected.insert(no)),
        }
        return;
    }
    let texts = model.texts();
    let why = match (&row.drive.eligibility, row.presence) {
        (_, Presence::Gone) => crate::words::gone(model, no).to_owned(),
        (Eligibility::Ineligible(reasons), _) => {
            reasons.first().map(|reason| crate::words::ineligible(texts, reason)).unwrap_or_default()
        }
        (Eligibility::Eligible, _) => String::new(),
    };
    let what = texts.drives.not_eligible.clone();
    model.say(Gravity::Problem, &what, &why);
}

fn rescan(model: &mut Model) -> Vec<Effect> {
    model.drives.scan = ScanState::Settling;
    let texts = model.texts().drives.clone();
    model.say(Gravity::Info, &texts.rescanning, &texts.rescanning_do);
    vec![Effect::Rescan]
}

/// From the drives to the plan, by way of what is asked before it.
pub(super) fn to_plan(model: &mut Model) -> Vec<Effect> {
    if model.drives.scan != ScanState::Done {
        let texts = model.texts().drives.clone();
        model.say(Gravity::Problem, &texts.wait, &texts.wait_do);
        return Vec::new();
    }
    if let Some(effects) = stale::by_the_drives(model) {
        return effects;
    }
    let Some(answers) = model.answers() else { return Vec::new() };
    model.plan = PlanState::Shown(model.make_plan(answers.class));
    let stop = next_stop(model);
    match stop {
        Screen::Plan => go_to_plan(model),
        other => model.go(other),
    }
    record(model, answers)
}

/// To the plan's first drive of which it says more than that it is left alone.
pub(super) fn go_to_plan(model: &mut Model) {
    model.go(Screen::Plan);
    let meant = |line: &DrivePlan| !matches!(line.action, Action::Leave(_));
    model.cursor = model.plan().and_then(|plan| plan.drives.iter().position(meant)).unwrap_or(0);
}

/// Has the log say what was answered, if it says something else.
pub(super) fn record(model: &mut Model, answers: SessionAnswers) -> Vec<Effect> {
    if model.begun.as_ref() == Some(&answers) {
        return Vec::new();
    }
    model.begun = Some(answers.clone());
    // Only what the program says from now on counts: the confirmation waits for it.
    model.journal = Journal::Saving;
    vec![Effect::BeginSession(answers)]
}

pub(super) fn plan(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let Some(plan) = model.plan() else { return Vec::new() };
    let line = plan.drives.get(model.cursor).map(|line| line.drive);
    let destructive = plan.is_destructive();
    match cmd {
        Cmd::Toggle | Cmd::Thaw if model.is_stale() => {}
        Cmd::Next if model.is_stale() => return stale::renew(model, line),
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Toggle => return toggle_handover(model, line),
        Cmd::Detail => {
            model.detail_of = line;
            model.go(Screen::PlanDetail);
        }
        Cmd::Info => detail::open(model, line),
        Cmd::Thaw => return ask_for_sleep(model),
        Cmd::Next if destructive => {
            model.typed.clear();
            model.seen = 0;
            model.go(Screen::Confirm);
            power::warn(model);
            mark_seen(model);
        }
        Cmd::Next => model.go(Screen::RecordOnly),
        Cmd::Back => {
            model.drop_plan();
            model.go(Screen::Drives);
        }
        Cmd::Abandon => model.go(Screen::Abandon),
        Cmd::Rescue => return to_rescue(model),
        _ => {}
    }
    Vec::new()
}

/// 引渡前の消去 for one drive, on or off; the plan is made anew, so its code changes too.
fn toggle_handover(model: &mut Model, line: Option<DriveNo>) -> Vec<Effect> {
    let (Some(no), Some(class)) = (line, model.class) else { return Vec::new() };
    if !model.drives.turned.remove(&no) {
        model.drives.turned.insert(no);
    }
    model.plan = PlanState::Shown(model.make_plan(class.class));
    // An exception that is not made use of any more does not stand in the log.
    model.answers().map_or_else(Vec::new, |answers| record(model, answers))
}

pub(super) fn plan_detail(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Back => {
            let at =
                model.plan().and_then(|p| p.drives.iter().position(|d| Some(d.drive) == model.detail_of));
            model.go(Screen::Plan);
            model.cursor = at.unwrap_or(0);
        }
        _ => {}
    }
    Vec::new()
}

/// Notes which of the drives to be erased are on the confirmation screen.
pub(super) fn mark_seen(model: &mut Model) {
    if model.screen == Screen::Confirm && model.fits() {
        model.cursor = model.cursor.min(model.list_len().saturating_sub(1));
        model.seen = model.seen.max(model.cursor + model.confirm_page());
    }
}

pub(super) fn confirm(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => {
            scroll(model, cmd);
            mark_seen(model);
        }
        Cmd::Type(digit) if model.typed.len() < CODE_DIGITS => model.typed.push(digit),
        Cmd::Rubout => {
            model.typed.pop();
        }
        Cmd::Back => {
            model.typed.clear();
            go_to_plan(model);
        }
        Cmd::Rescue => return to_rescue(model),
        Cmd::Next => return try_code(model),
        _ => {}
    }
    Vec::new()
}

/// Enter on the confirmation screen: nothing without the code, and nothing while the journal is not saved.
fn try_code(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts().confirm.clone();
    let PlanState::Shown(plan) = &model.plan else { return Vec::new() };
    if model.typed.is_empty() {
        model.say(Gravity::Problem, &texts.empty, &texts.empty_do);
        return Vec::new();
    }
    let Ok(confirmation) = Confirmation::new(plan, &model.typed) else {
        model.typed.clear();
        model.say(Gravity::Problem, &texts.wrong, &texts.wrong_do);
        return Vec::new();
    };
    if model.journal != Journal::Saved {
        model.say(Gravity::Problem, &texts.not_saved, &texts.not_saved_do);
        return Vec::new();
    }
    let plan = fix_plan(model, plan.clone());
    model.go(Screen::Progress);
    vec![Effect::Confirmed { plan, confirmation }]
}

fn fix_plan(model: &mut Model, plan: SessionPlan) -> SessionPlan {
    model.typed.clear();
    model.begun_at.clone_from(&model.clock.wall);
    model.begun_tick = model.ticks;
    model.plan = PlanState::Fixed(plan.clone());
    plan
}

pub(super) fn record_only(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Back => {
            go_to_plan(model);
            Vec::new()
        }
        Cmd::Record => {
            let PlanState::Shown(plan) = &model.plan else { return Vec::new() };
            if plan.is_destructive() {
                return Vec::new();
            }
            let plan = fix_plan(model, plan.clone());
            model.go(Screen::Results);
            vec![Effect::RecordOnly { plan }]
        }
        Cmd::Rescue => to_rescue(model),
        _ => Vec::new(),
    }
}

pub(super) fn abandon(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Yes => {
            let by_button = model.off_from.take().is_some();
            model.drop_plan();
            if model.begun.is_none() {
                model.go(Screen::Finish);
                model.closing = Closing::Needless;
                // Whoever pressed the button has said what they want.
                return if by_button { vec![Effect::PowerOff] } else { Vec::new() };
            }
            close(model, CloseReason::Abandoned)
        }
        Cmd::Back => {
            model.drop_plan();
            let before = model.off_from.take().filter(|from| is_before_the_drives(*from));
            model.go(match (&model.policy_trouble, model.class, before) {
                (Some(_), ..) => Screen::PolicyProblem,
                (None, _, Some(from)) => from,
                (None, Some(_), None) if model.purpose == Purpose::ByHand => Screen::ByHand,
                (None, Some(_), None) => Screen::Drives,
                (None, None, None) => Screen::Class,
            });
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Whether a screen comes before the drives: from those on, what is shown follows from a plan that the question drops.
fn is_before_the_drives(screen: Screen) -> bool {
    matches!(screen, Screen::Language | Screen::Sticks | Screen::Past | Screen::Class)
}
