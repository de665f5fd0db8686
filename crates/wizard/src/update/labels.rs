//! The serial number on a drive's label, typed twice.

use super::people::tell_if_full;
use crate::keymap::Cmd;
use crate::labels::{LabelFocus, LabelForm, same_serial};
use crate::parts::Gravity;
use crate::texts::fill;
use crate::{Effect, Model, ScanState, Screen};
use model::DriveNo;

/// Asks for the serial number on the label of a drive.
pub(super) fn ask(model: &mut Model, no: DriveNo) {
    model.ahead.shown = Some(no);
    model.labels.form = LabelForm::default();
    model.go(Screen::Label);
}

pub(super) fn label(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Type(c) => {
            let pushed = model.labels.form.field().push(c);
            tell_if_full(model, pushed);
        }
        Cmd::Rubout => model.labels.form.field().pop(),
        Cmd::NextField | Cmd::PreviousField => {
            let form = &mut model.labels.form;
            form.focus = match form.focus {
                LabelFocus::Once => LabelFocus::Again,
                LabelFocus::Again => LabelFocus::Once,
            };
        }
        Cmd::Back => decline(model),
        Cmd::Next => return take(model),
        _ => {}
    }
    Vec::new()
}

/// Back to the list. A drive without a serial number stays as it is.
fn decline(model: &mut Model) {
    let given = model.ahead.shown.is_some_and(|no| model.labels.serials.contains_key(&no));
    model.labels.declined.extend(model.ahead.shown);
    model.drop_plan();
    model.go(Screen::Drives);
    if !given {
        let texts = model.texts().label.clone();
        model.say(Gravity::Info, &texts.declined, &texts.declined_do);
    }
}

/// Enter: from the first field to the second, from the second back to the list if both say the same.
fn take(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts().label.clone();
    let Some(no) = model.ahead.shown.filter(|no| model.here(*no).is_some_and(|d| model.wants_label(d)))
    else {
        decline(model);
        return Vec::new();
    };
    let form = &model.labels.form;
    let (once, again) = (form.once.value().to_owned(), form.again.value().to_owned());
    let fault = if once.is_empty() || (form.focus == LabelFocus::Again && again.is_empty()) {
        Some((texts.empty.clone(), &texts.empty_do))
    } else if let Some(other) = model.has_serial(&once, no) {
        let name = crate::words::drive_name(model, other);
        Some((fill(&texts.other, &[("name", &name)]), &texts.other_do))
    } else if same_serial(&once, model.pc_serial.as_str()) {
        Some((texts.pc.clone(), &texts.pc_do))
    } else if form.focus == LabelFocus::Once {
        model.labels.form.focus = LabelFocus::Again;
        return Vec::new();
    } else if once != again {
        Some((texts.differ.clone(), &texts.differ_do))
    } else {
        None
    };
    if let Some((what, todo)) = fault {
        // Whatever was misread is read anew.
        if !once.is_empty() && !again.is_empty() {
            model.labels.form = LabelForm::default();
        }
        model.say(Gravity::Problem, &what, todo);
        return Vec::new();
    }
    accept(model, no, once)
}

fn accept(model: &mut Model, no: DriveNo, serial: String) -> Vec<Effect> {
    let texts = model.texts().label.clone();
    model.labels.serials.insert(no, serial);
    model.labels.declined.remove(&no);
    model.labels.form = LabelForm::default();
    // On a bench that is the word for it, too.
    model.labels.vouched.insert(no);
    // Whoever names a drive means it; it is offered once it was looked at again.
    model.drives.selected.insert(no);
    model.drives.scan = ScanState::Settling;
    model.drop_plan();
    model.go(Screen::Drives);
    model.say(Gravity::Info, &texts.taken, &texts.taken_do);
    vec![Effect::Labelled(no)]
}
