//! What only massho-log/3 can say: removed drives, labels, exceptions, and what was done by hand.

use super::{
    HDD, NVME, OVERWRITE, SEED, STICK, all_done, choices, close, finding, intent, last, lines, plan, step,
};
use super::{at, drives, hdd_result, left, open, witness};
use model::{
    ByHandNo, DriveNo, DriveResult, FailureReason, Handling, InformationClass, MediumKind, Outcome, StepKind,
    Technique, Verdict,
};
use record::{
    ByHand, Choices, Close, Confirm, Day, DrivesFrom, Entry, Exception, FinalOutcome, HandMedium,
    HandOutcome, Inventory, Label, LogWriter, PlannedAction, SessionKey, Witness,
};

pub const NO_1: ByHandNo = ByHandNo(1);
pub const NO_2: ByHandNo = ByHandNo(2);

pub fn day(text: &str) -> Day {
    Day::try_from(text.to_owned()).unwrap()
}

/// A medium that the PC does not see.
pub fn disc(no: ByHandNo) -> ByHand {
    ByHand {
        no,
        drive: None,
        medium: Some(HandMedium {
            kind: MediumKind::Optical,
            maker: String::new(),
            model: "DVD-R".into(),
            serial: String::new(),
        }),
        asset_number: "R8-00124".into(),
        handling: Handling::Destroyed,
        how: "シュレッダー".into(),
        by: "山田 太郎".into(),
        on: day("2026-11-23"),
        photo_expected: false,
        remarks: String::new(),
    }
}

/// A disk out of a PC that does not start.
pub fn disk(no: ByHandNo, handling: Handling) -> ByHand {
    let medium = HandMedium {
        kind: MediumKind::Hdd,
        maker: "東芝".into(),
        model: "MQ01".into(),
        serial: "78A1T".into(),
    };
    ByHand { medium: Some(medium), handling, how: "消磁機".into(), photo_expected: true, ..disc(no) }
}

/// A drive of the inventory.
pub fn of_drive(no: ByHandNo, drive: DriveNo, handling: Handling) -> ByHand {
    let how = "穴あけ機".to_owned();
    ByHand { drive: Some(drive), medium: None, asset_number: String::new(), handling, how, ..disc(no) }
}

pub fn comes_to(no: ByHandNo, outcome: Outcome, verdict: Option<Verdict>) -> HandOutcome {
    HandOutcome { no, outcome, verdict }
}

pub fn saw(name: &str, drives: Vec<DriveNo>, by_hand: Vec<ByHandNo>) -> Witness {
    Witness { drives, by_hand, ..witness(name) }
}

/// The lines of a log with this middle and this end.
pub fn lines_to(middle: Vec<Entry>, finals: Vec<FinalOutcome>, hands: Vec<HandOutcome>) -> Vec<u8> {
    let key = SessionKey::from_seed(&SEED);
    let close = Close { by_hand: hands, ..close(middle.len() + 2, finals) };
    let entries = std::iter::once(open(&key).into()).chain(middle).chain([close.into()]);
    let mut writer = LogWriter::new(key);
    let lines = (0..).zip(entries.collect::<Vec<Entry>>());
    lines.flat_map(|(second, entry)| writer.append(entry, at(second)).unwrap().bytes().to_vec()).collect()
}

/// Choices on a bench, in a session of what was done by hand only.
pub fn bench(class: InformationClass) -> Choices {
    Choices { drives_from: DrivesFrom::Bench, asset_number: String::new(), ..choices(class) }
}

/// A session of what was done by hand, and nothing else.
pub fn hands_only(class: InformationClass, hands: Vec<ByHand>, ends: Vec<HandOutcome>) -> Vec<u8> {
    hands_seen(class, hands, None, ends)
}

pub fn hands_seen(
    class: InformationClass,
    hands: Vec<ByHand>,
    witness: Option<Witness>,
    ends: Vec<HandOutcome>,
) -> Vec<u8> {
    let entries = std::iter::once(bench(class).into()).chain(hands.into_iter().map(Entry::from));
    lines_to(entries.chain(witness.map(Entry::from)).collect(), vec![], ends)
}

pub fn exception(drive: DriveNo) -> Exception {
    Exception {
        drive,
        reason: "専用コマンドがなく、破壊の予算は来年度".into(),
        measure: "施錠した部屋で保管".into(),
        approver: "鈴木 一郎".into(),
        deadline: day("2027-03-31"),
    }
}

pub fn awaiting(failure: Option<FailureReason>) -> DriveResult {
    DriveResult { outcome: Outcome::AwaitingApproval, failure, ..hdd_result() }
}

/// The disk overwritten in class (2), everything else left alone; under these exceptions, with that result.
pub fn excepted(
    class: InformationClass,
    exceptions: Vec<Exception>,
    result: DriveResult,
    witness: Option<Witness>,
    outcome: Outcome,
) -> Vec<u8> {
    let mut plan = plan();
    plan.drives[1].action = PlannedAction::Leave { reason: model::NotCovered::ByChoice };
    let overwrite = Technique::RandomOverwrite;
    let mut middle: Vec<Entry> = vec![
        Inventory { drives: drives(), unreachable: vec![] }.into(),
        Choices { exceptions, ..choices(class) }.into(),
        plan.into(),
        Confirm { digest: "ab".repeat(32), typed: "042137".into() }.into(),
        intent(HDD, OVERWRITE, "ChaCha20 stream, 1 pass, 512000000 bytes").into(),
        step(HDD, overwrite, StepKind::PassDone { pass: 1 }).into(),
        finding(HDD, result).into(),
        finding(NVME, DriveResult::not_covered(model::NotCovered::ByChoice)).into(),
        finding(STICK, left()).into(),
    ];
    middle.extend(witness.map(Entry::from));
    let verdict = match outcome {
        Outcome::Done => Verdict::MayBeReused,
        _ => Verdict::MustNotLeave,
    };
    let finals = vec![
        last(HDD, outcome, Some(verdict)),
        last(NVME, Outcome::NotCovered, None),
        last(STICK, Outcome::NotCovered, None),
    ];
    lines_to(middle, finals, vec![])
}

/// The disk is to be destroyed, and is handled by hand; everything else is erased as in the good log.
pub fn destroyed_on_the_spot(
    edit: impl FnOnce(&mut Vec<Entry>),
    hdd: FinalOutcome,
    hands: Vec<HandOutcome>,
) -> Vec<u8> {
    let mut middle = super::middle(InformationClass::Two);
    let mut planned = plan();
    planned.drives[0].action = PlannedAction::Destruct { clear_first: None };
    middle[2] = planned.into();
    middle[12] = finding(HDD, DriveResult::awaiting_destruction()).into();
    middle.retain(|entry| match entry {
        Entry::Intent(intent) => intent.drive != HDD,
        Entry::Step(step) => step.drive != HDD,
        _ => true,
    });
    edit(&mut middle);
    let mut finals = all_done();
    finals[0] = hdd;
    lines_to(middle, finals, hands)
}

/// The good log of drives out of other PCs: one tells no serial number.
pub fn on_a_bench(labels: Vec<Label>) -> Vec<u8> {
    let mut middle = super::middle(InformationClass::Three);
    middle[1] = Choices { labels, ..bench(InformationClass::Three) }.into();
    lines(middle, all_done()).concat()
}

pub fn label(drive: DriveNo) -> Label {
    Label { drive, asset_number: Some("R8-00777".into()), serial: None }
}
