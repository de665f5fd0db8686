//! The lives of sticks. A stick counts the sessions whose logs lie on it; once it was emptied it counts from 1 again, and
//! what its number says, it says of that life only.

use crate::store::{FileHead, SessionRow};
use record::EntryHash;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The sessions of one life of a stick, by their numbers. Of several of one number, one.
pub(super) type Life<'a> = BTreeMap<u32, &'a SessionRow>;

/// Which session is of which life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lives(HashMap<String, usize>);

impl Lives {
    /// Tells them apart: sessions of one stick that follow each other are of one life. What follows nothing that is there
    /// belongs to the last life that has not got its numbers already, rather to one begun before it by the PCs' clocks.
    pub(super) fn of(sessions: &[SessionRow], heads: &[FileHead]) -> Self {
        let mut sticks: BTreeMap<&str, Vec<Chain<'_>>> = BTreeMap::new();
        for chain in chains(sessions, heads) {
            sticks.entry(&chain.first.stick).or_default().push(chain);
        }
        let (mut lives, mut count) = (HashMap::with_capacity(sessions.len()), 0);
        for mut chains in sticks.into_values() {
            // Those that begin with the first session are lives, and the others are given to them.
            chains.sort_by_key(|chain| (chain.first.counter > 1, &chain.first.opened, &chain.first.id));
            let mut begun: Vec<Begun<'_>> = Vec::new();
            for Chain { first, sessions } in chains {
                let counters: BTreeSet<u32> = sessions.iter().map(|session| session.counter).collect();
                let number = match place(&begun, first, &counters).and_then(|at| begun.get_mut(at)) {
                    Some(life) => {
                        life.counters.extend(&counters);
                        life.number
                    }
                    None => {
                        count += 1;
                        begun.push(Begun { opened: &first.opened, counters, number: count });
                        count
                    }
                };
                lives.extend(sessions.iter().map(|session| (session.id.clone(), number)));
            }
        }
        Self(lives)
    }

    /// The life that a session is of; 0 for one that was not among those.
    pub(super) fn life(&self, session: &str) -> usize {
        self.0.get(session).copied().unwrap_or_default()
    }

    /// Every life, with its sessions.
    pub(super) fn all<'a>(&self, sessions: &'a [SessionRow]) -> Vec<Life<'a>> {
        let mut all: BTreeMap<usize, Life<'a>> = BTreeMap::new();
        for session in sessions {
            // A session that went over to another stick still counts on the one where it was opened.
            all.entry(self.life(&session.id)).or_default().insert(session.counter, session);
        }
        all.into_values().collect()
    }
}

/// Sessions that follow each other.
struct Chain<'a> {
    first: &'a SessionRow,
    sessions: Vec<&'a SessionRow>,
}

/// A life that was begun.
struct Begun<'a> {
    opened: &'a str,
    counters: BTreeSet<u32>,
    number: usize,
}

/// Where among the lives a chain belongs that has no first session.
fn place(begun: &[Begun<'_>], first: &SessionRow, counters: &BTreeSet<u32>) -> Option<usize> {
    let fits = |life: &Begun<'_>| first.counter > 1 && life.counters.is_disjoint(counters);
    let before = begun.iter().rposition(|life| fits(life) && life.opened <= first.opened.as_str());
    // A dead clock is before every other one.
    before.or_else(|| begun.iter().rposition(fits))
}

/// The chains, each from the session that follows none of those that are there. Numbers go up in a chain, so that one that
/// goes in circles ends.
fn chains<'a>(sessions: &'a [SessionRow], heads: &[FileHead]) -> Vec<Chain<'a>> {
    let ends: HashMap<EntryHash, &str> =
        heads.iter().filter_map(|it| Some((it.head, it.session.as_deref()?))).collect();
    let mut ordered: Vec<&SessionRow> = sessions.iter().collect();
    ordered.sort_by_key(|session| session.counter);
    let mut chains: Vec<Chain<'_>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(sessions.len());
    for session in ordered {
        let before = session.previous.as_ref().and_then(|previous| ends.get(&previous.head));
        let before = before.and_then(|id| places.get(id)).copied();
        let follows = |chain: &&mut Chain<'_>| {
            let last = chain.sessions.last().map_or(0, |last| last.counter);
            chain.first.stick == session.stick && last <= session.counter
        };
        let place = match before.and_then(|place| chains.get_mut(place).filter(follows).map(|it| (place, it)))
        {
            Some((place, chain)) => {
                chain.sessions.push(session);
                place
            }
            None => {
                chains.push(Chain { first: session, sessions: vec![session] });
                chains.len() - 1
            }
        };
        places.insert(&session.id, place);
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{KeyTrust, PcRow, Voucher, Vouching, WitnessState};
    use record::{ClockConfirmation, Hex, Standing};

    /// A session of a number, which ends in a head, after another head; opened on a day.
    fn session(id: &str, counter: u32, head: u8, previous: Option<u8>, opened: &str) -> SessionRow {
        SessionRow {
            id: id.into(),
            file: 1,
            standing: Standing::Verified,
            rivals: 0,
            head: Hex([head; 32]),
            opened: opened.into(),
            clock: ClockConfirmation::Confirmed,
            pc: PcRow::default(),
            asset_number: None,
            operator: None,
            class: None,
            witnesses: String::new(),
            fingerprint: String::new(),
            trust: KeyTrust::Unregistered,
            voucher: Voucher { vouching: Vouching::Unregistered, day: None, stick: None, organisation: None },
            vouched_before: None,
            witness: WitnessState::NotGiven,
            stick: "stick".into(),
            stick_serial: "4C530001".into(),
            counter,
            previous: previous.map(|head| crate::store::Head { name: String::new(), head: Hex([head; 32]) }),
        }
    }

    /// The numbers of each life.
    fn lives(sessions: &[SessionRow]) -> Vec<Vec<u32>> {
        let head = |it: &SessionRow| FileHead { head: it.head, session: Some(it.id.clone()) };
        let heads: Vec<FileHead> = sessions.iter().map(head).collect();
        let lives = Lives::of(sessions, &heads).all(sessions);
        lives.iter().map(|life| life.keys().copied().collect()).collect()
    }

    #[test]
    fn sessions_that_follow_each_other_are_of_one_life_in_any_order() {
        let one = [
            session("a", 1, 1, None, "2026"),
            session("b", 2, 2, Some(1), "2027"),
            session("c", 3, 3, Some(2), "2010"),
        ];
        assert_eq!(lives(&one), [[1, 2, 3]]);
        let [a, b, c] = one;
        assert_eq!(lives(&[c, a, b]), [[1, 2, 3]]);
    }

    #[test]
    fn a_gap_does_not_part_a_life_and_a_dead_clock_does_not_either() {
        for opened in ["2027", "2010"] {
            let gap = [
                session("a", 1, 1, None, "2026"),
                session("c", 3, 3, Some(2), opened),
                session("d", 4, 4, Some(3), opened),
            ];
            assert_eq!(lives(&gap), [[1, 3, 4]], "{opened}");
        }
    }

    #[test]
    fn a_number_that_is_there_already_begins_another_life() {
        let old = [session("a", 1, 1, None, "2026-01"), session("b", 2, 2, Some(1), "2026-02")];
        let new = session("x", 1, 11, None, "2026-03");
        assert_eq!(lives(&[old.as_slice(), std::slice::from_ref(&new)].concat()), [vec![1, 2], vec![1]]);
        // The second life's second session is lost, and its third goes to the life begun last.
        let third = session("z", 3, 13, Some(12), "2026-04");
        assert_eq!(lives(&[old.as_slice(), &[new, third.clone()]].concat()), [vec![1, 2], vec![1, 3]]);
        // Its first two are lost: nothing tells that it is not the first life's.
        assert_eq!(lives(&[old.as_slice(), &[third]].concat()), [[1, 2, 3]]);
        let second = session("y", 2, 12, Some(11), "2026-04");
        assert_eq!(lives(&[old.as_slice(), &[second]].concat()), [vec![1, 2], vec![2]]);
    }

    #[test]
    fn logs_that_name_each_other_in_a_circle_end() {
        let circle = [session("a", 2, 1, Some(2), "2026"), session("b", 2, 2, Some(1), "2026")];
        assert_eq!(lives(&circle).concat().len(), 1, "one life, of one number");
    }
}
