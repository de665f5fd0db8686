//! The permission to destroy one drive's content.

use model::{Bus, DriveNo, DriveResult, FailureReason, Identity, Method, Outcome, Technique};
use policy::{Action, Confirmation, EXECUTABLE, Erase, SessionPlan};
use std::collections::BTreeSet;
use transport::{Device, Geometry};

/// A drive that may be erased now: part of a confirmed plan, and freshly seen to be the one that was confirmed.
///
/// A job consumes it, and it cannot be cloned. It owns the open device, which the kernel gives to one at a time:
///
/// ```compile_fail
/// fn twice(armed: sanitize::ArmedDrive) -> (sanitize::ArmedDrive, sanitize::ArmedDrive) {
///     (armed.clone(), armed)
/// }
/// ```
pub struct ArmedDrive {
    no: DriveNo,
    identity: Identity,
    erase: Erase,
    purpose: Purpose,
    namespaces: BTreeSet<u32>,
    device: Box<dyn Device>,
}

/// What the drive is erased for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The erase itself is what was asked.
    Erase,
    /// The erase is a lesser method than the class asks, under an exception that the office has yet to approve.
    Exception,
    /// 引渡前の消去: it is destroyed afterwards.
    Handover,
}

/// Why a drive may not be erased.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArmError {
    /// The operator confirmed another plan than this.
    #[error("the confirmation belongs to another plan")]
    NotConfirmed,
    /// The plan has no line for that drive.
    #[error("drive {0} is not in the plan")]
    NotPlanned(DriveNo),
    /// The plan says that nothing is written to that drive.
    #[error("the plan writes nothing to drive {0}")]
    NothingToErase(DriveNo),
    /// The plan asks for something that this program cannot carry out.
    #[error("this version cannot carry out {0} with these parameters")]
    NotExecutable(Technique),
    /// The drive that answers is another one than the plan's, or has another shape now.
    #[error("drive {0} is not the one that was confirmed")]
    IdentityChanged(DriveNo),
    /// The open device is not as large as the identity says, or has other blocks.
    #[error("drive {drive} has {found:?}, not what its identity says")]
    GeometryDiffers {
        /// The drive.
        drive: DriveNo,
        /// What the open device has.
        found: Geometry,
    },
}

impl ArmError {
    /// The drive's result when it could not be armed: nothing was written to it.
    #[must_use]
    pub fn into_result(self, asked: Option<Method>) -> DriveResult {
        let failure = match self {
            Self::IdentityChanged(_) | Self::GeometryDiffers { .. } => FailureReason::IdentityChanged,
            Self::NotConfirmed | Self::NotPlanned(_) | Self::NothingToErase(_) | Self::NotExecutable(_) => {
                FailureReason::Internal(self.to_string())
            }
        };
        DriveResult {
            outcome: Outcome::Failed,
            asked,
            achieved: None,
            failure: Some(failure),
            not_covered: None,
            evidence: model::Evidence::default(),
        }
    }
}

impl ArmedDrive {
    /// Arms drive `no` of a confirmed plan.
    ///
    /// `device` is the drive, open for exclusive writing, and `fresh` is what it said just now *through that same open
    /// device* about who it is.
    ///
    /// # Errors
    /// [`ArmError`]; the device is closed again and nothing was written to it.
    pub fn arm(
        plan: &SessionPlan,
        confirmation: &Confirmation,
        no: DriveNo,
        device: Box<dyn Device>,
        fresh: &Identity,
    ) -> Result<Self, ArmError> {
        if !confirmation.covers(plan) {
            return Err(ArmError::NotConfirmed);
        }
        let mut lines = plan.drives.iter().filter(|line| line.drive == no);
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(ArmError::NotPlanned(no));
        };
        let (erase, purpose) = match line.action {
            Action::Erase(erase) => (erase, Purpose::Erase),
            Action::EraseUnderException(erase) => (erase, Purpose::Exception),
            Action::ClearThenDestruct(erase) => (erase, Purpose::Handover),
            Action::Destruct { .. } | Action::Leave(_) => return Err(ArmError::NothingToErase(no)),
        };
        if !is_executable(&erase, line.identity.bus) {
            return Err(ArmError::NotExecutable(erase.technique));
        }
        if fresh.fingerprint() != line.identity.fingerprint() {
            return Err(ArmError::IdentityChanged(no));
        }
        let found = device.geometry();
        let whole_blocks = found.len.0.is_multiple_of(u64::from(found.block.bytes()));
        if found.len != fresh.capacity || found.block != fresh.block || found.len.0 == 0 || !whole_blocks {
            return Err(ArmError::GeometryDiffers { drive: no, found });
        }
        let namespaces = planned_namespaces(plan, &line.identity);
        Ok(Self { no, identity: fresh.clone(), erase, purpose, namespaces, device })
    }

    /// Its number in this session.
    #[must_use]
    pub fn no(&self) -> DriveNo {
        self.no
    }

    /// Who it said it was just now.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What will be done to it.
    #[must_use]
    pub fn erase(&self) -> Erase {
        self.erase
    }

    /// The namespaces of the same NVMe drive that the plan erases, this one among them.
    pub(crate) fn namespaces(&self) -> &BTreeSet<u32> {
        &self.namespaces
    }

    pub(crate) fn purpose(&self) -> Purpose {
        self.purpose
    }

    pub(crate) fn device(&self) -> &dyn Device {
        self.device.as_ref()
    }
}

impl std::fmt::Debug for ArmedDrive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArmedDrive").field("no", &self.no).field("erase", &self.erase).finish_non_exhaustive()
    }
}

/// Every namespace of that NVMe drive that the plan erases, by whatever technique.
fn planned_namespaces(plan: &SessionPlan, identity: &Identity) -> BTreeSet<u32> {
    let same = |other: &Identity| {
        other.bus == identity.bus && other.serial == identity.serial && other.model == identity.model
    };
    let lines = plan.drives.iter().filter(|line| same(&line.identity) && line.action.erase().is_some());
    lines.map(|line| line.identity.namespace).collect()
}

/// The bus on which a technique's command is spoken; `None` for what any drive takes.
fn bus_of(technique: Technique) -> Option<Bus> {
    use Technique as T;
    match technique {
        T::RandomOverwrite | T::Degauss => None,
        T::AtaSecurityEraseNormal
        | T::AtaSecurityEraseEnhanced
        | T::AtaSanitizeBlockErase
        | T::AtaSanitizeCryptoScramble
        | T::AtaSanitizeOverwrite => Some(Bus::Ata),
        T::ScsiSanitizeOverwrite
        | T::ScsiSanitizeBlockErase
        | T::ScsiSanitizeCryptoErase
        | T::ScsiFormatUnit => Some(Bus::Scsi),
        T::NvmeFormatUserData
        | T::NvmeFormatCrypto
        | T::NvmeSanitizeBlockErase
        | T::NvmeSanitizeCryptoErase
        | T::NvmeSanitizeOverwrite => Some(Bus::Nvme),
    }
}

/// A technique this crate has, on a drive that speaks its language, with passes, a read-back and a lift that belong to
/// it. Never over USB: no drive behind it is of any of these buses.
fn is_executable(erase: &Erase, bus: Bus) -> bool {
    use model::VerificationKind::{FullConstant, FullStream, Sampled};
    let technique = erase.technique;
    // What a drive leaves that makes noise or a pattern of its maker's can only be held against what was there before.
    let unforeseeable = technique.is_crypto_erase() || technique == Technique::AtaSecurityEraseEnhanced;
    let reading = match (technique, erase.verification) {
        (Technique::RandomOverwrite, FullStream) => erase.passes > 0,
        (Technique::RandomOverwrite, _) | (_, FullStream) => false,
        (_, FullConstant) => erase.passes == 0 && !unforeseeable,
        (_, Sampled) => erase.passes == 0,
    };
    EXECUTABLE.contains(&technique)
        && reading
        && bus_of(technique).is_none_or(|own| own == bus)
        && (erase.lift.is_nothing() || bus == Bus::Ata)
}
