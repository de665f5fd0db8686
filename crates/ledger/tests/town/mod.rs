//! A town's retired PCs and the sticks that went round: real signed logs, made by the writer of the appliance.
#![allow(unreachable_pub, missing_docs, dead_code, reason = "shared between test programs")]
#![allow(clippy::unwrap_used, reason = "a town that cannot be built is no test")]

pub mod hall;

use hall::Prepared;

use model::{
    Attempt, BlockErrors, BlockSize, Bus, ByteLen, Canaries, Capabilities, Count, Drive, DriveNo,
    DriveResult, Eligibility, Evidence, FailureReason, Identity, Ineligible, InformationClass, Lift, Medium,
    MediumSource, Method, NotCovered, Outcome, RawStatus, StepKind, Support, Technique, Verdict,
    Verification, VerificationKind, Witnessed,
};
use record::{
    At, Choices, Clock, ClockConfirmation, Close, CloseReason, Confirm, Declared, DrivesFrom, Entry,
    FinalOutcome, Finding, Format, Head12, Hex, Image, Intent, Inventory, KeyOrigin, Language, LogWriter,
    Open, Period, Plan, PlannedAction, PlannedDrive, PlannedErase, PolicyTable, PreviousSession, SessionKey,
    Step, StickState, TableOrigin, Tool, WallTime, Witness, WitnessStatement,
};
use std::fs;
use std::path::{Path, PathBuf};

/// 2026-11-23T01:45:00.
const BEGINNING: u64 = 1_795_398_300;
const CAPACITY: u64 = 512_000_000;

/// A drive in a PC.
#[derive(Debug, Clone)]
pub struct Disk {
    pub serial: String,
    pub medium: Medium,
}

impl Disk {
    pub fn hdd(serial: impl Into<String>) -> Self {
        Self { serial: serial.into(), medium: Medium::Hdd }
    }

    pub fn ssd(serial: impl Into<String>) -> Self {
        Self { serial: serial.into(), medium: Medium::Ssd }
    }

    fn identity(&self) -> Identity {
        let nvme = self.medium == Medium::Ssd;
        Identity {
            bus: if nvme { Bus::Nvme } else { Bus::Ata },
            maker: "".into(),
            model: if nvme { "KXG60ZNV256G TOSHIBA" } else { "WDC WD5000BPKX-00HPJT0" }.into(),
            serial: self.serial.as_str().into(),
            firmware: "01.01A01".into(),
            wwn: "".into(),
            namespace: nvme.into(),
            capacity: ByteLen(CAPACITY),
            block: BlockSize::B512,
        }
    }
}

/// A PC.
#[derive(Debug, Clone)]
pub struct Pc {
    pub asset: String,
    pub serial: String,
    pub disks: Vec<Disk>,
}

/// What becomes of a PC's drives in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Erased by the method that class (3) asks, or the stronger one of an SSD.
    Done,
    /// Cleared, to be destroyed by a contractor.
    Cleared,
    /// To be destroyed, and not touched.
    Untouched,
    /// The command was rejected.
    Failed,
    /// Said to be done by a method that the rule table does not allow for the class.
    NotAllowed,
    /// Left alone by choice.
    Left,
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Closed,
    /// Power was lost before the close entry.
    Cut,
}

/// A session that is to be.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub class: InformationClass,
    pub fate: Fate,
    pub end: End,
}

pub const DONE: Run = Run { class: InformationClass::Three, fate: Fate::Done, end: End::Closed };

/// A log's file.
#[derive(Debug, Clone)]
pub struct Log {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The twelve characters on the last screen.
    pub head: Head12,
}

/// A results stick.
#[derive(Debug, Default)]
pub struct Stick {
    pub serial: String,
    pub logs: Vec<Log>,
    /// How often it was emptied before; its days come after those of the lives before.
    pub life: u64,
    /// What the town's office put there.
    pub prepared: Option<Prepared>,
}

impl Stick {
    pub fn new(serial: &str) -> Self {
        Self { serial: serial.into(), ..Self::default() }
    }

    /// A session on this stick.
    pub fn run(&mut self, pc: &Pc, run: Run) -> &Log {
        let log = session(self, pc, run);
        self.logs.push(log);
        self.logs.last().unwrap()
    }

    /// The stick as a folder under this one.
    pub fn write(&self, under: &Path) -> PathBuf {
        let folder = under.join(&self.serial);
        fs::create_dir_all(folder.join(record::LOG_FOLDER)).unwrap();
        for log in &self.logs {
            fs::write(folder.join(record::LOG_FOLDER).join(&log.name), &log.bytes).unwrap();
        }
        if let Some(table) = self.prepared.as_ref().and_then(|prepared| prepared.table.as_ref()) {
            fs::create_dir_all(folder.join(record::OFFICE_FOLDER)).unwrap();
            fs::write(folder.join(record::OFFICE_FOLDER).join(record::POLICY_FILE), table).unwrap();
        }
        folder
    }

    /// When its next session begins, in seconds.
    fn begun(&self) -> u64 {
        100_000 * self.life + 1_000 * self.logs.len() as u64
    }

    /// The rule table that its sessions follow.
    fn policy(&self) -> PolicyTable {
        let table = self.prepared.as_ref().and_then(|prepared| prepared.table.as_ref());
        let Some(text) = table else {
            let version = "R8.3改定案 2026-03-16".into();
            return PolicyTable { version, origin: TableOrigin::Builtin, sha256: None };
        };
        let version = policy::Table::signed(text).unwrap().version;
        let sha256 = Some(record::hash_file(text.as_bytes()));
        PolicyTable { version, origin: TableOrigin::Signed, sha256 }
    }
}

fn at(second: u64) -> At {
    At { wall: WallTime::from_unix(BEGINNING + second), monotonic_ms: Count(20_000 + 1_000 * second) }
}

fn seed(stick: &Stick) -> [u8; 32] {
    let mut seed = [0; 32];
    let name = match stick.life {
        0 => format!("{}/{}", stick.serial, stick.logs.len()),
        life => format!("{}/{life}/{}", stick.serial, stick.logs.len()),
    };
    seed.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    seed
}

fn open(stick: &Stick, pc: &Pc, key: &SessionKey) -> Open {
    let text = String::new;
    let mut id = [0; 16];
    id.copy_from_slice(&key.public().bytes()[..16]);
    let open = Open {
        format: Format::V3,
        session: Hex(id),
        public_key: key.public(),
        key_origin: KeyOrigin::Unregistered,
        tool: Tool {
            name: "massho".into(),
            version: "0.1.0".into(),
            image: Image { version: text(), commit: text(), kernel: text(), cmdline: text() },
            program: None,
        },
        clock: Clock {
            wall: at(stick.begun()).wall,
            rtc_plausible: Some(true),
            confirmed_by_person: ClockConfirmation::Confirmed,
        },
        pc: record::Pc {
            maker: "LENOVO".into(),
            model: "ThinkPad L570".into(),
            serial: pc.serial.as_str().into(),
            uuid: "".into(),
        },
        stick: StickState {
            identity_fingerprint: Hex(key_of(&stick.serial)).to_string(),
            serial: stick.serial.as_str().into(),
            volume_id: "1A2B-3C4D".into(),
            session_counter: u32::try_from(stick.logs.len()).unwrap() + 1,
            previous: stick.logs.last().map(|log| PreviousSession {
                file: log.name.clone(),
                head: record::hash_line(
                    log.bytes.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap(),
                ),
            }),
        },
        credential: None,
        organisation_key: None,
    };
    let Some(Prepared { certificate, key, .. }) = &stick.prepared else { return open };
    let credential = Some(key.certify(certificate, &open));
    Open { key_origin: KeyOrigin::Stick, credential, ..open }
}

fn key_of(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    bytes
}

fn drives(pc: &Pc) -> Vec<Drive> {
    let drive = |(no, disk): (u16, &Disk)| Drive {
        no: DriveNo(no),
        identity: disk.identity(),
        medium: disk.medium,
        medium_source: match disk.medium {
            Medium::Hdd => MediumSource::RotationRate(7200),
            _ => MediumSource::Nvme,
        },
        capabilities: Capabilities([(Technique::RandomOverwrite, Support::Supported)].into()),
        eligibility: Eligibility::Eligible,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: format!("disk{no}").as_str().into(),
    };
    let mut drives: Vec<Drive> = (1..).zip(&pc.disks).map(drive).collect();
    let stick = Disk::hdd("4C530001");
    let no = u16::try_from(drives.len()).unwrap() + 1;
    drives.push(Drive {
        identity: Identity { bus: Bus::Usb, model: "Cruzer Blade".into(), ..stick.identity() },
        medium: Medium::UsbStick,
        medium_source: MediumSource::UsbRemovable,
        eligibility: Eligibility::Ineligible(vec![Ineligible::ResultsStick]),
        ..drive((no, &stick))
    });
    drives
}

fn overwrite(medium: Medium) -> PlannedErase {
    PlannedErase {
        method: Method::Clear,
        technique: Technique::RandomOverwrite,
        passes: if medium == Medium::Hdd { 1 } else { 2 },
        verification: VerificationKind::FullStream,
        lift: Lift::Nothing,
    }
}

const FORMAT: PlannedErase = PlannedErase {
    method: Method::Purge,
    technique: Technique::NvmeFormatUserData,
    passes: 0,
    verification: VerificationKind::FullConstant,
    lift: Lift::Nothing,
};

fn action(drive: &Drive, fate: Fate) -> PlannedAction {
    match fate {
        _ if !drive.eligibility.is_eligible() => PlannedAction::Leave { reason: NotCovered::Ineligible },
        Fate::Left => PlannedAction::Leave { reason: NotCovered::ByChoice },
        Fate::Untouched => PlannedAction::Destruct { clear_first: None },
        Fate::Cleared => PlannedAction::Destruct { clear_first: Some(overwrite(drive.medium)) },
        Fate::Done | Fate::Failed if drive.medium == Medium::Ssd => PlannedAction::Erase { how: FORMAT },
        Fate::Done | Fate::Failed | Fate::NotAllowed => PlannedAction::Erase { how: overwrite(drive.medium) },
    }
}

fn evidence(how: PlannedErase) -> Evidence {
    let command = how.technique != Technique::RandomOverwrite;
    let status = RawStatus { name: "nvme-status".into(), value: "0000h".into() };
    let attempt = Attempt {
        technique: how.technique,
        command: "as it was sent".into(),
        passes: how.passes,
        raw_status: if command { vec![status] } else { vec![] },
    };
    let whole = ByteLen(CAPACITY);
    Evidence {
        attempts: vec![attempt],
        canaries: command.then_some(Canaries { planted: 64, surviving: 0, unreadable: 0 }),
        verification: Some(Verification {
            kind: how.verification,
            bytes: whole,
            of: whole,
            seed: String::new(),
            found: None,
        }),
        errors: BlockErrors::default(),
        hidden: None,
    }
}

fn steps(drive: DriveNo, how: PlannedErase) -> Vec<Entry> {
    let step = |what| Step { drive, technique: how.technique, what, raw_status: vec![] }.into();
    match how.technique {
        Technique::RandomOverwrite => {
            (1..=how.passes).map(|pass| step(StepKind::PassDone { pass })).collect()
        }
        _ => vec![step(StepKind::CanariesPlanted { count: 64 }), step(StepKind::Ended)],
    }
}

fn result(action: PlannedAction, fate: Fate) -> DriveResult {
    let Some(how) = action.erase() else {
        return match action {
            PlannedAction::Leave { reason } => DriveResult::not_covered(reason),
            _ => DriveResult::awaiting_destruction(),
        };
    };
    let failed = fate == Fate::Failed;
    DriveResult {
        outcome: match action {
            PlannedAction::Destruct { .. } => Outcome::AwaitingDestruction,
            _ if failed => Outcome::Failed,
            _ => Outcome::Done,
        },
        asked: action.asked(),
        achieved: (!failed).then_some(how.method),
        failure: failed.then(|| FailureReason::CommandRejected("status 4286h".into())),
        not_covered: None,
        evidence: evidence(how),
    }
}

fn middle(pc: &Pc, run: Run, policy: PolicyTable) -> (Vec<Entry>, Vec<FinalOutcome>) {
    let drives = drives(pc);
    let digest = "ab".repeat(32);
    let lines = drives.iter().map(|drive| PlannedDrive {
        drive: drive.no,
        identity_fingerprint: drive.identity.fingerprint(),
        action: action(drive, run.fate),
        rejected: vec![],
    });
    let plan = Plan { digest: digest.clone(), drives: lines.collect() };
    let choices = Choices {
        operator: "山田 太郎".into(),
        drives_from: DrivesFrom::ThisPc,
        asset_number: pc.asset.clone(),
        witness: None,
        class: run.class,
        policy,
        language: Language::Ja,
        attestations: vec![],
        labels: vec![],
        exceptions: vec![],
        declared: Declared::default(),
    };
    let inventory = Inventory { drives: drives.clone(), unreachable: vec![] };
    let confirm = Confirm { digest, typed: "042137".into() };
    let mut entries: Vec<Entry> = vec![inventory.into(), choices.into(), plan.clone().into(), confirm.into()];
    let mut finals = Vec::new();
    for (drive, line) in drives.iter().zip(&plan.drives) {
        if let Some(how) = line.action.erase() {
            entries.push(intent(drive, how).into());
            entries.extend(steps(drive.no, how));
        }
        let result = result(line.action, run.fate);
        let period = line.action.erase().map(|_| Period { began: at(60), ended: at(600) });
        entries.push(Finding { drive: drive.no, period, result: result.clone() }.into());
        let result = result.under_class(run.class, Witnessed::Yes);
        let (outcome, verdict): (Outcome, Option<Verdict>) = (result.outcome, result.verdict());
        finals.push(FinalOutcome { drive: drive.no, outcome, verdict });
    }
    if run.class.needs_witness() {
        let (name, statement) = ("鈴木 花子".into(), WitnessStatement::SawMethodCarriedOut);
        entries.push(
            Witness {
                name,
                statement,
                drives: drives.iter().map(|drive| drive.no).collect(),
                by_hand: vec![],
            }
            .into(),
        );
    }
    (entries, finals)
}

fn intent(drive: &Drive, how: PlannedErase) -> Intent {
    Intent {
        drive: drive.no,
        identity_fingerprint: drive.identity.fingerprint(),
        serial: drive.identity.serial.clone(),
        technique: how.technique,
        command: "as it was sent".into(),
        canary_seed: None,
        password: None,
    }
}

fn session(stick: &Stick, pc: &Pc, run: Run) -> Log {
    let key = SessionKey::from_seed(&seed(stick));
    let open = open(stick, pc, &key);
    let begun = stick.begun();
    let name = format!("{}-{:.8}.jsonl", at(begun).wall.compact(), open.session.to_string());
    let (entries, finals) = middle(pc, run, stick.policy());
    let mut writer = LogWriter::new(key);
    let mut bytes = Vec::new();
    for (second, entry) in (begun..).zip(std::iter::once(Entry::from(open)).chain(entries)) {
        bytes.extend(writer.append(entry, at(second)).unwrap().bytes());
    }
    if run.end == End::Closed {
        let entries = writer.entries_with_next();
        let close = Close { reason: CloseReason::Finished, drives: finals, by_hand: vec![], entries };
        bytes.extend(writer.append(close, at(begun + 900)).unwrap().bytes());
    }
    Log { name, bytes, head: writer.head12() }
}
