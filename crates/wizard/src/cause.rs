//! Why the program itself left something undone: English in logs, in the operator's language on screens.

use crate::texts::Texts;
use std::fmt;

/// One reason. A log keeps its words as they are, so that they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The last look at the drives did not succeed.
    NotLookedAt,
    /// A drive does not answer.
    NoAnswer,
    /// A drive has no serial number.
    NoSerial,
    /// The plan has a lesser method, and the log no exception for it.
    NoException,
    /// The plan could not be made an entry of the log.
    PlanNotRecorded,
    /// The log contradicts itself; what does is said after it.
    LogContradicts,
    /// The drive is not there any more.
    Gone,
    /// The drive is being erased.
    BeingErased,
    /// A plan was confirmed already.
    AlreadyConfirmed,
    /// A stick is being opened.
    StickBeingOpened,
    /// A drive erases itself.
    ErasesItself,
    /// A drive is being unlocked.
    BeingUnlocked,
    /// A drive is being asked.
    BeingAsked,
    /// The log is on no stick.
    LogOnNoStick,
    /// The log could not be saved.
    LogNotSaved,
    /// No log on the stick has the drive's password.
    NoPassword,
    /// A fault of this program.
    Fault,
    /// What looks like a drive is a RAID controller's volume.
    RaidVolume,
    /// A drive reports no serial number.
    ReportsNoSerial,
}

impl Cause {
    /// Each.
    const ALL: [Self; 19] = [
        Self::NotLookedAt,
        Self::NoAnswer,
        Self::NoSerial,
        Self::NoException,
        Self::PlanNotRecorded,
        Self::LogContradicts,
        Self::Gone,
        Self::BeingErased,
        Self::AlreadyConfirmed,
        Self::StickBeingOpened,
        Self::ErasesItself,
        Self::BeingUnlocked,
        Self::BeingAsked,
        Self::LogOnNoStick,
        Self::LogNotSaved,
        Self::NoPassword,
        Self::Fault,
        Self::RaidVolume,
        Self::ReportsNoSerial,
    ];

    /// As a log keeps it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotLookedAt => "the drives could not be looked at",
            Self::NoAnswer => "the drive does not answer",
            Self::NoSerial => "a drive has no serial number, and nobody read one off its label",
            Self::NoException => "a lesser method, and no exception for it in the log",
            Self::PlanNotRecorded => "the plan could not be recorded",
            Self::LogContradicts => "the log contradicts itself",
            Self::Gone => "the drive is not there any more",
            Self::BeingErased => "the drive is being erased",
            Self::AlreadyConfirmed => "a plan was confirmed already",
            Self::StickBeingOpened => "a stick is being opened",
            Self::ErasesItself => "a drive erases itself, and must keep its power",
            Self::BeingUnlocked => "a drive is being unlocked",
            Self::BeingAsked => "a drive is being asked",
            Self::LogOnNoStick => "the log is on no stick",
            Self::LogNotSaved => "the log could not be saved",
            Self::NoPassword => "no log on the stick has its password",
            Self::Fault => "a fault of the program",
            Self::RaidVolume => "a volume of a RAID controller, not a drive",
            Self::ReportsNoSerial => "it reports no serial number",
        }
    }

    fn of(detail: &str) -> Option<Self> {
        let is_it = |cause: &Self| match detail.strip_prefix(cause.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with(": "),
            None => false,
        };
        Self::ALL.into_iter().find(is_it)
    }

    fn text(self, texts: &Texts) -> &str {
        let t = &texts.cause;
        match self {
            Self::NotLookedAt => &t.not_looked_at,
            Self::NoAnswer => &t.no_answer,
            Self::NoSerial => &t.no_serial,
            Self::NoException => &t.no_exception,
            Self::PlanNotRecorded => &t.plan_not_recorded,
            Self::LogContradicts => &t.log_contradicts,
            Self::Gone => &t.gone,
            Self::BeingErased => &t.being_erased,
            Self::AlreadyConfirmed => &t.already_confirmed,
            Self::StickBeingOpened => &t.stick_being_opened,
            Self::ErasesItself => &t.erases_itself,
            Self::BeingUnlocked => &t.being_unlocked,
            Self::BeingAsked => &t.being_asked,
            Self::LogOnNoStick => &t.log_on_no_stick,
            Self::LogNotSaved => &t.log_not_saved,
            Self::NoPassword => &t.no_password,
            Self::Fault => &t.fault,
            Self::RaidVolume => &t.raid_volume,
            Self::ReportsNoSerial => &t.reports_no_serial,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A detail for people: the program's own in their language, a drive's or the system's as it came.
pub(crate) fn told<'a>(texts: &'a Texts, detail: &'a str) -> &'a str {
    Cause::of(detail).map_or(detail, |cause| cause.text(texts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use crate::texts::Catalogues;

    #[test]
    fn every_reason_of_the_program_is_told_in_the_language_of_the_screen() {
        let catalogues = Catalogues::load().unwrap();
        let ja = catalogues.of(Language::Ja);
        for cause in Cause::ALL {
            assert_eq!(Cause::of(cause.as_str()), Some(cause));
            assert!(!told(ja, cause.as_str()).is_ascii(), "{cause}");
        }
        let told = |detail| told(ja, detail);
        assert_eq!(told("the log contradicts itself: Some(SeqGap)"), ja.cause.log_contradicts);
        for other in ["EIO", "the drive does not answerable", "2006h"] {
            assert_eq!(told(other), other);
        }
    }
}
