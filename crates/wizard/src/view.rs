//! The picture of a model. Every screen has the same frame: title, content, message, keys.

mod ahead;
mod begin;
mod code;
mod detail;
mod door;
mod estimate;
mod finish;
mod frame;
mod hand;
mod help;
mod labels;
mod lines;
mod listing;
mod passphrase;
mod past;
mod people;
mod planning;
mod running;
mod strokes;
mod style;
mod unattended;
mod verdicts;

use crate::texts::{Catalogues, fill};
use crate::{Console, Language, MINIMUM_SIZE, Model, Screen};
#[cfg(test)]
pub(crate) use estimate::seconds;
pub(crate) use finish::finish_len;
use frame::Room;
#[cfg(test)]
pub(crate) use frame::{heading, help_entry};
pub(crate) use lines::shortened;
use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
#[cfg(test)]
use unicode_width::UnicodeWidthStr;

/// Draws the screen.
pub fn view(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let (width, height) = MINIMUM_SIZE;
    if area.width < width || area.height < height {
        too_small(model, frame);
        return;
    }
    if model.screen == Screen::Code && !model.shows_help() {
        code::draw(model, frame);
        return;
    }
    if model.shows_door() {
        door::draw(model, frame);
        keep_ascii(model, frame);
        return;
    }
    let rooms = frame::rooms(model, area);
    let room = Room { width: usize::from(rooms.content.width), height: usize::from(rooms.content.height) };
    frame.render_widget(Paragraph::new(content(model, room)), rooms.content);
    frame::draw(model, frame, &rooms);
    keep_ascii(model, frame);
}

/// A console that draws only ASCII gets nothing else, whatever was typed or read from a file.
fn keep_ascii(model: &Model, frame: &mut Frame) {
    if model.console == Console::Full {
        return;
    }
    for cell in &mut frame.buffer_mut().content {
        if !cell.symbol().is_ascii() {
            cell.set_symbol("?");
        }
    }
}

/// Rows of the screen's content as it is now.
pub(crate) fn content_rows(model: &Model) -> usize {
    frame::room(model).height
}

/// A message about a drive with a long name takes a row more than usual: from the gaps between what is said, not from its
/// end. With any other message there has to be room for the gaps, too.
fn content(model: &Model, room: Room) -> Vec<Line<'static>> {
    let mut lines = whole_content(model, room);
    let is_long = frame::has_long_message(model, room.width);
    while is_long
        && lines.len() > room.height
        && let Some(gap) = lines.iter().rposition(|line| line.spans.is_empty())
    {
        lines.remove(gap);
    }
    lines
}

fn whole_content(model: &Model, room: Room) -> Vec<Line<'static>> {
    if model.shows_help() {
        return help::help(model, room);
    }
    match model.screen {
        Screen::Language => begin::language(model, room),
        Screen::Sticks => begin::sticks(model, room),
        Screen::Passphrase => passphrase::passphrase(model, room),
        Screen::Unattended => unattended::unattended(model, room),
        Screen::People => people::people(model, room),
        Screen::Names => people::names(model, room),
        Screen::Past => past::past(model, room),
        Screen::PastDetail => past::past_detail(model, room),
        Screen::Class => begin::class(model, room),
        Screen::PolicyProblem => begin::policy_problem(model, room),
        Screen::Taken => begin::taken(model, room),
        Screen::Drives => listing::drives(model, room),
        Screen::DriveDetail => detail::drive_detail(model, room),
        Screen::Attest => detail::attest(model, room),
        Screen::Exception => detail::exception(model, room),
        Screen::Label => labels::label(model, room),
        Screen::Own => labels::own(model, room),
        Screen::Assets => labels::assets(model, room),
        Screen::Unlock => ahead::unlock(model, room),
        Screen::Sleep => ahead::sleep(model, room),
        Screen::Plan => planning::plan(model, room),
        Screen::PlanDetail => planning::plan_detail(model, room),
        Screen::Confirm => planning::confirm(model, room),
        Screen::RecordOnly => planning::record_only(model, room),
        Screen::Abandon => planning::abandon(model, room),
        Screen::Progress => running::progress(model, room),
        Screen::Stop => running::stop(model, room),
        // It takes the whole screen.
        Screen::Code => Vec::new(),
        Screen::Rescue => running::rescue(model, room),
        Screen::Results => verdicts::results(model, room),
        Screen::ByHand => hand::by_hand(model, room),
        Screen::HandForm => hand::hand_form(model, room),
        Screen::Witness => verdicts::witness(model, room),
        Screen::Unwitnessed => verdicts::unwitnessed(model, room),
        Screen::Finish => finish::finish(model, room),
    }
}

/// What of the picture has no room: a line that is cut off anywhere, or lines that are too long or too many.
#[cfg(test)]
pub(crate) fn overflow(model: &Model) -> Option<String> {
    if !model.fits() {
        return None;
    }
    lines::take_cut();
    if model.screen == Screen::Code && !model.shows_help() {
        return code::overflow(model);
    }
    if model.shows_door() {
        return door::overflow(model);
    }
    let room = frame::room(model);
    let lines = content(model, room);
    if lines.len() > room.height {
        return Some(format!("{} lines in {} rows", lines.len(), room.height));
    }
    if let Some(line) = lines.iter().find(|line| line.to_string().trim_end().width() > room.width) {
        return Some(format!("too long: {line}"));
    }
    let frame = frame::overflow(model);
    frame.or_else(|| lines::take_cut().first().map(|text| format!("cut off: {text}")))
}

/// One clear sentence in each language that the console shows, and nothing else.
fn too_small(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let width = usize::from(area.width).max(1);
    let mut lines = Vec::new();
    for language in frame::languages(model) {
        let text = &model.catalogues.of(language).small.line;
        let text = fill(text, &[("width", &area.width), ("height", &area.height)]);
        lines.extend(lines::wrap(&text, width).into_iter().map(Line::from));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// What to print when the program has crashed and the screens are gone: what happened, and what to do.
///
/// `code` is what the operator writes down and reads out on the telephone.
#[must_use]
pub fn crashed_text(language: Language, code: &str) -> String {
    let Ok(catalogues) = Catalogues::load() else { return format!("massho: {code}") };
    let texts = &catalogues.of(language).crashed;
    let what = fill(&texts.what, &[("code", &crate::field::harmless(code))]);
    format!("{}\n{what}\n{}\n", texts.title, texts.todo)
}

/// What stands on a screen on which the program was started again in vain: in every language that the console can show.
#[must_use]
pub fn gave_up_text(console: Console, code: &str) -> String {
    let Ok(catalogues) = Catalogues::load() else { return format!("massho: {code}\n") };
    let languages: &[Language] = match console {
        Console::Full => &[Language::Ja, Language::En],
        Console::AsciiOnly => &[Language::En],
    };
    let code = crate::field::harmless(code);
    let of = |language: &Language| {
        let texts = &catalogues.of(*language).crashed;
        format!(
            "{}\n{}\n{}\n",
            fill(&texts.gave_up, &[("code", &code)]),
            texts.gave_up_do,
            texts.gave_up_keep
        )
    };
    languages.iter().map(of).collect::<Vec<_>>().join("\n")
}
