//! Facts, class and choices in; a plan out. Deterministic, and it never offers an ineligible drive.

use crate::{
    Action, Allowed, Amount, DrivePlan, Erase, ReadBack, Rejected, SessionPlan, Table, TableOrigin, WhyNot,
};
use model::{
    Condition, Drive, DriveNo, HiddenArea, InformationClass, Lift, Medium, Method, NotCovered, Support,
    Technique, VerificationKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// The techniques that this version of massho can carry out itself: all but 消磁.
pub const EXECUTABLE: &[Technique] = &[
    Technique::RandomOverwrite,
    Technique::AtaSecurityEraseNormal,
    Technique::AtaSecurityEraseEnhanced,
    Technique::AtaSanitizeBlockErase,
    Technique::AtaSanitizeCryptoScramble,
    Technique::AtaSanitizeOverwrite,
    Technique::ScsiSanitizeOverwrite,
    Technique::ScsiSanitizeBlockErase,
    Technique::ScsiSanitizeCryptoErase,
    Technique::ScsiFormatUnit,
    Technique::NvmeFormatUserData,
    Technique::NvmeFormatCrypto,
    Technique::NvmeSanitizeBlockErase,
    Technique::NvmeSanitizeCryptoErase,
    Technique::NvmeSanitizeOverwrite,
];

/// What the operator wants for one drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Erase it as the class allows; where nothing is allowed, leave it untouched for 破壊.
    Erase,
    /// Clear it here, to be destroyed elsewhere afterwards (引渡前の消去).
    ClearBeforeHandover,
    /// A lesser method than the class asks, under an exception (例外措置, 7.4). Without one, as [`Choice::Erase`].
    EraseUnderException,
}

/// The operator's choices. A drive that does not stand here is left alone.
pub type Choices = BTreeMap<DriveNo, Choice>;

/// What was attested or asked for beyond the choice itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Drives for which a person attested 図表44's conditions of a 暗号化消去.
    pub attested: BTreeSet<DriveNo>,
    /// Drives for which an exception was asked for: reason, substitute measure, approver and deadline (7.4).
    pub excepted: BTreeSet<DriveNo>,
    /// Drives whose DCO is to be restored, which resets other features too.
    pub restore_dco: BTreeSet<DriveNo>,
}

/// The plan without any wishes.
#[must_use]
pub fn plan(
    table: &Table,
    origin: TableOrigin,
    class: InformationClass,
    drives: &[Drive],
    choices: &Choices,
) -> SessionPlan {
    plan_with(table, origin, class, drives, choices, &Wishes::default())
}

/// Makes the plan of a session: one line for every drive, eligible or not.
#[must_use]
pub fn plan_with(
    table: &Table,
    origin: TableOrigin,
    class: InformationClass,
    drives: &[Drive],
    choices: &Choices,
    wishes: &Wishes,
) -> SessionPlan {
    let choices = &without_exception(choices, wishes);
    let case = Case { table, class, drives, choices, wishes };
    let mut lines: Vec<DrivePlan> = drives.iter().map(|drive| plan_drive(&case, drive)).collect();
    lines.sort_by_key(|line| line.drive);
    SessionPlan { class, table_version: table.version.clone(), table_origin: origin, drives: lines }
}

/// A lesser method is only ever planned under an exception: without one, the drive is to be erased as its class asks.
fn without_exception(choices: &Choices, wishes: &Wishes) -> Choices {
    let ruled = |(no, choice): (&DriveNo, &Choice)| match choice {
        Choice::EraseUnderException if !wishes.excepted.contains(no) => (*no, Choice::Erase),
        choice => (*no, *choice),
    };
    choices.iter().map(ruled).collect()
}

/// Everything that a plan is made from.
struct Case<'a> {
    table: &'a Table,
    class: InformationClass,
    drives: &'a [Drive],
    choices: &'a Choices,
    wishes: &'a Wishes,
}

impl Case<'_> {
    /// Whether every namespace of this NVMe drive is listed, may be erased, and is to be, for the same end.
    fn whole_drive_chosen(&self, drive: &Drive, count: u16) -> bool {
        let same = |other: &&Drive| {
            other.identity.bus == drive.identity.bus
                && other.identity.serial == drive.identity.serial
                && other.identity.model == drive.identity.model
        };
        let choice = self.choices.get(&drive.no);
        let chosen =
            |other: &&Drive| other.eligibility.is_eligible() && self.choices.get(&other.no) == choice;
        let all = self.drives.iter().filter(same).filter(chosen);
        all.map(|drive| drive.identity.namespace).collect::<BTreeSet<_>>().len() == usize::from(count)
    }

    /// Whether space stays hidden: a DCO that nobody asked to restore. HPA and AMAX are always opened.
    fn leaves_hidden(&self, drive: &Drive) -> bool {
        present(drive.hidden.dco) && !self.wishes.restore_dco.contains(&drive.no)
    }

    fn lift(&self, drive: &Drive) -> Lift {
        if present(drive.hidden.dco) && self.wishes.restore_dco.contains(&drive.no) {
            Lift::MaxAddressAndDco
        } else if present(drive.hidden.hpa) || present(drive.hidden.amax) {
            Lift::MaxAddress
        } else {
            Lift::Nothing
        }
    }
}

fn plan_drive(case: &Case<'_>, drive: &Drive) -> DrivePlan {
    let choice = case.choices.get(&drive.no).copied();
    let (action, rejected) = match choice {
        _ if drive.must_be_destroyed() => (Action::Destruct { offered: None }, Vec::new()),
        _ if !drive.eligibility.is_eligible() => (Action::Leave(NotCovered::Ineligible), Vec::new()),
        None => (Action::Leave(NotCovered::ByChoice), Vec::new()),
        Some(choice) => decide(case, drive, choice),
    };
    DrivePlan { drive: drive.no, identity: drive.identity.clone(), medium: drive.medium, action, rejected }
}

fn decide(case: &Case<'_>, drive: &Drive, choice: Choice) -> (Action, Vec<Rejected>) {
    let allowed: Vec<&Allowed> = case.table.allowed(case.class, drive.medium).collect();
    let taken = allowed.iter().position(|allowed| hindrance(case, drive, allowed.technique).is_none());
    let before_handover = clear_before_handover(case, drive);
    let action = match (choice, taken.and_then(|index| allowed.get(index))) {
        (Choice::ClearBeforeHandover, _) => match before_handover {
            Some(erase) => Action::ClearThenDestruct(erase),
            None => Action::Destruct { offered: None },
        },
        (Choice::EraseUnderException, _) => match lesser(case, drive) {
            Some(erase) => Action::EraseUnderException(erase),
            None => Action::Destruct { offered: before_handover },
        },
        (Choice::Erase, Some(allowed)) => Action::Erase(erase(case, drive, allowed)),
        (Choice::Erase, None) => Action::Destruct { offered: before_handover },
    };
    let mut rejected: Vec<Rejected> = allowed
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != taken)
        .map(|(_, allowed)| {
            let technique = allowed.technique;
            Rejected { technique, why: hindrance(case, drive, technique).unwrap_or(WhyNot::LessPreferred) }
        })
        .collect();
    rejected.extend(not_allowed(drive, &allowed));
    if let Action::EraseUnderException(erase) = action {
        // What is done all the same was not rejected.
        rejected.retain(|rejected| rejected.technique != erase.technique);
    }
    (action, rejected)
}

/// Techniques that the drive could carry out, but that the table does not count here.
fn not_allowed(drive: &Drive, allowed: &[&Allowed]) -> Vec<Rejected> {
    Technique::ALL
        .iter()
        .copied()
        .filter(|technique| !allowed.iter().any(|allowed| allowed.technique == *technique))
        .filter(|technique| support(drive, *technique) == Support::Supported)
        .map(|technique| {
            let overwrite = technique == Technique::RandomOverwrite;
            Rejected {
                technique,
                why: if overwrite { WhyNot::OverwriteIsNotPurge } else { WhyNot::NotAllowed },
            }
        })
        .collect()
}

/// The 消去 of class (3), which is what 引渡前の消去 carries out whatever the class (図表43, and a ruling for (2)).
fn clear_before_handover(case: &Case<'_>, drive: &Drive) -> Option<Erase> {
    case.table
        .allowed(InformationClass::Three, drive.medium)
        .find(|allowed| allowed.technique == Technique::RandomOverwrite)
        .filter(|allowed| hindrance(case, drive, allowed.technique).is_none())
        .map(|allowed| erase(case, drive, allowed))
}

/// The first 消去 of class (3) that the drive can carry out and that the class itself does not count: what an exception
/// is for. `None` where there is none, as on 光学媒体 and in class (3), which asks for nothing less.
fn lesser(case: &Case<'_>, drive: &Drive) -> Option<Erase> {
    let counts = |technique| {
        case.table.allowed(case.class, drive.medium).any(|allowed| allowed.technique == technique)
    };
    case.table
        .allowed(InformationClass::Three, drive.medium)
        .filter(|allowed| allowed.method == Method::Clear && !counts(allowed.technique))
        .find(|allowed| hindrance(case, drive, allowed.technique).is_none())
        .map(|allowed| erase(case, drive, allowed))
}

fn erase(case: &Case<'_>, drive: &Drive, allowed: &Allowed) -> Erase {
    Erase {
        method: allowed.method,
        technique: allowed.technique,
        passes: allowed.passes.unwrap_or(0),
        verification: verification(case.table.read_back, drive.medium, allowed.technique),
        lift: case.lift(drive),
    }
}

/// What is read back after a technique. Where a drive may leave a pattern of its own, noise or errors, every block
/// cannot be held against anything, so places are compared with what they held before.
fn verification(read_back: ReadBack, medium: Medium, technique: Technique) -> VerificationKind {
    if technique == Technique::RandomOverwrite {
        return VerificationKind::FullStream;
    }
    let amount = if medium == Medium::Hdd { read_back.hdd } else { read_back.ssd };
    match amount {
        _ if technique.is_crypto_erase() || technique == Technique::AtaSecurityEraseEnhanced => {
            VerificationKind::Sampled
        }
        Amount::Sampled => VerificationKind::Sampled,
        Amount::Full => VerificationKind::FullConstant,
    }
}

fn support(drive: &Drive, technique: Technique) -> Support {
    match technique {
        // Whatever takes ordinary writes can be overwritten, unless something is said against it.
        Technique::RandomOverwrite => {
            drive.capabilities.0.get(&technique).copied().unwrap_or(Support::Supported)
        }
        _ => drive.capabilities.support(technique),
    }
}

/// What stands in the way of one technique on one drive.
fn hindrance(case: &Case<'_>, drive: &Drive, technique: Technique) -> Option<WhyNot> {
    if technique == Technique::Degauss {
        return Some(WhyNot::ByHand);
    }
    if has_failed(drive) && !recovers(technique) {
        return Some(WhyNot::FailedBefore);
    }
    if case.leaves_hidden(drive) && !reaches_hidden(technique) {
        return Some(WhyNot::HiddenArea);
    }
    let attested = !technique.is_crypto_erase() || case.wishes.attested.contains(&drive.no);
    match support(drive, technique) {
        Support::Supported | Support::EachNamespace { .. } if !attested => Some(WhyNot::NotAttested),
        Support::Supported if EXECUTABLE.contains(&technique) => None,
        Support::EachNamespace { count } if case.whole_drive_chosen(drive, count) => None,
        Support::EachNamespace { .. } => Some(WhyNot::OtherNamespaces),
        Support::Supported => Some(WhyNot::NotInThisVersion),
        Support::Unsupported => Some(WhyNot::Unsupported),
        Support::Frozen => Some(WhyNot::Frozen),
        Support::Locked => Some(WhyNot::Locked),
        Support::OtherNamespaces => Some(WhyNot::OtherNamespaces),
        Support::BehindUsb => Some(WhyNot::BehindUsb),
        Support::Unknown => Some(WhyNot::Unknown),
    }
}

fn present(area: HiddenArea) -> bool {
    matches!(area, HiddenArea::Present { .. })
}

/// Whether it erases space that a host cannot address (ACS-3 4.17 for SANITIZE, 7.39 for enhanced erase).
fn reaches_hidden(technique: Technique) -> bool {
    !matches!(technique, Technique::RandomOverwrite | Technique::AtaSecurityEraseNormal)
}

fn has_failed(drive: &Drive) -> bool {
    drive.conditions.has(Condition::SanitizeFailed) || drive.conditions.has(Condition::FormatCorrupt)
}

/// What a drive accepts after a failed sanitize or an interrupted format (ACS-3 SD3; SBC-4 5.33; NVMe 2.0 8.21).
fn recovers(technique: Technique) -> bool {
    use Technique as T;
    matches!(
        technique,
        T::AtaSanitizeBlockErase
            | T::AtaSanitizeCryptoScramble
            | T::AtaSanitizeOverwrite
            | T::ScsiSanitizeOverwrite
            | T::ScsiSanitizeBlockErase
            | T::ScsiSanitizeCryptoErase
            | T::ScsiFormatUnit
            | T::NvmeSanitizeBlockErase
            | T::NvmeSanitizeCryptoErase
            | T::NvmeSanitizeOverwrite
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Confirmation, ConfirmationError};
    use model::{
        BlockSize, Bus, ByteLen, Capabilities, Conditions, Eligibility, HiddenAreas, Identity, Ineligible,
        MediumSource,
    };
    use proptest::prelude::*;

    fn drive(no: u16, bus: Bus, medium: Medium, supported: &[Technique]) -> Drive {
        Drive {
            no: DriveNo(no),
            identity: Identity {
                bus,
                maker: "".into(),
                model: format!("MODEL {no}").as_str().into(),
                serial: format!("SERIAL{no}").as_str().into(),
                firmware: "1".into(),
                wwn: "".into(),
                namespace: u32::from(bus == Bus::Nvme),
                capacity: ByteLen(1 << 30),
                block: BlockSize::B512,
            },
            medium,
            medium_source: MediumSource::AssumedFlash,
            capabilities: Capabilities(supported.iter().map(|t| (*t, Support::Supported)).collect()),
            eligibility: Eligibility::Eligible,
            conditions: Conditions::default(),
            hidden: HiddenAreas::default(),
            position: "sda".into(),
        }
    }

    fn demo_pc() -> Vec<Drive> {
        vec![
            drive(1, Bus::Ata, Medium::Hdd, &[Technique::AtaSecurityEraseEnhanced]),
            drive(2, Bus::Nvme, Medium::Ssd, &[Technique::NvmeFormatUserData]),
            drive(3, Bus::Ata, Medium::Ssd, &[]),
            drive(4, Bus::Usb, Medium::UsbStick, &[]),
            Drive {
                eligibility: Eligibility::Ineligible(vec![Ineligible::BootStick]),
                ..drive(5, Bus::Usb, Medium::UsbStick, &[])
            },
        ]
    }

    fn all(drives: &[Drive], choice: Choice) -> Choices {
        drives.iter().map(|drive| (drive.no, choice)).collect()
    }

    fn plan_demo(class: InformationClass, choice: Choice) -> SessionPlan {
        let drives = demo_pc();
        plan(&Table::builtin().unwrap(), TableOrigin::Builtin, class, &drives, &all(&drives, choice))
    }

    #[test]
    fn plans_read_as_the_guideline_says() {
        for class in InformationClass::ALL {
            for choice in [Choice::Erase, Choice::ClearBeforeHandover] {
                let name = format!("class{}-{choice:?}", class.number());
                insta::assert_snapshot!(name, plan_demo(class, choice));
            }
        }
    }

    #[test]
    fn a_dead_internal_drive_is_to_be_destroyed_and_what_is_ours_or_empty_is_not() {
        let plan_of = |bus, reason| {
            let eligibility = Eligibility::Ineligible(vec![reason]);
            let drives = [Drive { eligibility, ..drive(1, bus, Medium::Hdd, &[]) }];
            let table = Table::builtin().unwrap();
            plan(&table, TableOrigin::Builtin, InformationClass::One, &drives, &Choices::new()).drives[0]
                .action
        };
        let destruct = Action::Destruct { offered: None };
        let leave = Action::Leave(NotCovered::Ineligible);
        assert_eq!(plan_of(Bus::Ata, Ineligible::Unidentified("no answer".into())), destruct);
        assert_eq!(plan_of(Bus::Nvme, Ineligible::Unchecked("EIO".into())), destruct);
        // A mark on the PC's own disk does not make it a stick.
        assert_eq!(plan_of(Bus::Ata, Ineligible::BootStick), destruct);
        assert_eq!(plan_of(Bus::Mmc, Ineligible::BootStick), leave);
        assert_eq!(plan_of(Bus::Scsi, Ineligible::NoMedium), leave);
        assert_eq!(plan_of(Bus::Usb, Ineligible::Unchecked("EIO".into())), leave);
    }

    #[test]
    fn a_drive_that_nobody_chose_is_left_alone() {
        let drives = demo_pc();
        let table = Table::builtin().unwrap();
        let plan = plan(&table, TableOrigin::Builtin, InformationClass::Three, &drives, &Choices::new());
        assert!(!plan.is_destructive());
        assert_eq!(plan.drives.len(), drives.len());
    }

    fn planned(drives: &[Drive], wishes: &Wishes) -> Vec<DrivePlan> {
        let (table, choices) = (Table::builtin().unwrap(), all(drives, Choice::Erase));
        plan_with(&table, TableOrigin::Builtin, InformationClass::Two, drives, &choices, wishes).drives
    }

    fn technique(line: &DrivePlan) -> Option<Technique> {
        line.action.erase().map(|erase| erase.technique)
    }

    #[test]
    fn a_crypto_erase_needs_somebodys_attestation() {
        let drives = [drive(1, Bus::Ata, Medium::Ssd, &[Technique::AtaSanitizeCryptoScramble])];
        let line = &planned(&drives, &Wishes::default())[0];
        assert_eq!(line.action, Action::Destruct { offered: clear(2) });
        let why = WhyNot::NotAttested;
        assert!(line.rejected.contains(&Rejected { technique: Technique::AtaSanitizeCryptoScramble, why }));
        let wishes = Wishes { attested: [DriveNo(1)].into(), ..Wishes::default() };
        let erase = planned(&drives, &wishes)[0].action.erase().unwrap();
        assert_eq!(erase.technique, Technique::AtaSanitizeCryptoScramble);
        assert_eq!(erase.verification, VerificationKind::Sampled, "noise cannot be held against anything");
    }

    fn clear(passes: u8) -> Option<Erase> {
        let (method, technique) = (Method::Clear, Technique::RandomOverwrite);
        Some(Erase {
            method,
            technique,
            passes,
            verification: VerificationKind::FullStream,
            lift: Lift::Nothing,
        })
    }

    fn namespace(no: u16, of: u16) -> Drive {
        let mut drive = drive(no, Bus::Nvme, Medium::Ssd, &[]);
        let each = Support::EachNamespace { count: of };
        drive.capabilities.0.insert(Technique::NvmeFormatUserData, each);
        drive.capabilities.0.insert(Technique::NvmeSanitizeBlockErase, Support::OtherNamespaces);
        drive.identity.namespace = u32::from(no);
        (drive.identity.serial, drive.identity.model) = ("ONE".into(), "ONE".into());
        drive
    }

    /// nvme-cli#455, #501 and the design's rule that a medium is erased as a whole or not at all.
    #[test]
    fn one_namespace_of_two_is_no_erased_drive() {
        let both = [namespace(1, 2), namespace(2, 2)];
        let lines = planned(&both, &Wishes::default());
        assert!(lines.iter().all(|line| technique(line) == Some(Technique::NvmeFormatUserData)));
        let lines = planned(&both[..1], &Wishes::default());
        assert_eq!(technique(&lines[0]), None, "the other one is not listed");
        let mut held = both.clone();
        held[1].eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]);
        assert_eq!(technique(&planned(&held, &Wishes::default())[0]), None, "the other one is in use");
    }

    #[test]
    fn hidden_areas_are_opened_and_a_dco_only_when_asked() {
        let native = ByteLen(1 << 31);
        let mut hidden = drive(1, Bus::Ata, Medium::Hdd, &[Technique::AtaSecurityEraseEnhanced]);
        hidden.hidden.dco = HiddenArea::Present { native };
        let lift = |drive: &Drive, wishes: &Wishes| {
            planned(std::slice::from_ref(drive), wishes)[0].action.erase().unwrap().lift
        };
        let asked = Wishes { restore_dco: [DriveNo(1)].into(), ..Wishes::default() };
        assert_eq!(lift(&hidden, &Wishes::default()), Lift::Nothing);
        assert_eq!(lift(&hidden, &asked), Lift::MaxAddressAndDco);
        hidden.hidden = HiddenAreas { hpa: HiddenArea::Present { native }, ..HiddenAreas::default() };
        assert_eq!(lift(&hidden, &Wishes::default()), Lift::MaxAddress);
        let digest = |drive: &Drive| {
            let drives = std::slice::from_ref(drive);
            let choices = all(drives, Choice::Erase);
            let table = Table::builtin().unwrap();
            plan(&table, TableOrigin::Builtin, InformationClass::Two, drives, &choices).digest()
        };
        let opened = digest(&hidden);
        hidden.hidden = HiddenAreas::default();
        assert_ne!(opened, digest(&hidden), "what is opened is part of what is confirmed");
    }

    /// A DCO that stays shut keeps its data from an overwrite: no 完了, and no hand-over as cleared.
    #[test]
    fn what_stays_hidden_is_not_overwritten() {
        let mut hidden = drive(1, Bus::Ata, Medium::Hdd, &[]);
        hidden.hidden.dco = HiddenArea::Present { native: ByteLen(1 << 31) };
        let drives = std::slice::from_ref(&hidden);
        let plan_for = |choice, wishes: &Wishes| {
            let (table, choices) = (Table::builtin().unwrap(), all(drives, choice));
            let class = InformationClass::Three;
            plan_with(&table, TableOrigin::Builtin, class, drives, &choices, wishes).drives[0].action
        };
        let none = Action::Destruct { offered: None };
        assert_eq!(plan_for(Choice::Erase, &Wishes::default()), none);
        assert_eq!(plan_for(Choice::ClearBeforeHandover, &Wishes::default()), none);
        let asked = Wishes { restore_dco: [DriveNo(1)].into(), ..Wishes::default() };
        assert_eq!(plan_for(Choice::Erase, &asked).erase().unwrap().lift, Lift::MaxAddressAndDco);
    }

    /// The overwrite of one namespace leaves the other as it is, on the same medium.
    #[test]
    fn one_namespace_of_two_is_not_overwritten_alone() {
        let both = [1, 2].map(|no| {
            let mut drive = namespace(no, 2);
            drive.capabilities =
                Capabilities([(Technique::RandomOverwrite, Support::EachNamespace { count: 2 })].into());
            drive
        });
        let actions = |drives: &[Drive], choice| {
            let (table, choices) = (Table::builtin().unwrap(), all(drives, choice));
            plan(&table, TableOrigin::Builtin, InformationClass::Three, drives, &choices)
                .drives
                .iter()
                .map(|line| line.action.erase().map(|erase| erase.technique))
                .collect::<Vec<_>>()
        };
        for choice in [Choice::Erase, Choice::ClearBeforeHandover] {
            assert_eq!(actions(&both[..1], choice), [None]);
            assert_eq!(actions(&both, choice), [Some(Technique::RandomOverwrite); 2]);
        }
        let twice = [both[0].clone(), Drive { no: DriveNo(2), ..both[0].clone() }];
        assert_eq!(actions(&twice, Choice::Erase), [None, None], "the same one under two numbers");
    }

    #[test]
    fn after_a_failed_sanitize_nothing_else_than_a_sanitize_is_planned() {
        let techniques = [Technique::AtaSecurityEraseEnhanced, Technique::AtaSanitizeBlockErase];
        let mut failed = drive(1, Bus::Ata, Medium::Ssd, &techniques[1..]);
        failed.conditions.0.insert(Condition::SanitizeFailed);
        let lines = planned(std::slice::from_ref(&failed), &Wishes::default());
        assert_eq!(technique(&lines[0]), Some(Technique::AtaSanitizeBlockErase));
        failed.capabilities = Capabilities::default();
        let lines = planned(&[failed], &Wishes::default());
        assert_eq!(lines[0].action, Action::Destruct { offered: None }, "it takes no writes either");
    }

    #[test]
    fn only_the_code_on_the_screen_confirms_and_only_that_plan() {
        let three = plan_demo(InformationClass::Three, Choice::Erase);
        let two = plan_demo(InformationClass::Two, Choice::Erase);
        for wrong in ["", "000000", "yes", &format!("{} ", three.digest().code())] {
            assert_eq!(Confirmation::new(&three, wrong), Err(ConfirmationError::WrongCode));
        }
        let confirmed = Confirmation::new(&three, &three.digest().code()).unwrap();
        assert!(confirmed.covers(&three) && !confirmed.covers(&two));
    }

    fn any_drive() -> impl Strategy<Value = Drive> {
        let medium = prop::sample::select(vec![Medium::Hdd, Medium::Ssd, Medium::UsbStick, Medium::Optical]);
        let support = prop::sample::select(vec![Support::Supported, Support::Frozen, Support::Unknown]);
        let capabilities =
            prop::collection::btree_map(prop::sample::select(Technique::ALL.to_vec()), support, 0..8);
        (1..9u16, medium, capabilities, any::<bool>()).prop_map(|(no, medium, capabilities, eligible)| {
            Drive {
                capabilities: Capabilities(capabilities),
                eligibility: match eligible {
                    true => Eligibility::Eligible,
                    false => Eligibility::Ineligible(vec![Ineligible::InUse]),
                },
                ..drive(no, Bus::Other, medium, &[])
            }
        })
    }

    proptest! {
        #[test]
        fn no_plan_touches_what_it_may_not_or_claims_what_it_cannot(
            drives in prop::collection::vec(any_drive(), 0..6),
            class in prop::sample::select(InformationClass::ALL.to_vec()),
            choice in prop::sample::select(vec![Choice::Erase, Choice::ClearBeforeHandover]),
        ) {
            let table = Table::builtin().unwrap();
            let choices = all(&drives, choice);
            let plan = super::plan(&table, TableOrigin::Builtin, class, &drives, &choices);
            prop_assert_eq!(&plan, &super::plan(&table, TableOrigin::Builtin, class, &drives, &choices));
            prop_assert_eq!(plan.drives.len(), drives.len());
            for (line, drive) in plan.drives.iter().zip({ let mut d = drives.clone(); d.sort_by_key(|d| d.no); d }) {
                let Some(erase) = line.action.erase() else { continue };
                prop_assert!(drive.eligibility.is_eligible());
                prop_assert!(EXECUTABLE.contains(&erase.technique));
                prop_assert!(Some(erase.method) <= model::reach(erase.technique, drive.medium, drive.identity.bus));
                if matches!(line.action, Action::Erase(_)) && class != InformationClass::Three {
                    prop_assert_eq!(erase.method, Method::Purge);
                }
            }
        }
    }
}
