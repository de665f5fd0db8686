//! The form of people, and the office's list of names for one of its fields.

use super::begin::{check, entry, option};
use super::detail::exception_caption;
use super::frame::Room;
use super::lines::{list, pad, paragraph};
use super::style;
use crate::field::Letters;
use crate::people::{By, NameOf, PeopleFocus};
use crate::{ClockAnswer, ClockState, Destination, Model};
use ratatui::text::{Line, Span};

/// Columns of the captions.
pub(super) const CAPTION: usize = 31;

pub(super) fn people(model: &Model, room: Room) -> Vec<Line<'static>> {
    let (people, texts) = (&model.people, &model.texts().people);
    let intro = match (model.offers_kana(), model.letters) {
        (true, Letters::Kana) => &texts.intro_kana,
        _ => &texts.intro,
    };
    let mut lines = paragraph(intro, 0, room.width, style::PLAIN);
    for focus in people.order(model.purpose, model.drives.from) {
        if matches!(focus, PeopleFocus::Operator | PeopleFocus::Asset) {
            lines.push(Line::default());
        }
        lines.extend(match focus {
            PeopleFocus::By => vec![by(model)],
            PeopleFocus::Destination => vec![destination(model)],
            PeopleFocus::Clock => clock(model, room),
            text => vec![entry(caption(model, text), people.typed(text), people.focus == text)],
        });
    }
    lines
}

fn caption(model: &Model, focus: PeopleFocus) -> &str {
    let texts = &model.texts().people;
    match focus {
        PeopleFocus::Operator => &texts.operator,
        PeopleFocus::Witness => &texts.witness,
        PeopleFocus::Section if model.is_bench() => &texts.section_bench,
        PeopleFocus::Section => &texts.section,
        PeopleFocus::Place => &texts.place,
        PeopleFocus::Approver => &texts.approver,
        PeopleFocus::By => &texts.by,
        PeopleFocus::Contractor => &texts.contractor,
        PeopleFocus::Destination => &texts.destination,
        PeopleFocus::Asset => &texts.asset,
        PeopleFocus::Clock => &texts.clock_question,
    }
}

fn by(model: &Model) -> Line<'static> {
    let (texts, by) = (&model.texts().people, model.people.by);
    let choices =
        [(&texts.by_staff, by == Some(By::Staff)), (&texts.by_contractor, by == Some(By::Contractor))];
    choice(model, PeopleFocus::By, &choices)
}

fn destination(model: &Model) -> Line<'static> {
    let (texts, chosen) = (&model.texts().people, model.people.destination);
    let choices = [
        (&texts.reuse, chosen == Some(Destination::Reuse)),
        (&texts.giving_back, chosen == Some(Destination::Return)),
        (&texts.disposal, chosen == Some(Destination::Disposal)),
    ];
    choice(model, PeopleFocus::Destination, &choices)
}

/// Boxes of which one is chosen, with their caption.
fn choice(model: &Model, focus: PeopleFocus, choices: &[(&String, bool)]) -> Line<'static> {
    let focused = model.people.focus == focus;
    let mark = if focused { "> " } else { "  " };
    let caption_style = if focused { style::STRONG } else { style::PLAIN };
    let caption = pad(caption(model, focus), CAPTION);
    let boxes = choices.iter().enumerate().flat_map(|(at, &(text, chosen))| {
        let gap = if at == 0 { "" } else { "   " };
        let style = if chosen { style::CURSOR } else { style::PLAIN };
        // No digit answers the clock: an asset label that is read once more would.
        let number = if focus == PeopleFocus::Clock { String::new() } else { (at + 1).to_string() };
        [Span::raw(gap), Span::styled(format!("{}{number} {text}", check(model.console, chosen)), style)]
    });
    std::iter::once(Span::styled(format!("{mark}{caption}"), caption_style)).chain(boxes).collect()
}

fn clock(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = &model.texts().people;
    let wall = match model.clock.wall.is_empty() {
        true => texts.clock_unknown.clone(),
        false => model.clock.wall.clone(),
    };
    let mut lines = vec![
        Line::default(),
        Line::from(vec![
            Span::raw(format!("  {}", pad(&texts.clock, CAPTION))),
            Span::styled(wall, style::STRONG),
        ]),
    ];
    if model.clock.state == ClockState::Implausible {
        lines.extend(paragraph(&texts.clock_odd, 2, room.width, style::WARN));
    }
    let answer = model.people.clock;
    let choices = [
        (&texts.right, answer == Some(ClockAnswer::Right)),
        (&texts.wrong, answer == Some(ClockAnswer::Wrong)),
    ];
    lines.push(choice(model, PeopleFocus::Clock, &choices));
    lines.extend(paragraph(&texts.clock_hint, 2, room.width, style::PLAIN));
    lines
}

pub(super) fn names(model: &Model, room: Room) -> Vec<Line<'static>> {
    let Some(open) = &model.list else { return Vec::new() };
    let texts = model.texts();
    let caption = match open.of {
        NameOf::People(focus) => caption(model, focus),
        NameOf::Witness => &texts.witness.name,
        NameOf::Attester => &texts.attest.name,
        NameOf::Hand(focus) => super::hand::hand_caption(&texts.hand, focus),
        NameOf::Exception(focus) => exception_caption(&texts.exception, focus),
    };
    let mut lines = paragraph(caption, 0, room.width, style::STRONG);
    lines.extend(paragraph(&texts.people.names_intro, 0, room.width, style::PLAIN));
    lines.push(Line::default());
    let names = model.names(open.of);
    let width = room.width.saturating_sub(2);
    let item = |(at, name): (usize, &String)| {
        vec![option(&format!("{:>3}  {}", at + 1, crate::field::harmless(name)), at == open.at, width)]
    };
    let items = names.iter().enumerate().map(item).collect();
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items, open.at, height));
    lines
}
