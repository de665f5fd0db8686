//! Looks are joined, never lost, and never two at once.

use super::*;
use crossbeam_channel::{Receiver, Sender};

/// Looks only when told how it ends.
struct Told {
    orders: Sender<LookOrder>,
    ends: Receiver<Result<Sight, LookError>>,
}

impl DriveSource for Told {
    fn look(&mut self, order: &LookOrder) -> Result<Sight, LookError> {
        self.orders.send(order.clone()).unwrap();
        match self.ends.recv() {
            Ok(Err(LookError::Panicked)) => panic!("asked to"),
            other => other.unwrap(),
        }
    }
}

struct Bench {
    scanner: Scanner,
    events: Receiver<Event>,
    orders: Receiver<LookOrder>,
    ends: Sender<Result<Sight, LookError>>,
}

fn bench() -> Bench {
    let (events_in, events) = crossbeam_channel::unbounded();
    let (orders_in, orders) = crossbeam_channel::unbounded();
    let (ends, ends_out) = crossbeam_channel::unbounded();
    let source = Told { orders: orders_in, ends: ends_out };
    Bench { scanner: Scanner::start(Box::new(source), events_in).unwrap(), events, orders, ends }
}

impl Bench {
    fn end(&mut self, sight: Result<Sight, LookError>) -> Scanned {
        self.ends.send(sight).unwrap();
        let Ok(Event::Scanned(scanned)) = self.events.recv() else { panic!("no look ended") };
        self.scanner.finished();
        scanned
    }
}

#[test]
fn wishes_during_a_look_are_answered_by_one_look_that_begins_afterwards() {
    let mut bench = bench();
    let first = bench.scanner.ask();
    assert_eq!(bench.orders.recv().unwrap().ticket, first);
    let second = bench.scanner.ask();
    assert!(second > first, "a look under way answers no later wish");
    assert_eq!(bench.scanner.ask(), second);
    assert!(bench.orders.is_empty(), "two looks at once");
    assert_eq!(bench.end(Ok(Sight::default())).ticket, first);
    assert!(bench.scanner.is_busy() && bench.orders.is_empty(), "begun before the first was heeded");
    bench.scanner.spare(DriveNo(3));
    bench.scanner.go_on();
    let order = bench.orders.recv().unwrap();
    assert_eq!((order.ticket, order.spared), (second, [DriveNo(3)].into()));
    assert_eq!(bench.end(Ok(Sight::default())).ticket, second);
    bench.scanner.go_on();
    assert!(!bench.scanner.is_busy());
}

#[test]
fn a_look_that_panics_is_a_failure_and_not_the_last_one() {
    let mut bench = bench();
    bench.scanner.ask();
    assert!(matches!(bench.end(Err(LookError::Panicked)).sight, Err(LookError::Panicked)));
    bench.scanner.ask();
    assert!(bench.end(Ok(Sight::default())).sight.is_ok());
}

#[test]
fn only_a_look_that_takes_long_is_overdue() {
    let mut bench = bench();
    let later = Instant::now() + Duration::from_secs(60);
    assert!(!bench.scanner.is_overdue(later));
    bench.scanner.ask();
    assert!(!bench.scanner.is_overdue(Instant::now()));
    assert!(bench.scanner.is_overdue(later));
    bench.end(Ok(Sight::default()));
    assert!(!bench.scanner.is_overdue(later));
}
