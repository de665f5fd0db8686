//! Events in, effects out: what the program does about what happens.

mod faults;
mod following;
mod jobs;
mod looking;
mod outside;
mod probing;
mod results_stick;
mod ringing;
mod sleeping;
mod starting;
mod unlocking;
mod unsealing;
mod work;

use crate::care::{Care, CareNews, Cared};
use crate::clock;
use crate::drives::Arm;
use crate::event::Event;
use crate::keyboard;
use crate::office::{AskBoot, Need};
use crate::opening::{self, OpenedStick, StickPort, close_unused};
use crate::power;
use crate::recorder::Recorder;
use crate::scanner::{Scanner, Sight, Ticket};
use crate::seat::{Claim, Seat};
use crate::session::{Closing, Session};
use crate::sleep::Sleep;
use crate::sticks::StickNumbers;
use crossbeam_channel::Sender;
use faults::Fault;
use following::Following;
use jobs::Jobs;
pub(crate) use outside::Outside;
use policy::SessionPlan;
use probing::Probing;
use results_stick::Opening;
use ringing::Ringing;
use sanitize::DriveEvent;
use sleeping::Sleeping;
use starting::Start;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use unlocking::Passwords;
use wizard::{Display, Effect, Model, Msg, ScanState, update};

/// Whether the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It does.
    Continue,
    /// It ends.
    Exit,
    /// It ends, to be started anew with the keyboard that was chosen.
    Restart,
}

/// Everything that the program knows. Nothing here waits for a drive or a stick.
pub(crate) struct App {
    model: Model,
    events: Sender<Event>,
    jobs: Sender<DriveEvent>,
    seat_lock: PathBuf,
    keyboard_file: PathBuf,
    seat: Option<Seat>,
    elsewhere: bool,
    scanner: Scanner,
    sight: Sight,
    /// How often drives were seen.
    sights: u64,
    /// At which sight, and when, the results stick was last tried without being asked.
    tried: Option<(u64, Instant)>,
    /// What the last look said, and what the screen was told.
    scan: ScanState,
    scan_shown: ScanState,
    /// Until this look has ended, drives are being looked for.
    settles_with: Option<Ticket>,
    ports: Arc<dyn StickPort>,
    boot: Arc<AskBoot>,
    /// Whether the boot stick is still needed, as the screen was told. Once it is not, that stays so.
    boot_stick: Need,
    numbers: StickNumbers,
    opening: Option<Opening>,
    openings: u64,
    opened: Option<OpenedStick>,
    session: Option<Session>,
    arm: Arc<Arm>,
    start: Option<Start>,
    /// The plan whose drives are armed, or were.
    armed_plan: Option<Arc<SessionPlan>>,
    care: Arc<dyn Care>,
    following: Following,
    passwords: Passwords,
    jobs_list: Jobs,
    /// The PC by its DMI tables.
    pc: record::Pc,
    probing: Option<Probing>,
    sleeper: Arc<dyn Sleep>,
    bell: Box<dyn Fn()>,
    on_battery: Box<dyn Fn() -> bool>,
    was_on_battery: bool,
    display: Box<dyn Fn() -> Display>,
    /// As the screen was told.
    displayed: Display,
    ringing: Ringing,
    recorder: Recorder,
    fault: Fault,
    sleeping: Option<Sleeping>,
    /// What the screens were told.
    #[cfg(test)]
    told: Vec<Msg>,
    /// What was asked for meanwhile.
    deferred: Vec<Effect>,
    /// What the log will say once there is one.
    early: Vec<record::Notice>,
    table: record::PolicyTable,
    policy_use: PolicyUse,
    minute: String,
    pace: clock::Pace,
    flow: Flow,
}

/// Whether an organisation's rule table on the stick is heeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PolicyUse {
    AsFound,
    /// The operator chose the built-in one over a file that cannot be used.
    BuiltinOnly,
}

impl App {
    /// # Errors
    /// The thread that looks for drives could not be started.
    pub(crate) fn new(
        model: Model,
        outside: Outside,
        events: Sender<Event>,
        jobs: Sender<DriveEvent>,
    ) -> io::Result<Self> {
        Ok(Self {
            model,
            scanner: Scanner::start(outside.drives, events.clone())?,
            events,
            jobs,
            seat_lock: outside.seat,
            keyboard_file: outside.keyboard,
            seat: None,
            elsewhere: false,
            sight: Sight::default(),
            sights: 0,
            tried: None,
            scan: ScanState::Settling,
            scan_shown: ScanState::Settling,
            settles_with: None,
            ports: outside.ports,
            boot: outside.boot,
            boot_stick: Need::Open,
            numbers: StickNumbers::default(),
            opening: None,
            openings: 0,
            opened: None,
            session: None,
            arm: outside.arm,
            start: None,
            armed_plan: None,
            care: outside.care,
            following: Following::default(),
            passwords: Passwords::default(),
            jobs_list: Jobs::None,
            pc: outside.pc,
            probing: None,
            sleeper: outside.sleeper,
            bell: outside.bell,
            on_battery: outside.on_battery,
            was_on_battery: false,
            display: outside.display,
            displayed: Display::default(),
            ringing: Ringing::default(),
            recorder: outside.recorder,
            fault: Fault::None,
            sleeping: None,
            #[cfg(test)]
            told: Vec::new(),
            deferred: Vec::new(),
            early: outside.said,
            table: builtin_table(),
            policy_use: PolicyUse::AsFound,
            minute: String::new(),
            pace: clock::Pace::default(),
            flow: Flow::Continue,
        })
    }

    /// Whether drives are being erased or entries being saved, so that the program must go on even if nobody sees it
    /// any more.
    pub(crate) fn must_go_on(&self) -> bool {
        self.session.as_ref().is_some_and(|session| {
            session.is_working() || (session.closing != Closing::Done && !session.log.is_saved())
        }) || self.sleeping.is_some()
    }

    /// What the screen shows.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Takes one event and does everything that follows from it.
    pub(crate) fn handle(&mut self, event: Event) -> Flow {
        match event {
            Event::Key(key) => {
                self.ringing.hush();
                self.tell(Msg::Key(key))
            }
            Event::Resized { width, height } => self.tell(Msg::Resized { width, height }),
            Event::Hotplug if self.seat.is_some() => {
                self.look_again();
            }
            Event::Hotplug => {}
            Event::Scanned(scanned) => self.scanned(scanned),
            Event::Opened(opened) => self.stick_opened(opened),
            Event::Unsealed(unsealed) => self.unsealed(unsealed),
            Event::Kept(kept) => self.kept(kept),
            Event::Armed(armed) => self.armed(armed),
            Event::Job(event) => self.job(event),
            Event::Permit(request) => self.permit(request),
            Event::Care(cared) => self.cared(cared),
            Event::Put(put) => self.put_on_opened(put),
            Event::Slept(end) => self.woke(end),
            Event::PowerButton => self.tell(Msg::PowerButton),
            Event::Tick => self.tick(Instant::now()),
        }
        self.flow
    }

    fn tell(&mut self, msg: Msg) {
        #[cfg(test)]
        self.told.push(msg.clone());
        self.recorder.keep(&msg, &self.model);
        for effect in update(&mut self.model, msg) {
            let claims = effect == Effect::ClaimSeat;
            self.carry_out(effect);
            // What the key would have done besides is the business of the console that has the seat.
            if claims && self.elsewhere {
                return;
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        // While the PC goes to sleep nothing else begins, nor while a file is put on a stick that no keeper has.
        let waits = self.sleeping.is_some() || self.is_putting_on_opened() || self.is_putting_fault();
        if effect != Effect::ClaimSeat && waits {
            tracing::info!(?effect, "done later");
            return self.deferred.push(effect);
        }
        match effect {
            Effect::ClaimSeat => self.claim_seat(),
            Effect::OpenStick(no) => self.open_stick(no),
            Effect::Unseal(passphrase) => self.unseal(passphrase),
            // What the log says of it follows from the key that is not there.
            Effect::WithoutKey => self.go_without_key(),
            Effect::BeginSession(answers) => self.begin_session(&answers),
            Effect::Rescan => self.settle_drives(),
            Effect::Labelled(drive) => {
                self.scanner.name_by_label(drive);
                self.settle_drives();
            }
            Effect::Confirmed { plan, confirmation } => self.begin_jobs(&plan, &confirmation),
            Effect::Ordered { plan } => self.begin_by_jobs(&plan),
            Effect::RecordOnly { plan } => self.record_only(&plan),
            Effect::StopJob(drive) => self.stop_job(drive),
            Effect::Sleep => self.go_to_sleep(),
            Effect::Unlock(drive) => self.unlock(drive),
            Effect::Probe(drive) => self.probe(drive),
            Effect::WitnessConfirmed { name, drives, by_hand } => {
                self.with_session(|session| session.witness(name, drives, by_hand))
            }
            Effect::ByHand(said) => self.with_session(|session| session.by_hand(&said)),
            Effect::CloseSession(reason) => self.close(reason),
            Effect::TryStickAgain => self.try_stick_again(),
            Effect::ContinueOn(no) => self.continue_on(no),
            Effect::UseBuiltinTable => {
                self.policy_use = PolicyUse::BuiltinOnly;
                self.table = builtin_table();
            }
            Effect::UseKeyboard(keyboard) => self.use_keyboard(keyboard),
            Effect::PowerOff => self.power_off(),
        }
    }

    fn claim_seat(&mut self) {
        match Seat::claim_at(&self.seat_lock) {
            Ok(Claim::Taken(seat)) => {
                self.seat = Some(seat);
                opening::take_down_left(self.ports.clone(), self.events.clone());
            }
            Ok(Claim::Elsewhere) => {
                self.elsewhere = true;
                return self.tell(Msg::SeatTaken);
            }
            // Without the lock's folder there is no other console either.
            Err(error) => tracing::warn!(%error, "the seat could not be claimed"),
        }
        self.minute.clear();
        self.look_again();
        self.tick(Instant::now());
    }

    fn tick(&mut self, now: Instant) {
        self.tell(Msg::Tick);
        // Said in words of its own: a recording, which has no seconds, shows the same screens.
        if self.model.is_left_alone() {
            self.tell(Msg::LeftAlone);
        }
        if self.seat.is_none() {
            if Seat::is_elsewhere(&self.seat_lock) {
                self.tell(Msg::SeatTaken);
            }
            return;
        }
        let on_battery = (self.on_battery)();
        if std::mem::replace(&mut self.was_on_battery, on_battery) != on_battery {
            self.tell(Msg::OnBattery(on_battery));
        }
        let display = (self.display)();
        if std::mem::replace(&mut self.displayed, display) != display {
            self.tell(Msg::Display(display));
        }
        if self.model.is_in_the_dark() {
            self.tell(Msg::InTheDark);
        }
        let wall = clock::for_people();
        if wall != self.minute {
            self.minute.clone_from(&wall);
            self.tell(Msg::Clock { wall, state: clock::state() });
        }
        if let Some(jump) = self.pace.look() {
            self.notice(record::NoticeCode::ClockJumped, None, &jump);
        }
        // A stick whose loss a write noticed may have been back before anybody looked.
        self.check_stick();
        self.watch_drives(now);
        self.watch_stick(now);
        self.watch_arming(now);
        self.watch_sleep(now);
        self.watch_unlocking(now);
        self.watch_probing(now);
        self.watch_fault(now);
        self.ring();
    }

    /// Takes what comes of taking care of a drive.
    fn cared(&mut self, Cared { drive, news }: Cared) {
        match news {
            CareNews::Following(event) => self.followed_step(drive, &event),
            CareNews::Followed(followed) => self.followed(drive, &followed),
            CareNews::Unlocked(end) => self.unlocked(drive, end),
            CareNews::Probed(probed) => self.probed(drive, probed),
        }
    }

    /// Does what was asked for while nothing could be begun.
    fn catch_up(&mut self) {
        for effect in std::mem::take(&mut self.deferred) {
            self.carry_out(effect);
        }
    }

    /// Leaves a notice, as soon as there is a log.
    fn notice(&mut self, code: record::NoticeCode, drive: Option<model::DriveNo>, detail: &str) {
        if self.session.is_none() {
            let detail = detail.to_owned();
            return self.early.push(record::Notice { code, drive, detail });
        }
        self.with_session(|session| session.log.notice(code, drive, detail));
    }

    /// Leaves the choice to whoever starts the screen, and ends.
    fn use_keyboard(&mut self, keyboard: wizard::Keyboard) {
        if self.session.is_some() {
            return;
        }
        match keyboard::choose(&self.keyboard_file, keyboard) {
            Ok(()) => {
                // A stick that was looked at is let go of first: whoever comes next opens it anew.
                if let Some(stick) = self.opened.take() {
                    close_unused(stick).wait();
                }
                self.flow = Flow::Restart;
            }
            Err(error) => {
                tracing::error!(%error, "the keyboard could not be changed");
                self.tell(Msg::KeyboardKept);
            }
        }
    }

    /// Switches off, unless something would be lost: the screen asks only then, and this makes sure.
    fn power_off(&mut self) {
        let is_done = |session: &Session| session.closing == Closing::Done || session.log.is_garbled();
        if !self.session.as_ref().is_none_or(is_done) {
            tracing::error!("not switched off: the log is not closed on a stick");
            return self.tell_journal();
        }
        power::off();
        self.flow = Flow::Exit;
    }
}

/// The table in the program, as the log names it.
fn builtin_table() -> record::PolicyTable {
    let version = policy::Table::builtin().map(|table| table.version).unwrap_or_default();
    record::PolicyTable { version, origin: record::TableOrigin::Builtin, sha256: None }
}

#[cfg(test)]
mod tests;
