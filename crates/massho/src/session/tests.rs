//! The session's promises, kept on a stick that fails at will.

mod interleavings;
mod namespaces;
mod sticks;

use super::*;
use crate::gate::PermitRequest;
use crate::journal::Turn;
use crate::testing::{FakeStick, Mood, answers, builtin, drive, drives, opened, plan, stick_facts};
use crossbeam_channel::Receiver;
use model::{
    Attempt, ByteLen, Eligibility, Evidence, Ineligible, Medium, Method, Technique, Verification,
    VerificationKind,
};
use policy::SessionPlan;
use record::{Standing, verify};
use sanitize::NotPermitted;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};
use wizard::{CloseInfo, Journal, StickProblem};

/// A session with its keepers' news, which are taken when the test says so.
struct Bench {
    session: Session,
    inbox: Receiver<Event>,
}

impl Deref for Bench {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Bench {
    fn begin(stick: &FakeStick, class: InformationClass) -> Self {
        let (events, inbox) = crossbeam_channel::unbounded();
        let session =
            Session::begin(opened(stick), &drives(), &[], &answers(class), builtin(), events).unwrap();
        Self { session, inbox }
    }

    fn take_one(&mut self) -> Turn {
        let Ok(Event::Kept(kept)) = self.inbox.recv_timeout(Duration::from_secs(10)) else {
            panic!("the keeper says nothing")
        };
        self.session.take(kept).0
    }

    /// Takes news until the keeper owes no answer.
    fn pump(&mut self) -> Vec<Turn> {
        let mut turns = Vec::new();
        while self.session.log.is_waiting() {
            turns.push(self.take_one());
        }
        turns
    }

    fn resume(&mut self, stick: &FakeStick, no: u16) {
        self.session.resume(stick_facts(no, "10"), NoticeCode::StickReplaced, stick.place());
    }

    fn settle(&mut self) -> Result<CloseInfo, StickProblem> {
        self.pump();
        self.session.log.settle()?;
        match self.pump().pop() {
            Some(Turn::Closed(info)) => Ok(info),
            Some(Turn::NotClosed(problem)) => Err(problem),
            other => panic!("{other:?}"),
        }
    }
}

fn begin(stick: &FakeStick, class: InformationClass) -> Bench {
    let mut bench = Bench::begin(stick, class);
    bench.pump();
    bench
}

fn confirm(session: &mut Session, plan: &SessionPlan) {
    session.record_plan(plan).unwrap();
    let digest = plan.digest();
    session.log.append(record::Confirm { digest: digest.to_string(), typed: digest.code() }).unwrap();
    session.record_untouched(plan);
}

fn ask(session: &mut Session) -> Receiver<Result<(), NotPermitted>> {
    ask_for(session, "overwrite")
}

fn ask_for(session: &mut Session, command: &str) -> Receiver<Result<(), NotPermitted>> {
    let (answer, wait) = crossbeam_channel::bounded(1);
    session.ask(PermitRequest { intent: intent(command), answer });
    wait
}

fn intent(command: &str) -> sanitize::Intent {
    sanitize::Intent {
        drive: DriveNo(1),
        identity_fingerprint: drives()[0].identity.fingerprint(),
        serial: "S1".into(),
        technique: Technique::RandomOverwrite,
        command: command.into(),
        pass: Some(1),
        canary_seed: None,
        password: None,
    }
}

/// A drive's overwrite is over, step and result.
fn overwrite_ends(session: &mut Session, drive: DriveNo) {
    let (technique, what) = (Technique::RandomOverwrite, model::StepKind::PassDone { pass: 1 });
    session.log.append(record::Step { drive, technique, what, raw_status: Vec::new() }).unwrap();
    session.record_result(drive, overwritten(), None);
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
            verification: Some(Verification {
                kind,
                bytes: whole,
                of: whole,
                seed: String::new(),
                found: None,
            }),
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
        session.pump();
        assert!(wait.try_recv().is_err(), "{mood:?}: permitted though it is not on the stick");
        stick.set(Mood::Works);
        session.log.try_again();
        session.pump();
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
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    session.log.lose(StickProblem::Removed);
    overwrite_ends(&mut session, DriveNo(1));
    assert!(!session.log.is_saved());
    session.close(CloseReason::Finished).unwrap();
    assert!(session.settle().is_err(), "closed without a stick");
    let second = FakeStick::new(Mood::Works);
    session.resume(&second, 3);
    let info = session.settle().unwrap();
    let report = verify(&second.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.drives.len(), 2);
    assert!(second.log().starts_with(&first.log()), "the chain goes on from what the first stick has");
    assert_eq!(info.head12, record::Head12::of(&report.head).to_string());
    let summary = record::SessionSummary::parse(&info.summary.unwrap()).unwrap();
    assert_eq!((summary.head, summary.entries), (report.head, report.entries));
    assert_eq!(summary.session, report.open.unwrap().session);
}

#[test]
fn what_people_declare_is_in_the_log_and_offered_again_on_the_same_stick() {
    let stick = FakeStick::new(Mood::Works);
    let (events, inbox) = crossbeam_channel::unbounded();
    let declared = wizard::Declared {
        section: Some("市民課".into()),
        place: Some("本庁舎3階 倉庫".into()),
        approver: Some("佐藤一郎".into()),
        carried_out_by: Some(wizard::CarriedOutBy::Contractor("架空リサイクル".into())),
        destination: Some(wizard::Destination::Return),
    };
    let answers = SessionAnswers {
        declared: declared.clone(),
        witness: Some("鈴木花子".into()),
        asset_check: wizard::AssetCheck::OtherPc { listed: "5CG9".into() },
        missing_media: vec!["S3YJ".into()],
        ..answers(InformationClass::Three)
    };
    let mut bench = Bench {
        session: Session::begin(opened(&stick), &drives(), &[], &answers, builtin(), events).unwrap(),
        inbox,
    };
    bench.session.choose(&answers, builtin()).unwrap();
    bench.pump();
    let said = |what: &str| stick.text().matches(what).count();
    assert_eq!((said("serial number for it: 5CG9"), said("not here: S3YJ")), (1, 1), "once each");
    let log = stick::StoredLog { name: "1.jsonl".into(), bytes: stick.log() };
    let history = stick::History::of(&[log], "");
    let remembered = convert::remembered(history.choices().unwrap());
    assert_eq!((remembered.operator.as_str(), remembered.declared), ("山田花子", declared));
    assert_eq!(remembered.witness.as_deref(), Some("鈴木花子"));
}

#[test]
fn media_that_are_cleared_for_the_contractor_are_recorded_as_to_be_destroyed() {
    let answers = SessionAnswers { purpose: wizard::Purpose::Handover, ..answers(InformationClass::One) };
    assert_eq!(convert::declared(&answers).destination, Some(record::Destination::Destruction));
}

#[test]
fn an_earlier_session_is_told_as_its_log_proves_it() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    let past = |stick: &FakeStick| convert::past(&verify(&stick.log())).unwrap();
    let before = past(&stick);
    assert_eq!((before.asset_number.as_str(), before.end), ("PC-1", wizard::PastEnd::Open));
    assert_eq!(before.drives.iter().map(|drive| drive.serial.as_str()).collect::<Vec<_>>(), ["S1"]);
    assert_eq!((before.drives[0].outcome, before.wall.len()), (None, "2026-04-01 10:15".len()));
    confirm(&mut session, &plan(InformationClass::Three));
    let wait = ask(&mut session);
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    assert_eq!(past(&stick).drives[0].outcome, Some(Outcome::Incomplete), "begun, and cut off here");
    overwrite_ends(&mut session, DriveNo(1));
    session.close(CloseReason::Finished).unwrap();
    session.settle().unwrap();
    let after = past(&stick);
    assert_eq!(after.end, wizard::PastEnd::Closed);
    assert_eq!((after.drives.len(), after.drives[0].achieved), (1, Some(Method::Clear)));
    assert_eq!(convert::past(&verify(b"nothing")), None);
}

#[test]
fn every_drive_gets_a_record_also_when_nothing_was_begun() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Two);
    session.add_drives(&[drive(3, Medium::Ssd, Eligibility::Eligible)], &[]);
    session.close(CloseReason::Abandoned).unwrap();
    session.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.drives.len(), 3);
}

#[test]
fn a_session_that_nobody_went_on_with_says_so() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Two);
    session.close(CloseReason::InTheDark).unwrap();
    session.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.closed, Some(record::CloseReason::NobodyWentOn));
    assert!(String::from_utf8(stick.log()).unwrap().contains("may have stayed dark"));
    assert_eq!(convert::past(&report).unwrap().end, wizard::PastEnd::Abandoned);
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
    let wait = ask(&mut session);
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    overwrite_ends(&mut session, DriveNo(1));
    session.close(CloseReason::Finished).unwrap();
    session.settle().unwrap();
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
    session.settle().unwrap();
    assert_eq!(verify(&stick.log()).standing(), Standing::Verified);
    assert!(String::from_utf8(stick.log()).unwrap().contains("\"outcome\":\"awaiting-destruction\""));
}

#[test]
fn after_the_close_entry_nothing_is_added() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    session.close(CloseReason::Abandoned).unwrap();
    session.pump();
    let length = stick.log().len();
    session.log.notice(NoticeCode::Other, None, "late");
    session.add_drives(&[drive(9, Medium::Ssd, Eligibility::Eligible)], &[]);
    session.settle().unwrap();
    assert_eq!(stick.log().len(), length);
    assert_eq!(verify(&stick.log()).standing(), Standing::Verified);
}

fn label(no: u16, asset_number: Option<&str>, serial: Option<&str>) -> wizard::Label {
    wizard::Label {
        drive: DriveNo(no),
        asset_number: asset_number.map(str::to_owned),
        serial: serial.map(str::to_owned),
        asset_check: wizard::AssetCheck::NotListed { serial_is_of: None },
    }
}

fn begin_with(stick: &FakeStick, drives: &[Drive], answers: &SessionAnswers) -> Bench {
    begin_beside(stick, drives, &[], answers)
}

/// The same in a PC that has controllers which hide what is behind them.
fn begin_beside(stick: &FakeStick, drives: &[Drive], hidden: &[String], answers: &SessionAnswers) -> Bench {
    let (events, inbox) = crossbeam_channel::unbounded();
    let session = Session::begin(opened(stick), drives, hidden, answers, builtin(), events).unwrap();
    let mut bench = Bench { session, inbox };
    bench.pump();
    bench
}

#[test]
fn an_own_drive_that_was_left_alone_is_counted_in_what_is_told_of_the_session_and_a_stick_is_not() {
    let untouched_beside = |drives: &[Drive], hidden: &[String], from: DrivesFrom| {
        let stick = FakeStick::new(Mood::Works);
        let answers = SessionAnswers { drives_from: from, ..answers(InformationClass::Three) };
        let mut session = begin_beside(&stick, drives, hidden, &answers);
        let none = [].into();
        let table = policy::Table::builtin().unwrap();
        let plan = policy::plan(&table, policy::TableOrigin::Builtin, InformationClass::Three, drives, &none);
        session.record_plan(&plan).unwrap();
        session.record_untouched(&plan);
        session.close(CloseReason::Finished).unwrap();
        session.settle().unwrap();
        let past = convert::past(&verify(&stick.log())).unwrap();
        assert_eq!((past.end, past.drives.len()), (wizard::PastEnd::Closed, 0));
        past.untouched
    };
    let untouched = |drives: &[Drive], from| untouched_beside(drives, &[], from);
    let hidden = ["Intel RST (0000:00:17.0)".to_owned()];
    assert_eq!(untouched_beside(&[], &hidden, DrivesFrom::ThisPc), 1, "what it hides was not erased");
    assert_eq!(untouched_beside(&[], &hidden, DrivesFrom::Bench), 0, "the workbench's own");
    assert_eq!(untouched(&drives(), DrivesFrom::ThisPc), 1);
    assert_eq!(untouched(&drives()[1..], DrivesFrom::ThisPc), 0, "our own stick");
    assert_eq!(untouched(&[], DrivesFrom::ThisPc), 0);
}

#[test]
fn removed_drives_are_recorded_each_with_its_pc_and_the_workbench_with_none() {
    let stick = FakeStick::new(Mood::Works);
    let answers = SessionAnswers {
        drives_from: DrivesFrom::Bench,
        asset_number: String::new(),
        labels: vec![label(1, Some("PC-0101"), None), label(9, Some("PC-0109"), None)],
        ..answers(InformationClass::Three)
    };
    let dead = Eligibility::Ineligible(vec![Ineligible::InUse]);
    let all: Vec<Drive> = drives().into_iter().chain([drive(3, Medium::Ssd, dead)]).collect();
    let mut session = begin_with(&stick, &all, &answers);
    let mut plan = plan(InformationClass::Three);
    plan.drives.retain(|line| line.drive == DriveNo(1));
    confirm(&mut session, &plan);
    assert_eq!(session.log.contradiction(), None);
    let wait = ask(&mut session);
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    overwrite_ends(&mut session, DriveNo(1));
    session.close(CloseReason::Finished).unwrap();
    session.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    let choices = report.choices.as_ref().unwrap();
    assert_eq!(choices.drives_from, record::DrivesFrom::Bench);
    assert_eq!(choices.asset_number_of(DriveNo(1)), Some("PC-0101"));
    assert_eq!(choices.labels.len(), 1, "drive 9 is not there");
    let own = report.drives.iter().find(|drive| drive.drive.no == DriveNo(3)).unwrap();
    assert_eq!(own.outcome, Some(Outcome::NotCovered), "the workbench's own is nobody's to destroy");
    assert!(stick.text().contains("asset number PC-0101: the office's list on the stick does not have"));
    assert_eq!(convert::past(&report).unwrap().asset_number, "PC-0101");
}

#[test]
fn a_drive_without_a_serial_number_is_recorded_by_its_label_and_not_erased_without() {
    let stick = FakeStick::new(Mood::Works);
    let mut nameless = drives();
    nameless[0].identity.serial = "".into();
    let choices = [(DriveNo(1), policy::Choice::Erase)].into();
    let table = policy::Table::builtin().unwrap();
    let plan =
        policy::plan(&table, policy::TableOrigin::Builtin, InformationClass::Three, &nameless, &choices);
    let session = begin_with(&stick, &nameless, &answers(InformationClass::Three));
    assert!(session.has_nameless(&plan));
    let stick = FakeStick::new(Mood::Works);
    let answers = SessionAnswers {
        labels: vec![label(1, None, Some("WX81E0000001"))],
        ..answers(InformationClass::Three)
    };
    let mut session = begin_with(&stick, &nameless, &answers);
    assert!(!session.has_nameless(&plan));
    confirm(&mut session, &plan);
    assert_eq!(session.log.contradiction(), None);
    session.pump();
    let past = convert::past(&verify(&stick.log())).unwrap();
    assert_eq!(past.drives[0].serial.as_str(), "WX81E0000001");
}

fn destroyed(no: u16, drive: Option<u16>) -> wizard::ByHand {
    let disc = wizard::HandMedium {
        kind: model::MediumKind::Optical,
        maker: String::new(),
        model: "DVD-R 2019".into(),
        serial: String::new(),
    };
    wizard::ByHand {
        no: ByHandNo(no),
        drive: drive.map(DriveNo),
        medium: drive.is_none().then_some(disc),
        asset_number: "PC-7".into(),
        handling: model::Handling::Destroyed,
        how: "シュレッダー".into(),
        by: "山田花子".into(),
        on: "2026-04-01".into(),
        photo_expected: true,
        remarks: String::new(),
    }
}

#[test]
fn a_session_of_nothing_but_what_was_done_by_hand_is_recorded_whole() {
    let stick = FakeStick::new(Mood::Works);
    let answers = SessionAnswers {
        purpose: wizard::Purpose::ByHand,
        drives_from: DrivesFrom::Bench,
        asset_number: String::new(),
        ..answers(InformationClass::One)
    };
    let mut session = begin_with(&stick, &drives(), &answers);
    session.by_hand(&destroyed(1, None));
    session.by_hand(&wizard::ByHand { handling: model::Handling::SetAside, ..destroyed(2, None) });
    session.witness("鈴木".into(), Vec::new(), vec![ByHandNo(1)]);
    session.close(CloseReason::Finished).unwrap();
    session.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    let outcomes: Vec<Outcome> = report.by_hand.iter().map(|said| said.result.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::AwaitingDestruction]);
    let past = convert::past(&report).unwrap();
    assert_eq!((past.drives.len(), past.drives[0].achieved), (2, Some(Method::Destruct)));
}

#[test]
fn a_drive_destroyed_on_the_spot_ends_as_destroyed_and_in_class_one_not_without_a_witness() {
    for (class, witnessed, expected) in [
        (InformationClass::Two, false, Outcome::Done),
        (InformationClass::One, false, Outcome::Incomplete),
        (InformationClass::One, true, Outcome::Done),
    ] {
        let stick = FakeStick::new(Mood::Works);
        let mut session = begin(&stick, class);
        let plan = plan(class);
        session.record_plan(&plan).unwrap();
        session.record_untouched(&plan);
        session.by_hand(&destroyed(1, Some(1)));
        if witnessed {
            session.witness("鈴木".into(), Vec::new(), vec![ByHandNo(1)]);
        }
        session.close(CloseReason::Finished).unwrap();
        session.settle().unwrap();
        let report = verify(&stick.log());
        assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
        let disk = report.drives.iter().find(|drive| drive.drive.no == DriveNo(1)).unwrap();
        assert_eq!(disk.outcome, Some(expected), "{class:?} {witnessed}");
        assert_eq!(disk.by_hand, Some(ByHandNo(1)));
    }
}

#[test]
fn an_exception_is_recorded_and_its_drive_awaits_approval() {
    let stick = FakeStick::new(Mood::Works);
    let said = wizard::Exception {
        drive: DriveNo(1),
        reason: "破壊機が故障".into(),
        measure: "金庫で保管".into(),
        approver: "佐藤一郎".into(),
        deadline: "2026-09-30".into(),
    };
    let answers = SessionAnswers { exceptions: vec![said], ..answers(InformationClass::Two) };
    let mut session = begin_with(&stick, &drives(), &answers);
    let choices = [(DriveNo(1), policy::Choice::EraseUnderException)].into();
    let wishes = policy::Wishes { excepted: [DriveNo(1)].into(), ..policy::Wishes::default() };
    let table = policy::Table::builtin().unwrap();
    let (origin, class) = (policy::TableOrigin::Builtin, InformationClass::Two);
    let plan = policy::plan_with(&table, origin, class, &drives(), &choices, &wishes);
    assert!(!session.has_unexcepted(&plan));
    let other = FakeStick::new(Mood::Works);
    let without = begin_with(&other, &drives(), &self::answers(InformationClass::Two));
    assert!(without.has_unexcepted(&plan), "nobody asked for it");
    confirm(&mut session, &plan);
    assert_eq!(session.log.contradiction(), None);
    let wait = ask(&mut session);
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    let (technique, what) = (Technique::RandomOverwrite, model::StepKind::PassDone { pass: 1 });
    let drive = DriveNo(1);
    session.log.append(record::Step { drive, technique, what, raw_status: Vec::new() }).unwrap();
    session.record_result(drive, overwritten().under_exception(), None);
    session.close(CloseReason::Finished).unwrap();
    session.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    assert_eq!(report.drives[0].outcome, Some(Outcome::AwaitingApproval));
    assert_eq!(report.drives[0].exception.as_ref().unwrap().approver, "佐藤一郎");
}
