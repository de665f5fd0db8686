//! Work by the office's job list: a minute in which any key stops it, then the same way as by hand.

use super::{ahead, people};
use crate::field::Field;
use crate::parts::{ClassChoice, Gravity, PlanState, Seat, StickUse};
use crate::people::PeopleFocus;
use crate::texts::{Pair, fill};
use crate::unattended::{Count, Kept, SECONDS, Unattended};
use crate::voucher::Lock;
use crate::{ClassAnswer, Effect, JobNews, JobOffer, JobRefusal, Journal, Model, Purpose, ScanState, Screen};

/// Takes what the program says of the list.
pub(super) fn news(model: &mut Model, news: JobNews) {
    match news {
        JobNews::Awaited => {
            // No countdown is announced where none can follow.
            let other_work = model.purpose == Purpose::ByHand || model.is_bench();
            if model.unattended == Unattended::None && model.begun.is_none() && !other_work {
                model.unattended = Unattended::Awaited;
            }
        }
        JobNews::Offer(offer) => {
            if model.unattended == Unattended::Awaited {
                begin(model, *offer);
            }
        }
        JobNews::Refused(refusal) => {
            let said = said(model, &refusal);
            match model.unattended.count() {
                Some(_) => stop(model, Gravity::Problem, &said),
                // Whoever is at work already is told nothing that they need.
                None if model.unattended == Unattended::Awaited => give_up(model, &said),
                None => {}
            }
        }
        JobNews::Begun => {
            // Whatever the seconds say: a recording that is shown again has none.
            if let (Some(_), PlanState::Shown(plan)) = (model.unattended.count(), &model.plan) {
                let plan = plan.clone();
                model.begun = model.begun.take().or_else(|| model.answers());
                model.begun_at.clone_from(&model.clock.wall);
                model.begun_tick = model.ticks;
                model.plan = PlanState::Fixed(plan);
                model.unattended = Unattended::Begun;
                model.go(Screen::Progress);
            }
        }
    }
}

/// Begins to count down, unless something asks for a person.
fn begin(model: &mut Model, offer: JobOffer) {
    model.unattended = Unattended::None;
    let open = matches!(model.sticks.used, StickUse::Open(_)) && model.sticks.lock == Lock::Open;
    let fresh = model.begun.is_none()
        && model.plan == PlanState::None
        && model.ahead.attestations.is_empty()
        && model.ahead.exceptions.is_empty()
        && !model.is_bench();
    // Other work than the list's was chosen on the first screen, where erasing is what nobody chose.
    let meant = matches!(model.purpose, Purpose::Erase) || model.purpose == offer.purpose;
    // Whoever has gone on by hand goes on by hand.
    if !open
        || !fresh
        || !meant
        || model.screen != Screen::Sticks
        || model.shows_help()
        || model.seat == Seat::Free
    {
        return;
    }
    let kept = Kept::of(model);
    take(model, &offer);
    let texts = model.texts().unattended.clone();
    let problem = if model.on_battery {
        Some(texts.battery)
    } else if model.listed.check.is_doubtful() {
        Some(texts.doubtful)
    } else if !model.plan().is_some_and(policy::SessionPlan::is_destructive) {
        Some(texts.nothing)
    } else if ahead::next_stop(model) != Screen::Plan || !model.busy().is_empty() {
        Some(texts.asks)
    } else {
        None
    };
    if let Some(said) = problem {
        model.ahead.shown = None;
        kept.give_back(model, &offer.drives);
        return give_up(model, &said);
    }
    model.notice = None;
    model.unattended = Unattended::Counting(Box::new(Count { offer, seconds: SECONDS, kept }));
    model.go(Screen::Unattended);
}

/// Answers every question as the list does.
fn take(model: &mut Model, offer: &JobOffer) {
    model.people = crate::people::People::default();
    for (focus, text) in [
        (PeopleFocus::Operator, Some(&offer.operator)),
        (PeopleFocus::Witness, offer.witness.as_ref()),
        (PeopleFocus::Approver, offer.approver.as_ref()),
        (PeopleFocus::Section, offer.section.as_ref()),
        (PeopleFocus::Place, offer.place.as_ref()),
        (PeopleFocus::Asset, Some(&offer.asset_number)),
    ] {
        if let Some(text) = text {
            *model.people.field(focus) = Field::of(text);
        }
    }
    people::look_up(model);
    model.purpose = offer.purpose;
    model.class = Some(ClassChoice { class: offer.class, answer: ClassAnswer::Known });
    model.drives.selected = offer.drives.iter().copied().collect();
    model.drives.turned.clear();
    model.ahead.restore_dco.clear();
    model.plan = PlanState::Shown(model.make_plan(offer.class));
}

/// A second has passed.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    // Seconds that nobody could see were none.
    let seen = model.screen == Screen::Unattended && model.fits() && model.drives.scan == ScanState::Done;
    match &mut model.unattended {
        Unattended::Counting(count) if !seen => count.seconds = SECONDS,
        Unattended::Counting(count) if count.seconds > 1 => count.seconds -= 1,
        Unattended::Counting(count) => {
            let count = count.clone();
            let Some(answers) = model.answers() else { return Vec::new() };
            model.begun = Some(answers.clone());
            model.journal = Journal::Saving;
            model.unattended = Unattended::Saving(count);
            return vec![Effect::BeginSession(answers)];
        }
        Unattended::Saving(count) if seen && model.journal == Journal::Saved => {
            let count = count.clone();
            let PlanState::Shown(plan) = &model.plan else { return Vec::new() };
            let plan = plan.clone();
            model.unattended = Unattended::Asked(count);
            return vec![Effect::Ordered { plan }];
        }
        _ => {}
    }
    Vec::new()
}

/// Any key.
pub(super) fn key(model: &mut Model) {
    let said = model.texts().unattended.stopped.clone();
    stop(model, Gravity::Info, &said);
}

/// After everything that happens: what was counted down for must still be there.
pub(super) fn watch(model: &mut Model) {
    if model.unattended.count().is_none() {
        return;
    }
    let texts = model.texts().unattended.clone();
    let open = matches!(model.sticks.used, StickUse::Open(_));
    if model.screen != Screen::Unattended {
        // Something took the screen away; it says itself why.
        put_back(model);
    } else if !open || model.plan == PlanState::None {
        stop(model, Gravity::Problem, &texts.changed);
    } else if model.on_battery {
        stop(model, Gravity::Problem, &texts.battery);
    }
}

fn put_back(model: &mut Model) {
    match std::mem::take(&mut model.unattended) {
        Unattended::Counting(count) | Unattended::Saving(count) | Unattended::Asked(count) => {
            count.kept.give_back(model, &count.offer.drives);
        }
        _ => {}
    }
}

/// Back to where it came from: nothing was erased.
fn stop(model: &mut Model, gravity: Gravity, said: &Pair) {
    put_back(model);
    model.go(Screen::Sticks);
    model.say(gravity, &said.what, &said.todo);
}

fn give_up(model: &mut Model, said: &Pair) {
    model.unattended = Unattended::None;
    model.say(Gravity::Problem, &said.what, &said.todo);
}

fn said(model: &Model, refusal: &JobRefusal) -> Pair {
    let t = &model.texts().unattended;
    let with = |pair: &Pair, name: &str, text: &str| {
        let text = crate::field::harmless(text);
        Pair { what: fill(&pair.what, &[(name, &text)]), todo: pair.todo.clone() }
    };
    match refusal {
        JobRefusal::NoKey => t.no_key.clone(),
        JobRefusal::WithoutPassphrase => t.without.clone(),
        JobRefusal::NotToday(day) => with(&t.not_today, "day", day),
        JobRefusal::Document(why) => with(&t.document, "detail", why),
        JobRefusal::PcUnnamed => t.unnamed.clone(),
        JobRefusal::PcNotListed => t.not_listed.clone(),
        JobRefusal::PcContradicts => t.contradicts.clone(),
        JobRefusal::NoDrive => t.no_drive.clone(),
        JobRefusal::Changed => t.changed.clone(),
    }
}
