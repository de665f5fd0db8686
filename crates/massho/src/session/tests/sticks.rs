//! Sticks that hang, vanish and come back under a session.

use super::*;

#[test]
fn the_password_of_an_interrupted_erase_is_found_in_its_log_until_the_erase_is_proven() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    confirm(&mut session, &plan(InformationClass::Three));
    let (answer, _wait) = crossbeam_channel::bounded(1);
    let mut intent = intent("set the password, then erase");
    intent.password = Some("massho-erases-this-drive-0123456".into());
    session.ask(PermitRequest { intent, answer });
    session.pump();
    let stored = |bytes: Vec<u8>| stick::StoredLog { name: "a.jsonl".into(), bytes };
    let passwords = |bytes: Vec<u8>| stick::History::of(&[stored(bytes)], "").passwords;
    let whole = stick.log();
    let [left] = &passwords(whole.clone())[..] else { panic!("not one password") };
    assert_eq!((left.model.as_str(), left.serial.as_str()), ("MODEL", "S1"));
    assert_eq!(left.password, "massho-erases-this-drive-0123456");
    // A log of which that very entry is not proven says nothing.
    let mut forged = whole.clone();
    let at = String::from_utf8(whole.clone()).unwrap().find("0123456").unwrap();
    forged[at] = b'9';
    assert_eq!(passwords(forged), []);
    // What is wrong after it does not take it away.
    let torn = [whole.as_slice(), b"{torn"].concat();
    assert_eq!(passwords(torn).len(), 1);
    overwrite_ends(&mut session, DriveNo(1));
    session.pump();
    assert_eq!(passwords(stick.log()), []);
    // Nor is it in a log before that proof.
    let both = [stored(whole), stored(stick.log())];
    assert_eq!(stick::History::of(&both, "").passwords, []);
}

#[test]
fn a_permit_waits_for_as_long_as_the_stick_hangs_and_the_screen_says_so() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    stick.set(Mood::Hangs);
    let wait = ask(&mut session);
    stick.wait_until_it_hangs();
    assert_eq!(session.log.standing(), Journal::Saving);
    assert!(!session.log.watch(Instant::now()), "too early");
    assert!(session.log.watch(Instant::now() + Duration::from_secs(60)));
    assert!(matches!(session.log.standing(), Journal::Unsaved { count: 1, problem: StickProblem::NoAnswer }));
    assert!(wait.try_recv().is_err(), "permitted though it is not on the stick");
    stick.set(Mood::Works);
    session.pump();
    assert_eq!(session.log.standing(), Journal::Saved);
    assert_eq!(wait.try_recv(), Ok(Ok(())));
}

#[test]
fn a_permit_waits_for_its_own_entry_and_not_for_an_earlier_one() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    stick.set(Mood::Hangs);
    session.log.notice(NoticeCode::Other, None, "before");
    stick.wait_until_it_hangs();
    let wait = ask(&mut session);
    // The first answer is of the write that hung, which the intent was not part of.
    stick.set(Mood::Works);
    let first = session.take_one();
    assert_eq!(first, Turn::Stands);
    assert!(wait.try_recv().is_err(), "permitted by the word about an earlier entry");
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
}

#[test]
fn a_keeper_that_hangs_is_left_behind_and_what_it_says_later_counts_for_nothing() {
    let (first, second) = (FakeStick::new(Mood::Works), FakeStick::new(Mood::Works));
    let mut session = begin(&first, InformationClass::Three);
    first.set(Mood::Hangs);
    let wait = ask(&mut session);
    first.wait_until_it_hangs();
    second.set(Mood::Full);
    session.resume(&second, 3);
    // The second keeper waits for the first to let go, which it does now, with its word that all is saved.
    first.set(Mood::Works);
    assert_eq!(session.take_one(), Turn::Stale);
    assert!(wait.try_recv().is_err(), "permitted by a stick that the session has left");
    session.pump();
    assert!(wait.try_recv().is_err(), "permitted though the second stick is full");
    second.set(Mood::Works);
    session.log.try_again();
    session.pump();
    assert_eq!(wait.try_recv(), Ok(Ok(())));
    assert!(second.log().starts_with(&first.log()));
    assert!(second.text().contains("stick-replaced"));
}

#[test]
fn what_was_queued_when_the_stick_vanished_is_on_the_next_one_in_its_order() {
    let (first, second) = (FakeStick::new(Mood::Works), FakeStick::new(Mood::Works));
    let mut session = begin(&first, InformationClass::Three);
    first.set(Mood::Hangs);
    for number in 0..20 {
        session.log.notice(NoticeCode::Other, None, &format!("entry {number:02}"));
        if number == 0 {
            first.wait_until_it_hangs();
        }
    }
    first.set(Mood::Gone);
    session.stick_lost("pulled");
    session.log.notice(NoticeCode::Other, None, "without a stick");
    assert!(matches!(session.log.standing(), Journal::Unsaved { count: 22, .. }));
    session.resume(&second, 3);
    session.pump();
    assert_eq!(session.log.standing(), Journal::Saved);
    session.close(CloseReason::Abandoned).unwrap();
    session.settle().unwrap();
    let text = second.text();
    let mut order = (0..20).map(|number| text.find(&format!("entry {number:02}")).unwrap());
    assert!(order.clone().is_sorted());
    assert!(order.next_back() < text.find("without a stick"));
    assert_eq!(verify(&second.log()).standing(), Standing::Verified);
}

#[test]
fn the_same_stick_put_back_is_continued_in_its_file() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    stick.set(Mood::Gone);
    session.log.notice(NoticeCode::Other, None, "lost");
    session.pump();
    assert!(matches!(session.log.standing(), Journal::Unsaved { problem: StickProblem::Removed, .. }));
    stick.set(Mood::Works);
    session.resume(&stick, 2);
    session.pump();
    session.close(CloseReason::Abandoned).unwrap();
    session.settle().unwrap();
    assert_eq!(verify(&stick.log()).standing(), Standing::Verified);
}

#[test]
fn a_stick_that_cannot_be_mounted_leaves_the_session_on_the_one_before() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    let before = session.stick.clone();
    let place = Box::new(|| Err(stick::StickError::NoFilesystem));
    session.session.resume(stick_facts(3, "10"), NoticeCode::StickReplaced, place);
    assert_eq!(session.log.standing(), Journal::Saving);
    assert_eq!(session.pump().pop(), Some(Turn::NotReady));
    assert!(matches!(session.log.standing(), Journal::Unsaved { problem: StickProblem::NotFat, .. }));
    assert_eq!(session.stick, before);
    assert!(!session.log.is_saved() && !session.is_changing_sticks());
}

#[test]
fn closing_on_a_stick_that_hangs_is_not_closed_and_is_closed_on_the_next_one() {
    let (first, second) = (FakeStick::new(Mood::Works), FakeStick::new(Mood::Works));
    let mut session = begin(&first, InformationClass::Three);
    first.set(Mood::Hangs);
    session.close(CloseReason::Abandoned).unwrap();
    session.log.settle().unwrap();
    first.wait_until_it_hangs();
    assert!(!matches!(session.log.standing(), Journal::Saved));
    session.resume(&second, 3);
    first.set(Mood::Works);
    session.pump();
    assert_eq!(session.log.standing(), Journal::Saved);
    session.settle().unwrap();
    assert_eq!(verify(&second.log()).standing(), Standing::Verified);
    second.wait_until_released(1);
    assert_eq!(session.log.standing(), Journal::Saved);
}

#[test]
fn a_stick_is_let_go_of_before_the_log_counts_as_closed() {
    let stick = FakeStick::new(Mood::Works);
    let mut session = begin(&stick, InformationClass::Three);
    session.close(CloseReason::Abandoned).unwrap();
    session.pump();
    stick.set(Mood::Clings);
    session.log.settle().unwrap();
    assert_eq!(session.log.standing(), Journal::Saving, "saved before it was verified");
    let early = session.inbox.recv_timeout(Duration::from_millis(100));
    assert!(early.is_err(), "{early:?} before the stick was let go of");
    stick.set(Mood::Works);
    assert!(matches!(session.pump().pop(), Some(Turn::Closed(_))));
    assert_eq!((stick.released(), session.log.standing()), (1, Journal::Saved));
}
