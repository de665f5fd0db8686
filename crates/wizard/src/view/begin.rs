//! Language, results stick, class, and the two screens on which nothing can be begun.

use super::frame::{Room, languages};
use super::lines::{line, list, pad, paragraph, shortened};
use super::people::CAPTION;
use super::style;
use crate::field::harmless;
use crate::parts::{ClassChoice, StickUse};
use crate::texts::{Texts, fill};
use crate::unattended::Unattended;
use crate::{
    ClassAnswer, Console, DrivesFrom, Keyboard, Language, Model, Purpose, ScanState, StickCandidate,
    StickInfo, StickNo,
};
use model::InformationClass;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

pub(super) fn language(model: &Model, room: Room) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for language in languages(model) {
        let texts = &model.catalogues.of(language).language;
        lines.extend(paragraph(&texts.intro, 0, room.width, style::STRONG));
        lines.extend(paragraph(&texts.harmless, 0, room.width, style::PLAIN));
        lines.push(Line::default());
    }
    if model.console == Console::AsciiOnly {
        lines.extend(paragraph(&model.texts().common.ascii_note, 0, room.width, style::WARN));
        lines.push(Line::default());
    }
    for (number, language) in [(1, Language::Ja), (2, Language::En)] {
        if languages(model).contains(&language) {
            let name = &model.catalogues.of(language).language.name;
            lines.push(option(&format!("{number}  {name}"), language == model.language, 24));
        }
    }
    lines.push(Line::default());
    for language in languages(model) {
        let texts = &model.catalogues.of(language).language;
        lines.extend(paragraph(&texts.ask, 0, room.width, style::PLAIN));
    }
    lines.push(Line::default());
    for language in languages(model) {
        let texts = &model.catalogues.of(language).language;
        let (text, text_style) = match model.drives.from == DrivesFrom::Bench {
            true => (&texts.bench, style::WARN),
            false => (&texts.others, style::PLAIN),
        };
        lines.extend(paragraph(text, 0, room.width, text_style));
    }
    if let Some(keyboard) = model.keyboard {
        let texts = &model.texts().language;
        let text = match keyboard {
            Keyboard::Jp => &texts.keyboard_jp,
            Keyboard::Us => &texts.keyboard_us,
        };
        lines.extend(paragraph(text, 0, room.width, style::PLAIN));
    } else {
        lines.push(Line::default());
    }
    lines.push(line(shortened(&model.about, room.width), style::PLAIN));
    lines
}

/// One line that can be chosen; the cursor is shown by a sign as well as by reversing it.
pub(super) fn option(text: &str, at_cursor: bool, width: usize) -> Line<'static> {
    match at_cursor {
        true => line(format!("> {}", pad(text, width)), style::CURSOR),
        false => line(format!("  {}", pad(text, width)), style::PLAIN),
    }
}

/// The code of a fault whose recording would be lost with the PC's memory.
fn fault(model: &Model, width: usize) -> Vec<Line<'static>> {
    let Some(code) = &model.fault else { return Vec::new() };
    let text = fill(&model.texts().sticks.fault_waits, &[("code", code)]);
    paragraph(&text, 0, width, style::WARN)
}

pub(super) fn sticks(model: &Model, room: Room) -> Vec<Line<'static>> {
    if let StickUse::Open(info) = &model.sticks.used {
        return opened(model, info, room);
    }
    let mut lines = fault(model, room.width);
    let room = Room { height: room.height.saturating_sub(lines.len()), ..room };
    lines.extend(sticks_to_open(model, room));
    lines
}

fn sticks_to_open(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = &model.texts().sticks;
    if model.sticks.candidates.is_empty() {
        // While drives are still being looked for, its stick may be among them.
        let none = if model.drives.scan == ScanState::Done { &texts.none } else { &texts.searching };
        let mut lines = vec![line(none.clone(), style::WARN), Line::default()];
        for text in [&texts.none_what, &texts.none_format, &texts.none_boot] {
            lines.extend(paragraph(text, 0, room.width, style::PLAIN));
        }
        return lines;
    }
    let mut lines = paragraph(&texts.intro, 0, room.width, style::PLAIN);
    if !model.sticks.candidates.iter().any(|stick| stick.state.is_usable()) {
        lines.extend(paragraph(&texts.none_usable, 0, room.width, style::WARN));
    }
    lines.push(Line::default());
    let height = room.height.saturating_sub(lines.len());
    lines.extend(stick_list(model, model.sticks.cursor, room.width, height));
    lines
}

/// The sticks that are there, with what speaks against each.
pub(super) fn stick_list(
    model: &Model,
    cursor: Option<StickNo>,
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let texts = model.texts();
    let at = model.sticks.candidates.iter().position(|stick| Some(stick.no) == cursor);
    let items = model.sticks.candidates.iter().enumerate();
    let items = items.map(|(index, stick)| stick_item(texts, stick, at == Some(index), width)).collect();
    list(texts, items, at.unwrap_or(0), height)
}

fn stick_item(texts: &Texts, stick: &StickCandidate, at_cursor: bool, width: usize) -> Vec<Line<'static>> {
    let name = format!("{}  {}", stick.no.0, stick.model);
    let serial = crate::words::serial(texts, &stick.serial);
    let (whole, room) = (format!("{name}  {serial}"), width.saturating_sub(2));
    let mut lines = if whole.width() <= room {
        vec![option(&whole, at_cursor, room)]
    } else {
        let below = paragraph(&serial, 5, width, style::STRONG);
        std::iter::once(option(&name, at_cursor, room)).chain(below).collect()
    };
    let label = if stick.label.is_empty() { &texts.common.none } else { &stick.label };
    let size = match &stick.free {
        Some(free) => {
            fill(&texts.sticks.size, &[("capacity", &stick.capacity), ("free", free), ("label", label)])
        }
        None => fill(&texts.sticks.size_unknown, &[("capacity", &stick.capacity), ("label", label)]),
    };
    lines.extend(paragraph(&size, 5, width, style::PLAIN));
    // Nothing is green before it was opened: nobody knows yet whether it takes a record.
    let state_style = if stick.state.is_usable() { style::PLAIN } else { style::WARN };
    lines.extend(paragraph(&crate::words::stick_state(texts, &stick.state), 5, width, state_style));
    lines
}

fn opened(model: &Model, info: &StickInfo, room: Room) -> Vec<Line<'static>> {
    let texts = &model.texts().sticks;
    let mut below = fault(model, room.width);
    if below.is_empty() {
        below.push(Line::default());
    }
    let mut lines = vec![line(texts.opened.clone(), style::GOOD)];
    lines.extend(below);
    let cut_off = model.cut_off();
    if let Some(past) = cut_off {
        let (wall, number) = (harmless(&past.wall), harmless(&past.asset_number));
        let what = fill(&texts.cut_off, &[("wall", &wall), ("number", &number)]);
        lines.extend(paragraph(&what, 0, room.width, style::WARN));
        lines.extend(paragraph(&texts.cut_off_then, 0, room.width, style::STRONG));
        lines.push(Line::default());
    }
    let stick = model.stick(info.no);
    if let Some(stick) = stick {
        let serial = crate::words::serial(model.texts(), &stick.serial);
        let name = fill(&texts.opened_no, &[("model", &stick.model), ("serial", &serial)]);
        lines.extend(paragraph(&name, 2, room.width, style::PLAIN));
    }
    let free = fill(&texts.opened_free, &[("label", &info.label), ("free", &info.free)]);
    let sessions = fill(&texts.opened_sessions, &[("count", &info.sessions_so_far)]);
    let key = fill(&texts.opened_key, &[("fingerprint", &info.fingerprint)]);
    // The room is needed for what is more urgent.
    let about = if cut_off.is_none() { vec![free, sessions, key] } else { vec![key] };
    for text in about {
        lines.extend(paragraph(&text, 2, room.width, style::PLAIN));
    }
    lines.extend(super::passphrase::vouched(model, info, room));
    if model.unattended == Unattended::Awaited {
        lines.extend(paragraph(&model.texts().unattended.awaited, 2, room.width, style::WARN));
    }
    lines.push(Line::default());
    lines.extend(paragraph(&texts.opened_stay, 0, room.width, style::STRONG));
    lines
}

/// A field with its caption, and where typing goes.
pub(super) fn entry(caption: &str, typed: &str, focused: bool) -> Line<'static> {
    let mark = if focused { "> " } else { "  " };
    let cursor = if focused { "_" } else { "" };
    let text = pad(&format!("{typed}{cursor}"), crate::field::MAX_COLUMNS + 1);
    let caption_style = if focused { style::STRONG } else { style::PLAIN };
    Line::from(vec![
        Span::styled(format!("{mark}{}", pad(caption, CAPTION)), caption_style),
        Span::styled(text, style::INPUT),
    ])
}

/// A box, filled or empty.
pub(super) fn check(console: Console, filled: bool) -> &'static str {
    match (console, filled) {
        (Console::Full, true) => "■",
        (Console::Full, false) => "□",
        (Console::AsciiOnly, true) => "[x]",
        (Console::AsciiOnly, false) => "[ ]",
    }
}

pub(super) fn class(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = &model.texts().class;
    let ask = match (model.purpose, model.is_bench()) {
        (Purpose::ByHand, _) => &texts.ask_by_hand,
        (_, true) => &texts.ask_bench,
        (_, false) => &texts.ask,
    };
    let mut lines = paragraph(ask, 0, room.width, style::STRONG);
    lines.extend(paragraph(&texts.legend, 0, room.width, style::PLAIN));
    let handover = model.purpose == Purpose::Handover;
    for (index, choice) in ClassChoice::ALL.iter().enumerate() {
        let (name, explain, follows) = match (choice.class, choice.answer) {
            (_, ClassAnswer::Unknown) => {
                (&texts.unknown, &texts.unknown_explain, Some(&texts.unknown_follows))
            }
            (InformationClass::One, _) => (&texts.one, &texts.one_explain, Some(&texts.one_follows)),
            (InformationClass::Two, _) => (&texts.two, &texts.two_explain, Some(&texts.two_follows)),
            (InformationClass::Three, _) => (&texts.three, &texts.three_explain, Some(&texts.three_follows)),
        };
        lines.extend((index > 0).then(Line::default));
        let at_cursor = model.class_cursor == Some(index);
        lines.push(option(&format!("{}  {name}", index + 1), at_cursor, room.width.saturating_sub(2)));
        let follows = follows.map(|own| match (handover, choice.class.needs_witness()) {
            (false, _) => own,
            (true, false) => &texts.handover_follows,
            (true, true) => &texts.handover_follows_witness,
        });
        for text in [Some(explain), follows].into_iter().flatten() {
            lines.extend(paragraph(text, 5, room.width, style::PLAIN));
        }
    }
    lines
}

pub(super) fn policy_problem(model: &Model, room: Room) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let Some(trouble) = &model.policy_trouble else { return lines };
    for language in languages(model) {
        let texts = &model.catalogues.of(language).policy_problem;
        let template = if trouble.line == 0 { &texts.no_line } else { &texts.line };
        let detail = fill(template, &[("line", &trouble.line), ("message", &trouble.message)]);
        lines.extend(paragraph(&texts.what, 0, room.width, style::BAD));
        lines.extend(paragraph(&detail, 2, room.width, style::PLAIN).into_iter().take(2));
        lines.extend(paragraph(&texts.todo, 0, room.width, style::STRONG));
        if let Some(builtin) = &trouble.builtin {
            let text = fill(&texts.builtin, &[("version", &builtin.version)]);
            lines.extend(paragraph(&text, 0, room.width, style::PLAIN));
        }
        lines.push(Line::default());
    }
    lines
}

pub(super) fn taken(model: &Model, room: Room) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for language in languages(model) {
        let texts = &model.catalogues.of(language).taken;
        lines.extend(paragraph(&texts.line, 0, room.width, style::STRONG));
        lines.extend(paragraph(&texts.todo, 0, room.width, Style::new()));
        lines.push(Line::default());
    }
    lines
}
