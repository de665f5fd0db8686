//! NVMe drives with several namespaces, and drives that grow.

use super::*;
use model::{Bus, FailureReason, Support};

/// A namespace of one drive that has two.
fn namespace(no: u16) -> Drive {
    let mut drive = drive(no, Medium::Hdd, Eligibility::Eligible);
    drive.identity.bus = Bus::Nvme;
    drive.identity.serial = "N".into();
    drive.identity.namespace = no.into();
    drive.capabilities.0.insert(Technique::RandomOverwrite, Support::EachNamespace { count: 2 });
    drive
}

/// A session on such a drive, with a plan for the namespaces of these numbers.
fn begin_on_both(stick: &FakeStick, erased: &[u16]) -> Bench {
    let (events, inbox) = crossbeam_channel::unbounded();
    let drives = [namespace(1), namespace(2)];
    let (class, choice) = (InformationClass::Three, policy::Choice::Erase);
    let session = Session::begin(opened(stick), &drives, &[], &answers(class), builtin(), events).unwrap();
    let mut bench = Bench { session, inbox };
    let choices = erased.iter().map(|no| (DriveNo(*no), choice)).collect();
    let (table, origin) = (policy::Table::builtin().unwrap(), policy::TableOrigin::Builtin);
    let plan = policy::plan(&table, origin, class, &drives, &choices);
    confirm(&mut bench, &plan);
    for no in erased {
        let (answer, _wait) = crossbeam_channel::bounded(1);
        let drive = drives.iter().find(|drive| drive.no == DriveNo(*no)).unwrap();
        let (identity_fingerprint, serial) = (drive.identity.fingerprint(), drive.identity.serial.clone());
        let intent =
            sanitize::Intent { drive: drive.no, identity_fingerprint, serial, ..intent("overwrite") };
        bench.ask(PermitRequest { intent, answer });
    }
    assert_eq!(bench.log.contradiction(), None);
    bench.pump();
    bench
}

fn verified(bench: &mut Bench, stick: &FakeStick) -> record::Report {
    bench.close(CloseReason::Finished).unwrap();
    bench.settle().unwrap();
    let report = verify(&stick.log());
    assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
    report
}

#[test]
fn a_namespace_is_not_erased_while_another_of_the_same_drive_is_not() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin_on_both(&stick, &[1, 2]);
    session.begin_arming(DriveNo(2));
    overwrite_ends(&mut session, DriveNo(1));
    assert_eq!(session.settle_namespaces(), [], "the other one is not over yet");
    session.end_arming(DriveNo(2));
    session.record_result(DriveNo(2), not_started(FailureReason::Vanished, Some(Method::Clear)), None);
    let taken_back = session.settle_namespaces();
    let [(DriveNo(1), result)] = &taken_back[..] else { panic!("{taken_back:?}") };
    assert_eq!(result.failure, Some(FailureReason::OtherNamespace));
    assert_eq!((result.outcome, result.achieved), (Outcome::Incomplete, None));
    assert_eq!(session.settle_namespaces(), [], "once");
    let report = verified(&mut session, &stick);
    assert_eq!(report.drives[0].verdict, Some(model::Verdict::MustNotLeave));
}

#[test]
fn a_namespace_whose_neighbour_was_not_erased_is_taken_back_before_the_log_closes() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin_on_both(&stick, &[1, 2]);
    overwrite_ends(&mut session, DriveNo(1));
    session.record_result(DriveNo(2), not_started(FailureReason::Stopped, Some(Method::Clear)), None);
    // Nobody asked before the end.
    let report = verified(&mut session, &stick);
    assert_eq!(report.drives[0].outcome, Some(Outcome::Incomplete));
}

#[test]
fn a_drive_whose_namespaces_are_all_erased_is_erased() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin_on_both(&stick, &[1, 2]);
    overwrite_ends(&mut session, DriveNo(1));
    overwrite_ends(&mut session, DriveNo(2));
    assert_eq!(session.settle_namespaces(), []);
    let report = verified(&mut session, &stick);
    assert!(report.drives.iter().all(|drive| drive.outcome == Some(Outcome::Done)));
}

#[test]
fn a_drive_whose_job_opened_a_hidden_area_stays_who_it_was_in_the_log() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    let mut grown = drives().remove(0);
    grown.identity.capacity = ByteLen(2 << 20);
    let entries = session.log.len();
    session.lifted.insert(DriveNo(1));
    session.add_drives(std::slice::from_ref(&grown), &[]);
    assert_eq!(session.log.len(), entries, "recorded as another drive");
    assert_eq!(session.log.contradiction(), None);
    // Anything else that is different about it is a contradiction that must show.
    grown.identity.serial = "S9".into();
    session.add_drives(&[grown], &[]);
    assert!(session.log.contradiction().is_some());
}
