//! Whether the evidence proves the method that a result claims.

use model::{
    Attempt, ByteLen, Canaries, Content, Count, Drive, DriveResult, Evidence, Medium, Method, Technique,
    VerificationKind,
};

/// What the evidence lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing was carried out.
    NoAttempt,
    /// Nothing that was carried out can reach that method on that medium.
    OutOfReach,
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

/// Whether the evidence proves that `achieved` was reached on this drive.
///
/// # Errors
/// The first [`Flaw`] found.
pub(super) fn proves(drive: &Drive, result: &DriveResult, achieved: Method) -> Result<(), Flaw> {
    let evidence = &result.evidence;
    let last = evidence.attempts.last().ok_or(Flaw::NoAttempt)?;
    let sufficient = |attempt: &&Attempt| {
        let passes =
            attempt.technique != Technique::RandomOverwrite || attempt.passes >= passes_needed(drive.medium);
        passes && model::reach(attempt.technique, drive.medium, drive.identity.bus) >= Some(achieved)
    };
    let attempt = evidence.attempts.iter().rev().find(sufficient).ok_or(Flaw::OutOfReach)?;
    if attempt.technique != Technique::RandomOverwrite {
        drive_answered(attempt, evidence.canaries.as_ref())?;
    }
    errors_allow(evidence, last.technique)?;
    read_back(drive, evidence, last.technique)
}

fn drive_answered(attempt: &Attempt, canaries: Option<&Canaries>) -> Result<(), Flaw> {
    if attempt.raw_status.is_empty() {
        return Err(Flaw::NoStatus);
    }
    let canaries = canaries.filter(|canaries| canaries.planted > 0).ok_or(Flaw::NoCanaries)?;
    let unreadable_allowed = if leaves_anything(attempt.technique) { canaries.planted } else { 0 };
    if canaries.surviving > 0 {
        Err(Flaw::CanariesSurvived)
    } else if canaries.unreadable > unreadable_allowed {
        Err(Flaw::BlockErrors)
    } else {
        Ok(())
    }
}

/// Whether the technique leaves what nobody can foretell: noise, a maker's pattern, blocks that cannot be read.
fn leaves_anything(technique: Technique) -> bool {
    technique.is_crypto_erase() || technique == Technique::AtaSecurityEraseEnhanced
}

/// After a crypto erase a read may fail without holding the old data; otherwise no error is allowed.
fn errors_allow(evidence: &Evidence, last: Technique) -> Result<(), Flaw> {
    let errors = &evidence.errors;
    let written = errors.unwritable == Count(0) && errors.different == Count(0);
    if errors.is_clean() || (leaves_anything(last) && written) { Ok(()) } else { Err(Flaw::BlockErrors) }
}

/// Sampling counts from a tenth of the medium.
const SAMPLED_PART: u64 = 10;

fn read_back(drive: &Drive, evidence: &Evidence, last: Technique) -> Result<(), Flaw> {
    let verification = evidence.verification.as_ref().ok_or(Flaw::NotReadBack)?;
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
        None | Some(Content::Constant { .. } | Content::Constants) => {}
        Some(Content::Other) if leaves_anything(last) => {}
        Some(Content::Other | Content::Unreadable) => return Err(Flaw::ReadBackOtherwise),
    }
    let all_of_it = of >= drive.identity.capacity && bytes > ByteLen(0);
    if enough && all_of_it { Ok(()) } else { Err(Flaw::ReadBackTooLittle) }
}
