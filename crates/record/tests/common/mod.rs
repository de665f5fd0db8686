//! A whole session to test with: a disk and an NVMe drive erased, a USB stick left alone.
#![allow(dead_code, reason = "each test program uses its own part of this")]
#![allow(unreachable_pub, missing_docs, reason = "shared between test programs")]

pub mod hand;
pub mod office;

use ed25519_dalek::Signer;
use model::{
    Attempt, BlockErrors, BlockSize, Bus, ByteLen, Canaries, Capabilities, Count, Drive, DriveNo,
    DriveResult, Eligibility, Evidence, Identity, Ineligible, InformationClass, Medium, MediumSource, Method,
    NotCovered, Outcome, RawStatus, Support, Technique, Verdict, Verification, VerificationKind,
};
use record::{
    At, Choices, Clock, ClockConfirmation, Close, CloseReason, Confirm, Declared, DrivesFrom, Entry,
    FinalOutcome, Finding, Format, Hex, Image, Intent, Inventory, KeyOrigin, Language, LogWriter, Notice,
    NoticeCode, Open, Pc, Period, Plan, PlannedAction, PlannedDrive, PlannedErase, PolicyTable, Rejected,
    SessionKey, Step, StickState, TableOrigin, Tool, WallTime, Witness, WitnessStatement,
};

pub const SEED: [u8; 32] = [7; 32];
pub const HDD: DriveNo = DriveNo(1);
pub const NVME: DriveNo = DriveNo(2);
pub const STICK: DriveNo = DriveNo(3);
/// 2026-11-23T01:45:00Z.
const BEGINNING: u64 = 1_795_398_300;

pub fn at(second: u64) -> At {
    At { wall: WallTime::from_unix(BEGINNING + second), monotonic_ms: Count(20_000 + 1_000 * second) }
}

pub fn open(key: &SessionKey) -> Open {
    Open {
        format: Format::V3,
        session: Hex(*b"a test's session"),
        public_key: key.public(),
        key_origin: KeyOrigin::Unregistered,
        tool: Tool {
            name: "massho".into(),
            version: "0.1.0".into(),
            image: Image {
                version: "0.1.0".into(),
                commit: "0000000".into(),
                kernel: "6.12.57+deb13-amd64".into(),
                cmdline: "quiet".into(),
            },
            program: Some(Hex([0x5a; 32])),
        },
        clock: Clock {
            wall: at(0).wall,
            rtc_plausible: Some(true),
            confirmed_by_person: ClockConfirmation::Confirmed,
        },
        pc: Pc {
            maker: "LENOVO".into(),
            model: "ThinkPad L570".into(),
            serial: "PF0ABCDE".into(),
            uuid: "".into(),
        },
        stick: StickState {
            identity_fingerprint: String::new(),
            serial: "4C530001".into(),
            volume_id: "1A2B-3C4D".into(),
            session_counter: 1,
            previous: None,
        },
        credential: None,
        organisation_key: None,
    }
}

fn identity(bus: Bus, model: &str, serial: &str, capacity: u64) -> Identity {
    Identity {
        bus,
        maker: "".into(),
        model: model.into(),
        serial: serial.into(),
        firmware: "01.01A01".into(),
        wwn: "".into(),
        namespace: u32::from(bus == Bus::Nvme),
        capacity: ByteLen(capacity),
        block: BlockSize::B512,
    }
}

pub fn drives() -> Vec<Drive> {
    let drive = |no, identity, medium, medium_source, position: &str| Drive {
        no,
        identity,
        medium,
        medium_source,
        capabilities: Capabilities([(Technique::RandomOverwrite, Support::Supported)].into()),
        eligibility: Eligibility::Eligible,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: position.into(),
    };
    let hdd = identity(Bus::Ata, "WDC WD5000BPKX-00HPJT0", "WD-WX11A1234567", 512_000_000);
    let nvme = identity(Bus::Nvme, "SAMSUNG MZVLB256HAHQ", "S425NX0M123456", 256_000_000);
    let usb = identity(Bus::Usb, "Cruzer Blade", "4C530001", 8_000_000);
    vec![
        drive(HDD, hdd, Medium::Hdd, MediumSource::RotationRate(7200), "sda"),
        drive(NVME, nvme, Medium::Ssd, MediumSource::Nvme, "nvme0n1"),
        Drive {
            eligibility: Eligibility::Ineligible(vec![Ineligible::ResultsStick]),
            ..drive(STICK, usb, Medium::UsbStick, MediumSource::UsbRemovable, "sdb")
        },
    ]
}

pub fn fingerprint(no: DriveNo) -> String {
    drives().iter().find(|drive| drive.no == no).map(|drive| drive.identity.fingerprint()).unwrap()
}

pub fn choices(class: InformationClass) -> Choices {
    Choices {
        operator: "山田 太郎".into(),
        drives_from: DrivesFrom::ThisPc,
        asset_number: "R8-00123".into(),
        witness: None,
        class,
        policy: PolicyTable {
            version: "R8.3改定案 2026-03-16".into(),
            origin: TableOrigin::Builtin,
            sha256: None,
        },
        language: Language::Ja,
        attestations: Vec::new(),
        labels: Vec::new(),
        exceptions: Vec::new(),
        declared: Declared { section: Some("市民課".into()), ..Declared::default() },
    }
}

pub const OVERWRITE: PlannedErase = PlannedErase {
    method: Method::Clear,
    technique: Technique::RandomOverwrite,
    passes: 1,
    verification: VerificationKind::FullStream,
    lift: model::Lift::Nothing,
};
pub const FORMAT_NVM: PlannedErase = PlannedErase {
    method: Method::Purge,
    technique: Technique::NvmeFormatUserData,
    passes: 0,
    verification: VerificationKind::FullConstant,
    lift: model::Lift::Nothing,
};

pub fn plan() -> Plan {
    let line = |drive, action| PlannedDrive {
        drive,
        identity_fingerprint: fingerprint(drive),
        action,
        rejected: vec![Rejected {
            technique: Technique::NvmeFormatCrypto,
            why: "not-in-this-version".into(),
        }],
    };
    Plan {
        digest: "ab".repeat(32),
        drives: vec![
            line(HDD, PlannedAction::Erase { how: OVERWRITE }),
            line(NVME, PlannedAction::Erase { how: FORMAT_NVM }),
            line(STICK, PlannedAction::Leave { reason: NotCovered::Ineligible }),
        ],
    }
}

pub fn intent(drive: DriveNo, how: PlannedErase, command: &str) -> Intent {
    let serial = drives().into_iter().find(|d| d.no == drive).unwrap().identity.serial;
    Intent {
        drive,
        identity_fingerprint: fingerprint(drive),
        serial,
        technique: how.technique,
        command: command.into(),
        canary_seed: (how.passes == 0).then(|| "5eed".repeat(16)),
        password: None,
    }
}

pub fn step(drive: DriveNo, technique: Technique, what: model::StepKind) -> Step {
    Step { drive, technique, what, raw_status: vec![] }
}

fn done(method: Method, evidence: Evidence) -> DriveResult {
    DriveResult {
        outcome: Outcome::Done,
        asked: Some(method),
        achieved: Some(method),
        failure: None,
        not_covered: None,
        evidence,
    }
}

fn read_back(kind: VerificationKind, capacity: u64) -> Option<Verification> {
    Some(Verification {
        kind,
        bytes: ByteLen(capacity),
        of: ByteLen(capacity),
        seed: String::new(),
        found: None,
    })
}

pub fn hdd_result() -> DriveResult {
    let attempt = Attempt {
        technique: Technique::RandomOverwrite,
        command: "ChaCha20 stream, 1 pass, 512000000 bytes".into(),
        passes: 1,
        raw_status: vec![],
    };
    let verification = read_back(VerificationKind::FullStream, 512_000_000);
    done(
        Method::Clear,
        Evidence {
            attempts: vec![attempt],
            canaries: None,
            verification,
            errors: BlockErrors::default(),
            hidden: None,
        },
    )
}

pub fn nvme_result() -> DriveResult {
    let attempt = Attempt {
        technique: Technique::NvmeFormatUserData,
        command: "NVMe 80h CDW10=00000200h NSID=1".into(),
        passes: 0,
        raw_status: vec![RawStatus { name: "nvme-status".into(), value: "0000".into() }],
    };
    let canaries = Some(Canaries { planted: 64, surviving: 0, unreadable: 0 });
    let verification = read_back(VerificationKind::FullConstant, 256_000_000);
    done(
        Method::Purge,
        Evidence {
            attempts: vec![attempt],
            canaries,
            verification,
            errors: BlockErrors::default(),
            hidden: None,
        },
    )
}

pub fn finding(drive: DriveNo, result: DriveResult) -> Finding {
    let period = result.achieved.map(|_| Period { began: at(60), ended: at(600) });
    Finding { drive, period, result }
}

pub fn left() -> DriveResult {
    DriveResult::not_covered(NotCovered::Ineligible)
}

pub fn last(drive: DriveNo, outcome: Outcome, verdict: Option<Verdict>) -> FinalOutcome {
    FinalOutcome { drive, outcome, verdict }
}

pub fn witness(name: &str) -> Witness {
    Witness {
        name: name.into(),
        statement: WitnessStatement::SawMethodCarriedOut,
        drives: vec![HDD, NVME],
        by_hand: vec![],
    }
}

/// Everything of a good session between `open` and `close`.
pub fn middle(class: InformationClass) -> Vec<Entry> {
    let (overwrite, format) = (Technique::RandomOverwrite, Technique::NvmeFormatUserData);
    vec![
        Inventory { drives: drives(), unreachable: vec![] }.into(),
        choices(class).into(),
        plan().into(),
        Confirm { digest: "ab".repeat(32), typed: "042137".into() }.into(),
        intent(HDD, OVERWRITE, "ChaCha20 stream, 1 pass, 512000000 bytes").into(),
        intent(NVME, FORMAT_NVM, "NVMe 80h CDW10=00000200h NSID=1").into(),
        step(NVME, format, model::StepKind::CanariesPlanted { count: 64 }).into(),
        step(HDD, overwrite, model::StepKind::Accepted).into(),
        step(NVME, format, model::StepKind::Ended).into(),
        Notice { code: NoticeCode::Other, drive: None, detail: "右から\u{202e}左へ\u{1b}[2J".into() }.into(),
        finding(NVME, nvme_result()).into(),
        step(HDD, overwrite, model::StepKind::PassDone { pass: 1 }).into(),
        finding(HDD, hdd_result()).into(),
        finding(STICK, left()).into(),
    ]
}

pub fn close(entries: usize, drives: Vec<FinalOutcome>) -> Close {
    Close { reason: CloseReason::Finished, drives, by_hand: vec![], entries: u32::try_from(entries).unwrap() }
}

pub fn all_done() -> Vec<FinalOutcome> {
    let reused = Some(Verdict::MayBeReused);
    vec![
        last(HDD, Outcome::Done, reused),
        last(NVME, Outcome::Done, reused),
        last(STICK, Outcome::NotCovered, None),
    ]
}

/// The lines of a log with this middle.
pub fn lines(middle: Vec<Entry>, finals: Vec<FinalOutcome>) -> Vec<Vec<u8>> {
    lines_after(open(&SessionKey::from_seed(&SEED)), middle, finals)
}

/// The lines of a log that begins so.
pub fn lines_after(open: Open, middle: Vec<Entry>, finals: Vec<FinalOutcome>) -> Vec<Vec<u8>> {
    let key = SessionKey::from_seed(&SEED);
    let close = close(middle.len() + 2, finals);
    let entries = std::iter::once(open.into()).chain(middle).chain([close.into()]);
    let entries: Vec<Entry> = entries.collect();
    let mut writer = LogWriter::new(key);
    (0..)
        .zip(entries)
        .map(|(second, entry)| writer.append(entry, at(second)).unwrap().bytes().to_vec())
        .collect()
}

pub fn good_lines() -> Vec<Vec<u8>> {
    lines(middle(InformationClass::Three), all_done())
}

/// Seals a line by FORMAT.md rather than by the crate: `text` is the line up to the signature.
pub fn seal(seed: [u8; 32], text: &str) -> Vec<u8> {
    let key = ed25519_dalek::SigningKey::from_bytes(&seed);
    let signature = key.sign(&[b"massho-log-entry-v1\0", text.as_bytes()].concat());
    format!("{text},\"sig\":\"{}\"}}\n", hex::encode(signature.to_bytes())).into_bytes()
}

/// The signed part of a line.
pub fn unsealed(line: &[u8]) -> String {
    String::from_utf8(line[..line.len() - record::SUFFIX_LEN - 1].to_vec()).unwrap()
}
