//! How it ended: the one sign for the PC, each drive's verdict, the witness, the end.

use super::begin::{check, entry};
use super::frame::Room;
use super::lines::{line, list, pad, paragraph};
use super::listing::When;
use super::planning::question;
use super::style;
use crate::field::harmless;
use crate::parts::{Tick, WitnessFocus};
use crate::sign::{Attention, Sign, sign};
use crate::texts::{Results, Texts, fill};
use crate::{Console, Model};
use model::{
    Content, DriveNo, DriveResult, FailureReason, Method, NotCovered, Outcome, Technique, Verdict,
    VerificationKind,
};
use policy::{Action, DrivePlan};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// The band that can be read from the door: colour, shape, word.
pub(super) fn band(model: &Model, width: usize) -> Vec<Line<'static>> {
    let t = &model.texts().results;
    let full = model.console == Console::Full;
    let (word, shape, band_style) = match sign(model) {
        Sign::Done => (&t.done, if full { "○" } else { "O" }, style::SIGN_GOOD),
        Sign::Attention(left) => (attention(t, left), if full { "△" } else { "!" }, style::SIGN_WARN),
        Sign::Failed => (&t.failed, if full { "×" } else { "X" }, style::SIGN_BAD),
    };
    let shapes = format!("{shape} ").repeat(5);
    let text = format!("{shapes}  {word}   {shapes}");
    let left = width.saturating_sub(text.width()) / 2;
    let middle = pad(&format!("{}{text}", " ".repeat(left)), width);
    let blank = " ".repeat(width);
    vec![line(blank.clone(), band_style), line(middle, band_style), line(blank, band_style)]
}

/// What there is to do, where one word says it.
fn attention(t: &Results, left: Attention) -> &String {
    match left {
        Attention::Witness => &t.attention_witness,
        Attention::Handover => &t.attention_handover,
        Attention::Unseen => &t.attention_unseen,
        Attention::Unsaved | Attention::Garbled | Attention::NothingErased | Attention::Other => &t.attention,
    }
}

fn sign_sentence(model: &Model) -> (&str, Style) {
    let t = &model.texts().results;
    match sign(model) {
        Sign::Done => (&t.done_line, style::GOOD),
        Sign::Attention(Attention::Unsaved) => (&t.unsaved_line, style::WARN),
        Sign::Attention(Attention::Garbled) => (&t.garbled_line, style::WARN),
        Sign::Attention(Attention::Witness) => (&t.witness_line, style::WARN),
        Sign::Attention(Attention::NothingErased) => (&t.nothing_erased_line, style::WARN),
        Sign::Attention(Attention::Handover) => (&t.handover_line, style::WARN),
        Sign::Attention(Attention::Unseen) => (&t.unseen_line, style::WARN),
        Sign::Attention(Attention::Other) => (&t.attention_line, style::WARN),
        Sign::Failed => (&t.failed_line, style::BAD),
    }
}

pub(super) fn results(model: &Model, room: Room) -> Vec<Line<'static>> {
    let mut lines = band(model, room.width);
    let (sentence, sentence_style) = sign_sentence(model);
    lines.extend(paragraph(sentence, 0, room.width, sentence_style));
    lines.extend(super::listing::unseen(model, When::After, room.width));
    lines.push(Line::default());
    let drives = model.result_lines();
    let items = drives.iter().enumerate();
    let items = items.map(|(at, drive)| result_item(model, drive, at == model.cursor, room.width));
    // What was done to media that this PC does not see comes after its drives.
    let others = model.hand.done.iter().filter(|said| said.drive.is_none()).enumerate();
    let others = others
        .map(|(at, said)| super::hand::done_item(model, said, drives.len() + at == model.cursor, room.width));
    let items = items.chain(others).collect();
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(model.texts(), items, model.cursor, height));
    lines
}

fn result_item(model: &Model, drive: &DrivePlan, at_cursor: bool, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let name = fill(&texts.common.drive, &[("no", &drive.drive)]);
    let kind = crate::words::medium(texts, drive.medium, None);
    let serial = crate::words::drive_serial(model, drive.drive, &drive.identity.serial);
    let (mark, head_style) = match at_cursor && model.scrolls() {
        true => ("> ", style::CURSOR),
        false => ("  ", style::STRONG),
    };
    let mut lines =
        headed(&format!("{mark}{name} {kind}  {}", drive.identity.model), &serial, width, head_style);
    let asset = crate::words::bench_asset(model, drive.drive);
    lines.extend(asset.into_iter().flat_map(|text| paragraph(&text, 4, width, style::PLAIN)));
    let Some(result) = model.result(drive) else { return lines };
    let outcome = crate::words::outcome(texts, result.outcome);
    let achieved = crate::words::achieved(texts, &result);
    let text = match result.outcome {
        // It was not tried, so that nothing was achieved is no failure.
        Outcome::NotCovered => outcome.to_owned(),
        _ => fill(&texts.results.outcome, &[("outcome", &outcome), ("achieved", &achieved)]),
    };
    let text = format!("{text}  {}", position(model, drive));
    lines.extend(paragraph(&text, 4, width, style::PLAIN));
    if result.not_covered != Some(NotCovered::Ineligible) || stays(model, drive.drive) {
        let (said, said_style) = said(model, drive, &result);
        lines.extend(paragraph(&said, 4, width, said_style));
    }
    for text in explanation(model, drive, &result) {
        lines.extend(paragraph(&text, 4, width, style::PLAIN));
    }
    lines
}

/// How a drive stands when nothing more happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Something is left to do about it here.
    LeftToDo,
    /// Destroyed, on somebody's word.
    Destroyed,
    /// Cleared under an exception that the office has not approved.
    NotApproved,
    /// The PC's own, left as it was: what it holds must not leave.
    Stays,
    /// One of the guideline's verdicts, or none.
    Verdict(Option<Verdict>),
}

/// How a drive stands now.
pub(super) fn standing(model: &Model, drive: &DrivePlan, result: &DriveResult) -> Standing {
    if is_left_to_do(model, drive, result) {
        Standing::LeftToDo
    } else if result.achieved == Some(Method::Destruct) && result.outcome == Outcome::Done {
        Standing::Destroyed
    } else if result.outcome == Outcome::AwaitingApproval {
        Standing::NotApproved
    } else if result.outcome == Outcome::NotCovered && stays(model, drive.drive) {
        Standing::Stays
    } else {
        Standing::Verdict(verdict_now(model, result))
    }
}

/// Whether a drive to which nothing was done is the PC's own and keeps its data. On a bench it may be the workbench's.
fn stays(model: &Model, no: DriveNo) -> bool {
    let row = model.drives.rows.iter().find(|row| row.drive.no == no);
    !model.is_bench() && row.is_some_and(|row| row.drive.is_internal() && row.drive.keeps_data())
}

/// What may be done with a drive now, in the words of the guideline's verdicts.
pub(super) fn said(model: &Model, drive: &DrivePlan, result: &DriveResult) -> (String, Style) {
    let texts = model.texts();
    let text = match standing(model, drive, result) {
        Standing::LeftToDo => &texts.verdict.not_yet,
        Standing::Destroyed => &texts.verdict.destroyed,
        Standing::NotApproved => &texts.verdict.not_approved,
        Standing::Stays => &texts.verdict.stays,
        Standing::Verdict(Some(Verdict::MayBeReused)) => {
            let said = crate::words::verdict(texts, Some(Verdict::MayBeReused));
            return (format!("{said}{}", crate::words::meant_for(model)), style::GOOD);
        }
        Standing::Verdict(verdict) => crate::words::verdict(texts, verdict),
    };
    (text.to_owned(), style::WARN)
}

/// A drive by name and serial number, in two lines where one has no room for both: a serial number is never cut off.
fn headed(head: &str, serial: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let one = format!("{head}  {serial}");
    if one.width() <= width {
        return vec![line(pad(&one, width), style)];
    }
    let below = paragraph(serial, 4, width, style::STRONG);
    std::iter::once(line(pad(head, width), style)).chain(below).collect()
}

/// Where the drive is, for whoever has to take it out.
fn position(model: &Model, drive: &DrivePlan) -> String {
    let row = model.drives.rows.iter().find(|row| row.drive.no == drive.drive);
    row.map_or(String::new(), |row| crate::words::position(model, &row.drive))
}

/// The verdict as it stands: in class (1) nothing leaves the building before a witness has confirmed (図表43).
fn verdict_now(model: &Model, result: &DriveResult) -> Option<Verdict> {
    match result.verdict() {
        // Nobody decided anything about it, so it counts as holding what this PC was used for.
        None if result.not_covered == Some(NotCovered::NotInPlan) => Some(Verdict::MustNotLeave),
        Some(_) if model.lacks_witness() => Some(Verdict::MustNotLeave),
        verdict => verdict,
    }
}

/// Whether a drive must not leave only because something is left to do about it here, so that nobody destroys for want of a
/// signature what needs no destruction.
fn is_left_to_do(model: &Model, drive: &DrivePlan, result: &DriveResult) -> bool {
    let unwitnessed = model.lacks_witness()
        && result.achieved.is_some()
        && matches!(result.failure, None | Some(model::FailureReason::AwaitingWitness));
    let untouched = result.not_covered == Some(NotCovered::NotInPlan);
    unwitnessed || untouched || model.busy().contains(&drive.drive)
}

/// Why it ended so, and what to do.
fn explanation(model: &Model, drive: &DrivePlan, result: &DriveResult) -> Vec<String> {
    let texts = model.texts();
    if let Some(said) = model.handled(drive.drive) {
        return crate::words::hand_said(model, said);
    }
    if let Some(reason) = &result.failure {
        let (what, todo) = crate::words::failure(texts, reason, &result.evidence.errors);
        return vec![what, todo];
    }
    let t = &texts.after;
    match (result.outcome, result.not_covered) {
        (Outcome::Done, _) => match result.evidence.verification.as_ref().map(|read| read.found) {
            Some(Some(Content::Unreadable)) | None => vec![t.done_unread.clone()],
            Some(_) => vec![t.done.clone()],
        },
        (Outcome::AwaitingApproval, _) => {
            let said = model.ahead.exceptions.get(&drive.drive);
            let said = said.map(|said| crate::words::exception(texts, said));
            std::iter::once(t.excepted.clone()).chain(said).collect()
        }
        (Outcome::AwaitingDestruction, _) if result.achieved == Some(Method::Clear) => {
            match model.lacks_witness() {
                true => vec![texts.failure.witness.what.clone(), texts.failure.witness.todo.clone()],
                false => vec![t.cleared.clone()],
            }
        }
        (Outcome::AwaitingDestruction, _) if model.busy().contains(&drive.drive) => busy(model, drive.drive),
        (Outcome::AwaitingDestruction, _) if model.ahead.followed.contains_key(&drive.drive) => {
            vec![texts.follow.ended_later.clone()]
        }
        (Outcome::AwaitingDestruction, _) => {
            let mut reasons = crate::words::reasons(model, drive.drive);
            if drive.action != (Action::Destruct { offered: None }) || reasons.is_empty() {
                let frozen = model.thawable().contains(&drive.drive).then(|| t.frozen.clone());
                return std::iter::once(t.destruct.clone()).chain(frozen).collect();
            }
            reasons.push(t.untouched.clone());
            reasons
        }
        (_, Some(NotCovered::ByChoice)) => vec![t.by_choice.clone()],
        (_, Some(NotCovered::NotInPlan)) => {
            let mut texts = vec![t.not_in_plan.clone()];
            texts.extend(crate::words::reasons(model, drive.drive));
            texts.push(t.not_in_plan_do.clone());
            texts
        }
        (_, Some(NotCovered::Ineligible)) => crate::words::reasons(model, drive.drive),
        (Outcome::Incomplete | Outcome::Failed | Outcome::NotCovered, None) => Vec::new(),
    }
}

/// A drive that erases itself is not destroyed, but waited for.
fn busy(model: &Model, no: DriveNo) -> Vec<String> {
    let mut texts = crate::words::reasons(model, no);
    texts.push(model.texts().follow.wait.clone());
    texts
}

pub(super) fn witness(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.witness;
    let form = &model.witness;
    let mut lines = paragraph(&t.intro, 0, room.width, style::STRONG);
    lines.extend(paragraph(&t.what, 0, room.width, style::PLAIN));
    let operator = fill(&t.operator, &[("operator", &model.people.operator())]);
    lines.push(line(format!("{operator}   {}", model.clock.wall), style::PLAIN));
    lines.push(Line::default());
    let drives = model.erased();
    let items: Vec<Vec<Line<'static>>> = drives
        .iter()
        .filter_map(|no| model.plan().and_then(|plan| plan.drive(*no)))
        .map(|drive| witness_item(model, drive, room.width))
        .collect();
    let by_hand: Vec<Vec<Line<'static>>> = model
        .hand
        .done
        .iter()
        .filter(|said| model.unwitnessed().contains(&said.no))
        .map(|said| super::hand::done_item(model, said, false, room.width))
        .collect();
    let height = room.height.saturating_sub(lines.len() + 4);
    let items = items.into_iter().chain(by_hand).enumerate().map(|(at, item)| {
        let head_style = if at == model.cursor && model.scrolls() { style::CURSOR } else { style::STRONG };
        item.into_iter()
            .enumerate()
            .map(|(row, line)| if row == 0 { line.style(head_style) } else { line })
            .collect()
    });
    lines.extend(list(texts, items.collect(), model.cursor, height));
    lines.push(Line::default());
    lines.push(entry(&t.name, form.name.typed(), form.focus == WitnessFocus::Name));
    let focused = form.focus == WitnessFocus::Statement;
    let mark = if focused { "> " } else { "  " };
    let box_sign = check(model.console, form.tick == Tick::Ticked);
    // As in a row of answers: what is reversed is marked.
    let (mark_style, statement_style) = match form.tick {
        Tick::Ticked => (style::PLAIN, style::CURSOR),
        Tick::Empty if focused => (style::STRONG, style::STRONG),
        Tick::Empty => (style::PLAIN, style::PLAIN),
    };
    lines.push(Line::default());
    lines.push(Line::from(vec![
        Span::styled(mark, mark_style),
        Span::styled(format!("{box_sign} {}", t.statement), statement_style),
    ]));
    lines
}

fn witness_item(model: &Model, drive: &DrivePlan, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let name = fill(&texts.common.drive, &[("no", &drive.drive)]);
    let serial = crate::words::drive_serial(model, drive.drive, &drive.identity.serial);
    let mut lines = headed(&format!("  {name} {}", drive.identity.model), &serial, width, style::STRONG);
    let asset = crate::words::bench_asset(model, drive.drive);
    lines.extend(asset.into_iter().flat_map(|text| paragraph(&text, 4, width, style::PLAIN)));
    let Some(result) = model.result(drive) else { return lines };
    let erase = drive.action.erase();
    let way = match erase.map(|erase| (erase.technique, erase.passes)) {
        Some((Technique::RandomOverwrite, passes)) => {
            let name = crate::words::technique(texts, Technique::RandomOverwrite);
            fill(&texts.witness.passes, &[("technique", &name), ("passes", &passes)])
        }
        Some((technique, _)) => {
            fill(&texts.witness.command, &[("technique", &crate::words::technique(texts, technique))])
        }
        None => String::new(),
    };
    let achieved = crate::words::achieved(texts, &result);
    // What waits for this very witness is no outcome to show them.
    let outcome = match &result.failure {
        Some(FailureReason::AwaitingWitness) => "",
        _ => crate::words::outcome(texts, result.outcome),
    };
    lines.extend(paragraph(&format!("{way}  {achieved}  {outcome}"), 4, width, style::PLAIN));
    let ended = model.ended_at.get(&drive.drive).map(String::as_str).unwrap_or_default();
    let when = fill(&texts.witness.when, &[("began", &model.begun_at), ("ended", &ended)]);
    let read = read_back(texts, &result);
    let command = result.evidence.attempts.last().map(|attempt| harmless(&attempt.command));
    let command = command.map(|command| fill(&texts.witness.sent, &[("command", &command)]));
    for text in read.into_iter().chain([when]).chain(command) {
        lines.extend(paragraph(&text, 4, width, style::PLAIN));
    }
    lines
}

/// What was found on the medium afterwards, where that is all that there was to find.
fn read_back(texts: &Texts, result: &DriveResult) -> Option<String> {
    let t = &texts.witness;
    let read = result.evidence.verification.as_ref()?;
    let clean = matches!(result.failure, None | Some(FailureReason::AwaitingWitness));
    clean.then(|| match (read.found, read.kind) {
        (Some(Content::Unreadable), _) => t.read_nothing.clone(),
        (_, VerificationKind::FullStream | VerificationKind::FullConstant) => t.read_all.clone(),
        (_, VerificationKind::Sampled) => fill(&t.read_part, &[("bytes", &read.bytes)]),
    })
}

pub(super) fn unwitnessed(model: &Model, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().unwitnessed;
    question(room, &t.ask, &[&t.explain], &t.keys)
}
