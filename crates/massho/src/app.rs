//! Events in, effects out: what the program does about what happens.

use crate::clock;
use crate::convert;
use crate::drives;
use crate::event::Event;
use crate::gate::{ChannelGate, PermitRequest};
use crate::power;
use crate::seat::{Claim, Seat};
use crate::session::{Closing, Session, WitnessEntry, not_started};
use crate::sticks::{self, OpenStickError, OpenedStick, StickNumbers};
use crossbeam_channel::Sender;
use inventory::{Inventory, StickFacts};
use model::DriveNo;
use policy::{Confirmation, SessionPlan, TableOrigin};
use record::NoticeCode;
use sanitize::{DriveEvent, JobEvent};
use std::path::Path;
use std::sync::Arc;
use wizard::{
    CloseReason, Effect, Journal, Model, Msg, ScanState, SessionAnswers, StickNo, StickProblem, update,
};

/// What every reader of a log should know of this version.
const NOT_EXAMINED: &str = "hidden areas (HPA, DCO, AMAX) were not examined by this version";

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

    // ── consoles, time, drives ──

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
        if self.scan == ScanState::Settling && Self::scan_state() == ScanState::Done {
            self.look_again();
        }
    }

    /// udev keeps this file while it has events to work off.
    fn scan_state() -> ScanState {
        if Path::new("/run/udev/queue").exists() { ScanState::Settling } else { ScanState::Done }
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
        if let Some(session) = &mut self.session {
            session.add_drives(&drives, &hidden);
        }
        self.tell(Msg::Drives(drives));
        self.tell(Msg::HiddenControllers(hidden));
        self.tell(Msg::Sticks(candidates));
        self.scan = Self::scan_state();
        self.tell(Msg::Scan(self.scan));
        self.check_stick(&sticks);
    }

    // ── the results stick ──

    fn open_stick(&mut self, no: StickNo) {
        if let Some(mut before) = self.opened.take() {
            let _ = before.folder.release();
        }
        let sticks = self.inventory.sticks();
        let facts = self.numbers.find(no, &sticks).ok_or(OpenStickError::Gone);
        match facts.and_then(|facts| OpenedStick::open(no, &facts)) {
            Ok(opened) => {
                self.inventory.use_as_results_stick(&opened.identity);
                let info = opened.info.clone();
                let policy = opened.policy.clone();
                self.opened = Some(opened);
                self.tell(Msg::StickOpened(Ok(info)));
                self.take_policy(policy);
                self.look_again();
            }
            Err(error) => {
                tracing::warn!(%error, "the stick was not opened");
                let problem = match error {
                    OpenStickError::Gone => StickProblem::Removed,
                    OpenStickError::Stick(error) => convert::stick_problem(&error),
                    OpenStickError::Key(error) => StickProblem::Io(error.to_string()),
                };
                self.tell(Msg::StickOpened(Err(problem)));
            }
        }
    }

    fn take_policy(&mut self, policy: Option<Result<policy::Table, policy::TableError>>) {
        // The table of a stick that was tried before is not this one's.
        self.table = builtin_table();
        if let Ok(table) = policy::Table::builtin() {
            self.tell(Msg::Policy { table, origin: TableOrigin::Builtin });
        }
        match policy {
            _ if self.policy_use == PolicyUse::BuiltinOnly => {}
            None => {}
            Some(Ok(table)) => {
                let origin = record::TableOrigin::Custom;
                self.table = record::PolicyTable { version: table.version.clone(), origin };
                self.tell(Msg::Policy { table, origin: TableOrigin::Custom });
            }
            Some(Err(policy::TableError::Syntax { message, line })) => {
                self.tell(Msg::PolicyProblem { message, line });
            }
            Some(Err(error)) => self.tell(Msg::PolicyProblem { message: error.to_string(), line: 0 }),
        }
    }

    /// Notices a stick that was pulled even if nothing is being written, and one that was put back.
    fn check_stick(&mut self, sticks: &[StickFacts]) {
        let Some(session) = &mut self.session else { return };
        if session.closing == Closing::Done {
            return;
        }
        let name = session.stick.fingerprint();
        let same = |stick: &&StickFacts| {
            stick.identity.fingerprint() == name && stick.filesystem.uuid == session.volume_id
        };
        let there = sticks.iter().find(same).cloned();
        match (there, session.log.standing()) {
            (None, Journal::Saved | Journal::Saving) => {
                session.log.lose(StickProblem::Removed);
                session.log.notice(NoticeCode::StickLost, None, "the results stick was removed");
                self.tell_journal();
            }
            (Some(stick), Journal::Unsaved { problem: StickProblem::Removed, .. }) => {
                self.resume(&stick, NoticeCode::StickReturned);
            }
            _ => {}
        }
    }

    fn resume(&mut self, stick: &StickFacts, code: NoticeCode) {
        let Some(session) = &mut self.session else { return };
        session.log.lose(StickProblem::Removed);
        match sticks::mount(stick) {
            Ok(folder) => {
                self.inventory.use_as_results_stick(&stick.identity);
                session.stick = stick.identity.clone();
                session.volume_id = stick.filesystem.uuid.clone();
                // Said before it is saved, so that no copy of the log is without it.
                session.log.notice(code, None, stick.identity.serial.as_str());
                session.log.resume_on(Box::new(folder));
            }
            Err(error) => {
                tracing::warn!(%error, "the stick was not taken");
                session.log.lose(convert::stick_problem(&error));
            }
        }
        self.tell_journal();
    }

    fn continue_on(&mut self, no: StickNo) {
        let sticks = self.inventory.sticks();
        let Some(stick) = self.numbers.find(no, &sticks) else { return self.tell_journal() };
        let same = self.session.as_ref().is_some_and(|session| {
            session.stick == stick.identity && session.volume_id == stick.filesystem.uuid
        });
        let code = if same { NoticeCode::StickReturned } else { NoticeCode::StickReplaced };
        self.resume(&stick, code);
        self.look_again();
    }

    fn try_stick_again(&mut self) {
        let sticks = self.inventory.sticks();
        let Some(session) = &mut self.session else { return };
        session.log.try_again();
        if !session.log.is_saved() {
            let (name, volume) = (session.stick.fingerprint(), session.volume_id.clone());
            let same =
                |stick: &&StickFacts| stick.identity.fingerprint() == name && stick.filesystem.uuid == volume;
            if let Some(stick) = sticks.iter().find(same).cloned() {
                return self.resume(&stick, NoticeCode::StickReturned);
            }
        }
        self.tell_journal();
    }

    /// Tells how the log stands, and lets go on whatever waited for it.
    fn tell_journal(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.answer_waiting();
        let saved = session.log.is_saved();
        let witnessed = saved && session.witness == WitnessEntry::Waiting;
        if witnessed {
            session.witness = WitnessEntry::Told;
        }
        let (standing, closing) = (session.log.standing(), session.closing);
        self.tell(Msg::Journal(standing));
        if witnessed {
            self.tell(Msg::Witnessed);
        }
        if closing == Closing::Asked {
            self.settle();
        }
    }

    fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        if let Some(session) = &mut self.session {
            change(session);
            self.tell_journal();
        }
    }

    // ── the session ──

    fn begin_session(&mut self, answers: &SessionAnswers) {
        let table = self.table.clone();
        if self.session.is_some() {
            return self.with_session(|session| {
                // An entry that cannot be made leaves a notice in its place.
                let _ = session.choose(answers, table);
            });
        }
        let Some(stick) = self.opened.take() else {
            return self.tell(Msg::Journal(Journal::Unsaved { count: 0, problem: StickProblem::Removed }));
        };
        let drives: Vec<model::Drive> =
            self.inventory.found().iter().map(|found| found.drive.clone()).collect();
        match Session::begin(stick, &drives, &inventory::hidden_controllers(), answers, table) {
            Ok(session) => {
                self.session = Some(session);
                self.tell_journal();
            }
            Err(error) => {
                tracing::error!(%error, "no session");
                let problem = StickProblem::Io(error.to_string());
                self.tell(Msg::Journal(Journal::Unsaved { count: 0, problem }));
            }
        }
    }

    fn begin_jobs(&mut self, plan: &SessionPlan, confirmation: &Confirmation) {
        let Some(session) = &mut self.session else { return };
        let confirm = record::Confirm {
            digest: confirmation.digest().to_string(),
            typed: confirmation.typed().to_owned(),
        };
        if session.record_plan(plan).is_err() || session.log.append(confirm).is_err() {
            // A plan that cannot be recorded is not carried out.
            return self.tell_journal();
        }
        session.record_untouched(plan);
        session.log.notice(NoticeCode::Other, None, NOT_EXAMINED);
        let contradiction = session.log.contradiction();
        self.tell_journal();
        // A last look: what has changed since the plan was shown is found now, not by name but by identity.
        self.look_again();
        if let Some(contradiction) = contradiction {
            tracing::error!(contradiction, "the log contradicts itself: nothing is begun");
            return self.refuse_jobs(plan, &contradiction);
        }
        for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
            self.begin_job(plan, confirmation, line);
        }
    }

    /// Ends every drive of a plan as failed, before anything was written.
    fn refuse_jobs(&mut self, plan: &SessionPlan, why: &str) {
        for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
            let reason = model::FailureReason::Internal(why.to_owned());
            let result = not_started(reason, drives::asked(&line.action));
            let recorded = result.clone();
            self.with_session(|session| session.record_result(line.drive, recorded, None));
            self.tell(Msg::JobFinished(line.drive, result));
        }
    }

    fn begin_job(&mut self, plan: &SessionPlan, confirmation: &Confirmation, line: &policy::DrivePlan) {
        let armed = drives::arm(plan, confirmation, line, self.inventory.get(line.drive));
        let Some(session) = &mut self.session else { return };
        match armed {
            Ok(armed) => {
                self.inventory.spare(line.drive);
                let (technique, began) = (armed.erase().technique, clock::now());
                let gate = Arc::new(ChannelGate(self.events.clone()));
                session.add_job(sanitize::start(armed, gate, self.jobs.clone()), technique, began);
                self.tell(Msg::Job(line.drive, convert::waiting()));
            }
            Err(result) => {
                session.record_result(line.drive, (*result).clone(), None);
                self.tell_journal();
                self.tell(Msg::JobFinished(line.drive, *result));
            }
        }
    }

    fn record_only(&mut self, plan: &SessionPlan) {
        self.with_session(|session| {
            if session.record_plan(plan).is_ok() {
                session.record_untouched(plan);
            }
        });
    }

    fn stop_job(&mut self, drive: DriveNo) {
        self.with_session(|session| session.stop_job(drive));
        if self.session.as_ref().is_some_and(|session| session.can_stop(drive)) {
            let view = wizard::JobView { phase: wizard::Phase::Stopping, ..convert::waiting() };
            self.tell(Msg::Job(drive, view));
        }
    }

    fn permit(&mut self, request: PermitRequest) {
        // Without a session the request is dropped, and that is a refusal.
        self.with_session(|session| session.ask(request));
    }

    fn job(&mut self, DriveEvent { drive, event }: DriveEvent) {
        match event {
            JobEvent::Started(_) => {
                let view = wizard::JobView { phase: wizard::Phase::Preparing, ..convert::waiting() };
                self.tell(Msg::Job(drive, view));
            }
            JobEvent::Step { what, raw } => {
                self.with_session(|session| session.record_step(drive, what, raw))
            }
            JobEvent::Progress(progress) => self.tell(Msg::Job(drive, convert::progress(&progress))),
            JobEvent::Finished(result) => {
                let recorded = result.clone();
                self.with_session(|session| session.finish_job(drive, recorded));
                self.inventory.release(drive);
                self.tell(Msg::JobFinished(drive, result));
                // What came under its name meanwhile, or happened to it, is seen now.
                self.look_again();
            }
        }
    }

    fn close(&mut self, reason: CloseReason) {
        let Some(session) = &mut self.session else {
            return self.tell(Msg::Closed(Err(StickProblem::Removed)));
        };
        if let Err(error) = session.close(reason) {
            return self.tell(Msg::Closed(Err(StickProblem::Io(error.to_string()))));
        }
        session.closing = Closing::Asked;
        self.settle();
    }

    /// Verifies the closed log on the stick; tried again whenever the stick is.
    fn settle(&mut self) {
        let Some(session) = &mut self.session else { return };
        let settled = session.log.settle();
        if settled.is_ok() {
            session.closing = Closing::Done;
        }
        let standing = session.log.standing();
        self.tell(Msg::Journal(standing));
        self.tell(Msg::Closed(settled));
    }
}

/// The table in the program, as the log names it.
fn builtin_table() -> record::PolicyTable {
    let version = policy::Table::builtin().map(|table| table.version).unwrap_or_default();
    record::PolicyTable { version, origin: record::TableOrigin::Builtin }
}
