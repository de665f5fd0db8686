//! A PC whose drives are not ready: frozen, locked, erasing themselves, hiding space, wanting an attestation.

use super::fixtures::*;
use crate::{Basis, Effect, Journal, Key, Language, Model, Msg, Phase};
use model::{
    Bus, ByteLen, Condition, Conditions, Drive, DriveNo, Eligibility, HiddenArea, HiddenAreas, Ineligible,
    Medium, Support, Technique,
};

/// The drives of such a PC, by what is the matter with them.
pub(super) const HIDING: DriveNo = DriveNo(1);
pub(super) const FROZEN: DriveNo = DriveNo(2);
pub(super) const LOCKED: DriveNo = DriveNo(3);
pub(super) const BUSY: DriveNo = DriveNo(4);
pub(super) const SEALED: DriveNo = DriveNo(5);

/// A disk with HPA and DCO, a frozen SSD, a locked disk, an SSD that erases itself, an SSD that could erase its key.
pub(super) fn troubled_drives() -> Vec<Drive> {
    let mut hiding = drive(1, Bus::Ata, Medium::Hdd, "ST500LM000", "W760HPA", 500_107_862_016);
    hiding.capabilities.0.insert(Technique::AtaSecurityEraseEnhanced, Support::Supported);
    hiding.hidden = HiddenAreas {
        hpa: HiddenArea::Present { native: ByteLen(512_000_000_000) },
        dco: HiddenArea::Present { native: ByteLen(640_000_000_000) },
        amax: HiddenArea::NotReported,
    };
    let mut frozen = drive(2, Bus::Ata, Medium::Ssd, "SAMSUNG MZ7LN256", "S2FROZEN", 256_060_514_304);
    frozen.capabilities.0.insert(Technique::AtaSanitizeBlockErase, Support::Frozen);
    frozen.conditions = Conditions([Condition::SecurityFrozen, Condition::SanitizeFrozen].into());
    let mut locked = drive(3, Bus::Ata, Medium::Hdd, "HGST HTS545050", "TM8LOCKED", 500_107_862_016);
    locked.eligibility = Eligibility::Ineligible(vec![Ineligible::Locked]);
    locked.conditions = Conditions([Condition::PasswordSet, Condition::Locked].into());
    let mut busy = drive(4, Bus::Nvme, Medium::Ssd, "INTEL SSDPEKNW512G8", "PHNHBUSY", 512_110_190_592);
    busy.eligibility = Eligibility::Ineligible(vec![Ineligible::ErasingItself]);
    busy.conditions = Conditions([Condition::Sanitizing].into());
    let mut sealed = drive(5, Bus::Ata, Medium::Ssd, "Micron 1100 SED", "1717SEALED", 512_110_190_592);
    sealed.capabilities.0.insert(Technique::AtaSanitizeCryptoScramble, Support::Supported);
    let none = HiddenArea::None;
    sealed.hidden = HiddenAreas { hpa: none, dco: none, amax: none };
    vec![hiding, frozen, locked, busy, sealed]
}

/// The same PC after a sleep: nothing is frozen, and the erase that went on has ended.
pub(super) fn thawed_drives() -> Vec<Drive> {
    let mut drives = troubled_drives();
    for drive in &mut drives {
        for support in drive.capabilities.0.values_mut().filter(|support| **support == Support::Frozen) {
            *support = Support::Supported;
        }
        if drive.no == FROZEN || drive.no == BUSY {
            drive.conditions = Conditions::default();
            drive.eligibility = Eligibility::Eligible;
        }
    }
    drives
}

/// All but the one that erases itself.
pub(super) fn without_busy() -> Vec<Drive> {
    troubled_drives().into_iter().filter(|drive| drive.no != BUSY).collect()
}

/// On to the list of these drives, in class (2), one of whose passwords stands in an old journal.
pub(super) fn on_list(language: Language, drives: Vec<Drive>, ours: &[DriveNo]) -> Model {
    let mut model = with_people(language);
    model.drives = crate::parts::Drives { scan: model.drives.scan, ..crate::parts::Drives::default() };
    send(&mut model, Msg::Drives(drives));
    send(&mut model, Msg::PasswordsFound(ours.to_vec()));
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Enter);
    model
}

/// Past the list: to whatever is asked before the plan.
pub(super) fn asked_first(language: Language, drives: Vec<Drive>, ours: &[DriveNo]) -> Model {
    let mut model = on_list(language, drives, ours);
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::BeginSession(_)]));
    send(&mut model, Msg::Journal(Journal::Saved));
    model
}

/// On to the plan: everything asked before it was declined.
pub(super) fn declined(language: Language, drives: Vec<Drive>) -> Model {
    let mut model = asked_first(language, drives, &[]);
    if model.screen() == crate::Screen::Sleep {
        press(&mut model, Key::Char('2'));
        press(&mut model, Key::Enter);
    }
    model
}

/// On to the screen that shows one drive, from the plan.
pub(super) fn on_detail(language: Language, no: DriveNo) -> Model {
    let mut model = declined(language, without_busy());
    let at = model.plan().unwrap().drives.iter().position(|line| line.drive == no).unwrap();
    for _ in 0..at {
        press(&mut model, Key::Down);
    }
    press(&mut model, Key::Char('i'));
    model
}

/// Every reason for which a drive is not erased.
pub(super) fn every_ineligible() -> Vec<Ineligible> {
    let all = vec![
        Ineligible::BootStick,
        Ineligible::ResultsStick,
        Ineligible::HoldsLogs,
        Ineligible::Mounted("/mnt".into()),
        Ineligible::HeldBy("md0".into()),
        Ineligible::InUse,
        Ineligible::ReadOnly,
        Ineligible::NoMedium,
        Ineligible::Locked,
        Ineligible::ErasingItself,
        Ineligible::Optical,
        Ineligible::Unidentified("EIO".into()),
        Ineligible::SameIdentity,
        Ineligible::Unchecked("EIO".into()),
    ];
    // Does not compile while one is missing here.
    for reason in &all {
        match reason {
            Ineligible::BootStick
            | Ineligible::ResultsStick
            | Ineligible::HoldsLogs
            | Ineligible::Mounted(_)
            | Ineligible::HeldBy(_)
            | Ineligible::InUse
            | Ineligible::ReadOnly
            | Ineligible::NoMedium
            | Ineligible::Locked
            | Ineligible::ErasingItself
            | Ineligible::Optical
            | Ineligible::Unidentified(_)
            | Ineligible::SameIdentity
            | Ineligible::Unchecked(_) => {}
        }
    }
    all
}

#[test]
fn a_drive_that_cannot_be_selected_says_why_and_what_to_do() {
    for reason in every_ineligible() {
        for language in [Language::Ja, Language::En] {
            let mut model = with_people(language);
            let mut drives = drives();
            drives[0].eligibility = Eligibility::Ineligible(vec![reason.clone()]);
            send(&mut model, Msg::Drives(drives));
            press(&mut model, Key::Char('2'));
            press(&mut model, Key::Enter);
            press(&mut model, Key::Char('1'));
            assert_eq!(press(&mut model, Key::Char(' ')), []);
            assert!(!model.selection().contains(&DriveNo(1)), "{reason:?}");
            let todo = model.notice.as_ref().unwrap().todo.clone();
            // One sentence of why, one of what to do.
            let (sentences, asks) = match language {
                Language::Ja => (todo.matches('。').count(), todo.contains("ください。")),
                Language::En => (todo.matches(['.', ':']).count(), true),
            };
            assert!(sentences >= 2 && asks, "{reason:?}: {todo}");
            assert_eq!(crate::view::overflow(&model), None, "{}", screen(&model));
        }
    }
}

/// How far a drive is that was found erasing itself.
pub(super) fn own_number(percent: u64) -> crate::JobView {
    crate::JobView {
        of: 65_536,
        done: (65_536 * percent).div_ceil(100),
        ..job(Phase::DriveErases, 0, Basis::Reported)
    }
}

/// Says all that an attestation takes.
pub(super) fn attest(model: &mut Model) {
    press(model, Key::Char('e'));
    for _ in 0..3 {
        press(model, Key::Char(' '));
        press(model, Key::Enter);
    }
    type_text(model, "BitLocker XTS-AES 256");
    press(model, Key::Enter);
    type_text(model, if model.language == Language::Ja { "佐藤" } else { "Sato" });
    assert_eq!(press(model, Key::Enter), []);
}
