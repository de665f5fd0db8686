//! One drive: what is known of it, its hidden areas, its answers for the office; and what a person attests of it.

use super::ahead::ask_for_unlock;
use super::journey::to_plan;
use super::people::{name_key, tell_if_full};
use super::scroll;
use super::{exceptions, labels};
use crate::ahead::{AttestFocus, AttestForm};
use crate::keymap::Cmd;
use crate::parts::{Gravity, PlanState};
use crate::texts::fill;
use crate::{Attestation, Effect, Model, ProbeProblem, ScanState, Screen, Statement};
use model::DriveNo;

/// Shows one drive.
pub(super) fn open(model: &mut Model, no: Option<DriveNo>) {
    if no.is_some() {
        model.ahead.shown = no;
        model.go(Screen::DriveDetail);
    }
}

pub(super) fn drive_detail(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let Some(no) = model.ahead.shown else { return leave(model) };
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Back => return leave(model),
        Cmd::Probe => return probe(model, no),
        Cmd::RestoreDco if model.may_restore_dco(no) => toggle_dco(model, no),
        Cmd::Attest if model.may_attest(no) => {
            model.ahead.form = AttestForm::default();
            model.go(Screen::Attest);
        }
        Cmd::Except if model.may_except(no) || model.ahead.exceptions.contains_key(&no) => {
            exceptions::ask(model, no);
        }
        Cmd::Label if model.here(no).is_some_and(|drive| model.wants_label(drive)) => labels::ask(model, no),
        Cmd::Unlock if model.unlockable().contains(&no) => ask_for_unlock(model, no),
        _ => {}
    }
    Vec::new()
}

/// Back to where it was opened: the plan, made anew from what was chosen meanwhile, or the drives. One that drives have made
/// stale says so first.
fn leave(model: &mut Model) -> Vec<Effect> {
    if model.is_stale() {
        go_to_line(model);
        return Vec::new();
    }
    if !matches!(model.plan, PlanState::Shown(_)) || model.drives.scan != ScanState::Done {
        model.drop_plan();
        model.go(Screen::Drives);
        return Vec::new();
    }
    let effects = to_plan(model);
    if model.screen == Screen::Plan {
        go_to_line(model);
    }
    effects
}

/// To the plan's line of the drive that was shown.
fn go_to_line(model: &mut Model) {
    let shown = model.ahead.shown;
    let at = model.plan().and_then(|p| p.drives.iter().position(|line| Some(line.drive) == shown));
    model.go(Screen::Plan);
    model.cursor = at.unwrap_or(0);
}

fn toggle_dco(model: &mut Model, no: DriveNo) {
    let texts = model.texts().detail.clone();
    if model.ahead.restore_dco.remove(&no) {
        model.say(Gravity::Info, &texts.dco_off, &texts.dco_off_do);
    } else {
        model.ahead.restore_dco.insert(no);
        model.say(Gravity::Problem, &texts.dco_on, &texts.dco_on_do);
    }
}

fn probe(model: &mut Model, no: DriveNo) -> Vec<Effect> {
    let texts = model.texts().detail.clone();
    model.say(Gravity::Info, &texts.probing, &texts.probing_do);
    if model.ahead.probing.is_some() {
        return Vec::new();
    }
    model.ahead.probing = Some(no);
    vec![Effect::Probe(no)]
}

/// The answer to a probe.
pub(super) fn probed(model: &mut Model, answer: Result<String, ProbeProblem>) {
    if model.ahead.probing.take().is_none() {
        return;
    }
    let texts = model.texts().clone();
    let (gravity, what, todo) = match answer {
        Ok(file) => {
            let what = fill(&texts.detail.probed, &[("names", &file)]);
            (Gravity::Info, what, texts.detail.probed_do.clone())
        }
        Err(ProbeProblem::Stick(problem)) => {
            let (what, todo) = crate::words::stick_problem(&texts, &problem);
            (Gravity::Problem, what, todo)
        }
        Err(ProbeProblem::Drive(failure)) => {
            let failure = crate::cause::told(&texts, &failure).to_owned();
            let what = fill(&texts.detail.not_probed, &[("failure", &failure)]);
            (Gravity::Problem, what, texts.detail.not_probed_do.clone())
        }
    };
    model.say(gravity, &what, &todo);
}

pub(super) fn attest(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let form = &mut model.ahead.form;
    match (cmd, form.focus) {
        (Cmd::NextField, _) => turn_focus(form, 1),
        (Cmd::PreviousField, _) => turn_focus(form, AttestFocus::ALL.len() - 1),
        (Cmd::Toggle, AttestFocus::Statement(statement)) => {
            let ticked = !form.ticked.remove(&statement);
            form.ticked.extend(ticked.then_some(statement));
        }
        (Cmd::Type(c), AttestFocus::Cipher) => {
            let pushed = form.cipher.push(c);
            tell_if_full(model, pushed);
        }
        (Cmd::Rubout, AttestFocus::Cipher) => form.cipher.pop(),
        (Cmd::Type(_) | Cmd::Rubout | Cmd::OpenList | Cmd::Kana, _) => name_key(model, cmd),
        (Cmd::Withdraw, _) => withdraw(model),
        (Cmd::Back, _) => model.go(Screen::DriveDetail),
        (Cmd::Next, AttestFocus::Name) => try_attest(model),
        (Cmd::Next, _) => turn_focus(form, 1),
        _ => {}
    }
    Vec::new()
}

fn turn_focus(form: &mut AttestForm, by: usize) {
    let at = AttestFocus::ALL.iter().position(|focus| *focus == form.focus).unwrap_or(0);
    if let Some(focus) = AttestFocus::ALL.get((at + by) % AttestFocus::ALL.len()) {
        form.focus = *focus;
    }
}

fn withdraw(model: &mut Model) {
    if let Some(no) = model.ahead.shown {
        model.ahead.attestations.remove(&no);
    }
    let texts = model.texts().attest.clone();
    model.go(Screen::DriveDetail);
    model.say(Gravity::Info, &texts.withdrawn, &texts.withdrawn_do);
}

/// Every statement ticked, the cipher and the name given: nothing less is an attestation.
fn try_attest(model: &mut Model) {
    let (texts, form) = (model.texts().attest.clone(), &model.ahead.form);
    let missing = Statement::ALL.into_iter().find(|statement| !form.ticked.contains(statement));
    let fault = if let Some(statement) = missing {
        Some((AttestFocus::Statement(statement), &texts.not_ticked, &texts.not_ticked_do))
    } else if form.cipher.value().is_empty() {
        Some((AttestFocus::Cipher, &texts.no_cipher, &texts.no_cipher_do))
    } else if form.name.value().is_empty() {
        Some((AttestFocus::Name, &texts.no_name, &texts.no_name_do))
    } else {
        None
    };
    if let Some((focus, what, todo)) = fault {
        model.ahead.form.focus = focus;
        model.say(Gravity::Problem, what, todo);
        return;
    }
    let Some(drive) = model.ahead.shown.filter(|no| model.may_attest(*no)) else {
        model.go(Screen::DriveDetail);
        return;
    };
    let (by, cipher) = (form.name.value().to_owned(), form.cipher.value().to_owned());
    model.ahead.attestations.insert(drive, Attestation { drive, by, cipher });
    model.go(Screen::DriveDetail);
    model.say(Gravity::Info, &texts.done, &texts.done_do);
}
