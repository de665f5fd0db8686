//! The program with drives, sticks and arming that wait for the test's word.

use super::*;

pub(super) const SOON: Duration = Duration::from_secs(10);

/// Drives that answer when the door is open, and what they were asked.
#[derive(Clone)]
pub(super) struct Drives {
    pub(super) door: Door,
    pub(super) sight: Arc<Mutex<Option<Sight>>>,
    pub(super) orders: Arc<Mutex<Vec<LookOrder>>>,
}

impl DriveSource for Drives {
    fn look(&mut self, order: &LookOrder) -> Result<Sight, LookError> {
        self.orders.lock().unwrap().push(order.clone());
        self.door.go_through();
        self.sight.lock().unwrap().clone().ok_or(LookError::Panicked)
    }
}

/// Ports with a stick in each.
pub(super) struct Ports {
    pub(super) door: Door,
    pub(super) sticks: Mutex<std::collections::BTreeMap<String, FakeStick>>,
    pub(super) mounts: Mutex<usize>,
    /// Mounts that a program which was killed left behind, and how often somebody took them down.
    pub(super) left: Mutex<usize>,
    pub(super) cleared: Mutex<usize>,
    pub(super) root: tempfile::TempDir,
}

impl StickPort for Ports {
    fn mount(&self, facts: &StickFacts) -> Result<MountedStick, StickError> {
        self.door.go_through();
        *self.mounts.lock().unwrap() += 1;
        let sticks = self.sticks.lock().unwrap();
        let stick = sticks.get(facts.identity.serial.as_str()).ok_or(StickError::Removed)?;
        Ok(MountedStick { folder: Box::new(stick.clone()), root: self.root.path().to_owned() })
    }

    fn take_down_left(&self) -> usize {
        *self.cleared.lock().unwrap() += 1;
        std::mem::take(&mut *self.left.lock().unwrap())
    }
}

pub(super) struct Desk {
    pub(super) app: App,
    pub(super) inbox: Receiver<Event>,
    pub(super) drives: Drives,
    pub(super) ports: Arc<Ports>,
    pub(super) stick: FakeStick,
    pub(super) arming: Door,
    pub(super) armed: Arc<Mutex<Vec<DriveNo>>>,
    pub(super) care: Arc<Carer>,
    pub(super) sleeper: Arc<Bed>,
    pub(super) rung: Arc<Mutex<u32>>,
    /// What draws on the screen.
    pub(super) display: Arc<Mutex<wizard::Display>>,
    /// What the office put on the boot stick.
    pub(super) boot: Arc<Mutex<BootDocuments>>,
}

/// A sleep that ends when the test says so.
pub(super) struct Bed {
    pub(super) deep: Mutex<bool>,
    pub(super) refuses: Mutex<bool>,
    pub(super) door: Door,
    /// What is looked at when the PC falls asleep.
    pub(super) asleep: Mutex<Vec<(Duration, usize)>>,
    pub(super) stick: Mutex<Option<FakeStick>>,
}

impl Default for Bed {
    fn default() -> Self {
        let (deep, refuses) = (Mutex::new(true), Mutex::new(false));
        Self { deep, refuses, door: Door::open(), asleep: Mutex::default(), stick: Mutex::default() }
    }
}

impl Sleep for Bed {
    fn has_deep_sleep(&self) -> bool {
        *self.deep.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> Result<(), SleepError> {
        let released = self.stick.lock().unwrap().as_ref().map_or(0, FakeStick::released);
        self.asleep.lock().unwrap().push((time, released));
        if *self.refuses.lock().unwrap() {
            return Err(SleepError::Refused(io::Error::other("busy")));
        }
        self.door.go_through();
        Ok(())
    }
}

pub(super) fn sight(sticks: &[StickFacts]) -> Sight {
    let found = drives().into_iter().map(found).collect();
    Sight { found, sticks: sticks.to_vec(), state: ScanState::Done, ..Sight::default() }
}

impl Desk {
    /// A program whose first key was pressed, on a PC with a drive and a stick.
    pub(super) fn new(door: usize) -> Self {
        let seen = Arc::new(Mutex::new(Some(sight(&[stick_facts(2, "9")]))));
        let drives = Drives { door: Door::open(), sight: seen, orders: Arc::default() };
        drives.door.let_in(door);
        let stick = FakeStick::new(Mood::Works);
        let ports = Arc::new(Ports {
            door: Door::open(),
            sticks: Mutex::new([("S2".to_owned(), stick.clone())].into()),
            mounts: Mutex::default(),
            left: Mutex::default(),
            cleared: Mutex::default(),
            root: tempfile::tempdir().unwrap(),
        });
        let (armed, arming) = (Arc::new(Mutex::new(Vec::new())), Door::open());
        let (list, way) = (armed.clone(), arming.clone());
        let arm: Arc<Arm> = Arc::new(move |_, _, line, _| {
            list.lock().unwrap().push(line.drive);
            way.go_through();
            Err(Box::new(not_started(FailureReason::Vanished, drives::asked(&line.action))))
        });
        let seat = ports.root.path().join("seat");
        let (sleeper, rung) = (Arc::new(Bed::default()), Arc::new(Mutex::new(0)));
        let bell = rung.clone();
        let display = Arc::new(Mutex::new(wizard::Display::Driven));
        let shown = display.clone();
        let boot = Arc::new(Mutex::new(BootDocuments::default()));
        let documents = boot.clone();
        let care = Arc::new(Carer::default());
        let outside = Outside {
            drives: Box::new(drives.clone()),
            ports: ports.clone(),
            arm,
            seat,
            care: care.clone(),
            sleeper: sleeper.clone(),
            recorder: Recorder::new(wizard::Console::Full, "PC-S1", ports.root.path().join("fault.json")),
            boot: Arc::new(move || documents.lock().unwrap().clone()),
            bell: Box::new(move || *bell.lock().unwrap() += 1),
            on_battery: Box::new(|| false),
            display: Box::new(move || *shown.lock().unwrap()),
            pc: record::Pc {
                maker: "".into(),
                model: "".into(),
                serial: "5CG1234ABC".into(),
                uuid: "".into(),
            },
            keyboard: ports.root.path().join("keyboard"),
            said: Vec::new(),
        };
        let (events, inbox) = crossbeam_channel::unbounded();
        let setup = wizard::Setup {
            console: wizard::Console::Full,
            table: policy::Table::builtin().unwrap(),
            origin: policy::TableOrigin::Builtin,
            pc_serial: "PC-S1".into(),
            about: String::new(),
            keyboard: Some(wizard::Keyboard::Jp),
        };
        let jobs = crossbeam_channel::unbounded().0;
        let mut app = App::new(Model::new(setup).unwrap(), outside, events, jobs).unwrap();
        app.handle(Event::Key(Key::Up));
        Self { app, inbox, drives, ports, stick, arming, armed, care, sleeper, rung, display, boot }
    }

    pub(super) fn next(&mut self) {
        let event = self.inbox.recv_timeout(SOON).expect("nothing happens");
        self.app.handle(event);
    }

    pub(super) fn until(&mut self, there: impl Fn(&App) -> bool) {
        while !there(&self.app) {
            self.next();
        }
    }

    pub(super) fn saved(app: &App) -> bool {
        app.session.as_ref().is_some_and(|session| session.log.standing() == Journal::Saved)
    }

    /// On to a session whose first entries are saved.
    pub(super) fn begin(&mut self) {
        self.until(|app| app.sights > 0);
        self.app.open_stick(StickNo(1));
        self.until(|app| app.opened.is_some());
        self.until(|app| !app.scanner.is_busy());
        self.app.begin_session(&answers(InformationClass::Three));
        self.until(Self::saved);
    }

    pub(super) fn confirm(&mut self) {
        let plan = plan(InformationClass::Three);
        let confirmation = Confirmation::new(&plan, &plan.digest().code()).unwrap();
        self.app.begin_jobs(&plan, &confirmation);
    }

    pub(super) fn see(&mut self, sticks: &[StickFacts]) {
        self.until(|app| !app.scanner.is_busy());
        *self.drives.sight.lock().unwrap() = Some(sight(sticks));
        let sights = self.app.sights;
        self.app.handle(Event::Hotplug);
        self.until(|app| app.sights > sights);
    }

    pub(super) fn armed(&self) -> Vec<DriveNo> {
        self.armed.lock().unwrap().clone()
    }

    pub(super) fn session(&mut self) -> &mut Session {
        self.app.session.as_mut().unwrap()
    }
}
