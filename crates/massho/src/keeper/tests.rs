//! A keeper on its own: what it says of a stick that cannot be had, and of a fault of the program.

use super::parting::PARTING;
use super::*;
use crate::testing::{FakeStick, Mood};
use std::time::{Duration, Instant};

fn start(place: Place, before: Option<Parting>) -> (Keeper, Receiver<Event>) {
    let (events, inbox) = crossbeam_channel::unbounded();
    let (name, wall) = (record::new_session_id().unwrap(), WallTime::from_unix(1_795_398_300));
    (Keeper::start(Epoch(7), (&name, &wall), before, place, events).unwrap(), inbox)
}

fn news(inbox: &Receiver<Event>) -> (u64, News) {
    let Ok(Event::Kept(kept)) = inbox.recv_timeout(Duration::from_secs(10)) else { panic!("silence") };
    assert_eq!(kept.epoch, Epoch(7));
    (kept.done, kept.news)
}

#[test]
fn a_fault_of_the_program_is_told_and_ends_the_keeper() {
    let (mut keeper, inbox) = start(Box::new(|| panic!("asked to")), None);
    assert!(matches!(news(&inbox), (0, News::Ended(StickError::Io { .. }))));
    keeper.ask(Order::Again);
    assert!(inbox.recv().is_err(), "said something after its end");
}

#[test]
fn the_next_keeper_goes_for_its_stick_when_the_one_before_has_let_go() {
    let stick = FakeStick::new(Mood::Works);
    let (keeper, inbox) = start(stick.place(), None);
    assert!(matches!(news(&inbox), (0, News::Ready)));
    stick.set(Mood::Clings);
    let before = keeper.leave();
    let (called, calls) = crossbeam_channel::unbounded();
    let probe = stick.clone();
    let place: Place = Box::new(move || {
        called.send(probe.released()).unwrap();
        Ok(Box::new(probe))
    });
    let (_keeper, inbox) = start(place, Some(before));
    let early = calls.recv_timeout(Duration::from_millis(50));
    assert!(early.is_err(), "went for its stick at once");
    stick.set(Mood::Works);
    assert!(matches!(news(&inbox), (0, News::Ready)));
    assert_eq!(calls.recv(), Ok(1));
}

#[test]
fn a_stick_that_is_never_let_go_of_does_not_keep_the_next_keeper_for_ever() {
    let (_never, parting) = crossbeam_channel::bounded(0);
    let began = Instant::now();
    Parting(parting).wait();
    assert!(began.elapsed() >= PARTING && began.elapsed() < PARTING * 2);
}
