//! What happened outside: sticks, the journal, jobs, the clock.

use super::{ahead, detail, follow, inventory, passphrase, power, unattended};
use crate::assets::Listed;
use crate::field::harmless;
use crate::parts::{
    BootStick, Closing, Confirmed, Gravity, PlanState, PolicyTrouble, Seat, Shown, StickUse, WitnessState,
};
use crate::secret::Secret;
use crate::unattended::Unattended;
use crate::voucher::Lock;
use crate::{
    CloseReason, Effect, Journal, Model, Msg, ScanState, Screen, StickCandidate, StickInfo, StickNo,
    StickProblem, StickState,
};
use model::{DriveNo, DriveResult, Witnessed};
use policy::{Table, TableOrigin};
use std::sync::Arc;

/// Takes everything that is neither a key, a size nor an inventory. Nothing from outside asks for an effect, but the power
/// button where all is saved, and a screen that stays dark.
pub(super) fn receive(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Scan(state) => scan(model, state),
        Msg::HiddenControllers(names) => {
            model.drives.hidden = names.iter().map(|name| harmless(name)).collect()
        }
        // One that has gone is still told by where it was.
        Msg::Asides(asides) => model.drives.asides.extend(asides),
        Msg::Sticks(candidates) => sticks(model, candidates),
        Msg::BootStickRead => model.sticks.boot = BootStick::MayGo,
        Msg::KeyboardKept => {
            let texts = model.texts().language.clone();
            model.say(Gravity::Problem, &texts.keyboard_kept, &texts.keyboard_kept_do);
        }
        Msg::StickOpened(answer) => stick_opened(model, answer),
        Msg::Unsealed(answer) => passphrase::unsealed(model, answer),
        Msg::Jobs(news) => unattended::news(model, news),
        Msg::Journal(journal) => take_journal(model, journal),
        Msg::Job(no, view) => {
            model.jobs.insert(no, view);
        }
        Msg::JobFinished(no, result) => job_finished(model, no, result),
        Msg::Stalled(no, stall) => follow::stalled(model, no, stall),
        Msg::Awake => ahead::awake(model),
        Msg::Slept(outcome) => ahead::slept(model, outcome),
        Msg::Display(display) => model.display = display,
        Msg::InTheDark => return ahead::in_the_dark(model, CloseReason::InTheDark),
        Msg::PasswordsFound(drives) => model.ahead.ours = drives.into_iter().collect(),
        Msg::Unlocked(no, answer) => ahead::unlocked(model, no, answer),
        Msg::Following(no, view) => follow::following(model, no, view),
        Msg::Followed(no, end) => follow::followed(model, no, end),
        Msg::Probed(answer) => detail::probed(model, answer),
        Msg::Witnessed => witnessed(model),
        Msg::Closed(answer) => return closed(model, answer),
        Msg::Clock { wall, state } => (model.clock.wall, model.clock.state) = (harmless(&wall), state),
        Msg::Policy { table, origin } => policy(model, table, origin),
        Msg::PolicyProblem { message, line } => policy_problem(model, &message, line),
        // Two consoles may claim the seat at once; the one that loses has begun nothing yet.
        Msg::SeatTaken if model.seat == Seat::Free || model.begun.is_none() => model.go(Screen::Taken),
        Msg::Restarted { code } => restarted(model, &code),
        Msg::FaultKept => model.fault = None,
        Msg::PowerButton => return power::button(model),
        Msg::OnBattery(battery) => power::supply(model, battery),
        Msg::SeatTaken | Msg::LeftAlone | Msg::Tick | Msg::Key(_) | Msg::Resized { .. } | Msg::Drives(_) => {}
    }
    Vec::new()
}

fn restarted(model: &mut Model, code: &str) {
    let texts = model.texts().crashed.clone();
    let what = crate::texts::fill(&texts.what, &[("code", &code)]);
    model.say(Gravity::Problem, &what, &texts.again);
    model.fault = Some(harmless(code));
}

fn scan(model: &mut Model, state: ScanState) {
    let ended = model.drives.scan != ScanState::Done && state == ScanState::Done;
    if ended && model.screen == Screen::Drives {
        model.notice = None;
    }
    model.drives.scan = state;
}

fn sticks(model: &mut Model, mut candidates: Vec<StickCandidate>) {
    let refused = &mut model.sticks.refused;
    refused.retain(|no, _| candidates.iter().any(|stick| stick.no == *no));
    for stick in &mut candidates {
        stick.label = harmless(&stick.label);
        if let Some(state) = refused.get(&stick.no) {
            stick.state = state.clone();
        }
    }
    let had_usable = model.sticks.candidates.iter().any(|stick| stick.state.is_usable());
    candidates.sort_by_key(|stick| stick.no);
    model.sticks.candidates = candidates;
    for cursor in [&mut model.sticks.cursor, &mut model.rescue_cursor] {
        *cursor = cursor.filter(|no| model.sticks.candidates.iter().any(|stick| stick.no == *no));
    }
    let proposed = propose_stick(model, had_usable);
    if proposed && model.screen == Screen::Sticks && !model.sticks.refused.is_empty() {
        let texts = model.texts().sticks.clone();
        model.say(Gravity::Info, &texts.came, &texts.came_do);
    }
    let used = match &model.sticks.used {
        StickUse::Opening(no) => Some(*no),
        StickUse::Open(info) => Some(info.no),
        StickUse::None => None,
    };
    let gone = used.is_some_and(|no| model.stick(no).is_none());
    if gone && model.begun.is_none() {
        model.sticks.let_go();
        if matches!(
            model.screen,
            Screen::Sticks
                | Screen::Passphrase
                | Screen::Unattended
                | Screen::Past
                | Screen::PastDetail
                | Screen::People
                | Screen::Names
                | Screen::Class
                | Screen::Drives
                | Screen::DriveDetail
                | Screen::Attest
                | Screen::Label
                | Screen::Exception
                | Screen::Own
                | Screen::Assets
                | Screen::Abandon
        ) {
            model.go(Screen::Sticks);
            let texts = model.texts().sticks.clone();
            model.say(Gravity::Problem, &texts.chosen_gone, &texts.chosen_gone_do);
        }
    }
}

/// The only usable stick is proposed, but never in place of one that the cursor stood on a moment ago, unless that was
/// refused. Whether it was.
fn propose_stick(model: &mut Model, had_usable: bool) -> bool {
    let sticks = &mut model.sticks;
    let mut usable = sticks.candidates.iter().filter(|stick| stick.state.is_usable()).map(|stick| stick.no);
    let (Some(only), None, false) = (usable.next(), usable.next(), had_usable) else { return false };
    let free = sticks.cursor.is_none_or(|no| sticks.refused.contains_key(&no));
    if free {
        sticks.cursor = Some(only);
    }
    free
}

/// Notes what a stick turned out to be, so that the list does not go on calling it usable.
fn refuse(model: &mut Model, no: StickNo, problem: &StickProblem) {
    let state = match problem {
        StickProblem::Full => StickState::Full,
        StickProblem::ReadOnly => StickState::ReadOnly,
        // Another try may help.
        _ => return,
    };
    if let Some(stick) = model.sticks.candidates.iter_mut().find(|stick| stick.no == no) {
        stick.state = state.clone();
        model.sticks.refused.insert(no, state);
        // Another stick is taken by a person's choice alone: an Enter that was meant for this one must not open it.
        model.sticks.cursor = None;
    }
}

fn stick_opened(model: &mut Model, answer: Result<StickInfo, StickProblem>) {
    let StickUse::Opening(asked) = model.sticks.used else { return };
    match answer {
        Ok(mut info) if info.no == asked => {
            info.label = harmless(&info.label);
            info.fingerprint = harmless(&info.fingerprint);
            model.sticks.lock = Lock::of(&info.voucher);
            model.sticks.passphrase = Secret::default();
            model.sticks.shown = Shown::Stars;
            model.unattended = Unattended::None;
            model.sticks.used = StickUse::Open(Box::new(info));
            (model.listed, model.doubted) = (Listed::default(), None);
            inventory::guard_all(model);
            passphrase::ask(model);
        }
        // The answer of a stick that was asked before.
        Ok(_) => {}
        Err(problem) => {
            model.sticks.let_go();
            refuse(model, asked, &problem);
            let (what, todo) = crate::words::stick_problem(model.texts(), &problem);
            model.say(Gravity::Problem, &what, &todo);
        }
    }
}

fn take_journal(model: &mut Model, journal: Journal) {
    let unsaved = |journal: &Journal| matches!(journal, Journal::Unsaved { .. });
    let changed = unsaved(&journal) != unsaved(&model.journal);
    // A stale notice would hide what is now wrong, or say that something still is.
    if changed || (model.screen == Screen::Rescue && journal != model.journal) {
        model.notice = None;
    }
    model.journal = journal;
}

fn job_finished(model: &mut Model, no: DriveNo, result: DriveResult) {
    let PlanState::Fixed(plan) = &model.plan else { return };
    if plan.drive(no).is_none() {
        return;
    }
    let result = result.under_class(plan.class, Witnessed::No);
    model.results.insert(no, result);
    model.ended_at.insert(no, model.clock.wall.clone());
    if !model.running().is_empty() {
        return;
    }
    match model.screen {
        Screen::Progress | Screen::Stop => {
            model.notice = None;
            model.go(Screen::Results);
        }
        Screen::Rescue if model.rescue_from == Screen::Progress => model.rescue_from = Screen::Results,
        _ => {}
    }
}

fn witnessed(model: &mut Model) {
    let asked = std::mem::take(&mut model.witness.asked);
    let awaited = model.witness.state == WitnessState::Asked;
    // Something else was recorded by hand meanwhile: that still wants its witness, and what was confirmed is confirmed.
    if !awaited && asked.is_empty() {
        return;
    }
    if awaited {
        model.witness.state = WitnessState::Recorded;
    }
    if !model.erased().is_empty() {
        model.witness.drives = Confirmed::Yes;
    }
    model.hand.witnessed.extend(asked);
    let results = std::mem::take(&mut model.results);
    model.results = results.into_iter().map(|(no, result)| (no, result.after_witness())).collect();
    if matches!(model.screen, Screen::Results | Screen::ByHand) {
        let texts = model.texts().witness.clone();
        model.say(Gravity::Info, &texts.recorded, &texts.recorded_do);
    }
}

fn closed(model: &mut Model, answer: Result<crate::CloseInfo, StickProblem>) -> Vec<Effect> {
    if !matches!(model.closing, Closing::Asked | Closing::Failed(_)) {
        return Vec::new();
    }
    model.notice = None;
    model.closing = match answer {
        Ok(info) => Closing::Closed(info),
        Err(problem) => Closing::Failed(problem),
    };
    // Where the log could not be closed, somebody is needed, in the dark or not.
    let closed = matches!(model.closing, Closing::Closed(_)) && model.may_power_off();
    let switches_off = std::mem::take(&mut model.ahead.switches_off);
    if switches_off && closed && model.busy().is_empty() { vec![Effect::PowerOff] } else { Vec::new() }
}

fn policy(model: &mut Model, table: Table, origin: TableOrigin) {
    if matches!(model.plan, PlanState::Fixed(_)) || model.closing != Closing::NotAsked {
        return;
    }
    (model.table, model.origin, model.policy_trouble) = (Arc::new(table), origin, None);
    // A plan made by another table is none any more.
    model.drop_plan();
    match model.screen {
        Screen::Plan | Screen::PlanDetail | Screen::Confirm | Screen::RecordOnly => model.go(Screen::Drives),
        Screen::PolicyProblem => model.go(Screen::Language),
        _ => {}
    }
}

fn policy_problem(model: &mut Model, message: &str, line: usize) {
    if matches!(model.plan, PlanState::Fixed(_)) || model.closing != Closing::NotAsked {
        return;
    }
    model.drop_plan();
    let builtin = Table::builtin().ok().map(Arc::new);
    model.policy_trouble = Some(PolicyTrouble { message: harmless(message), line, builtin });
    if model.screen != Screen::Taken {
        model.go(Screen::PolicyProblem);
    }
}
