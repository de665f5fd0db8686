//! What people did without the program: chosen, described, recorded. What is recorded stays.

use super::people::{name_key, tell_if_full};
use super::run::{to_rescue, try_to_finish};
use super::{scroll, turn_answer};
use crate::field::{Field, same_person};
use crate::hand::{ByHand, HandFocus, HandForm, HandMedium, Photo};
use crate::keymap::Cmd;
use crate::parts::{Gravity, Tick, WitnessState};
use crate::{Effect, Model, Purpose, Screen, day};
use model::{DriveNo, Handling, MediumKind};

/// What is entered for a medium without a serial number.
const NO_NUMBER: &str = "NONE";

pub(super) fn by_hand(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Next => {
            let drives = model.destructible();
            match drives.get(model.cursor).copied() {
                Some(no) => describe(model, Some(no)),
                None if model.cursor == drives.len() => describe(model, None),
                None => {}
            }
        }
        Cmd::Witness => super::run::to_witness(model),
        Cmd::Finish => return try_to_finish(model),
        Cmd::Abandon => model.go(Screen::Abandon),
        Cmd::Rescue => return to_rescue(model),
        Cmd::Back if model.purpose != Purpose::ByHand => model.go(Screen::Results),
        Cmd::Back if !model.has_hand() => model.go(Screen::Class),
        _ => {}
    }
    Vec::new()
}

/// To the form: what is known already stands there.
fn describe(model: &mut Model, drive: Option<DriveNo>) {
    let today = model.today().map(Field::of).unwrap_or_default();
    let asset = if model.is_bench() { Field::default() } else { Field::of(model.people.asset()) };
    let form =
        HandForm { drive, by: Field::of(model.people.operator()), on: today, asset, ..HandForm::default() };
    let focus = form.order().first().copied().unwrap_or_default();
    model.hand.form = HandForm { focus, ..form };
    model.go(Screen::HandForm);
}

pub(super) fn hand_form(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let focus = model.hand.form.focus;
    match cmd {
        Cmd::Toggle | Cmd::ToggleBack | Cmd::Pick(_) => answer(model, focus, cmd),
        Cmd::Type(_) | Cmd::Rubout | Cmd::OpenList | Cmd::Kana if model.name_here().is_some() => {
            name_key(model, cmd);
        }
        Cmd::Type(c) => {
            if let Some(field) = model.hand.form.text(focus) {
                let pushed = field.push(c);
                tell_if_full(model, pushed);
            }
        }
        Cmd::Rubout => {
            if let Some(field) = model.hand.form.text(focus) {
                field.pop();
            }
        }
        Cmd::NextField => turn_focus(model, 1),
        Cmd::PreviousField => turn_focus(model, model.hand.form.order().len() - 1),
        Cmd::Back => model.go(Screen::ByHand),
        Cmd::Next => return leave_field(model),
        _ => {}
    }
    Vec::new()
}

pub(super) fn turn_focus(model: &mut Model, by: usize) {
    let form = &mut model.hand.form;
    let order = form.order();
    let at = order.iter().position(|focus| *focus == form.focus).unwrap_or(0);
    form.focus = order.get((at + by) % order.len()).copied().unwrap_or_default();
}

/// One answer on or back in the row in focus.
fn answer(model: &mut Model, focus: HandFocus, cmd: Cmd) {
    let row = model.handlings();
    let form = &mut model.hand.form;
    match focus {
        HandFocus::Kind => {
            form.kind = turn_answer(&MediumKind::ALL.map(Some), form.kind, cmd);
            // What was said of another medium does not hold for this one.
            form.handling = form.handling.filter(|handling| *handling != Handling::Degaussed);
        }
        HandFocus::Handling => {
            let row: Vec<Option<Handling>> = row.into_iter().map(Some).collect();
            form.handling = turn_answer(&row, form.handling, cmd);
        }
        HandFocus::Photo => {
            form.photo = match form.photo {
                Photo::Expected => Photo::NotExpected,
                Photo::NotExpected => Photo::Expected,
            };
        }
        _ => {}
    }
}

/// Enter: on to the next field; from the last one it is recorded, once everything is in order.
fn leave_field(model: &mut Model) -> Vec<Effect> {
    let focus = model.hand.form.focus;
    let last = focus == HandFocus::Remarks;
    match fault(model) {
        Some((bad, what, todo)) if last || bad == focus => {
            model.hand.form.focus = bad;
            model.say(Gravity::Problem, &what, &todo);
            Vec::new()
        }
        _ if !last => {
            turn_focus(model, 1);
            Vec::new()
        }
        _ => record(model),
    }
}

fn fault(model: &Model) -> Option<(HandFocus, String, String)> {
    let (texts, form) = (&model.texts().hand, &model.hand.form);
    let other = form.drive.is_none();
    let day = day::read(form.on.value());
    let future = || matches!((&day, model.today()), (Some(day), Some(today)) if day.as_str() > today);
    let (focus, what, todo) = if other && form.kind.is_none() {
        (HandFocus::Kind, &texts.no_kind, &texts.no_kind_do)
    } else if other && form.serial.value().is_empty() {
        (HandFocus::Serial, &texts.no_serial, &texts.no_serial_do)
    } else if other && form.asset.value().is_empty() {
        (HandFocus::Asset, &texts.no_asset, &texts.no_asset_do)
    } else if form.handling.is_none() {
        (HandFocus::Handling, &texts.no_handling, &texts.no_handling_do)
    } else if form.how.value().is_empty() && form.handling != Some(Handling::SetAside) {
        (HandFocus::How, &texts.no_how, &texts.no_how_do)
    } else if form.by.value().is_empty() {
        (HandFocus::By, &texts.no_by, &texts.no_by_do)
    } else if day.is_none() {
        (HandFocus::On, &texts.no_day, &texts.no_day_do)
    } else if future() {
        (HandFocus::On, &texts.future, &texts.future_do)
    } else {
        return None;
    };
    Some((focus, what.clone(), todo.clone()))
}

fn record(model: &mut Model) -> Vec<Effect> {
    // Nothing is called recorded that no log will have.
    if !super::run::is_closable(&model.journal) {
        let texts = model.texts().confirm.clone();
        model.say(Gravity::Problem, &texts.not_saved, &texts.not_saved_do);
        return Vec::new();
    }
    let texts = model.texts().hand.clone();
    let form = &model.hand.form;
    let (Some(handling), Some(on)) = (form.handling, day::read(form.on.value())) else { return Vec::new() };
    // It came back, or was recorded from elsewhere: nothing is said twice of what is not there to be destroyed.
    if form.drive.is_some_and(|no| !model.destructible().contains(&no)) {
        model.go(Screen::ByHand);
        return Vec::new();
    }
    let text = |field: &Field| field.value().to_owned();
    let serial = if same_person(form.serial.value(), NO_NUMBER) { String::new() } else { text(&form.serial) };
    let medium = form.kind.filter(|_| form.drive.is_none()).map(|kind| HandMedium {
        kind,
        maker: text(&form.maker),
        model: text(&form.model),
        serial,
    });
    if medium.is_none() && form.drive.is_none() {
        return Vec::new();
    }
    let asset_number = match form.drive {
        Some(no) if model.is_bench() => model.bench_asset(no).to_owned(),
        Some(_) => model.people.asset().to_owned(),
        None => text(&form.asset),
    };
    let said = ByHand {
        no: model.next_hand(),
        drive: form.drive,
        medium,
        asset_number,
        handling,
        how: text(&form.how),
        by: text(&form.by),
        on,
        photo_expected: form.photo == Photo::Expected,
        remarks: text(&form.remarks),
    };
    model.hand.done.push(said.clone());
    if handling != Handling::SetAside {
        // Whoever has confirmed what was done before has not seen this.
        (model.witness.state, model.witness.tick) = (WitnessState::Missing, Tick::Empty);
    }
    model.go(Screen::ByHand);
    model.say(
        Gravity::Info,
        &texts.recorded,
        if said.photo_expected { &texts.photo_do } else { &texts.recorded_do },
    );
    vec![Effect::ByHand(said)]
}

/// On to what is recorded by hand, for a session of nothing else: once the class is known.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    model.go(Screen::ByHand);
    model.answers().map_or_else(Vec::new, |answers| super::journey::record(model, answers))
}

/// Whether somebody of that name did something by hand that is still to be confirmed.
pub(super) fn did_it(model: &Model, name: &str) -> bool {
    let unwitnessed = model.unwitnessed();
    let ours = model.hand.done.iter().filter(|said| unwitnessed.contains(&said.no));
    ours.into_iter().any(|said| same_person(&said.by, name))
}
