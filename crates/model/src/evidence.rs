//! How an outcome is known. A certificate prints these, so they say no more than a host could see.

use crate::{ByteLen, Count, HiddenChange, Lba, Technique};
use serde::{Deserialize, Serialize};

/// One command or pass that was carried out, with what the drive answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// What was done.
    pub technique: Technique,
    /// The exact command and its parameters, as text (`NVMe 80h CDW10=00000200h NSID=1`).
    pub command: String,
    /// Passes completed, for overwrites; 0 for firmware commands.
    pub passes: u8,
    /// Status words as the drive returned them, in order.
    pub raw_status: Vec<RawStatus>,
}

/// A status word that a drive returned, unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawStatus {
    /// Which one: `nvme-status`, `ata-status`, `sense` …
    pub name: String,
    /// In hexadecimal.
    pub value: String,
}

/// Blocks that could not be read, written, or did not read back as they should.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockErrors {
    /// How many logical blocks could not be written, as a decimal string.
    pub unwritable: Count,
    /// How many could not be read.
    pub unreadable: Count,
    /// How many read back as something else than they should.
    pub different: Count,
    /// The first of them, at most 16.
    pub first: Vec<Lba>,
}

impl BlockErrors {
    /// No error of any kind.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let none = Count(0);
        self.unwritable == none && self.unreadable == none && self.different == none
    }
}

/// Canaries: blocks of a random pattern planted before the erase, looked for after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canaries {
    /// How many were planted and read back before the erase.
    pub planted: u32,
    /// How many were still there afterwards; anything but 0 is failure.
    pub surviving: u32,
    /// How many places could not be read afterwards (not the old data, and no proof of zeros).
    pub unreadable: u32,
}

/// How much was read back, and against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerificationKind {
    /// Every block compared with the regenerated random stream of the last pass.
    FullStream,
    /// Every block read; none held what it held before, and all were one constant byte.
    FullConstant,
    /// Pseudorandom places by the NIST SP 800-88r1 plan.
    Sampled,
}

/// The result of reading back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// How much and against what.
    pub kind: VerificationKind,
    /// Bytes read.
    pub bytes: ByteLen,
    /// Bytes that had been there to read.
    pub of: ByteLen,
    /// The seed of the sampling, in hexadecimal; empty for full verification.
    pub seed: String,
    /// What was read, taken together; `None` where the kind already says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Content>,
}

/// What an erased medium reads as. After a crypto erase or an enhanced erase all of them are "not the old data", and
/// none but [`Content::Constant`] is a known value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub enum Content {
    /// One byte everywhere.
    Constant {
        /// The byte.
        byte: u8,
    },
    /// Blocks of one byte each, not the same everywhere.
    Constants,
    /// Something that looks like noise, or a maker's pattern.
    Other,
    /// Nothing could be read.
    Unreadable,
}

/// The ways in which an outcome is known, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Knowledge {
    /// A person says so.
    Attested,
    /// The drive says so.
    Reported,
    /// What was planted before is gone after.
    Changed,
    /// A part of the medium was read, by the sampling plan.
    Sampled,
    /// All of it was read.
    Full,
}

/// Everything that speaks for an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was carried out, in order.
    pub attempts: Vec<Attempt>,
    /// Canaries, where the technique uses them.
    pub canaries: Option<Canaries>,
    /// Read-back, where it took place and ended.
    pub verification: Option<Verification>,
    /// Block errors of all passes and the read-back together.
    pub errors: BlockErrors,
    /// Hidden areas before and after, where the drive was asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<HiddenChange>,
}

impl Evidence {
    /// In which ways it is known, weakest first. What a person attested is not in the evidence of a drive.
    #[must_use]
    pub fn knowledge(&self) -> Vec<Knowledge> {
        let reported = self.attempts.iter().any(|attempt| !attempt.raw_status.is_empty());
        let changed = self.canaries.as_ref().is_some_and(|it| it.planted > 0 && it.surviving == 0);
        let read = self.verification.as_ref().filter(|it| it.bytes > ByteLen(0)).map(|it| match it.kind {
            VerificationKind::Sampled => Knowledge::Sampled,
            VerificationKind::FullStream | VerificationKind::FullConstant => Knowledge::Full,
        });
        let report = reported.then_some(Knowledge::Reported);
        [report, changed.then_some(Knowledge::Changed), read].into_iter().flatten().collect()
    }
}
