//! What a stick may hold when its power is cut: at every point of a recording, with any of the writes since it last emptied
//! its memory lost, and one of them torn.

use crate::fat;
use crate::writes::Event;
use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom, Write};

const SECTOR: usize = 512;

/// How thorough to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Of so many writes since the last flush every subset is tried; of more, a choice of them.
    pub every_subset_of: usize,
    /// A write is torn at so many of the places where it changes something, at most.
    pub tears: usize,
}

impl Effort {
    /// What there is time for at every change.
    pub const SHORT: Self = Self { every_subset_of: 5, tears: 6 };
    /// What a night has time for.
    pub const LONG: Self = Self { every_subset_of: 10, tears: 64 };
}

/// One way in which a stick may have been left.
#[derive(Debug)]
pub struct Cut {
    /// After how many events of the recording.
    pub after: usize,
    /// What became of the writes since the last flush.
    pub fate: Fate,
    /// What the stick holds.
    pub medium: Medium,
}

/// What became of the writes since the last flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// There were none.
    Flushed,
    /// So many of so many were lost, and not the last one.
    Lost(usize, usize),
    /// The last one was torn at this byte, and so many before it were lost.
    Torn(usize, usize),
}

/// What a stick holds: what is certain, and over it what happened to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    certain: Vec<u8>,
    over: HashMap<u64, [u8; SECTOR]>,
}

impl Medium {
    /// What is held after all these events.
    #[must_use]
    pub fn after(before: Vec<u8>, events: &[Event]) -> Self {
        let mut medium = Self { certain: before, over: HashMap::new() };
        for event in events {
            if let Event::Write { place, bytes } = event {
                medium.put(*place, bytes);
            }
        }
        medium
    }

    fn sector(&self, number: u64) -> Option<&[u8]> {
        if let Some(sector) = self.over.get(&number) {
            return Some(sector);
        }
        let at = usize::try_from(number).ok()?.checked_mul(SECTOR)?;
        self.certain.get(at..at + SECTOR)
    }

    fn put(&mut self, place: u64, bytes: &[u8]) {
        for (number, sector) in (place / SECTOR as u64..).zip(bytes.chunks_exact(SECTOR)) {
            if let Ok(sector) = sector.try_into() {
                self.over.insert(number, sector);
            }
        }
    }

    /// Everything that reached it is certain from now on.
    fn settle(&mut self) {
        for (number, sector) in self.over.drain() {
            let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_mul(SECTOR);
            if let Some(target) = self.certain.get_mut(at..at + SECTOR) {
                target.copy_from_slice(&sector);
            }
        }
    }

    /// All its bytes.
    #[must_use]
    pub fn image(&self) -> Vec<u8> {
        let mut whole = self.clone();
        whole.settle();
        whole.certain
    }

    /// The bytes of this file on its first partition, which is FAT; `None` when it cannot be had.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        let (start, len) = fat::partition(self.sector(0)?)?;
        fat::read_file(View { medium: self, start, len, at: 0 }, path)
    }
}

/// Walks through a recording from what the stick held before, and shows every state that it may have been left in.
///
/// # Errors
/// The first error of `look` ends it.
pub fn walk<E>(
    before: Vec<u8>,
    events: &[Event],
    effort: Effort,
    mut look: impl FnMut(&Cut) -> Result<(), E>,
) -> Result<(), E> {
    let medium = Medium { certain: before, over: HashMap::new() };
    let mut cut = Cut { after: 0, fate: Fate::Flushed, medium };
    let mut pending: Vec<(u64, &[u8])> = Vec::new();
    look(&cut)?;
    for (index, event) in events.iter().enumerate() {
        cut.after = index + 1;
        match event {
            Event::Write { place, bytes } => {
                pending.push((*place, bytes));
                lose(&mut cut, &pending, effort, &mut look)?;
                tear(&mut cut, &pending, effort, &mut look)?;
            }
            Event::Flush => {
                reach(&mut cut.medium, pending.drain(..));
                cut.medium.settle();
                cut.fate = Fate::Flushed;
                look(&cut)?;
            }
        }
    }
    Ok(())
}

/// These writes, and no others since the last flush, reach the medium.
fn reach<'a>(medium: &mut Medium, writes: impl IntoIterator<Item = (u64, &'a [u8])>) {
    medium.over.clear();
    writes.into_iter().for_each(|(place, bytes)| medium.put(place, bytes));
}

/// The newest write with each subset of the ones before it; the subsets without it were seen before it came.
fn lose<E>(
    cut: &mut Cut,
    pending: &[(u64, &[u8])],
    effort: Effort,
    look: &mut impl FnMut(&Cut) -> Result<(), E>,
) -> Result<(), E> {
    let before = pending.len() - 1;
    for subset in subsets(before, effort.every_subset_of) {
        let kept = |at: &usize| *at == before || subset[*at];
        reach(&mut cut.medium, (0..pending.len()).filter(kept).map(|at| pending[at]));
        let lost = subset.iter().filter(|kept| !**kept).count();
        cut.fate = Fate::Lost(lost, pending.len());
        look(cut)?;
    }
    Ok(())
}

/// Subsets of so many things: all of them, or without each single one, only each single one, none, all, and some more.
fn subsets(of: usize, every: usize) -> Vec<Vec<bool>> {
    if of <= every {
        let bits = |mask: usize| (0..of).map(|at| mask >> at & 1 == 1).collect();
        return (0..1usize << of).map(bits).collect();
    }
    let mut all = vec![vec![true; of], vec![false; of]];
    for at in 0..of {
        for value in [true, false] {
            let mut one = vec![!value; of];
            one[at] = value;
            all.push(one);
        }
        // The first so many, as if they were written in their order.
        all.push((0..of).map(|other| other < at).collect());
    }
    all
}

/// The newest write torn, with all writes before it and with none of them: sectors missing at its end or its beginning,
/// and the sector in which it broke off half old and half new, either way round.
fn tear<E>(
    cut: &mut Cut,
    pending: &[(u64, &[u8])],
    effort: Effort,
    look: &mut impl FnMut(&Cut) -> Result<(), E>,
) -> Result<(), E> {
    let Some(((place, new), before)) = pending.split_last() else { return Ok(()) };
    let none: &[(u64, &[u8])] = &[];
    for others in [before, none].into_iter().take(before.len().min(1) + 1) {
        reach(&mut cut.medium, others.iter().copied());
        let old = old_bytes(&cut.medium, *place, new.len());
        for at in tears(&old, new, effort.tears) {
            for torn in [[&new[..at], &old[at..]].concat(), [&old[..at], &new[at..]].concat()] {
                reach(&mut cut.medium, others.iter().copied().chain([(*place, torn.as_slice())]));
                cut.fate = Fate::Torn(at, before.len() - others.len());
                look(cut)?;
            }
        }
    }
    Ok(())
}

fn old_bytes(medium: &Medium, place: u64, len: usize) -> Vec<u8> {
    let first = place / SECTOR as u64;
    let count = (len / SECTOR) as u64;
    (first..first + count).flat_map(|number| medium.sector(number).unwrap_or(&[0; SECTOR]).to_vec()).collect()
}

/// Where tearing makes a difference: behind a byte that changes, before another one that does. Spread over the write.
fn tears(old: &[u8], new: &[u8], most: usize) -> Vec<usize> {
    let changed: Vec<usize> = (0..new.len().min(old.len())).filter(|at| old[*at] != new[*at]).collect();
    let places: Vec<usize> = changed.iter().skip(1).copied().collect();
    let step = places.len().div_ceil(most.max(1)).max(1);
    places.into_iter().step_by(step).collect()
}

/// A stretch of a medium, to be read.
struct View<'a> {
    medium: &'a Medium,
    start: u64,
    len: u64,
    at: u64,
}

impl Read for View<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.len {
            return Ok(0);
        }
        let place = self.start + self.at;
        let Some(sector) = self.medium.sector(place / SECTOR as u64) else { return Ok(0) };
        let there = sector.get(usize::try_from(place).unwrap_or(0) % SECTOR..).unwrap_or_default();
        let count = there.len().min(buffer.len());
        buffer[..count].copy_from_slice(&there[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Write for View<'_> {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for View<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every state of a medium of two sectors, by the first and last byte of each.
    fn states(events: &[Event]) -> BTreeSet<(usize, [u8; 4])> {
        let mut seen = BTreeSet::new();
        walk(vec![0; 1024], events, Effort::LONG, |cut| {
            let image = cut.medium.image();
            seen.insert((cut.after, [image[0], image[511], image[512], image[1023]]));
            Ok::<_, ()>(())
        })
        .unwrap();
        seen
    }

    fn write(place: u64, byte: u8) -> Event {
        Event::Write { place, bytes: vec![byte; 512] }
    }

    #[test]
    fn unflushed_writes_come_in_any_order_or_torn_and_flushed_ones_are_certain() {
        let seen = states(&[write(0, 1), write(512, 2), Event::Flush, write(0, 3)]);
        for state in [
            (1, [1, 1, 0, 0]),
            (1, [1, 0, 0, 0]),
            (1, [0, 1, 0, 0]),
            (2, [0, 0, 2, 2]),
            (2, [1, 1, 2, 2]),
            (2, [1, 1, 0, 2]),
            (2, [0, 0, 2, 0]),
            (3, [1, 1, 2, 2]),
            (4, [3, 3, 2, 2]),
            (4, [3, 1, 2, 2]),
            (4, [1, 3, 2, 2]),
        ] {
            assert!(seen.contains(&state), "{state:?} in {seen:?}");
        }
        assert!(
            seen.iter().filter(|(after, _)| *after > 2).all(|(_, bytes)| bytes[2..] == [2, 2]),
            "{seen:?}"
        );
        assert_eq!(seen.iter().filter(|(after, _)| *after == 3).count(), 1);
    }

    #[test]
    fn of_many_writes_a_choice_of_subsets_is_tried() {
        assert_eq!(subsets(3, 5).len(), 8);
        let some = subsets(20, 5);
        assert!(some.len() < 100 && some.contains(&vec![false; 20]) && some.contains(&vec![true; 20]));
    }

    #[test]
    fn a_write_is_torn_only_where_that_is_another_thing_than_losing_it() {
        let old = [0, 0, 0, 0, 0, 0];
        assert_eq!(tears(&old, &[0, 1, 0, 1, 0, 1], 64), [3, 5]);
        assert_eq!(tears(&old, &[0, 1, 0, 0, 0, 0], 64), [0usize; 0]);
        assert_eq!(tears(&[0; 512], &[1; 512], 8).len(), 8);
    }
}
