//! A sleep of the PC, which thaws drives: the stick is let go of before, found and verified after.

use super::App;
use crate::keeper::{Parting, let_go};
use crate::opening::{self, OpenStickError, OpenedStick, close_unused, open_in_background};
use crate::scanner::Ticket;
use crate::session::Closing;
use crate::sleep::{SleepEnd, sleep_in_background};
use inventory::StickFacts;
use model::{DeviceText, Drive, DriveNo, Identity, Support};
use record::{NoticeCode, SessionKey};
use std::time::{Duration, Instant};
use stick::History;
use wizard::{Cause, Msg, SLEEP_SECONDS, ScanState, SleepOutcome, StickInfo, Thaw};

/// How long the PC's last things may take before it sleeps: longer than the longest look.
const SETTLING: Duration = Duration::from_secs(60);

/// How long the stick may take to be there and whole again: a hub wakes slowly, and logs are read.
const RETURNING: Duration = Duration::from_secs(60);

/// A sleep, from the wish to the answer.
pub(super) struct Sleeping {
    stage: Stage,
    since: Instant,
    /// The drives for which it is tried.
    frozen: Vec<DriveNo>,
    /// A stick on which no session has begun.
    unused: Option<Unused>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// A look is under way, or entries are being saved.
    Settling,
    /// The stick is let go of, then the PC sleeps.
    Asleep,
    /// It is awake; this look, or a later one, finds the stick.
    Looking { end: SleepEnd, look: Ticket },
    /// The stick is mounted and read.
    Returning { end: SleepEnd, opening: u64 },
}

/// A stick that was let go of before a session began on it: what the screen was told of it stays true.
struct Unused {
    identity: Identity,
    volume_id: DeviceText,
    history: History,
    key: SessionKey,
    info: StickInfo,
    office: crate::office::OfficeStick,
    policy: Option<Result<crate::office::OwnTable, policy::TableError>>,
}

impl Unused {
    fn is_it(&self, seen: &StickFacts) -> bool {
        seen.identity.fingerprint() == self.identity.fingerprint() && seen.filesystem.uuid == self.volume_id
    }
}

impl App {
    /// Answers with [`Msg::Slept`].
    pub(super) fn go_to_sleep(&mut self) {
        if let Some(outcome) = self.why_awake() {
            return self.tell(Msg::Slept(outcome));
        }
        let frozen = self.sight.found.iter().filter(|found| is_frozen(&found.drive));
        let frozen = frozen.map(|found| found.drive.no).collect();
        // A command that waits for its answer would keep the PC awake.
        self.scanner.pause();
        let now = Instant::now();
        self.sleeping = Some(Sleeping { stage: Stage::Settling, since: now, frozen, unused: None });
        self.go_on_with_sleep(None, now);
    }

    /// Why the PC must not be put to sleep.
    fn why_awake(&self) -> Option<SleepOutcome> {
        let session = self.session.as_ref();
        let begun = self.start.is_some()
            || session.is_some_and(|it| it.has_begun() || it.closing != Closing::NotAsked);
        let why = match () {
            () if begun => Cause::AlreadyConfirmed,
            () if self.opening.is_some() => Cause::StickBeingOpened,
            () if self.following.is_any() => Cause::ErasesItself,
            () if self.passwords.is_any() => Cause::BeingUnlocked,
            () if self.probing.is_some() => Cause::BeingAsked,
            () if session.is_some_and(|it| !it.log.has_keeper()) => Cause::LogOnNoStick,
            () if !self.sleeper.has_deep_sleep() => return Some(SleepOutcome::NotSupported),
            () => return None,
        };
        Some(SleepOutcome::Failed(why.to_string()))
    }

    /// Goes on if what was waited for is there.
    pub(super) fn go_on_with_sleep(&mut self, ticket: Option<Ticket>, now: Instant) {
        let Some(sleeping) = &self.sleeping else { return };
        match sleeping.stage.clone() {
            Stage::Settling => self.fall_asleep(now),
            Stage::Looking { end, look } if ticket.is_some_and(|ticket| look <= ticket) => {
                self.look_for_stick(end, now);
            }
            Stage::Returning { end, .. } => self.check_return(&end, now),
            Stage::Asleep | Stage::Looking { .. } => {}
        }
    }

    /// As time passes: what is waited for may never come.
    pub(super) fn watch_sleep(&mut self, now: Instant) {
        let Some(sleeping) = &self.sleeping else { return };
        let late = is_late(sleeping.since, now, RETURNING);
        match sleeping.stage.clone() {
            Stage::Looking { end, .. } if late => self.look_for_stick(end, now),
            Stage::Looking { .. } if !self.scanner.is_busy() => {
                self.look_again();
            }
            _ => self.go_on_with_sleep(None, now),
        }
    }

    fn fall_asleep(&mut self, now: Instant) {
        let Some(sleeping) = &mut self.sleeping else { return };
        // One that was seen just now.
        if self.following.is_any() {
            let why = Cause::ErasesItself.to_string();
            return self.end_sleep(SleepOutcome::Failed(why));
        }
        let unsaved = self.session.as_ref().is_some_and(|session| !session.log.is_saved());
        if unsaved || self.scanner.is_looking() {
            if is_late(sleeping.since, now, SETTLING) {
                let why = if unsaved { Cause::LogNotSaved } else { Cause::NoAnswer };
                self.end_sleep(SleepOutcome::Failed(why.to_string()));
            }
            return;
        }
        sleeping.stage = Stage::Asleep;
        let stick = self.let_go_of_stick();
        let time = Duration::from_secs(SLEEP_SECONDS.into());
        if let Err(error) = sleep_in_background(self.sleeper.clone(), stick, time, self.events.clone()) {
            self.woke(SleepEnd::NotSlept(error.to_string()));
        }
    }

    fn let_go_of_stick(&mut self) -> Option<Parting> {
        if let Some(session) = &mut self.session {
            return session.log.set_aside();
        }
        let OpenedStick { identity, volume_id, folder, history, key, info, office, policy, .. } =
            self.opened.take()?;
        if let Some(sleeping) = &mut self.sleeping {
            sleeping.unused = Some(Unused { identity, volume_id, history, key, info, office, policy });
        }
        Some(let_go(folder))
    }

    /// The PC is awake.
    pub(super) fn woke(&mut self, end: SleepEnd) {
        if self.sleeping.as_ref().is_none_or(|sleeping| sleeping.stage != Stage::Asleep) {
            return;
        }
        if let SleepEnd::Slept(time) = &end {
            (self.bell)();
            self.tell(Msg::Awake);
            let detail = format!("the PC slept for {} s to thaw drives", time.as_secs());
            self.notice(NoticeCode::Slept, None, &detail);
        }
        self.scanner.unpause();
        // What was wanted before may have begun before the PC slept.
        let look = self.look_again();
        if let Some(sleeping) = &mut self.sleeping {
            (sleeping.stage, sleeping.since) = (Stage::Looking { end, look }, Instant::now());
        }
    }

    fn look_for_stick(&mut self, end: SleepEnd, now: Instant) {
        let Some(sleeping) = &mut self.sleeping else { return };
        let late = is_late(sleeping.since, now, RETURNING);
        let stick = match (&self.session, &sleeping.unused) {
            (Some(session), _) => session.find_stick(&self.sight.sticks),
            (None, Some(unused)) => self.sight.sticks.iter().find(|seen| unused.is_it(seen)).cloned(),
            (None, None) => return self.conclude(&end, Ok(())),
        };
        match stick {
            // A drive that is not there yet would count as one that was not found again.
            Some(stick) if late || self.sight.state == ScanState::Done => self.take_up(stick, end),
            None if late => self.lose_stick(&end),
            _ => {}
        }
    }

    fn take_up(&mut self, stick: StickFacts, end: SleepEnd) {
        self.openings += 1;
        let opening = self.openings;
        if let Some(sleeping) = &mut self.sleeping {
            (sleeping.stage, sleeping.since) =
                (Stage::Returning { end: end.clone(), opening }, Instant::now());
        }
        if let Some(session) = &mut self.session {
            session.take_up(stick.clone(), opening::place(self.ports.clone(), stick));
            return self.check_return(&end, Instant::now());
        }
        let Some(unused) = self.sleeping.as_ref().and_then(|it| it.unused.as_ref()) else { return };
        let (port, number) = (self.ports.clone(), (opening, unused.info.no));
        if open_in_background(port, number, stick, self.boot.clone(), None, self.events.clone()).is_err() {
            self.lose_stick(&end);
        }
    }

    /// Whether that opening is of the stick that was let go of for the sleep.
    pub(super) fn reopened(&self, number: u64) -> bool {
        let stage = self.sleeping.as_ref().map(|sleeping| &sleeping.stage);
        matches!(stage, Some(Stage::Returning { opening, .. }) if *opening == number)
    }

    /// Takes a stick on which no session has begun yet, if it is as it was.
    pub(super) fn take_up_unused(&mut self, stick: Result<Box<OpenedStick>, OpenStickError>) {
        let Some(sleeping) = &mut self.sleeping else { return };
        let (Stage::Returning { end, .. }, Some(before)) = (sleeping.stage.clone(), sleeping.unused.take())
        else {
            return;
        };
        match stick {
            Ok(stick) if stick.history == before.history => {
                let Unused { key, info, office, policy, .. } = before;
                self.opened = Some(OpenedStick { key, info, office, policy, ..*stick });
                self.conclude(&end, Ok(()));
            }
            Ok(stick) => {
                close_unused(*stick);
                self.lose_stick(&end);
            }
            Err(error) => {
                tracing::warn!(%error, "the stick was not opened again");
                self.lose_stick(&end);
            }
        }
    }

    /// Whether the log is whole on the stick again.
    fn check_return(&mut self, end: &SleepEnd, now: Instant) {
        let Some(sleeping) = &self.sleeping else { return };
        let late = is_late(sleeping.since, now, RETURNING);
        match &self.session {
            Some(session) if session.log.is_saved() => self.conclude(end, Ok(())),
            Some(session) if late || !(session.is_changing_sticks() || session.log.is_waiting()) => {
                self.lose_stick(end);
            }
            None if late => self.lose_stick(end),
            _ => {}
        }
    }

    /// From here on it is a stick that was pulled, or one that fails: both are known.
    fn lose_stick(&mut self, end: &SleepEnd) {
        if let Some(session) = &mut self.session
            && !session.log.has_keeper()
        {
            session.stick_lost("the results stick was not back after the PC's sleep");
        }
        self.conclude(end, Err(Missing));
    }

    fn conclude(&mut self, end: &SleepEnd, stick: Result<(), Missing>) {
        let thaw = self.thaw();
        self.end_sleep(match (end, stick) {
            (SleepEnd::Slept(_), Ok(())) => SleepOutcome::Woke(thaw),
            (SleepEnd::Slept(_), Err(Missing)) => SleepOutcome::StickMissing(thaw),
            (SleepEnd::NotSlept(why), _) => SleepOutcome::Failed(why.clone()),
        });
    }

    fn thaw(&self) -> Thaw {
        let asked = self.sleeping.as_ref().map(|sleeping| sleeping.frozen.clone()).unwrap_or_default();
        let here = asked.into_iter().filter(|no| self.sight.get(*no).is_some());
        let (frozen, thawed) =
            here.partition(|no| self.sight.get(*no).is_some_and(|found| is_frozen(&found.drive)));
        Thaw { thawed, frozen }
    }

    fn end_sleep(&mut self, outcome: SleepOutcome) {
        tracing::info!(?outcome, "the sleep is over");
        self.sleeping = None;
        self.scanner.unpause();
        self.tell_journal();
        self.tell(Msg::Drives(self.sight.drives()));
        self.tell(Msg::Slept(outcome));
        self.catch_up();
    }
}

/// The stick is not back, or not as it was.
struct Missing;

fn is_late(since: Instant, now: Instant, patience: Duration) -> bool {
    now.saturating_duration_since(since) > patience
}

/// Whether a sleep may change what a drive takes.
fn is_frozen(drive: &Drive) -> bool {
    drive.conditions.may_thaw() || drive.capabilities.0.values().any(|support| *support == Support::Frozen)
}
