//! From the rows of a list to the PCs of a job list: every row that cannot be meant is named by its line.

use crate::problems::{Told, tell};
use crate::texts::Problem;
use crate::texts::jobs::JobTexts;
use lists::{JobColumn, JobRow};
use model::{DeviceText, InformationClass};
use record::{JobDrive, JobListFault, JobPc, JobPurpose, LONGEST_JOB_TEXT};

/// A PC, and the lines where it and its drives stand.
pub(super) struct Lined {
    pub(super) pc: JobPc,
    pub(super) line: u64,
    pub(super) drive_lines: Vec<u64>,
}

/// Makes PCs of rows, one drive a row; rows with one asset number are one PC.
pub(super) fn pcs(texts: &JobTexts, rows: &[JobRow]) -> Result<Vec<Lined>, Vec<Told>> {
    let (mut pcs, mut faults): (Vec<Lined>, Vec<Told>) = (Vec::new(), Vec::new());
    for row in rows {
        match entry(texts, row) {
            Ok(pc) => match pcs.iter_mut().find(|known| known.pc.asset_number == pc.asset_number) {
                Some(known) => match differs(&known.pc, &pc) {
                    None => {
                        known.pc.drives.extend(pc.drives);
                        known.drive_lines.push(row.line);
                    }
                    Some(column) => {
                        let values = [
                            ("line", row.line.to_string()),
                            ("before", known.line.to_string()),
                            ("asset", pc.asset_number.clone()),
                            ("heading", column.heading().to_owned()),
                        ];
                        faults.push(told(texts.differs, &values));
                    }
                },
                None => pcs.push(Lined { pc, line: row.line, drive_lines: vec![row.line] }),
            },
            Err(fault) => faults.extend(fault),
        }
    }
    if faults.is_empty() { Ok(pcs) } else { Err(faults) }
}

/// What is wrong with the list as a whole, by the lines where it stands.
pub(super) fn fault(texts: &JobTexts, pcs: &[Lined], fault: &JobListFault) -> Told {
    let line = |pc: usize| pcs.get(pc).map_or(0, |pc| pc.line).to_string();
    let drive_line =
        |pc: usize, drive: usize| pcs.get(pc).and_then(|pc| pc.drive_lines.get(drive)).copied().unwrap_or(0);
    let serial = |pc: usize, drive: usize| {
        let drive = pcs.get(pc).and_then(|pc| pc.pc.drives.get(drive));
        drive.map(|drive| drive.serial.to_string()).unwrap_or_default()
    };
    let named = |text: Option<&DeviceText>| text.map(ToString::to_string).unwrap_or_default();
    let entry = |pc: usize| pcs.get(pc).map(|pc| &pc.pc);
    match *fault {
        JobListFault::NoDay | JobListFault::Empty | JobListFault::NoDrive(_) => told(texts.empty, &[]),
        JobListFault::WitnessIsOperator => told(texts.same_witness, &[]),
        JobListFault::Text { pc: None, text } => {
            told(texts.operator, &[("option", format!("--{}", format!("{text:?}").to_lowercase()))])
        }
        JobListFault::Text { pc: Some(pc), .. } => {
            let number = entry(pc).map(|pc| pc.asset_number.clone()).unwrap_or_default();
            told(texts.too_long, &[("line", line(pc)), ("value", number)])
        }
        JobListFault::PcUnnamed(pc) => told(texts.no_pc, &[("line", line(pc))]),
        JobListFault::PcSerial(pc) => {
            let value = named(entry(pc).and_then(|pc| pc.serial.as_ref()));
            told(texts.pc_serial, &[("line", line(pc)), ("value", value)])
        }
        JobListFault::PcUuid(pc) => {
            let value = named(entry(pc).and_then(|pc| pc.uuid.as_ref()));
            told(texts.uuid, &[("line", line(pc)), ("value", value)])
        }
        JobListFault::PcTwice { before, pc } => {
            told(texts.pc_twice, &[("line", line(pc)), ("before", line(before))])
        }
        JobListFault::DriveUnnamed { pc, drive } => {
            let values = [("line", drive_line(pc, drive).to_string()), ("value", serial(pc, drive))];
            told(texts.drive_serial, &values)
        }
        JobListFault::DriveTwice { pc, drive } => {
            let values = [("line", drive_line(pc, drive).to_string()), ("value", serial(pc, drive))];
            told(texts.drive_twice, &values)
        }
    }
}

/// The PC of one row, with its one drive; or everything that is wrong with the row.
fn entry(texts: &JobTexts, row: &JobRow) -> Result<JobPc, Vec<Told>> {
    let mut faults = Vec::new();
    let mut wrong = |problem: Problem, value: &str| {
        faults.push(told(problem, &[("line", row.line.to_string()), ("value", value.to_owned())]));
    };
    let asset = row.get(JobColumn::Asset);
    if asset.is_empty() {
        wrong(texts.no_asset, "");
    }
    for column in [JobColumn::Asset, JobColumn::Section, JobColumn::Place] {
        if row.get(column).chars().count() > LONGEST_JOB_TEXT {
            wrong(texts.too_long, row.get(column));
        }
    }
    for column in [JobColumn::PcSerial, JobColumn::Uuid, JobColumn::DriveModel, JobColumn::DriveSerial] {
        let value = row.get(column);
        if is_excels(value) {
            wrong(texts.excel, value);
        } else if DeviceText::from(value).as_str() != value {
            wrong(texts.not_ascii, value);
        }
    }
    if row.get(JobColumn::PcSerial).is_empty() && row.get(JobColumn::Uuid).is_empty() {
        wrong(texts.no_pc, "");
    }
    if row.get(JobColumn::DriveModel).is_empty() {
        wrong(texts.no_model, "");
    }
    let (class, purpose) = (class(row.get(JobColumn::Class)), purpose(row.get(JobColumn::Purpose)));
    if class.is_none() {
        wrong(texts.class, row.get(JobColumn::Class));
    }
    if purpose.is_none() {
        wrong(texts.purpose, row.get(JobColumn::Purpose));
    }
    let given = |column| Some(row.get(column)).filter(|text| !text.is_empty());
    match (class, purpose) {
        (Some(class), Some(purpose)) if faults.is_empty() => Ok(JobPc {
            serial: given(JobColumn::PcSerial).map(Into::into),
            uuid: given(JobColumn::Uuid).map(|uuid| uuid.to_ascii_lowercase().as_str().into()),
            asset_number: asset.to_owned(),
            class,
            purpose,
            section: given(JobColumn::Section).map(str::to_owned),
            place: given(JobColumn::Place).map(str::to_owned),
            drives: vec![JobDrive {
                model: row.get(JobColumn::DriveModel).into(),
                serial: row.get(JobColumn::DriveSerial).into(),
            }],
        }),
        _ => Err(faults),
    }
}

fn told(problem: Problem, values: &[(&str, String)]) -> Told {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    tell(problem, &values)
}

/// In what two rows of one PC differ besides the drive.
fn differs(one: &JobPc, other: &JobPc) -> Option<JobColumn> {
    [
        (one.serial != other.serial, JobColumn::PcSerial),
        (one.uuid != other.uuid, JobColumn::Uuid),
        (one.class != other.class, JobColumn::Class),
        (one.purpose != other.purpose, JobColumn::Purpose),
        (one.section != other.section, JobColumn::Section),
        (one.place != other.place, JobColumn::Place),
    ]
    .into_iter()
    .find_map(|(differs, column)| differs.then_some(column))
}

/// `(2)`, `2`, `２`
fn class(cell: &str) -> Option<InformationClass> {
    let mut digits = cell.chars().filter(|c| !matches!(c, '(' | ')' | '（' | '）'));
    let (digit, None) = (digits.next()?, digits.next()) else { return None };
    let wide = |c: char| char::from_u32(u32::from(c).checked_sub(0xfee0)?);
    let digit = digit.to_digit(10).or_else(|| wide(digit)?.to_digit(10))?;
    InformationClass::try_from(u8::try_from(digit).ok()?).ok()
}

fn purpose(cell: &str) -> Option<JobPurpose> {
    match cell.to_ascii_lowercase().as_str() {
        "抹消" | "erase" => Some(JobPurpose::Erase),
        "引渡前の消去" | "引き渡し前の消去" | "引渡し前の消去" | "handover" => {
            Some(JobPurpose::Handover)
        }
        _ => None,
    }
}

/// `1.23457E+15`: what Excel shows in the place of a long number.
fn is_excels(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once("E+") else { return false };
    let digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits(mantissa) && digits(exponent)
}
