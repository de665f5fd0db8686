//! The asset list held against everything that was collected.
//!
//! A session belongs to the PC whose serial number its firmware reported; where the list or the firmware has none, to the
//! PC whose asset number somebody typed. A medium is known by its own serial number, wherever it was.

mod finder;
mod print;
mod run;

pub(super) use run::ReconcileArgs;
pub(super) use run::{list, run};

use super::assets::{AssetList, AssetRow, Column, Likeness, SerialIndex, loose};
use super::books::{Books, MediumFile};
use super::status::{Remark, Status};
use crate::store::SessionRow;
use finder::{Finder, Found};
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

/// How each PC stands: as the worst of its media.
#[must_use]
fn pcs(lines: &[Line]) -> BTreeMap<String, Status> {
    let mut pcs: BTreeMap<String, Status> = BTreeMap::new();
    for line in lines {
        let name = if line.asset.is_empty() { &line.pc_serial } else { &line.asset };
        let worst = pcs.entry(name.clone()).or_insert(line.status);
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
        if let Some(place) = owner(session, &mut by_serial, &by_asset) {
            if let Some(own) = sessions.get_mut(place) {
                own.push(session);
            }
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

/// Serial numbers that makers leave in the firmware of many PCs.
const NO_SERIALS: [&str; 10] = [
    "TOBEFILLEDBYO.E.M.",
    "DEFAULTSTRING",
    "SYSTEMSERIALNUMBER",
    "NONE",
    "NOTSPECIFIED",
    "NOTAPPLICABLE",
    "N/A",
    "UNKNOWN",
    "0",
    "INVALID",
];

/// A PC's serial number, if it is one.
fn pc_serial(serial: &str) -> &str {
    let plain = loose(serial);
    let one_letter = plain.chars().collect::<BTreeSet<_>>().len() <= 1;
    if one_letter || NO_SERIALS.contains(&plain.as_str()) { "" } else { serial }
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

/// The rows of one PC.
#[derive(Debug)]
struct ListedPc<'a> {
    rows: Vec<&'a AssetRow>,
}

impl ListedPc<'_> {
    fn first(&self, column: Column) -> &str {
        self.rows.iter().map(|row| row.get(column)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    fn asset(&self) -> &str {
        self.first(Column::Asset)
    }

    fn serial(&self) -> &str {
        pc_serial(self.first(Column::PcSerial))
    }
}

/// Rows with one asset number, or without one with one PC's serial number, are one PC.
fn group(rows: &[AssetRow]) -> Vec<ListedPc<'_>> {
    let mut pcs: Vec<ListedPc<'_>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let names = [row.get(Column::Asset), row.get(Column::PcSerial)];
        let name = names.into_iter().map(loose).find(|name| !name.is_empty());
        let known = name.as_ref().and_then(|name| places.get(name)).copied();
        match known.and_then(|place| pcs.get_mut(place)) {
            Some(pc) => pc.rows.push(row),
            None => {
                if let Some(name) = name {
                    places.insert(name, pcs.len());
                }
                pcs.push(ListedPc { rows: vec![row] });
            }
        }
    }
    pcs
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
        let own = self.own(sessions);
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

    /// The media that a PC's sessions saw.
    fn own(&self, sessions: &[&SessionRow]) -> BTreeSet<usize> {
        sessions.iter().flat_map(|session| self.finder.of_session(&session.id)).copied().collect()
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
                    line.remarks.push(Remark::InAnotherPc(name(medium.session)));
                    line.status = line.status.max(Status::Contradictory);
                }
                compare_pc(&mut line, pc, own_session(medium, sessions));
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
        for place in self.own(sessions) {
            let Some(medium) = self.media.get(place).filter(|_| self.claimed.insert(place)) else { continue };
            let mut line = of_medium(row, medium);
            compare_pc(&mut line, pc, own_session(medium, sessions));
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
                line.asset = medium.session.asset_number.clone().unwrap_or_default();
                line.pc_serial = medium.session.pc.serial.clone();
                line.remarks.push(Remark::NotListed);
                line.status = line.status.max(Status::Unknown);
                self.lines.push(line);
            }
        }
    }
}

/// The medium's serial number in a row, wherever the list has it.
fn medium_serial(row: &AssetRow) -> &str {
    let (medium, either) = (row.get(Column::MediumSerial), row.get(Column::Serial));
    if medium.is_empty() { either } else { medium }
}

/// The same, unless the column that says neither PC nor medium is the PC's: it is when the list has one for media.
fn medium_cell<'r>(row: &'r AssetRow, pc: &ListedPc<'_>) -> &'r str {
    let is_pc = pc.rows.iter().any(|row| !row.get(Column::MediumSerial).is_empty());
    if is_pc { row.get(Column::MediumSerial) } else { medium_serial(row) }
}

fn names_a_pc(pc: &ListedPc<'_>) -> bool {
    !pc.asset().is_empty() || !pc.serial().is_empty()
}

fn name(session: &SessionRow) -> String {
    match session.asset_number.as_deref() {
        Some(asset) if !asset.is_empty() => asset.to_owned(),
        _ => session.pc.serial.clone(),
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
fn own_session<'s>(medium: &MediumFile<'s>, sessions: &[&'s SessionRow]) -> &'s SessionRow {
    let own = |seen: &&&SessionRow| sessions.iter().any(|session| session.id == seen.id);
    if own(&&medium.session) {
        return medium.session;
    }
    medium.sessions.iter().find(own).copied().unwrap_or(medium.session)
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
    let listed = class(pc.first(Column::Class));
    if let (Some(listed), Some(chosen)) = (listed, session.class) {
        if listed < chosen {
            line.remarks.push(Remark::ClassDiffers { listed, chosen });
            line.status = line.status.max(Status::Contradictory);
        }
    }
}

/// `(1)`, `１`, `分類1`: the one digit from 1 to 3 that stands there. 自治体機密性2以上 is class 2, 自治体機密性1 class 3.
fn class(cell: &str) -> Option<u8> {
    let folded = loose(cell);
    if folded.contains("機密性") {
        return match folded.chars().find(char::is_ascii_digit)? {
            '1' => Some(3),
            _ => Some(2),
        };
    }
    let mut digits = folded.chars().filter_map(|c| c.to_digit(10));
    let digit = digits.next().and_then(|digit| u8::try_from(digit).ok());
    digit.filter(|digit| (1..=3).contains(digit) && digits.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_that_every_pc_of_a_maker_has_is_none() {
        for none in
            ["To be filled by O.E.M.", "Default string", "00000000", "xxxxxxxx", "System Serial Number", ""]
        {
            assert_eq!(pc_serial(none), "", "{none}");
        }
        assert_eq!(pc_serial("PF0ABCDE"), "PF0ABCDE");
    }

    #[test]
    fn a_class_is_read_as_lists_write_it() {
        for (cell, expected) in [
            ("1", Some(1)),
            ("(2)", Some(2)),
            ("（３）", Some(3)),
            ("自治体機密性3", Some(2)),
            ("機密性１", Some(3)),
            ("", None),
            ("0", None),
            ("12", None),
            ("高", None),
        ] {
            assert_eq!(class(cell), expected, "{cell}");
        }
    }
}
