//! Rule 9: unattended, no drive is erased that a signed job list does not name for this PC.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use model::{
    BlockSize, Bus, ByteLen, Capabilities, Conditions, Drive, DriveNo, Eligibility, HiddenAreas, Identity,
    Ineligible, InformationClass, Medium, MediumSource,
};
use policy::{
    Action, Choice, Choices, Confirmation, ConfirmationError, JobOrder, NoOrder, SessionPlan, Table,
    TableOrigin, WhyLeft, plan,
};
use proptest::prelude::*;
use record::{
    Day, Hex, JOBS_FILE, JobDrive, JobList, JobPc, JobPurpose, JobsEvidence, Organisation, Pc, RootKey,
    Signed, StickCertificate, StickFile, StickKey, ValidJobs, Validity, hash_file, sign_organisation,
};

use std::sync::LazyLock;

const SERIAL: &str = "5CG1234ABC";
const UUID: &str = "4c4c4544-0042-3510-8052-b4c04f4d3332";

fn day(text: &str) -> Day {
    Day::try_from(text.to_owned()).unwrap()
}

fn days() -> Validity {
    Validity { from: day("2026-11-01"), until: day("2026-12-31") }
}

fn entry(serial: Option<&str>, uuid: Option<&str>, number: &str, drives: &[(&str, &str)]) -> JobPc {
    JobPc {
        serial: serial.map(Into::into),
        uuid: uuid.map(Into::into),
        asset_number: number.into(),
        class: InformationClass::Three,
        purpose: JobPurpose::Erase,
        section: None,
        place: None,
        drives: drives
            .iter()
            .map(|(model, serial)| JobDrive { model: (*model).into(), serial: (*serial).into() })
            .collect(),
    }
}

/// A list of these PCs, with everything that it needs to count.
fn jobs(pcs: Vec<JobPc>) -> ValidJobs {
    let (root, key) = (RootKey::from_seed(&[0x21; 32]), StickKey::from_seed(&[0x41; 32]));
    let about = Organisation {
        name: "架空市".into(),
        fiscal_year: 2026,
        public_key: root.public(),
        valid: days(),
        previous: None,
    };
    let organisation = sign_organisation(about, &root, None).unwrap();
    let list = JobList {
        organisation_key: root.public(),
        organisation: "架空市".into(),
        issued: day("2026-11-01"),
        valid: days(),
        operator: "山田 太郎".into(),
        witness: None,
        approver: None,
        pcs,
    };
    let file = Signed::sign(list, &root).unwrap().bytes();
    let certificate = StickCertificate {
        stick: Hex([0x51; 16]),
        public_key: key.public(),
        organisation_key: root.public(),
        organisation: "架空市".into(),
        issued: day("2026-11-01"),
        valid: days(),
        files: vec![StickFile { name: JOBS_FILE.into(), sha256: hash_file(&file) }],
    };
    ValidJobs::of(&JobsEvidence {
        organisation: &organisation,
        revocations: None,
        certificate: &Signed::sign(certificate, &root).unwrap(),
        key: &key,
        file: &file,
        today: &day("2026-11-28"),
    })
    .unwrap()
}

fn pc(serial: &str, uuid: &str) -> Pc {
    Pc { maker: "".into(), model: "".into(), serial: serial.into(), uuid: uuid.into() }
}

fn drive(no: u16, bus: Bus, model: &str, serial: &str) -> Drive {
    Drive {
        no: DriveNo(no),
        identity: Identity {
            bus,
            maker: "".into(),
            model: model.into(),
            serial: serial.into(),
            firmware: "1".into(),
            wwn: "".into(),
            namespace: u32::from(bus == Bus::Nvme),
            capacity: ByteLen(1 << 30),
            block: BlockSize::B512,
        },
        medium: if bus == Bus::Usb { Medium::UsbStick } else { Medium::Ssd },
        medium_source: MediumSource::NonRotating,
        capabilities: Capabilities::default(),
        eligibility: Eligibility::Eligible,
        conditions: Conditions::default(),
        hidden: HiddenAreas::default(),
        position: "sda".into(),
    }
}

static LISTED: LazyLock<ValidJobs> = LazyLock::new(|| {
    let other = [("MODEL A", "S3YJ00001")];
    jobs(vec![
        entry(Some("PF0ABCDE1"), None, "R8-2", &other),
        entry(Some(SERIAL), Some(UUID), "R8-1", &[("MODEL A", "WX11A0001"), ("MODEL B", "Y9KS00002")]),
    ])
});

fn listed() -> &'static ValidJobs {
    &LISTED
}

fn here() -> Vec<Drive> {
    vec![drive(1, Bus::Ata, "MODEL A", "WX11A0001"), drive(2, Bus::Nvme, "MODEL B", "Y9KS00002")]
}

fn find(drives: &[Drive]) -> Result<JobOrder, NoOrder> {
    JobOrder::find(listed(), &pc(SERIAL, UUID), drives)
}

fn plan_of(class: InformationClass, drives: &[Drive], choice: Choice) -> SessionPlan {
    let choices: Choices = drives.iter().map(|drive| (drive.no, choice)).collect();
    plan(&Table::builtin().unwrap(), TableOrigin::Builtin, class, drives, &choices)
}

#[test]
fn the_drives_of_the_entry_may_be_erased_and_the_plan_is_confirmed_by_the_lists_reference() {
    let order = find(&here()).unwrap();
    assert_eq!(order.drives(), [DriveNo(1), DriveNo(2)].into());
    assert!(order.left().is_empty() && order.missing().is_empty());
    let plan = plan_of(InformationClass::Three, &here(), Choice::Erase);
    let confirmation = Confirmation::ordered(&plan, &order).unwrap();
    assert!(confirmation.covers(&plan));
    assert_eq!(confirmation.typed(), listed().reference());
    assert_eq!(
        Confirmation::new(&plan, order.reference()),
        Err(ConfirmationError::WrongCode),
        "and nobody types it"
    );
}

#[test]
fn a_list_confirms_no_exception() {
    let order = find(&here()).unwrap();
    let mut excepted = plan_of(InformationClass::Three, &here(), Choice::Erase);
    let Action::Erase(erase) = excepted.drives[0].action else { panic!("{excepted}") };
    excepted.drives[0].action = Action::EraseUnderException(erase);
    assert_eq!(Confirmation::ordered(&excepted, &order), Err(ConfirmationError::OtherPlan));
}

#[test]
fn a_pc_has_to_have_every_name_of_its_entry() {
    let of = |serial: &str, uuid: &str| JobOrder::find(listed(), &pc(serial, uuid), &here()).map(drop);
    assert_eq!(of(SERIAL, UUID), Ok(()));
    assert_eq!(of(SERIAL, &UUID.to_uppercase()), Ok(()), "the kernel writes either");
    assert_eq!(of(SERIAL, ""), Err(NoOrder::PcContradicts), "its UUID is not known");
    assert_eq!(of("", UUID), Err(NoOrder::PcContradicts));
    assert_eq!(of(SERIAL, "7d1c8a52-0f7e-4a31-9a60-3c2f10a4b7e9"), Err(NoOrder::PcContradicts));
    assert_eq!(of("PF0ABCDE1", UUID), Err(NoOrder::PcContradicts), "two entries");
    assert_eq!(of("5cg1234abc", "7d1c8a52-0f7e-4a31-9a60-3c2f10a4b7e9"), Err(NoOrder::PcNotListed));
    assert_eq!(of("5CG1234ABD", ""), Err(NoOrder::PcNotListed));
}

#[test]
fn a_pc_that_its_maker_did_not_name_is_no_entrys() {
    for serial in ["", "To Be Filled By O.E.M.", "Default string", "00000000", "0123456789"] {
        for uuid in ["", "00000000-0000-0000-0000-000000000000", "03000200-0400-0500-0006-000700080009"] {
            assert_eq!(
                JobOrder::find(listed(), &pc(serial, uuid), &here()),
                Err(NoOrder::PcUnnamed),
                "{serial} {uuid}"
            );
        }
    }
}

#[test]
fn a_drive_of_another_model_or_spelling_is_not_the_one_that_is_listed() {
    for (model, serial) in [
        ("MODEL A", "wx11a0001"),
        ("MODEL A", "WX11A00010"),
        ("MODEL B", "WX11A0001"),
        ("MODEL A ", "WX11A0002"),
        // The other PC's.
        ("MODEL A", "S3YJ00001"),
        ("MODEL A", ""),
    ] {
        assert_eq!(find(&[drive(1, Bus::Ata, model, serial)]), Err(NoOrder::NoDrive), "{model} {serial}");
    }
}

#[test]
fn what_is_not_listed_or_not_there_is_told_and_the_rest_is_erased() {
    let drives = [drive(1, Bus::Ata, "MODEL A", "WX11A0001"), drive(3, Bus::Ata, "MODEL C", "Z1D000003")];
    let order = find(&drives).unwrap();
    assert_eq!(order.drives(), [DriveNo(1)].into());
    assert_eq!(order.left(), &[(DriveNo(3), WhyLeft::NotListed)].into());
    assert_eq!(order.missing(), [JobDrive { model: "MODEL B".into(), serial: "Y9KS00002".into() }]);
    let all = plan_of(InformationClass::Three, &drives, Choice::Erase);
    assert_eq!(Confirmation::ordered(&all, &order), Err(ConfirmationError::NotOrdered(DriveNo(3))));
}

#[test]
fn two_drives_with_one_serial_number_are_neither_of_them_erased() {
    let mut drives = here();
    drives.push(drive(3, Bus::Ata, "MODEL A", "WX11A0001"));
    drives.push(drive(4, Bus::Nvme, "MODEL X", "y9ks00002"));
    assert_eq!(find(&drives), Err(NoOrder::NoDrive));
    // The namespaces of one drive are one drive.
    let mut second = drive(3, Bus::Nvme, "MODEL B", "Y9KS00002");
    second.identity.namespace = 2;
    let drives = [here(), vec![second]].concat();
    assert_eq!(find(&drives).unwrap().drives(), [DriveNo(1), DriveNo(2), DriveNo(3)].into());
}

#[test]
fn a_drive_behind_usb_or_in_use_is_left_though_it_is_listed() {
    let mut drives =
        vec![drive(1, Bus::Usb, "MODEL A", "WX11A0001"), drive(2, Bus::Nvme, "MODEL B", "Y9KS00002")];
    assert_eq!(find(&drives).unwrap().left(), &[(DriveNo(1), WhyLeft::BehindUsb)].into());
    drives[0] = drive(1, Bus::Ata, "MODEL A", "WX11A0001");
    drives[0].eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]);
    assert_eq!(find(&drives).unwrap().left(), &[(DriveNo(1), WhyLeft::NotEligible)].into());
}

#[test]
fn a_plan_of_another_class_purpose_or_drive_is_not_the_lists() {
    let order = find(&here()).unwrap();
    let ordered = |plan: &SessionPlan| Confirmation::ordered(plan, &order).map(drop);
    assert_eq!(
        ordered(&plan_of(InformationClass::Two, &here(), Choice::Erase)),
        Err(ConfirmationError::OtherPlan)
    );
    let handover = plan_of(InformationClass::Three, &here(), Choice::ClearBeforeHandover);
    assert_eq!(ordered(&handover), Err(ConfirmationError::OtherPlan));
    let none = plan_of(InformationClass::Three, &[], Choice::Erase);
    assert_eq!(ordered(&none), Err(ConfirmationError::NothingToErase));
    // Another drive under the same number, of the same name: its firmware, its size.
    let mut other = here();
    other[1].identity.firmware = "2".into();
    let changed = plan_of(InformationClass::Three, &other, Choice::Erase);
    assert_eq!(ordered(&changed), Err(ConfirmationError::NotOrdered(DriveNo(2))));
}

#[test]
fn a_handover_is_ordered_as_one() {
    let handover = JobPc {
        purpose: JobPurpose::Handover,
        class: InformationClass::One,
        ..entry(Some(SERIAL), None, "R8-1", &[("MODEL A", "WX11A0001")])
    };
    let drives = [drive(1, Bus::Ata, "MODEL A", "WX11A0001")];
    let order = JobOrder::find(&jobs(vec![handover]), &pc(SERIAL, ""), &drives).unwrap();
    let plan = plan_of(InformationClass::One, &drives, Choice::ClearBeforeHandover);
    assert!(Confirmation::ordered(&plan, &order).is_ok());
    // In its purpose too.
    let erase = plan_of(InformationClass::One, &drives, Choice::Erase);
    assert!(Confirmation::ordered(&erase, &order).is_err());
}

const MODELS: [&str; 3] = ["MODEL A", "MODEL B", "MODEL C"];
const SERIALS: [&str; 6] = ["WX11A0001", "Y9KS00002", "Z1D000003", "wx11a0001", "", "00000000"];
const PC_SERIALS: [&str; 4] = ["5CG1234ABC", "PF0ABCDE1", "To Be Filled By O.E.M.", ""];
const PC_UUIDS: [&str; 3] =
    [UUID, "7d1c8a52-0f7e-4a31-9a60-3c2f10a4b7e9", "00000000-0000-0000-0000-000000000000"];

fn any_drive(no: u16) -> impl Strategy<Value = Drive> {
    let bus = prop::sample::select(vec![Bus::Ata, Bus::Nvme, Bus::Usb, Bus::Scsi]);
    let eligibility = prop::sample::select(vec![
        Eligibility::Eligible,
        Eligibility::Ineligible(vec![Ineligible::HoldsLogs]),
    ]);
    (bus, prop::sample::select(&MODELS[..]), prop::sample::select(&SERIALS[..]), eligibility, 1u32..3)
        .prop_map(move |(bus, model, serial, eligibility, namespace)| {
            let mut drive = Drive { eligibility, ..drive(no, bus, model, serial) };
            if bus == Bus::Nvme {
                drive.identity.namespace = namespace;
            }
            drive
        })
}

fn any_drives() -> impl Strategy<Value = Vec<Drive>> {
    (any_drive(1), any_drive(2), any_drive(3), any_drive(4)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    /// Whatever the PC is and has in it, and whatever of it a plan asks for: what is confirmed without a person stands in
    /// this PC's entry, letter by letter.
    #[test]
    fn no_pc_and_no_drive_outside_the_list_is_ever_erased(
        serial in prop::sample::select(&PC_SERIALS[..]),
        uuid in prop::sample::select(&PC_UUIDS[..]),
        drives in any_drives(),
        chosen in prop::collection::vec(any::<bool>(), 4),
        class in prop::sample::select(&InformationClass::ALL[..]),
        clear in any::<bool>(),
    ) {
        let jobs = listed();
        let choice = if clear { Choice::ClearBeforeHandover } else { Choice::Erase };
        let choices: Choices =
            drives.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(drive, _)| (drive.no, choice)).collect();
        let plan = plan(&Table::builtin().unwrap(), TableOrigin::Builtin, class, &drives, &choices);
        let Ok(order) = JobOrder::find(jobs, &pc(serial, uuid), &drives) else { return Ok(()) };
        if Confirmation::ordered(&plan, &order).is_err() {
            return Ok(());
        }
        let entry = jobs.list().pcs.iter().find(|entry| {
            entry.serial.as_ref().is_none_or(|named| named.as_str() == serial)
                && entry.uuid.as_ref().is_none_or(|named| named.as_str() == uuid)
        });
        let entry = entry.unwrap();
        prop_assert_eq!(entry.class, class);
        for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
            let named = JobDrive { model: line.identity.model.clone(), serial: line.identity.serial.clone() };
            prop_assert!(entry.drives.contains(&named), "{:?}", named);
            prop_assert!(line.identity.bus != Bus::Usb);
            let same = |other: &&Drive| other.identity.serial.as_str().eq_ignore_ascii_case(line.identity.serial.as_str());
            let others = drives.iter().filter(same).filter(|other| other.no != line.drive);
            prop_assert!(others.clone().all(|other| other.identity.bus == Bus::Nvme && line.identity.bus == Bus::Nvme));
        }
    }
}
