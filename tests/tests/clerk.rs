//! The lab's clerk against the very screens, without a PC around them: what the clerk types is what they ask for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use lab::{Class, Clerk, Screen, ScreenSize};
use model::{
    BlockSize, Bus, ByteLen, Drive, DriveNo, DriveResult, Eligibility, Evidence, Identity, Medium,
    MediumSource, Method, Outcome,
};
use policy::{Table, TableOrigin};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io::Read;
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;
use std::time::Duration;
use wizard::{
    ClockState, CloseInfo, Console, Effect, Journal, Key, Model, Msg, PastDrive, PastEnd, PastSession,
    Remembered, ScanState, SessionAnswers, Setup, StickCandidate, StickInfo, StickNo, StickState, Voucher,
    update, view,
};

const RESULTS: &str = "LAB-RESULTS";
const DISK: &str = "LAB-HDD";

fn stick() -> StickCandidate {
    StickCandidate {
        no: StickNo(1),
        model: "DataTraveler 3.0".into(),
        serial: RESULTS.into(),
        capacity: ByteLen(15_502_147_584),
        free: Some(ByteLen(13_951_932_825)),
        label: "MASSHO".into(),
        state: StickState::Usable,
    }
}

fn disk() -> Drive {
    Drive {
        no: DriveNo(1),
        identity: Identity {
            bus: Bus::Ata,
            maker: "".into(),
            model: "QEMU HARDDISK".into(),
            serial: DISK.into(),
            firmware: "1".into(),
            wwn: "".into(),
            namespace: 0,
            capacity: ByteLen(1 << 30),
            block: BlockSize::B512,
        },
        medium: Medium::Hdd,
        medium_source: MediumSource::RotationRate(7200),
        capabilities: model::Capabilities::default(),
        eligibility: Eligibility::Eligible,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: "sda".into(),
    }
}

fn cleared() -> DriveResult {
    DriveResult {
        outcome: Outcome::Done,
        asked: Some(Method::Clear),
        achieved: Some(Method::Clear),
        failure: None,
        not_covered: None,
        evidence: Evidence::default(),
    }
}

/// A session that was cut off while this PC's disk was being erased.
fn cut_off(_: &Remembered) -> PastSession {
    let disk = PastDrive {
        model: "QEMU HARDDISK".into(),
        serial: DISK.into(),
        outcome: Some(Outcome::Incomplete),
        achieved: None,
        verdict: None,
    };
    PastSession {
        asset_number: lab::ASSET.into(),
        wall: "2026-11-28 09:00".into(),
        class: None,
        end: PastEnd::Open,
        drives: vec![disk],
        untouched: 0,
    }
}

/// The screens at one end of a line.
struct Paper {
    model: Model,
    terminal: Terminal<CrosstermBackend<UnixStream>>,
    remembered: Option<Remembered>,
    past: Vec<PastSession>,
    /// What was entered, last.
    answers: Option<SessionAnswers>,
}

impl Paper {
    fn new(line: UnixStream, remembered: Option<Remembered>) -> Self {
        // Whoever is remembered had this PC, and was cut off.
        let past = remembered.iter().map(cut_off).collect();
        let setup = Setup {
            console: Console::Full,
            table: Table::builtin().unwrap(),
            origin: TableOrigin::Builtin,
            pc_serial: "".into(),
            about: String::new(),
            keyboard: None,
        };
        let viewport = Viewport::Fixed(Rect::new(0, 0, 80, 24));
        let options = TerminalOptions { viewport };
        let terminal = Terminal::with_options(CrosstermBackend::new(line), options).unwrap();
        let mut paper = Self { model: Model::new(setup).unwrap(), terminal, remembered, past, answers: None };
        for msg in [
            Msg::Resized { width: 80, height: 24 },
            Msg::Clock { wall: "2026-11-28 10:15".into(), state: ClockState::Plausible },
            Msg::Sticks(vec![stick()]),
            Msg::Drives(vec![disk()]),
            Msg::Scan(ScanState::Done),
        ] {
            let _ = paper.tell(msg);
        }
        paper.draw();
        paper
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| view(&self.model, frame)).unwrap();
    }

    fn tell(&mut self, msg: Msg) -> ControlFlow<()> {
        update(&mut self.model, msg).into_iter().try_for_each(|effect| self.answer(effect))
    }

    /// What a PC would answer on which everything succeeds.
    fn answer(&mut self, effect: Effect) -> ControlFlow<()> {
        match effect {
            Effect::OpenStick(no) => {
                let info = StickInfo {
                    no,
                    label: "MASSHO".into(),
                    sessions_so_far: 0,
                    fingerprint: "7f3a 91c2".into(),
                    free: ByteLen(13_951_932_825),
                    voucher: Voucher::Blank,
                    past: self.past.clone(),
                    remembered: self.remembered.clone(),
                    lists: None,
                    assets: None,
                };
                self.tell(Msg::StickOpened(Ok(info)))
            }
            Effect::BeginSession(answers) => {
                self.answers = Some(answers);
                self.tell(Msg::Journal(Journal::Saved))
            }
            Effect::Confirmed { plan, .. } => {
                let mut erased = plan.drives.iter().filter(|line| line.action.erase().is_some());
                erased.try_for_each(|line| self.tell(Msg::JobFinished(line.drive, cleared())))
            }
            Effect::CloseSession(_) => {
                let info =
                    CloseInfo { head12: "K7QM-4TX2-P9ZD".into(), file: "1.jsonl".into(), summary: None };
                self.tell(Msg::Closed(Ok(info)))
            }
            Effect::PowerOff => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Takes keys until it is switched off.
    fn serve(mut self, mut keys: UnixStream) -> Option<SessionAnswers> {
        let mut bytes = [0; 16];
        while let Ok(length @ 1..) = keys.read(&mut bytes) {
            let Some(key) = key(&bytes[..length]) else { continue };
            if self.tell(Msg::Key(key)).is_break() {
                break;
            }
            self.draw();
        }
        self.answers
    }
}

/// The keys that the clerk has, as its terminal sends them: one at a time.
fn key(bytes: &[u8]) -> Option<Key> {
    Some(match bytes {
        b"\r" => Key::Enter,
        b"\t" => Key::Tab,
        b"\x1b" => Key::Esc,
        b"\x1b[A" => Key::Up,
        b"\x1b[B" => Key::Down,
        other => Key::Char(str::from_utf8(other).ok()?.chars().next().filter(|c| !c.is_control())?),
    })
}

fn sit_down(remembered: Option<Remembered>) -> (Screen, JoinHandle<Option<SessionAnswers>>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let screen = Screen::new(ours, ScreenSize::default()).unwrap();
    let keys = theirs.try_clone().unwrap();
    let serving = std::thread::spawn(move || Paper::new(theirs, remembered).serve(keys));
    (screen, serving)
}

fn whole_session(remembered: Option<Remembered>) -> SessionAnswers {
    let (screen, serving) = sit_down(remembered);
    let clerk = Clerk::new(&screen);
    screen.wait_until("the first screen", Duration::from_secs(10), Clerk::is_first_screen).unwrap();
    clerk.answer_everything(RESULTS, Class::Three, &[DISK.to_owned()], &[]).unwrap();
    let results = clerk.wait_results(Duration::from_secs(10)).unwrap();
    assert!(results.contains(DISK), "{results}");
    assert_eq!(clerk.close_log().unwrap(), "K7QM 4TX2 P9ZD");
    clerk.power_off().unwrap();
    serving.join().unwrap().unwrap()
}

#[test]
fn the_clerk_finds_the_way_from_the_first_screen_to_the_twelve_characters() {
    let answers = whole_session(None);
    assert_eq!((answers.operator.as_str(), answers.asset_number.as_str()), (lab::OPERATOR, lab::ASSET));
    assert_eq!(answers.declared.carried_out_by, Some(wizard::CarriedOutBy::Staff));
}

#[test]
fn the_clerk_types_nothing_twice_that_the_stick_remembers() {
    let declared = wizard::Declared {
        carried_out_by: Some(wizard::CarriedOutBy::Staff),
        place: Some("Store room".into()),
        ..wizard::Declared::default()
    };
    let answers = whole_session(Some(Remembered {
        operator: lab::OPERATOR.into(),
        witness: None,
        declared: declared.clone(),
    }));
    assert_eq!((answers.operator.as_str(), answers.declared), (lab::OPERATOR, declared));
    assert_eq!(answers.asset_number, lab::ASSET);
}
