//! What a drive says of itself, on the stick.

use super::*;
use wizard::{ProbeProblem, StickProblem};

fn answer(desk: &mut Desk) -> Result<String, ProbeProblem> {
    desk.until(|app| app.probing.is_none());
    let answer = |msg: &Msg| match msg {
        Msg::Probed(answer) => Some(answer.clone()),
        _ => None,
    };
    desk.app.told.iter().rev().find_map(answer).unwrap()
}

#[test]
fn what_a_drive_says_is_put_on_the_stick_beside_the_log() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    let log = desk.stick.log();
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    let name = answer(&mut desk).unwrap();
    assert!(name.starts_with("MASSHO-PROBE/") && name.ends_with("-S1.json"), "{name}");
    let extra = desk.stick.extra();
    assert_eq!((extra.len(), extra[0].0.as_str()), (1, name.as_str()));
    assert!(String::from_utf8(extra[0].1.clone()).unwrap().contains("\"massho-probe/1\""));
    assert_eq!(desk.stick.log(), log);
    assert_eq!(desk.session().log.standing(), Journal::Saved);
}

#[test]
fn without_a_session_the_file_is_put_on_the_stick_that_is_open_and_the_session_begins_after() {
    let mut desk = Desk::new(usize::MAX);
    desk.until(|app| app.sights > 0);
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    assert_eq!(answer(&mut desk), Err(ProbeProblem::Stick(StickProblem::Removed)));
    desk.app.open_stick(StickNo(1));
    desk.until(|app| app.opened.is_some());
    desk.stick.set(Mood::Hangs);
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    desk.until(App::is_putting_on_opened);
    desk.app.carry_out(Effect::BeginSession(answers(InformationClass::Three)));
    assert!(desk.app.session.is_none());
    desk.stick.set(Mood::Works);
    answer(&mut desk).unwrap();
    desk.until(Desk::saved);
    assert_eq!(desk.stick.extra().len(), 1);
}

#[test]
fn a_drive_that_cannot_be_asked_and_a_stick_that_is_full_are_told_apart() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.app.carry_out(Effect::Probe(DriveNo(7)));
    assert!(matches!(answer(&mut desk), Err(ProbeProblem::Drive(_))));
    desk.session().begin_arming(DriveNo(1));
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    assert!(matches!(answer(&mut desk), Err(ProbeProblem::Drive(_))), "asked in the middle of its job");
    desk.session().end_arming(DriveNo(1));
    desk.stick.set(Mood::Full);
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    assert_eq!(answer(&mut desk), Err(ProbeProblem::Stick(StickProblem::Full)));
    desk.stick.set(Mood::Works);
    // The log has nothing to do with it.
    assert_eq!(desk.session().log.standing(), Journal::Saved);
    desk.care.fail("no answer");
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    assert_eq!(answer(&mut desk), Err(ProbeProblem::Drive("no answer".into())));
}

#[test]
fn a_stick_that_is_pulled_or_hangs_and_a_drive_that_hangs_are_given_up() {
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.stick.set(Mood::Hangs);
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    desk.next();
    desk.stick.wait_until_it_hangs();
    desk.see(&[]);
    desk.app.tick(Instant::now());
    assert_eq!(answer(&mut desk), Err(ProbeProblem::Stick(StickProblem::Removed)));
    desk.stick.set(Mood::Gone);
    desk.care.door.let_in(0);
    desk.app.carry_out(Effect::Probe(DriveNo(1)));
    desk.app.tick(later(1000));
    assert!(matches!(answer(&mut desk), Err(ProbeProblem::Drive(_))));
    // Its late answer is not taken.
    desk.care.door.let_in(1);
    let told = desk.app.told.len();
    desk.app.probed(DriveNo(1), Err("late".into()));
    assert_eq!(desk.app.told.len(), told);
}
