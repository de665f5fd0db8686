//! Which drives are not ready, and what may be done about it before anything is confirmed.

use crate::ahead::{Follow, Sleep, Unlock};
use crate::parts::{PlanState, Presence};
use crate::{Journal, Model, SleepOutcome};
use model::{Condition, Drive, DriveNo, Eligibility, HiddenArea, Ineligible, Support};
use policy::{Action, Wishes};

impl Model {
    /// What was attested and asked for, as the planner takes it.
    pub(crate) fn wishes(&self) -> Wishes {
        Wishes {
            attested: self.ahead.attestations.keys().copied().collect(),
            excepted: std::collections::BTreeSet::new(),
            restore_dco: self.ahead.restore_dco.clone(),
        }
    }

    /// The drives for which more could be done after a sleep of the PC: their plan would be another one if they were
    /// not frozen, or they take no password before a power cycle.
    pub(crate) fn thawable(&self) -> Vec<DriveNo> {
        let Some(class) = self.class else { return Vec::new() };
        let now = self.present();
        let blocked = now.iter().filter(|drive| {
            self.ahead.ours.contains(&drive.no) && drive.conditions.has(Condition::AttemptsUsedUp)
        });
        let mut all: Vec<DriveNo> = blocked.map(|drive| drive.no).collect();
        if now.iter().any(is_frozen) {
            let thawed: Vec<Drive> = now.iter().cloned().map(thaw).collect();
            let (before, after) = (self.plan_of(class.class, &now), self.plan_of(class.class, &thawed));
            let pairs = before.drives.iter().zip(&after.drives);
            let better = pairs.filter(|(before, after)| {
                before.action != after.action && matches!(after.action, Action::Erase(_))
            });
            all.extend(better.map(|(line, _)| line.drive));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The drives that erase themselves: without power they would stop, and some would be left unusable.
    pub(crate) fn busy(&self) -> Vec<DriveNo> {
        let asked = |drive: &Drive| drive.conditions.is_busy() || erases_itself(drive);
        let here = self.present().into_iter().filter(asked).map(|drive| drive.no);
        let mut all: Vec<DriveNo> = here.chain(self.ahead.following().map(|(no, _)| no)).collect();
        all.sort_unstable();
        all.dedup();
        // An end that was seen counts more than an inventory that was made before it.
        all.retain(|no| !matches!(self.ahead.followed.get(no), Some(Follow::Ended(_))));
        all
    }

    /// Whether the PC may be put to sleep: nothing was begun, everything so far is on the stick, no drive needs its
    /// power.
    pub(crate) fn may_sleep(&self) -> bool {
        !self.is_fixed()
            && self.journal == Journal::Saved
            && self.busy().is_empty()
            && !self.ahead.is_going_to_sleep()
            && !self.cannot_sleep()
            && self.ahead.probing.is_none()
            && !self.ahead.unlocks.values().any(|unlock| *unlock == Unlock::Asked)
    }

    /// Whether this PC was found to have no deep sleep.
    pub(crate) fn cannot_sleep(&self) -> bool {
        matches!(&self.ahead.sleep, Sleep::Answered { outcome: SleepOutcome::NotSupported, .. })
    }

    /// Whether the plan was confirmed or recorded.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.plan, PlanState::Fixed(_))
    }

    /// The locked drives whose password is known from an interrupted session, and that take one now.
    pub(crate) fn unlockable(&self) -> Vec<DriveNo> {
        let here = self.present().into_iter();
        here.filter(|drive| self.ahead.ours.contains(&drive.no) && is_locked(drive))
            .filter(|drive| !drive.conditions.has(Condition::AttemptsUsedUp))
            .map(|drive| drive.no)
            .collect()
    }

    /// The first of them about which the operator was not asked yet.
    pub(crate) fn next_unlock(&self) -> Option<DriveNo> {
        self.unlockable().into_iter().find(|no| !self.ahead.unlocks.contains_key(no))
    }

    /// Whether a crypto erase would be allowed for a drive if its conditions were attested.
    pub(crate) fn may_attest(&self, no: DriveNo) -> bool {
        let (Some(class), Some(drive)) = (self.class, self.here(no)) else { return false };
        let usable =
            |support| matches!(support, Support::Supported | Support::EachNamespace { .. } | Support::Frozen);
        drive.eligibility.is_eligible()
            && self.table.allowed(class.class, drive.medium).any(|allowed| {
                allowed.technique.is_crypto_erase() && usable(drive.capabilities.support(allowed.technique))
            })
    }

    /// Whether a drive has an overlay that could be taken off.
    pub(crate) fn may_restore_dco(&self, no: DriveNo) -> bool {
        self.here(no).is_some_and(|drive| {
            drive.eligibility.is_eligible() && matches!(drive.hidden.dco, HiddenArea::Present { .. })
        })
    }

    /// Whether unlocking was asked for and not answered.
    pub(crate) fn is_unlocking(&self, no: DriveNo) -> bool {
        self.ahead.unlocks.get(&no) == Some(&Unlock::Asked)
    }

    /// The drive with this number, if it is there.
    pub(crate) fn here(&self, no: DriveNo) -> Option<&Drive> {
        let mut here = self.drives.rows.iter().filter(|row| row.presence == Presence::Here);
        here.find(|row| row.drive.no == no).map(|row| &row.drive)
    }
}

/// Whether any of its commands is frozen.
fn is_frozen(drive: &Drive) -> bool {
    drive.capabilities.0.values().any(|support| *support == Support::Frozen)
}

/// The same drive as it would be after a sleep that thaws it.
fn thaw(mut drive: Drive) -> Drive {
    for support in drive.capabilities.0.values_mut() {
        if *support == Support::Frozen {
            *support = Support::Supported;
        }
    }
    drive
}

/// Whether a drive is locked by a password.
pub(crate) fn is_locked(drive: &Drive) -> bool {
    has(drive, &Ineligible::Locked) || drive.conditions.has(Condition::Locked)
}

/// Whether the inventory found a drive erasing itself.
pub(crate) fn erases_itself(drive: &Drive) -> bool {
    has(drive, &Ineligible::ErasingItself)
}

fn has(drive: &Drive, reason: &Ineligible) -> bool {
    matches!(&drive.eligibility, Eligibility::Ineligible(reasons) if reasons.contains(reason))
}
