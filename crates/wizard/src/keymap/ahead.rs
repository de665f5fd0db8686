//! The keys of what is asked before the plan.

use super::screens::{
    ATTEST, BACK, CHOOSE, CONFIRM, EXCEPT, FIELD, LABEL, NEXT, NO_EXCEPTION, PROBE, RESTORE_DCO, SCROLL,
    TEXT, TOGGLE, UNLOCK, WITHDRAW, rescue, when,
};
use super::{Binding, names};
use crate::Model;
use crate::ahead::{AttestFocus, Sleep, Unlock};
use crate::exceptions::ExceptionFocus;

pub(super) fn drive_detail(model: &Model) -> Vec<Binding> {
    let Some(no) = model.ahead.shown else { return vec![BACK] };
    let here = model.here(no).is_some();
    let excepted = model.ahead.exceptions.contains_key(&no);
    when(model.scrolls(), SCROLL)
        .chain(when(model.unlockable().contains(&no) && model.begun.is_some(), UNLOCK))
        .chain(when(model.here(no).is_some_and(|drive| model.wants_label(drive)), LABEL))
        .chain(when(model.may_restore_dco(no), RESTORE_DCO))
        .chain(when(model.may_attest(no), ATTEST))
        .chain(when(excepted, NO_EXCEPTION))
        .chain(when(!excepted && model.may_except(no), EXCEPT))
        .chain(when(here, PROBE))
        .chain([BACK])
        .collect()
}

/// The letter that withdraws an attestation is free only where no text is typed.
pub(super) fn attest(model: &Model) -> Vec<Binding> {
    let attested = model.ahead.shown.is_some_and(|no| model.ahead.attestations.contains_key(&no));
    match model.ahead.form.focus {
        AttestFocus::Statement(_) => {
            [TOGGLE, FIELD, NEXT].into_iter().chain(when(attested, WITHDRAW)).chain([BACK]).collect()
        }
        AttestFocus::Cipher => vec![TEXT, FIELD, NEXT, BACK],
        AttestFocus::Name => names::typing(model, [FIELD, CONFIRM, BACK]),
    }
}

pub(super) fn exception(model: &Model) -> Vec<Binding> {
    match model.ahead.exception.focus {
        ExceptionFocus::Deadline => vec![TEXT, FIELD, CONFIRM, BACK],
        _ => names::typing(model, [FIELD, NEXT, BACK]),
    }
}

pub(super) fn unlock(model: &Model) -> Vec<Binding> {
    let state = model.ahead.shown.and_then(|no| model.ahead.unlocks.get(&no));
    rescue(
        model,
        match state {
            None | Some(Unlock::Declined) => vec![CHOOSE.picking(2), NEXT, BACK],
            Some(Unlock::Asked) => vec![BACK],
            Some(Unlock::Done | Unlock::Failed(_)) => vec![NEXT, BACK],
        },
    )
}

/// While the PC goes to sleep no key may begin anything else.
pub(super) fn sleep(model: &Model) -> Vec<Binding> {
    match model.ahead.sleep {
        Sleep::Asked(_) | Sleep::Waking(_) => Vec::new(),
        Sleep::NotAsked | Sleep::Offered => rescue(model, [CHOOSE.picking(2), NEXT, BACK]),
        Sleep::Answered { .. } => rescue(model, [NEXT, BACK]),
    }
}
