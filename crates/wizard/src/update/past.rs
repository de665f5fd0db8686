//! What the stick holds of earlier sessions.

use super::scroll;
use crate::keymap::Cmd;
use crate::{Effect, Model, Screen};

pub(super) fn past(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Next if model.past().get(model.cursor).is_some() => {
            model.past_shown = model.cursor;
            model.go(Screen::PastDetail);
        }
        Cmd::Back => model.go(Screen::Sticks),
        _ => {}
    }
    Vec::new()
}

pub(super) fn past_detail(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::Up | Cmd::Down => scroll(model, cmd),
        Cmd::Back => {
            model.go(Screen::Past);
            model.cursor = model.past_shown;
        }
        _ => {}
    }
    Vec::new()
}
