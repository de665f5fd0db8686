//! Facts, class and choices in; a plan out. Deterministic, and it never offers an ineligible drive.

use crate::{Action, Allowed, DrivePlan, Erase, Rejected, SessionPlan, Table, TableOrigin, WhyNot};
use model::{Drive, DriveNo, InformationClass, Medium, NotCovered, Support, Technique, VerificationKind};
use std::collections::BTreeMap;

/// The techniques that this version of massho can carry out itself.
pub const EXECUTABLE: &[Technique] = &[Technique::RandomOverwrite, Technique::NvmeFormatUserData];

/// What the operator wants for one drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Erase it as the class allows; where nothing is allowed, leave it untouched for 破壊.
    Erase,
    /// Clear it here, to be destroyed elsewhere afterwards (引渡前の消去).
    ClearBeforeHandover,
}

/// The operator's choices. A drive that does not stand here is left alone.
pub type Choices = BTreeMap<DriveNo, Choice>;

/// Makes the plan of a session: one line for every drive, eligible or not.
#[must_use]
pub fn plan(
    table: &Table,
    origin: TableOrigin,
    class: InformationClass,
    drives: &[Drive],
    choices: &Choices,
) -> SessionPlan {
    let mut drives: Vec<DrivePlan> =
        drives.iter().map(|drive| plan_drive(table, class, drive, choices.get(&drive.no).copied())).collect();
    drives.sort_by_key(|drive| drive.drive);
    SessionPlan { class, table_version: table.version.clone(), table_origin: origin, drives }
}

fn plan_drive(table: &Table, class: InformationClass, drive: &Drive, choice: Option<Choice>) -> DrivePlan {
    let (action, rejected) = match choice {
        _ if drive.must_be_destroyed() => (Action::Destruct { offered: None }, Vec::new()),
        _ if !drive.eligibility.is_eligible() => (Action::Leave(NotCovered::Ineligible), Vec::new()),
        None => (Action::Leave(NotCovered::ByChoice), Vec::new()),
        Some(choice) => decide(table, class, drive, choice),
    };
    DrivePlan { drive: drive.no, identity: drive.identity.clone(), medium: drive.medium, action, rejected }
}

fn decide(table: &Table, class: InformationClass, drive: &Drive, choice: Choice) -> (Action, Vec<Rejected>) {
    let allowed: Vec<&Allowed> = table.allowed(class, drive.medium).collect();
    let taken = allowed.iter().position(|allowed| hindrance(drive, allowed.technique).is_none());
    let mut rejected: Vec<Rejected> = allowed
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != taken)
        .map(|(_, allowed)| {
            let technique = allowed.technique;
            Rejected { technique, why: hindrance(drive, technique).unwrap_or(WhyNot::LessPreferred) }
        })
        .collect();
    rejected.extend(not_allowed(drive, &allowed));

    let before_handover = clear_before_handover(table, drive.medium);
    let action = match (choice, taken.and_then(|index| allowed.get(index))) {
        (Choice::ClearBeforeHandover, _) => match before_handover {
            Some(erase) => Action::ClearThenDestruct(erase),
            None => Action::Destruct { offered: None },
        },
        (Choice::Erase, Some(allowed)) => Action::Erase(erase(allowed)),
        (Choice::Erase, None) => Action::Destruct { offered: before_handover },
    };
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
fn clear_before_handover(table: &Table, medium: Medium) -> Option<Erase> {
    table
        .allowed(InformationClass::Three, medium)
        .find(|allowed| allowed.technique == Technique::RandomOverwrite)
        .map(erase)
}

fn erase(allowed: &Allowed) -> Erase {
    let overwrite = allowed.technique == Technique::RandomOverwrite;
    Erase {
        method: allowed.method,
        technique: allowed.technique,
        passes: allowed.passes.unwrap_or(0),
        verification: if overwrite { VerificationKind::FullStream } else { VerificationKind::FullConstant },
    }
}

fn support(drive: &Drive, technique: Technique) -> Support {
    match technique {
        // Whatever takes ordinary writes can be overwritten.
        Technique::RandomOverwrite => Support::Supported,
        _ => drive.capabilities.support(technique),
    }
}

/// What stands in the way of one technique on one drive.
fn hindrance(drive: &Drive, technique: Technique) -> Option<WhyNot> {
    if technique == Technique::Degauss {
        return Some(WhyNot::ByHand);
    }
    match support(drive, technique) {
        Support::Supported if EXECUTABLE.contains(&technique) => None,
        Support::Supported => Some(WhyNot::NotInThisVersion),
        Support::Unsupported => Some(WhyNot::Unsupported),
        Support::Frozen => Some(WhyNot::Frozen),
        Support::Locked => Some(WhyNot::Locked),
        Support::OtherNamespaces => Some(WhyNot::OtherNamespaces),
        Support::BehindUsb => Some(WhyNot::BehindUsb),
        Support::Unknown => Some(WhyNot::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Confirmation, ConfirmationError};
    use model::{
        BlockSize, Bus, ByteLen, Capabilities, Eligibility, Identity, Ineligible, MediumSource, Method,
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
