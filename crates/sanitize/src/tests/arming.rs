use crate::fake::{Behaviour, Fake, confirm, drive, plan};
use crate::{ArmError, ArmedDrive};
use model::{
    BlockSize, ByteLen, DriveNo, FailureReason, Identity, InformationClass, Method, Outcome, Technique,
};
use policy::{Action, Choice, Confirmation, Erase, SessionPlan};
use transport::Geometry;

fn arm(
    plan: &SessionPlan,
    confirmation: &Confirmation,
    no: u16,
    device: &Fake,
    fresh: &Identity,
) -> Result<ArmedDrive, ArmError> {
    ArmedDrive::arm(plan, confirmation, DriveNo(no), Box::new(device.clone()), fresh)
}

fn three() -> SessionPlan {
    plan(InformationClass::Three, Choice::Erase)
}

#[test]
fn a_confirmation_of_another_plan_arms_nothing() {
    let (device, other) = (Fake::new(Behaviour::default()), plan(InformationClass::Two, Choice::Erase));
    let refused = arm(&three(), &confirm(&other), 1, &device, &drive(1).identity);
    assert_eq!(refused.unwrap_err(), ArmError::NotConfirmed);
}

#[test]
fn another_drive_in_the_same_place_is_never_armed() {
    let device = Fake::new(Behaviour::default());
    let planned = drive(1).identity;
    let others = [
        Identity { serial: "SERIAL9".into(), ..planned.clone() },
        Identity { model: "MODEL 9".into(), ..planned.clone() },
        Identity { firmware: "2".into(), ..planned.clone() },
        Identity { capacity: ByteLen(512), ..planned.clone() },
        drive(3).identity,
    ];
    for other in others {
        let refused = arm(&three(), &confirm(&three()), 1, &device, &other).unwrap_err();
        assert_eq!(refused, ArmError::IdentityChanged(DriveNo(1)));
        let result = refused.into_result(Some(Method::Clear));
        assert_eq!(result.outcome, Outcome::Failed);
        assert_eq!(result.failure, Some(FailureReason::IdentityChanged));
        assert_eq!(result.achieved, None);
    }
    assert_eq!(device.state().writes, 0);
}

#[test]
fn an_open_device_of_another_size_than_its_identity_is_never_armed() {
    let block = BlockSize::B512;
    let shapes = [
        Geometry { len: ByteLen(crate::fake::LEN - 512), block },
        Geometry { len: ByteLen(crate::fake::LEN), block: BlockSize::new(1024).unwrap() },
        Geometry { len: ByteLen(0), block },
    ];
    for found in shapes {
        let device = Fake::new(Behaviour::default()).with_geometry(found);
        let refused = arm(&three(), &confirm(&three()), 1, &device, &drive(1).identity).unwrap_err();
        assert_eq!(refused, ArmError::GeometryDiffers { drive: DriveNo(1), found });
    }
}

#[test]
fn a_drive_that_the_plan_leaves_alone_is_never_armed() {
    let device = Fake::new(Behaviour::default());
    // Class (2), HDD without commands: 破壊, nothing is written.
    let two = plan(InformationClass::Two, Choice::Erase);
    let refused = arm(&two, &confirm(&two), 1, &device, &drive(1).identity);
    assert_eq!(refused.unwrap_err(), ArmError::NothingToErase(DriveNo(1)));
    let refused = arm(&two, &confirm(&two), 9, &device, &drive(1).identity);
    assert_eq!(refused.unwrap_err(), ArmError::NotPlanned(DriveNo(9)));
}

#[test]
fn a_plan_with_parameters_that_do_not_belong_together_is_never_armed() {
    let device = Fake::new(Behaviour::default());
    let Some(good) = three().drive(DriveNo(1)).unwrap().action.erase() else { panic!("no erase planned") };
    let bad = [
        Erase { passes: 0, ..good },
        Erase { verification: model::VerificationKind::Sampled, ..good },
        Erase { technique: Technique::NvmeFormatUserData, ..good },
        Erase { technique: Technique::AtaSecurityEraseNormal, ..good },
    ];
    for erase in bad {
        let mut plan = three();
        plan.drives[0].action = Action::Erase(erase);
        let refused = arm(&plan, &confirm(&plan), 1, &device, &drive(1).identity);
        assert_eq!(refused.unwrap_err(), ArmError::NotExecutable(erase.technique));
    }
}

#[test]
fn a_plan_that_names_a_drive_twice_arms_neither() {
    let device = Fake::new(Behaviour::default());
    let mut twice = three();
    twice.drives.push(twice.drives[0].clone());
    let refused = arm(&twice, &confirm(&twice), 1, &device, &drive(1).identity);
    assert_eq!(refused.unwrap_err(), ArmError::NotPlanned(DriveNo(1)));
}
