//! What the ledger concludes of a file, as rows.

use super::StoreError;
use super::known::Known;
use super::part::Part;
use super::vouching::Voucher;
use super::words::{Bearing, Word};
use crate::recompute::{by_hand, recompute};
use crate::vouchers::Held;
use model::{DeviceText, Drive, MediumKind, Method, Outcome};
use record::{
    Choices, Day, DriveReport, DrivesFrom, EntryHash, HandReport, Open, Report, Serial, Standing,
    TableOrigin, hash_line, verify,
};
use rusqlite::{Transaction, params};

/// A file's bytes, judged.
pub(super) struct Judged {
    pub(super) report: Report,
    /// The hash of the last whole line, proven or not: what the next session on the stick names.
    pub(super) head: EntryHash,
    /// Who vouches for it; `None` where not even its first entry is proven.
    held: Option<Held>,
    collected: Day,
}

impl Judged {
    /// Judges a file that was collected on that day.
    pub(super) fn of(bytes: &[u8], collected: &Day, known: &Known) -> Self {
        let whole = whole_lines(bytes);
        let whole = whole.strip_suffix(b"\n").unwrap_or(whole);
        let last = whole.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let report = verify(bytes);
        Self {
            held: known.vouchers.held(&report, collected),
            report,
            head: hash_line(last),
            collected: collected.clone(),
        }
    }

    /// The session that the file says it is of, if its first line is proven.
    pub(super) fn session(&self) -> Option<String> {
        self.report.open.as_ref().map(|open| open.session.to_string())
    }

    pub(super) fn is_refused(&self) -> bool {
        self.report.standing() == Standing::Refused
    }

    /// Writes the row of the file. Its role is settled with the others of its session.
    pub(super) fn write_log(&self, transaction: &Transaction<'_>, file: i64) -> Result<(), StoreError> {
        let role = if self.is_refused() { super::LogRole::Refused } else { super::LogRole::Counts };
        let mut insert = transaction.prepare_cached(
            "INSERT INTO log (file, session, standing, head, role) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let standing = self.report.standing().code();
        insert.execute(params![file, self.session(), standing, self.head.0, role.code()])?;
        Ok(())
    }

    /// Writes the rows of its session and its drives, in the place of what stood there.
    pub(super) fn write_session(
        &self,
        transaction: &Transaction<'_>,
        file: i64,
        rivals: usize,
        known: &Known,
    ) -> Result<(), StoreError> {
        let (Some(open), Some(held)) = (&self.report.open, &self.held) else { return Ok(()) };
        let session = open.session.to_string();
        for old in ["DELETE FROM record WHERE session = ?1", "DELETE FROM session WHERE id = ?1"] {
            transaction.prepare_cached(old)?.execute([&session])?;
        }
        let voucher = Voucher::of(held);
        voucher.keep(transaction, file, &known.now)?;
        write_session(transaction, file, rivals, (&self.report, open), &voucher)?;
        let (choices, signed) = (self.report.choices.as_ref(), known.table(&self.report, &self.collected));
        for drive in &self.report.drives {
            let hand = self.report.by_hand.iter().find(|hand| Some(hand.entry.no) == drive.by_hand);
            let computed = match hand {
                Some(hand) => Ok(by_hand(hand)),
                None => recompute(drive, choices, signed),
            };
            write_record(transaction, &session, (drive, hand, choices), computed)?;
        }
        // What was done to a drive of the inventory stands in that drive's row.
        for hand in self.report.by_hand.iter().filter(|hand| hand.entry.drive.is_none()) {
            write_by_hand(transaction, &session, hand, choices)?;
        }
        Ok(())
    }
}

/// The part of a file that ends with a line's end.
pub(super) fn whole_lines(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    bytes.get(..end).unwrap_or_default()
}

fn write_session(
    transaction: &Transaction<'_>,
    file: i64,
    rivals: usize,
    (report, open): (&Report, &Open),
    voucher: &Voucher,
) -> Result<(), StoreError> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO session (id, file, standing, rivals, head, opened, clock, pc_maker, pc_model, pc_serial,
         pc_uuid, asset_number, operator, class, witnesses, fingerprint, stick, stick_serial, counter,
         previous_file, previous_head, vouching, vouching_day, stick_id, organisation, signed_table)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
         ?22, ?23, ?24, ?25, ?26)",
    )?;
    let (stick, choices) = (&open.stick, report.choices.as_ref());
    // On a bench the PC is where the work was done, and no drive is its own: it is looked up in the log alone.
    let bench = choices.is_some_and(|choices| choices.drives_from == DrivesFrom::Bench);
    let pc = |text: &DeviceText| if bench { String::new() } else { text.to_string() };
    let asset = choices.filter(|_| !bench).map(|choices| choices.asset_number.as_str());
    let policy = choices.map(|choices| &choices.policy).filter(|table| table.origin == TableOrigin::Signed);
    let signed_table = policy.and_then(|table| table.sha256).map(|sha256| sha256.0);
    let witnesses: Vec<&str> = report.witnesses.iter().map(|witness| witness.name.as_str()).collect();
    insert.execute(params![
        open.session.to_string(),
        file,
        report.standing().code(),
        i64::try_from(rivals).unwrap_or(i64::MAX),
        report.head.0,
        open.clock.wall.as_str(),
        open.clock.confirmed_by_person.code(),
        pc(&open.pc.maker),
        pc(&open.pc.model),
        pc(&open.pc.serial),
        pc(&open.pc.uuid),
        asset,
        choices.map(|choices| choices.operator.as_str()),
        choices.map(|choices| choices.class.number()),
        witnesses.join(", "),
        open.public_key.fingerprint().to_string(),
        stick.identity_fingerprint,
        stick.serial.as_str(),
        stick.session_counter,
        stick.previous.as_ref().map(|previous| previous.file.as_str()),
        stick.previous.as_ref().map(|previous| previous.head.0),
        voucher.vouching.code(),
        voucher.day,
        voucher.stick,
        voucher.organisation,
        signed_table,
    ])?;
    Ok(())
}

const INSERT: &str =
    "INSERT INTO record (session, drive, bearing, maker, model, serial, namespace, capacity, medium, outcome,
     verdict, asked, claimed, achieved, technique, disagreement, serial_declared, asset_number, handling,
     exception_reason, exception_measure, exception_approver, exception_deadline)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
     ?23)";

fn write_record(
    transaction: &Transaction<'_>,
    session: &str,
    (report, hand, choices): (&DriveReport, Option<&HandReport>, Option<&Choices>),
    computed: Result<Option<Method>, crate::recompute::Disagreement>,
) -> Result<(), StoreError> {
    let (drive, identity) = (&report.drive, &report.drive.identity);
    let result = hand.map(|hand| &hand.result).or(report.result.as_ref());
    let asked = result.and_then(|result| result.asked);
    let asked = asked.or_else(|| report.planned.and_then(|planned| planned.asked()));
    let attempt = result.and_then(|result| result.evidence.attempts.last());
    let serial = Serial::of(drive, choices);
    let asset = hand.map(|hand| hand.entry.asset_number.as_str()).filter(|asset| !asset.is_empty());
    let asset = asset.or_else(|| choices.and_then(|choices| choices.asset_number_of(drive.no)));
    // A workbench's own disks are nobody's business.
    let bench = choices.is_some_and(|choices| choices.drives_from == DrivesFrom::Bench);
    let bearing = match bearing(drive) {
        Bearing::Pc if bench && asset.is_none() => Bearing::Plugged,
        own => own,
    };
    let exception = report.exception.as_ref();
    transaction.prepare_cached(INSERT)?.execute(params![
        session,
        Part::Drive(drive.no).number(),
        bearing.code(),
        identity.maker.as_str(),
        identity.model.as_str(),
        serial.as_str(),
        identity.namespace,
        identity.capacity.0.to_string(),
        MediumKind::from(drive.medium).code(),
        outcome(report).map(Word::code),
        report.verdict.map(Word::code),
        asked.map(Word::code),
        result.and_then(|result| result.achieved).map(Word::code),
        computed.ok().flatten().map(Word::code),
        attempt.map(|attempt| attempt.technique.code()),
        computed.err().map(Word::code),
        serial.is_declared(),
        asset,
        hand.map(|hand| hand.entry.handling.code()),
        exception.map(|exception| exception.reason.as_str()),
        exception.map(|exception| exception.measure.as_str()),
        exception.map(|exception| exception.approver.as_str()),
        exception.map(|exception| exception.deadline.as_str()),
    ])?;
    Ok(())
}

/// Nobody approves what nobody has seen where the class asks for a witness: until then it is 未完了.
fn outcome(report: &DriveReport) -> Option<Outcome> {
    let unseen = report.result.as_ref().is_some_and(|result| result.failure.is_some());
    report.outcome.map(|outcome| match outcome {
        Outcome::AwaitingApproval if unseen => Outcome::Incomplete,
        outcome => outcome,
    })
}

/// A medium that only people had in hand. Everything of it is declared.
fn write_by_hand(
    transaction: &Transaction<'_>,
    session: &str,
    hand: &HandReport,
    choices: Option<&Choices>,
) -> Result<(), StoreError> {
    let Some(medium) = &hand.entry.medium else { return Ok(()) };
    let own = choices.filter(|choices| choices.drives_from == DrivesFrom::ThisPc);
    let own = own.map(|choices| choices.asset_number.as_str());
    let asset = Some(hand.entry.asset_number.as_str()).filter(|asset| !asset.is_empty()).or(own);
    transaction.prepare_cached(INSERT)?.execute(params![
        session,
        Part::ByHand(hand.entry.no).number(),
        Bearing::Plugged.code(),
        medium.maker,
        medium.model,
        medium.serial,
        0,
        "0",
        hand.kind.code(),
        hand.result.outcome.code(),
        hand.result.verdict().map(Word::code),
        hand.result.asked.map(Word::code),
        hand.result.achieved.map(Word::code),
        by_hand(hand).map(Word::code),
        None::<&str>,
        None::<&str>,
        !medium.serial.is_empty(),
        asset.filter(|asset| !asset.is_empty()),
        hand.entry.handling.code(),
        None::<&str>,
        None::<&str>,
        None::<&str>,
        None::<&str>,
    ])?;
    Ok(())
}

fn bearing(drive: &Drive) -> Bearing {
    match () {
        () if !drive.keeps_data() => Bearing::Own,
        () if drive.is_internal() => Bearing::Pc,
        () => Bearing::Plugged,
    }
}
