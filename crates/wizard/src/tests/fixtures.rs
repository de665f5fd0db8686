//! A PC, its sticks, and a person who types.

use crate::people::PeopleFocus;
use crate::{
    Basis, ClockState, CloseInfo, Console, Effect, JobView, Journal, Key, Language, Model, Msg, Phase,
    ScanState, Setup, StickCandidate, StickInfo, StickNo, StickProblem, StickState, Voucher, VoucherCheck,
    update, view,
};
use model::{
    BlockSize, Bus, ByteLen, Capabilities, Drive, DriveNo, DriveResult, Eligibility, Evidence, FailureReason,
    Identity, Ineligible, Medium, MediumSource, Method, Outcome, Support, Technique, Verification,
    VerificationKind,
};
use policy::{Table, TableOrigin};
use ratatui::style::{Color, Modifier};
use ratatui::{Terminal, backend::TestBackend};
use unicode_width::UnicodeWidthStr;

const ABOUT: &str = "massho 0.1.0  0123456789ab  bea3d30ad22818267aae0a979e1ae135";

pub(super) fn model(console: Console) -> Model {
    let table = Table::builtin().unwrap();
    Model::new(Setup {
        console,
        table,
        origin: TableOrigin::Builtin,
        pc_serial: "5CG1234ABC".into(),
        about: ABOUT.into(),
        keyboard: (console == Console::Full).then_some(crate::Keyboard::Jp),
    })
    .unwrap()
}

pub(super) fn drive(no: u16, bus: Bus, medium: Medium, name: &str, serial: &str, capacity: u64) -> Drive {
    Drive {
        no: DriveNo(no),
        identity: Identity {
            bus,
            maker: "".into(),
            model: name.into(),
            serial: serial.into(),
            firmware: "1.0".into(),
            wwn: "".into(),
            namespace: u32::from(bus == Bus::Nvme),
            capacity: ByteLen(capacity),
            block: BlockSize::B512,
        },
        medium,
        medium_source: match medium {
            Medium::Hdd => MediumSource::RotationRate(7200),
            Medium::Ssd if bus == Bus::Nvme => MediumSource::Nvme,
            Medium::Ssd => MediumSource::NonRotating,
            Medium::UsbStick => MediumSource::UsbRemovable,
            Medium::Optical => MediumSource::OpticalType,
        },
        capabilities: Capabilities::default(),
        eligibility: Eligibility::Eligible,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: match bus {
            Bus::Nvme => "nvme0n1".into(),
            _ => format!("sd{}", char::from(b'a' + u8::try_from(no).unwrap())).as_str().into(),
        },
    }
}

/// A disk, an NVMe drive that can Format, a SATA SSD that is frozen, a USB stick, and our two sticks.
pub(super) fn drives() -> Vec<Drive> {
    let mut nvme = drive(2, Bus::Nvme, Medium::Ssd, "KXG60ZNV512G TOSHIBA", "Y9KS11A2TY5Z", 512_110_190_592);
    nvme.capabilities.0.insert(Technique::NvmeFormatUserData, Support::Supported);
    let mut ssd =
        drive(3, Bus::Ata, Medium::Ssd, "Samsung SSD 860 EVO 250GB", "S3YJNX0K512345F", 250_059_350_016);
    ssd.capabilities.0.insert(Technique::AtaSecurityEraseEnhanced, Support::Frozen);
    let mut results =
        drive(5, Bus::Usb, Medium::UsbStick, "DataTraveler 3.0", "E0D55EA5741E1", 15_502_147_584);
    results.eligibility = Eligibility::Ineligible(vec![Ineligible::ResultsStick]);
    let mut boot = drive(6, Bus::Usb, Medium::UsbStick, "USB DISK", "", 4_005_527_552);
    boot.eligibility = Eligibility::Ineligible(vec![Ineligible::BootStick]);
    vec![
        drive(1, Bus::Ata, Medium::Hdd, "WDC WD5000BPKX-00HPJT0", "WD-WX11A23B4567", 500_107_862_016),
        nvme,
        ssd,
        drive(4, Bus::Usb, Medium::UsbStick, "Cruzer Blade", "4C530001230112", 8_004_304_896),
        results,
        boot,
    ]
}

pub(super) fn sticks() -> Vec<StickCandidate> {
    let stick = |no, name: &str, serial: &str, capacity, state| StickCandidate {
        no: StickNo(no),
        model: name.into(),
        serial: serial.into(),
        capacity: ByteLen(capacity),
        free: Some(ByteLen(capacity / 10 * 9)),
        label: "MASSHO".into(),
        state,
    };
    vec![
        stick(1, "DataTraveler 3.0", "E0D55EA5741E1", 15_502_147_584, StickState::HasLogs { sessions: 12 }),
        stick(2, "Cruzer Blade", "4C530001230112", 8_004_304_896, StickState::NotFat("ntfs".into())),
        stick(3, "USB DISK", "", 4_005_527_552, StickState::BootStick),
    ]
}

pub(super) fn stick_info() -> StickInfo {
    StickInfo {
        no: StickNo(1),
        label: "MASSHO".into(),
        sessions_so_far: 12,
        fingerprint: "7f3a 91c2 0b5e d468".into(),
        free: ByteLen(13_951_932_825),
        voucher: Voucher::Blank,
        past: Vec::new(),
        remembered: None,
        lists: None,
        assets: None,
    }
}

/// The same stick, prepared by an office.
pub(super) fn prepared(check: VoucherCheck) -> StickInfo {
    StickInfo { voucher: Voucher::Prepared { organisation: "架空市".into(), check }, ..stick_info() }
}

/// On to the passphrase screen.
pub(super) fn at_passphrase(language: Language, check: VoucherCheck) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(prepared(check))));
    model
}

pub(super) fn send(model: &mut Model, msg: Msg) {
    assert_eq!(update(model, msg), Vec::new());
}

pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    update(model, Msg::Key(key)).into_iter().filter(|effect| *effect != Effect::ClaimSeat).collect()
}

pub(super) fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        assert_eq!(press(model, Key::Char(c)), Vec::new());
    }
}

/// A model on whose screens a PC has been found.
pub(super) fn booted(language: Language) -> Model {
    let mut model = model(Console::Full);
    send(&mut model, Msg::Resized { width: 80, height: 24 });
    send(&mut model, Msg::Clock { wall: "2026-04-01 10:15".into(), state: ClockState::Plausible });
    send(&mut model, Msg::Sticks(sticks()));
    send(&mut model, Msg::Drives(drives()));
    send(&mut model, Msg::Scan(ScanState::Done));
    press(&mut model, Key::Char(if language == Language::Ja { '1' } else { '2' }));
    model
}

/// On to the people screen.
pub(super) fn with_stick(language: Language) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    assert_eq!(press(&mut model, Key::Enter), [Effect::OpenStick(StickNo(1))]);
    send(&mut model, Msg::StickOpened(Ok(stick_info())));
    press(&mut model, Key::Enter);
    model
}

/// On to the class screen.
pub(super) fn with_people(language: Language) -> Model {
    let mut model = with_stick(language);
    fill_people(&mut model, language);
    model
}

/// From the form of people on to the class screen.
pub(super) fn fill_people(model: &mut Model, language: Language) {
    type_text(model, if language == Language::Ja { "山田太郎" } else { "Yamada Taro" });
    // Past the witness, the section, the place and whoever permitted it.
    for _ in 0..5 {
        press(model, Key::Enter);
    }
    press(model, Key::Char(' '));
    press(model, Key::Enter);
    while model.people.focus != PeopleFocus::Asset {
        press(model, Key::Enter);
    }
    type_text(model, "PC-2019-0421");
    press(model, Key::Enter);
    press(model, Key::Char(' '));
    press(model, Key::Enter);
}

/// On to the plan of a class, by its line on the class screen.
pub(super) fn with_plan(language: Language, class: char) -> Model {
    let mut model = with_people(language);
    press(&mut model, Key::Char(class));
    press(&mut model, Key::Enter);
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::BeginSession(_)]));
    send(&mut model, Msg::Journal(Journal::Saved));
    model
}

/// On to the progress screen.
pub(super) fn confirmed(language: Language, class: char) -> Model {
    let mut model = with_plan(language, class);
    confirm_plan(&mut model);
    model
}

/// From the plan on to the progress screen, by reading the list and typing the number.
pub(super) fn confirm_plan(model: &mut Model) {
    press(model, Key::Enter);
    while !model.has_seen_all() {
        press(model, Key::Down);
    }
    let code = model.plan().unwrap().digest().code();
    type_text(model, &code);
    assert!(matches!(press(model, Key::Enter).as_slice(), [Effect::Confirmed { .. }]));
}

pub(super) fn job(phase: Phase, percent: u64, basis: Basis) -> JobView {
    let of = 500_107_862_016;
    let (done, rate) = (of / 100 * percent, Some(ByteLen(118_200_000)));
    JobView { phase, done, of, basis, rate, remaining: Some((100 - percent) * 42) }
}

pub(super) fn done(method: Method) -> DriveResult {
    DriveResult {
        outcome: Outcome::Done,
        asked: Some(method),
        achieved: Some(method),
        failure: None,
        not_covered: None,
        evidence: Evidence { verification: Some(read_back(method)), ..Evidence::default() },
    }
}

/// As much as is read back after a method.
fn read_back(method: Method) -> Verification {
    let (kind, bytes) = match method {
        Method::Clear => (VerificationKind::FullStream, ByteLen(500_107_862_016)),
        Method::Purge | Method::Destruct => (VerificationKind::Sampled, ByteLen(62_513_482_752)),
    };
    Verification { kind, bytes, of: ByteLen(500_107_862_016), seed: String::new(), found: None }
}

/// How it ended for one drive.
pub(super) fn result(model: &Model, no: DriveNo) -> DriveResult {
    let lines = model.result_lines();
    model.result(lines.iter().find(|line| line.drive == no).unwrap()).unwrap()
}

/// As long as a drive's texts may be (ATA: 40 and 20 characters), of the kind that takes the most words, and many of them.
pub(super) fn wordy_drives() -> Vec<Drive> {
    (1..=12)
        .map(|no| {
            let (bus, medium) = if no % 2 == 0 { (Bus::Usb, Medium::Ssd) } else { (Bus::Ata, Medium::Ssd) };
            let serial = format!("{no:02}").repeat(10);
            let mut drive = drive(no, bus, medium, &"MODEL-1234".repeat(4), &serial, 1_000_204_886_016);
            drive.medium_source = MediumSource::AssumedFlash;
            if no % 3 == 0 {
                let none = model::HiddenArea::None;
                drive.hidden = model::HiddenAreas { hpa: none, dco: none, amax: none };
                drive.capabilities.0.insert(Technique::AtaSanitizeBlockErase, Support::Supported);
            }
            drive
        })
        .collect()
}

/// A disk that nobody has seen yet.
pub(super) fn late_drive() -> Drive {
    drive(7, Bus::Scsi, Medium::Hdd, "ST600MM0006", "S0M1LATE", 600_127_266_816)
}

/// The same PC, with one more drive.
pub(super) fn drives_and(more: Drive) -> Vec<Drive> {
    drives().into_iter().chain([more]).collect()
}

/// Drives of which the disk is part of a RAID and cannot be handled here.
pub(super) fn drives_with_a_held_disk() -> Vec<Drive> {
    let mut drives = drives();
    let held = Eligibility::Ineligible(vec![Ineligible::HeldBy("md0".into())]);
    drives.iter_mut().take(1).for_each(|drive| drive.eligibility = held.clone());
    drives
}

/// On to the results of a PC whose disk cannot be handled here.
pub(super) fn finished_with_a_held_disk(language: Language) -> Model {
    let mut model = plan_with_a_held_disk(language);
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    send(&mut model, Msg::JobFinished(DriveNo(3), done(Method::Clear)));
    model
}

/// On to the plan of a PC whose disk cannot be handled here, in class (3).
pub(super) fn plan_with_a_held_disk(language: Language) -> Model {
    let mut model = with_people(language);
    send(&mut model, Msg::Drives(drives_with_a_held_disk()));
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Journal(Journal::Saved));
    model
}

/// The log is on the stick and contradicts itself.
pub(super) fn not_verified() -> StickProblem {
    StickProblem::NotVerified("line 41: seq".into())
}

pub(super) fn failed(reason: FailureReason) -> DriveResult {
    DriveResult { outcome: Outcome::Failed, achieved: None, failure: Some(reason), ..done(Method::Clear) }
}

pub(super) fn cleared_before_handover() -> DriveResult {
    DriveResult {
        outcome: Outcome::AwaitingDestruction,
        asked: Some(Method::Destruct),
        ..done(Method::Clear)
    }
}

/// On to the results: every planned erasure succeeded.
pub(super) fn finished(language: Language, class: char) -> Model {
    let mut model = confirmed(language, class);
    let plan = model.plan().unwrap().clone();
    for drive in plan.drives {
        if let Some(erase) = drive.action.erase() {
            let result = match drive.action {
                policy::Action::ClearThenDestruct(_) => cleared_before_handover(),
                _ => done(erase.method),
            };
            send(&mut model, Msg::JobFinished(drive.drive, result));
        }
    }
    model
}

/// Which log it is, for a QR code.
pub(super) const SUMMARY: &str = "MASSHO1/7F3A91C2ABABABABABABABABABABABAB/\
    9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F9E0F/1042";

pub(super) fn close_info() -> CloseInfo {
    CloseInfo {
        head12: "K7QM4TX2P9ZD".into(),
        file: "massho/20260401T011500Z-7f3a91c2.jsonl".into(),
        summary: Some(SUMMARY.into()),
    }
}

/// What the colours of the screen are: a letter for each cell that has one, or is bold, reversed or underlined.
pub(super) fn colours(model: &Model) -> String {
    let (width, height) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view(model, frame)).unwrap();
    let letter = |cell: &ratatui::buffer::Cell| match (cell.bg, cell.fg, cell.modifier) {
        (Color::Blue, ..) => 't',
        (Color::Red, ..) => 'D',
        (Color::Green, ..) => 'O',
        (Color::Yellow, ..) => 'A',
        (Color::Black, ..) => 'q',
        (_, Color::Green, _) => 'g',
        (_, Color::Yellow, _) => 'w',
        (_, Color::Red, _) => 'b',
        (_, _, modifier) if modifier.contains(Modifier::REVERSED) => 'r',
        (_, _, modifier) if modifier.contains(Modifier::UNDERLINED) => 'u',
        (_, _, modifier) if modifier.contains(Modifier::BOLD) => 's',
        (Color::Reset, Color::Reset, _) => ' ',
        other => panic!("a style without a letter: {other:?}"),
    };
    let mut text = String::new();
    for row in terminal.backend().buffer().content.chunks(usize::from(width)) {
        let (mut letters, mut covered) = (String::new(), 0);
        for cell in row {
            // The right half of a wide character is its left half's.
            let last = letters.chars().last().filter(|_| covered > 0);
            letters.push(last.unwrap_or_else(|| letter(cell)));
            covered = if covered > 0 { covered - 1 } else { cell.symbol().width().saturating_sub(1) };
        }
        text.push_str(letters.trim_end());
        text.push('\n');
    }
    text
}

/// What the screen shows, as text; a wide character takes its two columns.
pub(super) fn screen(model: &Model) -> String {
    let (width, height) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view(model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let mut text = String::new();
    for y in 0..height {
        let mut row = String::new();
        let mut x = 0;
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap();
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
