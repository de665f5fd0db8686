//! While drives are being erased; and the help for a stick that cannot be written.

use super::begin::stick_list;
use super::frame::Room;
use super::lines::{cut, line, list, pad, paragraph};
use super::planning::typed;
use super::style;
use crate::parts::StopTarget;
use crate::texts::fill;
use crate::{Basis, Console, JobView, Journal, Model, Phase};
use model::{NotCovered, Technique};
use policy::DrivePlan;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

pub(super) fn progress(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.progress;
    let (stay, stay_style) = if model.needs_rescue() {
        (&t.stay_unsaved, style::BAD)
    } else if model.is_garbled() {
        (&t.stay_garbled, style::BAD)
    } else if model.calls_witness() {
        (&t.stay_witness, style::STRONG)
    } else {
        (&t.stay, style::STRONG)
    };
    let mut lines = paragraph(stay, 0, room.width, stay_style);
    lines.extend(paragraph(&t.power, 0, room.width, style::PLAIN));
    lines.push(overall(model));
    lines.push(Line::default());
    let drives = model.progress_lines();
    let followed = model.followed_lines();
    let height = room.height.saturating_sub(lines.len());
    let items = |told: Told| {
        let job = |(at, plan)| job(model, plan, at == model.cursor, told, room.width);
        let jobs = drives.iter().enumerate().map(job);
        let followed = followed
            .iter()
            .enumerate()
            .map(|(at, plan)| followed_item(model, plan, at + drives.len() == model.cursor, room.width));
        jobs.chain(followed).collect::<Vec<_>>()
    };
    let all = items(Told::OfAll);
    let fits = all.iter().map(Vec::len).sum::<usize>() <= height;
    let items = if fits { all } else { items(Told::AtCursor) };
    lines.extend(list(texts, items, model.cursor, height));
    lines
}

fn overall(model: &Model) -> Line<'static> {
    let texts = model.texts();
    let t = &texts.progress;
    let all = model.to_erase().len();
    let running = model.running();
    let finished = all - running.len();
    // The last drive to end decides; unless every one tells its time, none is promised.
    let told = |job: &JobView| job.remaining.filter(|_| job.of > 0);
    let left: Option<Vec<u64>> = running.iter().map(|no| model.jobs.get(no).and_then(told)).collect();
    let elapsed = crate::words::duration(texts, model.ticks.saturating_sub(model.begun_tick));
    let text = match left.and_then(|left| left.into_iter().max()) {
        Some(seconds) => {
            let remaining = crate::words::duration(texts, seconds);
            fill(
                &t.overall,
                &[("all", &all), ("finished", &finished), ("remaining", &remaining), ("elapsed", &elapsed)],
            )
        }
        None => fill(&t.overall_unknown, &[("all", &all), ("finished", &finished), ("elapsed", &elapsed)]),
    };
    let spinner = ["-", "\\", "|", "/"];
    let turn = usize::try_from(model.ticks % 4).unwrap_or(0);
    let sign = spinner.get(turn).copied().unwrap_or("-");
    line(format!("{sign} {text}"), style::STRONG)
}

/// Of which drives it is said what a power cut does to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    OfAll,
    AtCursor,
}

fn job(model: &Model, plan: &DrivePlan, at_cursor: bool, told: Told, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let mark = if at_cursor && model.scrolls() { "> " } else { "  " };
    let head = format!("{mark}{}", job_name(model, plan, width.saturating_sub(2)));
    let Some(result) = model.result(plan) else {
        let mut lines = vec![line(cut(&head, width), style::STRONG)];
        lines.extend(standing(model, plan, width));
        if at_cursor || told == Told::OfAll {
            lines.extend(
                power_cut(model, plan).into_iter().flat_map(|text| paragraph(text, 4, width, style::PLAIN)),
            );
        }
        return lines;
    };
    let outcome = crate::words::outcome(texts, result.outcome);
    let good = result.verdict() == Some(model::Verdict::MayBeReused);
    let state = match result.not_covered {
        Some(NotCovered::NotInPlan) => texts.after.not_in_plan.clone(),
        _ => format!("{}: {outcome}", texts.progress.finished),
    };
    let state_style = if good { style::GOOD } else { style::WARN };
    vec![line(cut(&head, width), style::STRONG), line(format!("    {state}"), state_style), Line::default()]
}

/// What a job does, and how far it is; of one that stands still, what to do.
fn standing(model: &Model, plan: &DrivePlan, width: usize) -> Vec<Line<'static>> {
    let texts = model.texts();
    let job = model.jobs.get(&plan.drive);
    let told = model.ahead.stalled.contains(&plan.drive);
    if !told && job.is_none_or(|job| job.phase != Phase::Stalled) {
        return bar(model, &crate::words::phase(texts, job), job, width);
    }
    let mut lines = vec![line(cut(&format!("    {}", texts.progress.stalled), width), style::BAD)];
    lines.extend(paragraph(&texts.progress.stalled_do, 4, width, style::WARN));
    lines.extend(job.filter(|job| job.of > 0).map(|job| filled_bar(model, job, width)));
    lines
}

/// What becomes of a drive that erases itself if the power fails.
fn power_cut<'a>(model: &'a Model, plan: &DrivePlan) -> Option<&'a str> {
    let t = &model.texts().progress;
    if !model.erases_itself(plan.drive) {
        return None;
    }
    let technique = plan.action.erase()?.technique;
    Some(match technique {
        Technique::AtaSecurityEraseNormal | Technique::AtaSecurityEraseEnhanced => &t.cut_security,
        Technique::ScsiFormatUnit | Technique::NvmeFormatUserData | Technique::NvmeFormatCrypto => {
            &t.cut_format
        }
        Technique::RandomOverwrite | Technique::Degauss => return None,
        _ => &t.cut_sanitize,
    })
}

/// A drive that was found erasing itself: nothing of this session's, but it needs its power.
fn followed_item(model: &Model, plan: &DrivePlan, at_cursor: bool, width: usize) -> Vec<Line<'static>> {
    let t = &model.texts().follow;
    let mark = if at_cursor && model.scrolls() { "> " } else { "  " };
    let name = job_name(model, plan, width.saturating_sub(mark.len()));
    let mut lines = vec![line(cut(&format!("{mark}{name}"), width), style::STRONG)];
    let Some((_, view)) = model.ahead.following().find(|(no, _)| *no == plan.drive) else { return lines };
    if view.phase == Phase::Stalled {
        lines.push(line(cut(&format!("    {}", t.stalled), width), style::BAD));
        lines.extend(paragraph(&t.stalled_do, 4, width, style::WARN));
        return lines;
    }
    lines.push(line(cut(&format!("    {}", t.running), width), style::WARN));
    lines.push(match view.of {
        0 => line(cut(&format!("    {}", t.silent), width), Style::new()),
        _ => filled_bar(model, view, width),
    });
    lines
}

fn job_name(model: &Model, plan: &DrivePlan, width: usize) -> String {
    let texts = model.texts();
    let name = fill(&texts.common.drive, &[("no", &plan.drive)]);
    let serial = crate::words::drive_serial(model, plan.drive, &plan.identity.serial);
    // Whatever has no room, the serial number has.
    let named = format!("{name} {}  {serial}", plan.identity.model);
    let all = format!("{named}  {}", plan.identity.capacity);
    let fits = |text: &String| text.width() <= width;
    [all, named].into_iter().find(fits).unwrap_or_else(|| format!("{name} {serial}"))
}

fn bar(model: &Model, state: &str, job: Option<&JobView>, width: usize) -> Vec<Line<'static>> {
    let t = &model.texts().progress;
    let state = line(cut(&format!("    {state}"), width), Style::new());
    let below = match job {
        Some(job) if job.of > 0 => filled_bar(model, job, width),
        Some(JobView { phase: Phase::DriveErases, .. }) => {
            line(cut(&format!("    {}", t.unknown_time), width), Style::new())
        }
        _ => line(format!("    {}", t.unknown_share), Style::new()),
    };
    vec![state, below]
}

fn filled_bar(model: &Model, job: &JobView, width: usize) -> Line<'static> {
    const BAR: usize = 24;
    let texts = model.texts();
    let t = &texts.progress;
    let part =
        |scale: u128| (u128::from(job.done.min(job.of)) * scale).checked_div(u128::from(job.of)).unwrap_or(0);
    let filled = usize::try_from(part(BAR as u128)).unwrap_or(0);
    let (full, empty) = if model.console == Console::Full { ("■", "□") } else { ("#", ".") };
    let share = fill(&t.of_bytes, &[("percent", &part(100))]);
    let basis = match job.basis {
        Basis::Estimated => Some(t.estimated.clone()),
        Basis::Reported => Some(t.reported.clone()),
        Basis::Measured => None,
    };
    let rate = job.rate.map(|rate| fill(&t.rate, &[("rate", &rate)]));
    let left = job
        .remaining
        .map(|seconds| fill(&t.remaining, &[("remaining", &crate::words::duration(texts, seconds))]));
    let said = |rate: Option<String>| {
        let words = std::iter::once(share.clone()).chain(basis.clone()).chain(rate).chain(left.clone());
        words.collect::<Vec<_>>().join("  ")
    };
    let room = width.saturating_sub(BAR + 6);
    // What has no room for everything leaves out how fast it goes.
    let rest = Some(said(rate)).filter(|all| all.width() <= room).unwrap_or_else(|| cut(&said(None), room));
    Line::from(vec![
        Span::raw("    "),
        Span::raw(format!("{}{}", full.repeat(filled), empty.repeat(BAR - filled))),
        Span::raw(format!("  {rest}")),
    ])
}

pub(super) fn stop(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.stop;
    let mut lines = paragraph(&t.intro, 0, room.width, style::STRONG);
    lines.extend(paragraph(&t.warn, 0, room.width, style::WARN));
    lines.push(Line::default());
    let running = model.running();
    let targets: Vec<StopTarget> =
        running.iter().copied().map(StopTarget::One).chain([StopTarget::All]).collect();
    let at = targets.iter().position(|target| *target == model.stop.target).unwrap_or(0);
    let items = targets.iter().enumerate().map(|(index, target)| {
        let name = match target {
            StopTarget::All => t.all.clone(),
            StopTarget::One(no) => model
                .plan()
                .and_then(|plan| plan.drive(*no))
                .map_or(String::new(), |d| job_name(model, d, room.width.saturating_sub(2))),
        };
        let (mark, item_style) = if index == at { ("> ", style::CURSOR) } else { ("  ", style::PLAIN) };
        let mut item = vec![line(pad(&format!("{mark}{name}"), room.width), item_style)];
        if matches!(target, StopTarget::One(no) if model.erases_itself(*no)) {
            item.extend(paragraph(&t.unstoppable, 4, room.width, style::WARN));
        }
        item
    });
    let height = room.height.saturating_sub(lines.len() + 4);
    lines.extend(list(texts, items.collect(), at, height));
    lines.push(Line::default());
    let code = model.plan().map_or(String::new(), |plan| plan.digest().code());
    lines.push(line(fill(&t.code, &[("code", &code)]), style::STRONG));
    lines.push(typed(&t.typed, &model.stop.typed));
    lines
}

pub(super) fn rescue(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.rescue;
    let mut lines = Vec::new();
    let problem = match (&model.journal, &model.closing) {
        (Journal::Unsaved { problem, .. }, _) | (_, crate::parts::Closing::Failed(problem)) => Some(problem),
        _ => None,
    };
    match problem {
        Some(problem) => {
            let (what, todo) = crate::words::stick_problem(texts, problem);
            lines.extend(paragraph(&what, 0, room.width, style::BAD));
            lines.extend(paragraph(&todo, 0, room.width, style::STRONG));
        }
        None if model.journal == Journal::Saving => {
            lines.extend(paragraph(&t.trying, 0, room.width, style::WARN));
            lines.extend(paragraph(&t.trying_do, 0, room.width, style::STRONG));
        }
        None => lines.extend(paragraph(&t.solved, 0, room.width, style::GOOD)),
    }
    if model.is_garbled() && !model.needs_rescue() {
        return lines;
    }
    if let Journal::Unsaved { count, .. } = &model.journal {
        lines.push(line(fill(&t.waiting_entries, &[("count", count)]), style::PLAIN));
    }
    if !model.running().is_empty() {
        lines.extend(paragraph(&t.running, 0, room.width, style::PLAIN));
    }
    lines.push(Line::default());
    if model.sticks.candidates.is_empty() {
        lines.extend(paragraph(&t.none, 0, room.width, style::WARN));
        return lines;
    }
    lines.push(line(t.list.clone(), style::STRONG));
    let height = room.height.saturating_sub(lines.len());
    lines.extend(stick_list(model, model.rescue_cursor, room.width, height));
    lines
}
