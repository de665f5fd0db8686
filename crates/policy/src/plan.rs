//! What will be done to each drive of this PC: the paper that the operator sees, confirms, and that is executed.

use crate::{JobOrder, TableOrigin};
use model::{
    DriveNo, Identity, InformationClass, Lift, Medium, Method, NotCovered, Technique, VerificationKind,
};
use record::JobPurpose;
use sha2::{Digest, Sha256};
use std::fmt;

/// The plan of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPlan {
    /// The class that the operator chose.
    pub class: InformationClass,
    /// The rule table's version.
    pub table_version: String,
    /// Whose rule table it is.
    pub table_origin: TableOrigin,
    /// Every drive of the PC, in the order of their numbers: none is left without a line.
    pub drives: Vec<DrivePlan>,
}

/// The plan of one drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrivePlan {
    /// Its number in this session.
    pub drive: DriveNo,
    /// Who it said it was when the plan was made.
    pub identity: Identity,
    /// Its medium.
    pub medium: Medium,
    /// What will be done.
    pub action: Action,
    /// The techniques not taken, each with the reason, in the table's order.
    pub rejected: Vec<Rejected>,
}

/// What will be done to one drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is erased here; this alone can end as 完了.
    Erase(Erase),
    /// It is erased here by a lesser method than the class asks, under an exception (例外措置, 7.4): 承認待ち at the best.
    EraseUnderException(Erase),
    /// It has to be destroyed. Nothing is written to it.
    Destruct {
        /// The 引渡前の消去 that the operator may choose; `None` where the drive cannot be overwritten.
        offered: Option<Erase>,
    },
    /// It has to be destroyed, and is cleared here before it is handed over (引渡前の消去).
    ClearThenDestruct(Erase),
    /// It is left alone.
    Leave(NotCovered),
}

/// One technique with all its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erase {
    /// The method that it reaches when it succeeds.
    pub method: Method,
    /// The technique.
    pub technique: Technique,
    /// Passes of an overwrite; 0 for firmware commands.
    pub passes: u8,
    /// What is read back afterwards.
    pub verification: VerificationKind,
    /// What is done about hidden areas before.
    pub lift: Lift,
}

/// A technique that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected {
    /// The technique.
    pub technique: Technique,
    /// Why.
    pub why: WhyNot,
}

/// Why a technique was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// Host overwrite never reaches the 除去 that this class asks (図表41).
    OverwriteIsNotPurge,
    /// The table does not allow it for this class and medium.
    NotAllowed,
    /// The drive does not have it.
    Unsupported,
    /// The drive's firmware commands are frozen.
    Frozen,
    /// The drive is locked by a password.
    Locked,
    /// The NVMe controller has other namespaces.
    OtherNamespaces,
    /// Firmware commands are not sent over USB.
    BehindUsb,
    /// The drive did not answer whether it has it.
    Unknown,
    /// The drive keeps space from the host that the technique does not reach, and that is not to be opened.
    HiddenArea,
    /// 図表44's conditions of a 暗号化消去 were not attested by anybody.
    NotAttested,
    /// An erase that began before ended in failure: the drive accepts nothing but a sanitize or a format.
    FailedBefore,
    /// People do it with a machine, not this program.
    ByHand,
    /// This version of massho cannot carry it out yet.
    NotInThisVersion,
    /// Another one stands before it in the table.
    LessPreferred,
}

impl WhyNot {
    /// The code in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OverwriteIsNotPurge => "overwrite-is-not-purge",
            Self::NotAllowed => "not-allowed",
            Self::Unsupported => "unsupported",
            Self::Frozen => "frozen",
            Self::Locked => "locked",
            Self::OtherNamespaces => "other-namespaces",
            Self::BehindUsb => "behind-usb",
            Self::Unknown => "unknown",
            Self::HiddenArea => "hidden-area",
            Self::NotAttested => "not-attested",
            Self::FailedBefore => "failed-before",
            Self::ByHand => "by-hand",
            Self::NotInThisVersion => "not-in-this-version",
            Self::LessPreferred => "less-preferred",
        }
    }
}

impl Action {
    /// What would be written to the drive, if anything.
    #[must_use]
    pub fn erase(&self) -> Option<Erase> {
        match self {
            Self::Erase(erase) | Self::EraseUnderException(erase) | Self::ClearThenDestruct(erase) => {
                Some(*erase)
            }
            Self::Destruct { .. } | Self::Leave(_) => None,
        }
    }
}

impl fmt::Display for Erase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} by {}", self.method, self.technique)?;
        if self.passes > 0 {
            write!(f, " x{}", self.passes)?;
        }
        write!(f, ", read back {:?}", self.verification)?;
        match self.lift {
            Lift::Nothing => Ok(()),
            lift => write!(f, ", opening {}", lift.code()),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Erase(erase) => write!(f, "{erase}"),
            Self::EraseUnderException(erase) => write!(f, "{erase}, under an exception"),
            Self::Destruct { offered: None } => write!(f, "Destruct, cannot be cleared here"),
            Self::Destruct { offered: Some(erase) } => write!(f, "Destruct, untouched (could be: {erase})"),
            Self::ClearThenDestruct(erase) => write!(f, "Destruct after {erase}"),
            Self::Leave(why) => write!(f, "Leave, {why:?}"),
        }
    }
}

impl fmt::Display for SessionPlan {
    /// The readable text over which the digest is computed: every field that decides what happens is in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "class ({}) by {} ({:?})", self.class.number(), self.table_version, self.table_origin)?;
        for drive in &self.drives {
            let identity = &drive.identity;
            writeln!(
                f,
                "drive {}: {} {} [{:?}]",
                drive.drive, identity.model, identity.serial, drive.medium
            )?;
            writeln!(f, "  identity {}", identity.fingerprint())?;
            writeln!(f, "  {}", drive.action)?;
            for Rejected { technique, why } in &drive.rejected {
                writeln!(f, "  not {technique}: {}", why.code())?;
            }
        }
        Ok(())
    }
}

/// SHA-256 of a plan's readable text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlanDigest([u8; 32]);

impl PlanDigest {
    /// The six digits that the operator types to confirm this plan and no other; a numeric keypad is enough.
    #[must_use]
    pub fn code(&self) -> String {
        let number = self.0.iter().take(8).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }
}

impl fmt::Display for PlanDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl SessionPlan {
    /// The digest that a confirmation carries.
    #[must_use]
    pub fn digest(&self) -> PlanDigest {
        PlanDigest(Sha256::digest(self.to_string()).into())
    }

    /// The plan of one drive.
    #[must_use]
    pub fn drive(&self, no: DriveNo) -> Option<&DrivePlan> {
        self.drives.iter().find(|drive| drive.drive == no)
    }

    /// Whether anything would be written to any drive.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        self.drives.iter().any(|drive| drive.action.erase().is_some())
    }
}

/// The confirmation of one plan: made by typing that plan's code, or by a job list that names every drive to which it
/// writes; by nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    digest: PlanDigest,
    typed: String,
}

/// Why a confirmation did not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmationError {
    /// What was typed is not the code of this plan.
    #[error("the number typed is not the number shown")]
    WrongCode,
    /// The plan is for another class or purpose than the job list's.
    #[error("the plan is not the one that the job list asks for")]
    OtherPlan,
    /// The plan writes to a drive that the job list does not name.
    #[error("the job list does not name drive {0}")]
    NotOrdered(DriveNo),
    /// The plan writes to no drive.
    #[error("the plan writes to no drive")]
    NothingToErase,
}

impl Confirmation {
    /// Takes what the operator typed under the plan.
    ///
    /// # Errors
    /// [`ConfirmationError::WrongCode`] unless it is that plan's code, digit by digit.
    pub fn new(plan: &SessionPlan, typed: &str) -> Result<Self, ConfirmationError> {
        let digest = plan.digest();
        if typed == digest.code() {
            Ok(Self { digest, typed: typed.to_owned() })
        } else {
            Err(ConfirmationError::WrongCode)
        }
    }

    /// Takes a job list in the place of a person.
    ///
    /// # Errors
    /// Unless the plan is for the list's class and purpose, writes to a drive, and to none that the list does not name.
    pub fn ordered(plan: &SessionPlan, order: &JobOrder) -> Result<Self, ConfirmationError> {
        if plan.class != order.class() {
            return Err(ConfirmationError::OtherPlan);
        }
        if !plan.is_destructive() {
            return Err(ConfirmationError::NothingToErase);
        }
        for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
            if !order.names(line.drive, &line.identity) {
                return Err(ConfirmationError::NotOrdered(line.drive));
            }
            // An exception is somebody's decision about one drive in front of them; no list takes it.
            if matches!(line.action, Action::EraseUnderException(_)) {
                return Err(ConfirmationError::OtherPlan);
            }
            let handover = matches!(line.action, Action::ClearThenDestruct(_));
            if handover != (order.purpose() == JobPurpose::Handover) {
                return Err(ConfirmationError::OtherPlan);
            }
        }
        Ok(Self { digest: plan.digest(), typed: order.reference().to_owned() })
    }

    /// Whether it is this plan that was confirmed.
    #[must_use]
    pub fn covers(&self, plan: &SessionPlan) -> bool {
        self.digest == plan.digest()
    }

    /// The digest of the plan that was confirmed.
    #[must_use]
    pub fn digest(&self) -> PlanDigest {
        self.digest
    }

    /// What was typed; the job list's reference where nobody typed anything.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }
}
