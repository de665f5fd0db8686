//! What stands around every screen: title with step and journal, message, keys.

use super::lines::{line, pad, paragraph, wrap};
use super::style;
use crate::keymap::{Accepts, Binding, Cmd, bindings};
use crate::parts::{BootStick, Closing, Gravity, StickUse};
use crate::texts::fill;
use crate::{Console, DrivesFrom, Journal, Key, Language, Model, Purpose, ScanState, Screen};
use model::DriveNo;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// Steps of the journey that the title counts.
const STEPS: u8 = 10;
/// Rows of the message: what happened, what to do.
const MESSAGE_ROWS: u16 = 2;
/// Rows of the help line, where it needs no more.
const HELP_ROWS: u16 = 2;

/// What the title begins with.
const NAME: &str = "massho ";
/// How many rows more than usual a message or the keys may take.
const MORE_ROWS: u16 = 2;

/// How much room the content has, in cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) width: usize,
    pub(super) height: usize,
}

/// The parts of the screen.
pub(super) struct Rooms {
    title: Rect,
    pub(super) content: Rect,
    rule: Rect,
    message: Rect,
    help: Rect,
}

/// The languages that a console shows where none was chosen.
pub(super) fn languages(model: &Model) -> Vec<Language> {
    match model.console {
        Console::Full => vec![Language::Ja, Language::En],
        Console::AsciiOnly => vec![Language::En],
    }
}

pub(super) fn rooms(model: &Model, area: Rect) -> Rooms {
    let row = |y: u16, height: u16| Rect { x: area.x + 1, y: area.y + y, width: area.width - 2, height };
    let width = usize::from(area.width - 2);
    let messages = rows(MESSAGE_ROWS, message(model, width).len());
    let help_rows = if is_fixed(model) { HELP_ROWS } else { rows(HELP_ROWS, help(model, width).len()) };
    let bottom = area.height - help_rows - messages;
    Rooms {
        title: Rect { x: area.x, y: area.y, width: area.width, height: 1 },
        content: row(2, bottom - 3),
        rule: Rect { x: area.x, y: area.y + bottom - 1, width: area.width, height: 1 },
        message: row(bottom, messages),
        help: row(bottom + messages, help_rows),
    }
}

/// How many rows so many lines get: what they need, and never less than usual, so that nothing jumps.
fn rows(usual: u16, needed: usize) -> u16 {
    u16::try_from(needed).unwrap_or(usual).clamp(usual, usual + MORE_ROWS)
}

/// Whether the message takes more rows than usual.
pub(super) fn has_long_message(model: &Model, width: usize) -> bool {
    message(model, width).len() > usize::from(MESSAGE_ROWS)
}

/// On two screens the room for their lists decides which keys there are, so that room cannot follow from the keys: theirs
/// fit, which a test holds them to.
fn is_fixed(model: &Model) -> bool {
    matches!(model.screen, Screen::Confirm | Screen::Finish) && !model.shows_help()
}

/// The content's room on a screen of this size.
pub(super) fn room(model: &Model) -> Room {
    let (least_width, least_height) = crate::MINIMUM_SIZE;
    let (width, height) = model.size;
    let area = Rect::new(0, 0, width.max(least_width), height.max(least_height));
    let content = rooms(model, area).content;
    Room { width: usize::from(content.width), height: usize::from(content.height) }
}

pub(super) fn draw(model: &Model, frame: &mut Frame, rooms: &Rooms) {
    frame.render_widget(Paragraph::new(title(model, usize::from(rooms.title.width))), rooms.title);
    let rule = if model.console == Console::Full { "─" } else { "-" };
    let rule = rule.repeat(usize::from(rooms.rule.width));
    frame.render_widget(Paragraph::new(rule), rooms.rule);
    frame.render_widget(Paragraph::new(message(model, usize::from(rooms.message.width))), rooms.message);
    frame.render_widget(Paragraph::new(help(model, usize::from(rooms.help.width))), rooms.help);
}

pub(super) fn title(model: &Model, width: usize) -> Line<'static> {
    let texts = model.texts();
    let step = step(model.screen)
        .map_or(String::new(), |n| fill(&texts.common.step, &[("n", &n), ("m", &STEPS)]) + " ");
    let (journal, journal_style) = journal(model);
    let room = width.saturating_sub(journal.width() + 1);
    let app = app(model);
    let left = |app: &str| format!(" {app}   {step}{}", heading(model));
    // Where a record that is not saved needs the room, the program's name goes, and then what it is used for.
    let short = left(app.strip_prefix(NAME).unwrap_or(app));
    let none = format!(" {step}{}", heading(model));
    let left = [left(app), short].into_iter().find(|left| left.width() <= room).unwrap_or(none);
    Line::from(vec![
        Span::styled(pad(&left, room), style::TITLE),
        Span::styled(journal, journal_style),
        Span::styled(" ", style::TITLE),
    ])
}

/// What the session is for, so that whoever chose it sees on every screen that it was taken.
fn app(model: &Model) -> &str {
    let t = &model.texts().common;
    match (model.purpose, model.drives.from) {
        // Nothing is chosen yet.
        _ if model.screen == Screen::Language => &t.app,
        (Purpose::ByHand, _) => &t.app_by_hand,
        (Purpose::Handover, DrivesFrom::ThisPc) => &t.app_handover,
        (Purpose::Handover, DrivesFrom::Bench) => &t.app_bench_handover,
        (Purpose::Erase, DrivesFrom::ThisPc) => &t.app,
        (Purpose::Erase, DrivesFrom::Bench) => &t.app_bench,
    }
}

fn journal(model: &Model) -> (String, Style) {
    let t = &model.texts().common;
    let unsaved = |count| (format!(" {} ", fill(&t.journal_unsaved, &[("count", &count)])), style::DANGER);
    match &model.journal {
        _ if model.is_garbled() && !model.needs_rescue() => {
            (format!(" {} ", t.journal_garbled), style::DANGER)
        }
        // The close entry is what is missing.
        Journal::Saved | Journal::Saving if matches!(model.closing, Closing::Failed(_)) => unsaved(1),
        Journal::NotBegun => (String::new(), style::TITLE),
        Journal::Saving => (t.journal_saving.clone(), style::TITLE),
        Journal::Saved => (t.journal_saved.clone(), style::TITLE),
        Journal::Unsaved { count, .. } => unsaved(*count),
    }
}

fn step(screen: Screen) -> Option<u8> {
    match screen {
        Screen::Language => Some(1),
        Screen::Sticks | Screen::Passphrase | Screen::Past | Screen::PastDetail => Some(2),
        Screen::Unattended => Some(7),
        Screen::People | Screen::Names => Some(3),
        Screen::Class => Some(4),
        Screen::Drives | Screen::Label | Screen::Own | Screen::Assets => Some(5),
        Screen::Plan | Screen::PlanDetail | Screen::Unlock | Screen::Sleep => Some(6),
        Screen::Confirm | Screen::RecordOnly => Some(7),
        Screen::Progress | Screen::Stop => Some(8),
        Screen::ByHand | Screen::HandForm | Screen::Results | Screen::Witness | Screen::Unwitnessed => {
            Some(9)
        }
        Screen::Finish | Screen::Code => Some(10),
        Screen::DriveDetail
        | Screen::Attest
        | Screen::Exception
        | Screen::Rescue
        | Screen::Abandon
        | Screen::PolicyProblem
        | Screen::Taken => None,
    }
}

pub(crate) fn heading(model: &Model) -> String {
    let own = own_heading(model);
    match model.shows_help() {
        true => fill(&model.texts().help.title, &[("heading", &own)]),
        false => own,
    }
}

fn own_heading(model: &Model) -> String {
    let t = model.texts();
    match model.screen {
        Screen::Language => &t.language.title,
        Screen::Sticks => &t.sticks.title,
        Screen::Passphrase => &t.passphrase.title,
        Screen::Past => &t.past.title,
        Screen::PastDetail => &t.past.detail_title,
        Screen::Unattended => &t.unattended.title,
        Screen::People => &t.people.title,
        Screen::Names => &t.people.names_title,
        Screen::Class => &t.class.title,
        Screen::Drives => &t.drives.title,
        Screen::DriveDetail => &t.detail.title,
        Screen::Attest => &t.attest.title,
        Screen::Label => &t.label.title,
        Screen::Exception => &t.exception.title,
        Screen::Own => &t.own.title,
        Screen::Assets => &t.assets.title,
        Screen::Unlock => &t.unlock.title,
        Screen::Sleep => &t.sleep.title,
        Screen::Plan => &t.plan.title,
        Screen::PlanDetail => &t.plan.detail_title,
        Screen::Confirm => &t.confirm.title,
        Screen::RecordOnly => &t.record_only.title,
        Screen::Progress => &t.progress.title,
        Screen::Stop => &t.stop.title,
        Screen::Results => &t.results.title,
        Screen::ByHand => &t.hand.title,
        Screen::HandForm => &t.hand.form_title,
        Screen::Witness => &t.witness.title,
        Screen::Unwitnessed => &t.unwitnessed.title,
        Screen::Finish => &t.finish.title,
        Screen::Code => &t.finish.code_title,
        Screen::Rescue => &t.rescue.title,
        Screen::Abandon => &t.abandon.title,
        Screen::PolicyProblem => &t.policy_problem.title,
        Screen::Taken => &t.taken.title,
    }
    .clone()
}

/// A problem just met, else what is wrong with the stick, else what was just done.
fn message(model: &Model, width: usize) -> Vec<Line<'static>> {
    let notice = model.notice.as_ref();
    if let Some(notice) = notice.filter(|notice| notice.gravity == Gravity::Problem) {
        return sentences(model, &notice.what, &notice.todo, style::BAD, width);
    }
    if let (Journal::Unsaved { problem, .. }, false) = (&model.journal, model.screen == Screen::Rescue) {
        let (what, todo) = crate::words::stick_problem(model.texts(), problem);
        let todo = if model.needs_rescue() { model.texts().rescue.banner_key.clone() } else { todo };
        return sentences(model, &what, &todo, style::BAD, width);
    }
    match notice {
        Some(notice) => sentences(model, &notice.what, &notice.todo, style::GOOD, width),
        None if matches!(model.sticks.used, StickUse::Opening(_)) && model.screen == Screen::Sticks => {
            sentences(model, &model.texts().sticks.opening, "", style::WARN, width)
        }
        // On the list of drives it stands in the list.
        None if model.drives.scan == ScanState::Slow && model.screen != Screen::Drives => {
            sentences(model, &model.texts().drives.slow, "", style::WARN, width)
        }
        None if matches!(model.screen, Screen::Progress | Screen::Taken) => Vec::new(),
        None => {
            let busy = following(model, width);
            if busy.is_empty() { boot_stick(model, width) } else { busy }
        }
    }
}

/// That the boot stick may be pulled: said where sticks are spoken of, and before.
fn boot_stick(model: &Model, width: usize) -> Vec<Line<'static>> {
    let here = matches!(model.screen, Screen::Language | Screen::Sticks);
    if !here || model.sticks.boot == BootStick::Needed {
        return Vec::new();
    }
    let texts = &model.texts().sticks;
    sentences(model, &texts.boot_may_go, &texts.boot_may_go_do, style::GOOD, width)
}

/// The drives that were found erasing themselves: said on every screen, until they have ended.
fn following(model: &Model, width: usize) -> Vec<Line<'static>> {
    let busy = model.busy();
    if busy.is_empty() {
        return Vec::new();
    }
    let texts = model.texts();
    let named = |no: &DriveNo| {
        let name = fill(&texts.common.drive, &[("no", no)]);
        let running = model.ahead.following().find(|(other, view)| other == no && view.of > 0);
        match running {
            Some((_, view)) => format!("{name} {}", crate::words::percent(texts, view)),
            None => name,
        }
    };
    let names = crate::words::first_few(busy.iter().map(named));
    let what = fill(&texts.follow.banner, &[("names", &names)]);
    sentences(model, &what, &texts.follow.banner_do, style::WARN, width)
}

fn sentences(model: &Model, what: &str, todo: &str, style: Style, width: usize) -> Vec<Line<'static>> {
    let mark = if model.console == Console::Full { "■ " } else { "* " };
    if todo.is_empty() {
        return wrap(&format!("{mark}{what}"), width).into_iter().map(|text| line(text, style)).collect();
    }
    let what = wrap(&format!("{mark}{what}"), width).into_iter().map(|text| line(text, style));
    what.chain(paragraph(todo, 2, width, style::STRONG)).collect()
}

pub(super) fn help(model: &Model, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    for binding in bindings(model) {
        let (key, label) = help_entry(model, &binding);
        let size = key.width() + label.width() + 3;
        // The two blanks behind the last one need no room.
        if used + size > width + 2 && used > 0 {
            lines.push(Vec::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.extend([Span::styled(key, style::KEY), Span::raw(format!(" {label}  "))]);
        }
        used += size;
    }
    lines.into_iter().map(Line::from).collect()
}

/// The names of a binding's keys and what they do.
pub(crate) fn help_entry(model: &Model, binding: &Binding) -> (String, String) {
    let keys = &model.texts().keys;
    let names = match binding.accepts {
        Accepts::Keys(pairs) => key_names(model, pairs),
        Accepts::Choice(pairs, last) => {
            let digits = if last == 1 { "1".to_owned() } else { format!("1-{last}") };
            key_names(model, pairs).into_iter().chain([digits]).collect()
        }
        Accepts::Text => vec![keys.letters.clone()],
        Accepts::Digits => vec!["0-9".to_owned()],
        Accepts::Any => vec![keys.any.clone()],
    };
    (names.join("/"), (binding.label)(keys).clone())
}

/// Every key by its name, those that belong together as one.
fn key_names(model: &Model, pairs: &[(Key, Cmd)]) -> Vec<String> {
    let arrows = model.console == Console::Full;
    let has = |key: Key| pairs.iter().any(|(other, _)| *other == key);
    let arrow = |sign: &str, name: &str| Some(if arrows { sign } else { name }.to_owned());
    let name = |(key, _): &(Key, Cmd)| match key {
        Key::Up if has(Key::Down) => None,
        Key::Down if has(Key::Up) => arrow("↑↓", "Up/Down"),
        Key::Left if has(Key::Right) => None,
        Key::Right if has(Key::Left) => arrow("←→", "Left/Right"),
        // Tab the other way round.
        Key::BackTab if has(Key::Tab) => None,
        Key::PageUp if has(Key::PageDown) => None,
        Key::PageDown if has(Key::PageUp) => Some("PgUp/PgDn".to_owned()),
        Key::Up => arrow("↑", "Up"),
        Key::Down => arrow("↓", "Down"),
        Key::Left => arrow("←", "Left"),
        Key::Right => arrow("→", "Right"),
        Key::Enter => Some("Enter".to_owned()),
        Key::Esc => Some("Esc".to_owned()),
        Key::Tab => Some("Tab".to_owned()),
        Key::BackTab => Some("Shift+Tab".to_owned()),
        Key::PageUp => Some("PgUp".to_owned()),
        Key::PageDown => Some("PgDn".to_owned()),
        Key::Home => Some("Home".to_owned()),
        Key::End => Some("End".to_owned()),
        Key::Backspace => Some("Backspace".to_owned()),
        Key::Delete => Some("Delete".to_owned()),
        Key::F(number) => Some(format!("F{number}")),
        Key::Char(' ') => Some(model.texts().keys.space.clone()),
        Key::Char(c) => Some(c.to_ascii_uppercase().to_string()),
    };
    pairs.iter().filter_map(name).collect()
}

/// What of the frame has no room: lines that are too long, or too many.
#[cfg(test)]
pub(super) fn overflow(model: &Model) -> Option<String> {
    let (width, height) = model.size;
    let rooms = rooms(model, Rect::new(0, 0, width, height));
    let parts = [
        ("title", vec![title(model, usize::from(rooms.title.width))], rooms.title),
        ("message", message(model, usize::from(rooms.message.width)), rooms.message),
        ("help", help(model, usize::from(rooms.help.width)), rooms.help),
    ];
    let overflows = |lines: &[Line], room: Rect| {
        lines.len() > usize::from(room.height)
            || lines.iter().any(|line| line.to_string().trim_end().width() > usize::from(room.width))
    };
    parts.into_iter().find(|(_, lines, room)| overflows(lines, *room)).map(|(name, ..)| name.to_owned())
}
