//! The passphrase of a prepared stick.

use crate::keymap::Cmd;
use crate::parts::{Gravity, Shown, StickUse};
use crate::secret::Secret;
use crate::voucher::Lock;
use crate::{Effect, Model, Screen, UnsealProblem};

pub(super) fn passphrase(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match (model.sticks.lock, cmd) {
        (Lock::Shut, Cmd::Type(c)) => model.sticks.passphrase.push(c),
        (Lock::Shut, Cmd::Rubout) => model.sticks.passphrase.pop(),
        (Lock::Shut, Cmd::Reveal) => {
            model.sticks.shown = match model.sticks.shown {
                Shown::Stars => Shown::Plain,
                Shown::Plain => Shown::Stars,
            };
        }
        (Lock::Shut, Cmd::Next) => return try_it(model),
        (Lock::Shut, Cmd::Yes) => return without(model),
        (Lock::Shut, Cmd::Back) => {
            model.sticks.let_go();
            model.go(Screen::Sticks);
        }
        _ => {}
    }
    Vec::new()
}

fn try_it(model: &mut Model) -> Vec<Effect> {
    if model.sticks.passphrase.is_empty() {
        let texts = model.texts().passphrase.clone();
        model.say(Gravity::Problem, &texts.empty, &texts.empty_do);
        return Vec::new();
    }
    model.sticks.lock = Lock::Trying;
    model.sticks.shown = Shown::Stars;
    vec![Effect::Unseal(std::mem::take(&mut model.sticks.passphrase))]
}

fn without(model: &mut Model) -> Vec<Effect> {
    model.sticks.lock = Lock::Without;
    model.sticks.passphrase = Secret::default();
    model.go(Screen::Sticks);
    vec![Effect::WithoutKey]
}

/// To the passphrase, where the stick that was opened has one and the operator looks at it.
pub(super) fn ask(model: &mut Model) {
    let open = matches!(model.sticks.used, StickUse::Open(_));
    if open && model.sticks.lock.is_pending() && model.screen == Screen::Sticks {
        model.go(Screen::Passphrase);
    }
}

/// The answer to a passphrase. A wrong one is asked for again, any number of times: nothing is locked out.
pub(super) fn unsealed(model: &mut Model, answer: Result<(), UnsealProblem>) {
    if model.sticks.lock != Lock::Trying {
        return;
    }
    let texts = model.texts().passphrase.clone();
    match answer {
        Ok(()) => {
            model.sticks.lock = Lock::Open;
            model.notice = None;
            if model.screen == Screen::Passphrase {
                model.go(Screen::Sticks);
            }
        }
        Err(UnsealProblem::WrongPassphrase) => {
            model.sticks.lock = Lock::Shut;
            model.say(Gravity::Problem, &texts.wrong, &texts.wrong_do);
        }
        Err(UnsealProblem::Unusable(why)) => {
            model.sticks.lock = Lock::Shut;
            let what = crate::texts::fill(&texts.unusable, &[("detail", &crate::field::harmless(&why))]);
            model.say(Gravity::Problem, &what, &texts.unusable_do);
        }
    }
}
