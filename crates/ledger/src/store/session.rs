//! A session as the ledger has it.

use super::read::Head;
use super::vouching::{Voucher, Vouching};
use super::words::{optional, word};
use record::{ClockConfirmation, EntryHash, Head12, Hex, Standing};
use rusqlite::Row;

/// What the 作業記録 says of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WitnessState {
    /// Nobody entered the twelve characters.
    NotGiven,
    /// They are this session's.
    Agrees,
    /// They are not: another session was written in that room, or somebody misread them.
    Differs {
        /// The ones that were entered.
        given: Head12,
    },
}

/// Whether somebody compared the key that signed a session with the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTrust {
    /// Nobody did.
    Unregistered,
    /// Somebody at the office compared its fingerprint with the screen's.
    Confirmed,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its random name, in hexadecimal.
    pub id: String,
    /// The file that speaks for it.
    pub file: i64,
    /// How far that file can be relied on.
    pub standing: Standing,
    /// Other files of the session that contradict it and are not ruled out by the witness's characters.
    pub rivals: u32,
    /// The head of the log.
    pub head: EntryHash,
    /// When it was opened, by the PC's clock.
    pub opened: String,
    /// What a person said of that clock.
    pub clock: ClockConfirmation,
    /// The PC: maker, model, serial number, UUID.
    pub pc: PcRow,
    /// 資産管理番号, as declared.
    pub asset_number: Option<String>,
    /// 実施者, as declared.
    pub operator: Option<String>,
    /// The class chosen.
    pub class: Option<u8>,
    /// 立会職員, as declared; empty for none.
    pub witnesses: String,
    /// The key's fingerprint.
    pub fingerprint: String,
    /// Whether somebody compared the key.
    pub trust: KeyTrust,
    /// Who vouches for it, by the office's documents.
    pub voucher: Voucher,
    /// Who did when the log came in, if the ledger concluded something else then.
    pub vouched_before: Option<Voucher>,
    /// What the paper says.
    pub witness: WitnessState,
    /// The stick's identity fingerprint; empty when it did not say who it is.
    pub stick: String,
    /// The stick's serial number.
    pub stick_serial: String,
    /// The session's number on the stick.
    pub counter: u32,
    /// The session before on the stick.
    pub previous: Option<Head>,
}

impl SessionRow {
    /// Why nobody should rely on who vouches for the session. What the PC's clock makes doubtful, the paper record settles,
    /// and so does somebody who compared the key: both were there in the room on a day that people know.
    #[must_use]
    pub fn doubt(&self) -> Option<Vouching> {
        let told = self.witness == WitnessState::Agrees || self.trust == KeyTrust::Confirmed;
        let vouching = self.voucher.vouching;
        (vouching.is_doubtful() && !(vouching.is_of_the_clock() && told)).then_some(vouching)
    }
}

/// A PC by its DMI tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PcRow {
    /// Maker.
    pub maker: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// UUID.
    pub uuid: String,
}

pub(super) const SESSION: &str =
    "SELECT s.id, s.file, s.standing, s.rivals, s.head, s.opened, s.clock, s.pc_maker, s.pc_model,
    s.pc_serial, s.pc_uuid, s.asset_number, s.operator, s.class, s.witnesses, s.fingerprint,
    EXISTS (SELECT 1 FROM confirmed_key k WHERE k.fingerprint = s.fingerprint),
    (SELECT w.head12 FROM witness_line w WHERE w.session = s.id ORDER BY w.id DESC LIMIT 1),
    s.stick, s.stick_serial, s.counter, s.previous_file, s.previous_head, s.vouching, s.vouching_day, s.stick_id,
    s.organisation, v.verdict, v.day, v.stick_id, v.organisation FROM session s
    LEFT JOIN vouching v ON v.id = (SELECT min(first.id) FROM vouching first WHERE first.file = s.file)";

pub(super) fn session_row(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    let head: EntryHash = Hex(row.get(4)?);
    let witnessed: Option<String> = row.get(17)?;
    let standing = word(row, 2)?;
    let previous: Option<String> = row.get(21)?;
    let voucher = voucher(row, 23)?;
    let before = optional::<Vouching>(row, 27)?.map(|_| self::voucher(row, 27)).transpose()?;
    Ok(SessionRow {
        id: row.get(0)?,
        file: row.get(1)?,
        standing,
        rivals: row.get(3)?,
        head,
        opened: row.get(5)?,
        clock: word(row, 6)?,
        pc: PcRow { maker: row.get(7)?, model: row.get(8)?, serial: row.get(9)?, uuid: row.get(10)? },
        asset_number: row.get(11)?,
        operator: row.get(12)?,
        class: row.get(13)?,
        witnesses: row.get(14)?,
        fingerprint: row.get(15)?,
        trust: if row.get(16)? { KeyTrust::Confirmed } else { KeyTrust::Unregistered },
        vouched_before: before.filter(|before| before.vouching != voucher.vouching),
        voucher,
        witness: witness(witnessed.as_deref(), &head, standing),
        stick: row.get(18)?,
        stick_serial: row.get(19)?,
        counter: row.get(20)?,
        previous: match previous {
            Some(name) => Some(Head { name, head: Hex(row.get(22)?) }),
            None => None,
        },
    })
}

/// Who vouches, out of four columns.
fn voucher(row: &Row<'_>, column: usize) -> rusqlite::Result<Voucher> {
    Ok(Voucher {
        vouching: word(row, column)?,
        day: row.get(column + 1)?,
        stick: row.get(column + 2)?,
        organisation: row.get(column + 3)?,
    })
}

/// Only a closed session has characters that somebody could have copied.
fn witness(given: Option<&str>, head: &EntryHash, standing: Standing) -> WitnessState {
    match given.and_then(|given| Head12::parse(given).ok()) {
        None => WitnessState::NotGiven,
        Some(given) if given == Head12::of(head) && standing == Standing::Verified => WitnessState::Agrees,
        Some(given) => WitnessState::Differs { given },
    }
}
