//! Drives that were found erasing themselves, and jobs that make no progress.

use crate::ahead::Follow;
use crate::parts::Gravity;
use crate::texts::fill;
use crate::{FollowEnd, JobView, Model, Stall};
use model::DriveNo;

/// How far a drive is that erases itself.
pub(super) fn following(model: &mut Model, no: DriveNo, view: JobView) {
    model.ahead.followed.insert(no, Follow::Running(view));
}

/// It has ended, one way or another; nobody is told twice.
pub(super) fn followed(model: &mut Model, no: DriveNo, end: FollowEnd) {
    let told = matches!(model.ahead.followed.get(&no), Some(Follow::Ended(before)) if *before == end);
    if !told {
        let texts = model.texts().clone();
        let name = crate::words::drive_name(model, no);
        let gravity = if end == FollowEnd::Ended { Gravity::Info } else { Gravity::Problem };
        let (what, todo) = crate::words::follow_end(&texts, &end);
        model.say(gravity, &fill(what, &[("names", &name)]), todo);
    }
    model.ahead.followed.insert(no, Follow::Ended(end));
}

/// A job that stands still, or moves again.
pub(super) fn stalled(model: &mut Model, no: DriveNo, stall: Stall) {
    match stall {
        Stall::Stalled => model.ahead.stalled.insert(no),
        Stall::Recovered => model.ahead.stalled.remove(&no),
    };
}
