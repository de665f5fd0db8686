//! What a screen is for, and what its keys do: on every screen by one key.

use super::frame::Room;
use super::lines::paragraph;
use super::style;
use crate::texts::Help;
use crate::{Model, Screen};
use ratatui::text::Line;

pub(super) fn help(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = &model.texts().help;
    let text = match model.screen {
        Screen::Drives if model.is_bench() => texts.drives_bench.trim(),
        screen => of(texts, screen).trim(),
    };
    let mut lines: Vec<Line<'static>> =
        text.lines().flat_map(|text| paragraph(text, 0, room.width, style::PLAIN)).collect();
    // What is short gets air between its paragraphs.
    if lines.len() + text.lines().count() + 1 < room.height {
        lines = text
            .lines()
            .flat_map(|text| {
                let told = paragraph(text, 0, room.width, style::PLAIN);
                told.into_iter().chain([Line::default()]).collect::<Vec<_>>()
            })
            .collect();
    } else {
        lines.push(Line::default());
    }
    lines.extend(paragraph(&texts.close, 0, room.width, style::STRONG));
    lines
}

fn of(texts: &Help, screen: Screen) -> &str {
    match screen {
        Screen::Language => &texts.language,
        Screen::Sticks => &texts.sticks,
        Screen::Passphrase => &texts.passphrase,
        Screen::Past => &texts.past,
        Screen::PastDetail => &texts.past_detail,
        Screen::People => &texts.people,
        Screen::Names => &texts.names,
        Screen::Class => &texts.class,
        Screen::Drives => &texts.drives,
        Screen::DriveDetail => &texts.detail,
        Screen::Attest => &texts.attest,
        Screen::Label => &texts.label,
        Screen::Exception => &texts.exception,
        Screen::Own => &texts.own,
        Screen::Assets => &texts.assets,
        Screen::Unlock => &texts.unlock,
        Screen::Sleep => &texts.sleep,
        Screen::Plan => &texts.plan,
        Screen::PlanDetail => &texts.plan_detail,
        Screen::Confirm => &texts.confirm,
        Screen::RecordOnly => &texts.record_only,
        Screen::Progress => &texts.progress,
        Screen::Stop => &texts.stop,
        Screen::Results => &texts.results,
        Screen::ByHand => &texts.by_hand,
        Screen::HandForm => &texts.hand_form,
        Screen::Witness => &texts.witness,
        Screen::Unwitnessed => &texts.unwitnessed,
        Screen::Finish => &texts.finish,
        Screen::Code => &texts.code,
        Screen::Rescue => &texts.rescue,
        Screen::Abandon => &texts.abandon,
        // They take no key for help, so theirs is never open.
        Screen::PolicyProblem | Screen::Unattended | Screen::Taken => &texts.policy_problem,
    }
}
