//! The judgement as text for a terminal.

use crate::escape::for_terminal;
use crate::judge::{JudgedLog, Judgement, LogFinding, Voucher};
use crate::problems::{self, Told, tell};
use crate::table::columns;
use crate::texts::{Texts, fill};
use model::{Handling, MediumKind, Method, Outcome, Verdict};
use record::{
    Choices, ClockConfirmation, DriveReport, DrivesFrom, HandReport, Head12, Open, Report, Serial, Standing,
    TableOrigin, Trust, Vouched,
};
use std::fmt::Write;

/// The whole judgement.
#[must_use]
pub(crate) fn judgement(texts: &Texts, judgement: &Judgement) -> String {
    let mut text = String::new();
    for log in &judgement.logs {
        text.push_str(&one_log(texts, log));
        text.push('\n');
    }
    for missing in &judgement.missing {
        text.push_str(&told(&problems::session_missing(texts, missing)));
    }
    let bad = judgement.logs.iter().filter(|log| !log.is_good()).count() + judgement.missing.len();
    let logs = judgement.logs.len() + judgement.missing.len();
    let sum = if judgement.is_good() { texts.sum_good } else { texts.sum_bad };
    text.push_str(&fill(sum, &[("logs", &logs.to_string()), ("bad", &bad.to_string())]));
    text.push('\n');
    text
}

/// Both sentences of a problem, as lines.
#[must_use]
pub(crate) fn told(told: &Told) -> String {
    format!("  ! {}\n    {}\n", told.what, told.todo)
}

fn one_log(texts: &Texts, log: &JudgedLog) -> String {
    let name = for_terminal(&log.name);
    let twins =
        problems::twins(texts, &log.name, log.twins).map_or_else(String::new, |problem| told(&problem));
    match &log.finding {
        LogFinding::Unreadable(error) => {
            let problem = tell(texts.unreadable, &[("detail", &error.to_string())]);
            format!("{name}: {}\n{}{twins}", texts.refused, told(&problem))
        }
        LogFinding::BeginningOf(whole) => {
            format!("{name}: {}\n{twins}", fill(texts.beginning, &[("file", &for_terminal(whole))]))
        }
        LogFinding::Judged { report, before, trust, voucher } => {
            let mut text = format!("{name}: {}\n", standing(texts, report.standing()));
            let faults = report.fault.iter().map(|fault| problems::fault(texts, fault));
            for problem in faults.chain(before.iter().map(|before| problems::before(texts, before))) {
                text.push_str(&told(&problem));
            }
            text.push_str(&twins);
            let wanting = trust.as_ref().filter(|_| *voucher == Voucher::Missing);
            if let Some(problem) = wanting.and_then(|trust| problems::trust(texts, trust)) {
                text.push_str(&told(&problem));
            }
            text.push_str(&session(texts, report, trust.as_ref()));
            text.push_str(&drives(texts, report));
            text.push_str(&by_hand(texts, report));
            text
        }
    }
}

fn standing(texts: &Texts, standing: Standing) -> &'static str {
    match standing {
        Standing::Verified => texts.verified,
        Standing::Unclosed => texts.unclosed,
        Standing::Refused => texts.refused,
    }
}

fn session(texts: &Texts, report: &Report, trust: Option<&Trust>) -> String {
    let mut rows = Vec::new();
    let mut row = |name: &str, value: &str| rows.push(vec![name.to_owned(), for_terminal(value)]);
    if let Some(open) = &report.open {
        row(texts.session, &open.session.to_string());
        row(texts.opened, &format!("{} ({})", open.clock.wall, clock(texts, open)));
        if let Some(last) = &report.last {
            row(texts.last, last.wall.as_str());
        }
        let bench = report.choices.as_ref().is_some_and(|choices| choices.drives_from == DrivesFrom::Bench);
        let pc = if bench { texts.workbench } else { texts.pc };
        row(pc, &format!("{} {} {}", open.pc.maker, open.pc.model, open.pc.serial));
    }
    if let Some(choices) = &report.choices {
        row(texts.asset, &choices.asset_number);
        row(texts.operator, &choices.operator);
        row(texts.witness, &witness(texts, report));
        row(texts.class, &format!("({})", choices.class.number()));
        row(texts.table, &table(texts, choices));
    }
    if let Some(trust) = trust {
        row(texts.keys.vouched, &vouched(texts, trust));
    }
    if let Some(fingerprint) = report.fingerprint() {
        row(texts.key, &fingerprint.to_string());
    }
    if report.standing() == Standing::Verified {
        row(texts.head, &Head12::of(&report.head).to_string());
    }
    columns(&rows)
}

fn vouched(texts: &Texts, trust: &Trust) -> String {
    let of = |text, vouched: &Vouched| {
        let stick = vouched.stick.to_string();
        fill(text, &[("organisation", vouched.organisation.as_str()), ("stick", &stick)])
    };
    match trust {
        Trust::Unregistered(_) => texts.keys.nobody.to_owned(),
        Trust::Unchecked(by) => of(texts.keys.unchecked, by),
        Trust::Certified(by) => of(texts.keys.certified, by),
        Trust::Doubtful(_) => texts.keys.doubtful.to_owned(),
    }
}

fn clock(texts: &Texts, open: &Open) -> &'static str {
    match open.clock.confirmed_by_person {
        ClockConfirmation::Confirmed => texts.clock_confirmed,
        ClockConfirmation::Corrected => texts.clock_corrected,
        ClockConfirmation::NotConfirmed => texts.clock_not_confirmed,
    }
}

fn witness(texts: &Texts, report: &Report) -> String {
    let names: Vec<&str> = report.witnesses.iter().map(|witness| witness.name.as_str()).collect();
    if names.is_empty() { texts.no_witness.to_owned() } else { names.join(", ") }
}

fn table(texts: &Texts, choices: &Choices) -> String {
    let custom = match choices.policy.origin {
        TableOrigin::Builtin => "",
        TableOrigin::Custom => texts.table_custom,
        TableOrigin::Signed => texts.keys.table_signed,
    };
    format!("{}{custom}", choices.policy.version)
}

fn drives(texts: &Texts, report: &Report) -> String {
    let mut text = String::new();
    if report.drives.is_empty() {
        return text;
    }
    if report.fault.is_some() {
        let note = fill(texts.until_line, &[("entries", &report.entries.to_string())]);
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {note}");
    }
    let heading = [
        texts.column_number,
        texts.column_model,
        texts.column_serial,
        texts.column_medium,
        texts.column_asked,
        texts.column_achieved,
        texts.column_outcome,
        texts.column_verdict,
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(report.drives.iter().map(|drive| drive_row(texts, drive, report)));
    text.push_str(&columns(&rows));
    for line in report.drives.iter().filter_map(|drive| password(texts, drive)) {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// What people did without the program, as they declared it.
fn by_hand(texts: &Texts, report: &Report) -> String {
    if report.by_hand.is_empty() {
        return String::new();
    }
    let heading = [
        texts.column_number,
        texts.column_handling,
        texts.column_by,
        texts.column_medium,
        texts.column_model,
        texts.column_serial,
        texts.column_asset,
        texts.column_outcome,
        texts.column_verdict,
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(report.by_hand.iter().map(|hand| hand_row(texts, hand, report)));
    columns(&rows)
}

fn hand_row(texts: &Texts, hand: &HandReport, report: &Report) -> Vec<String> {
    let entry = &hand.entry;
    let drive = report.drives.iter().find(|drive| Some(drive.drive.no) == entry.drive);
    let of_drive = drive.map(|it| (&it.drive.identity.model, Serial::of(&it.drive, report.choices.as_ref())));
    let (model, serial, is_declared) = match (&entry.medium, of_drive) {
        (Some(medium), _) => (medium.model.as_str(), medium.serial.as_str(), !medium.serial.is_empty()),
        (None, Some((model, serial))) => (model.as_str(), serial.as_str(), serial.is_declared()),
        (None, None) => ("", "", false),
    };
    let handling = match entry.handling {
        Handling::Destroyed => texts.destroyed,
        Handling::Degaussed => texts.degaussed,
        Handling::SetAside => texts.set_aside,
    };
    let (ending, verdict) = match report.standing() {
        Standing::Refused => (texts.unknown, texts.no_verdict),
        _ => (outcome(hand.result.outcome), verdict(texts, hand.result.verdict())),
    };
    vec![
        entry.no.to_string(),
        handling.to_owned(),
        for_terminal(&entry.by),
        kind(texts, hand.kind).to_owned(),
        for_terminal(model),
        declared(texts, serial, is_declared),
        for_terminal(&entry.asset_number),
        ending.to_owned(),
        verdict.to_owned(),
    ]
}

/// A text, and whether it rests on a person's word.
fn declared(texts: &Texts, text: &str, is_declared: bool) -> String {
    format!("{}{}", for_terminal(text), if is_declared { texts.declared } else { "" })
}

/// How to get at a drive whose erase by ATA SECURITY has no proven end: it may have been left locked.
fn password(texts: &Texts, report: &DriveReport) -> Option<String> {
    let password = report.unfinished.as_ref()?.password.as_ref()?;
    let serial = for_terminal(report.drive.identity.serial.as_str());
    let number = report.drive.no.to_string();
    let fields = [("drive", number.as_str()), ("serial", &serial), ("password", &for_terminal(password))];
    Some(fill(texts.locked_by, &fields))
}

fn drive_row(texts: &Texts, report: &DriveReport, all: &Report) -> Vec<String> {
    let identity = &report.drive.identity;
    let serial = Serial::of(&report.drive, all.choices.as_ref());
    let hand = all.by_hand.iter().find(|hand| Some(hand.entry.no) == report.by_hand);
    let result = hand.map(|hand| &hand.result).or(report.result.as_ref());
    let asked = result.and_then(|result| result.asked);
    let asked = asked.or_else(|| report.planned.and_then(|planned| planned.asked()));
    let achieved = result.and_then(|result| result.achieved);
    // A log that does not verify proves nothing of any drive: what came after may have said otherwise.
    let (achieved, outcome, verdict) = match all.standing() {
        Standing::Refused => (texts.none, texts.unknown, texts.no_verdict),
        _ => (
            achieved.map_or(texts.none, method),
            report.outcome.map_or(texts.not_reached, outcome),
            verdict(texts, report.verdict),
        ),
    };
    vec![
        report.drive.no.to_string(),
        for_terminal(identity.model.as_str()),
        declared(texts, serial.as_str(), serial.is_declared()),
        kind(texts, report.drive.medium.into()).to_owned(),
        asked.map_or(texts.none, method).to_owned(),
        achieved.to_owned(),
        outcome.to_owned(),
        verdict.to_owned(),
    ]
}

pub(crate) fn kind(texts: &Texts, kind: MediumKind) -> &'static str {
    match kind {
        MediumKind::Hdd => "HDD",
        MediumKind::Ssd => "SSD",
        MediumKind::UsbStick => texts.medium_usb,
        MediumKind::Optical => texts.medium_optical,
        MediumKind::Other => texts.medium_other,
    }
}

/// The guideline's word and the standard's, in either language: certificates cite both.
pub(crate) fn method(method: Method) -> &'static str {
    match method {
        Method::Clear => "消去 Clear",
        Method::Purge => "除去 Purge",
        Method::Destruct => "破壊 Destruct",
    }
}

pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "完了 Done",
        Outcome::Incomplete => "未完了 Incomplete",
        Outcome::Failed => "失敗 Failed",
        Outcome::AwaitingDestruction => "破壊待ち Awaiting destruction",
        Outcome::AwaitingApproval => "承認待ち Awaiting approval",
        Outcome::NotCovered => "対象外 Not covered",
    }
}

fn verdict(texts: &Texts, verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::MayBeReused) => texts.reuse,
        Some(Verdict::MayGoToContractor) => texts.contractor,
        Some(Verdict::MustNotLeave) => texts.must_not_leave,
        None => texts.none,
    }
}
