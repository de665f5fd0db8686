//! The asset list held against everything that was collected.
//!
//! A session belongs to the PC whose serial number its firmware reported; where the list or the firmware has none, to the
//! PC whose asset number somebody typed. A medium is known by its own serial number, wherever it was.

mod finder;
mod listed;
mod print;
mod run;

pub(super) use run::ReconcileArgs;
pub(super) use run::{list, run};

use super::books::{Books, MediumFile};
use super::status::{Remark, Status};
use crate::store::SessionRow;
use finder::{Finder, Found};
use listed::{ListedPc, class, group, medium_cell, medium_serial, names_a_pc, pc_serial};
use lists::{AssetList, AssetRow, Column, Likeness, SerialIndex, loose};
use model::Method;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// One line of the result: a medium, or a PC of which none is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line of the list; `None` for what is not in it.
    pub listed: Option<u64>,
    /// 資産管理番号: the list's, else the one entered.
    pub asset: String,
    /// The PC's serial number.
    pub pc_serial: String,
    /// 課
    pub section: String,
    /// The medium's model.
    pub model: String,
    /// The medium's serial number.
    pub serial: String,
    /// The method asked.
    pub asked: Option<Method>,
    /// The method proven.
    pub achieved: Option<Method>,
    /// How it stands.
    pub status: Status,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
    /// The session that counts.
    pub session: Option<String>,
}

impl Line {
    /// What its PC is called; empty where nothing names one.
    fn pc(&self) -> &str {
        if self.asset.is_empty() { &self.pc_serial } else { &self.asset }
    }
}

/// How PCs stand, by what they are called.
type Pcs<'a> = BTreeMap<&'a str, Status>;

/// How each PC stands: as the worst of its media.
fn pcs(lines: &[Line]) -> Pcs<'_> {
    let mut pcs = Pcs::new();
    for line in lines.iter().filter(|line| !line.pc().is_empty()) {
        let worst = pcs.entry(line.pc()).or_insert(line.status);
        *worst = line.status.max(*worst);
    }
    pcs
}

/// Holds the list against the books.
#[must_use]
pub fn reconcile(books: &Books, list: &AssetList) -> Vec<Line> {
    let media = books.media();
    let pcs = group(&list.rows);
    let mut work = Work {
        finder: Finder::new(&books.sessions, &media),
        media: &media,
        claimed: HashSet::new(),
        lines: Vec::new(),
    };
    let serials = pcs.iter().map(|pc| pc.serial().to_owned()).collect();
    let mut by_serial = SerialIndex::new(serials);
    let assets = pcs.iter().map(|pc| loose(pc.asset()));
    let by_asset: HashMap<String, usize> = assets
        .enumerate()
        .filter(|(_, asset)| !asset.is_empty())
        .map(|(place, asset)| (asset, place))
        .collect();
    let mut sessions: Vec<Vec<&SessionRow>> = vec![Vec::new(); pcs.len()];
    for session in &books.sessions {
        let place = owner(session, &mut by_serial, &by_asset);
        if let Some(own) = place.and_then(|place| sessions.get_mut(place)) {
            own.push(session);
        }
    }
    // What the list names goes before what is only found beside it: a drive may be named for another PC.
    let named: Vec<Named> =
        pcs.iter().zip(&sessions).map(|(pc, sessions)| work.named(pc, sessions)).collect();
    for ((pc, sessions), named) in pcs.iter().zip(&sessions).zip(named) {
        work.rest(pc, sessions, named);
    }
    work.unlisted();
    work.lines.sort_by_key(|line| line.listed.unwrap_or(u64::MAX));
    work.lines
}

/// The PC of the list that a session belongs to.
fn owner(
    session: &SessionRow,
    by_serial: &mut SerialIndex,
    by_asset: &HashMap<String, usize>,
) -> Option<usize> {
    let named = by_serial_of(session, by_serial);
    let typed = by_asset.get(&loose(session.asset_number.as_deref().unwrap_or_default())).copied();
    match named.as_slice() {
        [one] => Some(*one),
        [] => typed,
        several => typed.filter(|place| several.contains(place)),
    }
}

fn by_serial_of(session: &SessionRow, by_serial: &mut SerialIndex) -> Vec<usize> {
    by_serial.find(pc_serial(&session.pc.serial)).into_iter().map(|(place, _)| place).collect()
}

/// Whether the list names media of a PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Some,
    None,
}

struct Work<'a> {
    finder: Finder,
    media: &'a [MediumFile<'a>],
    /// Media that a line was written for.
    claimed: HashSet<usize>,
    lines: Vec<Line>,
}

impl<'a> Work<'a> {
    /// The media that the list names for a PC.
    fn named(&mut self, pc: &ListedPc<'_>, sessions: &[&'a SessionRow]) -> Named {
        let own = self.own(pc, sessions);
        let mut before: HashMap<String, u64> = HashMap::new();
        let mut named = Named::None;
        for row in &pc.rows {
            let cell = medium_cell(row, pc);
            match before.insert(loose(cell), row.line) {
                Some(line) => self.lines.push(self.twice(row, line)),
                None if cell.is_empty() => {}
                None => {
                    self.medium(pc, row, cell, &own, sessions);
                    named = Named::Some;
                }
            }
        }
        named
    }

    /// The media that a PC's sessions saw, and those that were taken out of it and recorded elsewhere.
    fn own(&self, pc: &ListedPc<'_>, sessions: &[&SessionRow]) -> BTreeSet<usize> {
        let seen = sessions.iter().flat_map(|session| self.finder.of_session(&session.id)).copied();
        let elsewhere = |place: &usize| self.media.get(*place).is_some_and(MediumFile::is_from_elsewhere);
        let asset = loose(pc.asset());
        let from_it = |medium: &MediumFile<'_>| {
            medium.is_from_elsewhere() && !asset.is_empty() && loose(medium.asset_number()) == asset
        };
        let taken_out = self.media.iter().enumerate().filter(|(_, medium)| from_it(medium));
        let taken_out: Vec<usize> = taken_out.map(|(place, _)| place).collect();
        seen.filter(|place| !elsewhere(place)).chain(taken_out).collect()
    }

    /// A line of the list that says what another one says.
    fn twice(&self, row: &AssetRow, line: u64) -> Line {
        Line {
            status: Status::Duplicate,
            remarks: vec![Remark::ListedTwice(line)],
            serial: medium_serial(row).to_owned(),
            ..bare(row)
        }
    }

    /// A medium that the list names.
    fn medium(
        &mut self,
        pc: &ListedPc<'_>,
        row: &AssetRow,
        cell: &str,
        own: &BTreeSet<usize>,
        sessions: &[&'a SessionRow],
    ) {
        match self.finder.find(cell, own) {
            Found::One(place, likeness) => {
                let Some(medium) = self.media.get(place) else { return };
                let mut line = of_medium(row, medium);
                if likeness != Likeness::Exact {
                    let (listed, recorded) = (cell.to_owned(), medium.record.serial.clone());
                    line.remarks.push(Remark::Matched { likeness, listed, recorded });
                }
                if !own.contains(&place) && names_a_pc(pc) {
                    line.remarks.push(Remark::InAnotherPc(name(medium)));
                    line.status = line.status.max(Status::Contradictory);
                }
                compare(&mut line, pc, medium, sessions);
                if !self.claimed.insert(place) {
                    line.status = line.status.max(Status::Duplicate);
                }
                self.lines.push(line);
            }
            Found::Several(serials) => self.absent(row, cell, vec![Remark::Ambiguous(serials)]),
            Found::None if sessions.is_empty() => self.absent(row, cell, Vec::new()),
            Found::None => self.absent(row, cell, vec![Remark::NotInSession]),
        }
    }

    fn absent(&mut self, row: &AssetRow, cell: &str, remarks: Vec<Remark>) {
        self.lines.push(Line { serial: cell.to_owned(), status: Status::Missing, remarks, ..bare(row) });
    }

    /// The media of the PC's sessions that the list does not name: all there are, if it names none.
    fn rest(&mut self, pc: &ListedPc<'_>, sessions: &[&'a SessionRow], named: Named) {
        let Some(row) = pc.rows.first() else { return };
        let before = self.lines.len();
        for place in self.own(pc, sessions) {
            let Some(medium) = self.media.get(place).filter(|_| self.claimed.insert(place)) else { continue };
            let mut line = of_medium(row, medium);
            compare(&mut line, pc, medium, sessions);
            if named == Named::Some {
                line.listed = None;
                line.remarks.push(Remark::NotListed);
                line.status = line.status.max(Status::Unknown);
            }
            self.lines.push(line);
        }
        if named == Named::Some {
            return;
        }
        if self.lines.len() == before {
            let remarks = if sessions.is_empty() { vec![] } else { vec![Remark::NotInSession] };
            self.lines.push(Line { status: Status::Missing, remarks, ..bare(row) });
        }
        self.two_pcs(before, sessions);
    }

    /// Two PCs under one asset number, when the list has nothing else to tell them apart.
    fn two_pcs(&mut self, from: usize, sessions: &[&SessionRow]) {
        let serials: BTreeSet<&str> = sessions
            .iter()
            .map(|session| pc_serial(&session.pc.serial))
            .filter(|serial| !serial.is_empty())
            .collect();
        if serials.len() > 1 {
            let all: Vec<String> = serials.into_iter().map(str::to_owned).collect();
            for line in self.lines.iter_mut().skip(from) {
                line.remarks.push(Remark::TwoPcs(all.clone()));
                line.status = line.status.max(Status::Duplicate);
            }
        }
    }

    /// What is on the sticks and nowhere in the list.
    fn unlisted(&mut self) {
        for (place, medium) in self.media.iter().enumerate() {
            if self.claimed.insert(place) {
                let mut line = of_medium(&AssetRow::default(), medium);
                line.listed = None;
                line.asset = medium.asset_number().to_owned();
                line.pc_serial = medium.session.pc.serial.clone();
                line.remarks.push(Remark::NotListed);
                line.status = line.status.max(Status::Unknown);
                self.lines.push(line);
            }
        }
    }
}

fn name(medium: &MediumFile<'_>) -> String {
    match medium.asset_number() {
        "" => medium.session.pc.serial.clone(),
        asset => asset.to_owned(),
    }
}

fn bare(row: &AssetRow) -> Line {
    Line {
        listed: Some(row.line),
        asset: row.get(Column::Asset).to_owned(),
        pc_serial: row.get(Column::PcSerial).to_owned(),
        section: row.get(Column::Section).to_owned(),
        model: String::new(),
        serial: String::new(),
        asked: None,
        achieved: None,
        status: Status::Missing,
        remarks: Vec::new(),
        session: None,
    }
}

fn of_medium(row: &AssetRow, medium: &MediumFile<'_>) -> Line {
    let own = bare(row);
    let pc_serial = if own.pc_serial.is_empty() { medium.session.pc.serial.clone() } else { own.pc_serial };
    Line {
        pc_serial,
        model: medium.record.model.clone(),
        serial: medium.record.serial.clone(),
        asked: medium.asked,
        achieved: medium.achieved,
        status: medium.status,
        remarks: medium.remarks.clone(),
        session: Some(medium.session.id.clone()),
        ..own
    }
}

/// The session of this PC that saw the medium, if one did; else the one that counts.
fn own_session<'s>(medium: &MediumFile<'s>, sessions: &[&SessionRow]) -> &'s SessionRow {
    let own = |seen: &SessionRow| sessions.iter().any(|session| session.id == seen.id);
    if own(medium.session) {
        return medium.session;
    }
    medium.sessions.iter().copied().find(|seen| own(seen)).unwrap_or(medium.session)
}

/// What the list says otherwise. A medium from elsewhere says nothing of the PC that its session was on.
fn compare(line: &mut Line, pc: &ListedPc<'_>, medium: &MediumFile<'_>, sessions: &[&SessionRow]) {
    if medium.is_from_elsewhere() {
        compare_class(line, pc, medium.session);
    } else {
        let own = own_session(medium, sessions);
        compare_pc(line, pc, own);
        compare_class(line, pc, own);
    }
}

/// What the list and the session say differently of the PC.
fn compare_pc(line: &mut Line, pc: &ListedPc<'_>, session: &SessionRow) {
    let (listed, recorded) = (pc.serial(), pc_serial(&session.pc.serial));
    let alike = || !SerialIndex::new(vec![recorded.to_owned()]).find(listed).is_empty();
    if !listed.is_empty() && !recorded.is_empty() && !alike() {
        let (listed, recorded) = (listed.to_owned(), recorded.to_owned());
        line.remarks.push(Remark::PcSerialDiffers { listed, recorded });
        line.status = line.status.max(Status::Contradictory);
    }
    let typed = session.asset_number.as_deref().unwrap_or_default();
    if !pc.asset().is_empty() && !typed.is_empty() && loose(typed) != loose(pc.asset()) {
        line.remarks.push(Remark::AssetDiffers(typed.to_owned()));
    }
}

fn compare_class(line: &mut Line, pc: &ListedPc<'_>, session: &SessionRow) {
    let listed = class(pc.first(Column::Class));
    if let (Some(listed), Some(chosen)) = (listed, session.class)
        && listed < chosen
    {
        line.remarks.push(Remark::ClassDiffers { listed, chosen });
        line.status = line.status.max(Status::Contradictory);
    }
}
