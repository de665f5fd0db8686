//! Events in, effects out: what the program does about what happens.

mod results_stick;
mod work;

use crate::clock;
use crate::event::Event;
use crate::power;
use crate::seat::{Claim, Seat};
use crate::session::Session;
use crate::sticks::{OpenedStick, StickNumbers};
use crossbeam_channel::Sender;
use inventory::Inventory;
use sanitize::DriveEvent;
use wizard::{Effect, Model, Msg, ScanState, update};

/// Whether the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It does.
    Continue,
    /// It ends.
    Exit,
}

/// Everything that the program knows.
pub(crate) struct App {
    model: Model,
    events: Sender<Event>,
    jobs: Sender<DriveEvent>,
    seat: Option<Seat>,
    elsewhere: bool,
    inventory: Inventory,
    numbers: StickNumbers,
    opened: Option<OpenedStick>,
    session: Option<Session>,
    table: record::PolicyTable,
    policy_use: PolicyUse,
    scan: ScanState,
    minute: String,
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
    pub(crate) fn new(model: Model, events: Sender<Event>, jobs: Sender<DriveEvent>) -> Self {
        Self {
            model,
            events,
            jobs,
            seat: None,
            elsewhere: false,
            inventory: Inventory::default(),
            numbers: StickNumbers::default(),
            opened: None,
            session: None,
            table: builtin_table(),
            policy_use: PolicyUse::AsFound,
            scan: ScanState::Settling,
            minute: String::new(),
            flow: Flow::Continue,
        }
    }

    /// Whether drives are being erased, so that the program must go on even if nobody sees it any more.
    pub(crate) fn is_working(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_working)
    }

    /// What the screen shows.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Takes one event and does everything that follows from it.
    pub(crate) fn handle(&mut self, event: Event) -> Flow {
        match event {
            Event::Key(key) => self.tell(Msg::Key(key)),
            Event::Resized { width, height } => self.tell(Msg::Resized { width, height }),
            Event::Hotplug if self.seat.is_some() => self.look_again(),
            Event::Hotplug => {}
            Event::Job(event) => self.job(event),
            Event::Permit(request) => self.permit(request),
            Event::Tick => self.tick(),
        }
        self.flow
    }

    fn tell(&mut self, msg: Msg) {
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
        match effect {
            Effect::ClaimSeat => self.claim_seat(),
            Effect::OpenStick(no) => self.open_stick(no),
            Effect::BeginSession(answers) => self.begin_session(&answers),
            Effect::Rescan => self.look_again(),
            Effect::Confirmed { plan, confirmation } => self.begin_jobs(&plan, &confirmation),
            Effect::RecordOnly { plan } => self.record_only(&plan),
            Effect::StopJob(drive) => self.stop_job(drive),
            Effect::WitnessConfirmed { name, drives } => {
                self.with_session(|session| session.witness(name, drives))
            }
            Effect::CloseSession(reason) => self.close(reason),
            Effect::TryStickAgain => self.try_stick_again(),
            Effect::ContinueOn(no) => self.continue_on(no),
            Effect::UseBuiltinTable => {
                self.policy_use = PolicyUse::BuiltinOnly;
                self.table = builtin_table();
            }
            Effect::PowerOff => {
                power::off();
                self.flow = Flow::Exit;
            }
        }
    }

    fn claim_seat(&mut self) {
        match Seat::claim() {
            Ok(Claim::Taken(seat)) => self.seat = Some(seat),
            Ok(Claim::Elsewhere) => {
                self.elsewhere = true;
                return self.tell(Msg::SeatTaken);
            }
            // Without the lock's folder there is no other console either.
            Err(error) => tracing::warn!(%error, "the seat could not be claimed"),
        }
        self.minute.clear();
        self.tick();
        self.look_again();
    }

    fn tick(&mut self) {
        self.tell(Msg::Tick);
        if self.seat.is_none() {
            if Seat::is_elsewhere() {
                self.tell(Msg::SeatTaken);
            }
            return;
        }
        let wall = clock::for_people();
        if wall != self.minute {
            self.minute.clone_from(&wall);
            self.tell(Msg::Clock { wall, state: clock::state() });
        }
        // A stick whose loss a write noticed may have been back before anybody looked.
        self.check_stick(&self.inventory.sticks());
        if self.scan == ScanState::Settling && Self::scan_state() == ScanState::Done {
            self.look_again();
        }
    }

    fn scan_state() -> ScanState {
        if inventory::is_udev_busy() { ScanState::Settling } else { ScanState::Done }
    }

    fn look_again(&mut self) {
        if let Err(error) = self.inventory.scan() {
            tracing::error!(%error, "the drives cannot be listed");
            self.scan = ScanState::Settling;
            return self.tell(Msg::Scan(self.scan));
        }
        let drives: Vec<model::Drive> =
            self.inventory.found().iter().map(|found| found.drive.clone()).collect();
        let hidden = inventory::hidden_controllers();
        let sticks = self.inventory.sticks();
        let candidates = sticks.iter().map(|stick| self.numbers.candidate(stick)).collect();
        // Told at once: an entry that a pulled stick did not take must not stand under "saved".
        self.with_session(|session| session.add_drives(&drives, &hidden));
        self.tell(Msg::Drives(drives));
        self.tell(Msg::HiddenControllers(hidden));
        self.tell(Msg::Sticks(candidates));
        self.scan = Self::scan_state();
        self.tell(Msg::Scan(self.scan));
        self.check_stick(&sticks);
    }
}

/// The table in the program, as the log names it.
fn builtin_table() -> record::PolicyTable {
    let version = policy::Table::builtin().map(|table| table.version).unwrap_or_default();
    record::PolicyTable { version, origin: record::TableOrigin::Builtin }
}
