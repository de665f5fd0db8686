//! Whatever the order of entries, losses, hangs, news and returns: no permit without its entry on the stick, nothing
//! called saved that is not, no entry lost.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Deed {
    Note,
    Ask,
    Mood(usize, Mood),
    /// Takes up to so many of the news that are there.
    News(usize),
    Lose,
    ResumeOn(usize),
    Again,
    Wait,
}

fn deed() -> impl Strategy<Value = Deed> {
    let mood = prop::sample::select(vec![
        Mood::Works,
        Mood::Works,
        Mood::Works,
        Mood::Full,
        Mood::Gone,
        Mood::Hangs,
    ]);
    prop_oneof![
        4 => Just(Deed::Note),
        3 => Just(Deed::Ask),
        3 => (0usize..2, mood).prop_map(|(stick, mood)| Deed::Mood(stick, mood)),
        6 => (1usize..4).prop_map(Deed::News),
        1 => Just(Deed::Lose),
        2 => (0usize..2).prop_map(Deed::ResumeOn),
        2 => Just(Deed::Again),
        3 => Just(Deed::Wait),
    ]
}

struct World {
    bench: Bench,
    sticks: [FakeStick; 2],
    /// Which stick the session is on.
    on: usize,
    permits: Vec<(String, Receiver<Result<(), NotPermitted>>)>,
    notes: usize,
}

impl World {
    fn new() -> Self {
        let sticks = [FakeStick::new(Mood::Works), FakeStick::new(Mood::Works)];
        let mut bench = Bench::begin(&sticks[0], InformationClass::Three);
        confirm(&mut bench, &plan(InformationClass::Three));
        Self { bench, sticks, on: 0, permits: Vec::new(), notes: 0 }
    }

    fn does(&mut self, deed: &Deed) {
        match deed {
            Deed::Note => {
                self.notes += 1;
                self.bench.log.notice(NoticeCode::Other, None, &format!("note {:04}.", self.notes));
            }
            Deed::Ask => {
                let command = format!("overwrite {:04}.", self.permits.len());
                let wait = ask_for(&mut self.bench, &command);
                self.permits.push((command, wait));
            }
            Deed::Mood(stick, mood) => self.sticks[*stick].set(*mood),
            Deed::News(most) => {
                for _ in 0..*most {
                    let Ok(Event::Kept(kept)) = self.bench.inbox.try_recv() else { break };
                    self.take(kept);
                }
            }
            Deed::Lose => self.bench.session.stick_lost("pulled"),
            Deed::ResumeOn(stick) => {
                self.on = *stick;
                let place = self.sticks[*stick].place();
                let facts = stick_facts(u16::try_from(*stick + 2).unwrap(), "10");
                self.bench.session.resume(facts, NoticeCode::StickReplaced, place);
            }
            Deed::Again => self.bench.log.try_again(),
            Deed::Wait => std::thread::sleep(Duration::from_micros(300)),
        }
    }

    fn take(&mut self, kept: crate::keeper::Kept) {
        self.bench.session.take(kept);
        self.check();
    }

    fn check(&mut self) {
        let text = self.sticks[self.on].text();
        for (command, wait) in &self.permits {
            if let Ok(answer) = wait.try_recv() {
                assert_eq!(answer, Ok(()));
                assert!(text.contains(command.as_str()), "{command} was permitted and is not on the stick");
            }
        }
        if self.bench.log.standing() == Journal::Saved {
            let entries = text.lines().count();
            assert_eq!(entries, self.bench.log.len(), "called saved");
            assert!((1..=self.notes).all(|note| text.contains(&format!("note {note:04}."))));
        }
    }

    /// Ends on a third stick, whatever happened before.
    fn ends(mut self) {
        let last = FakeStick::new(Mood::Works);
        for stick in &self.sticks {
            stick.set(Mood::Works);
        }
        let asked = Some(Method::Clear);
        self.bench.record_result(DriveNo(1), not_started(model::FailureReason::Vanished, asked), None);
        self.bench.close(CloseReason::Finished).unwrap();
        self.bench.session.resume(stick_facts(4, "11"), NoticeCode::StickReplaced, last.place());
        self.bench.settle().unwrap();
        let report = verify(&last.log());
        assert_eq!(report.standing(), Standing::Verified, "{:?}", report.fault);
        assert_eq!(last.text().lines().count(), self.bench.log.len());
        assert!((1..=self.notes).all(|note| last.text().contains(&format!("note {note:04}."))));
        for (_, wait) in self.permits {
            assert_ne!(wait.try_recv(), Err(crossbeam_channel::TryRecvError::Empty), "never answered");
        }
        for stick in self.sticks {
            assert!(last.log().starts_with(&stick.log()), "a stick holds something else");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_loses_an_entry_or_permits_too_early(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut world = World::new();
        for deed in &deeds {
            world.does(deed);
            world.check();
        }
        world.ends();
    }
}
