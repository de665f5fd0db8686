//! 例外措置 (7.4): a lesser method than the class asks is planned under an exception, and never without one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use model::{
    BlockSize, Bus, ByteLen, Capabilities, Conditions, Drive, DriveNo, Eligibility, HiddenAreas, Identity,
    Ineligible, InformationClass, Medium, MediumSource, Method, NotCovered, Support, Technique,
};
use policy::{Action, Choice, SessionPlan, Table, TableOrigin, Wishes, plan_with};

const NO: DriveNo = DriveNo(1);

fn drive(medium: Medium, supported: &[Technique]) -> Drive {
    Drive {
        no: NO,
        identity: Identity {
            bus: Bus::Ata,
            maker: "".into(),
            model: "MODEL".into(),
            serial: "SERIAL".into(),
            firmware: "1".into(),
            wwn: "".into(),
            namespace: 0,
            capacity: ByteLen(1 << 30),
            block: BlockSize::B512,
        },
        medium,
        medium_source: MediumSource::AssumedFlash,
        capabilities: Capabilities(supported.iter().map(|it| (*it, Support::Supported)).collect()),
        eligibility: Eligibility::Eligible,
        conditions: Conditions::default(),
        hidden: HiddenAreas::default(),
        position: "sda".into(),
    }
}

fn planned(class: InformationClass, drive: &Drive, excepted: bool) -> SessionPlan {
    let table = Table::builtin().unwrap();
    let choices = [(NO, Choice::EraseUnderException)].into();
    let excepted = excepted.then_some(NO).into_iter().collect();
    let wishes = Wishes { excepted, ..Wishes::default() };
    plan_with(&table, TableOrigin::Builtin, class, std::slice::from_ref(drive), &choices, &wishes)
}

fn action(class: InformationClass, drive: &Drive, excepted: bool) -> Action {
    planned(class, drive, excepted).drives[0].action
}

#[test]
fn without_an_exception_the_drive_is_erased_as_its_class_asks() {
    for class in [InformationClass::One, InformationClass::Two] {
        let able = drive(Medium::Hdd, &[Technique::AtaSecurityEraseEnhanced]);
        let Action::Erase(erase) = action(class, &able, false) else { panic!("{class:?}") };
        assert_eq!(erase.method, Method::Purge);
        // What cannot do that is destroyed; nothing lesser takes its place.
        let unable = drive(Medium::Ssd, &[]);
        assert!(matches!(action(class, &unable, false), Action::Destruct { .. }), "{class:?}");
    }
}

#[test]
fn under_an_exception_the_clear_of_class_three_is_planned_and_called_so() {
    for class in [InformationClass::One, InformationClass::Two] {
        for (medium, passes) in [(Medium::Hdd, 1), (Medium::Ssd, 2), (Medium::UsbStick, 2)] {
            let plan = planned(class, &drive(medium, &[]), true);
            let Action::EraseUnderException(erase) = plan.drives[0].action else { panic!("{plan}") };
            assert_eq!((erase.method, erase.technique), (Method::Clear, Technique::RandomOverwrite));
            assert_eq!(erase.passes, passes, "{medium:?}");
            assert!(plan.to_string().contains("under an exception"), "{plan}");
            let rejected = &plan.drives[0].rejected;
            assert!(rejected.iter().all(|line| line.technique != erase.technique), "{rejected:?}");
            assert_ne!(plan.digest(), planned(class, &drive(medium, &[]), false).digest());
        }
    }
}

#[test]
fn an_exception_allows_a_lesser_method_not_none_and_no_other_drive() {
    let optical = drive(Medium::Optical, &[]);
    assert!(matches!(action(InformationClass::Two, &optical, true), Action::Destruct { offered: None }));
    // Class (3) asks for nothing that could be less.
    let disk = drive(Medium::Hdd, &[]);
    assert!(matches!(action(InformationClass::Three, &disk, true), Action::Destruct { .. }));
    let held = Drive { eligibility: Eligibility::Ineligible(vec![Ineligible::BootStick]), ..disk };
    let stick = Drive { identity: Identity { bus: Bus::Usb, ..held.identity.clone() }, ..held };
    assert_eq!(action(InformationClass::Two, &stick, true), Action::Leave(NotCovered::Ineligible));
}
