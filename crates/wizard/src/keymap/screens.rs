//! The keys of each screen.

use super::{Accepts, Binding, Cmd};
use super::{ahead, names};
use crate::hand::HandFocus;
use crate::parts::{Closing, PlanState, Presence, StickUse, Tick, WitnessFocus};
use crate::voucher::Lock;
use crate::{Journal, Key, Model, Purpose, Screen};
use policy::Action;

macro_rules! binding {
    ($name:ident, $label:ident, $($key:expr => $cmd:expr),*) => {
        pub(super) const $name: Binding = Binding {
            label: |keys| &keys.$label,
            accepts: Accepts::Keys(&[$(($key, $cmd)),*]),
        };
    };
}

binding!(CHOOSE, choose, Key::Up => Cmd::Up, Key::Down => Cmd::Down);
binding!(SCROLL, scroll, Key::Up => Cmd::Up, Key::Down => Cmd::Down);
binding!(NEXT, next, Key::Enter => Cmd::Next);
binding!(NEXT_FIELD, next_field, Key::Enter => Cmd::Next);
binding!(RENEW, renew, Key::Enter => Cmd::Next);
binding!(CONFIRM, confirm, Key::Enter => Cmd::Next);
binding!(OPEN_STICK, open_stick, Key::Enter => Cmd::Next);
binding!(CONTINUE_ON, continue_on, Key::Enter => Cmd::Next);
binding!(BACK, back, Key::Esc => Cmd::Back);
binding!(TOGGLE, toggle, Key::Char(' ') => Cmd::Toggle);
binding!(HANDOVER, handover, Key::Char(' ') => Cmd::Toggle);
binding!(ANSWER, answer, Key::Char(' ') => Cmd::Toggle,
    Key::Left => Cmd::ToggleBack, Key::Right => Cmd::Toggle);
binding!(FIELD, field, Key::Tab => Cmd::NextField, Key::BackTab => Cmd::PreviousField,
    Key::Down => Cmd::NextField, Key::Up => Cmd::PreviousField);
binding!(RESCAN, rescan, Key::Char('r') => Cmd::Rescan);
binding!(DETAIL, detail, Key::Char('d') => Cmd::Detail);
binding!(ABANDON, abandon, Key::Char('q') => Cmd::Abandon);
binding!(POWER_OFF, power_off, Key::Char('p') => Cmd::PowerOff);
binding!(STOP, stop, Key::Char('s') => Cmd::Stop);
binding!(RESCUE, rescue, Key::Char('u') => Cmd::Rescue);
binding!(AGAIN, again, Key::Char('t') => Cmd::Again);
binding!(RECORD_ONLY, record_only, Key::Char('n') => Cmd::RecordOnly);
binding!(RECORD, record, Key::Char('r') => Cmd::Record);
binding!(WITHOUT_WITNESS, without_witness, Key::Char('y') => Cmd::Yes);
binding!(YES_ABANDON, yes_abandon, Key::Char('y') => Cmd::Yes);
binding!(INFO, info, Key::Char('i') => Cmd::Info);
binding!(THAW, thaw, Key::Char('z') => Cmd::Thaw);
binding!(PROBE, probe, Key::Char('a') => Cmd::Probe);
binding!(RESTORE_DCO, restore_dco, Key::Char('o') => Cmd::RestoreDco);
binding!(ATTEST, attest, Key::Char('e') => Cmd::Attest);
binding!(EXCEPT, except, Key::Char('x') => Cmd::Except);
binding!(NO_EXCEPTION, no_exception, Key::Char('x') => Cmd::Except);
binding!(LABEL, label, Key::Char('n') => Cmd::Label);
binding!(UNLOCK, unlock, Key::Char('l') => Cmd::Unlock);
binding!(WITHDRAW, withdraw, Key::Char('x') => Cmd::Withdraw);
binding!(OPEN_KEY, open_key, Key::Enter => Cmd::Next);
binding!(WITHOUT_KEY, without_key, Key::Tab => Cmd::Yes);
binding!(HANDOVER_FLOW, handover_flow, Key::Char('h') => Cmd::Handover);
binding!(RECORD_HAND, record_hand, Key::Enter => Cmd::Next);
binding!(BY_HAND, by_hand, Key::Char('m') => Cmd::ByHand);
// The steps of the end, for a numeric keypad. Each has a digit of its own, and no two screens share one for what comes
// next: whoever leans on a digit takes one step and no second. A bar code is many digits and Enter: what a person vouches
// for (that they saw it, that the clock is right) therefore takes the space bar.
binding!(WITNESS, witness, Key::Char('w') => Cmd::Witness, Key::Char('1') => Cmd::Witness);
binding!(WITNESS_OPTIONAL, witness_optional, Key::Char('w') => Cmd::Witness, Key::Char('1') => Cmd::Witness);
binding!(BY_HAND_TOO, by_hand, Key::Char('m') => Cmd::ByHand, Key::Char('2') => Cmd::ByHand);
binding!(FINISH, finish, Key::Char('c') => Cmd::Finish, Key::Char('3') => Cmd::Finish);
binding!(CODE, code, Key::Char('q') => Cmd::Code, Key::Char('4') => Cmd::Code);
binding!(SWITCH_OFF, power_off, Key::Char('p') => Cmd::PowerOff, Key::Char('9') => Cmd::PowerOff);
binding!(DESCRIBE, describe, Key::Enter => Cmd::Next);
binding!(BENCH, bench, Key::Char('b') => Cmd::Bench);
binding!(THIS_PC, this_pc, Key::Char('b') => Cmd::Bench);
binding!(REVEAL, reveal, Key::F(2) => Cmd::Reveal);
binding!(KEYBOARD, keyboard, Key::F(4) => Cmd::Keyboard);
binding!(PAST, past, Key::Char('l') => Cmd::Past);
binding!(SHOW, show, Key::Enter => Cmd::Next);
binding!(TURN, scroll, Key::PageUp => Cmd::Up, Key::PageDown => Cmd::Down);
binding!(HELP, help, Key::F(1) => Cmd::Help);
binding!(CLOSE_HELP, close_help, Key::Esc => Cmd::Help, Key::F(1) => Cmd::Help, Key::Enter => Cmd::Help);
binding!(LEAVE_CODE, back, Key::Esc => Cmd::Back, Key::Enter => Cmd::Back);
binding!(BUILTIN, builtin, Key::Char('b') => Cmd::Builtin);

pub(super) const TEXT: Binding = Binding { label: |keys| &keys.text, accepts: Accepts::Text };
pub(super) const DIGITS: Binding = Binding { label: |keys| &keys.digits, accepts: Accepts::Digits };
const STOP_COUNT: Binding = Binding { label: |keys| &keys.stop_count, accepts: Accepts::Any };

/// The keys of the screen as it is now, in the order of the help line.
pub(crate) fn bindings(model: &Model) -> Vec<Binding> {
    if !model.fits() {
        return Vec::new();
    }
    // Every key takes the sign away, and none does more: what is behind it was not seen.
    if model.shows_door() {
        return Vec::new();
    }
    if model.shows_help() {
        return vec![CLOSE_HELP];
    }
    // For help, too, it has to be stopped.
    if model.is_unattended() {
        return vec![STOP_COUNT];
    }
    let own = own(model);
    // Where no key is taken, none is taken for help, except where people wait for minutes and hours.
    let help = when(!own.is_empty() || model.screen == Screen::Progress, HELP);
    own.into_iter().chain(help).collect()
}

fn own(model: &Model) -> Vec<Binding> {
    match model.screen {
        Screen::Language => language(model),
        Screen::Sticks => sticks(model),
        Screen::Passphrase => passphrase(model),
        Screen::Unattended => Vec::new(),
        Screen::Past => when(model.scrolls(), CHOOSE).chain([SHOW, BACK]).collect(),
        Screen::PastDetail => when(model.scrolls(), SCROLL).chain([BACK]).collect(),
        Screen::People => names::people(model),
        Screen::Names => names::names(model),
        Screen::Class => vec![CHOOSE.picking(crate::parts::ClassChoice::ALL.len()), NEXT, BACK, ABANDON],
        Screen::Drives => drives(model),
        Screen::DriveDetail => ahead::drive_detail(model),
        Screen::Attest => ahead::attest(model),
        Screen::Exception => ahead::exception(model),
        Screen::Label => vec![TEXT, FIELD, NEXT, BACK],
        Screen::Own => vec![TEXT, CONFIRM, BACK],
        Screen::Assets => {
            let several = when(model.selection().len() > 1, FIELD);
            [TEXT].into_iter().chain(several).chain([NEXT, BACK]).collect()
        }
        Screen::Unlock => ahead::unlock(model),
        Screen::Sleep => ahead::sleep(model),
        Screen::Plan => plan(model),
        Screen::PlanDetail => when(model.scrolls(), SCROLL).chain([BACK]).collect(),
        Screen::Confirm => confirm(model),
        Screen::RecordOnly => rescue(model, [RECORD, BACK]),
        Screen::Progress => rescue(model, when(model.scrolls(), SCROLL).chain(when(model.may_stop(), STOP))),
        Screen::Stop => when(model.running().len() > 1, CHOOSE).chain([DIGITS, CONFIRM, BACK]).collect(),
        Screen::Results => results(model),
        Screen::ByHand => by_hand(model),
        Screen::HandForm => hand_form(model),
        Screen::Witness => witness(model),
        Screen::Unwitnessed => vec![WITHOUT_WITNESS, BACK],
        Screen::Finish => finish(model),
        Screen::Code => vec![LEAVE_CODE],
        Screen::Rescue => rescue_screen(model),
        Screen::Abandon => vec![YES_ABANDON, BACK],
        Screen::PolicyProblem => vec![POWER_OFF, BUILTIN],
        Screen::Taken => Vec::new(),
    }
}

/// A binding where a condition holds.
pub(super) fn when(holds: bool, binding: Binding) -> impl Iterator<Item = Binding> {
    holds.then_some(binding).into_iter()
}

/// The screen's own keys, and the way to the stick's help while something is unsaved.
pub(super) fn rescue(model: &Model, own: impl IntoIterator<Item = Binding>) -> Vec<Binding> {
    own.into_iter().chain(when(model.needs_rescue(), RESCUE)).collect()
}

fn language(model: &Model) -> Vec<Binding> {
    let choice = model.console == crate::Console::Full;
    let bench = if model.drives.from == crate::DrivesFrom::Bench { THIS_PC } else { BENCH };
    when(choice, CHOOSE.picking(2))
        .chain([NEXT, HANDOVER_FLOW, bench, BY_HAND])
        .chain(when(model.may_change_keyboard(), KEYBOARD))
        .chain([POWER_OFF])
        .collect()
}

fn sticks(model: &Model) -> Vec<Binding> {
    match model.sticks.used {
        StickUse::Open(_) => {
            [NEXT].into_iter().chain(when(!model.past().is_empty(), PAST)).chain([BACK]).collect()
        }
        StickUse::Opening(_) => vec![BACK],
        StickUse::None => {
            let count = model.sticks.candidates.len();
            let choose = count > 1 || (count == 1 && model.sticks.cursor.is_none());
            when(choose, CHOOSE.picking(last_stick(model)))
                .chain(when(count > 0, OPEN_STICK))
                .chain([BACK])
                .collect()
        }
    }
}

/// The highest number of a stick.
fn last_stick(model: &Model) -> usize {
    model.sticks.candidates.iter().map(|stick| usize::from(stick.no.0)).max().unwrap_or(0)
}

/// While a passphrase is being tried no key is taken: the answer is seconds away.
fn passphrase(model: &Model) -> Vec<Binding> {
    match model.sticks.lock {
        Lock::Shut => vec![TEXT, OPEN_KEY, REVEAL, WITHOUT_KEY, BACK],
        Lock::None | Lock::Trying | Lock::Open | Lock::Without => Vec::new(),
    }
}

fn drives(model: &Model) -> Vec<Binding> {
    let rows = &model.drives.rows;
    let toggles =
        rows.iter().any(|row| Some(row.drive.no) == model.drives.cursor && row.presence == Presence::Here);
    let none = model.selection().is_empty();
    let last = rows.iter().map(|row| usize::from(row.drive.no.0)).max().unwrap_or(0);
    // A number goes to its drive and no further: one that a bar code reader types must not take a drive in or out.
    let own = when(rows.len() > 1, CHOOSE.picking(last))
        .chain(when(toggles, TOGGLE))
        .chain(when(rows.iter().any(|row| Some(row.drive.no) == model.drives.cursor), INFO))
        .chain([NEXT, BACK, RESCAN])
        .chain(when(none, RECORD_ONLY))
        .chain([ABANDON]);
    rescue(model, own)
}

fn plan(model: &Model) -> Vec<Binding> {
    let line = model.plan().and_then(|plan| plan.drives.get(model.cursor));
    let offers = line.is_some_and(|line| match line.action {
        Action::Destruct { offered } => offered.is_some(),
        Action::ClearThenDestruct(_) => true,
        Action::Erase(_) => model.purpose == Purpose::Handover,
        // It may go to the contractor instead.
        Action::EraseUnderException(_) => true,
        Action::Leave(_) => false,
    });
    let rejected = line.is_some_and(|line| !crate::query::not_used(line).is_empty());
    let stale = model.is_stale();
    let own = when(model.plan().is_some_and(|plan| plan.drives.len() > 1), CHOOSE)
        .chain(when(offers && !stale, HANDOVER))
        .chain(when(rejected, DETAIL))
        .chain(when(line.is_some(), INFO))
        .chain(when(!stale && !model.cannot_sleep() && !model.thawable().is_empty(), THAW))
        .chain([if stale { RENEW } else { NEXT }, BACK, ABANDON]);
    rescue(model, own)
}

fn confirm(model: &Model) -> Vec<Binding> {
    let seen = model.has_seen_all();
    let own = when(model.scrolls(), SCROLL)
        .chain(when(seen, DIGITS))
        .chain(when(seen && matches!(model.plan, PlanState::Shown(_)), CONFIRM))
        .chain([BACK]);
    rescue(model, own)
}

/// Only class (1) is nothing without a witness.
fn witness_key(model: &Model) -> Binding {
    if model.lacks_witness() { WITNESS } else { WITNESS_OPTIONAL }
}

fn results(model: &Model) -> Vec<Binding> {
    let open = model.closing == Closing::NotAsked;
    let own = when(model.scrolls(), SCROLL)
        .chain(when(model.may_be_witnessed(), witness_key(model)))
        .chain(when(open && model.running().is_empty(), BY_HAND_TOO))
        .chain(when(open, FINISH));
    rescue(model, own)
}

/// A session of nothing else ends here; otherwise the results do.
fn by_hand(model: &Model) -> Vec<Binding> {
    let (alone, any) = (model.purpose == Purpose::ByHand, model.has_hand());
    let describes = model.cursor <= model.destructible().len();
    let own = when(model.scrolls(), CHOOSE)
        .chain(when(describes, DESCRIBE))
        .chain(when(alone && model.may_be_witnessed(), witness_key(model)))
        .chain(when(alone && any, FINISH))
        .chain(when(!alone || !any, BACK))
        .chain(when(alone && !any, ABANDON));
    rescue(model, own)
}

fn hand_form(model: &Model) -> Vec<Binding> {
    match model.hand.form.focus {
        HandFocus::Kind | HandFocus::Handling | HandFocus::Photo => {
            vec![ANSWER.picking(model.hand_answers().len()), FIELD, NEXT_FIELD, BACK]
        }
        HandFocus::Remarks => names::typing(model, [FIELD, RECORD_HAND, BACK]),
        _ => names::typing(model, [FIELD, NEXT_FIELD, BACK]),
    }
}

/// The arrows go from field to field, so a list that is longer than its room has keys of its own.
fn witness(model: &Model) -> Vec<Binding> {
    let own = match model.witness.focus {
        WitnessFocus::Name if model.witness.tick == Tick::Ticked => {
            names::typing(model, [FIELD, CONFIRM, BACK])
        }
        WitnessFocus::Name => names::typing(model, [FIELD, NEXT_FIELD, BACK]),
        WitnessFocus::Statement => vec![TOGGLE, FIELD, CONFIRM, BACK],
    };
    own.into_iter().chain(when(model.scrolls(), TURN)).collect()
}

fn finish(model: &Model) -> Vec<Binding> {
    let failed = matches!(model.closing, Closing::Failed(_));
    let again = failed && !model.is_garbled() && model.journal == Journal::Saved;
    when(model.scrolls(), SCROLL)
        .chain(when(model.needs_rescue(), RESCUE))
        .chain(when(again, FINISH))
        .chain(when(model.code_text().is_some(), CODE))
        .chain(when(model.may_power_off(), SWITCH_OFF))
        .collect()
}

fn rescue_screen(model: &Model) -> Vec<Binding> {
    let usable = model.rescue_cursor.and_then(|no| model.stick(no)).is_some_and(|s| s.state.is_usable());
    let needed = model.needs_rescue();
    let count = model.sticks.candidates.len();
    let choose = CHOOSE.picking(last_stick(model));
    when(needed && (count > 1 || (count == 1 && model.rescue_cursor.is_none())), choose)
        .chain(when(needed && usable, CONTINUE_ON))
        .chain(when(needed, AGAIN))
        .chain([BACK])
        .collect()
}
