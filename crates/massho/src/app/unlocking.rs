//! Drives that an interrupted session left locked: their password stands in its log on the results stick.

use super::App;
use crate::care::{Unlocking, unlock_in_background};
use inventory::Found;
use model::{Condition, DriveNo, Eligibility, Identity, Ineligible};
use record::NoticeCode;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use stick::LeftPassword;
use wizard::{Cause, Msg, UnlockProblem};

/// How long a drive may take for it: a few commands of a minute each.
const PATIENCE: Duration = Duration::from_secs(300);

/// Passwords, and what became of them.
#[derive(Default)]
pub(super) struct Passwords {
    /// Those of the results stick in use.
    known: Vec<LeftPassword>,
    /// What the screen was told.
    told: Vec<DriveNo>,
    /// Drives that are being unlocked, and since when.
    running: BTreeMap<DriveNo, Running>,
    /// Drives that were given their password in this session: once is enough, after five wrong ones they take no more.
    tried: BTreeSet<(String, String)>,
}

/// A drive that is being unlocked.
struct Running {
    name: (String, String),
    since: Instant,
    answer: Answer,
}

/// Whether the screen waits for the end of an unlocking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Awaited,
    Given,
}

impl Passwords {
    /// Whether any drive is being unlocked.
    pub(super) fn is_any(&self) -> bool {
        !self.running.is_empty()
    }

    fn of(&self, identity: &Identity) -> Option<&LeftPassword> {
        // The same serial number may be another maker's.
        let is_its = |left: &&LeftPassword| left.serial == identity.serial && left.model == identity.model;
        self.known.iter().find(is_its).filter(|_| !identity.serial.is_empty())
    }
}

fn name(identity: &Identity) -> (String, String) {
    (identity.model.as_str().to_owned(), identity.serial.as_str().to_owned())
}

fn is_locked(found: &Found) -> bool {
    let drive = &found.drive;
    let said =
        matches!(&drive.eligibility, Eligibility::Ineligible(why) if why.contains(&Ineligible::Locked));
    said || drive.conditions.has(Condition::Locked)
}

impl App {
    /// Takes the passwords that the logs of a stick hold.
    pub(super) fn take_passwords(&mut self, known: Vec<LeftPassword>) {
        self.passwords.known = known;
        self.tell_passwords();
    }

    /// Tells for which of the drives that are there a password is known.
    pub(super) fn tell_passwords(&mut self) {
        let ours = |found: &&Found| {
            let identity = &found.drive.identity;
            is_locked(found)
                && self.passwords.of(identity).is_some()
                && !self.passwords.tried.contains(&name(identity))
        };
        let drives: Vec<DriveNo> = self.sight.found.iter().filter(ours).map(|found| found.drive.no).collect();
        if drives != self.passwords.told {
            self.passwords.told.clone_from(&drives);
            self.tell(Msg::PasswordsFound(drives));
        }
    }

    /// Answers with [`Msg::Unlocked`].
    pub(super) fn unlock(&mut self, no: DriveNo) {
        if self.passwords.running.contains_key(&no) {
            return;
        }
        let found = self.sight.get(no).filter(|found| is_locked(found)).cloned();
        let Some(found) = found else { return self.not_unlocked(no, UnlockProblem::Vanished) };
        if self.passwords.tried.contains(&name(&found.drive.identity)) {
            return self.not_unlocked(no, UnlockProblem::Refused);
        }
        let Some(left) = self.passwords.of(&found.drive.identity) else {
            return self.not_unlocked(no, UnlockProblem::Io(Cause::NoPassword.to_string()));
        };
        let password = left.password.clone();
        self.scanner.spare(no);
        let running =
            Running { name: name(&found.drive.identity), since: Instant::now(), answer: Answer::Awaited };
        self.passwords.running.insert(no, running);
        if let Err(error) = unlock_in_background(self.care.clone(), found, password, self.events.clone()) {
            self.unlocked(no, Unlocking::NotTried(UnlockProblem::Io(error.to_string())));
        }
    }

    fn not_unlocked(&mut self, no: DriveNo, why: UnlockProblem) {
        self.tell(Msg::Unlocked(no, Err(why)));
    }

    pub(super) fn unlocked(&mut self, no: DriveNo, end: Unlocking) {
        let Some(running) = self.passwords.running.remove(&no) else { return };
        if !matches!(end, Unlocking::NotTried(_)) {
            self.passwords.tried.insert(running.name);
        }
        let answer = match end {
            Unlocking::Unlocked(_) => {
                let detail = "unlocked with the password that an interrupted session had announced";
                self.notice(NoticeCode::Unlocked, Some(no), detail);
                Ok(())
            }
            Unlocking::NotTried(why) | Unlocking::Refused(why) => {
                self.notice(NoticeCode::Other, Some(no), &format!("not unlocked: {why:?}"));
                Err(why)
            }
        };
        self.scanner.release(no);
        if running.answer == Answer::Awaited {
            self.tell(Msg::Unlocked(no, answer));
        }
        self.tell_passwords();
        // What it is now is seen before it is offered.
        self.settle_drives();
    }

    /// Tells of drives that do not answer. Until they do, they are left alone.
    pub(super) fn watch_unlocking(&mut self, now: Instant) {
        let mut late = Vec::new();
        for (no, running) in &mut self.passwords.running {
            let overdue = now.saturating_duration_since(running.since) > PATIENCE;
            if overdue && running.answer == Answer::Awaited {
                running.answer = Answer::Given;
                late.push(*no);
            }
        }
        for no in late {
            self.not_unlocked(no, UnlockProblem::Io(Cause::NoAnswer.to_string()));
        }
    }
}
