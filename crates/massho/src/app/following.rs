//! Drives that were found erasing themselves: followed to their end, each once.

use super::App;
use crate::care::follow_in_background;
use crate::convert;
use inventory::Found;
use model::{Condition, DriveNo, RawStatus, StepKind};
use record::NoticeCode;
use sanitize::{FollowEnd, Followed, JobEvent};
use std::collections::{BTreeMap, BTreeSet};
use wizard::{Basis, JobView, Msg, Phase};

/// The drives that are followed, and those that were.
#[derive(Default)]
pub(super) struct Following {
    running: BTreeMap<DriveNo, JobView>,
    /// Every drive of which the log says how it was found.
    noted: BTreeSet<DriveNo>,
}

impl Following {
    /// Whether any drive is followed.
    pub(super) fn is_any(&self) -> bool {
        !self.running.is_empty()
    }
}

/// Before the drive has said how far it is.
const UNKNOWN: JobView = JobView {
    phase: Phase::DriveErases,
    done: 0,
    of: 0,
    basis: Basis::Estimated,
    rate: None,
    remaining: None,
};

impl App {
    /// Follows every drive that erases itself and has not been followed yet.
    pub(super) fn follow_drives(&mut self) {
        // What this session began has a result that says how it stands.
        let ours = |no| self.session.as_ref().is_some_and(|session| session.has_worked_on(no));
        let found: Vec<Found> = self
            .sight
            .found
            .iter()
            .filter(|found| !self.following.noted.contains(&found.drive.no))
            .filter(|found| !ours(found.drive.no))
            .filter(|found| is_busy(found) || found.drive.conditions.has(Condition::SanitizeFailed))
            .cloned()
            .collect();
        for found in found {
            self.follow(found);
        }
    }

    fn follow(&mut self, found: Found) {
        let (no, busy) = (found.drive.no, is_busy(&found));
        self.following.noted.insert(no);
        let conditions = &found.drive.conditions.0;
        let detail = match busy {
            true => format!("found in the middle of an erase that was begun before: {conditions:?}"),
            false => format!("found after an erase that failed before: {conditions:?}"),
        };
        self.notice(NoticeCode::FoundErasing, Some(no), &detail);
        if !busy {
            return;
        }
        self.scanner.spare(no);
        self.following.running.insert(no, UNKNOWN);
        self.tell(Msg::Following(no, UNKNOWN));
        if let Err(error) = follow_in_background(self.care.clone(), found, self.events.clone()) {
            self.followed(no, &Followed { end: FollowEnd::Unclear(error.to_string()), raw: Vec::new() });
        }
    }

    pub(super) fn followed_step(&mut self, no: DriveNo, event: &JobEvent) {
        let Some(view) = self.following.running.get_mut(&no) else { return };
        match event {
            // A drive that stands still goes on telling the same number.
            JobEvent::Progress(progress) => {
                *view = JobView { phase: phase(view.phase), ..convert::progress(progress) };
            }
            JobEvent::Step { what: StepKind::Stalled, .. } => view.phase = Phase::Stalled,
            JobEvent::Step { what: StepKind::Recovered, .. } => view.phase = Phase::DriveErases,
            _ => return,
        }
        let view = *view;
        self.tell(Msg::Following(no, view));
    }

    pub(super) fn followed(&mut self, no: DriveNo, followed: &Followed) {
        if self.following.running.remove(&no).is_none() {
            return;
        }
        self.notice(NoticeCode::FollowedToEnd, Some(no), &describe(followed));
        let end = match followed.end.clone() {
            FollowEnd::Ended | FollowEnd::Idle => wizard::FollowEnd::Ended,
            FollowEnd::Failed(why) => wizard::FollowEnd::Failed(why),
            FollowEnd::Vanished => wizard::FollowEnd::Vanished,
            FollowEnd::Stalled(why) | FollowEnd::Unclear(why) => wizard::FollowEnd::Indeterminate(why),
        };
        self.tell(Msg::Followed(no, end));
        self.scanner.release(no);
        // What it is now is seen before it is offered.
        self.settle_drives();
    }
}

fn phase(before: Phase) -> Phase {
    if before == Phase::Stalled { Phase::Stalled } else { Phase::DriveErases }
}

fn is_busy(found: &Found) -> bool {
    found.drive.conditions.is_busy()
}

fn describe(Followed { end, raw }: &Followed) -> String {
    let text = match end {
        FollowEnd::Ended => "the drive says that its erase ended; nothing is proven by that".to_owned(),
        FollowEnd::Idle => "nothing was under way any more".to_owned(),
        FollowEnd::Failed(why) => format!("the drive says that its erase failed: {why}"),
        FollowEnd::Stalled(why) => format!("no progress any more, and it may still be erasing: {why}"),
        FollowEnd::Vanished => "the drive went away".to_owned(),
        FollowEnd::Unclear(why) => format!("how it ended cannot be told: {why}"),
    };
    let status = |RawStatus { name, value }: &RawStatus| format!("; {name} {value}");
    raw.iter().map(status).fold(text, |text, status| text + &status)
}
