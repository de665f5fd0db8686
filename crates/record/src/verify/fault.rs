//! What can be wrong with a log.

use super::proof::Flaw;
use crate::{Fingerprint, Head12};
use model::{ByHandNo, DriveNo};

/// The first thing that is wrong with a log. Everything before it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1; one more than there are when something is missing at the end.
    pub line: usize,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The file is empty.
    Empty,
    /// The line is not UTF-8: altered, or no log.
    NotUtf8,
    /// The line does not end with `,"sig":"…"}`: altered, or no log.
    NoSignature,
    /// The line is not JSON as the log allows it; the text says what the reader says.
    NotJson(String),
    /// `seq`, `prev`, `type`, `at` do not stand there as they should.
    NoFrame,
    /// The log does not begin with `open`.
    FirstNotOpen,
    /// The format is another than the one known; the text is its name.
    UnknownFormat(String),
    /// The log is signed by another key than the one expected.
    WrongKey {
        /// The one expected.
        expected: Fingerprint,
        /// The one in the log.
        found: Fingerprint,
    },
    /// The signature does not fit the bytes: the line was altered.
    Altered,
    /// The line is as it was written, as the hash in the next line shows, but another key signed it.
    SignedByAnother,
    /// Entries are missing before this line.
    Missing {
        /// The first one missing.
        from: u32,
        /// The last one missing.
        to: u32,
    },
    /// The entry that belongs here stands further down.
    Reordered {
        /// The number that belongs here.
        expected: u32,
        /// The number that stands here.
        found: u32,
    },
    /// An entry of this number stood before.
    Repeated(u32),
    /// The line before is not the one after which this one was written.
    ChainBroken,
    /// The entry is signed, but this version does not understand it.
    NotUnderstood(String),
    /// The entries contradict each other or themselves.
    Contradictory(Contradiction),
    /// Something stands after the close entry.
    AfterClose,
    /// The file ends in the middle of a line: writing was interrupted, or the end was cut off.
    TornTail,
    /// 未完結: there is no close entry. A power cut or a truncation; they cannot be told apart.
    NotClosed,
    /// The head is not the one that the witness copied: another session, or one signed anew.
    HeadDiffers {
        /// The one that the witness copied.
        expected: Head12,
        /// The one of this log.
        found: Head12,
    },
}

/// How entries contradict each other or themselves, though each is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// A second `open`.
    OpenedTwice,
    /// `open` says that a stick certified the key and has no credential, or the other way round.
    KeyOriginDiffers,
    /// An entry is about a drive that no inventory lists.
    UnknownDrive(DriveNo),
    /// A later inventory gives a drive's number to another drive.
    DriveChanged(DriveNo),
    /// A plan without choices before it.
    PlanWithoutChoices,
    /// A plan has no line, or two, for a drive of the inventory.
    PlanIncomplete(DriveNo),
    /// A plan is for another drive than the inventory's of that number.
    PlanForAnother(DriveNo),
    /// A plan erases a drive that must not be offered.
    PlanErasesIneligible(DriveNo),
    /// A plan promises a method that its technique cannot reach on that drive.
    PlanOutOfReach(DriveNo),
    /// A plan erases the key of a drive of which nobody attested that this is enough (図表44).
    PlanNotAttested(DriveNo),
    /// A confirmation is not of the plan before it.
    ConfirmsAnotherPlan,
    /// Work was begun on a drive without a confirmed plan to erase it by that technique.
    IntentNotConfirmed(DriveNo),
    /// Work was begun on another drive than the inventory's of that number.
    IntentOnAnother(DriveNo),
    /// A step or a result of work on a drive that was never begun.
    NotBegun(DriveNo),
    /// A result's parts do not fit together.
    ResultInconsistent(DriveNo),
    /// A result answers another question than the plan asked.
    AskedOtherwise(DriveNo),
    /// A method is said to be achieved that the evidence does not prove.
    NotProven(DriveNo, Flaw),
    /// A result is called 完了 though a lesser method was planned under an exception.
    ExceptionCalledDone(DriveNo),
    /// A result waits for the approval of an exception that nobody asked for.
    NotExcepted(DriveNo),
    /// Two labels, or two exceptions, of one drive.
    DeclaredTwice(DriveNo),
    /// Something was done by hand, and nobody had chosen a class.
    ByHandWithoutChoices,
    /// What was done by hand is not numbered on from 1.
    ByHandNumber {
        /// The number that belongs there.
        expected: ByHandNo,
        /// The number that stands there.
        found: ByHandNo,
    },
    /// Something was done by hand to both a drive of the inventory and another medium, or to neither.
    ByHandMedium(ByHandNo),
    /// Nobody is named who did something by hand.
    ByNobody(ByHandNo),
    /// A drive is handled by hand while it is being erased.
    ByHandWhileBegun(DriveNo),
    /// A drive is erased that was destroyed or degaussed before.
    WorkAfterByHand(DriveNo),
    /// A witness confirms something done by hand that no entry tells of.
    UnknownByHand(ByHandNo),
    /// `close` says something else of what was done by hand than it and the witness come to, or leaves it out.
    CloseDiffersByHand(ByHandNo),
    /// The witness is the operator, or did what is to be witnessed.
    WitnessIsOperator,
    /// The session was closed without a result for a drive of the inventory.
    ResultMissing(DriveNo),
    /// One namespace of an NVMe drive is said to be erased, though not every one of that drive was.
    OtherNamespace(DriveNo),
    /// `close` says something else of a drive than its result and the witness come to.
    CloseDiffers(DriveNo),
    /// `close` counts another number of entries.
    CloseCount {
        /// What it says.
        said: u32,
        /// How many there are.
        there: u32,
    },
}

impl Reason {
    /// Whether only the end is missing: what stands there is proven, and is all that was written as far as
    /// anybody can tell.
    #[must_use]
    pub fn is_open_end(&self) -> bool {
        matches!(self, Self::TornTail | Self::NotClosed)
    }
}
