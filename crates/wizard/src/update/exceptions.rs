//! An exception for one drive: reason, substitute measure, approver and deadline, or none.

use super::people::{name_key, tell_if_full};
use crate::exceptions::{Exception, ExceptionFocus};
use crate::field::same_person;
use crate::keymap::Cmd;
use crate::parts::Gravity;
use crate::{Effect, Model, Screen, day};
use model::DriveNo;

/// Asks for an exception, or takes the one that was given back.
pub(super) fn ask(model: &mut Model, no: DriveNo) {
    if model.ahead.exceptions.remove(&no).is_some() {
        let texts = model.texts().exception.clone();
        model.say(Gravity::Info, &texts.withdrawn, &texts.withdrawn_do);
        return;
    }
    // What was written for another drive often holds for this one, but somebody reads it again.
    model.ahead.exception.focus = ExceptionFocus::Reason;
    model.go(Screen::Exception);
}

pub(super) fn exception(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let form = &mut model.ahead.exception;
    match (cmd, form.focus) {
        (Cmd::NextField, _) => turn_focus(model, 1),
        (Cmd::PreviousField, _) => turn_focus(model, ExceptionFocus::ALL.len() - 1),
        (Cmd::Type(c), ExceptionFocus::Deadline) => {
            let pushed = form.deadline.push(c);
            tell_if_full(model, pushed);
        }
        (Cmd::Rubout, ExceptionFocus::Deadline) => form.deadline.pop(),
        (Cmd::Type(_) | Cmd::Rubout | Cmd::OpenList | Cmd::Kana, _) => name_key(model, cmd),
        (Cmd::Back, _) => model.go(Screen::DriveDetail),
        (Cmd::Next, focus) => leave_field(model, focus),
        _ => {}
    }
    Vec::new()
}

fn turn_focus(model: &mut Model, by: usize) {
    let form = &mut model.ahead.exception;
    let at = ExceptionFocus::ALL.iter().position(|focus| *focus == form.focus).unwrap_or(0);
    if let Some(focus) = ExceptionFocus::ALL.get((at + by) % ExceptionFocus::ALL.len()) {
        form.focus = *focus;
    }
}

/// Enter: on to the next field; from the last one back to the drive, once everything is in order.
fn leave_field(model: &mut Model, focus: ExceptionFocus) {
    let last = focus == ExceptionFocus::Deadline;
    match fault(model) {
        Some((bad, what, todo)) if last || bad == focus => {
            model.ahead.exception.focus = bad;
            model.say(Gravity::Problem, &what, &todo);
        }
        _ if !last => turn_focus(model, 1),
        _ => take(model),
    }
}

fn fault(model: &Model) -> Option<(ExceptionFocus, String, String)> {
    let (texts, form) = (&model.texts().exception, &model.ahead.exception);
    let approver = form.approver.value();
    let deadline = day::read(form.deadline.value());
    let past = || matches!((&deadline, model.today()), (Some(day), Some(today)) if day.as_str() < today);
    let (focus, what, todo) = if form.reason.value().is_empty() {
        (ExceptionFocus::Reason, &texts.no_reason, &texts.no_reason_do)
    } else if form.measure.value().is_empty() {
        (ExceptionFocus::Measure, &texts.no_measure, &texts.no_measure_do)
    } else if approver.is_empty() {
        (ExceptionFocus::Approver, &texts.no_approver, &texts.no_approver_do)
    } else if same_person(approver, model.people.operator()) {
        (ExceptionFocus::Approver, &texts.same, &texts.same_do)
    } else if deadline.is_none() {
        (ExceptionFocus::Deadline, &texts.no_day, &texts.no_day_do)
    } else if past() {
        (ExceptionFocus::Deadline, &texts.past, &texts.past_do)
    } else {
        return None;
    };
    Some((focus, what.clone(), todo.clone()))
}

fn take(model: &mut Model) {
    let (texts, form) = (model.texts().exception.clone(), &model.ahead.exception);
    let day = day::read(form.deadline.value());
    if let (Some(drive), Some(deadline)) = (model.ahead.shown.filter(|no| model.may_except(*no)), day) {
        let exception = Exception {
            drive,
            reason: form.reason.value().to_owned(),
            measure: form.measure.value().to_owned(),
            approver: form.approver.value().to_owned(),
            deadline,
        };
        model.ahead.exceptions.insert(drive, exception);
        model.say(Gravity::Problem, &texts.done, &texts.done_do);
    }
    model.go(Screen::DriveDetail);
}
