//! What is asked before the plan: a sleep for frozen drives, a password for locked ones.

use super::begin::option;
use super::frame::Room;
use super::lines::paragraph;
use super::style;
use crate::ahead::{Sleep, Unlock};
use crate::texts::fill;
use crate::words::drive_names;
use crate::{Display, Model, SLEEP_SECONDS, SleepOutcome, Thaw};
use model::DriveNo;
use ratatui::style::Style;
use ratatui::text::Line;

struct Page {
    lines: Vec<Line<'static>>,
    width: usize,
}

impl Page {
    fn new(room: Room) -> Self {
        Self { lines: Vec::new(), width: room.width }
    }

    fn say(&mut self, text: &str, indent: usize, style: Style) {
        self.lines.extend(paragraph(text, indent, self.width, style));
    }

    fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    fn choice(&mut self, model: &Model, choices: [&String; 2]) {
        for (index, text) in choices.into_iter().enumerate() {
            let at_cursor = model.ahead.pick == Some(index);
            self.lines.push(option(text, at_cursor, self.width.saturating_sub(2)));
        }
    }
}

pub(super) fn sleep(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().sleep;
    let how = fill(&t.how, &[("seconds", &SLEEP_SECONDS)]);
    let dark: Vec<&String> = match model.display {
        Display::Driven => vec![&t.button, &t.black],
        Display::Firmware => vec![&t.dark],
    };
    let mut page = Page::new(room);
    match &model.ahead.sleep {
        Sleep::Asked(_) => {
            page.say(&t.going, 0, style::STRONG);
            page.gap();
            page.say(&how, 2, style::STRONG);
            dark.iter().for_each(|text| page.say(text, 2, style::WARN));
            page.say(&t.keep, 2, style::PLAIN);
        }
        Sleep::Waking(_) => {
            page.say(&t.waking, 0, style::STRONG);
            page.gap();
            page.say(&t.waking_do, 2, style::WARN);
        }
        Sleep::Answered { asked, outcome } => answered(model, &mut page, asked, outcome),
        Sleep::NotAsked | Sleep::Offered => {
            page.say(&t.intro, 0, style::STRONG);
            page.say(&drive_names(model, &model.thawable()), 2, style::PLAIN);
            page.say(&t.what, 0, style::PLAIN);
            page.gap();
            for text in [&how].into_iter().chain(dark).chain([&t.keep, &t.safe]) {
                page.say(text, 2, style::PLAIN);
            }
            page.gap();
            page.choice(model, [&t.yes, &t.no]);
        }
    }
    page.lines
}

fn answered(model: &Model, page: &mut Page, asked: &[DriveNo], outcome: &SleepOutcome) {
    let t = &model.texts().sleep;
    match outcome {
        SleepOutcome::Woke(thaw) => {
            page.say(&t.woke, 0, style::STRONG);
            page.gap();
            thawed(model, page, asked, thaw);
        }
        SleepOutcome::StickMissing(thaw) => {
            page.say(&t.stick_missing, 0, style::BAD);
            page.say(&t.stick_missing_then, 0, style::STRONG);
            page.gap();
            thawed(model, page, asked, thaw);
        }
        SleepOutcome::NotSupported => {
            page.say(&t.unsupported, 0, style::WARN);
            still_frozen(model, page, asked);
        }
        SleepOutcome::Failed(failure) => {
            let failure = crate::field::harmless(crate::cause::told(model.texts(), failure));
            page.say(&fill(&t.failed, &[("failure", &failure)]), 0, style::WARN);
            still_frozen(model, page, asked);
        }
    }
    page.gap();
    page.say(&t.go_on, 0, style::STRONG);
    if let Some(seconds) = model.dark_seconds_left() {
        page.say(&fill(&t.dark_count, &[("seconds", &seconds)]), 0, style::WARN);
    }
}

fn thawed(model: &Model, page: &mut Page, asked: &[DriveNo], thaw: &Thaw) {
    let t = &model.texts().sleep;
    let told = |no: &DriveNo| thaw.thawed.contains(no) || thaw.frozen.contains(no);
    let missing: Vec<DriveNo> = asked.iter().copied().filter(|no| !told(no)).collect();
    if !thaw.thawed.is_empty() {
        page.say(&fill(&t.thawed, &[("names", &drive_names(model, &thaw.thawed))]), 0, style::GOOD);
    }
    if !thaw.frozen.is_empty() {
        still_frozen(model, page, &thaw.frozen);
    }
    if !missing.is_empty() {
        page.say(&fill(&t.missing, &[("names", &drive_names(model, &missing))]), 0, style::BAD);
        page.say(&t.missing_then, 2, style::PLAIN);
    }
}

fn still_frozen(model: &Model, page: &mut Page, drives: &[DriveNo]) {
    let t = &model.texts().sleep;
    page.say(&fill(&t.frozen, &[("names", &drive_names(model, drives))]), 0, style::WARN);
    page.say(&t.frozen_then, 2, style::PLAIN);
}

pub(super) fn unlock(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().unlock;
    let Some(no) = model.ahead.shown else { return Vec::new() };
    let name = crate::words::drive_name(model, no);
    let mut page = Page::new(room);
    match model.ahead.unlocks.get(&no) {
        None | Some(Unlock::Declined) => {
            page.say(&fill(&t.intro, &[("name", &name)]), 0, style::STRONG);
            if let Some(drive) = model.here(no) {
                page.say(&crate::words::drive_serial(model, no, &drive.identity.serial), 2, style::PLAIN);
            }
            page.say(&t.found, 0, style::PLAIN);
            page.say(&t.what, 0, style::PLAIN);
            page.gap();
            page.choice(model, [&t.yes, &t.no]);
        }
        Some(Unlock::Asked) => page.say(&t.asked, 0, style::WARN),
        Some(Unlock::Done) => {
            page.say(&fill(&t.done, &[("names", &name)]), 0, style::GOOD);
            page.say(&t.done_do, 0, style::PLAIN);
            page.gap();
            page.say(&t.go_on, 0, style::STRONG);
        }
        Some(Unlock::Failed(problem)) => {
            let (what, todo) = crate::words::unlock_problem(model.texts(), problem);
            page.say(&name, 0, style::STRONG);
            page.say(&what, 0, style::BAD);
            page.say(&todo, 0, style::STRONG);
            page.gap();
            page.say(&t.go_on, 0, style::PLAIN);
        }
    }
    page.lines
}
