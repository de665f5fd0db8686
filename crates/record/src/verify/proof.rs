//! Whether the evidence proves the method that a result claims.

use crate::PlannedErase;
use model::{
    Attempt, ByteLen, Canaries, Content, Count, Drive, DriveResult, Evidence, HiddenArea, Lift, Medium,
    Method, StepKind, Technique, Verification, VerificationKind,
};

/// What the evidence lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing was carried out.
    NoAttempt,
    /// Nothing that was carried out can reach that method on that medium.
    OutOfReach,
    /// Something else was carried out than the plan says.
    NotAsPlanned,
    /// The steps do not tell that the canaries were planted and the command's end seen, or that every pass ended.
    NotSeen,
    /// A hidden area that was to be opened is still hidden, or nothing says that it is not.
    AreaHidden,
    /// A drive's command without any answer of the drive.
    NoStatus,
    /// Canaries were not planted before a drive's command, or not all were looked for.
    NoCanaries,
    /// Canaries were still there.
    CanariesSurvived,
    /// Nothing was read back.
    NotReadBack,
    /// Less was read back than the kind of verification says, or than counts.
    ReadBackTooLittle,
    /// What was read back is not what the technique leaves.
    ReadBackOtherwise,
    /// Blocks could not be written or read, or differed.
    BlockErrors,
}

/// Passes of a random overwrite below which it is no 消去 (図表42): one on a disk, two on flash.
fn passes_needed(medium: Medium) -> u8 {
    if medium == Medium::Hdd { 1 } else { 2 }
}

/// What a result is held against.
pub(super) struct Claim<'a> {
    pub(super) drive: &'a Drive,
    /// What was planned for the drive.
    pub(super) planned: PlannedErase,
    /// What was seen since the result before.
    pub(super) steps: &'a [StepKind],
}

impl Claim<'_> {
    /// Whether the evidence proves that `achieved` was reached on this drive, as it was planned.
    ///
    /// # Errors
    /// The first [`Flaw`] found.
    pub(super) fn proves(&self, result: &DriveResult, achieved: Method) -> Result<(), Flaw> {
        let evidence = &result.evidence;
        let last = evidence.attempts.last().ok_or(Flaw::NoAttempt)?;
        if evidence.attempts.iter().any(|attempt| attempt.technique != self.planned.technique) {
            return Err(Flaw::NotAsPlanned);
        }
        let overwrite = last.technique == Technique::RandomOverwrite;
        let enough = !overwrite || last.passes >= passes_needed(self.drive.medium).max(self.planned.passes);
        let reach = model::reach(last.technique, self.drive.medium, self.drive.identity.bus);
        if !enough || reach < Some(achieved) {
            return Err(Flaw::OutOfReach);
        }
        if !overwrite {
            drive_answered(last, evidence.canaries.as_ref())?;
        }
        self.was_seen(last)?;
        errors_allow(evidence, last.technique)?;
        self.read_back(evidence, last.technique)?;
        self.is_open(evidence)
    }

    fn was_seen(&self, last: &Attempt) -> Result<(), Flaw> {
        let seen = |what: &dyn Fn(&StepKind) -> bool| self.steps.iter().any(what);
        let as_it_should = match last.technique {
            Technique::RandomOverwrite => {
                (1..=last.passes).all(|number| seen(&|step| *step == StepKind::PassDone { pass: number }))
            }
            _ => {
                seen(&|step| matches!(step, StepKind::CanariesPlanted { .. }))
                    && seen(&|step| *step == StepKind::Ended)
            }
        };
        if as_it_should { Ok(()) } else { Err(Flaw::NotSeen) }
    }

    /// What was to be opened must be open afterwards, and read back.
    fn is_open(&self, evidence: &Evidence) -> Result<(), Flaw> {
        if self.planned.lift.is_nothing() {
            return Ok(());
        }
        let hidden = evidence.hidden.as_ref().ok_or(Flaw::AreaHidden)?;
        let natives = [hidden.before.hpa, hidden.before.amax]
            .into_iter()
            .chain((self.planned.lift == Lift::MaxAddressAndDco).then_some(hidden.before.dco));
        let native = natives.filter_map(native).max().unwrap_or_default();
        let dco_shut = self.planned.lift == Lift::MaxAddressAndDco && is_present(hidden.after.dco);
        let shut = is_present(hidden.after.hpa) || is_present(hidden.after.amax) || dco_shut;
        let of = evidence.verification.as_ref().map_or(ByteLen(0), |verification| verification.of);
        if shut || of < native { Err(Flaw::AreaHidden) } else { Ok(()) }
    }

    fn read_back(&self, evidence: &Evidence, last: Technique) -> Result<(), Flaw> {
        let verification = evidence.verification.as_ref().ok_or(Flaw::NotReadBack)?;
        if self.planned.verification != VerificationKind::Sampled
            && verification.kind == VerificationKind::Sampled
        {
            return Err(Flaw::ReadBackTooLittle);
        }
        read_back(self.drive, verification, last)
    }
}

fn native(area: HiddenArea) -> Option<ByteLen> {
    match area {
        HiddenArea::Present { native } => Some(native),
        HiddenArea::None | HiddenArea::NotReported => None,
    }
}

fn is_present(area: HiddenArea) -> bool {
    native(area).is_some()
}

fn drive_answered(attempt: &Attempt, canaries: Option<&Canaries>) -> Result<(), Flaw> {
    if attempt.raw_status.is_empty() {
        return Err(Flaw::NoStatus);
    }
    let canaries = canaries.filter(|canaries| canaries.planted > 0).ok_or(Flaw::NoCanaries)?;
    let unreadable_allowed = if attempt.technique.is_crypto_erase() { canaries.planted } else { 0 };
    if canaries.surviving > 0 {
        Err(Flaw::CanariesSurvived)
    } else if canaries.unreadable > unreadable_allowed {
        Err(Flaw::BlockErrors)
    } else {
        Ok(())
    }
}

/// Whether the technique leaves what nobody can foretell: noise, or a maker's pattern.
fn leaves_anything(technique: Technique) -> bool {
    technique.is_crypto_erase() || technique == Technique::AtaSecurityEraseEnhanced
}

/// After a crypto erase a read may fail without holding the old data; otherwise no error is allowed.
fn errors_allow(evidence: &Evidence, last: Technique) -> Result<(), Flaw> {
    let errors = &evidence.errors;
    let written = errors.unwritable == Count(0) && errors.different == Count(0);
    if errors.is_clean() || (last.is_crypto_erase() && written) { Ok(()) } else { Err(Flaw::BlockErrors) }
}

/// Sampling counts from a tenth of the medium.
const SAMPLED_PART: u64 = 10;

fn read_back(drive: &Drive, verification: &Verification, last: Technique) -> Result<(), Flaw> {
    let overwritten = last == Technique::RandomOverwrite;
    let (bytes, of) = (verification.bytes, verification.of);
    let enough = match verification.kind {
        VerificationKind::FullStream if !overwritten => return Err(Flaw::ReadBackOtherwise),
        VerificationKind::FullConstant | VerificationKind::Sampled if overwritten => {
            return Err(Flaw::ReadBackOtherwise);
        }
        VerificationKind::FullStream | VerificationKind::FullConstant => bytes == of,
        VerificationKind::Sampled => {
            !verification.seed.is_empty() && bytes <= of && bytes.0 >= of.0.div_ceil(SAMPLED_PART)
        }
    };
    match verification.found {
        // What was sampled says what it was; the other kinds say it by their name.
        None if verification.kind == VerificationKind::Sampled => return Err(Flaw::ReadBackTooLittle),
        None | Some(Content::Constant { .. } | Content::Constants) => {}
        Some(Content::Other) if leaves_anything(last) => {}
        Some(Content::Other | Content::Unreadable) => return Err(Flaw::ReadBackOtherwise),
    }
    let all_of_it = of >= drive.identity.capacity && bytes > ByteLen(0);
    if enough && all_of_it { Ok(()) } else { Err(Flaw::ReadBackTooLittle) }
}
