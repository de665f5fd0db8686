//! The session's promises, kept on a stick that fails at will.

use super::*;
use crate::gate::PermitRequest;
use crossbeam_channel::Receiver;
use model::{
    Attempt, BlockSize, Bus, ByteLen, Capabilities, DeviceText, Eligibility, Evidence, Ineligible, Medium,
    MediumSource, Method, Technique, Verification, VerificationKind,
};
use policy::{Choice, SessionPlan, Table, TableOrigin};
use record::{SessionKey, Standing, verify};
use std::collections::BTreeMap as Map;
use std::sync::{Arc, Mutex};
use stick::{Backend, History, StickError, StoredLog};
use wizard::{Language, StickInfo, StickNo, StickProblem};

/// What a stick in memory does with writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Works,
    Full,
    /// Takes everything, keeps nothing.
    Forgets,
}

#[derive(Debug)]
struct Memory {
    mood: Mood,
    files: Map<String, Vec<u8>>,
    open: String,
}

#[derive(Clone)]
struct FakeStick(Arc<Mutex<Memory>>);

impl FakeStick {
    fn new(mood: Mood) -> Self {
        Self(Arc::new(Mutex::new(Memory { mood, files: Map::new(), open: String::new() })))
    }
    fn set(&self, mood: Mood) {
        self.0.lock().unwrap().mood = mood;
    }
    fn log(&self) -> Vec<u8> {
        self.0.lock().unwrap().files.values().next().cloned().unwrap_or_default()
    }
}

impl Backend for FakeStick {
    fn logs(&mut self) -> Result<Vec<StoredLog>, StickError> {
        Ok(Vec::new())
    }
    fn reopen(&mut self, name: &str) -> Result<Option<()>, StickError> {
        let mut memory = self.0.lock().unwrap();
        let there = memory.files.contains_key(name);
        name.clone_into(&mut memory.open);
        Ok(there.then_some(()))
    }
    fn create(&mut self, name: &str) -> Result<(), StickError> {
        let mut memory = self.0.lock().unwrap();
        memory.files.insert(name.to_owned(), Vec::new());
        name.clone_into(&mut memory.open);
        Ok(())
    }
    fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<(), StickError> {
        let mut memory = self.0.lock().unwrap();
        match memory.mood {
            Mood::Full => return Err(StickError::Full),
            Mood::Forgets => return Ok(()),
            Mood::Works => {}
        }
        let name = memory.open.clone();
        let file = memory.files.get_mut(&name).unwrap();
        file.truncate(usize::try_from(offset).unwrap());
        file.extend_from_slice(bytes);
        Ok(())
    }
    fn read_back(&mut self) -> Result<Vec<u8>, StickError> {
        let memory = self.0.lock().unwrap();
        Ok(memory.files.get(&memory.open).cloned().unwrap_or_default())
    }
    fn release(&mut self) -> Result<(), StickError> {
        Ok(())
    }
}

fn drive(no: u16, medium: Medium, eligibility: Eligibility) -> Drive {
    Drive {
        no: DriveNo(no),
        identity: Identity {
            bus: Bus::Ata,
            maker: DeviceText::default(),
            model: "MODEL".into(),
            serial: format!("S{no}").as_str().into(),
            firmware: "1".into(),
            wwn: DeviceText::default(),
            namespace: 0,
            capacity: ByteLen(1 << 20),
            block: BlockSize::B512,
        },
        medium,
        medium_source: MediumSource::NonRotating,
        capabilities: Capabilities::default(),
        eligibility,
        position: "sda".into(),
    }
}

fn drives() -> Vec<Drive> {
    vec![
        drive(1, Medium::Hdd, Eligibility::Eligible),
        drive(2, Medium::UsbStick, Eligibility::Ineligible(vec![Ineligible::ResultsStick])),
    ]
}

fn answers(class: InformationClass) -> SessionAnswers {
    SessionAnswers {
        operator: "山田花子".into(),
        asset_number: "PC-1".into(),
        witness: None,
        class,
        class_answer: ClassAnswer::Known,
        clock: ClockAnswer::Right,
        language: Language::Ja,
    }
}

fn builtin() -> record::PolicyTable {
    record::PolicyTable { version: Table::builtin().unwrap().version, origin: record::TableOrigin::Builtin }
}

fn begin(stick: &FakeStick, class: InformationClass) -> Session {
    let key = SessionKey::generate().unwrap();
    let opened = OpenedStick {
        identity: drive(2, Medium::UsbStick, Eligibility::Eligible).identity,
        volume_id: "1234-ABCD".into(),
        sequence: "9".into(),
        folder: Box::new(stick.clone()),
        history: History { next_counter: 1, previous: None },
        key,
        info: StickInfo {
            no: StickNo(1),
            label: String::new(),
            sessions_so_far: 0,
            fingerprint: String::new(),
            free: ByteLen(0),
        },
        policy: None,
    };
    Session::begin(opened, &drives(), &[], &answers(class), builtin()).unwrap()
}

fn plan(class: InformationClass) -> SessionPlan {
    let choices = [(DriveNo(1), Choice::Erase)].into();
    policy::plan(&Table::builtin().unwrap(), TableOrigin::Builtin, class, &drives(), &choices)
}

fn confirm(session: &mut Session, plan: &SessionPlan) {
    session.record_plan(plan).unwrap();
    let digest = plan.digest();
    session.log.append(record::Confirm { digest: digest.to_string(), typed: digest.code() }).unwrap();
    session.record_untouched(plan);
}

fn ask(session: &mut Session) -> Receiver<Result<(), NotPermitted>> {
    let (answer, wait) = crossbeam_channel::bounded(1);
    let intent = sanitize::Intent {
        drive: DriveNo(1),
        identity_fingerprint: drives()[0].identity.fingerprint(),
        serial: "S1".into(),
        technique: Technique::RandomOverwrite,
        command: "overwrite".into(),
        pass: Some(1),
        canary_seed: None,
    };
    session.ask(PermitRequest { intent, answer });
    wait
}

fn overwritten() -> DriveResult {
    let technique = Technique::RandomOverwrite;
    let attempt = Attempt { technique, command: "overwrite".into(), passes: 1, raw_status: Vec::new() };
    let whole = ByteLen(1 << 20);
    let kind = VerificationKind::FullStream;
    DriveResult {
        outcome: Outcome::Done,
        asked: Some(Method::Clear),
        achieved: Some(Method::Clear),
        failure: None,
        not_covered: None,
        evidence: Evidence {
            attempts: vec![attempt],
            verification: Some(Verification { kind, bytes: whole, of: whole, seed: String::new() }),
            ..Evidence::default()
        },
    }
}

#[test]
fn nothing_irreversible_is_permitted_before_its_intent_is_read_back_from_the_stick() {
    for mood in [Mood::Full, Mood::Forgets] {
        let stick = FakeStick::new(Mood::Works);
        let mut session = begin(&stick, InformationClass::Three);
        confirm(&mut session, &plan(InformationClass::Three));
        stick.set(mood);
        let wait = ask(&mut session);
        assert!(wait.try_recv().is_err(), "{mood:?}: permitted though it is not on the stick");
        stick.set(Mood::Works);
        session.log.try_again();
        session.answer_waiting();
        assert_eq!(wait.try_recv(), Ok(Ok(())));
        assert!(String::from_utf8(stick.log()).unwrap().contains("\"type\":\"intent\""));
    }
}

#[test]
fn a_job_that_waits_for_a_stick_is_stopped_without_a_permit() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    session.log.lose(StickProblem::Removed);
    let wait = ask(&mut session);
    session.stop_job(DriveNo(1));
    assert_eq!(wait.try_recv(), Ok(Err(NotPermitted::Stopped)));
}

#[test]
fn a_session_moves_to_another_stick_whole_and_verifies_there() {
    let first = FakeStick::new(Mood::Works);
    let mut session = begin(&first, InformationClass::Three);
    confirm(&mut session, &plan(InformationClass::Three));
    let wait = ask(&mut session);
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    session.log.lose(StickProblem::Removed);
    session.record_result(DriveNo(1), overwritten(), None);
    assert!(!session.log.is_saved());
    session.close(CloseReason::Finished).unwrap();
    assert!(session.log.settle().is_err(), "closed without a stick");
    let second = FakeStick::new(Mood::Works);
    session.log.resume_on(Box::new(second.clone()));
    let info = session.log.settle().unwrap();
    let report = verify(&second.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.drives.len(), 2);
    assert!(second.log().starts_with(&first.log()), "the chain goes on from what the first stick has");
    assert_eq!(info.head12, record::Head12::of(&report.head).to_string());
}

#[test]
fn every_drive_gets_a_record_also_when_nothing_was_begun() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Two);
    session.add_drives(&[drive(3, Medium::Ssd, Eligibility::Eligible)], &[]);
    session.close(CloseReason::Abandoned).unwrap();
    session.log.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.drives.len(), 3);
}

#[test]
fn a_drive_that_left_before_the_plan_and_one_that_came_after_it_leave_the_log_sound() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    session
        .add_drives(&[drive(7, Medium::UsbStick, Eligibility::Ineligible(vec![Ineligible::BootStick]))], &[]);
    // Drive 7 is pulled: the plan that is confirmed does not know it.
    confirm(&mut session, &plan(InformationClass::Three));
    assert_eq!(session.log.contradiction(), None);
    session.add_drives(&[drive(8, Medium::Hdd, Eligibility::Eligible)], &[]);
    assert_eq!(ask(&mut session).try_recv(), Ok(Ok(())));
    session.record_result(DriveNo(1), overwritten(), None);
    session.close(CloseReason::Finished).unwrap();
    session.log.settle().unwrap();
    assert_eq!(verify(&stick.log()).standing(), Standing::Verified);
    assert!(String::from_utf8(stick.log()).unwrap().contains("not-in-plan"));
}

#[test]
fn a_drive_that_becomes_eligible_is_recorded_as_such_before_it_is_erased() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    let locked = drive(1, Medium::Hdd, Eligibility::Ineligible(vec![Ineligible::ReadOnly]));
    session.add_drives(&[locked], &[]);
    session.add_drives(&[drive(1, Medium::Hdd, Eligibility::Eligible)], &[]);
    confirm(&mut session, &plan(InformationClass::Three));
    assert_eq!(session.log.contradiction(), None);
}

#[test]
fn a_plan_that_the_log_contradicts_is_found_before_anything_is_begun() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    let locked = drive(1, Medium::Hdd, Eligibility::Ineligible(vec![Ineligible::ReadOnly]));
    session.add_drives(&[locked], &[]);
    confirm(&mut session, &plan(InformationClass::Three));
    assert!(session.log.contradiction().is_some());
}

#[test]
fn class_two_without_a_command_is_recorded_as_destruction_needed() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Two);
    let plan = plan(InformationClass::Two);
    session.record_plan(&plan).unwrap();
    session.record_untouched(&plan);
    session.close(CloseReason::Finished).unwrap();
    session.log.settle().unwrap();
    assert_eq!(verify(&stick.log()).standing(), Standing::Verified);
    assert!(String::from_utf8(stick.log()).unwrap().contains("\"outcome\":\"awaiting-destruction\""));
}

#[test]
fn after_the_close_entry_nothing_is_added() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    session.close(CloseReason::Abandoned).unwrap();
    let length = stick.log().len();
    session.log.notice(NoticeCode::Other, None, "late");
    session.add_drives(&[drive(9, Medium::Ssd, Eligibility::Eligible)], &[]);
    assert_eq!(stick.log().len(), length);
    assert_eq!(verify(&stick.log()).standing(), Standing::Verified);
}
